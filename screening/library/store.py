"""The library's file: the one place where the connection is opened, and the one door through which every write goes.

A path comes in; rows go out. SQLite in WAL mode with `synchronous=FULL`: what a transaction committed survives a crash
and a power cut. `locking_mode=EXCLUSIVE` keeps every other connection out for as long as this one is open; the lock is
the operating system's, so it ends with the process and never goes stale. (On Linux, opening and closing the file by
any other means within this process would drop that lock: only SQLite may touch it.)
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from screening.errors import N_, CannotWrite
from screening.library import ladder

WAIT_S = 2.0  # for a program that is just closing the library
COPIES = 3
"""Copies of older versions that are kept beside a library: the newest ones. Deleted children are in them still."""

_DAMAGED = N_(
    "The library “{name}” is damaged. It was left as it is: put a backup copy in its place, "
    "or give it to whoever looks after this computer."
)
_FOREIGN = N_("“{name}” is not a library of ViScreen. It was left as it is; choose another file.")
_NEWER = N_("The library “{name}” was written by a newer ViScreen. Update this one to open it.")
IN_USE = N_("The library “{name}” is open in another ViScreen. Close that one first.")
_SENTENCES = {
    sqlite3.SQLITE_BUSY: IN_USE,
    sqlite3.SQLITE_FULL: N_(
        "The disk that holds the library “{name}” is full. Free some space and try again; what was saved is kept."
    ),
    sqlite3.SQLITE_IOERR: N_(
        "The library “{name}” could not be read or written: the disk reports an error. What was saved is kept."
    ),
    sqlite3.SQLITE_READONLY: N_("The library “{name}” may only be read. Ask for the right to write to its folder."),
    sqlite3.SQLITE_PERM: N_("The library “{name}” may only be read. Ask for the right to write to its folder."),
    sqlite3.SQLITE_CANTOPEN: N_(
        "The library “{name}” cannot be opened. Check its folder and your right to write there."
    ),
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: N_(
        "“{name}” is not a library of ViScreen, or its beginning is damaged. It was left as it is; choose another file "
        "or a backup copy."
    ),
}


@contextmanager
def _in_a_sentence(name: str) -> Iterator[None]:
    """Turn what SQLite says about the world into CannotWrite; our own mistakes pass as they are."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        template = _SENTENCES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if template is None:
            raise
        raise CannotWrite(template, name=name) from error


class Store:
    """The open file at `path`; made when there is none. Raises CannotWrite. Belongs to the thread that opened it."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._thread = threading.get_ident()
        self._open: sqlite3.Connection | None = None
        try:
            with _in_a_sentence(path.name):
                _inspect(self.path)
                self._open = _connect(self.path)
        except OSError as error:
            raise CannotWrite(
                N_("The library “{name}” cannot be written: {why}."), name=path.name, why=error.strerror or "?"
            ) from error

    def close(self) -> None:
        """Leave the file to others; a second time does nothing."""
        if self._open is not None:
            self._db.close()
            self._open = None

    @property
    def _db(self) -> sqlite3.Connection:
        if threading.get_ident() != self._thread:
            raise RuntimeError("The library belongs to the thread that opened it; send records to that thread instead.")
        if self._open is None:
            raise RuntimeError("The library is closed.")
        return self._open

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """What a SELECT finds."""
        with _in_a_sentence(self.path.name):
            return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row:
        """The one row a SELECT by id finds; LookupError when there is none."""
        found = self.rows(sql, *values)
        if not found:
            raise LookupError("the library has no such record")
        return found[0]

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is on the disk when the block is left, or none of it when it raised."""
        db = self._db
        with _in_a_sentence(self.path.name), _transaction(db):
            yield db

    def add(self, sql: str, *values: Any) -> int:
        """INSERT one row in a transaction of its own; its id."""
        with self.writing() as db:
            return int(db.execute(sql, values).lastrowid or 0)

    def change(self, sql: str, *values: Any) -> None:
        """UPDATE or DELETE in a transaction of its own; LookupError when it meets no row."""
        with self.writing() as db:
            if db.execute(sql, values).rowcount == 0:
                raise LookupError("the library has no such record")

    def shorten(self, path: Path) -> str:
        """`path` as it is kept: relative when it lies in the library's folder, so that both can move together."""
        path = path.absolute()
        folder = self.path.parent
        return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)

    def lengthen(self, kept: str) -> Path:
        """The whole path of what `shorten` wrote."""
        return self.path.parent / kept


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    finally:
        # SQLite has already rolled back by itself after some errors (a full disk).
        if db.in_transaction:
            db.execute("ROLLBACK")


