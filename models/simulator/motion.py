"""The alphabet that motion programmes are written in: rhythms, wandering, postures, transfers of objects.

Times are seconds, angles radians, lengths body heights in the child's frame (left, up, forward) unless said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from models.simulator.body import ANKLE, Pose, Proportions
from models.simulator.pools import Subject, cloth
from models.simulator.shapes import Colour, Points, Shape, heading_axes

Range = tuple[float, float]


def smooth(u: float) -> float:
    """0 → 1 without a jerk at either end."""
    u = min(max(u, 0.0), 1.0)
    return u * u * (3.0 - 2.0 * u)


class Rhythm:
    """A repeated movement that is never quite regular: `cycles(t)` rises by one for each repetition."""

    def __init__(self, rng: np.random.Generator, rate: Range, wobble: float = 0.12) -> None:
        self.rate = float(rng.uniform(*rate))
        self.start = float(rng.uniform())
        self.wobble = wobble * float(rng.uniform(0.3, 1.0))
        self.drift = float(rng.uniform(0.2, 0.6))
        self.phase = float(rng.uniform(0, 2 * np.pi))

    def cycles(self, t: float) -> float:
        """Repetitions until t, and a fraction."""
        return self.start + self.rate * t + self.wobble * float(np.sin(2 * np.pi * self.drift * t + self.phase))

    def wave(self, t: float, shift: float = 0.0) -> float:
        """−1 … 1."""
        return float(np.sin(2 * np.pi * (self.cycles(t) + shift)))

    def swell(self, t: float, shift: float = 0.0) -> float:
        """0 … 1."""
        return 0.5 - 0.5 * float(np.cos(2 * np.pi * (self.cycles(t) + shift)))


class Wander:
    """n smooth irregular signals, each about −1 … 1, with most of their energy around `rate` Hz."""

    def __init__(self, rng: np.random.Generator, rate: Range, n: int = 1) -> None:
        self.rates = rng.uniform(*rate, (n, 3)) * np.array([1.0, 0.61, 1.43])
        self.phases = rng.uniform(0, 2 * np.pi, (n, 3))

    def __call__(self, t: float) -> Points:
        """All n signals at t, (n,)."""
        return np.asarray(np.sin(2 * np.pi * self.rates * t + self.phases) @ np.array([0.5, 0.3, 0.3]))


@dataclass
class Moment:
    """What is in the room at one time, besides the room: poses of people and loose shapes.

    `others` are poses by role: "adult", "peer" (a second child), "second peer". Who plays them is the scene's choice.
    """

    pose: Pose | None = None
    props: list[Shape] = field(default_factory=list)
    others: dict[str, Pose] = field(default_factory=dict)


@dataclass(frozen=True)
class Framing:
    """Where the camera looks and what it may do.

    The picture holds `span` metres in height, and at least `breadth` times as much in width.
    """

    centre: Points
    span: float
    yaw: Range = (-1.1, 1.1)  # relative to the front of the stage
    pitch: Range = (0.05, 0.5)
    breadth: float = 1.0


@dataclass(frozen=True)
class Programme:
    """One behaviour drawn and ready to play: `at(t)` for t from 0, for ever."""

    name: str
    at: Callable[[float], Moment]
    framing: Framing
    fine: bool = False  # fingers and toes are seen
    layers: tuple[int, int] = (0, 0)  # body, arms
    crown: int | None = None
    back: float | None = None  # where the wall behind must be
    person: bool = True
    face: bool = False  # eyes and mouth are seen: the camera is near
    rests: bool = False  # the child may hold still in the middle of it: onset and pauses may be drawn
    actor: str = "child"  # who plays `Moment.pose`: the child, or somebody of the cast


@dataclass(frozen=True)
class Stage:
    """Who acts and with what: handed to each programme's factory."""

    rng: np.random.Generator
    subject: Subject
    split: str
    posture: str | None = None  # "standing" or "floor", when it is not to be drawn
    cast: dict[str, Subject] = field(default_factory=dict)  # who plays "adult", "peer" and "second peer"
    domain: str = "A"  # whose palette

    @property
    def body(self) -> Proportions:
        """The proportions of who acts."""
        return self.subject.body

    def draw(self, low: float, high: float) -> float:
        """A number of the range."""
        return float(self.rng.uniform(low, high))

    def chance(self, probability: float) -> bool:
        """True with the probability."""
        return bool(self.rng.random() < probability)

    def cloth(self) -> Colour:
        """A colour of clothes or toys."""
        return cloth(self.rng, self.split, self.domain)

    def side(self) -> int:
        """A side of the body: 0 left, 1 right; most children are right-handed."""
        return int(self.rng.random() < 0.65)


def to_world(pose: Pose, body: Proportions, local: Points) -> Points:
    """Points in the child's frame (…, 3), body heights → world metres."""
    return np.asarray(local @ heading_axes(pose.heading) * body.height + pose.root)


