"""Two sets of episodes of one video (model and clinician, or two clinicians) become measures of their agreement.

In: two sets of `Episode`, the part of the video looked at and its parts that nobody could assess. Out: `Agreement`,
and the `Disagreement`s to look at. Swapping the two sets swaps "first" and "second" and changes nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from screening.records import Episode

Floats = NDArray[np.float64]
Kind = Literal["only_first", "only_second", "different_label", "shifted_ends"]
Reason = Literal["", "no_time", "constant", "no_episodes", "too_short", "rare", "no_variation"]

# A share of an overlap is compared with a round figure: below any frame, above the rounding of binary fractions.
TOLERANCE = 1e-6
BLOCK_S = 10
RESAMPLES = 1000
SEED = 20261122
LEVEL = 0.95
MINIMUM_BLOCKS = 6


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; None for what cannot be said, and then `reason` says why.

    No value: "no_time" (no second could be assessed), "constant" (both say the same of every second, so that chance
    alone would agree: kappa is undefined), "no_episodes" (nothing to count). A value but no interval: "too_short"
    (too little video for resampling), "rare" (seen so seldom that many resamples do not show it), "no_variation"
    (every resample gives the same, as after perfect agreement: the data do not say how sure that is).
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: Reason = ""


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """Agreement about one behaviour; `label_id` None: about all, each second of each behaviour being one decision.

    Seconds: `both_s`, `first_only_s`, `second_only_s`, `neither_s`; `raw` is the share (0–1) of both and neither.
    Episodes: `first` and `second` were marked, `matched` of them are pairs; `first_found` is the share of the first's
    that the second has too, `second_found` the reverse (recall and precision, were the first the truth), and `f1`
    = 2 × matched / (first + second).
    """

    label_id: int | None
    kappa: Estimate
    raw: Estimate
    both_s: int
    first_only_s: int
    second_only_s: int
    neither_s: int
    first: int
    second: int
    matched: int
    first_found: Estimate
    second_found: Estimate
    f1: Estimate


@dataclass(frozen=True, slots=True)
class Agreement:
    """`labels`: the behaviours that either set holds, by id; `overall` pools them. `assessable_s` seconds compared."""

    labels: tuple[LabelAgreement, ...]
    overall: LabelAgreement
    assessable_s: int
    minimum_iou: float


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One place to look at again: from the earlier start to the later end of `first` and `second` (one may be None)."""

    start_s: float
    end_s: float
    kind: Kind
    first: Episode | None
    second: Episode | None


def agreement(
    first: Iterable[Episode],
    second: Iterable[Episode],
    start_s: float,
    end_s: float,
    excluded: Sequence[tuple[float, float]] = (),
    *,
    minimum_iou: float = 0.3,
) -> Agreement:
    """Compare two sets of episodes within `start_s`–`end_s`, leaving out the `excluded` stretches (seconds).

    Time is cut into seconds. A second counts when at least half of it is assessable, and shows a behaviour when its
    episodes cover at least half of what is assessable in it. Kappa is Cohen's (Educational and Psychological
    Measurement 20, 1960) of the two yes-or-no answers. Overall, only behaviours that either set holds are pooled: any
    number of others that nobody saw would only raise agreement on "no".

    Episodes of one behaviour are paired one to one, the pair with the greatest intersection over union first and none
    below `minimum_iou`, as in temporal action detection (Idrees et al., "The THUMOS challenge", CVIU 155, 2017).
    Intersection and union are of assessable time; an episode of which less than half is assessable is not counted.

    Intervals are percentiles of a block bootstrap: neighbouring seconds depend on each other, so stretches of
    10 s are drawn, not seconds (Künsch, Annals of Statistics 17, 1989; ends joined as by Politis and Romano 1992, so
    that every second is drawn equally often). An episode, with whether it was found, belongs to its middle. The seed
    is fixed: the same episodes give the same interval. In simulations (bouts of 5 s, videos of 2 and of 10 minutes)
    84–89 of 100 such intervals held the true kappa, not 95: read them as the least doubt there is.

    ValueError when `end_s` ≤ `start_s` or `minimum_iou` is not above 0 and at most 1.
    """
    clock = _Clock(start_s, end_s, excluded)
    one, two = _Bouts.of(first, clock), _Bouts.of(second, clock)
    pairs = _pairs(one, two, minimum_iou, same_label=True)
    labels = sorted({*one.labels.tolist(), *two.labels.tolist()})
    counts = np.stack(
        [np.zeros((len(clock.counted), _COLUMNS), np.int64), *(_count(one, two, pairs, clock, k) for k in labels)]
    )
    counts[0] = counts[1:].sum(axis=0)

    seconds = int(clock.counted.sum())
    resampled = _resampled(counts) if seconds >= MINIMUM_BLOCKS * BLOCK_S else None
    totals = counts.sum(axis=1)

    def judged(i: int, label_id: int | None) -> LabelAgreement:
        def estimate(figure: _Figure, undefined: Reason) -> Estimate:
            return _estimate(
                figure, totals[i], None if resampled is None else resampled[:, i], undefined if seconds else "no_time"
            )

        n, both, first_only, second_only, ones, twos, matched, _ = totals[i].tolist()
        return LabelAgreement(
            label_id,
            kappa=estimate(_kappa, "constant"),
            raw=estimate(_raw, "no_episodes"),
            both_s=both,
            first_only_s=first_only,
            second_only_s=second_only,
            neither_s=n - both - first_only - second_only,
            first=ones,
            second=twos,
            matched=matched,
            first_found=estimate(_first_found, "no_episodes"),
            second_found=estimate(_second_found, "no_episodes"),
            f1=estimate(_f1, "no_episodes"),
        )

    each = tuple(judged(i, label_id) for i, label_id in enumerate(labels, start=1))
    return Agreement(each, judged(0, None), seconds, minimum_iou)


