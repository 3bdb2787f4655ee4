"""The player: picture, seek bar, transport, speed, sound. It shows and drives the one `Playback` of the window."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from gui import style
from gui.i18n import _, current, follow
from gui.icons import icon
from gui.player.playback import SPEEDS, Playback
from gui.widgets.box_lane import BoxLane
from gui.widgets.picture_view import PictureView
from gui.widgets.seek_bar import SeekBar
from gui.widgets.sound_button import SoundButton
from screening.records import Region

ROOMY = 620  # a drawable player as wide as this has room for the slider of the loudness


class Player(QWidget):
    """One view of the playback; `drawable` lets the child's box and the part to analyse be set in it."""

    def __init__(self, playback: Playback, *, drawable: bool) -> None:
        super().__init__()
        self._playback = playback
        self._drawable = drawable
        self.view = PictureView(drawable=drawable)
        self.bar = SeekBar(playback)
        self.lane = BoxLane(playback, self.bar)
        self.lane.setParent(self)
        self.lane.setVisible(drawable)
        self.play, self.back, self.forward = QPushButton(), QPushButton(), QPushButton()
        self.trim_start, self.trim_end, self.trim_clear = QPushButton(), QPushButton(), QPushButton()
        self.undo_box, self.clear_box = QPushButton(), QPushButton()
        self.nearer, self.farther = QPushButton(), QPushButton()
        self.speed = QPushButton()
        self.sound = SoundButton(playback)
        self._time = QLabel()
        self._time.setMinimumWidth(104)
        self._time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._speeds = self._make_speeds()
        self._make_row()

        playback.shown.connect(self._show)
        playback.opened.connect(self._show)
        playback.closed.connect(self._show)
        playback.playing_changed.connect(self._show_playing)
        playback.speed_changed.connect(self._show_playing)
        playback.trim_changed.connect(self._show_trim)
        playback.region_changed.connect(self._show_region)
        playback.track_changed.connect(self._show_region)
        style.look.changed.connect(self._show_playing)
        follow(self)

    def _make_speeds(self) -> tuple[QAction, ...]:
        menu, group = QMenu(self), QActionGroup(self)
        actions = []
        for _speed in SPEEDS:
            action = menu.addAction("")
            action.setCheckable(True)
            group.addAction(action)
            actions.append(action)
        group.triggered.connect(self._speed_chosen)
        self.speed.setMenu(menu)
        return tuple(actions)

    def _make_row(self) -> None:
        playback, view = self._playback, self.view
        for button, wish in (
            (self.back, self._step_back),
            (self.play, playback.toggle),
            (self.forward, self._step_forward),
            (self.trim_start, playback.trim_start_here),
            (self.trim_end, playback.trim_end_here),
            (self.trim_clear, playback.clear_trim),
            (self.undo_box, playback.undo_box),
            (self.clear_box, self._clear_box),
            (self.farther, self._farther),
            (self.nearer, self._nearer),
        ):
            style.role(button, "icon-primary" if button is self.play else "icon")
            button.setIconSize(QSize(18, 18))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(wish)
        for button in (self.back, self.forward):
            button.setAutoRepeat(True)
        self.speed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        style.role(self.speed, "link")
        view.needs_pixels.connect(self._needs_pixels)
        view.box_begun.connect(self._box_begun)
        view.box_drawn.connect(self._box_drawn)
        view.zoom_changed.connect(self._show_zoom)

        part, box = (self.trim_start, self.trim_end, self.trim_clear), (self.undo_box, self.clear_box)
        self._row = row = QHBoxLayout()
        row.setSpacing(style.TINY)
        for widget in (self.back, self.play, self.forward):
            row.addWidget(widget)
        row.addSpacing(style.TINY)
        self._places = QWidget()
        places = QHBoxLayout(self._places)
        places.setContentsMargins(0, 0, 0, 0)
        places.setSpacing(style.SMALL)
        places.addWidget(self.bar, 1)
        places.addWidget(self._time)
        self._place_of_bar = row.count()
        row.addStretch()
        for group in (box, part, (self.farther, self.nearer)):
            for widget in group:
                row.addWidget(widget)
                widget.setVisible(self._drawable)
            row.addSpacing(style.SMALL if self._drawable else 0)
        row.addWidget(self.speed)
        row.addWidget(self.sound)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.TINY)
        layout.addWidget(view, 1)
        if self._drawable:
            layout.addWidget(self.lane)
        layout.addLayout(row)
        self._column = layout
        self.give_bar_a_line(self._drawable)

    def give_bar_a_line(self, given: bool) -> None:
        """Of its own, under the picture; otherwise it is beside the buttons, and the picture keeps its height."""
        for layout in (self._row, self._column):
            layout.removeWidget(self._places)
        if given:
            self._column.insertWidget(1, self._places)
        else:
            self._row.insertWidget(self._place_of_bar, self._places, 1)

    def bind_keys(self, page: QWidget) -> None:
        """Speed, zoom and sound by key, wherever the focus is while `page` is seen."""
        for key, wish in (
            (",", self._slower),
            (".", self._faster),
            ("+", self._nearer),
            ("=", self._nearer),
            ("-", self._farther),
            ("0", self.view.show_whole),
            ("V", self._playback.sound.toggle_mute),
        ):
            QShortcut(QKeySequence(key), page).activated.connect(wish)

    def retranslate(self) -> None:
        """Write every text again."""
        for button, tip in (
            (self.back, _("Previous picture (←)")),
            (self.forward, _("Next picture (→)")),
            (self.trim_start, _("Analyse from here (I)")),
            (self.trim_end, _("Analyse up to here (O)")),
            (self.trim_clear, _("Analyse the whole video (X)")),
            (self.undo_box, _("Take the last change of the box back (Ctrl+Z)")),
            (self.clear_box, _("Clear the box: look at the whole picture again (Del)")),
            (self.nearer, _("Enlarge the picture (+)")),
            (self.farther, _("See more of the picture (−; 0 all of it)")),
        ):
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        self.speed.setToolTip(_("Speed (, slower  . faster)"))
        for action, speed in zip(self._speeds, SPEEDS, strict=True):
            action.setText(_times(speed))
        self._show()
        self._show_playing()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the slider of the loudness goes; its button stays."""
        super().resizeEvent(event)
        self.sound.show_volume(self._drawable and self.width() >= ROOMY)

    # ---- what is shown

    def _show(self) -> None:
        playback = self._playback
        self.view.show_image(playback.image, playback.width, playback.height)
        for widget in (self.play, self.back, self.forward, self.speed, self.trim_start, self.trim_end):
            widget.setEnabled(playback.is_open)
        clock = current().clock
        self._time.setText(f"{clock(playback.position_s, 1)} / {clock(playback.duration_s, 1)}")
        self._show_region()
        self._show_trim()
        self._show_zoom()

    def _show_playing(self) -> None:
        theme, playback = style.look.theme, self._playback
        rate = playback.rate
        self.play.setIcon(icon("pause" if rate else "play", theme.on_brand, theme.quiet))
        for button, name in (
            (self.back, "step_back"),
            (self.forward, "step_forward"),
            (self.trim_start, "trim_start"),
            (self.trim_end, "trim_end"),
            (self.trim_clear, "close"),
            (self.undo_box, "undo"),
            (self.clear_box, "box_clear"),
            (self.nearer, "zoom_in"),
            (self.farther, "zoom_out"),
        ):
            button.setIcon(icon(name, theme.brand, theme.quiet))
        self.play.setToolTip(_("Pause (Space)") if rate else _("Play (Space; J back, K pause, L on)"))
        self.play.setAccessibleName(_("Pause") if rate else _("Play"))
        self._speeds[SPEEDS.index(playback.speed)].setChecked(True)
        self.speed.setText(_times(rate or playback.speed))
        self.speed.setAccessibleName(f"{self.speed.toolTip()}: {self.speed.text()}")

    def _show_trim(self) -> None:
        self.trim_clear.setEnabled(self._playback.trim != (None, None))

    def _show_zoom(self) -> None:
        self.nearer.setEnabled(self._playback.is_open)
        self.farther.setEnabled(self._playback.is_open and self.view.is_zoomed)

    def _show_region(self) -> None:
        playback = self._playback
        self.view.show_region(playback.region, is_key=len(playback.keys) == 1 or playback.key_here() is not None)
        self.undo_box.setEnabled(playback.can_undo_box)
        self.clear_box.setEnabled(playback.region is not None)

    # ---- what is wished

    def _step_back(self) -> None:
        self._playback.step(-1)

    def _step_forward(self) -> None:
        self._playback.step(1)

    def _slower(self) -> None:
        self._playback.change_speed(-1)

    def _faster(self) -> None:
        self._playback.change_speed(1)

    def _speed_chosen(self, action: QAction) -> None:
        self._playback.use_speed(SPEEDS[self._speeds.index(action)])

    def _clear_box(self) -> None:
        self._playback.use_region(None)

    def _nearer(self) -> None:
        self.view.zoom(1)

    def _farther(self) -> None:
        self.view.zoom(-1)

    def _needs_pixels(self, size: QSize) -> None:
        self._playback.show_at_size(size.width(), size.height())

    def _box_begun(self) -> None:
        self._playback.play(0.0)

    def _box_drawn(self, region: Region) -> None:
        self._playback.use_region(region)


def _times(rate: float) -> str:
    """`0,5 ×`, `−2 ×`."""
    digits = next(digits for digits in (0, 1, 2) if round(rate, digits) == rate)
    return f"{current().number(rate, digits)} ×".replace("-", "−")
