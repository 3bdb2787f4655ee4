"""The wheel, and the tree it is built from: complete, and free of anything of the machine it was made on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# A folder of somebody's machine, unless it is the tail of a longer path or of a web address.
MACHINE_PATH = re.compile(
    rb"(?<![\w.~$}*-])/(?:root|tmp|work|(?:home|Users)/[\w.-]+)/|[A-Z]:\\{1,2}Users\\"
    rb"|" + re.escape(str(ROOT).encode()) + rb"/"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=True,
    )
    (built,) = folder.glob("*.whl")
    return built


def tracked_files() -> list[Path]:
    try:
        listing = subprocess.run(
            ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"],
            cwd=ROOT,
            capture_output=True,
            timeout=60,
            check=True,
        )
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("this is no git clone, or git is not installed")
    return [ROOT / name for name in listing.stdout.decode().split("\0") if name]


def test_the_installed_program_finds_its_resources_and_packs(wheel: Path, tmp_path: Path) -> None:
    # Given the wheel unpacked somewhere that is no source tree
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")

    # When the program asks where its things lie
    question = "from screening import paths; print(paths.resources(), paths.shipped_packs(), sep='\\n')"
    answer = subprocess.run(
        [sys.executable, "-c", question],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    resources, packs = map(Path, answer.stdout.splitlines())

    # Then it finds there, byte for byte, what the source tree holds
    for installed, source in ((resources, ROOT / "resources"), (packs, ROOT / "models" / "packs")):
        assert installed.is_relative_to(tmp_path)
        wanted = [p.relative_to(source) for p in source.rglob("*") if p.is_file()]
        assert wanted
        assert [p for p in wanted if (installed / p).read_bytes() != (source / p).read_bytes()] == []


def test_the_wheel_holds_the_program_and_not_its_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        entry_points = archive.read(next(n for n in names if n.endswith("entry_points.txt"))).decode()
    assert "\nviscreen = " in entry_points
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"screening", "gui", "models"}
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert [name for name in names if name.startswith("models/packs/")] == []


def test_no_tracked_file_names_a_folder_of_somebodys_machine() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {match.group().decode()}"
        for path in tracked_files()
        if path.is_file()
        for match in MACHINE_PATH.finditer(path.read_bytes())
    }
    assert found == set()
