"""A queue with a library and a crew, and what a crash leaves of it."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gui.analysis_queue import AnalysisQueue
from gui.librarian import Librarian
from gui.queue_facts import Item
from gui.worker import Crew
from screening import analysis
from screening.library import Library
from screening.records import Result
from tests.gui.driving import wait

Answer = TypeVar("Answer")


ANALYSE = analysis.analyse


class Desk(QObject):
    """A queue with its crew and librarian, and everything that it said, in order."""

    def __init__(self, folder: Path, name: str = "library.sqlite") -> None:
        super().__init__()
        self.crew = Crew(self)
        self.librarian = Librarian(self.crew, self)
        self.librarian.open(folder / name)
        self.queue = AnalysisQueue(self.crew, self.librarian, self)
        self.said: list[tuple[str, str]] = []
        self.results: dict[str, Result] = {}
        self.errors: list[Any] = []
        self.running_at_once = 0
        self.queue.began.connect(self._began)
        self.queue.done.connect(self._done)
        self.queue.failed.connect(self._failed)
        self.queue.cancelled.connect(partial(self._say, "cancelled"))
        self.queue.ended.connect(partial(self._say, "ended"))
        self.queue.not_kept.connect(self.errors.append)

    def _say(self, what: str, item: Item) -> None:
        self.said.append((what, item.name))

    def _began(self, item: Item) -> None:
        self._say("began", item)
        running = [other for other in self.queue.items if other.state in ("running", "stopping")]
        self.running_at_once = max(self.running_at_once, len(running))

    def _done(self, item: Item, result: Result) -> None:
        self._say("done", item)
        self.results[item.name] = result

    def _failed(self, item: Item, error: Any) -> None:
        self._say("failed", item)
        self.errors.append(error)

    def heard(self, what: str) -> list[str]:
        return [name for said, name in self.said if said == what]

    def states(self) -> list[tuple[str, str]]:
        return [(item.name, item.state) for item in self.queue.items]

    def asked(self, qtbot: QtBot, work: Callable[[Library], Answer]) -> Answer:
        """What the library answers."""
        answers: list[Answer] = []
        self.librarian.ask(work, answers.append)
        wait(qtbot, lambda: bool(answers))
        return answers[0]

    def close(self) -> None:
        self.queue.close()
        self.crew.dismiss()


def kept_video(desk: Desk, qtbot: QtBot, path: Path) -> int:
    def add(library: Library) -> int:
        case = library.cases.add(f"K-{len(library.cases.list())}")
        return library.videos.add(library.visits.add(case.id, dt.date(2026, 11, 22)).id, path).id

    return desk.asked(qtbot, add)


def crash_image(folder: Path, name: str) -> str:
    """The library's file as a power cut would leave it now. Copied by another process: closing it here unlocks it."""
    code = "import shutil, sys; [shutil.copy(a, b) for a, b in zip(sys.argv[1::2], sys.argv[2::2])]"
    files = [(folder / f"library.sqlite{end}", folder / f"{name}.sqlite{end}") for end in ("", "-wal")]
    subprocess.run([sys.executable, "-c", code, *(str(path) for pair in files for path in pair)], check=True)
    return f"{name}.sqlite"
