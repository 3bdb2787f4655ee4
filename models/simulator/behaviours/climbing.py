"""Label 38: climbing to high places: up wall bars or a shelf, up over furniture, and about on top of it.

In: a `Stage`; out: programmes with the furniture as props. Limbs go from hold to hold, so the body always rises with
the hands and feet that carry it.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np

from models.simulator.behaviours.registry import behaviour
from models.simulator.body import ANKLE, Pose
from models.simulator.motion import Framing, Moment, Programme, Rhythm, Stage, Wander, smooth, standing, to_world
from models.simulator.props import wood
from models.simulator.shapes import Colour, Panel, Points, Shape, capsule, cuboid, shade, vec

BARS_HEIGHT = (1.9, 2.4)  # metres
RUNG_GAP = (0.13, 0.17)  # body heights
BARS_RATE = (0.6, 1.0)  # Hz: one cycle moves every limb once, up by two rungs
BARS_WIDTH = (0.5, 0.8)  # metres
BACKED = 0.9  # metres from the middle of the stage to the wall behind

STEP_TIME = (0.42, 0.65)  # seconds from one posture of the ascent to the next
SEATS = (0.3, 0.42)  # metres: chair, sofa, bed
TOPS = (0.55, 0.75)  # metres: table, back of the sofa, sill
SHELVES = (0.95, 1.15)  # metres
STAND_HEIGHT = (0.5, 1.0)  # metres, of what is stood on


@dataclass(frozen=True, slots=True)
class Level:
    """A surface that is climbed onto; body heights in the child's frame: height, near edge and depth."""

    height: float
    near: float
    depth: float


def hold(cycles: float, first: float, gap: float, lead: float) -> tuple[float, float]:
    """(height, how far out of the rest) of a limb that goes up by two gaps during a half of each cycle."""
    number, phase = divmod(cycles + lead, 1.0)
    u = min(phase / 0.5, 1.0)
    return first + 2.0 * gap * (number - lead + smooth(u)), float(np.sin(np.pi * u))


def clamber(base: Pose, hip: float, cycles: float, gap: float, away: float) -> Pose:
    """Climbing a ladder of rungs `away` body heights before the body; heights follow from the cycles done."""
    pose = copy.copy(base)
    hands, feet, knees = np.zeros((2, 3)), np.zeros((2, 3)), np.zeros((2, 3))
    rise = 2.0 * gap * cycles
    for side, sign in ((0, 1.0), (1, -1.0)):
        # A hand goes with the foot of the other side.
        y, out = hold(cycles, hip + 0.46, gap, 0.5 * side)
        hands[side] = sign * 0.13, y, away - 0.02 - 0.06 * out
        y, out = hold(cycles, 0.06, gap, 0.5 - 0.5 * side)
        feet[side] = sign * (0.075 + 0.04 * out), y + ANKLE, away - 0.075 - 0.05 * out
        knees[side] = sign * (0.5 + 0.5 * out), 0.2, 1.0
    pose.hands, pose.feet, pose.knees, pose.anchor = hands, feet, knees, np.zeros(2)
    wave = np.sin(2 * np.pi * cycles)
    pose.pelvis = vec(0.03 * wave, hip + 0.02 + rise, away - 0.25)
    pose.lean = np.array([0.12, -0.1 * wave])
    pose.head = np.array([0.0, -0.3, 0.0])
    pose.curl = np.full((2, 5), 0.8)
    pose.fingers_to = np.array([[-0.2, 0.8, 0.6], [0.2, 0.8, 0.6]])
    pose.palms_to = np.array([[0.0, -0.6, 0.8], [0.0, -0.6, 0.8]])
    pose.elbows = np.array([[1.0, -0.8, -0.3], [-1.0, -0.8, -0.3]])
    pose.toes = np.array([[0.25, 0.1], [-0.25, 0.1]])
    return pose


def facing(stage: Stage) -> float:
    """A heading that shows the ascent from the side or from behind."""
    sign = 1.0 if stage.chance(0.5) else -1.0
    return sign * (np.pi / 2 + stage.draw(0.0, 0.7 if stage.chance(0.65) else 1.57))


