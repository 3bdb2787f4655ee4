"""A library of the first version climbs to the newest with everything in it, and a copy of it is kept beside."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from screening.library import Library, ladder
from screening.library.records import Consent, Month

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
