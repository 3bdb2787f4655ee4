"""Errors of the world are a sentence in their place, in the language of the window; the work goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from gui import i18n, settings
from gui.main_window import MainWindow
from screening import paths
from tests.gui.driving import analysed, wait


@pytest.mark.parametrize("content", [b"", b"this is no video" * 50])
def test_a_broken_file_is_a_sentence_and_the_next_one_opens(
    qtbot: QtBot, window: MainWindow, clip: Path, tmp_path: Path, content: bytes
) -> None:
    # Given a file that is no video, when it is opened,
    broken = tmp_path / "visit.mp4"
    broken.write_bytes(content)
    with qtbot.waitSignal(window.session.playback.failed, timeout=60_000):
        window.open_video(broken)
    # then a sentence in the page says so and what to do, and nothing else is to be seen of it.
    banner = window.video_page.banner
    assert banner.isVisible()
    assert "visit.mp4" in banner.text()
    assert "Choose" in banner.text()
    assert window.video_page.open_other.isVisible()
    assert not window.video_page.analyse.isEnabled()
    # When a good one is opened, the sentence is gone.
    window.open_video(clip)
    wait(qtbot, lambda: window.session.can_analyse)
    assert not banner.isVisible()


def test_a_video_that_breaks_off_is_opened_and_says_so(
    qtbot: QtBot, window: MainWindow, media: Callable[[str], Path]
) -> None:
    window.open_video(media("corrupted.mp4"))
    wait(qtbot, lambda: "Damage" in window.video_page.receipt.texts())
    texts = window.video_page.receipt.texts()
    assert "that the file declares" in texts["Pictures"]
    assert "damage" in texts["Length"]


def test_a_refused_pack_says_why_and_nothing_can_be_analysed(
    qtbot: QtBot, start: Callable[..., MainWindow], pack: Path, clip: Path, tmp_path: Path
) -> None:
    # Given a pack in which one byte was changed, when the window starts with it,
    changed = tmp_path / "changed"
    changed.mkdir()
    for file in pack.iterdir():
        (changed / file.name).write_bytes(file.read_bytes())
    model = bytearray((changed / "model.onnx").read_bytes())
    model[-1] ^= 1
    (changed / "model.onnx").write_bytes(model)
    window = start(pack=changed, video=clip)
    # then the page says which promise broke,
    assert "model.onnx" in window.video_page.banner.text()
    assert window.video_page.banner.isVisible()
    # and the video can be looked at, but not analysed.
    wait(qtbot, lambda: window.session.playback.is_open)
    assert not window.video_page.analyse.isEnabled()
    # The sentence follows the language.
    before = window.video_page.banner.text()
    i18n.use("vi")
    assert window.session.model_error is not None
    assert window.video_page.banner.text() == window.session.model_error.sentence(i18n.current())
    assert before


def test_a_pack_that_is_not_there_is_a_sentence(start: Callable[..., MainWindow], tmp_path: Path) -> None:
    window = start(pack=tmp_path / "nothing")
    assert "nothing" in window.video_page.banner.text()


def test_a_profile_that_cannot_be_read_is_a_sentence(
    qtbot: QtBot, window: MainWindow, pack: Path, tmp_path: Path
) -> None:
    profile = tmp_path / "mine.json"
    profile.write_text("{}", encoding="utf-8")
    with qtbot.waitSignals([window.session.model_changed] * 2, timeout=60_000):
        window.session.use_model(str(pack), profile)
    assert "mine.json" in window.video_page.banner.text()
    assert window.session.model is None


def test_a_report_that_cannot_be_written_is_a_sentence_and_may_be_tried_again(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path
) -> None:
    # Given a result,
    analysed(qtbot, opened)
    # when it is exported into a folder that is not there,
    opened.show_page("report")
    wait(qtbot, lambda: not opened.reports.is_busy)
    opened.reports.export_to(str(tmp_path / "gone" / "report.pdf"))
    # then a sentence says so, and the button waits for another try.
    wait(qtbot, lambda: "cannot be written" in opened.report_page.banner.text())
    wait(qtbot, lambda: not opened.reports.is_busy and opened.report_page.export.isEnabled())


def test_a_file_that_is_dropped_is_opened(qtbot: QtBot, window: MainWindow, clip: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(clip))])
    event = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)
    wait(qtbot, lambda: window.session.playback.is_open)
    assert window.session.playback.path == clip


def test_the_sample_video_is_one_press_away(qtbot: QtBot, window: MainWindow) -> None:
    if not paths.sample_video().is_file():
        pytest.fail("resources/sample/sample.mp4 is missing; the first start offers it")
    qtbot.mouseClick(window.video_page.open_sample, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: window.session.playback.is_open)
    assert window.session.playback.path == paths.sample_video()


def test_damaged_settings_are_kept_aside_and_the_program_starts(start: Callable[..., MainWindow]) -> None:
    settings.save(settings.Settings(language="vi", theme="dark"))
    assert settings.load() == settings.Settings(language="vi", theme="dark")
    file = paths.user_data() / "settings.json"
    file.write_text('{"language": 5', encoding="utf-8")
    window = start()
    assert window.isVisible()
    assert settings.load() == settings.Settings()
    assert file.with_suffix(".damaged.json").is_file()
