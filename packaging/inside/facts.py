"""Versions that only the running Python or the system's package manager knows, and where their licences lie."""

from __future__ import annotations

import decimal
import filecmp
import json
import platform
import shutil
import sqlite3
import ssl
import subprocess
import sys
import sysconfig
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from xml.parsers import expat


def _pdfium() -> str:
    try:
        text = Path(str(distribution("pypdfium2").locate_file("pypdfium2_raw/version.json"))).read_text("utf-8")
    except PackageNotFoundError:
        return ""
    said = json.loads(text)
    return ".".join(str(said[key]) for key in ("major", "minor", "build", "patch"))


_VERSIONS: dict[str, Callable[[], str]] = {
    "python": platform.python_version,
    "openssl": lambda: ssl.OPENSSL_VERSION.split()[1],
    "sqlite": lambda: sqlite3.sqlite_version,
    "zlib": lambda: zlib.ZLIB_RUNTIME_VERSION,
    "expat": lambda: expat.EXPAT_VERSION.removeprefix("expat_"),
    "mpdecimal": lambda: decimal.__libmpdec_version__,
    "pdfium": _pdfium,
}


def version(name: str) -> str:
    """The version of what `name` stands for in `parts.toml` ("python", "openssl", …)."""
    return _VERSIONS[name]()


def python_notices() -> tuple[tuple[str, Path], ...]:
    """Python's own licence, where this Python keeps it; nothing where it does not."""
    library = Path(sys.base_prefix) / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    places = (library / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt")
    return tuple(("LICENSE.txt", place) for place in places if place.is_file())[:1]


def python_modules() -> list[Path]:
    """The native modules of the standard library."""
    on_windows = Path(sys.base_prefix) / "DLLs"
    folder = on_windows if sys.platform == "win32" else Path(sysconfig.get_config_var("DESTSHARED"))
    return sorted(path for path in folder.glob("*") if path.suffix in (".so", ".pyd"))


@dataclass(frozen=True, slots=True, order=True)
class DebianPackage:
    """A package of the system that the program is built on, and where its copyright file lies."""

    name: str
    version: str
    purl: str
    copyright: Path


def debian_package(library: Path) -> DebianPackage | None:
    """The package that the copied `library` comes from, by its name and its bytes; None where nobody knows."""
    if shutil.which("dpkg-query") is None:
        return None
    for line in _asked("-S", f"*/{library.name}").splitlines():
        package, _, place = line.partition(": ")
        if Path(place).is_file() and filecmp.cmp(place, library, shallow=False):
            name, _, _architecture = package.partition(":")
            version = _asked("-W", "-f", "${Version}", package)
            purl = f"pkg:deb/{platform.freedesktop_os_release()['ID']}/{name}@{version}"
            return DebianPackage(name, version, purl, Path("/usr/share/doc") / name / "copyright")
    return None


def _asked(*words: str) -> str:
    return subprocess.run(["dpkg-query", *words], capture_output=True, text=True, check=False).stdout
