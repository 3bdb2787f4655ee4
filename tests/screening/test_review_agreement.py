"""Agreement of two sets of episodes: kappa by hand, episodes paired, intervals, and where the two differ."""

from __future__ import annotations

import dataclasses
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.records import Episode
from screening.review.agreement import Agreement, Disagreement, Estimate, agreement, disagreements


def bout(start_s: float, end_s: float, label_id: int = 1) -> Episode:
    return Episode(label_id, start_s, end_s, None, None, "clinician")


# ------------------------------------------------------------------------------------------------ kappa by hand


def test_the_textbooks_fifty_decisions_give_a_kappa_of_0_4() -> None:
    # Given 50 s: both say yes in 20, only the first in 5, only the second in 10, neither in 15
    compared = agreement([bout(0, 25)], [bout(0, 20), bout(25, 35)], 0, 50)
    (one,) = compared.labels
    assert (one.both_s, one.first_only_s, one.second_only_s, one.neither_s) == (20, 5, 10, 15)
    # Then raw agreement is 35 / 50, by chance 0.5 × 0.6 + 0.5 × 0.4, and kappa (0.7 − 0.5) / (1 − 0.5)
    assert one.raw.value == pytest.approx(0.7)
    assert one.kappa.value == pytest.approx(0.4)
    # And one behaviour alone is all there is
    assert dataclasses.replace(compared.overall, label_id=1) == one


def test_overall_pools_each_second_of_each_behaviour_that_either_saw() -> None:
    # Given 10 s; behaviour 1: 4 both, 6 neither; behaviour 2: 2 first only, 8 neither
    compared = agreement([bout(0, 4), bout(6, 8, 2)], [bout(0, 4)], 0, 10)
    assert [each.label_id for each in compared.labels] == [1, 2]
    assert compared.overall.label_id is None
    # Then of 20 decisions 4 are both, 2 first only, 14 neither: (0.9 − (0.3·0.2 + 0.7·0.8)) / (1 − 0.62)
    assert compared.overall.raw.value == pytest.approx(0.9)
    assert compared.overall.kappa.value == pytest.approx(0.28 / 0.38)
    assert compared.labels[1].kappa.value == pytest.approx(0)


def test_a_second_shows_a_behaviour_from_half_a_second_on() -> None:
    # Given 0.4 s before and 0.5 s after whole seconds; two short ones make up one second between them
    (one,) = agreement([bout(2.6, 4.5), bout(7.0, 7.25), bout(7.5, 7.75)], [], 0, 10).labels
    assert one.first_only_s == 3  # seconds 3, 4 and 7, not second 2


def test_overlapping_marks_of_one_behaviour_count_once() -> None:
    (one,) = agreement([bout(1, 5), bout(1, 5), bout(2, 4)], [bout(1, 5)], 0, 10).labels
    assert (one.both_s, one.first_only_s) == (4, 0)
    assert (one.first, one.second, one.matched) == (3, 1, 1)


def test_the_grid_starts_where_the_part_looked_at_starts() -> None:
    compared = agreement([bout(5.5, 8.5)], [bout(5.5, 8.5)], 5.5, 12.2)
    assert compared.assessable_s == 7  # 6.7 s: the rest of 0.7 s is a second, too
    assert compared.overall.both_s == 3
    assert agreement([], [], 5.5, 11.9).assessable_s == 6  # 6.4 s


# ------------------------------------------------------------------------------------------------ not assessable


def test_what_nobody_could_assess_is_left_out() -> None:
    # Given the two differ only where the picture was dark
    dark = [(10.0, 14.0), (13.0, 20.0)]
    compared = agreement([bout(2, 6), bout(11, 19)], [bout(2, 6)], 0, 30, dark)
    assert compared.assessable_s == 20
    (one,) = compared.labels
    assert (one.both_s, one.first_only_s, one.second_only_s) == (4, 0, 0)
    assert (one.first, one.second) == (1, 1)
    assert one.kappa.value == 1
    assert disagreements([bout(2, 6), bout(11, 19)], [bout(2, 6)], 0, 30, dark) == ()


def test_an_episode_is_compared_by_what_of_it_could_be_assessed() -> None:
    # Given the clinician marks through a dark stretch and the model stops before and begins after it
    first, second = [bout(0, 20)], [bout(0, 5), bout(15, 20)]
    # Then of 10 assessable seconds each of the model's covers half, not a quarter of 20
    compared = agreement(first, second, 0, 30, [(5.0, 15.0)], minimum_iou=0.5)
    assert compared.overall.matched == 1
    assert compared.overall.kappa.value == 1


