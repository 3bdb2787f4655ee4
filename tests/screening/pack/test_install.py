"""A stranger's pack becomes one of this computer's, whole or not at all; and goes again."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from screening import pack, paths
from screening.errors import CannotWrite, PackRefused, WrongUsage
from screening.pack import Pack
from screening.pack.install import entries, install, remove
from screening.scoring import Scorer
from tests.screening.broken_models import BROKEN_GRAPHS
from tests.screening.broken_packs import BROKEN_PACKS, SMALL, zipped
from tests.screening.packs import tiny_pack, write_tiny


def trust(_pack: Pack) -> None:
    """In place of the golden run, where a test is about something else."""


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_pack(tmp_path_factory.mktemp("packs") / "sound", input=SMALL)


@pytest.fixture
def sound(made_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made_once, tmp_path / "brought" / "sound"))


@pytest.fixture
def shipped(made_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that comes with one pack, called “reference”."""
    monkeypatch.setattr(paths, "shipped_packs", lambda: tmp_path / "shipped")
    return tiny_pack(tmp_path / "shipped" / "reference", name="Came along", input=SMALL)


def installed() -> list[str]:
    """All that lies among the installed packs, hidden leftovers too."""
    root = paths.installed_packs()
    return sorted(path.name for path in root.iterdir()) if root.exists() else []


# ---------------------------------------------------------------------------------------------- installing


@pytest.mark.parametrize("kind", ["folder", "vspack"])
def test_an_installed_pack_is_the_one_that_was_brought_byte_for_byte(sound: Path, kind: str) -> None:
    # Given a pack, as a folder or as one file, when it is installed with the golden check,
    folder = install(zipped(sound) if kind == "vspack" else sound, Scorer)
    # then its four files are the same, it has a name of its own, and nothing else is left there.
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == {
        file.name: file.read_bytes() for file in sound.iterdir()
    }
    assert installed() == ["tiny-colours-1.0.0"]
    assert pack.find("tiny-colours-1.0.0") == folder
    assert pack.read(folder).info == pack.read(sound).info


def test_only_the_four_files_of_a_pack_come_in(sound: Path) -> None:
    (sound / "setup.exe").write_text("more than a pack")
    assert {file.name for file in install(sound, trust).iterdir()} == {
        "pack.json",
        "model.onnx",
        "golden.npz",
        "CARD.md",
    }


@pytest.mark.parametrize("kind", BROKEN_PACKS | BROKEN_GRAPHS)
def test_what_would_be_refused_is_not_installed(sound: Path, kind: str) -> None:
    words, ways = (BROKEN_PACKS | BROKEN_GRAPHS)[kind]
    with pytest.raises(PackRefused) as refused:
        install(ways[0](sound), trust)
    assert words in str(refused.value)
    assert installed() == []


def test_a_pack_that_fails_the_callers_check_is_not_installed(sound: Path) -> None:
    # Given a pack whose model does not give its stored answer,
    write_tiny(sound, input=SMALL, answers=pack.read(sound).golden.probabilities[::-1])
    # when it is installed, then the golden run refuses it under the name that the user knows,
    with pytest.raises(PackRefused, match="“sound”"):
        install(sound, Scorer)
    # and nothing of it stays.
    assert installed() == []


def test_what_was_checked_is_what_is_written(sound: Path) -> None:
    """The stranger's file may change while it is being checked."""
    before = (sound / "CARD.md").read_bytes()

    def change(_pack: Pack) -> None:
        (sound / "CARD.md").write_text("another card")

    assert (install(sound, change) / "CARD.md").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "version", "folder"),
    [
        ("../../escape", "1/../..", "escape-1"),
        ("CON", "1.0", "con-1.0"),
        ("Mô hình Phòng khám", "2", "mô-hình-phòng-khám-2"),
        ("…", "*", "pack-pack"),
        ("a" * 200, "1", "a" * 60 + "-1"),
    ],
)
def test_no_name_leaves_the_folder_of_packs(tmp_path: Path, name: str, version: str, folder: str) -> None:
    made = tiny_pack(tmp_path / "made", name=name, version=version, input=SMALL)
    assert install(made, trust) == paths.installed_packs() / folder
    assert installed() == [folder]


# ---------------------------------------------------------------------------------------------- the same again


def test_the_same_pack_again_changes_nothing(sound: Path) -> None:
    folder = install(sound, trust)
    before = {file: file.stat().st_mtime_ns for file in folder.iterdir()}
    assert install(zipped(sound), trust) == folder
    assert {file: file.stat().st_mtime_ns for file in folder.iterdir()} == before


def test_another_pack_of_the_same_name_and_version_is_not_let_in(sound: Path, tmp_path: Path) -> None:
    # Given an installed pack, when a different one claims its name and version,
    folder = install(sound, trust)
    other = tiny_pack(tmp_path / "other", card="Not the same", input=SMALL)
    # then a sentence says so and what to do, and the first one stays as it was.
    with pytest.raises(PackRefused, match=r"Another “Tiny colours 1\.0\.0” than “other” is installed\. Remove"):
        install(other, trust)
    assert pack.read(folder).card == pack.read(sound).card
    # A new version lives beside the old one.
    newer = tiny_pack(tmp_path / "newer", version="1.1.0", input=SMALL)
    install(newer, trust)
    assert installed() == ["tiny-colours-1.0.0", "tiny-colours-1.1.0"]


