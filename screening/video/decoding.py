"""One walk through the packets of a video: frames with their times, and what became of the packets.

In: a file that several readers may share. Out: (seconds, frame of PyAV); `video.py` makes pictures and a receipt of it.
"""

from __future__ import annotations

import io
import math
import threading
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

import av
from av import Packet, VideoFrame
from av.container import InputContainer
from av.stream import Disposition
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from screening.errors import N_, VideoUnusable
from screening.records import DecodeError

# Formats of FFmpeg that make pictures out of text, photographs or lists of other files: none is a recording of a child.
_NOT_VIDEO = {"tty", "image2", "hls", "dash", "concat", "imf", "lavfi", "rawvideo"}

_LOOKAHEAD = 18  # packets; no codec in use reorders more than 16 pictures
_LONGEST_GAP_S = 600.0  # a longer step between two pictures is a broken clock, not a pause
_STEP_BACK_S = 1.0  # times that fall by less are disorder, by more a clock that starts again
_ROUNDING_S = 1e-6
_KEPT_ERRORS = 100

DAMAGED = N_("Pictures here are damaged and were left out.")
BROKEN_OFF = N_("The pictures end before the end that the file declares.")
UNREADABLE = N_("The file cannot be read further.")
CLOCK_JUMPS = N_("The clock of the video jumps here; the time was counted on.")


# ---------------------------------------------------------------------------------------------- the file


class SharedFile:
    """A binary file that several readers use at once, each at a position of its own (a pass, the player, the hash).

    What `threads` decoders make of damage depends on which is faster; only one gives the same pictures every time.
    """

    def __init__(self, file: BinaryIO, name: str, threads: int = 1) -> None:
        self._file, self._name, self._threads = file, name, threads
        self._lock = threading.Lock()

    def read(self, at: int, size: int) -> bytes:
        """At most `size` bytes (all when negative) from position `at`."""
        with self._lock:
            self._file.seek(at)
            return self._file.read(size)

    def size(self) -> int:
        """Bytes in the file."""
        with self._lock:
            return self._file.seek(0, io.SEEK_END)

    def cursor(self) -> _Cursor:
        """A new reader at the start of the file."""
        return _Cursor(self)

    def open(self) -> tuple[InputContainer, VideoStream]:
        """The container and its best video stream; `VideoUnusable` when the file is no video or holds none."""
        try:
            # Wrong letters in a title are no reason to refuse a video; reaching for other files or addresses is.
            container = av.open(self.cursor(), "r", metadata_errors="replace", io_open=_refuse_other_files)
        except (av.FFmpegError, OSError, ValueError) as error:
            raise VideoUnusable(
                N_("“{name}” is not a video that can be read. Choose a video file."), name=self._name
            ) from error
        if container.format.name in _NOT_VIDEO or container.format.name.endswith("_pipe"):
            container.close()
            raise VideoUnusable(N_("“{name}” is not a video. Choose a video file."), name=self._name)
        streams = [stream for stream in container.streams.video if not is_cover(stream)]
        readable = [stream for stream in streams if cast(VideoCodecContext | None, stream.codec_context) is not None]
        if not streams:
            container.close()
            raise VideoUnusable(N_("“{name}” holds no video. Choose a video file."), name=self._name)
        if not readable:
            container.close()
            raise VideoUnusable(
                N_("“{name}” is coded in a way that cannot be read here. Save it as MP4 (H.264) and choose that."),
                name=self._name,
            )
        best = container.streams.best("video")
        stream = best if best in readable else readable[0]
        stream.codec_context.thread_type, stream.codec_context.thread_count = "AUTO", self._threads
        return container, stream

    def lost(self) -> VideoUnusable:
        """The error for a file that could be read before and cannot be now."""
        return VideoUnusable(
            N_("“{name}” cannot be read any more. Check the disk, then open it again."), name=self._name
        )


