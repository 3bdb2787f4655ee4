"""A whole visit without a mouse, from the new case to the report, and again after the window was closed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader
from pytestqt.qtbot import QtBot

from gui import app
from gui.main_window import MainWindow
from screening import analysis
from tests.gui.visit.clinician import CTRL, Clinician, Key


def begin_visit(clinician: Clinician) -> None:
    """A case with its month of birth and consent, and its first visit."""
    page = clinician.window.cases_page
    clinician.press(Key.Key_N, CTRL)
    clinician.type("K-0147")
    clinician.press(Key.Key_Tab)
    clinician.press(Key.Key_Down, times=3)
    clinician.press(Key.Key_Tab)
    clinician.press(Key.Key_Down, times=4)
    clinician.press(Key.Key_Tab)
    clinician.press(Key.Key_Space)
    clinician.press(Key.Key_Tab)
    clinician.type("Hoa")
    clinician.press(Key.Key_Tab)
    clinician.type("mother")
    clinician.press(Key.Key_Return)
    clinician.wait(lambda: clinician.dialog() is None and page.chosen() is not None)
    clinician.settle()
    assert page.list.table.hasFocus()
    clinician.press(Key.Key_Return)
    assert page.visits.new.hasFocus()
    clinician.press(Key.Key_Space)
    clinician.wait(lambda: clinician.page == "video")


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_visit_by_keyboard_alone(
    qtbot: QtBot,
    start: Callable[..., MainWindow],
    clip: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    # Given the first start: a case is entered, and its visit begun
    window = start(language=language)
    me = Clinician(qtbot, window, language)
    begin_visit(me)
    # when a video is opened and analysed,
    me.press(Key.Key_O, CTRL)
    me.name_file(clip)
    me.wait_for_video()
    assert window.video_page.player.view.hasFocus()
    me.press(Key.Key_Return, CTRL)
    me.wait(lambda: me.page == "result")
    me.wait_for_result()
    assert len(window.reviewing.items) == 0
    # its episodes are decided one by one: at most three keys for each,
    me.press(Key.Key_4, CTRL)
    assert window.review_page.start.name.hasFocus()
    me.type("An")
    me.press(Key.Key_Return)
    me.wait(lambda: window.reviewing.is_begun)
    found = len(window.reviewing.items)
    assert found >= 3
    me.presses = 0
    me.press(Key.Key_A)
    me.press(Key.Key_C)
    me.type("3")
    me.press(Key.Key_Return)
    me.press(Key.Key_R)
    for _left in range(len(window.reviewing.open)):
        me.press(Key.Key_A)
    me.seek(24.5)
    me.press(Key.Key_M)
    me.seek(26.0)
    me.press(Key.Key_M)
    assert not window.reviewing.open
    assert sorted(me.states()) == sorted(["accepted"] * (found - 2) + ["corrected", "rejected", "added"])
    assert me.presses <= 3 * len(window.reviewing.items)
    # the review is finished,
    me.tab_to(window.review_page.side.finish)
    me.press(Key.Key_Space)
    me.wait(lambda: window.reviewing.is_finished)
    decided = me.states()
    # and the report, which is the next thing to do, is exported,
    me.press(Key.Key_Space)
    assert me.page == "report"
    me.press(Key.Key_E, CTRL)
    pdf = tmp_path / "báo cáo K-0147.pdf"
    with qtbot.waitSignal(window.reports.exported, timeout=60_000):
        me.name_file(pdf)
    me.settle()
    printed = "".join(page.extract_text() for page in PdfReader(pdf).pages)
    assert "K-0147" in printed
    assert me.words("Screening aid. Not a diagnosis.") in printed
    # then it is in the case's list of reports.
    me.wait(lambda: len(window.report_page.older) == 1)
    assert window.report_page.older[0].path == pdf

    # Given that the program was closed; when it is started again and the visit opened,
    app.dismiss(window)
    monkeypatch.setattr(analysis, "analyse", None)
    window = start(language=language)
    me = Clinician(qtbot, window, language)
    me.press(Key.Key_Return)
    me.press(Key.Key_Return)
    # then it is where it was left, with its result, its review and its report, and no model ran.
    me.wait(lambda: me.page == "report")
    me.wait_for_result()
    me.wait(lambda: window.reviewing.is_begun)
    assert me.states() == decided
    assert window.reviewing.is_finished
    me.wait(lambda: len(window.report_page.older) == 1)
