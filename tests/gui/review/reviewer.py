"""A result to review, and a keeper that answers at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gui.review.keeping import Otherwise
from gui.review.reviewing import Reviewing
from screening.library import Library
from tests.screening import results

RESULT = results.ten_minutes()


class AtOnce:
    """Stands for the librarian: the same questions, answered on the spot."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def ask(self, work: Callable[[Library], Any], then: Callable[[Any], None], otherwise: Otherwise) -> None:
        then(work(self._library))


def states(reviewing: Reviewing) -> dict[str, str]:
    return {item.target: item.state for item in reviewing.items}