def bars(stage: Stage, frame: Pose, away: float, gap: float, tall: float) -> list[Shape]:
    """Wall bars or an open shelf before the child: uprights and rungs or boards."""
    colour, h = wood(stage), stage.body.height
    half, boards = 0.5 * stage.draw(*BARS_WIDTH) / h, stage.chance(0.4)
    top = tall / h
    shapes: list[Shape] = []

    def at(x: float, y: float, z: float) -> Points:
        return to_world(frame, stage.body, vec(x, y, z))

    if boards:
        back = np.array([at(-half, 0, away + 0.22), at(half, 0, away + 0.22)])
        shapes.append(Panel(np.vstack([back, back[::-1] + vec(0, tall, 0)]), shade(colour, 0.6), -4))
        for x in (-half, half):
            shapes += cuboid(at(x, 0, away + 0.11), (0.04, tall, 0.22 * h), shade(colour, 0.85), frame.heading, -3)
    else:
        shapes += [capsule(at(x, 0, away), at(x, top, away), 0.03, 0.03, shade(colour, 0.8), -3) for x in (-half, half)]
    y = 0.06
    while y < top + 0.01:
        if boards:
            size = (2 * half * h, 0.035, 0.22 * h)
            shapes += cuboid(at(0, y, away + 0.11) - vec(0, 0.035, 0), size, colour, frame.heading, -2)
        else:
            shapes.append(capsule(at(-half, y, away), at(half, y, away), 0.02, 0.02, colour, -2))
        y += 2 * gap if boards else gap
    return shapes


@behaviour(38, "climbing wall bars or a shelf")
def climbing_bars(stage: Stage) -> Programme:
    """Hand over hand up a ladder, bars or an open shelf, higher and higher; at the top the child holds on."""
    body = stage.body
    h, heading = body.height, facing(stage)
    base = Pose(heading=heading)
    away, gap, tall = 0.16, stage.draw(*RUNG_GAP), stage.draw(*BARS_HEIGHT)
    rhythm = Rhythm(stage.rng, BARS_RATE, 0.06)
    highest = (tall / h - body.hip - 0.3) / (2.0 * gap)
    begin = -rhythm.cycles(0.0) + stage.draw(0.0, max(highest - 3.2 * rhythm.rate, 0.3))
    shapes, look = bars(stage, base, away, gap, tall), Wander(stage.rng, (0.2, 0.5), 2)

    def at(t: float) -> Moment:
        cycles = begin + rhythm.cycles(t)
        # At the top the limbs still shift, but no higher.
        pose = clamber(base, body.hip, min(cycles, highest), gap, away)
        drift = look(t)
        pose.head = pose.head + np.array([0.5 * drift[0], 0.15 * drift[1], 0.0])
        return Moment(pose, shapes)

    middle = to_world(base, body, vec(0.0, 0.0, 0.1))
    middle[1] = 0.5 * tall + 0.1
    return Programme(
        "climbing wall bars or a shelf",
        at,
        Framing(middle, stage.draw(0.95, 1.12) * tall, (-0.45, 0.45), (0.0, 0.3), 0.6),
        back=BACKED,
    )


