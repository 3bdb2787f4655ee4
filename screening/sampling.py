"""Pictures become windows by time, never by frame count; and the one function that prepares a picture for the model.

In: (seconds, picture) in the order of time. Out: `Window`s of `spec.frames` ticks, one every `spec.stride` ticks.
Training and analysis both come through here, so that a model is shown exactly what it was trained on.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from screening.errors import N_, WrongUsage
from screening.records import InputSpec, KeyBox, Picture, Region, Track, Window

REACH_S = 0.5
"""A picture stands for a tick at most this far away (s); beyond it there is nothing to show, and the tick is padded."""

_ROUNDING_S = 1e-6  # a tick this close before the end is the end itself


def track_of(region: Region | Track | None) -> Track | None:
    """`region` over time: a single box holds from the beginning to the end. None stays the whole picture."""
    return Track((KeyBox(0.0, region),)) if isinstance(region, Region) else region


def check_region(region: Region | Track, width: int, height: int) -> None:
    """See that every box lies inside a picture of `width` × `height` displayed pixels; `WrongUsage` if one does not.

    It is not cut to fit: whoever gives a box that leaves the picture means another picture. Between two key boxes that
    lie inside, a track lies inside too.
    """
    for box in [key.region for key in region.boxes] if isinstance(region, Track) else [region]:
        left, top, right, bottom = box.sides
        if not (0 <= left < right <= width and 0 <= top < bottom <= height):
            raise WrongUsage(
                N_(
                    "The region {x},{y},{w},{h} does not lie inside the picture of {width} × {height} pixels. "
                    "Choose a box inside the picture."
                ),
                x=box.x,
                y=box.y,
                w=box.width,
                h=box.height,
                width=width,
                height=height,
            )


def prepare(picture: Picture, spec: InputSpec, region: Region | None = None) -> NDArray[np.uint8]:
    """One picture as the model sees it: uint8 (spec.height, spec.width, 3) RGB, scaled by area averaging.

    "stretch" fills the frame; "letterbox" keeps the proportions, centred on black. `region` is the box at the picture's
    own time (`Track.at`).
    """
    if region is not None:
        check_region(region, picture.width, picture.height)
    if spec.resize == "stretch":
        return picture.rgb(spec.width, spec.height, region)
    across, down = (region.width, region.height) if region else (picture.width, picture.height)
    scale = min(spec.width / across, spec.height / down)
    width = min(spec.width, max(1, round(across * scale)))
    height = min(spec.height, max(1, round(down * scale)))
    left, top = (spec.width - width) // 2, (spec.height - height) // 2
    frame = np.zeros((spec.height, spec.width, 3), np.uint8)
    frame[top : top + height, left : left + width] = picture.rgb(width, height, region)
    return frame


@dataclass(frozen=True, slots=True)
class _Tick:
    """One place on the time grid: the picture taken there, or None where there was none within reach."""

    at_s: float
    taken_s: float
    frame: NDArray[np.uint8] | None


class Sampler:
    """Cuts a stream of pictures into windows while it flows.

    Tick k is at start_s + k / fps and takes the nearest picture, the earlier of two equally near. With `spec.fps` None
    every picture from start_s on is a tick of its own. Holds the last `spec.frames` prepared frames and one picture
    that is not yet converted, whatever the length of the video; each picture taken is converted once, cut to the box
    of its own time.
    """

    def __init__(self, spec: InputSpec, region: Region | Track | None = None, start_s: float = 0.0) -> None:
        self._spec = spec
        self._track = track_of(region)
        self._start_s = start_s
        self._ticks: deque[_Tick] = deque(maxlen=spec.frames)
        self._count = 0  # ticks decided so far
        self._windows = 0
        self._latest: tuple[float, Picture] | None = None
        self._prepared: NDArray[np.uint8] | None = None  # `_latest`, once a tick has taken it

    def push(self, seconds: float, picture: Picture) -> list[Window]:
        """Take the next picture (times never fall); gives the windows that are complete with it."""
        if self._spec.fps is None:
            if seconds < self._start_s:
                return []
            return self._append(_Tick(seconds, seconds, self._prepare(seconds, picture)))
        done: list[Window] = []
        if self._latest is not None:
            # Ticks nearer to the picture before are settled now; later ones may still find a nearer picture.
            middle = (self._latest[0] + seconds) / 2
            while (tick_s := self._start_s + self._count / self._spec.fps) <= middle:
                done += self._decide(tick_s)
        self._latest, self._prepared = (seconds, picture), None
        return done

    def finish(self, end_s: float) -> list[Window]:
        """No more pictures: settle the ticks before `end_s` and give the last, padded window if ticks are uncovered."""
        done: list[Window] = []
        if self._spec.fps is not None:
            while (tick_s := self._start_s + self._count / self._spec.fps) < end_s - _ROUNDING_S or self._count == 0:
                done += self._decide(tick_s)
        covered = (self._windows - 1) * self._spec.stride + self._spec.frames if self._windows else 0
        if self._count > max(covered, self._windows * self._spec.stride):
            done.append(self._window(end_s))
        return done

    def _decide(self, tick_s: float) -> list[Window]:
        if self._latest is None or abs(self._latest[0] - tick_s) > REACH_S:
            return self._append(_Tick(tick_s, math.nan, None))
        seconds, picture = self._latest
        if self._prepared is None:
            self._prepared = self._prepare(seconds, picture)
        return self._append(_Tick(tick_s, seconds, self._prepared))

    def _prepare(self, seconds: float, picture: Picture) -> NDArray[np.uint8]:
        return prepare(picture, self._spec, self._track.at(seconds) if self._track is not None else None)

    def _append(self, tick: _Tick) -> list[Window]:
        self._ticks.append(tick)
        self._count += 1
        full = self._count - self._spec.frames
        return [self._window()] if full >= 0 and full % self._spec.stride == 0 else []

    def _window(self, video_ends_s: float = math.inf) -> Window:
        spec, first = self._spec, self._windows * self._spec.stride
        held_from = self._count - len(self._ticks)
        ticks = list(self._ticks)[first - held_from :]
        frames = np.zeros((spec.frames, spec.height, spec.width, 3), np.uint8)
        times = np.full(spec.frames, math.nan)
        for i, tick in enumerate(ticks):
            if tick.frame is not None:
                frames[i], times[i] = tick.frame, tick.taken_s
        if spec.pad == "repeat":
            _repeat(frames, times)
        frames.flags.writeable = times.flags.writeable = False
        step = 1 / spec.fps if spec.fps is not None else self._native_step(ticks)
        window = Window(
            index=self._windows,
            start_s=ticks[0].at_s,
            end_s=min(ticks[0].at_s + spec.frames * step, max(video_ends_s, ticks[0].at_s)),
            frames=frames,
            times=times,
            padded_share=float(np.isnan(times).mean()),
        )
        self._windows += 1
        return window

    @staticmethod
    def _native_step(ticks: list[_Tick]) -> float:
        return (ticks[-1].at_s - ticks[0].at_s) / (len(ticks) - 1) if len(ticks) > 1 else 1.0


def _repeat(frames: NDArray[np.uint8], times: NDArray[np.float64]) -> None:
    """Fill the ticks without a picture with the last picture before them, or the first after when there is none."""
    seen = np.flatnonzero(~np.isnan(times))
    if seen.size:
        latest = np.searchsorted(seen, np.arange(len(times)), side="right") - 1
        frames[:] = frames[seen[np.maximum(latest, 0)]]


def windows(
    pictures: Iterable[tuple[float, Picture]],
    spec: InputSpec,
    *,
    region: Region | Track | None = None,
    start_s: float = 0.0,
    end_s: float | None = None,
) -> Iterator[Window]:
    """All windows of a stream of pictures. `end_s` None: the end is one picture after the last one."""
    sampler = Sampler(spec, region, start_s)
    last_s, step = start_s, 0.0
    for seconds, picture in pictures:
        if end_s is not None and seconds >= end_s:
            break
        step = seconds - last_s if seconds > last_s else step
        last_s = max(last_s, seconds)
        yield from sampler.push(seconds, picture)
    yield from sampler.finish(end_s if end_s is not None else last_s + step)
