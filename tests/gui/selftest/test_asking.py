"""A check has a process of its own: a crash, a hang or a defect in it is told of, and the next check is asked."""

from __future__ import annotations

import faulthandler
import os
import time
from pathlib import Path

import pytest

from gui.selftest.asking import ask
from gui.selftest.outcome import Failed, Skipped
from screening.errors import N_
from screening.language import Translator


def well(_: Translator) -> str:
    print("a library's own words")  # must not come between the lines of the table
    return f"{_.number(1234)} of process {os.getpid()}"


def fails(_: Translator) -> str:
    raise Failed(N_("missing: {files}"), files="a.dll")


def has_nothing_to_check(_: Translator) -> str:
    raise Skipped(N_("nothing to check"))


def crashes(_: Translator) -> str:
    os.write(2, f"qt.qpa.plugin: Could not find the Qt platform plugin in {Path.home()}/x\n".encode())
    faulthandler.disable()
    os.abort()


def hangs(_: Translator) -> str:
    time.sleep(600)
    return ""


def has_a_defect(_: Translator) -> str:
    raise KeyError("Nguyễn Văn An")


def meets_the_disk(_: Translator) -> str:
    Path("/home", "an", "Nguyễn Văn An.mp4").read_bytes()
    return ""


def lacks_a_library(_: Translator) -> str:
    raise ImportError("libGL.so.1: cannot open shared object file")


def test_a_check_is_done_in_another_process_and_in_the_language_asked_for(capfd: pytest.CaptureFixture[str]) -> None:
    outcome = ask(well, "vi")
    number, _, process = outcome.detail.partition(" of process ")
    assert (outcome.status, number) == ("ok", "1.234")
    assert int(process) != os.getpid()
    assert capfd.readouterr() == ("", "")


def test_what_a_check_finds_is_its_answer() -> None:
    assert (ask(fails, "en").status, ask(fails, "en").detail) == ("failed", "missing: a.dll")
    assert ask(has_nothing_to_check, "en").status == "skipped"


@pytest.mark.skipif(os.name == "nt", reason="Windows tells of a crash by a number")
def test_a_crash_is_told_of_with_the_last_words_and_without_the_users_folder() -> None:
    outcome = ask(crashes, "en")
    assert outcome.status == "failed"
    assert outcome.detail.startswith("crashed (SIGABRT). qt.qpa.plugin: Could not find the Qt platform plugin in")
    assert str(Path.home()) not in outcome.detail
    assert ask(well, "en").status == "ok"


def test_a_check_that_hangs_is_stopped() -> None:
    outcome = ask(hangs, "en", limit_s=3)
    assert (outcome.status, outcome.detail) == ("failed", "stopped: it took longer than 3 s.")


def test_a_defect_is_told_without_its_words_which_may_hold_a_name() -> None:
    outcome = ask(has_a_defect, "en")
    assert outcome.status == "failed"
    assert outcome.detail.startswith("unexpected error: KeyError, test_asking.py:")
    assert "An" not in ask(meets_the_disk, "en").detail
    assert "No such file" in ask(meets_the_disk, "en").detail
    assert "libGL.so.1" in ask(lacks_a_library, "en").detail, "a part of the program that is missing has to be named"
