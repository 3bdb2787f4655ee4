"""Drives the window as a person does, and waits for what comes of it."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from gui import app
from gui.main_window import MainWindow
from screening import analysis
from screening.records import Progress, Result, ScoreTimeline

PATIENCE_MS = 60_000  # a shared machine may be busy; nothing here waits longer than it must
NO_SCORES = ScoreTimeline(np.empty((0, 2)), np.empty((0, 0), np.float32), np.empty(0, bool), ())


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


def hold_analysis(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Hold every real analysis at its first scores until the event is set; it goes on telling that it is alive."""
    go_on, analyse = threading.Event(), analysis.analyse

    def steps(*args: Any, **named: Any) -> Generator[Progress, None, Result]:
        inner = analyse(*args, **named)
        try:
            while True:
                progress = next(inner)
                yield progress
                if len(progress.scores.windows):
                    nothing_new = dataclasses.replace(progress, scores=NO_SCORES)
                    while not go_on.wait(0.05):
                        yield nothing_new
        except StopIteration as end:
            return end.value
        finally:
            inner.close()

    monkeypatch.setattr(analysis, "analyse", steps)
    return go_on
