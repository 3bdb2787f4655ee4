"""What is found in a visit is kept, judged anew, reviewed and reported; of two wishes the last one counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui import session
from gui.worker import Worker
from screening import analysis, paths
from screening import profile as profiles
from screening.library.records import Review
from screening.records import Decision, Profile, Result
from tests.gui.desks.room import Room, analyse, asked, open_visit, stricter, visit_with
from tests.gui.driving import hold_analysis, wait


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
