"""A visit is recorded in the window from a real MJPEG stream, guided by steps that can be edited."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from gui import i18n, style
from gui.pages.recording import RecordingPage
from screening.recording import STANDARD, Hints, Scenario, Source, Step, Wish, scenario
from screening.video import probe
from tests.gui.driving import wait
from tests.gui.pages.recording.filming import LEFT, begun, chapters, enter, filmed, finished, key, phase
from tests.gui.test_language import OPEN, Pseudo, clipped, texts
from tests.screening.recording.loopback import LoopbackCamera, serving


def test_a_visit_is_recorded_by_keyboard_alone(
    qtbot: QtBot, watching: RecordingPage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.pages.recording.COUNTDOWN_S", 3.0)
    # Given a live picture, shown no larger than the camera gives it, what it is like, and nothing recorded yet
    page = watching
    assert (page.view.image.width(), page.view.image.height()) == (160, 120)
    assert page.hints.texts()[0] == "The light is good."
    assert "consent" in page.bar.texts()
    assert "Sound is not recorded" in page.bar.texts()
    wait(qtbot, lambda: "Room on the disk" in page.bar.texts())
    assert not folder.exists()

    # when it is begun, then it counts down from three before anything is written,
    key(qtbot, page, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    wait(qtbot, lambda: phase(page) == "countdown")
    assert page.view.accessibleDescription() == "Recording begins in 3"
    assert not folder.exists()
    filmed(qtbot, page, 3)

    # says which step it is and what comes next,
    assert "Step 1 of 4\nFree play" in page.steps.course()
    assert "Next: Name call" in page.steps.course()
    assert page.bar.record.text() == "Stop"
    # can be paused and go on by the same key,
    key(qtbot, page, Qt.Key.Key_P)
    wait(qtbot, lambda: phase(page) == "paused")
    stood = page.bar._time.text()
    assert page.bar.pause.text() == "Go on (P)"
    key(qtbot, page, Qt.Key.Key_P)
    wait(qtbot, lambda: phase(page) == "recording")
    assert page.bar._time.text() >= stood
    # marked, and moved to its next step.
    key(qtbot, page, Qt.Key.Key_M)
    wait(qtbot, lambda: page._live is not None and len(page._live.state.marks) == 2)
    assert "Marks: 1" in page.bar.texts()
    key(qtbot, page, Qt.Key.Key_N)
    wait(qtbot, lambda: "Step 2 of 4\nName call" in page.steps.course())
    wait(qtbot, lambda: page._live is not None and len(page._live.state.marks) == 3)

    filmed(qtbot, page, 9)
    # Esc asks in place; the answer that the focus is on goes on.
    key(qtbot, page, Qt.Key.Key_Escape)
    assert "Stop the recording?" in page.bar.texts()
    key(qtbot, page, Qt.Key.Key_Space)
    assert page.is_recording
    key(qtbot, page, Qt.Key.Key_Escape)
    page.bar.stop_now.setFocus()
    key(qtbot, page, Qt.Key.Key_Space)
    finished(qtbot, page)

    # Then the file is whole, with its chapters, and waits to be used.
    (path,) = folder.iterdir()
    assert path.name in page.bar.texts()
    assert path.suffix == ".mkv"
    assert probe(path).errors == ()
    assert probe(path).frames_decoded >= 9
    assert chapters(path) == ["Free play", "Mark 1", "Name call"]
    assert QApplication.focusWidget() is page.bar.use
    with qtbot.waitSignal(page.recorded) as blocker:
        key(qtbot, page, Qt.Key.Key_Space)
    used, marks = blocker.args
    assert used == path
    assert [mark.name for mark in marks] == ["Free play", "Mark 1", "Name call"]
    # and the page is ready for the next one.
    wait(qtbot, page.bar.record.isEnabled)
    wait(qtbot, lambda: phase(page) == "preview")


def test_record_again_keeps_the_one_of_before_and_says_so(qtbot: QtBot, watching: RecordingPage, folder: Path) -> None:
    page = watching
    page.steps.guided.setChecked(False)
    for _round in range(2):
        begun(qtbot, page)
        assert not page.bar.next_step.isVisible()
        qtbot.mouseClick(page.bar.record, LEFT)
        finished(qtbot, page)
        assert not page.bar.record.isEnabled()
        qtbot.mouseClick(page.bar.again, LEFT)
        assert "is kept" in page.banner.text()
        wait(qtbot, page.bar.record.isEnabled)

    kept = sorted(folder.glob("*.mkv"))
    assert len(kept) == 2
    assert all(probe(path).frames_decoded >= 8 for path in kept)
    assert chapters(kept[0]) == ["Beginning"]


def test_stopped_in_the_countdown_nothing_is_recorded_and_nothing_offered(
    qtbot: QtBot, watching: RecordingPage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.pages.recording.COUNTDOWN_S", 30.0)
    page = watching
    qtbot.mouseClick(page.bar.record, LEFT)
    wait(qtbot, lambda: phase(page) == "countdown")
    key(qtbot, page, Qt.Key.Key_Escape)
    finished(qtbot, page)

    wait(qtbot, page.bar.record.isEnabled)
    assert not folder.exists()
    assert page.banner.text() == ""
    assert not page.bar.use.isVisible()


def test_another_camera_is_opened_only_when_the_first_was_let_go(qtbot: QtBot, watching: RecordingPage) -> None:
    with serving(size=(320, 240)) as other:
        enter(qtbot, watching, other.address)
        wait(qtbot, lambda: watching._live is not None and watching._live.size == (320, 240))
        assert "320 × 240" in watching.camera._gives.text()
        watching.camera.switch.click()
        wait(qtbot, lambda: watching._recorder._filming is None)


def test_cameras_have_names_and_the_first_is_turned_on_with_what_was_asked(
    qtbot: QtBot, page: RecordingPage, plugged: LoopbackCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given two cameras, of which the tests know only the stream
    there = (Source("Máy ảnh HD", plugged.address), Source("Document camera", plugged.address))
    monkeypatch.setattr("gui.recorder.cameras", lambda: there)
    asked: list[tuple[Source, Wish]] = []
    page.camera.on_requested.connect(lambda source, wish: asked.append((source, wish)))
    # when they are looked for,
    qtbot.mouseClick(page.camera.look, LEFT)
    # then they are listed by name, and the first is on;
    wait(qtbot, lambda: not page.view.image.isNull())
    assert [page.camera.which.itemText(n) for n in range(page.camera.which.count())] == [
        "Máy ảnh HD",
        "Document camera",
        "Network camera…",
    ]
    # another size asks it again.
    page.camera.size_box.setCurrentIndex(2)
    page.camera.size_box.activated.emit(2)
    wait(qtbot, lambda: len(asked) == 2)
    assert asked == [(there[0], Wish(1280, 720, 30)), (there[0], Wish(1920, 1080, 30))]


def test_the_camera_is_let_go_when_the_page_is_left_but_not_while_it_records(
    qtbot: QtBot, watching: RecordingPage
) -> None:
    begun(qtbot, watching)
    watching.hide()
    assert watching._recorder.is_on
    watching.show()
    watching.bar.record.click()
    finished(qtbot, watching)
    watching.hide()
    wait(qtbot, lambda: watching._recorder._filming is None)


def test_steps_can_be_named_timed_added_and_taken_out_and_are_remembered(
    qtbot: QtBot, watching: RecordingPage, tmp_path: Path, folder: Path
) -> None:
    # Given the standard steps, when they are edited as a person does,
    page, file = watching, tmp_path / "steps.json"
    page.use_steps_file(file)
    assert page.steps.scenario() == STANDARD
    rows = page.steps._rows
    rows[0].name.selectAll()
    qtbot.keyClicks(rows[0].name, "Bubbles")
    rows[0].minutes.setValue(1.5)
    for row in rows[2:]:
        qtbot.mouseClick(row.remove, LEFT)
    qtbot.mouseClick(page.steps.add_step, LEFT)
    # letters typed into a name are letters, and no keys of the recording;
    qtbot.keyClicks(QApplication.focusWidget(), "Mnp")
    wanted = Scenario((Step("Bubbles", 1.5), Step("Name call", 2.0), Step("Mnp", 2.0)))
    assert page.steps.scenario() == wanted
    # then it is recorded by them, in the language of the window,
    i18n.use("vi")
    begun(qtbot, page)
    key(qtbot, page, Qt.Key.Key_N)
    wait(qtbot, lambda: "Gọi tên trẻ" in page.steps.course())
    wait(qtbot, lambda: page._live is not None and len(page._live.state.marks) == 2)
    qtbot.mouseClick(page.bar.record, LEFT)
    finished(qtbot, page)
    assert chapters(next(folder.iterdir())) == ["Bubbles", "Gọi tên trẻ"]
    # and they are there at the next start, the standard names in no language.
    wait(qtbot, file.exists)
    assert scenario.read(file) == wanted
    i18n.use("en")
    assert rows[1].name.text() == "Name call"
    # One press brings the standard ones back.
    qtbot.mouseClick(page.steps.standard, LEFT)
    assert page.steps.scenario() == STANDARD


def test_a_step_without_a_name_is_told_before_anything_is_recorded(qtbot: QtBot, watching: RecordingPage) -> None:
    watching.steps._rows[1].name.clear()
    watching.steps._rows[1].name.textEdited.emit("")
    qtbot.mouseClick(watching.bar.record, LEFT)
    assert "needs a name" in watching.banner.text()
    assert not watching.is_recording


def test_the_keys_of_the_page_are_its_own_only_while_it_records(qtbot: QtBot, watching: RecordingPage) -> None:
    # Given a window with keys of its own,
    window, heard = QMainWindow(), []
    window.setCentralWidget(watching)
    qtbot.addWidget(window)
    for keys in ("Esc", "P"):
        QShortcut(QKeySequence(keys), window).activated.connect(lambda keys=keys: heard.append(keys))
    window.show()
    window.activateWindow()
    wait(qtbot, lambda: window.isActiveWindow() and watching.bar.record.isEnabled())
    watching.bar.record.setFocus()
    # when nothing is recorded, then they are the window's;
    key(qtbot, watching, Qt.Key.Key_Escape)
    assert heard == ["Esc"]
    # while a recording runs, they are the page's.
    begun(qtbot, watching)
    key(qtbot, watching, Qt.Key.Key_P)
    wait(qtbot, lambda: phase(watching) == "paused")
    key(qtbot, watching, Qt.Key.Key_Escape)
    assert watching.bar.stop_now.isVisible()
    assert heard == ["Esc"]
    window.takeCentralWidget()
    window.close()


def test_only_the_preview_is_mirrored(qtbot: QtBot, watching: RecordingPage, plugged: LoopbackCamera) -> None:
    # Given a ground that grows lighter to the right, mirrored it grows lighter to the left
    def red(x: int) -> int:
        return watching.view.image.pixelColor(x, 5).red()

    assert red(150) > red(10)
    watching.camera.mirrored.setFocus()
    key(qtbot, watching, Qt.Key.Key_Space)
    assert red(150) < red(10)


@pytest.mark.parametrize(
    ("codes", "line", "words"),
    [
        (("dark",), 0, "Too dark"),
        (("overexposed",), 0, "Too bright"),
        (("blurred",), 1, "Blurred"),
        (("frozen",), 2, "stands still"),
        (("still",), 2, "is the child in the picture?"),
    ],
)
def test_what_is_wrong_with_the_picture_is_said_in_plain_words(
    page: RecordingPage, codes: tuple[str, ...], line: int, words: str
) -> None:
    page.hints.show_hints(Hints(0.5, 0.5, 9.0, codes))
    assert words in page.hints.texts()[line]
    page.hints.show_hints(Hints(0.5, 0.5, 9.0, ()))
    assert page.hints.texts() == ("The light is good.", "The picture is sharp.", "Something moves in the picture.")


def test_the_page_follows_the_language_clips_nothing_and_every_control_has_a_name(
    qtbot: QtBot, watching: RecordingPage
) -> None:
    page = watching
    i18n.speak(Pseudo())
    begun(qtbot, page)

    def untranslated() -> set[str]:
        ours = {row.name.text() for row in page.steps._rows} | {page.camera.address.text()}
        return {
            text
            for widget, text in texts(page)
            if any(c.isalpha() for c in text) and OPEN not in text and text not in ours and widget.isVisible()
            if not Path(text).is_absolute() and "://" not in text
        }

    assert not untranslated()
    qtbot.waitUntil(lambda: clipped(page) == [], timeout=2000)
    page.bar.record.click()
    finished(qtbot, page)
    assert not untranslated()
    qtbot.waitUntil(lambda: clipped(page) == [], timeout=2000)


def test_in_the_smallest_window_the_buttons_leave_out_their_keys(qtbot: QtBot, watching: RecordingPage) -> None:
    page = watching
    style.look.use("light")
    i18n.use("vi")
    begun(qtbot, page)
    buttons = (page.bar.pause, page.bar.mark, page.bar.next_step)
    assert all("(" in button.text() for button in buttons)
    page.setMinimumSize(1, 1)  # a window has the last word
    page.resize(940, 552)
    qtbot.waitUntil(lambda: not any("(" in button.text() for button in buttons), timeout=2000)
    qtbot.waitUntil(lambda: clipped(page) == [], timeout=2000)
    assert all("(" in button.toolTip() for button in buttons)
    page.bar.record.click()
    finished(qtbot, page)
