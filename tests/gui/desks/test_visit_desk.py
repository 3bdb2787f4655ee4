"""A visit as it is worked on: opened where it was left, its clips, what was found in them, and nothing lost."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from pytestqt.qtbot import QtBot

from gui import session
from gui.desks.visit_facts import Clip, LeftAt, Place, read_left_at, write_left_at
from gui.desks.visits import VisitDesk
from gui.session import Session
from gui.worker import Worker
from screening import analysis, paths
from screening import profile as profiles
from screening.errors import ScreeningError, VideoUnusable, WrongUsage
from screening.library import Library
from screening.library.records import Case, Report, Review, Video, Visit
from screening.records import Decision, EpisodeRule, KeyBox, Profile, Region, Result, Track
from tests.gui.driving import hold_analysis, wait

Answer = TypeVar("Answer")


class Room:
    """A session and the desk of its visit, without a window; what the desk said last."""

    def __init__(self, library: Path, pack: Path) -> None:
        self.session = Session()
        self.desk = VisitDesk(self.session)
        self.open: tuple[Case | None, Visit | None] | None = None
        self.clips: list[Clip] = []
        self.result: Result | None = None
        self.analysis_id: int | None = None
        self.reviews: list[Review] = []
        self.reports: list[Report] = []
        self.pages: list[str] = []
        self.missing: list[Clip] = []
        self.errors: list[ScreeningError] = []
        self.began = 0
        desk = self.desk
        desk.opened.connect(self._opened)
        desk.videos_changed.connect(lambda clips: setattr(self, "clips", clips))
        desk.result_changed.connect(self._result_changed)
        desk.reviews_changed.connect(lambda reviews: setattr(self, "reviews", reviews))
        desk.reports_changed.connect(lambda reports: setattr(self, "reports", reports))
        desk.page_wanted.connect(self.pages.append)
        desk.file_missing.connect(lambda clip, _error: self.missing.append(clip))
        desk.failed.connect(self.errors.append)
        self.session.queue.began.connect(self._began)
        self.session.librarian.open(library)
        self.session.use_model(str(pack))

    def _opened(self, case: Case | None, visit: Visit | None) -> None:
        self.open = (case, visit)

    def _result_changed(self, result: Result | None, analysis_id: int | None) -> None:
        self.result, self.analysis_id = result, analysis_id

    def _began(self, _item: object) -> None:
        self.began += 1

    @property
    def names(self) -> list[str]:
        return [clip.name for clip in self.clips]

    @property
    def states(self) -> list[str]:
        return [text for _key, _name, text in self.desk.lines()]

    @property
    def shows(self) -> str | None:
        playback = self.session.playback
        return playback.path.name if playback.path is not None and playback.is_open else None

    def close(self) -> None:
        self.desk.close()
        self.session.close()


@pytest.fixture
def enter(qtbot: QtBot, tmp_path: Path, pack: Path) -> Iterator[Callable[[], Room]]:
    """Starts the program on the same library each time; the one of before is closed first."""
    made: list[Room] = []

    def make() -> Room:
        for room in made:
            room.close()
        made.append(Room(tmp_path / "library.sqlite", pack))
        wait(qtbot, lambda: made[-1].session.model is not None)
        return made[-1]

    yield make
    for room in made:
        room.close()


@pytest.fixture
def room(enter: Callable[[], Room]) -> Room:
    return enter()


@pytest.fixture
def videos(clip: Path, tmp_path: Path) -> list[Path]:
    folder = tmp_path / "clips"
    folder.mkdir()
    return [Path(shutil.copy(clip, folder / f"{name}.mp4")) for name in ("play", "snack")]


def asked(qtbot: QtBot, room: Room, work: Callable[[Library], Answer]) -> Answer:
    answers: list[Answer] = []
    room.session.librarian.ask(work, answers.append)
    wait(qtbot, lambda: bool(answers))
    return answers[0]


def add_visit(library: Library) -> int:
    case = library.cases.add("K-0147")
    return library.visits.add(case.id, dt.date(2026, 11, 22)).id


def open_visit(qtbot: QtBot, room: Room, visit_id: int) -> None:
    with qtbot.waitSignal(room.desk.opened, timeout=60_000):
        room.desk.open_visit(visit_id)


def visit_with(qtbot: QtBot, room: Room, videos: list[Path]) -> int:
    """A new visit with these clips, open, the first of them shown."""
    visit_id = asked(qtbot, room, add_visit)
    open_visit(qtbot, room, visit_id)
    room.desk.add_videos(videos)
    wait(qtbot, lambda: room.shows == videos[0].name)
    return visit_id


def analyse(qtbot: QtBot, room: Room) -> Result:
    with qtbot.waitSignal(room.session.analysed, timeout=60_000) as blocker:
        room.session.analyse()
    wait(qtbot, lambda: not room.session.is_analysing)
    result: Result = blocker.args[0]
    return result


def stricter(profile: Profile) -> Profile:
    """Another profile, under which the tiny pack's scores make other episodes."""
    return replace(profile, name="Strict", episodes=EpisodeRule(0.5, 60.0, 0.0))


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


