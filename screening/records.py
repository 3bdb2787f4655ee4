"""The records that travel between rooms: frozen dataclasses, nothing else.

Times are seconds from the start of the video (presentation timestamp less the stream's start). Every record can be
written to and read from JSON by `pydantic.TypeAdapter`; `screening.exports.result_json` does so for `Result`.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

# ---------------------------------------------------------------------------------------------- arrays in JSON


def _array(dtype: type, schema: dict[str, Any], digits: int | None = None) -> tuple[Any, ...]:
    def read(value: Any) -> NDArray[Any]:
        array: NDArray[Any] = np.asarray(value, dtype=dtype)
        array.flags.writeable = False
        return array

    def write(array: NDArray[Any]) -> list[Any]:
        # Six decimals hold a probability or a time far more finely than anything that is decided from it.
        return list((np.round(array.astype(np.float64), digits) if digits is not None else array).tolist())

    return PlainValidator(read), PlainSerializer(write), WithJsonSchema(schema)


_ROWS = {"type": "array", "items": {"type": "array", "items": {"type": "number"}}}
_FLAGS = {"type": "array", "items": {"type": "boolean"}}

Times = Annotated[NDArray[np.float64], *_array(np.float64, _ROWS, 6)]
Probabilities = Annotated[NDArray[np.float32], *_array(np.float32, _ROWS, 6)]
Flags = Annotated[NDArray[np.bool_], *_array(np.bool_, _FLAGS)]

# ---------------------------------------------------------------------------------------------- video


@dataclass(frozen=True, slots=True)
class Region:
    """A box in the picture as displayed (after rotation), in pixels: the child's box."""

    x: int
    y: int
    width: int
    height: int

    @property
    def sides(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom; the last pixels inside are right - 1 and bottom - 1."""
        return self.x, self.y, self.x + self.width, self.y + self.height


@dataclass(frozen=True, slots=True)
class KeyBox:
    """A box that was set for one moment: `region` at `time_s` (seconds)."""

    time_s: float
    region: Region


@dataclass(frozen=True, slots=True)
class Track:
    """The child's box over time: key boxes, at least one, in the order of time. One alone is a box that never moves.

    Raises ValueError when there is no box, or when the times are not finite or do not rise.
    """

    boxes: tuple[KeyBox, ...]

    def __post_init__(self) -> None:
        times = [box.time_s for box in self.boxes]
        if not times:
            raise ValueError("a track needs at least one box")
        if not all(map(math.isfinite, times)) or any(later <= earlier for earlier, later in pairwise(times)):
            raise ValueError("the times of a track's boxes must rise")

    def at(self, seconds: float) -> Region:
        """The box at `seconds`: the first one before its time, the last one after, and straight lines between.

        Each side moves on its own, rounded to whole pixels (halves up).
        """
        following = bisect_right(self.boxes, seconds, key=lambda box: box.time_s)
        if following in (0, len(self.boxes)):
            return self.boxes[max(0, following - 1)].region
        a, b = self.boxes[following - 1], self.boxes[following]
        # Whole numbers from here on: what floats lose could turn a box one pixel wide into none.
        part, whole = ((seconds - a.time_s) / (b.time_s - a.time_s)).as_integer_ratio()
        left, top, right, bottom = (
            (2 * (here * whole + (there - here) * part) + whole) // (2 * whole)
            for here, there in zip(a.region.sides, b.region.sides, strict=True)
        )
        return Region(left, top, right - left, bottom - top)


@runtime_checkable
class Picture(Protocol):
    """One decoded picture, not yet converted: whoever needs pixels asks for the size it needs."""

    @property
    def width(self) -> int:
        """Pixels across, as displayed."""
        ...

    @property
    def height(self) -> int:
        """Pixels down, as displayed."""
        ...

    def rgb(self, width: int, height: int, region: Region | None = None) -> NDArray[np.uint8]:
        """`region` (default: all) scaled by area averaging to uint8 (height, width, 3), RGB, upright."""
        ...


@dataclass(frozen=True, slots=True)
class DecodeError:
    """A part of the video that could not be read; `time_s` is where the last good frame was."""

    time_s: float
    message: str


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """The decode receipt: what was asked for, what was really read, and the share of time covered.

    Frames: `frames_decoded` became pictures; `frames_skipped` are whole and readable but were passed over on purpose,
    because the sampling rate does not need them; `frames_declared` is the header's claim and only a hint.
    """

    path: str
    sha256: str
    size_bytes: int
    container: str
    codec: str
    pixel_format: str
    width: int
    height: int
    rotation_deg: int
    duration_s: float
    average_fps: float
    variable_rate: bool
    video_streams: int
    has_audio: bool
    frames_declared: int | None
    frames_decoded: int
    frames_skipped: int
    errors: tuple[DecodeError, ...]
    start_s: float
    end_s: float
    covered_share: float


# ---------------------------------------------------------------------------------------------- model


@dataclass(frozen=True, slots=True)
class Label:
    """One behaviour of a model pack. `trained` is false when the model has had no clip of it."""

    id: int
    names: dict[str, str]
    group: str
    threshold: float
    trained: bool = True

    def name(self, language: str) -> str:
        """The behaviour's name in `language`, else in English, else the first that there is."""
        return self.names.get(language) or self.names.get("en") or next(iter(self.names.values()))


@dataclass(frozen=True, slots=True)
class InputSpec:
    """What the model expects. `fps` is None for consecutive frames at the video's own rate."""

    frames: int
    height: int
    width: int
    fps: float | None
    stride: int
    colour: Literal["RGB", "BGR"]
    value_range: tuple[float, float]
    resize: Literal["stretch", "letterbox"]
    pad: Literal["black", "repeat"]
    batch: Literal["dynamic", "single"]


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """What the model answers. `other_id` is the label that means "no listed behaviour", if it has one."""

    kind: Literal["softmax", "sigmoid", "logits"]
    temperature: float
    other_id: int | None


@dataclass(frozen=True, slots=True)
class Performance:
    """One measured figure of a pack, with the data it was measured on."""

    metric: str
    value: float
    dataset: str
    n: int
    date: str


@dataclass(frozen=True, slots=True)
class PackInfo:
    """Identity and promises of a model pack, as far as the screen, the report and the result file need them.

    `label_set` names the numbering of the labels ("viscreen-43"): a profile's criteria speak of the same set.
    `simulated_only`: trained on rendered video only; it has never seen a real child.
    """

    name: str
    version: str
    licence: str
    author: str
    intended_use: str
    age_range: tuple[float, float] | None
    label_set: str
    labels: tuple[Label, ...]
    input: InputSpec
    output: OutputSpec
    training_data: str
    simulated_only: bool
    performance: tuple[Performance, ...]
    sha256: str


# ---------------------------------------------------------------------------------------------- windows and scores


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


# ---------------------------------------------------------------------------------------------- profile and result


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


# ---------------------------------------------------------------------------------------------- progress


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
