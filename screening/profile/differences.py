"""What differs between two screening profiles: two `Profile` records come in, typed changes go out.

The version is not compared (it counts changes and is none), nor the order of the criteria (nothing depends on it).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Literal

from screening.records import Band, Criterion, EpisodeRule, Profile

CriterionField = Literal["minimum_duration_s", "repetitions", "weight", "threshold"]
BandField = Literal["upper", "names"]
SettingField = Literal[
    "name",
    "label_set",
    "off_ratio",
    "minimum_length_s",
    "merge_gap_s",
    "minimum_coverage",
    "minimum_assessable_s",
    "minimum_weight_share",
]

_CRITERION_FIELDS: tuple[CriterionField, ...] = ("minimum_duration_s", "repetitions", "weight", "threshold")
_BAND_FIELDS: tuple[BandField, ...] = ("upper", "names")


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """One behaviour is asked for differently. `before` None: it was added; `after` None: it was removed."""

    label_id: int
    before: Criterion | None
    after: Criterion | None

    @property
    def fields(self) -> tuple[CriterionField, ...]:
        """The values that differ; none when the criterion was added or removed as a whole."""
        if self.before is None or self.after is None:
            return ()
        return tuple(name for name in _CRITERION_FIELDS if getattr(self.before, name) != getattr(self.after, name))


@dataclass(frozen=True, slots=True)
class BandChange:
    """One level has another end or other names. `before` None: it was added; `after` None: it was removed."""

    code: str
    before: Band | None
    after: Band | None

    @property
    def fields(self) -> tuple[BandField, ...]:
        """The values that differ; none when the level was added or removed as a whole."""
        if self.before is None or self.after is None:
            return ()
        return tuple(name for name in _BAND_FIELDS if getattr(self.before, name) != getattr(self.after, name))


@dataclass(frozen=True, slots=True)
class SettingChange:
    """Any other value: the profile's name, what a level needs, how scores become episodes."""

    field: SettingField
    before: str | float
    after: str | float


Change = CriterionChange | BandChange | SettingChange


def differences(before: Profile, after: Profile) -> tuple[Change, ...]:
    """Every change that leads from `before` to `after`: names, then behaviours, levels, conditions."""
    settings = tuple(_settings(before, after))
    named = tuple(change for change in settings if change.field in ("name", "label_set"))
    rest = tuple(change for change in settings if change not in named)
    return (*named, *_criteria(before, after), *_bands(before, after), *rest)


def _criteria(before: Profile, after: Profile) -> Iterator[CriterionChange]:
    old = {criterion.label_id: criterion for criterion in before.criteria}
    new = {criterion.label_id: criterion for criterion in after.criteria}
    for label_id in dict.fromkeys((*new, *old)):
        if old.get(label_id) != new.get(label_id):
            yield CriterionChange(label_id, old.get(label_id), new.get(label_id))


def _bands(before: Profile, after: Profile) -> Iterator[BandChange]:
    old = {band.code: band for band in before.bands}
    new = {band.code: band for band in after.bands}
    for code in dict.fromkeys((*new, *old)):
        if old.get(code) != new.get(code):
            yield BandChange(code, old.get(code), new.get(code))


def _settings(before: Profile, after: Profile) -> Iterator[SettingChange]:
    compared_apart = {"version", "criteria", "bands", "episodes"}
    pairs: list[tuple[Any, Any, Any]] = [
        (field.name, getattr(before, field.name), getattr(after, field.name))
        for field in fields(Profile)
        if field.name not in compared_apart
    ] + [
        (field.name, getattr(before.episodes, field.name), getattr(after.episodes, field.name))
        for field in fields(EpisodeRule)
    ]
    for name, was, is_now in pairs:
        if was != is_now:
            yield SettingChange(name, was, is_now)
