"""The shelf of screening profiles, worked on away from the window: requests come in, what is there now goes out.

One thing at a time, in the order asked for; every signal arrives on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gui.i18n import _
from gui.worker import Crew, Task
from screening.profile import form, shelf
from screening.profile.shelf import Entry, Listing
from screening.records import Profile


@dataclass(frozen=True, slots=True)
class Answer:
    """What a piece of work brought: the shelf as it is now, and the version to show, if another is to be shown."""

    listing: Listing
    entry: Entry | None = None
    profile: Profile | None = None
    saved: bool = False
    says: Callable[[], str] | None = None


class ProfileShelf(QObject):
    """Does the file work of the profile page."""

    listed = Signal(object)  # Listing
    opened = Signal(object, object)  # Entry, Profile: the version to show
    saved = Signal(object)  # Entry: it has a new version
    done = Signal(object)  # a function that says, in the language of then, what was done
    failed = Signal(object)  # ScreeningError

    def __init__(self, crew: Crew, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._crew = crew
        self._waiting: list[Callable[[], Answer]] = []
        self._running: Task | None = None

    def load(self, path: Path) -> None:
        """List all, and show the version at `path`, else the first there is."""
        self._do(partial(_load, path))

    def open(self, entry: Entry, version: int) -> None:
        """Show this version."""
        self._do(partial(_open, entry, version))

    def save(self, entry: Entry, profile: Profile) -> None:
        """Keep as the next version."""
        self._do(partial(_save, entry, profile))

    def save_as(self, profile: Profile, name: str) -> None:
        """Keep as a new profile."""
        self._do(partial(_save_as, profile, name))

    def duplicate(self, entry: Entry, name: str) -> None:
        """A new profile that begins as this one."""
        self._do(partial(_duplicate, entry, name))

    def bring_in(self, path: Path) -> None:
        """Import a file."""
        self._do(partial(_bring_in, path))

    def send_out(self, profile: Profile, path: Path) -> None:
        """Export to a file."""
        self._do(partial(_send_out, profile, path))

    def delete(self, entry: Entry) -> None:
        """Remove with all versions; the first profile that is left is shown."""
        self._do(partial(_delete, entry))

    def _do(self, work: Callable[[], Answer]) -> None:
        self._waiting.append(work)
        self._next()

    def _next(self) -> None:
        if self._running is None and self._waiting:
            self._running = Task(self._waiting.pop(0))
            self._running.succeeded.connect(self._answered)
            self._running.failed.connect(self.failed)
            self._running.finished.connect(self._ended)
            self._crew.start(self._running)

    def _ended(self) -> None:
        self._running = None
        self._next()

    def _answered(self, answer: Answer) -> None:
        self.listed.emit(answer.listing)
        if answer.entry is not None:
            self.opened.emit(answer.entry, answer.profile)
        if answer.saved:
            self.saved.emit(answer.entry)
        if answer.says is not None:
            self.done.emit(answer.says)


def _load(path: Path) -> Answer:
    listing = shelf.list_all()
    entry = listing.holding(path) or listing.entries[0]
    held = path.stem.isdigit() and not entry.shipped and int(path.stem) in entry.versions
    return Answer(listing, entry, shelf.read_version(entry, int(path.stem)) if held else entry.profile)


def _open(entry: Entry, version: int) -> Answer:
    profile, listing = shelf.read_version(entry, version), shelf.list_all()
    return Answer(listing, listing.find(entry.key) or entry, profile)


def _save(entry: Entry, profile: Profile) -> Answer:
    kept = shelf.save(entry, profile)
    return Answer(shelf.list_all(), kept, kept.profile, saved=True, says=partial(_says_saved, kept.profile))


def _save_as(profile: Profile, name: str) -> Answer:
    kept = shelf.save_as(profile, name)
    return Answer(shelf.list_all(), kept, kept.profile, says=partial(_says_saved, kept.profile))


def _duplicate(entry: Entry, name: str) -> Answer:
    kept = shelf.duplicate(entry, name)
    return Answer(shelf.list_all(), kept, kept.profile)


def _bring_in(path: Path) -> Answer:
    kept = shelf.bring_in(path)
    return Answer(shelf.list_all(), kept, kept.profile, says=partial(_says_imported, kept.profile.name))


def _send_out(profile: Profile, path: Path) -> Answer:
    form.write(profile, path)
    return Answer(shelf.list_all(), says=partial(_says_exported, path.name))


def _delete(entry: Entry) -> Answer:
    shelf.delete(entry)
    listing = shelf.list_all()
    first = listing.entries[0]
    return Answer(listing, first, first.profile, says=partial(_says_deleted, entry.profile.name))


def _says_saved(profile: Profile) -> str:
    return _("“{name}” was saved as version {n}.").format(name=profile.name, n=profile.version)


def _says_imported(name: str) -> str:
    return _("The profile was imported as “{name}”.").format(name=name)


def _says_exported(name: str) -> str:
    return _("The profile was written: “{name}”.").format(name=name)


def _says_deleted(name: str) -> str:
    return _("“{name}” was deleted.").format(name=name)
