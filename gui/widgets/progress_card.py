"""How far the analysis is: share, speed, time left, what the model sees now; and the button that stops it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton

from gui import style
from gui.i18n import _, current, follow
from gui.widgets.card import Card
from gui.widgets.model_view import ModelView
from gui.worker import image_of
from screening.records import Progress


class ProgressCard(Card):
    """Shown while an analysis runs."""

    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._progress: Progress | None = None
        self._speed: float | None = None
        self._left_s: float | None = None
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._percent, self._where, self._pace = QLabel(), QLabel(), QLabel()
        style.role(self._percent, "figure")
        style.role(self._pace, "quiet")
        for label in (self._where, self._pace):
            label.setWordWrap(True)
        self._sees_title = QLabel()
        style.role(self._sees_title, "title")
        self._sees = ModelView()
        self._sees.setMaximumSize(168, 168)
        self._note = QLabel()
        self._note.setWordWrap(True)
        style.role(self._note, "quiet")
        self.cancel = QPushButton()
        self.cancel.clicked.connect(self._cancel)
        for widget in (self._percent, self._bar, self._where, self._pace):
            self.add(widget)
        row = QHBoxLayout()
        row.addWidget(self.cancel)
        row.addStretch()
        self.column.addSpacing(style.SMALL)
        self.column.addLayout(row)
        self.column.addSpacing(style.MEDIUM)
        self.add(self._sees_title)
        self.add(self._sees, 1)
        self.add(self._note)
        self.column.addStretch()
        follow(self)

    def begin(self) -> None:
        """An analysis begins now."""
        self._progress = self._speed = self._left_s = None
        self.cancel.setEnabled(True)
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        self.retranslate()

    def show_progress(self, progress: Progress) -> None:
        """It came so far."""
        self._progress = progress
        if progress.window is not None:
            self._sees.show_image(image_of(progress.window.frames[-1]))
        self._draw()

    def show_pace(self, speed: float, left_s: float | None) -> None:
        """So many times real time, and so many seconds to go; None: nobody can say yet."""
        self._speed, self._left_s = speed, left_s
        self._draw()

    def text(self) -> str:
        """What is said about the progress."""
        return " ".join(label.text() for label in (self._percent, self._where, self._pace))

    def retranslate(self) -> None:
        """Write every text again."""
        self.entitle(_("Analysing"))
        self.cancel.setText(_("Cancel"))
        self.cancel.setToolTip(_("Stop the analysis (Esc)"))
        self._bar.setAccessibleName(_("Progress of the analysis"))
        self._sees_title.setText(_("What the model sees now"))
        self._note.setText(_("You can go on looking at the video while this runs."))
        self._draw()

    def _draw(self) -> None:
        t, progress = current(), self._progress
        if progress is None:
            self._bar.setRange(0, 1000)
            self._bar.setValue(0)
            self._percent.setText(t.percent(0))
            self._where.setText(_("Getting ready…"))
            self._pace.setText("")
            return
        known = progress.total_s > 0
        self._bar.setRange(0, 1000 if known else 0)  # without a length: busy, no share
        self._bar.setValue(round(progress.share * 1000))
        self._percent.setText(t.percent(progress.share) if known else t.clock(progress.position_s))
        where = _("{position} of {total}") if known else _("{position} so far; the file does not say how long it is")
        self._where.setText(where.format(position=t.clock(progress.position_s), total=t.clock(progress.total_s)))
        pace = []
        if self._speed is not None:
            pace.append(_("{speed} × real time").format(speed=t.number(self._speed, 1)))
        if self._left_s is not None:
            pace.append(_("about {time} left").format(time=t.clock(self._left_s)))
        self._pace.setText(" · ".join(pace))

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.cancel.setText(_("Stopping…"))
        self.cancel_requested.emit()
