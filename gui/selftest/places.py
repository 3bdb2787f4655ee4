"""Keeps the user's folders out of what support gets to read: a text comes in, the same goes out without them."""

from __future__ import annotations

import re
import sys
import tempfile
import traceback
from pathlib import Path

from screening import paths

_SOURCES = Path(__file__).resolve().parents[2]
# What is left of an absolute path when the known folders are named: all of it but the last part goes.
_FOLDERS = re.compile(r"(?<![\w.…›/\\])(?:[A-Za-z]:)?[/\\]{1,2}(?:[^/\\\s“”\"':;]+[/\\])+")

_BELOW_HOME = re.compile(r"‹home›[/\\](?:[^“”\"':]*[/\\])?")  # a folder there may be named after anybody


def program() -> Path:
    """The folder of the installed program, or of the sources."""
    return paths.resources().parents[1] if getattr(sys, "frozen", False) else _SOURCES


def unnamed(text: str) -> str:
    """`text` on one line, the folders in it named by what they are and not by where they lie."""
    known = {
        program(): "‹program›",
        paths.user_data(): "‹data›",
        Path(tempfile.gettempdir()): "‹temporary›",
        Path.home(): "‹home›",
    }
    for folder, name in sorted(known.items(), key=lambda item: -len(str(item[0]))):
        if len(folder.parts) > 1:  # a home that is “/” is in every path
            for written in {str(folder), folder.as_posix(), str(folder.resolve())}:
                text = text.replace(written, name)
    return " ".join(_FOLDERS.sub("…/", _BELOW_HOME.sub("‹home›/…/", text)).split())


def defect(error: BaseException) -> str:
    """The kind of an unexpected error and where it came up. A library's message may hold a name, so only ours is kept.

    That of a missing part names no person: it says which library or file of the program could not be loaded.
    """
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__qualname__}, {Path(place.filename).name}:{place.lineno}"
    if isinstance(error, OSError):
        return unnamed(f"{where}: {error.strerror or '?'}")
    return unnamed(f"{where}: {error}") if isinstance(error, ImportError) else where
