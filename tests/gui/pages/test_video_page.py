"""The video page: the child's box over time, the part to analyse, the clips of a visit, and the whole receipt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from gui import i18n, style
from gui.main_window import MainWindow
from gui.pages.video import VideoPage
from gui.player.playback import Playback
from gui.widgets.receipt_dialog import ReceiptDialog
from gui.worker import Crew
from screening import pack as packs
from screening.records import KeyBox, Region, Track
from screening.sampling import track_of
from screening.video import open_video
from tests.gui.driving import wait
from tests.gui.pseudo import clipped

NONE = Qt.KeyboardModifier.NoModifier
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
FIRST, SECOND = Region(10, 10, 60, 80), Region(70, 30, 60, 80)


@pytest.fixture
def page(qtbot: QtBot, pack: Path, clip: Path) -> Iterator[VideoPage]:
    """The page by itself, with the clip open in it."""
    crew, window = Crew(), QMainWindow()
    playback = Playback(crew, window)
    page = VideoPage(playback, crew)
    window.setCentralWidget(page)
    window.resize(1130, 640)
    window.show()
    qtbot.waitExposed(window)
    spec = packs.read(pack).info.input
    playback.use_spec(spec)
    page.use_spec(spec)
    playback.open(clip)
    wait(qtbot, lambda: playback.is_open and not playback.image.isNull())
    yield page
    playback.close()
    crew.dismiss()
    window.close()
    window.deleteLater()


def playback_of(page: VideoPage) -> Playback:
    return page._playback


def press(qtbot: QtBot, page: VideoPage, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    qtbot.keyClick(QApplication.focusWidget() or page.window(), key, held)


def go(qtbot: QtBot, page: VideoPage, seconds: float) -> None:
    playback = playback_of(page)
    playback.seek(seconds)
    wait(qtbot, lambda: abs(playback.position_s - seconds) < 0.02)


def set_two(qtbot: QtBot, page: VideoPage) -> None:
    """A box at second 4, another at second 12."""
    for seconds, region in ((4.0, FIRST), (12.0, SECOND)):
        go(qtbot, page, seconds)
        playback_of(page).use_region(region)


# ---- the box over time


def test_boxes_at_two_moments_make_a_box_that_moves(qtbot: QtBot, page: VideoPage) -> None:
    playback, view = playback_of(page), page.player.view
    # Given a box drawn at one moment: it holds for the whole video.
    go(qtbot, page, 4.0)
    qtbot.mousePress(view, LEFT, pos=view.rect().center() - QPoint(60, 60))
    qtbot.mouseMove(view, view.rect().center())
    qtbot.mouseRelease(view, LEFT, pos=view.rect().center())
    first = playback.region
    assert first is not None
    assert playback.track == track_of(first)
    go(qtbot, page, 12.0)
    assert playback.region == first
    # When it is dragged at another moment,
    qtbot.mousePress(view, LEFT, pos=view.rect().center() - QPoint(30, 30))
    qtbot.mouseMove(view, view.rect().center() + QPoint(20, 0))
    qtbot.mouseRelease(view, LEFT, pos=view.rect().center() + QPoint(20, 0))
    second = playback.region
    assert second is not None
    assert second != first
    # then it moves from one to the other, and the player shows at each moment what the analysis will follow.
    track = playback.track
    assert track is not None
    assert [key.region for key in track.boxes] == [first, second]
    for seconds in (0.5, 4.0, 7.0, 8.0, 11.5, 20.0):
        go(qtbot, page, seconds)
        assert playback.region == track.at(playback.position_s)
    go(qtbot, page, 8.0)
    between = playback.region
    assert between is not None
    assert first.x < between.x < second.x


def test_what_the_model_sees_and_the_strip_follow_the_moving_box(qtbot: QtBot, page: VideoPage) -> None:
    playback = playback_of(page)
    set_two(qtbot, page)
    track = playback.track
    assert track is not None
    with open_video(playback.path) as video:
        for seconds in (4.0, 9.0, 12.0):
            go(qtbot, page, seconds)
            wait(qtbot, lambda: page.strip.shown_ticks() >= 8)
            box = track.at(playback.position_s)
            wanted = video.picture_at(seconds)[1].rgb(56, 56, box)
            colour = playback.model_image.pixelColor(28, 28)
            assert [colour.red(), colour.green(), colour.blue()] == wanted[28, 28].tolist()


def test_drawing_stops_the_picture(qtbot: QtBot, page: VideoPage) -> None:
    playback, view = playback_of(page), page.player.view
    playback.toggle()
    qtbot.mousePress(view, LEFT, pos=view.rect().center() - QPoint(60, 60))
    qtbot.mouseMove(view, view.rect().center())
    assert playback.rate == 0, "a box belongs to the picture that it was begun on"
    qtbot.mouseRelease(view, LEFT, pos=view.rect().center())
    assert len(playback.keys) == 1


def test_the_last_change_of_the_box_is_taken_back(qtbot: QtBot, page: VideoPage) -> None:
    playback = playback_of(page)
    set_two(qtbot, page)
    press(qtbot, page, Qt.Key.Key_Delete)
    assert playback.track is None
    press(qtbot, page, Qt.Key.Key_Z, CTRL)
    assert [key.region for key in playback.keys] == [FIRST, SECOND]
    press(qtbot, page, Qt.Key.Key_Z, CTRL)
    assert playback.track == track_of(FIRST)
    qtbot.mouseClick(page.player.undo_box, LEFT)
    assert playback.track is None
    assert not page.player.undo_box.isEnabled()


def test_the_lane_shows_goes_to_and_removes_key_boxes(qtbot: QtBot, page: VideoPage) -> None:
    playback, lane, bar = playback_of(page), page.player.lane, page.player.bar
    assert lane.focusPolicy() == Qt.FocusPolicy.NoFocus, "an empty lane is no stop on the way of Tab"
    set_two(qtbot, page)
    assert "0:04.0, 0:12.0" in lane.accessibleDescription()
    # A click on a diamond goes there; beside them nothing happens.
    qtbot.mouseClick(lane, LEFT, pos=QPoint(round(bar.x_of(4.0)), lane.height() // 2))
    wait(qtbot, lambda: playback.position_s == pytest.approx(4.0, abs=0.02))
    qtbot.mouseClick(lane, LEFT, pos=QPoint(round(bar.x_of(20.0)), lane.height() // 2))
    # By key: the arrows go from one to the next and never step the picture,
    lane.setFocus(Qt.FocusReason.TabFocusReason)
    press(qtbot, page, Qt.Key.Key_Right)
    wait(qtbot, lambda: playback.position_s == pytest.approx(12.0, abs=0.02))
    press(qtbot, page, Qt.Key.Key_Right)
    press(qtbot, page, Qt.Key.Key_Left)
    wait(qtbot, lambda: playback.position_s == pytest.approx(4.0, abs=0.02))
    # Delete takes the chosen one away, not the whole box.
    press(qtbot, page, Qt.Key.Key_Delete)
    assert playback.keys == (KeyBox(pytest.approx(12.0, abs=0.02), SECOND),)
    # Away from every diamond, there is nothing to remove.
    go(qtbot, page, 20.0)
    press(qtbot, page, Qt.Key.Key_Delete)
    assert playback.region == SECOND


def test_boxes_that_were_kept_are_taken_up_before_the_video_is_there(qtbot: QtBot, page: VideoPage) -> None:
    playback = playback_of(page)
    kept = Track((KeyBox(4.0, FIRST), KeyBox(12.0, SECOND)))
    path = playback.path
    assert path is not None
    playback.open(path)
    playback.use_track(kept)
    playback.use_trim(1.0, None)
    wait(qtbot, lambda: playback.is_open and not playback.image.isNull())
    assert playback.track == kept
    assert playback.region == FIRST
    assert playback.trim == (1.0, None)
    assert not playback.can_undo_box
    # Another video begins with nothing.
    playback.open(path)
    assert playback.track is None
    assert playback.trim == (None, None)


# ---- the part to analyse


def test_the_part_to_analyse_is_set_at_the_cursor(qtbot: QtBot, page: VideoPage) -> None:
    playback = playback_of(page)
    go(qtbot, page, 3.0)
    press(qtbot, page, Qt.Key.Key_I)
    go(qtbot, page, 20.0)
    press(qtbot, page, Qt.Key.Key_O)
    assert playback.trim == (pytest.approx(3.0, abs=0.02), pytest.approx(20.0, abs=0.02))
    assert page._why_not.text() == "Only 0:03.0 to 0:20.0 will be analysed."
    # An end before the start means that the start was not meant any more.
    go(qtbot, page, 2.0)
    press(qtbot, page, Qt.Key.Key_O)
    assert playback.trim == (None, pytest.approx(2.0, abs=0.02))
    press(qtbot, page, Qt.Key.Key_X)
    assert playback.trim == (None, None)
    assert page._why_not.text() == ""
    assert not page.player.trim_clear.isEnabled()
    qtbot.mouseClick(page.player.trim_start, LEFT)
    assert playback.trim == (pytest.approx(2.0, abs=0.02), None)
    with pytest.raises(ValueError, match="after its start"):
        playback.use_trim(5.0, 5.0)


def test_the_seek_bar_shows_the_part(qtbot: QtBot, page: VideoPage) -> None:
    playback, bar = playback_of(page), page.player.bar
    before = bar.grab().toImage()
    playback.use_trim(10.0, 20.0)
    after = bar.grab().toImage()
    rows = range(bar.height())
    changed = [x for x in range(bar.width()) if any(before.pixel(x, y) != after.pixel(x, y) for y in rows)]
    inside = [x for x in changed if bar.x_of(10.0) + 6 < x < bar.x_of(20.0) - 6]
    assert changed
    assert not inside, "the part itself looks as before"
    assert bar.seconds_at(bar.x_of(13.0)) == pytest.approx(13.0)


# ---- the clips of a visit

CLIPS = [("a", "free play.mp4", "10:31 · analysed"), ("b", "name call.mov", "4:02 · waiting"), ("c", "snack.mkv", "")]


def test_clips_are_chosen_reordered_and_removed_by_key(qtbot: QtBot, page: VideoPage) -> None:
    clips = page.clips
    assert not clips.isVisible(), "without a visit there is no list"
    page.show_clips(CLIPS, "b")
    assert clips.isVisible()
    said: list[object] = []
    page.clip_chosen.connect(said.append)
    page.clip_removed.connect(lambda key: said.append(("removed", key)))
    page.clips_reordered.connect(said.append)
    clips.list.setFocus(Qt.FocusReason.TabFocusReason)
    here = playback_of(page).position_s
    for key, held in (
        (Qt.Key.Key_Down, NONE),
        (Qt.Key.Key_Left, NONE),
        (Qt.Key.Key_Up, ALT),
        (Qt.Key.Key_Down, ALT),
        (Qt.Key.Key_Delete, NONE),
    ):
        press(qtbot, page, key, held)
    assert said == ["c", "a", ["b", "a", "c"], ["a", "c", "b"], ("removed", "b")]
    assert playback_of(page).position_s == here
    # Nothing lies beyond the ends.
    said.clear()
    page.show_clips(CLIPS, "a")
    press(qtbot, page, Qt.Key.Key_Up)
    press(qtbot, page, Qt.Key.Key_Up, ALT)
    assert said == []


def test_clips_are_chosen_dragged_and_removed_by_mouse(qtbot: QtBot, page: VideoPage) -> None:
    page.show_clips(CLIPS, "a")
    clips = page.clips.list
    with qtbot.waitSignal(page.clip_chosen) as chosen:
        place = clips.visualItemRect(clips.item(1)).center()
        qtbot.mouseClick(clips.viewport(), LEFT, pos=place)
    assert chosen.args == ["b"]
    with qtbot.waitSignal(page.clips_reordered) as moved:
        clips.insertItem(2, clips.takeItem(0))  # what Qt does at the end of a drag
        clips.moved.emit()
    assert moved.args == [["b", "c", "a"]]
    with qtbot.waitSignal(page.clip_removed) as removed:
        qtbot.mouseClick(page.clips.remove, LEFT)
    assert removed.args == ["a"]
    assert clips.item(0).text() == "name call.mov, 4:02 · waiting", "a screen reader says name and state"


# ---- files


def dropped(*files: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    return data


def test_a_clip_whose_file_is_missing_can_be_looked_for_and_shows_nothing_of_another(
    qtbot: QtBot, page: VideoPage, clip: Path
) -> None:
    # Given a visit with a clip that is open, and one whose file is not there,
    page.show_clips([(1, "here.mp4", "analysed"), (2, "gone.mp4", "file not found")], 1)
    assert page.receipt.texts()
    # when that one is chosen,
    playback_of(page).close()
    page.show_clips([(1, "here.mp4", "analysed"), (2, "gone.mp4", "file not found")], 2)
    page.show_missing()
    # then nothing of the other is shown as if it were this one's,
    assert page.receipt.texts() == {}
    assert page._sees._image.isNull()
    assert not page.player.isVisible()
    # and the next thing to do, where the keyboard is, asks for the file.
    assert page.find_file.hasFocus()
    with qtbot.waitSignal(page.clip_chosen) as asked:
        press(qtbot, page, Qt.Key.Key_Space)
    assert asked.args == [2]
    # Once it is found the player is back.
    playback_of(page).open(clip)
    wait(qtbot, lambda: playback_of(page).is_open)
    assert page.player.isVisible()
    assert not page.find_file.isVisible()
    assert page.receipt.texts()


def test_what_a_clip_has_come_to_is_said_in_the_language_of_now(opened: MainWindow) -> None:
    clips = opened.video_page.clips.list
    assert clips.item(0).text().endswith(", not analysed")
    i18n.use("vi")
    assert clips.item(0).text().endswith(", chưa phân tích")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_in_the_smallest_window_nothing_lies_over_anything_else(qtbot: QtBot, page: VideoPage, language: str) -> None:
    # Given a page as wide as the smallest window leaves it, with everything that can be on it,
    style.look.use("light")
    i18n.use(language)
    page.show_clips([(1, "visit.mp4", "analysed"), (2, "a-second-clip.mp4", "analysed")], 1)
    set_two(qtbot, page)
    page.window().resize(940, 552)
    # then every text has its room, the slider of the loudness gave way,
    qtbot.waitUntil(lambda: clipped(page) == [], timeout=2000)
    assert not page.player.sound.volume.isVisible()
    # and comes back where there is more.
    page.window().resize(1130, 640)
    qtbot.waitUntil(page.player.sound.volume.isVisible, timeout=2000)


def test_several_files_are_dropped_at_once_but_a_pack_is_left_to_the_window(qtbot: QtBot, page: VideoPage) -> None:
    chosen: list[list[Path]] = []
    page.files_chosen.connect(chosen.append)
    one, two, model = Path("/videos/one.mp4"), Path("/videos/hai.mov"), Path("/videos/model" + packs.SUFFIX)
    for data in (dropped(one, two), dropped(model)):
        begin = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, LEFT, NONE)
        begin.setAccepted(False)
        page.dragEnterEvent(begin)
        if begin.isAccepted():
            page.dropEvent(QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, LEFT, NONE))
    assert chosen == [[one, two]]


def test_recent_videos_and_recording(qtbot: QtBot, page: VideoPage) -> None:
    assert page.recent.isHidden()
    page.show_recent([Path("/videos/one & two.mp4"), Path("/videos/three.mp4")])
    assert page.recent.isVisible()
    with qtbot.waitSignal(page.files_chosen) as chosen:
        page.recent.menu().actions()[0].trigger()
    assert chosen.args == [[Path("/videos/one & two.mp4")]]
    with qtbot.waitSignal(page.record_requested):
        qtbot.mouseClick(page.record, LEFT)
    page.show_recent([])
    assert page.recent.isHidden()


# ---- the receipt


def test_the_whole_receipt_is_behind_a_click_and_can_be_copied(qtbot: QtBot, page: VideoPage, clip: Path) -> None:
    # Given a video that is still being read: there is nothing more to show.
    assert not page.receipt.details.isEnabled()
    with open_video(clip) as video:
        for _picture in video.pictures():
            pass
        info = video.info()
    page.receipt.show_info(info)
    # When all was read and Details is pressed,
    qtbot.mouseClick(page.receipt.details, LEFT)
    dialog = page.findChild(ReceiptDialog)
    assert dialog is not None
    qtbot.waitExposed(dialog)
    # then everything is there, in the language of the window, and can be taken along; folders are not named.
    shown = dialog.table.toPlainText()
    for fact in (info.sha256, "840", info.codec, info.pixel_format, clip.name, "none found"):
        assert fact in shown
    assert str(clip.parent) not in shown
    qtbot.mouseClick(dialog.copy, LEFT)
    assert QGuiApplication.clipboard().text() == dialog.text()
    assert f"SHA-256: {info.sha256}" in dialog.text()
    i18n.use("vi")
    assert "Tệp" in dialog.table.toPlainText()
    qtbot.mouseClick(dialog.done_button, LEFT)
    wait(qtbot, lambda: page.findChild(ReceiptDialog) is None)
