"""Below the live picture: record, pause, mark, next step; the question before it stops; and what to do with the file.

States of the `Recorder` come in; what the clinician wants goes out as signals.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from gui import style
from gui.i18n import _, current, follow
from gui.icons import icon
from gui.recorder import Live
from screening.recording import Mark

HEIGHT = 52
WIDE = 140  # of the button that records, where there is room
LONG_S = 24 * 3600  # more room than anybody records
FORGIVEN = 10  # pictures that may be left out before anything is said
CONTROLS, QUESTION, OFFER = range(3)


@dataclass(frozen=True, slots=True)
class Offer:
    """A finished file that waits for the clinician: just recorded, or `recovered` after a crash."""

    path: Path
    marks: tuple[Mark, ...]
    duration_s: float
    recovered: bool


class RecordBar(QWidget):
    """One row that changes with what can be done, and below it what to keep in mind."""

    record_requested = Signal()
    stop_requested = Signal()
    pause_requested = Signal()
    mark_requested = Signal()
    next_requested = Signal()
    used = Signal()
    put_aside = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._live: Live | None = None
        self._offer: Offer | None = None
        self._folder: Path | None = None
        self._recording = self._stopping = self._can_record = self._guided = False
        self._no_folder = True
        self._marked: list[float] = []
        self.record, self.pause, self.mark, self.next_step = (QPushButton() for _button in range(4))
        self.stop_now, self.go_on, self.use, self.again = (QPushButton() for _button in range(4))
        self._time, self._room, self._place, self._keep_in_mind = (QLabel() for _label in range(4))
        self._question, self._done = QLabel(), QLabel()
        self._stack = QStackedWidget()
        self._stack.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._lay_out()
        for button, slot in (
            (self.record, self._record_clicked),
            (self.pause, self.pause_requested),
            (self.mark, self.mark_requested),
            (self.next_step, self.next_requested),
            (self.stop_now, self._stop),
            (self.go_on, self._go_on),
            (self.use, self.used),
            (self.again, self.put_aside),
        ):
            button.clicked.connect(slot)
        style.look.changed.connect(self._draw)
        follow(self)

    def _lay_out(self) -> None:
        style.role(self._time, "welcome")
        for button in (self.record, self.use, self.go_on):
            style.role(button, "primary")
        for button in (self.record, self.pause, self.mark, self.next_step):
            button.setIconSize(QSize(20, 20))
        self.record.setMinimumHeight(HEIGHT - 2 * style.TINY)
        for label in (self._room, self._place, self._keep_in_mind):
            style.role(label, "caption")
        self._keep_in_mind.setWordWrap(True)
        for label in (self._question, self._done):
            label.setWordWrap(True)
            style.role(label, "strong")
        rows = (
            (self.record, self._time, None, self.pause, self.mark, self.next_step),
            (self._question, self.stop_now, self.go_on),
            (self._done, self.again, self.use),
        )
        for widgets in rows:
            page = QWidget()
            row = QHBoxLayout(page)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(style.SMALL)
            for widget in widgets:
                if widget is None:
                    row.addStretch()
                else:
                    row.addWidget(widget, 1 if isinstance(widget, QLabel) and widget is not self._time else 0)
            self._stack.addWidget(page)
        self._controls = self._stack.widget(CONTROLS) or self
        below = QHBoxLayout()
        below.setSpacing(style.LARGE)
        below.addWidget(self._room)
        below.addWidget(self._place, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.TINY)
        column.addWidget(self._stack)
        column.addLayout(below)
        column.addWidget(self._keep_in_mind)
        self._stack.setFixedHeight(HEIGHT)

    # ---- told by the page

    def allow(self, *, camera: bool, folder: bool, recording: bool, guided: bool) -> None:
        """What is possible now."""
        if recording and not self._recording:
            self._marked, self._stopping, self._live = [], False, None
        if recording != self._recording:
            self._recording = recording
            self._stack.setCurrentIndex(CONTROLS)
        self._can_record, self._guided, self._no_folder = camera and folder, guided, not folder
        self._draw()

    def show_live(self, live: Live) -> None:
        """How far it is."""
        before, self._live = self._live, live
        if before is None or before.state.phase != live.state.phase:
            self._draw()
            if self._phase == "recording" and self.isVisible():  # where Space does no harm
                self.pause.setFocus(Qt.FocusReason.OtherFocusReason)
        self._draw_figures()

    def show_folder(self, folder: Path) -> None:
        """The finished file will lie here."""
        self._folder = folder
        self._draw_figures()

    def offer(self, offer: Offer | None) -> None:
        """Ask what is to be done with a finished file; None: nothing waits."""
        self._offer = offer
        self._stack.setCurrentIndex(CONTROLS if offer is None else OFFER)
        self._draw()
        if self.isVisible():
            (self.record if offer is None else self.use).setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_to_stop(self) -> None:
        """Stop only when the answer is yes; a countdown, in which nothing is recorded, stops at once."""
        if self._phase == "countdown":
            self._stop()
        elif self._phase in ("recording", "paused") and not self._stopping:
            self._stack.setCurrentIndex(QUESTION)
            self.go_on.setFocus(Qt.FocusReason.OtherFocusReason)

    def count_mark(self) -> int:
        """One mark more, here; its number."""
        self._marked.append(self._live.state.elapsed_s if self._live is not None else 0.0)
        self._draw_figures()
        return len(self._marked)

    def texts(self) -> str:
        """What is said below the picture now."""
        said = {CONTROLS: self._time, QUESTION: self._question, OFFER: self._done}[self._stack.currentIndex()]
        return "\n".join(label.text() for label in (said, self._room, self._place, self._keep_in_mind))

    # ---- texts

    def retranslate(self) -> None:
        """Write every text again."""
        self.mark.setToolTip(_("Leave a chapter mark at this moment (M)"))
        self.next_step.setToolTip(_("End this step now and begin the next one (N)"))
        self._question.setText(_("Stop the recording? Everything up to here is kept."))
        self.stop_now.setText(_("Stop"))
        self.stop_now.setToolTip(_("Stop the recording and keep it"))
        self.go_on.setText(_("Go on recording"))
        self.use.setText(_("Use this recording"))
        self.use.setToolTip(_("Take this recording as a video of the visit"))
        self._time.setAccessibleName(_("Recorded time"))
        self._keep_in_mind.setText(
            _("Record only with the consent of the child's parents or guardian. Sound is not recorded.")
        )
        self._draw()

    @property
    def _phase(self) -> str:
        """The recording's, "" without one; the states of the preview may still come after one was asked for."""
        if not self._recording:
            return ""
        phase = self._live.state.phase if self._live is not None else "preview"
        return {"preview": "countdown", "done": "finishing"}.get(phase, phase)

    def _draw(self) -> None:
        phase, recording, theme = self._phase, self._recording, style.look.theme
        running = phase in ("recording", "paused")
        if recording:
            self.record.setText(_("Cancel") if phase == "countdown" else _("Stop") if running else _("Finishing…"))
            self.record.setToolTip(_("Stop the recording and keep it (Esc asks first)"))
        else:
            self.record.setText(_("Record"))
            self.record.setToolTip(_("Record after a countdown (Ctrl+R)"))
        style.role(self.record, "stop" if recording else "record")
        colour = theme.error if recording else theme.on_brand
        self.record.setIcon(icon("stop" if recording else "record", colour, theme.quiet))
        can_stop = (running or phase == "countdown") and not self._stopping
        self.record.setEnabled(can_stop if recording else self._can_record and self._offer is None)
        for button in (self.pause, self.mark, self.next_step):
            button.setVisible(recording)
            button.setEnabled(running and not self._stopping)
        self.next_step.setVisible(recording and self._guided)
        over = self._live is None or self._live.state.stage is None
        self.next_step.setEnabled(self.next_step.isEnabled() and self._guided and not over)
        self._write_keys(phase == "paused")
        self.pause.setToolTip(
            _("Go on with the recording (P)") if phase == "paused" else _("Let the recording stand still (P)")
        )
        self.pause.setIcon(icon("play" if phase == "paused" else "pause", theme.brand, theme.quiet))
        self.mark.setIcon(icon("flag", theme.brand, theme.quiet))
        self.next_step.setIcon(icon("next_stage", theme.brand, theme.quiet))
        self._draw_offer()
        self._draw_figures()

    def _write_keys(self, paused: bool) -> None:
        """What the buttons are called, with their keys where there is room for them."""
        long = (_("Go on (P)") if paused else _("Pause (P)"), _("Mark (M)"), _("Next step (N)"))
        short = (_("Go on") if paused else _("Pause"), _("Mark"), _("Next step"))
        for texts, least in ((long, WIDE), (short, 0)):
            for button, text in zip((self.pause, self.mark, self.next_step), texts, strict=True):
                button.setText(text)
            self.record.setMinimumWidth(least)
            if self._controls.minimumSizeHint().width() <= self.width():
                return

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is room for more, or for less."""
        super().resizeEvent(event)
        self._write_keys(self._phase == "paused")

    def _draw_offer(self) -> None:
        offer, clock = self._offer, current().clock
        if offer is None:
            return
        if offer.recovered:
            text = _("A recording that was cut off is whole again: “{name}”, {time}.")
            self.again.setText(_("Put it aside"))
            self.again.setToolTip(_("Keep the file and do nothing with it now"))
        else:
            text = _("Recorded: “{name}”, {time}.")
            self.again.setText(_("Record again"))
            self.again.setToolTip(_("Make another recording; this one is kept"))
        self._done.setText(text.format(name=offer.path.name, time=clock(offer.duration_s)))

    def _draw_figures(self) -> None:
        live, running = self._live, self._phase in ("recording", "paused", "finishing")
        self._time.setVisible(running)
        self._time.setText(current().clock(live.state.elapsed_s) if live is not None and running else "")
        room = live.room_s if live is not None else None
        if self._no_folder:
            self._room.setText(_("Open a visit first: there is no folder to record into."))
        elif room is None:
            self._room.setText("")
        elif room >= LONG_S:
            self._room.setText(_("Room on the disk for more than a day"))
        else:
            minutes = current().number(int(room / 60))
            self._room.setText(_("Room on the disk for about {n} min").format(n=minutes))
        self._room.setVisible(bool(self._room.text()))
        self._draw_place()

    def _draw_place(self) -> None:
        state = self._live.state if self._live is not None else None
        if self._recording and state is not None:
            if state.dropped > FORGIVEN and state.dropped * 50 > state.frames:
                self._place.setText(_("The computer is too slow for this size: pictures are left out."))
            elif self._marked:
                last = current().clock(self._marked[-1])
                self._place.setText(_("Marks: {n}, the last at {time}").format(n=len(self._marked), time=last))
            else:
                self._place.setText("")
        elif self._folder is not None:
            self._place.setText(_("Kept in {folder}").format(folder=Path(*self._folder.parts[-2:])))
        self._place.setToolTip(str(self._folder or ""))

    # ---- the person

    def _record_clicked(self) -> None:
        if self._recording:
            self._stop()
        else:
            self.record_requested.emit()

    def _stop(self) -> None:
        self._stopping = True
        self._stack.setCurrentIndex(CONTROLS)
        self._draw()
        self.stop_requested.emit()

    def _go_on(self) -> None:
        self._stack.setCurrentIndex(CONTROLS)
        self.pause.setFocus(Qt.FocusReason.OtherFocusReason)
