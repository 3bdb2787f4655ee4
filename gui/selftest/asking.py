"""Runs one check in a process of its own and tells what came of it, whatever becomes of that process.

A frozen program starts itself again for it (`freeze_support` in `gui.__main__` sends the child to its work).
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import struct
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from gui.selftest.outcome import Outcome, Skipped
from gui.selftest.places import defect, unnamed
from screening import language
from screening.errors import N_, ScreeningError
from screening.language import Translator

Check = Callable[[Translator], str]
"""Returns what it found when all is well, else raises a ScreeningError: Failed, Skipped, or one of the engine's."""

LIMIT_S = 180.0
"""A check that takes longer hangs; the slowest reads every file of the program, past a virus scanner at that."""

UNREADABLE = (OSError, ValueError, LookupError, struct.error)
"""What reading a catalogue raises that is missing, cut short or overwritten."""

_CRASHED = N_("crashed ({code}). {last}")
_HANGS = N_("stopped: it took longer than {seconds} s.")
_UNEXPECTED = N_("unexpected error: {error}")
_LAST_WORDS = 300  # characters


def translator(code: str) -> Translator:
    """The translator of `code`, or English where its catalogue is missing or damaged: one check tells of that."""
    try:
        return language.load(code)
    except UNREADABLE:
        return language.load("en")


def ask(check: Check, code: str, limit_s: float = LIMIT_S) -> Outcome:
    """What comes of `check`, told in the language `code`."""
    _ = translator(code)
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="viscreen-", ignore_cleanup_errors=True) as folder:
        log = Path(folder) / "log"
        child = context.Process(target=_answer, args=(check, code, log, sender), daemon=True)
        child.start()
        sender.close()
        try:
            if receiver.poll(limit_s):
                outcome: Outcome = receiver.recv()
                return outcome
            return Outcome("failed", _(_HANGS).format(seconds=round(limit_s)), time.monotonic() - begun)
        except (EOFError, ConnectionResetError):  # it ended without an answer
            child.join()
            crashed = _(_CRASHED).format(code=_ended_by(child.exitcode), last=_last_words(log))
            return Outcome("failed", crashed.strip(), time.monotonic() - begun)
        finally:
            receiver.close()
            child.kill()
            child.join()


def _answer(check: Check, code: str, log: Path, sender: Connection) -> None:
    """The child's work. What libraries print of their own goes to `log`, not between the lines of the table."""
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for descriptor in (1, 2):
        os.dup2(target, descriptor)
    sender.send(outcome_of(check, translator(code)))


def outcome_of(check: Check, _: Translator) -> Outcome:
    """Run `check` here."""
    begun = time.monotonic()
    status: Literal["ok", "failed", "skipped"]
    try:
        status, detail = "ok", check(_)
    except ScreeningError as error:
        status, detail = "skipped" if isinstance(error, Skipped) else "failed", error.sentence(_)
    except Exception as error:  # noqa: BLE001  (whatever it is, it is what the user has to tell us)
        status, detail = "failed", _(_UNEXPECTED).format(error=defect(error))
    return Outcome(status, unnamed(detail), time.monotonic() - begun)


def _ended_by(code: int | None) -> str:
    """A child's exit status as people look it up: a signal's name, else the number as Windows writes it."""
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"0x{code:X}" if code is not None and code > 255 else str(code)


def _last_words(log: Path) -> str:
    """The last line that the child left."""
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n") if log.exists() else []
    return next((unnamed(line)[:_LAST_WORDS] for line in reversed(lines) if line.strip()), "")
