"""Where a review is kept: in the library (a case is open), or in memory alone. Both answer alike.

In: steps of decisions, undo, redo, reveal, finish. Out: the review as it then stands, once it is safe.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from gui.librarian import Librarian
from screening.errors import ScreeningError
from screening.library import Library
from screening.library.records import Review, Step

Then = Callable[[Review], None]
Otherwise = Callable[[ScreeningError], None]


def now() -> str:
    """ISO 8601 in UTC, as the library writes it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


class Keeper(Protocol):
    """Keeps one review. `then` gets it as it stands once the change is safe; `otherwise`, why it could not be kept."""

    def decide(self, step: Step, then: Then, otherwise: Otherwise) -> None:
        """One step more; those that were undone are given up."""
        ...

    def undo(self, then: Then, otherwise: Otherwise) -> None:
        """The last step back; nothing changes when there is none, or when it is fixed."""
        ...

    def redo(self, then: Then, otherwise: Otherwise) -> None:
        """The next undone step again; nothing changes when there is none."""
        ...

    def reveal(self, then: Then, otherwise: Otherwise) -> None:
        """Show the model's answer to one who marked first; what was marked is fixed."""
        ...

    def finish(self, then: Then, otherwise: Otherwise) -> None:
        """The reviewer is through, until something is decided, undone or redone."""
        ...


class Unkept:
    """In memory: no case is open. `review` is how it stands."""

    def __init__(self, reviewer: str, *, mark_first: bool = False) -> None:
        self.review = Review(0, 0, reviewer, now(), mark_first, None, (), 0, None)

    def decide(self, step: Step, then: Then, otherwise: Otherwise) -> None:
        """As `Keeper`."""
        review = self.review
        if step:
            steps = (*review.steps[: review.position], step)
            review = replace(review, steps=steps, position=review.position + 1, finished=None)
        self._stand(review, then)

    def undo(self, then: Then, otherwise: Otherwise) -> None:
        """As `Keeper`."""
        self._move(-1 if self.review.can_undo else 0, then)

    def redo(self, then: Then, otherwise: Otherwise) -> None:
        """As `Keeper`."""
        self._move(1 if self.review.can_redo else 0, then)

    def reveal(self, then: Then, otherwise: Otherwise) -> None:
        """As `Keeper`."""
        review = self.review
        self._stand(replace(review, revealed=review.position) if review.hides_model else review, then)

    def finish(self, then: Then, otherwise: Otherwise) -> None:
        """As `Keeper`."""
        self._stand(replace(self.review, finished=now()), then)

    def _move(self, steps: int, then: Then) -> None:
        review = self.review
        self._stand(replace(review, position=review.position + steps, finished=None) if steps else review, then)

    def _stand(self, review: Review, then: Then) -> None:
        self.review = review
        then(review)


class Kept:
    """In the library: every step is on the disk before `then` is called."""

    def __init__(self, librarian: Librarian, review_id: int) -> None:
        self._librarian = librarian
        self._id = review_id

    def decide(self, step: Step, then: Then, otherwise: Otherwise) -> None:
        """As `Keeper`."""
        self._ask(lambda library: library.reviews.decide(self._id, step), then, otherwise)

    def undo(self, then: Then, otherwise: Otherwise) -> None:
        """As `Keeper`."""
        self._ask(lambda library: library.reviews.undo(self._id), then, otherwise)

    def redo(self, then: Then, otherwise: Otherwise) -> None:
        """As `Keeper`."""
        self._ask(lambda library: library.reviews.redo(self._id), then, otherwise)

    def reveal(self, then: Then, otherwise: Otherwise) -> None:
        """As `Keeper`."""
        self._ask(lambda library: library.reviews.reveal(self._id), then, otherwise)

    def finish(self, then: Then, otherwise: Otherwise) -> None:
        """As `Keeper`."""
        self._ask(lambda library: library.reviews.finish(self._id), then, otherwise)

    def _ask(self, work: Callable[[Library], Review], then: Then, otherwise: Otherwise) -> None:
        self._librarian.ask(work, then, otherwise)
