"""The player: picture, transport buttons, seek bar, time. It shows and drives the one `Playback` of the window."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QStyle, QVBoxLayout, QWidget

from gui import style
from gui.i18n import _, current, follow
from gui.icons import icon
from gui.playback import Playback
from gui.widgets.picture_view import PictureView
from screening.records import Region

PAGE_S = 5


class SeekBar(QSlider):
    """A slider in milliseconds that jumps to where it is clicked."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setPageStep(PAGE_S * 1000)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump there at once; dragging goes on from there."""
        if event.button() == Qt.MouseButton.LeftButton:
            handle = self.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength, None, self)
            at, width = round(event.position().x()) - handle // 2, self.width() - handle
            self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), at, width))
        super().mousePressEvent(event)


class Player(QWidget):
    """One view of the playback; `drawable` lets the child's box be drawn in it."""

    def __init__(self, playback: Playback, *, drawable: bool) -> None:
        super().__init__()
        self._playback = playback
        self.view = PictureView(drawable=drawable)
        self.play = QPushButton()
        self.back = QPushButton()
        self.forward = QPushButton()
        self.bar = SeekBar()
        self._time = QLabel()
        self._time.setMinimumWidth(104)
        self._speed = QLabel()
        style.role(self._speed, "caption")
        style.role(self.play, "icon-primary")
        for button in (self.back, self.forward):
            style.role(button, "icon")
            button.setAutoRepeat(True)
        for button in (self.play, self.back, self.forward):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setIconSize(QSize(18, 18))

        row = QHBoxLayout()
        row.setSpacing(style.SMALL)
        for widget in (self.back, self.play, self.forward):
            row.addWidget(widget)
        row.addWidget(self.bar, 1)
        row.addWidget(self._time)
        row.addWidget(self._speed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.SMALL)
        layout.addWidget(self.view, 1)
        layout.addLayout(row)

        self.play.clicked.connect(self._playback.toggle)
        self.back.clicked.connect(self._step_back)
        self.forward.clicked.connect(self._step_forward)
        self.bar.valueChanged.connect(self._sought)
        self.view.needs_pixels.connect(self._needs_pixels)
        self.view.box_drawn.connect(self._box_drawn)
        playback.shown.connect(self._show)
        playback.opened.connect(self._show)
        playback.closed.connect(self._show)
        playback.playing_changed.connect(self._show_playing)
        playback.region_changed.connect(self._show_region)
        style.look.changed.connect(self._show_playing)
        self._show()
        self._show_playing()
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        self.back.setToolTip(_("Previous picture (←)"))
        self.forward.setToolTip(_("Next picture (→)"))
        self.bar.setToolTip(_("Place in the video"))
        for widget in (self.back, self.forward, self.bar):
            widget.setAccessibleName(widget.toolTip())
        self._show()
        self._show_playing()

    def _show(self) -> None:
        playback = self._playback
        self.view.show_image(playback.image, playback.width, playback.height)
        for widget in (self.play, self.back, self.forward, self.bar):
            widget.setEnabled(playback.is_open)
        self.bar.blockSignals(True)
        self.bar.setMaximum(round(playback.duration_s * 1000))
        if not self.bar.isSliderDown():
            self.bar.setValue(round(playback.position_s * 1000))
        self.bar.blockSignals(False)
        clock = current().clock
        self._time.setText(f"{clock(playback.position_s, 1)} / {clock(playback.duration_s, 1)}")

    def _show_playing(self) -> None:
        theme, rate = style.look.theme, self._playback.rate
        self.play.setIcon(icon("pause" if rate else "play", theme.on_brand, theme.quiet))
        self.back.setIcon(icon("step_back", theme.brand, theme.quiet))
        self.forward.setIcon(icon("step_forward", theme.brand, theme.quiet))
        self.play.setToolTip(_("Pause (Space)") if rate else _("Play (Space; J back, K pause, L on)"))
        self.play.setAccessibleName(_("Pause") if rate else _("Play"))
        self._speed.setText(f"{rate:g} ×".replace("-", "−") if rate not in (0.0, 1.0) else "")

    def _show_region(self) -> None:
        self.view.show_region(self._playback.region)

    def _sought(self, milliseconds: int) -> None:
        self._playback.seek(milliseconds / 1000)

    def _step_back(self) -> None:
        self._playback.step(-1)

    def _step_forward(self) -> None:
        self._playback.step(1)

    def _needs_pixels(self, size: QSize) -> None:
        self._playback.show_at_size(size.width(), size.height())

    def _box_drawn(self, region: Region) -> None:
        self._playback.use_region(region)
