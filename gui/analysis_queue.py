"""The queue of analyses: one runs, the others wait; what is kept is written to the library as it comes.

A video, a model pack and a profile come in; how far each is goes out, and its result or why there is none.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from gui import ethogram, queue_facts
from gui.librarian import Librarian
from gui.queue_facts import Item, Outcome, Trim, if_there
from gui.worker import Analysis, Crew, Task
from screening import analysis
from screening.errors import PackRefused, ScreeningError
from screening.library import Library
from screening.library import records as kept
from screening.pack import Pack
from screening.records import Profile, Progress, Result, ScoreTimeline, Track, Window

APPEND_S = 1.0  # the library gets new scores no more often: each time it waits for the disk
# Before this much was done, a guess at the time left would only jump about.
ENOUGH = 0.02


@dataclass(slots=True)
class _Run:
    """The analysis that runs: its worker, what it said so far, and how much of that the library has."""

    key: int
    worker: Analysis
    began: float
    parts: list[ScoreTimeline] = field(default_factory=list)
    appended: int = 0
    appended_at: float = 0.0
    position_s: float = 0.0
    total_s: float = 0.0
    window: Window | None = None
    outcome: Outcome | None = None


class AnalysisQueue(QObject):
    """Every signal arrives on the GUI thread. An item goes to its end, or is cancelled, before the next one begins."""

    changed = Signal()  # `items` are others, in another order or in another state
    began = Signal(object)  # Item
    progressed = Signal(object, object)  # Item, Progress
    done = Signal(object, object)  # Item, Result
    failed = Signal(object, object)  # Item, ScreeningError
    cancelled = Signal(object)  # Item: it was stopped, or taken out before it began
    ended = Signal(object)  # Item that had begun, after any of the three; after a defect of ours alone
    not_kept = Signal(object)  # ScreeningError: the library refused; the analysis itself goes on

    def __init__(self, crew: Crew, librarian: Librarian, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._crew, self._librarian = crew, librarian
        self._keys = itertools.count()
        self._items: list[Item] = []
        self._asked: list[Item] = []  # the library is writing them down
        self._leaving: set[int] = set()  # the library is striking them out
        self._seeking: set[int] = set()  # their pack is being looked for
        self._run: _Run | None = None
        self.pack_in_use: Pack | None = None  # looked at first when the pack of an item that was left is sought

    # ---- what there is

    @property
    def items(self) -> tuple[Item, ...]:
        """In the order in which they run; those that failed stay until they are removed."""
        return tuple(self._items)

    @property
    def running(self) -> Item | None:
        """The one that runs."""
        return self.find(self._run.key) if self._run is not None else None

    def find(self, key: int) -> Item | None:
        """The item with this key, while it is here."""
        return next((item for item in self._items if item.key == key), None)

    def so_far(self) -> Progress | None:
        """Everything that the running analysis has told until now, as one report; None before its first."""
        run = self._run
        if run is None or not run.parts:
            return None
        return Progress(run.position_s, run.total_s, ethogram.join(run.parts), run.window)

    # ---- wishes

    def add(
        self,
        video: Path,
        source: Pack,
        profile: Profile,
        *,
        track: Track | None = None,
        trim: Trim = (None, None),
        video_id: int | None = None,
    ) -> int:
        """Analyse `video` when its turn comes, and keep it when the library knows the clip as `video_id`.

        Answers the item's key; what is queued already is not queued again, what was left goes on.
        """
        new = Item(next(self._keys), video, source.info, profile, track, trim, video_id, source=source)
        same = [item for item in (*self._items, *self._asked) if item.asks_the_same(new)]
        queued = next((item for item in same if item.is_queued and item.state != "stopping"), None)
        if queued is not None:
            if queued.state == "left":
                self.go_on(queued.key)
            return queued.key
        for failed in (item for item in same if not item.is_queued):
            self._items.remove(failed)
        if video_id is None:
            self._put(new)
        else:
            self._asked.append(new)
            self._librarian.ask(
                if_there(partial(queue_facts.write_down, new, video_id)),
                partial(self._added, new),
                partial(self._not_added, new),
            )
        return new.key

    def resume(self, unfinished: Iterable[tuple[kept.Analysis, kept.Video]]) -> None:
        """Offer what a crash or closing the program left; it waits until somebody says `go_on`."""
        known = {item.analysis_id for item in self._items}
        self._items += [
            Item(
                next(self._keys),
                video.path,
                left.pack,
                left.profile,
                left.region,
                (left.start_s, left.end_s),
                video.id,
                left.id,
                state="left",
            )
            for left, video in unfinished
            if left.id not in known
        ]
        self.changed.emit()

    def go_on(self, key: int) -> None:
        """Let the item that was left, or that failed, wait for its turn; `failed` follows where its pack is gone."""
        item = self.find(key)
        if item is None or item.state not in ("left", "failed") or key in self._seeking:
            return
        if item.source is not None:
            self._change(key, state="waiting", error=None)
            self._next()
            return
        self._seeking.add(key)
        task = Task(partial(queue_facts.find_pack, key, item.pack, self.pack_in_use))
        task.succeeded.connect(self._pack_sought)
        self._crew.start(task)

    def remove(self, key: int) -> None:
        """Take the item out; one that runs is stopped, within a second. `cancelled` follows."""
        item = self.find(key)
        if item is None or key in self._leaving:
            return
        if self._run is not None and self._run.key == key:
            self._run.worker.stop()
            self._change(key, state="stopping")
        elif item.analysis_id is None or item.state == "failed":
            self._drop(item)
        else:
            self._leaving.add(key)
            self._librarian.ask(
                if_there(partial(queue_facts.cancel, item.analysis_id)),
                partial(self._struck_out, item),
                partial(self._not_struck_out, item),
            )

    def cancel(self) -> None:
        """Stop the one that runs; the next goes on."""
        if self._run is not None:
            self.remove(self._run.key)

    def forget_video(self, video_id: int) -> None:
        """The library's clip is about to be deleted: nothing of it is to be analysed."""
        for item in self.items:
            if item.video_id == video_id:
                self.remove(item.key)

    def video_moved(self, video_id: int, path: Path) -> None:
        """The file of this clip was found at `path`."""
        for item in self.items:
            if item.video_id == video_id:
                self._change(item.key, video=path)

    def reorder(self, keys: Sequence[int]) -> None:
        """Run them in this order; the one that runs stays where it is."""
        wanted = [item for key in keys if (item := self.find(key)) is not None]
        ids = [item.analysis_id for item in wanted if item.analysis_id is not None]
        if ids:
            self._librarian.ask(
                partial(queue_facts.reorder, ids), partial(self._reordered, tuple(keys)), self.not_kept.emit
            )
        else:
            self._reordered(tuple(keys))

    def close(self) -> None:
        """The program ends: what runs is left for the next start. The crew stops the worker."""
        if self._run is not None:
            self._append(self._run)
            self._run = None

    # ---- what the library says

    def _added(self, new: Item, written: kept.Analysis | None) -> None:
        self._asked.remove(new)
        if written is not None:
            self._put(replace(new, analysis_id=written.id))
        else:
            self.cancelled.emit(new)

    def _not_added(self, new: Item, error: ScreeningError) -> None:
        self._asked.remove(new)
        self.not_kept.emit(error)
        self._put(new)

    def _struck_out(self, item: Item, _answer: object) -> None:
        self._leaving.discard(item.key)
        self._drop(item)

    def _not_struck_out(self, item: Item, error: ScreeningError) -> None:
        self._leaving.discard(item.key)
        self.not_kept.emit(error)
        self._next()

    def _reordered(self, keys: Sequence[int], _answer: object = None) -> None:
        place = {key: i for i, key in enumerate(keys)}
        running = self._run.key if self._run is not None else None
        self._items.sort(key=lambda item: (item.key != running, place.get(item.key, len(place))))
        self.changed.emit()

    def _appended(self, key: int, answer: object) -> None:
        if answer is None:  # deleted under the run
            self.remove(key)

    def _not_appended(self, key: int, error: ScreeningError) -> None:
        item = self.find(key)
        if item is not None and item.analysis_id is not None:
            self._change(key, analysis_id=None)
            self.not_kept.emit(error)

    # ---- one after the other

    def _put(self, item: Item) -> None:
        self._items.append(item)
        self.changed.emit()
        self._next()

    def _drop(self, item: Item) -> None:
        self._items = [other for other in self._items if other.key != item.key]
        self.changed.emit()
        if item.is_queued:
            self.cancelled.emit(item)

    def _change(self, key: int, **fields: Any) -> None:
        self._items = [replace(item, **fields) if item.key == key else item for item in self._items]
        if fields.keys() != {"share", "speed", "left_s"}:
            self.changed.emit()

    def _next(self) -> None:
        waiting = (item for item in self._items if item.state == "waiting" and item.key not in self._leaving)
        item = next(waiting, None) if self._run is None else None
        if item is None or item.source is None:
            return
        start_s, end_s = item.trim
        steps = partial(analysis.analyse, item.video, item.source, item.profile, region=item.track)
        worker = Analysis(partial(steps, start_s=start_s, end_s=end_s))
        worker.progressed.connect(self._progressed)
        worker.succeeded.connect(self._outcome)
        worker.failed.connect(self._outcome)
        worker.cancelled.connect(self._stopped)
        worker.finished.connect(self._finished)
        self._run = _Run(item.key, worker, time.monotonic())
        self._items.sort(key=lambda other: other.key != item.key)
        self._change(item.key, state="running", share=0.0, speed=0.0, left_s=None)
        if item.analysis_id is not None:
            self._ask(item.key, partial(queue_facts.start, item.analysis_id))
        self.began.emit(self.find(item.key))
        self._crew.start(worker)

    def _ask(self, key: int, work: Callable[[Library], object]) -> None:
        self._librarian.ask(if_there(work), partial(self._appended, key), partial(self._not_appended, key))

    def _mine(self) -> _Run | None:
        """The run, when it is its worker that speaks and not one of before."""
        return self._run if self._run is not None and self.sender() is self._run.worker else None

    def _progressed(self, progress: Progress) -> None:
        run = self._mine()
        if run is None:
            return
        now = time.monotonic()
        spent = max(now - run.began, 1e-3)
        run.position_s, run.total_s, run.window = progress.position_s, progress.total_s, progress.window
        if len(progress.scores.windows):
            run.parts.append(progress.scores)
        if now - run.appended_at >= APPEND_S:
            run.appended_at = now
            self._append(run)
        left_s = spent * (1 / progress.share - 1) if progress.share >= ENOUGH else None
        self._change(run.key, share=progress.share, speed=progress.position_s / spent, left_s=left_s)
        self.progressed.emit(self.find(run.key), progress)

    def _append(self, run: _Run) -> None:
        item, parts = self.find(run.key), run.parts[run.appended :]
        if item is not None and item.analysis_id is not None and parts:
            run.appended = len(run.parts)
            position_s = (item.trim[0] or 0.0) + run.position_s
            self._ask(run.key, partial(queue_facts.append, item.analysis_id, parts, position_s))

    def _outcome(self, outcome: Result | ScreeningError) -> None:
        run = self._mine()
        if run is not None:
            run.outcome = outcome

    def _stopped(self) -> None:
        run = self._mine()
        if run is not None:
            run.outcome = "cancelled"

    def _finished(self) -> None:
        run = self._mine()
        item = self.find(run.key) if run is not None else None
        if run is None or item is None:
            return
        if item.analysis_id is None or run.outcome is None:
            self._conclude(run)
            return
        if not isinstance(run.outcome, Result):  # which brings all the scores itself
            self._append(run)
        self._librarian.ask(
            if_there(partial(queue_facts.end, item.analysis_id, run.outcome)),
            partial(self._written, run),
            partial(self._not_written, run),
        )

    def _written(self, run: _Run, answer: object) -> None:
        if answer is None:
            run.outcome = "cancelled"
        self._conclude(run)

    def _not_written(self, run: _Run, error: ScreeningError) -> None:
        self._not_appended(run.key, error)
        self._conclude(run)

    def _conclude(self, run: _Run) -> None:
        item = self.find(run.key)
        if item is None or run is not self._run:
            return
        self._run = None
        match run.outcome:
            case Result():
                self._items.remove(item)
                self.changed.emit()
                self.done.emit(item, run.outcome)
            case ScreeningError():
                self._change(item.key, state="failed", error=run.outcome)
                self.failed.emit(item, run.outcome)
            case "cancelled":
                self._drop(item)
            case None:  # a defect of ours, which the crash handler tells
                self._change(item.key, state="left")
        self.ended.emit(item)
        self._next()

    def _pack_sought(self, answer: tuple[int, Pack | PackRefused]) -> None:
        key, found = answer
        self._seeking.discard(key)
        item = self.find(key)
        if item is None:
            return
        if isinstance(found, PackRefused):
            self._change(key, state="failed", error=found)
            self.failed.emit(item, found)
        else:
            self._change(key, state="waiting", source=found, error=None)
            self._next()
