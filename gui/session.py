"""What the window works on: one video, one model pack, one profile, one result; and the work done on them.

The pages ask; a worker does; the answer comes back here and goes out as a signal.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gui.analysis_queue import AnalysisQueue
from gui.librarian import Librarian
from gui.player.playback import Playback
from gui.queue_facts import Item, if_there
from gui.worker import Crew, ReceiptReader, Task, Worker
from screening import analysis, pack, paths, profile
from screening.errors import ScreeningError
from screening.library import Library
from screening.pack import Pack
from screening.records import Profile, Progress, Result, VideoInfo
from screening.scoring import Scorer


@dataclass(frozen=True, slots=True)
class Model:
    """A pack that kept its promises, and the profile that its scores are judged by."""

    pack: Pack
    profile: Profile


def load_model(pack_name: str, profile_path: Path) -> Model:
    """Read and check both; the golden clip is run. Raises PackRefused, WrongUsage."""
    chosen = pack.read(pack.find(pack_name))
    Scorer(chosen)
    return Model(chosen, profile.read(profile_path))


class Session(QObject):
    """Owns the workers, the queue and the way to the library; every signal arrives on the GUI thread.

    The signals of an analysis speak of the video that is open; of all the others `queue` tells.
    """

    model_changed = Signal()  # `model` or `model_error` is new
    receipt_read = Signal(object)  # VideoInfo
    analysis_began = Signal(object)  # Model
    progressed = Signal(object)  # Progress
    analysed = Signal(object)  # Result: just found, or shown again
    analysis_failed = Signal(object)  # ScreeningError
    analysis_cancelled = Signal()
    analysis_ended = Signal()  # after any of the three, and when another video is opened meanwhile
    revised = Signal(object)  # Result: the same scores judged by another profile
    revise_failed = Signal(object)  # ScreeningError

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.crew = Crew(self)
        self.playback = Playback(self.crew, self)
        self.librarian = Librarian(self.crew, self)
        self.queue = AnalysisQueue(self.crew, self.librarian, self)
        self.model: Model | None = None
        self.model_error: ScreeningError | None = None
        self.profile_path: Path | None = None  # of the profile that was chosen last, where it lies in a file
        self.result: Result | None = None
        self.result_id: int | None = None  # the library's analysis that `result` is of; None: it is not kept
        self.video_id: int | None = None  # the library's clip that is open; None: it belongs to no visit
        self._result_video: Path | None = None
        self._before: tuple[Result, int | None] | None = None  # shown again when the running analysis comes to nothing
        self._running: int | None = None  # the item of the queue that is about the open video
        self._profile: Profile | None = None  # chosen since the model was asked for
        self._judge_by: Profile | None = None  # chosen while the analysis of the open video runs
        self._judgements = itertools.count(1)
        self._judgement = 0
        self._loading: Task | None = None
        self._known_receipt: VideoInfo | None = None
        self._receipt: Worker | None = None
        self.playback.opened.connect(self._opened)
        self.playback.closed.connect(self._closed)
        self.queue.began.connect(self._item_began)
        self.queue.progressed.connect(self._item_progressed)
        self.queue.done.connect(self._item_done)
        self.queue.failed.connect(self._item_failed)
        self.queue.cancelled.connect(self._item_cancelled)
        self.queue.ended.connect(self._item_ended)

    # ---- the model

    def use_model(self, pack_name: str, profile_path: Path | None = None) -> None:
        """Check the pack `pack_name` (a name or a path) away from the window; `model_changed` follows.

        Asked again before the answer came, only the last answer counts.
        """
        self.model = self.model_error = self._profile = None
        self.profile_path = profile_path
        task = Task(partial(load_model, pack_name, profile_path or paths.default_profile()))
        task.succeeded.connect(self._model_loaded)
        task.failed.connect(self._model_refused)
        self._loading = task
        self.crew.start(task)
        self.model_changed.emit()

    def _model_loaded(self, model: Model) -> None:
        if self.sender() is self._loading:
            self.model = model if self._profile is None else replace(model, profile=self._profile)
            self.queue.pack_in_use = model.pack
            self.playback.use_spec(model.pack.info.input)
            self.model_changed.emit()

    def _model_refused(self, error: ScreeningError) -> None:
        if self.sender() is self._loading:
            self.model_error = error
            self.model_changed.emit()

    # ---- the profile

    def use_profile(self, chosen: Profile, path: Path | None = None) -> None:
        """Judge by `chosen`, kept at `path`, from now on: the result that is shown too, without running the model.

        `revised` follows, or `revise_failed` where the library refuses; then the result stays as it is.
        """
        self._profile, self.profile_path = chosen, path
        if self.model is not None:
            self.model = replace(self.model, profile=chosen)
            self.model_changed.emit()
        if self._running is not None:
            self._judge_by = chosen
        self._judge(chosen)

    def _judge(self, chosen: Profile) -> None:
        self._judgement = next(self._judgements)
        if self.result is not None:
            task = Task(partial(_judged, self._judgement, self.result, chosen))
            task.succeeded.connect(self._was_judged)
            self.crew.start(task)

    def _was_judged(self, answer: tuple[int, Result]) -> None:
        number, result = answer
        if number != self._judgement:
            return
        if self.result_id is None:
            self._revised(number, result, result)
        else:
            work = if_there(partial(_revise, self.result_id, result))
            self.librarian.ask(work, partial(self._revised, number, result), self.revise_failed.emit)

    def _revised(self, number: int, result: Result, answer: object) -> None:
        if number == self._judgement and answer is not None:
            self.result = result
            self.revised.emit(result)

    # ---- the video

    def open(self, path: Path, video_id: int | None = None, receipt: VideoInfo | None = None) -> None:
        """Open `path` in place of what is open; `video_id` is the library's, `receipt` what is known of it already.

        An analysis that runs goes on in the queue.
        """
        self.forget_result()
        self.playback.open(path)
        self.video_id, self._known_receipt = video_id, receipt

    def _opened(self, path: Path) -> None:
        running = self.queue.running
        receipt = self.result.video if self.result is not None else self._known_receipt
        if running is not None and running.state == "running" and self._is_open(running):
            self._item_began(running)
            so_far = self.queue.so_far()
            if so_far is not None:
                self.progressed.emit(so_far)
        elif receipt is not None:
            self.playback.learn_duration(receipt.duration_s)
            self.receipt_read.emit(receipt)
        else:
            self._read_receipt(path)

    def _closed(self) -> None:
        self._forget_receipt()
        self.video_id = self._known_receipt = self._before = self._judge_by = None
        if self._running is not None:
            self._running = None
            self.analysis_ended.emit()

    def _read_receipt(self, path: Path) -> None:
        fps = self.model.pack.info.input.fps if self.model is not None else None
        reader = ReceiptReader(path, fps)
        reader.read.connect(self._receipt_was_read)
        self._receipt = reader
        self.crew.start(reader)

    def _forget_receipt(self) -> None:
        if self._receipt is not None:
            self._receipt.stop()
            self._receipt = None

    def _receipt_was_read(self, info: VideoInfo) -> None:
        if self.sender() is self._receipt:
            self.playback.learn_duration(info.duration_s)
            self.receipt_read.emit(info)

    # ---- the analysis

    @property
    def is_analysing(self) -> bool:
        """An analysis of the open video runs."""
        return self._running is not None

    @property
    def is_waiting(self) -> bool:
        """An analysis of the open video waits behind another."""
        return any(item.state == "waiting" and self._is_open(item) for item in self.queue.items)

    @property
    def can_analyse(self) -> bool:
        """There is a video, and a model that kept its promises."""
        return self.playback.is_open and self.model is not None

    def analyse(self) -> None:
        """Analyse the open video with the child's box as drawn now, at once or when those before it are done."""
        path, model = self.playback.path, self.model
        if path is None or model is None or not self.can_analyse:
            return
        track, trim = self.playback.track, self.playback.trim
        self.queue.add(path, model.pack, model.profile, track=track, trim=trim, video_id=self.video_id)

    def cancel(self) -> None:
        """Stop the analysis of the open video, or take it from the queue; `analysis_cancelled` within a second."""
        for item in self.queue.items:
            if item.state in ("running", "waiting") and self._is_open(item):
                self.queue.remove(item.key)

    def forget_result(self) -> None:
        """Another video is to be opened: what was found in the last one must not stand beside it."""
        self.result = self.result_id = self._result_video = self._before = None
        self._judgement = next(self._judgements)

    def show_result(self, result: Result, video: Path, analysis_id: int | None = None) -> None:
        """Show what was found in `video` before, as though it had just been analysed."""
        if self._running is not None:
            self._before = (result, analysis_id)
            return
        self._judgement = next(self._judgements)
        self.result, self.result_id, self._result_video = result, analysis_id, video
        if self.playback.is_open:
            self.playback.learn_duration(result.video.duration_s)
        self.receipt_read.emit(result.video)
        self.analysed.emit(result)

    def _is_open(self, item: Item) -> bool:
        return item.video == self.playback.path and item.video_id == self.video_id

    def _item_began(self, item: Item) -> None:
        if not self._is_open(item) or item.source is None:
            return
        self._forget_receipt()  # the analysis brings its own, and needs the processor
        self.playback.play(0.0)
        before = (self.result, self.result_id) if self.result is not None else None
        self.forget_result()
        self._before, self._result_video, self._running = before, item.video, item.key
        self.analysis_began.emit(Model(item.source, item.profile))

    def _item_progressed(self, item: Item, progress: Progress) -> None:
        if item.key == self._running:
            self.progressed.emit(progress)

    def _item_done(self, item: Item, result: Result) -> None:
        if item.key == self._running or self._is_open(item):
            running, self._running, self._before = self._running, None, None
            self.show_result(result, item.video, item.analysis_id)
            self._running = running

    def _item_failed(self, item: Item, error: ScreeningError) -> None:
        if self._is_open(item):
            self.analysis_failed.emit(error)

    def _item_cancelled(self, item: Item) -> None:
        if self._is_open(item):
            self.analysis_cancelled.emit()

    def _item_ended(self, item: Item) -> None:
        if item.key != self._running:
            return
        self._running = None
        video, before, self._before = self._result_video, self._before, None
        if self.result is None and before is not None and video is not None:
            self.show_result(before[0], video, before[1])
        self.analysis_ended.emit()
        if self._judge_by is not None:
            self._judge(self._judge_by)
            self._judge_by = None

    # ---- the end

    def close(self) -> None:
        """Stop everything and wait for it; what was to be kept is kept, an analysis that runs is left for later."""
        self._running = None
        self.queue.close()
        self.playback.close()
        self.crew.dismiss()


def _judged(number: int, result: Result, chosen: Profile) -> tuple[int, Result]:
    return number, analysis.with_profile(result, chosen)


def _revise(analysis_id: int, result: Result, library: Library) -> object:
    return library.analyses.revise(analysis_id, result)