def test_an_episode_of_which_the_greater_part_was_not_assessable_does_not_count() -> None:
    dark = [(10.0, 20.0)]
    first = [bout(6, 12), bout(6, 15)]  # 4 of 6 s and 4 of 9 s could be assessed
    assert agreement(first, [], 0, 30, dark).overall.first == 1
    assert [place.first for place in disagreements(first, [], 0, 30, dark)] == [bout(6, 12)]


def test_with_nothing_assessable_nothing_is_said() -> None:
    compared = agreement([bout(0, 5)], [bout(0, 5)], 0, 30, [(-5.0, 99.0)])
    assert compared.assessable_s == 0
    assert compared.overall.kappa == Estimate(None, reason="no_time")
    assert compared.overall.f1 == Estimate(None, reason="no_time")


# ------------------------------------------------------------------------------------------------ kappa undefined


def test_kappa_is_undefined_where_both_say_the_same_of_every_second() -> None:
    (one,) = agreement([bout(0, 100)], [bout(0, 100)], 0, 100).labels
    assert one.kappa == Estimate(None, reason="constant")
    assert one.raw.value == 1
    assert agreement([], [], 0, 100).overall.kappa == Estimate(None, reason="constant")
    assert agreement([], [], 0, 100).overall.f1 == Estimate(None, reason="no_episodes")


def test_kappa_is_zero_where_only_one_ever_saw_it() -> None:
    assert agreement([bout(0, 30)], [], 0, 100).overall.kappa.value == 0


# ------------------------------------------------------------------------------------------------ episodes


def test_episodes_are_paired_one_to_one_from_three_tenths_of_overlap_on() -> None:
    # Given intersections over union of 0.3, 0.2 and 0.8, and one that nobody else saw
    first = [bout(0, 10), bout(20, 30), bout(40, 50), bout(60, 62)]
    second = [bout(7, 10), bout(28, 30), bout(41, 49)]
    compared = agreement(first, second, 0, 70).overall
    assert (compared.first, compared.second, compared.matched) == (4, 3, 2)
    assert compared.first_found.value == pytest.approx(2 / 4)
    assert compared.second_found.value == pytest.approx(2 / 3)
    assert compared.f1.value == pytest.approx(4 / 7)
    # When more overlap is asked for, fewer are pairs
    assert agreement(first, second, 0, 70, minimum_iou=0.5).overall.matched == 1


def test_the_best_overlap_is_paired_first() -> None:
    # Given both of the first's overlap the second's one; the later fits better
    (place,) = disagreements([bout(0, 6), bout(2, 11)], [bout(1, 11)], 0, 20)
    assert place == Disagreement(0, 6, "only_first", bout(0, 6), None)


def test_episodes_of_different_behaviours_are_no_pair() -> None:
    assert agreement([bout(0, 10, 1)], [bout(0, 10, 2)], 0, 20).overall.matched == 0


@pytest.mark.parametrize("iou", [0.0, -0.1, 1.1, math.nan])
def test_an_overlap_that_means_nothing_is_refused(iou: float) -> None:
    with pytest.raises(ValueError, match="intersection over union"):
        agreement([], [], 0, 10, minimum_iou=iou)


def test_no_time_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing lies between"):
        agreement([], [], 10, 10)


# ------------------------------------------------------------------------------------------------ intervals


def seen_by_two(minutes: int) -> tuple[list[Episode], list[Episode]]:
    """Every 30 s one of 6 s, of which the second sees two in three, late by one second."""
    first = [bout(t, t + 6) for t in range(5, 60 * minutes, 30)]
    return first, [bout(e.start_s + 1, e.end_s + 1) for i, e in enumerate(first) if i % 3]


def test_more_video_makes_the_interval_narrower() -> None:
    short, long = (agreement(*seen_by_two(minutes), 0, 60 * minutes).overall for minutes in (3, 30))
    for figure in ("kappa", "raw", "first_found", "f1"):
        before, after = getattr(short, figure), getattr(long, figure)
        assert before.low < before.value < before.high
        assert after.low < after.value < after.high
        assert after.high - after.low < (before.high - before.low) / 2


def test_the_same_episodes_give_the_same_interval() -> None:
    assert agreement(*seen_by_two(5), 0, 300) == agreement(*seen_by_two(5), 0, 300)


