"""One video on screen: its picture, its time, whether it plays. Every player, strip and timeline follows this object.

A path and wishes (seek, step, play) come in; pictures and times go out as signals. Decoding is on `worker`'s threads.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from gui.worker import Crew, PictureReader, Shown
from screening.errors import ScreeningError
from screening.records import InputSpec, Region

SPEEDS = (1.0, 2.0, 4.0)


class Playback(QObject):
    """Holds the cursor that the whole window shares. Times are seconds from the start of the video."""

    opened = Signal(object)  # Path
    closed = Signal()
    shown = Signal()  # `image`, `model_image` and `position_s` are new
    playing_changed = Signal()
    region_changed = Signal()
    failed = Signal(object)  # ScreeningError

    def __init__(self, crew: Crew, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._crew = crew
        self._reader: PictureReader | None = None
        self._size = (640, 360)
        self._spec: InputSpec | None = None
        self._forget()

    def _forget(self) -> None:
        self.path: Path | None = None
        self.width = self.height = 0
        self.duration_s = 0.0
        self.position_s = 0.0
        self.rate = 0.0
        self.image = QImage()
        self.model_image = QImage()
        self.region: Region | None = None
        self.is_open = False
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
        self._forget()
        self.closed.emit()

    def learn_duration(self, duration_s: float) -> None:
        """The header's length was a hint; this one was measured."""
        self.duration_s = max(duration_s, self.position_s)
        self.shown.emit()

    # ---- wishes

    def seek(self, seconds: float) -> None:
        """Show the picture at `seconds`; playing goes on from there."""
        if self._reader is not None and self.is_open:
            self._played_out = False
            self._reader.seek(min(max(0.0, seconds), self.duration_s))

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
        self.playing_changed.emit()

    def toggle(self) -> None:
        """Play, or pause."""
        self.play(0.0 if self.rate else 1.0)

    def shuttle(self, direction: int) -> None:
        """J and L: play in that direction; pressed again, faster."""
        speed = abs(self.rate) if self.rate * direction > 0 else 0.0
        self.play(direction * next((s for s in SPEEDS if s > speed), SPEEDS[-1]))

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

    def use_region(self, region: Region | None) -> None:
        """The child's box, in pixels of the picture as displayed; None: the whole picture."""
        if region != self.region:
            self.region = region
            self._look()
            self.region_changed.emit()

    def _look(self) -> None:
        if self._reader is not None:
            self._reader.look(self._spec, self.region)

    # ---- answers

    def _is_current(self) -> bool:
        return self._reader is not None and self.sender() is self._reader

    def _opened(self, facts: tuple[int, int, float | None]) -> None:
        if self._is_current() and self.path is not None:
            self.width, self.height, hint = facts
            self.duration_s = hint or 0.0
            self.is_open = True
            self.opened.emit(self.path)

    def _shown(self, shown: Shown) -> None:
        if self._is_current() and self._reader is not None:
            self.position_s = shown.time_s
            self.duration_s = max(self.duration_s, shown.time_s)
            self.image = shown.image
            self.model_image = shown.model or QImage()
            self.shown.emit()
            self._reader.taken()

    def _ended(self) -> None:
        if self._is_current():
            self._played_out = self.rate > 0
            self.rate = 0.0
            self.playing_changed.emit()

    def _failed(self, error: ScreeningError) -> None:
        if self._is_current():
            self.close()
            self.failed.emit(error)
