"""A review: the model's episodes, and in order what a clinician decided about them. Nothing is ever changed in place.

In: the model's `Episode` records and `Decision` records. Out: each episode as it stands now, and those that count.
`History` undoes and redoes; `screening.review.agreement` compares two sets of episodes.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from screening.errors import N_, WrongUsage
from screening.records import Decision, Episode

State = Literal["open", "accepted", "rejected", "corrected", "added"]
Step = tuple[Decision, ...]

# Times are sums of frame durations in binary fractions; a microsecond is far below one frame and far above rounding.
TOLERANCE_S = 1e-6


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One episode as the review leaves it. `original` is the model's, None for one that the reviewer added.

    `decisions` are those about this episode, in order. A rejected episode keeps its label and times, to be restored.
    """

    target: str
    original: Episode | None
    label_id: int
    start_s: float
    end_s: float
    rejected: bool = False
    decisions: tuple[Decision, ...] = ()

    @property
    def state(self) -> State:
        """What became of it; "corrected" while its label or times differ from the model's."""
        if self.rejected:
            return "rejected"
        if self.original is None:
            return "added"
        if (self.label_id, self.start_s, self.end_s) != _place(self.original):
            return "corrected"
        return "accepted" if any(decision.verdict != "comment" for decision in self.decisions) else "open"

    @property
    def comments(self) -> tuple[str, ...]:
        """Everything that was remarked about it, in order."""
        return tuple(decision.comment for decision in self.decisions if decision.comment)

    @property
    def reviewer(self) -> str:
        """Who decided about it last; "" while nobody has."""
        return self.decisions[-1].reviewer if self.decisions else ""

    @property
    def episode(self) -> Episode:
        """The episode as it stands: the model's own while label and times are the model's, else the clinician's."""
        if self.original is not None and (self.label_id, self.start_s, self.end_s) == _place(self.original):
            return self.original
        return Episode(self.label_id, self.start_s, self.end_s, None, None, "clinician")


def _place(episode: Episode) -> tuple[int, float, float]:
    return episode.label_id, episode.start_s, episode.end_s


@dataclass(frozen=True, slots=True)
class Review:
    """What stands after some decisions. `reviewed`: by target, the model's episodes first, then the added ones.

    `labels` are the ids that a clinician may choose; `start_s` and `end_s` bound what may be marked.
    """

    reviewed: Mapping[str, Reviewed]
    labels: frozenset[int]
    start_s: float
    end_s: float

    @property
    def open(self) -> tuple[Reviewed, ...]:
        """The model's episodes about which nothing is decided yet; a comment alone decides nothing."""
        return tuple(item for item in self.reviewed.values() if item.state == "open")

    @property
    def next_target(self) -> str:
        """The target that the next "add" must carry."""
        return _added(self.reviewed)

    def after(self, decisions: Iterable[Decision]) -> Review:
        """The review with `decisions` on top, in order; later ones win, each for what it decides.

        "relabel" and "adjust" say that the behaviour is there, so like "accept" they restore a rejected episode and
        leave all else as it was; "reject" removes an added one too. Raises WrongUsage and then changes nothing: for
        an unknown target, a label that is not in `labels`, times missing, outside the video or in the wrong order.
        """
        reviewed = dict(self.reviewed)
        for decision in decisions:
            item = self._added(reviewed, decision) if decision.verdict == "add" else reviewed.get(decision.target)
            if item is None:
                raise WrongUsage(
                    N_("There is no episode “{target}” here. Open the analysis that this review belongs to."),
                    target=decision.target,
                )
            reviewed[item.target] = self._decided(item, decision)
        return replace(self, reviewed=reviewed)

    def _added(self, reviewed: Mapping[str, Reviewed], decision: Decision) -> Reviewed:
        if decision.target != _added(reviewed):
            raise WrongUsage(
                N_("“{target}” cannot be added here, “{expected}” comes next. Open the analysis of this review."),
                target=decision.target,
                expected=_added(reviewed),
            )
        return Reviewed(decision.target, None, self._label(decision), *self._times(decision))

    def _decided(self, item: Reviewed, decision: Decision) -> Reviewed:
        if decision.verdict == "comment" and not decision.comment.strip():
            raise WrongUsage(N_("The comment is empty. Write something first."))
        item = replace(item, decisions=(*item.decisions, decision))
        match decision.verdict:
            case "reject":
                return replace(item, rejected=True)
            case "accept":
                return replace(item, rejected=False)
            case "relabel":
                return replace(item, rejected=False, label_id=self._label(decision))
            case "adjust":
                start_s, end_s = self._times(decision)
                return replace(item, rejected=False, start_s=start_s, end_s=end_s)
            case "add" | "comment":
                return item

    def _label(self, decision: Decision) -> int:
        if decision.label_id is None:
            raise WrongUsage(N_("The behaviour is missing. Choose the one that the episode shows."))
        if decision.label_id not in self.labels:
            raise WrongUsage(
                N_("Behaviour {id} is not in this model pack. Choose another behaviour."), id=decision.label_id
            )
        return decision.label_id

    def _times(self, decision: Decision) -> tuple[float, float]:
        start_s, end_s = decision.start_s, decision.end_s
        if start_s is None or end_s is None or not math.isfinite(start_s + end_s):
            raise WrongUsage(N_("A time is missing. Give the episode a start and an end."))
        if end_s <= start_s:
            raise WrongUsage(N_("An episode must end after it starts. Move one of its ends."))
        if start_s < self.start_s - TOLERANCE_S or end_s > self.end_s + TOLERANCE_S:
            raise WrongUsage(N_("An episode must lie within the part of the video that was analysed. Move its ends."))
        return start_s, end_s


