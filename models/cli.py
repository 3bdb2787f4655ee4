"""What the lab's commands share: an error of the world is one line on stderr and an exit status (DESIGN §7)."""

from __future__ import annotations

import sys
from collections.abc import Callable

from screening.errors import Cancelled, ScreeningError


def exit_status(work: Callable[[], object]) -> int:
    """Do `work`; 0 when it is done, the error's own status when the world is at fault, 130 when it was stopped."""
    try:
        work()
    except ScreeningError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return Cancelled.exit_code
    return 0
