"""A visit is recorded from a real stream; whatever goes wrong, what was recorded is kept and one sentence is said."""

from __future__ import annotations

import shutil
import time
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from screening.errors import CannotWrite, VideoUnusable
from screening.recording import (
    Camera,
    Control,
    Scenario,
    State,
    Step,
    network_camera,
    preview,
    record,
    recover,
    session,
)
from screening.recording.session import remaining_s
from screening.recording.writer import Writer, raw_path
from screening.video import open_video, probe
from tests.screening.recording.loopback import LoopbackCamera


@pytest.fixture
def camera(plugged: LoopbackCamera) -> Iterator[Camera]:
    with Camera(network_camera(plugged.address), read_timeout_s=1.0) as opened:
        yield opened


def test_a_guided_visit_from_the_countdown_to_the_chapters(camera: Camera, tmp_path: Path) -> None:
    # Given a scenario with two short steps
    scenario = Scenario((Step("Free play", 1.0 / 60), Step("Name call", 1.0)), countdown_s=0.3)
    path, control = tmp_path / "visits" / "lần 1.mkv", Control()

    # When it is recorded, paused for a while in the second step, marked, and ended
    states: list[State] = []
    paused_at: float | None = None
    for state in record(camera, path, control, scenario):
        states.append(state)
        if state.phase == "recording" and state.elapsed_s > 1.3 and paused_at is None:
            control.pause()
            paused_at = time.monotonic()
        if state.phase == "paused" and paused_at is not None and time.monotonic() - paused_at > 0.8:
            control.resume()
            control.mark("smiled")
        if state.phase == "recording" and state.elapsed_s > 2.0:
            control.stop()

    # Then the phases came in their order, with the countdown and the time left in each step
    phases = [state.phase for state in states]
    assert list(dict.fromkeys(phases)) == ["countdown", "recording", "paused", "finishing", "done"]
    assert states[0].countdown_s > states[1].countdown_s > 0
    stages = [state.stage for state in states if state.stage is not None]
    assert [stages[0].name, stages[-1].name, stages[-1].count] == ["Free play", "Name call", 2]
    assert stages[1].left_s <= stages[0].left_s <= 1.0
    # and time stood still in the pause
    assert len({state.elapsed_s for state in states if state.phase == "paused"}) == 1
    # and the live picture and the disk were told
    assert states[5].picture.shape == (120, 160, 3)
    assert states[-1].free_bytes > 0
    assert states[-1].remaining_s > 0
    assert states[-1].bytes_written > 0

    # and the file holds what was told: its length without the pause, every picture, three chapters
    recorded = states[-1].recorded
    assert recorded is not None
    assert recorded.frames == states[-1].frames
    assert states[-1].dropped == 0
    assert recorded.duration_s == pytest.approx(states[-1].elapsed_s, abs=0.5)
    with av.open(path) as container:
        chapters = [(c["metadata"]["title"], float(c["start"] * c["time_base"])) for c in container.chapters()]
    assert [name for name, _ in chapters] == ["Free play", "Name call", "smiled"]
    stood_s = next(state.elapsed_s for state in states if state.phase == "paused")
    assert [start for _, start in chapters[:2]] == pytest.approx([0.0, 1.0], abs=0.002)
    assert chapters[2][1] == pytest.approx(stood_s, abs=0.1)
    receipt = probe(path)
    assert (receipt.frames_decoded, receipt.errors) == (recorded.frames, ())
    with open_video(path) as video:
        times = [seconds for seconds, _ in video.pictures()]
    assert max(np.diff(times)) < 0.5, "the pause is no gap in the file"
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_next_step_begins_when_it_is_asked_for(camera: Camera, tmp_path: Path) -> None:
    control = Control()
    scenario = Scenario((Step("Free play", 5.0), Step("Movement", 5.0)), countdown_s=0)
    for state in record(camera, tmp_path / "a.mkv", control, scenario):
        if state.stage is not None and state.stage.number == 1 and state.elapsed_s > 0.3:
            control.next_step()
        if state.stage is not None and state.stage.number == 2 and state.frames > 0:
            control.stop()

    assert [mark.name for mark in state.marks] == ["Free play", "Movement"]
    assert 0.2 < state.marks[1].time_s < 1.5


def test_a_preview_records_nothing(camera: Camera, tmp_path: Path) -> None:
    control = Control()
    for seen, state in enumerate(preview(camera, control)):
        assert state.phase == "preview"
        assert 0.2 < state.hints.light < 0.8
        if seen == 3:
            control.stop()

    assert list(tmp_path.glob("*.mkv")) == []


