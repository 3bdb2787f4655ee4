"""The packs on this computer as the window knows them: listed, installed and removed by a worker, one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gui.worker import Crew, Task
from screening.errors import ScreeningError
from screening.pack.install import Entry, entries, install, remove
from screening.scoring import Scorer


@dataclass(frozen=True, slots=True)
class _Listed:
    """All packs after something was done; `installed` is the one that was brought, `is_new` if it was not here."""

    entries: tuple[Entry, ...]
    installed: Entry | None = None
    is_new: bool = False


def _list() -> _Listed:
    return _Listed(entries())


def _install(source: Path) -> _Listed:
    here = {entry.folder for entry in entries() if entry.info is not None}
    folder = install(source, Scorer)
    found = entries()
    return _Listed(found, next((entry for entry in found if entry.folder == folder), None), folder not in here)


def _remove(key: str, in_use: Path | None) -> _Listed:
    remove(key, in_use)
    return _Listed(entries())


class PackShelf(QObject):
    """Asked on the GUI thread; every signal arrives there. What is asked while it is `busy` waits for its turn."""

    changed = Signal()  # `entries` or `busy` is new
    installed = Signal(str, bool)  # the pack's key; whether it is new here
    refused = Signal(object)  # ScreeningError

    def __init__(self, crew: Crew, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._crew = crew
        self._task: Task | None = None
        self._waiting: list[Callable[[], _Listed]] = []
        self._answer: _Listed | ScreeningError | None = None
        self.entries: tuple[Entry, ...] = ()

    @property
    def busy(self) -> bool:
        """Packs are being read, checked, written or removed."""
        return self._task is not None

    def refresh(self) -> None:
        """Look at what is there; `changed` follows."""
        if not self.busy:  # whatever is being done ends with a look at all of them
            self._do(_list)

    def install(self, source: Path) -> None:
        """Check the pack at `source` and keep it; `installed` or `refused` follows."""
        self._do(partial(_install, source))

    def remove(self, key: str, in_use: Path | None) -> None:
        """Remove the installed pack `key`; `refused` follows where that may not be, as for the one `in_use`."""
        self._do(partial(_remove, key, in_use))

    def _do(self, work: Callable[[], _Listed]) -> None:
        self._waiting.append(work)
        if not self.busy:
            self._begin_next()
            self.changed.emit()

    def _begin_next(self) -> None:
        self._task = Task(self._waiting.pop(0)) if self._waiting else None
        if self._task is not None:
            self._task.succeeded.connect(self._keep)
            self._task.failed.connect(self._keep)
            self._task.finished.connect(self._ended)
            self._crew.start(self._task)

    def _keep(self, answer: _Listed | ScreeningError) -> None:
        self._answer = answer

    def _ended(self) -> None:
        answer, self._answer = self._answer, None
        self._begin_next()
        if isinstance(answer, _Listed):
            self.entries = answer.entries
        self.changed.emit()
        if isinstance(answer, _Listed) and answer.installed is not None:
            self.installed.emit(answer.installed.key, answer.is_new)
        elif isinstance(answer, ScreeningError):
            self.refused.emit(answer)