def version(path: Path) -> int | None:
    """The version of the library at `path`, None where there is none. Raises CannotWrite where `Store` would refuse it.

    The file and the log that a crash left beside it stay as they are. Not for a library that is open in this process.
    """
    with _in_a_sentence(path.name):
        return _inspect(path.absolute())


def _inspect(path: Path) -> int | None:
    """Refuse what is not ours, newer or damaged through a connection that cannot write, so that it stays as it is."""
    if not path.is_file():
        return None
    place = path.as_posix()
    # A log beside it has to be read too: it holds what a crash left, or what the program writes that has it open.
    # Without one nothing need be put beside the file. (Not `as_uri`: a network share must be file:////server/share.)
    how = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "mode=ro&immutable=1"
    uri = f"file://{'' if place.startswith('/') else '/'}{quote(place, safe='/:')}?{how}"
    with closing(sqlite3.connect(uri, uri=True, timeout=WAIT_S)) as db:
        version = _version(db)
        ours = db.execute("PRAGMA application_id").fetchone()[0] == ladder.APPLICATION_ID
        # A file that holds nothing at all is what a crash at the very first start leaves.
        if not ours and (version or db.execute("SELECT 1 FROM sqlite_master").fetchone()):
            raise CannotWrite(_FOREIGN, name=path.name)
        if version > len(ladder.STEPS):
            raise CannotWrite(_NEWER, name=path.name)
        if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise CannotWrite(_DAMAGED, name=path.name)
        return version


def _connect(path: Path) -> sqlite3.Connection:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    if not os.access(path, os.W_OK):
        # SQLite would call it a broken disk when it cannot lock the file.
        raise CannotWrite(_SENTENCES[sqlite3.SQLITE_READONLY], name=path.name)
    db = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None)
    try:
        db.row_factory = sqlite3.Row
        for setting in (
            "locking_mode = EXCLUSIVE",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",  # a child that was deleted is not left between the pages
        ):
            db.execute(f"PRAGMA {setting}")
        with _transaction(db):
            pass  # takes the lock, which is then kept
        _climb(db, path)
    except BaseException:
        db.close()
        raise
    return db


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _climb(db: sqlite3.Connection, path: Path) -> None:
    """Bring the file to the newest version in one transaction; an older library is copied beside first."""
    version, newest = _version(db), len(ladder.STEPS)
    if version == newest:
        return
    if version > 0:
        _copy_beside(db, path, version)
    with _transaction(db):
        for step in ladder.STEPS[version:]:
            step(db)
        db.execute(f"PRAGMA user_version = {newest}")
    _keep_newest(path)


def _copy_beside(db: sqlite3.Connection, path: Path, version: int) -> None:
    """`library.sqlite` of version 1 is kept as `library.version-1.sqlite`, whole or not at all."""
    copy = path.with_name(f"{path.stem}.version-{version}{path.suffix}")
    unfinished = copy.with_name(copy.name + ".part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    with closing(sqlite3.connect(unfinished)) as target:
        db.backup(target)
    unfinished.replace(copy)


def _keep_newest(path: Path) -> None:
    """Remove all but the newest copies of older versions."""
    pattern = re.compile(rf"{re.escape(path.stem)}\.version-(\d+){re.escape(path.suffix)}")
    copies = {int(named[1]): file for file in path.parent.iterdir() if (named := pattern.fullmatch(file.name))}
    for number in sorted(copies)[:-COPIES]:
        copies[number].unlink(missing_ok=True)
