"""The queue: one analysis runs, the others wait; what is kept survives a crash; what fails stops nothing else."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt
from pytestqt.qtbot import QtBot

from gui import queue_facts
from gui.analysis_queue import AnalysisQueue
from gui.librarian import Librarian
from gui.queue_facts import Item
from gui.widgets.queue_panel import QueuePanel
from gui.worker import Crew
from screening import analysis, paths
from screening import pack as packs
from screening import profile as profiles
from screening.errors import N_, CannotWrite, PackRefused, VideoUnusable
from screening.library import Library
from screening.library.analyses import Analyses
from screening.pack import Pack
from screening.records import KeyBox, Profile, Progress, Region, Result, ScoreTimeline, Track
from tests.gui.driving import hold_analysis, wait

Answer = TypeVar("Answer")
ANALYSE = analysis.analyse


class Desk(QObject):
    """A queue with its crew and librarian, and everything that it said, in order."""

    def __init__(self, folder: Path, name: str = "library.sqlite") -> None:
        super().__init__()
        self.crew = Crew(self)
        self.librarian = Librarian(self.crew, self)
        self.librarian.open(folder / name)
        self.queue = AnalysisQueue(self.crew, self.librarian, self)
        self.said: list[tuple[str, str]] = []
        self.results: dict[str, Result] = {}
        self.errors: list[Any] = []
        self.running_at_once = 0
        self.queue.began.connect(self._began)
        self.queue.done.connect(self._done)
        self.queue.failed.connect(self._failed)
        self.queue.cancelled.connect(partial(self._say, "cancelled"))
        self.queue.ended.connect(partial(self._say, "ended"))
        self.queue.not_kept.connect(self.errors.append)

    def _say(self, what: str, item: Item) -> None:
        self.said.append((what, item.name))

    def _began(self, item: Item) -> None:
        self._say("began", item)
        running = [other for other in self.queue.items if other.state in ("running", "stopping")]
        self.running_at_once = max(self.running_at_once, len(running))

    def _done(self, item: Item, result: Result) -> None:
        self._say("done", item)
        self.results[item.name] = result

    def _failed(self, item: Item, error: Any) -> None:
        self._say("failed", item)
        self.errors.append(error)

    def heard(self, what: str) -> list[str]:
        return [name for said, name in self.said if said == what]

    def states(self) -> list[tuple[str, str]]:
        return [(item.name, item.state) for item in self.queue.items]

    def asked(self, qtbot: QtBot, work: Callable[[Library], Answer]) -> Answer:
        """What the library answers."""
        answers: list[Answer] = []
        self.librarian.ask(work, answers.append)
        wait(qtbot, lambda: bool(answers))
        return answers[0]

    def close(self) -> None:
        self.queue.close()
        self.crew.dismiss()


@pytest.fixture
def make_desk(qapp: object, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(name: str = "library.sqlite") -> Desk:
        made.append(Desk(tmp_path, name))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()


@pytest.fixture(scope="module")
def source(pack: Path) -> Pack:
    return packs.read(pack)


@pytest.fixture(scope="module")
def profile() -> Profile:
    return profiles.read(paths.default_profile())


@pytest.fixture(scope="module")
def clips(clip: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("clips")
    return [Path(shutil.copy(clip, folder / f"{name}.mp4")) for name in "abc"]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    return hold_analysis(monkeypatch)


def kept_video(desk: Desk, qtbot: QtBot, path: Path) -> int:
    def add(library: Library) -> int:
        case = library.cases.add(f"K-{len(library.cases.list())}")
        return library.videos.add(library.visits.add(case.id, dt.date(2026, 11, 22)).id, path).id

    return desk.asked(qtbot, add)


def crash_image(folder: Path, name: str) -> str:
    """The library's file as a power cut would leave it now. Copied by another process: closing it here unlocks it."""
    code = "import shutil, sys; [shutil.copy(a, b) for a, b in zip(sys.argv[1::2], sys.argv[2::2])]"
    files = [(folder / f"library.sqlite{end}", folder / f"{name}.sqlite{end}") for end in ("", "-wal")]
    subprocess.run([sys.executable, "-c", code, *(str(path) for pair in files for path in pair)], check=True)
    return f"{name}.sqlite"


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


