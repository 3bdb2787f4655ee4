"""What is asked before the window goes: a recording that runs, a profile that is not saved.

In: the window's wish to close; out: `agreed` once nothing is left to ask, or `page_wanted` where the person goes back.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from gui.i18n import _, current
from gui.pages.profile import ProfilePage
from gui.recorder import Recorder
from gui.widgets import question

MOST = 6  # changes that a question lists


class Closing(QObject):
    """One question after the other. After `end` nothing is asked: a recording is finished and kept all the same."""

    agreed = Signal()
    page_wanted = Signal(str)

    def __init__(self, recorder: Recorder, profile: ProfilePage, window: QWidget) -> None:
        super().__init__(window)
        self._recorder, self._profile, self._window = recorder, profile, window
        self._box: QMessageBox | None = None
        self._stopping = False
        self._edits_go = False
        self._ended = False
        recorder.ended.connect(self._recorded)

    def end(self) -> None:
        """The program ends, whatever a person would say."""
        self._ended = True

    def asks(self) -> bool:
        """Whether something is asked before; `agreed` or `page_wanted` follows then."""
        if self._ended:
            return False
        if self._box is not None or self._stopping:
            return True
        if self._recorder.is_recording:
            self._ask(
                "recording",
                _("Close ViScreen while a recording is running?"),
                _("What was recorded is kept, as a clip of the visit that is open."),
                (_("Stop and close"), _("Go on recording")),
            )
        elif self._profile.has_edits and not self._edits_go:
            self._ask(
                "profile",
                _("Close ViScreen without saving what was changed in the profile?"),
                self._would_be_lost(),
                (_("Close and drop the changes"), _("Go back and save")),
            )
        return self._box is not None

    def _ask(self, page: str, text: str, more: str, answers: tuple[str, str]) -> None:
        leave, stay = answers
        self._box = question.ask(
            self._window,
            text,
            more,
            does=(leave, partial(self._leave, page)),
            stays=(stay, partial(self._stay, page)),
            destroys=True,
        )
        self._box.finished.connect(self._answered)

    def _would_be_lost(self) -> str:
        changes = self._profile.changes.unsaved()
        lines = [f"• {change}" for change in changes[:MOST]]
        if len(changes) > MOST:
            lines.append(_("and {n} more").format(n=current().number(len(changes) - MOST)))
        return "\n".join((_("This would be lost:"), *lines))

    def _answered(self) -> None:
        self._box = None

    def _leave(self, page: str) -> None:
        self._box = None
        if page == "profile":
            self._edits_go = True
        elif self._recorder.is_recording:
            self._stopping = True  # the file is finished first; then `_recorded` goes on
            self._recorder.stop()
            return
        self._go_on()

    def _stay(self, page: str) -> None:
        self._edits_go = False
        self.page_wanted.emit(page)

    def _recorded(self) -> None:
        if self._stopping:
            self._stopping = False
            self._go_on()

    def _go_on(self) -> None:
        if not self.asks():
            self.agreed.emit()