def test_stretches_of_time_are_drawn_not_seconds() -> None:
    # Given a share of one half that comes in stretches of ten seconds, over 20 minutes
    compared = agreement([bout(t, t + 10) for t in range(0, 1200, 20)], [], 0, 1200).overall
    raw = compared.raw
    assert raw.value == 0.5
    assert raw.low is not None
    assert raw.high is not None
    # Then the interval is that of 120 blocks whose share is uniform over 0–1 (standard deviation √(1/12)), while 1200
    # seconds on their own would give 0.057
    assert raw.high - raw.low == pytest.approx(2 * 1.96 * math.sqrt(1 / 12 / 120), rel=0.15)


def test_an_interval_that_the_data_do_not_support_is_not_given() -> None:
    first, second = [bout(5, 10), bout(25, 30)], [bout(5, 10), bout(24, 29)]
    assert agreement(first, second, 0, 59).overall.kappa.reason == "too_short"
    assert agreement(first, second, 0, 70, [(0.0, 4.0), (60.0, 70.0)]).overall.kappa.reason == "too_short"
    # Given one episode in ten minutes: about one resample in three does not show it
    assert agreement([bout(100, 104)], [bout(101, 104)], 0, 600).overall.kappa.reason == "rare"
    # Given perfect agreement, seen often: every resample is perfect
    often = seen_by_two(10)[0]
    assert agreement(often, often, 0, 600).overall.kappa == Estimate(1.0, reason="no_variation")


# ------------------------------------------------------------------------------------------------ disagreements


def test_the_places_to_look_at_again_in_order() -> None:
    first = [bout(40, 50), bout(0, 10), bout(20, 26, 2), bout(60, 70), bout(80, 90)]
    second = [bout(0, 10.9), bout(20, 25, 3), bout(40, 52), bout(75, 78)]
    found = disagreements(first, second, 0, 100)
    assert [(place.start_s, place.end_s, place.kind) for place in found] == [
        (20, 26, "different_label"),
        (40, 52, "shifted_ends"),
        (60, 70, "only_first"),
        (75, 78, "only_second"),
        (80, 90, "only_first"),
    ]
    assert (found[0].first, found[0].second) == (bout(20, 26, 2), bout(20, 25, 3))
    # When ends are asked for to a tenth of a second, the first pair differs, too
    strict = disagreements(first, second, 0, 100, end_tolerance_s=0.1)
    assert strict[0] == Disagreement(0, 10.9, "shifted_ends", bout(0, 10), bout(0, 10.9))


# ------------------------------------------------------------------------------------------------ for every two sets

bouts = st.builds(
    lambda start, length, label_id: bout(start / 4, (start + length) / 4, label_id),
    st.integers(-8, 480),
    st.integers(1, 80),
    st.integers(1, 3),
)
sets = st.lists(bouts, max_size=8)
gaps = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 80)).map(lambda gap: (gap[0] / 4, (gap[0] + gap[1]) / 4)), max_size=3
)
END_S = 110.3


def figures(compared: Agreement) -> list[Estimate]:
    every = (*compared.labels, compared.overall)
    return [getattr(e, name) for e in every for name in ("kappa", "raw", "first_found", "second_found", "f1")]


@settings(deadline=None, max_examples=40)
@given(sets, sets, gaps)
def test_swapping_the_two_swaps_only_first_and_second(
    one: list[Episode], two: list[Episode], excluded: list[tuple[float, float]]
) -> None:
    there, back = agreement(one, two, 0, END_S, excluded), agreement(two, one, 0, END_S, excluded)
    for a, b in zip((*there.labels, there.overall), (*back.labels, back.overall), strict=True):
        assert a == dataclasses.replace(
            b,
            first_only_s=b.second_only_s,
            second_only_s=b.first_only_s,
            first=b.second,
            second=b.first,
            first_found=b.second_found,
            second_found=b.first_found,
        )
    places = disagreements(one, two, 0, END_S, excluded)
    swapped = {"only_first": "only_second", "only_second": "only_first"}
    mirrored = [(p.start_s, p.end_s, swapped.get(p.kind, p.kind), p.second, p.first) for p in places]
    again = [(p.start_s, p.end_s, p.kind, p.first, p.second) for p in disagreements(two, one, 0, END_S, excluded)]
    assert sorted(mirrored, key=repr) == sorted(again, key=repr)


