"""What the lab's commands share: how they end (DESIGN §7), and how they put a file into place."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from screening.errors import N_, Cancelled, CannotWrite, ScreeningError


def exit_status(work: Callable[[], object]) -> int:
    """Do `work`; 0 when it is done, the error's own status when the world is at fault, 130 when it was stopped.

    An error of the world is one line on stderr.
    """
    try:
        work()
    except ScreeningError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return Cancelled.exit_code
    return 0


def replace_file(path: Path, content: bytes) -> None:
    """Write beside, then replace: a crash leaves the old file or the new one. CannotWrite when the disk refuses."""
    beside = path.with_name(path.name + ".part")
    try:
        with beside.open("wb") as stream:
            stream.write(content)
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError as error:
        raise CannotWrite(
            N_("“{name}” cannot be written ({reason}). Choose another place or free some space."),
            name=str(path), reason=error.strerror or type(error).__name__,
        ) from error  # fmt: skip
