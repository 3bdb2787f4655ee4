"""Every packed file against the list: what is missing, changed or new in the installed folder is named."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from gui.selftest import files
from gui.selftest.outcome import Failed, Skipped
from screening import language

ENGLISH = language.load("en")
NAMES = ("viscreen", "_internal/resources/fonts/NotoSans-Bold.ttf", "_internal/packs/reference/model.onnx")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed program of three files, and the list that was made when it was packed."""
    folder = tmp_path / "viscreen"
    for name in NAMES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    lines = (f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in sorted(NAMES))
    (folder / "_internal" / files.LIST).write_text("".join(lines))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(folder / "_internal"), raising=False)
    return folder


def test_a_whole_program_is_found_whole(folder: Path) -> None:
    assert files.check(ENGLISH) == "3 files, 0 MB, all as packed"


def test_what_is_missing_changed_and_new_is_named(folder: Path) -> None:
    (folder / NAMES[1]).unlink()
    (folder / NAMES[2]).write_bytes(b"another model")
    (folder / "_internal" / "planted.dll").touch()
    with pytest.raises(Failed) as told:
        files.check(ENGLISH)
    assert told.value.sentence(ENGLISH) == f"missing: {NAMES[1]}; changed: {NAMES[2]}; not ours: _internal/planted.dll"


def test_a_file_that_cannot_be_read_is_not_as_packed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(hashlib, "file_digest", broken)
    with pytest.raises(Failed, match=f"^changed: .*{NAMES[0]}"):
        files.check(ENGLISH)


def test_of_many_the_first_are_named_and_all_are_counted(folder: Path) -> None:
    for number in range(9):
        (folder / f"extra{number}").touch()
    with pytest.raises(Failed, match=r"not ours: extra0, extra1, extra2, … \(9\)$"):
        files.check(ENGLISH)


def test_the_uninstaller_belongs_there_too(folder: Path) -> None:
    (folder / "Uninstall.exe").touch()
    assert files.check(ENGLISH).startswith("3 files")


@pytest.mark.parametrize("content", ["", "no list\n"])
def test_a_list_that_is_no_list_passes_for_none(folder: Path, content: str) -> None:
    (folder / "_internal" / files.LIST).write_text(content)
    with pytest.raises(Failed, match=r"files\.sha256, is damaged"):
        files.check(ENGLISH)


def test_an_installed_program_without_its_list_is_not_whole(folder: Path) -> None:
    (folder / "_internal" / files.LIST).unlink()
    with pytest.raises(Failed, match=r"files\.sha256, is missing"):
        files.check(ENGLISH)


def test_sources_have_no_list_and_say_so() -> None:
    with pytest.raises(Skipped, match="not an installed program"):
        files.check(ENGLISH)
