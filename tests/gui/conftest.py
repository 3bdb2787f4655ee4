"""What every test of the window uses: a real window on a real pack, real videos, and proof that nothing is left behind.

Runs without a display (QT_QPA_PLATFORM=offscreen) unless one is asked for.
"""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QThread, QTimer
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

import gui  # noqa: F401  (ONNX Runtime before Qt, as the application does)
from gui import app, i18n, style
from gui.main_window import MainWindow
from tests.gui.driving import start_window, wait
from tests.gui.scenes import SCENES, make_scenes
from tests.screening.packs import tiny_pack


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Only what the offscreen platform says of every window is let through: that it has no use for size hints."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("does not support propagateSizeHints"))


def pytest_collection_finish() -> None:
    """What is there before the first test stays: torch and Keras would be looked through after every test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as the program makes it: with its fonts, so that texts have their true sizes."""
    return app.make_application()


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real pack whose model tells colours: label 1 red, 2 green, 3 blue."""
    return tiny_pack(tmp_path_factory.mktemp("packs") / "tiny")


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real video of `SCENES`: stretches of red, green and grey, and one in the dark."""
    return make_scenes(tmp_path_factory.mktemp("videos") / "visit.mp4", SCENES)


@pytest.fixture(autouse=True)
def nothing_left_behind(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No dialog blocks; no thread, timer or window outlives its test; garbage is collected on this thread only."""

    def refuse(dialog: QDialog) -> int:
        raise AssertionError(f"{type(dialog).__name__}.exec() blocks and cannot be driven by a test; use open()")

    monkeypatch.setattr(QDialog, "exec", refuse)
    threads, windows = set(threading.enumerate()), set(map(id, QApplication.topLevelWidgets()))
    gc.disable()
    yield
    i18n.use("en")
    style.look.use("light")
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.enable()
    # Python keeps a dummy for each thread of Qt that ever ran; those threads themselves are looked at below.
    alive = [thread for thread in threading.enumerate() if not isinstance(thread, threading._DummyThread)]
    left = [thread.name for thread in alive if thread not in threads]
    assert not left, f"threads left running: {left} (was the window closed, and its crew dismissed?)"
    shown = [w for w in QApplication.topLevelWidgets() if id(w) not in windows and w.isVisible()]
    assert not shown, f"windows left open: {shown}"
    objects = [o for o in gc.get_objects() if isinstance(o, QThread | QTimer) and shiboken6.isValid(o)]
    running = [o for o in objects if (o.isRunning() if isinstance(o, QThread) else o.isActive())]
    assert not running, f"Qt threads or timers left running: {running}"


@pytest.fixture
def start(qtbot: QtBot, pack: Path) -> Iterator[Callable[..., MainWindow]]:
    """Starts a window, with the tiny pack unless another is named; all are closed at the end."""
    made: list[MainWindow] = []

    def make(**named: Any) -> MainWindow:
        made.append(start_window(qtbot, **({"pack": pack} | named)))
        return made[-1]

    yield make
    for window in made:
        if shiboken6.isValid(window):
            app.dismiss(window)


@pytest.fixture
def window(start: Callable[..., MainWindow]) -> MainWindow:
    """The window as somebody sees it who started the program with the tiny pack."""
    return start()


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, clip: Path) -> MainWindow:
    """The window with the clip open and its first picture shown."""
    window.open_video(clip)
    wait(qtbot, lambda: window.session.playback.is_open and not window.session.playback.image.isNull())
    return window
