"""Scores become episodes: overlapping windows are averaged on one time grid, then hysteresis, merging, minimum length.

In: a `ScoreTimeline`, the pack's labels, thresholds and an `EpisodeRule`. Out: `Episode` records and time budgets.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from screening.records import Episode, EpisodeRule, Label, ScoreTimeline

# Times are sums of frame durations in binary fractions; a microsecond is far below one frame and far above rounding.
TOLERANCE_S = 1e-6


@dataclass(frozen=True)
class Grid:
    """Scores on a common time grid of M cells over C labels.

    `edges` (M + 1,) seconds; `probabilities` float32 (M, C), NaN where not assessable; `assessable` bool (M,).
    """

    edges: NDArray[np.float64]
    probabilities: NDArray[np.float32]
    assessable: NDArray[np.bool_]


def common_grid(timeline: ScoreTimeline, step_s: float | None = None) -> Grid:
    """Average the assessable windows that cover the centre of each cell of `step_s` (default: the windows' stride).

    A cell whose centre no assessable window covers is not assessable. ValueError when `step_s` is not positive.
    """
    windows = timeline.windows
    classes = timeline.probabilities.shape[1] if timeline.probabilities.ndim == 2 else 0
    if not len(windows):
        return Grid(np.zeros(1), np.empty((0, classes), np.float32), np.empty(0, np.bool_))
    step = _stride(windows) if step_s is None else step_s
    if not step > 0:
        raise ValueError(f"the grid's step must be positive, not {step}")
    first, last = float(windows[:, 0].min()), float(windows[:, 1].max())
    cells = max(1, int(np.ceil((last - first) / step - TOLERANCE_S)))
    edges = np.arange(cells + 1, dtype=np.float64) * step + first
    edges[-1] = last

    centres = (edges[:-1] + edges[1:]) / 2
    begin = np.searchsorted(centres, windows[:, 0] - TOLERANCE_S)
    end = np.searchsorted(centres, windows[:, 1] - TOLERANCE_S)
    total = np.zeros((cells, classes))
    count = np.zeros(cells, np.int64)
    for offset in range(int((end - begin).max())):
        covering = timeline.assessable & (begin + offset < end)
        cell = begin[covering] + offset
        if (np.diff(cell) > 0).all():  # as windows come; no cell twice, and so fifteen times as fast
            total[cell] += timeline.probabilities[covering]
            count[cell] += 1
        else:
            np.add.at(total, cell, timeline.probabilities[covering])
            np.add.at(count, cell, 1)
    assessable = count > 0
    mean = np.full((cells, classes), np.nan, np.float32)
    mean[assessable] = total[assessable] / count[assessable, None]
    return Grid(edges, mean, assessable)


def _stride(windows: NDArray[np.float64]) -> float:
    """The usual distance from one window's start to the next, in seconds; one window alone: its length."""
    # Not np.unique: its first call imports numpy.ma, for which a window that draws scores would stand still.
    steps = np.diff(np.sort(windows[:, 0]))
    steps = steps[steps > 0]
    # A step that occurs: the mean of two middle ones would make cells that no window begins or ends with.
    return float(np.percentile(steps, 50, method="lower")) if len(steps) else float(windows[0, 1] - windows[0, 0])


def find(
    timeline: ScoreTimeline,
    labels: Sequence[Label],
    thresholds: Mapping[int, float],
    rule: EpisodeRule,
    other_id: int | None,
) -> tuple[Episode, ...]:
    """Find the episodes of every trained label, sorted by start.

    An episode is a run of grid cells at or above `rule.off_ratio` × the label's threshold in which at least one cell
    reaches the threshold (hysteresis, as in Canny's edge linking, IEEE PAMI 1986). Runs at most `rule.merge_gap_s`
    apart are joined, then those shorter than `rule.minimum_length_s` are dropped: in this order a lower threshold can
    only add time. No episode runs across time that is not assessable. A label missing from `thresholds` uses its own.
    """
    grid = common_grid(timeline)
    found: list[Episode] = []
    for column, label in enumerate(labels):
        if not label.trained or label.id == other_id:
            continue
        threshold = thresholds.get(label.id, label.threshold)
        scores = grid.probabilities[:, column]
        runs = _merged(_hysteresis(scores, threshold, threshold * rule.off_ratio), grid, rule.merge_gap_s)
        for begin, end in runs:
            start_s, end_s = float(grid.edges[begin]), float(grid.edges[end])
            if end_s - start_s >= rule.minimum_length_s - TOLERANCE_S:
                inside = scores[begin:end]
                mean = float(np.average(inside, weights=np.diff(grid.edges[begin : end + 1])))
                found.append(Episode(label.id, start_s, end_s, float(inside.max()), mean))
    return tuple(sorted(found, key=lambda episode: (episode.start_s, episode.end_s, episode.label_id)))


def _hysteresis(scores: NDArray[np.float32], on: float, off: float) -> Iterator[tuple[int, int]]:
    """Yield runs [begin, end) of `scores` ≥ `off` that reach `on`; NaN is never part of a run."""
    high = np.concatenate(([False], scores >= off, [False]))
    changes = np.flatnonzero(high[1:] != high[:-1])
    for begin, end in zip(changes[::2], changes[1::2], strict=True):
        if scores[begin:end].max() >= on:
            yield int(begin), int(end)


def _merged(runs: Iterable[tuple[int, int]], grid: Grid, gap_s: float) -> list[tuple[int, int]]:
    """Join neighbouring runs whose gap is at most `gap_s` and assessable throughout."""
    joined: list[tuple[int, int]] = []
    for begin, end in runs:
        if joined:
            before = joined[-1][1]
            short = grid.edges[begin] - grid.edges[before] <= gap_s + TOLERANCE_S
            if short and grid.assessable[before:begin].all():
                joined[-1] = (joined[-1][0], end)
                continue
        joined.append((begin, end))
    return joined


def coverage(timeline: ScoreTimeline, start_s: float, end_s: float) -> tuple[float, dict[str, float]]:
    """Seconds of `start_s`–`end_s` that an assessable window covers, and for the rest seconds by reason code.

    Each second is counted once: as assessable when any assessable window covers it, else under the first reason of
    the first window that covers it, else (no window there: nothing could be decoded) as "gap".
    """
    inside = np.clip(timeline.windows, start_s, end_s) if len(timeline.windows) else np.empty((0, 2))
    edges = np.unique(np.concatenate((inside.ravel(), [start_s, end_s])))
    assessable_s = 0.0
    excluded: dict[str, float] = {}
    for begin, end in itertools.pairwise(edges):
        middle = (begin + end) / 2
        covering = np.flatnonzero((inside[:, 0] < middle) & (middle < inside[:, 1]))
        if timeline.assessable[covering].any():
            assessable_s += end - begin
        else:
            reason = timeline.reasons[covering[0]][0] if len(covering) else "gap"
            excluded[reason] = excluded.get(reason, 0.0) + float(end - begin)
    return float(assessable_s), excluded


def time_budget(episodes: Iterable[Episode]) -> dict[int, float]:
    """Seconds spent in each label's episodes; where episodes of one label overlap, the time counts once."""
    budget: dict[int, float] = {}
    reached: dict[int, float] = {}
    for episode in sorted(episodes, key=lambda episode: episode.start_s):
        begin = max(episode.start_s, reached.get(episode.label_id, episode.start_s))
        end = max(begin, episode.end_s)
        budget[episode.label_id] = budget.get(episode.label_id, 0.0) + end - begin
        reached[episode.label_id] = end
    return budget
