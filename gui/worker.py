"""The one file that owns threads: reading pictures, analysing, and single tasks. Answers come back as signals.

Every thread here is held by a `Crew` until it has ended (dropping a running QThread aborts the program), is asked to
stop by `stop()`, and speaks to the window only by signals connected to bound methods of objects on the GUI thread.
An error of the world comes back as `failed`; a defect of ours goes to the crash handler, and `finished` still comes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtGui import QImage

from gui.player.reading import Cursor
from screening.errors import ScreeningError
from screening.records import InputSpec, Picture, Progress, Result, Track
from screening.sampling import prepare, windows
from screening.video import open_video

# A player this late shows the next picture at once and goes on from there: slowly, rather than in jumps.
LATE_S = 0.25
# A loop that ends with the video shows its last picture so long.
LAST_S = 0.04


class Worker(QThread):
    """A thread that can be asked to stop."""

    failed = Signal(object)  # ScreeningError

    def __init__(self) -> None:
        super().__init__()
        self._stop = threading.Event()

    def stop(self) -> None:
        """Ask the thread to end soon; does not wait."""
        self._stop.set()


class Crew(QObject):
    """Holds every running worker until it has ended."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers: list[Worker] = []

    def start(self, worker: Worker) -> None:
        """Start `worker` and hold it."""
        self._workers.append(worker)
        worker.finished.connect(self._let_go)
        worker.start()

    def dismiss(self) -> None:
        """Ask all to stop, and wait until they have: the last thing before the window goes."""
        for worker in self._workers:
            worker.stop()
        for worker in self._workers:
            worker.wait()
        self._workers.clear()

    def _let_go(self) -> None:
        self._workers = [worker for worker in self._workers if not worker.isFinished()]


class Task(Worker):
    """One function, once, away from the window; its answer comes back as `succeeded`."""

    succeeded = Signal(object)

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__()
        self._work = work

    def run(self) -> None:
        """Called by Qt on the new thread."""
        try:
            answer = self._work()
        except ScreeningError as error:
            self.failed.emit(error)
        else:
            self.succeeded.emit(answer)


