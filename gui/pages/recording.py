"""The recording page: choose a camera, see what it sees, record a visit step by step, use the file or record again.

Told the folder by `use_folder`; the finished file and its marks go out as `recorded`. It records while another page is
shown; a camera that records nothing is let go when the page is left.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui import style
from gui.i18n import _, follow
from gui.recorder import Live, Recorder
from gui.widgets.banner import Banner
from gui.widgets.camera_card import CameraCard
from gui.widgets.card import Card
from gui.widgets.hints_card import HintsCard
from gui.widgets.live_view import LiveView
from gui.widgets.record_bar import Offer, RecordBar
from gui.widgets.scenario_card import ScenarioCard, spoken
from screening.errors import N_, WrongUsage
from screening.recording import Mark, Recovery, Scenario, Source, Step, Wish, scenario
from screening.recording.writer import raw_path

SIDE_WIDTH, NARROW_SIDE_WIDTH = 330, 300
ROOMY = 1000  # a page that is less wide leaves more of its width to the picture
COUNTDOWN_S = 3.0
# Recorded without steps: one chapter from the beginning, so that the marks that follow it are chapters too.
FREE = Scenario((Step(N_("Beginning"), 240.0),))


class RecordingPage(QWidget):
    """One camera, one recording at a time."""

    recorded = Signal(object, object)  # Path, tuple[Mark, ...]: the clinician wants to use it

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self._recorder = recorder
        self._folder: Path | None = None
        self._steps_file: Path | None = None
        self._live: Live | None = None
        self._guided = False
        self._looked = False  # whether the cameras of this computer were asked for
        self._offers: list[Offer] = []
        self._last_s = 0.0
        self._kept = ""
        self.banner = Banner()
        self.view = LiveView()
        self.bar = RecordBar()
        self.camera, self.hints, self.steps = CameraCard(), HintsCard(), ScenarioCard()
        self._lay_out()
        self._wire()
        self._keys = (
            (QKeySequence("Ctrl+R"), self._record_key),
            (QKeySequence(Qt.Key.Key_P), self.bar.pause.click),
            (QKeySequence(Qt.Key.Key_M), self.bar.mark.click),
            (QKeySequence(Qt.Key.Key_N), self.bar.next_step.click),
            (QKeySequence(Qt.Key.Key_Escape), self.bar.ask_to_stop),
        )
        follow(self)

    def _lay_out(self) -> None:
        watch = Card()
        watch.add(self.view, 1)
        watch.column.addSpacing(style.TINY)
        watch.add(self.bar)
        side = self._side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.MEDIUM)
        column.addWidget(self.camera)
        column.addWidget(self.hints)
        column.addWidget(self.steps, 1)
        columns = QHBoxLayout()
        columns.setSpacing(style.MEDIUM)
        columns.addWidget(watch, 1)
        columns.addWidget(side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(style.MEDIUM)
        layout.addWidget(self.banner)
        layout.addLayout(columns, 1)

    def _wire(self) -> None:
        recorder, bar, camera = self._recorder, self.bar, self.camera
        camera.on_requested.connect(self._turn_on)
        camera.off_requested.connect(recorder.close)
        camera.off_requested.connect(self._closed)
        camera.look_requested.connect(self._look_again)
        camera.mirror_requested.connect(self.view.mirror)
        camera.refused.connect(self.banner.show_error)
        self.view.needs_pixels.connect(recorder.show_at_size)
        bar.record_requested.connect(self._record)
        bar.stop_requested.connect(recorder.stop)
        bar.pause_requested.connect(recorder.pause)
        bar.mark_requested.connect(self._mark)
        bar.next_requested.connect(recorder.next_step)
        bar.used.connect(self._use)
        bar.put_aside.connect(self._put_aside)
        recorder.cameras_found.connect(self._cameras_found)
        recorder.previewed.connect(self._show)
        recorder.progressed.connect(self._show)
        recorder.closed.connect(self._closed)
        recorder.recorded.connect(self._recorded)
        recorder.failed.connect(self.banner.show_error)
        recorder.ended.connect(self._ended)
        recorder.recovered.connect(self.show_recovered)

    # ---- told by the window

    def use_folder(self, folder: Path) -> None:
        """Recordings go here; those that a crash left unfinished here are finished and offered."""
        self._folder = folder
        self._recorder.use_folder(folder)
        self.bar.show_folder(folder)
        self._update()

    def use_steps_file(self, path: Path) -> None:
        """The steps that were recorded by last are kept here; those that are there already are offered."""
        self._steps_file = path
        if path.exists():
            try:
                self.steps.use(scenario.read(path))
            except WrongUsage as error:
                self.banner.show_error(error)

    def take_focus(self) -> None:
        """At the camera, from which everything begins, or at what was recorded."""
        first = self.bar.record if self.bar.record.isEnabled() else self.camera.which
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_recovered(self, recovery: Recovery) -> None:
        """Offer what was cut off and is whole again; say what could not be made whole."""
        for problem in recovery.problems:
            self.banner.show_error(problem)
        self._offers += [Offer(r.path, r.marks, r.duration_s, recovered=True) for r in recovery.recorded]
        self._offer_next()

    def take_offers(self) -> list[Path]:
        """What was recorded just now and neither used nor put aside, in the order in which it was made."""
        made = [offer.path for offer in reversed(self._offers) if not offer.recovered]
        self._offers = [offer for offer in self._offers if offer.recovered]
        return made

    @property
    def is_recording(self) -> bool:
        """From the countdown to the finished file."""
        return self._recorder.is_recording

    # ---- texts

    def retranslate(self) -> None:
        """Write every text again."""
        self._update()

    # ---- the camera

    def _look_again(self) -> None:
        self.banner.clear()
        self._recorder.look_for_cameras()

    def _cameras_found(self, sources: Sequence[Source]) -> None:
        self._looked = True
        self.camera.show_cameras(sources)
        if self.isVisible() and self.camera.ready and not self._recorder.is_on:
            self.camera.turn_on()
        self._update()

    def _turn_on(self, source: Source, wish: Wish) -> None:
        self.banner.clear()
        self._live = None
        self._recorder.open(source, wish)
        self._update()

    def _closed(self) -> None:
        self._live = None
        self.hints.show_hints(None)
        self._update()

    def _show(self, live: Live) -> None:
        first = self._live is None or self._live.state.phase != live.state.phase
        self._live = live
        self.view.show_live(live)
        self.camera.show_live(live)
        self.hints.show_hints(live.state.hints)
        self.bar.show_live(live)
        if self._recorder.is_recording:
            self._last_s = live.state.elapsed_s
            if self._guided and live.state.phase in ("recording", "paused"):
                self.steps.show_stage(live.state.stage)
        if first:
            self._update()

    # ---- a recording

    def _record_key(self) -> None:
        if self._recorder.is_recording:
            self.bar.ask_to_stop()
        else:
            self.bar.record.click()

    def _record(self) -> None:
        if self._folder is None:
            return
        self.banner.clear()
        try:
            asked = self.steps.scenario()
        except WrongUsage as error:
            self.banner.show_error(error)
            return
        self._guided = asked is not None
        if asked is not None and self._steps_file is not None:
            self._recorder.keep_steps(asked, self._steps_file)
        named = replace(spoken(asked or FREE), countdown_s=COUNTDOWN_S)
        self._last_s = 0.0
        self._recorder.record(_free_path(self._folder), named)
        if self._guided:
            self.steps.begin(named)
        self._update()

    def _mark(self) -> None:
        # The engine has begun the chapters of the steps by itself; what the clinician marked is counted apart.
        self._recorder.mark(_("Mark {n}").format(n=self.bar.count_mark()))

    def _recorded(self, path: Path, marks: tuple[Mark, ...]) -> None:
        self._offers.insert(0, Offer(path, marks, self._last_s, recovered=False))

    def _ended(self) -> None:
        self.steps.end()
        self._update()
        self._offer_next()

    def _offer_next(self) -> None:
        if not self._recorder.is_recording:
            self.bar.offer(self._offers[0] if self._offers else None)
            self._update()

    def _use(self) -> None:
        offer = self._offers.pop(0)
        self.banner.clear()
        self._offer_next()
        self.recorded.emit(offer.path, offer.marks)

    def _put_aside(self) -> None:
        self._kept = self._offers.pop(0).path.name
        self.banner.show_done(self._kept_sentence)
        self._offer_next()

    def _kept_sentence(self) -> str:
        return _("“{name}” is kept in the folder of the recordings.").format(name=self._kept)

    # ---- what may be done now

    def _update(self) -> None:
        on, recording = self._recorder.is_on, self._recorder.is_recording
        self.camera.show_on(on)
        self.camera.setVisible(not recording)
        self.hints.setVisible(self._live is not None)
        self.steps.setVisible(not recording or self._guided)
        self.bar.allow(
            camera=on and self._live is not None,
            folder=self._folder is not None,
            recording=recording,
            guided=self._guided,
        )
        if self._live is None:
            self.view.show_message(self._why_no_picture())

    def _why_no_picture(self) -> str:
        if self._recorder.is_on:
            return _("Opening the camera…")
        if self.camera.ready:
            return _("The camera is off.")
        if not self._looked:
            return _("Looking for cameras…")
        return _("No camera was found. Plug one in and look again, or enter the address of a network camera.")

    # ---- events

    def event(self, event: QEvent) -> bool:
        """The keys of this page are its own, whatever the window does with them elsewhere."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._slot(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Record, pause, mark, next step, stop."""
        slot = self._slot(event)
        if slot is None or event.isAutoRepeat():
            super().keyPressEvent(event)
        else:
            slot()

    def _slot(self, event: QKeyEvent) -> Callable[[], None] | None:
        pressed = QKeySequence(event.keyCombination())
        slot = next((slot for keys, slot in self._keys if keys == pressed), None)
        # The others mean something only while a recording runs; until then they are the window's.
        return slot if self._recorder.is_recording or slot == self._record_key else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture and its buttons come before what is beside them."""
        super().resizeEvent(event)
        self._side.setFixedWidth(SIDE_WIDTH if self.width() >= ROOMY else NARROW_SIDE_WIDTH)

    def showEvent(self, event: QShowEvent) -> None:
        """Look for cameras; the first is turned on."""
        super().showEvent(event)
        if not event.spontaneous():
            self._recorder.look_for_cameras()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let the camera go, unless it records."""
        super().hideEvent(event)
        if not event.spontaneous() and not self._recorder.is_recording:
            self._recorder.close()


def _free_path(folder: Path) -> Path:
    """A file of now that is not there yet; its name holds the time and nothing of the child."""
    moment = dt.datetime.now()
    for n in range(1, 1000):
        name = f"visit-{moment:%Y-%m-%d-%H%M%S}" + (f"-{n}" if n > 1 else "")
        path = folder / f"{name}.mkv"
        if not path.exists() and not raw_path(path).exists():
            return path
    return path
