"""A review under the clinician's hands: every action can be undone, and is kept alike with and without a library."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from gui.librarian import Librarian
from gui.review.keeping import Keeper, Kept, Otherwise, Then, Unkept
from gui.review.reviewing import Reviewing
from gui.review.second_opinion import SecondOpinion
from gui.worker import Crew
from screening import review
from screening.errors import CannotWrite, ScreeningError
from screening.library import Library, records
from screening.records import Episode, Result
from tests.gui.driving import wait
from tests.screening import results

RESULT = results.ten_minutes()


class AtOnce:
    """Stands for the librarian: the same questions, answered on the spot."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def ask(self, work: Callable[[Library], Any], then: Callable[[Any], None], otherwise: Otherwise) -> None:
        then(work(self._library))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library(tmp_path_factory.mktemp("library") / "library.sqlite") as library:
        yield library


@pytest.fixture(scope="module")
def analysis_id(library: Library, tmp_path_factory: pytest.TempPathFactory) -> int:
    film = tmp_path_factory.mktemp("films") / "a.mp4"
    film.write_bytes(b"film")
    visit = library.visits.add(library.cases.add("K-0147").id, dt.date(2026, 11, 22))
    return library.analyses.add(library.videos.add(visit.id, film).id, results.pack_info(), results.profile()).id


@pytest.fixture
def unkept() -> Unkept:
    return Unkept("Dr An")


@pytest.fixture
def reviewing(unkept: Unkept) -> Reviewing:
    """A review of thirteen episodes, begun, nothing decided."""
    reviewing = Reviewing()
    reviewing.begin(RESULT, unkept.review, unkept)
    return reviewing


def states(reviewing: Reviewing) -> dict[str, str]:
    return {item.target: item.state for item in reviewing.items}


# ------------------------------------------------------------------------------------------------ undo and redo

spans = st.tuples(st.integers(0, 5000), st.integers(1, 900)).map(lambda s: (s[0] / 10, (s[0] + s[1]) / 10))
labels = st.sampled_from([1, 2, 3, 25])
actions = st.one_of(
    st.just(("accept",)),
    st.just(("reject",)),
    st.tuples(st.just("relabel"), labels),
    st.tuples(st.just("comment"), st.sampled_from(["hard to see", "nhìn không rõ"])),
    st.tuples(st.just("add"), labels, spans).map(lambda a: (a[0], a[1], *a[2])),
    spans.map(lambda s: ("adjust_current", *s)),
    st.just(("undo",)),
    st.just(("redo",)),
    st.tuples(st.just("move"), st.sampled_from([-1, 1, 3])),
    st.just(("select_all",)),
)


def act(reviewing: Reviewing, action: tuple[Any, ...]) -> None:
    name, *rest = action
    if name == "adjust_current":
        reviewing.adjust_current(start_s=rest[0], end_s=rest[1])
    else:
        getattr(reviewing, name)(*rest)


@settings(deadline=None, max_examples=60)
@given(st.lists(actions, max_size=14))
def test_as_many_undos_give_the_beginning_and_redos_the_end(sequence: list[tuple[Any, ...]]) -> None:
    # Given a review of which anything was decided, undone and redone
    unkept = Unkept("Dr An")
    reviewing = Reviewing()
    reviewing.begin(RESULT, unkept.review, unkept)
    beginning = reviewing.stands
    for action in sequence:
        act(reviewing, action)
    while reviewing.can_redo:
        reviewing.redo()
    end, steps = reviewing.stands, len(unkept.review.steps)
    # When all of it is undone, then nothing is decided; when all is redone, everything is as it was
    for _step in range(steps):
        reviewing.undo()
    assert reviewing.stands == beginning
    assert not reviewing.can_undo
    for _step in range(steps):
        reviewing.redo()
    assert reviewing.stands == end
    assert not reviewing.can_redo


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=st.lists(actions, max_size=8), mark_first=st.booleans(), reveal_at=st.integers(0, 8))
def test_kept_and_unkept_agree_and_a_review_opened_again_stands_where_it_was(
    library: Library, analysis_id: int, sequence: list[tuple[Any, ...]], mark_first: bool, reveal_at: int
) -> None:
    record = library.reviews.begin(
        analysis_id, f"Dr {len(library.reviews.of_analysis(analysis_id))}", mark_first=mark_first
    )
    unkept = Unkept(record.reviewer, mark_first=mark_first)
    kept, other = Reviewing(), Reviewing()
    kept.begin(RESULT, record, Kept(AtOnce(library), record.id))  # type: ignore[arg-type]
    other.begin(RESULT, unkept.review, unkept)
    for i, action in enumerate(sequence):
        for reviewing in (kept, other):
            if i == reveal_at:
                reviewing.reveal()
            act(reviewing, action)
    # Both stand alike, but for the second in which a decision was made
    assert [reviewed(item) for item in kept.items] == [reviewed(item) for item in other.items]
    assert (kept.can_undo, kept.can_redo, kept.selected) == (other.can_undo, other.can_redo, other.selected)
    # And opened again tomorrow it is the same review
    again = Reviewing()
    again.begin(RESULT, library.reviews.get(record.id), Kept(AtOnce(library), record.id))  # type: ignore[arg-type]
    assert again.stands == kept.stands
    assert (again.can_undo, again.can_redo) == (kept.can_undo, kept.can_redo)


