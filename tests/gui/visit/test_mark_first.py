"""Who marks first sees nothing of the model's answer before it is revealed: on no page, nor after a new start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from gui import app
from gui.main_window import MainWindow
from tests.gui.visit.clinician import CTRL, Clinician, Key
from tests.gui.visit.test_visit_by_keyboard import begin_visit


def assert_nothing_leaks(me: Clinician) -> None:
    """Whatever one presses, the answer is nowhere."""
    window = me.window
    for key in (Key.Key_3, Key.Key_5):
        me.press(key, CTRL)
        assert me.page not in ("result", "report")
    assert not window.sidebar.steps["result"].isEnabled()
    assert not window.sidebar.steps["report"].isEnabled()
    me.press(Key.Key_E, CTRL)
    assert me.dialog() is None
    assert not window.review_page.heat_map.isVisible()
    assert not window.review_page.curve.isVisible()
    assert not window.review_page.side.indices.isVisible()
    me.press(Key.Key_1, CTRL)
    me.settle()
    assert not window.cases_page.trend.isVisible() or not window.cases_page.trend.table.rows()


def test_marking_first_through_the_whole_window(
    qtbot: QtBot, start: Callable[..., MainWindow], clip: Path, tmp_path: Path
) -> None:
    # Given a clip of a visit, and somebody who ticks “Mark first” before the analysis
    window = start()
    me = Clinician(qtbot, window)
    begin_visit(me)
    me.press(Key.Key_O, CTRL)
    me.name_file(clip)
    me.wait_for_video()
    me.tab_to(window.video_page.mark_first)
    me.press(Key.Key_Space)
    shown: list[bool] = []
    page = window.result_page
    window.session.progressed.connect(lambda _progress: shown.append(page._over_time.isVisible()))
    # when it runs, only its progress is seen, and a sentence that says why;
    me.press(Key.Key_Return, CTRL)
    me.wait(lambda: me.page == "result")
    assert page.hidden.isVisible()
    assert "hidden" in page._hidden_note.text()
    me.wait_for_result()
    assert shown
    assert not any(shown)
    assert page.timeline.filled_s() == 0
    # when it is done the review is there, proposed as it was wished.
    me.wait(lambda: me.page == "review")
    assert window.review_page.start.mark_first.isChecked()
    assert_nothing_leaks(me)
    me.press(Key.Key_4, CTRL)
    me.type("An")
    me.press(Key.Key_Return)
    me.wait(lambda: window.reviewing.is_begun)
    assert window.reviewing.hides_model
    assert window.reviewing.items == ()
    me.seek(3.5)
    me.press(Key.Key_M)
    me.type("1")
    me.press(Key.Key_Return)
    me.seek(7.5)
    me.press(Key.Key_M)
    me.wait(lambda: len(window.reviewing.items) == 1)
    assert_nothing_leaks(me)

    # Given a new start in the middle of it, when the visit is opened again, it is hidden as before
    app.dismiss(window)
    window = start()
    me = Clinician(qtbot, window)
    seen: list[bool] = []
    window.session.analysed.connect(lambda _result: seen.append(window.results.has("result")))
    window.results.changed.connect(lambda: seen.append(window.results.has("result")))
    me.press(Key.Key_Return)
    me.press(Key.Key_Return)
    me.wait_for_result()
    me.wait(lambda: window.reviewing.is_begun)
    assert seen
    assert not any(seen)
    assert_nothing_leaks(me)
    me.press(Key.Key_4, CTRL)
    assert len(window.reviewing.items) == 1
    # until the answer is asked for.
    me.tab_to(window.review_page.reveal)
    me.press(Key.Key_Space)
    box = next(box for box in window.findChildren(QMessageBox) if box.isVisible())
    box.activateWindow()
    me.wait(box.isActiveWindow)
    show = next(button for button in box.buttons() if button.text() == "Show the answer")
    me.tab_to(show)
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Space)
    me.settle()
    me.wait(lambda: not window.reviewing.hides_model)
    assert len(window.reviewing.items) > 1
    assert window.review_page.heat_map.isVisible()
    me.press(Key.Key_3, CTRL)
    assert me.page == "result"
    assert page is not window.result_page
    assert window.result_page._over_time.isVisible()
    me.press(Key.Key_5, CTRL)
    assert me.page == "report"


def test_who_marks_first_may_still_decide_to_see_it_at_once(
    qtbot: QtBot, start: Callable[..., MainWindow], clip: Path
) -> None:
    window = start()
    me = Clinician(qtbot, window)
    window.open_video(clip)
    me.wait_for_video()
    me.click(window.video_page.mark_first)
    me.click(window.video_page.analyse)
    me.wait_for_result()
    me.wait(lambda: me.page == "review")
    start_card = window.review_page.start
    start_card.name.setText("An")
    me.click(start_card.at_once)
    me.click(start_card.begin)
    assert window.reviewing.is_begun
    assert window.results.has("result")
    # and the wish is remembered for the next clip
    app.dismiss(window)
    assert start().video_page.mark_first.isChecked()
