"""Labels 28, 29 and 39: what is in the mouth: a thing, a piece of clothing, or the child's own hand."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.simulator.behaviours.head import near
from models.simulator.behaviours.registry import behaviour
from models.simulator.body import Joints, Pose, Proportions, solve
from models.simulator.face import LIP, MOUTH, TEETH
from models.simulator.motion import Moment, Programme, Rhythm, Stage, Wander
from models.simulator.shapes import Colour, Hull, Points, Shape, ball, capsule, cuboid, heading_axes, shade

CHEW_RATE = (0.8, 2.0)  # Hz
CHEW_REACH = (0.02, 0.042)  # how far the thing goes in and out, body heights
TUG_REACH = (0.018, 0.036)  # how far the hand tugs at the cloth, body heights
BITE_RATE = (0.9, 2.0)  # Hz, beats of pressure
BITE_GAPE = (0.45, 0.8)  # of the mouth
QUIVER_RATE = (2.5, 4.0)  # Hz, the head shakes while it bites
QUIVER_ANGLE = (0.08, 0.2)  # radians either way
MOUTH_SPAN = (0.32, 0.5)  # height of the picture, body heights
ARMS_LAYER = 1  # hands at the face are painted over it
OBJECT_KINDS = ("block", "ball", "spoon", "ring", "stick", "toy")
OBJECT_SIZE = (0.055, 0.08)  # body heights
FRONT = 0.7  # from the middle of the head to the lips, radii of the head


@dataclass(frozen=True, slots=True)
class Mouth:
    """Where the mouth of a posed body is: world metres, with the skull's directions and its radius."""

    joints: Joints
    at: Points
    left: Points
    up: Points
    forward: Points
    radius: float
    pose: Pose

    def local(self, place: Points) -> Points:
        """World metres → the child's frame, body heights."""
        return np.asarray((place - self.pose.root) / self.joints.height @ heading_axes(self.pose.heading).T)

    def direction(self, left: float, up: float, forward: float) -> Points:
        """A unit direction of the skull, in the child's frame."""
        line = left * self.left + up * self.up + forward * self.forward
        return np.asarray(line / np.linalg.norm(line) @ heading_axes(self.pose.heading).T)


def mouth_of(body: Proportions, pose: Pose) -> Mouth:
    """The mouth of a pose whose trunk and head are final; hands may follow."""
    j = solve(body, pose)
    left, up, forward = j.skull
    r = 0.5 * body.head * body.height
    return Mouth(j, j.head + forward * FRONT * r + up * MOUTH * r, left, up, forward, r, pose)


def fresh(base: Pose) -> Pose:
    """A copy of the pose whose arms may be changed one by one."""
    pose = copy.copy(base)
    pose.hands, pose.anchor, pose.elbows = base.hands.copy(), base.anchor.copy(), base.elbows.copy()
    pose.fingers_to, pose.palms_to, pose.curl = base.fingers_to.copy(), base.palms_to.copy(), base.curl.copy()
    return pose


def hand_at(pose: Pose, side: int, place: Points, fingers: Points, grip: float = 0.6, reach: float = 0.06) -> None:
    """Put what lies `reach` body heights beyond the wrist at a place of the child's frame, palm to the face."""
    sign = 1.0 if side == 0 else -1.0
    fingers = fingers / np.linalg.norm(fingers)
    pose.hands[side] = place - reach * fingers
    pose.anchor[side] = 0.0
    pose.fingers_to[side] = fingers
    pose.palms_to[side] = np.array([-0.4 * sign, 0.0, -1.0])
    pose.elbows[side] = np.array([0.9 * sign, -1.0, 0.1])
    pose.curl[side] = grip


def seen_colour(stage: Stage) -> Colour:
    """A colour that differs from the child's skin and top."""
    known = (stage.subject.skin, stage.subject.top, LIP)
    return max(
        (stage.cloth() for _ in range(6)),
        key=lambda c: min(sum(abs(a - b) for a, b in zip(c, other, strict=True)) for other in known),
    )


