"""Every file of the installed program against the list that was made when it was packed."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

from gui.selftest.outcome import Failed, Skipped
from gui.selftest.places import program
from screening import paths
from screening.errors import N_
from screening.language import Translator

LIST = "files.sha256"
# What an installer may leave beside the program, to remove it again; it was not there when the list was made.
OF_THE_INSTALLER = frozenset({"uninstall.exe"})
_NAMED = 3


def check(_: Translator) -> str:
    """Hashes of all packed files, in `_internal/files.sha256`: `<sha256>  <path from the program's folder>`."""
    if not getattr(sys, "frozen", False):
        raise Skipped(N_("not an installed program: there is no list of its files"))
    folder, listing = program(), paths.resources().parent / LIST
    if not listing.is_file():
        raise Failed(N_("the list of the program's files, {file}, is missing"), file=LIST)
    packed = _packed(listing)
    missing = sorted(name for name in packed if not (folder / name).is_file())
    changed = sorted(name for name in packed.keys() - set(missing) if not _is_as_packed(folder / name, packed[name]))
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    extra = sorted(
        name
        for name in there - packed.keys() - {listing.relative_to(folder).as_posix()}
        if name.casefold() not in OF_THE_INSTALLER
    )
    found = {N_("missing: {files}"): missing, N_("changed: {files}"): changed, N_("not ours: {files}"): extra}
    if any(found.values()):
        told = [_(template).format(files=_first(names)) for template, names in found.items() if names]
        raise Failed("{what}", what="; ".join(told))
    size = sum((folder / name).lstat().st_size for name in packed)  # Linux has links among them
    return _("{n} files, {size} MB, all as packed").format(n=_.number(len(packed)), size=_.number(size / 1e6))


def _packed(listing: Path) -> dict[str, str]:
    """Hash by name."""
    try:
        lines = (line.split("  ", 1) for line in listing.read_text(encoding="utf-8").splitlines() if line)
        packed = {name: hash_ for hash_, name in lines}
    except ValueError as error:
        raise Failed(N_("the list of the program's files, {file}, is damaged"), file=LIST) from error
    if not packed:
        raise Failed(N_("the list of the program's files, {file}, is damaged"), file=LIST)
    return packed


def _is_as_packed(file: Path, hash_: str) -> bool:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == hash_
    except OSError:  # what a failing disk, or a virus scanner, does not give out is not as it was
        return False


def _first(names: Sequence[str]) -> str:
    """The first few, and how many there are of them all."""
    more = f", … ({len(names)})" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
