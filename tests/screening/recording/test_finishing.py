"""Whatever is left of a raw recording becomes a whole file; the raw one goes only when that is safe."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace

import av
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.errors import CannotWrite, VideoUnusable
from screening.recording import finishing, writer
from screening.recording.finishing import finish, recover
from screening.recording.writer import Mark, Writer, held, marks_path, note, raw_path
from screening.video import open_video, probe
from tests.screening.videos import scene

RATE = 20


def write_raw(path: Path, frames: int = 60, size: tuple[int, int] = (64, 48)) -> Path:
    recording = Writer(path, size, RATE)
    for n in range(frames):
        recording.write(n / RATE, cv2.cvtColor(scene(n / RATE, *size), cv2.COLOR_RGB2BGR))
    recording.close()
    return raw_path(path)


def test_a_finished_file_has_duration_chapters_and_every_picture_at_its_time(tmp_path: Path) -> None:
    path = tmp_path / "lần 1.mkv"
    write_raw(path)
    for mark in (Mark(0.0, "Chơi tự do"), Mark(2.0, "Name call"), Mark(99.0, "too late")):
        note(path, mark)

    recorded = finish(path)

    assert recorded.frames == 60
    assert recorded.duration_s == pytest.approx(3.0, abs=0.06)
    assert sorted(file.name for file in tmp_path.iterdir()) == [path.name]
    with av.open(path) as container:
        assert container.duration is not None
        assert container.duration / 1e6 == pytest.approx(3.0, abs=0.06)
        chapters = [(c["metadata"]["title"], float(c["start"] * c["time_base"])) for c in container.chapters()]
    assert [name for name, _ in chapters] == ["Chơi tự do", "Name call", "too late"]
    assert [start for _, start in chapters] == pytest.approx([0.0, 2.0, 3.0], abs=0.06)
    receipt = probe(path)
    assert (receipt.frames_decoded, receipt.errors, receipt.codec) == (60, (), "h264")


def test_colours_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    write_raw(path, frames=3)
    finish(path)

    with open_video(path) as video:
        shown = video.picture_at(0.0)[1].rgb(64, 48)

    assert np.abs(shown.astype(int) - scene(0.0)).mean() < 4


def test_an_odd_size_is_recorded_in_even_sides(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    write_raw(path, frames=3, size=(65, 49))
    finish(path)

    receipt = probe(path)
    assert (receipt.width, receipt.height) == (64, 48)


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_raw(tmp_path_factory.mktemp("raw") / "a.mkv", frames=100)


@settings(max_examples=25, deadline=None)
@given(share=st.floats(0.0, 1.0), behind=st.sampled_from([b"", bytes(5000), b"\xff" * 300]))
def test_wherever_a_crash_cuts_the_file_the_rest_is_whole(raw: Path, share: float, behind: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        # Given the first part of a raw file, and what a power cut may have left behind it
        path, data = Path(folder) / "a.mkv", raw.read_bytes()
        raw_path(path).write_bytes(data[: round(share * len(data))] + behind)

        # When it is recovered
        recovery = recover(path.parent)

        # Then there is a file with all the pictures but those of a cluster; or there was none yet
        assert not raw_path(path).exists()
        if recovery.recorded and share > 0.15:
            (recorded,) = recovery.recorded
            receipt = probe(path)
            # The picture that the power cut went through may be there with something else behind.
            assert recorded.frames - receipt.frames_decoded in ((0, 1) if behind else (0,))
            assert receipt.frames_decoded >= share * 100 - 15
        elif not recovery.recorded:
            assert share < 0.15
            assert [type(problem) for problem in recovery.problems] == [VideoUnusable]
            assert not path.exists()


def test_a_large_file_that_cannot_be_read_is_not_thrown_away(tmp_path: Path) -> None:
    raw_path(tmp_path / "a.mkv").write_bytes(os.urandom(50_000))

    recovery = recover(tmp_path)

    assert recovery.recorded == ()
    assert "a.mkv" in str(recovery.problems[0])
    assert raw_path(tmp_path / "a.mkv").stat().st_size == 50_000


def test_a_recording_that_runs_in_another_window_is_left_alone(tmp_path: Path) -> None:
    raw = write_raw(tmp_path / "a.mkv")

    with held(raw, "r+b"):
        assert recover(tmp_path) == finishing.Recovery((), ())
    assert raw.exists()

    assert [recorded.path for recorded in recover(tmp_path).recorded] == [tmp_path / "a.mkv"]


def test_marks_up_to_the_crash_are_recovered(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    write_raw(path)
    note(path, Mark(1.0, "Shared snack"))
    with marks_path(path).open("a", encoding="utf-8") as file:
        file.write('{"time_s": 2.0, "na')

    (recorded,) = recover(tmp_path).recorded

    assert recorded.marks == (Mark(1.0, "Shared snack"),)


def test_a_file_that_does_not_read_back_whole_does_not_replace_the_raw_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a disk that does not keep what it was given
    path = tmp_path / "a.mkv"
    raw = write_raw(path)
    copy = finishing._copy

    def lose_the_end(*arguments: object) -> None:
        copy(*arguments)  # type: ignore[arg-type]
        beside = tmp_path / "a.finishing.mkv"
        os.truncate(beside, beside.stat().st_size // 2)

    monkeypatch.setattr(finishing, "_copy", lose_the_end)

    with pytest.raises(CannotWrite):
        finish(path)

    assert [file.name for file in tmp_path.iterdir()] == [raw.name]


def test_a_disk_with_no_room_for_the_copy_leaves_the_raw_file_for_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.mkv"
    raw = write_raw(path)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(finishing, "_copy", full)
        (problem,) = recover(tmp_path).problems
    assert "No space left" in str(problem)
    assert raw.exists()

    assert recover(tmp_path).recorded[0].frames == 60


def test_pictures_of_the_same_millisecond_stay_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    recording = Writer(path, (64, 48), RATE)
    for seconds in (0.0, 0.0, 0.0001, 0.5):
        recording.write(seconds, cv2.cvtColor(scene(seconds), cv2.COLOR_RGB2BGR))
    recording.close()

    assert finish(path).frames == 4
    with open_video(path) as video:
        assert [round(seconds, 3) for seconds, _ in video.pictures()] == [0.0, 0.001, 0.002, 0.5]


def test_while_it_is_written_no_more_than_a_second_waits_for_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a clock that moves with the pictures
    now, synced = 0.0, [0.0]
    monkeypatch.setattr(writer, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(writer.os, "fsync", lambda _: synced.append(now))
    path = tmp_path / "a.mkv"
    recording = Writer(path, (64, 48), RATE)
    for n in range(60):
        now = n / RATE
        recording.write(now, cv2.cvtColor(scene(now), cv2.COLOR_RGB2BGR))
        # Then what lies in the file ends less than half a second ago, at any moment
        copy = tmp_path / "copy.mkv"
        shutil.copyfile(raw_path(path), copy)
        with copy.open("rb") as file:
            assert now - finishing._measure(file)[1] / 1000 < 0.5
    recording.close()

    # and it went to the disk at least every second
    assert max(np.diff(synced)) <= 1.0
    assert synced[-1] == now