def thing(kind: str, mouth: Mouth, centre: Points, axis: Points, size: float, colour: Colour) -> list[Shape]:
    """A thing of a kind whose middle is at `centre` and which leaves the mouth along `axis`; world metres."""
    layer = ARMS_LAYER
    near_end, far_end = centre - axis * 0.5 * size, centre + axis * 0.5 * size
    if kind == "block":
        box = cuboid(centre - mouth.up * 0.42 * size, (0.85 * size,) * 3, colour, mouth.pose.heading, layer, -0.02)
        return list(box)
    if kind == "ball":
        return [ball(centre, 0.46 * size, colour, layer, -0.02)]
    if kind == "ring":
        a = np.linspace(0.0, 2 * np.pi, 8, endpoint=False)[:, None]
        # Its upper side is between the lips.
        middle = centre - 0.4 * size * mouth.up - 0.25 * size * axis
        rim = middle + 0.45 * size * (np.cos(a) * mouth.left + np.sin(a) * (0.9 * mouth.up - 0.4 * mouth.forward))
        return [
            capsule(p, q, 0.12 * size, 0.12 * size, colour, layer, -0.02)
            for p, q in zip(rim, np.roll(rim, -1, axis=0), strict=True)
        ]
    if kind == "spoon":
        bowl = capsule(near_end, near_end + axis * 0.3 * size, 0.2 * size, 0.15 * size, colour, layer, -0.02)
        return [bowl, capsule(centre, far_end + axis * size, 0.08 * size, 0.1 * size, colour, layer, -0.02)]
    if kind == "stick":
        return [capsule(near_end, far_end + axis * 0.9 * size, 0.13 * size, 0.13 * size, colour, layer, -0.02)]
    return [
        capsule(near_end, far_end, 0.24 * size, 0.36 * size, colour, layer, -0.02),
        ball(far_end + mouth.up * 0.25 * size, 0.3 * size, shade(colour, 1.4), layer, -0.03),
    ]


@behaviour(28, "mouthing an object")
def mouthing_object(stage: Stage) -> Programme:
    """A toy, block, spoon or ball is held to the mouth, sucked and chewed: in and out, again and again."""
    place = near(stage, MOUTH_SPAN, 0.1)
    kind, size = str(stage.rng.choice(OBJECT_KINDS)), stage.draw(*OBJECT_SIZE)
    colour = seen_colour(stage)
    side, both = stage.side(), stage.chance(0.35)
    rhythm, reach = Rhythm(stage.rng, CHEW_RATE), stage.draw(*CHEW_REACH)
    aside, drop = stage.draw(-0.4, 0.4), stage.draw(-0.5, 0.05)
    bow, rock = stage.draw(0.0, 0.25), stage.draw(0.0, 0.25)
    drift = Wander(stage.rng, (0.2, 0.6), 4)
    h = stage.body.height

    def at(t: float) -> Moment:
        pose = fresh(place.pose)
        d, out = drift(t), rhythm.swell(t)
        pose.lean = np.array([0.05, 0.02 * d[0]])
        pose.head = np.array([0.1 * d[1], bow + 0.13 * out, 0.06 * d[2]])
        pose.mouth = 0.35 + 0.3 * rhythm.swell(t, 0.15)
        mouth = mouth_of(stage.body, pose)
        turn = rock * rhythm.wave(t, 0.25)
        axis = mouth.forward + (aside + turn) * mouth.left + (drop + 0.5 * turn) * mouth.up
        axis /= np.linalg.norm(axis)
        # Even farthest out it does not leave the lips.
        centre = mouth.at + axis * (0.46 * size + 0.006 - reach * (1.0 - out)) * h
        grip = mouth.local(centre + axis * (1.0 if kind in ("spoon", "stick") else 0.35) * size * h)
        for s in (0, 1) if both else (side,):
            sign = 1.0 if s == 0 else -1.0
            off = np.array([sign * 0.3 * size, -0.25 * size, 0.0])
            hand_at(pose, s, grip + off, np.array([-0.45 * sign, 1.0, -0.35]), 0.7)
        return Moment(pose, place.props + thing(kind, mouth, centre, axis, size * h, colour))

    layers = (0, ARMS_LAYER)
    return Programme("mouthing an object", at, place.framing, True, layers, face=True, rests=True)


def folds(cloth: Hull, colour: Colour) -> list[Shape]:
    """The cloth with two darker folds from its tip (the first sphere) towards its other corners."""
    tip, width = cloth.centres[0], float(cloth.radii[0])
    creases: list[Shape] = []
    for end in cloth.centres[1:3]:
        crease = capsule(
            tip, tip + (end - tip) * 0.8, 0.3 * width, 0.15 * width, shade(colour, 0.6), cloth.layer, cloth.bias - 0.01
        )
        crease.shadow = False
        creases.append(crease)
    return [cloth, *creases]


