"""How good the answers are: probabilities or logits of windows and their true labels go in, figures come out.

All arrays are over N windows or clips and C labels; labels without a clip in the data are left out of averages.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, f1_score

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]

THRESHOLD_BOUNDS = (0.3, 0.9)
DEFAULT_THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Figures:
    """What is measured on one data set. `recall` and `support` by label id.

    `confusion` has a row for each true label and a column for each answer, both as in `labels`.
    """

    n: int
    top1: float
    top5: float
    macro_f1: float
    ece: float
    recall: dict[int, float]
    support: dict[int, int]
    labels: list[int]
    confusion: list[list[int]]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Figures:
        """From JSON, where the keys of a table have become text."""
        tables = {name: {int(label): value for label, value in stored[name].items()} for name in ("recall", "support")}
        return cls(**{**stored, **tables})


def figures(probabilities: Floats, truth: Ints, ids: Ints) -> Figures:
    """Every figure of probabilities (N, C) against the true columns (N,); `ids` (C,) are the columns' label ids."""
    if not len(truth):
        raise ValueError("nothing to measure")
    best = probabilities.argmax(1)
    ranked = np.argsort(-probabilities, axis=1, kind="stable")[:, :5]
    present = sorted(set(truth.tolist()))
    shown = sorted(set(present) | set(best.tolist()))
    return Figures(
        n=len(truth),
        top1=float((best == truth).mean()),
        top5=float((ranked == truth[:, None]).any(1).mean()),
        macro_f1=macro_f1(best, truth),
        ece=expected_calibration_error(probabilities, truth),
        recall={int(ids[label]): float((best[truth == label] == label).mean()) for label in present},
        support={int(ids[label]): int((truth == label).sum()) for label in present},
        labels=ids[shown].tolist(),
        confusion=confusion_matrix(truth, best, labels=shown).tolist(),
    )


def macro_f1(best: Ints, truth: Ints) -> float:
    """F1 averaged over the labels that occur in `truth`."""
    return float(f1_score(truth, best, labels=np.unique(truth), average="macro", zero_division=0))


def expected_calibration_error(probabilities: Floats, truth: Ints, bins: int = 15) -> float:
    """ECE in equal-width bins of the winning probability (Guo et al., "On Calibration of …", ICML 2017)."""
    confidence = probabilities.max(1)
    correct = probabilities.argmax(1) == truth
    bin_of = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    gaps = [abs(confidence[bin_of == b].sum() - correct[bin_of == b].sum()) for b in range(bins)]
    return float(sum(gaps) / len(truth))


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Probabilities (N, C) of logits (N, C)."""
    scaled = logits / temperature
    powers = np.exp(scaled - scaled.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True))


def fit_temperature(logits: Floats, truth: Ints) -> float:
    """The temperature with the smallest negative log-likelihood (Guo et al. 2017), within 0.2–5.

    Found by bisection: the loss is convex in the inverse temperature β, with slope E[Σ p·z − z_true].
    """
    shifted = (logits - logits.max(1, keepdims=True)).astype(np.float64)
    true_logit = shifted[np.arange(len(truth)), truth]
    low, high = 1 / 5, 1 / 0.2
    for _ in range(60):
        beta = (low + high) / 2
        slope = ((softmax(shifted, 1 / beta) * shifted).sum(1) - true_logit).mean()
        low, high = (low, beta) if slope > 0 else (beta, high)
    return float(2 / (low + high))


def best_threshold(probability: Floats, present: NDArray[np.bool_]) -> float:
    """The threshold with the highest F1 for one label, within `THRESHOLD_BOUNDS`; the middle of the best ones.

    Windows (N,) of one label's probability, and whether each shows it. Without an example either way: the default.
    """
    if not present.any() or present.all():
        return DEFAULT_THRESHOLD
    low, high = THRESHOLD_BOUNDS
    candidates = np.linspace(low, high, round((high - low) / 0.01) + 1)
    said = probability[:, None] >= candidates  # (N, thresholds)
    f1 = 2 * (said & present[:, None]).sum(0) / (said.sum(0) + present.sum())
    best = candidates[f1 >= f1.max() - 1e-12]
    return round(float((best[0] + best[-1]) / 2), 2)
