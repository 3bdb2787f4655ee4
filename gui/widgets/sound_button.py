"""Mute and loudness of the video's sound; where it cannot be heard, the button says why."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QSlider, QWidget

from gui import style
from gui.i18n import _, follow
from gui.icons import icon
from gui.player.playback import Playback

WIDTH = 64


class SoundButton(QWidget):
    """A button, and beside it a slider, where there is room."""

    def __init__(self, playback: Playback) -> None:
        super().__init__()
        self._playback, self._sound = playback, playback.sound
        self.mute = QPushButton()
        style.role(self.mute, "icon")
        self.mute.setIconSize(QSize(18, 18))
        self.mute.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.volume = QSlider(Qt.Orientation.Horizontal)
        self.volume.setRange(0, 100)
        self.volume.setFixedWidth(WIDTH)
        self.volume.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.TINY)
        row.addWidget(self.mute)
        row.addWidget(self.volume)
        self.mute.clicked.connect(self._sound.toggle_mute)
        self.volume.valueChanged.connect(self._volume_chosen)
        self._sound.changed.connect(self._show)
        playback.playing_changed.connect(self._show)
        style.look.changed.connect(self._show)
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        self.volume.setToolTip(_("Loudness"))
        self.volume.setAccessibleName(self.volume.toolTip())
        self._show()

    def show_volume(self, room: bool) -> None:
        """Whether there is room for the slider."""
        self.volume.setVisible(room)

    def _show(self) -> None:
        sound, theme = self._sound, style.look.theme
        heard = sound.can_be_heard and not sound.is_muted
        self.mute.setIcon(icon("sound" if heard else "sound_off", theme.brand, theme.quiet))
        self.mute.setEnabled(sound.can_be_heard)
        self.volume.setEnabled(sound.can_be_heard)
        if sound.why_not:
            text = _(sound.why_not)
        elif not sound.can_be_heard:
            text = _("No sound")
        elif self._playback.rate not in (0.0, 1.0):
            text = _("Sound is heard at 1 × only (V)")
        else:
            text = _("Sound on (V)") if sound.is_muted else _("Sound off (V)")
        self.mute.setToolTip(text)
        self.mute.setAccessibleName(text)
        self.volume.blockSignals(True)
        self.volume.setValue(0 if sound.is_muted else round(sound.volume * 100))
        self.volume.blockSignals(False)

    def _volume_chosen(self, percent: int) -> None:
        self._sound.use_volume(percent / 100)
