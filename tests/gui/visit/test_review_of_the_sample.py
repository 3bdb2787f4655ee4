"""Reviewing must cost less than watching twice: the keys of a whole review are counted, with the shipped pack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from screening import paths
from screening.review import Reviewed
from tests.gui.visit.clinician import CTRL, Clinician, Key
from tests.gui.visit.test_visit_by_keyboard import begin_visit


def shown(me: Clinician) -> Reviewed:
    """The current episode, once its first picture is seen: nobody marks what he does not see."""
    playback = me.window.session.playback
    current = me.window.reviewing.current
    assert current is not None
    me.wait(lambda: abs(playback.position_s - current.start_s) < 0.1)
    return current


@pytest.mark.parametrize("language", ["en", "vi"])
def test_at_most_three_keys_for_each_episode(qtbot: QtBot, start: Callable[..., MainWindow], language: str) -> None:
    # Given the sample video in a visit, analysed by the model that comes with the program, and its review begun
    window = start(pack=paths.reference_pack(), language=language)
    me = Clinician(qtbot, window, language)
    begin_visit(me)
    window.open_video(paths.sample_video())
    me.wait_for_video()
    me.press(Key.Key_Return, CTRL)
    me.wait_for_result()
    me.press(Key.Key_4, CTRL)
    me.type("An")
    me.press(Key.Key_Return)
    me.wait(lambda: window.reviewing.is_begun)
    found = len(window.reviewing.items)
    assert found >= 5
    me.presses = 0
    # when the first is given another behaviour, found by the first letter of its name,
    me.press(Key.Key_C)
    me.type("l")
    me.press(Key.Key_Return)
    # the second, which comes by itself, begins one picture later,
    second = shown(me)
    me.press(Key.Key_Right)
    me.wait(lambda: window.session.playback.position_s > second.start_s)
    me.press(Key.Key_BracketLeft)
    # one that the model missed is marked, from here to the next episode,
    me.press(Key.Key_M)
    me.press(Key.Key_N)
    shown(me)
    me.press(Key.Key_M)
    while window.reviewing.current not in window.reviewing.open:
        me.press(Key.Key_N)
    # and the others are rejected and accepted in turn,
    for turn in range(len(window.reviewing.open)):
        me.press(Key.Key_A if turn % 2 else Key.Key_R)
    # then everything is decided, two are corrected, one is added,
    items = window.reviewing.items
    states = Counter(item.state for item in items)
    assert not window.reviewing.open
    assert states["corrected"] == 2
    assert states["added"] == 1
    assert states["accepted"] + states["rejected"] == found - 2
    assert next(item for item in items if item.target == second.target).start_s > second.start_s
    # with at most three keys for each.
    assert me.presses <= 3 * len(items)
