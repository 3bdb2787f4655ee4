"""Pictures become windows by time: the same child at another frame rate must give the same windows."""

from __future__ import annotations

import dataclasses
import gc
import math
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from screening.errors import WrongUsage
from screening.records import InputSpec, KeyBox, Region, Track, Window
from screening.sampling import Sampler, check_region, prepare, track_of, windows
from screening.video import open_video
from tests.screening.videos import make_video

SPEC = InputSpec(32, 56, 56, 15.0, 8, "RGB", (0.0, 1.0), "stretch", "black", "dynamic")
TINY = InputSpec(4, 2, 2, 10.0, 2, "RGB", (0.0, 1.0), "stretch", "black", "dynamic")


class Shade:
    """A picture of one grey level that counts how often it is converted."""

    def __init__(self, level: int = 100, width: int = 8, height: int = 4) -> None:
        self.level, self.width, self.height = level, width, height
        self.asked: list[tuple[int, int, Region | None]] = []

    def rgb(self, width: int, height: int, region: Region | None = None) -> NDArray[np.uint8]:
        self.asked.append((width, height, region))
        return np.full((height, width, 3), self.level, np.uint8)


def at_rate(fps: float, seconds: float) -> list[tuple[float, Shade]]:
    return [(i / fps, Shade(i % 251 + 1)) for i in range(round(fps * seconds))]


# ---------------------------------------------------------------------------------------------- the time grid

RISING = st.lists(st.integers(1, 900), min_size=1, max_size=60).map(
    lambda steps: [float(t) / 1000 for t in np.cumsum(steps) - steps[0]]
)


@settings(deadline=None)
@given(
    times=RISING,
    fps=st.sampled_from([5.0, 10.0, 12.5, 15.0, 30.0]),
    frames=st.integers(1, 9),
    stride=st.integers(1, 12),
    start_ms=st.integers(0, 3000),
)
def test_any_rising_times_give_the_nearest_pictures_and_cover_every_tick(
    times: list[float], fps: float, frames: int, stride: int, start_ms: int
) -> None:
    spec = dataclasses.replace(TINY, fps=fps, frames=frames, stride=stride)
    start_s, end_s = start_ms / 1000, times[-1] + 0.04
    shades = {t: Shade() for t in times}

    cut = list(windows(shades.items(), spec, start_s=start_s, end_s=end_s))

    # By the definition, not by the sampler: the nearest of all pictures that come before the end.
    ticks = [start_s]
    while start_s + len(ticks) / fps < end_s - 1e-6:
        ticks.append(start_s + len(ticks) / fps)
    nearest = [min(times, key=lambda t, tick=tick: (abs(t - tick), t)) for tick in ticks]
    expected = [t if abs(t - tick) <= 0.5 else math.nan for t, tick in zip(nearest, ticks, strict=True)]
    for window in cut:
        first = window.index * stride
        mine = np.array((expected[first : first + frames] + [math.nan] * frames)[:frames])
        # Exactly half-way between two pictures, a rounding error may decide.
        where = start_s + (first + np.arange(frames)) / fps
        same = (window.times == mine) | (np.isnan(window.times) & np.isnan(mine))
        tied = np.isclose(abs(window.times - where), abs(mine - where), atol=1e-9)
        at_reach = np.isclose(np.fmin(abs(window.times - where), abs(mine - where)), 0.5, atol=1e-9)
        assert (same | tied | at_reach).all()
        assert window.start_s == pytest.approx(start_s + first / fps)
        whole = first + frames <= len(ticks)
        ends = window.start_s + frames / fps
        assert window.end_s == pytest.approx(ends if whole else max(window.start_s, min(ends, end_s)))
        assert window.padded_share == np.isnan(window.times).mean()
    covered = {window.index * stride + i for window in cut for i in range(frames)}
    in_no_gap_between_windows = {k for k in range(len(ticks)) if k % stride < frames}
    assert in_no_gap_between_windows <= covered, "a part of the video is in no window"
    assert [window.index for window in cut] == list(range(len(cut)))
    assert all(len(shade.asked) <= 1 for shade in shades.values()), "a picture was converted more than once"


@pytest.mark.parametrize(("ticks", "count"), [(1, 1), (31, 1), (32, 1), (33, 2), (40, 2), (41, 3), (150, 16)])
def test_a_tail_makes_one_more_padded_window(ticks: int, count: int) -> None:
    cut = list(windows(at_rate(15, ticks / 15), SPEC))

    assert len(cut) == count
    assert all(window.padded_share == 0 for window in cut[:-1])
    held = (count - 1) * 8
    assert cut[-1].padded_share == pytest.approx(1 - min(32, ticks - held) / 32)
    assert (cut[-1].frames[ticks - held :] == 0).all(), "padding is black, as in training"


def test_the_rate_of_the_video_does_not_change_the_windows() -> None:
    # Given one second counter filmed at many rates, when windows are cut, then they hold the same seconds.
    reference = [window.times for window in windows(at_rate(120, 6), SPEC)]
    for fps in (24, 25, 29.97, 30, 50, 60):
        cut = list(windows(at_rate(fps, 6), SPEC, end_s=6.0))
        assert len(cut) == len(reference)
        for window, times in zip(cut, reference, strict=True):
            assert np.nanmax(abs(window.times - times)) <= 0.5 / fps + 0.5 / 120 + 1e-9


