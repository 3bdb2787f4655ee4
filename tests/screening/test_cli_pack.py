"""`viscreen pack install` and `pack remove`: one line each, and the exit codes that were promised."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from screening import cli, pack, paths
from tests.screening.broken_packs import SMALL, zipped
from tests.screening.packs import tiny_pack, write_tiny


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    return zipped(tiny_pack(tmp_path / "brought", input=SMALL))


def run(*words: object) -> int:
    return cli.main(["pack", *map(str, words), "--lang", "en"])


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    return printed.err


def test_a_pack_is_installed_used_by_its_name_and_removed(brought: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # When a pack is installed,
    assert run("install", brought) == 0
    assert "--pack tiny-colours-1.0.0" in capsys.readouterr().out
    # then it is listed and can be named,
    assert run("list") == 0
    assert "Tiny colours\t1.0.0" in capsys.readouterr().out
    assert run("verify", "tiny-colours-1.0.0") == 0
    capsys.readouterr()
    assert run("install", brought) == 0, "the same again does no harm"
    again = capsys.readouterr().out
    assert "nothing was added" in again
    assert "--pack tiny-colours-1.0.0" in again
    # until it is removed.
    assert run("remove", "tiny-colours-1.0.0") == 0
    assert "tiny-colours-1.0.0" in capsys.readouterr().out
    assert run("verify", "tiny-colours-1.0.0") == 4
    assert brought.exists()


def test_a_model_that_breaks_its_word_is_not_installed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = write_tiny(tmp_path / "liar", input=SMALL).golden.probabilities
    write_tiny(tmp_path / "liar", input=SMALL, answers=answers[::-1])
    assert run("install", tmp_path / "liar") == 4
    assert "answer stored with it" in one_line(capsys)
    assert not paths.installed_packs().exists()


def test_what_cannot_be_done_is_one_line_and_its_exit_code(
    brought: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("install", tmp_path / "nothing.vspack") == 4
    one_line(capsys)
    assert run("remove", "nothing") == 4
    one_line(capsys)
    assert run("remove", "reference") == 2
    assert "came with the program" in one_line(capsys)
    assert pack.find("reference").exists()
    shutil.rmtree(paths.user_data(), ignore_errors=True)
    paths.user_data().write_text("a file where the folder should be")
    assert run("install", brought) == 5
    one_line(capsys)
    with pytest.raises(SystemExit) as ended:
        run("install")
    assert ended.value.code == 2
