"""A mistake of ours: written down without names, told to the user, and the window goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from gui import crash, i18n
from gui.crash import CrashHandler
from gui.main_window import MainWindow
from gui.widgets.crash_dialog import CrashDialog, EarlierCrashDialog
from tests.gui.driving import analysed, wait
from tests.gui.pseudo import OPEN, Pseudo, clipped

# A run of the program that ends in `HOW`, from a folder that carries a child's name.
RUN = """
import faulthandler, os, sys, threading, time
from PySide6.QtCore import QTimer
from gui import app
from gui.crash import CrashHandler

def at_the_childs_video():
    {how}

application = app.make_application()
handler = CrashHandler()
handler.install()
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
QTimer.singleShot(0, at_the_childs_video)
application.exec()
handler.uninstall()
"""


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


# ---- a crash of native code


def run_that_ends_in(how: str, tmp_path: Path) -> int:
    """Run a process of its own whose event loop comes to `how`; its exit status."""
    script = tmp_path / "Nguyễn Văn An" / "bé An 2021.py"
    script.parent.mkdir(exist_ok=True)
    script.write_text(RUN.format(how=how), encoding="utf-8")
    root = Path(crash.__file__).resolve().parent.parent
    run = subprocess.run(
        [sys.executable, str(script)],
        env=os.environ | {"PYTHONPATH": str(root), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        timeout=60,
    )
    return run.returncode


def offers() -> list[EarlierCrashDialog]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, EarlierCrashDialog) and w.isVisible()]


@pytest.mark.parametrize(
    ("how", "named"),
    [("os.abort()", "Fatal Python error: Aborted"), ("faulthandler._sigsegv()", "Segmentation fault")],
)
def test_a_hard_crash_is_offered_at_the_next_start_without_names(
    qtbot: QtBot, tmp_path: Path, window: MainWindow, how: str, named: str
) -> None:
    # Given a run of the program that really died,
    assert run_that_ends_in(how, tmp_path) != 0
    # when it is started again,
    handler = CrashHandler()
    handler.install()
    wait(qtbot, lambda: bool(offers()))
    handler.uninstall()
    # then the trace is offered, folded away, and blocks nothing;
    offer = offers()[0]
    assert not offer.isModal()
    assert offer.parent() is window
    assert offer.report.isHidden()
    # shown, it says what and where, of the window's thread and the others, and names nobody.
    offer.show_report.click()
    text = offer.report.toPlainText()
    assert offer.report.isVisible()
    assert "ViScreen" in text.splitlines()[0]
    assert named in text
    assert "at_the_childs_video" in text
    assert "threading.py:" in text
    assert "Modules:" in text
    for secret in ("Nguy", str(tmp_path), str(Path.home()), sys.prefix):
        assert secret not in text
    # What was shown is what is copied.
    offer.copy.click()
    assert QGuiApplication.clipboard().text() == text
    offer.close()
    # The raw trace, which holds paths, is gone; and it is offered once.
    assert not list(crash.folder().glob("native-*.txt"))
    handler.install()
    QApplication.processEvents()
    assert not offers()
    handler.uninstall()


def test_the_offer_follows_the_language_opens_the_folder_and_is_deleted_on_wish(
    qtbot: QtBot, tmp_path: Path, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_that_ends_in("os.abort()", tmp_path)
    handler = CrashHandler()
    handler.install()
    wait(qtbot, lambda: bool(offers()))
    handler.uninstall()
    offer = offers()[0]
    texts = (offer.title.text(), offer.show_report.text(), offer.delete.text())
    i18n.speak(Pseudo())
    now = (offer.title.text(), offer.show_report.text(), offer.delete.text())
    assert all(OPEN in new and old in new for old, new in zip(texts, now, strict=True))
    qtbot.waitUntil(lambda: clipped(offer) == [], timeout=2000)
    # The window behind it works on.
    assert window.isEnabled()
    window.header.theme.click()
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    offer.show_folder.click()
    assert [Path(url.toLocalFile()) for url in opened] == [crash.folder()]
    offer.delete.click()
    assert not offers()
    assert not list(crash.folder().iterdir())


def test_a_run_that_ends_well_leaves_nothing(tmp_path: Path) -> None:
    assert run_that_ends_in("application.quit()", tmp_path) == 0
    assert not list(crash.folder().iterdir())


def test_a_run_that_still_goes_on_is_not_taken_for_a_crash(handler: CrashHandler) -> None:
    # Given a run, and the trace of one that lost its power long ago,
    mine = list(crash.folder().glob("native-*.txt"))
    old = crash.folder() / "native-0.txt"
    old.write_text("ViScreen\n", encoding="utf-8")
    os.utime(old, (time.time() - 1e6,) * 2)
    # when the program is started a second time,
    assert handler._collect() is None
    # then the first run keeps its file, and the old one is cleared away.
    assert list(crash.folder().glob("native-*.txt")) == mine


def test_lines_of_an_unknown_form_are_left_out() -> None:
    report = crash.describe_native(
        "ViScreen 1\nPython 3\nWindows fatal exception: access violation\n\n"
        "Current thread 0x0000123 [/srv/an/child] (most recent call first):\n"
        '  File "/srv/an/x/gui/app.py", line 3 in run\n'
        '  File "/srv/an/lib/site-packages/cv2/core.py", line ??? in f\n'
        '  Binary file "/srv/an/libc.so", at abort+0x1\n'
    )
    assert report == (
        "ViScreen 1\nPython 3\nError: Windows fatal exception: access violation\n\n"
        "Current thread:\n  app.py:3 run\n  cv2/core.py:??? f\n"
    )
    assert crash.describe_native("ViScreen 1\nPython 3\n") == ""


def test_a_fault_that_repeats_does_not_fill_the_disk(handler: CrashHandler) -> None:
    for _again in range(crash.KEPT + 5):
        crash._write("report")
    assert len(list(crash.folder().glob("crash-*.txt"))) == crash.KEPT
