"""What a folder of programs and libraries asks of the Linux that it is installed on, read by `objdump`.

In: the frozen folder. Out: the newest symbol versions needed, and the system libraries that are not in the folder.
Binaries for an older system can be made only on an older system, so what asks for too much is refused (`TooNew`).
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# Ubuntu 22.04, the oldest system that is promised; Debian 12 has 2.36 and the same C++ library.
OLDEST = {"GLIBC": (2, 35), "GLIBCXX": (3, 4, 30), "CXXABI": (1, 3, 13)}
OLDEST_NAME = "Ubuntu 22.04"

_NEEDED = re.compile(r"^\s+NEEDED\s+(\S+)", re.MULTILINE)
_VERSION = re.compile(r"\b(GLIBC|GLIBCXX|CXXABI)_([\d.]+)\b")

Version = tuple[int, ...]


class TooNew(Exception):
    """A file asks for more than the oldest system has."""


@dataclass(frozen=True, slots=True)
class Demands:
    """`newest`: the newest version of each kind of symbol, and the file that asks for it; `libraries`: sonames."""

    newest: dict[str, tuple[Version, str]]
    libraries: frozenset[str]


def is_elf(path: Path) -> bool:
    """Whether `path` is a program or a library."""
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def demands(folder: Path) -> Demands:
    """What all files in `folder` together ask of the system. Raises `TooNew`."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and is_elf(path))
    return judge((path.relative_to(folder).as_posix(), _headers(path)) for path in files)


def judge(files: Iterable[tuple[str, str]]) -> Demands:
    """The same of (name, text of `objdump -p`) pairs; a needed library with a name among them is our own."""
    newest: dict[str, tuple[Version, str]] = {}
    needed: set[str] = set()
    own: set[str] = set()
    for name, text in files:
        own.add(name.rpartition("/")[2])
        needed.update(_NEEDED.findall(text))
        # What a library offers is also listed; only what follows "Version References" is asked for.
        for kind, number in _VERSION.findall(text.partition("Version References")[2]):
            version = tuple(int(part) for part in number.split("."))
            newest[kind] = max(newest.get(kind, ((), "")), (version, name))
    for kind, (version, name) in newest.items():
        if version > OLDEST[kind]:
            raise TooNew(
                f"{name} needs {kind}_{written(version)}, and {OLDEST_NAME} has only up to {written(OLDEST[kind])}. "
                "Build with a Python, and on a system, that is no newer."
            )
    return Demands(newest, frozenset(needed - own))


def written(version: Version) -> str:
    """As the symbol names write it: 2.35."""
    return ".".join(map(str, version))


def _headers(path: Path) -> str:
    return subprocess.run(["objdump", "-p", path], capture_output=True, text=True, check=True).stdout
