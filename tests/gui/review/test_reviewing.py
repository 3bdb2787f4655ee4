"""A review under the clinician's hands: every action can be undone, and is kept alike with and without a library."""

from __future__ import annotations

import dataclasses
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from gui.review.keeping import Kept, Unkept
from gui.review.reviewing import Reviewing
from screening import review
from screening.library import Library
from screening.records import Episode
from tests.gui.review.reviewer import RESULT, AtOnce, states

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
