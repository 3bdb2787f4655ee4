"""What was read of the video, in plain words: first what the file says, then, once all of it was read, what is true."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui import style
from gui.i18n import _, current, follow
from gui.player.playback import Playback
from gui.widgets.receipt_dialog import ReceiptDialog
from screening.records import VideoInfo
from screening.report import words

# Below this share something is missing that a clinician must know of.
WHOLE = 0.995


class ReceiptView(QWidget):
    """Rows of name and value; all that was found is behind `details`, for which the page has a place."""

    def __init__(self, playback: Playback) -> None:
        super().__init__()
        self._playback = playback
        self._info: VideoInfo | None = None
        self._rows: list[tuple[QLabel, QLabel]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.TINY)
        self._form = QFormLayout()
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(style.MEDIUM)
        self._form.setVerticalSpacing(style.TINY)
        for _row in range(6):
            name, value = QLabel(), QLabel()
            style.role(name, "quiet")
            name.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            value.setWordWrap(True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._form.addRow(name, value)
            self._rows.append((name, value))
        self.details = QPushButton()
        style.role(self.details, "link")
        self.details.clicked.connect(self._show_details)
        column.addLayout(self._form)
        playback.opened.connect(self._changed)
        playback.closed.connect(self._changed)
        follow(self)

    def show_info(self, info: VideoInfo) -> None:
        """All of the video was read."""
        self._info = info
        self.retranslate()

    def texts(self) -> dict[str, str]:
        """What is shown, by name."""
        return {name.text(): value.text() for name, value in self._rows if not name.isHidden()}

    def _changed(self) -> None:
        self._info = None
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text again."""
        rows = self._full(self._info) if self._info is not None else self._at_first()
        self.details.setText(_("Details…"))
        self.details.setToolTip(_("Everything that was found when the video was read"))
        self.details.setEnabled(self._info is not None)
        for i, (name, value) in enumerate(self._rows):
            shown = i < len(rows)
            self._form.setRowVisible(i, shown)
            if shown:
                name.setText(rows[i][0])
                value.setText(rows[i][1])

    def _show_details(self) -> None:
        if self._info is not None:
            ReceiptDialog(self._info, self).open()

    def _at_first(self) -> list[tuple[str, str]]:
        playback = self._playback
        if playback.path is None or not playback.is_open:
            return []
        return [
            (_("File"), _breakable(playback.path.name)),
            (_("Length"), _("{time}, as the file says").format(time=current().clock(playback.duration_s, 1))),
            (_("Size"), f"{playback.width} × {playback.height}"),
            (_("Pictures"), _("counting while the whole video is read…")),
        ]

    def _full(self, info: VideoInfo) -> list[tuple[str, str]]:
        t = current()
        if info.covered_share < WHOLE:
            length = _("{time}, {share} of it readable")
        else:
            length = _("{time}, readable but for damage") if info.errors else _("{time}, all of it readable")
        read = info.frames_decoded + info.frames_skipped
        missing = info.frames_declared is not None and info.frames_declared > read
        counted = _("{read} read of {declared} that the file declares") if missing else _("{read}, all read")
        fps = t.number(info.average_fps, 2).rstrip("0").rstrip(".,")
        rate = _("varies, {fps} a second on average; handled") if info.variable_rate else _("{fps} a second")
        turned = _("{size}, turned upright by {degrees}°") if info.rotation_deg % 360 else "{size}"
        rows = [
            (_("File"), _breakable(Path(info.path).name)),
            (_("Length"), length.format(time=t.clock(info.duration_s, 1), share=t.percent(info.covered_share))),
            (_("Size"), turned.format(size=f"{info.width} × {info.height}", degrees=info.rotation_deg)),
            (_("Pictures"), counted.format(read=t.number(read), declared=t.number(info.frames_declared or 0))),
            (_("Rate"), rate.format(fps=fps)),
        ]
        if info.errors:
            rows.append((_("Damage"), words.damage(info, t)))
        return rows


def _breakable(name: str) -> str:
    """A file name that may be wrapped anywhere: long names have no spaces."""
    return "\u200b".join(name)
