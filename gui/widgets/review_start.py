"""Before a review begins: who reviews, and whether they mark first or see at once what the model found.

A name goes in and out; the choice comes out when the review is begun.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QLineEdit, QPushButton, QRadioButton, QVBoxLayout

from gui import style
from gui.i18n import _, follow
from gui.widgets.card import Card

LONGEST_NAME = 40
NOTE_INDENT = 27  # where the words of a choice begin, right of its ring


class ReviewStart(Card):
    """Nothing of the model's answer is shown here: who marks first must not have seen it."""

    begin_requested = Signal(str, bool)  # reviewer, mark first

    def __init__(self) -> None:
        super().__init__()
        self.setMaximumWidth(640)
        self.column.setContentsMargins(40, 32, 40, 32)
        self.column.setSpacing(style.MEDIUM)
        self._hello, self._who, self._why, self._why_not = QLabel(), QLabel(), QLabel(), QLabel()
        style.role(self._hello, "welcome")
        style.role(self._who, "strong")
        for caption in (self._why, self._why_not):
            style.role(caption, "caption")
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setMaximumWidth(320)
        self.at_once, self.mark_first = QRadioButton(), QRadioButton()
        self._group = QButtonGroup(self)
        self._notes: list[QLabel] = []
        for widget in (self._hello, self._who, self.name, self._why):
            self.add(widget)
        self.column.addSpacing(style.SMALL)
        for radio in (self.at_once, self.mark_first):
            note = QLabel()
            style.role(note, "quiet")
            note.setWordWrap(True)
            note.setContentsMargins(NOTE_INDENT, 0, 0, 0)
            self._notes.append(note)
            self._group.addButton(radio)
            choice = QVBoxLayout()
            choice.setSpacing(0)
            choice.addWidget(radio)
            choice.addWidget(note)
            self.column.addLayout(choice)
        self.at_once.setChecked(True)
        self.begin = QPushButton()
        style.role(self.begin, "primary")
        row = QHBoxLayout()
        row.setSpacing(style.MEDIUM)
        row.addWidget(self.begin)
        row.addWidget(self._why_not, 1)
        self.column.addSpacing(style.SMALL)
        self.column.addLayout(row)
        self.begin.clicked.connect(self._begin)
        self.name.textChanged.connect(self._named)
        follow(self)

    def start(self) -> None:
        """The keyboard goes to what is still to be said."""
        (self.begin if self.name.text().strip() else self.name).setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        """Write every text again."""
        self._hello.setText(_("Review the episodes"))
        self._who.setText(_("Your name or initials"))
        self.name.setAccessibleName(_("Your name or initials"))
        self.name.setPlaceholderText(_("e.g. Dr An"))
        self._why.setText(_("It stands beside each of your decisions. It is asked once and remembered."))
        self.at_once.setText(_("Show me what the model found"))
        self.mark_first.setText(_("Mark first"))
        see, first = self._notes
        see.setText(_("Accept, reject or correct each episode, and add those that are missing."))
        first.setText(
            _(
                "Watch and mark without seeing the model's answer; then see both, how well they agree and where they "
                "differ."
            )
        )
        for radio, note in zip((self.at_once, self.mark_first), self._notes, strict=True):
            radio.setAccessibleDescription(note.text())
        self.begin.setText(_("Begin the review"))
        self._named()
        self.begin.setToolTip(_("Begin the review (Enter)"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter begins, wherever in the card the keyboard is."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._begin()
        else:
            super().keyPressEvent(event)

    def _named(self) -> None:
        named = bool(self.name.text().strip())
        self.begin.setEnabled(named)
        self._why_not.setText("" if named else _("Type your name or initials to begin."))

    def _begin(self) -> None:
        name = self.name.text().strip()
        if name:
            self.begin_requested.emit(name, self.mark_first.isChecked())
