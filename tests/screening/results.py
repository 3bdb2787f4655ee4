"""Results that look like real ones, made without a model or a video: for the tests of report, exports and window.

`ten_minutes()` is the usual case; its keyword arguments make the unusual ones. Numbers agree with each other: windows
cover the video, episodes stand where the scores are high, the index is the weight met over the weight assessable.
"""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from screening.exports.result_json import SCHEMA
from screening.records import (
    Band,
    BehaviourResult,
    Case,
    Criterion,
    DecodeError,
    Episode,
    EpisodeRule,
    Evidence,
    Indicators,
    InputSpec,
    Label,
    OutputSpec,
    PackInfo,
    Performance,
    Profile,
    Result,
    Runtime,
    ScoreTimeline,
    Status,
    VideoInfo,
)

LABELS_CSV = Path(__file__).resolve().parents[2] / "models" / "labels.csv"
STRIDE_S = 8 / 15
WINDOW_S = 32 / 15

# (minimum duration s, repetitions, weight) of DESIGN §5
DEFAULT_CRITERIA = {
    1: (1, 2, 5), 2: (2, 3, 6), 3: (2, 2, 6), 4: (3, 1, 2), 5: (2, 2, 2),
    6: (3, 2, 3), 7: (2, 1, 4), 8: (1, 1, 5), 9: (2, 2, 5), 10: (2, 2, 1),
}  # fmt: skip

# label id → (start, length) of its episodes: behaviours 1, 3 and 8 meet their criterion, 2 does not, 25 has none
EPISODES: Mapping[int, Sequence[tuple[float, float]]] = {
    1: ((62.0, 3.4), (131.5, 2.2), (133.0 + 402, 5.1)),
    2: ((20.4, 9.0), (300.1, 1.4), (489.0, 6.2)),
    3: ((336.0, 6.2), (500.2, 7.5)),
    8: ((452.6, 1.9),),
    25: ((112.0, 5.3), (171.2, 8.1), (280.0, 4.0)),
}

CASE = Case("K-0147", 38, "Parents, in writing, 3 November 2026: screening and patient file")


@cache
def labels(trained: frozenset[int] | None = None) -> tuple[Label, ...]:
    """The 43 labels of the project; `trained` None: all of them."""
    with LABELS_CSV.open(encoding="utf-8", newline="") as file:
        return tuple(
            Label(int(row["id"]), {"vi": row["vi"], "en": row["en"]}, row["group"], 0.6,
                  trained is None or int(row["id"]) in trained)
            for row in csv.DictReader(file)
        )  # fmt: skip


def pack_info(
    *, simulated_only: bool = True, trained: frozenset[int] | None = frozenset(range(11)), measured: bool = True
) -> PackInfo:
    """The reference pack as it will look; by default only labels 0–10 are trained."""
    return PackInfo(
        name="ViScreen reference",
        version="0.1.0",
        licence="GPL-3.0-or-later",
        author="The ViScreen developers",
        intended_use="Demonstration of the whole way from a video to a report, and training of its users.",
        age_range=(1.5, 6.0),
        label_set="viscreen-43",
        labels=labels(trained),
        input=InputSpec(32, 56, 56, 15.0, 8, "RGB", (0.0, 1.0), "stretch", "black", "dynamic"),
        output=OutputSpec("softmax", 1.0, 0),
        training_data="8,800 rendered clips of jointed figures in drawn rooms; no real person.",
        simulated_only=simulated_only,
        performance=(
            Performance("top-1 accuracy", 0.912, "simulated test clips, other bodies and rooms", 880, "2026-11-22"),
            Performance("macro F1", 0.904, "simulated test clips, other bodies and rooms", 880, "2026-11-22"),
            Performance("expected calibration error", 0.031, "simulated test clips", 880, "2026-11-22"),
        ) if measured else (),
        sha256="9f2c" * 16,
    )  # fmt: skip


