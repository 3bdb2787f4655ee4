"""One jointed body: a child's (or adult's) proportions, a pose, and the joints that follow from it.

In: `Proportions` and a `Pose` in units of body height in the child's own frame (left, up, forward); out: `Joints`
in world metres. Hands and feet are given as targets and reached by two-bone inverse kinematics, so that a motion
programme says where a hand goes and the elbow follows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace

import numpy as np

from models.simulator.shapes import Points, heading_axes

ANKLE = 0.035  # height of the ankle above the sole, body heights
_YZX, _ZXY = [1, 2, 0], [2, 0, 1]


@dataclass(frozen=True, slots=True)
class Proportions:
    """Segment lengths as shares of body height; `height` in metres."""

    height: float
    head: float  # height of the head
    hip: float  # height of the hip joint
    shoulders: float  # half the distance between the shoulder joints
    hips: float  # half the distance between the hip joints
    girth: float  # thickness of trunk and limbs, 1 is average
    upper_arm: float = 0.165
    forearm: float = 0.140
    hand: float = 0.088
    neck: float = 0.03

    @property
    def trunk(self) -> float:
        """Hip to shoulder."""
        return 1.0 - self.head - self.neck - self.hip

    @property
    def thigh(self) -> float:
        """Hip to knee."""
        return 0.51 * (self.hip - ANKLE) * 1.02

    @property
    def shin(self) -> float:
        """Knee to ankle."""
        return 0.49 * (self.hip - ANKLE) * 1.02


def child(age: float, build: float, legginess: float = 0.0) -> Proportions:
    """A child of 2 to 8 years. Heights and head shares follow growth charts (WHO 2006/2007, Stratz' canon)."""
    u = (age - 2.0) / 6.0
    return Proportions(
        height=0.87 + 0.41 * u,
        head=0.218 - 0.048 * u,
        hip=0.425 + 0.045 * u + legginess,
        shoulders=0.094 + 0.006 * u,
        hips=0.048,
        girth=build,
    )


def adult(height: float, build: float) -> Proportions:
    """A grown-up of a height in metres."""
    return Proportions(height, 0.132, 0.51, 0.103, 0.05, build * 0.92, 0.18, 0.15, 0.1)


def _pair(left: tuple[float, float, float]) -> Points:
    """A left-hand vector and its mirror."""
    return np.array([left, (-left[0], left[1], left[2])])


@dataclass
class Pose:
    """Where everything is. Index 0 is the left side, 1 the right; vectors are (left, up, forward) in body heights.

    `anchor` says whether a hand target is measured from the floor under the body (0) or from the middle of the
    shoulders and with the trunk (1); values between mix the two, which is what blending two poses needs.
    """

    root: Points = field(default_factory=lambda: np.zeros(3))  # world metres
    heading: float = 0.0
    pelvis: Points = field(default_factory=lambda: np.array([0.0, 0.45, 0.0]))
    lean: Points = field(default_factory=lambda: np.zeros(2))  # forward, left; radians
    twist: float = 0.0
    head: Points = field(default_factory=lambda: np.zeros(3))  # turn left, bow, tilt left; radians
    hands: Points = field(default_factory=lambda: _pair((0.125, -0.285, 0.03)))
    anchor: Points = field(default_factory=lambda: np.ones(2))
    elbows: Points = field(default_factory=lambda: _pair((0.6, -0.3, -1.0)))
    feet: Points = field(default_factory=lambda: _pair((0.055, ANKLE, 0.0)))
    knees: Points = field(default_factory=lambda: _pair((0.15, 0.0, 1.0)))
    toes: Points = field(default_factory=lambda: np.array([[0.2, 0.0], [-0.2, 0.0]]))  # turn left, lift; radians
    fingers_to: Points = field(default_factory=lambda: _pair((0.0, -1.0, 0.2)))  # where the fingers point
    palms_to: Points = field(default_factory=lambda: _pair((-1.0, 0.0, 0.0)))  # where the palms face
    curl: Points = field(default_factory=lambda: np.full((2, 5), 0.25))  # 0 straight, 1 fist; thumb first
    spread: Points = field(default_factory=lambda: np.full(2, 0.1))  # radians between fingers
    wiggle: Points = field(default_factory=lambda: np.zeros((2, 5)))  # toes, radians up
    eyes: Points = field(default_factory=lambda: np.ones(2))  # 0 closed, 1 open
    gaze: Points = field(default_factory=lambda: np.zeros(2))  # left, up; −1 … 1, of what the eyes can do
    brows: float = 0.0  # −1 drawn together and down, 1 raised
    mouth: float = 0.0  # 0 closed, 1 wide open
    tongue: float = 0.0  # 0 inside, 1 far out
    bitten: float = 0.0  # how much of the lower lip the upper teeth hold, 0 … 1

    def mix(self, other: Pose, share: float) -> Pose:
        """The pose itself at share 0, the other at 1; headings take the short way round."""
        values: dict[str, object] = {}
        for f in fields(self):
            a, b = getattr(self, f.name), getattr(other, f.name)
            if f.name == "heading":
                b = a + (b - a + np.pi) % (2 * np.pi) - np.pi
            values[f.name] = a + (b - a) * share
        return replace(self, **values)  # type: ignore[arg-type]


@dataclass(slots=True)
class Joints:
    """World metres; pairs are (2, 3), left first. `trunk`, `skull` hold the rows left, up, forward of that part."""

    pelvis: Points
    chest: Points
    shoulders: Points
    elbows: Points
    wrists: Points
    hips: Points
    knees: Points
    ankles: Points
    foot_axes: Points  # (2, 3, 3)
    hand_axes: Points  # (2, 3, 3) rows: across the knuckles, out of the back of the hand, along the fingers
    neck: Points
    head: Points
    trunk: Points
    skull: Points
    height: float


def _pitch(a: float) -> Points:
    s, c = math.sin(a), math.cos(a)
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def _roll(a: float) -> Points:
    s, c = math.sin(a), math.cos(a)
    return np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])


