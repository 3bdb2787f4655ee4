"""Keys mean one thing on each page, and the keyboard is where one begins after every change of page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from tests.gui.visit.clinician import CTRL, Clinician, Key

PAGES = ("cases", "video", "result", "review", "report", "profile", "models", "recording")


def keys_on_this_page(window: MainWindow) -> Counter[str]:
    """Every key that would be heard now wherever the focus is on this page, as often as somebody listens for it."""
    page = window.pages.currentWidget()
    heard: Counter[str] = Counter()
    for shortcut in window.findChildren(QShortcut):
        owner = shortcut.parent()
        if shortcut.isEnabled() and owner.isVisible() and (owner is page or owner is window):
            heard.update(keys.toString() for keys in QShortcut.keys(shortcut))
    for action in window.findChildren(QAction):
        if action.isEnabled():
            heard.update(keys.toString() for keys in action.shortcuts() if not keys.isEmpty())
    return heard


def assert_every_key_means_one_thing(window: MainWindow) -> None:
    twice = {keys: heard for keys, heard in keys_on_this_page(window).items() if heard > 1}
    assert not twice, (
        f"on the page “{window.page}” these keys do two things, which Qt answers by doing neither: {twice}"
    )


@pytest.fixture
def reviewing(qtbot: QtBot, start: Callable[..., MainWindow], clip: Path) -> Clinician:
    """A quick look whose review has begun: every page has something to show."""
    window = start()
    me = Clinician(qtbot, window)
    window.open_video(clip)
    me.wait_for_video()
    me.press(Key.Key_Return, CTRL)
    me.wait_for_result()
    me.press(Key.Key_4, CTRL)
    me.type("An")
    me.press(Key.Key_Return)
    me.wait(lambda: window.reviewing.is_begun)
    return me


def test_no_key_means_two_things_on_any_page(reviewing: Clinician, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.recorder.cameras", tuple)
    window = reviewing.window
    for page in PAGES:
        window.show_page(page)
        assert window.page == page
        assert_every_key_means_one_thing(window)
    window.show_page("cases")


def test_a_key_that_somebody_gives_twice_is_found(reviewing: Clinician) -> None:
    window = reviewing.window
    window.show_page("review")
    assert_every_key_means_one_thing(window)
    for owner, keys in ((window.review_page, "N"), (window, "R"), (window.review_page, "Space")):
        second = QShortcut(QKeySequence(keys), owner)
        with pytest.raises(AssertionError, match=f"review.*two things.*'{keys}': 2"):
            assert_every_key_means_one_thing(window)
        second.setEnabled(False)
        assert_every_key_means_one_thing(window)
    again = QAction(window)
    again.setShortcut(QKeySequence("Ctrl+E"))  # as the export in the menu
    window.addAction(again)
    with pytest.raises(AssertionError, match=r"'Ctrl\+E': 2"):
        assert_every_key_means_one_thing(window)
    # It does nothing where it is given twice on two pages that are never seen together.
    again.setEnabled(False)
    QShortcut(QKeySequence("N"), window.video_page)
    assert_every_key_means_one_thing(window)
    window.show_page("cases")


def test_the_keyboard_is_on_the_page_after_every_change(reviewing: Clinician, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.recorder.cameras", tuple)
    window = reviewing.window
    for page in (*PAGES, *reversed(PAGES)):
        window.show_page(page)
        focused = QApplication.focusWidget()
        assert focused is not None, page
        assert window.pages.currentWidget().isAncestorOf(focused), f"{page}: the keyboard is at {focused}"
    window.show_page("cases")


def test_keys_of_the_player_are_heard_only_where_there_is_one(reviewing: Clinician) -> None:
    window, playback = reviewing.window, reviewing.window.session.playback
    for page in ("report", "profile", "models", "cases"):
        window.show_page(page)
        window.pages.currentWidget().setFocus()
        before = playback.position_s
        for key in (Key.Key_L, Key.Key_Right, Key.Key_K):
            reviewing.press(key)
        assert playback.rate == 0, page
        assert playback.position_s == before, page
    window.show_page("review")
    reviewing.press(Key.Key_L)
    assert playback.rate > 0
    reviewing.press(Key.Key_K)
    assert playback.rate == 0


def test_analyse_is_for_the_page_of_the_video_alone(reviewing: Clinician, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody runs the model again over a review by a key that was meant for something else."""
    window = reviewing.window
    begun: list[object] = []
    window.session.queue.began.connect(begun.append)
    for page in ("result", "review", "report", "profile"):
        window.show_page(page)
        reviewing.press(Key.Key_Return, CTRL)
    assert not begun
    assert window.reviewing.is_begun


def test_space_presses_the_button_that_has_the_focus(reviewing: Clinician) -> None:
    window, playback = reviewing.window, reviewing.window.session.playback
    window.show_page("video")
    box = window.video_page.mark_first
    reviewing.tab_to(box)
    reviewing.press(Key.Key_Space)
    assert box.isChecked()
    assert playback.rate == 0
    reviewing.press(Key.Key_Space)
    assert not box.isChecked()
    window.video_page.player.view.setFocus()
    reviewing.press(Key.Key_Space)
    assert playback.rate > 0
    reviewing.press(Key.Key_Space)


def test_every_line_of_the_menu_shows_its_key(reviewing: Clinician) -> None:
    window = reviewing.window
    for action, entry, _group in window.menu._actions:
        assert action.text()
        assert action.shortcut() == QKeySequence(entry.keys[0] if entry.keys else "")
        assert ("\t" in action.text()) == bool(entry.keys)


@pytest.mark.qt_log_ignore("does not support (raise|grabbing|propagateSizeHints)")
def test_the_menu_opens_by_its_key(reviewing: Clinician) -> None:
    window = reviewing.window
    assert window.menu.action("Menu") not in window.menu.actions(), "who sees this line is there already"
    reviewing.press(Key.Key_F10)
    reviewing.wait(window.menu.isVisible)
    reviewing.qtbot.keyClick(window.menu, Key.Key_Escape)
    reviewing.wait(lambda: not window.menu.isVisible())
