"""Label 0: what stands beside a listed behaviour or resembles it: done once, without a beat, or by nobody."""

from __future__ import annotations

import numpy as np

from models.simulator.behaviours.doors import BACK, door_framing, resting_door
from models.simulator.behaviours.objects import scatter, transfer_programme, workplace
from models.simulator.behaviours.ordinary import STRIDE_RATE, WALK_SPEED, idle, walk
from models.simulator.behaviours.registry import behaviour
from models.simulator.behaviours.whole_body import body_framing, posture
from models.simulator.motion import (
    Framing,
    Moment,
    Programme,
    Rhythm,
    Stage,
    Transfers,
    Wander,
    sitting_on_chair,
    smooth,
    standing,
)
from models.simulator.props import chair, item, palette, patterned_disc
from models.simulator.shapes import UP, Shape, vec


@behaviour(0, "by a door")
def by_a_door(stage: Stage) -> Programme:
    """A child stands by a door that stays as it is, or walks past it."""
    door, base, leaf = resting_door(stage)
    shapes = leaf()
    drift = Wander(stage.rng, (0.1, 0.45), 6)
    passing = stage.chance(0.5)
    rhythm, speed = Rhythm(stage.rng, STRIDE_RATE, 0.03), stage.draw(*WALK_SPEED)
    way = 1.0 if stage.chance(0.5) else -1.0
    start = -speed * stage.draw(0.3, 1.8)

    def at(t: float) -> Moment:
        if not passing:
            return Moment(idle(base, drift(t)), shapes)
        pose = walk(base, rhythm.cycles(t), 0.11)
        pose.root = np.array([way * (start + speed * t), 0.0, door.z + 0.55])
        pose.heading = way * np.pi / 2
        return Moment(pose, shapes)

    return Programme("by a door", at, door_framing(stage, door, base), back=BACK)


@behaviour(0, "adult passes", 0.9)
def adult_passes(stage: Stage) -> Programme:
    """A child at rest, behind whom a grown-up walks by."""
    base, props, name = posture(stage, 0.5, 0.3, stage.draw(-0.9, 0.9))
    drift = Wander(stage.rng, (0.1, 0.45), 6)
    rhythm, speed = Rhythm(stage.rng, (0.8, 1.0), 0.03), stage.draw(0.7, 1.2)
    way = 1.0 if stage.chance(0.5) else -1.0
    start = -speed * stage.draw(0.5, 2.2)
    other = standing(stage)
    other.pelvis = np.array([0.0, 0.5, 0.0])

    def at(t: float) -> Moment:
        passer = walk(other, rhythm.cycles(t), 0.14)
        passer.root = np.array([way * (start + speed * t), 0.0, -0.75])
        passer.heading = way * np.pi / 2
        return Moment(idle(base, drift(t)), props, {"adult": passer})

    return Programme("adult passes", at, body_framing(stage, name, 1.15), back=1.6)


@behaviour(0, "empty room", 3.0)
def empty_room(stage: Stage) -> Programme:
    """Nobody is there."""
    h = stage.body.height
    framing = Framing(np.array([0.0, 0.5 * h, 0.0]), stage.draw(0.6, 1.8) * h)
    return Programme("empty room", lambda t: Moment(), framing, person=False)


@behaviour(0, "toy alone", 1.0)
def toy_alone(stage: Stage) -> Programme:
    """A toy on the floor and nobody to play with it."""
    h = stage.body.height
    colours = palette(stage, 3)
    shapes: list[Shape] = []
    for k in range(int(stage.rng.integers(1, 4))):
        at = np.array([stage.draw(-0.25, 0.25), 0.0, stage.draw(-0.2, 0.2)])
        shapes += item(
            str(stage.rng.choice(["block", "ball", "cup", "car"])),
            at,
            stage.draw(0.06, 0.14),
            colours[k],
            stage.draw(0, 3),
            0,
        )
    if stage.chance(0.4):
        shapes += patterned_disc(np.array([0.0, 0.02, 0.0]), UP, 0.12, stage.draw(0, 6.0), colours, 4, 0)
    framing = Framing(np.array([0.0, 0.1, 0.0]), stage.draw(0.4, 1.0) * h, pitch=(0.2, 0.8))
    return Programme("toy alone", lambda t: Moment(None, shapes), framing, person=False)


@behaviour(0, "gesturing", 1.0)
def gesturing(stage: Stage) -> Programme:
    """Hands move as in talking: never together, never in a beat."""
    base, props, name = posture(stage, 0.35, 0.3, stage.draw(-0.9, 0.9))
    drift, hands = Wander(stage.rng, (0.1, 0.45), 6), Wander(stage.rng, (0.25, 0.8), 6)
    height = stage.draw(-0.2, -0.08)
    sides = (0, 1) if stage.chance(0.6) else (stage.side(),)

    def at(t: float) -> Moment:
        pose = idle(base, drift(t))
        sway = hands(t).reshape(2, 3) * [0.035, 0.05, 0.03]
        pose.hands, pose.fingers_to = pose.hands.copy(), base.fingers_to.copy()
        for side in sides:
            sign = 1.0 if side == 0 else -1.0
            pose.hands[side] = np.array([sign * 0.13, height, 0.17]) + sway[side]
            pose.fingers_to[side] = [0.3 * sign, 0.6, 0.8]
        pose.curl = np.full((2, 5), 0.2)
        return Moment(pose, props)

    return Programme("gesturing", at, body_framing(stage, name))


