"""A box over time: set at a few moments, it moves in straight lines between them and stays put before and after."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.records import KeyBox, Region, Track

REGIONS = st.builds(
    Region, st.integers(0, 4000), st.integers(0, 4000), st.integers(1, 4000), st.integers(1, 4000)
) | st.builds(Region, st.integers(0, 9), st.integers(0, 9), st.just(1), st.just(1))
TIMES = st.floats(0, 1e5, allow_nan=False)


@st.composite
def tracks(draw: st.DrawFn, least: int = 1) -> Track:
    times = sorted(draw(st.lists(TIMES, min_size=least, max_size=6, unique=True)))
    return Track(tuple(KeyBox(time_s, draw(REGIONS)) for time_s in times))


@given(tracks())
def test_at_the_time_of_a_key_box_it_is_that_box(track: Track) -> None:
    assert [track.at(key.time_s) for key in track.boxes] == [key.region for key in track.boxes]


@given(tracks(), st.floats(0, 1e5, exclude_min=True))
def test_before_the_first_and_after_the_last_the_box_holds(track: Track, far_s: float) -> None:
    assert track.at(track.boxes[0].time_s - far_s) == track.boxes[0].region
    assert track.at(track.boxes[-1].time_s + far_s) == track.boxes[-1].region


@given(REGIONS, TIMES, st.floats(-1e6, 1e6))
def test_one_key_box_never_moves(region: Region, set_s: float, seconds: float) -> None:
    assert Track((KeyBox(set_s, region),)).at(seconds) == region


@given(tracks(least=2), st.data())
def test_between_two_key_boxes_each_side_stays_between_theirs_and_moves_one_way(
    track: Track, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(track.boxes) - 2))
    a, b = track.boxes[place : place + 2]
    times = sorted(data.draw(st.lists(st.floats(a.time_s, b.time_s), min_size=2, max_size=8)))

    shown = [track.at(seconds) for seconds in [a.time_s, *times, b.time_s]]

    for here, there, *way in zip(a.region.sides, b.region.sides, *(box.sides for box in shown), strict=True):
        assert all(min(here, there) <= side <= max(here, there) for side in way)
        assert way == sorted(way, reverse=there < here)
    assert all(box.width >= 1 and box.height >= 1 for box in shown), "a box never vanishes on its way"


@given(REGIONS, REGIONS, st.integers(1, 1000), st.integers(0, 1000))
def test_the_way_is_straight_and_rounded_to_the_nearest_pixel(a: Region, b: Region, length: int, part: int) -> None:
    seconds = length * (part / 1000)
    share = Fraction(seconds) / length
    box = Track((KeyBox(0.0, a), KeyBox(float(length), b))).at(seconds)
    for here, there, side in zip(a.sides, b.sides, box.sides, strict=True):
        assert abs(side - (here + (there - here) * share)) <= Fraction(1, 2) + Fraction(1, 10**9), (
            "one division of floats is allowed for"
        )


def test_half_a_pixel_goes_up_whichever_way_the_box_moves() -> None:
    low, high = Region(10, 20, 5, 5), Region(11, 21, 5, 5)
    there, back = Track((KeyBox(0, low), KeyBox(1, high))), Track((KeyBox(0, high), KeyBox(1, low)))
    assert there.at(0.5) == back.at(0.5) == high


@pytest.mark.parametrize("times", [(), (1.0, 1.0), (2.0, 1.0), (float("nan"),), (0.0, float("inf"))])
def test_times_that_do_not_rise_are_no_track(times: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="track"):
        Track(tuple(KeyBox(time_s, Region(0, 0, 1, 1)) for time_s in times))
