"""The same visit with the mouse alone; typing is for names and files only. And what else belongs to a visit."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit
from pytestqt.qtbot import QtBot

from gui import app
from gui.main_window import MainWindow
from gui.widgets.case_form import CaseForm
from screening import analysis, paths
from tests.gui.visit.clinician import CTRL, Clinician, Key
from tests.gui.visit.test_visit_by_keyboard import begin_visit


def enter_case(me: Clinician) -> None:
    page = me.window.cases_page
    me.click(page.welcome.new)
    form = page._form
    assert isinstance(form, CaseForm)
    me.click(form.pseudonym)
    me.type("K-0147")
    me.pick(form.month, 3)
    me.pick(form.year, 4)
    me.click(form.consented)
    me.click(form.by)
    me.type("Hoa")
    me.click(form.save)
    me.wait(lambda: me.dialog() is None and page.chosen() is not None)
    me.settle()


@pytest.mark.qt_log_ignore("does not support (raise|grabbing|propagateSizeHints)")
@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_visit_by_mouse(
    qtbot: QtBot,
    start: Callable[..., MainWindow],
    clip: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    window = start(language=language)
    me = Clinician(qtbot, window, language)
    video, review, report = window.video_page, window.review_page, window.report_page
    enter_case(me)
    me.click(window.cases_page.visits.new)
    me.wait(lambda: me.page == "video")
    me.click(video.open_first)
    me.name_file(clip)
    me.wait_for_video()
    me.click(video.analyse)
    me.wait_for_result()
    me.click(window.sidebar.steps["review"])
    me.click(review.start.name)
    me.type("An")
    me.click(review.start.begin)
    me.wait(lambda: window.reviewing.is_begun)
    found = len(window.reviewing.items)
    me.point(review.table, 0)
    me.click(review.strip.buttons["A"])
    me.point(review.table, 1)
    me.click(review.strip.buttons["C"])
    view = review.search.list
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualItemRect(view.item(2)).center())
    me.settle()
    for row in range(2, found):
        me.point(review.table, row)
        me.click(review.strip.buttons["R"])
    assert sorted(me.states()) == sorted(["accepted", "corrected"] + ["rejected"] * (found - 2))
    me.click(review.side.finish)
    me.wait(lambda: window.reviewing.is_finished)
    me.click(review.side.report)
    me.wait(report.export.isEnabled)
    me.click(report.export)
    with qtbot.waitSignal(window.reports.exported, timeout=60_000):
        me.name_file(tmp_path / "report.pdf")
    me.wait(lambda: len(report.older) == 1)

    app.dismiss(window)
    monkeypatch.setattr(analysis, "analyse", None)
    window = start(language=language)
    me = Clinician(qtbot, window, language)
    me.click(window.cases_page.visits.open)
    me.wait(lambda: me.page == "report" and window.reviewing.is_finished)
    me.wait(lambda: len(window.report_page.older) == 1)


def test_the_shipped_pack_on_the_sample_video(qtbot: QtBot, start: Callable[..., MainWindow], tmp_path: Path) -> None:
    # Given the program as it is delivered, when the sample is looked at from the first page and analysed,
    window = start(pack=paths.reference_pack())
    me = Clinician(qtbot, window)
    me.click(window.cases_page.welcome.sample)
    me.wait_for_video()
    assert me.page == "video"
    me.click(window.video_page.analyse)
    me.wait_for_result()
    # then it is reviewed and reported without a case; nothing of it is kept.
    me.click(window.sidebar.steps["review"])
    me.type("An")
    me.click(window.review_page.start.begin)
    for item in list(window.reviewing.items):
        window.reviewing.select((item.target,))
        me.click(window.review_page.strip.buttons["A"])
    assert set(me.states()) <= {"accepted"}
    me.click(window.sidebar.steps["report"])
    me.wait(lambda: window.report_page.view.pages > 0 and not window.reports.is_busy)
    me.click(window.report_page.export)
    with qtbot.waitSignal(window.reports.exported, timeout=60_000):
        me.name_file(tmp_path / "sample.pdf")
    assert (tmp_path / "sample.pdf").stat().st_size > 1000
    assert not window.visits.is_kept


def test_a_changed_profile_changes_the_index_and_runs_no_model(
    qtbot: QtBot, start: Callable[..., MainWindow], clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = start()
    me = Clinician(qtbot, window)
    begin_visit(me)
    window.open_video(clip)
    me.wait_for_video()
    me.click(window.video_page.analyse)
    me.wait_for_result()
    before = window.session.result
    assert before is not None
    monkeypatch.setattr(analysis, "analyse", None)
    # When the weight of what was found is changed, kept under another name and used,
    me.click(window.sidebar.steps["profile"])
    page = window.profile_page
    me.wait(lambda: page.draft is not None)
    found = {behaviour.label_id for behaviour in before.indicators.behaviours if behaviour.status == "met"}
    assert page.draft is not None
    rows = [i for i, criterion in enumerate(page.draft.criteria) if criterion.label_id in found]
    me.point(page.table, rows[0])
    page.table.setCurrentIndex(page.table.model().index(rows[0], 3))
    me.press(Key.Key_9)
    me.press(Key.Key_Return)
    me.wait(lambda: page.has_edits)
    me.click(page.save_as)
    dialog = next(one for one in window.findChildren(QInputDialog) if one.isVisible())
    field = dialog.findChild(QLineEdit)
    assert field is not None
    field.setText("Ours")
    qtbot.keyClick(field, Key.Key_Return)
    me.wait(lambda: page.name.text() == "Ours" and not page.has_edits)
    me.settle()
    me.click(page.bar.use)
    me.wait(lambda: window.session.result is not None and window.session.result.profile.name == "Ours")
    # then the index is another, on every page, and the model has not run.
    after = window.session.result
    assert after is not None
    assert after.indicators.index != before.indicators.index
    assert after.episodes == before.episodes
    assert QApplication.focusWidget() is not None
    me.press(Key.Key_3, CTRL)
    assert window.result_page._result is after


def test_two_clips_of_one_visit_wait_for_each_other(
    qtbot: QtBot, start: Callable[..., MainWindow], clip: Path, tmp_path: Path
) -> None:
    other = tmp_path / "second.mp4"
    shutil.copy(clip, other)
    window = start()
    me = Clinician(qtbot, window)
    begin_visit(me)
    window.clips.open([clip, other])
    me.wait_for_video()
    first, second = window.visits.clips
    # When both are to be analysed, one after the other,
    me.press(Key.Key_Return, CTRL)
    me.wait(lambda: window.session.is_analysing)
    window.show_page("video")
    window.visits.choose_video(second.key)
    me.wait(lambda: window.session.playback.path == other and window.session.playback.is_open)
    me.settle()
    me.press(Key.Key_Return, CTRL)
    me.wait(lambda: not window.session.queue.items)
    me.settle()
    # then each has its own result, and whoever chooses one sees its own.
    assert [window.visits.state(clip) for clip in window.visits.clips] == ["analysed", "analysed"]
    for chosen in (first, second):
        window.show_page("video")
        window.visits.choose_video(chosen.key)
        me.wait_for_result()
        assert window.session.result is not None
        assert Path(window.session.result.video.path).name == chosen.name
