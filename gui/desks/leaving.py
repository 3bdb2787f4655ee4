"""Keeps where a visit was left: the page, the clip, and in each clip the cursor, the child's box and the part chosen.

What the player says comes in; small records go to the library, at most every two seconds, and to the player again.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from gui.desks import visit_facts
from gui.desks.visit_facts import LeftAt, Place
from gui.librarian import Librarian
from gui.player.playback import Playback
from gui.queue_facts import if_there
from screening.library.records import Visit

LEAVE_MS = 2000  # written no more often: each time the disk is waited for


class Leaving(QObject):
    """`left` is where it stands now. Without a visit it remembers the clips' places, and writes nothing."""

    failed = Signal(object)  # ScreeningError

    def __init__(self, playback: Playback, librarian: Librarian, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._playback, self._librarian = playback, librarian
        self._visit: Visit | None = None
        self._path: Path | None = None  # of the clip that is open
        self._restore: Place | None = None  # to be taken up when the clip's first picture is there
        self.left = self._written = LeftAt()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LEAVE_MS)
        self._timer.timeout.connect(self._keep)
        playback.opened.connect(self._opened)
        for moved in (playback.shown, playback.track_changed, playback.trim_changed):
            moved.connect(self._moved)

    def arrive(self, visit: Visit | None) -> None:
        """`visit` is open from now on; None: nothing is kept."""
        self._timer.stop()
        self._visit, self._path, self._restore = visit, None, None
        self.left = self._written = visit_facts.read_left_at(visit.left_at) if visit is not None else LeftAt()

    def choose(self, key: int, path: Path, otherwise: Place) -> None:
        """The clip `key` is being opened: where it was left, or `otherwise`. Before the player is told."""
        self._note()
        self.left = replace(self.left, video=key)
        self._path, self._restore = path, self.left.places.get(key, otherwise)
        self._moved()

    def at_page(self, name: str) -> None:
        """The window shows this page."""
        self.left = replace(self.left, page=name)
        self._moved()

    def leave(self) -> None:
        """Write it down now."""
        self._timer.stop()
        self._keep()

    def _opened(self, path: Path) -> None:
        place = self._restore
        if place is None or path != self._path:
            return
        self._restore = None
        if place.track is not None:
            self._playback.use_track(place.track)
        self._playback.use_trim(*place.trim)
        if place.position_s > 0:
            self._playback.seek(place.position_s)

    def _moved(self) -> None:
        if self._visit is not None and not self._timer.isActive():
            self._timer.start()

    def _note(self) -> None:
        playback, key = self._playback, self.left.video
        if key is None or not playback.is_open or playback.path != self._path or self._restore is not None:
            return
        place = Place(playback.position_s, playback.track, playback.trim)
        self.left = replace(self.left, places=self.left.places | {key: place})

    def _keep(self) -> None:
        self._note()
        if self._visit is not None and self.left != self._written:
            self._written = self.left
            work = if_there(partial(visit_facts.leave, self._visit.id, self.left))
            self._librarian.ask(work, None, self.failed.emit)
