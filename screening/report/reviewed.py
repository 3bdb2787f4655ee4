"""A clinician's review as the report tells it: what became of each episode, what index that leaves, how both agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from screening.records import Episode, Indicators

State = Literal["open", "accepted", "rejected", "corrected", "added"]


@dataclass(frozen=True, slots=True)
class Judged:
    """One episode: the model's answer (`found`, None for one that the clinician added) and what was decided about it.

    `stands` has the label and times as the clinician leaves them, also when it is rejected. `made` is the time of the
    last decision, ISO 8601 in UTC; it and `reviewer` are "" while there is none.
    """

    found: Episode | None
    state: State
    stands: Episode
    reviewer: str = ""
    made: str = ""
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure of agreement with its 95 % interval; None for what cannot be said, and then `reason` is a code."""

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of a clinician who marked first with the model: `seconds` compared, episodes `marked`, `found` and in pairs.

    `kappa` is Cohen's over seconds; `marked_found` the share of the clinician's episodes that the model has too,
    `found_marked` the reverse, `f1` both in one; a pair overlaps by `minimum_iou` or more.
    """

    kappa: Figure
    f1: Figure
    marked_found: Figure
    found_marked: Figure
    marked: int
    found: int
    matched: int
    seconds: int
    minimum_iou: float


@dataclass(frozen=True, slots=True)
class Review:
    """`indicators` judge the episodes as reviewed; `finished` is ISO 8601, "" while the review goes on.

    `agreement` is None unless the clinician marked first: who saw the model's answer is no second observer.
    """

    judged: tuple[Judged, ...]
    indicators: Indicators
    finished: str = ""
    agreement: Agreement | None = None

    @property
    def open(self) -> int:
        """How many of the model's episodes nothing is decided about yet; of each the model's answer stands."""
        return sum(one.state == "open" for one in self.judged)
