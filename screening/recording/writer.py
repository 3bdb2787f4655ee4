"""Pictures become a Matroska file that survives a crash. In: pictures with file times; out: bytes safely on disk.

Nothing waits in the encoder (no look-ahead, no B frames); a cluster of at most 0.3 s goes to the file as a whole, and
the file to the disk every 0.7 s. With the second that the queue before it may hold, a crash or a power cut loses two.
The raw file is called `NAME.recording.mkv` and its marks `NAME.recording.jsonl`; `finishing` makes `NAME.mkv` of them.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import IO

import av
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from numpy.typing import NDArray

from screening.errors import N_, CannotWrite

TICK = Fraction(1, 1000)  # Matroska's own unit, a millisecond

_CLUSTER_MS = 300
_SYNC_S = 0.7
_KEY_FRAME_S = 2.0  # what a player has to decode before it can show the moment that was asked for
# Quality 20 of x264 keeps what the model looks at; the ceiling, in bits for each pixel, is for noise in a dark room.
_QUALITY = "20"
_CEILING_BITS = 0.3
TYPICAL_BITS = 0.15

DISK_FULL = N_("“{name}” cannot be recorded further: {why}. Everything up to here is kept. Free some disk space.")


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter that begins at `time_s` of the file."""

    time_s: float
    name: str


RAW = ".recording.mkv"


def raw_path(path: Path) -> Path:
    """Where the recording `path` (NAME.mkv) lies until it is finished."""
    return path.with_suffix(RAW)


def marks_path(path: Path) -> Path:
    """Where the marks of the recording `path` (NAME.mkv) lie until it is finished."""
    return path.with_suffix(".recording.jsonl")


def disk_full(path: Path, error: OSError) -> CannotWrite:
    """The sentence for a disk that takes no more of the recording `path`."""
    return CannotWrite(DISK_FULL, name=path.name, why=error.strerror or "?")


def cannot_start(path: Path, error: OSError) -> CannotWrite:
    """The sentence for a place where the recording `path` cannot be begun."""
    return CannotWrite(
        N_("“{name}” cannot be recorded: {why}. Choose another folder or name."),
        name=path.name,
        why=error.strerror or "?",
    )


@contextlib.contextmanager
def held(path: Path, mode: str) -> Iterator[IO[bytes]]:
    """The file, held so that another window does not take it for one that was left behind.

    `BlockingIOError` or `PermissionError` where it is held already.
    """
    with path.open(mode) as file:
        if sys.platform == "win32":
            import msvcrt

            file.seek(1 << 40)  # Windows keeps others from reading what is locked; nothing is ever there
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            file.seek(0)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield file


class Writer:
    """The raw file of one recording; for one thread. `CannotWrite` from every method once the disk takes no more."""

    def __init__(self, path: Path, size: tuple[int, int], rate: float) -> None:
        self._path, self._last_ms, self._synced_s = path, -1, time.monotonic()
        self.frames = 0
        self._open = contextlib.ExitStack()
        try:
            self._file = self._open.enter_context(held(raw_path(path), "xb"))
            self._start(size, rate)
        except OSError as error:
            self._open.close()
            raise cannot_start(path, error) from error

    def _start(self, size: tuple[int, int], rate: float) -> None:
        self._container = av.open(
            self._file,
            "w",
            format="matroska",
            container_options={"cluster_time_limit": str(_CLUSTER_MS), "flush_packets": "1"},
        )
        # H.264 in 4:2:0 has only even sides.
        self._width, self._height = max(2, size[0] & ~1), max(2, size[1] & ~1)
        ceiling = round(_CEILING_BITS * self._width * self._height * rate)
        stream = self._container.add_stream(
            "libx264",
            rate=Fraction(rate).limit_denominator(1001),
            options={
                "preset": "veryfast",
                "tune": "zerolatency",
                "crf": _QUALITY,
                "maxrate": str(ceiling),
                "bufsize": str(2 * ceiling),
            },
        )
        stream.width, stream.height, stream.pix_fmt = self._width, self._height, "yuv420p"
        context = stream.codec_context
        context.time_base, context.gop_size = TICK, max(1, round(rate * _KEY_FRAME_S))
        context.colorspace, context.color_range = Colorspace.ITU709, ColorRange.MPEG
        context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        self._stream = stream

    @property
    def bytes_written(self) -> int:
        """Bytes in the file so far."""
        return self._file.tell()

    def write(self, seconds: float, picture: NDArray[np.uint8]) -> None:
        """Add `picture`, uint8 (height, width, 3) in BGR, at `seconds` of the file; later than the one before."""
        frame = av.VideoFrame.from_ndarray(picture, format="bgr24").reformat(
            self._width,
            self._height,
            "yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
        )
        self._last_ms = max(self._last_ms + 1, round(seconds / TICK))
        frame.pts, frame.time_base = self._last_ms, TICK
        try:
            self._container.mux(self._stream.encode(frame))
            self._file.flush()
            if time.monotonic() - self._synced_s >= _SYNC_S:
                os.fsync(self._file.fileno())
                self._synced_s = time.monotonic()
        except OSError as error:
            raise disk_full(self._path, error) from error
        self.frames += 1

    def close(self) -> None:
        """Write what is left and let the file go, whatever the disk says."""
        try:
            self._container.mux(self._stream.encode())
            self._container.close()
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise disk_full(self._path, error) from error
        finally:
            # A buffered file tries once more what it could not write.
            with contextlib.suppress(OSError):
                self._open.close()


def note(path: Path, mark: Mark) -> None:
    """Add `mark` to the recording `path`, safely on disk. `CannotWrite` when the disk takes no more."""
    try:
        with marks_path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(mark), ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise disk_full(path, error) from error


def noted(path: Path) -> tuple[Mark, ...]:
    """The marks of the unfinished recording `path`, by time; a line that a crash cut off is left out."""
    try:
        lines = marks_path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    marks = []
    for line in lines:
        with contextlib.suppress(ValueError, TypeError, KeyError):
            entry = json.loads(line)
            marks.append(Mark(float(entry["time_s"]), str(entry["name"])))
    return tuple(sorted(marks, key=lambda mark: mark.time_s))
