"""Another profile after the analysis: the same as a new analysis with it, and the model is not run."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening import pack, paths, profile, scoring
from screening.analysis import analyse, with_profile
from screening.profile import edits
from screening.records import Criterion, EpisodeRule, Profile, Region, Result
from tests.gui.scenes import SCENES, make_scenes
from tests.screening.packs import tiny_pack
from tests.screening.results import ten_minutes

DEFAULT = profile.read(paths.default_profile())
TEN_MINUTES = ten_minutes()


def run(video: Path, model: pack.Pack, asked: Profile) -> Result:
    steps = analyse(video, model, asked, region=Region(0, 0, 32, 32), start_s=1.0)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value


def test_it_equals_a_new_analysis_with_that_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given an analysis with one profile, and a profile that asks otherwise in every way,
    model = pack.read(tiny_pack(tmp_path / "pack"))
    video = make_scenes(tmp_path / "visit.mp4", SCENES)
    usual = dataclasses.replace(DEFAULT, label_set=model.info.label_set)
    other = dataclasses.replace(
        usual,
        name="Mine",
        criteria=(Criterion(1, 0.5, 1, 3.0, threshold=0.3), Criterion(3, 4.0, 1, 2.0)),
        episodes=EpisodeRule(0.5, 0.2, 2.5),
        minimum_assessable_s=1.0,
        minimum_coverage=0.1,
    )
    first, afresh = run(video, model, usual), run(video, model, other)
    assert afresh.episodes != first.episodes or afresh.indicators != first.indicators
    # when the first result is judged by that profile, without a model,
    monkeypatch.setattr(scoring.Scorer, "__call__", None, raising=False)
    judged = with_profile(first, other)
    # then it is what the new analysis found, its repeat line too; and the way back leads back.
    assert comparable(judged) == comparable(afresh)
    assert comparable(with_profile(judged, usual)) == comparable(first)
    assert judged.scores is first.scores
    assert "--profile" not in run(video, model, DEFAULT).command


def comparable(result: Result) -> tuple[object, ...]:
    return result.profile, result.episodes, result.indicators, result.command, result.video, result.region, result.pack


@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 10), st.floats(0.05, 1), st.floats(0.1, 5), st.integers(1, 4))
def test_only_the_last_profile_counts(label_id: int, threshold: float, seconds: float, repetitions: int) -> None:
    result = TEN_MINUTES
    asked = edits.with_criterion(DEFAULT, Criterion(label_id, seconds, repetitions, 2.0, threshold))
    once = with_profile(result, asked)
    assert comparable(with_profile(with_profile(result, DEFAULT), asked)) == comparable(once)
    assert once.profile == asked
