"""Label 0: ordinary behaviour of the whole body."""

from __future__ import annotations

import copy

import numpy as np

from models.simulator.behaviours.registry import behaviour
from models.simulator.behaviours.whole_body import body_framing, posture
from models.simulator.body import Pose, hand_targets
from models.simulator.motion import (
    Framing,
    Moment,
    Programme,
    Rhythm,
    Stage,
    Wander,
    smooth,
    standing,
    to_world,
)
from models.simulator.props import item
from models.simulator.shapes import Points, vec

WALK_SPEED = (0.5, 1.1)  # metres per second
STRIDE_RATE = (0.8, 1.3)  # Hz, both legs


def walk(base: Pose, cycles: float, stride: float) -> Pose:
    """A step of walking: legs and arms in opposition."""
    pose = copy.copy(base)
    phase = 2 * np.pi * cycles + np.array([0.0, np.pi])
    swing = np.sin(phase)
    pose.feet = base.feet + np.stack([np.zeros(2), 0.045 * np.maximum(np.cos(phase), 0), stride * swing], axis=1)
    pose.toes = np.stack([base.toes[:, 0], -0.35 * np.minimum(swing, 0) * -1], axis=1)
    pose.hands = base.hands + np.stack([np.zeros(2), np.full(2, 0.01), -0.1 * swing], axis=1)
    pose.pelvis = base.pelvis - [0.0, 0.012 * abs(np.sin(phase[0])), 0.0]
    pose.twist = 0.08 * float(swing[1])
    pose.lean = np.array([0.05, 0.02 * float(swing[0])])
    return pose


def idle(base: Pose, drift: Points) -> Pose:
    """Breathing and small shifts of weight; about two degrees at most."""
    pose = copy.copy(base)
    pose.lean = base.lean + 0.02 * drift[:2]
    pose.pelvis = base.pelvis + np.array([0.006 * drift[2], 0.0, 0.004 * drift[3]])
    pose.head = base.head + np.array([0.25 * drift[4], 0.1 * drift[5], 0.05 * drift[0]])
    pose.hands = base.hands + 0.008 * drift[:6].reshape(2, 3)
    return pose


@behaviour(0, "standing", 1.2)
def standing_still(stage: Stage) -> Programme:
    """Stands or sits without doing anything."""
    base, props, name = posture(stage, 0.4, 0.25, stage.draw(-2.5, 2.5))
    drift = Wander(stage.rng, (0.1, 0.45), 6)
    if stage.chance(0.3):
        base.hands = np.array([[0.03, -0.2, 0.12], [-0.03, -0.2, 0.13]])
    return Programme("standing", lambda t: Moment(idle(base, drift(t)), props), body_framing(stage, name))


@behaviour(0, "looking around")
def looking_around(stage: Stage) -> Programme:
    """The head wanders, the trunk follows a little."""
    base, props, name = posture(stage, 0.4, 0.3, stage.draw(-1.0, 1.0))
    drift, gaze = Wander(stage.rng, (0.1, 0.4), 6), Wander(stage.rng, (0.1, 0.35), 2)

    def at(t: float) -> Moment:
        pose = idle(base, drift(t))
        turn = gaze(t)
        pose.head = np.array([1.1 * turn[0], 0.25 * turn[1], 0.0])
        pose.twist = 0.3 * float(turn[0])
        return Moment(pose, props)

    return Programme("looking around", at, body_framing(stage, name))


@behaviour(0, "walking through", 1.4)
def walking_through(stage: Stage) -> Programme:
    """Walks straight through the picture."""
    base = standing(stage)
    speed, stride = stage.draw(*WALK_SPEED), stage.draw(0.09, 0.14)
    rhythm = Rhythm(stage.rng, STRIDE_RATE, 0.03)
    angle = stage.draw(-np.pi, np.pi)
    along = np.array([np.sin(angle), 0.0, np.cos(angle)])
    start = -speed * stage.draw(0.2, 2.0)
    aside = np.array([along[2], 0.0, -along[0]]) * stage.draw(-0.2, 0.2)

    def at(t: float) -> Moment:
        pose = walk(base, rhythm.cycles(t), stride)
        pose.root = along * (start + speed * t) + aside
        pose.heading = angle
        return Moment(pose)

    h = stage.body.height
    return Programme("walking through", at, Framing(np.array([0.0, 0.5 * h, 0.0]), stage.draw(1.2, 1.8) * h), back=3.0)


