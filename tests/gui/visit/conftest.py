"""A camera on loopback for the visits that are recorded, and nothing of the computer that runs the tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.screening.recording.loopback import LoopbackCamera, serving


@pytest.fixture
def camera(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackCamera]:
    """Serves its pictures; a recording of it begins at once. A camera's thread ends once its stream does."""
    monkeypatch.setattr("gui.recorder.cameras", tuple)
    monkeypatch.setattr("gui.pages.recording.COUNTDOWN_S", 0.2)
    with serving() as served:
        yield served
    for thread in threading.enumerate():
        if thread.name.startswith("camera"):
            thread.join(20)
