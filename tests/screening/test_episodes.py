"""Scores become episodes: the grid, hysteresis, merging, coverage; by hand and by property."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import episodes
from screening.records import Episode, EpisodeRule, Label, ScoreTimeline

STEP = 8 / 15
LENGTH = 32 / 15
RULE = EpisodeRule(off_ratio=0.7, minimum_length_s=1.0, merge_gap_s=1.0)
NEAR = 1e-6


def label(label_id: int, threshold: float = 0.5, trained: bool = True) -> Label:
    return Label(label_id, {"en": f"behaviour {label_id}"}, "group", threshold, trained)


def cells(*scores: float, spoilt: dict[int, str] | None = None) -> ScoreTimeline:
    """Windows that do not overlap, one second each: the grid is then the scores themselves."""
    spoilt = spoilt or {}
    starts = np.arange(len(scores), dtype=np.float64)
    return ScoreTimeline(
        windows=np.stack([starts, starts + 1], axis=1),
        probabilities=np.array(scores, np.float32)[:, None],
        assessable=np.array([i not in spoilt for i in range(len(scores))], bool),
        reasons=tuple((spoilt[i],) if i in spoilt else () for i in range(len(scores))),
    )


def found(timeline: ScoreTimeline, rule: EpisodeRule = RULE, threshold: float = 0.5) -> list[tuple[float, float]]:
    bouts = episodes.find(timeline, [label(1)], {1: threshold}, rule, None)
    return [(bout.start_s, bout.end_s) for bout in bouts]


@st.composite
def timelines(draw: st.DrawFn, classes: int = 2) -> ScoreTimeline:
    """Overlapping windows as the sampler cuts them, some missing (nothing could be decoded), some not assessable."""
    kept = draw(st.lists(st.booleans(), min_size=1, max_size=24).filter(any))
    starts = STEP * np.flatnonzero(kept)
    n = len(starts)
    good = draw(st.lists(st.sampled_from([True, True, True, False]), min_size=n, max_size=n))
    rows = st.lists(st.integers(0, 8), min_size=classes, max_size=classes)
    scores = draw(st.lists(rows, min_size=n, max_size=n))
    why = draw(st.lists(st.sampled_from(["dark", "blurred"]), min_size=n, max_size=n))
    return ScoreTimeline(
        windows=np.stack([starts, starts + LENGTH], axis=1),
        probabilities=np.array(scores, np.float32) / 8,
        assessable=np.array(good, bool),
        reasons=tuple(() if g else (w,) for g, w in zip(good, why, strict=True)),
    )


rules = st.builds(
    EpisodeRule,
    off_ratio=st.floats(0.1, 1.0),
    minimum_length_s=st.floats(0, 3),
    merge_gap_s=st.floats(0, 3),
)
LABELS = (label(0), label(1))


def seconds(bouts: tuple[Episode, ...]) -> float:
    return sum(bout.duration_s for bout in bouts)


# ------------------------------------------------------------------------------------------------ the grid


def test_overlapping_windows_are_averaged_where_they_overlap() -> None:
    # Given windows of four cells that start one cell apart, scoring 0, 0.4 and 0.8
    starts = STEP * np.arange(3)
    timeline = ScoreTimeline(
        np.stack([starts, starts + LENGTH], axis=1),
        np.array([[0], [0.4], [0.8]], np.float32),
        np.ones(3, bool),
        ((),) * 3,
    )
    # When they are put on the common grid
    grid = episodes.common_grid(timeline)
    # Then each cell holds the mean of the windows over it: 1, 2, 3, 3, 2 and 1 of them
    np.testing.assert_allclose(grid.edges, STEP * np.arange(7), atol=1e-12)
    np.testing.assert_allclose(grid.probabilities[:, 0], [0, 0.2, 0.4, 0.4, 0.6, 0.8], atol=1e-6)
    assert grid.assessable.all()


def test_a_window_that_is_not_assessable_does_not_count() -> None:
    timeline = cells(0.1, 0.9, 0.3, spoilt={1: "dark"})
    grid = episodes.common_grid(timeline)
    assert grid.assessable.tolist() == [True, False, True]
    assert np.isnan(grid.probabilities[1, 0])


def test_no_windows_give_an_empty_grid() -> None:
    nothing = ScoreTimeline(np.empty((0, 2)), np.empty((0, 3), np.float32), np.empty(0, bool), ())
    grid = episodes.common_grid(nothing)
    assert grid.probabilities.shape == (0, 3)
    assert episodes.find(nothing, [label(i) for i in range(3)], {}, RULE, 0) == ()
    assert episodes.coverage(nothing, 0, 5) == (0.0, {"gap": 5.0})


def test_the_step_may_be_chosen_and_must_be_positive() -> None:
    assert len(episodes.common_grid(cells(0.1, 0.2), step_s=0.25).probabilities) == 8
    with pytest.raises(ValueError, match="positive"):
        episodes.common_grid(cells(0.1), step_s=0)


@given(timelines(), st.sampled_from([None, 0.2, 1.0]))
def test_each_cell_is_the_mean_of_the_assessable_windows_over_its_centre(
    timeline: ScoreTimeline, step: float | None
) -> None:
    grid = episodes.common_grid(timeline, step)
    assert grid.edges[0] == timeline.windows[0, 0]
    assert grid.edges[-1] == timeline.windows[:, 1].max()
    assert (np.diff(grid.edges) > 0).all()
    for i, centre in enumerate((grid.edges[:-1] + grid.edges[1:]) / 2):
        over = (timeline.windows[:, 0] - NEAR <= centre) & (centre < timeline.windows[:, 1] - NEAR)
        over &= timeline.assessable
        assert grid.assessable[i] == over.any()
        if over.any():
            scores = timeline.probabilities[over]
            np.testing.assert_allclose(grid.probabilities[i], scores.mean(axis=0), atol=1e-6)
            assert (scores.min(axis=0) <= grid.probabilities[i]).all()
            assert (grid.probabilities[i] <= scores.max(axis=0)).all()
        else:
            assert np.isnan(grid.probabilities[i]).all()


# ------------------------------------------------------------------------------------------------ episodes


def test_an_episode_begins_at_the_threshold_and_ends_below_the_lower_one() -> None:
    # 0.4 is below the threshold 0.5 but above 0.5 × 0.7 = 0.35: it keeps an episode alive, and alone it begins none.
    assert found(cells(0.1, 0.4, 0.1, 0.4, 0.6, 0.4, 0.1)) == [(3, 6)]


def test_peak_and_mean_are_those_of_the_episode() -> None:
    (bout,) = episodes.find(cells(0.1, 0.6, 0.8, 0.4, 0.1), [label(7)], {7: 0.5}, RULE, None)
    assert (bout.label_id, bout.source) == (7, "model")
    assert bout.peak == pytest.approx(0.8)
    assert bout.mean == pytest.approx(0.6)


def test_a_short_gap_is_joined_and_a_long_one_is_not() -> None:
    assert found(cells(0.9, 0.1, 0.9, 0.1, 0.1, 0.9)) == [(0, 3), (5, 6)]


def test_a_short_episode_is_dropped_but_only_after_joining() -> None:
    rule = dataclasses.replace(RULE, minimum_length_s=3.0)
    assert found(cells(0.9, 0.1, 0.9, 0.1, 0.1, 0.9, 0.9), rule) == [(0, 3)]


def test_no_episode_runs_across_time_that_is_not_assessable() -> None:
    assert found(cells(0.9, 0.9, 0.9, 0.9, 0.9, spoilt={2: "frozen"})) == [(0, 2), (3, 5)]


def test_untrained_labels_and_no_listed_behaviour_give_no_episodes() -> None:
    timeline = dataclasses.replace(cells(*[0.9] * 3), probabilities=np.full((3, 3), 0.9, np.float32))
    labels = [label(0), label(1), label(2, trained=False)]
    assert {bout.label_id for bout in episodes.find(timeline, labels, {}, RULE, other_id=0)} == {1}


def test_a_label_without_a_threshold_of_its_own_uses_the_packs() -> None:
    timeline = cells(0.6, 0.6, 0.6)
    assert episodes.find(timeline, [label(1, threshold=0.7)], {}, RULE, None) == ()
    assert len(episodes.find(timeline, [label(1, threshold=0.7)], {1: 0.5}, RULE, None)) == 1


def test_a_movement_is_placed_where_it_happens_although_windows_see_only_part_of_it() -> None:
    # Given a behaviour from 8 to 14 s and windows that score the share of it that they see
    starts = STEP * np.arange(40)
    share = np.clip(np.minimum(starts + LENGTH, 14) - np.maximum(starts, 8), 0, None) / LENGTH
    timeline = ScoreTimeline(
        np.stack([starts, starts + LENGTH], axis=1), share.astype(np.float32)[:, None], np.ones(40, bool), ((),) * 40
    )
    ((begin, end),) = found(timeline)
    # Then the episode agrees within about one stride
    assert begin == pytest.approx(8, abs=0.6)
    assert end == pytest.approx(14, abs=0.6)


@given(timelines(), rules, st.floats(0.05, 1))
def test_episodes_keep_their_promises(timeline: ScoreTimeline, rule: EpisodeRule, threshold: float) -> None:
    grid = episodes.common_grid(timeline)
    bouts = episodes.find(timeline, LABELS, {0: threshold, 1: threshold}, rule, None)
    assert [bout.start_s for bout in bouts] == sorted(bout.start_s for bout in bouts)
    for column in (0, 1):
        mine = [bout for bout in bouts if bout.label_id == column]
        for before, after in itertools.pairwise(mine):
            assert before.end_s < after.start_s, "episodes of one label overlap or touch"
        for bout in mine:
            inside = (grid.edges[:-1] >= bout.start_s - NEAR) & (grid.edges[1:] <= bout.end_s + NEAR)
            assert bout.duration_s >= rule.minimum_length_s - NEAR
            assert grid.assessable[inside].all(), "an episode runs across time that is not assessable"
            assert bout.peak is not None
            assert bout.mean is not None
            assert bout.peak == grid.probabilities[inside, column].max()
            assert threshold <= bout.peak
            assert bout.mean <= bout.peak + NEAR


@given(timelines(), rules, st.floats(0.05, 1), st.floats(-100, 5000))
def test_moving_the_clock_moves_the_episodes_and_nothing_else(
    timeline: ScoreTimeline, rule: EpisodeRule, threshold: float, shift: float
) -> None:
    moved = dataclasses.replace(timeline, windows=timeline.windows + shift)
    limits = {0: threshold, 1: threshold}
    here = episodes.find(timeline, LABELS, limits, rule, None)
    there = episodes.find(moved, LABELS, limits, rule, None)
    assert [bout.label_id for bout in here] == [bout.label_id for bout in there]
    for one, other in zip(here, there, strict=True):
        assert other.start_s - one.start_s == pytest.approx(shift, abs=NEAR)
        assert other.end_s - one.end_s == pytest.approx(shift, abs=NEAR)


@given(timelines(), rules, st.floats(0.05, 1), st.floats(0.05, 1))
def test_a_higher_threshold_never_adds_time(
    timeline: ScoreTimeline, rule: EpisodeRule, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    many = episodes.find(timeline, LABELS, {0: low, 1: low}, rule, None)
    few = episodes.find(timeline, LABELS, {0: high, 1: high}, rule, None)
    assert seconds(few) <= seconds(many) + NEAR
    for bout in few:
        assert any(
            b.label_id == bout.label_id and b.start_s <= bout.start_s + NEAR and bout.end_s <= b.end_s + NEAR
            for b in many
        ), "an episode at the higher threshold is not inside one at the lower"


# ------------------------------------------------------------------------------------------------ coverage, budget


def test_coverage_counts_each_second_once_under_its_first_reason() -> None:
    timeline = cells(0.1, 0.1, 0.1, 0.1, spoilt={1: "dark", 2: "blurred"})
    assert episodes.coverage(timeline, 0.5, 6) == (1.5, {"dark": 1.0, "blurred": 1.0, "gap": 2.0})


def test_a_second_that_any_assessable_window_sees_is_assessable() -> None:
    timeline = ScoreTimeline(
        np.array([[0.0, 2.0], [1.0, 3.0]]),
        np.zeros((2, 1), np.float32),
        np.array([False, True]),
        (("dark", "frozen"), ()),
    )
    assert episodes.coverage(timeline, 0, 3) == (2.0, {"dark": 1.0})


@given(timelines(), st.floats(0, 20), st.floats(0, 20))
def test_coverage_adds_up_to_what_was_asked_for(timeline: ScoreTimeline, one: float, other: float) -> None:
    start, end = sorted((one, other))
    assessable_s, excluded = episodes.coverage(timeline, start, end)
    assert 0 <= assessable_s <= end - start + NEAR
    assert all(value > 0 for value in excluded.values())
    assert assessable_s + sum(excluded.values()) == pytest.approx(end - start, abs=NEAR)


def test_the_time_budget_counts_overlapping_marks_once() -> None:
    marks = [
        Episode(1, 0, 4, None, None, "clinician"),
        Episode(1, 2, 6, 0.9, 0.8),
        Episode(2, 1, 2, 0.9, 0.8),
        Episode(1, 3, 5, None, None, "clinician"),
        Episode(1, 10, 11, 0.9, 0.8),
    ]
    assert episodes.time_budget(marks) == {1: 7, 2: 1}
