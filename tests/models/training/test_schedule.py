"""Schedules: rate and tokens follow from settings, step and history alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training import schedule
from models.training.settings import Settings

F1S = st.lists(st.floats(0, 1), max_size=30)


def test_the_cosine_rises_and_falls() -> None:
    settings = Settings(lr=1.0, warmup=0.1)
    rates = [schedule.learning_rate(step, 200, settings) for step in range(200)]
    assert np.argmax(rates) in (19, 20)
    assert max(rates) == pytest.approx(1.0)
    assert (np.diff(rates[:20]) > 0).all()
    assert (np.diff(rates[20:]) < 0).all()
    assert rates[-1] < 0.02


def test_the_rate_falls_at_each_plateau() -> None:
    # given validations that improve, stand still three times, improve, and stand still twice
    f1s = [0.1, 0.5, 0.5, 0.4, 0.5, 0.6, 0.6, 0.6]
    settings = Settings(lr=1.0, warmup=0, schedule="plateau", plateau=3, factor=0.1)

    # when the rate is asked for after each; then it falls once, after the third in a row
    rates = [schedule.learning_rate(50, 100, settings, f1s[: n + 1]) for n in range(len(f1s))]
    assert rates == pytest.approx([1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1])
    assert schedule.learning_rate(50, 100, settings, [0.5] * 40) == pytest.approx(0.01), "there is a floor"


@given(f1s=F1S, more=st.floats(0, 1), plateau=st.integers(1, 5))
def test_the_rate_never_rises_again(f1s: list[float], more: float, plateau: int) -> None:
    before, after = (schedule.reductions(rows, plateau) for rows in (f1s, [*f1s, more]))
    assert before <= after <= before + 1
    assert after <= len(f1s) / plateau


@given(f1s=F1S, patience=st.integers(0, 5))
def test_patience_ends_after_so_many_validations_without_a_better_one(f1s: list[float], patience: int) -> None:
    recent = f1s[-patience:] if patience else []
    nothing_new = 0 < patience < len(f1s) and max(recent) <= max(f1s[:-patience])
    assert schedule.exhausted(f1s, patience) == nothing_new


def test_few_tokens_then_more_then_all() -> None:
    settings = Settings(keep=0.25, middle=0.3, middle_keep=0.5, finish=0.2)
    kept = [schedule.kept(step, 10, settings) for step in range(10)]
    assert kept == [0.25] * 5 + [0.5] * 3 + [1.0] * 2
    assert schedule.work(4, 10, 10, settings) == pytest.approx(0.25 + 1.5 + 2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"batch": 10}, {"epochs": 0}, {"keep": 1.5}, {"middle": 0.5, "finish": 0.6}, {"mixup": 2.0},
        {"schedule": "stairs"}, {"patience": -1}, {"factor": 1.0}, {"ordinary": 0.0}, {"middle_keep": 0.0},
    ],
)  # fmt: skip
def test_settings_that_no_run_can_have(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="--"):
        Settings(**wrong)