class Analysis(Worker):
    """Walks the corridor's generator; closing it is how an analysis is cancelled."""

    progressed = Signal(object)  # Progress
    succeeded = Signal(object)  # Result
    cancelled = Signal()

    def __init__(self, begin: Callable[[], Generator[Progress, None, Result]]) -> None:
        super().__init__()
        self._begin = begin

    def run(self) -> None:
        """Called by Qt on the new thread."""
        steps = self._begin()
        try:
            while not self._stop.is_set():
                self.progressed.emit(next(steps))
        except StopIteration as end:
            if self._stop.is_set():
                self.cancelled.emit()
            else:
                self.succeeded.emit(end.value)
        except ScreeningError as error:
            self.failed.emit(error)
        else:
            steps.close()
            self.cancelled.emit()


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture for the player, scaled to its size, and the same as the model sees it."""

    time_s: float
    image: QImage
    model: QImage | None


@dataclass(slots=True)
class _Order:
    """What the player wants next; a later wish replaces an earlier one, steps add up."""

    seek_to: float | None = None
    steps: int = 0
    rate: float = 0.0
    loop: tuple[float, float] | None = None
    changed: bool = False


class PictureReader(Worker):
    """Reads one video for the player: seeks, steps, plays in both directions, exact to the picture."""

    opened = Signal(object)  # (width, height, duration_s)
    shown = Signal(object)  # Shown
    ended = Signal()  # played to the end, or back to the beginning

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._wake = threading.Condition()
        self._order = _Order()
        self._size = (640, 360)
        self._view: tuple[InputSpec | None, Track | None] = (None, None)
        self._free = threading.Event()
        self._free.set()

    # ---- asked from the GUI thread

    def stop(self) -> None:
        """Ask the thread to end soon."""
        with self._wake:
            super().stop()
            self._wake.notify()

    def seek(self, seconds: float) -> None:
        """Show the picture at `seconds`."""
        with self._wake:
            self._order.seek_to, self._order.steps = seconds, 0
            self._changed()

    def step(self, pictures: int) -> None:
        """Show the picture so many further on (or back, when negative)."""
        with self._wake:
            self._order.steps += pictures
            self._changed()

    def play(self, rate: float) -> None:
        """Play at `rate` × real time; negative: backwards; 0: pause."""
        with self._wake:
            self._order.rate = rate
            self._changed()

    def loop(self, span: tuple[float, float] | None) -> None:
        """Playing forwards, go back to the first second of `span` when the second one is reached; None: no more."""
        with self._wake:
            self._order.loop = span
            self._changed()

    def resize(self, width: int, height: int) -> None:
        """Pictures need no more than these pixels from now on."""
        with self._wake:
            self._size = (width, height)
            self._changed()

    def look(self, spec: InputSpec | None, track: Track | None) -> None:
        """What the model sees is made with these from now on."""
        with self._wake:
            self._view = (spec, track)
            self._changed()

    def taken(self) -> None:
        """The last picture was painted: the next may come. A slow window gets fewer pictures, never a queue."""
        self._free.set()

    def _changed(self) -> None:
        self._order.changed = True
        self._wake.notify()

    # ---- on the worker thread

    def run(self) -> None:
        """Called by Qt on the new thread."""
        try:
            with open_video(self._path) as video:
                cursor = Cursor(video)
                cursor.seek(0.0)
                picture = cursor.now[1]
                self.opened.emit((picture.width, picture.height, video.duration_hint_s))
                while (order := self._take()) is not None:
                    if order.seek_to is not None:
                        cursor.seek(order.seek_to)
                    for _step in range(abs(order.steps)):
                        if not (cursor.forward() if order.steps > 0 else cursor.back()):
                            break
                    self._show(cursor)
                    if order.rate:
                        self._play(cursor, order.rate, order.loop)
        except ScreeningError as error:
            self.failed.emit(error)

    def _take(self) -> _Order | None:
        with self._wake:
            self._wake.wait_for(self._wanted)
            if self._stop.is_set():
                return None
            order = replace(self._order)
            self._order = _Order(rate=order.rate, loop=order.loop)
            return order

    def _wanted(self) -> bool:
        return self._order.changed or self._stop.is_set()

    def _play(self, cursor: Cursor, rate: float, loop: tuple[float, float] | None) -> None:
        began, origin = time.monotonic(), cursor.now[0]
        while (moved := cursor.forward() if rate > 0 else cursor.back()) or (loop is not None and rate > 0):
            due = began + (cursor.now[0] - origin) / rate + (0.0 if moved else LAST_S)
            late = time.monotonic() - due
            if late > LATE_S:
                began += late
            with self._wake:
                if self._wake.wait_for(self._wanted, max(0.0, -late)):
                    # The picture under the cursor was not seen yet: a step from here must start at the one before.
                    if moved and rate > 0:
                        cursor.back()
                    elif moved:
                        cursor.forward()
                    return
            if loop is not None and rate > 0 and (not moved or cursor.now[0] >= loop[1]):
                cursor.seek(loop[0])
                began, origin = time.monotonic(), cursor.now[0]
            if self._free.is_set():
                self._show(cursor)
        with self._wake:
            self._order.rate = 0.0
        self._show(cursor)
        self.ended.emit()

    def _show(self, cursor: Cursor) -> None:
        seconds, picture = cursor.now
        with self._wake:
            (width, height), (spec, track) = self._size, self._view
        region = track.at(seconds) if track is not None else None
        model = image_of(prepare(picture, spec, region)) if spec is not None else None
        self._free.clear()
        self.shown.emit(Shown(seconds, fitted(picture, width, height), model))


class StripReader(Worker):
    """Reads the sampled pictures round the cursor with a decoder of its own, so that the player is never held up."""

    found = Signal(object)  # (tick, time_s, QImage)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._wake = threading.Condition()
        self._wanted: tuple[range, float, InputSpec, Track | None] | None = None

    def stop(self) -> None:
        """Ask the thread to end soon."""
        with self._wake:
            super().stop()
            self._wake.notify()

    def want(self, ticks: range, fps: float, spec: InputSpec, track: Track | None) -> None:
        """Send the pictures at these ticks of a clock of `fps`, prepared as `spec` says; a later wish replaces it."""
        with self._wake:
            self._wanted = (ticks, fps, spec, track)
            self._wake.notify()

    def run(self) -> None:
        """Called by Qt on the new thread."""
        try:
            with open_video(self._path) as video:
                while (wish := self._take()) is not None:
                    ticks, fps, spec, track = wish
                    start, end = ticks.start / fps, ticks.stop / fps
                    pictures = video.pictures(start_s=max(0.0, start - 1 / fps), end_s=end + 1 / fps, needed_fps=fps)
                    for clip in windows(pictures, spec, region=track, start_s=start, end_s=end):
                        if clip.padded_share == 0:
                            self.found.emit((ticks.start + clip.index, float(clip.times[0]), image_of(clip.frames[0])))
                        if self._called():
                            break
        except ScreeningError as error:
            self.failed.emit(error)

    def _take(self) -> tuple[range, float, InputSpec, Track | None] | None:
        with self._wake:
            self._wake.wait_for(self._called)
            wish, self._wanted = self._wanted, None
            return None if self._stop.is_set() else wish

    def _called(self) -> bool:
        return self._wanted is not None or self._stop.is_set()


class ReceiptReader(Worker):
    """Reads a whole video once, as the analysis would, to know how much of it can be read."""

    read = Signal(object)  # VideoInfo

    def __init__(self, path: Path, fps: float | None) -> None:
        super().__init__()
        self._path = path
        self._fps = fps

    def run(self) -> None:
        """Called by Qt on the new thread."""
        try:
            with open_video(self._path) as video:
                for _picture in video.pictures(needed_fps=self._fps):
                    if self._stop.is_set():
                        return
                self.read.emit(video.info())
        except ScreeningError as error:
            self.failed.emit(error)


def fitted(picture: Picture, width: int, height: int) -> QImage:
    """`picture` in at most `width` × `height` pixels, its shape kept, never enlarged."""
    scale = min(1.0, width / picture.width, height / picture.height)
    return image_of(picture.rgb(max(1, round(picture.width * scale)), max(1, round(picture.height * scale))))


def image_of(pixels: NDArray[np.uint8]) -> QImage:
    """uint8 (H, W, 3) RGB as an image of its own memory."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