def test_a_name_that_the_disk_cannot_tell_apart_is_not_let_in(sound: Path, tmp_path: Path) -> None:
    install(sound, trust)
    with pytest.raises(PackRefused, match="is installed"):
        install(tiny_pack(tmp_path / "shouting", name="TINY: COLOURS", input=SMALL), trust)


def test_a_pack_that_came_with_the_program_needs_no_installing(shipped: Path, tmp_path: Path) -> None:
    assert install(Path(shutil.copytree(shipped, tmp_path / "copy")), trust) == shipped
    with pytest.raises(PackRefused, match="new version number"):
        install(tiny_pack(tmp_path / "fake", name="Came along", card="Not the same", input=SMALL), trust)
    assert installed() == []


def test_a_damaged_installed_pack_is_made_good_by_installing_it_again(sound: Path) -> None:
    folder = install(sound, trust)
    (folder / "model.onnx").write_bytes(b"damaged")
    assert install(sound, trust) == folder
    assert pack.read(folder).info == pack.read(sound).info
    assert installed() == [folder.name]


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="needs a folder that this user may not write")
def test_a_folder_that_cannot_be_written_is_a_sentence(sound: Path) -> None:
    paths.installed_packs().mkdir(parents=True)
    paths.installed_packs().chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(CannotWrite, match="cannot be written"):
        install(sound, trust)
    paths.installed_packs().chmod(stat.S_IRWXU)


def test_a_place_that_is_no_folder_is_a_sentence(sound: Path) -> None:
    paths.user_data().mkdir(parents=True)
    paths.installed_packs().write_text("a file where the folder should be")
    with pytest.raises(CannotWrite, match="cannot be written"):
        install(sound, trust)


def test_a_disk_that_fills_up_leaves_nothing(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite, match="No space left"):
        install(sound, trust)
    assert installed() == []


# ---------------------------------------------------------------------------------------------- removing


@pytest.mark.parametrize("by", ["name", "path"])
def test_an_installed_pack_is_removed_by_name_or_path(sound: Path, by: str) -> None:
    folder = install(sound, trust)
    remove(folder.name if by == "name" else folder)
    assert installed() == []
    assert sound.is_dir(), "what it was installed from is the user's own"


def test_a_file_that_somebody_put_among_the_packs_is_removed_too(sound: Path) -> None:
    paths.installed_packs().mkdir(parents=True)
    zipped(sound).rename(paths.installed_packs() / "clinic.vspack")
    remove("clinic")
    assert installed() == []


def test_a_link_is_removed_and_not_what_it_points_to(sound: Path) -> None:
    paths.installed_packs().mkdir(parents=True)
    (paths.installed_packs() / "linked").symlink_to(sound, target_is_directory=True)
    remove("linked")
    assert installed() == []
    assert (sound / "pack.json").is_file()


def test_what_came_with_the_program_what_is_in_use_and_what_is_not_there_stays(shipped: Path, sound: Path) -> None:
    folder = install(sound, trust)
    with pytest.raises(WrongUsage, match="came with the program"):
        remove("reference")
    with pytest.raises(WrongUsage, match="came with the program"):
        remove(shipped)
    with pytest.raises(WrongUsage, match="in use"):
        remove(folder.name, in_use=folder)
    for elsewhere in ("nothing", "../brought/sound", str(sound), "", "."):
        with pytest.raises(PackRefused, match=r"Installed are: tiny-colours-1\.0\.0"):
            remove(elsewhere)
    assert installed() == [folder.name]
    assert (shipped / "pack.json").is_file()
    assert (sound / "pack.json").is_file()


# ---------------------------------------------------------------------------------------------- listing


def test_the_list_tells_where_each_pack_came_from_and_why_one_is_refused(shipped: Path, sound: Path) -> None:
    # Given one pack with the program, one installed, one installed and damaged, and a half-written one,
    folder = install(sound, trust)
    broken = Path(shutil.copytree(sound, paths.installed_packs() / "broken"))
    (broken / "CARD.md").unlink()
    shutil.copytree(sound, paths.installed_packs() / ".half")
    # when they are listed, then each is there but for the hidden one.
    first, second, third = entries()
    assert (first.folder, first.shipped, first.refused) == (shipped, True, None)
    assert first.info is not None
    assert first.info.name == "Came along"
    assert (second.folder, second.shipped, second.info) == (broken, False, None)
    assert "CARD.md" in str(second.refused)
    assert (third.folder, third.card) == (folder, pack.read(sound).card)
    assert [entry.key for entry in (first, second, third)] == ["reference", "broken", "tiny-colours-1.0.0"]


def test_a_pack_with_the_name_of_a_shipped_one_is_found_by_its_path(shipped: Path, sound: Path) -> None:
    copied = Path(shutil.copytree(sound, paths.installed_packs() / "reference"))
    assert [pack.find(entry.key) for entry in entries()] == [shipped, copied]
    remove("reference")
    assert [entry.folder for entry in entries()] == [shipped]
