"""A clinician at the window: presses keys wherever the focus is, points with the mouse, waits for what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from screening.language import Translator, load
from tests.gui.driving import choose_file, wait

Key, Mod = Qt.Key, Qt.KeyboardModifier
CTRL, SHIFT = Mod.ControlModifier, Mod.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


class Clinician:
    """`presses` counts the keys that were pressed since it was last set to nought."""

    def __init__(self, qtbot: QtBot, window: MainWindow, language: str = "en") -> None:
        self.qtbot, self.window = qtbot, window
        self.words: Translator = load(language)
        self.presses = 0
        self.wait(lambda: window.cases_page._stack.currentIndex() > 0)  # the library has answered, or was refused
        self.settle()

    # ---- waiting

    def wait(self, condition: Callable[[], bool]) -> None:
        wait(self.qtbot, condition)

    def settle(self) -> None:
        """Until the library has answered everything, and what came of it has been done."""
        waiting = self.window.session.librarian._waiting
        self.wait(lambda: not waiting)
        self._come_to_the_front()

    def _come_to_the_front(self) -> None:
        """What a window manager does when a dialog comes or goes."""
        front = self.dialog() or self.window
        front.activateWindow()
        self.wait(front.isActiveWindow)

    def dialog(self) -> QDialog | None:
        return next((one for one in self.window.findChildren(QDialog) if one.isVisible()), None)

    # ---- the keyboard

    def press(self, key: Key, held: Mod = Mod.NoModifier, *, times: int = 1) -> None:
        for _time in range(times):
            self.presses += 1
            self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, held)
            self.settle()

    def type(self, text: str) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None, "nothing has the focus"
        self.presses += len(text)
        if text.isascii():
            self.qtbot.keyClicks(focused, text)
        else:  # as an input method does
            assert isinstance(focused, QLineEdit | QPlainTextEdit)
            focused.insert(text) if isinstance(focused, QLineEdit) else focused.insertPlainText(text)

    def tab_to(self, widget: QWidget) -> None:
        """Tab until `widget` has the focus; it must be reached within one round of the page."""
        for _stop in range(80):
            if widget.hasFocus():
                return
            self.press(Key.Key_Tab)
        raise AssertionError(f"{widget} is not reached by Tab")

    def name_file(self, path: Path) -> None:
        """Type `path` into the file dialog that is open, and press Return."""
        self.wait(lambda: any(one.isVisible() for one in self.window.findChildren(QFileDialog)))
        choose_file(self.qtbot, self.window, path)
        self.settle()

    # ---- the mouse

    def click(self, widget: QWidget) -> None:
        assert widget.isVisible(), f"{widget} is not to be seen"
        assert widget.isEnabled(), f"{widget} may not be pressed"
        at = QPoint(12, widget.height() // 2) if isinstance(widget, QCheckBox | QRadioButton) else QPoint()
        self.qtbot.mouseClick(widget, LEFT, pos=at)
        self.settle()

    def point(self, table: QTableView, row: int, *, twice: bool = False) -> None:
        at = table.visualRect(table.model().index(row, 0)).center()
        self.qtbot.mouseClick(table.viewport(), LEFT, pos=at)
        if twice:
            self.qtbot.mouseDClick(table.viewport(), LEFT, pos=at)
        self.settle()

    def pick(self, box: QComboBox, row: int) -> None:
        """Open the box and click on one of its lines."""
        self.qtbot.mouseClick(box, LEFT)
        view = box.view()
        self.wait(view.isVisible)
        self.qtbot.wait(QApplication.doubleClickInterval() + 50)  # so long Qt takes a click for the one that opened it
        view.scrollTo(box.model().index(row, 0))
        self.qtbot.mouseClick(view.viewport(), LEFT, pos=view.visualRect(box.model().index(row, 0)).center())
        self.wait(lambda: box.currentIndex() == row)

    def drag(self, widget: QWidget, from_: QPoint, to: QPoint) -> None:
        self.qtbot.mousePress(widget, LEFT, pos=from_)
        self.qtbot.mouseMove(widget, to)
        self.qtbot.mouseRelease(widget, LEFT, pos=to)

    # ---- what is to be seen

    @property
    def page(self) -> str:
        return self.window.page

    def states(self) -> list[str]:
        return [item.state for item in self.window.reviewing.items]

    def wait_for_video(self) -> None:
        playback = self.window.session.playback
        self.wait(lambda: playback.is_open and not playback.image.isNull())
        self.settle()

    def wait_for_result(self) -> None:
        session = self.window.session
        self.wait(lambda: session.result is not None and not session.is_analysing)
        self.settle()

    def seek(self, seconds: float) -> None:
        """Where a clinician would have stopped the player; how it gets there is the player's own test."""
        playback = self.window.session.playback
        playback.seek(seconds)
        self.wait(lambda: abs(playback.position_s - seconds) < 0.1)
