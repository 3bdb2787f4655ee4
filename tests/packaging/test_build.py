"""The build of the installed program: what it asks of a system, its hashes, its packages byte for byte.

Freezing itself takes minutes and is not done here; a small folder stands in for what PyInstaller makes.
"""

from __future__ import annotations

import ast
import importlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

import screening
from gui.selftest import window
from screening import cli, pack
from screening.library import ladder

ROOT = Path(__file__).resolve().parents[2]
LINUX = ROOT / "packaging" / "linux"
MOMENT = 1_700_000_000

sys.path.insert(0, str(ROOT / "packaging"))
build: Any = importlib.import_module("build")
deb: Any = importlib.import_module("linux.deb")
elf: Any = importlib.import_module("linux.elf")
sys.path.pop(0)

on_linux = pytest.mark.skipif(sys.platform == "win32", reason="Linux's packages are made on Linux")
with_dpkg = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="dpkg-deb packs the Debian package")


def headers(needed: tuple[str, ...], asked: tuple[str, ...], offered: tuple[str, ...] = ()) -> str:
    """What `objdump -p` prints, as far as it matters."""
    return "\n".join(
        [
            "Dynamic Section:",
            *(f"  NEEDED               {name}" for name in needed),
            "Version definitions:",
            *(f"1 0x00 0x09 {name}" for name in offered),
            "Version References:",
            *(f"    0x09691a75 0x00 02 {name}" for name in asked),
        ]
    )


NEEDS = elf.judge([("viscreen", headers(("libc.so.6", "libX11.so.6"), ("GLIBC_2.31",)))])


def frozen(folder: Path, second: int) -> Path:
    """A folder as PyInstaller leaves it, made by another user's umask at another time."""
    files = {
        "viscreen": b"\x7fELF program",
        "_internal/libQt6Gui.so.6": b"library",
        "_internal/resources/icons/viscreen.svg": b"<svg/>",
        "_internal/resources/profiles/default.json": "Tiếng Việt".encode(),
    }
    for name, content in files.items() if second else reversed(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o600 + second * 0o044)
        os.utime(path, (second, second))
    (folder / "_internal/libQt6.so").symlink_to("libQt6Gui.so.6")
    return folder


# ---- what it asks of a system


def test_the_newest_symbols_and_the_foreign_libraries_are_told() -> None:
    # Given a program that brings its own Qt, and offers what others ask
    program = headers(("libc.so.6", "libQt6Gui.so.6"), ("GLIBC_2.2.5", "GLIBC_2.35", "GLIBC_2.9"))
    qt = headers(("libstdc++.so.6",), ("GLIBCXX_3.4.21",), offered=("GLIBCXX_3.4.99",))

    # When both are judged
    needs = elf.judge([("viscreen", program), ("_internal/libQt6Gui.so.6", qt)])

    # Then 2.35 is newer than 2.9, what is only offered is not asked for, and Qt is not wanted of the system
    assert needs.newest == {"GLIBC": ((2, 35), "viscreen"), "GLIBCXX": ((3, 4, 21), "_internal/libQt6Gui.so.6")}
    assert needs.libraries == {"libc.so.6", "libstdc++.so.6"}


@pytest.mark.parametrize("symbol", ["GLIBC_2.36", "GLIBCXX_3.4.31", "CXXABI_1.3.14"])
def test_what_the_oldest_system_does_not_have_stops_the_build_with_a_sentence(symbol: str) -> None:
    with pytest.raises(elf.TooNew, match=rf"^_internal/new\.so needs {re.escape(symbol)}, and Ubuntu 22\.04 has only"):
        elf.judge([("_internal/new.so", headers((), (symbol,)))])


def test_depends_names_each_package_once_and_knows_both_names_of_renamed_ones() -> None:
    needs = elf.judge(
        [("a", headers(("libc.so.6", "libm.so.6", "libglib-2.0.so.0", "libgthread-2.0.so.0"), ("GLIBC_2.34",)))]
    )
    assert deb.depends(needs) == "libc6 (>= 2.34), libglib2.0-0t64 | libglib2.0-0"


def test_a_library_of_an_unknown_package_stops_the_build_with_a_sentence() -> None:
    with pytest.raises(deb.PackageImpossible, match=r"No Debian package is known for libnew\.so\.1"):
        deb.depends(elf.judge([("a", headers(("libnew.so.1",), ("GLIBC_2.34",)))]))


# ---- the same bytes


@on_linux
def test_the_hash_list_is_what_sha256sum_reads_and_finds_a_change(tmp_path: Path) -> None:
    # Given the folder with its list
    folder = frozen(tmp_path / "viscreen", 1)
    build.write_hashes(folder, MOMENT)
    check = ["sha256sum", "--check", "--strict", "--quiet", "_internal/files.sha256"]

    # Then it is sorted, names all but itself, and holds
    names = [line[66:] for line in (folder / "_internal/files.sha256").read_text().splitlines()]
    assert names == sorted(names)
    assert {*names, "_internal/files.sha256"} == {
        p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()
    }
    assert subprocess.run(check, cwd=folder, capture_output=True, check=False).returncode == 0

    # When a font is changed, Then it does not
    (folder / "_internal/resources/profiles/default.json").write_text("{}")
    assert subprocess.run(check, cwd=folder, capture_output=True, check=False).returncode == 1


