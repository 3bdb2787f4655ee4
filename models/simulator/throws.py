"""A toy that is thrown, bounces, comes to rest and is picked up. In: places and durations; out: hand and toy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.simulator.company import keyed
from models.simulator.motion import smooth
from models.simulator.shapes import Points, vec

BOUNCE = 0.16  # seconds
GRAVITY = 9.8  # metres per second squared


@dataclass(frozen=True)
class Throw:
    """One throw after another of one toy: where hand and toy are in a round u of 0 … 1. Child's frame, body heights."""

    ready: Points
    back: Points  # where the arm is drawn back to
    through: Points  # where it ends after the release
    spots: Points  # (n, 3) where the toy comes to rest, one for each round
    period: float
    flight: float
    height: float  # of the child, metres

    RELEASE = 0.16
    PICK = 0.66

    def hand(self, u: float, spot: Points) -> Points:
        """The hand's place."""
        grip = spot + vec(0.0, 0.05, -0.02)
        keys = [(0.0, self.ready), (0.08, self.back), (0.24, self.through), (self.PICK - 0.05, grip)]
        return keyed(u, [*keys, (self.PICK + 0.03, grip), (0.95, self.ready)])

    def toy(self, u: float, spot: Points) -> tuple[Points, bool]:
        """(the toy's middle, whether it is in the hand)."""
        if u < self.RELEASE or u > self.PICK:
            return self.hand(u, spot), True
        s = (u - self.RELEASE) * self.period
        start = self.hand(self.RELEASE, spot)
        landing = start + (spot - start) * 0.75
        landing[1] = spot[1]
        if s < self.flight:
            return self._arc(start, landing, s, self.flight), False
        return self._arc(landing, spot, min(s - self.flight, BOUNCE), BOUNCE), False

    def bent(self, u: float) -> float:
        """0 upright … 1 down at the toy."""
        return smooth((u - 0.3) / 0.3) * (1 - smooth((u - self.PICK - 0.03) / 0.26))

    def _arc(self, a: Points, b: Points, s: float, whole: float) -> Points:
        fall = 0.5 * GRAVITY / self.height * s * (whole - s)
        return np.asarray(a + (b - a) * (s / whole) + vec(0.0, fall, 0.0))