@settings(deadline=None, max_examples=40)
@given(sets, gaps)
def test_a_set_agrees_with_itself(one: list[Episode], excluded: list[tuple[float, float]]) -> None:
    compared = agreement(one, one, 0, END_S, excluded)
    assert all(estimate.value in (1, None) for estimate in figures(compared))
    assert all(each.matched == each.first == each.second for each in compared.labels)
    assert disagreements(one, one, 0, END_S, excluded) == ()


@settings(deadline=None, max_examples=40)
@given(sets, sets, gaps, st.randoms(use_true_random=False))
def test_the_order_of_episodes_does_not_matter(
    one: list[Episode], two: list[Episode], excluded: list[tuple[float, float]], shuffle: random.Random
) -> None:
    mixed_one, mixed_two = shuffle.sample(one, len(one)), shuffle.sample(two, len(two))
    assert agreement(mixed_one, mixed_two, 0, END_S, excluded) == agreement(one, two, 0, END_S, excluded)
    assert disagreements(mixed_one, mixed_two, 0, END_S, excluded) == disagreements(one, two, 0, END_S, excluded)


@settings(deadline=None, max_examples=40)
@given(sets, sets, gaps)
def test_counts_add_up_and_figures_stay_in_their_range(
    one: list[Episode], two: list[Episode], excluded: list[tuple[float, float]]
) -> None:
    compared = agreement(one, two, 0, END_S, excluded)
    for each in compared.labels:
        assert each.both_s + each.first_only_s + each.second_only_s + each.neither_s == compared.assessable_s
        assert each.matched <= min(each.first, each.second)
    assert sum(each.both_s for each in compared.labels) == compared.overall.both_s
    for each in (*compared.labels, compared.overall):
        assert each.kappa.value is None or -1 <= each.kappa.value <= 1
    for estimate in figures(compared):
        assert estimate.value is None or -1 <= estimate.value <= 1
        assert (estimate.low is None) == (estimate.high is None)
        assert (estimate.low is None) == bool(estimate.reason)


@settings(deadline=None, max_examples=40)
@given(sets, sets)
def test_every_episode_is_either_in_a_pair_or_in_a_disagreement(one: list[Episode], two: list[Episode]) -> None:
    compared, places = agreement(one, two, 0, END_S).overall, disagreements(one, two, 0, END_S)
    loose_one = sum(place.first is not None and place.kind != "shifted_ends" for place in places)
    loose_two = sum(place.second is not None and place.kind != "shifted_ends" for place in places)
    assert (loose_one, loose_two) == (compared.first - compared.matched, compared.second - compared.matched)


@settings(deadline=None, max_examples=40)
@given(sets, sets, gaps)
def test_the_seconds_are_those_counted_quarter_by_quarter(
    one: list[Episode], two: list[Episode], excluded: list[tuple[float, float]]
) -> None:
    # Given every end lies on a quarter of a second, which is then wholly inside or wholly outside
    middles = np.arange(110 * 4) / 4 + 0.125

    def inside(spans: list[tuple[float, float]]) -> np.ndarray:
        flags = [(start < middles) & (middles < end) for start, end in spans]
        return np.any(flags, axis=0) if flags else np.zeros(len(middles), bool)

    seen = ~inside(excluded)
    room = seen.reshape(-1, 4).sum(axis=1)
    compared = agreement(one, two, 0, 110, excluded)
    assert compared.assessable_s == (room >= 2).sum()
    for each in compared.labels:
        shows = []
        for episodes in (one, two):
            mine = inside([(e.start_s, e.end_s) for e in episodes if e.label_id == each.label_id]) & seen
            shows.append((room >= 2) & (2 * mine.reshape(-1, 4).sum(axis=1) >= room))
        assert each.both_s == (shows[0] & shows[1]).sum()
        assert each.first_only_s == (shows[0] & ~shows[1]).sum()
        assert each.second_only_s == (~shows[0] & shows[1]).sum()


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=90))
def test_kappa_is_that_of_the_definition(seconds: list[tuple[bool, bool]]) -> None:
    # Given yes or no by second, kappa from the four shares as Cohen wrote it
    yes = np.array(seconds)
    first, second = ([bout(i, i + 1) for i in np.flatnonzero(column).tolist()] for column in yes.T)
    p, q = yes.mean(axis=0)
    observed, chance = (yes[:, 0] == yes[:, 1]).mean(), p * q + (1 - p) * (1 - q)
    value = agreement(first, second, 0, len(seconds)).overall.kappa.value
    if p == q and p in (0, 1):
        assert value is None
    else:
        assert value == pytest.approx((observed - chance) / (1 - chance))
