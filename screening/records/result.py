"""The screening profile, the index that it makes of the episodes, and the result with all that repeats it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from screening.records.findings import Episode, ScoreTimeline, Window
from screening.records.model import PackInfo
from screening.records.video import Track, VideoInfo


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a profile asks of one behaviour. `threshold` None: the pack's own."""

    label_id: int
    minimum_duration_s: float
    repetitions: int
    weight: float
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A level: above the band before it, up to and including `upper`. `names` by language."""

    code: str
    upper: float
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class EpisodeRule:
    """How scores become episodes: leave below `off_ratio` × the on-threshold; join gaps, drop what is too short."""

    off_ratio: float
    minimum_length_s: float
    merge_gap_s: float


@dataclass(frozen=True, slots=True)
class Profile:
    """A screening profile: criteria, level bands, and how much assessable video a level needs."""

    name: str
    version: int
    label_set: str
    criteria: tuple[Criterion, ...]
    bands: tuple[Band, ...]
    episodes: EpisodeRule
    minimum_coverage: float
    minimum_assessable_s: float
    minimum_weight_share: float


Status = Literal["met", "not_met", "not_assessable"]


@dataclass(frozen=True, slots=True)
class BehaviourResult:
    """One behaviour over the whole video. `counted` are the episodes that are long enough for the criterion."""

    label_id: int
    episodes: int
    total_s: float
    rate_per_minute: float | None
    status: Status | None  # None: the profile has no criterion for it
    counted: int = 0
    criterion: Criterion | None = None
    reason: str = ""  # why it is not assessable: "not_trained", "not_in_model", "no_assessable_video"


@dataclass(frozen=True, slots=True)
class Indicators:
    """The index of observed behaviour with its arithmetic, or why there is none.

    index = 100 × weight_met / weight_assessable. `level` is a band's code, or None with `no_level_reason`
    ("coverage", "too_short", "criteria") when the profile's conditions for a level do not hold.
    """

    behaviours: tuple[BehaviourResult, ...]
    weight_met: float
    weight_assessable: float
    weight_total: float
    index: float | None
    level: str | None
    no_level_reason: str
    requested_s: float
    assessable_s: float
    coverage: float
    excluded: dict[str, float]  # reason code → seconds not assessable


@dataclass(frozen=True, slots=True)
class Runtime:
    """Software that computed the result: enough to repeat it."""

    viscreen: str
    python: str
    system: str
    onnxruntime: str
    provider: str
    threads: int
    opencv: str
    pyav: str
    ffmpeg: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the model saw at an episode's peak: one uint8 (H, W, 3) RGB picture. Kept for the report, not in JSON."""

    episode: int
    time_s: float
    picture: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Result:
    """Everything about one analysis. `created` is ISO 8601 in UTC; `command` is the line that repeats the run.

    `region` None: the whole picture.
    """

    schema: int
    created: str
    video: VideoInfo
    region: Track | None
    pack: PackInfo
    profile: Profile
    scores: ScoreTimeline
    episodes: tuple[Episode, ...]
    indicators: Indicators
    runtime: Runtime
    command: str


@dataclass(frozen=True, slots=True)
class Case:
    """Whom the video shows, as far as the clinician says so; all of it may stay empty.

    `consent` says who agreed, and `consented` when; the report writes the day in its own language.
    """

    pseudonym: str = ""
    age_months: int | None = None
    consent: str = ""
    consented: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an analysis is: position in the video and the windows scored since the last report.

    `position_s` of `total_s` is decoded; `scores` holds only the new windows (may be empty: still alive);
    `window` is the newest window, so that a screen can show what the model sees.
    """

    position_s: float
    total_s: float
    scores: ScoreTimeline
    window: Window | None

    @property
    def share(self) -> float:
        """0–1."""
        return min(1.0, self.position_s / self.total_s) if self.total_s > 0 else 0.0
