"""The video: the child's box over time, a decoded picture, and the decode receipt."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Region:
    """A box in the picture as displayed (after rotation), in pixels: the child's box."""

    x: int
    y: int
    width: int
    height: int

    @property
    def sides(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom; the last pixels inside are right - 1 and bottom - 1."""
        return self.x, self.y, self.x + self.width, self.y + self.height


@dataclass(frozen=True, slots=True)
class KeyBox:
    """A box that was set for one moment: `region` at `time_s` (seconds)."""

    time_s: float
    region: Region


@dataclass(frozen=True, slots=True)
class Track:
    """The child's box over time: key boxes, at least one, in the order of time. One alone is a box that never moves.

    Raises ValueError when there is no box, or when the times are not finite or do not rise.
    """

    boxes: tuple[KeyBox, ...]

    def __post_init__(self) -> None:
        times = [box.time_s for box in self.boxes]
        if not times:
            raise ValueError("a track needs at least one box")
        if not all(map(math.isfinite, times)) or any(later <= earlier for earlier, later in pairwise(times)):
            raise ValueError("the times of a track's boxes must rise")

    def at(self, seconds: float) -> Region:
        """The box at `seconds`: the first one before its time, the last one after, and straight lines between.

        Each side moves on its own, rounded to whole pixels (halves up).
        """
        following = bisect_right(self.boxes, seconds, key=lambda box: box.time_s)
        if following in (0, len(self.boxes)):
            return self.boxes[max(0, following - 1)].region
        a, b = self.boxes[following - 1], self.boxes[following]
        # Whole numbers from here on: what floats lose could turn a box one pixel wide into none.
        part, whole = ((seconds - a.time_s) / (b.time_s - a.time_s)).as_integer_ratio()
        left, top, right, bottom = (
            (2 * (here * whole + (there - here) * part) + whole) // (2 * whole)
            for here, there in zip(a.region.sides, b.region.sides, strict=True)
        )
        return Region(left, top, right - left, bottom - top)


@runtime_checkable
class Picture(Protocol):
    """One decoded picture, not yet converted: whoever needs pixels asks for the size it needs."""

    @property
    def width(self) -> int:
        """Pixels across, as displayed."""
        ...

    @property
    def height(self) -> int:
        """Pixels down, as displayed."""
        ...

    def rgb(self, width: int, height: int, region: Region | None = None) -> NDArray[np.uint8]:
        """`region` (default: all) scaled by area averaging to uint8 (height, width, 3), RGB, upright."""
        ...


@dataclass(frozen=True, slots=True)
class DecodeError:
    """A part of the video that could not be read; `time_s` is where the last good frame was."""

    time_s: float
    message: str


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """The decode receipt: what was asked for, what was really read, and the share of time covered.

    Frames: `frames_decoded` became pictures; `frames_skipped` are whole and readable but were passed over on purpose,
    because the sampling rate does not need them; `frames_declared` is the header's claim and only a hint.
    """

    path: str
    sha256: str
    size_bytes: int
    container: str
    codec: str
    pixel_format: str
    width: int
    height: int
    rotation_deg: int
    duration_s: float
    average_fps: float
    variable_rate: bool
    video_streams: int
    has_audio: bool
    frames_declared: int | None
    frames_decoded: int
    frames_skipped: int
    errors: tuple[DecodeError, ...]
    start_s: float
    end_s: float
    covered_share: float