@on_linux
def test_the_archive_is_the_same_from_folders_made_at_other_times_and_places(tmp_path: Path) -> None:
    made = []
    for second in (0, 1):
        folder = frozen(tmp_path / str(second) / "viscreen", second)
        build.settle(folder, MOMENT)
        target = tmp_path / f"{second}.tar.gz"
        build.pack_archive(folder, "viscreen-1.0", MOMENT, target)
        made.append(target.read_bytes())

    assert made[0] == made[1]
    with tarfile.open(tmp_path / "0.tar.gz") as archive:
        modes = {entry.name: entry.mode for entry in archive if entry.isfile()}
        assert {entry.mtime for entry in archive} == {MOMENT}
        assert archive.getmember("viscreen-1.0/_internal/libQt6.so").linkname == "libQt6Gui.so.6"
    assert modes.pop("viscreen-1.0/viscreen") == 0o755
    assert set(modes.values()) == {0o644}


@on_linux
@with_dpkg
def test_the_debian_package_is_the_same_too_and_holds_what_a_desktop_looks_for(tmp_path: Path) -> None:
    # Given the icons, and the folder made twice
    icons = tmp_path / "icons"
    icons.mkdir()
    (icons / "48.png").write_bytes(b"PNG")
    (tmp_path / "work").mkdir()
    made = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "WORK", tmp_path / "work")
        for second in (0, 1):
            folder = frozen(tmp_path / str(second) / "viscreen", second)
            build.settle(folder, MOMENT)
            target = tmp_path / f"{second}.deb"
            build.pack_debian(folder, icons, "1.0", NEEDS, MOMENT, target)
            made.append(target.read_bytes())

    # Then both packages are equal
    assert made[0] == made[1]

    # And everything belongs to root, and lies where it is looked for
    listing = subprocess.run(["dpkg-deb", "-c", tmp_path / "0.deb"], capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in listing.splitlines()} == {"root/root"}
    places = {line.split(" ./", 1)[1] for line in listing.splitlines() if " ./" in line}
    assert places >= {
        "usr/bin/viscreen -> ../lib/viscreen/viscreen",
        "usr/lib/viscreen/_internal/libQt6.so -> libQt6Gui.so.6",
        "usr/lib/viscreen/viscreen",
        "usr/share/applications/viscreen.desktop",
        "usr/share/doc/viscreen/changelog.gz",
        "usr/share/doc/viscreen/copyright",
        "usr/share/icons/hicolor/48x48/apps/viscreen.png",
        "usr/share/icons/hicolor/scalable/apps/viscreen.svg",
        "usr/share/man/man1/viscreen.1.gz",
        "usr/share/metainfo/viscreen.metainfo.xml",
        "usr/share/mime/packages/viscreen.xml",
    }
    fields = subprocess.run(["dpkg-deb", "-f", tmp_path / "0.deb"], capture_output=True, text=True, check=True).stdout
    assert "Depends: libc6 (>= 2.31), libx11-6\n" in fields
    assert "Version: 1.0\n" in fields


def test_an_error_of_the_build_is_one_sentence_and_status_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a step that fails
    monkeypatch.setattr(build, "WORK", tmp_path)
    step = [sys.executable, "-c", "print('first'); raise SystemExit('the disk is full')"]
    monkeypatch.setattr(build, "build", lambda out: build.run("freeze", step))

    # When the build is asked for, Then it says which step and why, and where the rest is
    assert build.main(["--out", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("build: The step “freeze” failed with 1 (the disk is full): see ")
    assert said.count("\n") == 1


# ---- what the desktop and the recipe are told is what the program is


def test_the_recipe_keeps_every_plugin_that_the_self_test_asks_for() -> None:
    recipe = ast.parse((ROOT / "packaging" / "viscreen.spec").read_text(encoding="utf-8"))
    kept = next(
        ast.literal_eval(node.value)
        for node in recipe.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "QT_PLUGINS"
    )
    asked = {name.replace("/lib", "/").rpartition(".")[0] for name in window.plugin_names()}
    assert asked <= kept


def test_the_desktop_knows_packs_by_their_name_and_libraries_by_their_application_id() -> None:
    kinds = ET.parse(LINUX / "viscreen.mime.xml").getroot()
    space = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}
    glob = kinds.find(".//m:glob", space)
    inner = kinds.find(".//m:match/m:match", space)
    assert glob is not None
    assert inner is not None
    assert glob.get("pattern") == f"*{pack.SUFFIX}"
    assert inner.get("offset") == "68"
    assert int(inner.get("value", ""), 16) == ladder.APPLICATION_ID

    desktop = (LINUX / "viscreen.desktop").read_text(encoding="utf-8")
    wanted = {kind.get("type") for kind in kinds}
    opened = set(re.findall(r"^MimeType=(.*);$", desktop, re.MULTILINE)[0].split(";"))
    assert wanted <= opened
    assert {"GenericName[vi]", "Comment[vi]", "Keywords[vi]"} <= {line.split("=")[0] for line in desktop.splitlines()}
    offered = {element.text for element in ET.parse(LINUX / "viscreen.metainfo.xml").iter("mediatype")}
    assert offered == wanted


def test_the_manual_page_names_every_command_and_the_changelog_this_version() -> None:
    manual = (LINUX / "viscreen.1").read_text(encoding="utf-8")
    commands = next(a.choices for a in cli._parser()._actions if isinstance(a.choices, dict))
    assert commands
    assert [name for name in commands if not re.search(rf"^\.B\w? \"?{name}\b", manual, re.MULTILINE)] == []
    deb.check_changelog(screening.__version__)
    with pytest.raises(deb.PackageImpossible, match="Add an entry"):
        deb.check_changelog("99.0")


def test_what_is_installed_to_build_is_pinned_beside_the_application() -> None:
    lines = (ROOT / "packaging" / "requirements-build.txt").read_text(encoding="utf-8").splitlines()
    first, *pins = [line for line in lines if not line.startswith("#")]
    assert first == "-r requirements.txt"
    assert [pin for pin in pins if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9.]*", pin)] == []
    assert pins == sorted(pins, key=lambda line: line.split("==")[0])
    assert "pyinstaller" in {pin.split("==")[0] for pin in pins}
