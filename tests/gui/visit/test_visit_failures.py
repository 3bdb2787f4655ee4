"""What goes wrong in a visit is one sentence where one looks, with a way on; nothing that was kept is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from gui import app
from gui.main_window import MainWindow
from screening import analysis
from tests.gui.driving import start_window
from tests.gui.pages.recording.filming import begun, enter, finished
from tests.gui.visit.clinician import CTRL, Clinician, Key
from tests.gui.visit.test_visit_by_keyboard import begin_visit
from tests.screening.recording.loopback import LoopbackCamera


@pytest.fixture
def own_clip(clip: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(clip, tmp_path / "buổi khám.mp4"))


def analysed_visit(qtbot: QtBot, start: Callable[..., MainWindow], video: Path) -> MainWindow:
    window = start()
    me = Clinician(qtbot, window)
    begin_visit(me)
    window.open_video(video)
    me.wait_for_video()
    me.press(Key.Key_Return, CTRL)
    me.wait_for_result()
    return window


def reopened(qtbot: QtBot, start: Callable[..., MainWindow]) -> Clinician:
    me = Clinician(qtbot, start())
    me.press(Key.Key_Return)
    me.press(Key.Key_Return)
    return me


def test_a_video_that_was_moved_is_found_again(
    qtbot: QtBot, start: Callable[..., MainWindow], own_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a visit whose video was moved to another folder since
    app.dismiss(analysed_visit(qtbot, start, own_clip))
    moved = own_clip.parent / "elsewhere" / own_clip.name
    moved.parent.mkdir()
    own_clip.rename(moved)
    monkeypatch.setattr(analysis, "analyse", None)
    # when the visit is opened again, it says which file is gone and asks for it,
    me = reopened(qtbot, start)
    window = me.window
    me.wait(lambda: any(one.isVisible() for one in window.findChildren(QFileDialog)))
    assert own_clip.name in window.video_page.banner.text()
    me.name_file(moved)
    # and goes on with everything that was found in it.
    me.wait_for_video()
    me.wait_for_result()
    assert window.video_page.banner.text() == ""
    assert window.visits.current is not None
    assert window.visits.current.path == moved
    assert window.results.has("result")


def test_whoever_gives_up_finding_the_file_can_still_see_what_was_found(
    qtbot: QtBot, start: Callable[..., MainWindow], own_clip: Path
) -> None:
    app.dismiss(analysed_visit(qtbot, start, own_clip))
    own_clip.unlink()
    me = reopened(qtbot, start)
    window = me.window
    me.wait(lambda: any(one.isVisible() for one in window.findChildren(QFileDialog)))
    next(one for one in window.findChildren(QFileDialog) if one.isVisible()).reject()
    me.settle()
    me.wait(lambda: window.results.has("review"))
    me.press(Key.Key_4, CTRL)
    assert me.page == "review"
    me.press(Key.Key_2, CTRL)
    # and on the page of the video what asks for the file again is where the keyboard is.
    assert window.visits.lines()[0][2] == "file not found"
    assert window.video_page.find_file.hasFocus()
    me.press(Key.Key_Return)
    me.wait(lambda: any(one.isVisible() for one in window.findChildren(QFileDialog)))
    next(one for one in window.findChildren(QFileDialog) if one.isVisible()).reject()


def test_a_video_that_is_damaged_at_reopening_is_said_so(
    qtbot: QtBot, start: Callable[..., MainWindow], own_clip: Path
) -> None:
    app.dismiss(analysed_visit(qtbot, start, own_clip))
    own_clip.write_bytes(b"no video any more" * 100)
    me = reopened(qtbot, start)
    window = me.window
    me.wait(lambda: own_clip.name in window.pages.currentWidget().banner.text())
    me.wait(lambda: window.session.result is not None)
    me.press(Key.Key_4, CTRL)
    assert me.page == "review", "what was found is still there"


def test_a_second_window_says_that_the_cases_are_open_elsewhere_and_still_looks(
    qtbot: QtBot, start: Callable[..., MainWindow], own_clip: Path
) -> None:
    first = start()
    Clinician(qtbot, first)
    second = start()
    me = Clinician(qtbot, second)
    me.wait(lambda: second.cases_page.welcome.quick.isVisible())
    assert "open in another ViScreen" in second.cases_page.welcome._why.text()
    assert not second.cases_page.welcome.new.isVisible()
    me.press(Key.Key_N, CTRL)
    assert me.dialog() is None
    me.click(second.cases_page.welcome.quick)
    assert me.page == "video"
    second.open_video(own_clip)
    me.wait_for_video()
    assert second.video_page.banner.text() == ""
    me.press(Key.Key_Return, CTRL)
    me.wait_for_result()
    me.press(Key.Key_4, CTRL)
    me.type("An")
    me.press(Key.Key_Return)
    me.wait(lambda: second.reviewing.is_begun)
    me.press(Key.Key_A)
    assert "accepted" in me.states()
    assert second.review_page.banner.text() == ""


def test_a_refused_pack_says_why_and_the_cases_can_still_be_read(
    qtbot: QtBot, start: Callable[..., MainWindow], pack: Path, own_clip: Path, tmp_path: Path
) -> None:
    app.dismiss(analysed_visit(qtbot, start, own_clip))
    broken = tmp_path / "broken"
    shutil.copytree(pack, broken)
    model = next(broken.glob("*.onnx"))
    model.write_bytes(model.read_bytes()[:-20])
    me = Clinician(qtbot, start(pack=broken))
    window = me.window
    me.press(Key.Key_Return)
    me.press(Key.Key_Return)
    me.wait_for_result()
    assert window.results.has("report")
    me.press(Key.Key_2, CTRL)
    assert not window.video_page.analyse.isEnabled()
    me.press(Key.Key_Return, CTRL)
    assert not window.session.queue.items
    assert window.video_page.banner.text() != "", "why the model is refused stands on the page that would use it"


def test_a_report_that_cannot_be_written_says_so_and_can_be_written_elsewhere(
    qtbot: QtBot, start: Callable[..., MainWindow], own_clip: Path, tmp_path: Path
) -> None:
    window = analysed_visit(qtbot, start, own_clip)
    me = Clinician(qtbot, window)
    blocked = tmp_path / "a file" / "report.pdf"
    blocked.parent.write_text("no folder")
    me.press(Key.Key_5, CTRL)
    me.wait(lambda: window.report_page.view.pages > 0 and not window.reports.is_busy)
    window.reports.export_to(str(blocked))
    me.wait(lambda: window.report_page.banner.text() != "")
    assert "report.pdf" in window.report_page.banner.text()
    assert window.report_page.older == ()
    me.press(Key.Key_E, CTRL)
    me.name_file(tmp_path / "report.pdf")
    me.wait(lambda: len(window.report_page.older) == 1)


def test_what_is_recorded_becomes_a_clip_of_the_visit(
    qtbot: QtBot, start: Callable[..., MainWindow], camera: LoopbackCamera
) -> None:
    window = start()
    me = Clinician(qtbot, window)
    begin_visit(me)
    page = window.recording_page
    me.press(Key.Key_R, CTRL)
    assert me.page == "recording"
    me.wait(lambda: page._looked)
    enter(qtbot, page, camera.address)
    me.wait(lambda: not page.view.image.isNull())
    begun(qtbot, page)
    me.press(Key.Key_Escape)
    me.wait(lambda: page.bar.stop_now.isVisible())
    me.tab_to(page.bar.stop_now)
    me.press(Key.Key_Space)
    finished(qtbot, page)
    me.wait(lambda: page.bar.use.hasFocus())
    me.press(Key.Key_Space)
    me.wait(lambda: me.page == "video")
    me.wait_for_video()
    assert window.visits.is_kept
    (recorded,) = window.visits.clips
    assert recorded.video is not None
    assert recorded.path.suffix == ".mkv"
    assert window.video_page.player.view.hasFocus()
    app.dismiss(window)


def test_nobody_is_pulled_away_by_an_analysis_that_begins(
    qtbot: QtBot, start: Callable[..., MainWindow], own_clip: Path
) -> None:
    window = start()
    me = Clinician(qtbot, window)
    begin_visit(me)
    window.open_video(own_clip)
    me.wait_for_video()
    window.session.analyse()
    window.show_page("profile")
    me.wait(lambda: window.session.is_analysing)
    me.wait_for_result()
    assert me.page == "profile"


def test_start_window_with_a_damaged_library_goes_on_without(qtbot: QtBot, user_data: Path, pack: Path) -> None:
    user_data.mkdir(parents=True)
    (user_data / "library.db").write_bytes(b"this is no library " * 400)
    window = start_window(qtbot, pack)
    try:
        me = Clinician(qtbot, window)
        me.wait(lambda: window.cases_page.welcome.quick.isVisible())
        me.press(Key.Key_Space)
        assert me.page == "video"
    finally:
        app.dismiss(window)