def profile() -> Profile:
    """The default profile of DESIGN §5."""
    return Profile(
        name="ViScreen default",
        version=1,
        label_set="viscreen-43",
        criteria=tuple(Criterion(k, *map(float, v[:1]), v[1], float(v[2])) for k, v in DEFAULT_CRITERIA.items()),
        bands=(
            Band("low", 50, {"en": "Low", "vi": "Thấp"}),
            Band("medium", 70, {"en": "Medium", "vi": "Trung bình"}),
            Band("high", 90, {"en": "High", "vi": "Cao"}),
            Band("very_high", 100, {"en": "Very high", "vi": "Rất cao"}),
        ),
        episodes=EpisodeRule(0.7, 1.0, 1.0),
        minimum_coverage=0.5,
        minimum_assessable_s=30.0,
        minimum_weight_share=0.5,
    )


def video_info(duration_s: float = 600.0, name: str = "K-0147 chơi ở nhà.mp4", damaged: int = 0) -> VideoInfo:
    """A phone's video, every second frame passed over, with `damaged` parts spread over it."""
    frames = round(duration_s * 29.97)
    errors = tuple(
        DecodeError(round((i + 0.5) * duration_s / damaged, 2), "invalid data found") for i in range(damaged)
    )
    return VideoInfo(
        path=f"/videos/{name}",
        sha256="3fa4c19e07b2d856" * 4,
        size_bytes=184_320_511,
        container="mp4",
        codec="h264",
        pixel_format="yuv420p",
        width=1080,
        height=1920,
        rotation_deg=90,
        duration_s=duration_s,
        average_fps=29.97,
        variable_rate=True,
        video_streams=1,
        has_audio=True,
        frames_declared=frames,
        frames_decoded=frames // 2 - 3 * damaged,
        frames_skipped=frames - frames // 2,
        errors=errors,
        start_s=0.0,
        end_s=duration_s,
        covered_share=1.0 - min(0.5, 0.002 * damaged),
    )


def scores(
    duration_s: float,
    episodes: Sequence[Episode],
    columns: Sequence[Label],
    dark: Sequence[tuple[float, float]] = (),
) -> ScoreTimeline:
    """Windows as the reference pack cuts them; high where `episodes` are, low elsewhere, "dark" where asked."""
    starts = np.arange(0.0, max(duration_s - WINDOW_S, 0.0) + STRIDE_S, STRIDE_S)
    windows = np.stack([starts, starts + WINDOW_S], axis=1)
    centres = windows.mean(axis=1)
    rng = np.random.default_rng(7)
    probabilities = rng.beta(1.2, 14, (len(starts), len(columns))).astype(np.float32)
    place = {label.id: i for i, label in enumerate(columns)}
    for episode in episodes:
        middle, half = (episode.start_s + episode.end_s) / 2, max(episode.duration_s / 2, 0.8)
        bump = (episode.peak or 0.9) * np.exp(-(((centres - middle) / half) ** 4) / 2)
        column = place[episode.label_id]
        probabilities[:, column] = np.maximum(probabilities[:, column], bump)
    dark_window = np.zeros(len(starts), np.bool_)
    for begin, end in dark:
        dark_window |= (centres > begin) & (centres < end)
    reasons = tuple(("dark",) if hidden else () for hidden in dark_window)
    return ScoreTimeline(windows, probabilities, ~dark_window, reasons)


def _behaviour(
    label: Label, mine: Sequence[Episode], criterion: Criterion | None, assessable_s: float
) -> BehaviourResult:
    if not label.trained or assessable_s <= 0:
        reason = "no_assessable_video" if label.trained else "not_trained"
        return BehaviourResult(label.id, 0, 0.0, None, "not_assessable", 0, criterion, reason)
    total_s, rate = sum(e.duration_s for e in mine), 60 * len(mine) / assessable_s
    if criterion is None:
        return BehaviourResult(label.id, len(mine), total_s, rate, None)
    counted = sum(e.duration_s >= criterion.minimum_duration_s for e in mine)
    status: Status = "met" if counted >= criterion.repetitions else "not_met"
    return BehaviourResult(label.id, len(mine), total_s, rate, status, counted, criterion)


