"""One recording from the countdown to the finished file, driven by the caller's thread. In: a camera; out: states.

Three threads: the camera's hands pictures into a queue and never waits; the encoder's takes them out and writes; the
caller's looks on, ten times a second and more. A picture that finds the queue full is dropped and counted.
"""

from __future__ import annotations

import contextlib
import queue
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from screening import opencv as cv2
from screening.errors import N_, CannotWrite, ScreeningError
from screening.recording.cameras import Camera, Shot
from screening.recording.clock import Clock
from screening.recording.finishing import Recorded, finish
from screening.recording.hints import Hints, Watch
from screening.recording.scenario import Guide, Scenario, Stage
from screening.recording.writer import TYPICAL_BITS, Mark, Writer, cannot_start, disk_full, marks_path, note, raw_path

_EVERY_S = 0.05  # between two states; the live picture moves as often
_QUEUE_S = 1.0
_DISK_EVERY_S = 1.0
_RATE_KNOWN_S = 10.0  # a shorter recording says little about its bytes per second
_KEPT_FREE_BYTES = 200_000_000  # for everything else on the computer that must save something

Phase = Literal["preview", "countdown", "recording", "paused", "finishing", "done"]

TOO_FULL = N_("There is too little room on the disk to record. Free some space, or choose another folder.")
FULL_SOON = N_("The disk is almost full, so the recording was ended; everything up to here is kept. Free some space.")
THERE_ALREADY = N_("There is a recording “{name}” already. Choose another name.")


@dataclass(frozen=True, slots=True)
class State:
    """How things stand. Times are seconds, `elapsed_s` of the file; `picture` is RGB, uint8 (height, width, 3).

    `remaining_s` is an estimate of how much longer the disk lasts, with the room that finishing needs. `stage` is None
    without a scenario and after its last step. `recorded` comes with "done", unless the file could not be finished.
    """

    phase: Phase
    picture: NDArray[np.uint8]
    hints: Hints
    rate: float
    elapsed_s: float = 0.0
    countdown_s: float = 0.0
    frames: int = 0
    dropped: int = 0
    bytes_written: int = 0
    free_bytes: int = 0
    remaining_s: float = 0.0
    stage: Stage | None = None
    marks: tuple[Mark, ...] = ()
    recorded: Recorded | None = None


class Control:
    """What the caller may ask of one recording or preview while it runs, from any thread."""

    def __init__(self) -> None:
        self.clock = Clock()
        self._stop = threading.Event()
        self._asked: queue.SimpleQueue[Mark | float] = queue.SimpleQueue()

    @property
    def paused(self) -> bool:
        """Whether the recording has begun and stands still."""
        return self.clock.started and not self.clock.running

    @property
    def stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stop.is_set()

    def pause(self) -> None:
        """Let time stand still in the file; nothing happens before the recording has begun."""
        self.clock.pause(time.monotonic())

    def resume(self) -> None:
        """Go on after a pause."""
        self.clock.resume(time.monotonic())

    def mark(self, name: str) -> None:
        """Begin a chapter here."""
        self._asked.put(Mark(self.clock.position(time.monotonic()), name))

    def next_step(self) -> None:
        """End the scenario's step here; the next begins."""
        self._asked.put(self.clock.position(time.monotonic()))

    def stop(self) -> None:
        """End: what was recorded is finished."""
        self._stop.set()

    def wait(self, seconds: float) -> None:
        """Wait so long, or until `stop`."""
        self._stop.wait(max(0.0, seconds))

    def asked(self) -> Iterator[Mark | float]:
        """The marks, and the file times of steps that end, that were asked for since the last call."""
        with contextlib.suppress(queue.Empty):
            while True:
                yield self._asked.get_nowait()


