"""`viscreen --selftest`: whether the installed program is whole, one line for each check; 1 when one of them fails.

A language comes in; a table goes out that a user can send to whoever helps: it names no person, folder or video of his.
`asking` runs each check in a process of its own, so that none stops another, not even by a crash of native code;
`table` writes down what came of it. The checks: `files` as packed, `engine` without Qt, `user` data, `window` with Qt.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from gui.selftest.asking import ask, translator
from gui.selftest.checks import CHECKS
from gui.selftest.table import Table
from screening import paths

FILE = "selftest.txt"


def run(code: str) -> int:
    """Check everything, in the language `code`; returns the exit status.

    The table goes to the standard output and nowhere else. A program without one (started from a desktop on Windows)
    leaves it as `selftest.txt` in the user's data folder, or where temporary files lie, and shows it.
    """
    if sys.stdout is not None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")  # a pipe on Windows may not know Vietnamese
        return write(code, sys.stdout)
    file, path = _file()
    with file:
        status = write(code, file)
    if sys.platform == "win32":
        os.startfile(path)  # noqa: S606  (our own file, in whatever shows text here)
    return status


def write(code: str, out: TextIO) -> int:
    """Write the table to `out`, each line as soon as it is known; returns the exit status."""
    _ = translator(code)
    table = Table(out, _)
    for title, check in CHECKS:
        table.add(title, ask(check, code))
    table.end()
    return 1 if table.failed else 0


def _file() -> tuple[TextIO, Path]:
    """`selftest.txt`, open, and where it is."""
    for folder in (paths.user_data(), Path(tempfile.gettempdir())):
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            return (folder / FILE).open("w", encoding="utf-8"), folder / FILE
    raise OSError(f"neither the data folder nor the temporary folder takes {FILE}")
