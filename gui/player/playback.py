"""One video on screen: its picture, its time, whether it plays. Every player, strip and timeline follows this object.

A path and wishes (seek, step, play) come in; pictures and times go out as signals. Decoding is on `worker`'s threads.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from gui.player.key_boxes import KeyBoxes
from gui.player.sound import OpenOutput, Sound, loudspeaker
from gui.worker import Crew, PictureReader, Shown
from screening.errors import ScreeningError
from screening.records import InputSpec, KeyBox, Region, Track

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)
SHUTTLE = (1.0, 2.0, 4.0)
Trim = tuple[float | None, float | None]


class Playback(QObject):
    """Holds the cursor that the whole window shares. Times are seconds from the start of the video."""

    opened = Signal(object)  # Path
    closed = Signal()
    shown = Signal()  # `image`, `model_image` and `position_s` are new
    playing_changed = Signal()
    speed_changed = Signal()
    loop_changed = Signal()
    region_changed = Signal()  # the box at the cursor is another
    track_changed = Signal()  # a key box was set or taken away
    trim_changed = Signal()
    failed = Signal(object)  # ScreeningError

    def __init__(self, crew: Crew, parent: QObject | None = None, open_output: OpenOutput = loudspeaker) -> None:
        super().__init__(parent)
        self._crew = crew
        self._reader: PictureReader | None = None
        self._size = (640, 360)
        self._spec: InputSpec | None = None
        self.speed = 1.0
        self.sound = Sound(crew, open_output, self)
        self._forget()

    def _forget(self) -> None:
        self.path: Path | None = None
        self.width = self.height = 0
        self.duration_s = 0.0
        self.position_s = 0.0
        self._next_s = 0.0  # where the picture will be, when it was asked elsewhere and is not there yet
        self.rate = 0.0
        self.image = QImage()
        self.model_image = QImage()
        self.region: Region | None = None
        self.trim: Trim = (None, None)
        self.looped: tuple[float, float] | None = None
        self.is_open = False
        self._boxes = KeyBoxes()
        self._played_out = False

    # ---- one video

    def open(self, path: Path) -> None:
        """Open `path` and show its first picture; `opened` or `failed` follows."""
        self.close()
        self.path = path
        reader = PictureReader(path)
        reader.opened.connect(self._opened)
        reader.shown.connect(self._shown)
        reader.ended.connect(self._ended)
        reader.failed.connect(self._failed)
        self._reader = reader
        reader.resize(*self._size)
        reader.look(self._spec, None)
        self._crew.start(reader)

    def close(self) -> None:
        """Let the video go."""
        if self._reader is not None:
            self._reader.stop()
            self._reader = None
        self.sound.close()
        self._forget()
        self.closed.emit()

    def learn_duration(self, duration_s: float) -> None:
        """The header's length was a hint; this one was measured."""
        self.duration_s = max(duration_s, self.position_s)
        self.shown.emit()

    # ---- wishes

    def seek(self, seconds: float) -> None:
        """Show the picture at `seconds`; playing goes on from there. A place outside a loop ends the loop."""
        if self._reader is not None and self.is_open:
            if self.looped is not None and not self.looped[0] <= seconds < self.looped[1]:
                self.stop_loop()
            self._go_to(min(max(0.0, seconds), self.duration_s))

    def _go_to(self, seconds: float) -> None:
        if self._reader is not None:
            self._played_out = False
            self._next_s = seconds
            self._reader.seek(seconds)

    def step(self, pictures: int) -> None:
        """Pause, and show the next picture, or the one before."""
        if self._reader is not None and self.is_open:
            self.play(0.0)
            self._played_out = False
            self._reader.step(pictures)

    def play(self, rate: float) -> None:
        """Play at `rate` × real time; negative: backwards; 0: pause."""
        if self._reader is None or not self.is_open or rate == self.rate:
            return
        if rate > 0 and self._played_out:
            self.seek(0.0)
        self.rate = rate
        self._reader.play(rate)
        self._rate_changed()

    def toggle(self) -> None:
        """Play at the chosen speed, or pause."""
        self.play(0.0 if self.rate else self.speed)

    def shuttle(self, direction: int) -> None:
        """J and L: play in that direction; pressed again, faster."""
        speed = abs(self.rate) if self.rate * direction > 0 else 0.0
        self.play(direction * next((s for s in SHUTTLE if s > speed), SHUTTLE[-1]))

    def use_speed(self, speed: float) -> None:
        """Play at `speed` × real time from now on, one of `SPEEDS`."""
        if speed != self.speed:
            self.speed = speed
            if self.rate:
                self.play(speed if self.rate > 0 else -speed)
            self.speed_changed.emit()

    def change_speed(self, steps: int) -> None:
        """So many of `SPEEDS` faster, or slower when negative."""
        self.use_speed(SPEEDS[min(max(0, SPEEDS.index(self.speed) + steps), len(SPEEDS) - 1)])

    def loop(self, start_s: float, end_s: float) -> None:
        """Play from `start_s` to `end_s` again and again, at the chosen speed; pausing keeps the loop."""
        if self._reader is None or not self.is_open or end_s <= start_s:
            return
        self.looped = (max(0.0, start_s), end_s)
        self._reader.loop(self.looped)
        self._go_to(self.looped[0])
        self.play(self.speed)
        self.loop_changed.emit()

    def stop_loop(self) -> None:
        """No more from the beginning again; what plays goes on."""
        if self._reader is not None and self.looped is not None:
            self.looped = None
            self._reader.loop(None)
            self.loop_changed.emit()

    def show_at_size(self, width: int, height: int) -> None:
        """The player that is seen now needs so many pixels."""
        if (width, height) != self._size:
            self._size = (width, height)
            if self._reader is not None:
                self._reader.resize(width, height)

    def use_spec(self, spec: InputSpec | None) -> None:
        """What the model sees is made as `spec` says."""
        self._spec = spec
        self._look()

    # ---- the child's box

    @property
    def keys(self) -> tuple[KeyBox, ...]:
        """The boxes that were drawn, each at its moment, in the order of time."""
        return self._boxes.keys

    @property
    def track(self) -> Track | None:
        """The child's box over time, as an analysis is given it; None: the whole picture."""
        return self._boxes.track

    def use_track(self, track: Track | None) -> None:
        """Take up boxes that were kept; there is nothing to undo then."""
        self._boxes = KeyBoxes(track)
        self._track_changed()

    def use_region(self, region: Region | None) -> None:
        """The child's box at the cursor, in pixels of the picture as displayed; None: the whole picture, always."""
        if region is None:
            self._boxes.clear()
        else:
            self._boxes.put(self.position_s, region)
        self._track_changed()

    def key_here(self) -> KeyBox | None:
        """The key box at the cursor."""
        return self._boxes.key_at(self.position_s)

    def drop_key(self, key: KeyBox) -> None:
        """Take one key box away."""
        self._boxes.drop(key)
        self._track_changed()

    def undo_box(self) -> None:
        """Take the last change of the boxes back."""
        self._boxes.undo()
        self._track_changed()

    @property
    def can_undo_box(self) -> bool:
        """There is a change of the boxes to take back."""
        return self._boxes.can_undo

    def _track_changed(self) -> None:
        self._look()
        self._find_region()
        self.track_changed.emit()

    def _find_region(self) -> None:
        region = self._boxes.at(self.position_s)
        if region != self.region:
            self.region = region
            self.region_changed.emit()

    def _look(self) -> None:
        if self._reader is not None:
            self._reader.look(self._spec, self._boxes.track)

    # ---- the part to analyse

    def use_trim(self, start_s: float | None, end_s: float | None) -> None:
        """Analyse only from `start_s` to `end_s`; None: from the beginning, or to the end."""
        if start_s is not None and end_s is not None and end_s <= start_s:
            raise ValueError("the end of a part comes after its start")
        if (start_s, end_s) != self.trim:
            self.trim = (start_s, end_s)
            self.trim_changed.emit()

    def trim_start_here(self) -> None:
        """The part begins at the cursor; an end that lies before falls away."""
        end = self.trim[1]
        self.use_trim(self.position_s, end if end is not None and end > self.position_s else None)

    def trim_end_here(self) -> None:
        """The part ends at the cursor; a start that lies behind falls away."""
        start = self.trim[0]
        if self.position_s > 0:
            self.use_trim(start if start is not None and start < self.position_s else None, self.position_s)

    def clear_trim(self) -> None:
        """All of the video again."""
        self.use_trim(None, None)

    # ---- answers

    def _is_current(self) -> bool:
        return self._reader is not None and self.sender() is self._reader

    def _opened(self, facts: tuple[int, int, float | None]) -> None:
        if self._is_current() and self.path is not None:
            self.width, self.height, hint = facts
            self.duration_s = hint or 0.0
            self.is_open = True
            self.sound.open(self.path)
            self.opened.emit(self.path)

    def _shown(self, shown: Shown) -> None:
        if self._is_current() and self._reader is not None:
            self.position_s = self._next_s = shown.time_s
            self.duration_s = max(self.duration_s, shown.time_s)
            self.image = shown.image
            self.model_image = shown.model or QImage()
            if self.rate == 1.0:
                self.sound.follow(shown.time_s)
            self._find_region()
            self.shown.emit()
            self._reader.taken()

    def _ended(self) -> None:
        if self._is_current():
            self._played_out = self.rate > 0
            self.rate = 0.0
            self._rate_changed()

    def _rate_changed(self) -> None:
        if self.rate == 1.0:
            self.sound.play(self._next_s)
        else:
            self.sound.pause()
        self.playing_changed.emit()

    def _failed(self, error: ScreeningError) -> None:
        if self._is_current():
            self.close()
            self.failed.emit(error)