@behaviour(0, "turning once", 0.8)
def turning_once(stage: Stage) -> Programme:
    """Turns to face another way, once, and stays."""
    first = stage.draw(-np.pi, np.pi)
    base = standing(stage, first)
    turn = stage.draw(0.9, 2.8) * (1 if stage.chance(0.5) else -1)
    start, length = stage.draw(-0.4, 1.4), stage.draw(0.9, 1.6)
    drift = Wander(stage.rng, (0.1, 0.45), 6)

    def at(t: float) -> Moment:
        u = smooth((t - start) / length)
        pose = idle(base, drift(t))
        pose.heading = first + turn * u
        moving = 4 * u * (1 - u)
        step = np.sin(2 * np.pi * 1.5 * (t - start) + np.array([0.0, np.pi]))
        pose.feet = base.feet + np.stack(
            [np.zeros(2), 0.03 * moving * np.maximum(step, 0), 0.02 * moving * step], axis=1
        )
        return Moment(pose)

    return Programme("turning once", at, body_framing(stage, "standing"))


@behaviour(0, "leaning once", 0.8)
def leaning_once(stage: Stage) -> Programme:
    """Leans forward or aside, stays there, perhaps comes back: no rhythm."""
    base, props, name = posture(stage, 0.45, 0.35, stage.draw(-1.3, 1.3))
    tilt = np.array([stage.draw(0.25, 0.55), 0.0]) if stage.chance(0.6) else np.array([0.05, stage.draw(-0.4, 0.4)])
    start, length, stay = stage.draw(-0.5, 1.0), stage.draw(0.8, 1.4), stage.draw(1.2, 4.0)
    drift = Wander(stage.rng, (0.1, 0.45), 6)

    def at(t: float) -> Moment:
        u = smooth((t - start) / length) - smooth((t - start - length - stay) / length)
        pose = idle(base, drift(t))
        pose.lean = pose.lean + tilt * u
        return Moment(pose, props)

    return Programme("leaning once", at, body_framing(stage, name, 1.05))


@behaviour(0, "stacking", 0.9)
def stacking(stage: Stage) -> Programme:
    """Builds a tower of blocks: one on the other, slowly."""
    place = workplace(stage)
    n = int(stage.rng.integers(4, 7))
    size = stage.draw(0.05, 0.07)
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    done = int(stage.rng.integers(1, n - 1))
    heap = scatter(stage, n, (0.08, 0.22), (place.near, place.far), place.height, size) * [sign, 1, 1]
    foot = np.array([-0.03 * sign, place.height, place.near + 0.08])
    tower = foot + np.arange(n)[:, None] * [0.0, size, 0.0] + stage.rng.uniform(-0.006, 0.006, (n, 3)) * [1, 0, 1]
    moves = Transfers(heap, tower, stage.draw(1.3, 2.0), 0.0, 0.08, size * 0.9)
    moves.start = done * moves.period
    colours = palette(stage, 4)
    shapes: list[list[object]] = [
        ["block", size, colours[k % 4], place.pose.heading + stage.draw(-0.2, 0.2)] for k in range(n)
    ]
    return transfer_programme(stage, "stacking", place, moves, side, shapes, [])


@behaviour(0, "standing up", 0.8)
def standing_up(stage: Stage) -> Programme:
    """Gets up from a chair, or sits down on it, once."""
    low = sitting_on_chair(stage, stage.draw(-1.2, 1.2))
    props = chair(stage, low)
    high = standing(stage, low.heading)
    high.pelvis = high.pelvis + vec(0.0, 0.0, stage.body.thigh * 0.8)
    high.feet = high.feet * [1, 1, 0] + low.feet * [0, 0, 1]
    start, length = stage.draw(-0.3, 1.2), stage.draw(0.9, 1.5)
    up = stage.chance(0.5)
    drift = Wander(stage.rng, (0.1, 0.45), 6)

    def at(t: float) -> Moment:
        u = smooth((t - start) / length)
        u = u if up else 1 - u
        pose = idle(low.mix(high, u), drift(t))
        pose.lean = pose.lean + np.array([0.7 * 4 * u * (1 - u), 0.0])
        return Moment(pose, props)

    h = stage.body.height
    return Programme("standing up", at, Framing(np.array([0.0, 0.5 * h, 0.1]), stage.draw(1.1, 1.35) * h, breadth=0.7))
