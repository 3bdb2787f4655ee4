"""What the window works on: one video, one model pack, one profile, one result; and the work done on them.

The pages ask ("analyse", "export"); a worker does; the answer comes back here and goes out as a signal.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gui.playback import Playback
from gui.worker import Analysis, Crew, ReceiptReader, Task, Worker
from screening import analysis, pack, paths, profile, quality, report
from screening.errors import ScreeningError
from screening.pack import Pack
from screening.records import Case, Profile, Progress, Result, VideoInfo
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


def write_report(result: Result, video: Path, path: Path, language: str, case: Case) -> Path:
    """Read the evidence from the video again and write the PDF. Raises VideoUnusable, CannotWrite."""
    evidence = analysis.evidence(video, result)
    report.write(result, path, language=language, case=case, evidence=evidence, reasons=quality.REASONS)
    return path


class Session(QObject):
    """Owns the workers; every signal arrives on the GUI thread."""

    model_changed = Signal()  # `model` or `model_error` is new
    receipt_read = Signal(object)  # VideoInfo
    analysis_began = Signal(object)  # Model
    progressed = Signal(object)  # Progress
    analysed = Signal(object)  # Result
    analysis_failed = Signal(object)  # ScreeningError
    analysis_cancelled = Signal()
    analysis_ended = Signal()  # after any of the three
    exported = Signal(object)  # Path
    export_failed = Signal(object)  # ScreeningError
    export_ended = Signal()  # after either

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.crew = Crew(self)
        self.playback = Playback(self.crew, self)
        self.model: Model | None = None
        self.model_error: ScreeningError | None = None
        self.result: Result | None = None
        self._result_video: Path | None = None
        self._analysis: Analysis | None = None
        self._receipt: Worker | None = None
        self._export: Worker | None = None
        self.playback.opened.connect(self._read_receipt)
        self.playback.closed.connect(self._forget_receipt)

    # ---- the model

    def use_model(self, pack_name: str, profile_path: Path | None = None) -> None:
        """Check the pack `pack_name` (a name or a path) away from the window; `model_changed` follows."""
        self.model = self.model_error = None
        task = Task(partial(load_model, pack_name, profile_path or paths.default_profile()))
        task.succeeded.connect(self._model_loaded)
        task.failed.connect(self._model_refused)
        self.crew.start(task)
        self.model_changed.emit()

    def _model_loaded(self, model: Model) -> None:
        self.model = model
        self.playback.use_spec(model.pack.info.input)
        self.model_changed.emit()

    def _model_refused(self, error: ScreeningError) -> None:
        self.model_error = error
        self.model_changed.emit()

    # ---- the receipt

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
        """An analysis runs."""
        return self._analysis is not None

    @property
    def can_analyse(self) -> bool:
        """There is a video, a model that kept its promises, and nothing running."""
        return self.playback.is_open and self.model is not None and not self.is_analysing

    def analyse(self) -> None:
        """Analyse the open video with the child's box as drawn now."""
        path, model = self.playback.path, self.model
        if path is None or model is None or not self.can_analyse:
            return
        self._forget_receipt()  # the analysis brings its own, and needs the processor
        self.playback.play(0.0)
        self._result_video, self.result = path, None
        run = Analysis(partial(analysis.analyse, path, model.pack, model.profile, region=self.playback.region))
        run.progressed.connect(self._progressed)
        run.succeeded.connect(self._analysed)
        run.failed.connect(self.analysis_failed)
        run.cancelled.connect(self.analysis_cancelled)
        run.finished.connect(self._ended)
        self._analysis = run
        self.analysis_began.emit(model)
        self.crew.start(run)

    def cancel(self) -> None:
        """Stop the analysis; `analysis_cancelled` follows within a second."""
        if self._analysis is not None:
            self._analysis.stop()

    def forget_result(self) -> None:
        """Another video is to be opened: what was found in the last one must not stand beside it."""
        self.result = self._result_video = None

    def _progressed(self, progress: Progress) -> None:
        self.progressed.emit(progress)

    def _analysed(self, result: Result) -> None:
        if self._result_video is None:
            return  # another video was opened in the meantime
        self.result = result
        self.playback.learn_duration(result.video.duration_s)
        self.receipt_read.emit(result.video)
        self.analysed.emit(result)

    def _ended(self) -> None:
        self._analysis = None
        self.analysis_ended.emit()

    # ---- the report

    @property
    def is_exporting(self) -> bool:
        """A report is being written."""
        return self._export is not None

    def export(self, path: Path, language: str, case: Case) -> None:
        """Write the PDF of the result to `path`; `exported` or `export_failed` follows."""
        if self.result is None or self._result_video is None or self.is_exporting:
            return
        task = Task(partial(write_report, self.result, self._result_video, path, language, case))
        task.succeeded.connect(self.exported)
        task.failed.connect(self.export_failed)
        task.finished.connect(self._export_ended)
        self._export = task
        self.crew.start(task)

    def _export_ended(self) -> None:
        self._export = None
        self.export_ended.emit()

    # ---- the end

    def close(self) -> None:
        """Stop everything and wait for it."""
        self.playback.close()
        self.crew.dismiss()
