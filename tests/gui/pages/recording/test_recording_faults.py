"""Whatever goes wrong with a camera, a disk or the window: one sentence, and what was recorded is kept."""

from __future__ import annotations

import errno
import shutil
import threading
from collections import namedtuple
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.pages.recording import RecordingPage
from gui.recorder import Recorder
from gui.worker import Crew
from screening.errors import ScreeningError, VideoUnusable
from screening.recording import Source, Wish
from screening.recording import recover as engine_recover
from screening.recording.writer import Writer, raw_path
from screening.video import probe
from tests.gui.driving import wait
from tests.gui.pages.recording.filming import LEFT, begun, chapters, enter, finished
from tests.screening.recording.loopback import LoopbackCamera
from tests.screening.videos import scene


@pytest.mark.parametrize("fault", ["unplugged", "stalled"])
def test_a_camera_lost_half_way_is_one_sentence_and_the_recording_is_kept(
    qtbot: QtBot,
    watching: RecordingPage,
    plugged: LoopbackCamera,
    fault: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    page = watching
    begun(qtbot, page)
    getattr(plugged, fault).set()
    finished(qtbot, page)
    wait(qtbot, lambda: not page._recorder.is_on)

    assert page.banner.text() == (
        "The camera “127.0.0.1” was lost. Check its cable or its network, then start a new recording."
    )
    assert page.bar.use.isVisible()
    with qtbot.waitSignal(page.recorded) as blocker:
        qtbot.mouseClick(page.bar.use, LEFT)
    assert probe(blocker.args[0]).frames_decoded >= 8
    assert not page.bar.record.isEnabled()
    assert page.camera.switch.text() == "Turn on"
    plugged.unplugged.set()
    capfd.readouterr()


def test_a_full_disk_is_one_sentence_and_what_was_recorded_is_offered(
    qtbot: QtBot, watching: RecordingPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = watching
    begun(qtbot, page)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 150_000_000))
    finished(qtbot, page)

    assert "almost full" in page.banner.text()
    with qtbot.waitSignal(page.recorded) as blocker:
        qtbot.mouseClick(page.bar.use, LEFT)
    assert probe(blocker.args[0]).frames_decoded >= 8
    # the camera is still there, and a press on Record says at once that there is no room
    qtbot.mouseClick(page.bar.record, LEFT)
    wait(qtbot, lambda: "too little room" in page.banner.text())
    finished(qtbot, page)