def _yaw(a: float) -> Points:
    s, c = math.sin(a), math.cos(a)
    return np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])


def _dot(a: Points, b: Points) -> Points:
    return np.asarray(np.einsum("...i,...i->...", a, b)[..., None])


def _unit(v: Points) -> Points:
    return np.asarray(v / np.maximum(np.sqrt(_dot(v, v)), 1e-9))


def _bend(start: Points, target: Points, a: Points, b: Points, pole: Points) -> tuple[Points, Points]:
    """Two-bone inverse kinematics for n limbs: (middle joints, ends), all (n, 3); lengths a and b are (n, 1).

    What is out of reach is stretched towards.
    """
    line = target - start
    reach = np.sqrt(_dot(line, line))
    along = line / np.maximum(reach, 1e-9)
    reach = np.minimum(np.maximum(reach, np.abs(a - b) + 1e-3), a + b - 1e-4)
    x = (a * a - b * b + reach * reach) / (2 * reach)
    y = np.sqrt(np.maximum(a * a - x * x, 0.0))
    side = _unit(pole - _dot(pole, along) * along)
    return start + along * x + side * y, start + along * reach


def trunk_frame(body: Proportions, pose: Pose) -> tuple[Points, Points]:
    """(shoulder middle in body heights, 3 × 3 whose columns are the trunk's left, up, forward)."""
    turn = _pitch(pose.lean[0]) @ _roll(pose.lean[1]) @ _yaw(pose.twist)
    return pose.pelvis + turn[:, 1] * body.trunk, turn


def hand_targets(body: Proportions, pose: Pose) -> Points:
    """Both hand targets measured from the floor under the body, (2, 3) body heights."""
    return _hand_targets(pose, *trunk_frame(body, pose))


def _hand_targets(pose: Pose, chest: Points, turn: Points) -> Points:
    anchor = pose.anchor[:, None]
    return np.asarray(pose.hands * (1 - anchor) + (chest + pose.hands @ turn.T) * anchor)


def solve(body: Proportions, pose: Pose) -> Joints:
    """The joints of a body in a pose."""
    chest, turn = trunk_frame(body, pose)
    skull = turn @ _yaw(pose.head[0]) @ _pitch(pose.head[1]) @ _roll(pose.head[2])
    hip_turn = _yaw(0.3 * pose.twist)
    shoulder, hip = turn[:, 0] * body.shoulders, hip_turn[:, 0] * body.hips
    drop = chest - turn[:, 1] * 0.012
    starts = np.array([drop + shoulder, drop - shoulder, pose.pelvis + hip, pose.pelvis - hip])
    middle, end = _bend(
        starts,
        np.concatenate([_hand_targets(pose, chest, turn), pose.feet]),
        np.array([[body.upper_arm], [body.upper_arm], [body.thigh], [body.thigh]]),
        np.array([[body.forearm], [body.forearm], [body.shin], [body.shin]]),
        np.concatenate([pose.elbows, pose.knees]),
    )
    neck = chest + turn[:, 1] * body.neck
    head = neck + skull[:, 1] * body.head * 0.5 + skull[:, 2] * 0.012

    along = _unit(pose.fingers_to)
    back = -_unit(pose.palms_to - _dot(pose.palms_to, along) * along)
    hand_axes = np.empty((2, 3, 3))
    hand_axes[:, 0] = back[:, _YZX] * along[:, _ZXY] - back[:, _ZXY] * along[:, _YZX]
    hand_axes[:, 1], hand_axes[:, 2] = back, along
    feet = np.array([(_yaw(turn_left) @ _pitch(-lift)).T for turn_left, lift in pose.toes.tolist()])

    axes = heading_axes(pose.heading)
    inner = np.concatenate([starts, middle, end, [pose.pelvis, chest, neck, head]])
    world = inner @ axes * body.height + pose.root

    return Joints(
        pelvis=world[12],
        chest=world[13],
        shoulders=world[0:2],
        elbows=world[4:6],
        wrists=world[8:10],
        hips=world[2:4],
        knees=world[6:8],
        ankles=world[10:12],
        foot_axes=feet @ axes,
        hand_axes=hand_axes @ axes,
        neck=world[14],
        head=world[15],
        trunk=turn.T @ axes,
        skull=skull.T @ axes,
        height=body.height,
    )