def disagreements(
    first: Iterable[Episode],
    second: Iterable[Episode],
    start_s: float,
    end_s: float,
    excluded: Sequence[tuple[float, float]] = (),
    *,
    minimum_iou: float = 0.3,
    end_tolerance_s: float = 1.0,
) -> tuple[Disagreement, ...]:
    """Where two sets of episodes differ, sorted by start; arguments and pairing as in `agreement`.

    "shifted_ends": a pair whose starts or ends lie more than `end_tolerance_s` of assessable time apart. What has no
    partner of its own behaviour is paired with one of another: "different_label"; the rest "only_first" or
    "only_second".
    """
    clock = _Clock(start_s, end_s, excluded)
    one, two = _Bouts.of(first, clock), _Bouts.of(second, clock)
    same = _pairs(one, two, minimum_iou, same_label=True)
    left = sorted(set(np.flatnonzero(one.counted).tolist()) - {i for i, _ in same})
    right = sorted(set(np.flatnonzero(two.counted).tolist()) - {j for _, j in same})
    rest_one, rest_two = one.only(left), two.only(right)
    other = _pairs(rest_one, rest_two, minimum_iou, same_label=False)

    def apart(i: int, j: int) -> float:
        return float(np.abs(one.spans[i] - two.spans[j]).max())

    shifted = [(i, j) for i, j in same if apart(i, j) > end_tolerance_s + TOLERANCE]
    found = [_between("shifted_ends", one.episodes[i], two.episodes[j]) for i, j in shifted]
    found += [_between("different_label", rest_one.episodes[i], rest_two.episodes[j]) for i, j in other]
    alone_one = set(range(len(left))) - {i for i, _ in other}
    alone_two = set(range(len(right))) - {j for _, j in other}
    found += [_between("only_first", rest_one.episodes[i], None) for i in alone_one]
    found += [_between("only_second", None, rest_two.episodes[j]) for j in alone_two]
    return tuple(sorted(found, key=_order))


def _between(kind: Kind, first: Episode | None, second: Episode | None) -> Disagreement:
    both = [episode for episode in (first, second) if episode is not None]
    start_s, end_s = min(episode.start_s for episode in both), max(episode.end_s for episode in both)
    return Disagreement(start_s, end_s, kind, first, second)


def _order(place: Disagreement) -> tuple[float, float, str, list[int]]:
    labels = [episode.label_id for episode in (place.first, place.second) if episode is not None]
    return place.start_s, place.end_s, place.kind, sorted(labels)


# ---------------------------------------------------------------------------------------------- time and episodes