class _View:
    """The newest picture in RGB and its hints, made once for each picture."""

    def __init__(self, camera: Camera) -> None:
        self._camera, self._watch = camera, Watch()
        self._shot: Shot | None = None

    def look(self) -> tuple[NDArray[np.uint8], Hints]:
        shot = self._camera.newest
        if shot is not self._shot:
            self._shot = shot
            self._hints = self._watch.look(shot.time_s, shot.picture)
            self._picture = np.asarray(cv2.cvtColor(shot.picture, cv2.COLOR_BGR2RGB), np.uint8)
        return self._picture, self._hints


class _Encoder:
    """Writes what `hear` is given until `end`, then finishes the file; `recorded` and `problem` say how that went."""

    def __init__(self, path: Path, camera: Camera, clock: Clock) -> None:
        rate = min(max(camera.rate, 5.0), 120.0) if camera.rate else 30.0
        self._path, self._clock = path, clock
        self._writer = Writer(path, camera.size, rate)
        self._queue: queue.Queue[tuple[float, NDArray[np.uint8]]] = queue.Queue(max(2, round(rate * _QUEUE_S)))
        self._ended = threading.Event()
        self.dropped = self.frames = self.bytes_written = 0
        self.recorded: Recorded | None = None
        self.problem: ScreeningError | None = None

    def hear(self, shot: Shot) -> None:
        """Take a picture in, on the camera's thread."""
        if (seconds := self._clock.place(shot.time_s)) is None:
            return
        try:
            self._queue.put_nowait((seconds, shot.picture))
        except queue.Full:
            self.dropped += 1

    def end(self) -> None:
        """Write what is in the queue and finish."""
        self._ended.set()

    def run(self) -> None:
        """Write, close, finish, on a thread of its own: a disk that fails stops none of what is still possible."""
        try:
            try:
                self._write()
            finally:
                self._writer.close()
        except CannotWrite as error:
            self.problem = error
        try:
            self.recorded = finish(self._path)
        except ScreeningError as error:
            self.problem = self.problem or error

    def _write(self) -> None:
        while True:
            try:
                seconds, picture = self._queue.get(timeout=_EVERY_S)
            except queue.Empty:
                if self._ended.is_set():
                    return
                continue
            self._writer.write(seconds, picture)
            self.frames, self.bytes_written = self._writer.frames, self._writer.bytes_written


def preview(camera: Camera, control: Control) -> Iterator[State]:
    """States with picture and hints until `control.stop`; the camera's error when it is lost."""
    view = _View(camera)
    while not control.stopped:
        began = time.monotonic()
        if (lost := camera.problem) is not None:
            raise lost
        picture, hints = view.look()
        yield State("preview", picture, hints, camera.rate)
        control.wait(_EVERY_S - (time.monotonic() - began))


def record(camera: Camera, path: Path, control: Control, scenario: Scenario | None = None) -> Iterator[State]:
    """Record `camera` into `path` (NAME.mkv) until `control.stop`, after the countdown of `scenario`.

    The last state is "done"; after it comes the error, where one ended the recording: `VideoUnusable` when the camera
    was lost, `CannotWrite` when the disk is full. Everything up to there is kept. A caller that closes the generator
    stops the recording. `CannotWrite` before anything else when a recording of this name is there. Stopped in the
    countdown, it writes nothing and ends without "done".
    """
    if path.suffix != ".mkv":
        raise ValueError(f"a recording is a .mkv, not {path.name}")
    if path.exists() or raw_path(path).exists() or marks_path(path).exists():
        raise CannotWrite(THERE_ALREADY, name=path.name)
    view = _View(camera)
    yield from _count_down(camera, view, control, scenario.countdown_s if scenario else 0.0)
    if not control.stopped:
        yield from _Session(camera, view, path, control, scenario).run()


def _count_down(camera: Camera, view: _View, control: Control, seconds: float) -> Iterator[State]:
    end = time.monotonic() + seconds
    while (now := time.monotonic()) < end and not control.stopped:
        if (lost := camera.problem) is not None:
            raise lost
        picture, hints = view.look()
        yield State("countdown", picture, hints, camera.rate, countdown_s=end - now)
        control.wait(min(_EVERY_S - (time.monotonic() - now), end - time.monotonic()))


