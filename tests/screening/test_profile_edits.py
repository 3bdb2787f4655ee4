"""Edits and differences: levels never get a gap, whatever is edited is told, and what is told leads back."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening import paths, profile
from screening.profile import BandChange, Change, CriterionChange, SettingChange, differences, edits
from screening.records import Band, Criterion, EpisodeRule, Profile

DEFAULT = profile.read(paths.default_profile())

STEPS = ("criterion", "behaviour", "remove", "upper", "names", "level", "no_level", "rest")
ids = st.integers(1, 14)
above_zero = st.floats(0.01, 1)
criteria = st.builds(
    Criterion, ids, st.floats(0, 60), st.integers(1, 20), st.floats(0.01, 10), st.none() | above_zero
)  # fmt: skip


@st.composite
def edited(draw: st.DrawFn) -> Profile:
    """The default profile after some of the edits that the window offers."""
    asked = DEFAULT
    for step in draw(st.lists(st.sampled_from(STEPS))):
        band = draw(st.sampled_from(asked.bands))
        if step == "criterion":
            asked = edits.with_criterion(asked, draw(criteria))
        elif step == "behaviour":
            asked = edits.add_behaviour(asked, draw(ids))
        elif step == "remove":
            asked = edits.without_behaviours(asked, draw(st.sets(ids, max_size=3)))
        elif step == "upper":
            asked = edits.with_band(asked, dataclasses.replace(band, upper=draw(st.floats(0, 100))))
        elif step == "names":
            asked = edits.with_band(asked, dataclasses.replace(band, names={"en": draw(st.text(min_size=1))}))
        elif step == "level":
            asked = edits.add_band(asked, {"en": "New", "vi": "Mới"})
        elif step == "no_level" and len(asked.bands) > 1:
            asked = edits.without_band(asked, band.code)
        elif step == "rest":
            rule = EpisodeRule(draw(above_zero), draw(st.floats(0, 9)), draw(st.floats(0, 9)))
            asked = dataclasses.replace(asked, episodes=rule, minimum_coverage=draw(st.floats(0, 1)), name="Mine")
    return asked


def applied(changes: Sequence[Change], to: Profile) -> Profile:
    """What `changes` make of `to`."""
    asked = {c.label_id: c for c in to.criteria}
    bands = {band.code: band for band in to.bands}
    settings: dict[str, object] = {}
    for change in changes:
        match change:
            case CriterionChange(label_id, before, after):
                assert asked.pop(label_id, None) == before
                if after is not None:
                    asked[label_id] = after
            case BandChange(code, before, after):
                assert bands.pop(code, None) == before
                if after is not None:
                    bands[code] = after
            case SettingChange(field, _, after):
                settings[field] = after
    rule = {field: settings.pop(field) for field in list(settings) if hasattr(to.episodes, field)}
    return dataclasses.replace(
        to,
        criteria=tuple(asked.values()),
        bands=tuple(bands.values()),
        episodes=dataclasses.replace(to.episodes, **rule),  # type: ignore[arg-type]
        **settings,
    )


def ordered(asked: Profile) -> Profile:
    """Without what differences leave out: the version, and the order of criteria and levels in the file."""
    return dataclasses.replace(
        asked,
        version=1,
        criteria=tuple(sorted(asked.criteria, key=lambda c: c.label_id)),
        bands=tuple(sorted(asked.bands, key=lambda band: (band.upper, band.code))),
    )


@settings(deadline=None, max_examples=60)
@given(edited())
def test_levels_have_no_gap_whatever_was_edited(asked: Profile) -> None:
    assert asked.bands[-1].upper == 100
    assert len({band.code for band in asked.bands}) == len(asked.bands)
    # A level has no lower end of its own, so only the order can be wrong, and `check` says so.
    uppers = [0.0, *(band.upper for band in asked.bands)]
    if all(a < b for a, b in itertools.pairwise(uppers)) and asked.criteria:
        profile.check(asked)


@settings(deadline=None, max_examples=40)
@given(asked=edited())
def test_a_valid_edit_is_written_and_read_back_whole(tmp_path_factory: pytest.TempPathFactory, asked: Profile) -> None:
    valid = dataclasses.replace(asked, bands=tuple(sorted(asked.bands, key=lambda band: band.upper)))
    try:
        profile.check(valid)
    except profile.form.WrongUsage:
        return
    path = tmp_path_factory.mktemp("profiles") / "mine.json"
    profile.write(valid, path)
    assert profile.read(path) == valid
    assert differences(valid, profile.read(path)) == ()


@settings(deadline=None, max_examples=60)
@given(edited(), edited())
def test_the_differences_lead_from_one_profile_to_the_other(one: Profile, other: Profile) -> None:
    changes = differences(one, other)
    assert ordered(applied(changes, one)) == ordered(other)
    assert (changes == ()) == (ordered(one) == ordered(other))
    assert len(differences(other, one)) == len(changes)


def test_a_change_says_whose_value_and_from_what_to_what() -> None:
    # Given a profile with one weight, one level and one condition changed, a behaviour added and one left out,
    heavier = dataclasses.replace(DEFAULT.criteria[0], weight=7.0, threshold=0.4)
    asked = edits.without_behaviours(edits.add_behaviour(edits.with_criterion(DEFAULT, heavier), 25), {4})
    asked = edits.with_band(asked, dataclasses.replace(DEFAULT.bands[0], upper=40.0))
    asked = dataclasses.replace(asked, version=9, minimum_coverage=0.8)
    # then exactly these are told, and the version is not.
    weight, added, removed, low, coverage = differences(DEFAULT, asked)
    assert isinstance(weight, CriterionChange)
    assert weight.fields == ("weight", "threshold")
    assert (weight.before, weight.after) == (DEFAULT.criteria[0], heavier)
    assert added == CriterionChange(25, None, Criterion(25, 1.0, 1, 1.0))
    assert removed == CriterionChange(4, DEFAULT.criteria[3], None)
    assert isinstance(low, BandChange)
    assert (low.code, low.fields) == ("low", ("upper",))
    assert coverage == SettingChange("minimum_coverage", 0.5, 0.8)


def test_a_level_that_goes_leaves_its_place_to_the_next() -> None:
    # Low 0–50, Medium –70, High –90, Very high –100
    assert [(b.code, b.upper) for b in edits.without_band(DEFAULT, "medium").bands] == [
        ("low", 50), ("high", 90), ("very_high", 100),
    ]  # fmt: skip
    assert [(b.code, b.upper) for b in edits.without_band(DEFAULT, "very_high").bands][-1] == ("high", 100)
    with pytest.raises(ValueError, match="at least one"):
        edits.without_band(dataclasses.replace(DEFAULT, bands=(Band("all", 100.0, {"en": "All"}),)), "all")


def test_a_new_level_takes_the_upper_half_of_the_last() -> None:
    more = edits.add_band(DEFAULT, {"en": "Highest"})
    assert [(b.code, b.upper) for b in more.bands[3:]] == [("very_high", 95), ("level_5", 100)]
    profile.check(more)


def test_adding_a_behaviour_that_is_asked_for_changes_nothing() -> None:
    assert edits.add_behaviour(DEFAULT, 1) is DEFAULT


def test_a_reset_keeps_name_and_version() -> None:
    mine = dataclasses.replace(edits.without_behaviours(DEFAULT, {1}), name="Mine", version=4)
    assert edits.reset(mine, DEFAULT) == dataclasses.replace(DEFAULT, name="Mine", version=4)
