"""The table of a self-test: outcomes come in, aligned lines go out, and at the end a sentence about all of them."""

from __future__ import annotations

from typing import TextIO

from gui.selftest.outcome import Outcome
from screening.errors import N_
from screening.language import Translator

_STATUS = {"ok": N_("ok"), "failed": N_("FAILED"), "skipped": N_("skipped")}
_TITLE = 16  # characters that the longest title takes


class Table:
    """Writes to `out` line by line; `failed` are the titles of the checks that failed."""

    def __init__(self, out: TextIO, _: Translator) -> None:
        self._out, self._ = out, _
        self._width = max(len(_(word)) for word in _STATUS.values())
        self._good = 0
        self.failed: list[str] = []
        self.skipped: list[str] = []

    def add(self, title: str, outcome: Outcome) -> None:
        """One check."""
        _ = self._
        if outcome.status == "ok":
            self._good += 1
        else:
            (self.failed if outcome.status == "failed" else self.skipped).append(_(title))
        status, name = _(_STATUS[outcome.status]).ljust(self._width), _(title).ljust(_TITLE)
        self._line(f"{status}  {name}  {_.number(outcome.seconds, 1):>5} s  {outcome.detail}")

    def end(self) -> None:
        """What it comes to."""
        _ = self._
        if self.skipped:
            self._line(_("Skipped: {checks}.").format(checks=", ".join(self.skipped)))
        if self.failed:
            self._line(
                _("Failed: {checks}. Send this table to whoever looks after this computer.").format(
                    checks=", ".join(self.failed)
                )
            )
        else:
            self._line(_("All is well: {n} checks.").format(n=self._good))

    def _line(self, text: str) -> None:
        print(text, file=self._out, flush=True)