def ascent(stage: Stage, levels: list[Level]) -> list[Pose]:
    """The postures of climbing one level after the other, and at the end those of standing up on the last."""
    start = standing(stage)
    hip, postures = stage.body.hip, []
    under, z = 0.0, levels[0].near - 0.17
    grip = np.array([[-0.2, 0.3, 1.0], [0.2, 0.3, 1.0]])
    for number, level in enumerate(levels):
        top, rise = level.height, level.height - under
        lead = (number + stage.side()) % 2
        other, sign = 1 - lead, 1.0 if lead == 0 else -1.0
        pose = copy.copy(start)
        pose.anchor, pose.fingers_to = np.zeros(2), grip
        pose.palms_to = np.array([[0.0, -1.0, 0.2], [0.0, -1.0, 0.2]])
        pose.elbows = np.array([[0.9, -0.2, -0.6], [-0.9, -0.2, -0.6]])
        pose.knees = np.array([[0.5, 0.2, 1.0], [-0.5, 0.2, 1.0]])
        pose.pelvis = vec(0.0, under + hip - 0.06, z)
        pose.feet = np.array([[0.07, under + ANKLE, z], [-0.07, under + ANKLE, z]])
        pose.hands = np.array([[0.13, top + 0.03, level.near + 0.06], [-0.13, top + 0.03, level.near + 0.06]])
        pose.lean, pose.head = np.array([0.75 if rise < 0.45 else 0.35, 0.0]), np.array([0.0, -0.4, 0.0])
        postures.append(pose)

        up = copy.copy(pose)
        up.feet = pose.feet.copy()
        up.feet[lead] = sign * 0.1, top + ANKLE + 0.01, level.near + 0.05
        up.pelvis = vec(-0.03 * sign, under + max(hip - 0.02, rise + 0.1), level.near - 0.13)
        up.hands = pose.hands + vec(0.0, 0.0, 0.1)
        up.lean = np.array([0.95, 0.12 * sign])
        postures.append(up)

        over = copy.copy(up)
        over.feet = up.feet.copy()
        over.feet[other] = -sign * 0.08, top + 0.06, level.near - 0.06
        over.pelvis = vec(0.0, top + 0.26, level.near - 0.01)
        over.hands = pose.hands + vec(0.0, 0.0, 0.2)
        over.lean = np.array([1.05, 0.0])
        postures.append(over)

        z = level.near + min(0.16, 0.55 * level.depth)
        crouch = copy.copy(over)
        crouch.feet = np.array([[0.08, top + ANKLE, z], [-0.08, top + ANKLE, z]])
        crouch.pelvis = vec(0.0, top + 0.27, z - 0.05)
        crouch.lean = np.array([0.8, 0.0])
        if number == len(levels) - 1:
            postures.append(crouch)
        under = top
    upright = copy.copy(start)
    upright.pelvis = vec(0.0, under + hip - 0.015, z)
    upright.feet = np.array([[0.075, under + ANKLE, z], [-0.075, under + ANKLE, z]])
    upright.hands = np.array([[0.2, -0.16, 0.08], [-0.2, -0.16, 0.08]])
    return [*postures, upright]


def about(pose: Pose, rhythm: Rhythm, t: float, drift: Points, amount: float) -> Pose:
    """Somebody on a high place: shifting feet, balancing and reaching arms."""
    moved = copy.copy(pose)
    phase = 2 * np.pi * rhythm.cycles(t) + np.array([0.0, np.pi])
    lift = np.stack([np.zeros(2), 0.05 * np.maximum(np.sin(phase), 0.0), np.zeros(2)], axis=1)
    moved.feet = pose.feet + amount * lift
    moved.pelvis = pose.pelvis + amount * vec(0.025 * np.sin(phase[0]), -0.05 * max(float(drift[0]), 0.0), 0.0)
    moved.lean = pose.lean + amount * np.array([0.1 + 0.12 * drift[1], 0.1 * np.sin(phase[0])])
    moved.hands = pose.hands + amount * np.array(
        [[0.03, 0.1 + 0.12 * drift[2], 0.03], [-0.03, 0.1 + 0.12 * drift[3], 0.03]]
    )
    moved.head = pose.head + amount * np.array([0.5 * drift[4], 0.25 * drift[5], 0.0])
    return moved


def box(stage: Stage, frame: Pose, level: Level, width: float, colour: Colour, legs: bool) -> list[Shape]:
    """A solid piece (sofa, chest, bed) or one on legs (chair, table) under a level; width in body heights."""
    h, middle = stage.body.height, level.near + level.depth / 2
    size = (width * h, level.height * h, level.depth * h)
    if not legs:
        return list(cuboid(to_world(frame, stage.body, vec(0, 0, middle)), size, colour, frame.heading, -2))
    board = to_world(frame, stage.body, vec(0, level.height, middle)) - vec(0, 0.045, 0)
    shapes: list[Shape] = list(cuboid(board, (size[0], 0.045, size[2]), colour, frame.heading, -2))
    for x in (-0.46, 0.46):
        for z in (0.06, 0.94):
            foot = to_world(frame, stage.body, vec(x * width, 0.0, level.near + z * level.depth))
            shapes.append(capsule(foot, foot + vec(0, size[1] - 0.04, 0), 0.022, 0.022, shade(colour, 0.75), -3))
    return shapes


