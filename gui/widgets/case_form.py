"""The form of a case: a case comes in, or none; what was entered comes out as a case, once it can be one."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui import style
from gui.i18n import _, current, follow
from gui.widgets.banner import Banner
from gui.widgets.choice import ChoiceBox, TickBox
from gui.widgets.day_box import DayBox
from screening.errors import N_, ScreeningError, WrongUsage
from screening.library.records import Case, Consent, Month

NEW = 0  # the id of a case that the library has not seen yet
OLDEST_YEARS = 25
LONGEST = 80
WIDTH = 560


class CaseForm(QDialog):
    """Stays open until the library took what was `submitted`; `refuse` says in place why it did not."""

    submitted = Signal(object)  # Case

    def __init__(self, parent: QWidget, case: Case | None, today: dt.date) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._case, self._today = case, today
        self.banner = Banner()
        self.pseudonym, self.by, self.relation = QLineEdit(), QLineEdit(), QLineEdit()
        for field in (self.pseudonym, self.by, self.relation):
            field.setMaxLength(LONGEST)
        self.month, self.year = ChoiceBox(), ChoiceBox()
        self.month.setMaxVisibleItems(13)
        self.consented = TickBox()
        given = case.consent.given if case is not None and case.consent is not None else today
        self.given = DayBox(given, max(given, today))
        self.notes = QPlainTextEdit()
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(72)
        self.save, self.cancel = QPushButton(), QPushButton()
        style.role(self.save, "primary")
        self.save.setDefault(True)
        self.save.clicked.connect(self._submit)
        self.cancel.clicked.connect(self.reject)
        self.consented.toggled.connect(self._consent_toggled)
        self._make_labels()
        self._lay_out()
        self._offer_months()
        self._show(case)
        self.pseudonym.setFocus(Qt.FocusReason.OtherFocusReason)
        follow(self)

    def _make_labels(self) -> None:
        fields = (self.pseudonym, self.month, self.consented, self.by, self.relation, self.given, self.notes)
        self._labels: dict[QWidget, QLabel] = {field: QLabel() for field in fields}
        for field, label in self._labels.items():
            label.setBuddy(field)
        self._hint, self._no_consent = QLabel(), QLabel()
        for label in (self._hint, self._no_consent):
            label.setWordWrap(True)
            style.role(label, "caption")

    def _lay_out(self) -> None:
        born = QHBoxLayout()
        born.setSpacing(style.SMALL)
        born.addWidget(self.month, 3)
        born.addWidget(self.year, 2)
        self._consent = QWidget()
        who = QGridLayout(self._consent)
        who.setContentsMargins(0, 0, 0, 0)
        who.setSpacing(style.SMALL)
        who.setColumnStretch(1, 1)
        for row, field in enumerate((self.by, self.relation, self.given)):
            who.addWidget(self._labels[field], row, 0)
            who.addWidget(field, row, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(style.LARGE)
        grid.setVerticalSpacing(style.SMALL)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self._labels[self.pseudonym], 0, 0)
        grid.addWidget(self.pseudonym, 0, 1)
        grid.addWidget(self._hint, 1, 1)
        grid.addWidget(self._labels[self.month], 2, 0)
        grid.addLayout(born, 2, 1)
        grid.addWidget(self._labels[self.consented], 3, 0)
        grid.addWidget(self.consented, 3, 1)
        grid.addWidget(self._no_consent, 4, 1)
        grid.addWidget(self._consent, 5, 1)
        grid.addWidget(self._labels[self.notes], 6, 0, top)
        grid.addWidget(self.notes, 6, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(style.SMALL)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.HUGE, style.HUGE, style.HUGE, style.HUGE)
        layout.setSpacing(style.LARGE)
        layout.addWidget(self.banner)
        layout.addLayout(grid)
        layout.addLayout(buttons)
        # The window is as high as what it has to say, also when that becomes more.
        layout.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        layout.addStrut(WIDTH)

    # ---- told by the page

    def refuse(self, error: ScreeningError) -> None:
        """Say why this cannot be kept as it is; nothing that was entered is lost."""
        self.banner.show_error(error)
        self.pseudonym.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- texts

    def retranslate(self) -> None:
        """Write every text again."""
        self.setWindowTitle(_("New case") if self._case is None else _("Edit case"))
        for field, text in (
            (self.pseudonym, _("Pseudonym")),
            (self.month, _("Born (optional)")),
            (self.consented, _("Consent")),
            (self.by, _("Given by")),
            (self.relation, _("Relation")),
            (self.given, _("Given on")),
            (self.notes, _("Notes (optional)")),
        ):
            self._labels[field].setText(text)
            field.setAccessibleName(text)
        self.month.setAccessibleName(_("Month of birth (optional)"))
        self.year.setAccessibleName(_("Year of birth (optional)"))
        self.given.setAccessibleName(_("Day of consent"))
        self._hint.setText(_("A name that only you understand; never the child's own."))
        self.pseudonym.setAccessibleDescription(self._hint.text())
        self.by.setAccessibleName(_("Who gave consent"))
        self.relation.setAccessibleName(_("Relation to the child"))
        self.relation.setPlaceholderText(_("for example mother, father, guardian"))
        self.consented.setText(_("Recording and analysis were agreed to"))
        self.consented.setAccessibleName(self.consented.text())
        self._no_consent.setText(_("Without this the case says “no consent recorded”."))
        self.save.setText(_("Create case") if self._case is None else _("Save"))
        self.cancel.setText(_("Cancel"))
        names = QLocale(current().code)
        for number in range(1, 13):
            self.month.setItemText(number, names.standaloneMonthName(number))
        self.month.setItemText(0, _("month"))
        self.year.setItemText(0, _("year"))

    # ---- what is entered

    def _offer_months(self) -> None:
        self.month.addItems([""] * 13)
        self.year.addItem("")
        years = {self._today.year - back for back in range(OLDEST_YEARS + 1)}
        if self._case is not None and self._case.born is not None:
            years.add(self._case.born.year)
        for year in sorted(years, reverse=True):
            self.year.addItem(str(year), year)

    def _show(self, case: Case | None) -> None:
        if case is not None:
            self.pseudonym.setText(case.pseudonym)
            self.notes.setPlainText(case.notes)
            if case.born is not None:
                self.month.setCurrentIndex(case.born.month)
                self.year.setCurrentIndex(self.year.findData(case.born.year))
            if case.consent is not None:
                self.by.setText(case.consent.by)
                self.relation.setText(case.consent.relation)
        self.consented.setChecked(case is not None and case.consent is not None)
        self._consent_toggled(self.consented.isChecked())

    def _consent_toggled(self, given: bool) -> None:
        self._consent.setVisible(given)
        self._no_consent.setVisible(not given)

    def _submit(self) -> None:
        try:
            case = self._entered()
        except WrongUsage as error:
            self.banner.show_error(error)
            return
        self.banner.clear()
        self.submitted.emit(case)

    def _entered(self) -> Case:
        return Case(
            self._case.id if self._case is not None else NEW,
            self.pseudonym.text(),
            self._born(),
            self._agreed(),
            self.notes.toPlainText().strip(),
        )

    def _born(self) -> Month | None:
        month, year = self.month.currentIndex(), self.year.currentData()
        if not month and year is None:
            return None
        if not month or year is None:
            (self.year if month else self.month).setFocus(Qt.FocusReason.OtherFocusReason)
            raise WrongUsage(N_("Choose both the month and the year of birth, or neither."))
        born = Month(year, month)
        if born.age_months(self._today) is None:
            self.month.setFocus(Qt.FocusReason.OtherFocusReason)
            raise WrongUsage(N_("The month of birth lies in the future. Choose another."))
        return born

    def _agreed(self) -> Consent | None:
        if not self.consented.isChecked():
            return None
        if not self.by.text().strip():
            self.by.setFocus(Qt.FocusReason.OtherFocusReason)
            raise WrongUsage(N_("Enter who gave consent, or clear the check mark."))
        return Consent(self.by.text().strip(), self.relation.text().strip(), self.given.day())