def collar(stage: Stage, mouth: Mouth, tip: Points) -> list[Shape]:
    """The neckline pulled up over the chin to the mouth."""
    j, h = mouth.joints, stage.body.height
    left, up, forward = j.trunk
    sides = [j.chest + x * left * 0.07 * h - up * 0.03 * h + forward * 0.045 * h for x in (1.0, -1.0)]
    chest = j.chest - up * 0.1 * h + forward * 0.05 * h
    corners, radii = np.array([tip, *sides, chest]), np.array([0.017, 0.022, 0.022, 0.03]) * h
    return folds(Hull(corners, radii, stage.subject.top, ARMS_LAYER, 0.06), stage.subject.top)


def hem(stage: Stage, mouth: Mouth, tip: Points) -> list[Shape]:
    """The front of the shirt pulled up to the mouth, the belly bare."""
    j, h, g = mouth.joints, stage.body.height, stage.body.girth
    left, up, forward = j.trunk
    waist = j.pelvis + up * 0.08 * h
    belly = Hull(
        np.array([waist + x * left * 0.035 * h * g + forward * 0.02 * h for x in (1.0, -1.0)]),
        np.full(2, 0.06 * h * g),
        stage.subject.skin,
        0,
        -0.08,
    )
    sides = [waist + x * left * 0.08 * h + up * 0.08 * h + forward * 0.05 * h for x in (1.0, -1.0)]
    corners, radii = np.array([tip, *sides]), np.array([0.02, 0.03, 0.03]) * h
    return [belly, *folds(Hull(corners, radii, stage.subject.top, ARMS_LAYER, 0.06), stage.subject.top)]


@behaviour(29, "mouthing clothes", 1.3)
def mouthing_clothes(stage: Stage) -> Programme:
    """Collar or shirt front is pulled up to the mouth, held there and chewed."""
    place = near(stage, MOUTH_SPAN, 0.13)
    pulled: Callable[[Stage, Mouth, Points], list[Shape]] = collar if stage.chance(0.6) else hem
    side, both = stage.side(), stage.chance(0.5)
    rhythm, reach = Rhythm(stage.rng, CHEW_RATE), stage.draw(*TUG_REACH)
    bow = stage.draw(0.05, 0.22)
    drift = Wander(stage.rng, (0.2, 0.6), 4)
    h = stage.body.height

    def at(t: float) -> Moment:
        pose = fresh(place.pose)
        d, tug = drift(t), rhythm.swell(t)
        pose.lean = np.array([0.06, 0.02 * d[0]])
        pose.head = np.array([0.1 * d[1] + 0.08 * rhythm.wave(t, 0.3), bow - 0.15 * tug, 0.06 * d[2]])
        pose.mouth = 0.25 + 0.3 * rhythm.swell(t, 0.1)
        mouth = mouth_of(stage.body, pose)
        tip = mouth.at + mouth.forward * 0.012 * h
        grip = mouth.local(tip + mouth.forward * 0.02 * h - mouth.up * (0.035 + reach * tug) * h)
        for s in (0, 1) if both else (side,):
            sign = 1.0 if s == 0 else -1.0
            hand_at(pose, s, grip + np.array([sign * 0.025, 0.0, 0.0]), np.array([-0.5 * sign, 1.0, -0.2]), 0.85)
        return Moment(pose, place.props + pulled(stage, mouth, tip))

    layers = (0, ARMS_LAYER)
    return Programme("mouthing clothes", at, place.framing, True, layers, face=True, rests=True)


