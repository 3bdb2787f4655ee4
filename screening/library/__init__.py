"""The library: visits are kept. Records come in and go out; behind them lies one SQLite file.

    with Library(path) as library:
        case = library.cases.add("K-0147", born=Month(2021, 3))
        visit = library.visits.add(case.id, dt.date.today())
        video = library.videos.add(visit.id, Path("play.mp4"))
        analysis = library.analyses.add(video.id, pack, profile)

Every change is on the disk when its method returns; there is nothing to save. The library belongs to the thread that
opened it, and to one program at a time.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from screening.library import ladder
from screening.library.analyses import Analyses
from screening.library.cases import Cases
from screening.library.reports import Reports
from screening.library.reviews import Reviews
from screening.library.store import IN_USE, Store, version
from screening.library.videos import Videos
from screening.library.visits import Visits

__all__ = ["FILE", "IN_USE", "NEWEST", "Library", "place", "version"]

FILE = "library.vslib"
"""The library's name in the user's data folder; by its ending a desktop knows what opens it."""

_OLDER_FILE = "library.db"

NEWEST = len(ladder.STEPS)
"""The version that this program writes."""


def place(folder: Path) -> Path:
    """The file of the library in `folder`, there or not; one of an older ViScreen stays under its name."""
    older = folder / _OLDER_FILE
    return older if older.exists() and not (folder / FILE).exists() else folder / FILE


class Library:
    """The library in the file at `path`; made, with its folder, when there is none.

    CannotWrite, from here and from every method, when the file cannot be used: open elsewhere, written by a newer
    ViScreen, not ours, damaged, disk full, no right to write. Nothing that was committed is lost then. An unknown id
    is a LookupError, a call from another thread or after `close` a RuntimeError.
    """

    def __init__(self, path: Path) -> None:
        self._store = Store(path)
        self.cases = Cases(self._store)
        self.visits = Visits(self._store)
        self.videos = Videos(self._store)
        self.analyses = Analyses(self._store)
        self.reviews = Reviews(self._store)
        self.reports = Reports(self._store)

    def close(self) -> None:
        """Leave the file to others; a second time does nothing."""
        self._store.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
