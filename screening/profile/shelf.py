"""The shelf of screening profiles: those that come with the program, and the user's own in all their versions.

An own profile is a folder with one file for each version, `0001.json` and on; its name in the folder of profiles never
changes and is never used again, so a remembered path cannot lead to another profile. Saving adds a file and touches no
other. A version is read as any profile file is, checked.
"""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from screening import paths
from screening.errors import N_, CannotWrite, ScreeningError, WrongUsage
from screening.profile import form
from screening.records import Profile

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Entry:
    """One profile on the shelf: `profile` is its newest version, `path` that version's file.

    `versions` are all that there are, the newest last. `key` names the profile, whatever it is called.
    """

    key: str
    shipped: bool
    profile: Profile
    path: Path
    versions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """What is on the shelf: shipped profiles first, then own ones by name; `faults` tell what could not be read."""

    entries: tuple[Entry, ...]
    faults: tuple[ScreeningError, ...] = ()

    def find(self, key: str) -> Entry | None:
        """The entry of this key."""
        return next((entry for entry in self.entries if entry.key == key), None)

    def holding(self, path: Path) -> Entry | None:
        """The entry that `path`, a file of any of its versions, belongs to."""
        return next(
            (e for e in self.entries if path == e.path or (not e.shipped and path.parent == e.path.parent)), None
        )


def list_all() -> Listing:
    """Every profile that can be used; a damaged file hides no other, and no older version of its own profile."""
    entries: list[Entry] = []
    faults: list[ScreeningError] = []
    for path in sorted(_shipped_folder().glob("*.json")):
        shipped = form.read(path)
        entries.append(Entry(f"shipped:{path.stem}", True, shipped, path, (shipped.version,)))
    own: list[Entry] = []
    for folder in _own_folders():
        files = _files(folder)
        while files:
            newest = max(files)
            try:
                own.append(Entry(folder.name, False, form.read(files[newest]), files[newest], tuple(sorted(files))))
                break
            except WrongUsage as error:
                faults.append(error)
                del files[newest]
    own.sort(key=lambda entry: (entry.profile.name.casefold(), entry.key))
    return Listing((*entries, *own), tuple(faults))


def read_version(entry: Entry, version: int) -> Profile:
    """An older version as it was saved. WrongUsage when its file is gone or damaged."""
    return entry.profile if version == entry.versions[-1] else form.read(path_of(entry, version))


def path_of(entry: Entry, version: int) -> Path:
    """The file of one version; nothing is read."""
    return entry.path if version == entry.versions[-1] else entry.path.with_name(_file_name(version))


def save(entry: Entry, profile: Profile) -> Entry:
    """Keep `profile` as the next version of the own profile `entry`; earlier ones stay as they are.

    WrongUsage for a shipped entry, an unusable profile or a name that another has; CannotWrite.
    """
    if entry.shipped:
        raise WrongUsage(
            N_("“{name}” comes with the program and stays as it is. Save under another name."), name=entry.profile.name
        )
    others = (e for e in list_all().entries if e.key != entry.key)
    return _keep(entry.path.parent, _named(profile, profile.name, others))


def save_as(profile: Profile, name: str) -> Entry:
    """Keep `profile` as version 1 of a new own profile called `name`. WrongUsage, CannotWrite as `save`."""
    named = _named(profile, name, list_all().entries)
    return _keep(_own_root() / uuid.uuid4().hex, dataclasses.replace(named, version=0))


def duplicate(entry: Entry, name: str) -> Entry:
    """A new own profile that begins as the newest version of `entry`."""
    return save_as(entry.profile, free_name(name, list_all().entries))


def bring_in(path: Path) -> Entry:
    """Import a profile file: a new own profile, renamed with a number where its name is taken.

    WrongUsage with one sentence that names the fault, CannotWrite.
    """
    profile = form.read(path)
    return save_as(profile, free_name(profile.name.strip() or path.stem, list_all().entries))


def delete(entry: Entry) -> None:
    """Remove an own profile with all its versions. WrongUsage for a shipped one, CannotWrite."""
    if entry.shipped:
        raise WrongUsage(N_("“{name}” comes with the program and cannot be deleted."), name=entry.profile.name)
    try:
        shutil.rmtree(entry.path.parent)
    except FileNotFoundError:
        return
    except OSError as error:
        raise CannotWrite(
            N_("The screening profile “{name}” cannot be deleted: {why}."),
            name=entry.profile.name, why=error.strerror or "?",
        ) from error  # fmt: skip


def free_name(name: str, entries: Iterable[Entry]) -> str:
    """`name`, shortened to what is allowed, with the first number behind it that makes it nobody else's."""
    taken = {entry.profile.name.casefold() for entry in entries}
    wanted, number = name[:LONGEST_NAME].strip(), 2
    free = wanted
    while free.casefold() in taken:
        tail = f" ({number})"
        free, number = wanted[: LONGEST_NAME - len(tail)].strip() + tail, number + 1
    return free


def check_name(name: str, others: Iterable[Entry]) -> None:
    """WrongUsage with one sentence when `name` cannot be the name of a profile beside `others`."""
    name = name.strip()
    if not name:
        raise WrongUsage(N_("The screening profile needs a name."))
    if len(name) > LONGEST_NAME:
        raise WrongUsage(N_("The name of a screening profile has at most {n} characters."), n=LONGEST_NAME)
    if name.casefold() in {entry.profile.name.casefold() for entry in others}:
        raise WrongUsage(N_("There is already a screening profile called “{name}”. Choose another name."), name=name)


def _named(profile: Profile, name: str, others: Iterable[Entry]) -> Profile:
    check_name(name, others)
    return dataclasses.replace(profile, name=name.strip())


def _keep(folder: Path, profile: Profile) -> Entry:
    """Write `profile` to `folder` under the next number."""
    form.check(profile)
    path, version = folder, max([0, profile.version, *_files(folder)])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        while path is folder:
            version += 1
            # Taking the number first, an empty file, keeps a second window from writing over what this one saves.
            with contextlib.suppress(FileExistsError):
                (folder / _file_name(version)).touch(exist_ok=False)
                path = folder / _file_name(version)
    except OSError as error:
        raise CannotWrite(
            N_("The screening profile “{name}” cannot be kept: {why}."), name=profile.name, why=error.strerror or "?"
        ) from error
    kept = dataclasses.replace(profile, version=version)
    try:
        form.write(kept, path)
    except CannotWrite:
        with contextlib.suppress(OSError):
            path.unlink()
            folder.rmdir()  # only when it is empty: a new profile that never came to be
        raise
    return Entry(folder.name, False, kept, path, tuple(sorted(_files(folder))))


def _own_root() -> Path:
    return paths.user_data() / "profiles"


def _shipped_folder() -> Path:
    return paths.default_profile().parent


def _own_folders() -> list[Path]:
    root = _own_root()
    return sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []


def _files(folder: Path) -> dict[int, Path]:
    """The versions of one profile by their number; an empty file is a number that was taken and never written."""
    found = {int(path.stem): path for path in folder.glob("*.json") if path.stem.isascii() and path.stem.isdigit()}
    return {number: path for number, path in found.items() if path.stat().st_size}


def _file_name(version: int) -> str:
    return f"{version:04d}.json"
