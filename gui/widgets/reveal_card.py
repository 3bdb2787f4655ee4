"""What stands in place of the plots while somebody marks without seeing the model's answer, and the way to see it.

How far the marking is comes in; the wish to see the answer goes out, after a question that says what it costs.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from gui import style
from gui.i18n import _, current, follow
from gui.widgets import question
from gui.widgets.card import Card


class RevealCard(Card):
    """Showing the answer cannot be undone, so it is the next thing to do only once something is marked."""

    agreed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._onset_s: float | None = None
        self._note = QLabel()
        self._note.setWordWrap(True)
        self.reveal = QPushButton()
        self.reveal.clicked.connect(self._ask)
        line = QHBoxLayout()
        line.setSpacing(style.LARGE)
        line.addWidget(self._note, 1)
        line.addWidget(self.reveal)
        self.column.addLayout(line)
        follow(self)

    def show_marks(self, marks: int) -> None:
        """So many episodes are marked."""
        style.role(self.reveal, "primary" if marks else "")

    def show_begun(self, onset_s: float | None) -> None:
        """A mark was begun at `onset_s` seconds and has no end yet; None: there is none."""
        self._onset_s = onset_s

    def retranslate(self) -> None:
        """Write every text again."""
        self.entitle(_("You mark first"))
        self._note.setText(_("The model's answer is hidden. Mark what you see; when you have finished, show it."))
        self.reveal.setText(_("Show the model's answer…"))

    def _ask(self) -> None:
        more = _("What you have marked is kept for the comparison. You can go on reviewing afterwards.")
        if self._onset_s is not None:
            lost = _("The episode that begins at {start} has no end yet and will be lost. Keep marking to end it.")
            more = lost.format(start=current().clock(self._onset_s, 1)) + "\n\n" + more
        question.ask(
            self,
            _("Show the model's answer now? It cannot be hidden again."),
            more,
            does=(_("Show the answer"), self.agreed.emit),
            stays=(_("Keep marking"), lambda: None),
        )
