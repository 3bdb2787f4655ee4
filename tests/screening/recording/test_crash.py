"""A recording in a process of its own: killed half-way, and on a disk that takes no more, both for real."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from screening.recording import recover
from screening.recording.writer import raw_path
from screening.video import probe
from tests.screening.recording.loopback import LoopbackCamera

ROOT = Path(__file__).resolve().parents[3]

CHILD = """
import sys
from pathlib import Path
from screening.errors import CannotWrite
from screening.recording import Camera, Control, network_camera, record

limit = int(sys.argv[3])
if limit:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
control = Control()
try:
    with Camera(network_camera(sys.argv[1])) as camera:
        marked = False
        for state in record(camera, Path(sys.argv[2]), control):
            if state.elapsed_s > 1 and not marked:
                control.mark("Name call")
                marked = True
            print(state.phase, state.elapsed_s, flush=True)
except CannotWrite as error:
    print("CannotWrite", error, flush=True)
"""


@contextmanager
def recording(address: str, path: Path, limit: int = 0) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, address, str(path), str(limit)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        try:
            yield child
        finally:
            child.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_of_a_recording_that_is_killed_at_most_two_seconds_are_lost(plugged: LoopbackCamera, tmp_path: Path) -> None:
    # Given a recording that has run for more than two seconds and a half, as it says itself
    elapsed_s = 0.0
    with recording(plugged.address, tmp_path / "visit.mkv") as child:
        assert child.stdout is not None
        for line in child.stdout:
            elapsed_s = float(line.split()[1])
            if elapsed_s > 2.5:
                # When it is killed
                child.send_signal(signal.SIGKILL)
                break
    assert [file.name for file in tmp_path.glob("*.mkv")] == ["visit.recording.mkv"]

    # Then the next start finds all but the last two seconds, with the mark
    recovery = recover(tmp_path)

    assert recovery.problems == ()
    (recorded,) = recovery.recorded
    assert recorded.duration_s >= elapsed_s - 2.0
    assert [mark.name for mark in recorded.marks] == ["Name call"]
    receipt = probe(tmp_path / "visit.mkv")
    assert (receipt.frames_decoded, receipt.errors) == (recorded.frames, ())
    assert recover(tmp_path).recorded == ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
def test_when_the_disk_takes_no_more_all_before_is_kept(plugged: LoopbackCamera, tmp_path: Path) -> None:
    # Given a system that lets no file grow beyond 20 kB
    with recording(plugged.address, tmp_path / "visit.mkv", limit=20_000) as child:
        assert child.stdout is not None
        lines = child.stdout.read().splitlines()
        assert child.wait(20) == 0

    # Then the recording ends by itself with one sentence
    assert lines[-1].startswith("CannotWrite")
    assert "visit.mkv" in lines[-1]
    elapsed_s = max(float(line.split()[1]) for line in lines if line.startswith("recording"))

    # and what was recorded is there: finished at once, or at the next start where there is room
    recover(tmp_path)
    assert not raw_path(tmp_path / "visit.mkv").exists()
    receipt = probe(tmp_path / "visit.mkv")
    assert receipt.errors == ()
    assert receipt.duration_s >= elapsed_s - 1.0