def ten_minutes(
    *,
    duration_s: float = 600.0,
    simulated_only: bool = True,
    trained: frozenset[int] | None = frozenset({*range(11), 25}),
    episodes: Mapping[int, Sequence[tuple[float, float]]] = EPISODES,
    dark: Sequence[tuple[float, float]] = ((382.0, 430.0),),
    damaged: int = 0,
    name: str = "K-0147 chơi ở nhà.mp4",
    measured: bool = True,
    command: str = "viscreen screen 'K-0147 chơi ở nhà.mp4' --out report --start 0 --end 600 --lang vi",
) -> Result:
    """A whole result, with every figure computed from the arguments as the engine would.

    `episodes` gives (start, length) by label id; those that touch a `dark` stretch or pass the end are not found.
    """
    asked, pack = profile(), pack_info(simulated_only=simulated_only, trained=trained, measured=measured)
    found = tuple(
        sorted(
            (
                Episode(label_id, start, start + length, 0.72 + 0.02 * (label_id % 12), 0.66)
                for label_id, stretches in episodes.items()
                for start, length in stretches
                if start + length <= duration_s
                and not any(begin < start + length and start < end for begin, end in dark)
            ),
            key=lambda e: (e.start_s, e.label_id),
        )
    )
    timeline = scores(duration_s, found, pack.labels, dark)
    excluded_s = min(duration_s, sum(max(0.0, end - begin - WINDOW_S) for begin, end in dark))
    assessable_s = duration_s - excluded_s
    criteria = {c.label_id: c for c in asked.criteria}
    behaviours = tuple(
        _behaviour(label, [e for e in found if e.label_id == label.id], criteria.get(label.id), assessable_s)
        for label in pack.labels
        if label.id != 0
    )

    def points(*statuses: Status) -> float:
        return sum(b.criterion.weight for b in behaviours if b.criterion and b.status in statuses)

    met, assessable, total = points("met"), points("met", "not_met"), points("met", "not_met", "not_assessable")
    index = 100 * met / assessable if assessable else None
    coverage = assessable_s / duration_s if duration_s else 0.0
    why = ""
    if assessable_s <= 0 or assessable_s < asked.minimum_assessable_s:
        why = "too_short"
    elif coverage < asked.minimum_coverage:
        why = "coverage"
    elif index is None or assessable / total < asked.minimum_weight_share:
        why = "criteria"
    level = None if why or index is None else next(b.code for b in asked.bands if index <= b.upper)
    return Result(
        schema=SCHEMA,
        created="2026-11-22T09:30:00+00:00",
        video=video_info(duration_s, name, damaged),
        region=None,
        pack=pack,
        profile=asked,
        scores=timeline,
        episodes=found,
        indicators=Indicators(
            behaviours, met, assessable, total, index, level, why, duration_s, assessable_s, coverage,
            {"dark": excluded_s} if excluded_s else {},
        ),
        runtime=Runtime("0.1.0", "3.11.2", "Linux 6.1 x86_64", "1.32.0", "CPUExecutionProvider", 2,
                        "5.0.0", "18.0.0", "8.0"),
        command=command,
    )  # fmt: skip


def crowded() -> Result:
    """Every one of the behaviours trained and found three times, in a long file name with 100 damaged parts."""
    everywhere = {k: tuple((5.0 + 11 * k + 30 * i, 2.5) for i in range(3)) for k in range(1, 43)}
    return ten_minutes(trained=None, episodes=everywhere, damaged=100, name="rất dài " * 30 + ".mp4", dark=())


def with_index(result: Result, index: float, level: str) -> Result:
    """The same result with another index and level."""
    return dataclasses.replace(result, indicators=dataclasses.replace(result.indicators, index=index, level=level))


def pictures(result: Result, size: int = 56) -> tuple[Evidence, ...]:
    """One picture for each episode: a figure in a room, as coarse as the model sees it."""
    made = []
    for number, episode in enumerate(result.episodes):
        rng = np.random.default_rng(number)
        picture = np.full((size, size, 3), (178, 192, 200), np.uint8)
        picture[size * 2 // 3 :] = (150, 136, 120)
        x = int(rng.integers(size // 4, size * 3 // 4))
        picture[size // 4 : size // 4 + size // 7, x - size // 14 : x + size // 14] = (226, 178, 145)
        picture[size * 2 // 5 : size * 2 // 3, x - size // 10 : x + size // 10] = (200, 84, 60)
        picture[size * 2 // 3 : size * 9 // 10, x - size // 12 : x + size // 12] = (58, 78, 124)
        noisy = picture.astype(np.int16) + rng.integers(-8, 9, picture.shape)
        made.append(Evidence(number, (episode.start_s + episode.end_s) / 2, noisy.clip(0, 255).astype(np.uint8)))
    return tuple(made)