def reviewed(item: review.Reviewed) -> tuple[Any, ...]:
    return item.target, item.state, item.label_id, item.start_s, item.end_s, item.comments


def test_a_refused_step_leaves_everything_as_it_was(reviewing: Reviewing, qtbot: QtBot) -> None:
    before = reviewing.stands
    with qtbot.waitSignal(reviewing.failed) as told:
        reviewing.add(1, 20.0, 20.0)
    assert "must end after it starts" in told.args[0].sentence(str)
    assert reviewing.stands == before
    assert not reviewing.can_undo


# ------------------------------------------------------------------------------------------------ going through


def test_after_a_decision_the_next_open_episode_is_there(reviewing: Reviewing) -> None:
    # Given the first of the model's episodes is selected, and the player goes wherever the review goes
    places: list[float] = []
    reviewing.jumped.connect(places.append)
    first, second, third = (item.target for item in reviewing.items[:3])
    assert reviewing.selected == (first,)
    # When the first is accepted and the third decided before the second
    reviewing.accept()
    assert reviewing.selected == (second,)
    reviewing.select((third,))
    reviewing.reject()
    # Then the review goes on after it; from the last one it comes back to what was left open
    assert reviewing.current == reviewing.items[3]
    reviewing.select((reviewing.items[-1].target,))
    reviewing.accept()
    assert reviewing.selected == (second,)
    assert places[-1] == reviewing.items[1].start_s


def test_several_are_decided_in_one_step(reviewing: Reviewing, unkept: Unkept) -> None:
    reviewing.select_all()
    reviewing.relabel(5)
    assert {item.label_id for item in reviewing.items} == {5}
    assert len(unkept.review.steps) == 1
    reviewing.undo()
    assert set(states(reviewing).values()) == {"open"}
    assert len(reviewing.selected) == len(reviewing.items)  # what was undone is shown


def test_marking_adds_an_episode_of_the_chosen_behaviour_and_leaves_the_player(reviewing: Reviewing) -> None:
    places: list[float] = []
    reviewing.choose(4)
    reviewing.jumped.connect(places.append)
    reviewing.mark(304.0)
    reviewing.mark(301.5)  # the player went back in between: the earlier time is the onset
    added = reviewing.current
    assert added is not None
    assert (added.state, added.label_id, added.start_s, added.end_s) == ("added", 4, 301.5, 304.0)
    assert not places
    reviewing.mark(310.0)
    reviewing.give_up_mark()
    assert len(reviewing.items) == len(RESULT.episodes) + 1
    # What was added and is rejected is gone, and comes back with undo
    reviewing.reject()
    assert len(reviewing.items) == len(RESULT.episodes)
    reviewing.undo()
    assert reviewing.current == added


def test_the_index_follows_the_review_and_the_models_stays(reviewing: Reviewing) -> None:
    assert reviewing.indicators == reviewing.model_indicators
    before = reviewing.model_indicators
    reviewing.select_all()
    reviewing.reject()
    assert reviewing.indicators is not None
    assert reviewing.indicators.weight_met == 0
    assert reviewing.model_indicators == before


# ------------------------------------------------------------------------------------------------ keeping


