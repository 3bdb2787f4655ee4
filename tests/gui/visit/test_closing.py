"""Whoever closes the window is asked before a recording ends or a profile is lost; nothing that was recorded goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from gui import app
from gui.main_window import MainWindow
from screening import paths
from screening.video import probe
from tests.gui.pages.recording.filming import begun, enter, finished
from tests.gui.visit.clinician import CTRL, Clinician, Key
from tests.gui.visit.test_visit_by_keyboard import begin_visit
from tests.screening.recording.loopback import LoopbackCamera


def close(me: Clinician) -> None:
    """Ctrl+Q, which does what the cross in the window's corner does."""
    me.qtbot.keyClick(QApplication.focusWidget() or me.window, Key.Key_Q, CTRL)
    stay(me)


def answer(me: Clinician, words: str) -> None:
    """Press the button of these (English) words in the question that is open."""
    box = me.dialog()
    assert isinstance(box, QMessageBox)
    button = next(button for button in box.buttons() if button.text() == me.words(words))
    me.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    stay(me)


def stay(me: Clinician) -> None:
    """Look at what came of it, unless the window has gone."""
    if me.window.isVisible():
        me.settle()


def recording_visit(qtbot: QtBot, start: Callable[..., MainWindow], camera: LoopbackCamera) -> Clinician:
    me = Clinician(qtbot, start())
    begin_visit(me)
    page = me.window.recording_page
    me.press(Key.Key_R, CTRL)
    me.wait(lambda: page._looked)
    enter(qtbot, page, camera.address)
    me.wait(lambda: not page.view.image.isNull())
    begun(qtbot, page)
    return me


def reopened(qtbot: QtBot, start: Callable[..., MainWindow]) -> Clinician:
    me = Clinician(qtbot, start())
    me.press(Key.Key_Return)
    me.press(Key.Key_Return)
    me.wait(lambda: me.window.visits.is_kept)
    me.settle()
    return me


def test_a_recording_is_stopped_only_on_purpose_and_becomes_a_clip_of_the_visit(
    qtbot: QtBot, start: Callable[..., MainWindow], camera: LoopbackCamera
) -> None:
    # Given a recording that runs; when the window is closed by mistake, it goes on,
    me = recording_visit(qtbot, start, camera)
    window = me.window
    me.press(Key.Key_1, CTRL)
    close(me)
    assert window.isVisible()
    answer(me, "Go on recording")
    assert window.isVisible()
    assert window.recording_page.is_recording
    assert me.page == "recording"
    # and when it is meant, the file is finished first.
    close(me)
    answer(me, "Stop and close")
    me.qtbot.waitUntil(lambda: not window.isVisible(), timeout=60_000)
    app.dismiss(window)
    # Then it is a clip of the visit, whole.
    me = reopened(qtbot, start)
    (clip,) = me.window.visits.clips
    assert clip.path.parent == paths.recordings()
    assert probe(clip.path).frames_decoded >= 8
    # and is offered nowhere else.
    assert not me.window.recording_page.bar.use.isVisible()


def test_what_was_recorded_and_not_yet_used_is_kept_too(
    qtbot: QtBot, start: Callable[..., MainWindow], camera: LoopbackCamera
) -> None:
    me = recording_visit(qtbot, start, camera)
    window = me.window
    window.recorder.stop()
    finished(qtbot, window.recording_page)
    me.wait(window.recording_page.bar.use.isVisible)
    close(me)
    assert not window.isVisible(), "nothing is lost, so nothing is asked"
    app.dismiss(window)
    assert len(reopened(qtbot, start).window.visits.clips) == 1


def test_a_recording_that_no_visit_has_is_found_under_recent(
    qtbot: QtBot, start: Callable[..., MainWindow], camera: LoopbackCamera
) -> None:
    # Given a program that was ended from outside while it recorded
    me = recording_visit(qtbot, start, camera)
    app.dismiss(me.window)
    (left,) = paths.recordings().glob("*.mkv")
    # when it is started again, the visit knows nothing of it; but it can be chosen,
    me = reopened(qtbot, start)
    page = me.window.video_page
    assert me.window.visits.clips == ()
    me.press(Key.Key_2, CTRL)
    me.wait(page._recent_first.isVisible)
    heading, line = page._recent_first.menu().actions()
    assert heading.text() == "Recordings that belong to no visit"
    line.trigger()
    me.wait_for_video()
    assert [clip.path for clip in me.window.visits.clips] == [left]
    # and then it belongs to one.
    me.window.clips.look_up_recent()
    me.settle()
    assert [action.text() for action in page.recent.menu().actions()] == [left.name]


def test_an_edited_profile_is_asked_about_too(qtbot: QtBot, start: Callable[..., MainWindow], tmp_path: Path) -> None:
    me = Clinician(qtbot, start())
    window, page = me.window, me.window.profile_page
    window.show_page("profile")
    me.wait(lambda: page.draft is not None)
    me.point(page.table, 0)
    page.table.setCurrentIndex(page.table.model().index(0, 3))
    me.press(Key.Key_9)
    me.press(Key.Key_Return)
    me.wait(lambda: page.has_edits)
    window.show_page("cases")
    close(me)
    box = me.dialog()
    assert isinstance(box, QMessageBox)
    assert "This would be lost" in box.informativeText()
    assert "9" in box.informativeText()  # and which change it is
    answer(me, "Go back and save")
    assert window.isVisible()
    assert me.page == "profile"
    close(me)
    answer(me, "Close and drop the changes")
    me.qtbot.waitUntil(lambda: not window.isVisible(), timeout=60_000)
