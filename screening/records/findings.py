"""What is found: windows, their scores over time, episodes, and what a clinician decides about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from screening.records.arrays import Flags, Probabilities, Times


@dataclass(frozen=True, slots=True)
class Window:
    """`frames` uint8 (T, H, W, 3) RGB as the model sees them; `times` (T,) s of the pictures taken (NaN: padded)."""

    index: int
    start_s: float
    end_s: float
    frames: NDArray[np.uint8]
    times: NDArray[np.float64]
    padded_share: float


@dataclass(frozen=True, slots=True)
class ScoreTimeline:
    """Scores of N windows over C labels.

    `windows` (N, 2) start and end in seconds; `probabilities` (N, C) in the order of the pack's labels;
    `assessable` (N,); `reasons` for each window the codes of `quality` (empty when assessable).
    """

    windows: Times
    probabilities: Probabilities
    assessable: Flags
    reasons: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Episode:
    """One stretch of a behaviour (a bout). `peak` and `mean` are None for one that a clinician marked."""

    label_id: int
    start_s: float
    end_s: float
    peak: float | None
    mean: float | None
    source: Literal["model", "clinician"] = "model"

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s


Verdict = Literal["accept", "reject", "relabel", "adjust", "add", "comment"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing that a reviewer decided about one episode; a review is the list of them, in order.

    `target` names the episode: "m3" is the fourth of the model's, in the order of `Result.episodes`; "c0" the first
    that the reviewer added. Fields that a verdict does not need are None: `label_id` is for relabel and add, the times
    for adjust and add. `made` is ISO 8601 in UTC.
    """

    target: str
    verdict: Verdict
    reviewer: str
    made: str
    label_id: int | None = None
    start_s: float | None = None
    end_s: float | None = None
    comment: str = ""
