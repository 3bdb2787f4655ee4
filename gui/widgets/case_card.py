"""What is known of one child: pseudonym, month of birth, consent, notes; a case comes in, wishes go out."""

from __future__ import annotations

import datetime as dt
import textwrap

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton

from gui import style
from gui.desks.case_facts import Losses
from gui.i18n import _, follow
from gui.widgets import case_words
from gui.widgets.ask_row import AskRow
from gui.widgets.card import Card
from screening.library.records import Case

MOST_NOTES = 200  # signs; the whole of them is in the tooltip and in the form


class CaseCard(Card):
    """One case, with its buttons; deleting asks in their place."""

    edit_requested = Signal()
    delete_asked = Signal()
    delete_confirmed = Signal()

    def __init__(self, today: dt.date) -> None:
        super().__init__()
        self._today = today
        self._case: Case | None = None
        self._why_not = ""
        self._lost = Losses(0, 0, 0, 0, 0)
        self._name = QLabel()
        style.role(self._name, "welcome")
        self._heads = tuple(QLabel() for _fact in range(3))
        self._facts = tuple(QLabel() for _fact in range(3))
        self.edit, self.delete = QPushButton(), QPushButton()
        self.asking = AskRow((self.delete, self.edit), ())
        self._reason = QLabel()
        self._reason.setWordWrap(True)
        style.role(self._reason, "caption")
        for label in (self._name, *self._facts):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        grid = QGridLayout()
        grid.setHorizontalSpacing(style.LARGE)
        grid.setVerticalSpacing(style.TINY)
        grid.setColumnStretch(1, 1)
        for row, (head, fact) in enumerate(zip(self._heads, self._facts, strict=True)):
            style.role(head, "quiet")
            fact.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(head, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(fact, row, 1)
        self.add(self._name)
        self.column.addLayout(grid)
        self.column.addSpacing(style.TINY)
        self.add(self.asking)
        self.add(self._reason)
        self.edit.clicked.connect(self.edit_requested)
        self.delete.clicked.connect(self.delete_asked)
        self.asking.confirmed.connect(self.delete_confirmed)
        follow(self)

    def show_case(self, case: Case) -> None:
        """Show this one."""
        if self._case is None or case.id != self._case.id:
            self.asking.drop()
        self._case = case
        self.retranslate()

    def show_day(self, today: dt.date) -> None:
        """The age is that of this day."""
        self._today = today

    def allow_delete(self, why_not: str) -> None:
        """Whether the case may be deleted now: if not, why."""
        self._why_not = why_not
        self.retranslate()

    def ask(self, lost: Losses) -> None:
        """Ask whether to delete the case, which would lose this."""
        self._lost = lost
        self.asking.ask(self._question)

    def retranslate(self) -> None:
        """Write every text again."""
        self.edit.setText(_("Edit case…"))
        self.edit.setToolTip(_("Change what is written here (F2)"))
        self.delete.setText(_("Delete case…"))
        self.delete.setToolTip(self._why_not or _("Forget this child and everything kept about it (Del in the list)"))
        self.delete.setEnabled(not self._why_not)
        self._reason.setText(self._why_not)
        self._reason.setVisible(bool(self._why_not))
        for head, text in zip(self._heads, (_("Born"), _("Consent"), _("Notes")), strict=True):
            head.setText(text)
        case = self._case
        if case is None:
            return
        born, consent, notes = self._facts
        self._name.setText(case.pseudonym)
        born.setText(
            _("{month} ({age} today)").format(
                month=case_words.month(case.born), age=case_words.age(case.born, self._today)
            )
            if case.born is not None
            else _("month of birth not recorded")
        )
        consent.setText(case_words.consent(case.consent) if case.consent is not None else _("no consent recorded"))
        style.role(consent, "" if case.consent is not None else "nolevel")
        notes.setText(textwrap.shorten(case.notes, MOST_NOTES, placeholder=" …"))
        notes.setToolTip(case_words.tooltip(case.notes))
        for label in (notes, self._heads[2]):
            label.setVisible(bool(case.notes))

    def _question(self) -> str:
        name, lost = self._case.pseudonym if self._case is not None else "", case_words.losses(self._lost)
        if not lost:
            return _("Delete “{name}”? There is no visit in it.").format(name=name)
        return _("Delete “{name}” and with it {lost}? This cannot be undone. Files on the disk stay.").format(
            name=name, lost=lost
        )
