"""What was acknowledged survives a killed process, a full disk, a second program; what is not ours stays untouched."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from screening.errors import CannotWrite
from screening.library import Library, ladder, store
from tests.screening import results

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(store, "WAIT_S", 0.05)
    return tmp_path / "library.sqlite"


@contextlib.contextmanager
def other_program(script: str, path: Path) -> Iterator[subprocess.Popen[str]]:
    """A second Python with `path` in `path`; killed at the end at the latest."""
    start = "import dataclasses, sys, time; from pathlib import Path; from screening.library import Library"
    process = subprocess.Popen(
        [sys.executable, "-c", f"{start}\npath = Path(sys.argv[1])\n{script}", str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def says(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def names(library: Library) -> set[str]:
    return {line.case.pseudonym for line in library.cases.list()}


# ---------------------------------------------------------------------------------------------- crashes

WORKS = """
import datetime as dt
from tests.screening import results
result = results.ten_minutes()
one = lambda n: dataclasses.replace(
    result.scores, windows=result.scores.windows[n:n + 1], probabilities=result.scores.probabilities[n:n + 1],
    assessable=result.scores.assessable[n:n + 1], reasons=result.scores.reasons[n:n + 1])
with Library(path) as library:
    visit = library.visits.add(library.cases.add("K-0147").id, dt.date(2026, 11, 22))
    video = library.videos.add(visit.id, Path(sys.executable))
    analysis = library.analyses.add(video.id, result.pack, result.profile)
    library.analyses.start(analysis.id)
    for n in range(len(result.scores.windows)):
        library.analyses.append(analysis.id, one(n), float(n))
        library.cases.add(f"K-{n}", notes="x" * (n * 997 % 20_000))
        print(f"K-{n}", flush=True)
"""


@pytest.mark.parametrize("acknowledged", [1, 40])
def test_a_killed_program_kept_others_out_and_leaves_all_it_acknowledged_and_no_lock(
    path: Path, acknowledged: int
) -> None:
    with other_program(WORKS, path) as process:
        told = [says(process) for _ in range(acknowledged)]
        with pytest.raises(CannotWrite, match=r"“library\.sqlite” is open in another ViScreen"):
            Library(path)
        process.kill()  # somewhere in the middle of writing
        assert process.stdout is not None
        told += process.stdout.read().split("\n")[:-1]
    scores = results.ten_minutes().scores
    with Library(path) as library:
        kept = names(library) - {"K-0147"}
        assert set(told) <= kept
        assert len(kept) <= len(told) + 1  # at most the one that was on the disk but not yet told
        (analysis,) = library.analyses.unfinished()
        assert analysis.state == "running"
        found = library.analyses.scores(analysis.id).probabilities
        assert len(told) <= len(found) <= len(told) + 1
        assert np.array_equal(found, scores.probabilities[: len(found)])
        assert analysis.position_s == len(found) - 1
        library.cases.add("after the crash")


def test_a_change_that_was_half_written_at_a_kill_is_not_there_at_all(path: Path) -> None:
    half = """
library = Library(path)
case = library.cases.add("K-1", notes="before")
with library._store.writing() as db:
    db.execute("UPDATE cases SET notes = 'half'")
    db.execute("PRAGMA cache_spill = 1"); db.execute("PRAGMA cache_size = 1")
    db.executemany("UPDATE cases SET notes = ?", [("x" * 100_000 + str(n),) for n in range(20)])
    print("half", flush=True)
    time.sleep(60)
