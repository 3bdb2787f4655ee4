"""Time in the file stands still while the recording is paused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.recording.clock import Clock

GAPS = st.lists(st.floats(0.001, 100.0), min_size=1, max_size=12)


def test_nothing_has_a_place_before_the_start_and_in_a_pause() -> None:
    clock = Clock()
    clock.pause(1.0)
    clock.resume(2.0)
    assert (clock.place(5.0), clock.position(5.0), clock.running) == (None, 0.0, False)

    clock.start(10.0)
    clock.pause(13.0)
    clock.resume(20.0)

    assert clock.place(9.9) is None
    assert clock.place(12.0) == 2.0
    assert clock.place(13.0) is None
    assert clock.place(20.0) == 3.0
    assert clock.position(21.0) == 4.0


@given(GAPS)
def test_file_time_is_the_sum_of_the_running_spans(gaps: list[float]) -> None:
    # Given a recording that runs, pauses, runs … for these spans
    clock, now, ran = Clock(), 1000.0, 0.0
    clock.start(now)
    for n, gap in enumerate(gaps):
        middle = now + gap / 2
        # When a picture comes in the middle of a span
        running = n % 2 == 0
        place = clock.place(middle)
        # Then it has its place, or none
        assert place == pytest.approx(ran + gap / 2) if running else place is None
        now += gap
        ran += gap if running else 0.0
        assert clock.position(now) == pytest.approx(ran)
        (clock.pause if running else clock.resume)(now)


@given(GAPS, st.lists(st.floats(0.0, 1000.0), max_size=30))
def test_places_never_run_backwards(gaps: list[float], moments: list[float]) -> None:
    clock, now = Clock(), 0.0
    clock.start(now)
    for n, gap in enumerate(gaps):
        now += gap
        (clock.pause if n % 2 == 0 else clock.resume)(now)

    places = [place for moment in sorted(moments) if (place := clock.place(moment)) is not None]

    assert places == sorted(places)
