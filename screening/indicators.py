"""Episodes and a screening profile become the index of observed behaviour, with its arithmetic, or why there is none.

In: episodes, a `Profile`, the pack's labels and how much of the video was assessable. Out: `Indicators`.
The index says how much of the weight that could be assessed was observed; it is no probability of autism.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from screening.records import Band, BehaviourResult, Criterion, Episode, Indicators, Label, Profile, Status

# Below what any clinician could set or see, above the rounding of binary fractions: 4.1 s − 3.1 s is one second, and
# weights 0.1 + 0.2 of 0.6 are 50, not "over 50".
TOLERANCE = 1e-6


def evaluate(
    episodes: Iterable[Episode],
    profile: Profile,
    pack_labels: Sequence[Label],
    label_set: str,
    *,
    other_id: int | None,
    requested_s: float,
    assessable_s: float,
    excluded: Mapping[str, float],
) -> Indicators:
    """Judge every behaviour of the pack, and every criterion of the profile, on one video.

    `requested_s` is the part of the video that was asked for, `assessable_s` the part of it that could be assessed,
    `excluded` the rest by reason code. A criterion is met when at least `repetitions` episodes last at least
    `minimum_duration_s`. What the model cannot know (not trained, not in the pack, another numbering of labels) or what
    no assessable video shows is not assessable: it weighs neither for nor against.
    """
    by_label: dict[int, list[Episode]] = {}
    for episode in episodes:
        by_label.setdefault(episode.label_id, []).append(episode)
    same_set = profile.label_set == label_set
    criteria = {criterion.label_id: criterion for criterion in profile.criteria} if same_set else {}
    known = [label for label in pack_labels if label.id != other_id]
    behaviours = [
        _behaviour(label, by_label.get(label.id, []), criteria.get(label.id), assessable_s) for label in known
    ]
    judged = {label.id for label in known} if same_set else set()
    behaviours += [
        BehaviourResult(criterion.label_id, 0, 0.0, None, "not_assessable", 0, criterion, "not_in_model")
        for criterion in profile.criteria
        if criterion.label_id not in judged
    ]

    met = _weight(behaviours, {"met"})
    assessable = _weight(behaviours, {"met", "not_met"})
    total = _weight(behaviours, {"met", "not_met", "not_assessable"})
    index = min(100.0, 100 * met / assessable) if assessable > 0 else None
    coverage = min(1.0, assessable_s / requested_s) if requested_s > 0 else 0.0
    reason = ""
    if assessable_s <= 0 or assessable_s < profile.minimum_assessable_s - TOLERANCE:
        reason = "too_short"
    elif coverage < profile.minimum_coverage - TOLERANCE:
        reason = "coverage"
    elif index is None or assessable / total < profile.minimum_weight_share - TOLERANCE:
        reason = "criteria"
    level = level_of(index, profile.bands) if index is not None and not reason else None
    return Indicators(
        behaviours=tuple(behaviours),
        weight_met=met,
        weight_assessable=assessable,
        weight_total=total,
        index=index,
        level=level,
        no_level_reason=reason,
        requested_s=requested_s,
        assessable_s=assessable_s,
        coverage=coverage,
        excluded=dict(excluded),
    )


def _behaviour(
    label: Label, episodes: Sequence[Episode], criterion: Criterion | None, assessable_s: float
) -> BehaviourResult:
    """One behaviour that the pack knows."""
    if not label.trained or assessable_s <= 0:
        reason = "no_assessable_video" if label.trained else "not_trained"
        return BehaviourResult(label.id, 0, 0.0, None, "not_assessable", 0, criterion, reason)
    total_s = _seconds(episodes)
    rate = 60 * len(episodes) / assessable_s
    if criterion is None:
        return BehaviourResult(label.id, len(episodes), total_s, rate, None)
    counted = sum(episode.duration_s >= criterion.minimum_duration_s - TOLERANCE for episode in episodes)
    status: Status = "met" if counted >= criterion.repetitions else "not_met"
    return BehaviourResult(label.id, len(episodes), total_s, rate, status, counted, criterion)


def _seconds(episodes: Sequence[Episode]) -> float:
    """Time in `episodes` of one behaviour; where they overlap (a clinician may mark so) it counts once."""
    total = reached = 0.0
    for episode in sorted(episodes, key=lambda episode: episode.start_s):
        total += max(0.0, episode.end_s - max(episode.start_s, reached))
        reached = max(reached, episode.end_s)
    return total


def _weight(behaviours: Iterable[BehaviourResult], statuses: set[Status]) -> float:
    """Weight of the criteria with one of `statuses`."""
    return math.fsum(b.criterion.weight for b in behaviours if b.criterion is not None and b.status in statuses)


def level_of(index: float, bands: Sequence[Band]) -> str:
    """Code of the band that holds `index` (0–100): the first whose upper end, which belongs to it, is not below."""
    return next((band.code for band in bands if index <= band.upper + TOLERANCE), bands[-1].code)
