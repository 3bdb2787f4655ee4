"""The library's analyses: the queue, scores as they come, the result.

Scores are appended in chunks while the model runs, each on the disk before `append` returns; so a crash loses at most
what had not been appended.
"""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Sequence

import numpy as np

from screening.errors import N_, ScreeningError, WrongUsage
from screening.library.codec import decode, encode, now
from screening.library.records import Analysis, AnalysisState, Failure
from screening.library.store import Store
from screening.records import PackInfo, Profile, Result, ScoreTimeline, Track

_NONE = ScoreTimeline(np.empty((0, 2)), np.empty((0, 0), np.float32), np.empty(0, np.bool_), ())


class Analyses:
    """Queue, run, keep and delete analyses. A step that does not fit the state is a ValueError."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(
        self,
        video_id: int,
        pack: PackInfo,
        profile: Profile,
        *,
        region: Track | None = None,
        start_s: float | None = None,
        end_s: float | None = None,
    ) -> Analysis:
        """A new analysis, waiting at the end of the queue."""
        return self.get(
            self._store.add(
                """
                INSERT INTO analyses
                    (video_id, queue, state, created, pack, profile, region, start_s, end_s, position_s)
                SELECT ?, coalesce(max(queue) + 1, 0), 'waiting', ?, ?, ?, ?, ?, ?, 0 FROM analyses
                """,
                video_id,
                now(),
                encode(PackInfo, pack),
                encode(Profile, profile),
                encode(Track, region),
                start_s,
                end_s,
            )
        )

    def get(self, analysis_id: int) -> Analysis:
        """The analysis; LookupError when there is none."""
        return _analysis(self._store.row("SELECT * FROM analyses WHERE id = ?", analysis_id))

    def of_video(self, video_id: int) -> list[Analysis]:
        """The video's analyses, the newest first."""
        return self._analyses("SELECT * FROM analyses WHERE video_id = ? ORDER BY id DESC", video_id)

    def unfinished(self) -> list[Analysis]:
        """Waiting and running ones in the order of the queue. At start a running one is what a crash left."""
        return self._analyses("SELECT * FROM analyses WHERE state IN ('waiting', 'running') ORDER BY queue, id")

    def reorder(self, analysis_ids: Sequence[int]) -> None:
        """Put the unfinished analyses in the order of `analysis_ids`, which names each of them once."""
        with self._store.writing() as db:
            there = [row["id"] for row in db.execute("SELECT id FROM analyses WHERE state IN ('waiting', 'running')")]
            if sorted(there) != sorted(analysis_ids):
                raise ValueError(f"the queue holds {there}, not {list(analysis_ids)}")
            db.executemany("UPDATE analyses SET queue = ? WHERE id = ?", enumerate(analysis_ids))

    def start(self, analysis_id: int) -> Analysis:
        """The run begins, from the beginning: scores of an earlier attempt are dropped. Not for one that is done."""
        with self._store.writing() as db:
            self._move(db, analysis_id, "running", ("waiting", "running", "failed", "cancelled"))
            db.execute("UPDATE analyses SET position_s = 0, failure = NULL, ended = NULL WHERE id = ?", (analysis_id,))
            db.execute("DELETE FROM scores WHERE analysis_id = ?", (analysis_id,))
        return self.get(analysis_id)

    def append(self, analysis_id: int, scores: ScoreTimeline, position_s: float) -> None:
        """Keep the scores that are new since the last call, and how far (s) the video is decoded."""
        with self._store.writing() as db:
            self._move(db, analysis_id, "running", ("running",))
            db.execute("UPDATE analyses SET position_s = ? WHERE id = ?", (position_s, analysis_id))
            _keep(db, analysis_id, scores)

    def finish(self, analysis_id: int, result: Result) -> Analysis:
        """The run is done; `result` with all its scores takes the place of what was appended."""
        with self._store.writing() as db:
            self._move(db, analysis_id, "done", ("running",))
            db.execute(
                "UPDATE analyses SET ended = ?, position_s = ?, result = ? WHERE id = ?",
                (now(), result.video.end_s, _without_scores(result), analysis_id),
            )
            db.execute("DELETE FROM scores WHERE analysis_id = ?", (analysis_id,))
            _keep(db, analysis_id, result.scores)
        return self.get(analysis_id)

    def revise(self, analysis_id: int, result: Result) -> Analysis:
        """Another profile over the same scores. WrongUsage when that would change episodes that were decided about."""
        if self.get(analysis_id).state != "done":
            raise ValueError("only an analysis that is done can be revised")
        old = decode(Result, self._store.row("SELECT result FROM analyses WHERE id = ?", analysis_id)["result"])
        with self._store.writing() as db:
            decided = db.execute(
                "SELECT 1 FROM steps JOIN reviews ON reviews.id = review_id WHERE analysis_id = ?", (analysis_id,)
            ).fetchone()
            if decided and old.episodes != result.episodes:
                raise WrongUsage(
                    N_("The episodes of this analysis have been reviewed. Start a new one to use other thresholds.")
                )
            db.execute(
                "UPDATE analyses SET profile = ?, result = ? WHERE id = ?",
                (encode(Profile, result.profile), _without_scores(result), analysis_id),
            )
        return self.get(analysis_id)

    def fail(self, analysis_id: int, error: ScreeningError) -> Analysis:
        """The run ended with `error`; what was scored stays."""
        failure = Failure(error.template, {name: str(value) for name, value in error.values.items()})
        return self._end(analysis_id, "failed", failure)

    def cancel(self, analysis_id: int) -> Analysis:
        """The clinician stopped it, or took it from the queue; what was scored stays."""
        return self._end(analysis_id, "cancelled", None)

    def delete(self, analysis_id: int) -> None:
        """Forget the analysis and everything under it."""
        self._store.change("DELETE FROM analyses WHERE id = ?", analysis_id)

    def scores(self, analysis_id: int) -> ScoreTimeline:
        """Every score that was kept, in order; none yet: N is 0."""
        rows = self._store.rows("SELECT * FROM scores WHERE analysis_id = ? ORDER BY position", analysis_id)
        parts = [_scores(row) for row in rows]
        if not parts:
            return _NONE
        return ScoreTimeline(
            np.concatenate([part.windows for part in parts]),
            np.concatenate([part.probabilities for part in parts]),
            np.concatenate([part.assessable for part in parts]),
            tuple(codes for part in parts for codes in part.reasons),
        )

    def result(self, analysis_id: int) -> Result | None:
        """The result with its scores; None until it is done."""
        text = self._store.row("SELECT result FROM analyses WHERE id = ?", analysis_id)["result"]
        if text is None:
            return None
        result: Result = decode(Result, text)
        return dataclasses.replace(result, scores=self.scores(analysis_id))

    def _end(self, analysis_id: int, state: AnalysisState, failure: Failure | None) -> Analysis:
        with self._store.writing() as db:
            self._move(db, analysis_id, state, ("waiting", "running"))
            db.execute(
                "UPDATE analyses SET ended = ?, failure = ? WHERE id = ?",
                (now(), encode(Failure, failure), analysis_id),
            )
        return self.get(analysis_id)

    def _move(
        self, db: sqlite3.Connection, analysis_id: int, state: AnalysisState, allowed: Sequence[AnalysisState]
    ) -> None:
        now_in = self._store.row("SELECT state FROM analyses WHERE id = ?", analysis_id)["state"]
        if now_in not in allowed:
            raise ValueError(f"analysis {analysis_id} is {now_in}; it cannot become {state}")
        db.execute("UPDATE analyses SET state = ? WHERE id = ?", (state, analysis_id))

    def _analyses(self, sql: str, *values: object) -> list[Analysis]:
        return [_analysis(row) for row in self._store.rows(sql, *values)]