def test_reading_a_clip_through_is_kept_and_not_done_again(
    qtbot: QtBot, enter: Callable[[], Room], videos: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a clip that was read through when it was opened,
    room = enter()
    visit_id = visit_with(qtbot, room, videos[:1])
    wait(qtbot, lambda: room.clips[0].video is not None and room.clips[0].video.receipt is not None)
    # when the visit is opened again, then its receipt comes from the library.
    again = enter()
    monkeypatch.setattr("gui.session.ReceiptReader", None)
    with qtbot.waitSignal(again.session.receipt_read, timeout=60_000):
        again.desk.open_visit(visit_id)


def test_another_profile_is_kept_without_running_the_model(
    qtbot: QtBot, enter: Callable[[], Room], videos: list[Path]
) -> None:
    # Given a kept result,
    room = enter()
    visit_id = visit_with(qtbot, room, videos[:1])
    found = analyse(qtbot, room)
    assert found.episodes
    # when another profile is chosen,
    profile = stricter(found.profile)
    with qtbot.waitSignal(room.session.revised, timeout=60_000):
        room.desk.revise(profile)
    # then the result is judged by it, here and at the next start, and the model ran once.
    assert room.result is not None
    assert (room.result.profile, room.result.episodes) == (profile, ())
    assert room.began == 1
    again = enter()
    open_visit(qtbot, again, visit_id)
    wait(qtbot, lambda: again.result is not None)
    assert again.result is not None
    assert (again.result.profile, again.result.episodes) == (profile, ())


def test_what_was_reviewed_is_not_judged_anew(qtbot: QtBot, room: Room, videos: list[Path]) -> None:
    # Given a review in which something is decided,
    visit_with(qtbot, room, videos[:1])
    found = analyse(qtbot, room)
    with qtbot.waitSignal(room.desk.review_begun, timeout=60_000) as begun:
        room.desk.begin_review("Dr Lan")
    review: Review = begun.args[0]
    decision = Decision("m0", "accept", "Dr Lan", "2026-11-22T10:00:00+00:00")
    asked(qtbot, room, lambda library: library.reviews.decide(review.id, [decision]))
    # when another profile would change the episodes,
    room.desk.revise(stricter(found.profile))
    wait(qtbot, lambda: bool(room.errors))
    # then a sentence says why not, and the result stays.
    assert "have been reviewed" in str(room.errors[0])
    assert room.result is not None
    assert room.result.episodes == found.episodes
    # The review is read again when somebody asks.
    room.desk.look_at_reviews()
    wait(qtbot, lambda: bool(room.reviews) and room.reviews[0].decisions == (decision,))


def test_reports_are_remembered_with_the_review_they_show(
    qtbot: QtBot, enter: Callable[[], Room], videos: list[Path], tmp_path: Path
) -> None:
    room = enter()
    visit_id = visit_with(qtbot, room, videos[:1])
    analyse(qtbot, room)
    with qtbot.waitSignal(room.desk.review_begun, timeout=60_000):
        room.desk.begin_review("Dr Lan")
    room.desk.report_exported(tmp_path / "report.pdf", {"language": "vi", "evidence": "none"}, "ab" * 32)
    wait(qtbot, lambda: len(room.reports) == 1)
    report = room.reports[0]
    assert (report.language, report.settings["evidence"], report.analysis_id) == ("vi", "none", room.analysis_id)
    assert room.desk.review is not None
    assert report.review_id == room.desk.review.id
    assert room.desk.report_case().pseudonym == "K-0147"
    again = enter()
    open_visit(qtbot, again, visit_id)
    assert [kept.sha256 for kept in again.reports] == ["ab" * 32]


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


# ---------------------------------------------------------------------------------------------- the session alone


def test_of_two_profiles_chosen_quickly_the_last_one_counts(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, room: Room, videos: list[Path]
) -> None:
    # Given a result, and a first judgement that takes longer than the second,
    visit_with(qtbot, room, videos[:1])
    found = analyse(qtbot, room)
    slow, quick = stricter(found.profile), replace(found.profile, name="Quick")
    second_is_done, judge = threading.Event(), analysis.with_profile

    def judged(result: Result, profile: Profile) -> Result:
        if profile == slow:
            second_is_done.wait(30)
        return judge(result, profile)

    monkeypatch.setattr(analysis, "with_profile", judged)
    # when both are asked for,
    late: list[Worker] = []
    start = room.session.crew.start
    monkeypatch.setattr(room.session.crew, "start", lambda worker: (late.append(worker), start(worker)))
    room.session.use_profile(slow)
    with qtbot.waitSignal(room.session.revised, timeout=60_000):
        room.session.use_profile(quick)
    with qtbot.waitSignal(late[0].finished, timeout=60_000):
        second_is_done.set()
    # then the slower answer changes nothing, and the library has the last one.
    assert room.session.result is not None
    assert room.session.result.profile == quick
    assert room.session.model is not None
    assert room.session.model.profile == quick
    analysis_id = room.analysis_id
    assert analysis_id is not None
    kept = asked(qtbot, room, lambda library: library.analyses.get(analysis_id).profile)
    assert kept == quick


def test_of_two_packs_chosen_quickly_the_last_one_counts(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, room: Room, pack: Path
) -> None:
    # Given a pack whose check takes longer than that of the next, which is refused,
    slow, load = threading.Event(), session.load_model

    def slowly(name: str, profile: Path) -> object:
        if name == str(pack):
            slow.wait(30)
        return load(name, profile)

    monkeypatch.setattr(session, "load_model", slowly)
    room.session.use_model(str(pack))
    room.session.use_model("no such pack")
    wait(qtbot, lambda: room.session.model_error is not None)
    # when the first is done at last,
    slow.set()
    room.session.crew.dismiss()
    qtbot.wait(50)
    # then the last answer stands.
    assert room.session.model is None


def test_a_profile_chosen_while_it_runs_judges_its_result(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, room: Room, videos: list[Path]
) -> None:
    held = hold_analysis(monkeypatch)
    room.desk.add_videos(videos[:1])
    wait(qtbot, lambda: room.shows == "play.mp4")
    room.session.analyse()
    wait(qtbot, lambda: room.session.is_analysing)
    profile = stricter(profiles.read(paths.default_profile()))
    room.session.use_profile(profile)
    with qtbot.waitSignal(room.session.revised, timeout=60_000):
        held.set()
    assert room.session.result is not None
    assert room.session.result.profile == profile
    assert room.began == 1


def test_cancelling_a_second_analysis_brings_the_first_result_back(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, room: Room, videos: list[Path]
) -> None:
    room.desk.add_videos(videos[:1])
    wait(qtbot, lambda: room.shows == "play.mp4")
    found = analyse(qtbot, room)
    hold_analysis(monkeypatch)
    room.session.playback.use_trim(1.0, 9.0)
    room.session.analyse()
    wait(qtbot, lambda: room.session.is_analysing and room.session.result is None)
    room.session.cancel()
    wait(qtbot, lambda: not room.session.is_analysing)
    assert room.session.result is found


def test_where_a_visit_was_left_survives_being_written_and_read() -> None:
    box = Track((KeyBox(0.0, Region(0, 0, 8, 8)), KeyBox(1.5, Region(2, 2, 8, 8))))
    left = LeftAt("review", 3, {3: Place(12.25, box, (1.0, None)), 4: Place()})
    assert read_left_at(write_left_at(left)) == left
    assert read_left_at({}) == LeftAt()
    assert read_left_at({"page": 5, "places": "?"}) == LeftAt()