class _Clock:
    """Assessable time: a clock that runs from 0 at `start_s` and stands still in what is excluded.

    `edges` (T + 1,) are the seconds' edges on it; `counted` bool (T,) those seconds of which half or more is
    assessable. A rest of the video of half a second or more is the last one, a shorter rest is left out.
    """

    def __init__(self, start_s: float, end_s: float, excluded: Sequence[tuple[float, float]]) -> None:
        if not end_s > start_s:
            raise ValueError(f"nothing lies between {start_s} and {end_s} s")
        self._start_s, self._end_s = start_s, end_s
        self._excluded = _merged(np.clip(np.array(excluded, np.float64).reshape(-1, 2), start_s, end_s))
        edges = np.minimum(start_s + np.arange(max(1, int(end_s - start_s + 0.5)) + 1), end_s)
        self.edges = self.read(edges)
        self.counted = np.diff(self.edges) >= np.diff(edges) / 2 - TOLERANCE

    def read(self, times_s: Floats) -> Floats:
        """What the clock shows at `times_s` of the video."""
        inside = np.clip(times_s, self._start_s, self._end_s)
        return inside - self._start_s - _covered(self._excluded, inside)


def _merged(spans: Floats) -> Floats:
    """`spans` (N, 2) as disjoint spans in order, empty ones dropped."""
    joined: list[list[float]] = []
    for begin, end in sorted(spans[spans[:, 1] > spans[:, 0]].tolist()):
        if joined and begin <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([begin, end])
    return np.array(joined, np.float64).reshape(-1, 2)


def _covered(spans: Floats, times: Floats) -> Floats:
    """How much of disjoint, sorted `spans` (N, 2) lies before each of `times`."""
    if not len(spans):
        return np.zeros(times.shape)
    lengths = np.stack([np.zeros(len(spans)), np.diff(spans)[:, 0]], axis=1)
    before: Floats = np.interp(times.ravel(), spans.ravel(), np.cumsum(lengths))
    return before.reshape(times.shape)


@dataclass(frozen=True)
class _Bouts:
    """Episodes of which anything is assessable, sorted: their `labels` (N,) and `spans` (N, 2) in assessable time.

    `counted` bool (N,): at least half is assessable. The others show their seconds, but are neither paired nor missed.
    """

    episodes: tuple[Episode, ...]
    labels: NDArray[np.int64]
    spans: Floats
    counted: NDArray[np.bool_]

    @classmethod
    def of(cls, episodes: Iterable[Episode], clock: _Clock) -> _Bouts:
        ordered = tuple(sorted(episodes, key=lambda episode: (episode.start_s, episode.end_s, episode.label_id)))
        labels = np.array([episode.label_id for episode in ordered], np.int64)
        spans = clock.read(np.array([(e.start_s, e.end_s) for e in ordered], np.float64).reshape(-1, 2))
        seen = np.diff(spans)[:, 0]
        lengths = np.array([episode.duration_s for episode in ordered], np.float64)
        every = cls(ordered, labels, spans, seen >= lengths / 2 - TOLERANCE)
        return every.only(np.flatnonzero(seen > TOLERANCE).tolist())

    def only(self, chosen: Sequence[int]) -> _Bouts:
        """Those at the places `chosen`."""
        at = np.array(chosen, np.intp)
        return _Bouts(tuple(self.episodes[i] for i in chosen), self.labels[at], self.spans[at], self.counted[at])


def _pairs(one: _Bouts, two: _Bouts, minimum_iou: float, *, same_label: bool) -> list[tuple[int, int]]:
    """Pair episodes one to one by falling intersection over union; ties by time, so that no order of input matters."""
    if not 0 < minimum_iou <= 1:
        raise ValueError(f"the least intersection over union must be above 0 and at most 1, not {minimum_iou}")
    starts = one.spans[:, None, 0], two.spans[None, :, 0]
    ends = one.spans[:, None, 1], two.spans[None, :, 1]
    begin, end = np.maximum(*starts), np.minimum(*ends)
    outer = np.minimum(*starts)
    iou = np.maximum(0, end - begin) / (np.maximum(*ends) - outer)
    fits = (iou >= minimum_iou - TOLERANCE) & one.counted[:, None] & two.counted[None, :]
    if same_label:
        fits &= one.labels[:, None] == two.labels[None, :]
    i, j = np.nonzero(fits)
    low, high = np.minimum(one.labels[i], two.labels[j]), np.maximum(one.labels[i], two.labels[j])
    order = np.lexsort((high, low, end[i, j], begin[i, j], outer[i, j], -iou[i, j]))
    taken_one: set[int] = set()
    taken_two: set[int] = set()
    pairs: list[tuple[int, int]] = []
    for a, b in zip(i[order].tolist(), j[order].tolist(), strict=True):
        if a not in taken_one and b not in taken_two:
            taken_one.add(a)
            taken_two.add(b)
            pairs.append((a, b))
    return pairs


