"""The user's own folder: whether it can be written, and in what state its library is. Nothing there is changed."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from gui.selftest.outcome import Failed
from screening import library, paths
from screening.errors import N_, CannotWrite
from screening.language import Translator


def check(_: Translator) -> str:
    """The folder can be written; the library, where there is one, can be opened by this version."""
    folder = paths.user_data()
    if not _can_be_written(folder):
        raise Failed(N_("the data folder cannot be written: ask for the right to write there"))
    try:
        version = library.version(library.place(folder))
    except CannotWrite as error:
        if error.template != library.IN_USE:
            raise
        return _("can be written; its library is open in a ViScreen that runs")
    if version is None:
        return _("can be written; no library yet")
    if version < library.NEWEST:
        return _("can be written; library of version {old}, brought to version {new} at the next start").format(
            old=version, new=library.NEWEST
        )
    return _("can be written; library of version {version}, sound").format(version=version)


def _can_be_written(folder: Path) -> bool:
    """Whether a file can be put there, or the folder be made."""
    if not folder.exists():
        above = next(parent for parent in folder.absolute().parents if parent.exists())
        return above.is_dir() and os.access(above, os.W_OK)
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            return file.write(b"ViScreen") > 0
    except OSError:
        return False
