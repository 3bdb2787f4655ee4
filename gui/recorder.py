"""The camera of the window: looked for, opened, watched, recorded. Wishes come in; signals on the GUI thread go out.

One worker at a time holds one camera. A driver may hang for ever in an open, a read or a release, so whatever waits for
one is done on a daemon thread that the worker leaves behind when it is asked to stop.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage

from gui.worker import Crew, Task, Worker, image_of
from screening.errors import ScreeningError
from screening.recording import (
    Camera,
    Control,
    Scenario,
    Source,
    State,
    Wish,
    cameras,
    preview,
    record,
    recover,
    scenario,
)
from screening.recording.session import remaining_s
from screening.recording.writer import TYPICAL_BITS

_OPEN_POLL_S = 0.05
# A camera that works is gone sooner; one that hangs is not waited for, so that the window closes within a second.
_LET_GO_S = 0.6
_ROOM_EVERY_S = 2.0


@dataclass(frozen=True, slots=True)
class Live:
    """A state of the engine for the window: `image` is its picture, no larger than the window's place for it.

    `size` is (width, height) of the camera's own pictures; `room_s` is how long the disk lasts, None where unknown.
    """

    state: State
    image: QImage
    size: tuple[int, int]
    room_s: float | None


class _Opening(threading.Thread):
    """Opens a camera; who no longer wants it calls `leave`, and it is closed as soon as it has opened."""

    def __init__(self, source: Source, wish: Wish) -> None:
        super().__init__(name="camera opening", daemon=True)
        self._source, self._wish = source, wish
        self._lock, self._left = threading.Lock(), False
        self.camera: Camera | None = None
        self.problem: ScreeningError | None = None

    def run(self) -> None:
        """Called by Python on the new thread."""
        try:
            camera = Camera(self._source, self._wish)
        except ScreeningError as error:
            self.problem = error
            return
        with self._lock:
            self.camera, left = camera, self._left
        if left:
            camera.close()

    def leave(self) -> None:
        """The camera is not wanted any more; does not wait."""
        with self._lock:
            self._left, camera = True, self.camera
        if camera is not None:
            _let_go(camera)


def _let_go(camera: Camera) -> None:
    closing = threading.Thread(target=camera.close, name="camera closing", daemon=True)
    closing.start()
    closing.join(_LET_GO_S)


class _Filming(Worker):
    """Holds one camera from opening it until `stop`: the live picture, and recordings one after the other."""

    opened = Signal()
    seen = Signal(object)  # Live
    recorded = Signal(object, object)  # Path, tuple[Mark, ...]
    ended = Signal()  # a recording, however it went

    def __init__(self, source: Source, wish: Wish, folder: Path | None) -> None:
        super().__init__()
        self._source, self._wish, self._folder = source, wish, folder
        self._lock = threading.Lock()
        self._control = Control()
        self._order: tuple[Path, Scenario | None] | None = None  # what `_control` is for, until it begins
        self._size = QSize(640, 360)
        self._room: float | None = None
        self._room_seen_s = float("-inf")
        self._free = threading.Event()
        self._free.set()

    # ---- asked from the GUI thread

    def stop(self) -> None:
        """End, after finishing what is being recorded."""
        with self._lock:
            super().stop()
            self._control.stop()

    def record(self, path: Path, steps: Scenario | None) -> None:
        """Record into `path` next."""
        with self._lock:
            self._control.stop()
            self._control, self._order = Control(), (path, steps)

    @property
    def leaving(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    @property
    def control(self) -> Control:
        """What runs now, or was asked for and is about to, is paused, marked and ended through it."""
        with self._lock:
            return self._control

    def resize(self, size: QSize) -> None:
        """Pictures need no more than these pixels from now on."""
        self._size = size

    def look_at(self, folder: Path | None) -> None:
        """Say how much room there is in `folder`."""
        self._folder, self._room_seen_s = folder, float("-inf")

    def taken(self) -> None:
        """The last picture was painted: the next may come. A slow window gets fewer pictures, never a queue."""
        self._free.set()

    # ---- on the worker thread

    def run(self) -> None:
        """Called by Qt on the new thread."""
        opening = _Opening(self._source, self._wish)
        opening.start()
        while opening.is_alive() and not self._stop.is_set():
            opening.join(_OPEN_POLL_S)
        if self._stop.is_set():
            opening.leave()
        elif opening.problem is not None:
            self.failed.emit(opening.problem)
        elif opening.camera is not None:
            self.opened.emit()
            try:
                self._hold(opening.camera)
            finally:
                _let_go(opening.camera)

    def _hold(self, camera: Camera) -> None:
        while not self._stop.is_set():
            order, control = self._next()
            try:
                if order is None:
                    self._walk(camera, preview(camera, control))
                else:
                    self._record(camera, control, *order)
            except ScreeningError as error:
                self.failed.emit(error)
                if camera.problem is not None:
                    return

    def _next(self) -> tuple[tuple[Path, Scenario | None] | None, Control]:
        with self._lock:
            order, self._order = self._order, None
            if order is None:
                self._control = Control()
            if self._stop.is_set():
                self._control.stop()
            return order, self._control

    def _record(self, camera: Camera, control: Control, path: Path, steps: Scenario | None) -> None:
        try:
            self._walk(camera, record(camera, path, control, steps))
        finally:
            self.ended.emit()

    def _walk(self, camera: Camera, states: Iterator[State]) -> None:
        for state in states:
            if self._free.is_set() or state.phase == "done":
                self._free.clear()
                self.seen.emit(Live(state, self._scaled(state), camera.size, self._left_s(camera, state)))
            if state.recorded is not None:
                self.recorded.emit(state.recorded.path, state.recorded.marks)

    def _scaled(self, state: State) -> QImage:
        image, size = image_of(state.picture), self._size
        if image.width() <= size.width() and image.height() <= size.height():
            return image
        smooth = Qt.TransformationMode.SmoothTransformation
        return image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, smooth)

    def _left_s(self, camera: Camera, state: State) -> float | None:
        if state.phase not in ("preview", "countdown"):
            return state.remaining_s
        now = time.monotonic()
        if now - self._room_seen_s >= _ROOM_EVERY_S:
            self._room_seen_s = now
            self._room = _room_s(self._folder, camera.size, camera.rate or self._wish.rate)
        return self._room


def _room_s(folder: Path | None, size: tuple[int, int], rate: float) -> float | None:
    """Seconds that a recording of ordinary pictures would find room for in `folder`, which need not be there yet."""
    if folder is None:
        return None
    try:
        there = next(place for place in (folder, *folder.parents) if place.exists())
        free = shutil.disk_usage(there).free
    except (OSError, StopIteration):
        return None
    return max(0.0, remaining_s(free, 0, TYPICAL_BITS / 8 * size[0] * size[1] * rate))


class Recorder(QObject):
    """One camera, one recording at a time. `previewed` and `progressed` come at most 20 times a second."""

    cameras_found = Signal(object)  # tuple[Source, ...]
    opened = Signal()
    closed = Signal()  # the camera was let go, or could not be opened
    previewed = Signal(object)  # Live
    progressed = Signal(object)  # Live, from the countdown to "done"
    recorded = Signal(object, object)  # Path, tuple[Mark, ...]
    failed = Signal(object)  # ScreeningError
    ended = Signal()  # a recording, however it went
    recovered = Signal(object)  # Recovery

    def __init__(self, crew: Crew, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._crew = crew
        self._filming: _Filming | None = None
        self._following: _Filming | None = None
        self._size = QSize(640, 360)
        self._folder: Path | None = None
        self.is_recording = False

    @property
    def is_on(self) -> bool:
        """Whether a camera is open, being opened, or about to be."""
        return self._following is not None or (self._filming is not None and not self._filming.leaving)

    # ---- before a recording

    def look_for_cameras(self) -> None:
        """`cameras_found` follows; none of them is opened."""
        task = Task(cameras)
        task.succeeded.connect(self.cameras_found)
        self._crew.start(task)

    def use_folder(self, folder: Path) -> None:
        """Recordings go there: its free room is told, and what a crash left behind there is `recovered`."""
        self._folder = folder
        if self._filming is not None:
            self._filming.look_at(folder)
        task = Task(lambda: recover(folder))
        task.succeeded.connect(self.recovered)
        self._crew.start(task)

    def keep_steps(self, steps: Scenario, path: Path) -> None:
        """Write `steps` to `path`, for the next time."""
        task = Task(lambda: scenario.write(steps, path))
        task.failed.connect(self.failed)
        self._crew.start(task)

    def open(self, source: Source, wish: Wish) -> None:
        """Open `source` in place of the camera of before; `opened`, or `failed` and `closed`, follows."""
        filming = _Filming(source, wish, self._folder)
        filming.resize(self._size)
        filming.opened.connect(self._opened)
        filming.seen.connect(self._seen)
        filming.recorded.connect(self.recorded)
        filming.failed.connect(self.failed)
        filming.ended.connect(self._ended)
        filming.finished.connect(self._finished)
        if self._filming is None:
            self._begin(filming)
        else:  # a camera that is being let go cannot be opened again yet
            self._filming.stop()
            self._following = filming

    def close(self) -> None:
        """Let the camera go, after finishing what is being recorded."""
        self._following = None
        if self._filming is not None:
            self._filming.stop()

    def show_at_size(self, size: QSize) -> None:
        """The live picture needs no more than these pixels of the screen."""
        self._size = size
        if self._filming is not None:
            self._filming.resize(size)

    # ---- a recording

    def record(self, path: Path, steps: Scenario | None = None) -> None:
        """Record into `path` (NAME.mkv), after the countdown of `steps`; `ended` follows, `recorded` before it."""
        if self._filming is not None and not self.is_recording:
            self.is_recording = True
            self._filming.record(path, steps)

    def pause(self) -> None:
        """Stand still, or go on."""
        if (control := self._running) is not None:
            (control.resume if control.paused else control.pause)()

    def mark(self, name: str) -> None:
        """Begin a chapter here."""
        if (control := self._running) is not None:
            control.mark(name)

    def next_step(self) -> None:
        """Go to the next step of the scenario."""
        if (control := self._running) is not None:
            control.next_step()

    def stop(self) -> None:
        """End and finish the recording; the camera stays on."""
        if (control := self._running) is not None:
            control.stop()

    @property
    def _running(self) -> Control | None:
        return self._filming.control if self._filming is not None and self.is_recording else None

    # ---- answers

    def _begin(self, filming: _Filming) -> None:
        self._filming = filming
        self._crew.start(filming)

    def _opened(self) -> None:
        if self.is_on:
            self.opened.emit()

    def _seen(self, live: Live) -> None:
        if self._filming is not None:
            self._filming.taken()
        if live.state.phase != "preview":
            self.progressed.emit(live)
        elif self.is_on:
            self.previewed.emit(live)

    def _ended(self) -> None:
        self.is_recording = False
        self.ended.emit()

    def _finished(self) -> None:
        if self.is_recording:  # the camera was lost before the recording could begin, or a defect of ours ended it
            self._ended()
        self._filming, following = None, self._following
        self._following = None
        if following is not None:
            self._begin(following)
        else:
            self.closed.emit()
