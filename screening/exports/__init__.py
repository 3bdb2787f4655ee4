"""One small file for each format that a result can be written in; each is written beside, then put in place."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

from screening.errors import N_, CannotWrite


def replace(path: Path, write: Callable[[IO[str]], object]) -> None:
    """Let `write` fill a text file beside `path` (UTF-8, line feeds), flush it to the disk, then put it in place.

    Whoever reads `path` sees the old file or the whole new one. Raises CannotWrite.
    """
    beside = path.with_name(path.name + ".part")
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise CannotWrite(
            N_("“{name}” cannot be written ({why}). Choose another folder or free some space."),
            name=path.name,
            why=error.strerror,
        ) from error
