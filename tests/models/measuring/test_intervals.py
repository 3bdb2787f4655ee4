"""Episodes against true intervals, with numbers that can be checked by hand and rules that hold for any numbers."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.measuring.intervals import Agreement, Interval, Measured, Watched, agreement, match

INTERVALS = st.lists(
    st.builds(
        lambda label, start, length: Interval(label, float(start), float(start + length)),
        st.integers(1, 3),
        st.integers(0, 60),
        st.integers(1, 20),
    ),
    max_size=12,
)


def watched(found: list[Interval], true: list[Interval] | None) -> Watched:
    return Watched("video", 100.0, 100.0, tuple(found), None if true is None else tuple(true))


def test_a_small_example() -> None:
    # given two true clappings and one rocking; found: one clapping nearly right, one far too long, one spinning
    true = [Interval(1, 10, 20), Interval(1, 50, 54), Interval(2, 70, 80)]
    found = [Interval(1, 12, 20), Interval(1, 45, 65), Interval(3, 70, 80)]

    # then at 0.3 only the first is a hit: 8 of 10 seconds; the second overlaps by 4 of 20
    at = agreement([watched(found, true)], 0.3)
    assert (at.hits, at.found, at.true) == (1, 3, 3)
    assert at.precision == at.recall == at.f1 == pytest.approx(1 / 3)
    assert at.by_label == {1: (1, 2, 2), 2: (0, 0, 1), 3: (0, 1, 0)}
    assert match(found, true, 0.3) == [(found[0], true[0])]


def test_each_interval_counts_once_and_the_best_overlap_wins() -> None:
    true = [Interval(1, 0, 10)]
    found = [Interval(1, 0, 4), Interval(1, 1, 10)]
    assert match(found, true, 0.3) == [(found[1], true[0])]


def test_videos_of_which_nothing_is_known_do_not_count() -> None:
    nothing = agreement([watched([Interval(1, 0, 5)], None)], 0.3)
    assert nothing == Agreement(0.3, 0, 0, 0, {})
    assert nothing.f1 == nothing.precision == nothing.recall == 0.0


def test_the_error_of_onset_is_the_median_distance() -> None:
    true = [Interval(1, 10, 20), Interval(1, 30, 40), Interval(2, 50, 60)]
    found = [Interval(1, 7, 20), Interval(1, 30.5, 40), Interval(2, 51, 60)]
    measured = Measured.of("pack", "1", "", (watched(found, true), watched(found, None)))
    assert sorted(measured.onset_errors) == [-3.0, 0.5, 1.0]
    assert measured.onset_error_s == 1.0
    assert measured.unknown[0].spent == {1: 22.5, 2: 9.0}
    assert Measured.of("pack", "1", "", (watched([], true),)).onset_error_s is None


def test_figures_come_back_from_json() -> None:
    measured = Measured.of("pack", "1", "ab", (watched([Interval(1, 0, 2)], [Interval(1, 0, 3)]), watched([], None)))
    assert Measured.from_dict(json.loads(json.dumps(measured.as_dict()))) == measured


@given(INTERVALS, INTERVALS, st.sampled_from([0.1, 0.3, 0.5, 1.0]))
def test_matches_are_one_to_one_of_one_label_and_overlap_enough(
    found: list[Interval], true: list[Interval], iou: float
) -> None:
    pairs = match(found, true, iou)
    assert all(f.label == t.label and f.iou(t) >= iou for f, t in pairs)
    for side, all_ in ((0, found), (1, true)):
        chosen = [pair[side] for pair in pairs]
        assert all(chosen.count(interval) <= all_.count(interval) for interval in chosen)
    at = agreement([watched(found, true)], iou)
    assert 0 <= at.hits <= min(at.found, at.true)
    assert at.hits <= agreement([watched(found, true)], 0.05).hits


@given(INTERVALS)
def test_the_truth_agrees_with_itself(intervals: list[Interval]) -> None:
    at = agreement([watched(intervals, intervals)], 0.5)
    assert at.hits == at.found == at.true == len(intervals)
    assert at.f1 == (1.0 if intervals else 0.0)
