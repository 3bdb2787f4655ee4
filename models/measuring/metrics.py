"""How good the answers are: probabilities or logits of windows and their true labels go in, figures come out.

All arrays are over N windows or clips and C labels; labels without a clip in the data are left out of averages.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, f1_score, roc_auc_score

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]

THRESHOLD_BOUNDS = (0.3, 0.9)
DEFAULT_THRESHOLD = 0.5
BOOTSTRAPPED = ("top1", "top5", "macro_f1", "ece")
RESAMPLES = 1000
CALIBRATION_BINS = 15


@dataclass(frozen=True, slots=True)
class Figures:
    """What is measured on one data set. `recall`, `auroc` (one label against all others) and `support` by label id.

    `intervals` holds the bootstrapped 95 % interval of each of `BOOTSTRAPPED`. `confusion` has a row for each true
    label and a column for each answer, both as in `labels`.
    """

    n: int
    top1: float
    top5: float
    macro_f1: float
    ece: float
    macro_auroc: float | None
    intervals: dict[str, tuple[float, float]]
    recall: dict[int, float]
    auroc: dict[int, float]
    support: dict[int, int]
    labels: list[int]
    confusion: list[list[int]]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Figures:
        """From JSON, where the keys of a table have become text."""
        by_label = ("recall", "auroc", "support")
        tables = {name: {int(label): value for label, value in stored[name].items()} for name in by_label}
        intervals = {name: (float(low), float(high)) for name, (low, high) in stored["intervals"].items()}
        return cls(**{**stored, **tables, "intervals": intervals})


def figures(probabilities: Floats, truth: Ints, ids: Ints, groups: Ints | None = None) -> Figures:
    """Every figure of probabilities (N, C) against the true columns (N,); `ids` (C,) are the columns' label ids.

    `groups` (N,) says what belongs together, such as the windows of one clip: the bootstrap draws whole groups.
    """
    if not len(truth):
        raise ValueError("nothing to measure")
    best = probabilities.argmax(1)
    present = sorted(set(truth.tolist()))
    shown = sorted(set(present) | set(best.tolist()))
    outcomes = Outcomes.of(probabilities, truth)
    auroc = {
        int(ids[label]): float(roc_auc_score(truth == label, probabilities[:, label]))
        for label in present
        if len(present) > 1
    }
    return Figures(
        n=len(truth),
        **outcomes.measure(),
        macro_auroc=float(np.mean(list(auroc.values()))) if auroc else None,
        intervals=outcomes.intervals(np.arange(len(truth)) if groups is None else groups),
        recall={int(ids[label]): float((best[truth == label] == label).mean()) for label in present},
        auroc=auroc,
        support={int(ids[label]): int((truth == label).sum()) for label in present},
        labels=ids[shown].tolist(),
        confusion=confusion_matrix(truth, best, labels=shown).tolist(),
    )


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What each of N answers came to; enough to measure any weighting of them. All arrays are (N,)."""

    truth: Ints
    best: Ints
    among_five: NDArray[np.bool_]
    confidence: Floats
    labels: int

    @classmethod
    def of(cls, probabilities: Floats, truth: Ints) -> Outcomes:
        """Of probabilities (N, C) and true columns (N,)."""
        ranked = np.argsort(-probabilities, axis=1, kind="stable")[:, :5]
        five = (ranked == truth[:, None]).any(1)
        return cls(
            truth, probabilities.argmax(1), five, probabilities.max(1).astype(np.float64), probabilities.shape[1]
        )

    def measure(self, weight: Floats | None = None) -> dict[str, float]:
        """The figures in `BOOTSTRAPPED`, each answer counted `weight` times (default: once)."""
        weight = np.ones(len(self.truth)) if weight is None else weight
        right = self.best == self.truth
        hits = np.bincount(self.truth[right], weight[right], self.labels)
        is_, said = (np.bincount(of, weight, self.labels) for of in (self.truth, self.best))
        occurs = is_ > 0
        gaps = np.bincount(_bins(self.confidence), weight * (self.confidence - right), CALIBRATION_BINS)
        return {
            "top1": float(np.average(right, weights=weight)),
            "top5": float(np.average(self.among_five, weights=weight)),
            "macro_f1": float((2 * hits[occurs] / (is_ + said)[occurs]).mean()),
            "ece": float(np.abs(gaps).sum() / weight.sum()),
        }

    def intervals(self, groups: Ints) -> dict[str, tuple[float, float]]:
        """95 % percentile intervals of whole groups drawn again and again (Efron 1979); always the same draws."""
        _, group = np.unique(groups, return_inverse=True)
        rng, count = np.random.default_rng(0), int(group.max()) + 1
        drawn = [
            self.measure(np.bincount(rng.integers(count, size=count), minlength=count)[group].astype(float))
            for _ in range(RESAMPLES)
        ]
        low_high = {name: np.percentile([one[name] for one in drawn], (2.5, 97.5)) for name in BOOTSTRAPPED}
        return {name: (float(low), float(high)) for name, (low, high) in low_high.items()}


def macro_f1(best: Ints, truth: Ints) -> float:
    """F1 averaged over the labels that occur in `truth`."""
    return float(f1_score(truth, best, labels=np.unique(truth), average="macro", zero_division=0))


def expected_calibration_error(probabilities: Floats, truth: Ints) -> float:
    """ECE in equal-width bins of the winning probability (Guo et al., "On Calibration of …", ICML 2017)."""
    return Outcomes.of(probabilities, truth).measure()["ece"]


def _bins(confidence: Floats) -> Ints:
    return np.asarray(np.clip(np.ceil(confidence * CALIBRATION_BINS).astype(int) - 1, 0, CALIBRATION_BINS - 1))


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


def best_threshold(probability: Floats, present: NDArray[np.bool_], weight: Floats | None = None) -> float:
    """The threshold with the highest F1 for one label, within `THRESHOLD_BOUNDS`; the middle of the best ones.

    Windows (N,) of one label's probability, whether each shows it, and how much each counts (default: the same).
    Without an example either way: the default.
    """
    if not present.any() or present.all():
        return DEFAULT_THRESHOLD
    weight = np.ones(len(present)) if weight is None else weight
    low, high = THRESHOLD_BOUNDS
    candidates = np.linspace(low, high, round((high - low) / 0.01) + 1)
    said = probability[:, None] >= candidates  # (N, thresholds)
    f1 = 2 * (weight * present @ said) / (weight @ said + weight[present].sum())
    best = candidates[f1 >= f1.max() - 1e-12]
    return round(float((best[0] + best[-1]) / 2), 2)


def everyday_weights(truth: Ints, other: int) -> Floats:
    """How much each of N windows counts when label `other` is to weigh as much as all others together.

    In a data set all labels have about as many clips; in a video of a child most windows show nothing listed, so
    thresholds that were found without this would give false alarms.
    """
    ordinary = truth == other
    count = int(ordinary.sum())
    return (
        np.where(ordinary, (len(truth) - count) / max(count, 1), 1.0) if 0 < count < len(truth) else np.ones(len(truth))
    )