def _analysis(row: sqlite3.Row) -> Analysis:
    return Analysis(
        row["id"],
        row["video_id"],
        row["state"],
        row["created"],
        row["ended"],
        decode(PackInfo, row["pack"]),
        decode(Profile, row["profile"]),
        decode(Track, row["region"]),
        row["start_s"],
        row["end_s"],
        row["position_s"],
        decode(Failure, row["failure"]),
    )


def _without_scores(result: Result) -> str | None:
    return encode(Result, dataclasses.replace(result, scores=_NONE))


def _keep(db: sqlite3.Connection, analysis_id: int, scores: ScoreTimeline) -> None:
    if not len(scores.windows):
        return
    db.execute(
        """
        INSERT INTO scores (analysis_id, position, windows, probabilities, assessable, reasons)
        SELECT ?1, coalesce(max(position) + 1, 0), ?2, ?3, ?4, ?5 FROM scores WHERE analysis_id = ?1
        """,
        (
            analysis_id,
            scores.windows.astype("<f8").tobytes(),
            scores.probabilities.astype("<f4").tobytes(),
            scores.assessable.astype(np.bool_).tobytes(),
            json.dumps(scores.reasons),
        ),
    )


def _scores(row: sqlite3.Row) -> ScoreTimeline:
    windows = np.frombuffer(row["windows"], "<f8").reshape(-1, 2)
    return ScoreTimeline(
        windows,
        np.frombuffer(row["probabilities"], "<f4").reshape(len(windows), -1),
        np.frombuffer(row["assessable"], np.bool_),
        tuple(tuple(codes) for codes in json.loads(row["reasons"])),
    )
