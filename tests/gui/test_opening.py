"""Files opened by a double click: a video, a model pack, a library; a second start; a library of another version."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui import __main__ as entry
from gui import app
from gui.main_window import MainWindow
from gui.opening import Kind, kind
from screening import library, paths
from screening.library import Library
from tests.conftest import ROOT
from tests.gui.driving import PATIENCE_MS, wait
from tests.screening.broken_packs import zipped


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Path | None]:
    """The file that the window is opened with, in place of a window."""
    files: list[Path | None] = []

    def run(file: Path | None, *_: object, **_named: object) -> int:
        files.append(file)
        return 0

    monkeypatch.setattr(app, "run", run)
    return files


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A library in a folder of its own, with a child in it."""
    path = tmp_path / "USB – Lan" / "library.vslib"
    with Library(path) as opened:
        opened.cases.add("K-0147")
    return path


def database(path: Path) -> Path:
    """A database of another program's."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
    return path


def cases(qtbot: QtBot, window: MainWindow) -> list[str]:
    """The cases of the library that is open."""
    found: list[str] = []
    window.session.librarian.ask(lambda opened: [line.case.pseudonym for line in opened.cases.list()], found.extend)
    qtbot.waitUntil(lambda: found != [], timeout=PATIENCE_MS)
    return found


def test_a_file_is_told_by_what_it_is(elsewhere: Path, clip: Path, tmp_path: Path) -> None:
    renamed = elsewhere.rename(elsewhere.with_name("thư viện"))
    assert kind(renamed) is Kind.LIBRARY
    assert kind(database(tmp_path / "history")) is Kind.DATABASE
    (tmp_path / "damaged.db").write_bytes(b"no database")
    assert kind(tmp_path / "damaged.db") is Kind.DATABASE
    assert kind(tmp_path / "gone.vspack") is Kind.PACK
    assert kind(tmp_path / "MODEL.VSPACK") is Kind.PACK
    assert kind(clip) is kind(tmp_path / "gone.mp4") is kind(tmp_path / "gone.db") is kind(tmp_path) is Kind.VIDEO


def test_a_path_is_opened_and_a_word_is_a_command(
    asked: list[Path | None], clip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (clip, Path("gone.mp4"), Path("folder") / "gone"):
        assert entry.main([str(path)]) == 0
        assert asked[-1] == path
    with pytest.raises(SystemExit) as left:
        entry.main(["scren"])
    assert left.value.code == 2
    assert "scren" in capsys.readouterr().err


def test_the_data_beside_a_library_are_used_with_it_and_only_with_one_of_ours(
    asked: list[Path | None], elsewhere: Path, tmp_path: Path, user_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert entry.main([str(database(tmp_path / "history.db"))]) == 0
    assert paths.user_data() == user_data
    monkeypatch.chdir(elsewhere.parent)
    assert entry.main([elsewhere.name]) == 0
    assert paths.user_data() == elsewhere.parent


def test_a_library_is_opened_in_place_of_ones_own(
    start: Callable[..., MainWindow], qtbot: QtBot, elsewhere: Path, user_data: Path
) -> None:
    window = start(video=elsewhere)
    assert cases(qtbot, window) == ["K-0147"]
    assert window.page == "cases"
    assert not (user_data / library.FILE).exists()


@pytest.mark.parametrize(
    ("name", "make", "sentence"),
    [
        ("history.db", database, "“history.db” is not a library of ViScreen. It was left as it is"),
        ("notes.db", lambda path: path.write_text("no database" * 99), "“notes.db” is not a library of ViScreen, or"),
        ("gone.mp4", lambda path: None, "There is no file “gone.mp4”"),
        ("gone.db", lambda path: None, "There is no file “gone.db”"),
        ("folder.mp4", lambda path: path.mkdir(), "There is no file “folder.mp4”"),
        ("notes.txt", lambda path: path.write_text("no video"), "“notes.txt” is not a video"),
        ("gone.vspack", lambda path: None, "gone.vspack"),
    ],
)  # fmt: skip
def test_what_cannot_be_opened_gets_one_sentence_and_the_window_works_on(
    start: Callable[..., MainWindow],
    qtbot: QtBot,
    tmp_path: Path,
    name: str,
    make: Callable[[Path], None],
    sentence: str,
) -> None:
    make(tmp_path / name)
    window = start(video=tmp_path / name)
    wait(qtbot, lambda: sentence in said(window))
    assert window.session.model is not None


def said(window: MainWindow) -> str:
    """Every text that can be seen."""
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def test_a_pack_is_installed(
    start: Callable[..., MainWindow], qtbot: QtBot, pack: Path, tmp_path: Path, user_data: Path
) -> None:
    file = tmp_path / "mẫu.vspack"
    zipped(pack).replace(file)
    window = start(video=file)
    assert window.page == "models"
    wait(qtbot, lambda: not window.packs.shelf.busy)
    assert [path.name for path in paths.installed_packs().iterdir()] == ["tiny-colours-1.0.0"]


# ---------------------------------------------------------------------------------------------- updates


def test_a_library_of_a_newer_program_is_refused_in_the_window_and_left_as_it_is(
    start: Callable[..., MainWindow], qtbot: QtBot, user_data: Path
) -> None:
    own = user_data / library.FILE
    Library(own).close()
    with closing(sqlite3.connect(own, isolation_level=None)) as db:
        db.execute(f"PRAGMA user_version = {library.NEWEST + 1}")
    before = own.read_bytes()
    window = start()
    wait(qtbot, lambda: "“library.vslib” was written by a newer ViScreen. Update this one" in said(window))
    window.open_sample()  # a look at a video needs no library
    wait(qtbot, lambda: window.session.playback.is_open)
    app.dismiss(window)
    assert own.read_bytes() == before
    assert [file.name for file in user_data.iterdir() if file.name.startswith("library")] == [own.name]


def test_a_second_program_says_that_the_library_is_open_and_shows_the_video_all_the_same(
    start: Callable[..., MainWindow], qtbot: QtBot, user_data: Path, clip: Path
) -> None:
    script = (
        "import sys; from pathlib import Path; from screening.library import Library; "
        "library = Library(Path(sys.argv[1])); print(flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(user_data / library.FILE)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        other.stdout.readline()
        window = start(video=clip)
        wait(qtbot, lambda: window.session.playback.is_open)
        assert window.page == "video"
        window.show_page("cases")
        wait(qtbot, lambda: "is open in another ViScreen. Close that one first." in said(window))
        other.communicate()
