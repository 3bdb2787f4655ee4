"""The installed program itself: whatever is taken from its folder or changed in it, its self-test fails with that line.

VISCREEN_INSTALLED names the folder that `packaging/build.py` made (`dist/viscreen`), or one installed from it; a copy
of it is damaged, never the folder itself. Without it there is nothing to test here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gui.selftest import window
from screening.report.fonts import FILES

EXECUTABLE = "viscreen-console.exe" if sys.platform == "win32" else "viscreen"
PLUGINS = Path("_internal/PySide6/plugins" if sys.platform == "win32" else "_internal/PySide6/Qt/plugins")
FONTS = Path("_internal/resources/fonts")
CATALOGUE = Path("_internal/resources/translations/vi/LC_MESSAGES/viscreen.mo")
PACK = Path("_internal/packs/reference")
SAMPLE = Path("_internal/resources/sample/sample.mp4")
ICON = Path("_internal/resources/icons/viscreen.svg")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the installed program."""
    named = os.environ.get("VISCREEN_INSTALLED")
    if not named:
        pytest.skip("no installed program to test: VISCREEN_INSTALLED does not name its folder")
    return Path(shutil.copytree(named, tmp_path_factory.mktemp("installed") / "viscreen", symlinks=True))


@pytest.fixture
def restored(installed: Path) -> Iterator[Callable[[Path], Path]]:
    """Gives a file of the copy to be damaged; puts it back after the test."""
    kept: list[tuple[Path, bytes | None]] = []

    def take(name: Path) -> Path:
        file = installed / name
        kept.append((file, file.read_bytes() if file.exists() else None))
        return file

    yield take
    for file, content in kept:
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content)


def self_test(folder: Path) -> tuple[int, dict[str, str], str]:
    """Exit status, the lines that failed by their title, and all of the table."""
    done = subprocess.run(
        [folder / EXECUTABLE, "--selftest", "--lang", "en"],
        capture_output=True, encoding="utf-8", check=False, cwd=folder.parent,
    )  # fmt: skip
    assert done.stderr == ""
    failed = (line for line in done.stdout.splitlines() if line.startswith("FAILED "))
    return done.returncode, {line[9:25].strip(): line.split(" s  ", 1)[1] for line in failed}, done.stdout


def changed(file: Path) -> None:
    """One byte in the middle is another; the size stays."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)


def test_as_it_was_installed_it_is_whole(installed: Path, user_data: Path) -> None:
    status, failed, table = self_test(installed)
    assert (status, failed) == (0, {}), table
    assert "All is well: 11 checks." in table
    assert "Program files" in table
    assert "all as packed" in table
    assert not user_data.exists()


REMOVED = [
    *((FONTS / file, "Fonts", file) for file in FILES.values()),
    (CATALOGUE, "Translations", "Vietnamese translation is missing"),
    *((PACK / file, "Model pack", file) for file in ("pack.json", "model.onnx", "golden.npz", "CARD.md")),
    *((PLUGINS / name, "Qt plugins", name) for name in window.plugin_names()),
    (SAMPLE, "Sample video", "sample.mp4"),
    (ICON, "Window", "the icon"),
]


@pytest.mark.parametrize(("name", "line", "sentence"), REMOVED, ids=[str(case[0].name) for case in REMOVED])
def test_what_is_removed_fails_its_own_line_and_that_of_the_files(
    installed: Path, restored: Callable[[Path], Path], name: Path, line: str, sentence: str
) -> None:
    restored(name).unlink()
    status, failed, table = self_test(installed)
    assert status == 1, table
    assert f"missing: {name.as_posix()}" in failed["Program files"]
    assert sentence in failed[line], table


CHANGED = [
    (FONTS / "NotoSans-Regular.ttf", None),
    (CATALOGUE, None),
    (PACK / "model.onnx", "Model pack"),
    (PACK / "golden.npz", "Model pack"),
    (PACK / "CARD.md", "Model pack"),
    (PLUGINS / window.plugin_names()[1], None),
]


@pytest.mark.parametrize(("name", "line"), CHANGED, ids=[str(case[0].name) for case in CHANGED])
def test_what_is_changed_is_found_by_its_hash_at_least(
    installed: Path, restored: Callable[[Path], Path], name: Path, line: str | None
) -> None:
    changed(restored(name))
    status, failed, table = self_test(installed)
    assert status == 1, table
    assert f"changed: {name.as_posix()}" in failed["Program files"]
    assert line is None or line in failed, table


def test_what_is_cut_short_fails_its_own_line(installed: Path, restored: Callable[[Path], Path]) -> None:
    for name in (FONTS / "NotoSans-Bold.ttf", CATALOGUE, PLUGINS / window.plugin_names()[2]):
        file = restored(name)
        file.write_bytes(file.read_bytes()[:2000])
    status, failed, table = self_test(installed)
    assert status == 1, table
    assert {"Program files", "Fonts", "Translations", "Qt plugins"} <= failed.keys(), table


def test_a_file_that_nobody_packed_is_named(installed: Path, restored: Callable[[Path], Path]) -> None:
    restored(Path("_internal/planted.so")).touch()
    status, failed, table = self_test(installed)
    assert (status, list(failed)) == (1, ["Program files"]), table
    assert failed["Program files"] == "not ours: _internal/planted.so"


def test_it_answers_in_vietnamese_even_where_its_translation_is_gone(
    installed: Path, restored: Callable[[Path], Path]
) -> None:
    words = [installed / EXECUTABLE, "--selftest", "--lang", "vi"]
    whole = subprocess.run(words, capture_output=True, encoding="utf-8", check=False)
    assert whole.returncode == 0
    assert "All is well" not in whole.stdout, "the table is not translated"
    restored(CATALOGUE).unlink()
    broken = subprocess.run(words, capture_output=True, encoding="utf-8", check=False)
    assert broken.returncode == 1
    assert "Vietnamese translation is missing" in broken.stdout
