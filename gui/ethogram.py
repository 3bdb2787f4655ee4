"""Which behaviours the timeline shows, in what order, and their scores on one time grid. No Qt here.

Labels of a pack, a profile's criteria and scores come in; rows and arrays to paint go out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from screening import episodes
from screening.records import Episode, Label, PackInfo, Profile, ScoreTimeline

# Rows that can be told apart in the timeline's height; the rest are folded into one.
MOST_ROWS = 11


@dataclass(frozen=True, slots=True)
class Rows:
    """`shown` have a row each; `folded` share one; `untrained` share one that says that they are not assessable."""

    shown: tuple[Label, ...]
    folded: tuple[Label, ...]
    untrained: tuple[Label, ...]

    @property
    def count(self) -> int:
        """Rows in all."""
        return len(self.shown) + bool(self.folded) + bool(self.untrained)


def arrange(pack: PackInfo, profile: Profile, found: Sequence[Episode] = ()) -> Rows:
    """Behaviours with episodes first (most time first), then what the profile asks for, then the others."""
    known = [label for label in pack.labels if label.id != pack.output.other_id]
    same_set = profile.label_set == pack.label_set
    asked = {c.label_id: i for i, c in enumerate(profile.criteria)} if same_set else {}
    seconds = episodes.time_budget(found)
    trained = sorted(
        (label for label in known if label.trained),
        key=lambda label: (-seconds.get(label.id, 0.0), asked.get(label.id, len(asked)), label.id),
    )
    most = MOST_ROWS if len(trained) <= MOST_ROWS else MOST_ROWS - 1
    return Rows(tuple(trained[:most]), tuple(trained[most:]), tuple(label for label in known if not label.trained))


@dataclass(frozen=True, slots=True)
class Picture:
    """`cells` float32 (rows, M) scores of shown and folded rows, NaN where not assessable; `edges` (M + 1,) s."""

    edges: NDArray[np.float64]
    cells: NDArray[np.float32]
    assessable: NDArray[np.bool_]

    @property
    def centres(self) -> NDArray[np.float64]:
        """(M,) s."""
        return (self.edges[:-1] + self.edges[1:]) / 2

    def gaps(self) -> list[tuple[float, float]]:
        """Stretches of time (start, end) that are not assessable."""
        changes = np.flatnonzero(np.diff(np.concatenate(([True], self.assessable, [True]))))
        return [(float(self.edges[a]), float(self.edges[b])) for a, b in changes.reshape(-1, 2)]


def picture(timeline: ScoreTimeline, pack: PackInfo, rows: Rows) -> Picture:
    """The scores of each row on the common time grid; the folded row shows the highest of its behaviours."""
    column = {label.id: i for i, label in enumerate(pack.labels)}
    wanted = [column[label.id] for label in rows.shown + rows.folded]
    grid = episodes.common_grid(
        ScoreTimeline(timeline.windows, timeline.probabilities[:, wanted], timeline.assessable, timeline.reasons)
    )
    cells = grid.probabilities.T
    if rows.folded:
        shown = len(rows.shown)
        cells = np.concatenate([cells[:shown], cells[shown:].max(axis=0, keepdims=True)])
    return Picture(grid.edges, cells, grid.assessable)


def gap_reasons(timeline: ScoreTimeline, start_s: float, end_s: float) -> list[str]:
    """The reason codes of the windows that begin in a stretch that is not assessable, each once, in order."""
    inside = (timeline.windows[:, 1] > start_s) & (timeline.windows[:, 0] < end_s) & ~timeline.assessable
    return list(dict.fromkeys(code for i in np.flatnonzero(inside) for code in timeline.reasons[i][:1]))


def join(parts: Sequence[ScoreTimeline]) -> ScoreTimeline:
    """Scores that came in one after the other, as one timeline; at least one part."""
    return ScoreTimeline(
        np.concatenate([part.windows for part in parts]),
        np.concatenate([part.probabilities for part in parts]),
        np.concatenate([part.assessable for part in parts]),
        tuple(codes for part in parts for codes in part.reasons),
    )