def standing(stage: Stage, heading: float = 0.0) -> Pose:
    """Upright, the arms hanging."""
    body = stage.body
    pose = Pose(heading=heading)
    pose.pelvis = np.array([0.0, body.hip - 0.008, 0.0])
    width = stage.draw(0.045, 0.085)
    pose.feet = np.array([[width, ANKLE, stage.draw(-0.03, 0.03)], [-width, ANKLE, stage.draw(-0.03, 0.03)]])
    return pose


FLOOR_POSTURES = ("crossed", "out", "kneeling", "wide")


def sitting_on_floor(stage: Stage, heading: float = 0.0, kinds: tuple[str, ...] = FLOOR_POSTURES) -> Pose:
    """Cross-legged, legs out together or apart, or kneeling on the heels."""
    body = stage.body
    pose = Pose(heading=heading)
    pose.pelvis = np.array([0.0, 0.062 * body.girth, 0.0])
    kind = stage.rng.choice(kinds)
    if kind == "crossed":
        pose.feet = np.array([[-0.05, 0.035, 0.13], [0.05, 0.035, 0.16]])
        pose.knees = np.array([[1.0, 0.35, 0.4], [-1.0, 0.35, 0.4]])
        pose.toes = np.array([[-1.0, -0.2], [1.0, -0.2]])
    elif kind == "kneeling":
        pose.pelvis[1] = 0.115
        pose.feet = np.array([[0.05, 0.03, -0.07], [-0.05, 0.03, -0.07]])
        pose.knees = np.array([[0.25, 0.2, 1.0], [-0.25, 0.2, 1.0]])
        pose.toes = np.array([[np.pi, 0.1], [np.pi, 0.1]])
    else:
        apart = 0.07 if kind == "out" else 0.16
        pose.feet = np.array([[apart, 0.045, 0.34], [-apart, 0.045, 0.34]])
        pose.knees = np.array([[0.5, 1.0, 0.2], [-0.5, 1.0, 0.2]])
        pose.toes = np.array([[0.3, 0.9], [-0.3, 0.9]])
    pose.hands = np.array([[0.1, -0.22, 0.14], [-0.1, -0.22, 0.14]])
    return pose


def sitting_on_chair(stage: Stage, heading: float = 0.0) -> Pose:
    """Upright on a seat of the height of the shins."""
    body = stage.body
    pose = Pose(heading=heading)
    seat = body.shin + ANKLE + 0.045
    pose.pelvis = np.array([0.0, seat, 0.0])
    pose.feet = np.array([[0.065, ANKLE, body.thigh * 0.92], [-0.065, ANKLE, body.thigh * 0.92]])
    pose.knees = np.array([[0.1, 1.0, 0.6], [-0.1, 1.0, 0.6]])
    pose.hands = np.array([[0.07, -0.23, 0.16], [-0.07, -0.23, 0.16]])
    return pose


def look_at(pose: Pose, body: Proportions, target: Points, share: float = 1.0) -> None:
    """Turn the head towards a point in the child's frame."""
    eyes = pose.pelvis + np.array([0.0, body.trunk + body.neck + 0.5 * body.head, 0.0])
    line = np.asarray(target) - eyes
    turn = np.arctan2(line[0], max(line[2], 0.05)) - pose.twist
    bow = np.arctan2(-line[1], np.hypot(line[0], line[2])) - pose.lean[0]
    pose.head = np.array([np.clip(turn, -1.1, 1.1), np.clip(bow * 0.8, -0.4, 0.75), 0.0]) * share


@dataclass
class Transfers:
    """One hand takes items, one after the other, each from its source to its destination (child's frame).

    A period is reach, grip, carry, release; while carried, the item follows the hand along an arc.
    """

    sources: Points  # (n, 3)
    targets: Points  # (n, 3)
    period: float
    start: float  # seconds already passed at t = 0
    lift: float = 0.07
    hover: float = 0.03  # the hand's height above what it holds

    def at(self, t: float) -> tuple[Points, Points, bool]:
        """(hand, positions of all items (n, 3), holding) at time t; after the last item the hand rests on it."""
        clock = (t + self.start) / self.period
        n = len(self.sources)
        k = min(int(clock), n - 1)
        u = min(clock - k, 1.0)
        above = np.array([0.0, self.hover, 0.0])
        items = self.sources.copy()
        items[:k] = self.targets[:k]
        before = self.targets[k - 1] if k else self.sources[0] * 0.3 + self.targets[0] * 0.7
        holding = False
        if u < 0.38:
            hand = self._arc(before, self.sources[k], u / 0.38)
        elif u < 0.48:
            hand = self.sources[k]
        elif u < 0.88:
            hand = self._arc(self.sources[k], self.targets[k], (u - 0.48) / 0.4)
            items[k] = hand
            holding = True
        else:
            hand = self.targets[k]
            items[k] = self.targets[k]
        return hand + above, items, holding

    def _arc(self, a: Points, b: Points, u: float) -> Points:
        s = smooth(u)
        return np.asarray(a + (b - a) * s + np.array([0.0, self.lift * 4 * s * (1 - s), 0.0]))
