"""The shelf of profiles: what was saved stays, under its own number; names are one's own; files come in and go out."""

from __future__ import annotations

import dataclasses
import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening import paths, profile
from screening.errors import CannotWrite, WrongUsage
from screening.profile import shelf
from screening.records import Profile

DEFAULT = profile.read(paths.default_profile())


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VISCREEN_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def stricter(asked: Profile, minutes: float = 2.0) -> Profile:
    return dataclasses.replace(asked, minimum_assessable_s=60 * minutes)


def names() -> list[str]:
    return [entry.profile.name for entry in shelf.list_all().entries]


# ------------------------------------------------------------------------------------------------ versions


def test_at_first_there_is_what_came_with_the_program() -> None:
    (entry,) = shelf.list_all().entries
    assert (entry.shipped, entry.profile, entry.path) == (True, DEFAULT, paths.default_profile())


def test_saving_makes_the_next_version_and_keeps_those_before() -> None:
    # Given a profile of one's own,
    first = shelf.save_as(DEFAULT, "Phòng khám A")
    assert first.profile == dataclasses.replace(DEFAULT, name="Phòng khám A", version=1)
    # when it is changed and saved twice, as the window does: with the version it was read with,
    second = shelf.save(first, stricter(first.profile, 2))
    third = shelf.save(second, stricter(first.profile, 3))
    # then each version is there, the newest is the one that is listed, and every file says its number itself.
    assert third.versions == (1, 2, 3)
    assert shelf.list_all().find(first.key) == third
    assert [shelf.read_version(third, n).minimum_assessable_s for n in third.versions] == [30, 120, 180]
    assert [shelf.read_version(third, n).version for n in third.versions] == [1, 2, 3]
    assert profile.read(third.path) == third.profile


@settings(deadline=None, max_examples=15)
@given(st.lists(st.sampled_from(["save", "save an old one", "save from a stale entry", "rename"]), max_size=8))
def test_no_version_is_ever_lost(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VISCREEN_DATA", str(tmp_path_factory.mktemp("data")))
        first = entry = shelf.save_as(DEFAULT, "Mine")
        kept = [entry.profile]
        for number, step in enumerate(steps):
            edited = stricter(kept[0] if step == "save an old one" else entry.profile, number + 1)
            if step == "rename":
                edited = dataclasses.replace(edited, name=f"Mine {number}")
            entry = shelf.save(first if step == "save from a stale entry" else entry, edited)
            kept.append(entry.profile)
        found = shelf.list_all().find(first.key)
        assert found is not None
        assert found.versions == tuple(range(1, len(kept) + 1))
        assert [shelf.read_version(found, version) for version in found.versions] == kept


def test_windows_that_save_at_once_write_over_nothing() -> None:
    # Given several windows with the same profile open, all saving in the same moment,
    entry, start = shelf.save_as(DEFAULT, "Mine"), threading.Barrier(6)

    def save(minutes: int) -> int:
        start.wait()
        return shelf.save(entry, stricter(entry.profile, minutes)).profile.version

    with ThreadPoolExecutor(6) as windows:
        versions = dict(zip(range(1, 7), windows.map(save, range(1, 7)), strict=True))
    # then each has its own version, with what it saved.
    assert sorted(versions.values()) == [2, 3, 4, 5, 6, 7]
    newest = shelf.list_all().entries[1]
    assert {m: shelf.read_version(newest, v).minimum_assessable_s / 60 for m, v in versions.items()} == {
        m: m for m in versions
    }


def test_a_full_disk_loses_nothing_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch, own_data: Path) -> None:
    entry = shelf.save_as(DEFAULT, "Mine")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(CannotWrite, match="No space left"):
            shelf.save(entry, stricter(entry.profile))
        with pytest.raises(CannotWrite, match="No space left"):
            shelf.save_as(DEFAULT, "Another")
    assert names() == ["ViScreen default", "Mine"]
    assert [path.name for path in own_data.rglob("*") if path.is_file()] == ["0001.json"]
    assert len(list((own_data / "profiles").iterdir())) == 1


def test_a_folder_that_cannot_be_made_is_one_sentence(own_data: Path) -> None:
    own_data.write_text("in the way")
    with pytest.raises(CannotWrite, match="“Mine” cannot be kept"):
        shelf.save_as(DEFAULT, "Mine")


def test_a_damaged_version_is_told_and_hides_no_older_one(own_data: Path) -> None:
    # Given two profiles, the newest version of one damaged, and one that is nothing but damage,
    entry = shelf.save(shelf.save_as(DEFAULT, "Mine"), stricter(dataclasses.replace(DEFAULT, name="Mine")))
    shelf.save_as(DEFAULT, "Whole")
    entry.path.write_text("{")
    (own_data / "profiles" / "odd").mkdir()
    (own_data / "profiles" / "odd" / "0001.json").write_text("[]")
    # then the older version stands in, the others are there, and both faults are sentences.
    listing = shelf.list_all()
    assert [(e.profile.name, e.profile.version) for e in listing.entries[1:]] == [("Mine", 1), ("Whole", 1)]
    assert sorted(str(fault) for fault in listing.faults) == [
        "“0001.json” is not a screening profile: it holds no object.",
        "“0002.json” is not a screening profile: it is not valid JSON.",
    ]
    # And saving again takes a new number: the damaged file stays for whoever can mend it.
    again = shelf.save(listing.entries[1], listing.entries[1].profile)
    assert again.profile.version == 3
    assert entry.path.read_text() == "{"


