"""Two reviews of one analysis, or a review and the model, set side by side. No Qt here.

In: a result and library reviews. Out: their `Review`s, the parts that nobody could assess, and a `Comparison`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from screening import review
from screening.episodes import common_grid
from screening.library import records
from screening.records import Decision, Episode, Result, ScoreTimeline
from screening.review import History, Review
from screening.review.agreement import Agreement, Disagreement, agreement, disagreements


@dataclass(frozen=True, slots=True)
class Comparison:
    """`first` and `second` name whose episodes were compared; `second` None: the model's.

    `undecided`: so many of the model's episodes are still open in the first, in the second, and count there as they
    are; one that is open in both is counted in each.
    """

    first: str
    second: str | None
    agreement: Agreement
    disagreements: tuple[Disagreement, ...]
    undecided: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Side:
    """Whose episodes (`name` None: the model's), which they are, and how many of them nobody decided about."""

    name: str | None
    episodes: tuple[Episode, ...]
    undecided: int = 0


def base(result: Result, *, hides_model: bool) -> Review:
    """The review of `result` before any decision; without the model's episodes while these are hidden."""
    labels = [label.id for label in result.pack.labels if label.id != result.pack.output.other_id]
    found = () if hides_model else result.episodes
    return review.begin(found, labels, result.video.start_s, result.video.end_s)


def history(result: Result, kept: records.Review) -> History:
    """The review `kept` of `result`, as it was left."""
    return History(base(result, hides_model=kept.hides_model), kept.steps, kept.position)


def marked_first(result: Result, kept: records.Review) -> Review:
    """What was marked without seeing the model's answer, once that was shown."""
    steps = kept.steps[: kept.revealed or 0]
    return base(result, hides_model=True).after(decision for step in steps for decision in step)


def side(result: Result, kept: records.Review) -> Side:
    """The episodes that count in the review `kept`."""
    stands = history(result, kept).review
    return Side(kept.reviewer, review.episodes(stands), len(stands.open))


def excluded(result: Result) -> list[tuple[float, float]]:
    """The stretches (seconds) of the analysed part that no assessable window covers."""
    scores = result.scores
    # The scores themselves do not matter here, and averaging them is what takes the time.
    bare = ScoreTimeline(scores.windows, scores.probabilities[:, :0], scores.assessable, scores.reasons)
    grid = common_grid(bare)
    start_s, end_s = result.video.start_s, result.video.end_s
    edges = np.concatenate(([min(start_s, grid.edges[0])], grid.edges, [max(end_s, grid.edges[-1])]))
    assessable = np.concatenate(([False], grid.assessable, [False]))
    changes = np.flatnonzero(np.diff(np.concatenate(([True], assessable, [True])).astype(np.int8)))
    spans = [(float(edges[a]), float(edges[b])) for a, b in changes.reshape(-1, 2)]
    return [(a, b) for a, b in spans if b > a]


def compare(result: Result, first: Side, second: Side) -> Comparison:
    """Agreement of two sides, and where they differ."""
    span = result.video.start_s, result.video.end_s
    out = excluded(result)
    return Comparison(
        first.name or "",
        second.name,
        agreement(first.episodes, second.episodes, *span, out),
        disagreements(first.episodes, second.episodes, *span, out),
        (first.undecided, second.undecided),
    )


def joined(result: Result, kept: records.Review, made: str) -> tuple[Decision, ...]:
    """Marks that found what the model found become one with it: the clinician's times stand, the doubles go.

    Without this the reviewed index would count twice what both have seen. What was remarked about a mark goes with it.
    Pairs are those of `disagreements`.
    """
    marked = marked_first(result, kept)
    own = {item.episode: item.target for item in marked.reviewed.values() if not item.rejected}
    model = {episode: f"m{i}" for i, episode in enumerate(result.episodes)}
    span = result.video.start_s, result.video.end_s
    # With no tolerance at all every pair is listed, however well its ends agree.
    pairs = disagreements(own, model, *span, excluded(result), end_tolerance_s=-1.0)
    remarks = {target: marked.reviewed[target].comments for target in own.values()}
    return tuple(_join(pairs, own, model, remarks, kept.reviewer, made))


def _join(
    pairs: Iterable[Disagreement],
    own: dict[Episode, str],
    model: dict[Episode, str],
    remarks: dict[str, tuple[str, ...]],
    reviewer: str,
    made: str,
) -> Iterable[Decision]:
    for pair in pairs:
        if pair.kind == "shifted_ends" and pair.first is not None and pair.second is not None:
            mark, found = pair.first, pair.second
            same = (mark.start_s, mark.end_s) == (found.start_s, found.end_s)
            yield (
                Decision(model[found], "accept", reviewer, made)
                if same
                else Decision(model[found], "adjust", reviewer, made, start_s=mark.start_s, end_s=mark.end_s)
            )
            for remark in remarks[own[mark]]:
                yield Decision(model[found], "comment", reviewer, made, comment=remark)
            yield Decision(own[mark], "reject", reviewer, made)
