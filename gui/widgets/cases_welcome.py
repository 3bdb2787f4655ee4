"""Where there is no case to show: what cases are for, or why the library cannot be opened, and the ways on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui import style
from gui.i18n import _, follow, sentence
from gui.widgets.card import Card
from screening.errors import ScreeningError


class CasesWelcome(QWidget):
    """Three sentences for an empty library; the library's own sentence where it is refused."""

    new_requested = Signal()
    sample_requested = Signal()
    quick_look_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._error: ScreeningError | None = None
        self._hello, self._why = QLabel(), QLabel()
        style.role(self._hello, "welcome")
        style.role(self._why, "nolevel")
        self._why.setTextFormat(Qt.TextFormat.PlainText)
        self._why.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._sentences = tuple(QLabel() for _sentence in range(3))
        self.new, self.sample, self.quick = QPushButton(), QPushButton(), QPushButton()
        self.new.clicked.connect(self.new_requested)
        self.sample.clicked.connect(self.sample_requested)
        self.quick.clicked.connect(self.quick_look_requested)
        card = Card()
        card.setMaximumWidth(720)
        card.column.setContentsMargins(40, 36, 40, 36)
        card.column.setSpacing(style.LARGE)
        for label in (self._hello, self._why, *self._sentences):
            label.setWordWrap(True)
            card.add(label)
        for label in self._sentences:
            style.role(label, "lead")
        row = QHBoxLayout()
        row.setSpacing(style.SMALL)
        for button in (self.new, self.quick, self.sample):
            row.addWidget(button)
        row.addStretch()
        card.column.addSpacing(style.SMALL)
        card.column.addLayout(row)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        middle = QHBoxLayout()
        middle.addStretch()
        middle.addWidget(card, 3)
        middle.addStretch()
        outer.addLayout(middle)
        outer.addStretch(3)
        follow(self)

    def show_error(self, error: ScreeningError) -> None:
        """The library cannot be opened, and why."""
        self._error = error
        self.retranslate()

    def take_focus(self) -> None:
        """The button that most will press next."""
        (self.new if self._error is None else self.quick).setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        """Write every text again."""
        refused = self._error is not None
        first, second, third = self._sentences
        self._why.setText(sentence(self._error) if self._error is not None else "")
        self._why.setVisible(refused)
        if refused:
            self._hello.setText(_("The cases cannot be shown"))
            first.setText(_("You can go on without them: look at a video, review it, and export its report."))
            second.setText(_("Nothing of it is kept in a case; export what you need before you close the program."))
        else:
            self._hello.setText(_("Begin with a case"))
            first.setText(
                _("A case is one child, under a pseudonym; its visits hold the videos and what comes of them.")
            )
            second.setText(
                _("Everything in a case is kept on this computer at once; only a screening profile must be saved.")
            )
        third.setText(_("ViScreen supports your own judgement: it is a screening aid and never a diagnosis."))
        self.new.setText(_("New case…"))
        self.new.setToolTip(_("Begin a case for a child (Ctrl+N)"))
        self.new.setVisible(not refused)
        self.sample.setText(_("Try the sample video"))
        self.sample.setToolTip(_("Watch a simulated child, and keep nothing"))
        self.quick.setText(_("Look at a video without a case"))
        self.quick.setToolTip(_("Open a video of your own, and keep nothing"))
        style.role(self.new, "primary")
        style.role(self.quick, "primary" if refused else "")
