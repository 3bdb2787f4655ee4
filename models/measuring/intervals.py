"""Episodes against true intervals: what was found and what is true go in; agreement comes out."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

IOUS = (0.3, 0.5)


@dataclass(frozen=True, slots=True)
class Interval:
    """One stretch of one behaviour, seconds from the start of the video."""

    label: int
    start_s: float
    end_s: float

    def iou(self, other: Interval) -> float:
        """Intersection over union in time; 0 for another label."""
        if self.label != other.label:
            return 0.0
        both = min(self.end_s, other.end_s) - max(self.start_s, other.start_s)
        return max(0.0, both) / (max(self.end_s, other.end_s) - min(self.start_s, other.start_s))


@dataclass(frozen=True, slots=True)
class Watched:
    """One video: what was found in it, and what is true where that is known."""

    name: str
    seconds: float
    assessable_s: float
    found: tuple[Interval, ...]
    true: tuple[Interval, ...] | None

    @property
    def spent(self) -> dict[int, float]:
        """Seconds found of each label, the longest first."""
        seconds: dict[int, float] = {}
        for interval in self.found:
            seconds[interval.label] = seconds.get(interval.label, 0.0) + interval.end_s - interval.start_s
        return dict(sorted(seconds.items(), key=lambda item: -item[1]))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Episodes against true intervals at one IoU: counts and what follows; by label id: hits, found, true."""

    iou: float
    hits: int
    found: int
    true: int
    by_label: dict[int, tuple[int, int, int]]

    @property
    def precision(self) -> float:
        """The share of the episodes found that are true."""
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of the true intervals that were found."""
        return self.hits / self.true if self.true else 0.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.hits / (self.found + self.true) if self.found + self.true else 0.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What a pack does on a set of videos. Onset errors are found minus true, in seconds, of hits at the first IoU."""

    pack: str
    version: str
    model_sha256: str
    videos: tuple[Watched, ...]
    agreements: tuple[Agreement, ...]
    onset_errors: tuple[float, ...]

    @property
    def unknown(self) -> list[Watched]:
        """The videos of which nobody says what is true."""
        return [video for video in self.videos if video.true is None]

    @property
    def onset_error_s(self) -> float | None:
        """The median distance between a found and a true onset; None when nothing was found."""
        return float(np.median(np.abs(self.onset_errors))) if self.onset_errors else None

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Measured:
        """From JSON. What follows from the rest is worked out again."""

        def intervals(rows: list[dict[str, Any]] | None) -> tuple[Interval, ...] | None:
            return None if rows is None else tuple(Interval(**row) for row in rows)

        videos = tuple(
            Watched(v["name"], v["seconds"], v["assessable_s"], intervals(v["found"]) or (), intervals(v["true"]))
            for v in stored["videos"]
        )
        return cls.of(stored["pack"], stored["version"], stored["model_sha256"], videos)

    @classmethod
    def of(cls, pack: str, version: str, model_sha256: str, videos: tuple[Watched, ...]) -> Measured:
        """Compare what was found with what is true, where that is known."""
        known = [video for video in videos if video.true is not None]
        errors = [f.start_s - t.start_s for v in known for f, t in match(v.found, v.true or (), IOUS[0])]
        agreements = tuple(agreement(known, iou) for iou in IOUS) if known else ()
        return cls(pack, version, model_sha256, videos, agreements, tuple(errors))

    def as_dict(self) -> dict[str, Any]:
        """For JSON; `from_dict` reads it back."""
        return {
            **asdict(self),
            "date": dt.date.today().isoformat(),
            "onset_error_s": self.onset_error_s,
            "agreements": [
                {**asdict(a), "precision": a.precision, "recall": a.recall, "f1": a.f1} for a in self.agreements
            ],
        }


def match(found: Sequence[Interval], true: Sequence[Interval], iou: float) -> list[tuple[Interval, Interval]]:
    """One-to-one pairs (found, true) of the same label with at least that IoU, the best overlaps first."""
    overlaps = ((f.iou(t), i, k) for i, f in enumerate(found) for k, t in enumerate(true))
    pairs = sorted((o for o in overlaps if o[0] > 0 and o[0] >= iou), key=lambda o: (-o[0], o[1], o[2]))
    matched: dict[int, int] = {}
    for _, i, k in pairs:
        if i not in matched and k not in matched.values():
            matched[i] = k
    return [(found[i], true[k]) for i, k in matched.items()]


def agreement(videos: Sequence[Watched], iou: float) -> Agreement:
    """All videos whose truth is known taken together."""
    hits: Counter[int] = Counter()
    found: Counter[int] = Counter()
    true: Counter[int] = Counter()
    for video in videos:
        if video.true is not None:
            hits.update(pair[1].label for pair in match(video.found, video.true, iou))
            found.update(interval.label for interval in video.found)
            true.update(interval.label for interval in video.true)
    labels = sorted(found | true)
    by_label = {label: (hits[label], found[label], true[label]) for label in labels}
    return Agreement(iou, hits.total(), found.total(), true.total(), by_label)
