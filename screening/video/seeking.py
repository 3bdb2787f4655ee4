"""Walks through a video from any time in it, and the picture on screen at any moment.

In: a shared file and a time. Out: (seconds, frame of PyAV), exactly as a walk from the start would give them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Self

import av
from av import VideoFrame
from av.container import InputContainer
from av.video.stream import VideoStream

from screening.video.decoding import DecodePass, SharedFile, Tally


class Walker:
    """Starts walks through a video at any time in it; a context manager that holds the open container."""

    _STEPS_BACK_S = (0.0, 2.0, 10.0, 60.0)

    def __init__(self, shared: SharedFile) -> None:
        self._shared = shared
        self._opened: tuple[InputContainer, VideoStream] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the container go."""
        if self._opened is not None:
            self._opened[0].close()
            self._opened = None

    def walk(self, tally: Tally, at_s: float = 0.0, fps: float | None = None) -> Iterator[tuple[float, VideoFrame]]:
        """Frames from one on that is shown at `at_s` or before, else from the very first; `fps` as for `DecodePass`."""
        if not (at_s > 0 and any(self._seek(max(0.0, at_s - back_s), at_s) for back_s in self._STEPS_BACK_S)):
            self.close()
        return DecodePass(*self.opened(), tally, at_s, fps).frames()

    def opened(self) -> tuple[InputContainer, VideoStream]:
        """The container and stream that the walks go through."""
        if self._opened is None:
            self._opened = self._shared.open()
        return self._opened

    def _seek(self, target_s: float, at_s: float) -> bool:
        """Stand before a key frame that is shown at `at_s` or earlier, if seeking to `target_s` leads to one.

        Some containers seek too far, and a key frame may come after pictures that are shown before it.
        """
        container, stream = self.opened()
        if stream.start_time is None or stream.time_base is None:
            return False  # only a walk from the start knows the time of a stream that declares none
        target = stream.start_time + math.floor(target_s / stream.time_base)
        latest = stream.start_time + at_s / stream.time_base
        try:
            container.seek(target, stream=stream)
            key = next((packet for packet in container.demux(stream) if packet.is_keyframe), None)
            container.seek(target, stream=stream)
        except (av.FFmpegError, OSError):
            return False
        return key is not None and key.pts is not None and key.pts <= latest


class View:
    """The picture on screen at one moment after the other, for a player: a seek to go back or far, decoding on else."""

    _NEAR_AHEAD_S = 2.0
    _STEPS_BACK_S = (0.0, 10.0, 60.0, math.inf)

    def __init__(self, shared: SharedFile) -> None:
        self._shared = shared
        self._walker = Walker(shared)
        self._frames: Iterator[tuple[float, VideoFrame]] = iter(())
        self._now: tuple[float, VideoFrame] | None = None
        self._next: tuple[float, VideoFrame] | None = None

    def close(self) -> None:
        """Let the file go."""
        self._walker.close()
        self._now = self._next = None

    def at(self, seconds: float) -> tuple[float, VideoFrame]:
        """The last frame that is not later than `seconds`; the first of all when there is none."""
        if self._now is None or not self._now[0] <= seconds < self._now[0] + self._NEAR_AHEAD_S:
            self._now = self._start(seconds)
        while self._next is not None and self._next[0] <= seconds:
            self._now, self._next = self._next, next(self._frames, None)
        return self._now

    def _start(self, seconds: float) -> tuple[float, VideoFrame]:
        """A frame from which decoding on leads to `seconds`; where a key frame is damaged, from one farther back."""
        now: tuple[float, VideoFrame] | None = None
        for back_s in self._STEPS_BACK_S:
            self._frames = self._walker.walk(Tally(), max(0.0, seconds - back_s))
            now, self._next = next(self._frames, None), next(self._frames, None)
            if seconds <= back_s or (now is not None and now[0] <= seconds):
                break
        if now is None:
            raise self._shared.lost()
        return now
