"""Drives the window as a person does, and waits for what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
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
    qtbot.waitUntil(lambda: window.session.model is not None or window.session.model_error is not None, timeout=PATIENCE_MS)
    return window


def finish(window: MainWindow) -> None:
    """Close the window and let Qt delete it."""
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def wait(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    """Let the window work until `condition` holds."""
    qtbot.waitUntil(condition, timeout=PATIENCE_MS)


def analysed(qtbot: QtBot, window: MainWindow) -> Result:
    """Press Analyse and wait for the result."""
    with qtbot.waitSignal(window.session.analysed, timeout=PATIENCE_MS) as blocker:
        window.video_page.analyse.click()
    result: Result = blocker.args[0]
    wait(qtbot, lambda: not window.session.is_analysing)
    return result
