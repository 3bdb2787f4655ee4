"""Every decision is kept in its order; undo and redo go on after a restart; what was marked first stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.library import Library
from screening.records import Decision
from tests.screening import results


def decision(n: int) -> Decision:
    return Decision(f"m{n}", "adjust", "Bs. Hà", "2026-11-22T09:30:00+00:00", start_s=n / 3, end_s=n + 0.1, comment="ờ")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reviews") / "library.sqlite"


@pytest.fixture(scope="module")
def analysis_id(path: Path) -> int:
    (path.parent / "a.mp4").write_bytes(b"film")
    with Library(path) as library:
        visit = library.visits.add(library.cases.add("K-0147").id, dt.date(2026, 11, 22))
        video = library.videos.add(visit.id, path.parent / "a.mp4")
        return library.analyses.add(video.id, results.pack_info(), results.profile()).id


@pytest.fixture
def library(path: Path, analysis_id: int) -> Iterator[Library]:
    with Library(path) as library:
        yield library
        for review in library.reviews.of_analysis(analysis_id):
            library.reviews.delete(review.id)


def test_the_clinician_goes_on_where_the_review_was_left(path: Path, analysis_id: int) -> None:
    with Library(path) as library:
        review = library.reviews.begin(analysis_id, "Bs. Hà")
        library.reviews.decide(review.id, [decision(1)])
        library.reviews.decide(review.id, [decision(2), decision(3)])
        library.reviews.undo(review.id)
    with Library(path) as library:
        review = library.reviews.begin(analysis_id, "Bs. Hà", mark_first=True)  # there is one: it stays as it is
        assert not review.mark_first
        assert review.decisions == (decision(1),)
        assert (review.can_undo, review.can_redo) == (True, True)
        assert library.reviews.redo(review.id).decisions == (decision(1), decision(2), decision(3))
        library.reviews.delete(review.id)


def test_two_reviewers_do_not_meet(library: Library, analysis_id: int) -> None:
    one = library.reviews.begin(analysis_id, "Bs. Hà")
    two = library.reviews.begin(analysis_id, "Bs. Minh", mark_first=True)
    library.reviews.decide(one.id, [decision(1)])
    library.reviews.decide(two.id, [decision(2)])
    kept = library.reviews.of_analysis(analysis_id)
    assert [(r.reviewer, r.mark_first, r.decisions) for r in kept] == [
        ("Bs. Hà", False, (decision(1),)),
        ("Bs. Minh", True, (decision(2),)),
    ]


def test_what_was_marked_before_the_answer_was_seen_cannot_be_undone(library: Library, analysis_id: int) -> None:
    review = library.reviews.begin(analysis_id, "Bs. Hà", mark_first=True)
    assert review.hides_model
    library.reviews.decide(review.id, [decision(1)])
    review = library.reviews.reveal(review.id)
    assert (review.hides_model, review.revealed, review.can_undo) == (False, 1, False)
    assert library.reviews.undo(review.id) == review
    library.reviews.decide(review.id, [decision(2)])
    assert library.reviews.reveal(review.id).revealed == 1
    assert library.reviews.undo(review.id).decisions == (decision(1),)


def test_nothing_is_revealed_to_one_who_saw_it_from_the_start(library: Library, analysis_id: int) -> None:
    review = library.reviews.begin(analysis_id, "Bs. Hà")
    with pytest.raises(LookupError):
        library.reviews.reveal(review.id)


def test_a_finished_review_is_open_again_with_the_next_change(library: Library, analysis_id: int) -> None:
    review = library.reviews.begin(analysis_id, "Bs. Hà")
    assert library.reviews.finish(review.id).finished is not None
    assert library.reviews.undo(review.id).finished is not None  # nothing to undo: nothing changed
    assert library.reviews.decide(review.id, []).finished is not None
    assert library.reviews.decide(review.id, [decision(1)]).finished is None


@settings(max_examples=10, deadline=None)
@given(moves=st.lists(st.sampled_from(["do", "do", "do", "undo", "undo", "redo", "reopen"]), max_size=25))
def test_any_order_of_steps_is_what_two_stacks_would_hold(path: Path, analysis_id: int, moves: list[str]) -> None:
    library = Library(path)
    review = library.reviews.begin(analysis_id, "any order")
    done: list[Decision] = []
    undone: list[Decision] = []
    for n, move in enumerate(moves):
        if move == "do":
            review = library.reviews.decide(review.id, [decision(n)])
            done.append(decision(n))
            undone = []
        elif move == "undo":
            review = library.reviews.undo(review.id)
            if done:
                undone.append(done.pop())
        elif move == "redo":
            review = library.reviews.redo(review.id)
            if undone:
                done.append(undone.pop())
        else:
            library.close()
            library = Library(path)
            assert library.reviews.get(review.id) == review
        assert review.decisions == tuple(done)
        assert [step for (step,) in review.steps[review.position :]] == undone[::-1]
        assert (review.can_undo, review.can_redo) == (bool(done), bool(undone))
    library.reviews.delete(review.id)
    library.close()
