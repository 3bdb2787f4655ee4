"""Labels 12, 24, 27, 30 and 34: what the head does: banging, shaking, bowed to the ground, tilting, turning."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace

import numpy as np

from models.simulator.behaviours.ordinary import walk
from models.simulator.behaviours.registry import behaviour
from models.simulator.behaviours.whole_body import body_framing, posture
from models.simulator.body import Joints, Pose, solve
from models.simulator.motion import (
    FLOOR_POSTURES,
    Framing,
    Moment,
    Programme,
    Rhythm,
    Stage,
    Wander,
    sitting_on_chair,
    sitting_on_floor,
    smooth,
    standing,
    to_world,
)
from models.simulator.props import ON_TABLE, chair, table
from models.simulator.shapes import Points, Shape, contact_shadow, cuboid, heading_axes, shade, vec

BANG_RATE = (1.0, 2.5)  # Hz
BANG_SWING = (0.3, 0.5)  # radians of the trunk from the blow back to rest
SHAKE_RATE = (1.5, 3.5)  # Hz, there and back
SHAKE_ANGLE = (0.45, 0.9)  # radians either way
TURN_RATE = (0.4, 0.7)  # Hz, there and back, held at the ends
TURN_ANGLE = (0.8, 1.2)  # radians either way
TILT_RATE = (0.4, 1.0)  # Hz
TILT_ANGLE = (0.45, 0.8)  # radians, ear to shoulder
BOWED_SWAY = (0.2, 0.55)  # Hz
BOWED_LEAN = {"floor": (0.9, 1.25), "chair": (0.7, 0.95), "standing": (0.55, 0.9), "walking": (0.4, 0.7)}  # radians
BOWED_HEAD = (0.65, 0.9)  # radians further than the trunk
SLOW_WALK = (0.7, 1.0)  # Hz, both legs
HEAD_SPAN = (0.34, 0.56)  # height of the picture, body heights: head and shoulders to the waist
BEHIND = -1  # painted before everybody


@dataclass(frozen=True, slots=True)
class Near:
    """A child seen from near: a pose to start from, what it sits on, and the picture."""

    pose: Pose
    props: list[Shape]
    framing: Framing


def near(stage: Stage, span: tuple[float, float] = HEAD_SPAN, low: float = 0.06) -> Near:
    """A child who sits or stands and faces the camera, within 0.7 radians of it.

    `span` is the height of the picture and `low` how far its middle lies below the eyes, both in body heights.
    """
    pose, props, _ = posture(stage, 0.35, 0.35, stage.draw(-0.25, 0.25))
    body = stage.body
    eyes = pose.pelvis + vec(0.0, body.trunk + body.neck + 0.5 * body.head, 0.03)
    centre = to_world(pose, body, eyes - vec(0.0, low, 0.0))
    return Near(pose, props, Framing(centre, stage.draw(*span) * body.height, (-0.45, 0.45), (-0.1, 0.3), 0.95))


def blow(cycles: float) -> float:
    """1 at the blow, 0 farthest from it: fast on the way to the surface, thrown back by it."""
    return float(min(1.0, 1.2 - 1.2 * abs(np.sin(np.pi * cycles)) ** 0.85))


def panel_at(stage: Stage, pose: Pose, corner: Points, size: tuple[float, float, float], layer: int) -> list[Shape]:
    """An upright board of furniture; `corner` is its underside's middle in the child's frame, all in body heights."""
    w, h, d = (float(share) * stage.body.height for share in size)
    return [*cuboid(to_world(pose, stage.body, corner), (w, h, d), stage.cloth(), pose.heading, layer)]


def strike(stage: Stage, base: Pose, lean: Points, head: Points) -> Joints:
    """The joints at the blow in the child's own frame, body heights: the surface is put where the head then is."""
    pose = replace(base, lean=lean, head=head, heading=0.0, root=np.zeros(3))
    return solve(replace(stage.body, height=1.0), pose)


