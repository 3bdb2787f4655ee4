"""The packs on this computer: a folder or `.vspack` comes in and is installed; they are listed; one is removed.

Installed packs lie in `paths.installed_packs()`, one folder each, named after the pack and its version. Whoever looks
sees all of a pack or none of it: it is written in a hidden folder beside and renamed, and goes the same way.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from screening import paths
from screening.errors import N_, CannotWrite, PackRefused, WrongUsage
from screening.pack import Pack, archive, available, find, name_of, put, read, verify
from screening.records import PackInfo

_LONGEST = 60  # characters of a name in a folder's name: paths are short on some systems


@dataclass(frozen=True, slots=True)
class Entry:
    """A pack on this computer: what it states (`info`, `card`), or why it is refused (`refused`).

    `key` is what `find` takes for it: its name, or its path where another pack has that name too.
    """

    key: str
    folder: Path
    shipped: bool
    info: PackInfo | None = None
    card: str = ""
    refused: PackRefused | None = None


def entries() -> tuple[Entry, ...]:
    """Every available pack, each read and verified as far as that needs no run; those with the program come first."""
    return tuple(_entry(path) for path in available())


def _entry(path: Path) -> Entry:
    key = name_of(path) if find(name_of(path)) == path else str(path)
    shipped = path.parent == paths.shipped_packs()
    try:
        pack = read(path)
    except PackRefused as refused:
        return Entry(key, path, shipped, refused=refused)
    return Entry(key, path, shipped, pack.info, pack.card)


def install(source: Path, check: Callable[[Pack], object]) -> Path:
    """Install the pack at `source`, a folder or a zip, and return where it lies now.

    `check` does what `read` cannot, running the golden clips: pass `scoring.Scorer`. The bytes that were checked are
    the bytes that are written. A pack that is here already is left as it is; a refused one in its place is replaced.
    Raises PackRefused, also where another pack has the same name and version; CannotWrite.
    """
    source = source.absolute()
    with archive.open_source(source, source.name) as opened:
        kept = archive.Kept(opened)
        pack = verify(kept, source, source.name)
    folder = paths.installed_packs() / _folder_name(pack.info)
    same = next((entry for entry in entries() if _would_be_mistaken(entry, pack.info, folder)), None)
    if same is not None and same.info is not None and same.info.sha256 != pack.info.sha256:
        raise _taken(same, pack.info, source.name)
    check(pack)
    if same is not None:
        return same.folder
    with _beside() as hidden:
        new = hidden / "new"
        new.mkdir()
        put(new, kept.content)
        if folder.exists():  # refused, or it would have been found above
            folder.rename(hidden / "old")
        new.rename(folder)
    return folder


def remove(name_or_path: str | Path, in_use: Path | None = None) -> None:
    """Remove the installed pack of that name, or at that path; `in_use` is the one that nobody may take away now.

    Raises WrongUsage where it may not be removed, PackRefused where there is none, CannotWrite.
    """
    matching = [
        path for path in available() if name_of(path) == str(name_or_path) or path == Path(name_or_path).absolute()
    ]
    installed = [path for path in matching if path.parent == paths.installed_packs()]
    if not installed and matching:
        raise WrongUsage(N_("The pack “{name}” came with the program and cannot be removed."), name=name_or_path)
    if not installed:
        names = sorted(name_of(path) for path in available() if path.parent == paths.installed_packs())
        raise PackRefused(
            N_("There is no installed model pack “{name}”. Installed are: {names}."),
            name=name_or_path, names=", ".join(names) or "–",
        )  # fmt: skip
    if installed[0] == in_use:
        raise WrongUsage(N_("The pack “{name}” is in use. Choose another one, then remove it."), name=name_or_path)
    with _beside() as hidden:
        installed[0].rename(hidden / "old")


def _would_be_mistaken(entry: Entry, info: PackInfo, folder: Path) -> bool:
    """Whether a sound pack is here that people, or the disk, could not tell from the one of `info` in `folder`."""
    there = entry.info
    return there is not None and ((there.name, there.version) == (info.name, info.version) or entry.folder == folder)


def _taken(there: Entry, info: PackInfo, file: str) -> PackRefused:
    if there.shipped:
        sentence = N_(
            "The program comes with another “{name} {version}” than “{file}”. Ask its maker for a new version number."
        )
    else:
        sentence = N_(
            "Another “{name} {version}” than “{file}” is installed. Remove that one first, or ask for a new version."
        )
    return PackRefused(sentence, name=info.name, version=info.version, file=file)


def _folder_name(info: PackInfo) -> str:
    """Name and version in letters, digits, dots and dashes, which every file system takes and no path leaves."""
    words = []
    for text in (info.name, info.version):
        plain = re.sub(r"[^\w.]+", "-", unicodedata.normalize("NFC", text).casefold()).strip("-._")
        words.append(plain[:_LONGEST].rstrip("-._") or "pack")
    return "-".join(words)


@contextmanager
def _beside() -> Iterator[Path]:
    """A hidden folder among the installed packs, gone with all that is in it on leaving; raises CannotWrite."""
    root = paths.installed_packs()
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".", dir=root, ignore_cleanup_errors=True) as hidden:
            yield Path(hidden)
    except OSError as error:
        raise CannotWrite(
            N_("The folder of model packs, “{folder}”, cannot be written ({reason}). Free some space and try again."),
            folder=str(root), reason=error.strerror or type(error).__name__,
        ) from error  # fmt: skip
