"""Labels 4 and 5, seen from near: tapping of fingers or foot on a surface; writhing of fingers or foot in the air."""

from __future__ import annotations

import copy

import numpy as np

from models.simulator.behaviours.registry import behaviour
from models.simulator.body import ANKLE, Pose
from models.simulator.motion import Framing, Moment, Programme, Rhythm, Stage, Wander, sitting_on_chair, to_world
from models.simulator.props import ON_TABLE, chair, table
from models.simulator.shapes import Points, Shape, contact_shadow, vec

TAP_RATE = (2.0, 4.0)  # Hz
TAP_HEIGHT = (0.02, 0.042)  # how far the hand lifts, body heights
WRITHE_RATE = (0.4, 1.3)  # Hz, slower than tapping and never regular
HAND_SPAN = (0.2, 0.34)  # height of the picture, body heights
FOOT_SPAN = (0.3, 0.46)


def at_table(stage: Stage, heading: float) -> tuple[Pose, list[Shape], float]:
    """A child sitting at a table: pose, chair and table, and the table's height (body heights)."""
    pose = sitting_on_chair(stage, heading)
    height = float(pose.pelvis[1]) + stage.draw(0.1, 0.13)
    return pose, chair(stage, pose) + table(stage, pose, height), height


def flat_hands(pose: Pose, places: Points) -> None:
    """Both hands on the table, palms down, fingers forward."""
    pose.hands = places
    pose.anchor = np.zeros(2)
    pose.fingers_to = np.array([[-0.25, -0.12, 1.0], [0.25, -0.12, 1.0]])
    pose.palms_to = np.array([[0.0, -1.0, 0.0], [0.0, -1.0, 0.0]])
    pose.elbows = np.array([[1.0, -0.3, -0.4], [-1.0, -0.3, -0.4]])
    pose.curl = np.full((2, 5), 0.16)
    pose.spread = np.full(2, 0.13)


def hand_shadows(stage: Stage, pose: Pose, height: float, sides: tuple[int, ...] = (0, 1)) -> list[Shape]:
    """Shadows of the hands on the table top."""
    shapes: list[Shape] = []
    for side in sides:
        spot = pose.hands[side].copy()
        lift = float(spot[1]) - height
        spot[1] = height + 0.002
        along = pose.fingers_to[side] * [1, 0, 1]
        spot = spot + along * 0.045
        shadow = contact_shadow(
            to_world(pose, stage.body, spot), (0.042 + 0.15 * max(lift - 0.025, 0)) * stage.body.height, ON_TABLE
        )
        shadow.bias = 0.5
        shapes.append(shadow)
    return shapes


def hand_framing(stage: Stage, pose: Pose, spot: Points, span: float) -> Framing:
    """A close look from above at a spot in the child's frame."""
    return Framing(to_world(pose, stage.body, spot), span * stage.body.height, (-0.8, 0.8), (0.3, 0.95))


@behaviour(4, "finger tapping", 1.2)
def finger_tapping(stage: Stage) -> Programme:
    """One hand or both tap on the table, as a whole or finger by finger."""
    base, props, height = at_table(stage, stage.draw(-0.3, 0.3))
    side = stage.side()
    x = stage.draw(0.05, 0.11)
    z = stage.draw(0.2, 0.26)
    flat_hands(base, np.array([[x, height + 0.022, z], [-x, height + 0.022, z]]))
    base.lean = np.array([stage.draw(0.02, 0.15), 0.0])
    rhythm = Rhythm(stage.rng, TAP_RATE)
    lift = stage.draw(*TAP_HEIGHT)
    whole = stage.chance(0.55)  # the whole hand taps, or the fingers alone, one after the other or together
    roll = stage.draw(0.0, 0.16) if stage.chance(0.6) else 0.0
    both = stage.chance(0.25)
    sides = (0, 1) if both else (side,)
    drift = Wander(stage.rng, (0.1, 0.4), 3)

    def at(t: float) -> Moment:
        pose = copy.copy(base)
        pose.hands, pose.curl, pose.fingers_to = base.hands.copy(), base.curl.copy(), base.fingers_to.copy()
        for s in sides:
            up = rhythm.swell(t, 0.5 * s if both else 0.0)
            if whole:
                pose.hands[s, 1] += 0.35 * lift * up
                pose.fingers_to[s, 1] += 16.0 * lift * up
            for finger in range(1, 5):
                up = rhythm.swell(t, roll * finger + (0.5 * s if both else 0.0))
                pose.curl[s, finger] = 0.22 - (0.1 if whole else 0.62) * up
        pose.head = np.array([0.2 * drift(t)[0], 0.35, 0.0])
        return Moment(pose, props + hand_shadows(stage, pose, height))

    spot = np.array([0.0 if both else (x if side == 0 else -x), height + 0.03, z + 0.04])
    span = stage.draw(*HAND_SPAN) * (1.3 if both else 1.0)
    return Programme("finger tapping", at, hand_framing(stage, base, spot, span), True, (0, ON_TABLE), ON_TABLE)


