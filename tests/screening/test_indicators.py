"""The index of observed behaviour: hand-computed, by property, and what is never said without enough video."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import indicators, paths, profile
from screening.records import Band, BehaviourResult, Criterion, Episode, Indicators, Label, Profile

DEFAULT = profile.read(paths.default_profile())
SET = "viscreen-43"


def pack_labels(untrained: Iterable[int] = ()) -> list[Label]:
    return [Label(i, {"en": f"behaviour {i}"}, "group", 0.5, i not in set(untrained)) for i in range(43)]


def bouts(label_id: int, *durations: float) -> list[Episode]:
    """Episodes of the given lengths, ten seconds apart."""
    return [Episode(label_id, 10.0 * i, 10.0 * i + d, 0.9, 0.8) for i, d in enumerate(durations)]


def evaluate(
    episodes: Iterable[Episode],
    rules: Profile = DEFAULT,
    labels: list[Label] | None = None,
    label_set: str = SET,
    requested_s: float = 120.0,
    assessable_s: float = 120.0,
) -> Indicators:
    return indicators.evaluate(
        episodes,
        rules,
        pack_labels() if labels is None else labels,
        label_set,
        other_id=0,
        requested_s=requested_s,
        assessable_s=assessable_s,
        excluded={"dark": requested_s - assessable_s},
    )


def of(result: Indicators, label_id: int) -> BehaviourResult:
    (behaviour,) = [b for b in result.behaviours if b.label_id == label_id]
    return behaviour


def met(criterion: Criterion) -> list[Episode]:
    return bouts(criterion.label_id, *[criterion.minimum_duration_s] * criterion.repetitions)


# ------------------------------------------------------------------------------------------------ by hand


def test_a_child_who_claps_twice_and_opens_a_door_once() -> None:
    # Given two long enough bouts of clapping (weight 5), one of a door (5), and rocking twice of three times (6)
    episodes = bouts(1, 1.0, 1.4) + bouts(8, 1.2) + bouts(2, 2.5, 3.0, 1.9)
    # When they are judged by the default profile, whose weights sum to 39
    result = evaluate(episodes)
    # Then 10 of 39 were met
    assert (result.weight_met, result.weight_assessable, result.weight_total) == (10, 39, 39)
    assert result.index == pytest.approx(100 * 10 / 39)
    assert (result.level, result.no_level_reason) == ("low", "")
    assert of(result, 1).status == "met"
    rocking = of(result, 2)
    assert (rocking.status, rocking.episodes, rocking.counted) == ("not_met", 3, 2)
    assert rocking.total_s == pytest.approx(7.4)
    assert rocking.rate_per_minute == pytest.approx(1.5)
    assert of(result, 3).status == "not_met"


def test_the_rate_is_over_assessable_time() -> None:
    result = evaluate(bouts(1, 1.0, 1.0, 1.0), assessable_s=90.0)
    assert of(result, 1).rate_per_minute == pytest.approx(2.0)
    assert result.coverage == pytest.approx(0.75)
    assert result.excluded == {"dark": 30.0}


@pytest.mark.parametrize("criterion", DEFAULT.criteria, ids=lambda c: f"label {c.label_id}")
def test_each_criterion_is_met_exactly_at_its_duration_and_repetitions(criterion: Criterion) -> None:
    enough = met(criterion)
    assert of(evaluate(enough), criterion.label_id).status == "met"
    assert of(evaluate(enough[:-1]), criterion.label_id).status == "not_met"
    shorter = [dataclasses.replace(e, end_s=e.end_s - 0.01) for e in enough]
    assert of(evaluate(shorter), criterion.label_id).status == "not_met"


def test_a_second_that_starts_at_an_awkward_time_is_still_a_second() -> None:
    awkward = [Episode(1, 3.1, 4.1, 0.9, 0.8), Episode(1, 1.8, 2.8, 0.9, 0.8)]
    assert all(e.duration_s < 1 for e in awkward), "the example must be one that rounding spoils"
    assert of(evaluate(awkward), 1).status == "met"


def test_overlapping_marks_count_their_time_once() -> None:
    marks = [Episode(1, 0, 4, None, None, "clinician"), Episode(1, 2, 5, 0.9, 0.8)]
    assert of(evaluate(marks), 1).total_s == pytest.approx(5)


def test_a_behaviour_without_a_criterion_is_described_and_not_judged() -> None:
    behaviour = of(evaluate(bouts(25, 2.0, 3.0)), 25)
    assert (behaviour.status, behaviour.episodes, behaviour.total_s) == (None, 2, 5.0)


def test_every_listed_behaviour_of_the_pack_is_there_once_and_no_listed_behaviour_is_not() -> None:
    assert [b.label_id for b in evaluate([]).behaviours] == list(range(1, 43))


# ------------------------------------------------------------------------------------------------ not assessable


def test_an_untrained_behaviour_is_not_assessable_and_weighs_nothing() -> None:
    # Given a model that never learnt rocking and spinning (6 + 6 of 39)
    result = evaluate(bouts(1, 1, 1), labels=pack_labels(untrained=[2, 3, 25]))
    # Then they are not "not observed": they leave the arithmetic altogether
    assert (of(result, 2).status, of(result, 2).reason) == ("not_assessable", "not_trained")
    assert (of(result, 25).status, of(result, 25).reason) == ("not_assessable", "not_trained")
    assert (result.weight_assessable, result.weight_total) == (27, 39)
    assert result.index == pytest.approx(100 * 5 / 27)


def test_a_behaviour_that_the_model_does_not_list_is_not_assessable() -> None:
    result = evaluate([], labels=[label for label in pack_labels() if label.id != 7])
    assert (of(result, 7).status, of(result, 7).reason) == ("not_assessable", "not_in_model")
    assert result.weight_assessable == 35


def test_another_numbering_of_labels_makes_every_criterion_not_assessable() -> None:
    result = evaluate(bouts(1, 1, 1), label_set="another-11")
    asked = [b for b in result.behaviours if b.criterion is not None]
    assert len(asked) == len(DEFAULT.criteria)
    assert {(b.status, b.reason) for b in asked} == {("not_assessable", "not_in_model")}
    assert result.index is None
    assert (result.level, result.no_level_reason) == (None, "criteria")


def test_without_assessable_video_nothing_is_judged() -> None:
    result = evaluate([], assessable_s=0.0)
    assert {b.status for b in result.behaviours} == {"not_assessable"}
    assert {b.reason for b in result.behaviours} == {"no_assessable_video"}
    assert {b.rate_per_minute for b in result.behaviours} == {None}
    assert result.index is None
    assert (result.level, result.no_level_reason) == (None, "too_short")


def test_nothing_was_asked_for_at_all() -> None:
    result = evaluate([], requested_s=0.0, assessable_s=0.0)
    assert (result.coverage, result.index, result.no_level_reason) == (0.0, None, "too_short")


@pytest.mark.parametrize(
    ("requested_s", "assessable_s", "untrained", "reason"),
    [
        (120, 29, [], "too_short"),
        (60, 30, [], ""),
        (60.2, 30, [], "coverage"),
        (600, 299, [], "coverage"),
        (20, 20, [], "too_short"),
        (120, 120, [1, 2, 3, 7], "criteria"),  # 21 of 39 cannot be assessed: 18 left, below half
        (120, 120, [1, 2, 3], ""),  # 17 of 39: 22 left
        (120, 50, [1, 2, 3, 7], "coverage"),
        (120, 20, [1, 2, 3, 7], "too_short"),
    ],
)
def test_no_level_without_enough_to_judge_by(
    requested_s: float, assessable_s: float, untrained: list[int], reason: str
) -> None:
    result = evaluate(bouts(8, 2), labels=pack_labels(untrained), requested_s=requested_s, assessable_s=assessable_s)
    assert result.no_level_reason == reason
    assert (result.level is None) == bool(reason)
    assert result.index is not None, "the arithmetic is shown even where there is no level"


# ------------------------------------------------------------------------------------------------ levels


@pytest.mark.parametrize(
    ("index", "level"),
    [
        (0, "low"), (50, "low"), (50.001, "medium"), (70, "medium"), (70.001, "high"), (90, "high"),
        (90.001, "very_high"), (100, "very_high"),
    ],
)  # fmt: skip
def test_a_band_holds_its_upper_end(index: float, level: str) -> None:
    assert indicators.level_of(index, DEFAULT.bands) == level


def test_rounding_does_not_lift_an_index_over_an_edge() -> None:
    # Given weights 0.1 + 0.2 met of 0.6: exactly half, but above 50 in binary fractions
    criteria = tuple(Criterion(i, 1, 1, w) for i, w in ((1, 0.1), (2, 0.2), (3, 0.3)))
    result = evaluate(bouts(1, 1) + bouts(2, 1), dataclasses.replace(DEFAULT, criteria=criteria))
    assert result.level == "low"


bands = st.lists(st.integers(1, 99), unique=True, max_size=6).map(
    lambda uppers: tuple(Band(f"band {u}", float(u), {"en": str(u)}) for u in [*sorted(uppers), 100])
)


@given(bands, st.floats(0, 100))
def test_every_index_has_exactly_one_level(levels: tuple[Band, ...], index: float) -> None:
    lower = 0.0
    holding = []
    for i, band in enumerate(levels):
        if (index > lower or i == 0) and index <= band.upper:
            holding.append(band)
        lower = band.upper
    assert len(holding) == 1
    # Within a millionth above an edge the lower band may keep it: see indicators.TOLERANCE.
    assert indicators.level_of(index, levels) in {holding[0].code, indicators.level_of(index - 1e-6, levels)}
    for band, after in itertools.pairwise(levels):
        assert indicators.level_of(band.upper, levels) == band.code
        assert indicators.level_of(band.upper + 1e-5, levels) == after.code


# ------------------------------------------------------------------------------------------------ properties

episode = st.builds(
    lambda label_id, start, length: Episode(label_id, start, start + length, 0.9, 0.8),
    st.integers(1, 12),
    st.floats(0, 100),
    st.floats(0.1, 10),
)
episode_lists = st.lists(episode, max_size=15)
untrained_labels = st.sets(st.integers(1, 10), max_size=4)


@given(episode_lists, episode, untrained_labels)
def test_the_index_never_falls_when_an_episode_is_added(
    episodes: list[Episode], one_more: Episode, untrained: set[int]
) -> None:
    labels = pack_labels(untrained)
    before, after = evaluate(episodes, labels=labels), evaluate([*episodes, one_more], labels=labels)
    assert before.index is not None
    assert after.index is not None
    assert after.index >= before.index
    assert 0 <= before.index <= 100


@given(episode_lists, untrained_labels, st.floats(1e-3, 1e3))
def test_scaling_all_weights_changes_nothing(episodes: list[Episode], untrained: set[int], factor: float) -> None:
    criteria = tuple(dataclasses.replace(c, weight=c.weight * factor) for c in DEFAULT.criteria)
    scaled = dataclasses.replace(DEFAULT, criteria=criteria)
    labels = pack_labels(untrained)
    one, other = evaluate(episodes, labels=labels), evaluate(episodes, scaled, labels)
    assert one.index == pytest.approx(other.index)
    assert (one.level, one.no_level_reason) == (other.level, other.no_level_reason)
    assert [b.status for b in one.behaviours] == [b.status for b in other.behaviours]


@given(episode_lists, st.randoms(use_true_random=False))
def test_the_order_of_episodes_does_not_matter(episodes: list[Episode], random: object) -> None:
    shuffled = sorted(episodes, key=lambda _: random.random())  # type: ignore[attr-defined]
    one, other = evaluate(episodes), evaluate(shuffled)
    assert one.index == other.index
    for mine, theirs in zip(one.behaviours, other.behaviours, strict=True):
        assert mine.total_s == pytest.approx(theirs.total_s)
        assert (mine.status, mine.counted) == (theirs.status, theirs.counted)


@given(episode_lists, st.floats(0, 200), untrained_labels)
def test_the_arithmetic_that_is_shown_is_the_arithmetic_that_was_done(
    episodes: list[Episode], assessable_s: float, untrained: set[int]
) -> None:
    result = evaluate(episodes, labels=pack_labels(untrained), requested_s=200, assessable_s=assessable_s)
    weights = {
        status: sum(b.criterion.weight for b in result.behaviours if b.criterion and b.status == status)
        for status in ("met", "not_met", "not_assessable")
    }
    assert result.weight_met == weights["met"]
    assert result.weight_assessable == weights["met"] + weights["not_met"]
    assert result.weight_total == 39 == sum(weights.values())
    if result.weight_assessable:
        assert result.index == pytest.approx(100 * result.weight_met / result.weight_assessable)
    else:
        assert result.index is None
    assert (result.level is None) == bool(result.no_level_reason)
