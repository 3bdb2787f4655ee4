"""Before a video is open: three sentences, the sample video, and the videos that were open last."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui import style
from gui.i18n import _, follow
from gui.widgets.card import Card

WIDTH = 720


class VideoWelcome(QWidget):
    """One card in the middle of the page."""

    open_requested = Signal()
    sample_requested = Signal()
    record_requested = Signal()

    def __init__(self, recent: QPushButton) -> None:
        super().__init__()
        card = Card()
        card.setMaximumWidth(WIDTH)
        self._hello = QLabel()
        style.role(self._hello, "welcome")
        self._sentences = tuple(QLabel() for _sentence in range(3))
        self.open_first, self.open_sample, self.record = QPushButton(), QPushButton(), QPushButton()
        style.role(self.open_first, "primary")
        self.open_first.clicked.connect(self.open_requested)
        self.open_sample.clicked.connect(self.sample_requested)
        self.record.clicked.connect(self.record_requested)
        self._drop_hint = QLabel()
        style.role(self._drop_hint, "quiet")
        card.column.setContentsMargins(40, 36, 40, 36)
        card.column.setSpacing(style.LARGE)
        card.add(self._hello)
        for label in self._sentences:
            label.setWordWrap(True)
            style.role(label, "lead")
            card.add(label)
        row = QHBoxLayout()
        row.setSpacing(style.SMALL)
        for button in (self.open_first, recent, self.record, self.open_sample):
            row.addWidget(button)
        row.addStretch()
        card.column.addSpacing(style.SMALL)
        card.column.addLayout(row)
        card.add(self._drop_hint)
        middle = QHBoxLayout()
        middle.addStretch()
        middle.addWidget(card, 3)
        middle.addStretch()
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(middle)
        outer.addStretch(3)
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        self._hello.setText(_("Screen a child's behaviour from a video"))
        first, second, third = self._sentences
        first.setText(_("Open a video of the child; it never leaves this computer."))
        second.setText(_("ViScreen looks for repeated behaviours, shows when each was seen, and writes a report."))
        third.setText(_("ViScreen supports your own judgement: it is a screening aid and never a diagnosis."))
        self.open_first.setText(_("Open video…"))
        self.open_first.setToolTip(_("Open a video (Ctrl+O)"))
        self.open_sample.setText(_("Open the sample video"))
        self.record.setText(_("Record…"))
        self.record.setToolTip(_("Record the child with a camera (Ctrl+R)"))
        self._drop_hint.setText(_("You can also drop a video file anywhere in this window."))
