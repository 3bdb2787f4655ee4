"""Label 8: a room door or a cabinet door opened and closed again and again, and the child beside it."""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np

from models.simulator.behaviours.registry import behaviour
from models.simulator.body import Pose
from models.simulator.motion import Framing, Moment, Programme, Rhythm, Stage, Wander, look_at, standing
from models.simulator.props import wood
from models.simulator.shapes import Hull, Panel, Points, Shape, ball, cuboid, heading_axes, shade, vec

SWING_RATE = (0.4, 0.9)  # Hz, open and shut again
OPENING = (0.9, 1.5)  # radians
BACK = 0.75  # metres from the stage's middle to the wall that the door is in


class Door:
    """A hinged leaf in the back wall (z = −BACK) or in a cabinet before it."""

    def __init__(self, stage: Stage) -> None:
        h = stage.body.height
        self.cabinet = stage.chance(0.45)
        self.width = stage.draw(0.42, 0.55) if self.cabinet else stage.draw(0.68, 0.8)
        self.tall = stage.draw(0.75, 1.0) if self.cabinet else stage.draw(1.85, 2.0)
        self.hand = 1.0 if stage.chance(0.5) else -1.0  # the handle's side: +1 is to the viewer's right
        self.z = -BACK + (0.38 if self.cabinet else 0.02)
        self.hinge = np.array([-self.hand * self.width / 2, 0.0, self.z])
        self.low = 0.08 if self.cabinet else 0.01
        self.colour = wood(stage) if stage.chance(0.6) else stage.cloth()
        self.inside = shade(self.colour, 0.3) if self.cabinet else (58, 54, 52)
        self.handle_height = min(0.52 * h, self.tall - 0.15) if self.cabinet else 0.72 * h
        self.things = [stage.cloth() for _ in range(4)]

    def handle(self, angle: float) -> Points:
        """Where the handle is when the leaf stands at an angle, world metres."""
        along = np.array([self.hand * np.cos(angle), 0.0, np.sin(angle)])
        out = np.array([-self.hand * np.sin(angle), 0.0, np.cos(angle)])
        return self.hinge + along * self.width * 0.9 + out * 0.04 + vec(0.0, self.handle_height, 0.0)

    def shapes(self, angle: float) -> list[Shape]:
        """Frame or carcass, opening and leaf."""
        w, z = self.width / 2, self.z
        shapes: list[Shape] = []
        if self.cabinet:
            shapes += cuboid(
                np.array([0.0, 0.0, -BACK + 0.17]),
                (self.width + 0.08, self.tall + 0.06, 0.38),
                shade(self.colour, 0.9),
                0.0,
                -5,
            )
        else:
            frame = np.array(
                [
                    [-w - 0.08, 0, z - 0.015],
                    [w + 0.08, 0, z - 0.015],
                    [w + 0.08, self.tall + 0.08, z - 0.015],
                    [-w - 0.08, self.tall + 0.08, z - 0.015],
                ]
            )
            shapes.append(Panel(frame, shade(self.colour, 1.4), -6))
        opening = np.array([[-w, self.low, z], [w, self.low, z], [w, self.tall, z], [-w, self.tall, z]])
        shapes.append(Panel(opening, self.inside, -4))
        if self.cabinet:
            for k, colour in enumerate(self.things):
                x, y = (-0.25 + 0.5 * (k % 2)) * self.width, self.low + (0.05 if k < 2 else 0.5 * self.tall)
                corner = np.array([[x - 0.06, y, z], [x + 0.06, y, z], [x + 0.06, y + 0.2, z], [x - 0.06, y + 0.2, z]])
                shapes.append(Panel(corner, shade(colour, 0.6), -3))
        along = np.array([self.hand * np.cos(angle), 0.0, np.sin(angle)])
        a, b = self.hinge + vec(0, self.low, 0), self.hinge + along * self.width + vec(0, self.low, 0)
        rise = np.array([0.0, self.tall - self.low, 0.0])
        tone = 1.0 - 0.22 * np.sin(angle)
        leaf = np.array([a, b, b + rise, a + rise])
        shapes.append(Panel(leaf, shade(self.colour, round(float(tone), 3)), -2))
        for low, high in ((0.08, 0.45), (0.55, 0.92)):
            inner = np.array(
                [
                    a + along * self.width * u + rise * v
                    for u, v in ((0.15, low), (0.85, low), (0.85, high), (0.15, high))
                ]
            )
            shapes.append(Panel(inner, shade(self.colour, round(float(tone) * 0.86, 3)), -2, -0.2))
        shapes.append(ball(self.handle(angle), 0.025, (200, 190, 150), 0, -0.02))
        for s in shapes:
            if isinstance(s, Hull):
                s.shadow = False
        return shapes


