"""One walk through the packets of a video: frames with their times, and what became of the packets.

In: a file that several readers may share. Out: (seconds, frame of PyAV); `video.py` makes pictures and the receipt of it.
"""

from __future__ import annotations

import io
import math
import os
import threading
from collections import Counter, deque
from collections.abc import Iterator
from itertools import chain
from typing import Any, BinaryIO, Self

import av
from av import Packet, VideoFrame
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from screening.errors import N_
from screening.records import DecodeError

_THREADS = min(4, os.cpu_count() or 1)  # each thread holds a picture of its own: more would only cost memory
_LOOKAHEAD = 18  # packets; no codec in use reorders more than 16 pictures
_LONGEST_GAP_S = 600.0  # a longer step between two pictures is a broken clock, not a pause
_STEP_BACK_S = 1.0  # times that fall by less are disorder, by more a clock that starts again
_ROUNDING_S = 1e-6
_KEPT_ERRORS = 100

DAMAGED = N_("Pictures here are damaged and were left out.")
BROKEN_OFF = N_("The pictures end before the end that the file declares.")
UNREADABLE = N_("The file cannot be read further.")
CLOCK_JUMPS = N_("The clock of the video jumps here; the time was counted on.")


class SharedFile:
    """A binary file that several readers use at once, each at a position of its own (a pass, the player, the hash)."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.lock = threading.Lock()

    def cursor(self) -> _Cursor:
        """A new reader at the start of the file."""
        return _Cursor(self)

    def open(self) -> tuple[InputContainer, VideoStream | None]:
        """The container and its best video stream, not counting cover pictures; `OSError` or `ValueError` if none."""
        container = av.open(
            self.cursor(), metadata_errors="replace", io_open=_refuse_other_files, options={"fflags": "+genpts"}
        )
        stream = container.streams.best("video")
        if not isinstance(stream, VideoStream) or is_cover(stream):
            stream = next((s for s in container.streams.video if not is_cover(s)), None)
        if stream is not None:
            stream.codec_context.thread_type = "AUTO"
            stream.codec_context.thread_count = _THREADS
        return container, stream


class _Cursor(io.RawIOBase):
    def __init__(self, shared: SharedFile) -> None:
        self._shared, self._at = shared, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_CUR:
            offset += self._at
        elif whence == io.SEEK_END:
            with self._shared.lock:
                offset += self._shared.file.seek(0, io.SEEK_END)
        self._at = max(0, offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        with self._shared.lock:
            self._shared.file.seek(self._at)
            data = self._shared.file.read(-1 if size is None else size)
        self._at += len(data)
        return data

    def readinto(self, buffer: Any) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _refuse_other_files(*_: object) -> None:
    raise PermissionError("a video may not make the program open other files or addresses")


def is_cover(stream: VideoStream) -> bool:
    """Whether the stream is the cover picture of a piece of music, not a video."""
    return bool(stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails))


class DecodePass:
    """Frames of one stream from one place on, forward in time, and the account of the packets.

    `ticks` (start_s, fps): only the pictures nearest to start_s + k / fps are needed. Another one is passed over whole
    where no picture is built from it (the decoder's `skip_frame=NONREF`); all that come are exactly as they would be
    without `ticks`.
    """

    def __init__(
        self, container: InputContainer, stream: VideoStream, *, ticks: tuple[float, float] | None = None
    ) -> None:
        self._container, self._stream, self._ticks = container, stream, ticks
        self.time_base = float(stream.time_base or 1 / 1000)
        self._origin = stream.start_time  # pts of the video's time 0; the first that comes where none is declared
        self._last_s: float | None = None
        self._left_out: set[int] = set()  # pts of packets that may be passed over, not yet known whether they were
        self._clock_broken = False
        self.intervals: Counter[int] = Counter()  # steps between neighbouring pictures, in units of the time base
        self.packets = 0
        self.skipped = 0
        self.errors: list[DecodeError] = []
        self.at_end = False  # every packet of the file was seen

    @property
    def step_s(self) -> float:
        """The usual step between two pictures (median), 0 when unknown."""
        half, seen = self.intervals.total() / 2, 0
        for interval, count in sorted(self.intervals.items()):
            seen += count
            if seen >= half:
                return interval * self.time_base
        rate = self._stream.average_rate or self._stream.guessed_rate
        return float(1 / rate) if rate else 0.0

    def note(self, message: str) -> None:
        """Put a fault on record, at the last good picture; a run of the same fault is one entry."""
        at_s = self._last_s or 0.0
        if (self.errors and self.errors[-1] == DecodeError(at_s, message)) or len(self.errors) >= _KEPT_ERRORS:
            return
        self.errors.append(DecodeError(at_s, message))

    def frames(self) -> Iterator[tuple[float, VideoFrame]]:
        """(seconds, frame), times never falling."""
        context = self._stream.codec_context
        for packet, needed in self._packets():
            context.skip_frame = "DEFAULT" if needed else "NONREF"
            if not needed and packet.pts is not None:
                self._left_out.add(packet.pts)
            for frame in self._decode(packet):
                self._settle_left_out(frame.pts)
                if frame.is_corrupt:
                    self.note(DAMAGED)
                    continue
                yield self._seconds(frame), frame
        self._settle_left_out(None)

    def _decode(self, packet: Packet[VideoStream]) -> list[VideoFrame]:
        try:
            return packet.decode()
        except EOFError:
            return []
        except (av.FFmpegError, ValueError):
            self.note(DAMAGED)
            return []

    def _settle_left_out(self, shown_pts: int | None) -> None:
        """Pictures come in order: what is earlier than the one shown was passed over; the one shown was not."""
        if not self._left_out:
            return
        passed = {pts for pts in self._left_out if shown_pts is None or pts < shown_pts}
        self.skipped += len(passed)
        self._left_out -= passed
        self._left_out.discard(shown_pts if shown_pts is not None else -1)

    def _packets(self) -> Iterator[tuple[Packet[VideoStream], bool]]:
        """Packets in the order of the file, each with whether a tick needs its picture (known by looking ahead)."""
        ahead: deque[Packet[VideoStream]] = deque()
        near: deque[int] = deque()  # pts of the packets around the one in turn
        for packet in self._demuxed():
            ahead.append(packet)
            if packet.pts is not None:
                near.append(packet.pts)
                if len(near) > 2 * _LOOKAHEAD:
                    near.popleft()
            if len(ahead) > _LOOKAHEAD:
                yield self._in_turn(ahead.popleft(), near)
        while ahead:
            yield self._in_turn(ahead.popleft(), near)

    def _demuxed(self) -> Iterator[Packet[VideoStream]]:
        try:
            for packet in self._container.demux(self._stream):
                self.packets += packet.size > 0
                yield packet
        except (av.FFmpegError, OSError):
            self.note(UNREADABLE)
        self.at_end = True

    def _in_turn(self, packet: Packet[VideoStream], near: deque[int]) -> tuple[Packet[VideoStream], bool]:
        pts = packet.pts
        if pts is None:
            return packet, True
        if self._origin is None:
            self._origin = min(near)
        before = max((other for other in near if other < pts), default=None)
        after = min((other for other in near if other > pts), default=None)
        if after is not None:
            self.intervals[after - pts] += 1
        if self._ticks is None or before is None or after is None or self._clock_broken:
            return packet, True
        if (after - before) * self.time_base > _STEP_BACK_S:
            return packet, True
        # The ticks that take this picture lie between the middles towards its neighbours.
        start_s, fps = self._ticks
        first_s = ((before + pts) / 2 - self._origin) * self.time_base - _ROUNDING_S
        last_s = ((pts + after) / 2 - self._origin) * self.time_base + _ROUNDING_S
        k = max(0, math.ceil((first_s - start_s) * fps))
        return packet, start_s + k / fps <= last_s

    def _seconds(self, frame: VideoFrame) -> float:
        last_s = self._last_s
        if frame.pts is None:
            seconds = last_s + self.step_s if last_s is not None else 0.0
        else:
            if self._origin is None:
                self._origin = frame.pts
            seconds = (frame.pts - self._origin) * self.time_base
            if last_s is not None and not last_s - _STEP_BACK_S < seconds < last_s + _LONGEST_GAP_S:
                self.note(CLOCK_JUMPS)
                seconds = last_s + self.step_s
                self._origin = frame.pts - round(seconds / self.time_base)
                self._clock_broken = True
        self._last_s = seconds = max(seconds, last_s) if last_s is not None else seconds
        return seconds


class Walker:
    """Starts walks through a video at any time in it; a context manager that holds the open container."""

    _STEPS_BACK_S = (0.0, 2.0, 10.0, 60.0)

    def __init__(self, shared: SharedFile) -> None:
        self._shared = shared
        self._container: InputContainer | None = None
        self._stream: VideoStream | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the container go."""
        if self._container is not None:
            self._container.close()
            self._container = None

    def walk(
        self, at_s: float = 0.0, ticks: tuple[float, float] | None = None
    ) -> tuple[DecodePass, Iterator[tuple[float, VideoFrame]]]:
        """A pass, and its frames from a key frame on that is shown at `at_s` or before (else from the very first).

        Some containers seek too far, and a key frame may come after pictures that are shown before it: so the first
        frame is looked at, and where it is too late the seek starts again from farther back.
        """
        if at_s > 0:
            for back_s in self._STEPS_BACK_S:
                found = self._seek(at_s, at_s - back_s, ticks) if at_s > back_s else None
                if found is not None:
                    return found
        self.close()
        container, stream = self._open()
        one = DecodePass(container, stream, ticks=ticks)
        return one, one.frames()

    def _open(self) -> tuple[InputContainer, VideoStream]:
        if self._container is None or self._stream is None:
            self._container, self._stream = self._shared.open()
        assert self._stream is not None, "the video was opened before, and had a stream"
        return self._container, self._stream

    def _seek(
        self, at_s: float, target_s: float, ticks: tuple[float, float] | None
    ) -> tuple[DecodePass, Iterator[tuple[float, VideoFrame]]] | None:
        container, stream = self._open()
        if stream.start_time is None or stream.time_base is None:
            return None  # without a declared start only a walk from the start knows the time
        try:
            container.seek(stream.start_time + math.floor(target_s / stream.time_base), stream=stream)
        except (av.FFmpegError, OSError):
            return None
        one = DecodePass(container, stream, ticks=ticks)
        frames = one.frames()
        first = next(frames, None)
        if first is None or first[0] > at_s or first[1].pts is None:
            return None
        return one, chain([first], frames)


class View:
    """The picture on screen at one moment after the other, for a player: a seek to go back or far, decoding on else."""

    _NEAR_AHEAD_S = 2.0

    def __init__(self, shared: SharedFile) -> None:
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
            _, self._frames = self._walker.walk(seconds)
            self._now, self._next = next(self._frames, None), next(self._frames, None)
        while self._next is not None and self._next[0] <= seconds:
            self._now, self._next = self._next, next(self._frames, None)
        assert self._now is not None, "the video was opened before, and had a picture"
        return self._now
