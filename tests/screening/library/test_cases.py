"""Cases and visits, against a model made of dictionaries."""

from __future__ import annotations

import dataclasses
import datetime as dt
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from screening.errors import WrongUsage
from screening.language import load
from screening.library import Library
from screening.library.records import Case, Consent, Month

NAMES = st.sampled_from(["K-1", "k-1", "Bông", "bóng", "  K-2 ", "Bo\u0302ng", "Đức"]) | st.text(max_size=6)
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
BIRTHS = st.none() | st.builds(Month, st.integers(1990, 2099), st.integers(1, 12))
CONSENTS = st.none() | st.builds(Consent, st.text(max_size=8), st.text(max_size=8), DAYS)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.sqlite") as library:
        yield library


@pytest.mark.parametrize("search", ["bong", "BÔNG", "Bông", "  ông ", "g-0147"])
def test_search_does_not_ask_for_case_or_accents(library: Library, search: str) -> None:
    library.cases.add("Bé Bông-0147")
    library.cases.add("Đức")
    assert [line.case.pseudonym for line in library.cases.list(search)] == ["Bé Bông-0147"]


def test_search_takes_signs_for_what_they_are(library: Library) -> None:
    library.cases.add("100%")
    library.cases.add("Đức")
    assert [line.case.pseudonym for line in library.cases.list("%")] == ["100%"]
    assert [line.case.pseudonym for line in library.cases.list("duc")] == ["Đức"]
    assert library.cases.list("_") == []


def test_the_latest_visit_comes_first_and_a_case_without_visits_last(library: Library) -> None:
    for name, day in (("a", None), ("b", 1), ("c", 3), ("d", 2)):
        case = library.cases.add(name)
        if day:
            library.visits.add(case.id, dt.date(2026, 11, day))
    assert [line.case.pseudonym for line in library.cases.list()] == ["c", "d", "b", "a"]


def test_a_pseudonym_belongs_to_one_child_and_the_sentence_names_it(library: Library) -> None:
    library.cases.add("Bông")
    other = library.cases.add("Na")
    for change in (lambda: library.cases.add("BÔNG"), lambda: library.cases.update(_renamed(other, " bông"))):
        with pytest.raises(WrongUsage, match=r"already a case “(BÔNG|bông)”") as refused:
            change()
        assert refused.value.sentence(load("en")) == str(refused.value)
    assert library.cases.get(other.id).pseudonym == "Na"
    with pytest.raises(WrongUsage, match="needs a pseudonym"):
        library.cases.add("  ")


def test_no_month_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="month"):
        Month(2021, 13)


def _renamed(case: Case, pseudonym: str) -> Case:
    return dataclasses.replace(case, pseudonym=pseudonym)


class _CasesAndVisits(RuleBasedStateMachine):
    """Any order of adding, changing, deleting and reopening leaves what a dictionary would hold."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "library.sqlite"
        self.library = Library(self.path)
        self.cases: dict[int, Case] = {}
        self.visits: dict[int, tuple[int, dt.date, str, dict[str, object]]] = {}

    def teardown(self) -> None:
        self.library.close()
        self.folder.cleanup()

    def _refuses(self, name: str, me: int | None) -> bool:
        others = {_same(case.pseudonym) for case in self.cases.values() if case.id != me}
        return not name.strip() or _same(name) in others

    @rule(name=NAMES, born=BIRTHS, consent=CONSENTS, notes=st.text(max_size=8))
    def add_case(self, name: str, born: Month | None, consent: Consent | None, notes: str) -> None:
        if self._refuses(name, None):
            with pytest.raises(WrongUsage):
                self.library.cases.add(name)
            return
        case = self.library.cases.add(name, born=born, consent=consent, notes=notes)
        assert case == Case(case.id, _tidy(name), born, consent, notes)
        assert case.id not in self.cases
        self.cases[case.id] = case

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), name=NAMES, born=BIRTHS, consent=CONSENTS)
    def change_case(self, data: st.DataObject, name: str, born: Month | None, consent: Consent | None) -> None:
        case = self.cases[data.draw(st.sampled_from(sorted(self.cases)))]
        changed = dataclasses.replace(case, pseudonym=name, born=born, consent=consent)
        if self._refuses(name, case.id):
            with pytest.raises(WrongUsage):
                self.library.cases.update(changed)
            return
        self.cases[case.id] = self.library.cases.update(changed)
        assert self.cases[case.id] == dataclasses.replace(changed, pseudonym=_tidy(name))

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), day=DAYS, notes=st.text(max_size=8))
    def add_visit(self, data: st.DataObject, day: dt.date, notes: str) -> None:
        case_id = data.draw(st.sampled_from(sorted(self.cases)))
        visit = self.library.visits.add(case_id, day, notes)
        self.visits[visit.id] = (case_id, day, notes, {})

    @precondition(lambda self: self.visits)
    @rule(data=st.data(), day=DAYS, page=st.text(max_size=5), cursor=st.floats(0, 7200))
    def change_visit(self, data: st.DataObject, day: dt.date, page: str, cursor: float) -> None:
        visit_id = data.draw(st.sampled_from(sorted(self.visits)))
        case_id, _, notes, _ = self.visits[visit_id]
        left_at: dict[str, object] = {"page": page, "cursor_s": cursor}
        self.library.visits.update(dataclasses.replace(self.library.visits.get(visit_id), date=day))
        self.library.visits.leave(visit_id, left_at)
        self.visits[visit_id] = (case_id, day, notes, left_at)

    @precondition(lambda self: self.cases)
    @rule(data=st.data())
    def delete_case(self, data: st.DataObject) -> None:
        case_id = data.draw(st.sampled_from(sorted(self.cases)))
        self.library.cases.delete(case_id)
        del self.cases[case_id]
        self.visits = {key: visit for key, visit in self.visits.items() if visit[0] != case_id}

    @precondition(lambda self: self.visits)
    @rule(data=st.data())
    def delete_visit(self, data: st.DataObject) -> None:
        visit_id = data.draw(st.sampled_from(sorted(self.visits)))
        self.library.visits.delete(visit_id)
        del self.visits[visit_id]

    @rule()
    def reopen(self) -> None:
        self.library.close()
        self.library = Library(self.path)

    @invariant()
    def the_library_holds_what_the_model_holds(self) -> None:
        lines = self.library.cases.list()
        assert {line.case.id: line.case for line in lines} == self.cases
        for line in lines:
            mine = {key: visit for key, visit in self.visits.items() if visit[0] == line.case.id}
            assert line.visits == len(mine)
            assert line.last_visit == max((day for _, day, _, _ in mine.values()), default=None)
            there = [summary.visit for summary in self.library.visits.of_case(line.case.id)]
            assert {v.id: (v.case_id, v.date, v.notes, v.left_at) for v in there} == mine
            assert [v.date for v in there] == sorted((v.date for v in there), reverse=True)


def _tidy(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip()


def _same(name: str) -> str:
    return unicodedata.normalize("NFC", _tidy(name).casefold())


TestCasesAndVisits = _CasesAndVisits.TestCase
TestCasesAndVisits.settings = settings(
    max_examples=6, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
