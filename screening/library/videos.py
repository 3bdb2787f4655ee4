"""The library's videos: the clips of a visit in their order, found again when their files were moved."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from screening.errors import N_, VideoUnusable, WrongUsage
from screening.library.codec import decode, encode, now
from screening.library.records import Video
from screening.library.store import Store
from screening.records import VideoInfo


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells one file from another whatever its name."""

    size_bytes: int
    sha256: str


def fingerprint(path: Path) -> Fingerprint:
    """Read the whole file (so not on the window's thread). Raises VideoUnusable."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return Fingerprint(file.tell(), digest)
    except OSError as error:
        raise VideoUnusable(N_("“{name}” cannot be read: {why}."), name=path.name, why=error.strerror or "?") from error


def look_for(video: Video, folders: Iterable[Path]) -> Path | None:
    """The file of `video` in or below `folders`: right size, right hash where it is known, right name first.

    Reads every candidate through, so not on the window's thread; needs no library. A video whose hash is not known
    yet is found by name and size only.
    """
    for folder in folders:
        same_size = [path for path in sorted(folder.rglob("*")) if _size(path) == video.size_bytes]
        for path in sorted(same_size, key=lambda path: path.name != video.path.name):
            if path.name == video.path.name if video.sha256 is None else fingerprint(path).sha256 == video.sha256:
                return path
    return None


class Videos:
    """Add, order, find again and delete the clips of visits. The files themselves are never touched."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, visit_id: int, path: Path) -> Video:
        """A new clip at the end of the visit; VideoUnusable when there is no such file."""
        size = _size(path)
        if size is None:
            raise VideoUnusable(N_("There is no file “{name}”. Choose another video."), name=path.name)
        return self.get(
            self._store.add(
                """
                INSERT INTO videos (visit_id, position, path, size_bytes, added)
                SELECT ?1, coalesce(max(position) + 1, 0), ?2, ?3, ?4 FROM videos WHERE visit_id = ?1
                """,
                visit_id,
                self._store.shorten(path),
                size,
                now(),
            )
        )

    def get(self, video_id: int) -> Video:
        """The video; LookupError when there is none."""
        return self._video(self._store.row("SELECT * FROM videos WHERE id = ?", video_id))

    def of_visit(self, visit_id: int) -> list[Video]:
        """The visit's clips in their order."""
        return self._videos("SELECT * FROM videos WHERE visit_id = ? ORDER BY position, id", visit_id)

    def recent(self, limit: int = 10) -> list[Video]:
        """The videos that were added last, each file once."""
        return self._videos(
            "SELECT * FROM videos WHERE id IN (SELECT max(id) FROM videos GROUP BY path) ORDER BY id DESC LIMIT ?",
            limit,
        )

    def strangers(self, paths: Iterable[Path]) -> list[Path]:
        """Those of `paths` that are a clip of no visit, in their order."""
        known = {row["path"] for row in self._store.rows("SELECT DISTINCT path FROM videos")}
        return [path for path in paths if self._store.shorten(path) not in known]

    def received(self, video_id: int, receipt: VideoInfo) -> Video:
        """Keep the decode receipt, and with it hash, size and duration."""
        self._store.change(
            "UPDATE videos SET sha256 = ?, size_bytes = ?, duration_s = ?, receipt = ? WHERE id = ?",
            receipt.sha256,
            receipt.size_bytes,
            receipt.duration_s,
            encode(VideoInfo, receipt),
            video_id,
        )
        return self.get(video_id)

    def relink(self, video_id: int, path: Path, found: Fingerprint) -> Video:
        """The file was moved to `path`, where `fingerprint` found `found`. WrongUsage when it is another video."""
        video = self.get(video_id)
        if found.size_bytes != video.size_bytes or video.sha256 not in (None, found.sha256):
            raise WrongUsage(
                N_("“{name}” is not the video of this visit. Choose the file that was moved, or add it as a new clip."),
                name=path.name,
            )
        self._store.change(
            "UPDATE videos SET path = ?, sha256 = ? WHERE id = ?", self._store.shorten(path), found.sha256, video_id
        )
        return self.get(video_id)

    def reorder(self, visit_id: int, video_ids: Sequence[int]) -> None:
        """Put the visit's clips in the order of `video_ids`, which names each of them once."""
        with self._store.writing() as db:
            there = [row["id"] for row in db.execute("SELECT id FROM videos WHERE visit_id = ?", (visit_id,))]
            if sorted(there) != sorted(video_ids):
                raise ValueError(f"the visit's videos are {there}, not {list(video_ids)}")
            db.executemany("UPDATE videos SET position = ? WHERE id = ?", enumerate(video_ids))

    def delete(self, video_id: int) -> None:
        """Forget the clip and everything under it."""
        self._store.change("DELETE FROM videos WHERE id = ?", video_id)

    def _videos(self, sql: str, *values: object) -> list[Video]:
        return [self._video(row) for row in self._store.rows(sql, *values)]

    def _video(self, row: sqlite3.Row) -> Video:
        return Video(
            row["id"],
            row["visit_id"],
            self._store.lengthen(row["path"]),
            row["size_bytes"],
            row["added"],
            row["sha256"],
            row["duration_s"],
            decode(VideoInfo, row["receipt"]),
        )


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size if path.is_file() else None
    except OSError:
        return None