"""
    with other_program(half, path) as process:
        assert says(process) == "half"
    with Library(path) as library:
        assert [line.case.notes for line in library.cases.list()] == ["before"]


def test_the_same_program_opens_it_once_too_and_goes_on(path: Path) -> None:
    with Library(path) as library:
        with pytest.raises(CannotWrite, match="another ViScreen"):
            Library(path)
        library.cases.add("K-1")
    with Library(path) as library:
        assert names(library) == {"K-1"}


# ---------------------------------------------------------------------------------------------- the disk


def test_a_full_disk_gets_a_sentence_and_loses_nothing(path: Path) -> None:
    with Library(path) as library:
        library.cases.add("K-1")
        db = library._store._db
        db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0] + 2}")
        with pytest.raises(CannotWrite, match="is full"):
            library.cases.add("K-2", notes="x" * 1_000_000)
        assert names(library) == {"K-1"}
        db.execute("PRAGMA max_page_count = 1000000")  # space was made
        library.cases.add("K-2", notes="x" * 1_000_000)
    with Library(path) as library:
        assert names(library) == {"K-1", "K-2"}


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_disk_that_refuses_a_write_gets_a_sentence_and_loses_nothing(path: Path) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Library(path) as library:
        library.cases.add("K-1")
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, hard))
            with pytest.raises(CannotWrite, match="the disk reports an error"):
                library.cases.add("K-2", notes="x" * 1_000_000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        library.cases.add("K-3")
    with Library(path) as library:
        assert names(library) == {"K-1", "K-3"}


def test_a_library_that_may_only_be_read_gets_a_sentence(path: Path) -> None:
    with Library(path) as library:
        library.cases.add("K-1")
        library._store._db.execute("PRAGMA query_only = ON")
        with pytest.raises(CannotWrite, match="may only be read"):
            library.cases.add("K-2")
        assert names(library) == {"K-1"}


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a user whom rights can stop")
def test_a_file_without_the_right_to_write_gets_a_sentence(path: Path) -> None:
    Library(path).close()
    path.chmod(0o400)
    with pytest.raises(CannotWrite, match="may only be read"):
        Library(path)


def test_a_place_where_no_file_can_be_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for place in (tmp_path, tmp_path / "file" / "library.sqlite"):
        with pytest.raises(CannotWrite, match=r"cannot be (opened|written)"):
            Library(place)


# ---------------------------------------------------------------------------------------------- not ours, damaged


def _filled(path: Path) -> None:
    with Library(path) as library:
        for n in range(40):
            library.cases.add(f"K-{n}", notes="x" * 3000)


def _overwritten(path: Path) -> None:
    _filled(path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 9000] = b"\xff" * 9000
    path.write_bytes(content)


def _cut_short(path: Path) -> None:
    _filled(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _beginning_lost(path: Path) -> None:
    _filled(path)
    path.write_bytes(b"\0" * 4096 + path.read_bytes()[4096:])


def _text(path: Path) -> None:
    path.write_text("Danh sách trẻ em\n" * 400)


def _another_programs(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")


def _newer(path: Path) -> None:
    _filled(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(f"PRAGMA user_version = {len(ladder.STEPS) + 1}")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (_overwritten, "is damaged. It was left as it is"),
        (_cut_short, "is damaged. It was left as it is"),
        (_beginning_lost, "not a library of ViScreen, or its beginning is damaged"),
        (_text, "not a library of ViScreen, or its beginning is damaged"),
        (_another_programs, "is not a library of ViScreen. It was left as it is"),
        (_newer, "was written by a newer ViScreen"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_and_left_untouched(
    path: Path, make: Callable[[Path], None], sentence: str
) -> None:
    make(path)
    before = path.read_bytes()
    with pytest.raises(CannotWrite, match=sentence):
        Library(path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_damage_after_a_crash_leaves_the_unfinished_log_untouched_too(path: Path) -> None:
    _filled(path)
    with other_program(
        "library = Library(path); library.cases.add('last'); print('', flush=True); time.sleep(60)", path
    ) as process:
        says(process)
    log = path.with_name(path.name + "-wal")
    content = bytearray(path.read_bytes())
    content[-20_000:-4096] = b"\xff" * (20_000 - 4096)
    path.write_bytes(content)
    before = path.read_bytes(), log.read_bytes()
    with pytest.raises(CannotWrite, match="is damaged"):
        Library(path)
    assert (path.read_bytes(), log.read_bytes()) == before


def test_an_empty_file_is_what_a_crash_at_the_first_start_leaves(path: Path) -> None:
    path.touch()
    with Library(path) as library:
        library.cases.add("K-1")


# ---------------------------------------------------------------------------------------------- use


def test_a_call_from_another_thread_is_a_mistake_that_is_named(path: Path) -> None:
    caught: list[BaseException] = []

    def call() -> None:
        try:
            library.cases.list()
        except RuntimeError as error:
            caught.append(error)

    with Library(path) as library:
        thread = threading.Thread(target=call)
        thread.start()
        thread.join()
    assert "belongs to the thread that opened it" in str(caught[0])


def test_a_closed_library_says_so(path: Path) -> None:
    library = Library(path)
    library.close()
    library.close()
    with pytest.raises(RuntimeError, match="closed"):
        library.cases.list()


def test_a_mistake_in_the_middle_of_a_change_takes_all_of_it_back(path: Path) -> None:
    with Library(path) as library:
        case = library.cases.add("K-1")
        with pytest.raises(ZeroDivisionError), library._store.writing() as db:
            db.execute("DELETE FROM cases").rowcount / 0
        assert library.cases.get(case.id) == case
        with pytest.raises(LookupError):
            library.cases.delete(case.id + 1)


def test_the_file_is_kept_as_the_design_asks(path: Path) -> None:
    with Library(path) as library:
        (mode,) = library._store.rows("PRAGMA journal_mode")
        (synchronous,) = library._store.rows("PRAGMA synchronous")
        (keys,) = library._store.rows("PRAGMA foreign_keys")
        assert (mode[0], synchronous[0], keys[0]) == ("wal", 2, 1)
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o077 == 0  # nobody else's to read


def test_what_cannot_be_read_is_a_mistake_that_does_not_quote_it(path: Path) -> None:
    with Library(path) as library:
        case = library.cases.add("K-1")
        library._store.change("UPDATE cases SET consent = ? WHERE id = ?", '{"by": "Lan", "given": "x"}', case.id)
        with pytest.raises(ValueError, match="Consent") as mistake:
            library.cases.get(case.id)
    assert "Lan" not in "".join(traceback.format_exception(mistake.value))
