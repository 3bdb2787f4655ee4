"""The queue: one analysis runs, the others wait; what is kept survives a crash; what fails stops nothing else."""

from __future__ import annotations

import threading
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui import queue_facts
from gui.queue_facts import Item
from screening import analysis, paths
from screening import pack as packs
from screening import profile as profiles
from screening.library.analyses import Analyses
from screening.pack import Pack
from screening.records import KeyBox, Profile, Progress, Region, Result, ScoreTimeline, Track
from tests.gui.driving import wait
from tests.gui.queue.desk import ANALYSE, Desk, kept_video


def test_one_runs_and_the_others_wait_for_it(
    qtbot: QtBot, desk: Desk, clips: list[Path], source: Pack, profile: Profile
) -> None:
    # Given three clips,
    for path in clips:
        desk.queue.add(path, source, profile)
    # when all are asked for at once, the first runs and the others wait;
    assert desk.states() == [("a.mp4", "running"), ("b.mp4", "waiting"), ("c.mp4", "waiting")]
    wait(qtbot, lambda: len(desk.heard("ended")) == 3)
    # then they came one after the other, never two together, and the queue is empty.
    assert [said for said in desk.said if said[0] in ("began", "done")] == [
        (what, path.name) for path in clips for what in ("began", "done")
    ]
    assert desk.running_at_once == 1
    assert desk.queue.items == ()


def test_progress_says_how_far_how_fast_and_how_long_still(
    qtbot: QtBot, desk: Desk, clips: list[Path], source: Pack, profile: Profile
) -> None:
    seen: list[Item] = []
    desk.queue.progressed.connect(lambda item, _progress: seen.append(item))
    desk.queue.add(clips[0], source, profile)
    wait(qtbot, lambda: bool(desk.results))
    assert seen[-1].share == 1.0
    assert seen[-1].left_s == pytest.approx(0.0)
    assert all(item.speed > 0 for item in seen if item.share)
    assert all(item.left_s is not None for item in seen if item.share >= 0.02)


def test_the_same_analysis_is_never_queued_twice_but_another_part_is(
    qtbot: QtBot, desk: Desk, held: threading.Event, clips: list[Path], source: Pack, profile: Profile
) -> None:
    # Given one that runs and one that waits,
    first = desk.queue.add(clips[0], source, profile)
    second = desk.queue.add(clips[1], source, profile)
    # when both are asked for again, nothing is added;
    assert desk.queue.add(clips[0], source, profile) == first
    assert desk.queue.add(clips[1], source, profile) == second
    assert len(desk.queue.items) == 2
    # another box, part or profile is another analysis.
    box = Track((KeyBox(0.0, Region(0, 0, 80, 60)),))
    desk.queue.add(clips[0], source, profile, track=box)
    desk.queue.add(clips[0], source, profile, trim=(1.0, 5.0))
    desk.queue.add(clips[0], source, replace(profile, version=profile.version + 1))
    assert len(desk.queue.items) == 5


def test_the_part_and_the_box_are_what_is_analysed(
    qtbot: QtBot, desk: Desk, clips: list[Path], source: Pack, profile: Profile
) -> None:
    box = Track((KeyBox(0.0, Region(0, 0, 80, 60)), KeyBox(4.0, Region(40, 30, 80, 60))))
    desk.queue.add(clips[0], source, profile, track=box, trim=(2.0, 10.0))
    wait(qtbot, lambda: bool(desk.results))
    result = desk.results["a.mp4"]
    assert result.region == box
    assert (result.video.start_s, result.video.end_s) == pytest.approx((2.0, 10.0), abs=0.2)


def test_those_that_wait_change_places_and_leave(
    qtbot: QtBot, desk: Desk, held: threading.Event, clips: list[Path], source: Pack, profile: Profile
) -> None:
    # Given one that runs and two that wait, all kept,
    videos = [kept_video(desk, qtbot, path) for path in clips]
    for path, video in zip(clips, videos, strict=True):
        desk.queue.add(path, source, profile, video_id=video)
    wait(qtbot, lambda: len(desk.queue.items) == 3)
    a, b, c = (item.key for item in desk.queue.items)
    # when the last is to come next,
    desk.queue.reorder([a, c, b])
    wait(qtbot, lambda: [item.key for item in desk.queue.items] == [a, c, b])
    # then the library has the same order,
    kept = [unfinished.video_id for unfinished in desk.asked(qtbot, lambda library: library.analyses.unfinished())]
    assert kept == [videos[0], videos[2], videos[1]]
    # and one that is taken out does not run; the library knows that too.
    with qtbot.waitSignal(desk.queue.cancelled):
        desk.queue.remove(c)
    held.set()
    wait(qtbot, lambda: len(desk.heard("ended")) == 2)
    assert desk.heard("began") == ["a.mp4", "b.mp4"]
    states = [
        desk.asked(qtbot, lambda library, video=video: library.analyses.of_video(video)[0].state) for video in videos
    ]
    assert states == ["done", "done", "cancelled"]


