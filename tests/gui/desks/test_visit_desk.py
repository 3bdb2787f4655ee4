"""A visit as it is worked on: opened where it was left, its clips, what was found in them, and nothing lost."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.desks.visit_facts import LeftAt, Place, read_left_at, write_left_at
from screening.errors import VideoUnusable, WrongUsage
from screening.library.records import Video
from screening.records import KeyBox, Region, Track
from tests.gui.desks.room import Room, add_visit, analyse, asked, open_visit, stricter, visit_with
from tests.gui.driving import hold_analysis, wait


def test_a_visit_is_opened_where_it_was_left_with_its_result_and_without_the_model(
    qtbot: QtBot, enter: Callable[[], Room], videos: list[Path]
) -> None:
    # Given a visit of two clips, the second analysed, left on the review page at seven seconds,
    room = enter()
    visit_id = visit_with(qtbot, room, videos)
    room.desk.choose_video(room.clips[1].key)
    wait(qtbot, lambda: room.shows == "snack.mp4")
    room.session.playback.use_region(Region(0, 0, 120, 100))
    room.session.playback.use_trim(0.0, 20.0)
    found = analyse(qtbot, room)
    assert room.analysis_id is not None
    wait(qtbot, lambda: room.states == ["not analysed", "analysed"])
    room.session.playback.seek(7.0)
    wait(qtbot, lambda: abs(room.session.playback.position_s - 7.0) < 0.1)
    room.desk.at_page("review")
    # when the program is started again and the visit opened,
    again = enter()
    open_visit(qtbot, again, visit_id)
    wait(qtbot, lambda: again.shows == "snack.mp4" and again.result is not None)
    # then all of it is there again, and no analysis ran.
    assert again.open is not None
    assert again.open[0] is not None
    assert again.open[0].pseudonym == "K-0147"
    assert again.names == ["play.mp4", "snack.mp4"]
    assert again.states == ["not analysed", "analysed"]
    assert again.pages == ["review"]
    assert again.result is not None
    assert again.result.episodes == found.episodes
    wait(qtbot, lambda: abs(again.session.playback.position_s - 7.0) < 0.1)
    assert again.session.playback.trim == (0.0, 20.0)
    assert again.session.playback.track == Track((KeyBox(0.0, Region(0, 0, 120, 100)),))
    assert again.began == 0


def test_choosing_a_clip_shows_what_was_found_in_it_at_once(qtbot: QtBot, room: Room, videos: list[Path]) -> None:
    # Given two clips, of which one is analysed,
    visit_with(qtbot, room, videos)
    found = analyse(qtbot, room)
    # when the other is chosen, nothing of the first stands beside it;
    room.desk.choose_video(room.clips[1].key)
    assert room.result is None
    wait(qtbot, lambda: room.shows == "snack.mp4")
    # and back at the first its result is there.
    room.desk.choose_video(room.clips[0].key)
    wait(qtbot, lambda: room.result is not None and room.shows == "play.mp4")
    assert room.result is not None
    assert room.result.episodes == found.episodes
    assert room.began == 1


def test_an_analysis_goes_on_while_another_clip_is_watched(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, room: Room, videos: list[Path]
) -> None:
    # Given an analysis of the first clip under way,
    held = hold_analysis(monkeypatch)
    visit_with(qtbot, room, videos)
    room.session.analyse()
    wait(qtbot, lambda: room.session.queue.so_far() is not None)
    # when the second is watched and asked for too, it waits;
    room.desk.choose_video(room.clips[1].key)
    wait(qtbot, lambda: room.shows == "snack.mp4")
    assert not room.session.is_analysing
    room.session.analyse()
    wait(qtbot, lambda: room.session.is_waiting)
    assert room.states == ["being analysed", "waiting"]
    # back at the first, what it has told until now is shown again;
    with qtbot.waitSignal(room.session.progressed, timeout=60_000) as again:
        room.desk.choose_video(room.clips[0].key)
    assert room.session.is_analysing
    assert len(again.args[0].scores.windows) > 0
    # and both come to their end.
    held.set()
    wait(qtbot, lambda: room.result is not None)
    wait(qtbot, lambda: room.states == ["analysed", "analysed"])


def test_an_analysis_that_was_cut_short_is_offered(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, enter: Callable[[], Room], videos: list[Path]
) -> None:
    # Given an analysis under way, when the program ends,
    hold_analysis(monkeypatch)
    room = enter()
    visit_id = visit_with(qtbot, room, videos[:1])
    room.session.analyse()
    wait(qtbot, lambda: room.session.queue.so_far() is not None)
    room.close()
    # then it is offered at the next start, and with its visit.
    again = enter()
    wait(qtbot, lambda: [item.state for item in again.session.queue.items] == ["left"])
    open_visit(qtbot, again, visit_id)
    wait(qtbot, lambda: again.states == ["analysis not finished"])
    assert again.began == 0


def test_clips_are_added_once_put_in_order_and_removed(qtbot: QtBot, room: Room, videos: list[Path]) -> None:
    visit_id = visit_with(qtbot, room, videos)
    # The same file is not added again: it is shown.
    room.desk.add_videos([videos[1]])
    wait(qtbot, lambda: room.shows == "snack.mp4")
    assert room.names == ["play.mp4", "snack.mp4"]
    # Another order is kept,
    room.desk.reorder([room.clips[1].key, room.clips[0].key])
    wait(qtbot, lambda: room.names == ["snack.mp4", "play.mp4"])
    kept = asked(qtbot, room, lambda library: [video.path.name for video in library.videos.of_visit(visit_id)])
    assert kept == ["snack.mp4", "play.mp4"]
    # and so is that the shown one was removed: its neighbour is shown, its file stays.
    room.desk.remove_video(room.clips[0].key)
    wait(qtbot, lambda: room.shows == "play.mp4")
    assert room.names == ["play.mp4"]
    assert asked(qtbot, room, lambda library: len(library.videos.of_visit(visit_id))) == 1
    assert videos[1].is_file()
    room.desk.remove_video(room.clips[0].key)
    wait(qtbot, lambda: room.names == [])
    assert room.session.playback.path is None


def test_a_file_that_is_not_there_is_a_sentence_and_the_others_are_added(
    qtbot: QtBot, room: Room, videos: list[Path]
) -> None:
    visit_with(qtbot, room, [videos[0]])
    room.desk.add_videos([videos[0].with_name("gone.mp4"), videos[1]])
    wait(qtbot, lambda: room.names == ["play.mp4", "snack.mp4"])
    assert [str(error) for error in room.errors] == ["There is no file “gone.mp4”. Choose another video."]


def test_a_moved_file_is_missed_and_found_again(
    qtbot: QtBot, enter: Callable[[], Room], videos: list[Path], tmp_path: Path
) -> None:
    # Given a clip that was analysed, and then its file was moved,
    room = enter()
    visit_id = visit_with(qtbot, room, videos[:1])
    analyse(qtbot, room)
    wait(qtbot, lambda: room.clips[0].video is not None and room.clips[0].video.sha256 is not None)
    room.close()
    elsewhere = tmp_path / "archive" / "2026"
    elsewhere.mkdir(parents=True)
    moved = Path(shutil.move(videos[0], elsewhere / "renamed.mp4"))
    # when the visit is opened, what is missing is named, and what was found in it is there all the same.
    again = enter()
    open_visit(qtbot, again, visit_id)
    wait(qtbot, lambda: again.result is not None)
    assert [clip.name for clip in again.missing] == ["play.mp4"]
    assert again.states == ["file not found"]
    # Another video is refused,
    key = again.clips[0].key
    other = tmp_path / "other.mp4"
    other.write_bytes(b"another video")
    again.desk.find_file(key, other)
    wait(qtbot, lambda: bool(again.errors))
    assert isinstance(again.errors[-1], WrongUsage)
    # an empty folder too,
    (tmp_path / "empty").mkdir()
    again.desk.find_file(key, tmp_path / "empty")
    wait(qtbot, lambda: len(again.errors) == 2)
    assert isinstance(again.errors[-1], VideoUnusable)
    # and the right one is found by what is in it, whatever its name.
    again.desk.find_file(key, tmp_path / "archive")
    wait(qtbot, lambda: again.shows == "renamed.mp4" and again.result is not None)
    assert again.states == ["analysed"]
    kept = asked(qtbot, again, lambda library: library.videos.get(key).path)
    assert kept == moved


def test_without_a_visit_everything_works_and_nothing_is_kept(qtbot: QtBot, room: Room, videos: list[Path]) -> None:
    # Given no visit, when two clips are looked at and one analysed,
    room.desk.add_videos(videos)
    wait(qtbot, lambda: room.shows == "play.mp4")
    assert not room.desk.is_kept
    found = analyse(qtbot, room)
    assert room.analysis_id is None
    assert room.states == ["analysed", "not analysed"]
    # then its result is there again after the other was chosen,
    room.desk.choose_video(room.clips[1].key)
    assert room.result is None
    wait(qtbot, lambda: room.shows == "snack.mp4")
    room.desk.choose_video(room.clips[0].key)
    assert room.result is found
    # another profile works too,
    wait(qtbot, lambda: room.shows == "play.mp4")
    with qtbot.waitSignal(room.session.revised, timeout=60_000):
        room.desk.revise(stricter(found.profile))
    # and the library knows of nothing.
    recent: list[Video] = asked(qtbot, room, lambda library: library.videos.recent())
    assert recent == []
    room.desk.close_visit()
    assert (room.open, room.clips, room.result) == ((None, None), [], None)


def test_a_visit_that_was_deleted_is_a_sentence(qtbot: QtBot, room: Room) -> None:
    room.desk.open_visit(404)
    wait(qtbot, lambda: bool(room.errors))
    assert "no longer in the library" in str(room.errors[0])
    assert not room.desk.is_kept


def test_the_visit_opened_last_wins(qtbot: QtBot, room: Room) -> None:
    first = asked(qtbot, room, add_visit)
    second = asked(
        qtbot, room, lambda library: library.visits.add(library.visits.get(first).case_id, dt.date(2026, 11, 23)).id
    )
    with qtbot.waitSignal(room.desk.opened, timeout=60_000):
        room.desk.open_visit(first)
        room.desk.open_visit(second)
    assert room.desk.visit is not None
    assert room.desk.visit.id == second


def test_where_a_visit_was_left_survives_being_written_and_read() -> None:
    box = Track((KeyBox(0.0, Region(0, 0, 8, 8)), KeyBox(1.5, Region(2, 2, 8, 8))))
    left = LeftAt("review", 3, {3: Place(12.25, box, (1.0, None)), 4: Place()})
    assert read_left_at(write_left_at(left)) == left
    assert read_left_at({}) == LeftAt()
    assert read_left_at({"page": 5, "places": "?"}) == LeftAt()
