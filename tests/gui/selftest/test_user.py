"""The user's folder and the library in it are looked at and stay as they are."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from gui.selftest import user
from screening import language, library
from screening.errors import ScreeningError
from screening.library import Library
from tests.conftest import ROOT

ENGLISH = language.load("en")


def everything(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.fixture
def kept(user_data: Path) -> Path:
    """A library with a child in it."""
    with Library(user_data / library.FILE) as opened:
        opened.cases.add("K-0147")
    return user_data / library.FILE


def set_version(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute(f"PRAGMA user_version = {version}")


def test_a_folder_that_is_not_there_yet_is_not_made(user_data: Path) -> None:
    assert user.check(ENGLISH) == "can be written; no library yet"
    assert not user_data.exists()


def test_a_sound_library_stays_as_it_is(kept: Path) -> None:
    before = everything(kept.parent)
    assert user.check(ENGLISH) == f"can be written; library of version {library.NEWEST}, sound"
    assert everything(kept.parent) == before


def test_an_older_library_is_not_brought_up_by_looking_at_it(kept: Path) -> None:
    set_version(kept, 1)
    before = everything(kept.parent)
    assert "library of version 1, brought to version" in user.check(ENGLISH)
    assert everything(kept.parent) == before


@pytest.mark.parametrize(("damage", "sentence"), [("newer", "by a newer ViScreen"), ("text", "not a library")])
def test_a_library_that_cannot_be_opened_is_told_of_and_stays(kept: Path, damage: str, sentence: str) -> None:
    if damage == "newer":
        set_version(kept, library.NEWEST + 1)
    else:
        kept.write_bytes(b"this is no library " * 400)
    before = everything(kept.parent)
    with pytest.raises(ScreeningError, match=sentence):
        user.check(ENGLISH)
    assert everything(kept.parent) == before


def test_a_library_that_a_crash_left_open_keeps_its_log(kept: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from screening.library import Library; "
        "Library(Path(sys.argv[1])).cases.add('K-2'); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", script, str(kept)], cwd=ROOT, check=False)
    before = everything(kept.parent)
    assert f"{library.FILE}-wal" in before
    assert user.check(ENGLISH).endswith("sound")
    assert before.items() <= everything(kept.parent).items()  # SQLite's index of the log may have come with it
    with Library(kept) as opened:
        assert {line.case.pseudonym for line in opened.cases.list()} == {"K-0147", "K-2"}


def test_a_library_in_use_is_nothing_wrong(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screening.library.store.WAIT_S", 0.05)
    script = (
        "import sys; from pathlib import Path; from screening.library import Library; "
        "library = Library(Path(sys.argv[1])); library.cases.add('K-3'); print(flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(kept)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert "open in a ViScreen that runs" in user.check(ENGLISH)
        other.communicate()


def test_a_folder_that_cannot_be_written_is_told_of(user_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user_data.parent.mkdir(exist_ok=True)
    user_data.touch()  # a file where the folder should be: not even root can write into it
    with pytest.raises(ScreeningError, match="cannot be written"):
        user.check(ENGLISH)
    monkeypatch.setenv("VISCREEN_DATA", str(user_data / "below"))
    with pytest.raises(ScreeningError, match="cannot be written"):
        user.check(ENGLISH)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_told_of(user_data: Path) -> None:
    user_data.mkdir(parents=True, mode=0o500)
    with pytest.raises(ScreeningError, match="cannot be written"):
        user.check(ENGLISH)
