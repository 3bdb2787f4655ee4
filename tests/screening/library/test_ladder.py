"""A library of the first version climbs to the newest with everything in it, and a copy of it is kept beside."""

from __future__ import annotations

import datetime as dt
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from screening import library as the_library
from screening.errors import CannotWrite
from screening.library import Library, ladder, store
from screening.library.records import Consent, Month
from tests.conftest import ROOT

# The first version as it was released; never to be edited.
VERSION_1 = """
CREATE TABLE cases (id INTEGER PRIMARY KEY AUTOINCREMENT, pseudonym TEXT NOT NULL, same_name TEXT NOT NULL UNIQUE,
    born TEXT, consent TEXT, notes TEXT NOT NULL);
CREATE TABLE visits (id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id INTEGER NOT NULL REFERENCES cases(id) ON DELETE CASCADE, date TEXT NOT NULL, notes TEXT NOT NULL);
CREATE INDEX visits_of_case ON visits(case_id);
CREATE TABLE videos (id INTEGER PRIMARY KEY AUTOINCREMENT,
    visit_id INTEGER NOT NULL REFERENCES visits(id) ON DELETE CASCADE, position INTEGER NOT NULL, path TEXT NOT NULL,
    size_bytes INTEGER NOT NULL, added TEXT NOT NULL, sha256 TEXT, duration_s REAL, receipt TEXT);
CREATE INDEX videos_of_visit ON videos(visit_id);
CREATE TABLE analyses (id INTEGER PRIMARY KEY AUTOINCREMENT,
    video_id INTEGER NOT NULL REFERENCES videos(id) ON DELETE CASCADE, queue INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
    created TEXT NOT NULL, ended TEXT, pack TEXT NOT NULL, profile TEXT NOT NULL, region TEXT, start_s REAL,
    end_s REAL, position_s REAL NOT NULL, failure TEXT, result TEXT);
CREATE INDEX analyses_of_video ON analyses(video_id);
CREATE TABLE scores (analysis_id INTEGER NOT NULL REFERENCES analyses(id) ON DELETE CASCADE,
    position INTEGER NOT NULL, windows BLOB NOT NULL, probabilities BLOB NOT NULL, assessable BLOB NOT NULL,
    reasons TEXT NOT NULL, PRIMARY KEY (analysis_id, position));
CREATE TABLE reviews (id INTEGER PRIMARY KEY AUTOINCREMENT,
    analysis_id INTEGER NOT NULL REFERENCES analyses(id) ON DELETE CASCADE, reviewer TEXT NOT NULL,
    created TEXT NOT NULL, mark_first INTEGER NOT NULL, revealed INTEGER, position INTEGER NOT NULL, finished TEXT,
    UNIQUE (analysis_id, reviewer));
CREATE TABLE steps (review_id INTEGER NOT NULL REFERENCES reviews(id) ON DELETE CASCADE, position INTEGER NOT NULL,
    decisions TEXT NOT NULL, PRIMARY KEY (review_id, position));
CREATE TABLE reports (id INTEGER PRIMARY KEY AUTOINCREMENT,
    analysis_id INTEGER NOT NULL REFERENCES analyses(id) ON DELETE CASCADE,
    review_id INTEGER REFERENCES reviews(id) ON DELETE SET NULL, made TEXT NOT NULL, path TEXT NOT NULL,
    language TEXT NOT NULL, sha256 TEXT NOT NULL, settings TEXT NOT NULL, decisions TEXT NOT NULL);
CREATE INDEX reports_of_analysis ON reports(analysis_id);
CREATE INDEX reports_of_review ON reports(review_id);
INSERT INTO cases VALUES
    (7, 'Bông', 'bông', '2021-03', '{"by":"Lan","relation":"mẹ","given":"2026-11-20"}', 'ghi chú');
INSERT INTO visits VALUES (3, 7, '2026-11-22', 'ở nhà');
INSERT INTO videos VALUES (5, 3, 0, 'videos/a.mp4', 6, '2026-11-22T09:30:00+00:00', NULL, NULL, NULL);
PRAGMA application_id = 1449743203;
PRAGMA user_version = 1;
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "library.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(VERSION_1)
    return path


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return list(db.iterdump())


def schema(path: Path) -> dict[str, object]:
    """Columns, keys, foreign keys and indices of every table."""
    with closing(sqlite3.connect(path)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: [
                sorted(map(repr, db.execute(f"PRAGMA {about}({table})")))
                for about in ("table_info", "foreign_key_list", "index_list")
            ]
            for table in tables
        }


def test_the_first_version_climbs_with_everything_in_it(old: Path) -> None:
    before = dump(old)
    with Library(old) as library:
        (line,) = library.cases.list("bong")
        assert line.case.id == 7
        assert line.case.born == Month(2021, 3)
        assert line.case.consent == Consent("Lan", "mẹ", dt.date(2026, 11, 20))
        (summary,) = library.visits.of_case(7)
        assert (summary.visit.notes, summary.visit.left_at, summary.videos) == ("ở nhà", {}, 1)
        assert library.videos.get(5).path == old.parent / "videos" / "a.mp4"
        library.visits.leave(3, {"page": "review"})
    with Library(old) as library:
        assert library.visits.get(3).left_at == {"page": "review"}
    copy = old.with_name("library.version-1.sqlite")
    assert dump(copy) == before
    assert sorted(file.name for file in old.parent.iterdir()) == [
        "library.sqlite",
        copy.name,
    ]


def test_an_old_library_and_a_new_one_end_up_the_same(old: Path, tmp_path: Path) -> None:
    Library(old).close()
    Library(tmp_path / "new.sqlite").close()
    assert schema(old) == schema(tmp_path / "new.sqlite")
    assert not list(tmp_path.glob("new.version-*"))  # a new library has nothing to copy


def test_the_first_step_is_still_the_one_that_was_released(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ladder, "STEPS", ladder.STEPS[:1])
    Library(tmp_path / "new.sqlite").close()
    assert schema(old) == schema(tmp_path / "new.sqlite")


def test_a_step_that_fails_half_way_leaves_the_version_before_it(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(db: sqlite3.Connection) -> None:
        db.execute("CREATE TABLE half (x)")
        db.execute("DELETE FROM cases")
        raise ZeroDivisionError

    steps = ladder.STEPS
    monkeypatch.setattr(ladder, "STEPS", (*steps, broken))
    with pytest.raises(ZeroDivisionError):
        Library(old)
    assert "half" not in "".join(dump(old))
    monkeypatch.setattr(ladder, "STEPS", steps)
    with Library(old) as library:
        assert [line.case.pseudonym for line in library.cases.list()] == ["Bông"]


def test_a_climb_of_several_steps_is_all_or_nothing(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a library of version 1 and a program of version 4 whose last step fails,
    before = dump(old)

    def broken(_: sqlite3.Connection) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(ladder, "STEPS", (*ladder.STEPS, add_a_table("third"), broken))
    with pytest.raises(ZeroDivisionError):
        Library(old)
    # then the program of before still opens it: nothing of the way up is left.
    assert dump(old) == before
    assert the_library.version(old) == 1


@pytest.mark.parametrize("moment", ["step", "copy"])
def test_a_program_that_is_killed_on_the_way_up_leaves_the_old_library_whole(old: Path, moment: str) -> None:
    before = dump(old)
    script = f"""
