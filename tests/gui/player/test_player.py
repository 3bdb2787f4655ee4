"""The player is exact to the picture, in both directions, by key and by mouse; box, strip and model's view follow."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.player.playback import SPEEDS
from gui.player.reading import Cursor
from screening.video import open_video
from tests.gui.driving import press, wait
from tests.screening.videos import make_video

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.mark.parametrize("times", [None, [0.0, 0.02, 0.1, 0.5, 0.52, 0.9, 1.7, 1.71]])
def test_the_cursor_meets_every_picture_once_forwards_and_backwards(tmp_path: Path, times: list[float] | None) -> None:
    # Given a video, of a steady or of a variable rate,
    path = make_video(tmp_path / "video.mp4", seconds=2.0, times=times)
    with open_video(path) as video:
        stamps = [seconds for seconds, _ in video.pictures()]
        cursor = Cursor(video)
        # when one steps from the first picture to the last and back again,
        cursor.seek(0.0)
        there = [cursor.now[0]]
        while cursor.forward():
            there.append(cursor.now[0])
        back = [cursor.now[0]]
        while cursor.back():
            back.append(cursor.now[0])
        # then every picture was met once, in order.
        assert there == pytest.approx(stamps)
        assert back == pytest.approx(stamps[::-1])
        # and from any place one step back and one forward lead to the same picture.
        cursor.seek(stamps[len(stamps) // 2])
        assert cursor.back()
        assert cursor.forward()
        assert cursor.now[0] == pytest.approx(stamps[len(stamps) // 2])


def test_keys_step_play_and_shuttle(qtbot: QtBot, opened: MainWindow) -> None:
    playback = opened.session.playback
    playback.seek(2.0)
    wait(qtbot, lambda: playback.position_s == pytest.approx(2.0, abs=1e-3))
    # Right and Left move by exactly one picture.
    press(qtbot, opened, Qt.Key.Key_Right)
    wait(qtbot, lambda: playback.position_s == pytest.approx(2 + 1 / 30, abs=1e-3))
    press(qtbot, opened, Qt.Key.Key_Left)
    press(qtbot, opened, Qt.Key.Key_Left)
    wait(qtbot, lambda: playback.position_s == pytest.approx(2 - 1 / 30, abs=1e-3))
    # L plays, L again plays faster, K pauses, J plays backwards.
    press(qtbot, opened, Qt.Key.Key_L)
    assert playback.rate == 1
    press(qtbot, opened, Qt.Key.Key_L)
    assert playback.rate == 2
    wait(qtbot, lambda: playback.position_s > 2.5)
    press(qtbot, opened, Qt.Key.Key_K)
    assert playback.rate == 0
    press(qtbot, opened, Qt.Key.Key_J)
    assert playback.rate == -1
    wait(qtbot, lambda: playback.position_s < 2.3)
    press(qtbot, opened, Qt.Key.Key_K)


def test_playing_keeps_real_time_and_stops_at_the_end_and_begins_again(qtbot: QtBot, opened: MainWindow) -> None:
    playback = opened.session.playback
    playback.seek(playback.duration_s - 0.4)
    wait(qtbot, lambda: playback.position_s > playback.duration_s - 0.5)
    press(qtbot, opened, Qt.Key.Key_Space)
    wait(qtbot, lambda: playback.rate == 0)
    assert playback.position_s == pytest.approx(playback.duration_s, abs=0.05)
    # Space at the end plays from the beginning.
    press(qtbot, opened, Qt.Key.Key_Space)
    wait(qtbot, lambda: 0 < playback.position_s < 5)
    press(qtbot, opened, Qt.Key.Key_Space)


def test_space_presses_the_button_that_has_the_focus(qtbot: QtBot, opened: MainWindow) -> None:
    forward = opened.video_page.player.forward
    forward.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(forward, Qt.Key.Key_Space)
    wait(qtbot, lambda: opened.session.playback.position_s > 0)
    assert opened.session.playback.rate == 0, "Space on a focused button must press it, not play the video"


def test_the_seek_bar_goes_where_it_is_clicked(qtbot: QtBot, opened: MainWindow) -> None:
    bar, playback = opened.video_page.player.bar, opened.session.playback
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() // 2, bar.height() // 2))
    wait(qtbot, lambda: playback.position_s == pytest.approx(playback.duration_s / 2, rel=0.03))


def test_many_seeks_end_at_the_last_one(qtbot: QtBot, opened: MainWindow) -> None:
    playback = opened.session.playback
    for i in range(60):
        playback.seek(i * 0.4)
    wait(qtbot, lambda: playback.position_s == pytest.approx(59 * 0.4, abs=0.034))


def test_a_loop_plays_its_part_again_and_again_until_one_goes_elsewhere(qtbot: QtBot, opened: MainWindow) -> None:
    # Given a loop of half a second,
    playback = opened.session.playback
    seen: list[float] = []
    playback.shown.connect(lambda: seen.append(playback.position_s))
    playback.loop(6.0, 6.5)
    wait(qtbot, lambda: playback.position_s >= 6.0)
    del seen[:]
    # when it has begun again twice,
    wait(qtbot, lambda: sum(later < earlier for earlier, later in itertools.pairwise(seen)) >= 2)
    # then no picture from outside was shown, and it still plays.
    assert all(6.0 - 1e-3 <= seconds < 6.5 for seconds in seen)
    assert playback.rate == 1
    # Pausing keeps the loop; Space goes on with it.
    press(qtbot, opened, Qt.Key.Key_Space)
    assert playback.looped == (6.0, 6.5)
    del seen[:]
    press(qtbot, opened, Qt.Key.Key_Space)
    wait(qtbot, lambda: any(later < earlier for earlier, later in itertools.pairwise(seen)))
    # Elsewhere it ends, and what plays goes on from there.
    playback.seek(10.0)
    assert playback.looped is None
    wait(qtbot, lambda: playback.position_s > 10.6)
    press(qtbot, opened, Qt.Key.Key_K)


def test_a_loop_that_ends_with_the_video_begins_again_and_can_be_stopped(qtbot: QtBot, opened: MainWindow) -> None:
    playback = opened.session.playback
    end = playback.duration_s
    seen: list[float] = []
    playback.shown.connect(lambda: seen.append(playback.position_s))
    playback.loop(end - 0.3, end + 1.0)
    wait(qtbot, lambda: sum(later < earlier for earlier, later in itertools.pairwise(seen)) >= 2)
    playback.stop_loop()
    wait(qtbot, lambda: playback.rate == 0)
    assert playback.position_s == pytest.approx(end, abs=0.05)
    # What is no span of time is no loop.
    playback.loop(5.0, 5.0)
    assert playback.looped is None


def test_the_speed_is_chosen_by_key_and_in_the_menu(qtbot: QtBot, opened: MainWindow) -> None:
    playback, player = opened.session.playback, opened.video_page.player
    for speed in (0.5, 0.25, 0.25):
        press(qtbot, opened, Qt.Key.Key_Comma)
        assert playback.speed == speed
    assert player.speed.text() == "0.25 ×"
    # Space plays at the speed that was chosen; it may be changed while the video plays.
    press(qtbot, opened, Qt.Key.Key_Space)
    assert playback.rate == 0.25
    for _press in range(5):
        press(qtbot, opened, Qt.Key.Key_Period)
    assert playback.rate == playback.speed == SPEEDS[-1]
    wait(qtbot, lambda: playback.position_s > 3)
    press(qtbot, opened, Qt.Key.Key_Space)
    next(action for action in player.speed.menu().actions() if action.text() == "1 ×").trigger()
    assert playback.speed == 1
    # J shows that it goes backwards.
    press(qtbot, opened, Qt.Key.Key_J)
    assert player.speed.text() == "−1 ×"
    press(qtbot, opened, Qt.Key.Key_K)


def test_a_slow_speed_is_slow(qtbot: QtBot, opened: MainWindow) -> None:
    # A busy machine only plays more slowly still: no picture comes before its time.
    playback = opened.session.playback
    seen: list[tuple[float, float]] = []
    playback.shown.connect(lambda: seen.append((time.monotonic(), playback.position_s)))
    playback.use_speed(0.25)
    began = time.monotonic()
    playback.toggle()
    wait(qtbot, lambda: playback.position_s > 0.3)
    playback.toggle()
    assert all(position <= 0.25 * (when - began) + 0.01 for when, position in seen)


def test_the_picture_is_enlarged_by_key_and_by_button(qtbot: QtBot, opened: MainWindow) -> None:
    playback, player = opened.session.playback, opened.video_page.player
    whole = player.view.zoom_scale
    press(qtbot, opened, Qt.Key.Key_Plus)
    press(qtbot, opened, Qt.Key.Key_Plus)
    assert player.view.zoom_scale > whole
    assert player.view.zoom_scale % 1 == 0
    press(qtbot, opened, Qt.Key.Key_Minus)
    press(qtbot, opened, Qt.Key.Key_0)
    assert player.view.zoom_scale == whole
    assert not player.farther.isEnabled()
    qtbot.mouseClick(player.nearer, Qt.MouseButton.LeftButton)
    assert player.view.is_zoomed
    # A picture of another size is seen whole again.
    player.view.show_image(playback.image, 320, 240)
    assert not player.view.is_zoomed


def test_the_box_by_key_and_what_the_model_sees_in_it(qtbot: QtBot, opened: MainWindow) -> None:
    playback, view = opened.session.playback, opened.video_page.player.view
    playback.seek(5.0)
    wait(qtbot, lambda: playback.position_s == pytest.approx(5.0, abs=0.01))
    whole = playback.model_image.copy()
    assert (whole.width(), whole.height()) == (56, 56)
    view.setFocus()
    press(qtbot, opened, Qt.Key.Key_B)
    first = playback.region
    assert first is not None
    wait(qtbot, lambda: playback.model_image != whole)
    press(qtbot, opened, Qt.Key.Key_Right, CTRL)
    press(qtbot, opened, Qt.Key.Key_Down, SHIFT)
    moved = playback.region
    assert moved is not None
    assert moved.x > first.x
    assert moved.height > first.height
    assert moved.width == first.width
    press(qtbot, opened, Qt.Key.Key_Delete)
    assert playback.region is None
    wait(qtbot, lambda: playback.model_image == whole)


def test_a_click_or_a_box_outside_the_picture_draws_nothing(qtbot: QtBot, opened: MainWindow) -> None:
    view = opened.video_page.player.view
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.rect().center())
    assert opened.session.playback.region is None
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(view.width() // 2, view.height() // 2))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(view.width() + 900, view.height() + 900))
    region = opened.session.playback.region
    assert region is not None
    assert region.x + region.width <= opened.session.playback.width
    assert region.y + region.height <= opened.session.playback.height


def test_the_strip_follows_the_cursor_and_a_click_goes_there(qtbot: QtBot, opened: MainWindow) -> None:
    strip, playback = opened.video_page.strip, opened.session.playback
    assert strip.fps == 15
    playback.seek(10.0)
    wait(qtbot, lambda: playback.position_s == pytest.approx(10.0, abs=0.01))
    wait(qtbot, lambda: strip.shown_ticks() >= 10)
    tick = strip.tick_at(QPoint(5, 20))
    assert tick is not None
    assert tick < 150
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(5, 20))
    wait(qtbot, lambda: playback.position_s == pytest.approx(tick / 15, abs=0.034))
