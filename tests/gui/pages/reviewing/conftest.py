"""One review page in a window of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.pages.reviewing.review_desk import Desk


@pytest.fixture
def desk(qtbot: QtBot, clip: Path) -> Iterator[Desk]:
    desk = Desk(qtbot, clip)
    yield desk
    desk.playback.close()
    desk.crew.dismiss()
    desk.window.close()
