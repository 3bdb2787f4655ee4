"""A window with the report page alone, and what the tests of that page ask of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from gui.desks.reports import ReportDesk, Subject
from gui.pages.report import ReportPage
from gui.worker import Crew
from screening.library.records import Review
from screening.records import Decision, Result
from tests.gui.driving import wait
from tests.screening import results

CTRL = Qt.KeyboardModifier.ControlModifier
MADE = "2026-11-20T08:00:00+00:00"


class Stand(QMainWindow):
    """A window with the report page alone."""

    def __init__(self) -> None:
        super().__init__()
        self.crew = Crew(self)
        self.page = ReportPage()
        self.desk = ReportDesk(self.crew, self.page, self)
        self.setCentralWidget(self.page)


def subject(result: Result | None = None, review: Review | None = None) -> Subject:
    return Subject(result or results.ten_minutes(), Path("/videos/visit.mp4"), results.CASE, review)


def reviewed(
    *decisions: Decision, mark_first: bool = False, revealed: int | None = None, finished: bool = False
) -> Review:
    steps = tuple((decision,) for decision in decisions)
    return Review(1, 1, "Dr An", MADE, mark_first, revealed, steps, len(steps), MADE if finished else None)


def decide(target: str, verdict: str, **more: Any) -> Decision:
    return Decision(target, verdict, "Dr An", MADE, **more)  # type: ignore[arg-type]


def settled(qtbot: QtBot, stand: Stand) -> str:
    """Wait until the report as chosen now is drawn; what it says."""
    wait(qtbot, lambda: not stand.desk.is_busy and (stand.page.view.is_drawn() or not stand.page.view.pages))
    return " ".join(stand.page.view.text().split())


def shown(qtbot: QtBot, stand: Stand, what: Subject | None = None) -> str:
    stand.desk.show(what or subject())
    return settled(qtbot, stand)


def warnings(page: ReportPage) -> str:
    return page.warning.text() if page.warning.isVisible() else ""