# ------------------------------------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "needs a name"),
        ("  ", "needs a name"),
        ("x" * 81, "at most 80"),
        ("MINE ", "already a screening profile called “MINE”"),
        ("ViScreen default", "already"),
    ],
)
def test_a_name_that_will_not_do_is_refused(name: str, sentence: str) -> None:
    shelf.save_as(DEFAULT, "Mine")
    other = shelf.save_as(DEFAULT, "Other")
    with pytest.raises(WrongUsage, match=sentence):
        shelf.save_as(DEFAULT, name)
    with pytest.raises(WrongUsage, match=sentence):
        shelf.save(other, dataclasses.replace(other.profile, name=name))
    assert names() == ["ViScreen default", "Mine", "Other"]


def test_a_new_name_is_a_new_version_of_the_same_profile() -> None:
    entry = shelf.save_as(DEFAULT, "Mine")
    renamed = shelf.save(entry, dataclasses.replace(entry.profile, name="Ours"))
    assert (renamed.key, renamed.profile.name, renamed.versions) == (entry.key, "Ours", (1, 2))
    assert shelf.read_version(renamed, 1).name == "Mine"


def test_a_duplicate_is_its_own_profile() -> None:
    entry = shelf.save(shelf.save_as(DEFAULT, "Mine"), stricter(dataclasses.replace(DEFAULT, name="Mine")))
    copy = shelf.duplicate(entry, "Mine")
    again = shelf.duplicate(entry, "Mine")
    assert [copy.profile.name, again.profile.name] == ["Mine (2)", "Mine (3)"]
    assert copy.versions == (1,)
    assert copy.profile.minimum_assessable_s == 120
    assert len({entry.key, copy.key, again.key}) == 3


@given(st.text(min_size=1, max_size=100).filter(str.strip), st.integers(0, 3))
@settings(max_examples=60)
def test_a_free_name_is_free_and_short_enough(name: str, others: int) -> None:
    entries: list[shelf.Entry] = []
    for number in range(others + 1):
        free = shelf.free_name(name, entries)
        assert free.casefold() not in {entry.profile.name.casefold() for entry in entries}
        assert len(free) <= shelf.LONGEST_NAME
        called = dataclasses.replace(DEFAULT, name=free)
        entries.append(shelf.Entry(str(number), False, called, Path("x.json"), (1,)))


# ------------------------------------------------------------------------------------------------ in, out, away


def test_a_profile_goes_to_another_computer_and_comes_in_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = shelf.save(shelf.save_as(DEFAULT, "Mine"), stricter(dataclasses.replace(DEFAULT, name="Mine")))
    profile.write(entry.profile, tmp_path / "to send.json")
    monkeypatch.setenv("VISCREEN_DATA", str(tmp_path / "elsewhere"))
    there = shelf.bring_in(tmp_path / "to send.json")
    assert dataclasses.replace(there.profile, version=2) == entry.profile
    assert there.versions == (1,)
    assert shelf.bring_in(tmp_path / "to send.json").profile.name == "Mine (2)"


def test_a_file_that_is_no_profile_does_not_come_in(tmp_path: Path) -> None:
    content = json.loads(paths.default_profile().read_text(encoding="utf-8"))
    content["bands"][-1]["upper"] = 95
    (tmp_path / "short.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(WrongUsage, match="end at 95"):
        shelf.bring_in(tmp_path / "short.json")
    assert names() == ["ViScreen default"]


def test_what_came_with_the_program_is_neither_changed_nor_deleted() -> None:
    (entry,) = shelf.list_all().entries
    with pytest.raises(WrongUsage, match="stays as it is"):
        shelf.save(entry, stricter(entry.profile))
    with pytest.raises(WrongUsage, match="cannot be deleted"):
        shelf.delete(entry)
    assert profile.read(paths.default_profile()) == DEFAULT


def test_deleting_takes_one_profile_and_no_other() -> None:
    mine, _other = shelf.save_as(DEFAULT, "Mine"), shelf.save_as(DEFAULT, "Other")
    shelf.delete(mine)
    assert names() == ["ViScreen default", "Other"]
    shelf.delete(mine)  # already gone: what was wanted
    with pytest.raises(WrongUsage, match="cannot be read"):
        profile.read(mine.path)


def test_what_cannot_be_deleted_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = shelf.save_as(DEFAULT, "Mine")

    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(shutil, "rmtree", refuse)
    with pytest.raises(CannotWrite, match="“Mine” cannot be deleted: Permission denied"):
        shelf.delete(mine)


def test_any_version_s_file_leads_to_its_profile() -> None:
    mine = shelf.save(shelf.save_as(DEFAULT, "Mine"), dataclasses.replace(DEFAULT, name="Mine"))
    listing = shelf.list_all()
    assert listing.holding(mine.path.with_name("0001.json")) == mine
    assert listing.holding(paths.default_profile()) == listing.entries[0]
    assert listing.holding(paths.default_profile().with_name("other.json")) is None
