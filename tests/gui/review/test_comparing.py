"""Who marks first, and what two reviews of the same video have in common."""

from __future__ import annotations

import dataclasses

from pytestqt.qtbot import QtBot

from gui.review.keeping import Keeper, Unkept
from gui.review.reviewing import Reviewing
from gui.review.second_opinion import SecondOpinion
from gui.worker import Crew
from screening.library import records
from screening.records import Result
from tests.gui.driving import wait
from tests.gui.review.reviewer import RESULT


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
    reviewing.select(tuple(item.target for item in reviewing.items if item.label_id == 3))
    reviewing.comment("the left hand only")
    reviewing.reveal()
    # Then what both saw is one episode, at the clinician's times, and not two
    by_label = {label_id: [i for i in reviewing.items if i.label_id == label_id] for label_id in (3, 7, 8)}
    assert [item.state for item in by_label[8]] == ["accepted"]
    assert sorted(item.state for item in by_label[3]) == ["corrected", "open"]
    assert [item.state for item in by_label[7]] == ["added"]
    # with what was remarked about it
    assert [item.comments for item in by_label[3] if item.state == "corrected"] == [("the left hand only",)]
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
    assert (comparison.first, comparison.second, comparison.undecided) == (
        "Dr An",
        "Dr Binh",
        (len(RESULT.episodes), 0),
    )
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