def furniture(stage: Stage, frame: Pose) -> tuple[list[Level], list[Shape]]:
    """What is climbed and how it looks: sofa and its back, chair and table, steps of a shelf, bed and window sill."""
    h = stage.body.height
    seat, top, shelf = (stage.draw(*r) / h for r in (SEATS, TOPS, SHELVES))
    kind = str(stage.rng.choice(["sofa", "chair and table", "shelf", "sill"]))
    cloth, timber = stage.cloth(), wood(stage)
    near, wide = 0.02, stage.draw(0.9, 1.3)
    if kind == "sofa":
        levels = [Level(seat, near, 0.42), Level(top + 0.08, near + 0.42, 0.2)]
        shapes = box(stage, frame, levels[0], wide, cloth, False)
        return levels, shapes + box(stage, frame, levels[1], wide, shade(cloth, 0.85), False)
    if kind == "chair and table":
        levels = [Level(seat, near, 0.32), Level(top, near + 0.36, 0.55)]
        shapes = box(stage, frame, levels[0], 0.36, timber, True)
        return levels, shapes + box(stage, frame, levels[1], wide, wood(stage), True)
    if kind == "shelf":
        levels = [Level(0.85 * seat, near, 0.28), Level(top, near + 0.28, 0.28), Level(shelf, near + 0.56, 0.34)]
        shapes = []
        for number, level in enumerate(levels):
            shapes += box(stage, frame, level, 0.8, cloth if number % 2 else timber, False)
        return levels, shapes
    levels = [Level(seat, near, 0.5), Level(top + 0.12, near + 0.5, 0.22)]
    shapes = box(stage, frame, levels[0], wide, cloth, False)
    shapes += box(stage, frame, levels[1], wide, (228, 224, 214), False)
    pane = np.array([to_world(frame, stage.body, vec(x, levels[1].height + 0.04, near + 0.72)) for x in (-0.4, 0.4)])
    shapes.append(Panel(np.vstack([pane, pane[::-1] + vec(0, 0.9, 0)]), (186, 214, 236), -4))
    return levels, shapes


def furniture_framing(stage: Stage, frame: Pose, levels: list[Level]) -> Framing:
    """The furniture and whoever stands on top of it."""
    last = levels[-1]
    tall = (last.height + 1.0) * stage.body.height
    middle = to_world(frame, stage.body, vec(0.0, 0.0, 0.5 * (last.near + last.depth)))
    middle[1] = 0.48 * tall
    return Framing(middle, stage.draw(0.95, 1.12) * tall, (-0.4, 0.4), (0.05, 0.35), 0.75)


@behaviour(38, "climbing furniture", 1.2)
def climbing_furniture(stage: Stage) -> Programme:
    """Up over one piece of furniture after the other; whoever has come to the top is about there."""
    frame = Pose(heading=facing(stage))
    levels, shapes = furniture(stage, frame)
    postures = ascent(stage, levels)
    pause = stage.draw(*STEP_TIME)
    begin = stage.draw(0.0, 2.5)
    rhythm, drift = Rhythm(stage.rng, (0.7, 1.2)), Wander(stage.rng, (0.3, 0.8), 6)
    last = len(postures) - 1

    def at(t: float) -> Moment:
        clock = min(begin + t / pause, float(last))
        number = min(int(clock), last - 1)
        pose = postures[number].mix(postures[number + 1], smooth(clock - number))
        pose = about(pose, rhythm, t, drift(t), smooth(clock - last + 1))
        pose.root, pose.heading = frame.root, frame.heading
        return Moment(pose, shapes)

    return Programme("climbing furniture", at, furniture_framing(stage, frame, levels), back=2.2)


@behaviour(38, "up on the furniture", 0.5)
def up_on_furniture(stage: Stage) -> Programme:
    """Stands on a table, a chest or a high shelf and moves about there."""
    frame = Pose(heading=stage.draw(-np.pi, np.pi))
    level = Level(stage.draw(*STAND_HEIGHT) / stage.body.height, -0.25, 0.5)
    shapes = box(stage, frame, level, stage.draw(0.7, 1.2), wood(stage), stage.chance(0.5))
    base = ascent(stage, [level])[-1]
    base.heading = frame.heading
    base.pelvis = base.pelvis - [0.0, 0.0, base.feet[0, 2]]
    base.feet = base.feet * [1.0, 1.0, 0.0]
    rhythm, drift = Rhythm(stage.rng, (0.8, 1.3)), Wander(stage.rng, (0.3, 0.9), 6)
    turn = Wander(stage.rng, (0.12, 0.3), 2)

    def at(t: float) -> Moment:
        pose = about(base, rhythm, t, drift(t), 1.0)
        turned = turn(t)
        pose.heading = frame.heading + 0.6 * float(turned[0])
        pose.root = to_world(frame, stage.body, vec(0.15 * turned[1], 0.0, 0.0))
        return Moment(pose, shapes)

    return Programme("up on the furniture", at, furniture_framing(stage, frame, [level]), back=2.0)
