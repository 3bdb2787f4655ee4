"""Labels 6, 7, 9, 10: lining up, spinning, moving to and fro, and sorting of objects, at a table or on the floor."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np

from models.simulator.behaviours.extremities import at_table, flat_hands, hand_shadows
from models.simulator.behaviours.registry import behaviour
from models.simulator.body import Pose
from models.simulator.motion import (
    Framing,
    Moment,
    Programme,
    Rhythm,
    Stage,
    Transfers,
    Wander,
    look_at,
    sitting_on_floor,
    to_world,
)
from models.simulator.props import ON_TABLE, bowl, item, palette, patterned_disc
from models.simulator.shapes import UP, Points, Shape, capsule, vec

ITEM_PERIOD = (0.75, 1.3)  # seconds for one item
TO_AND_FRO_PERIOD = (0.7, 1.2)  # seconds for one way
ITEM_SIZE = (0.05, 0.07)  # body heights
SPIN_TURNS = (1.2, 3.2)  # turns per second
ITEM_KINDS = ("block", "block", "ball", "cup", "car")


@dataclass
class Workplace:
    """A child before a surface, at a table or on the floor."""

    pose: Pose
    props: list[Shape]
    height: float  # of the surface, body heights
    near: float  # from here …
    far: float  # … to here the hands reach easily
    programme: tuple[tuple[int, int], int | None]  # layers and crown for the painter


def workplace(stage: Stage, heading: float | None = None) -> Workplace:
    """A place drawn from the ranges: a table or the floor."""
    heading = stage.draw(-0.4, 0.4) if heading is None else heading
    if stage.chance(0.6):
        pose, props, height = at_table(stage, heading)
        pose.lean = np.array([stage.draw(0.12, 0.25), 0.0])
        return Workplace(pose, props, height, 0.2, 0.36, ((0, ON_TABLE), ON_TABLE))
    pose = sitting_on_floor(stage, heading, ("crossed", "kneeling", "wide"))
    pose.lean = np.array([stage.draw(0.35, 0.55), 0.0])
    near = max(float(pose.feet[:, 2].max()) + 0.09, 0.24)
    if pose.feet[0, 2] > 0.3:  # legs out and apart: the work lies between them
        pose.feet = pose.feet * [1.5, 1.0, 1.0]
        near = 0.2
    return Workplace(pose, [], 0.0, near, near + 0.15, ((0, ON_TABLE), 0))


def task_framing(stage: Stage, place: Workplace, tight: float = 1.0) -> Framing:
    """The work and the child's upper body."""
    middle = np.array([0.0, place.height + (0.08 if place.height else 0.17), 0.6 * place.near + 0.06])
    span = (stage.draw(0.5, 0.72) if place.height else stage.draw(0.56, 0.8)) * stage.body.height * tight
    return Framing(to_world(place.pose, stage.body, middle), span, (-0.65, 0.65), (0.3, 0.8))


def work_pose(stage: Stage, place: Workplace, hand: Points, side: int, grip: float, drift: Points) -> Pose:
    """The child with one hand at work, the other at rest, looking at the working hand."""
    pose = copy.copy(place.pose)
    sign = 1.0 if side == 0 else -1.0
    rest = np.array(
        [-sign * 0.1, place.height + (0.025 if place.height else 0.05), place.near - (0.02 if place.height else 0.08)]
    )
    hands = np.zeros((2, 3))
    hands[side], hands[1 - side] = hand, rest
    flat_hands(pose, hands)
    pose.fingers_to = np.array([[-0.2, -0.7, 1.0], [0.2, -0.7, 1.0]])
    pose.curl = np.full((2, 5), 0.2)
    pose.curl[side] = 0.2 + 0.45 * grip
    pose.lean = place.pose.lean + np.array([0.25 * (hand[2] - place.near), 0.7 * hand[0] * 0.6]) + 0.015 * drift[:2]
    look_at(pose, stage.body, hand)
    pose.head = pose.head + 0.05 * drift[:3]
    return pose


def scatter(stage: Stage, n: int, x: tuple[float, float], z: tuple[float, float], height: float, size: float) -> Points:
    """Draw n places that do not overlap (as far as there is room)."""
    spots: list[Points] = []
    for _ in range(n):
        tries = [np.array([stage.draw(*x), height, stage.draw(*z)]) for _ in range(12)]
        spots.append(max(tries, key=lambda p: min([float(np.linalg.norm(p - q)) for q in spots], default=1.0)))
    return np.array(spots)