class Slow:
    """Keeps like `Unkept`, but answers only when the disk is ready."""

    def __init__(self) -> None:
        self.unkept = Unkept("Dr An")
        self.waiting: list[Callable[[], None]] = []
        self.broken = False

    def _later(self, work: Callable[..., None], *given: Any) -> None:
        *rest, then, otherwise = given
        if self.broken:
            self.waiting.append(lambda: otherwise(CannotWrite("The disk is full.")))
        else:
            self.waiting.append(lambda: work(*rest, then, otherwise))

    def decide(self, step: records.Step, then: Then, otherwise: Otherwise) -> None:
        self._later(self.unkept.decide, step, then, otherwise)

    def undo(self, then: Then, otherwise: Otherwise) -> None:
        self._later(self.unkept.undo, then, otherwise)

    def redo(self, then: Then, otherwise: Otherwise) -> None:
        self._later(self.unkept.redo, then, otherwise)

    def reveal(self, then: Then, otherwise: Otherwise) -> None:
        self._later(self.unkept.reveal, then, otherwise)

    def finish(self, then: Then, otherwise: Otherwise) -> None:
        self._later(self.unkept.finish, then, otherwise)

    def answer(self) -> None:
        self.waiting.pop(0)()


def test_keys_pressed_faster_than_the_disk_writes_each_find_what_the_last_one_left() -> None:
    slow = Slow()
    reviewing = Reviewing()
    reviewing.begin(RESULT, slow.unkept.review, slow)
    first, second, third = (item.target for item in reviewing.items[:3])
    # When A, A, R come before the first answer, nothing is shown as done yet
    reviewing.accept()
    reviewing.accept()
    reviewing.reject()
    assert states(reviewing)[first] == "open"
    # Then each is done in its turn, on the episode that the one before went on to
    for _answer in range(3):
        slow.answer()
    now = states(reviewing)
    assert (now[first], now[second], now[third]) == ("accepted", "accepted", "rejected")


def test_what_cannot_be_kept_is_not_shown_and_nothing_is_lost(qtbot: QtBot) -> None:
    slow = Slow()
    reviewing = Reviewing()
    reviewing.begin(RESULT, slow.unkept.review, slow)
    slow.broken = True
    reviewing.accept()
    reviewing.accept()
    told: list[ScreeningError] = []
    reviewing.failed.connect(told.append)
    slow.answer()
    assert [str(error) for error in told] == ["The disk is full."]
    assert set(states(reviewing).values()) == {"open"}
    slow.broken = False
    reviewing.accept()
    slow.answer()
    assert reviewing.items[0].state == "accepted"


def test_an_answer_for_a_review_that_was_left_changes_nothing() -> None:
    slow = Slow()
    reviewing = Reviewing()
    reviewing.begin(RESULT, slow.unkept.review, slow)
    reviewing.accept()
    other = Unkept("Dr Binh")
    reviewing.begin(RESULT, other.review, other)
    slow.answer()
    assert set(states(reviewing).values()) == {"open"}


def test_the_real_librarian_keeps_each_step(qtbot: QtBot, tmp_path: Path) -> None:
    film = tmp_path / "a.mp4"
    film.write_bytes(b"film")
    path = tmp_path / "library.sqlite"
    with Library(path) as library:
        visit = library.visits.add(library.cases.add("K-0147").id, dt.date(2026, 11, 22))
        analysis = library.analyses.add(library.videos.add(visit.id, film).id, results.pack_info(), results.profile())
        record = library.reviews.begin(analysis.id, "Dr An")
    crew = Crew()
    librarian = Librarian(crew)
    librarian.open(path)
    reviewing = Reviewing()
    reviewing.begin(RESULT, record, Kept(librarian, record.id))
    for _key in range(3):
        reviewing.accept()
    reviewing.undo()
    with qtbot.waitSignal(reviewing.finished):
        reviewing.finish()
    crew.dismiss()
    assert list(states(reviewing).values()).count("accepted") == 2
    with Library(path) as library:
        kept = library.reviews.get(record.id)
    assert (len(kept.steps), kept.position) == (3, 2)
    assert kept.finished


# ------------------------------------------------------------------------------------------------ mark first, compare


@pytest.fixture
def crew() -> Iterator[Crew]:
    crew = Crew()
    yield crew
    crew.dismiss()


def marks_first(keeper: Keeper, record: records.Review, result: Result = RESULT) -> Reviewing:
    """Somebody who marked two that the model found as well, one of them at other times, and one that it did not."""
    reviewing = Reviewing()
    reviewing.begin(result, record, keeper)
    found = {episode.label_id: episode for episode in result.episodes}
    reviewing.add(8, found[8].start_s, found[8].end_s)
    reviewing.add(3, found[3].start_s - 1.5, found[3].end_s)
    reviewing.add(7, 240.0, 244.0)
    return reviewing