class _Cursor(io.RawIOBase):
    def __init__(self, shared: SharedFile) -> None:
        self._shared, self._at = shared, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._shared.size()}[whence]
        self._at = max(0, origin + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        data = self._shared.read(self._at, -1 if size is None else size)
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


# ---------------------------------------------------------------------------------------------- one walk


@dataclass
class Tally:
    """What a walk met. `intervals` counts steps between neighbouring pictures in units of `time_base` (s)."""

    time_base: float = 1.0
    declared_step_s: float = 0.0
    intervals: Counter[int] = field(default_factory=Counter)
    packets: int = 0
    skipped: int = 0
    errors: list[DecodeError] = field(default_factory=list)
    last_s: float | None = None  # of the last frame that went out

    @property
    def step_s(self) -> float:
        """The usual step between two pictures: the median, or what the header declares, or 0."""
        half, seen = self.intervals.total() / 2, 0
        for interval, count in sorted(self.intervals.items()):
            seen += count
            if seen >= half:
                return interval * self.time_base
        return self.declared_step_s

    @property
    def average_fps(self) -> float:
        """Pictures per second over all steps met; 0 when there was none."""
        total = sum(interval * count for interval, count in self.intervals.items())
        return self.intervals.total() / (total * self.time_base) if total else 0.0

    @property
    def variable_rate(self) -> bool:
        """More than one step in twenty is not the usual one, beyond what rounding to milliseconds explains."""
        slack_s = 0.1 * self.step_s + 0.001
        unusual = sum(n for step, n in self.intervals.items() if abs(step * self.time_base - self.step_s) > slack_s)
        return unusual > 0.05 * self.intervals.total()

    def note(self, message: str) -> None:
        """Put a fault on record at the last good frame; a run of the same fault is one entry."""
        fault = DecodeError(self.last_s or 0.0, message)
        if fault not in self.errors[-1:] and len(self.errors) < _KEPT_ERRORS:
            self.errors.append(fault)


class DecodePass:
    """Frames of one stream from where the container stands, forward in time, counted on `tally`.

    Frames that are over before `from_s` are not needed, and with `fps` only the ones nearest to from_s + k / fps are.
    One that is not needed is passed over whole where no other is built from it (the decoder's `skip_frame=NONREF`, or
    a codec of key frames only); all that come are exactly as they would be without this.
    """

    def __init__(
        self,
        container: InputContainer,
        stream: VideoStream,
        tally: Tally,
        from_s: float = 0.0,
        fps: float | None = None,
    ) -> None:
        self._container, self._stream, self._from_s, self._fps = container, stream, from_s, fps
        self._origin = stream.start_time  # pts of the video's time 0; the first that comes where none is declared
        self._left_out: set[int] = set()  # pts that may be passed over, not yet known whether they were
        self._clock_broken = False
        self.tally = tally
        tally.time_base = float(stream.time_base or 0.001)
        rate = stream.average_rate or stream.guessed_rate
        tally.declared_step_s = float(1 / rate) if rate else 0.0

    def frames(self) -> Iterator[tuple[float, VideoFrame]]:
        """(seconds, frame), times never falling. Damaged frames are left out and noted."""
        context = self._stream.codec_context
        intra_only = context.codec.intra_only
        for packet, needed in self._packets():
            if not needed and packet.pts is not None:
                self._left_out.add(packet.pts)
                if intra_only:
                    continue
            context.skip_frame = "DEFAULT" if needed else "NONREF"
            for frame in self._decode(packet):
                self._settle(frame.pts)
                if frame.is_corrupt:
                    self.tally.note(DAMAGED)
                else:
                    yield self._seconds(frame), frame
        self._settle(None)

    def _decode(self, packet: Packet[VideoStream]) -> list[VideoFrame]:
        try:
            return packet.decode()
        except EOFError:
            return []
        except (av.FFmpegError, ValueError):
            self.tally.note(DAMAGED)
            return []

    def _settle(self, shown_pts: int | None) -> None:
        """Frames come in order: what is earlier than the one that came was passed over; the one that came was not."""
        if self._left_out:
            passed = {pts for pts in self._left_out if shown_pts is None or pts < shown_pts}
            self._left_out -= passed | {shown_pts}
            self.tally.skipped += sum(self._time(pts) >= self._from_s for pts in passed)

    def _packets(self) -> Iterator[tuple[Packet[VideoStream], bool]]:
        """Packets in the order of the file, each with whether its picture is needed (known by looking ahead)."""
        ahead: deque[Packet[VideoStream]] = deque()
        near: deque[int] = deque(maxlen=2 * _LOOKAHEAD + 1)  # pts of the packets around the one in turn
        for packet in self._demuxed():
            ahead.append(packet)
            if packet.pts is not None:
                near.append(packet.pts)
            if len(ahead) > _LOOKAHEAD:
                yield self._in_turn(ahead.popleft(), near)
        while ahead:
            yield self._in_turn(ahead.popleft(), near)

    def _demuxed(self) -> Iterator[Packet[VideoStream]]:
        try:
            for packet in self._container.demux(self._stream):
                self.tally.packets += packet.size > 0
                yield packet
        except (av.FFmpegError, OSError):
            self.tally.note(UNREADABLE)

    def _in_turn(self, packet: Packet[VideoStream], near: deque[int]) -> tuple[Packet[VideoStream], bool]:
        pts = packet.pts
        if pts is None:
            return packet, True
        if self._origin is None:
            self._origin = min(near)
        before = max((other for other in near if other < pts), default=None)
        after = min((other for other in near if other > pts), default=None)
        if after is not None:
            self.tally.intervals[after - pts] += 1
        if before is None or after is None or self._clock_broken:
            return packet, True
        if (after - before) * self.tally.time_base > _STEP_BACK_S:
            return packet, True
        if self._time(after) <= self._from_s:
            return packet, False
        return packet, self._fps is None or self._has_tick((before + pts) / 2, (pts + after) / 2, self._fps)

    def _has_tick(self, low_pts: float, high_pts: float, fps: float) -> bool:
        """Whether a tick lies between the middles towards the neighbours: such ticks are nearest to this picture."""
        k = max(0, math.ceil((self._time(low_pts) - _ROUNDING_S - self._from_s) * fps))
        return self._from_s + k / fps <= self._time(high_pts) + _ROUNDING_S

    def _time(self, pts: float) -> float:
        return (pts - (self._origin or 0)) * self.tally.time_base

    def _seconds(self, frame: VideoFrame) -> float:
        """The frame's time; where the file has none or a broken one, counted on from the frame before."""
        last_s = self.tally.last_s
        counted_s = last_s + self.tally.step_s if last_s is not None else 0.0
        if frame.pts is None:
            seconds = counted_s
        else:
            if self._origin is None:
                self._origin = frame.pts
            seconds = self._time(frame.pts)
            if last_s is not None and not -_STEP_BACK_S < seconds - last_s < _LONGEST_GAP_S:
                self.tally.note(CLOCK_JUMPS)
                self._origin = frame.pts - round(counted_s / self.tally.time_base)
                self._clock_broken = True
                seconds = counted_s
        self.tally.last_s = max(seconds, last_s) if last_s is not None else seconds
        return self.tally.last_s
