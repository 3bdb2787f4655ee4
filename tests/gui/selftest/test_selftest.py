"""`viscreen --selftest` as a user runs it: a table, an exit status, no name of his; and where there is no terminal."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gui import selftest
from gui.selftest import checks
from gui.selftest.outcome import Failed
from gui.selftest.table import Table
from screening import language
from screening.errors import N_
from screening.language import Translator
from tests.conftest import ROOT


def passes(_: Translator) -> str:
    return _("{frames} pictures, {seconds} s, {codec}").format(frames=3, seconds=_.number(0.5, 1), codec="h264")


def fails(_: Translator) -> str:
    raise Failed(N_("missing: {files}"), files="libqxcb.so")


@pytest.fixture
def two_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selftest, "CHECKS", ((N_("Fonts"), fails), (N_("Sample video"), passes)))


def test_the_program_in_its_sources_is_whole_but_for_the_list_of_files(tmp_path: Path) -> None:
    # Given a user whose data folder does not exist yet, when he runs the self-test,
    data = tmp_path / "dữ liệu"
    done = subprocess.run(
        [sys.executable, "-m", "gui", "--selftest", "--lang", "en"],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
        env=os.environ | {"VISCREEN_DATA": str(data), "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"},
    )  # fmt: skip
    lines = done.stdout.splitlines()
    # then there is one line for each check, with its title,
    assert len(lines) == len(checks.CHECKS) + 2
    statuses = {}
    for (title, _), line in zip(checks.CHECKS, lines, strict=False):
        statuses[title] = line.split()[0]
        assert line[9:].startswith(title), line
        assert " s  " in line
    # all of them good where the system has what Qt wants of it, but for the list that only an installed program has,
    assert statuses.pop("Program files") == "skipped"
    if "cannot be loaded" in done.stdout:
        pytest.skip("a library of the system that Qt's plugins need is missing here:\n" + done.stdout)
    assert set(statuses.values()) == {"ok"}, done.stdout
    assert done.returncode == 0
    assert lines[-1] == "All is well: 10 checks."
    # nothing was printed besides, nothing left behind, and nothing tells who the user is or where he keeps his files.
    assert done.stderr == ""
    assert not data.exists()
    assert str(ROOT) not in done.stdout
    assert str(Path.home()) not in done.stdout


def test_one_check_that_fails_stops_no_other_and_is_the_exit_status(two_checks: None) -> None:
    out = io.StringIO()
    assert selftest.write("en", out) == 1
    first, second, last = out.getvalue().splitlines()
    assert first.startswith("FAILED   Fonts ")
    assert first.endswith("missing: libqxcb.so")
    assert second.startswith("ok       Sample video ")
    assert last == "Failed: Fonts. Send this table to whoever looks after this computer."


def test_without_a_terminal_the_table_is_a_file_in_the_users_data(
    two_checks: None, user_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert selftest.run("en") == 1
    assert "missing: libqxcb.so" in (user_data / "selftest.txt").read_text(encoding="utf-8")


def test_without_a_terminal_and_without_a_data_folder_it_lies_with_the_temporary_files(
    two_checks: None, user_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_data.touch()  # a file where the folder should be
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(sys, "stdout", None)
    assert selftest.run("en") == 1
    assert "missing: libqxcb.so" in (tmp_path / "selftest.txt").read_text(encoding="utf-8")


def test_a_broken_translation_does_not_keep_the_program_from_telling(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(code: str) -> Translator:
        if code == "vi":
            raise OSError("Bad magic number")
        return english

    english = language.load("en")
    monkeypatch.setattr(language, "load", broken)
    assert selftest.translator("vi") is english


def test_all_is_well_only_where_nothing_failed() -> None:
    out = io.StringIO()
    table = Table(out, language.load("en"))
    table.end()
    assert out.getvalue() == "All is well: 0 checks.\n"