class _Session:
    def __init__(self, camera: Camera, view: _View, path: Path, control: Control, scenario: Scenario | None) -> None:
        self._camera, self._view, self._path, self._control = camera, view, path, control
        self._guide = Guide(scenario) if scenario else None
        self._marks: list[Mark] = []
        self._disk_seen_s = float("-inf")
        self._free = 0
        self._guess = TYPICAL_BITS / 8 * camera.size[0] * camera.size[1] * (camera.rate or 30.0)

    def run(self) -> Iterator[State]:
        camera, clock, control = self._camera, self._control.clock, self._control
        self._make_room()
        self._encoder = encoder = _Encoder(self._path, camera, clock)
        problem: ScreeningError | None = None
        with ThreadPoolExecutor(1, thread_name_prefix="encoder") as pool:
            work = pool.submit(encoder.run)
            try:
                clock.start(time.monotonic())
                camera.listen(encoder.hear)
                while not control.stopped and problem is None and not work.done():
                    began = time.monotonic()
                    problem = self._advance(began)
                    yield self._state("paused" if control.paused else "recording")
                    control.wait(_EVERY_S - (time.monotonic() - began))
                self._end()
                while not work.done():
                    yield self._state("finishing")
                    wait([work], _EVERY_S)
            finally:
                self._end()
        work.result()  # a defect of ours in the encoder is not swallowed
        yield self._state("done")
        if (problem := problem or encoder.problem) is not None:
            raise problem

    def _make_room(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._free = shutil.disk_usage(self._path.parent).free
        except OSError as error:
            raise cannot_start(self._path, error) from error
        if remaining_s(self._free, 0, self._guess) <= 0:
            raise CannotWrite(TOO_FULL)

    def _end(self) -> None:
        self._camera.listen(None)
        self._control.clock.pause(time.monotonic())
        self._encoder.end()

    def _advance(self, now: float) -> ScreeningError | None:
        """Do what was asked, look at camera and disk; what ends the recording, if anything does."""
        position = self._control.clock.position(now)
        try:
            for asked in self._control.asked():
                if isinstance(asked, Mark):
                    self._mark(asked)
                elif self._guide is not None:
                    self._guide.skip(asked)
            if self._guide is not None:
                for mark in self._guide.marks(position):
                    self._mark(mark)
            if now - self._disk_seen_s >= _DISK_EVERY_S:
                self._disk_seen_s, self._free = now, shutil.disk_usage(self._path.parent).free
                if self._remaining_s(position) <= 0:
                    return CannotWrite(FULL_SOON)
        except CannotWrite as error:
            return error
        except OSError as error:
            return disk_full(self._path, error)
        return self._encoder.problem or self._camera.problem

    def _mark(self, mark: Mark) -> None:
        note(self._path, mark)
        self._marks.append(mark)

    def _remaining_s(self, position: float) -> float:
        written = self._encoder.bytes_written
        rate = written / position if position >= _RATE_KNOWN_S else self._guess
        return remaining_s(self._free, written, rate)

    def _state(self, phase: Phase) -> State:
        position = self._control.clock.position(time.monotonic())
        picture, hints = self._view.look()
        encoder = self._encoder
        return State(
            phase,
            picture,
            hints,
            self._camera.rate,
            elapsed_s=position,
            frames=encoder.frames,
            dropped=encoder.dropped,
            bytes_written=encoder.bytes_written,
            free_bytes=self._free,
            remaining_s=max(0.0, self._remaining_s(position)),
            stage=self._guide.at(position) if self._guide is not None else None,
            marks=tuple(self._marks),
            recorded=encoder.recorded if phase == "done" else None,
        )


def remaining_s(free_bytes: int, written_bytes: int, bytes_per_s: float) -> float:
    """Seconds that a recording can still go on; 0 or less when it must end now.

    When it stops it is copied once: there must be room for all that was and will be written, besides what is written
    from now on, and for what other programs save in the meantime.
    """
    return (free_bytes - _KEPT_FREE_BYTES - written_bytes) / (2 * max(bytes_per_s, 1.0))