@behaviour(4, "foot tapping", 0.8)
def foot_tapping(stage: Stage) -> Programme:
    """Toes or heel go up and down on the floor."""
    base = sitting_on_chair(stage, stage.draw(-1.1, 1.1))
    props = chair(stage, base)
    side = stage.side()
    base.feet = base.feet + np.array([0.0, 0.0, stage.draw(0.0, 0.06)])
    rhythm = Rhythm(stage.rng, TAP_RATE)
    lift = stage.draw(0.35, 0.65)
    heel = stage.chance(0.3)  # the heel goes up and down instead of the toes

    def at(t: float) -> Moment:
        pose = copy.copy(base)
        pose.feet, pose.toes = base.feet.copy(), base.toes.copy()
        up = rhythm.swell(t)
        if heel:
            pose.toes[side, 1] = -lift * up
            pose.feet[side, 1] += 0.075 * np.sin(lift * up)
        else:
            pose.toes[side, 1] = lift * up
            pose.feet[side, 1] += 0.012 * up
        return Moment(pose, props)

    spot = base.feet[side] * [0.6, 1.0, 1.0] + vec(0.0, 0.06, 0.03)
    framing = Framing(
        to_world(base, stage.body, spot), stage.draw(*FOOT_SPAN) * stage.body.height, (-1.0, 1.0), (0.15, 0.7)
    )
    return Programme("foot tapping", at, framing, True)


@behaviour(5, "finger writhing", 1.2)
def finger_writhing(stage: Stage) -> Programme:
    """Fingers bend and spread in the air, each for itself."""
    base = sitting_on_chair(stage, stage.draw(-0.5, 0.5))
    props = chair(stage, base)
    side = stage.side()
    both = stage.chance(0.5)
    wander = Wander(stage.rng, WRITHE_RATE, 10)
    slow = Wander(stage.rng, (0.2, 0.6), 12)
    height, forward, x = stage.draw(-0.14, 0.0), stage.draw(0.15, 0.22), stage.draw(0.07, 0.12)
    other = np.array([0.07, -0.23, 0.16])
    amplitude = stage.draw(0.35, 0.55)

    def at(t: float) -> Moment:
        pose = copy.copy(base)
        writhe, drift = wander(t), slow(t)
        pose.hands = np.array([[x, height, forward], [-x, height, forward]])
        pose.hands += 0.02 * drift[:6].reshape(2, 3)
        if not both:
            pose.hands[1 - side] = other * ([1, 1, 1] if side == 1 else [-1, 1, 1])
        tilt = drift[6:12].reshape(2, 3) * 0.45
        pose.fingers_to = np.array([[-0.2, 1.0, 0.25], [0.2, 1.0, 0.25]]) + tilt * 0.8
        pose.palms_to = np.array([[-0.6, 0.1, 0.7], [0.6, 0.1, 0.7]]) + tilt
        pose.curl = np.clip(0.42 + amplitude * writhe.reshape(2, 5), -0.15, 1.0)
        pose.spread = 0.22 + 0.14 * drift[:2]
        pose.elbows = np.array([[0.8, -1.0, 0.0], [-0.8, -1.0, 0.0]])
        sign = 1.0 if side == 0 else -1.0
        pose.head = np.array([0.2 * sign, 0.35, 0.0])
        return Moment(pose, props)

    chest = base.pelvis[1] + stage.body.trunk
    spot = np.array([0.0 if both else (x if side == 0 else -x), chest + height + 0.05, forward])
    span = stage.draw(0.22, 0.36) * (1.3 if both else 1.0)
    framing = Framing(to_world(base, stage.body, spot), span * stage.body.height, (-0.9, 0.9), (-0.05, 0.5))
    return Programme("finger writhing", at, framing, True, (0, ON_TABLE), 0)


@behaviour(5, "foot circling", 0.8)
def foot_circling(stage: Stage) -> Programme:
    """A foot in the air circles about its ankle, toes moving."""
    base = sitting_on_chair(stage, stage.draw(-0.9, 0.9))
    props = chair(stage, base)
    side = stage.side()
    both = stage.chance(0.4)
    base.feet = base.feet + np.array([0.0, stage.draw(0.08, 0.13), stage.draw(0.07, 0.12)])
    if not both:
        base.feet[1 - side, 1:] = [ANKLE, stage.body.thigh * 0.85]
    wander = Wander(stage.rng, WRITHE_RATE, 10)
    circle = Rhythm(stage.rng, WRITHE_RATE, 0.3)
    wide = stage.draw(0.3, 0.55)
    drift = Wander(stage.rng, (0.2, 0.6), 6)

    def at(t: float) -> Moment:
        pose = copy.copy(base)
        pose.feet, pose.toes, pose.wiggle = base.feet.copy(), base.toes.copy(), np.zeros((2, 5))
        for s in (0, 1) if both else (side,):
            a = 2 * np.pi * circle.cycles(t) + 1.7 * s
            pose.feet[s] += 0.02 * drift(t)[3 * s : 3 * s + 3]
            pose.toes[s] += [wide * np.cos(a), 0.35 + wide * np.sin(a) + 0.15 * wander(t)[s]]
            pose.wiggle[s] = 0.55 * wander(t)[5 * s : 5 * s + 5]
        return Moment(pose, props)

    spot = (base.feet.mean(axis=0) if both else base.feet[side]) + vec(0.0, 0.02, 0.03)
    framing = Framing(
        to_world(base, stage.body, spot), stage.draw(*FOOT_SPAN) * stage.body.height, (-1.0, 1.0), (0.05, 0.6)
    )
    return Programme("foot circling", at, framing, True)