# ---------------------------------------------------------------------------------------------- figures

# Columns of a table of counts: seconds, both, first only, second only; first's episodes, second's, and those paired.
_COLUMNS = 8
_Figure = Callable[[NDArray[np.int64]], Floats]


def _count(one: _Bouts, two: _Bouts, pairs: list[tuple[int, int]], clock: _Clock, label_id: int) -> NDArray[np.int64]:
    """Counts (T, 8) of one behaviour in each second; an episode is counted in the second of its middle."""
    table = np.zeros((len(clock.counted), _COLUMNS), np.int64)
    room = np.diff(clock.edges)
    shown = []
    for column, bouts, paired in ((4, one, {i for i, _ in pairs}), (5, two, {j for _, j in pairs})):
        mine = np.flatnonzero(bouts.labels == label_id)
        covered = np.diff(_covered(_merged(bouts.spans[mine]), clock.edges))
        shown.append(clock.counted & (covered >= room / 2 - TOLERANCE))
        mine = mine[bouts.counted[mine]]
        middle = np.searchsorted(clock.edges, bouts.spans[mine].mean(axis=1), side="right") - 1
        middle = np.minimum(middle, len(table) - 1)
        np.add.at(table[:, column], middle, 1)
        np.add.at(table[:, column + 2], middle, np.isin(mine, list(paired)).astype(np.int64))
    table[:, 0] = clock.counted
    table[:, 1] = shown[0] & shown[1]
    table[:, 2] = shown[0] & ~shown[1]
    table[:, 3] = ~shown[0] & shown[1]
    return table


def _kappa(counts: NDArray[np.int64]) -> Floats:
    """Cohen's kappa of tables (…, 8), in whole numbers up to the one division; NaN where chance alone agrees."""
    n, both, first_only, second_only = (counts[..., k] for k in range(4))
    first, second = both + first_only, both + second_only
    by_chance = first * second + (n - first) * (n - second)
    return _share(n * (n - first_only - second_only) - by_chance, n * n - by_chance)


def _raw(counts: NDArray[np.int64]) -> Floats:
    return _share(counts[..., 0] - counts[..., 2] - counts[..., 3], counts[..., 0])


def _first_found(counts: NDArray[np.int64]) -> Floats:
    return _share(counts[..., 6], counts[..., 4])


def _second_found(counts: NDArray[np.int64]) -> Floats:
    return _share(counts[..., 7], counts[..., 5])


def _f1(counts: NDArray[np.int64]) -> Floats:
    return _share(counts[..., 6] + counts[..., 7], counts[..., 4] + counts[..., 5])


def _share(part: NDArray[np.int64], whole: NDArray[np.int64]) -> Floats:
    share: Floats = np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole != 0)
    return share


def _resampled(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sums (R, K, 8) of `counts` (K, T, 8) over blocks of seconds drawn with replacement."""
    seconds = counts.shape[1]
    sums = np.cumsum(np.concatenate([counts, counts[:, :BLOCK_S]], axis=1), axis=1)
    before = np.concatenate([np.zeros_like(sums[:, :1]), sums], axis=1)
    blocks = (before[:, BLOCK_S:] - before[:, :-BLOCK_S])[:, :seconds]
    drawn = np.random.default_rng(SEED).integers(seconds, size=(RESAMPLES, -(-seconds // BLOCK_S)))
    return np.stack([blocks[:, starts].sum(axis=1) for starts in drawn])


def _estimate(
    figure: _Figure, total: NDArray[np.int64], resampled: NDArray[np.int64] | None, undefined: Reason
) -> Estimate:
    value = float(figure(total))
    if np.isnan(value):
        return Estimate(None, reason=undefined)
    if resampled is None:
        return Estimate(value, reason="too_short")
    values = figure(resampled)
    defined = values[~np.isnan(values)]
    # An interval that had to leave out more resamples than it may miss is not one.
    if len(defined) < LEVEL * len(values):
        return Estimate(value, reason="rare")
    low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]).tolist()
    return Estimate(value, low, high) if low < high else Estimate(value, reason="no_variation")