def transfer_programme(
    stage: Stage,
    name: str,
    place: Workplace,
    moves: Transfers,
    side: int,
    shapes: list[list[object]],
    fixed: list[Shape],
    tight: float = 1.0,
) -> Programme:
    """A programme whose items (kind, size, colour, heading) follow `moves`."""
    drift = Wander(stage.rng, (0.2, 0.6), 3)
    h = stage.body.height
    moves.start += moves.period * stage.draw(0.0, 1.0)

    def at(t: float) -> Moment:
        hand, items, holding = moves.at(t)
        pose = work_pose(stage, place, hand + vec(0, 0, -0.06), side, 1.0 if holding else 0.3, drift(t))
        props = place.props + fixed + hand_shadows(stage, pose, place.height)
        where = to_world(pose, stage.body, items)
        for spot, (kind, size, colour, turn) in zip(where, shapes, strict=True):
            props = props + item(str(kind), spot, size * h, colour, turn)  # type: ignore[operator, arg-type]
        return Moment(pose, props)

    layers, crown = place.programme
    return Programme(name, at, task_framing(stage, place, tight), True, layers, crown)


@behaviour(6, "lining up")
def lining_up(stage: Stage) -> Programme:
    """Items go one by one from a heap into a straight row."""
    place = workplace(stage)
    n = int(stage.rng.integers(8, 12))
    done = int(stage.rng.integers(2, 5))
    size = stage.draw(*ITEM_SIZE)
    kind = str(stage.rng.choice(ITEM_KINDS))
    colours = palette(stage, int(stage.rng.integers(1, 5)))
    sign = 1.0 if stage.chance(0.5) else -1.0
    gap = size * (1.75 if kind == "car" else 1.25)
    fore_aft = stage.chance(0.2)
    steps = np.arange(n)[:, None] - (n - 1) * 0.42
    if fore_aft:
        row = np.array([-sign * 0.1, place.height, place.near + 0.1]) + steps * gap * 0.75 * np.array(
            [-sign * 0.35, 0.0, 0.55]
        )
    else:
        angle = stage.draw(-0.15, 0.15)
        line = sign * np.array([np.cos(angle), 0.0, np.sin(angle)])
        row = np.array([0.0, place.height, stage.draw(place.near + 0.1, place.far)]) + steps * gap * line
    heap = scatter(stage, n, (0.06, 0.27), (place.near - 0.03, place.near + 0.06), place.height, size) * [sign, 1, 1]
    side = 0 if sign > 0 else 1
    moves = Transfers(heap, row, stage.draw(*ITEM_PERIOD), 0.0, 0.06, size * 0.9)
    moves.start = done * moves.period
    shapes: list[list[object]] = [
        [kind, size, colours[k % len(colours)], place.pose.heading + stage.draw(-0.1, 0.1)] for k in range(n)
    ]
    return transfer_programme(stage, "lining up", place, moves, side, shapes, [])


@behaviour(9, "to and fro")
def to_and_fro(stage: Stage) -> Programme:
    """One object goes back and forth between two places."""
    place = workplace(stage)
    size = stage.draw(0.055, 0.085)
    kind = str(stage.rng.choice(ITEM_KINDS))
    side = stage.side()
    period = stage.draw(*TO_AND_FRO_PERIOD)
    reach = stage.draw(0.13, 0.22)
    z = stage.draw(place.near + 0.04, place.far)
    angle = stage.draw(-0.35, 0.35) if stage.chance(0.75) else stage.draw(0.9, 1.2)
    line = np.array([np.cos(angle), 0.0, np.sin(angle) * 0.6]) * reach
    centre = np.array([(0.05 if side == 0 else -0.05), place.height, z])
    slide = stage.chance(0.4)  # pushed along the surface, or lifted over
    rhythm = Rhythm(stage.rng, (0.5 / period, 0.5 / period), 0.05)
    lift = 0.0 if slide else stage.draw(0.05, 0.1)
    colour, mat = stage.cloth(), stage.cloth()
    drift = Wander(stage.rng, (0.2, 0.6), 3)
    h = stage.body.height
    marks: list[Shape] = []
    if stage.chance(0.5):
        for end in (-1.0, 1.0):
            marks += bowl(to_world(place.pose, stage.body, centre + line * end), size * 1.1 * h, mat)

    def at(t: float) -> Moment:
        # A plateau at each end: the object is set down before it goes back.
        wave = float(np.clip(1.35 * rhythm.wave(t), -1.0, 1.0))
        spot = centre + line * wave + np.array([0.0, lift * (1 - wave**2), 0.0])
        pose = work_pose(stage, place, spot + vec(0, size * 0.9, -0.06), side, 1.0, drift(t))
        props = place.props + marks + hand_shadows(stage, pose, place.height)
        return Moment(pose, props + item(kind, to_world(pose, stage.body, spot), size * h, colour, pose.heading))

    layers, crown = place.programme
    return Programme("to and fro", at, task_framing(stage, place), True, layers, crown)


