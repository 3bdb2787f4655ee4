"""Edits of a screening profile: a `Profile` comes in, the edited one goes out, still to be checked by `form.check`.

Levels have no gap whatever is edited: a level holds only its upper end and begins where the one before it ends, and
the last one ends at 100.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping
from typing import Any

from screening.profile.differences import SettingField
from screening.records import Band, Criterion, Profile

# What a behaviour is asked for until the clinician says more: seen once, for a second, with the smallest whole weight.
FIRST_CRITERION = {"minimum_duration_s": 1.0, "repetitions": 1, "weight": 1.0}


def with_criterion(profile: Profile, criterion: Criterion) -> Profile:
    """`criterion` in place of the one for the same behaviour, or at the end."""
    kept = {c.label_id: c for c in profile.criteria} | {criterion.label_id: criterion}
    return dataclasses.replace(profile, criteria=tuple(kept.values()))


def add_behaviour(profile: Profile, label_id: int) -> Profile:
    """Ask for the behaviour `label_id` too; nothing changes where the profile does so already."""
    if any(c.label_id == label_id for c in profile.criteria):
        return profile
    return with_criterion(profile, Criterion(label_id, **FIRST_CRITERION))  # type: ignore[arg-type]


def without_behaviours(profile: Profile, label_ids: set[int]) -> Profile:
    """Ask no longer for these behaviours."""
    return dataclasses.replace(profile, criteria=tuple(c for c in profile.criteria if c.label_id not in label_ids))


def with_band(profile: Profile, band: Band) -> Profile:
    """`band` in place of the one with its code; the last level keeps its end at 100."""
    bands = tuple(band if b.code == band.code else b for b in profile.bands)
    last = dataclasses.replace(bands[-1], upper=100.0)
    return dataclasses.replace(profile, bands=(*bands[:-1], last))


def add_band(profile: Profile, names: Mapping[str, str]) -> Profile:
    """A new highest level: it takes the upper half of what was the last one."""
    *before, last = profile.bands
    begin = before[-1].upper if before else 0.0
    taken = {band.code for band in profile.bands}
    code = next(c for n in itertools.count(len(taken) + 1) if (c := f"level_{n}") not in taken)
    halved = dataclasses.replace(last, upper=(begin + 100) / 2)
    return dataclasses.replace(profile, bands=(*before, halved, Band(code, 100.0, dict(names))))


def without_band(profile: Profile, code: str) -> Profile:
    """Without the level `code`; the next one, or before the end the last that is left, takes its place.

    ValueError when it is the only level.
    """
    bands = tuple(band for band in profile.bands if band.code != code)
    if not bands:
        raise ValueError("a profile needs at least one level")
    last = dataclasses.replace(bands[-1], upper=100.0)
    return dataclasses.replace(profile, bands=(*bands[:-1], last))


def with_setting(profile: Profile, field: SettingField, value: str | float) -> Profile:
    """One of the single values: the name, what a level needs, or a value of the episode rule."""
    changes: dict[str, Any] = {field: value}
    if hasattr(profile.episodes, field):
        return dataclasses.replace(profile, episodes=dataclasses.replace(profile.episodes, **changes))
    return dataclasses.replace(profile, **changes)


def reset(profile: Profile, shipped: Profile) -> Profile:
    """Every value as in `shipped`; name and version stay the profile's own."""
    return dataclasses.replace(shipped, name=profile.name, version=profile.version)
