"""A crash, a pack that is gone, a video that cannot be read, a full disk: a sentence, and the rest goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from screening.errors import N_, CannotWrite, PackRefused, VideoUnusable
from screening.library import Library
from screening.library.analyses import Analyses
from screening.pack import Pack
from screening.records import Profile
from tests.gui.driving import wait
from tests.gui.queue.desk import Desk, crash_image, kept_video


def test_a_crash_leaves_an_analysis_that_goes_on_when_somebody_says_so(
    qtbot: QtBot,
    tmp_path: Path,
    make_desk: Callable[..., Desk],
    held: threading.Event,
    clips: list[Path],
    source: Pack,
    profile: Profile,
) -> None:
    # Given an analysis under way and another that waits, when the power goes,
    desk = make_desk()
    videos = [kept_video(desk, qtbot, path) for path in clips[:2]]
    for path, video in zip(clips, videos, strict=False):
        desk.queue.add(path, source, profile, trim=(0.0, 20.0), video_id=video)
    wait(qtbot, lambda: desk.queue.so_far() is not None)
    image = crash_image(tmp_path, "after")
    desk.close()
    # then at the next start both are offered, in their order, and nothing runs by itself.
    again = make_desk(image)
    left = again.asked(
        qtbot, lambda library: [(a, library.videos.get(a.video_id)) for a in library.analyses.unfinished()]
    )
    again.queue.resume(left)
    again.queue.resume(left)
    assert again.states() == [("a.mp4", "left"), ("b.mp4", "left")]
    assert again.queue.running is None
    # The pack is found again (it is the one in use), and the analysis runs to its end in the same record.
    again.queue.pack_in_use = source
    held.set()
    again.queue.go_on(again.queue.items[0].key)
    wait(qtbot, lambda: again.heard("ended") == ["a.mp4"])
    kept = again.asked(qtbot, lambda library: library.analyses.get(left[0][0].id))
    assert (kept.state, kept.end_s) == ("done", 20.0)
    assert again.states() == [("b.mp4", "left")]


def test_an_analysis_whose_pack_is_gone_says_so(
    qtbot: QtBot, desk: Desk, held: threading.Event, clips: list[Path], source: Pack, profile: Profile
) -> None:
    video = kept_video(desk, qtbot, clips[0])

    def write(library: Library) -> list[Any]:
        left = library.analyses.add(video, replace(source.info, sha256="0" * 64), profile)
        return [(left, library.videos.get(video))]

    desk.queue.resume(desk.asked(qtbot, write))
    desk.queue.go_on(desk.queue.items[0].key)
    wait(qtbot, lambda: bool(desk.errors))
    assert isinstance(desk.errors[0], PackRefused)
    assert "is no longer on this computer" in str(desk.errors[0])
    assert desk.states() == [("a.mp4", "failed")]


def test_a_video_that_cannot_be_read_stays_with_its_sentence_and_stops_nothing(
    qtbot: QtBot, desk: Desk, tmp_path: Path, clips: list[Path], source: Pack, profile: Profile
) -> None:
    # Given a file that is no video, kept, before one that is,
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video at all" * 100)
    video = kept_video(desk, qtbot, broken)
    desk.queue.add(broken, source, profile, video_id=video)
    wait(qtbot, lambda: len(desk.queue.items) == 1)
    desk.queue.add(clips[0], source, profile)
    # when both had their turn,
    wait(qtbot, lambda: "a.mp4" in desk.results)
    # then the first stays with its reason, here and in the library,
    assert desk.states() == [("broken.mp4", "failed")]
    assert isinstance(desk.queue.items[0].error, VideoUnusable)
    kept = desk.asked(qtbot, lambda library: library.analyses.of_video(video)[0])
    assert kept.state == "failed"
    assert kept.failure is not None
    # and asked for again it takes its own place, not a second one.
    desk.queue.add(broken, source, profile, video_id=video)
    wait(qtbot, lambda: len(desk.heard("failed")) == 2)
    assert desk.states() == [("broken.mp4", "failed")]
    desk.queue.remove(desk.queue.items[0].key)
    assert desk.queue.items == ()


def test_a_full_disk_is_told_once_and_the_result_is_still_shown(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, desk: Desk, clips: list[Path], source: Pack, profile: Profile
) -> None:
    # Given a library that can write no more,
    def full(*_args: object) -> None:
        raise CannotWrite(N_("The library “{name}” cannot be written: {why}."), name="library", why="full")

    video = kept_video(desk, qtbot, clips[0])
    monkeypatch.setattr(Analyses, "append", full)
    monkeypatch.setattr(Analyses, "finish", full)
    kept: list[int | None] = []
    desk.queue.done.connect(lambda item, _result: kept.append(item.analysis_id))
    # when an analysis runs to its end,
    desk.queue.add(clips[0], source, profile, video_id=video)
    wait(qtbot, lambda: bool(desk.results))
    # then its result is there, it says that it is not kept, and why was said once.
    assert kept == [None]
    assert len(desk.errors) == 1
    # What the library has is not finished: the next start offers it.
    assert desk.asked(qtbot, lambda library: len(library.analyses.unfinished())) == 1


def test_a_video_deleted_under_its_analysis_ends_it(
    qtbot: QtBot, desk: Desk, held: threading.Event, clips: list[Path], source: Pack, profile: Profile
) -> None:
    video = kept_video(desk, qtbot, clips[0])
    desk.queue.add(clips[0], source, profile, video_id=video)
    wait(qtbot, lambda: desk.queue.so_far() is not None)
    desk.asked(qtbot, lambda library: library.videos.delete(video))
    desk.queue.forget_video(video)
    wait(qtbot, lambda: desk.heard("cancelled") == ["a.mp4"])
    assert desk.queue.items == ()
    assert desk.errors == []
