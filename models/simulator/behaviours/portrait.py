"""What programmes seen from near a face share: camera, a head that is held, lids that blink, eyes that look about.

In: a `Stage`; out: parts of programmes, and where on a posed head a hand or a thing is put.
"""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np

from models.simulator.body import Pose, Proportions, solve
from models.simulator.motion import Framing, Stage, Wander, sitting_on_chair, smooth, standing, to_world
from models.simulator.props import chair
from models.simulator.shapes import Points, Shape, heading_axes

FACE_SPAN = (1.15, 1.5)  # height of the picture, heads
HAND_SPAN = (1.3, 1.75)  # where hands come to the face
FACE_YAW = (-0.45, 0.45)  # radians
FACE_PITCH = (-0.08, 0.25)
HEADING = (-0.18, 0.18)  # of the child, radians
STEADY = (0.1, 0.4)  # Hz, of the small movements of a head that is held
TURN, BOW, TILT = 0.12, 0.06, 0.05  # radians, of the same

BLINK_PAUSE = (3.2, 6.0)  # seconds between ordinary blinks
BLINK_LENGTH = (0.16, 0.24)  # seconds
GLANCE_PAUSE = (0.5, 1.6)  # seconds that the eyes rest
SACCADE = 0.07  # seconds

Lids = Callable[[float], float]


class HeadFrame:
    """Places and directions on a posed head: in head radii (left, up, forward) → what a `Pose` takes."""

    def __init__(self, body: Proportions, pose: Pose) -> None:
        j = solve(body, pose)
        self.radius = 0.5 * body.head
        self.skull, self.trunk = j.skull, j.trunk
        self.middle = (j.head - j.chest) / body.height
        self.axes = heading_axes(pose.heading)
        self.world, self.scale = j.head, self.radius * body.height

    def hand(self, spot: Points) -> Points:
        """A target for a hand that is anchored to the shoulders."""
        return np.asarray((self.middle + self.radius * (spot @ self.skull)) @ self.trunk.T)

    def direction(self, towards: Points) -> Points:
        """For `fingers_to` and `palms_to`."""
        return np.asarray(towards @ self.skull @ self.axes.T)

    def place(self, spot: Points) -> Points:
        """World metres."""
        return np.asarray(self.world + self.scale * (spot @ self.skull))


def portrait(stage: Stage) -> tuple[Pose, list[Shape]]:
    """A child who sits or stands before a near camera, and the chair."""
    heading = stage.draw(*HEADING)
    if stage.chance(0.6):
        pose = sitting_on_chair(stage, heading)
        return pose, chair(stage, pose)
    return standing(stage, heading), []


def face_framing(stage: Stage, pose: Pose, span: tuple[float, float] = FACE_SPAN) -> Framing:
    """The head fills the picture's height."""
    body = stage.body
    middle = pose.pelvis + np.array([0.0, body.trunk + body.neck + 0.47 * body.head, 0.012])
    return Framing(
        to_world(pose, body, middle), stage.draw(*span) * body.head * body.height, FACE_YAW, FACE_PITCH, 0.75
    )


class Steady:
    """A head that is held, as far as one holds a head."""

    def __init__(self, stage: Stage, base: Pose, gain: float = 1.0) -> None:
        self.base, self.gain = base, gain
        self.drift = Wander(stage.rng, STEADY, 5)

    def __call__(self, t: float) -> Pose:
        """The pose at t; its head, lean and gaze may be written to."""
        d = self.drift(t) * self.gain
        pose = copy.copy(self.base)
        pose.lean = self.base.lean + 0.015 * d[3:5]
        pose.head = self.base.head + d[:3] * [TURN, BOW, TILT]
        pose.hands = self.base.hands.copy()
        pose.fingers_to, pose.palms_to = self.base.fingers_to.copy(), self.base.palms_to.copy()
        return pose


def closure(u: float) -> float:
    """How far a lid is closed in a blink, u from 0 to 1: quick to close, a moment shut, slower to open."""
    if not 0.0 < u < 1.0:
        return 0.0
    return smooth(u / 0.3) if u < 0.3 else smooth((1.0 - u) / 0.4)


def natural_lids(stage: Stage, rest: float = 1.0) -> Lids:
    """Openness of eyes that blink now and then."""
    period, length = stage.draw(*BLINK_PAUSE), stage.draw(*BLINK_LENGTH)
    start, phase = stage.draw(0.0, period), stage.draw(0.0, 2 * np.pi)

    def openness(t: float) -> float:
        k, u = divmod(t + start, period)
        jitter = 0.2 * period * (1.0 + np.sin(2.4 * k + phase))
        return rest * (1.0 - closure((u - jitter) / length))

    return openness


class Glances:
    """Where somebody looks who looks about: the eyes rest, jump, and rest."""

    def __init__(self, stage: Stage, reach: tuple[float, float] = (0.8, 0.5)) -> None:
        stops = np.cumsum(stage.rng.uniform(*GLANCE_PAUSE, 32))
        self.ends, self.length = stops, float(stops[-1])
        self.spots = stage.rng.uniform(-1.0, 1.0, (32, 2)) * reach

    def __call__(self, t: float) -> Points:
        """Gaze (left, up) at t."""
        t %= self.length
        k = int(np.searchsorted(self.ends, t, side="right")) % len(self.ends)
        since = t - (self.ends[k - 1] if k else 0.0)
        before = self.spots[k - 1]
        return np.asarray(before + (self.spots[k] - before) * smooth(since / SACCADE))


def both(value: float) -> Points:
    """The same openness for both eyes."""
    return np.full(2, value)