@behaviour(0, "walking in a curve")
def walking_about(stage: Stage) -> Programme:
    """A slow wide curve: the body turns while it walks, which is not spinning."""
    base = standing(stage)
    stride, radius = stage.draw(0.08, 0.12), stage.draw(0.6, 0.9)
    rhythm = Rhythm(stage.rng, STRIDE_RATE, 0.03)
    rate = stage.draw(0.35, 0.55) / radius * (1 if stage.chance(0.5) else -1)
    start = stage.draw(0, 2 * np.pi)

    def at(t: float) -> Moment:
        pose = walk(base, rhythm.cycles(t), stride)
        a = start + rate * t
        pose.root = radius * np.array([np.sin(a), 0.0, np.cos(a)])
        pose.heading = a + np.sign(rate) * np.pi / 2
        return Moment(pose)

    h = stage.body.height
    return Programme(
        "walking in a curve", at, Framing(np.array([0.0, 0.5 * h, 0.0]), stage.draw(1.5, 1.9) * h), back=2.0
    )


@behaviour(0, "bending down")
def bending_down(stage: Stage) -> Programme:
    """Stoops to a toy on the floor once and comes up again with it."""
    base = standing(stage, stage.draw(-1.4, 1.4))
    side, colour = stage.side(), stage.cloth()
    start, length = stage.draw(-0.6, 1.0), stage.draw(1.0, 1.8)
    drift = Wander(stage.rng, (0.1, 0.45), 6)
    spot = np.array([0.05 if side == 0 else -0.05, 0.0, 0.24])
    kind = str(stage.rng.choice(["block", "ball", "cup"]))

    def at(t: float) -> Moment:
        down = (
            smooth((t - start) / length * 2)
            if t < start + length / 2
            else 1 - smooth((t - start - length / 2) / length * 2)
        )
        pose = idle(base, drift(t))
        pose.lean = pose.lean + np.array([1.25 * down, 0.0])
        pose.pelvis = pose.pelvis + np.array([0.0, -0.14 * down, -0.06 * down])
        held = t > start + length / 2
        rest = np.array([0.1 if side == 0 else -0.1, -0.12, 0.16])
        pose.hands, pose.anchor = pose.hands.copy(), np.ones(2)
        reach = spot + vec(0.0, 0.08, 0.0)
        pose.anchor[side] = 1 - down
        pose.hands[side] = reach * down + (rest if held else base.hands[side]) * (1 - down)
        place = spot
        if held:
            place = hand_targets(stage.body, pose)[side] - vec(0.0, 0.07, -0.02)
        return Moment(pose, item(kind, to_world(pose, stage.body, place), 0.08 * stage.body.height, colour, 0.3, 0))

    return Programme("bending down", at, body_framing(stage, "standing", 1.05))


@behaviour(0, "waving once")
def waving_once(stage: Stage) -> Programme:
    """One greeting with the arm up and down again: two or three sways, then rest."""
    base, props, name = posture(stage, 0.3, 0.3, stage.draw(-0.7, 0.7))
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    start, length = stage.draw(-0.8, 0.8), stage.draw(1.2, 1.8)
    drift = Wander(stage.rng, (0.1, 0.45), 6)

    def at(t: float) -> Moment:
        pose = idle(base, drift(t))
        u = (t - start) / length
        up = smooth(u * 4) * (1 - smooth((u - 0.75) * 4))
        sway = 0.06 * np.sin(2 * np.pi * 2.2 * (t - start))
        pose.hands = pose.hands.copy()
        pose.hands[side] = pose.hands[side] * (1 - up) + np.array([sign * (0.16 + sway), 0.09, 0.12]) * up
        pose.fingers_to = base.fingers_to.copy()
        pose.fingers_to[side] = base.fingers_to[side] * (1 - up) + np.array([sign * sway * 4, 1.0, 0.1]) * up
        pose.palms_to = base.palms_to.copy()
        pose.palms_to[side] = base.palms_to[side] * (1 - up) + np.array([0.0, 0.0, 1.0]) * up
        return Moment(pose, props)

    return Programme("waving once", at, body_framing(stage, name))
