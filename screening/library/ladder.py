"""The library's schema as a ladder: step n takes a file of version n − 1 to version n; a new file climbs all of it.

A step that was ever released is never edited: the next change is a new step at the end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

APPLICATION_ID = 0x56695363  # "ViSc" in SQLite's header: tells our file from any other program's

Step = Callable[[sqlite3.Connection], None]

_FIRST = (
    """
    CREATE TABLE cases (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        pseudonym TEXT NOT NULL,
        same_name TEXT NOT NULL UNIQUE,   -- the pseudonym without case: two children may not differ by it alone
        born TEXT,                        -- YYYY-MM
        consent TEXT,                     -- JSON of Consent
        notes TEXT NOT NULL
    )""",
    """
    CREATE TABLE visits (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        case_id INTEGER NOT NULL REFERENCES cases(id) ON DELETE CASCADE,
        date TEXT NOT NULL,               -- YYYY-MM-DD
        notes TEXT NOT NULL
    )""",
    "CREATE INDEX visits_of_case ON visits(case_id)",
    """
    CREATE TABLE videos (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        visit_id INTEGER NOT NULL REFERENCES visits(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,        -- order of the clips within the visit
        path TEXT NOT NULL,               -- relative to the library's folder when it lies in it
        size_bytes INTEGER NOT NULL,
        added TEXT NOT NULL,
        sha256 TEXT,                      -- this, duration and receipt (JSON of VideoInfo): once it was read
        duration_s REAL,
        receipt TEXT
    )""",
    "CREATE INDEX videos_of_visit ON videos(visit_id)",
    """
    CREATE TABLE analyses (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        video_id INTEGER NOT NULL REFERENCES videos(id) ON DELETE CASCADE,
        queue INTEGER NOT NULL,           -- order in which the waiting ones are run
        state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
        created TEXT NOT NULL,
        ended TEXT,
        pack TEXT NOT NULL,               -- JSON of PackInfo
        profile TEXT NOT NULL,            -- JSON of Profile
        region TEXT,                      -- JSON of Track
        start_s REAL,
        end_s REAL,
        position_s REAL NOT NULL,         -- decoded so far
        failure TEXT,                     -- JSON of Failure
        result TEXT                       -- JSON of Result, its scores left out: they are in `scores`
    )""",
    "CREATE INDEX analyses_of_video ON analyses(video_id)",
    """
    CREATE TABLE scores (
        analysis_id INTEGER NOT NULL REFERENCES analyses(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        windows BLOB NOT NULL,            -- N × 2 float64, little endian
        probabilities BLOB NOT NULL,      -- N × C float32, little endian
        assessable BLOB NOT NULL,         -- N bytes, 0 or 1
        reasons TEXT NOT NULL,            -- JSON, N lists of codes
        PRIMARY KEY (analysis_id, position)
    )""",
    """
    CREATE TABLE reviews (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        analysis_id INTEGER NOT NULL REFERENCES analyses(id) ON DELETE CASCADE,
        reviewer TEXT NOT NULL,
        created TEXT NOT NULL,
        mark_first INTEGER NOT NULL,
        revealed INTEGER,                 -- steps that were in force when the model's answer was shown
        position INTEGER NOT NULL,        -- steps in force; those after it can be redone
        finished TEXT,
        UNIQUE (analysis_id, reviewer)
    )""",
    """
    CREATE TABLE steps (
        review_id INTEGER NOT NULL REFERENCES reviews(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        decisions TEXT NOT NULL,          -- JSON, a list of Decision
        PRIMARY KEY (review_id, position)
    )""",
    """
    CREATE TABLE reports (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        analysis_id INTEGER NOT NULL REFERENCES analyses(id) ON DELETE CASCADE,
        review_id INTEGER REFERENCES reviews(id) ON DELETE SET NULL,
        made TEXT NOT NULL,
        path TEXT NOT NULL,
        language TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        settings TEXT NOT NULL,           -- JSON object
        decisions TEXT NOT NULL           -- JSON, the decisions that it shows
    )""",
    "CREATE INDEX reports_of_analysis ON reports(analysis_id)",
    "CREATE INDEX reports_of_review ON reports(review_id)",
    f"PRAGMA application_id = {APPLICATION_ID}",
)


def _first(db: sqlite3.Connection) -> None:
    for statement in _FIRST:
        db.execute(statement)


def _where_it_was_left(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE visits ADD COLUMN left_at TEXT NOT NULL DEFAULT '{}'")  # JSON object


STEPS: tuple[Step, ...] = (_first, _where_it_was_left)
