"""Reviews of one result, kept in a library and kept nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from gui.review.keeping import Unkept
from gui.review.reviewing import Reviewing
from gui.worker import Crew
from screening.library import Library
from tests.gui.review.reviewer import RESULT
from tests.screening import results


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library(tmp_path_factory.mktemp("library") / "library.sqlite") as library:
        yield library


@pytest.fixture(scope="module")
def analysis_id(library: Library, tmp_path_factory: pytest.TempPathFactory) -> int:
    film = tmp_path_factory.mktemp("films") / "a.mp4"
    film.write_bytes(b"film")
    visit = library.visits.add(library.cases.add("K-0147").id, dt.date(2026, 11, 22))
    return library.analyses.add(library.videos.add(visit.id, film).id, results.pack_info(), results.profile()).id


@pytest.fixture
def unkept() -> Unkept:
    return Unkept("Dr An")


@pytest.fixture
def reviewing(unkept: Unkept) -> Reviewing:
    """A review of thirteen episodes, begun, nothing decided."""
    reviewing = Reviewing()
    reviewing.begin(RESULT, unkept.review, unkept)
    return reviewing


@pytest.fixture
def crew() -> Iterator[Crew]:
    crew = Crew()
    yield crew
    crew.dismiss()
