"""The figures, against values that a reader can check by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.measuring import metrics

IDS = np.array([0, 4, 7])


def test_figures_of_a_small_example() -> None:
    # given four answers about labels 0, 4 and 7: right, right, wrong (7 taken for 0), right
    probabilities = np.array([[0.8, 0.1, 0.1], [0.1, 0.6, 0.3], [0.5, 0.1, 0.4], [0.2, 0.1, 0.7]])
    found = metrics.figures(probabilities, np.array([0, 1, 2, 2]), IDS)

    # then: F1 is 2/3 for label 0, 1 for label 4, 2/3 for label 7
    assert found.n == 4
    assert found.top1 == 0.75
    assert found.top5 == 1.0
    assert found.macro_f1 == pytest.approx((2 / 3 + 1 + 2 / 3) / 3)
    assert found.recall == {0: 1.0, 4: 1.0, 7: 0.5}
    assert found.support == {0: 1, 4: 1, 7: 2}
    assert found.labels == [0, 4, 7]
    assert found.confusion == [[1, 0, 0], [0, 1, 0], [1, 0, 1]]
    assert metrics.Figures.from_dict({**found.as_dict(), "recall": {"0": 1.0, "4": 1.0, "7": 0.5}}) == found


def test_labels_without_clips_do_not_count() -> None:
    # given data without label 7, which is never the answer either
    found = metrics.figures(np.array([[0.9, 0.1, 0.0], [0.2, 0.8, 0.0]]), np.array([0, 1]), IDS)
    assert found.macro_f1 == 1.0
    assert found.labels == [0, 4]


def test_nothing_to_measure_is_no_figure() -> None:
    with pytest.raises(ValueError, match="nothing to measure"):
        metrics.figures(np.zeros((0, 3)), np.zeros(0, int), IDS)


def test_calibration_error_by_hand() -> None:
    # given 10 answers at 0.95, 8 of them right, and 10 at 0.55, 6 of them right: gaps of 0.15 and 0.05
    confidence = np.repeat([0.95, 0.55], 10)
    probabilities = np.stack([confidence, 1 - confidence], 1)
    truth = np.array([0] * 8 + [1] * 2 + [0] * 6 + [1] * 4)
    assert metrics.expected_calibration_error(probabilities, truth) == pytest.approx(0.5 * 0.15 + 0.5 * 0.05)


@settings(deadline=None, max_examples=10)
@given(temperature=st.floats(0.5, 3), seed=st.integers(0, 1000))
def test_the_temperature_is_found_again(temperature: float, seed: int) -> None:
    # given answers that are true to their probabilities, with logits made too bold or too timid
    rng = np.random.default_rng(seed)
    honest = rng.normal(0, 2, (4000, 5))
    truth = (honest + rng.gumbel(size=honest.shape)).argmax(1)

    # then the temperature that undoes it is found, and it is the best
    found = metrics.fit_temperature(honest * temperature, truth)
    assert found == pytest.approx(temperature, rel=0.12)
    assert loss(honest * temperature, truth, found) <= loss(honest * temperature, truth, found * 1.05)
    assert loss(honest * temperature, truth, found) <= loss(honest * temperature, truth, found / 1.05)


def loss(logits: np.ndarray, truth: np.ndarray, temperature: float) -> float:
    """Negative log-likelihood."""
    return float(-np.log(metrics.softmax(logits, temperature)[np.arange(len(truth)), truth]).mean())


def test_temperature_stays_within_bounds() -> None:
    # given answers that are all right: ever smaller temperatures are better
    assert metrics.fit_temperature(np.eye(4) * 5, np.arange(4)) == pytest.approx(0.2, rel=1e-6)


def test_threshold_with_the_highest_f1() -> None:
    # given a behaviour that is there exactly when its probability is above 0.6
    probability = np.linspace(0, 1, 101)
    present = probability > 0.6
    assert metrics.best_threshold(probability, present) == pytest.approx(0.61, abs=0.011)


@given(seed=st.integers(0, 1000), share=st.floats(0, 1))
def test_threshold_is_always_usable(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    found = metrics.best_threshold(rng.random(50), rng.random(50) < share)
    low, high = metrics.THRESHOLD_BOUNDS
    assert low <= found <= high


def test_threshold_without_examples_is_the_default() -> None:
    assert metrics.best_threshold(np.array([0.1, 0.9]), np.array([False, False])) == metrics.DEFAULT_THRESHOLD