def banging(
    stage: Stage,
    base: Pose,
    props: list[Shape],
    framing: Framing,
    hit: tuple[Points, Points],
    away: tuple[Points, Points],
    layers: tuple[int, int] = (0, 0),
    crown: int | None = None,
) -> Programme:
    """Trunk and head swing together between `away` and `hit`, each (lean, head) of a pose."""
    rhythm = Rhythm(stage.rng, BANG_RATE, 0.08)
    drift = Wander(stage.rng, (0.2, 0.6), 3)
    tense = stage.draw(-0.8, 0.0)

    def at(t: float) -> Moment:
        pose = copy.copy(base)
        u = blow(rhythm.cycles(t))
        pose.lean = away[0] + (hit[0] - away[0]) * u
        pose.head = away[1] + (hit[1] - away[1]) * u + 0.03 * drift(t)
        pose.brows = tense
        pose.eyes = np.full(2, 1.0 - 0.7 * u)
        return Moment(pose, props)

    return Programme("head banging", at, framing, layers=layers, crown=crown, rests=True)


@behaviour(12, "head banging on a wall", 1.2)
def wall_banging(stage: Stage) -> Programme:
    """The forehead strikes a wall or cupboard before the child, who is seen from the side."""
    way = 1.0 if stage.chance(0.5) else -1.0
    base, props, name = posture(stage, 0.55, 0.0, way * stage.draw(1.35, 1.75))
    if name == "floor":  # legs that are stretched out would end in the wall
        base = sitting_on_floor(stage, base.heading, ("crossed", "kneeling"))
    base.hands = np.array([[0.1, stage.draw(-0.24, 0.0), 0.14], [-0.1, stage.draw(-0.24, 0.0), 0.14]])
    swing = stage.draw(*BANG_SWING)
    hit = (np.array([stage.draw(0.16, 0.3), 0.0]), np.array([0.0, stage.draw(0.1, 0.3), 0.0]))
    away = (hit[0] - [swing, 0.0], hit[1] - [0.0, 0.35 * swing, 0.0])
    j = strike(stage, base, *hit)
    front = float(j.head[2]) + 0.42 * stage.body.head
    # The board reaches from just this side of the child to well beyond it, so that it never hides the child.
    middle = np.array([way * 0.42, 0.0, front + 0.05])
    height = float(j.head[1]) + stage.draw(0.12, 0.35)
    board = panel_at(stage, base, middle, (0.92, height, 0.1), BEHIND)
    centre = to_world(base, stage.body, np.array([0.0, float(j.head[1]) - 0.12, 0.55 * front]))
    span = stage.draw(0.55, 0.75) * stage.body.height
    framing = Framing(centre, span, (-0.4, 0.4), (0.0, 0.3))
    return banging(stage, base, props + board, framing, hit, away)


@behaviour(12, "head banging sideways", 1.0)
def side_banging(stage: Stage) -> Programme:
    """The side of the head strikes a wall or cupboard beside the child, who faces the camera."""
    way = 1.0 if stage.chance(0.5) else -1.0
    base, props, _ = posture(stage, 0.6, 0.2, way * stage.draw(-0.1, 0.35))
    swing = 0.8 * stage.draw(*BANG_SWING)
    hit = (np.array([0.03, way * stage.draw(0.1, 0.2)]), np.array([0.0, 0.05, way * stage.draw(0.1, 0.25)]))
    away = (hit[0] - [0.0, way * swing], hit[1] - [0.0, 0.0, way * 0.5 * swing])
    j = strike(stage, base, *hit)
    side = float(j.head[0]) + way * 0.38 * stage.body.head
    height = float(j.head[1]) + stage.draw(0.12, 0.35)
    board = panel_at(stage, base, np.array([side + way * 0.13, 0.0, -0.35]), (0.26, height, 0.9), BEHIND)
    centre = to_world(base, stage.body, np.array([0.2 * side, float(j.head[1]) - 0.1, 0.0]))
    framing = Framing(centre, stage.draw(0.5, 0.72) * stage.body.height, (-0.3, 0.3), (0.0, 0.3))
    return banging(stage, base, props + board, framing, hit, away)


