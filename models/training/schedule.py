"""What changes while a run goes on: a step's number and the validations so far go in, its rate and tokens come out.

Everything here follows from the settings, the step and the history alone, so a resumed run needs no further state.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.training.settings import Settings

FLOOR = 0.01  # of the highest learning rate: no schedule goes below


def learning_rate(step: int, steps: int, settings: Settings, f1s: Sequence[float] = ()) -> float:
    """Linear warm-up, then half a cosine down to a hundredth, or a step down at each plateau of the validations."""
    rise = max(1, round(settings.warmup * steps))
    if step < rise:
        return settings.lr * (step + 1) / rise
    if settings.schedule == "plateau":
        return settings.lr * max(FLOOR, settings.factor ** reductions(f1s, settings.plateau))
    fall = (step - rise) / max(1, steps - rise)
    return settings.lr * (FLOOR + (1 - FLOOR) * 0.5 * (1 + float(np.cos(np.pi * fall))))


def reductions(f1s: Sequence[float], plateau: int) -> int:
    """How often the rate has been lowered: each time `plateau` validations in a row bring nothing better."""
    best, bad, count = -1.0, 0, 0
    for f1 in f1s:
        best, bad = (f1, 0) if f1 > best else (best, bad + 1)
        if bad == plateau:
            bad, count = 0, count + 1
    return count


def exhausted(f1s: Sequence[float], patience: int) -> bool:
    """Whether the last `patience` validations brought nothing better (Prechelt 1998); never at patience 0."""
    return 0 < patience <= len(f1s) - 1 - int(np.argmax(f1s)) if f1s else False


def kept(step: int, steps: int, settings: Settings) -> float:
    """The share of a clip's tokens that a step keeps: few at first, which is quick; all of them at the end."""
    if step >= (1 - settings.finish) * steps:
        return 1.0
    return settings.middle_keep if step >= (1 - settings.finish - settings.middle) * steps else settings.keep


def work(first: int, last: int, steps: int, settings: Settings) -> float:
    """What steps `first` … `last` − 1 cost, in steps with every token: time goes as the tokens that are kept."""
    return sum(kept(step, steps, settings) for step in range(first, last))