import os, sys
from pathlib import Path
from screening.library import Library, ladder, store
def killed(*_):
    os._exit(9)
if {moment!r} == "step":
    ladder.STEPS = (*ladder.STEPS, killed)
else:
    store.Path.replace = killed
Library(Path(sys.argv[1]))
"""
    done = subprocess.run([sys.executable, "-c", script, str(old)], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert the_library.version(old) == 1
    assert dump(old) == before
    # The next start brings it up, and leaves nothing half done beside it.
    with Library(old) as library:
        assert [line.case.pseudonym for line in library.cases.list()] == ["Bông"]
    assert sorted(file.name for file in old.parent.iterdir()) == ["library.sqlite", "library.version-1.sqlite"]


def test_a_full_disk_before_the_climb_leaves_the_old_library_whole(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dump(old)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_copy_beside", full)
    with pytest.raises(CannotWrite, match="No space left on device"):
        Library(old)
    assert dump(old) == before


def add_a_table(name: str) -> ladder.Step:
    return lambda db: db.execute(f"CREATE TABLE {name} (x)") and None


def test_copies_are_named_after_their_version_and_the_newest_few_are_kept(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a library that climbed with each of twelve releases, and files of the user's beside it,
    others = [old.with_name(name) for name in ("library.version-1.backup.sqlite", "other.version-1.sqlite")]
    for other in others:
        other.touch()
    first = ladder.STEPS
    for release in range(2, 13):
        steps = (*first, *(add_a_table(f"step_{number}") for number in range(len(first) + 1, release + 1)))
        monkeypatch.setattr(ladder, "STEPS", steps)
        Library(old).close()
    # then the last three copies are there, each of them a library of its version, and nothing else was touched.
    copies = [old.with_name(f"library.version-{number}.sqlite") for number in (9, 10, 11)]
    assert {file for file in old.parent.iterdir() if file != old} == {*copies, *others}
    assert [the_library.version(copy) for copy in copies] == [9, 10, 11]


def test_a_copy_opens_as_a_library_in_the_place_of_the_other(old: Path) -> None:
    Library(old).close()
    copy = old.with_name("library.version-1.sqlite")
    copy.replace(old)
    with Library(old) as library:
        assert [line.case.pseudonym for line in library.cases.list()] == ["Bông"]


def test_a_copy_is_nobody_elses_to_read(old: Path) -> None:
    Library(old).close()
    assert old.with_name("library.version-1.sqlite").stat().st_mode & 0o077 == 0