def test_who_marks_first_sees_nothing_of_the_models_answer_until_it_is_revealed() -> None:
    unkept = Unkept("Dr An", mark_first=True)
    reviewing = marks_first(unkept, unkept.review)
    assert [item.state for item in reviewing.items] == ["added"] * 3
    reviewing.reveal()
    # Then what both saw is one episode, at the clinician's times, and not two
    by_label = {label_id: [i for i in reviewing.items if i.label_id == label_id] for label_id in (3, 7, 8)}
    assert [item.state for item in by_label[8]] == ["accepted"]
    assert sorted(item.state for item in by_label[3]) == ["corrected", "open"]
    assert [item.state for item in by_label[7]] == ["added"]
    # And the marks are fixed: only the joining can be undone
    reviewing.undo()
    assert not reviewing.can_undo
    assert len(reviewing.items) == len(RESULT.episodes) + 3


def test_marks_are_joined_once_also_after_a_restart_in_between() -> None:
    unkept = Unkept("Dr An", mark_first=True)
    marks_first(unkept, unkept.review)
    unkept.reveal(lambda _record: None, lambda _error: None)  # and here the power failed
    again = Reviewing()
    again.begin(RESULT, unkept.review, unkept)
    assert len(unkept.review.steps) == 4
    again.undo()
    once_more = Reviewing()
    once_more.begin(RESULT, unkept.review, unkept)
    assert len(unkept.review.steps) == 4
    assert len(once_more.items) == len(RESULT.episodes) + 3  # what was undone stays undone


def test_agreement_with_the_model_rests_on_what_was_marked_first(qtbot: QtBot, crew: Crew) -> None:
    unkept = Unkept("Dr An", mark_first=True)
    reviewing = marks_first(unkept, unkept.review)
    opinion = SecondOpinion(reviewing, crew)
    assert not opinion.with_model
    reviewing.reveal()
    wait(qtbot, lambda: opinion.comparison is not None)
    comparison = opinion.comparison
    assert comparison is not None
    overall = comparison.agreement.overall
    assert (overall.first, overall.second, overall.matched) == (3, len(RESULT.episodes), 2)
    # Accepting everything afterwards does not make the two agree better
    reviewing.select_all()
    reviewing.accept()
    assert opinion.comparison is comparison
    # And the places where they differ can be gone through, round and round
    places = [opinion.place for _press in range(len(comparison.disagreements) + 1) if opinion.next() is None]
    assert places == [*range(len(comparison.disagreements)), 0]


def test_two_reviewers_are_compared_and_the_comparison_follows_the_review(qtbot: QtBot, crew: Crew) -> None:
    mine, hers = Unkept("Dr An"), Unkept("Dr Binh")
    colleague = Reviewing()
    colleague.begin(RESULT, hers.review, hers)
    colleague.select_all()
    colleague.accept()
    colleague.add(7, 240.0, 244.0)
    reviewing = Reviewing()
    reviewing.begin(RESULT, mine.review, mine)
    opinion = SecondOpinion(reviewing, crew)
    other = dataclasses.replace(hers.review, id=7)
    opinion.show_others([mine.review, other])
    wait(qtbot, lambda: opinion.comparison is not None)
    comparison = opinion.comparison
    assert comparison is not None
    assert (comparison.first, comparison.second, comparison.undecided) == ("Dr An", "Dr Binh", len(RESULT.episodes))
    assert [place.kind for place in comparison.disagreements] == ["only_second"]
    # When I add what she saw, then we agree
    reviewing.add(7, 240.0, 244.0)
    wait(qtbot, lambda: opinion.comparison is not None and not opinion.comparison.disagreements)


def test_nobody_who_marks_first_is_shown_a_colleagues_review(crew: Crew) -> None:
    unkept = Unkept("Dr An", mark_first=True)
    reviewing = marks_first(unkept, unkept.review)
    opinion = SecondOpinion(reviewing, crew)
    other = records.Review(7, 0, "Dr Binh", "2026-11-22T09:00:00+00:00", False, None, (), 0, None)
    opinion.show_others([other])
    assert opinion.others == ()
    assert opinion.comparison is None


def test_a_result_without_episodes_can_be_reviewed() -> None:
    empty = dataclasses.replace(RESULT, episodes=())
    unkept = Unkept("Dr An")
    reviewing = Reviewing()
    reviewing.begin(empty, unkept.review, unkept)
    for action in (reviewing.accept, reviewing.reject, reviewing.undo, reviewing.redo, reviewing.select_all):
        action()
    reviewing.move(1)
    assert reviewing.selected == ()
    reviewing.add(1, 2.0, 4.0)
    assert review.episodes(reviewing.stands) == (Episode(1, 2.0, 4.0, None, None, "clinician"),)  # type: ignore[arg-type]