def test_cancelling_lets_the_next_go_on(
    qtbot: QtBot, desk: Desk, held: threading.Event, clips: list[Path], source: Pack, profile: Profile
) -> None:
    # Given one that runs (and, held, would never end) and one that waits,
    desk.queue.add(clips[0], source, profile)
    desk.queue.add(clips[1], source, profile)
    # when it is cancelled, it says so,
    desk.queue.cancel()
    assert desk.states()[0] == ("a.mp4", "stopping")
    # and the next begins.
    wait(qtbot, lambda: desk.heard("began") == ["a.mp4", "b.mp4"])
    assert desk.heard("cancelled") == ["a.mp4"]
    assert desk.states() == [("b.mp4", "running")]


def test_scores_are_kept_while_it_runs_and_the_result_at_the_end(
    qtbot: QtBot, desk: Desk, held: threading.Event, clips: list[Path], source: Pack, profile: Profile
) -> None:
    # Given a kept analysis that was held after its first scores,
    video = kept_video(desk, qtbot, clips[0])
    desk.queue.add(clips[0], source, profile, video_id=video)
    wait(qtbot, lambda: desk.queue.so_far() is not None)
    analysis_id = desk.queue.items[0].analysis_id
    assert analysis_id is not None
    # when the library is asked, it has them already;
    wait(qtbot, lambda: len(desk.asked(qtbot, lambda library: library.analyses.scores(analysis_id)).windows) > 0)
    running = desk.asked(qtbot, lambda library: library.analyses.get(analysis_id))
    assert (running.state, running.profile) == ("running", profile)
    assert running.position_s > 0
    # at the end it has exactly what was found.
    held.set()
    wait(qtbot, lambda: bool(desk.results))
    kept = desk.asked(qtbot, lambda library: library.analyses.result(analysis_id))
    assert kept is not None
    assert kept.episodes == desk.results["a.mp4"].episodes
    assert np.array_equal(kept.scores.probabilities, desk.results["a.mp4"].scores.probabilities)


def one_by_one(*args: Any, **named: Any) -> Generator[Progress, None, Result]:
    """The real analysis, telling of each window by itself."""
    inner = ANALYSE(*args, **named)
    while True:
        try:
            progress = next(inner)
        except StopIteration as end:
            return end.value
        scores = progress.scores
        for i in range(len(scores.windows)):
            at = slice(i, i + 1)
            part = ScoreTimeline(
                scores.windows[at], scores.probabilities[at], scores.assessable[at], scores.reasons[at]
            )
            yield replace(progress, scores=part)


def test_the_library_is_not_asked_more_than_once_a_second(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, desk: Desk, clips: list[Path], source: Pack, profile: Profile
) -> None:
    # Given an analysis that tells of every window, and a clock that stands still,
    monkeypatch.setattr(analysis, "analyse", one_by_one)
    monkeypatch.setattr("gui.analysis_queue.time.monotonic", lambda: 100.0)
    appended: list[int] = []
    told: list[int] = []
    append = Analyses.append
    monkeypatch.setattr(Analyses, "append", lambda *args: (appended.append(1), append(*args))[1])
    desk.queue.progressed.connect(lambda _item, progress: told.append(len(progress.scores.windows)))
    video = kept_video(desk, qtbot, clips[0])
    # when it runs to its end,
    desk.queue.add(clips[0], source, profile, video_id=video)
    wait(qtbot, lambda: bool(desk.results))
    # then it told much, and the library was given scores once.
    assert sum(told) > 10
    assert len(appended) == 1


def test_a_wish_of_before_is_found_by_what_it_asks() -> None:
    # The name of the file is not enough: the same file in two visits is two analyses.
    info = packs.read(paths.reference_pack()).info
    profile = profiles.read(paths.default_profile())
    one = queue_facts.Item(0, Path("a.mp4"), info, profile, video_id=1)
    assert one.asks_the_same(replace(one, key=5, state="left", share=0.5))
    assert not one.asks_the_same(replace(one, video_id=2))
