"""The library's reports: which PDF was made when, of which analysis, showing which decisions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from screening.library.codec import decode, encode, now
from screening.library.records import Report, Review, Step
from screening.library.store import Store

_REPORTS = """
    SELECT reports.*, videos.visit_id FROM reports
        JOIN analyses ON analyses.id = reports.analysis_id
        JOIN videos ON videos.id = analyses.video_id
        JOIN visits ON visits.id = videos.visit_id
"""


class Reports:
    """Remember reports and list them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(
        self,
        analysis_id: int,
        path: Path,
        *,
        language: str,
        sha256: str,
        settings: Mapping[str, Any],
        review: Review | None = None,
    ) -> Report:
        """A report was written to `path`; `settings` is anything JSON can hold, `review` as the report shows it."""
        return self.get(
            self._store.add(
                """
                INSERT INTO reports (analysis_id, review_id, made, path, language, sha256, settings, decisions)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                analysis_id,
                review.id if review else None,
                now(),
                self._store.shorten(path),
                language,
                sha256,
                json.dumps(settings, ensure_ascii=False),
                encode(Step, review.decisions if review else ()),
            )
        )

    def get(self, report_id: int) -> Report:
        """The report; LookupError when there is none."""
        return self._report(self._store.row(f"{_REPORTS} WHERE reports.id = ?", report_id))

    def of_case(self, case_id: int) -> list[Report]:
        """Every report of the case, the newest first."""
        rows = self._store.rows(f"{_REPORTS} WHERE case_id = ? ORDER BY reports.id DESC", case_id)
        return [self._report(row) for row in rows]

    def _report(self, row: sqlite3.Row) -> Report:
        return Report(
            row["id"],
            row["analysis_id"],
            row["review_id"],
            row["visit_id"],
            row["made"],
            self._store.lengthen(row["path"]),
            row["language"],
            row["sha256"],
            json.loads(row["settings"]),
            decode(Step, row["decisions"]),
        )