def _added(reviewed: Mapping[str, Reviewed]) -> str:
    return f"c{sum(item.original is None for item in reviewed.values())}"


def begin(found: Sequence[Episode], labels: Iterable[int], start_s: float, end_s: float) -> Review:
    """A review in which nothing is decided yet.

    `found` are the model's episodes in the order of `Result.episodes` (none while a clinician marks first), `labels`
    the ids that may be chosen, `start_s`–`end_s` the part of the video analysed. The last window may reach a little
    past its end: what the model found may always be kept.
    """
    reviewed = {f"m{i}": Reviewed(f"m{i}", episode, *_place(episode)) for i, episode in enumerate(found)}
    return Review(
        reviewed,
        frozenset(labels),
        min([start_s, *(episode.start_s for episode in found)]),
        max([end_s, *(episode.end_s for episode in found)]),
    )


def episodes(review: Review) -> tuple[Episode, ...]:
    """The episodes that count, sorted by start: all but the rejected ones.

    While an episode is open the model's answer stands, so that the index of an unfinished review is neither more nor
    less than what was decided makes of the model's. Corrected and added ones have the source "clinician".
    """
    counting = (item.episode for item in review.reviewed.values() if not item.rejected)
    return tuple(sorted(counting, key=lambda episode: (episode.start_s, episode.end_s, episode.label_id)))


@dataclass(frozen=True)
class History:
    """Steps of decisions, of which the first `position` are done and the others undone.

    A step is what one action decided: one decision, or several where several episodes were selected. `steps` and
    `position` are all that has to be kept; `History(base, steps, position)` is the same again. Raises WrongUsage when
    a step that is done does not fit `base`.
    """

    base: Review
    steps: tuple[Step, ...] = ()
    position: int = 0
    review: Review = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.position <= len(self.steps):
            raise ValueError(f"{self.position} of {len(self.steps)} steps cannot be done")
        object.__setattr__(self, "review", self.base.after(self.decisions))

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions that stand, in order."""
        return tuple(itertools.chain.from_iterable(self.steps[: self.position]))

    @property
    def can_undo(self) -> bool:
        """Whether a step is done."""
        return self.position > 0

    @property
    def can_redo(self) -> bool:
        """Whether a step is undone."""
        return self.position < len(self.steps)

    def do(self, step: Iterable[Decision]) -> History:
        """One step more; those that were undone are given up. A step without decisions is none.

        Raises WrongUsage for a decision that `Review.after` refuses.
        """
        decisions = tuple(step)
        if not decisions:
            return self
        return History(self.base, (*self.steps[: self.position], decisions), self.position + 1)

    def undo(self) -> History:
        """The last step undone; itself when there is none."""
        return History(self.base, self.steps, self.position - 1) if self.can_undo else self

    def redo(self) -> History:
        """The step undone last done again; itself when there is none."""
        return History(self.base, self.steps, self.position + 1) if self.can_redo else self
