"""A clinician reviews what the model found: decisions in order, undo and redo, and which episodes count in the end."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening import review
from screening.errors import WrongUsage
from screening.records import Decision, Episode, Verdict
from screening.review import History, Review
from tests.screening import results

LABELS = frozenset(range(1, 6))
FOUND = (
    Episode(1, 10.0, 14.0, 0.9, 0.7),
    Episode(2, 20.0, 26.0, 0.8, 0.6),
    Episode(3, 24.0, 30.0, 0.7, 0.6),
)


def decide(
    target: str,
    verdict: Verdict,
    label_id: int | None = None,
    start_s: float | None = None,
    end_s: float | None = None,
    comment: str = "",
    reviewer: str = "Dr An",
) -> Decision:
    return Decision(target, verdict, reviewer, "2026-11-22T09:00:00Z", label_id, start_s, end_s, comment)


@pytest.fixture
def fresh() -> Review:
    return review.begin(FOUND, LABELS, 0.0, 60.0)


# ------------------------------------------------------------------------------------------------ what stands


def test_while_nothing_is_decided_the_models_answer_stands(fresh: Review) -> None:
    assert [item.target for item in fresh.open] == ["m0", "m1", "m2"]
    assert review.episodes(fresh) == FOUND


def test_a_whole_review_leaves_what_the_clinician_means(fresh: Review) -> None:
    # When one is accepted, one rejected, one relabelled and moved, one added and one added by mistake
    after = fresh.after(
        [
            decide("m0", "accept"),
            decide("m1", "reject"),
            decide("m2", "relabel", 4),
            decide("m2", "adjust", start_s=23.0, end_s=29.0),
            decide("c0", "add", 5, 40.0, 44.0),
            decide("c1", "add", 5, 50.0, 51.0),
            decide("c1", "reject"),
        ]
    )
    # Then each says what became of it, and what counts is the clinician's
    states = {target: item.state for target, item in after.reviewed.items()}
    assert states == {
        "m0": "accepted", "m1": "rejected", "m2": "corrected", "c0": "added", "c1": "rejected",
    }  # fmt: skip
    assert review.episodes(after) == (
        FOUND[0],
        Episode(4, 23.0, 29.0, None, None, "clinician"),
        Episode(5, 40.0, 44.0, None, None, "clinician"),
    )
    assert not after.open
    # And the review that came before is as it was
    assert review.episodes(fresh) == FOUND


def test_a_rejected_episode_keeps_its_correction_and_accept_restores_it(fresh: Review) -> None:
    rejected = fresh.after([decide("m0", "relabel", 5), decide("m0", "reject")])
    assert (rejected.reviewed["m0"].state, rejected.reviewed["m0"].label_id) == ("rejected", 5)
    restored = rejected.after([decide("m0", "accept")])
    assert (restored.reviewed["m0"].state, restored.reviewed["m0"].label_id) == ("corrected", 5)


def test_correcting_a_rejected_episode_says_that_it_is_there(fresh: Review) -> None:
    rejected = fresh.after([decide("m0", "reject"), decide("m1", "reject")])
    after = rejected.after([decide("m0", "adjust", start_s=10.0, end_s=12.0), decide("m1", "relabel", 5)])
    assert [after.reviewed[target].state for target in ("m0", "m1")] == ["corrected", "corrected"]


def test_corrected_back_to_what_the_model_said_is_accepted(fresh: Review) -> None:
    after = fresh.after([decide("m0", "relabel", 5), decide("m0", "relabel", 1)])
    assert after.reviewed["m0"].state == "accepted"
    assert review.episodes(after) == FOUND  # with the model's peak and mean


def test_an_added_episode_can_be_corrected(fresh: Review) -> None:
    after = fresh.after(
        [
            decide("c0", "add", 1, 40.0, 44.0),
            decide("c0", "relabel", 2),
            decide("c0", "adjust", start_s=41.0, end_s=45.0),
            decide("c0", "accept"),
        ]
    )
    assert after.reviewed["c0"].state == "added"
    assert review.episodes(after)[-1] == Episode(2, 41.0, 45.0, None, None, "clinician")


def test_comments_are_kept_in_order_and_decide_nothing(fresh: Review) -> None:
    after = fresh.after(
        [
            decide("m0", "comment", comment="Sun in the lens?"),
            decide("m0", "comment", comment="No.", reviewer="Dr Bình"),
        ]
    )
    item = after.reviewed["m0"]
    assert item.comments == ("Sun in the lens?", "No.")
    assert item.reviewer == "Dr Bình"
    assert item.state == "open"
    # A remark that comes with a decision is a comment, too
    item = after.after([decide("m0", "reject", comment="It is the sun.")]).reviewed["m0"]
    assert item.comments[-1] == "It is the sun."


def test_marking_first_and_then_seeing_the_models_answer() -> None:
    # Given marks made while the model's episodes were hidden
    marks = [decide("c0", "add", 1, 11.0, 14.0), decide("c1", "add", 4, 50.0, 55.0)]
    blind = review.begin((), LABELS, 0.0, 60.0).after(marks)
    assert len(review.episodes(blind)) == 2
    # When the model's are shown, the same decisions still stand
    seen = review.begin(FOUND, LABELS, 0.0, 60.0).after(marks)
    assert set(review.episodes(seen)) == {*FOUND, *review.episodes(blind)}
    assert seen.next_target == "c2"


def test_an_analysis_is_reviewed_from_its_result() -> None:
    result = results.ten_minutes()
    ids = [label.id for label in result.pack.labels]
    start = review.begin(result.episodes, ids, result.video.start_s, result.video.end_s)
    assert review.episodes(start) == tuple(sorted(result.episodes, key=lambda e: (e.start_s, e.end_s, e.label_id)))


def test_an_episode_of_the_last_window_may_reach_past_the_end() -> None:
    # Given the model's last window ends a little after the part of the video that was asked for
    start = review.begin([Episode(1, 58.0, 60.3, 0.9, 0.8)], LABELS, 0.0, 60.0)
    # Then moving its start alone keeps its end
    after = start.after([decide("m0", "adjust", start_s=59.0, end_s=60.3)])
    assert after.reviewed["m0"].state == "corrected"


# ------------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        (decide("m3", "accept"), "no episode “m3”"),
        (decide("c0", "reject"), "no episode “c0”"),
        (decide("c1", "add", 1, 2.0, 3.0), "“c0” comes next"),
        (decide("m0", "add", 1, 2.0, 3.0), "cannot be added"),
        (decide("c0", "add", None, 2.0, 3.0), "behaviour is missing"),
        (decide("c0", "add", 1, 2.0), "A time is missing"),
        (decide("m0", "relabel"), "behaviour is missing"),
        (decide("m0", "relabel", 99), "Behaviour 99"),
        (decide("m0", "adjust", start_s=12.0), "A time is missing"),
        (decide("m0", "adjust", start_s=12.0, end_s=12.0), "end after it starts"),
        (decide("m0", "adjust", start_s=12.0, end_s=float("nan")), "A time is missing"),
        (decide("m0", "adjust", start_s=-1.0, end_s=12.0), "within the part of the video"),
        (decide("m0", "adjust", start_s=12.0, end_s=61.0), "within the part of the video"),
        (decide("m0", "comment", comment="  "), "comment is empty"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_in_one_sentence(fresh: Review, decision: Decision, says: str) -> None:
    with pytest.raises(WrongUsage, match=says):
        History(fresh).do([decide("m1", "reject"), decision])
    assert review.episodes(fresh) == FOUND


# ------------------------------------------------------------------------------------------------ undo and redo


def test_several_episodes_rejected_together_come_back_together(fresh: Review) -> None:
    done = History(fresh).do([decide("m0", "reject"), decide("m2", "reject")])
    assert review.episodes(done.review) == (FOUND[1],)
    assert review.episodes(done.undo().review) == FOUND


def test_doing_something_new_gives_up_what_was_undone(fresh: Review) -> None:
    history = History(fresh).do([decide("c0", "add", 1, 2.0, 3.0)]).undo()
    assert history.can_redo
    # The name of the undone one is free again
    history = history.do([decide(history.review.next_target, "add", 2, 4.0, 5.0)])
    assert not history.can_redo
    assert history.review.reviewed["c0"].label_id == 2


def test_at_either_end_there_is_nothing_to_undo_or_redo(fresh: Review) -> None:
    start = History(fresh)
    assert not start.can_undo
    assert not start.can_redo
    assert start.undo() is start
    assert start.redo() is start
    assert start.do([]) is start


def test_a_history_cannot_stand_behind_its_last_step(fresh: Review) -> None:
    with pytest.raises(ValueError, match="2 of 1"):
        History(fresh, ((decide("m0", "accept"),),), 2)


# ------------------------------------------------------------------------------------------------ for every review


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Some found episodes and some steps, each of which fits what stands when it is done; some undone in between."""
    found = []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, 50))
        found.append(Episode(draw(st.sampled_from(sorted(LABELS))), start, start + draw(st.integers(1, 9)), 0.9, 0.5))
    history = History(review.begin(found, LABELS, 0.0, 60.0))
    for _ in range(draw(st.integers(0, 8))):
        history = history.do(draw(steps(history.review)))
        if draw(st.integers(0, 3)) == 0:
            history = history.undo()
    return history


