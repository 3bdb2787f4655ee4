"""A video file becomes pictures with their times, and a receipt of what was really read.

In: a path, or a readable file object (which may decrypt as it reads). Out: (seconds, picture) forward in time, or the
picture on screen at one moment; and the decode receipt (`records.VideoInfo`).
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from av import VideoFrame
from av.container import InputContainer
from av.video.stream import VideoStream

from screening.decoding import BROKEN_OFF, DecodePass, SharedFile, View, Walker, is_cover
from screening.errors import N_, VideoUnusable
from screening.picture import Converter, DecodedPicture, displayed_size, orientation_of
from screening.records import DecodeError, Picture, VideoInfo

# Formats of FFmpeg that make pictures out of text, photographs or lists of other files: none is a recording of a child.
_NOT_VIDEO = {"tty", "image2", "hls", "dash", "concat", "imf", "lavfi", "rawvideo"}

_PICTURE_REACH_S = 0.5  # a picture stands for the time this far around it


def open_video(source: Path | BinaryIO, *, name: str | None = None) -> Video:
    """Open a video; `VideoUnusable` with one sentence when there is nothing to analyse in it.

    A file object must be seekable and stays the caller's to close. `name` is what the receipt and the sentences call
    the video (default: the path, or the file object's own name).
    """
    if not isinstance(source, Path):
        return Video(source, name if name is not None else str(getattr(source, "name", "")), owned=False)
    shown = name if name is not None else source.name
    if source.is_dir():
        raise VideoUnusable(N_("“{name}” is a folder. Choose a video file."), name=shown)
    try:
        file = source.open("rb")
    except FileNotFoundError as error:
        raise VideoUnusable(N_("There is no file “{name}”. Check where the video is."), name=shown) from error
    except OSError as error:
        raise VideoUnusable(
            N_("“{name}” cannot be read. Check the disk, and whether you may read the file."), name=shown
        ) from error
    try:
        return Video(file, name if name is not None else str(source), owned=True)
    except BaseException:
        file.close()
        raise


def probe(path: Path) -> VideoInfo:
    """The decode receipt of a whole video: every picture is decoded. `VideoUnusable` as `open_video`."""
    with open_video(path) as video:
        for _ in video.pictures():
            pass
        return video.info()


class Video:
    """An open video; a context manager, for one thread at a time.

    `width` × `height` are pixels as displayed (upright, square); `duration_hint_s` is what the header claims, or None.
    """

    def __init__(self, file: BinaryIO, name: str, *, owned: bool) -> None:
        self._file, self._owned, self.name = file, owned, name
        self._shared = SharedFile(file)
        self._converter = Converter()
        self._sha256: str | None = None
        self._view: View | None = None
        shown = Path(name).name or "video"
        self.size_bytes = self._shared.cursor().seek(0, io.SEEK_END)
        if self.size_bytes == 0:
            raise VideoUnusable(N_("“{name}” is empty. Choose another video."), name=shown)
        try:
            container, stream = self._shared.open()
        except (OSError, ValueError) as error:
            raise VideoUnusable(
                N_("“{name}” is not a video that can be read. Choose a video file."), name=shown
            ) from error
        with container:
            format_name = container.format.name
            if format_name.split(",")[0] in _NOT_VIDEO or format_name.endswith("_pipe"):
                raise VideoUnusable(N_("“{name}” is not a video. Choose a video file."), name=shown)
            if stream is None:
                raise VideoUnusable(N_("“{name}” holds no video. Choose a video file."), name=shown)
            first = next(DecodePass(container, stream).frames(), None)
            if first is None:
                raise VideoUnusable(
                    N_("“{name}” holds no picture that can be read. The file may be damaged; choose another."),
                    name=shown,
                )
            self._describe(container, stream, first[1])
        self._account = _Account(0.0, None, self.duration_hint_s, self.frames_declared)

    def _describe(self, container: InputContainer, stream: VideoStream, frame: VideoFrame) -> None:
        self.container = container.format.name
        self.codec = stream.codec_context.codec.canonical_name
        self.pixel_format = frame.format.name
        self.video_streams = sum(not is_cover(other) for other in container.streams.video)
        self.has_audio = bool(container.streams.audio)
        self.frames_declared = stream.frames or None
        self.declared_fps = float(stream.average_rate or stream.guessed_rate or 0)
        aspect = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio
        self._aspect = float(aspect) if aspect else 1.0
        self.orientation = orientation_of(frame)
        self.width, self.height = displayed_size(frame.width, frame.height, self._aspect, self.orientation)
        self.duration_hint_s: float | None = None
        if stream.duration and stream.time_base:
            self.duration_hint_s = float(stream.duration * stream.time_base)
        elif container.duration:
            self.duration_hint_s = container.duration / 1_000_000

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go. Pictures that were handed out stay valid."""
        if self._view is not None:
            self._view.close()
            self._view = None
        if self._owned:
            self._file.close()

    # ------------------------------------------------------------------------------------------ forward

    def pictures(
        self, *, start_s: float = 0.0, end_s: float | None = None, needed_fps: float | None = None
    ) -> Iterator[tuple[float, Picture]]:
        """(seconds, picture) from the one on screen at `start_s` to the last before `end_s`, times never falling.

        `needed_fps`: only the pictures nearest to start_s + k / needed_fps must come; the others may be passed over.
        What cannot be read is passed over too and put on the receipt (`info`).
        """
        ticks = (start_s, needed_fps) if needed_fps else None
        with Walker(self._shared) as walker:
            walk, frames = walker.walk(start_s, ticks)
            account = self._account = _Account(start_s, end_s, self.duration_hint_s, self.frames_declared, walk)
            held: tuple[float, VideoFrame] | None = None
            for seconds, frame in frames:
                if end_s is not None and seconds >= end_s:
                    break
                if seconds <= start_s:
                    held = seconds, frame
                    continue
                if held is not None:
                    yield account.shown_s(held[0]), self._picture(held[1])
                    held = None
                yield account.shown_s(seconds), self._picture(frame)
            if held is not None:
                yield account.shown_s(held[0]), self._picture(held[1])
            account.finish()

    def info(self) -> VideoInfo:
        """The decode receipt of the last `pictures()` pass as far as it went; without one, what the header claims.

        Call it from the thread that decodes. The hash is computed once, over the whole file.
        """
        if self._sha256 is None:
            with io.BufferedReader(self._shared.cursor(), 1 << 20) as whole:
                self._sha256 = hashlib.file_digest(whole, "sha256").hexdigest()
        account = self._account
        return VideoInfo(
            path=self.name,
            sha256=self._sha256,
            size_bytes=self.size_bytes,
            container=self.container,
            codec=self.codec,
            pixel_format=self.pixel_format,
            width=self.width,
            height=self.height,
            rotation_deg=self.orientation.degrees,
            duration_s=account.duration_s,
            average_fps=account.average_fps or self.declared_fps,
            variable_rate=account.variable_rate,
            video_streams=self.video_streams,
            has_audio=self.has_audio,
            frames_declared=self.frames_declared,
            frames_decoded=account.decoded,
            frames_skipped=account.skipped,
            errors=account.errors,
            start_s=account.start_s,
            end_s=account.end_s,
            covered_share=account.covered_share,
        )

    # ------------------------------------------------------------------------------------------ one moment

    def picture_at(self, seconds: float) -> tuple[float, Picture]:
        """The picture on screen at `seconds` with its own time: the last one not later, or the first of all.

        The same picture as a decode from the start gives: it seeks to a key frame before and decodes on from there.
        """
        if self._view is None:
            self._view = View(self._shared)
        shown_s, frame = self._view.at(seconds)
        return shown_s, self._picture(frame)

    def _picture(self, frame: VideoFrame) -> Picture:
        return DecodedPicture(frame, self.orientation, self._aspect, self._converter)


class _Account:
    """What came of one `pictures()` pass: the counts behind the receipt. Without a walk, only what is declared."""

    def __init__(
        self,
        start_s: float,
        end_s: float | None,
        declared_s: float | None,
        frames_declared: int | None,
        walk: DecodePass | None = None,
    ) -> None:
        self.start_s = start_s
        self._asked_end_s, self._declared_s, self._frames_declared = end_s, declared_s, frames_declared
        self._walk = walk
        self._shown_to_s = start_s  # end of the last picture
        self._reached_s = start_s  # covered by pictures so far
        self._covered_s = 0.0
        self._duration_s: float | None = None  # known when the last packet was seen
        self._broken_off = False
        self.decoded = 0

    def shown_s(self, seconds: float) -> float:
        """Count one picture that goes out; gives its time back."""
        assert self._walk is not None
        self.decoded += 1
        self._shown_to_s = seconds + self._walk.step_s
        low, high = max(seconds - _PICTURE_REACH_S, self._reached_s), seconds + _PICTURE_REACH_S
        self._covered_s += max(0.0, high - low)
        self._reached_s = max(self._reached_s, high)
        return seconds

    def finish(self) -> None:
        """The pass is over; if the whole file was read, its true length is known now."""
        assert self._walk is not None
        if not self._walk.at_end:
            return
        self._duration_s = self._shown_to_s
        if self._declared_s is None or (self._asked_end_s is not None and self._asked_end_s <= self._shown_to_s):
            return
        # Without a declared count, sound may go on after the pictures for a moment; that is no fault.
        complete = self._frames_declared is not None and self._walk.packets >= self._frames_declared
        tolerance_s = 1.5 * self._walk.step_s if self._frames_declared is not None else 1.0
        if not complete and self._declared_s - self._shown_to_s > tolerance_s:
            self._broken_off = True
            self._walk.note(BROKEN_OFF)

    @property
    def errors(self) -> tuple[DecodeError, ...]:
        return tuple(self._walk.errors) if self._walk is not None else ()

    @property
    def skipped(self) -> int:
        return self._walk.skipped if self._walk is not None else 0

    @property
    def duration_s(self) -> float:
        """Counted by decoding where the end was reached; before that, the header's claim."""
        return self._duration_s if self._duration_s is not None else max(self._declared_s or 0.0, self._shown_to_s)

    @property
    def end_s(self) -> float:
        return min(self._asked_end_s, self.duration_s) if self._asked_end_s is not None else self.duration_s

    @property
    def covered_share(self) -> float:
        """Share of the time asked for, as far as the file declares it, that has a picture within reach."""
        end_s = max(self.end_s, self._declared_s or 0.0) if self._broken_off else self.end_s
        if self._asked_end_s is not None:
            end_s = min(end_s, self._asked_end_s)
        if not self.decoded or end_s <= self.start_s:
            return float(self.decoded > 0)
        return min(1.0, (self._covered_s - max(0.0, self._reached_s - end_s)) / (end_s - self.start_s))

    @property
    def average_fps(self) -> float:
        intervals = self._walk.intervals if self._walk is not None else Counter[int]()
        total = sum(interval * count for interval, count in intervals.items())
        return intervals.total() / (total * self._walk.time_base) if self._walk is not None and total else 0.0

    @property
    def variable_rate(self) -> bool:
        """More than one step in twenty is not the usual one, beyond what rounding to milliseconds explains."""
        if self._walk is None or not self._walk.intervals:
            return False
        usual_s, time_base = self._walk.step_s, self._walk.time_base
        unusual = sum(
            count
            for interval, count in self._walk.intervals.items()
            if abs(interval * time_base - usual_s) > 0.1 * usual_s + 0.001
        )
        return unusual > 0.05 * self._walk.intervals.total()
