"""A queue at work, clips for it, and an analysis that waits."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from screening import pack as packs
from screening import paths
from screening import profile as profiles
from screening.pack import Pack
from screening.records import Profile
from tests.gui.driving import hold_analysis
from tests.gui.queue.desk import Desk


@pytest.fixture
def make_desk(qapp: object, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(name: str = "library.sqlite") -> Desk:
        made.append(Desk(tmp_path, name))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()


@pytest.fixture(scope="module")
def source(pack: Path) -> Pack:
    return packs.read(pack)


@pytest.fixture(scope="module")
def profile() -> Profile:
    return profiles.read(paths.default_profile())


@pytest.fixture(scope="module")
def clips(clip: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("clips")
    return [Path(shutil.copy(clip, folder / f"{name}.mp4")) for name in "abc"]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    return hold_analysis(monkeypatch)
