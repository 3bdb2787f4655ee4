"""Analyses that do not simply run to their end: cancelled, cut short by closing or another video, without a level."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from tests.gui.driving import analysed, hold_analysis, press, wait
from tests.gui.scenes import make_scenes


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """The real analysis, held at its first scores until the event is set."""
    return hold_analysis(monkeypatch)


def test_progress_tells_share_speed_and_the_way_out(qtbot: QtBot, opened: MainWindow) -> None:
    # Given an analysis that runs,
    page = opened.result_page
    seen: list[str] = []
    opened.session.progressed.connect(lambda _progress: seen.append(page.progress.text()))
    # when it has come some way,
    analysed(qtbot, opened)
    # then how far, how fast and how long still was said in words.
    assert any("× real time" in text and "left" in text for text in seen), f"only this was said: {seen[-3:]}"


def test_escape_cancels_at_the_next_step(
    qtbot: QtBot, held: threading.Event, start: Callable[..., MainWindow], clip: Path
) -> None:
    # Given an analysis that is under way, which alone can be stopped,
    window = start()
    stop = window.menu.action("Stop the analysis")
    window.open_video(clip)
    wait(qtbot, lambda: window.session.can_analyse)
    assert not stop.isEnabled()
    with qtbot.waitSignal(window.session.progressed, timeout=60_000):
        window.video_page.analyse.click()
    assert stop.isEnabled()
    # when Escape is pressed (held, the analysis cannot come to its end by itself),
    with qtbot.waitSignal(window.session.analysis_cancelled, timeout=60_000):
        press(qtbot, window, Qt.Key.Key_Escape)
    # then it has stopped, a sentence says so, and the next one may begin.
    assert window.video_page.banner.text() == "The analysis was stopped. Nothing was kept of it."
    wait(qtbot, lambda: window.session.can_analyse and not stop.isEnabled())
    assert window.session.result is None
    held.set()
    assert analysed(qtbot, window).scores.windows.size


def test_the_cancel_button_cancels_too(
    qtbot: QtBot, held: threading.Event, start: Callable[..., MainWindow], clip: Path
) -> None:
    window = start()
    window.open_video(clip)
    wait(qtbot, lambda: window.session.can_analyse)
    with qtbot.waitSignal(window.session.progressed, timeout=60_000):
        window.video_page.analyse.click()
    with qtbot.waitSignal(window.session.analysis_cancelled, timeout=60_000):
        qtbot.mouseClick(window.result_page.progress.cancel, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: window.pages.currentWidget() is window.video_page)


def test_closing_the_window_while_it_runs_ends_cleanly(
    qtbot: QtBot, held: threading.Event, start: Callable[..., MainWindow], clip: Path
) -> None:
    # Given an analysis that is under way, and a video that plays,
    window = start()
    window.open_video(clip)
    wait(qtbot, lambda: window.session.can_analyse)
    with qtbot.waitSignal(window.session.progressed, timeout=60_000):
        window.video_page.analyse.click()
    window.session.playback.play(1.0)
    # when the window is closed, then it goes, and (the fixture looks) no thread is left behind.
    window.close()
    assert not window.isVisible()


def test_another_video_takes_the_place_of_one_that_is_analysed(
    qtbot: QtBot, held: threading.Event, start: Callable[..., MainWindow], clip: Path, tmp_path: Path
) -> None:
    window = start()
    window.open_video(clip)
    wait(qtbot, lambda: window.session.can_analyse)
    with qtbot.waitSignal(window.session.progressed, timeout=60_000):
        window.video_page.analyse.click()
    # When another video is opened meanwhile,
    other = make_scenes(tmp_path / "other.mp4", [("grey", 3.0)])
    with qtbot.waitSignal(window.session.analysis_ended, timeout=60_000):
        window.open_video(other)
    # then nothing of the first stands beside it.
    wait(qtbot, lambda: window.session.playback.is_open)
    assert window.session.result is None
    assert not window.sidebar.steps["result"].isEnabled()
    assert not window.result_page.export.isEnabled()


def test_too_short_a_video_has_no_level_and_says_why(
    qtbot: QtBot, start: Callable[..., MainWindow], tmp_path: Path
) -> None:
    # Given a video of three seconds, when it is analysed,
    window = start(video=make_scenes(tmp_path / "short.mp4", [("red", 3.0)]))
    wait(qtbot, lambda: window.session.can_analyse)
    result = analysed(qtbot, window)
    # then there is no level, and the reason stands where the level would be.
    card = window.result_page.result_card
    assert result.indicators.level is None
    assert not card.level.isVisible()
    assert "No level" in card.text()
    assert "profile asks for at least" in card.text()


def test_what_cannot_be_assessed_is_named_and_never_called_not_met(qtbot: QtBot, opened: MainWindow) -> None:
    # Given a clip with four dark seconds and a pack that was never taught label 10,
    result = analysed(qtbot, opened)
    # then the dark part is hatched and named with its length,
    assert result.indicators.excluded.get("dark", 0) > 1
    assert "Too dark" in opened.result_page.result_card.text()
    # and the criterion of label 10 is not assessable.
    rows = opened.result_page.result_card.criteria.rows()
    untaught = next(row for row in rows if row.cells[0] == "Behaviour 10")
    assert untaught.cells[1] == "not assessable"
    assert "not trained" in untaught.tip
    assert opened.result_page.timeline.names()[-1] == "1 other: not trained"
