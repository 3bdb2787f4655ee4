"""A review beside a second opinion: the model's (for one who marked first), or another reviewer's.

In: the review of now and other reviews of the same analysis. Out: their agreement, worked out away from the window,
and the places where they differ, to go through one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from gui.review import comparing
from gui.review.comparing import Comparison, Side
from gui.review.reviewing import Reviewing
from gui.worker import Crew, Task
from screening import review
from screening.library.records import Review
from screening.review import Reviewed
from screening.review.agreement import Disagreement


class SecondOpinion(QObject):
    """`changed` when there is another comparison, or another place in it. All on the GUI thread."""

    changed = Signal()

    def __init__(self, reviewing: Reviewing, crew: Crew, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reviewing = reviewing
        self._crew = crew
        self._task: Task | None = None
        self._again = False
        self._others: tuple[Review, ...] = ()
        self._forget()
        reviewing.offered.connect(self._left)
        reviewing.begun.connect(self._begun)
        reviewing.changed.connect(self._decided)

    def _forget(self) -> None:
        self.against: Review | None = None
        self.comparison: Comparison | None = None
        self.place: int | None = None

    # ---- with whom

    @property
    def others(self) -> tuple[Review, ...]:
        """Reviews to compare with; none while the reviewer is to mark without seeing any answer."""
        record = self._reviewing.record
        if record is None or record.hides_model:
            return ()
        return tuple(other for other in self._others if other.id != record.id and not other.hides_model)

    @property
    def with_model(self) -> bool:
        """Whether the model can be compared with: only who marked first judged independently of it."""
        record = self._reviewing.record
        return record is not None and record.mark_first and not record.hides_model

    def show_others(self, others: Sequence[Review]) -> None:
        """All reviews of this analysis; one's own among them is left out."""
        self._others = tuple(others)
        self.compare_with(None if self.with_model else next(iter(self.others), None))

    def compare_with(self, other: Review | None) -> None:
        """Compare with `other`, one of `others`; None: what was marked first with what the model found."""
        self._forget()
        self.against = other
        self._compare()
        self.changed.emit()

    def _left(self) -> None:
        self._others = ()
        self.compare_with(None)

    def _begun(self) -> None:
        self.compare_with(None if self.with_model else next(iter(self.others), None))

    def _decided(self) -> None:
        if self.against is not None:  # what was marked first is fixed
            self._compare()

    # ---- away from the window

    def _compare(self) -> None:
        sides = self._sides()
        if sides is None or self._reviewing.result is None:
            return
        if self._task is not None:  # one at a time, and the newest last
            self._again = True
            return
        task = Task(partial(comparing.compare, self._reviewing.result, *sides))
        task.succeeded.connect(self._compared)
        task.finished.connect(self._ended)
        self._task = task
        self._crew.start(task)

    def _sides(self) -> tuple[Side, Side] | None:
        result, record = self._reviewing.result, self._reviewing.record
        if result is None or record is None or record.hides_model:
            return None
        if self.against is not None:
            return comparing.side(result, record), comparing.side(result, self.against)
        if self.with_model:
            marks = review.episodes(comparing.marked_first(result, record))
            return Side(record.reviewer, marks), Side(None, result.episodes)
        return None

    def _compared(self, comparison: Comparison) -> None:
        sides = self._sides()
        if sides is not None and not self._again:
            self.comparison = comparison
            if self.place is not None and self.place >= len(comparison.disagreements):
                self.place = None
            self.changed.emit()

    def _ended(self) -> None:
        self._task = None
        if self._again:
            self._again = False
            self._compare()

    # ---- where they differ

    def next(self) -> None:
        """Go to the next place where the two differ, and round again after the last."""
        if self.comparison is not None and self.comparison.disagreements:
            self.go_to(0 if self.place is None else (self.place + 1) % len(self.comparison.disagreements))

    def go_to(self, place: int) -> None:
        """Go to the place of this number."""
        if self.comparison is None:
            return
        self.place = place
        where, item = self.comparison.disagreements[place], self.about(place)
        reviewing = self._reviewing
        reviewing.point_at((item.target,) if item is not None else ())
        shown = item or where.second or where.first
        if shown is not None:
            reviewing.choose(shown.label_id)
        self.changed.emit()
        reviewing.jumped.emit(where.start_s)

    @property
    def decided(self) -> frozenset[int]:
        """The places of which the reviewer has decided about the model's answer since."""
        places = self.comparison.disagreements if self.comparison is not None else ()
        abouts = ((place, self.about(place)) for place in range(len(places)))
        return frozenset(place for place, item in abouts if item is not None and item.state not in ("open", "added"))

    def about(self, place: int) -> Reviewed | None:
        """The episode of this review that the place is about, if it is still there."""
        if self.comparison is None:
            return None
        where: Disagreement = self.comparison.disagreements[place]
        items = self._reviewing.items
        if self.against is None and where.second is not None:
            return next((item for item in items if item.original == where.second), None)
        return next((item for item in items if item.episode == where.first), None)
