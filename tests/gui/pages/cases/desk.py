"""The page of cases with its library, and what a person does there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from gui.desks.cases import CasesDesk
from gui.librarian import Librarian
from gui.pages.cases import CasesPage
from gui.widgets.case_form import CaseForm
from gui.widgets.table import Table
from gui.worker import Crew
from screening.library import Library
from tests.gui.driving import wait

Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton
CTRL, SHIFT, PLAIN = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier(0)

TODAY = dt.date(2026, 11, 22)
Answer = TypeVar("Answer")


class Desk:
    """The page with its desk in a window of its own, over the library at `path`, driven as a person does."""

    def __init__(self, qtbot: QtBot, path: Path) -> None:
        self.qtbot, self.path = qtbot, path
        self.window = QMainWindow()
        self.page = CasesPage(lambda: TODAY)
        self.window.setCentralWidget(self.page)
        self.window.resize(1132, 630)
        self.crew = Crew(self.window)
        self.librarian = Librarian(self.crew, self.window)
        self.desk = CasesDesk(self.librarian, self.page, self.window)
        self.opened: list[int] = []
        self.page.visit_opened.connect(self.opened.append)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.page.take_focus()  # before there is anything to have it
        self.librarian.open(path)
        self.settle()

    def close(self) -> None:
        if self.page._form is not None:
            self.page._form.close()
        self.crew.dismiss()
        self.window.close()

    def settle(self) -> None:
        """Wait until everything that was asked has been answered, and what the answers led to."""
        wait(self.qtbot, lambda: not self.librarian._waiting and self.page._stack.currentIndex() > 0)
        front = self.page._form or self.window
        front.activateWindow()  # what a window manager does when a dialog comes or goes
        wait(self.qtbot, front.isActiveWindow)

    def press(self, key: Key, held: Qt.KeyboardModifier = PLAIN) -> None:
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, held)
        self.settle()

    def type(self, text: str) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None
        if text.isascii():
            self.qtbot.keyClicks(focused, text)
        else:  # as an input method does
            assert isinstance(focused, QLineEdit)
            focused.insert(text)
        self.settle()

    def click(self, widget: QWidget) -> None:
        assert widget.isVisible()
        assert widget.isEnabled()
        self.qtbot.mouseClick(widget, LEFT)
        self.settle()

    def point(self, table: Table, row: int, twice: bool = False) -> None:
        at = QPoint(20, table.rowViewportPosition(row) + 10)
        self.qtbot.mouseClick(table.viewport(), LEFT, pos=at)
        if twice:
            self.qtbot.mouseDClick(table.viewport(), LEFT, pos=at)
        self.settle()

    def cases(self) -> list[tuple[str, ...]]:
        return [row.cells for row in self.page.list.table.rows()]

    def names(self) -> list[str]:
        return [cells[0] for cells in self.cases()]

    def visits(self) -> list[tuple[str, ...]]:
        return [row.cells for row in self.page.visits.table.rows()]

    def form(self) -> CaseForm:
        form = self.page._form
        assert isinstance(form, CaseForm)
        return form

    def focused(self) -> QWidget | None:
        return QApplication.focusWidget()

    def said(self) -> str:
        """The facts of the chosen case."""
        return "|".join(label.text() for label in self.page.card._facts if label.isVisible())


def ask(desk: Desk, work: Callable[[Library], Answer]) -> Answer:
    """What the library answers."""
    answers: list[Answer] = []
    desk.librarian.ask(work, answers.append)
    wait(desk.qtbot, lambda: bool(answers))
    return answers[0]


def analysed(library: Library, day: dt.date) -> list[int]:
    """The analyses of the first child's visit of `day`."""
    case = next(line.case for line in library.cases.list() if line.case.pseudonym == "K-0147")
    visit = next(summary.visit for summary in library.visits.of_case(case.id) if summary.visit.date == day)
    return [done.id for video in library.videos.of_visit(visit.id) for done in library.analyses.of_video(video.id)]
