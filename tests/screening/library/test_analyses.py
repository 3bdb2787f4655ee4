"""The queue, scores that come in pieces, and a result that another profile may revise."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.errors import VideoUnusable, WrongUsage
from screening.language import load
from screening.library import Library
from screening.library.analyses import Analyses
from screening.records import Decision, Result, ScoreTimeline
from tests.screening import results


@pytest.fixture(scope="module")
def result() -> Result:
    return results.ten_minutes(
        duration_s=60.0, dark=((20.0, 30.0),), episodes={1: ((4.0, 2.0), (34.0, 3.0)), 3: ((45.0, 5.0),)}
    )


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library(tmp_path_factory.mktemp("analyses") / "library.sqlite") as library:
        yield library


@pytest.fixture
def video_id(library: Library, tmp_path: Path) -> Iterator[int]:
    case = library.cases.add(tmp_path.name)
    (tmp_path / "a.mp4").write_bytes(b"film")
    yield library.videos.add(library.visits.add(case.id, dt.date(2026, 11, 22)).id, tmp_path / "a.mp4").id
    library.cases.delete(case.id)


@pytest.fixture
def analyses(library: Library) -> Analyses:
    return library.analyses


def part(scores: ScoreTimeline, begin: int, end: int) -> ScoreTimeline:
    return ScoreTimeline(
        scores.windows[begin:end],
        scores.probabilities[begin:end],
        scores.assessable[begin:end],
        scores.reasons[begin:end],
    )


def same(one: ScoreTimeline, other: ScoreTimeline) -> bool:
    return one.reasons == other.reasons and all(
        np.array_equal(getattr(one, name), getattr(other, name)) and getattr(one, name).dtype == dtype
        for name, dtype in (("windows", np.float64), ("probabilities", np.float32), ("assessable", np.bool_))
    )


def test_the_queue_can_be_reordered_and_left(analyses: Analyses, video_id: int, result: Result) -> None:
    one, two, three = (analyses.add(video_id, result.pack, result.profile).id for _ in range(3))
    analyses.reorder([three, one, two])
    analyses.start(three)
    analyses.cancel(one)
    four = analyses.add(video_id, result.pack, result.profile).id
    assert [(a.id, a.state) for a in analyses.unfinished()] == [(three, "running"), (two, "waiting"), (four, "waiting")]
    with pytest.raises(ValueError, match="the queue holds"):
        analyses.reorder([two])
    assert [a.id for a in analyses.of_video(video_id)] == [four, three, two, one]


@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_scores_come_back_bit_for_bit_however_they_were_cut(
    tmp_path_factory: pytest.TempPathFactory, library: Library, data: st.DataObject
) -> None:
    n, c = data.draw(st.integers(1, 20)), data.draw(st.integers(1, 5))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    reasons = tuple(data.draw(st.sampled_from([(), ("dark",), ("dark", "blurred")])) for _ in range(n))
    scores = ScoreTimeline(
        rng.random((n, 2)), rng.random((n, c)).astype(np.float32), np.array([not codes for codes in reasons]), reasons
    )
    cuts = sorted(data.draw(st.lists(st.integers(0, n), max_size=5)))
    file = tmp_path_factory.mktemp("clip") / "a.mp4"
    file.write_bytes(b"film")
    case = library.cases.add(file.parent.name)
    video = library.videos.add(library.visits.add(case.id, dt.date(2026, 1, 1)).id, file)
    whole = results.pack_info(), results.profile()
    analysis = library.analyses.add(video.id, *whole)
    library.analyses.start(analysis.id)
    for begin, end in zip([0, *cuts], [*cuts, n], strict=True):
        library.analyses.append(analysis.id, part(scores, begin, end), float(end))
    assert same(library.analyses.scores(analysis.id), scores)
    assert library.analyses.get(analysis.id).position_s == n
    library.cases.delete(case.id)


def test_the_whole_result_takes_the_place_of_the_pieces(analyses: Analyses, video_id: int, result: Result) -> None:
    analysis = analyses.start(analyses.add(video_id, result.pack, result.profile).id)
    analyses.append(analysis.id, part(result.scores, 0, 10), 5.0)
    assert analyses.result(analysis.id) is None

    done = analyses.finish(analysis.id, result)

    assert (done.state, done.position_s, done.pack, done.profile) == ("done", 60.0, result.pack, result.profile)
    assert done.ended is not None
    kept = analyses.result(analysis.id)
    assert kept is not None
    assert same(kept.scores, result.scores)
    assert dataclasses.replace(kept, scores=result.scores) == result


def test_a_failed_analysis_says_why_in_the_language_of_the_day_and_keeps_its_scores(
    analyses: Analyses, video_id: int, result: Result
) -> None:
    analysis = analyses.start(analyses.add(video_id, result.pack, result.profile).id)
    analyses.append(analysis.id, part(result.scores, 0, 4), 2.0)
    failed = analyses.fail(analysis.id, VideoUnusable("“{name}” ends after {end} s.", name="{a}.mp4", end=2.5))
    assert failed.failure is not None
    assert failed.failure.sentence(load("en")) == "“{a}.mp4” ends after 2.5 s."
    assert len(analyses.scores(analysis.id).windows) == 4

    again = analyses.start(analysis.id)

    assert (again.state, again.failure, again.position_s, again.ended) == ("running", None, 0.0, None)
    assert len(analyses.scores(analysis.id).windows) == 0


def test_steps_that_do_not_fit_the_state_are_mistakes_and_change_nothing(
    analyses: Analyses, video_id: int, result: Result
) -> None:
    waiting = analyses.add(video_id, result.pack, result.profile)
    for step in (
        lambda: analyses.append(waiting.id, result.scores, 1.0),
        lambda: analyses.finish(waiting.id, result),
        lambda: analyses.revise(waiting.id, result),
    ):
        with pytest.raises(ValueError, match="analysis"):
            step()
    assert analyses.get(waiting.id) == waiting
    analyses.start(waiting.id)
    done = analyses.finish(waiting.id, result)
    for later in (lambda: analyses.start(done.id), lambda: analyses.cancel(done.id)):
        with pytest.raises(ValueError, match="is done"):
            later()
    assert analyses.get(done.id) == done


def test_another_profile_revises_the_result_until_episodes_were_decided_about(
    library: Library, analyses: Analyses, video_id: int, result: Result
) -> None:
    analysis = analyses.start(analyses.add(video_id, result.pack, result.profile).id)
    analyses.finish(analysis.id, result)
    milder = dataclasses.replace(result, profile=dataclasses.replace(result.profile, name="milder", version=2))
    fewer = dataclasses.replace(milder, episodes=result.episodes[:-1])

    assert analyses.revise(analysis.id, fewer).profile.name == "milder"
    analyses.revise(analysis.id, milder)
    review = library.reviews.begin(analysis.id, "Bs. Hà")
    library.reviews.decide(review.id, [Decision("m0", "accept", "Bs. Hà", "2026-11-22T09:30:00+00:00")])
    with pytest.raises(WrongUsage, match="have been reviewed"):
        analyses.revise(analysis.id, fewer)
    assert analyses.revise(analysis.id, result).profile == result.profile  # same episodes: the review still fits
    kept = analyses.result(analysis.id)
    assert kept is not None
    assert same(kept.scores, result.scores)
