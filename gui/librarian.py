"""Asks the library on a thread of its own: it writes to the disk before it answers, and the window must not wait.

In: functions of a `Library`, in order. Out: their answers, one after the other, back on the GUI thread.
"""

from __future__ import annotations

import itertools
import queue
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from gui.worker import Crew, Worker
from screening.errors import ScreeningError
from screening.library import Library

Answer = TypeVar("Answer")
_Job = tuple[int, Callable[[Library], object]]


class _Clerk(Worker):
    """Owns the library: opens it, does one job after the other, and closes it when all that was asked is done."""

    opened = Signal()
    answered = Signal(int, object)
    refused = Signal(int, object)  # ScreeningError
    dropped = Signal(int)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()

    def give(self, job: _Job) -> None:
        """One job more."""
        self._jobs.put(job)

    def stop(self) -> None:
        """Go when everything that was asked before is done: nothing that was decided may be lost."""
        super().stop()
        self._jobs.put(None)

    def run(self) -> None:
        """Called by Qt on the new thread."""
        try:
            library = Library(self._path)
        except ScreeningError as error:
            self.failed.emit(error)
            self._refuse_all(error)
            return
        self.opened.emit()
        with library:
            while (job := self._jobs.get()) is not None:
                number, work = job
                try:
                    answer = work(library)
                except ScreeningError as error:
                    self.refused.emit(number, error)
                except Exception:  # noqa: BLE001  (a defect of ours: told as one, and the next question is answered)
                    sys.excepthook(*sys.exc_info())
                    self.dropped.emit(number)
                else:
                    self.answered.emit(number, answer)

    def _refuse_all(self, error: ScreeningError) -> None:
        while (job := self._jobs.get()) is not None:
            self.refused.emit(job[0], error)


class Librarian(QObject):
    """The window's way to the library. Every callback comes on the GUI thread, in the order of the questions.

    A question that came back refused goes to its own `otherwise`, or to `failed`; where the library cannot be opened at
    all, `failed` says so once, and every question is refused with the same error.
    """

    opened = Signal()
    failed = Signal(object)  # ScreeningError

    def __init__(self, crew: Crew, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._crew = crew
        self._clerk: _Clerk | None = None
        self._numbers = itertools.count()
        self._waiting: dict[int, tuple[Callable[[Any], None] | None, Callable[[ScreeningError], None]]] = {}

    def open(self, path: Path) -> None:
        """Open the library at `path`, once; `opened` or `failed` follows. Questions may be asked at once."""
        clerk = _Clerk(path)
        clerk.opened.connect(self.opened)
        clerk.failed.connect(self.failed)
        clerk.answered.connect(self._answered)
        clerk.refused.connect(self._refused)
        clerk.dropped.connect(self._dropped)
        self._clerk = clerk
        self._crew.start(clerk)

    def ask(
        self,
        work: Callable[[Library], Answer],
        then: Callable[[Answer], None] | None = None,
        otherwise: Callable[[ScreeningError], None] | None = None,
    ) -> None:
        """Do `work` with the library, away from the window; `then` gets its answer, `otherwise` why it was refused."""
        if self._clerk is None:
            raise RuntimeError("open the library first")
        number = next(self._numbers)
        self._waiting[number] = (then, otherwise or self.failed.emit)
        self._clerk.give((number, work))

    def _answered(self, number: int, answer: object) -> None:
        then, _otherwise = self._waiting.pop(number)
        if then is not None:
            then(answer)

    def _refused(self, number: int, error: ScreeningError) -> None:
        self._waiting.pop(number)[1](error)

    def _dropped(self, number: int) -> None:
        del self._waiting[number]
