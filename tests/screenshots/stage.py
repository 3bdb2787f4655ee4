"""The window, and how a scene waits for it: what is pressed, chosen and asked for there on the way to a picture."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtGui import QAction, QColor, QKeySequence, QPainter, QPixmap, QShortcut
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QMessageBox, QWidget

from gui import app, steps, style
from screening import analysis
from screening.records import Progress, Result

if TYPE_CHECKING:
    from screening.library import Library

Answer = TypeVar("Answer")

PATIENCE_S = 180.0


class Stage:
    """The window, and how a scene waits for it. `shown` is what is photographed, with what lies `over` it."""

    def __init__(self, language: str, size: tuple[int, int]) -> None:
        self.go_on = threading.Event()
        self.rest = ExitStack()  # what a scene has begun and the end of the walk ends
        self._analyse, analysis.analyse = analysis.analyse, self._held
        self.window = app.make_window(language)
        self.shown: QWidget = self.window
        self.window.resize(*size)
        self.over: list[QWidget] = []  # menus and dialogs, which are windows of their own

    def close(self) -> None:
        """Close the window; the analysis is the real one again."""
        self.go_on.set()
        app.dismiss(self.window)
        self.rest.close()
        analysis.analyse = self._analyse

    def press(self, keys: str) -> None:
        """Press a shortcut of the window, wherever the focus is."""
        wanted = QKeySequence(keys)
        for action in self.window.findChildren(QAction):
            if wanted in action.shortcuts():
                action.trigger()
                return
        for shortcut in self.window.findChildren(QShortcut):
            if wanted == shortcut.key():
                shortcut.activated.emit()
                return
        raise LookupError(f"the window has no key {keys}")

    def go_to(self, page: str) -> None:
        """Go to a page by its key."""
        self.press(steps.step(page).keys)
        self.settle()

    def settle(self, milliseconds: int = 600) -> None:
        """Let pictures arrive and be painted."""
        app.settle(milliseconds)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Let the window work until `condition` holds."""
        end = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError("the window did not come to the next state")
            self.settle(20)

    def ask(self, work: Callable[[Library], Answer]) -> Answer:
        """What the library answers."""
        answers: list[Answer] = []
        self.window.session.librarian.ask(work, answers.append)
        self.wait_for(lambda: bool(answers))
        return answers[0]

    def choose_file(self, path: Path) -> None:
        """Type `path` into the file dialog that comes, and take it."""

        def dialogs() -> list[QFileDialog]:
            return [dialog for dialog in self.window.findChildren(QFileDialog) if dialog.isVisible()]

        self.wait_for(lambda: bool(dialogs()))
        dialog = dialogs()[0]
        dialog.findChild(QLineEdit, "fileNameEdit").setText(str(path))
        dialog.accept()

    def clear(self) -> None:
        """Away with what the last scene put over the window, or beside it."""
        for over in reversed(self.over):
            over.close()
        self.over.clear()
        if self.shown is not self.window:
            self.shown.close()
        self.shown = self.window

    def picture(self) -> QPixmap:
        """What is shown, and what lies over it: dialogs in its middle, menus where they are."""
        picture = self.shown.grab()
        for over in self.over:
            if isinstance(over, QMessageBox) and over.defaultButton() is not None:
                over.defaultButton().setFocus()  # which the change of the theme has moved
            corner = (self.shown.rect().center() - over.rect().center()) if isinstance(over, QDialog) else over.pos()
            painter = QPainter(picture)
            painter.drawPixmap(corner, over.grab())
            if isinstance(over, QDialog):  # a desktop frames it
                painter.setPen(QColor(style.look.theme.outline))
                painter.drawRect(over.rect().translated(corner).adjusted(-1, -1, 0, 0))
            painter.end()
        return picture

    def _held(self, *args: Any, **named: Any) -> Generator[Progress, None, Result]:
        """The analysis, held half-way for as long as its pictures are taken."""
        steps = self._analyse(*args, **named)
        try:
            while True:
                progress = next(steps)
                yield progress
                while progress.share > 0.5 and not self.go_on.wait(0.05):
                    yield progress
        except StopIteration as end:
            return end.value
