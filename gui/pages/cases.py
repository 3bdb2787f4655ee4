"""The page of cases: every child that is known here, its visits, and the way into one of them.

Told by `CasesDesk` what the library holds; asks for everything by its signals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gui import style
from gui.desks.case_facts import Finding, Losses
from gui.i18n import _, follow
from gui.widgets.banner import Banner
from gui.widgets.case_card import CaseCard
from gui.widgets.case_form import CaseForm
from gui.widgets.case_list import CaseList
from gui.widgets.cases_welcome import CasesWelcome
from gui.widgets.trend_card import TrendCard
from gui.widgets.visit_form import VisitForm
from gui.widgets.visits_card import VisitsCard
from screening.errors import ScreeningError
from screening.library.records import Case, CaseSummary, Visit, VisitSummary


class CasesPage(QWidget):
    """`today` says which day it is, for ages and new visits."""

    shown = Signal()
    search_changed = Signal(str)
    case_chosen = Signal(int)  # a case's id, and likewise below
    case_submitted = Signal(object)  # Case; its id is NEW when it is new
    case_delete_asked = Signal(int)
    case_delete_confirmed = Signal(int)
    visit_requested = Signal(int)  # a case's id
    visit_submitted = Signal(object)  # Visit
    visit_delete_asked = Signal(int)
    visit_delete_confirmed = Signal(int)
    visit_opened = Signal(int)
    quick_look_requested = Signal()
    sample_requested = Signal()

    def __init__(self, today: Callable[[], dt.date] = dt.date.today) -> None:
        super().__init__()
        self.today = today
        self._lines: tuple[CaseSummary, ...] = ()
        self._case: Case | None = None
        self._new: int | None = None  # a case that was just entered, to be shown next
        self._wants_focus = False  # it was asked for before there was anything to have it
        self._form: CaseForm | VisitForm | None = None
        self.banner = Banner()
        self.list = CaseList(today())
        self.card, self.visits, self.trend = CaseCard(today()), VisitsCard(), TrendCard()
        self.welcome = CasesWelcome()
        self._details = QWidget()
        policy = self._details.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # a search that finds nothing must not move the list
        self._details.setSizePolicy(policy)
        self._stack = QStackedWidget()
        self._work = QWidget()
        self._lay_out()
        self._wire()
        follow(self)

    def _lay_out(self) -> None:
        right = QVBoxLayout(self._details)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(style.MEDIUM)
        right.addWidget(self.card)
        right.addWidget(self.visits, 1)
        right.addWidget(self.trend)
        columns = QHBoxLayout(self._work)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(style.MEDIUM)
        columns.addWidget(self.list, 4)
        columns.addWidget(self._details, 5)
        self._nothing = QWidget()  # until the library has answered for the first time
        for page in (self._nothing, self._work, self.welcome):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(style.MEDIUM)
        layout.addWidget(self.banner)
        layout.addWidget(self._stack, 1)

    def _wire(self) -> None:
        self.list.searched.connect(self.search_changed)
        self.list.chosen.connect(self._choose)
        self.list.activated.connect(self.visits.take_focus)
        self.list.new.clicked.connect(self.begin_case)
        self.card.edit_requested.connect(self._edit_case)
        self.card.delete_asked.connect(self._ask_to_delete_case)
        self.card.delete_confirmed.connect(self._delete_case)
        self.card.asking.kept.connect(self._back_to_the_list)
        self.visits.new_requested.connect(self._new_visit)
        self.visits.opened.connect(self.visit_opened)
        self.visits.edit_requested.connect(self._edit_visit)
        self.visits.delete_asked.connect(self.visit_delete_asked)
        self.visits.delete_confirmed.connect(self.visit_delete_confirmed)
        self.welcome.new_requested.connect(self.begin_case)
        self.welcome.sample_requested.connect(self.sample_requested)
        self.welcome.quick_look_requested.connect(self.quick_look_requested)
        whole, here = Qt.ShortcutContext.WindowShortcut, Qt.ShortcutContext.WidgetWithChildrenShortcut
        for keys, slot, where in (
            (QKeySequence("Ctrl+N"), self.begin_case, whole),
            (QKeySequence("Ctrl+F"), self._search, whole),
            (QKeySequence(Qt.Key.Key_F2), self._edit, here),
            (QKeySequence(Qt.Key.Key_Delete), self._delete, here),
        ):
            QShortcut(keys, self, context=where).activated.connect(slot)

    # ---- told by the desk

    def show_cases(self, lines: Sequence[CaseSummary]) -> None:
        """What the search found; without any search there is nothing else."""
        day = self.today()
        self.list.show_day(day)
        self.card.show_day(day)
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        self._lines = tuple(lines)
        new, self._new = self._new, None
        chosen = self.list.show_cases(lines, new or self.chosen())
        empty = not lines and not self.search()
        self._stack.setCurrentWidget(self.welcome if empty else self._work)
        if chosen is None:
            self._case = None
        else:
            self._choose(chosen.case.id)
        self._details.setVisible(chosen is not None)
        if self._wants_focus or new is not None or (empty and had_focus):
            self.take_focus()

    def show_visits(self, case_id: int, visits: Sequence[VisitSummary]) -> None:
        """The visits of the case, if it is still the chosen one."""
        if case_id == self.chosen():
            self.visits.show_visits(visits)
            self._update_delete()

    def show_findings(self, case_id: int, findings: Sequence[Finding]) -> None:
        """The indices of the case, if it is still the chosen one."""
        if case_id == self.chosen():
            self.trend.show_findings(findings)

    def show_open(self, visit_id: int | None) -> None:
        """The visit that is open now, or None: neither it nor its case can be deleted meanwhile."""
        self.visits.show_open(visit_id)
        self._update_delete()

    def show_closed(self, error: ScreeningError) -> None:
        """There is no library: say why, and offer to go on without."""
        self.welcome.show_error(error)
        self._stack.setCurrentWidget(self.welcome)
        if self._wants_focus:
            self.take_focus()

    def ask_about_case(self, case_id: int, lost: Losses) -> None:
        """Ask whether the case is to be deleted, with what would be lost."""
        if case_id == self.chosen():
            self.card.ask(lost)

    def ask_about_visit(self, visit_id: int, lost: Losses) -> None:
        """Ask whether the visit is to be deleted, with what would be lost."""
        self.visits.ask(visit_id, lost)

    def case_kept(self, case: Case) -> None:
        """The library has the case as it was entered; what is shown next shows it."""
        self._close_form()
        self.list.forget_search()
        self._new = case.id

    def visit_kept(self, _visit: Visit) -> None:
        """The library has the visit as it was entered."""
        self._close_form()

    def visit_begun(self, visit: Visit) -> None:
        """The library has the new visit: open it."""
        self.visits.choose(visit.id)
        self.visit_opened.emit(visit.id)

    def refuse(self, error: ScreeningError) -> None:
        """Say why it was not done: in the form that asked for it, else above the page."""
        if self._form is not None:
            self._form.refuse(error)
        else:
            self.banner.show_error(error)

    # ---- asked by the desk and the window

    def chosen(self) -> int | None:
        """The chosen case."""
        return self._case.id if self._case is not None else None

    def search(self) -> str:
        """What is searched; empty: everything."""
        return self.list.search.text().strip()

    def take_focus(self) -> None:
        """Where a clinician begins on this page, as soon as there is something to begin with."""
        self._wants_focus = self._stack.currentWidget() is self._nothing
        if self._stack.currentWidget() is self.welcome:
            self.welcome.take_focus()
        elif self._lines:
            self.list.table.setFocus(Qt.FocusReason.TabFocusReason)
        elif not self._wants_focus:
            self.list.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """What is shown may have changed on another page."""
        super().showEvent(event)
        self.shown.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Another page has the focus now; it must not be taken from there."""
        super().hideEvent(event)
        self._wants_focus = False

    def retranslate(self) -> None:
        """Write every text again."""
        self.setAccessibleName(_("Cases"))
        self._update_delete()

    # ---- the chosen case

    def _choose(self, case_id: int) -> None:
        case = next(line.case for line in self._lines if line.case.id == case_id)
        other = case_id != self.chosen()
        self._case = case
        self.card.show_case(case)
        if other:
            self.visits.show_visits(None)
            self.trend.show_findings(())
            self._update_delete()
            self.case_chosen.emit(case_id)

    def _update_delete(self) -> None:
        self.card.allow_delete(
            _("A visit of this child is open. Open another one before you delete the case.")
            if self.visits.holds_open()
            else ""
        )

    # ---- wishes

    def begin_case(self) -> None:
        """Open the form of a new case."""
        if self._stack.currentWidget() is self._work or self.welcome.new.isVisible():
            form = CaseForm(self, None, self.today())
            form.submitted.connect(self.case_submitted)
            self._open_form(form)

    def _edit_case(self) -> None:
        if self._case is not None:
            form = CaseForm(self, self._case, self.today())
            form.submitted.connect(self.case_submitted)
            self._open_form(form)

    def _edit_visit(self) -> None:
        chosen = self.visits.chosen()
        if chosen is not None:
            form = VisitForm(self, chosen.visit, self.today())
            form.submitted.connect(self.visit_submitted)
            self._open_form(form)

    def _open_form(self, form: CaseForm | VisitForm) -> None:
        self._form = form
        self.banner.clear()
        form.finished.connect(self._form_closed)
        form.open()

    def _close_form(self) -> None:
        if self._form is not None:
            self._form.accept()

    def _form_closed(self) -> None:
        self._form = None

    def _new_visit(self) -> None:
        if self._case is not None:
            self.visit_requested.emit(self._case.id)

    def _edit(self) -> None:
        if self.visits.table.hasFocus():
            self._edit_visit()
        else:
            self._edit_case()

    def _delete(self) -> None:
        if self.visits.table.hasFocus():
            self.visits.ask_to_delete()
        elif self.list.table.hasFocus():
            self._ask_to_delete_case()

    def _ask_to_delete_case(self) -> None:
        if self._case is not None and self.card.delete.isEnabled():
            self.case_delete_asked.emit(self._case.id)

    def _delete_case(self) -> None:
        self._back_to_the_list()
        if self._case is not None:
            self.case_delete_confirmed.emit(self._case.id)

    def _back_to_the_list(self) -> None:
        self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _search(self) -> None:
        self.list.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.list.search.selectAll()
