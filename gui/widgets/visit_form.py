"""The form of a visit: its day and its notes; a visit comes in, the changed one goes out."""

from __future__ import annotations

import dataclasses
import datetime as dt

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui import style
from gui.i18n import _, follow
from gui.widgets.banner import Banner
from gui.widgets.case_form import WIDTH
from gui.widgets.day_box import DayBox
from screening.errors import ScreeningError
from screening.library.records import Visit


class VisitForm(QDialog):
    """Stays open until the library took what was `submitted`; `refuse` says in place why it did not."""

    submitted = Signal(object)  # Visit

    def __init__(self, parent: QWidget, visit: Visit, today: dt.date) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._visit = visit
        self.banner = Banner()
        self.day = DayBox(visit.date, max(visit.date, today))
        self.notes = QPlainTextEdit(visit.notes)
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(96)
        self.save, self.cancel = QPushButton(), QPushButton()
        style.role(self.save, "primary")
        self.save.setDefault(True)
        self.save.clicked.connect(self._submit)
        self.cancel.clicked.connect(self.reject)
        self._day, self._notes, self._hint = QLabel(), QLabel(), QLabel()
        self._day.setBuddy(self.day)
        self._notes.setBuddy(self.notes)
        style.role(self._hint, "caption")
        grid = QGridLayout()
        grid.setHorizontalSpacing(style.LARGE)
        grid.setVerticalSpacing(style.SMALL)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._day, 0, 0)
        grid.addWidget(self.day, 0, 1)
        grid.addWidget(self._hint, 1, 1)
        grid.addWidget(self._notes, 2, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.notes, 2, 1)
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
        layout.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        layout.addStrut(WIDTH)
        follow(self)

    def refuse(self, error: ScreeningError) -> None:
        """Say why this cannot be kept; nothing that was entered is lost."""
        self.banner.show_error(error)

    def retranslate(self) -> None:
        """Write every text again."""
        self.setWindowTitle(_("Edit visit"))
        for field, label, text in (
            (self.day, self._day, _("Day of the visit")),
            (self.notes, self._notes, _("Notes (optional)")),
        ):
            label.setText(text)
            field.setAccessibleName(text)
        self._hint.setText(_("The child's age in the report is the age on this day."))
        self.save.setText(_("Save"))
        self.cancel.setText(_("Cancel"))

    def _submit(self) -> None:
        self.banner.clear()
        notes = self.notes.toPlainText().strip()
        self.submitted.emit(dataclasses.replace(self._visit, date=self.day.day(), notes=notes))
