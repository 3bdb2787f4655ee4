"""The recording page as the window shows it, and a real MJPEG stream on loopback for it to look at."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from pytestqt.qtbot import QtBot

from gui.pages.recording import RecordingPage
from gui.recorder import Recorder
from gui.worker import Crew
from tests.gui.driving import wait
from tests.gui.pages.recording.filming import enter
from tests.screening.recording.loopback import LoopbackCamera, serving


@pytest.fixture(autouse=True)
def _no_camera_of_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is plugged into the computer that runs the tests is nobody's business here."""
    monkeypatch.setattr("gui.recorder.cameras", tuple)


@pytest.fixture(autouse=True)
def _cameras_are_let_go() -> Iterator[None]:
    """A hanging camera's thread is left behind by the window, and ends once the stream does."""
    yield
    for thread in threading.enumerate():
        if thread.name.startswith("camera"):
            thread.join(20)


@pytest.fixture
def plugged(_cameras_are_let_go: None) -> Iterator[LoopbackCamera]:
    with serving() as camera:
        yield camera


@pytest.fixture
def crew() -> Iterator[Crew]:
    made = Crew()
    yield made
    made.dismiss()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "các lần khám" / "1"


@pytest.fixture
def page(qtbot: QtBot, crew: Crew, folder: Path) -> Iterator[RecordingPage]:
    """The page as the window shows it, told where recordings go."""
    recorder = Recorder(crew)
    made = RecordingPage(recorder)
    qtbot.addWidget(made)
    made.resize(1132, 672)
    made.use_folder(folder)
    made.show()
    qtbot.waitExposed(made)
    wait(qtbot, lambda: made._looked)
    yield made
    if shiboken6.isValid(made):
        made.close()
    crew.dismiss()


@pytest.fixture
def watching(qtbot: QtBot, page: RecordingPage, plugged: LoopbackCamera) -> RecordingPage:
    """The page with a live picture."""
    enter(qtbot, page, plugged.address)
    wait(qtbot, lambda: not page.view.image.isNull())
    return page


@pytest.fixture(autouse=True)
def _short_countdown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.pages.recording.COUNTDOWN_S", 0.2)
