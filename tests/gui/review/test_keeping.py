"""Every step is kept before it is shown; what cannot be kept is not shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from gui.librarian import Librarian
from gui.review.keeping import Kept, Otherwise, Then, Unkept
from gui.review.reviewing import Reviewing
from gui.worker import Crew
from screening.errors import CannotWrite, ScreeningError
from screening.library import Library, records
from tests.gui.review.reviewer import RESULT, states
from tests.screening import results


class Slow:
    """Keeps like `Unkept`, but answers only when the disk is ready."""

    def __init__(self) -> None:
        self.unkept = Unkept("Dr An")
        self.waiting: list[Callable[[], None]] = []
        self.broken = False

    def _later(self, work: Callable[..., None], *given: Any) -> None:
        *rest, then, otherwise = given
        if self.broken:
            self.waiting.append(lambda: otherwise(CannotWrite("The disk is full.")))
        else:
            self.waiting.append(lambda: work(*rest, then, otherwise))

    def decide(self, step: records.Step, then: Then, otherwise: Otherwise) -> None:
        self._later(self.unkept.decide, step, then, otherwise)

    def undo(self, then: Then, otherwise: Otherwise) -> None:
        self._later(self.unkept.undo, then, otherwise)

    def redo(self, then: Then, otherwise: Otherwise) -> None:
        self._later(self.unkept.redo, then, otherwise)

    def reveal(self, then: Then, otherwise: Otherwise) -> None:
        self._later(self.unkept.reveal, then, otherwise)

    def finish(self, then: Then, otherwise: Otherwise) -> None:
        self._later(self.unkept.finish, then, otherwise)

    def answer(self) -> None:
        self.waiting.pop(0)()


def test_keys_pressed_faster_than_the_disk_writes_each_find_what_the_last_one_left() -> None:
    slow = Slow()
    reviewing = Reviewing()
    reviewing.begin(RESULT, slow.unkept.review, slow)
    first, second, third = (item.target for item in reviewing.items[:3])
    # When A, A, R come before the first answer, nothing is shown as done yet
    reviewing.accept()
    reviewing.accept()
    reviewing.reject()
    assert states(reviewing)[first] == "open"
    # Then each is done in its turn, on the episode that the one before went on to
    for _answer in range(3):
        slow.answer()
    now = states(reviewing)
    assert (now[first], now[second], now[third]) == ("accepted", "accepted", "rejected")


def test_what_cannot_be_kept_is_not_shown_and_nothing_is_lost(qtbot: QtBot) -> None:
    slow = Slow()
    reviewing = Reviewing()
    reviewing.begin(RESULT, slow.unkept.review, slow)
    slow.broken = True
    reviewing.accept()
    reviewing.accept()
    told: list[ScreeningError] = []
    reviewing.failed.connect(told.append)
    slow.answer()
    assert [str(error) for error in told] == ["The disk is full."]
    assert set(states(reviewing).values()) == {"open"}
    slow.broken = False
    reviewing.accept()
    slow.answer()
    assert reviewing.items[0].state == "accepted"


def test_an_answer_for_a_review_that_was_left_changes_nothing() -> None:
    slow = Slow()
    reviewing = Reviewing()
    reviewing.begin(RESULT, slow.unkept.review, slow)
    reviewing.accept()
    other = Unkept("Dr Binh")
    reviewing.begin(RESULT, other.review, other)
    slow.answer()
    assert set(states(reviewing).values()) == {"open"}


def test_the_real_librarian_keeps_each_step(qtbot: QtBot, tmp_path: Path) -> None:
    film = tmp_path / "a.mp4"
    film.write_bytes(b"film")
    path = tmp_path / "library.sqlite"
    with Library(path) as library:
        visit = library.visits.add(library.cases.add("K-0147").id, dt.date(2026, 11, 22))
        analysis = library.analyses.add(library.videos.add(visit.id, film).id, results.pack_info(), results.profile())
        record = library.reviews.begin(analysis.id, "Dr An")
    crew = Crew()
    librarian = Librarian(crew)
    librarian.open(path)
    reviewing = Reviewing()
    reviewing.begin(RESULT, record, Kept(librarian, record.id))
    for _key in range(3):
        reviewing.accept()
    reviewing.undo()
    with qtbot.waitSignal(reviewing.finished):
        reviewing.finish()
    crew.dismiss()
    assert list(states(reviewing).values()).count("accepted") == 2
    with Library(path) as library:
        kept = library.reviews.get(record.id)
    assert (len(kept.steps), kept.position) == (3, 2)
    assert kept.finished