def test_only_the_pictures_that_a_tick_takes_are_converted() -> None:
    pictures = at_rate(60, 4)
    cut = list(windows(pictures, SPEC, end_s=4.0))

    converted = {t for t, shade in pictures if shade.asked}
    assert converted == {t for window in cut for t in window.times if not math.isnan(t)}
    assert len(converted) == 60, "15 ticks a second for 4 seconds"
    assert all(len(shade.asked) <= 1 for _, shade in pictures)


def test_a_gap_is_padded_and_never_filled_with_a_picture_from_elsewhere() -> None:
    before, after = [(i / 15, Shade(50)) for i in range(30)], [(4 + i / 15, Shade(90)) for i in range(30)]
    spec = dataclasses.replace(SPEC, frames=90, stride=90)

    (black,) = windows(before + after, spec, end_s=6.0)
    (repeated,) = windows(before + after, dataclasses.replace(spec, pad="repeat"), end_s=6.0)

    ticks = np.arange(90) / 15
    missing = (ticks > before[-1][0] + 0.5) & (ticks < 4 - 0.5)
    assert (np.isnan(black.times) == missing).all()
    assert black.padded_share == repeated.padded_share == missing.mean()
    assert (black.frames[missing] == 0).all()
    assert (repeated.frames[missing] == 50).all(), "repeated from the last picture before the gap"
    assert (black.frames[~missing] > 0).all()


def test_a_trim_moves_the_grid_and_nothing_outside_is_looked_at() -> None:
    pictures = at_rate(30, 10)
    cut = list(windows(pictures, SPEC, start_s=2.02, end_s=6.0))

    assert cut[0].start_s == 2.02
    taken = np.concatenate([window.times for window in cut])
    assert np.nanmin(taken) >= 2.0
    assert np.nanmax(taken) < 6.0


def test_without_a_rate_consecutive_pictures_are_taken() -> None:
    # The seed's convention: 32 consecutive frames at the native rate.
    spec = dataclasses.replace(SPEC, fps=None, stride=32)
    pictures = at_rate(24, 3)
    cut = list(windows(pictures, spec))

    assert [len(w.times[~np.isnan(w.times)]) for w in cut] == [32, 32, 8]
    assert [t for w in cut for t in w.times if not math.isnan(t)] == [t for t, _ in pictures]
    assert cut[0].end_s == pytest.approx(32 / 24)


def test_no_picture_at_all_gives_one_window_of_padding() -> None:
    (window,) = Sampler(SPEC).finish(1.0)
    assert window.padded_share == 1.0
    assert (window.frames == 0).all()


def test_memory_does_not_grow_with_the_length_of_the_video() -> None:
    alive: list[weakref.ref[Shade]] = []

    def stream() -> Iterator[tuple[float, Shade]]:
        for i in range(3000):
            shade = Shade()
            alive.append(weakref.ref(shade))
            yield i / 30, shade

    sampler, most = Sampler(SPEC), 0
    for seconds, shade in stream():
        sampler.push(seconds, shade)
        most = max(most, sum(ref() is not None for ref in alive[-100:]))
    del shade
    gc.collect()

    assert most <= 4, "a picture of full size was kept"
    assert sum(ref() is not None for ref in alive) <= 1


# ---------------------------------------------------------------------------------------------- one picture


def test_letterbox_keeps_the_proportions_on_black() -> None:
    picture = Shade(200, width=200, height=100)
    frame = prepare(picture, dataclasses.replace(SPEC, resize="letterbox"))

    assert picture.asked == [(56, 28, None)]
    assert (frame[14:42] == 200).all()
    assert (frame[:14] == 0).all()
    assert (frame[42:] == 0).all()


def test_stretch_fills_the_frame() -> None:
    assert (prepare(Shade(200, width=200, height=100), SPEC) == 200).all()


@settings(deadline=None)
@given(
    width=st.integers(1, 300),
    height=st.integers(1, 300),
    size=st.tuples(st.integers(1, 64), st.integers(1, 64)),
    resize=st.sampled_from(["stretch", "letterbox"]),
)
def test_any_picture_becomes_the_size_that_the_model_expects(
    width: int, height: int, size: tuple[int, int], resize: str
) -> None:
    spec = dataclasses.replace(SPEC, width=size[0], height=size[1], resize=resize)
    assert prepare(Shade(width=width, height=height), spec).shape == (size[1], size[0], 3)


def test_a_region_is_what_the_picture_is_asked_for_and_one_that_leaves_it_is_refused() -> None:
    picture = Shade(width=100, height=50)
    prepare(picture, SPEC, Region(40, 20, 60, 30))
    assert picture.asked[-1][2] == Region(40, 20, 60, 30)

    for outside in (
        Region(100, 0, 5, 5),
        Region(0, 50, 5, 5),
        Region(-5, 0, 50, 5),
        Region(3, 3, 0, 4),
        Region(0, 0, 101, 50),
    ):
        with pytest.raises(WrongUsage, match="100 × 50"):
            check_region(outside, 100, 50)
        with pytest.raises(WrongUsage, match=f"{outside.x},{outside.y},{outside.width},{outside.height}"):
            check_region(Track((KeyBox(0, Region(0, 0, 9, 9)), KeyBox(60, outside))), 100, 50)
        with pytest.raises(WrongUsage, match="100 × 50"):
            prepare(picture, SPEC, outside)


