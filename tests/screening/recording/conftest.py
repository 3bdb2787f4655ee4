"""A camera on loopback; and no test of this room leaves a thread of its own behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.screening.recording.loopback import LoopbackCamera, serving


@pytest.fixture
def plugged() -> Iterator[LoopbackCamera]:
    with serving() as camera:
        yield camera


@pytest.fixture(autouse=True)
def _no_thread_stays() -> Iterator[None]:
    yield
    assert [thread for thread in threading.enumerate() if thread.name.startswith(("camera", "encoder"))] == []
