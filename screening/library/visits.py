"""The library's visits: how far each has come, and where the clinician left it."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from screening.library.records import Visit, VisitState, VisitSummary
from screening.library.store import Store

_STATES: tuple[VisitState, ...] = ("open", "analysed", "reviewed", "reported")


class Visits:
    """Add, find, change and delete visits."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, case_id: int, date: dt.date, notes: str = "") -> Visit:
        """A new visit of the case."""
        return self.get(
            self._store.add(
                "INSERT INTO visits (case_id, date, notes) VALUES (?, ?, ?)", case_id, date.isoformat(), notes
            )
        )

    def get(self, visit_id: int) -> Visit:
        """The visit; LookupError when there is none."""
        return _visit(self._store.row("SELECT * FROM visits WHERE id = ?", visit_id))

    def update(self, visit: Visit) -> Visit:
        """Write date and notes."""
        self._store.change(
            "UPDATE visits SET date = ?, notes = ? WHERE id = ?", visit.date.isoformat(), visit.notes, visit.id
        )
        return self.get(visit.id)

    def leave(self, visit_id: int, left_at: Mapping[str, Any]) -> None:
        """Remember where the visit was left: anything small that JSON can hold."""
        self._store.change(
            "UPDATE visits SET left_at = ? WHERE id = ?", json.dumps(left_at, ensure_ascii=False), visit_id
        )

    def delete(self, visit_id: int) -> None:
        """Forget the visit and everything under it. Files on the disk are not touched."""
        self._store.change("DELETE FROM visits WHERE id = ?", visit_id)

    def of_case(self, case_id: int) -> list[VisitSummary]:
        """The case's visits, the latest first."""
        return [
            VisitSummary(_visit(row), _STATES[row["reached"]], row["videos"], row["analysed"], row["unfinished"])
            for row in self._store.rows(
                """
                SELECT visits.*,
                    count(DISTINCT videos.id) AS videos,
                    count(DISTINCT CASE WHEN state = 'done' THEN videos.id END) AS analysed,
                    count(DISTINCT CASE WHEN state IN ('waiting', 'running') THEN analyses.id END) AS unfinished,
                    max(CASE
                        WHEN reports.id IS NOT NULL THEN 3
                        WHEN reviews.finished IS NOT NULL THEN 2
                        WHEN state = 'done' THEN 1
                        ELSE 0 END) AS reached
                FROM visits
                    LEFT JOIN videos ON videos.visit_id = visits.id
                    LEFT JOIN analyses ON analyses.video_id = videos.id
                    LEFT JOIN reviews ON reviews.analysis_id = analyses.id
                    LEFT JOIN reports ON reports.analysis_id = analyses.id
                WHERE case_id = ? GROUP BY visits.id ORDER BY date DESC, visits.id DESC
                """,
                case_id,
            )
        ]


def _visit(row: sqlite3.Row) -> Visit:
    return Visit(
        row["id"], row["case_id"], dt.date.fromisoformat(row["date"]), row["notes"], json.loads(row["left_at"])
    )