@behaviour(12, "head banging backwards", 1.0)
def back_banging(stage: Stage) -> Programme:
    """The back of the head strikes the back of a sofa or bed against which the child sits."""
    heading = stage.draw(0.45, 1.2) * (1.0 if stage.chance(0.5) else -1.0)
    base = sitting_on_floor(stage, heading, ("crossed", "out", "wide"))
    seat = stage.draw(0.12, 0.2)
    lift = vec(0.0, seat, 0.0)
    base.pelvis, base.feet = base.pelvis + lift, base.feet + lift
    swing = stage.draw(*BANG_SWING)
    hit = (np.array([stage.draw(-0.2, -0.08), 0.0]), np.array([0.0, stage.draw(-0.3, -0.1), 0.0]))
    away = (hit[0] + [swing, 0.0], hit[1] + [0.0, 0.7 * swing, 0.0])
    j = strike(stage, base, *hit)
    rear = float(j.head[2]) - 0.47 * stage.body.head
    colour, h = stage.cloth(), stage.body.height
    width = stage.draw(0.8, 1.2)
    height = float(j.head[1]) + stage.draw(0.02, 0.14)
    props: list[Shape] = []
    for z, size in (
        (rear - 0.07, (width * h, height * h, 0.14 * h)),
        (rear + 0.27, (width * h, (seat - 0.02) * h, 0.54 * h)),
    ):
        tone = shade(colour, 1.0 if z < rear else 1.15)
        props += cuboid(to_world(base, stage.body, vec(0.0, 0.0, z)), size, tone, heading, BEHIND)
    centre = to_world(base, stage.body, np.array([0.0, float(j.head[1]) - 0.15, 0.5 * rear]))
    framing = Framing(centre, stage.draw(0.55, 0.75) * h, (-0.3, 0.3), (0.05, 0.35))
    return banging(stage, base, props, framing, hit, away)


@behaviour(12, "head banging on a table", 1.0)
def table_banging(stage: Stage) -> Programme:
    """The forehead strikes the table at which the child sits."""
    base = sitting_on_chair(stage, stage.draw(-1.0, 1.0))
    props = chair(stage, base)
    swing = 1.3 * stage.draw(*BANG_SWING)
    hit = (np.array([stage.draw(0.8, 0.95), 0.0]), np.array([0.0, stage.draw(0.25, 0.4), 0.0]))
    away = (hit[0] - [swing, 0.0], hit[1] - [0.0, 0.4 * swing, 0.0])
    j = strike(stage, base, *hit)
    height = float(j.head[1]) - 0.44 * stage.body.head
    props += table(stage, base, height, float(j.head[2]) - 0.16, 0.42)
    spread = stage.draw(0.14, 0.2)
    reach = float(j.head[2]) - 0.03
    base.hands = np.array([[spread, height + 0.025, reach], [-spread, height + 0.025, reach]])
    base.anchor = np.zeros(2)
    base.fingers_to = np.array([[-0.5, -0.1, 1.0], [0.5, -0.1, 1.0]])
    base.palms_to = np.array([[0.0, -1.0, 0.0], [0.0, -1.0, 0.0]])
    base.elbows = np.array([[1.0, -0.2, -0.3], [-1.0, -0.2, -0.3]])
    spot = np.array([0.0, height + 0.002, float(j.head[2]) + 0.02])
    props.append(contact_shadow(to_world(base, stage.body, spot), 0.09 * stage.body.height, ON_TABLE))
    centre = to_world(base, stage.body, np.array([0.0, height + 0.1, 0.5 * float(j.head[2])]))
    framing = Framing(centre, stage.draw(0.55, 0.75) * stage.body.height, (-0.4, 0.4), (0.1, 0.4))
    return banging(stage, base, props, framing, hit, away, (0, ON_TABLE), ON_TABLE)


@behaviour(24, "head shaking")
def head_shaking(stage: Stage) -> Programme:
    """Fast turns left and right, without an answer to give."""
    place = near(stage)
    rhythm = Rhythm(stage.rng, SHAKE_RATE)
    angle = stage.draw(*SHAKE_ANGLE) * min(1.0, 2.9 / rhythm.rate)
    bow, tilt = stage.draw(-0.1, 0.3), stage.draw(-0.2, 0.2)
    closed = stage.draw(0.0, 0.3) if stage.chance(0.4) else 1.0
    twist = stage.draw(0.0, 0.12)
    drift = Wander(stage.rng, (0.2, 0.5), 3)

    def at(t: float) -> Moment:
        pose = copy.copy(place.pose)
        wave, d = rhythm.wave(t), drift(t)
        pose.head = np.array([angle * wave, bow, tilt]) + 0.04 * d
        pose.twist = twist * wave
        pose.lean = np.array([0.03, 0.0]) + 0.02 * d[:2]
        pose.eyes = np.full(2, closed)
        return Moment(pose, place.props)

    return Programme("head shaking", at, place.framing, face=True, rests=True)


