"""A mistake of ours: written down without names, told to the user, and the window goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from gui import crash
from gui.crash import CrashDialog, CrashHandler
from gui.main_window import MainWindow
from tests.gui.driving import analysed, wait


@pytest.fixture
def handler() -> Iterator[CrashHandler]:
    made = CrashHandler()
    made.install()
    yield made
    made.uninstall()


def dialogs() -> list[CrashDialog]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, CrashDialog) and w.isVisible()]


def test_a_report_says_where_but_names_nobody(tmp_path: Path) -> None:
    # Given a defect whose message names a child's file,
    video = tmp_path / "Nguyen Van An 2021.mp4"
    try:
        raise KeyError(str(video))
    except KeyError:
        kind, _error, trace = sys.exc_info()
    assert kind is not None
    # when it is described,
    report = crash.describe(kind, trace)
    # then kind, place and versions are there; name, folder and user are not.
    assert "builtins.KeyError" in report
    assert "tests/gui/test_crash.py" in report
    assert "ViScreen" in report
    assert "An 2021" not in report
    assert str(tmp_path) not in report
    assert str(Path.home()) not in report


def test_a_defect_in_the_window_is_shown_and_the_window_goes_on(
    qtbot: QtBot, handler: CrashHandler, opened: MainWindow
) -> None:
    # Given a defect in something that a button calls,
    opened.header.theme.clicked.connect(_fail)
    # when it is pressed,
    opened.header.theme.click()
    # then a dialog shows the report, which lies in a file too,
    wait(qtbot, lambda: bool(dialogs()))
    dialog = dialogs()[0]
    text = dialog.findChild(QPlainTextEdit)
    assert text is not None
    assert "ZeroDivisionError" in text.toPlainText()
    files = list(crash.folder().glob("crash-*.txt"))
    assert len(files) == 1
    assert files[0].read_text(encoding="utf-8") == text.toPlainText()
    # a second defect does not open a second dialog,
    opened.header.theme.click()
    wait(qtbot, lambda: len(list(crash.folder().glob("crash-*.txt"))) == 2)
    QApplication.processEvents()
    assert len(dialogs()) == 1
    # and the work goes on.
    dialog.close()
    assert analysed(qtbot, opened).scores.windows.size
    # A defect after that is shown again.
    opened.header.theme.click()
    wait(qtbot, lambda: len(dialogs()) == 1)
    dialogs()[0].close()


def test_a_defect_on_a_worker_thread_is_shown_by_the_window(
    qtbot: QtBot, handler: CrashHandler, opened: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a defect in the engine,
    def broken(*args: Any, **named: Any) -> Iterator[None]:
        _fail()
        yield

    monkeypatch.setattr("gui.session.analysis.analyse", broken)
    # when an analysis meets it,
    with qtbot.waitSignal(opened.session.analysis_ended, timeout=60_000):
        opened.video_page.analyse.click()
    # then the window shows it, is back at the video and ready for another try.
    wait(qtbot, lambda: bool(dialogs()))
    dialogs()[0].close()
    assert opened.pages.currentWidget() is opened.video_page
    assert opened.session.can_analyse


def _fail() -> None:
    raise ZeroDivisionError