# ---------------------------------------------------------------------------------------------- the panel


@pytest.fixture
def panel(qtbot: QtBot, desk: Desk) -> QueuePanel:
    panel = QueuePanel()
    qtbot.addWidget(panel)
    panel.resize(320, 300)
    desk.queue.changed.connect(lambda: panel.show_items(desk.queue.items))
    desk.queue.progressed.connect(lambda item, _progress: panel.show_progress(item))
    panel.remove_requested.connect(desk.queue.remove)
    panel.go_on_requested.connect(desk.queue.go_on)
    panel.order_chosen.connect(desk.queue.reorder)
    return panel


def test_the_panel_shows_the_queue_and_is_driven_by_keys(
    qtbot: QtBot,
    desk: Desk,
    panel: QueuePanel,
    held: threading.Event,
    clips: list[Path],
    source: Pack,
    profile: Profile,
) -> None:
    assert not panel.isVisible()
    for path in clips:
        desk.queue.add(path, source, profile)
    panel.show()
    qtbot.waitExposed(panel)
    wait(qtbot, lambda: "× real time" in panel.texts()[0] and "left" in panel.texts()[0])
    assert panel.texts()[1:] == ["b.mp4: Waits for its turn", "c.mp4: Waits for its turn"]
    # The one that runs cannot be moved; the last goes before the second with Alt+Up, and no further.
    panel.list.setFocus()
    assert not panel.up.isEnabled()
    assert not panel.down.isEnabled()
    panel.list.setCurrentRow(2)
    qtbot.keyClick(panel.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [item.name for item in desk.queue.items] == ["a.mp4", "c.mp4", "b.mp4"]
    chosen = panel.chosen()
    assert chosen is not None
    assert chosen.name == "c.mp4"
    assert not panel.up.isEnabled()
    qtbot.keyClick(panel.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [item.name for item in desk.queue.items] == ["a.mp4", "b.mp4", "c.mp4"]
    # Delete takes it out; the one that runs is cancelled by its button.
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert [item.name for item in desk.queue.items] == ["a.mp4", "b.mp4"]
    panel.list.setCurrentRow(0)
    assert panel.remove.text() == "Cancel"
    panel.remove.click()
    assert panel.texts()[0] == "a.mp4: Stopping…"
    wait(qtbot, lambda: desk.heard("cancelled") == ["c.mp4", "a.mp4"])


def test_what_was_left_goes_on_from_the_panel(
    qtbot: QtBot, desk: Desk, panel: QueuePanel, clips: list[Path], source: Pack, profile: Profile
) -> None:
    video = kept_video(desk, qtbot, clips[0])

    def write(library: Library) -> list[Any]:
        return [(library.analyses.add(video, source.info, profile), library.videos.get(video))]

    desk.queue.pack_in_use = source
    desk.queue.resume(desk.asked(qtbot, write))
    assert panel.texts() == ["a.mp4: Not finished last time"]
    assert panel.go_on.isVisible()
    panel.go_on.click()
    wait(qtbot, lambda: desk.heard("done") == ["a.mp4"])
    assert not panel.isVisible()


def test_a_wish_of_before_is_found_by_what_it_asks() -> None:
    # The name of the file is not enough: the same file in two visits is two analyses.
    info = packs.read(paths.reference_pack()).info
    profile = profiles.read(paths.default_profile())
    one = queue_facts.Item(0, Path("a.mp4"), info, profile, video_id=1)
    assert one.asks_the_same(replace(one, key=5, state="left", share=0.5))
    assert not one.asks_the_same(replace(one, video_id=2))
