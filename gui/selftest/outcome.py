"""What comes of one check: a check returns a sentence when all is well, and raises one of these when it is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from screening.errors import ScreeningError


class Failed(ScreeningError):
    """The check found that something is not as it should be."""


class Skipped(ScreeningError):
    """There was nothing to check here; that is neither good nor bad."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`detail` says what was found, in the user's language; `seconds` that the check took."""

    status: Literal["ok", "failed", "skipped"]
    detail: str
    seconds: float = 0.0
