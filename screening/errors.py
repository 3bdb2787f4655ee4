"""What can go wrong in the world: a few named errors, each one sentence that says what is wrong and what to do.

A defect of ours is *not* one of these: it stays an ordinary exception and reaches the crash dialog.

The sentence is kept as an English template with named values, so that whoever shows it (screen, command line,
PDF) can show it in the user's language::

    raise VideoUnusable(N_("“{name}” holds no picture. Choose a video file."), name=path.name)

Templates are marked with `N_` (they are collected into the gettext catalogue) and translated when they are shown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar


def N_(template: str) -> str:
    """Mark a template for the gettext catalogue; it is translated later, when it is shown."""
    return template


class ScreeningError(Exception):
    """An error of the world. `exit_code` is the command line's exit status for it (DESIGN §7)."""

    exit_code: ClassVar[int] = 1

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template.format(**values) if values else template)
        self.template = template
        self.values = values

    def sentence(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language of `translate` (a gettext function)."""
        text = translate(self.template)
        return text.format(**self.values) if self.values else text


class WrongUsage(ScreeningError):
    """A wrong argument, an unreadable profile, a region outside the picture."""

    exit_code = 2


class VideoUnusable(ScreeningError):
    """The video cannot be used at all: missing, empty, not a video, no picture in it."""

    exit_code = 3


class PackRefused(ScreeningError):
    """The model pack breaks one of its promises; the sentence says which."""

    exit_code = 4


class CannotWrite(ScreeningError):
    """The disk or the library cannot be written."""

    exit_code = 5


class Cancelled(ScreeningError):
    """The user stopped the work; nothing is wrong."""

    exit_code = 130
