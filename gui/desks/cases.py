"""Joins the page of cases and the library: lists, adds, changes and deletes cases and visits.

What is asked on the page goes to the `Librarian`; the page shows a change only when the library has kept it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from gui.desks import case_facts
from gui.librarian import Librarian
from gui.pages.cases import CasesPage
from gui.widgets.case_form import NEW
from screening.errors import ScreeningError
from screening.library import Library
from screening.library.records import Case, CaseSummary, Visit, VisitSummary

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class _Seen:
    """What there is to be seen: the cases that were found, and the visits of one of them."""

    lines: list[CaseSummary]
    case_id: int | None
    visits: list[VisitSummary]


class CasesDesk(QObject):
    """Made before the librarian opens the library, so that it hears whether it could be opened."""

    case_kept = Signal(object)  # Case: it is new, or was edited
    visit_kept = Signal(object)  # Visit: its day or its notes were edited

    def __init__(self, librarian: Librarian, page: CasesPage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._librarian, self._page = librarian, page
        self._open: bool | None = None  # None: not known yet
        self._changing = False
        self._marks_first = False
        librarian.opened.connect(self._opened)
        librarian.failed.connect(self._failed)
        page.shown.connect(self.refresh)
        page.search_changed.connect(self.refresh)
        page.case_chosen.connect(self._look_up_visits)
        page.case_submitted.connect(self._keep_case)
        page.case_delete_asked.connect(self._weigh_case)
        page.case_delete_confirmed.connect(self._delete_case)
        page.visit_requested.connect(self._add_visit)
        page.visit_submitted.connect(self._keep_visit)
        page.visit_delete_asked.connect(self._weigh_visit)
        page.visit_delete_confirmed.connect(self._delete_visit)

    # ---- looking

    def mark_first(self, wished: bool) -> None:
        """Show no index of what nobody has begun to review."""
        self._marks_first = wished

    def refresh(self) -> None:
        """Read the cases, and the visits of the chosen one, again."""
        if self._open:
            look = partial(_look, search=self._page.search(), case_id=self._page.chosen())
            self._librarian.ask(look, self._show, self._page.refuse)

    def _opened(self) -> None:
        self._open = True
        self.refresh()

    def _failed(self, error: ScreeningError) -> None:
        if self._open is None:  # later ones are others' questions that were refused
            self._open = False
            self._page.show_closed(error)

    def _show(self, seen: _Seen) -> None:
        self._page.show_cases(seen.lines)
        if seen.case_id is not None:
            self._show_visits(seen.case_id, seen.visits)

    def _look_up_visits(self, case_id: int) -> None:
        def visits(library: Library) -> list[VisitSummary]:
            return library.visits.of_case(case_id)

        self._librarian.ask(visits, partial(self._show_visits, case_id), self._page.refuse)

    def _show_visits(self, case_id: int, visits: list[VisitSummary]) -> None:
        self._page.show_visits(case_id, visits)
        # Reading results takes a moment: not for every case that one passes with the arrow keys.
        if case_id == self._page.chosen() and any(summary.analysed for summary in visits):
            show = partial(self._page.show_findings, case_id)
            look = partial(case_facts.findings, case_id=case_id, mark_first=self._marks_first)
            self._librarian.ask(look, show, self._page.refuse)

    # ---- changing

    def _change(
        self, work: Callable[[Library], Answer], kept: Callable[[Answer], None], search: str | None = None
    ) -> None:
        """Do `work`, tell by `kept` that it is done, and show what there is then: all of `search`."""
        if self._changing:  # a second click on what the first one has begun
            return
        self._changing = True
        search, case_id = self._page.search() if search is None else search, self._page.chosen()

        def change(library: Library) -> tuple[Answer, _Seen]:
            return work(library), _look(library, search, case_id)

        def changed(answer: tuple[Answer, _Seen]) -> None:
            self._changing = False
            kept(answer[0])
            self._show(answer[1])

        self._librarian.ask(change, changed, self._refused)

    def _refused(self, error: ScreeningError) -> None:
        self._changing = False
        self._page.refuse(error)

    def _keep_case(self, case: Case) -> None:
        def keep(library: Library) -> Case:
            if case.id != NEW:
                return library.cases.update(case)
            return library.cases.add(case.pseudonym, born=case.born, consent=case.consent, notes=case.notes)

        self._change(keep, self._case_kept, search="")

    def _case_kept(self, case: Case) -> None:
        self._page.case_kept(case)
        self.case_kept.emit(case)

    def _add_visit(self, case_id: int) -> None:
        today = self._page.today()

        def add(library: Library) -> Visit:
            return library.visits.add(case_id, today)

        self._change(add, self._page.visit_begun)

    def _keep_visit(self, visit: Visit) -> None:
        def keep(library: Library) -> Visit:
            return library.visits.update(visit)

        self._change(keep, self._visit_kept)

    def _visit_kept(self, visit: Visit) -> None:
        self._page.visit_kept(visit)
        self.visit_kept.emit(visit)

    # ---- deleting

    def _weigh_case(self, case_id: int) -> None:
        ask = partial(self._page.ask_about_case, case_id)
        self._weigh(partial(case_facts.losses_of_case, case_id=case_id), ask)

    def _weigh_visit(self, visit_id: int) -> None:
        ask = partial(self._page.ask_about_visit, visit_id)
        self._weigh(partial(case_facts.losses_of_visit, visit_id=visit_id), ask)

    def _weigh(self, losses: Callable[[Library], case_facts.Losses], ask: Callable[[case_facts.Losses], None]) -> None:
        if not self._changing:  # what is just being deleted cannot be weighed again
            self._librarian.ask(losses, ask, self._page.refuse)

    def _delete_case(self, case_id: int) -> None:
        self._change(partial(case_facts.delete_case, case_id=case_id), _nothing_more)

    def _delete_visit(self, visit_id: int) -> None:
        self._change(partial(case_facts.delete_visit, visit_id=visit_id), _nothing_more)


def _look(library: Library, search: str, case_id: int | None) -> _Seen:
    visits = library.visits.of_case(case_id) if case_id is not None else []
    return _Seen(library.cases.list(search), case_id, visits)


def _nothing_more(_answer: None) -> None:
    """What was deleted is gone from what is shown next."""
