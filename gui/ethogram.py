"""Which behaviours are shown over time, in what order, and their scores as far as a screen can show them. No Qt here.

Labels of a pack, a profile's criteria, episodes and scores come in; rows and arrays to paint go out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from screening import episodes
from screening.records import Episode, Label, PackInfo, Profile, ScoreTimeline

# While nothing is found yet, this many rows in all; the rest are folded into one.
MOST_ROWS = 11
# Times are sums of frame durations in binary fractions; a microsecond is far below one frame and far above rounding.
NEAR_S = 1e-6

# ---------------------------------------------------------------------------------------------- rows


@dataclass(frozen=True, slots=True)
class Rows:
    """`shown` have a row each; `folded` share one; `untrained` share one that says that they are not assessable."""

    shown: tuple[Label, ...]
    folded: tuple[Label, ...]
    untrained: tuple[Label, ...]

    @property
    def count(self) -> int:
        """Rows in all while the fold is closed."""
        return len(self.shown) + bool(self.folded) + bool(self.untrained)


def arrange(pack: PackInfo, profile: Profile, found: Iterable[Episode] = (), also: Iterable[int] = ()) -> Rows:
    """Behaviours with episodes, by group, the rest folded; while there are none, those that the profile asks for.

    The group of the behaviour with most time comes first, in each group most time first. `also` are labels without
    such time that have a row too: what a reviewer added moves no row that was there before.
    """
    known = [label for label in pack.labels if label.id != pack.output.other_id]
    same_set = profile.label_set == pack.label_set
    asked = {c.label_id: i for i, c in enumerate(profile.criteria)} if same_set else {}
    seconds = dict.fromkeys(also, 0.0) | episodes.time_budget(found)
    longest: dict[str, float] = {}
    for label in known:
        longest[label.group] = max(longest.get(label.group, 0.0), seconds.get(label.id, 0.0))

    def wanted(label: Label) -> tuple[int, int]:
        return asked.get(label.id, len(asked)), label.id

    def place(label: Label) -> tuple[float, str, float, tuple[int, int]]:
        return -longest[label.group], label.group, -seconds[label.id], wanted(label)

    trained = [label for label in known if label.trained]
    shown = sorted((label for label in trained if label.id in seconds), key=place)
    rest = sorted((label for label in trained if label.id not in seconds), key=wanted)
    if not shown:
        most = MOST_ROWS if len(rest) <= MOST_ROWS else MOST_ROWS - 1
        shown, rest = rest[:most], rest[most:]
    return Rows(tuple(shown), tuple(rest), tuple(label for label in known if not label.trained))


def lanes(stretches: Sequence[tuple[float, float]]) -> list[int]:
    """A lane for each stretch (start, end), so that no two that overlap share one; as few as there can be."""
    taken: list[float] = []
    lane = [0] * len(stretches)
    for i in sorted(range(len(stretches)), key=lambda i: stretches[i]):
        start, end = stretches[i]
        lane[i] = next((j for j, until in enumerate(taken) if until <= start + NEAR_S), len(taken))
        taken[lane[i] : lane[i] + 1] = [end]
    return lane


# ---------------------------------------------------------------------------------------------- scores


@dataclass(frozen=True, slots=True)
class Picture:
    """`cells` float32 (rows, M) scores, NaN where not assessable; `edges` (M + 1,) s, rising; `assessable` (M,)."""

    edges: NDArray[np.float64]
    cells: NDArray[np.float32]
    assessable: NDArray[np.bool_]

    def gaps(self, until_s: float | None = None) -> list[tuple[float, float]]:
        """Stretches of time (start, end) that are not assessable; to `until_s` also what no window reached."""
        changes = np.flatnonzero(np.diff(np.concatenate(([True], self.assessable, [True]))))
        found = [(float(self.edges[a]), float(self.edges[b])) for a, b in changes.reshape(-1, 2)]
        if until_s is not None and until_s > self.edges[-1] + NEAR_S:
            found.append((float(self.edges[-1]), until_s))
        return found

    def at(self, seconds: float) -> int | None:
        """The cell of this moment, where there is one."""
        cell = int(np.searchsorted(self.edges, seconds, "right")) - 1
        return cell if 0 <= cell < len(self.assessable) else None

    def reduce(self, from_s: float, to_s: float, pixels: int) -> NDArray[np.float32]:
        """(rows, pixels): the highest score of all cells that each pixel of the span touches, NaN where there is none.

        A peak, however short, is in the picture however far one zooms out.
        """
        bounds = np.linspace(from_s, to_s, pixels + 1)
        begin = np.clip(np.searchsorted(self.edges, bounds[:-1], "right") - 1, 0, len(self.assessable))
        end = np.clip(np.searchsorted(self.edges, bounds[1:], "left"), 0, len(self.assessable))
        first = int(begin[0])
        # One cell of NaN behind the last gives every stretch an end to name, and those without a cell an answer.
        cells = np.pad(self.cells[:, first : int(end[-1])], ((0, 0), (0, 1)), constant_values=np.nan)
        nothing = end <= begin
        begin, end = np.minimum(begin - first, cells.shape[1] - 1), np.minimum(end - first, cells.shape[1] - 1)
        highest = np.fmax.reduceat(cells, np.column_stack([begin, end]).ravel(), axis=1)[:, ::2]
        highest[:, nothing] = np.nan
        return highest


def picture(timeline: ScoreTimeline, pack: PackInfo, labels: Sequence[Label]) -> Picture:
    """The scores of `labels`, a row each, on the grid on which episodes are found."""
    column = {label.id: i for i, label in enumerate(pack.labels)}
    wanted = [column[label.id] for label in labels]
    grid = episodes.common_grid(
        ScoreTimeline(timeline.windows, timeline.probabilities[:, wanted], timeline.assessable, timeline.reasons)
    )
    return Picture(grid.edges, np.ascontiguousarray(grid.probabilities.T), grid.assessable)


class Growing:
    """Scores as they come in, and their picture: with each part only the new end of it is made."""

    def __init__(self, pack: PackInfo) -> None:
        self._pack = pack
        self._parts: list[ScoreTimeline] = []
        self._labels: tuple[Label, ...] = ()
        self._picture: Picture | None = None
        self._pictured = 0

    def add(self, scores: ScoreTimeline) -> None:
        """A part that follows on those before."""
        if len(scores.windows):
            self._parts.append(scores)

    @property
    def timeline(self) -> ScoreTimeline | None:
        """All that came in so far."""
        if len(self._parts) > 1:
            self._parts = [join(self._parts)]
        return self._parts[0] if self._parts else None

    def picture(self, labels: tuple[Label, ...]) -> Picture | None:
        """The scores of `labels` as far as they came in; None while there are none."""
        timeline = self.timeline
        if timeline is None or not labels:
            return None
        # One window alone says nothing of the distance to the next: its cells are not those of the whole.
        if self._picture is None or labels != self._labels or self._pictured < 2:
            self._picture, self._labels = picture(timeline, self._pack, labels), labels
        elif self._pictured < len(timeline.windows):
            since = float(timeline.windows[self._pictured :, 0].min())
            reach = float(np.diff(timeline.windows[self._pictured :], axis=1).max())
            end = picture(_after(timeline, since - reach), self._pack, labels)
            self._picture = _spliced(self._picture, end, since)
        self._pictured = len(timeline.windows)
        return self._picture


def _after(timeline: ScoreTimeline, seconds: float) -> ScoreTimeline:
    """The windows that end after `seconds`."""
    late = np.flatnonzero(timeline.windows[:, 1] > seconds)
    reasons = tuple(timeline.reasons[i] for i in late)
    return ScoreTimeline(timeline.windows[late], timeline.probabilities[late], timeline.assessable[late], reasons)


def _spliced(old: Picture, new: Picture, since: float) -> Picture:
    """`old` up to the edge of `new` next before `since`, and `new` from there on."""
    at = max(0, int(np.searchsorted(new.edges, since + NEAR_S, "right")) - 1)
    kept = max(0, int(np.searchsorted(old.edges, new.edges[at] + NEAR_S, "right")) - 1)
    return Picture(
        np.concatenate([old.edges[: kept + 1], new.edges[at + 1 :]]),
        np.concatenate([old.cells[:, :kept], new.cells[:, at:]], axis=1),
        np.concatenate([old.assessable[:kept], new.assessable[at:]]),
    )


def gap_reasons(timeline: ScoreTimeline, start_s: float, end_s: float) -> list[str]:
    """Why a stretch is not assessable: the first reason code of each window in it, each once; "gap" without windows."""
    inside = (timeline.windows[:, 1] > start_s) & (timeline.windows[:, 0] < end_s) & ~timeline.assessable
    return list(dict.fromkeys(code for i in np.flatnonzero(inside) for code in timeline.reasons[i][:1])) or ["gap"]


def join(parts: Sequence[ScoreTimeline]) -> ScoreTimeline:
    """Scores that came in one after the other, as one timeline; at least one part."""
    return ScoreTimeline(
        np.concatenate([part.windows for part in parts]),
        np.concatenate([part.probabilities for part in parts]),
        np.concatenate([part.assessable for part in parts]),
        tuple(codes for part in parts for codes in part.reasons),
    )


def both_names(label: Label, code: str) -> list[str]:
    """The label's name in the language `code`, then in the others."""
    first = label.name(code)
    return [first, *(name for name in label.names.values() if name != first)]