MOVING = Track(
    (KeyBox(0.5, Region(0, 0, 40, 20)), KeyBox(1.5, Region(60, 10, 20, 40)), KeyBox(3.0, Region(5, 5, 9, 9)))
)


@pytest.mark.parametrize("fps", [15.0, None])
def test_each_picture_is_cut_to_the_box_of_its_own_time(fps: float | None) -> None:
    # Given pictures that lie beside their ticks, when the box moves, then the picture's time counts, not the tick's.
    pictures = [(i / 15 + 0.03, Shade(width=100, height=50)) for i in range(60)]
    list(windows(pictures, dataclasses.replace(SPEC, fps=fps), region=MOVING))

    assert [shade.asked for _, shade in pictures] == [[(56, 56, MOVING.at(t))] for t, _ in pictures]
    assert len({shade.asked[0][2] for _, shade in pictures}) > 30, "the box moves"


def test_a_box_that_leaves_the_picture_on_its_way_is_refused_there() -> None:
    leaving = Track((KeyBox(0, Region(0, 0, 8, 4)), KeyBox(2, Region(8, 0, 8, 4))))
    with pytest.raises(WrongUsage, match="8 × 4"):
        list(windows(at_rate(15, 4), SPEC, region=leaving))


def test_a_region_is_a_track_of_one_box_and_a_track_stays_what_it_is() -> None:
    box = Region(1, 2, 3, 4)
    assert track_of(None) is None
    assert track_of(box) == Track((KeyBox(0.0, box),))
    assert track_of(MOVING) is MOVING


def test_the_last_window_ends_where_the_video_ends() -> None:
    cut = list(windows(((i / 30, Shade()) for i in range(100)), SPEC, end_s=100 / 30))
    assert cut[-1].padded_share > 0
    assert cut[-1].end_s == pytest.approx(100 / 30)


# ---------------------------------------------------------------------------------------------- real files


@pytest.fixture(scope="module")
def rates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Window]]:
    """The same scene at 24, 25, 30, 60 pictures per second and at a variable rate: its windows."""
    folder = tmp_path_factory.mktemp("rates")
    random = np.random.default_rng(3)
    steps = random.choice([1 / 60, 1 / 30, 1 / 24, 1 / 20], 400)
    uneven = [float(t) for t in np.cumsum(steps) - steps[0] if t < 4.0]
    files = {
        f"{fps}": make_video(folder / f"{fps}.mp4", seconds=4.0, fps=fps, size=(160, 120)) for fps in (24, 25, 30, 60)
    }
    files["variable"] = make_video(folder / "variable.mp4", times=uneven, size=(160, 120))

    def cut(path: Path) -> list[Window]:
        with open_video(path) as video:
            return list(windows(video.pictures(needed_fps=SPEC.fps), SPEC, end_s=4.0))

    return {name: cut(path) for name, path in files.items()}


@pytest.mark.parametrize("resize", ["stretch", "letterbox"])
def test_a_single_box_is_cut_as_ever_to_the_last_bit(resize: str, tmp_path: Path) -> None:
    # Given one box, as a region, as one key box or as two equal ones: the windows hold exactly the prepared pictures.
    path, box = make_video(tmp_path / "v.mp4", seconds=3, size=(160, 120)), Region(33, 10, 71, 90)
    spec = dataclasses.replace(SPEC, resize=resize)
    with open_video(path) as video:
        taken = {seconds: prepare(picture, spec, box) for seconds, picture in video.pictures()}
        for region in (box, Track((KeyBox(2.0, box),)), Track((KeyBox(0.3, box), KeyBox(2.9, box)))):
            for window in windows(video.pictures(), spec, region=region, end_s=3.0):
                for seconds, frame in zip(window.times, window.frames, strict=True):
                    expected = np.zeros_like(frame) if math.isnan(seconds) else taken[seconds]
                    assert np.array_equal(frame, expected)


@pytest.mark.parametrize("name", ["24", "25", "30", "variable"])
def test_one_scene_at_any_rate_gives_the_same_windows(rates: dict[str, list[Window]], name: str) -> None:
    # Tolerance: a picture is at most half a step (21 ms at 24, 25 ms in the variable copy) from its tick. The block
    # moves 0.94 widths of the picture a second: its edges are at most 1.3 of 56 pixels away, a few percent of them.
    for mine, reference in zip(rates[name], rates["60"], strict=True):
        assert mine.start_s == reference.start_s
        assert np.nanmax(abs(mine.times - reference.times)) <= 0.035
        difference = abs(mine.frames.astype(int) - reference.frames)
        assert difference.mean() < 2.0
        assert (difference.max(axis=-1) > 24).mean() < 0.03