def beside(stage: Stage, door: Door) -> Pose:
    """Standing on the handle's side of the door, turned to it, the handle within reach."""
    h = stage.body.height
    pose = standing(stage)
    handle = door.handle(0.45)
    aside = stage.draw(0.1, 0.24) * h
    pose.root = np.array([handle[0] + door.hand * aside, 0.0, handle[2] + stage.draw(0.2, 0.28) * h])
    line = door.hinge + vec(0.0, 0.0, 0.15) - pose.root
    pose.heading = float(np.arctan2(line[0], line[2]))
    return pose


def to_local(pose: Pose, height: float, world: Points) -> Points:
    """World metres → the child's frame, body heights."""
    return np.asarray(heading_axes(pose.heading) @ (world - pose.root) / height)


def follow(stage: Stage, base: Pose, door: Door, angle: float, sway: Points) -> Pose:
    """The child with the hand on the handle, leaning after it."""
    pose = copy.copy(base)
    target = to_local(base, stage.body.height, door.handle(angle))
    side = 0 if target[0] > 0 else 1
    pose.hands = base.hands.copy()
    pose.anchor = np.ones(2)
    pose.hands[side] = target - vec(0.0, 0.0, 0.02)
    pose.anchor[side] = 0.0
    pose.fingers_to = base.fingers_to.copy()
    pose.fingers_to[side] = [0.0, 0.1, 1.0]
    far = max(float(np.hypot(target[0], target[2])) - 0.22, 0.0)
    pose.lean = np.array([0.05 + 0.9 * far, 0.5 * target[0] * 0.6]) + 0.02 * sway[:2]
    pose.pelvis = base.pelvis + np.array([0.25 * target[0] * 0.5, 0.0, 0.3 * far])
    look_at(pose, stage.body, target, 0.7)
    return pose


def door_framing(stage: Stage, door: Door, pose: Pose) -> Framing:
    """The door and the child beside it."""
    h = stage.body.height
    middle = np.array([0.5 * pose.root[0], 0.5 * h, door.z + 0.1])
    span = (1.25 if door.cabinet else 1.45) * max(h, 1.0) * stage.draw(0.88, 1.1)
    return Framing(middle, span, (-0.75, 0.75), (0.05, 0.4))


@behaviour(8, "door")
def opening_and_closing(stage: Stage) -> Programme:
    """The leaf swings open and shut, the hand on its handle."""
    door = Door(stage)
    base = beside(stage, door)
    rhythm = Rhythm(stage.rng, SWING_RATE)
    widest = stage.draw(*OPENING)
    sway = Wander(stage.rng, (0.2, 0.6), 2)

    def at(t: float) -> Moment:
        angle = widest * min(1.0, 1.15 * rhythm.swell(t))
        return Moment(follow(stage, base, door, angle, sway(t)), door.shapes(angle))

    return Programme("door", at, door_framing(stage, door, base), back=BACK)


def resting_door(stage: Stage) -> tuple[Door, Pose, Callable[[], list[Shape]]]:
    """A door that nobody moves, shut or ajar, and a child near it: for ordinary behaviour."""
    door = Door(stage)
    angle = stage.draw(0.0, 1.0) if stage.chance(0.5) else 0.0
    return door, beside(stage, door), lambda: door.shapes(angle)
