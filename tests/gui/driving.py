"""Drives the window as a person does, and waits for what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from gui import app
from gui.main_window import MainWindow
from screening.records import Result

PATIENCE_MS = 60_000  # a shared machine may be busy; nothing here waits longer than it must


def start_window(qtbot: QtBot, pack: Path | str, video: Path | None = None, language: str = "en") -> MainWindow:
    """A shown window whose pack was checked (and accepted or refused)."""
    window = app.make_window(language)
    window.resize(1280, 720)
    window.start(video, str(pack), None)
    window.show()
    qtbot.waitExposed(window)
    session = window.session
    wait(qtbot, lambda: session.model is not None or session.model_error is not None)
    return window


def wait(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    """Let the window work until `condition` holds."""
    qtbot.waitUntil(condition, timeout=PATIENCE_MS)


def choose_file(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    """Type `path` into the file dialog that is open now, and press Return."""
    dialog = next(dialog for dialog in window.findChildren(QFileDialog) if dialog.isVisible())
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    assert name is not None, "Qt's own file dialog has changed; offscreen it is the one that is used"
    name.setText(str(path))
    qtbot.keyClick(name, Qt.Key.Key_Return)
    wait(qtbot, lambda: not any(dialog.isVisible() for dialog in window.findChildren(QFileDialog)))
    window.activateWindow()  # what a window manager does when a dialog goes
    wait(qtbot, window.isActiveWindow)


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    """Press a key wherever the focus is, as a person does."""
    held = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        held |= modifier
    qtbot.keyClick(QApplication.focusWidget() or window, key, held)


def analysed(qtbot: QtBot, window: MainWindow) -> Result:
    """Press Analyse and wait for the result."""
    with qtbot.waitSignal(window.session.analysed, timeout=PATIENCE_MS) as blocker:
        window.video_page.analyse.click()
    result: Result = blocker.args[0]
    wait(qtbot, lambda: not window.session.is_analysing)
    return result
