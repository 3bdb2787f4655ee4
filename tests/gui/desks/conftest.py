"""A room with a visit desk, and videos for its visits."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.desks.room import Room
from tests.gui.driving import wait


@pytest.fixture
def enter(qtbot: QtBot, tmp_path: Path, pack: Path) -> Iterator[Callable[[], Room]]:
    """Starts the program on the same library each time; the one of before is closed first."""
    made: list[Room] = []

    def make() -> Room:
        for room in made:
            room.close()
        made.append(Room(tmp_path / "library.sqlite", pack))
        wait(qtbot, lambda: made[-1].session.model is not None)
        return made[-1]

    yield make
    for room in made:
        room.close()


@pytest.fixture
def room(enter: Callable[[], Room]) -> Room:
    return enter()


@pytest.fixture
def videos(clip: Path, tmp_path: Path) -> list[Path]:
    folder = tmp_path / "clips"
    folder.mkdir()
    return [Path(shutil.copy(clip, folder / f"{name}.mp4")) for name in ("play", "snack")]