@behaviour(29, "mouthing a sleeve", 0.7)
def mouthing_sleeve(stage: Stage) -> Programme:
    """The sleeve is pulled over the hand and its end chewed."""
    place = near(stage, MOUTH_SPAN, 0.1)
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    rhythm, reach = Rhythm(stage.rng, CHEW_RATE), stage.draw(*TUG_REACH)
    away, drop, bow = stage.draw(0.07, 0.11), stage.draw(0.02, 0.08), stage.draw(0.05, 0.3)
    colour = shade(stage.subject.trim, 0.96) if stage.subject.pattern == "dungarees" else shade(stage.subject.top, 0.93)
    drift = Wander(stage.rng, (0.2, 0.6), 4)
    h = stage.body.height

    def at(t: float) -> Moment:
        pose = fresh(place.pose)
        d, tug = drift(t), rhythm.swell(t)
        pose.lean = np.array([0.05, 0.02 * d[0]])
        pose.head = np.array([sign * (0.12 - 0.16 * tug) + 0.08 * d[1], bow + 0.05 * d[2], 0.05 * d[3]])
        pose.mouth = 0.25 + 0.3 * rhythm.swell(t, 0.1)
        mouth = mouth_of(stage.body, pose)
        far = mouth.local(mouth.at) + np.array([sign * (away + reach * tug), -drop, 0.05])
        hand_at(pose, side, far, np.array([-0.8 * sign, 0.6, -0.2]), 0.9)
        pose.elbows[side] = np.array([sign, -0.5, 0.0])
        j = solve(stage.body, pose)
        wrist, elbow = j.wrists[side], j.elbows[side]
        fist = wrist + j.hand_axes[side, 2] * 0.045 * h
        tip = mouth.at + mouth.forward * 0.01 * h
        arm = capsule(elbow, wrist, 0.03 * h, 0.027 * h, colour, ARMS_LAYER, -0.06)
        cuff = Hull(np.array([tip, fist, wrist]), np.array([0.014, 0.03, 0.027]) * h, colour, ARMS_LAYER, -0.08)
        return Moment(pose, [*place.props, arm, *folds(cuff, colour)])

    return Programme("mouthing a sleeve", at, place.framing, layers=(0, ARMS_LAYER), face=True, rests=True)


@behaviour(39, "biting the hand")
def biting_hand(stage: Stage) -> Programme:
    """Knuckles, back of the hand or wrist between the teeth, bitten in beats."""
    place = near(stage, MOUTH_SPAN, 0.09)
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    spot = stage.rng.choice(["knuckles", "back", "wrist"], p=[0.4, 0.35, 0.25])
    # How far beyond the wrist the teeth are, where the fingers point, how high the elbow is.
    reach, fingers, elbow = {
        "knuckles": (0.055, np.array([-0.75 * sign, 0.75, -0.15]), -0.7),
        "back": (0.032, np.array([-sign, 0.2, 0.0]), -0.3),
        "wrist": (-0.005, np.array([-sign, 0.15, 0.15]), -0.2),
    }[str(spot)]
    rhythm, gape = Rhythm(stage.rng, BITE_RATE), stage.draw(*BITE_GAPE)
    quiver, shake = Rhythm(stage.rng, QUIVER_RATE), stage.draw(*QUIVER_ANGLE) if stage.chance(0.4) else 0.0
    tense = stage.draw(-1.0, -0.4) if stage.chance(0.7) else 0.0
    narrow = stage.draw(0.1, 0.6) if tense else 1.0
    bow = stage.draw(0.0, 0.25)
    drift = Wander(stage.rng, (0.2, 0.6), 4)
    h = stage.body.height

    def at(t: float) -> Moment:
        pose = fresh(place.pose)
        d, press = drift(t), rhythm.swell(t)
        pose.lean = np.array([0.04 + 0.05 * press, 0.02 * d[0]])
        pose.head = np.array(
            [0.1 * d[1] + sign * 0.12 + shake * quiver.wave(t), bow + 0.17 * press, 0.05 * d[2] + 0.06 * press]
        )
        pose.brows, pose.eyes = tense, np.full(2, narrow)
        pose.mouth = gape * (1.0 - 0.35 * press)
        mouth = mouth_of(stage.body, pose)
        bitten = mouth.at + mouth.forward * (0.016 - 0.012 * press) * h - mouth.up * (0.016 + 0.012 * pose.mouth) * h
        hand_at(pose, side, mouth.local(bitten), fingers, 0.75, reach)
        pose.palms_to[side] = np.array([0.0, -1.0, -0.4])
        pose.elbows[side] = np.array([sign, elbow, 0.1])
        return Moment(pose, [*place.props, upper_teeth(mouth)])

    layers = (0, ARMS_LAYER)
    return Programme("biting the hand", at, place.framing, True, layers, face=True, rests=True)


def upper_teeth(mouth: Mouth) -> Hull:
    """The row of upper teeth, painted over what is bitten."""
    r = mouth.radius
    middle = mouth.at + mouth.forward * 0.04 * r + mouth.up * (0.07 * mouth.pose.mouth - 0.04) * r
    aside = mouth.left * 0.15 * r
    teeth = capsule(middle + aside, middle - aside, 0.05 * r, 0.05 * r, TEETH, ARMS_LAYER, -0.3)
    teeth.shadow = False
    return teeth
