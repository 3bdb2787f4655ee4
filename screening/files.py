"""Puts a file into place whole: a crash or a full disk leaves the old file or the new one, never half of either."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def replace(path: Path, text: str) -> None:
    """Write `text` (UTF-8) beside `path`, flush it to the disk, then put it in place. OSError when the disk refuses."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        beside = Path(file.name)
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            file.close()
            beside.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                file.close()
                beside.unlink()
            raise