@behaviour(10, "sorting")
def sorting(stage: Stage) -> Programme:
    """Items go from a mixed pile, by colour, into groups left and right."""
    place = workplace(stage)
    groups = int(stage.rng.integers(2, 4))
    n = int(stage.rng.integers(9, 14))
    done = int(stage.rng.integers(2, 5))
    size = stage.draw(0.042, 0.058)
    kind = str(stage.rng.choice(ITEM_KINDS[:-1]))
    colours = palette(stage, groups)
    bowls = stage.chance(0.65)
    side = stage.side()
    spread = stage.draw(0.2, 0.26)
    xs = np.linspace(-spread, spread, groups)
    zs = place.far + np.where(np.abs(xs) < 0.05, 0.06, -0.02)
    which = np.arange(n) % groups
    stage.rng.shuffle(which)
    # Neighbours in the order of picking mostly differ, so that both sides are served within a few seconds.
    for k in range(1, n):
        if which[k] == which[k - 1] and stage.chance(0.7):
            which[k] = (which[k] + 1) % groups
    pile = scatter(stage, n, (-0.075, 0.075), (place.near - 0.02, place.near + 0.09), place.height, size)
    targets = np.array([[xs[g], place.height, zs[g]] for g in which])
    fixed: list[Shape] = []
    seen = np.zeros(groups, int)
    for k, g in enumerate(which):
        ring = 0.6 * size * np.sqrt(seen[g])
        turn = 2.4 * seen[g]
        targets[k] += [ring * np.cos(turn) * 1.4, 0.012 * seen[g] if bowls else 0.0, ring * np.sin(turn) * 1.4]
        seen[g] += 1
    h = stage.body.height
    for x, z, colour in zip(xs, zs, colours, strict=True):
        centre = to_world(place.pose, stage.body, vec(x, place.height, z))
        if bowls:
            fixed += bowl(centre, size * 2.1 * h, stage.cloth() if stage.chance(0.4) else colour)
    moves = Transfers(pile, targets, stage.draw(*ITEM_PERIOD) * 0.95, 0.0, 0.07, size * 0.9)
    moves.start = done * moves.period
    shapes: list[list[object]] = [[kind, size, colours[g], stage.draw(0, 1.5)] for g in which]
    return transfer_programme(stage, "sorting", place, moves, side, shapes, fixed, 1.05)


@behaviour(7, "spinning object")
def spinning_object(stage: Stage) -> Programme:
    """A plate, a top or a wheel with coloured sectors is kept spinning."""
    place = workplace(stage)
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    kind = str(stage.rng.choice(["plate", "top", "wheel"]))
    radius = stage.draw(0.075, 0.12)
    colours = palette(stage, 2 + int(stage.chance(0.4)))
    sectors = len(colours) * (1 if kind == "wheel" and len(colours) == 3 else 2 if stage.chance(0.4) else 1)
    sectors = max(sectors, 2)
    rate = stage.draw(*SPIN_TURNS)
    spin = Rhythm(stage.rng, (rate, rate), 0.3)
    direction = 1.0 if stage.chance(0.5) else -1.0
    wobble = stage.draw(0.03, 0.22)
    nudge = Rhythm(stage.rng, (0.5, 1.1), 0.2)
    drift = Wander(stage.rng, (0.2, 0.6), 3)
    h = stage.body.height
    centre = np.array([stage.draw(-0.05, 0.05), place.height, place.near + 0.1])
    facing = np.array([np.sin(place.pose.heading), 0.0, np.cos(place.pose.heading)])

    def at(t: float) -> Moment:
        turn = direction * 2 * np.pi * spin.cycles(t)
        beat = nudge.swell(t)
        precess = 2 * np.pi * 1.3 * t
        if kind == "wheel":  # a toy wheel held upright by its axle, turned with a stroke of the hand
            normal = facing * np.cos(0.35) + UP * np.sin(0.35)
            middle = centre + vec(0.0, radius * 1.15, 0.04)
        else:
            normal = UP + wobble * np.array([np.cos(precess), 0.0, np.sin(precess)])
            middle = centre + vec(0.0, 0.02 if kind == "plate" else 0.045, 0.0)
        normal = normal / np.linalg.norm(normal)
        world = to_world(place.pose, stage.body, middle)
        hand = middle + np.array([sign * (radius + 0.012 + 0.05 * beat), 0.03 + 0.03 * beat, -0.04 - 0.02 * (1 - beat)])
        pose = work_pose(stage, place, hand, side, 0.4, drift(t))
        look_at(pose, stage.body, middle)
        props = list(place.props) + hand_shadows(stage, pose, place.height)
        disc_shapes = patterned_disc(world, normal, radius * h, turn, colours, sectors, ON_TABLE, 0.02)
        foot = to_world(place.pose, stage.body, centre)
        if kind == "top":
            props.append(capsule(foot, world, 0.006 * h, 0.02 * h, colours[0], ON_TABLE, 0.06))
        props += disc_shapes
        if kind == "top":
            props.append(capsule(world, world + normal * 0.05 * h, 0.009 * h, 0.007 * h, (90, 70, 50), ON_TABLE, -0.15))
        if kind == "wheel":
            props.append(capsule(foot, world, 0.012 * h, 0.012 * h, (90, 70, 50), ON_TABLE, 0.08))
        return Moment(pose, props)

    layers, crown = place.programme
    return Programme("spinning object", at, task_framing(stage, place, 0.9), True, layers, crown)
