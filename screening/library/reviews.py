"""The library's reviews: every decision kept as it is made; undo and redo survive a restart."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from screening.library.codec import decode, encode, now
from screening.library.records import Review, Step
from screening.library.store import Store
from screening.records import Decision


class Reviews:
    """Begin, continue and finish reviews: one for each analysis and reviewer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, analysis_id: int, reviewer: str, *, mark_first: bool = False) -> Review:
        """The reviewer's review of the analysis: a new one, or the one there is, as it was left."""
        with self._store.writing() as db:
            db.execute(
                """
                INSERT INTO reviews (analysis_id, reviewer, created, mark_first, position) VALUES (?, ?, ?, ?, 0)
                ON CONFLICT (analysis_id, reviewer) DO NOTHING
                """,
                (analysis_id, reviewer, now(), mark_first),
            )
        return self._review(
            self._store.row("SELECT * FROM reviews WHERE analysis_id = ? AND reviewer = ?", analysis_id, reviewer)
        )

    def get(self, review_id: int) -> Review:
        """The review; LookupError when there is none."""
        return self._review(self._store.row("SELECT * FROM reviews WHERE id = ?", review_id))

    def of_analysis(self, analysis_id: int) -> list[Review]:
        """Every reviewer's review, in the order they were begun."""
        rows = self._store.rows("SELECT * FROM reviews WHERE analysis_id = ? ORDER BY id", analysis_id)
        return [self._review(row) for row in rows]

    def decide(self, review_id: int, decisions: Sequence[Decision]) -> Review:
        """One step, of one decision or of several made at once; none is no step. Steps that were undone are gone."""
        review = self.get(review_id)
        if not decisions:
            return review
        with self._store.writing() as db:
            db.execute("DELETE FROM steps WHERE review_id = ? AND position >= ?", (review_id, review.position))
            db.execute(
                "INSERT INTO steps (review_id, position, decisions) VALUES (?, ?, ?)",
                (review_id, review.position, encode(Step, tuple(decisions))),
            )
            _stand_at(db, review_id, review.position + 1)
        return self.get(review_id)

    def undo(self, review_id: int) -> Review:
        """Take the last step back; nothing happens when there is none, or when it is fixed."""
        review = self.get(review_id)
        return self._stand_at(review, review.position - 1) if review.can_undo else review

    def redo(self, review_id: int) -> Review:
        """Take the next undone step again; nothing happens when there is none."""
        review = self.get(review_id)
        return self._stand_at(review, review.position + 1) if review.can_redo else review

    def reveal(self, review_id: int) -> Review:
        """Show the model's answer to one who marked first: what was marked until now is fixed."""
        self._store.change(
            "UPDATE reviews SET revealed = coalesce(revealed, position) WHERE id = ? AND mark_first", review_id
        )
        return self.get(review_id)

    def finish(self, review_id: int) -> Review:
        """The reviewer is through; the next decision, undo or redo opens the review again."""
        self._store.change("UPDATE reviews SET finished = ? WHERE id = ?", now(), review_id)
        return self.get(review_id)

    def delete(self, review_id: int) -> None:
        """Forget the review; reports made from it stay."""
        self._store.change("DELETE FROM reviews WHERE id = ?", review_id)

    def _stand_at(self, review: Review, position: int) -> Review:
        with self._store.writing() as db:
            _stand_at(db, review.id, position)
        return self.get(review.id)

    def _review(self, row: sqlite3.Row) -> Review:
        steps = self._store.rows("SELECT decisions FROM steps WHERE review_id = ? ORDER BY position", row["id"])
        return Review(
            row["id"],
            row["analysis_id"],
            row["reviewer"],
            row["created"],
            bool(row["mark_first"]),
            row["revealed"],
            tuple(decode(Step, step["decisions"]) for step in steps),
            row["position"],
            row["finished"],
        )


def _stand_at(db: sqlite3.Connection, review_id: int, position: int) -> None:
    db.execute("UPDATE reviews SET position = ?, finished = NULL WHERE id = ?", (position, review_id))
