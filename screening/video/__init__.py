"""A video file becomes pictures with their times, and a receipt of what was really read.

In: a path, or a readable file object (which may decrypt as it reads). Out: (seconds, picture) forward in time, or the
picture on screen at one moment; and the decode receipt (`records.VideoInfo`).
"""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from av import VideoFrame
from av.container import InputContainer
from av.video.stream import VideoStream

from screening.errors import N_, VideoUnusable
from screening.records import Picture, VideoInfo
from screening.video.decoding import BROKEN_OFF, SharedFile, Tally, is_cover
from screening.video.picture import Converter, DecodedPicture, displayed_size, orientation_of
from screening.video.seeking import View, Walker

_PICTURE_REACH_S = 0.5  # a picture stands for the time this far around it


def open_video(source: Path | BinaryIO, *, name: str | None = None, threads: int = 1) -> Video:
    """Open a video; `VideoUnusable` with one sentence when there is nothing to analyse in it.

    A file object must be seekable and stays the caller's to close. `name` is what the receipt and the sentences call
    the video (default: the path, or the file object's own name). `threads` decode side by side: more for a player
    that must keep up; one for an analysis, since a damaged video gives the same pictures every time only to one.
    """
    if not isinstance(source, Path):
        return Video(source, name if name is not None else str(getattr(source, "name", "")), threads, owned=False)
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
        return Video(file, name if name is not None else str(source), threads, owned=True)
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

    def __init__(self, file: BinaryIO, name: str, threads: int, *, owned: bool) -> None:
        self._file, self._owned, self.name = file, owned, name
        shown = Path(name).name or "video"
        self._shared = SharedFile(file, shown, threads)
        self._converter = Converter()
        self._sha256: str | None = None
        self._view: View | None = None
        self.size_bytes = self._shared.size()
        if self.size_bytes == 0:
            raise VideoUnusable(N_("“{name}” is empty. Choose another video."), name=shown)
        with Walker(self._shared) as walker:
            first = next(walker.walk(Tally()), None)
            if first is None:
                raise VideoUnusable(N_("“{name}” holds no picture that can be read. Choose another video."), name=shown)
            self._describe(*walker.opened(), first[1])
        self._account = _Account(Tally(), 0.0, None, self.duration_hint_s, self.frames_declared)

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
        with Walker(self._shared) as walker:
            tally = Tally()
            account = self._account = _Account(tally, start_s, end_s, self.duration_hint_s, self.frames_declared)
            on_screen: tuple[float, VideoFrame] | None = None  # the last one so far that is not after start_s
            for seconds, frame in walker.walk(tally, start_s, needed_fps):
                if seconds <= start_s:
                    on_screen = seconds, frame
                    continue
                if on_screen is not None:
                    account.shown(on_screen[0])
                    yield on_screen[0], self._picture(on_screen[1])
                    on_screen = None
                if end_s is not None and seconds >= end_s:
                    return
                account.shown(seconds)
                yield seconds, self._picture(frame)
            if on_screen is not None:
                account.shown(on_screen[0])
                yield on_screen[0], self._picture(on_screen[1])
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
            average_fps=account.tally.average_fps or self.declared_fps,
            variable_rate=account.tally.variable_rate,
            video_streams=self.video_streams,
            has_audio=self.has_audio,
            frames_declared=self.frames_declared,
            frames_decoded=account.decoded,
            frames_skipped=account.tally.skipped,
            errors=tuple(account.tally.errors),
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
    """What came of one `pictures()` pass: the counts and times behind the receipt."""

    def __init__(
        self, tally: Tally, start_s: float, end_s: float | None, declared_s: float | None, frames_declared: int | None
    ) -> None:
        self.tally = tally
        self.start_s, self._asked_end_s = start_s, end_s
        self._declared_s, self._frames_declared = declared_s, frames_declared
        self.decoded = 0
        self._shown_to_s = start_s  # end of the last picture
        self._reached_s = start_s  # covered by pictures so far
        self._covered_s = 0.0
        self._counted_s: float | None = None  # the true length, once the end was reached
        self._broken_off = False

    def shown(self, seconds: float) -> None:
        """Count one picture that goes out."""
        self.decoded += 1
        self._shown_to_s = seconds + self.tally.step_s
        low, high = max(seconds - _PICTURE_REACH_S, self._reached_s), seconds + _PICTURE_REACH_S
        self._covered_s += max(0.0, high - low)
        self._reached_s = max(self._reached_s, high)

    def finish(self) -> None:
        """The file is at its end; its true length is known now."""
        self._counted_s = self._shown_to_s
        if self._frames_declared is not None:
            complete, tolerance_s = self.tally.packets >= self._frames_declared, 1.5 * self.tally.step_s
        else:
            complete, tolerance_s = False, 1.0  # sound may go on for a moment after the pictures; that is no fault
        wanted_s = min(self._declared_s or 0.0, self._asked_end_s if self._asked_end_s is not None else math.inf)
        if not complete and wanted_s - self._shown_to_s > tolerance_s:
            self._broken_off = True
            self.tally.note(BROKEN_OFF)

    @property
    def duration_s(self) -> float:
        """Counted by decoding where the end was reached; before that, the header's claim."""
        return self._counted_s if self._counted_s is not None else max(self._declared_s or 0.0, self._shown_to_s)

    @property
    def end_s(self) -> float:
        """Where the pass ended or will end."""
        return min(self._asked_end_s, self.duration_s) if self._asked_end_s is not None else self.duration_s

    @property
    def covered_share(self) -> float:
        """Share of the time asked for, as far as the file declares it, that has a picture within reach."""
        end_s = max(self.duration_s, self._declared_s or 0.0) if self._broken_off else self.duration_s
        if self._asked_end_s is not None:
            end_s = min(end_s, self._asked_end_s)
        if end_s <= self.start_s:
            return float(self.decoded > 0)
        return min(1.0, (self._covered_s - max(0.0, self._reached_s - end_s)) / (end_s - self.start_s))
