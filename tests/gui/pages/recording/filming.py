"""What the tests of the recording page do as a person does, and what they look at."""

from __future__ import annotations

from pathlib import Path

import av
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.pages.recording import RecordingPage
from tests.gui.driving import wait

LEFT = Qt.MouseButton.LeftButton


def enter(qtbot: QtBot, page: RecordingPage, address: str) -> None:
    """Type the network camera's address, and press Return."""
    page.camera.address.clear()
    qtbot.keyClicks(page.camera.address, address)
    qtbot.keyClick(page.camera.address, Qt.Key.Key_Return)


def phase(page: RecordingPage) -> str:
    return page._live.state.phase if page._live is not None else ""


def key(qtbot: QtBot, page: RecordingPage, pressed: Qt.Key, held: Qt.KeyboardModifier | None = None) -> None:
    """Press a key wherever the focus is."""
    target = QApplication.focusWidget() or page
    qtbot.keyClick(target, pressed, held if held is not None else Qt.KeyboardModifier.NoModifier)


def begun(qtbot: QtBot, page: RecordingPage) -> None:
    """Press Ctrl+R and wait until a few pictures are in the file."""
    key(qtbot, page, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    filmed(qtbot, page, 8)


def filmed(qtbot: QtBot, page: RecordingPage, pictures: int) -> None:
    """Wait until so many pictures are in the file that is being recorded."""
    wait(qtbot, lambda: phase(page) == "recording" and page._live is not None and page._live.state.frames >= pictures)


def finished(qtbot: QtBot, page: RecordingPage) -> None:
    wait(qtbot, lambda: not page.is_recording)


def chapters(path: Path) -> list[str]:
    with av.open(path) as container:
        return [chapter["metadata"]["title"] for chapter in container.chapters()]
