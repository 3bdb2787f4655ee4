"""A page of cases at work, and a small clinic."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from screening.library import Library
from screening.library.records import Consent, Month
from screening.records import Decision
from tests.gui.pages.cases.desk import Desk
from tests.screening import results


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.sqlite"


@pytest.fixture
def start(qtbot: QtBot, path: Path) -> Iterator[Callable[[], Desk]]:
    made: list[Desk] = []

    def make() -> Desk:
        made.append(Desk(qtbot, path))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def clinic(path: Path, tmp_path: Path) -> Path:
    """Three children: one with three visits that have come to different steps, one with a visit, one with none."""
    film = tmp_path / "film.mp4"
    film.write_bytes(b"film")
    result = results.ten_minutes()
    consent = Consent("Nguyễn Thị Hoa", "mother", dt.date(2026, 11, 3))
    with Library(path) as library:
        first = library.cases.add("K-0147", born=Month(2021, 3), consent=consent, notes="Likes <b>trains</b>.")
        days = (dt.date(2026, 9, 1), dt.date(2026, 10, 5), dt.date(2026, 11, 10))
        visits = [library.visits.add(first.id, day) for day in days]
        for visit, pack in zip(
            visits[:2], (result.pack, dataclasses.replace(result.pack, sha256="f" * 64)), strict=True
        ):
            analysis = library.analyses.add(library.videos.add(visit.id, film).id, pack, result.profile)
            library.analyses.start(analysis.id)
            library.analyses.finish(analysis.id, dataclasses.replace(result, pack=pack))
        review = library.reviews.begin(analysis.id, "Bs. Hà")
        nothing = [Decision(f"m{n}", "reject", "Bs. Hà", "") for n in range(len(result.episodes))]
        library.reviews.decide(review.id, nothing)
        library.reviews.finish(review.id)
        library.videos.add(visits[1].id, film)
        library.analyses.add(library.videos.add(visits[2].id, film).id, result.pack, result.profile)
        second = library.cases.add("Bông")
        library.visits.add(second.id, dt.date(2026, 10, 30))
        library.cases.add("Đức")
    return path
