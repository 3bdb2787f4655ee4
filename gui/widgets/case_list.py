"""The list of cases with its search: summaries come in; the case that was chosen and what was searched come out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from gui import style
from gui.i18n import _, follow
from gui.widgets import case_words
from gui.widgets.card import Card
from gui.widgets.table import Row, Table
from screening.library.records import CaseSummary

ROW = 34  # height of a row in logical pixels
IN_SIGHT = 60  # rows


class CaseList(Card):
    """One line for each case: pseudonym, age today, visits, last visit."""

    chosen = Signal(int)  # a case's id
    activated = Signal()  # Enter or double click: go on with the chosen one
    searched = Signal(str)

    def __init__(self, today: dt.date) -> None:
        super().__init__()
        self._today = today
        self._lines: tuple[CaseSummary, ...] = ()
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.table = Table(stretch=0, right=(2,))
        self.table.verticalHeader().setDefaultSectionSize(ROW)
        # Columns are as wide as what is in sight: measuring two thousand cases would hold up the window.
        self.table.horizontalHeader().setResizeContentsPrecision(IN_SIGHT)
        self._none = QLabel()
        self._none.setWordWrap(True)
        self._none.setTextFormat(Qt.TextFormat.PlainText)
        self._none.setAlignment(Qt.AlignmentFlag.AlignTop)
        style.role(self._none, "quiet")
        self.new = QPushButton()
        self.add(self.search)
        self.add(self._none, 1)
        self.add(self.table, 1)
        self.add(self.new)
        self.search.textChanged.connect(self.searched)
        self.search.returnPressed.connect(self._into_the_list)
        down = QShortcut(QKeySequence(Qt.Key.Key_Down), self.search)
        down.setContext(Qt.ShortcutContext.WidgetShortcut)
        down.activated.connect(self._into_the_list)
        self.table.row_chosen.connect(self._row_chosen)
        self.table.activated.connect(self._activated)
        follow(self)

    def show_cases(self, lines: Sequence[CaseSummary], chosen: int | None) -> CaseSummary | None:
        """Show these; the one that is chosen then: `chosen`, else the one that has moved into its place."""
        before = next((row for row, line in enumerate(self._lines) if line.case.id == chosen), 0)
        self._lines = tuple(lines)
        ids = [line.case.id for line in lines]
        row = ids.index(chosen) if chosen in ids else min(before, len(ids) - 1)
        with QSignalBlocker(self):
            self.retranslate()
            if lines:
                self.table.selectRow(row)
        return lines[row] if lines else None

    def forget_search(self) -> None:
        """Show all again, without asking for it."""
        with QSignalBlocker(self):
            self.search.clear()

    def show_day(self, today: dt.date) -> None:
        """Ages are those of this day."""
        self._today = today

    def retranslate(self) -> None:
        """Write every text again."""
        self.entitle(_("Cases"))
        self.search.setPlaceholderText(_("Search by pseudonym"))
        self.search.setAccessibleName(_("Search by pseudonym"))
        self.search.setToolTip(_("Search by pseudonym (Ctrl+F); accents and capitals do not matter"))
        self.table.setAccessibleName(_("Cases"))
        self.new.setText(_("New case…"))
        self.new.setToolTip(_("Begin a case for another child (Ctrl+N)"))
        self._none.setText(_("No case has “{search}” in its pseudonym.").format(search=self.search.text().strip()))
        self._none.setVisible(not self._lines)
        self.table.setVisible(bool(self._lines))
        heads = (_("case"), _("age today"), _("visits"), _("last visit"))
        chosen = self.table.currentIndex().row()
        self.table.fill_in_sight(heads, len(self._lines), self._row)
        if 0 <= chosen < len(self._lines):
            self.table.selectRow(chosen)

    def _row(self, number: int) -> Row:
        line = self._lines[number]
        last = case_words.day(line.last_visit) if line.last_visit is not None else "–"
        return Row((line.case.pseudonym, case_words.age(line.case.born, self._today), str(line.visits), last))

    def _into_the_list(self) -> None:
        if self._lines:
            self.table.setFocus(Qt.FocusReason.TabFocusReason)

    def _row_chosen(self, row: int) -> None:
        self.chosen.emit(self._lines[row].case.id)

    def _activated(self) -> None:
        self.activated.emit()