@pytest.mark.parametrize("fault", ["unplugged", "stalled"])
def test_a_camera_lost_half_way_leaves_all_that_was_recorded(
    plugged: LoopbackCamera, camera: Camera, tmp_path: Path, fault: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.mkv"
    states: list[State] = []
    recording = record(camera, path, Control())
    for state in recording:
        states.append(state)
        if state.frames >= 10:
            getattr(plugged, fault).set()
        if state.phase == "done":
            break

    with pytest.raises(VideoUnusable, match="was lost"):
        next(recording)

    assert states[-1].phase == "done"
    assert states[-1].recorded is not None
    assert probe(path).frames_decoded == states[-1].recorded.frames >= 10
    capfd.readouterr()


def test_a_caller_who_turns_away_still_has_the_recording(camera: Camera, tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    states = record(camera, path, Control())
    for state in states:
        if state.frames >= 5:
            break
    states.close()  # type: ignore[attr-defined]

    assert probe(path).frames_decoded >= 5


def test_stopped_in_the_countdown_nothing_is_written(camera: Camera, tmp_path: Path) -> None:
    control = Control()
    control.pause()
    for state in record(camera, tmp_path / "a.mkv", control, Scenario((Step("Free play", 1.0),), countdown_s=30)):
        assert state.phase == "countdown"
        control.stop()

    assert list(tmp_path.glob("a*")) == []


def test_no_recording_is_ever_written_over(camera: Camera, tmp_path: Path) -> None:
    for there in (tmp_path / "a.mkv", raw_path(tmp_path / "b.mkv")):
        there.write_bytes(b"a visit")
    for name in ("a", "b"):
        with pytest.raises(CannotWrite, match="already"):
            next(record(camera, tmp_path / f"{name}.mkv", Control()))
    assert (tmp_path / "a.mkv").read_bytes() == b"a visit"


def test_a_folder_that_cannot_be_is_one_sentence(camera: Camera, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CannotWrite, match="Choose another folder"):
        next(record(camera, tmp_path / "file" / "a.mkv", Control()))


# ---------------------------------------------------------------------------------------------- slow, and full


def test_an_encoder_that_does_not_keep_up_drops_pictures_and_tells(
    camera: Camera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Writer.write

    def slowly(self: Writer, seconds: float, picture: NDArray[np.uint8]) -> None:
        time.sleep(0.15)
        write(self, seconds, picture)

    monkeypatch.setattr(Writer, "write", slowly)
    monkeypatch.setattr(session, "_QUEUE_S", 0.2)
    control = Control()
    for state in record(camera, tmp_path / "a.mkv", control):
        if state.dropped >= 5:
            control.stop()

    assert state.dropped >= 5
    assert state.recorded is not None
    assert state.recorded.frames == state.frames


def test_a_defect_of_the_encoder_ends_the_recording_and_is_not_swallowed(
    camera: Camera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Writer.write

    def break_down(self: Writer, seconds: float, picture: NDArray[np.uint8]) -> None:
        if self.frames == 20:
            raise ZeroDivisionError
        write(self, seconds, picture)

    monkeypatch.setattr(Writer, "write", break_down)

    with pytest.raises(ZeroDivisionError):
        list(record(camera, tmp_path / "a.mkv", Control()))

    assert recover(tmp_path).recorded[0].frames == 20


def test_it_ends_while_there_is_room_to_finish(camera: Camera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a disk that somebody else fills while it is recorded
    usage = namedtuple("usage", "total used free")
    free = iter([10_000_000_000, 10_000_000_000] + [150_000_000] * 100)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, next(free)))

    states: list[State] = []
    with pytest.raises(CannotWrite, match="almost full"):
        states.extend(record(camera, tmp_path / "a.mkv", Control()))

    assert probe(tmp_path / "a.mkv").frames_decoded > 5


def test_a_disk_that_is_too_full_is_told_before_it_begins(
    camera: Camera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 1000))

    with pytest.raises(CannotWrite, match="too little room"):
        next(record(camera, tmp_path / "a.mkv", Control()))
    assert list(tmp_path.glob("a*")) == []


@given(st.integers(0, 10**12), st.integers(0, 10**11), st.floats(1e4, 1e7))
def test_the_room_that_is_promised_is_there(free: int, written: int, rate: float) -> None:
    left = remaining_s(free, written, rate)

    needed = left * rate + (written + left * rate)  # what is still written, and the copy of all of it
    assert needed == pytest.approx(free - 200_000_000, rel=1e-6, abs=1.0)