def test_a_disk_that_fails_leaves_the_raw_file_for_the_next_start(
    qtbot: QtBot, watching: RecordingPage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = watching
    begun(qtbot, page)

    def refuse(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("screening.recording.finishing._copy", refuse)
        qtbot.mouseClick(page.bar.record, LEFT)
        finished(qtbot, page)
    assert "is kept, but cannot be finished" in page.banner.text()
    assert not page.bar.use.isVisible()

    page.use_folder(folder)
    wait(qtbot, page.bar.use.isVisible)
    assert "whole again" in page.bar.texts()


def test_no_camera_there_is_said_in_place(
    qtbot: QtBot, page: RecordingPage, plugged: LoopbackCamera, capfd: pytest.CaptureFixture[str]
) -> None:
    # Given a computer without a camera, then the page says what to do, and offers the network's,
    assert page.view.accessibleDescription().startswith("No camera was found.")
    assert page.camera.address.isVisible()
    assert not page.bar.record.isEnabled()
    # an address that is none is told as such,
    enter(qtbot, page, "camera")
    assert "It begins with http:// or rtsp://" in page.banner.text()
    # and so is one where nobody answers.
    plugged.unplugged.set()
    enter(qtbot, page, plugged.address)
    wait(qtbot, lambda: "127.0.0.1" in page.banner.text())
    wait(qtbot, lambda: page.view.accessibleDescription() == "The camera is off.")
    assert not page.bar.record.isEnabled()
    capfd.readouterr()


def test_a_window_closed_while_it_records_keeps_what_was_recorded(
    qtbot: QtBot, watching: RecordingPage, crew: Crew, folder: Path
) -> None:
    begun(qtbot, watching)

    watching.close()
    crew.dismiss()

    (path,) = folder.iterdir()
    assert probe(path).frames_decoded >= 8
    assert chapters(path) == ["Free play"]


def test_a_camera_that_hangs_while_it_is_opened_is_left_behind(
    qtbot: QtBot, page: RecordingPage, crew: Crew, plugged: LoopbackCamera, capfd: pytest.CaptureFixture[str]
) -> None:
    # Given a network camera that answers and then sends no picture
    plugged.stalled.set()
    enter(qtbot, page, plugged.address)
    wait(qtbot, lambda: page.view.accessibleDescription() == "Opening the camera…")
    wait(qtbot, lambda: any(thread.name == "camera" for thread in threading.enumerate()))

    # when the camera is turned off, then the page is free at once, although the camera still hangs
    qtbot.mouseClick(page.camera.switch, LEFT)
    wait(qtbot, lambda: page._recorder._filming is None)
    assert any(thread.name == "camera" for thread in threading.enumerate())
    assert page.camera.switch.text() == "Turn on"
    assert page.banner.text() == ""
    plugged.unplugged.set()
    capfd.readouterr()


def test_a_camera_that_hangs_in_the_picture_does_not_hold_the_window_up(
    qtbot: QtBot, watching: RecordingPage, crew: Crew, plugged: LoopbackCamera, capfd: pytest.CaptureFixture[str]
) -> None:
    plugged.stalled.set()
    watching.close()
    crew.dismiss()

    assert any(thread.name == "camera" for thread in threading.enumerate()), "nobody waited for the camera"
    plugged.unplugged.set()
    capfd.readouterr()


def test_what_a_crash_left_behind_is_whole_and_offered_at_the_next_start(
    qtbot: QtBot, page: RecordingPage, tmp_path: Path
) -> None:
    # Given a recording that a crash cut off
    left = tmp_path / "left" / "visit.mkv"
    left.parent.mkdir()
    writer = Writer(left, (160, 120), 20.0)
    for n in range(30):
        writer.write(n / 20, scene(n / 20, 160, 120))
    writer.close()
    # when its folder is told,
    page.use_folder(left.parent)
    # then it is offered, and can be used.
    wait(qtbot, page.bar.use.isVisible)
    assert "whole again: “visit.mkv”, 0:01" in page.bar.texts() or "whole again: “visit.mkv”, 0:02" in page.bar.texts()
    with qtbot.waitSignal(page.recorded) as blocker:
        qtbot.mouseClick(page.bar.use, LEFT)
    assert blocker.args[0] == left
    assert probe(left).frames_decoded == 30
    assert not raw_path(left).exists()
    assert engine_recover(left.parent).recorded == ()


def test_without_a_folder_nothing_can_be_recorded_and_the_page_says_why(
    qtbot: QtBot, crew: Crew, plugged: LoopbackCamera
) -> None:
    page = RecordingPage(Recorder(crew))
    qtbot.addWidget(page)
    page.show()
    enter(qtbot, page, plugged.address)
    wait(qtbot, lambda: not page.view.image.isNull())
    assert not page.bar.record.isEnabled()
    assert "Open a visit first" in page.bar.texts()
    page.close()


def test_a_camera_of_this_computer_that_is_not_there_is_one_sentence(
    qtbot: QtBot, crew: Crew, capfd: pytest.CaptureFixture[str]
) -> None:
    recorder = Recorder(crew)
    errors: list[ScreeningError] = []
    recorder.failed.connect(errors.append)
    with qtbot.waitSignal(recorder.closed, timeout=20_000):
        recorder.open(Source("Integrated Camera", 97), Wish())
    assert [type(error) for error in errors] == [VideoUnusable]
    assert "Integrated Camera" in str(errors[0])
    capfd.readouterr()
