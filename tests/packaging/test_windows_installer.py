"""The Windows installer: what it says in two languages, what it offers to open, and its whole life under wine."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from gui.desks import clips

ROOT = Path(__file__).resolve().parents[2]
WINDOWS = ROOT / "packaging" / "windows"


@pytest.fixture(scope="module")
def installer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("installer", WINDOWS / "installer.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def payload(tmp_path: Path) -> Path:
    """A built folder as packaging/build.py leaves it, small."""
    folder = tmp_path / "viscreen"
    for name in ("viscreen.exe", "viscreen-console.exe", "_internal/a b/base.dll"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    write_list(folder)
    return folder


def write_list(folder: Path) -> None:
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / "_internal" / "files.sha256").write_text("".join(lines))


def sentences(language: str) -> dict[str, str]:
    text = (WINDOWS / f"{language}.nsh").read_text("utf-8")
    return dict(re.findall(rf'^!insertmacro {language} (\w+) "(.*)"$', text, re.MULTILINE))


def test_what_the_list_names_is_packed_and_nothing_else(installer: ModuleType, payload: Path) -> None:
    names = installer.listed_files(payload)
    commands = installer.file_commands(payload, names)

    assert names == ["_internal/a b/base.dll", "viscreen-console.exe", "viscreen.exe"]
    assert 'SetOutPath "$INSTDIR\\_internal\\a b"' in commands
    assert commands.count("File ") == 3


@pytest.mark.parametrize("odd", ["stray.dll", "$INSTDIR.dll", "ngữ.dll"])
def test_a_folder_that_is_not_what_its_list_says_is_refused(installer: ModuleType, payload: Path, odd: str) -> None:
    (payload / "_internal" / odd).write_text("?")
    if odd != "stray.dll":
        write_list(payload)

    with pytest.raises(SystemExit, match=r"disagree|cannot carry"):
        installer.listed_files(payload)


def test_a_folder_without_its_programs_is_refused(installer: ModuleType, payload: Path) -> None:
    (payload / "viscreen-console.exe").unlink()
    (payload / "_internal" / "files.sha256").unlink()
    write_list(payload)

    with pytest.raises(SystemExit, match=r"viscreen-console\.exe"):
        installer.listed_files(payload)


def test_both_languages_say_the_same_things() -> None:
    english, vietnamese = sentences("english"), sentences("vietnamese")

    assert english.keys() == vietnamese.keys()
    for name, sentence in english.items():
        assert set(re.findall(r"\$\w+|\$\{\w+}", sentence)) == set(re.findall(r"\$\w+|\$\{\w+}", vietnamese[name])), (
            name
        )
    used = set(re.findall(r"\$\((\w+)\)", "".join(file.read_text("utf-8") for file in WINDOWS.glob("*.ns[ih]"))))
    assert used == english.keys()


def test_it_offers_to_open_every_video_that_the_window_opens() -> None:
    text = (WINDOWS / "shared.nsh").read_text("utf-8")
    offered = re.findall(r'!insertmacro \$\{MACRO} "(\.\w+)"', text)

    assert sorted(f"*{extension}" for extension in offered) == sorted(clips.VIDEOS.split())


def test_the_icon_holds_every_size_that_windows_draws(tmp_path: Path) -> None:
    subprocess.run([sys.executable, WINDOWS / "pictures.py", tmp_path], timeout=60, check=True)

    with Image.open(tmp_path / "viscreen.ico") as icon:
        assert {(16, 16), (32, 32), (48, 48), (256, 256)} <= icon.info["sizes"]
        assert icon.convert("RGBA").getpixel((0, 0)) == (0, 0, 0, 0)  # round corners, seen through
        assert icon.convert("RGB").getpixel((128, 20)) == (0x0B, 0x64, 0x77)
    with Image.open(tmp_path / "side.bmp") as side:
        assert side.width / side.height == pytest.approx(164 / 314)


def test_install_replace_refuse_and_remove_under_wine() -> None:
    if missing := [tool for tool in ("makensis", "wine", "wineserver") if shutil.which(tool) is None]:
        pytest.skip(f"not installed: {', '.join(missing)} (Debian's packages nsis and wine)")

    trial = subprocess.run(
        ["bash", WINDOWS / "try_installer.sh"],
        env={**os.environ, "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert trial.returncode == 0, trial.stdout + trial.stderr
    assert "WRONG" not in trial.stdout
