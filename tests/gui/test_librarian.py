"""The librarian: answers in the order of the questions, refusals where they belong, nothing lost at the end."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from gui.librarian import Librarian
from gui.worker import Crew
from screening.errors import ScreeningError
from screening.library import Library
from screening.library.records import Case
from tests.gui.driving import wait


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.sqlite"


@pytest.fixture
def crew(qtbot: QtBot) -> Iterator[Crew]:
    crew = Crew()
    yield crew
    crew.dismiss()


@pytest.fixture
def librarian(crew: Crew) -> Librarian:
    return Librarian(crew)


def names(library: Library) -> list[str]:
    return sorted(line.case.pseudonym for line in library.cases.list())


def test_answers_come_in_the_order_of_the_questions_on_the_windows_thread(
    qtbot: QtBot, librarian: Librarian, path: Path
) -> None:
    # Given questions that were asked before the library is open, and one that only changes something,
    here, said, worked = threading.get_ident(), [], []

    def answered(answer: str) -> None:
        said.append((answer, threading.get_ident() == here))

    librarian.open(path)
    for name in "cab":

        def work(library: Library, name: str = name) -> str:
            worked.append(threading.get_ident() != here)
            return library.cases.add(name).pseudonym

        librarian.ask(work, answered)
    librarian.ask(lambda library: library.cases.add("quiet"))
    librarian.ask(lambda library: ", ".join(names(library)), answered)
    # when they have been answered, then in their order, here; the work itself was done elsewhere.
    wait(qtbot, lambda: len(said) == 4)
    assert said == [("c", True), ("a", True), ("b", True), ("a, b, c, quiet", True)]
    assert worked == [True, True, True]


def test_a_refused_question_goes_to_its_own_answer_and_the_next_ones_go_on(
    qtbot: QtBot, librarian: Librarian, path: Path
) -> None:
    refused: list[ScreeningError] = []
    general: list[ScreeningError] = []
    said: list[str] = []
    librarian.failed.connect(general.append)
    librarian.open(path)
    for name in ("Bông", "BÔNG", "Na"):
        librarian.ask(lambda library, name=name: library.cases.add(name).pseudonym, said.append, refused.append)
    # Nobody asked to hear of this one by itself: `failed` says it.
    librarian.ask(lambda library: library.cases.add(" "), said.append)
    wait(qtbot, lambda: bool(general))
    assert said == ["Bông", "Na"]
    assert ["already a case" in str(error) for error in refused] == [True]
    assert ["needs a pseudonym" in str(error) for error in general] == [True]


def test_a_library_that_cannot_be_opened_says_so_once_and_refuses_every_question(
    qtbot: QtBot, librarian: Librarian, crew: Crew, path: Path
) -> None:
    path.write_bytes(b"A letter to the parents, not a library." * 99)
    said: list[ScreeningError] = []
    refused: list[ScreeningError] = []
    opened: list[bool] = []
    librarian.failed.connect(said.append)
    librarian.opened.connect(lambda: opened.append(True))
    librarian.open(path)
    librarian.ask(names, None, refused.append)
    wait(qtbot, lambda: bool(said and refused))
    librarian.ask(names, None, refused.append)  # also one that comes long after
    wait(qtbot, lambda: len(refused) == 2)
    assert len(said) == 1
    assert "not a library of ViScreen" in str(said[0])
    assert refused == [said[0], said[0]]
    assert not opened
    # The file is as it was, and the thread ends when it is told to.
    assert path.read_bytes().startswith(b"A letter")


def test_everything_asked_before_the_end_is_kept(qtbot: QtBot, librarian: Librarian, crew: Crew, path: Path) -> None:
    # Given many decisions, none of which has been answered,
    librarian.open(path)
    for number in range(40):
        librarian.ask(lambda library, number=number: library.cases.add(f"K-{number:02}"))
    # when the program is closed at once,
    crew.dismiss()
    # then each of them is on the disk, and the file is free for the next program.
    with Library(path) as library:
        assert names(library) == [f"K-{number:02}" for number in range(40)]
    QCoreApplication.processEvents()  # answers that are still on their way find nobody waiting for them, and no harm


def test_asking_before_opening_is_a_mistake_of_ours(librarian: Librarian) -> None:
    with pytest.raises(RuntimeError, match="open the library first"):
        librarian.ask(names)


def test_a_defect_in_one_question_is_told_and_the_next_one_is_answered(
    qtbot: QtBot, crew: Crew, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a question that no library can answer
    told: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_rest: told.append(kind))
    librarian = Librarian(crew)
    librarian.open(path)
    answers: list[Case] = []
    # When it is asked, and another after it
    librarian.ask(lambda library: library.cases.get(404), answers.append)
    librarian.ask(lambda library: library.cases.add("K-1"), answers.append)
    wait(qtbot, lambda: len(answers) == 1)
    # Then the defect is told as one, and the other is answered
    assert told == [LookupError]
    assert answers[0].pseudonym == "K-1"
