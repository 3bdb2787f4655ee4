"""One review under the clinician's hands: which episodes there are, which are selected, and what is decided about them.

A result and where its review is kept come in, and wishes (accept, mark, undo, …); the page shows what this object says.
Wishes are taken in order: one that comes while another is being kept waits, and then finds what that one left.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from gui.review import comparing
from gui.review.keeping import Keeper, Kept, Unkept, now
from screening import analysis, review
from screening.errors import ScreeningError
from screening.library import records
from screening.library.records import Step
from screening.records import Decision, Episode, Indicators, Label, Profile, Result, Verdict
from screening.review import History, Review, Reviewed

__all__ = ["Keeper", "Kept", "Reviewing", "Unkept"]


class Reviewing(QObject):
    """What the review page shows, and everything that can be done there. All on the GUI thread."""

    offered = Signal()  # a result came or went; no review of it has begun
    begun = Signal()
    changed = Signal()  # what is decided
    selection_changed = Signal()
    marking_changed = Signal()  # a mark was begun or ended, or the behaviour to mark is another
    jumped = Signal(float)  # the player should go there (seconds)
    finished = Signal()
    failed = Signal(object)  # ScreeningError

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[Callable[[], None]] = deque()
        self._busy = False
        self._run = 0
        self._forget(None)

    def _forget(self, result: Result | None) -> None:
        self._run += 1  # answers to what was asked before are not for this review
        self._waiting.clear()
        self._busy = False
        self.result = result
        self.profile = result.profile if result is not None else None
        self.record: records.Review | None = None
        self.items: tuple[Reviewed, ...] = ()
        self.selected: tuple[str, ...] = ()
        self.label_id: int | None = None
        self.onset_s: float | None = None
        self._keeper: Keeper | None = None
        self._history: History | None = None
        self._there: dict[str, Reviewed] = {}
        self._anchor: tuple[Any, ...] = ()

    # ---- beginning

    def offer(self, result: Result | None) -> None:
        """`result` can be reviewed (None: nothing can); the page asks who reviews, and whether they mark first."""
        self._forget(result)
        self.offered.emit()

    def begin(self, result: Result, record: records.Review, keeper: Keeper) -> None:
        """Review `result` from where `record` stands; `keeper` keeps what is decided from here on."""
        self._forget(result)
        self._keeper = keeper
        self._take(result, record)
        self.begun.emit()
        self.changed.emit()
        self._go_to_first_open()
        self._join()

    def _take(self, result: Result, record: records.Review) -> None:
        self.record = record
        self._history = comparing.history(result, record)
        shown = (item for item in self._history.review.reviewed.values() if item.original or not item.rejected)
        self.items = tuple(sorted(shown, key=_place))
        self._there = {item.target: item for item in self.items}
        self.selected = self._present(self.selected)

    # ---- what stands

    @property
    def is_begun(self) -> bool:
        """A review is open."""
        return self.record is not None

    @property
    def stands(self) -> Review | None:
        """All that is decided until now, rejected episodes included."""
        return self._history.review if self._history is not None else None

    @property
    def hides_model(self) -> bool:
        """The reviewer marks first, and must not see the model's answer yet."""
        return self.record is not None and self.record.hides_model

    @property
    def is_finished(self) -> bool:
        """The reviewer said so, and has changed nothing since."""
        return self.record is not None and self.record.finished is not None

    @property
    def can_undo(self) -> bool:
        """There is a step to take back."""
        return self.record is not None and self.record.can_undo

    @property
    def can_redo(self) -> bool:
        """There is a step to take again."""
        return self.record is not None and self.record.can_redo

    @property
    def open(self) -> tuple[Reviewed, ...]:
        """The model's episodes that nothing is decided about, in the order of time."""
        return tuple(item for item in self.items if item.state == "open")

    @property
    def current(self) -> Reviewed | None:
        """The episode selected last."""
        return self._there[self.selected[-1]] if self.selected else None

    @property
    def labels(self) -> tuple[Label, ...]:
        """The behaviours that may be chosen, in the pack's order."""
        if self.result is None:
            return ()
        other = self.result.pack.output.other_id
        return tuple(label for label in self.result.pack.labels if label.id != other)

    @property
    def label(self) -> Label | None:
        """The behaviour that a mark will have."""
        return next((label for label in self.labels if label.id == self.label_id), None)

    @property
    def model_indicators(self) -> Indicators | None:
        """The index as the model's episodes give it."""
        return self._judged(self.result.episodes if self.result is not None else ())

    @property
    def indicators(self) -> Indicators | None:
        """The index as the review leaves it; the model's answer stands for what is open."""
        return self._judged(review.episodes(self._history.review)) if self._history is not None else None

    def use_profile(self, profile: Profile) -> None:
        """Judge by the criteria of `profile`; the episodes stay as they are."""
        self.profile = profile
        self.changed.emit()

    def _judged(self, found: Iterable[Episode]) -> Indicators | None:
        result, profile = self.result, self.profile
        return analysis.judged(result, found, profile) if result is not None and profile is not None else None

    def _present(self, targets: Iterable[str]) -> tuple[str, ...]:
        return tuple(target for target in targets if target in self._there)

    # ---- selecting

    def select(self, targets: Sequence[str]) -> None:
        """Select these, the last one being the current; one alone takes the player there."""
        self._when_free(partial(self._select, tuple(targets)))

    def select_all(self) -> None:
        """Select every episode."""
        self._when_free(lambda: self._select(tuple(item.target for item in self.items)))

    def move(self, steps: int) -> None:
        """Select the next episode, or the one before; at the end it stays."""
        self._when_free(partial(self._move, steps))

    def _move(self, steps: int) -> None:
        if self.items:
            current = self.current
            at = self.items.index(current) if current is not None else -1 if steps > 0 else 1
            self._select((self.items[min(max(0, at + steps), len(self.items) - 1)].target,))

    def _select(self, targets: tuple[str, ...]) -> None:
        self.selected = self._present(targets)
        current = self.current
        if current is not None and self.onset_s is None:
            self.label_id = current.label_id
            self.marking_changed.emit()
        self.selection_changed.emit()
        if current is not None and len(self.selected) == 1:
            self.jumped.emit(current.start_s)

    def point_at(self, targets: Sequence[str]) -> None:
        """Select these and leave the player where it is: whoever has marked goes on watching."""
        self.selected = self._present(targets)
        self.selection_changed.emit()

    # ---- deciding

    def accept(self) -> None:
        """The selected episodes are there, as they stand."""
        self._when_free(lambda: self._decide("accept", then=self._go_on))

    def reject(self) -> None:
        """The selected episodes are not there; those that the reviewer added are gone."""
        self._when_free(lambda: self._decide("reject", then=self._go_on))

    def relabel(self, label_id: int) -> None:
        """The selected episodes show another behaviour."""
        self._when_free(lambda: self._decide("relabel", then=self._go_on, label_id=label_id))

    def comment(self, text: str) -> None:
        """Remark `text` about the selected episodes."""
        self._when_free(lambda: self._decide("comment", comment=text.strip()))

    def adjust(self, target: str, start_s: float, end_s: float) -> None:
        """The episode `target` lasts from `start_s` to `end_s`."""
        self._when_free(lambda: self._keep((self._decision(target, "adjust", start_s=start_s, end_s=end_s),)))

    def adjust_current(self, *, start_s: float | None = None, end_s: float | None = None) -> None:
        """Move one end of the current episode."""

        def adjusted() -> None:
            item = self.current
            if item is not None:
                start, end = item.start_s if start_s is None else start_s, item.end_s if end_s is None else end_s
                self._keep((self._decision(item.target, "adjust", start_s=start, end_s=end),))

        self._when_free(adjusted)

    def add(self, label_id: int, start_s: float, end_s: float) -> None:
        """An episode that was not found; it is selected then."""

        def added() -> None:
            if self._history is not None:
                target = self._history.review.next_target
                step = (self._decision(target, "add", label_id=label_id, start_s=start_s, end_s=end_s),)
                self._keep(step, lambda: self.point_at((target,)))

        self._when_free(added)

    def _decide(self, verdict: Verdict, *, then: Callable[[], None] | None = None, **fields: Any) -> None:
        self._keep(tuple(self._decision(target, verdict, **fields) for target in self.selected), then)

    def _decision(self, target: str, verdict: Verdict, **fields: Any) -> Decision:
        reviewer = self.record.reviewer if self.record is not None else ""
        return Decision(target, verdict, reviewer, now(), **fields)

    def _go_on(self) -> None:
        """To the next open episode after those decided on, else to the first open one; else stay."""
        opens = self.open
        following = next((item for item in opens if _place(item) > self._anchor), None) or next(iter(opens), None)
        if following is None and not self.selected:
            following = next((item for item in self.items if _place(item) > self._anchor), None)
            following = following or next(iter(self.items[-1:]), None)
        if following is not None:
            self._select((following.target,))

    # ---- marking while watching

    def choose(self, label_id: int) -> None:
        """A mark will have this behaviour."""
        self.label_id = label_id
        self.marking_changed.emit()

    def mark(self, seconds: float) -> None:
        """Once: the chosen behaviour begins here. Again: it ends here, and the episode is added."""
        if self.onset_s is None or self.label_id is None:
            self.onset_s = seconds if self.is_begun and self.label_id is not None else None
        else:
            start_s, end_s = sorted((self.onset_s, seconds))
            self.onset_s = None
            self.add(self.label_id, start_s, end_s)
        self.marking_changed.emit()

    def give_up_mark(self) -> None:
        """It was no episode after all."""
        self.onset_s = None
        self.marking_changed.emit()

    # ---- undo, reveal, finish

    def undo(self) -> None:
        """Take the last step back, and show what it was about."""
        self._when_free(lambda: self._step_over(-1))

    def redo(self) -> None:
        """Take it again."""
        self._when_free(lambda: self._step_over(1))

    def _step_over(self, way: int) -> None:
        record = self.record
        if record is None or self._keeper is None or not (record.can_undo if way < 0 else record.can_redo):
            return
        step = record.steps[record.position - 1 if way < 0 else record.position]
        targets = tuple(dict.fromkeys(decision.target for decision in step))
        self._ask(
            self._keeper.undo if way < 0 else self._keeper.redo,
            lambda: self._select(self._present(targets) or self.selected),
        )

    def reveal(self) -> None:
        """Show the model's answer; what was marked until now is fixed, for agreement."""
        self._when_free(self._reveal)

    def _reveal(self) -> None:
        if self._keeper is not None and self.hides_model:
            self.give_up_mark()
            self._ask(self._keeper.reveal, self._revealed)

    def _revealed(self) -> None:
        self.begun.emit()
        self._join()
        self._when_free(self._go_to_first_open)

    def _join(self) -> None:
        """Once after the model's answer was shown: marks and finds of the same episode become one."""
        record, result = self.record, self.result
        if record is not None and result is not None and record.revealed == len(record.steps):
            self._when_free(lambda: self._keep(comparing.joined(result, record, now())))

    def _go_to_first_open(self) -> None:
        self._select(tuple(item.target for item in (self.open or self.items)[:1]))

    def finish(self) -> None:
        """The reviewer is through; anything decided later opens the review again."""
        self._when_free(self._finish)

    def _finish(self) -> None:
        if self._keeper is not None:
            self._ask(self._keeper.finish, self.finished.emit)

    # ---- keeping

    def _when_free(self, action: Callable[[], None]) -> None:
        self._waiting.append(action)
        self._take_turns()

    def _take_turns(self) -> None:
        while self._waiting and not self._busy:
            self._waiting.popleft()()

    def _keep(self, step: Step, then: Callable[[], None] | None = None) -> None:
        if not step or self._keeper is None or self._history is None:
            return
        try:
            self._history.review.after(step)
        except ScreeningError as error:
            self.failed.emit(error)
            return
        self._anchor = max((_place(self._there[target]) for target in self.selected), default=())
        self._ask(partial(self._keeper.decide, step), then)

    def _ask(self, work: Callable[..., None], then: Callable[[], None] | None) -> None:
        self._busy = True
        work(partial(self._answered, self._run, then), partial(self._refused, self._run))

    def _answered(self, run: int, then: Callable[[], None] | None, record: records.Review) -> None:
        if run != self._run or self.result is None:
            return
        self._busy = False
        before = self.selected
        self._take(self.result, record)
        self.changed.emit()
        if then is not None:
            then()
        elif self.selected != before:
            self.selection_changed.emit()
        self._take_turns()

    def _refused(self, run: int, error: ScreeningError) -> None:
        if run == self._run:
            self._busy = False
            self._waiting.clear()
            self.failed.emit(error)


def _place(item: Reviewed) -> tuple[Any, ...]:
    return item.start_s, item.end_s, item.label_id, item.target