@behaviour(34, "head turning")
def head_turning(stage: Stage) -> Programme:
    """Slow turns from far side to far side, or again and again to the same side, held at the ends."""
    place = near(stage)
    rhythm = Rhythm(stage.rng, TURN_RATE, 0.05)
    angle = stage.draw(*TURN_ANGLE)
    one_side = stage.chance(0.35)
    way = 1.0 if stage.chance(0.5) else -1.0
    hold = stage.draw(1.4, 2.0)
    bow = stage.draw(-0.1, 0.2)
    drift = Wander(stage.rng, (0.2, 0.5), 3)

    def at(t: float) -> Moment:
        pose = copy.copy(place.pose)
        d = drift(t)
        along = 2.0 * smooth(0.5 + 0.5 * hold * rhythm.wave(t)) - 1.0
        turn = way * angle * (0.55 + 0.45 * along if one_side else along)
        pose.head = np.array([turn, bow, 0.0]) + 0.03 * d
        pose.twist = 0.15 * turn
        pose.lean = np.array([0.03, 0.0]) + 0.02 * d[:2]
        return Moment(pose, place.props)

    return Programme("head turning", at, place.framing, face=True, rests=True)


@behaviour(30, "head tilting")
def head_tilting(stage: Stage) -> Programme:
    """The ear goes to the shoulder: held there, again and again to one side, or from side to side."""
    place = near(stage)
    kind = stage.rng.choice(["held", "one side", "side to side"], p=[0.4, 0.25, 0.35])
    rhythm = Rhythm(stage.rng, TILT_RATE, 0.08)
    angle = stage.draw(*TILT_ANGLE)
    way = 1.0 if stage.chance(0.5) else -1.0
    turn, bow, trunk = stage.draw(-0.25, 0.25), stage.draw(-0.05, 0.2), stage.draw(0.05, 0.2)
    drift = Wander(stage.rng, (0.2, 0.5), 3)

    def at(t: float) -> Moment:
        pose = copy.copy(place.pose)
        d = drift(t)
        if kind == "held":
            share = way * (1.0 + 0.08 * d[0])
        elif kind == "one side":
            share = way * min(1.0, 1.3 * rhythm.swell(t))
        else:
            share = float(np.clip(1.3 * rhythm.wave(t), -1.0, 1.0))
        pose.head = np.array([turn + 0.08 * d[1], bow + 0.05 * d[2], angle * share])
        pose.lean = np.array([0.03, trunk * share * angle])
        return Moment(pose, place.props)

    return Programme("head tilting", at, place.framing, face=True, rests=True)


@behaviour(27, "head bowed")
def head_bowed(stage: Stage) -> Programme:
    """Sits or stands with the head hanging towards the floor, for as long as one looks."""
    base, props, name = posture(stage, 0.5, 0.2, stage.draw(-1.3, 1.3))
    if name == "floor":
        kinds = tuple(kind for kind in FLOOR_POSTURES if kind != "out")
        base = sitting_on_floor(stage, base.heading, kinds)
        base.hands = np.array([[0.16, -0.2, 0.16], [-0.16, -0.2, 0.16]])
    lean, bow = stage.draw(*BOWED_LEAN[name]), stage.draw(*BOWED_HEAD)
    if name == "standing":
        base.pelvis = base.pelvis + vec(0.0, -0.03, -0.16 * lean)
        base.hands = np.array([[0.09, -0.18, 0.2 * lean], [-0.09, -0.18, 0.2 * lean]])
    sway = Rhythm(stage.rng, BOWED_SWAY)
    drift = Wander(stage.rng, (0.15, 0.45), 4)

    def at(t: float) -> Moment:
        pose = copy.copy(base)
        d, wave = drift(t), sway.wave(t)
        pose.lean = np.array([lean + 0.04 * wave, 0.05 * d[0]])
        pose.head = np.array([0.12 * d[1], bow + 0.06 * d[2], 0.1 * d[3]])
        return Moment(pose, props)

    framing = body_framing(stage, name)
    if name == "floor":
        low = strike(stage, base, np.array([lean, 0.0]), vec(0.0, bow, 0.0)).head
        centre = to_world(base, stage.body, vec(0.0, 0.2, 0.55 * float(low[2])))
        framing = Framing(centre, stage.draw(0.48, 0.68) * stage.body.height, pitch=(0.05, 0.4))
    return Programme("head bowed", at, framing, rests=True)


