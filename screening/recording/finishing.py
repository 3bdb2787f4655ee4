"""A raw recording becomes the finished file, when it stops or at the next start after a crash. In and out: Matroska.

The packets are copied, not coded again, into a file that has an index, a duration and chapters; it is read back, and
only when every packet is in it does it take its name and the raw file go. Until then nothing is lost by any crash.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import av
from av import Packet
from av.container import InputContainer
from av.video.stream import VideoStream

from screening.errors import N_, CannotWrite, ScreeningError, VideoUnusable
from screening.recording.writer import RAW, TICK, Mark, held, marks_path, noted, raw_path

if TYPE_CHECKING:
    from av.container.core import Chapter  # only the type stubs have it

NOT_FINISHED = N_("“{name}” was recorded and is kept, but cannot be finished: {why}. Free some disk space.")
_MERE_HEADER_BYTES = 16_384  # less than any header with a picture that cannot be read

NOTHING = N_("“{name}” holds no picture: the recording ended before the first one.")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A finished recording: its file, its length in seconds, its pictures and its chapters."""

    path: Path
    duration_s: float
    frames: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Recovery:
    """What became of recordings that were left behind: those that are whole now, and one sentence for each other."""

    recorded: tuple[Recorded, ...]
    problems: tuple[ScreeningError, ...]


def recover(folder: Path) -> Recovery:
    """Finish every recording in `folder` that a crash left behind; one that another window records is left alone."""
    recorded: list[Recorded] = []
    problems: list[ScreeningError] = []
    for raw in sorted(folder.glob(f"*{RAW}")):
        path = raw.with_name(raw.name.removesuffix(RAW) + ".mkv")
        try:
            recorded.append(finish(path))
        except (BlockingIOError, PermissionError):
            continue
        except ScreeningError as error:
            problems.append(error)
    return Recovery(tuple(recorded), tuple(problems))


def finish(path: Path) -> Recorded:
    """Make the recording `path` (NAME.mkv) of its raw file and its marks.

    `VideoUnusable` where the raw file holds no picture (a mere header is taken away), `CannotWrite` where the disk is
    full (the raw file stays), `BlockingIOError` or `PermissionError` where it is being recorded still.
    """
    beside = path.with_suffix(".finishing.mkv")
    marks = noted(path)
    with held(raw_path(path), "r+b") as raw:
        frames, end_ms = _measure(raw)
        worthless = not frames and os.fstat(raw.fileno()).st_size < _MERE_HEADER_BYTES
        if frames:
            try:
                _copy(raw, beside, _chapters(marks, end_ms))
                _check(beside, frames)
                beside.replace(path)
            except OSError as error:
                raise CannotWrite(NOT_FINISHED, name=path.name, why=error.strerror or "?") from error
            finally:
                with contextlib.suppress(OSError):
                    beside.unlink(missing_ok=True)
    if frames or worthless:
        raw_path(path).unlink(missing_ok=True)
        marks_path(path).unlink(missing_ok=True)
    if not frames:
        raise VideoUnusable(NOTHING, name=path.name)
    return Recorded(path, end_ms * float(TICK), frames, marks)


def _measure(file: IO[bytes]) -> tuple[int, int]:
    """The packets of `file` and the end of the last in milliseconds; (0, 0) where there is none."""
    file.seek(0)
    frames = end_ms = 0
    try:
        with av.open(file, "r", metadata_errors="replace") as container:
            for packet in _packets(container):
                frames += 1
                end_ms = max(end_ms, (packet.pts or 0) + (packet.duration or 0))
    except (av.FFmpegError, IndexError):
        pass
    return frames, end_ms


def _packets(container: InputContainer) -> Iterator[Packet[VideoStream]]:
    """The whole packets of the video, up to where a crash cut the file off."""
    try:
        for packet in container.demux(container.streams.video[0]):
            if packet.pts is not None and not packet.is_corrupt:
                yield packet
    except av.FFmpegError:
        return


def _copy(raw: IO[bytes], beside: Path, chapters: list[Chapter]) -> None:
    raw.seek(0)
    with av.open(raw, "r", metadata_errors="replace") as source, beside.open("wb") as file:
        with av.open(file, "w", format="matroska") as target:
            stream = target.add_stream_from_template(source.streams.video[0])
            target.set_chapters(chapters)
            for packet in _packets(source):
                packet.stream = stream
                target.mux(packet)
        file.flush()
        os.fsync(file.fileno())


def _check(beside: Path, frames: int) -> None:
    """`OSError` unless every packet can be read back."""
    with beside.open("rb") as file:
        if _measure(file)[0] != frames:
            raise OSError(errno.EIO, os.strerror(errno.EIO))


def _chapters(marks: tuple[Mark, ...], end_ms: int) -> list[Chapter]:
    """Chapters that each reach to the next; a mark after the last picture begins with that."""
    starts = [min(round(mark.time_s / TICK), end_ms) for mark in marks]
    return [
        {"id": n + 1, "start": start, "end": end, "time_base": TICK, "metadata": {"title": mark.name}}
        for n, (mark, start, end) in enumerate(zip(marks, starts, [*starts[1:], end_ms], strict=False))
    ]