@st.composite
def steps(draw: st.DrawFn, now: Review) -> tuple[Decision, ...]:
    start = draw(st.integers(0, 58))
    label_id, start_s, end_s = (
        draw(st.sampled_from(sorted(LABELS))),
        float(start),
        float(draw(st.integers(start + 1, 60))),
    )
    if not now.reviewed or draw(st.booleans()):
        return (decide(now.next_target, "add", label_id, start_s, end_s),)
    targets = draw(st.lists(st.sampled_from(sorted(now.reviewed)), min_size=1, max_size=3))
    verdict: Verdict = draw(st.sampled_from(["accept", "reject", "relabel", "adjust", "comment"]))
    return tuple(decide(target, verdict, label_id, start_s, end_s, "seen") for target in targets)


@settings(deadline=None)
@given(histories(), st.data())
def test_undo_takes_back_exactly_what_was_done_and_redo_brings_it_again(history: History, data: st.DataObject) -> None:
    done = history.do(data.draw(steps(history.review)))
    assert done.undo().review == history.review
    assert done.undo().redo() == done
    assert done.undo().redo().review == done.review


@settings(deadline=None)
@given(histories())
def test_everything_can_be_undone_down_to_what_the_model_said(history: History) -> None:
    while history.can_undo:
        history = history.undo()
    assert history.review == history.base
    while history.can_redo:
        history = history.redo()
    assert history.position == len(history.steps)


@settings(deadline=None)
@given(histories())
def test_a_kept_history_is_the_same_again(history: History) -> None:
    again = History(history.base, history.steps, history.position)
    assert again == history
    assert again.review == history.review == history.base.after(history.decisions)


@settings(deadline=None)
@given(histories())
def test_no_decision_changes_what_the_model_found(history: History) -> None:
    before = [dataclasses.asdict(item.original) for item in history.base.reviewed.values() if item.original]
    now = [dataclasses.asdict(item.original) for item in history.review.reviewed.values() if item.original]
    assert now == before


@settings(deadline=None)
@given(histories())
def test_what_counts_is_all_but_the_rejected_and_says_whose_it_is(history: History) -> None:
    items = history.review.reviewed.values()
    kept = [item for item in items if item.state != "rejected"]
    counting = review.episodes(history.review)
    assert len(counting) == len(kept)
    assert list(counting) == sorted(counting, key=lambda e: e.start_s)
    clinicians = [item for item in kept if item.state in ("corrected", "added")]
    assert sum(episode.source == "clinician" for episode in counting) == len(clinicians)
    assert all(episode.peak is None for episode in counting if episode.source == "clinician")
