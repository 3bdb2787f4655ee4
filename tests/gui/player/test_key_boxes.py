"""Boxes over time: what was drawn at a moment is what the analysis follows there, whatever was drawn elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.player.key_boxes import NEAR_S, KeyBoxes
from screening.records import KeyBox, Region, Track
from screening.sampling import track_of

REGIONS = st.builds(Region, st.integers(0, 600), st.integers(0, 400), st.integers(8, 300), st.integers(8, 300))
DRAWN = st.lists(st.tuples(st.integers(0, 400).map(lambda n: n / 10), REGIONS), min_size=1, max_size=12)


@given(DRAWN, st.floats(0, 60))
def test_the_track_is_what_was_drawn(drawn: list[tuple[float, Region]], between: float) -> None:
    # Given boxes drawn one after the other, some at a moment that had one already,
    boxes = KeyBoxes()
    for seconds, region in drawn:
        boxes.put(seconds, region)
    # then the box at each moment is the one drawn there last,
    for seconds, region in dict(drawn).items():
        assert boxes.at(seconds) == region
    # what the player shows is what the analysis is given, between the moments too,
    assert boxes.track is not None
    assert boxes.at(between) == boxes.track.at(between)
    # and taking all back, one by one, leads to the whole picture.
    for _change in drawn:
        boxes.undo()
    assert boxes.track is None


@given(REGIONS, st.floats(0, 4000))
def test_a_box_alone_holds_for_the_whole_video(region: Region, seconds: float) -> None:
    boxes = KeyBoxes()
    boxes.put(seconds, region)
    assert boxes.track == track_of(region)
    assert boxes.keys == (KeyBox(seconds, region),)


@given(DRAWN, DRAWN)
def test_undo_gives_back_exactly_what_was_there(before: list[tuple[float, Region]], extra: list) -> None:
    boxes = KeyBoxes(Track(tuple(KeyBox(s, r) for s, r in sorted(dict(before).items()))))
    start = boxes.keys
    changes = 0
    for seconds, region in extra:
        was = boxes.keys
        boxes.put(seconds, region)
        changes += boxes.keys != was
    boxes.clear()
    for _change in range(changes + 1):
        boxes.undo()
    assert boxes.keys == start
    assert not boxes.can_undo


def test_a_box_drawn_next_to_another_takes_its_place() -> None:
    # Given a box that was read from a file, between two pictures,
    here, there = Region(0, 0, 50, 50), Region(10, 10, 50, 50)
    boxes = KeyBoxes(Track((KeyBox(1.0, here), KeyBox(9.0, here))))
    # when one draws at the picture that is on screen at that time,
    boxes.put(1.0 - NEAR_S / 2, there)
    # then it is the same key box that has moved, not a jump within a twentieth of a second.
    assert boxes.keys == (KeyBox(1.0 - NEAR_S / 2, there), KeyBox(9.0, here))
    assert boxes.key_at(1.0) == boxes.keys[0]
    assert boxes.key_at(5.0) is None


def test_one_key_box_can_be_taken_away() -> None:
    region = Region(0, 0, 50, 50)
    boxes = KeyBoxes()
    for seconds in (1.0, 2.0, 3.0):
        boxes.put(seconds, region)
    boxes.drop(boxes.keys[1])
    assert [key.time_s for key in boxes.keys] == [1.0, 3.0]
    boxes.undo()
    assert [key.time_s for key in boxes.keys] == [1.0, 2.0, 3.0]
    assert boxes.at(2.5) == region
    assert KeyBoxes().at(pytest.approx(1.0)) is None