@behaviour(27, "forehead to the floor", 0.7)
def forehead_to_the_floor(stage: Stage) -> Programme:
    """Kneels with the forehead on the floor and the hands beside it."""
    heading = stage.draw(0.5, 1.7) * (1.0 if stage.chance(0.5) else -1.0)
    base = sitting_on_floor(stage, heading, ("kneeling",))
    base.pelvis = base.pelvis + vec(0.0, stage.draw(0.0, 0.08), 0.0)
    bow = stage.draw(0.35, 0.6)
    # The trunk comes down until the forehead is at the floor.
    lean = next(
        a for a in np.linspace(1.0, 2.2, 61) if strike(stage, base, np.array([a, 0.0]), vec(0, bow, 0)).head[1] < 0.1
    )
    reach = float(strike(stage, base, np.array([lean, 0.0]), vec(0, bow, 0)).head[2])
    apart = stage.draw(0.08, 0.15)
    base.anchor = np.zeros(2)
    base.hands = np.array([[apart, 0.03, reach], [-apart, 0.03, reach]])
    base.fingers_to = np.array([[-0.2, -0.1, 1.0], [0.2, -0.1, 1.0]])
    base.palms_to = np.array([[0.0, -1.0, 0.0], [0.0, -1.0, 0.0]])
    base.elbows = np.array([[1.0, 0.2, 0.0], [-1.0, 0.2, 0.0]])
    sway = Rhythm(stage.rng, BOWED_SWAY)
    drift = Wander(stage.rng, (0.15, 0.45), 3)
    rock, roll = stage.draw(0.01, 0.03), stage.draw(0.0, 0.25)

    def at(t: float) -> Moment:
        pose = copy.copy(base)
        wave = sway.wave(t)
        pose.pelvis = base.pelvis + vec(0.0, 0.0, rock * wave)
        pose.lean = np.array([lean - 0.03 * abs(wave), 0.02 * drift(t)[0]])
        pose.head = np.array([roll * drift(t)[1], bow, 0.05 * drift(t)[2]])
        return Moment(pose)

    centre = to_world(base, stage.body, np.array([0.0, 0.14, 0.5 * reach]))
    framing = Framing(centre, stage.draw(0.5, 0.75) * stage.body.height, (-0.4, 0.4), (0.1, 0.45), 1.1)
    return Programme("forehead to the floor", at, framing, rests=True)


@behaviour(27, "walking bowed", 0.7)
def walking_bowed(stage: Stage) -> Programme:
    """Walks slowly about with the head down, the eyes on the floor."""
    base = standing(stage)
    lean, bow = stage.draw(*BOWED_LEAN["walking"]), stage.draw(*BOWED_HEAD)
    rhythm = Rhythm(stage.rng, SLOW_WALK, 0.03)
    radius, start = stage.draw(0.3, 0.5), stage.draw(0.0, 2 * np.pi)
    speed = stage.draw(0.25, 0.4) / radius * (1.0 if stage.chance(0.5) else -1.0)
    drift = Wander(stage.rng, (0.2, 0.5), 2)

    def at(t: float) -> Moment:
        pose = walk(base, rhythm.cycles(t), 0.07)
        a = start + speed * t
        pose.root = radius * heading_axes(a)[2]
        pose.heading = a + float(np.sign(speed)) * np.pi / 2
        pose.pelvis = pose.pelvis + vec(0.0, 0.0, -0.12 * lean)
        pose.lean = pose.lean + np.array([lean, 0.0])
        pose.head = np.array([0.1 * drift(t)[0], bow, 0.06 * drift(t)[1]])
        pose.hands = pose.hands + vec(0.0, 0.02, 0.16 * lean)
        return Moment(pose)

    h = stage.body.height
    return Programme("walking bowed", at, Framing(np.array([0.0, 0.44 * h, 0.0]), stage.draw(1.2, 1.5) * h), back=1.6)
