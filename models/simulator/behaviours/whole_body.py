"""Labels 1–3: clapping, body rocking, spinning."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np

from models.simulator.behaviours.registry import behaviour
from models.simulator.body import Pose
from models.simulator.motion import (
    Framing,
    Moment,
    Programme,
    Rhythm,
    Stage,
    Wander,
    sitting_on_chair,
    sitting_on_floor,
    standing,
)
from models.simulator.props import chair
from models.simulator.shapes import Shape

CLAP_RATE = (1.5, 4.0)  # Hz
CLAP_REACH = (0.07, 0.15)  # how far each hand opens from the midline, body heights
ROCK_RATE = (0.5, 1.5)  # Hz
ROCK_ANGLE = (0.24, 0.48)  # radians either way
SPIN_RATE = (0.35, 0.95)  # turns per second


def posture(stage: Stage, floor: float, seat: float, heading: float) -> tuple[Pose, list[Shape], str]:
    """A posture drawn with the given chances (the rest stands), the chair it needs, and its name."""
    u = stage.rng.random() if stage.posture is None else float(stage.posture != "floor")
    if u < floor:
        return sitting_on_floor(stage, heading), [], "floor"
    if u < floor + seat:
        pose = sitting_on_chair(stage, heading)
        return pose, chair(stage, pose), "chair"
    return standing(stage, heading), [], "standing"


def body_framing(stage: Stage, name: str, room: float = 1.0) -> Framing:
    """The whole body for somebody who stands, the upper half or all of it for somebody who sits."""
    h = stage.body.height
    if name == "floor":
        return Framing(np.array([0.0, 0.3 * h, 0.05]), stage.draw(0.62, 0.85) * h * room)
    if name == "chair":
        return Framing(np.array([0.0, 0.42 * h, 0.05]), stage.draw(0.75, 1.0) * h * room, breadth=0.8)
    if stage.chance(0.25):
        return Framing(np.array([0.0, 0.68 * h, 0.0]), stage.draw(0.62, 0.8) * h * room, breadth=0.9)
    return Framing(np.array([0.0, 0.5 * h, 0.0]), stage.draw(1.1, 1.35) * h * room, breadth=0.6)


@behaviour(1, "clapping")
def clapping(stage: Stage) -> Programme:
    """The hands meet at the midline."""
    base, props, name = posture(stage, 0.3, 0.2, stage.draw(-0.5, 0.5))
    rhythm = Rhythm(stage.rng, CLAP_RATE)
    reach = stage.draw(*CLAP_REACH) * min(1.0, 2.6 / rhythm.rate + 0.15)
    height, forward = stage.draw(-0.16, 0.02), stage.draw(0.13, 0.21)
    sway = Wander(stage.rng, (0.2, 0.6), 4)
    bounce = stage.draw(0.0, 0.012)

    def at(t: float) -> Moment:
        pose = copy.copy(base)
        # Quick to meet, slower to part: the square root keeps the hands together only for a moment.
        gap = rhythm.swell(t) ** 0.8
        drift = sway(t)
        x = 0.012 + reach * gap
        y = height + 0.02 * drift[0]
        pose.hands = np.array([[x, y + 0.015 * gap, forward], [-x, y - 0.01 * gap, forward]])
        pose.fingers_to = np.array([[0.15, 0.75, 0.8], [-0.15, 0.75, 0.8]])
        pose.palms_to = np.array([[-1.0, 0.0, 0.1], [1.0, 0.0, 0.1]])
        pose.curl = np.full((2, 5), 0.05)
        pose.elbows = np.array([[0.9, -0.8, -0.3], [-0.9, -0.8, -0.3]])
        pose.lean = np.array([0.06 + 0.03 * drift[1], 0.03 * drift[2]])
        pose.head = np.array([0.25 * drift[3], 0.08 + 0.05 * gap, 0.06 * drift[1]])
        pose.pelvis = base.pelvis - np.array([0.0, bounce * gap, 0.0])
        return Moment(pose, props)

    # From the very side one hand hides the other.
    return Programme("clapping", at, replace(body_framing(stage, name), yaw=(-0.8, 0.8)))


@behaviour(2, "rocking")
def rocking(stage: Stage) -> Programme:
    """The trunk swings fore and aft or from side to side."""
    sideways = stage.chance(0.4)
    # Fore-aft rocking is seen from the front only as a change of height, so the child is turned for some of it.
    heading = stage.draw(-0.6, 0.6) if sideways else stage.draw(-1.4, 1.4)
    base, props, name = posture(stage, 0.5, 0.25, heading)
    rhythm = Rhythm(stage.rng, ROCK_RATE)
    angle = stage.draw(*ROCK_ANGLE) * (0.75 if name == "standing" else 1.0)
    sway = Wander(stage.rng, (0.2, 0.5), 3)
    arms = stage.rng.choice(["lap", "hug", "hang"])
    middle = stage.draw(0.05, 0.2)

    def at(t: float) -> Moment:
        pose = copy.copy(base)
        wave = rhythm.wave(t)
        drift = sway(t)
        if sideways:
            pose.lean = np.array([0.04, angle * wave])
            pose.head = np.array([0.2 * drift[0], 0.1, 0.25 * angle * wave])
            shift = np.array([0.03 * wave, 0.0, 0.0])
        else:
            pose.lean = np.array([middle + angle * wave, 0.02 * drift[1]])
            pose.head = np.array([0.2 * drift[0], 0.1 - 0.35 * angle * wave, 0.0])
            shift = np.array([0.0, 0.0, 0.025 * wave if name == "standing" else 0.0])
        pose.pelvis = base.pelvis + shift
        if arms == "hug":
            pose.hands = np.array([[-0.05, -0.15, 0.12], [0.05, -0.13, 0.13]])
            pose.fingers_to = np.array([[-1.0, 0.2, 0.1], [1.0, 0.2, 0.1]])
            pose.palms_to = np.array([[0.0, 0.0, -1.0], [0.0, 0.0, -1.0]])
        elif arms == "hang":
            pose.hands = np.array([[0.13, -0.27, 0.05], [-0.13, -0.27, 0.05]])
        return Moment(pose, props)

    return Programme("rocking", at, body_framing(stage, name, 1.1))


@behaviour(3, "spinning")
def spinning(stage: Stage) -> Programme:
    """The whole body turns about the vertical."""
    base = standing(stage)
    direction = 1.0 if stage.chance(0.5) else -1.0
    rhythm = Rhythm(stage.rng, SPIN_RATE, 0.05)
    sway = Wander(stage.rng, (0.2, 0.6), 3)
    raised = stage.draw(-0.2, 0.06)
    out = stage.draw(0.16, 0.28)
    tilt = stage.draw(-0.15, 0.15)
    orbit = stage.draw(0.0, 0.06)

    def at(t: float) -> Moment:
        pose = copy.copy(base)
        turns = rhythm.cycles(t)
        pose.heading = direction * 2 * np.pi * turns
        drift = sway(t)
        pose.root = np.array([orbit * np.sin(pose.heading) + 0.04 * drift[0], 0.0, orbit * np.cos(pose.heading)])
        # Two small steps for each half turn.
        step = np.sin(2 * np.pi * turns * 2.0 + np.array([0.0, np.pi]))
        pose.feet = base.feet + np.stack(
            [
                np.zeros(2),
                0.035 * np.maximum(step, 0),
                0.045 * np.cos(2 * np.pi * turns * 2.0 + np.array([0.0, np.pi])),
            ],
            axis=1,
        )
        pose.hands = np.array([[out, raised + 0.03 * drift[1], 0.02], [-out, raised - 0.03 * drift[1], 0.02]])
        pose.fingers_to = np.array([[1.0, 0.1, 0.0], [-1.0, 0.1, 0.0]])
        pose.palms_to = np.array([[0.0, -1.0, 0.0], [0.0, -1.0, 0.0]])
        pose.elbows = np.array([[0.2, -0.8, -0.6], [-0.2, -0.8, -0.6]])
        pose.lean = np.array([0.03, tilt])
        pose.head = np.array([0.1 * drift[2], -0.05, tilt])
        return Moment(pose)

    h = stage.body.height
    return Programme("spinning", at, Framing(np.array([0.0, 0.5 * h, 0.0]), stage.draw(1.15, 1.45) * h, breadth=0.65))
