"""Label 0: ordinary behaviour, as various as the listed ones and filmed from as near, so that neither a close-up nor a
table, a door or a toy alone gives a label away.
"""

from __future__ import annotations

import copy

import numpy as np

from models.simulator.behaviours.doors import BACK, door_framing, resting_door
from models.simulator.behaviours.extremities import (
    FOOT_SPAN,
    HAND_SPAN,
    at_table,
    flat_hands,
    hand_framing,
    hand_shadows,
)
from models.simulator.behaviours.objects import _scatter, task_framing, work_pose, workplace
from models.simulator.behaviours.registry import behaviour
from models.simulator.behaviours.whole_body import body_framing, posture
from models.simulator.body import Pose, hand_targets
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
    to_world,
)
from models.simulator.pools import cloth
from models.simulator.props import ON_TABLE, bowl, chair, item, palette, patterned_disc
from models.simulator.shapes import UP, Panel, Points, Shape, capsule

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
    base, props, name = posture(stage, 0.4, 0.25, stage.draw(-2.5, 2.5))
    drift = Wander(stage.rng, (0.1, 0.45), 6)
    if stage.chance(0.3):
        base.hands = np.array([[0.03, -0.2, 0.12], [-0.03, -0.2, 0.13]])
    return Programme("standing", lambda t: Moment(idle(base, drift(t)), props), body_framing(stage, name))


@behaviour(0, "looking around")
def looking_around(stage: Stage) -> Programme:
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
    stride, radius = stage.draw(0.08, 0.12), stage.draw(0.45, 0.8)
    rhythm = Rhythm(stage.rng, STRIDE_RATE, 0.03)
    rate = stage.draw(0.4, 0.7) / radius * (1 if stage.chance(0.5) else -1)
    start = stage.draw(0, 2 * np.pi)

    def at(t: float) -> Moment:
        pose = walk(base, rhythm.cycles(t), stride)
        a = start + rate * t
        pose.root = radius * np.array([np.sin(a), 0.0, np.cos(a)])
        pose.heading = a + np.sign(rate) * np.pi / 2
        return Moment(pose)

    h = stage.body.height
    return Programme("walking in a curve", at, Framing(np.array([0.0, 0.5 * h, 0.0]), stage.draw(1.5, 1.9) * h), back=2.0)


@behaviour(0, "bending down")
def bending_down(stage: Stage) -> Programme:
    """Stoops to a toy on the floor once and comes up again with it."""
    base = standing(stage, stage.draw(-1.4, 1.4))
    side, colour = stage.side(), cloth(stage.rng, stage.split)
    start, length = stage.draw(-0.6, 1.0), stage.draw(1.0, 1.8)
    drift = Wander(stage.rng, (0.1, 0.45), 6)
    spot = np.array([0.05 if side == 0 else -0.05, 0.0, 0.24])
    kind = str(stage.rng.choice(["block", "ball", "cup"]))

    def at(t: float) -> Moment:
        down = smooth((t - start) / length * 2) if t < start + length / 2 else 1 - smooth((t - start - length / 2) / length * 2)
        pose = idle(base, drift(t))
        pose.lean = pose.lean + np.array([1.25 * down, 0.0])
        pose.pelvis = pose.pelvis + np.array([0.0, -0.14 * down, -0.06 * down])
        held = t > start + length / 2
        rest = np.array([0.1 if side == 0 else -0.1, -0.12, 0.16])
        pose.hands, pose.anchor = pose.hands.copy(), np.ones(2)
        reach = spot + [0.0, 0.08, 0.0]
        pose.anchor[side] = 1 - down
        pose.hands[side] = reach * down + (rest if held else base.hands[side]) * (1 - down)
        place = spot
        if held:
            place = hand_targets(stage.body, pose)[side] - [0.0, 0.07, -0.02]
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


@behaviour(0, "reaching", 1.3)
def reaching(stage: Stage) -> Programme:
    """Takes one toy, looks at it, keeps it: a single transfer, then stillness."""
    place = workplace(stage)
    side = stage.side()
    n = int(stage.rng.integers(1, 5))
    size, kind = stage.draw(0.05, 0.08), str(stage.rng.choice(["block", "ball", "cup", "car"]))
    spots = _scatter(stage, n, (-0.2, 0.2), (place.near + 0.04, place.far + 0.03), place.height, size)
    colours = palette(stage, n)
    target = np.array([stage.draw(-0.05, 0.05), place.height + stage.draw(0.0, 0.14), place.near + 0.02])
    moves = Transfers(spots[:1], target[None], stage.draw(1.5, 2.6), stage.draw(-0.8, 0.6), 0.05, size * 0.9)
    drift = Wander(stage.rng, (0.2, 0.6), 3)
    h = stage.body.height

    def at(t: float) -> Moment:
        hand, moved, _ = moves.at(max(t, -moves.start))
        pose = work_pose(stage, place, hand + [0, 0, -0.06], side, 0.6, drift(t))
        props = place.props + hand_shadows(stage, pose, place.height)
        for k, spot in enumerate(to_world(pose, stage.body, np.vstack([moved, spots[1:]]))):
            props = props + item(kind, spot, size * h, colours[k], 0.4 * k)
        return Moment(pose, props)

    layers, crown = place.programme
    return Programme("reaching", at, task_framing(stage, place), True, layers, crown)


@behaviour(0, "sitting with toys", 1.5)
def sitting_with_toys(stage: Stage) -> Programme:
    """Things lie about (a heap, a row, bowls, a disc) and nothing is done with them: hands rest, the child looks."""
    place = workplace(stage)
    h = stage.body.height
    kind, size = str(stage.rng.choice(["block", "ball", "cup", "car"])), stage.draw(0.045, 0.075)
    arrangement = stage.rng.choice(["heap", "row", "bowls", "disc"])
    n = int(stage.rng.integers(2, 8))
    colours = palette(stage, 3)
    fixed: list[Shape] = []
    if arrangement == "row":
        x = (np.arange(n) - n / 2) * size * 1.3
        spots = np.stack([x, np.full(n, place.height), np.full(n, place.far)], axis=1)
    else:
        spots = _scatter(stage, n, (-0.2, 0.2), (place.near + 0.05, place.far + 0.05), place.height, size)
    if arrangement == "bowls":
        for x in (-0.22, 0.22):
            fixed += bowl(to_world(place.pose, stage.body, np.array([x, place.height, place.far])), 0.1 * h, cloth(stage.rng, stage.split))
    if arrangement == "disc":
        spots = spots[:1] + [0.12, 0, 0]
        at_disc = to_world(place.pose, stage.body, np.array([-0.04, place.height + 0.02, place.near + 0.12]))
        fixed += patterned_disc(at_disc, UP, stage.draw(0.075, 0.12) * h, stage.draw(0, 6.0), colours, 4, ON_TABLE)
    for k, spot in enumerate(to_world(place.pose, stage.body, spots)):
        fixed += item(kind, spot, size * h, colours[k % 3], place.pose.heading + (0 if arrangement == "row" else k))
    drift = Wander(stage.rng, (0.15, 0.5), 3)
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    still = np.array([sign * stage.draw(0.03, 0.14), place.height + 0.03, place.near])

    def at(t: float) -> Moment:
        pose = work_pose(stage, place, still + 0.012 * drift(t), side, 0.3, drift(t))
        pose.head = pose.head + np.array([0.3 * drift(t)[1], 0.1 * drift(t)[2], 0.0])
        return Moment(pose, place.props + fixed + hand_shadows(stage, pose, place.height))

    layers, crown = place.programme
    return Programme("sitting with toys", at, task_framing(stage, place), True, layers, crown)


@behaviour(0, "free play", 1.3)
def free_play(stage: Stage) -> Programme:
    """Moves a toy about here and there, without row, groups or return."""
    place = workplace(stage)
    side = stage.side()
    h = stage.body.height
    size, kind = stage.draw(0.055, 0.085), str(stage.rng.choice(["ball", "cup", "car", "block"]))
    colours = palette(stage, 4)
    path = Wander(stage.rng, (0.12, 0.35), 3)
    drift = Wander(stage.rng, (0.2, 0.6), 3)
    others = _scatter(stage, int(stage.rng.integers(0, 4)) + 1, (-0.26, 0.26), (place.near + 0.08, place.far + 0.08), place.height, size)
    centre = np.array([0.0, place.height, 0.5 * (place.near + place.far)])

    def at(t: float) -> Moment:
        p = path(t)
        spot = centre + np.array([0.13 * p[0], 0.05 * max(p[1], 0.0), 0.06 * p[2]])
        pose = work_pose(stage, place, spot + [0, size * 0.9, -0.06], side, 0.8, drift(t))
        props = place.props + hand_shadows(stage, pose, place.height)
        for k, other in enumerate(to_world(pose, stage.body, others)):
            props = props + item(kind, other, size * h, colours[(k + 1) % 4], k)
        return Moment(pose, props + item(kind, to_world(pose, stage.body, spot), size * h, colours[0], 1.5 * p[1]))

    layers, crown = place.programme
    return Programme("free play", at, task_framing(stage, place), True, layers, crown)


@behaviour(0, "drawing", 1.3)
def drawing(stage: Stage) -> Programme:
    """A pencil over paper, with a line that grows."""
    place = workplace(stage)
    side = stage.side()
    h = stage.body.height
    path = Wander(stage.rng, (0.4, 1.2), 2)
    slow = Wander(stage.rng, (0.1, 0.3), 3)
    ink = cloth(stage.rng, stage.split)
    centre = np.array([0.0, place.height + 0.003, 0.5 * (place.near + place.far)])
    corners = centre + np.array([[-0.14, 0, -0.1], [0.14, 0, -0.1], [0.14, 0, 0.1], [-0.14, 0, 0.1]])
    paper = Panel(to_world(place.pose, stage.body, corners), (244, 243, 238), ON_TABLE, 0.4)

    def tip(t: float) -> Points:
        p, s = path(t), slow(t)
        return np.asarray(centre + np.array([0.035 * p[0] + 0.07 * s[0], 0.002, 0.025 * p[1] + 0.04 * s[1]]))

    def at(t: float) -> Moment:
        point = tip(t)
        sign = 1.0 if side == 0 else -1.0
        hand = point + np.array([sign * 0.03, 0.035, -0.085])
        pose = work_pose(stage, place, hand, side, 0.9, slow(t))
        trail = to_world(pose, stage.body, np.array([tip(t - 0.12 * k) for k in range(12)]))
        props: list[Shape] = [*place.props, paper, *hand_shadows(stage, pose, place.height)]
        for a, b in zip(trail, trail[1:], strict=False):
            line = capsule(a, b, 0.004 * h, 0.004 * h, ink, ON_TABLE, 0.3)
            line.flat = True
            props.append(line)
        a = to_world(pose, stage.body, point)
        b = to_world(pose, stage.body, point + np.array([sign * 0.04, 0.09, -0.06]))
        return Moment(pose, [*props, capsule(a, b, 0.003 * h, 0.007 * h, ink, ON_TABLE, -0.06)])

    layers, crown = place.programme
    return Programme("drawing", at, task_framing(stage, place, 0.9), True, layers, crown)


@behaviour(0, "hands at rest", 1.3)
def hands_at_rest(stage: Stage) -> Programme:
    """Near enough to see fingers, and they lie on the table; now and then the hand moves to another place."""
    base, props, height = at_table(stage, stage.draw(-0.3, 0.3))
    x, z = stage.draw(0.05, 0.11), stage.draw(0.2, 0.26)
    flat_hands(base, np.array([[x, height + 0.022, z], [-x, height + 0.022, z]]))
    base.lean = np.array([stage.draw(0.02, 0.15), 0.0])
    side = stage.side()
    drift = Wander(stage.rng, (0.1, 0.35), 6)
    moves = stage.chance(0.4)
    start, target = stage.draw(0.0, 2.0), np.array([stage.draw(-0.06, 0.06), 0.0, stage.draw(-0.04, 0.06)])

    def at(t: float) -> Moment:
        pose = copy.copy(base)
        pose.hands = base.hands + 0.004 * drift(t).reshape(2, 3) * [1, 0, 1]
        if moves:
            u = smooth((t - start) / 1.0)
            pose.hands[side] += target * u + [0.0, 0.05 * 4 * u * (1 - u), 0.0]
        pose.head = np.array([0.2 * drift(t)[0], 0.35, 0.0])
        return Moment(pose, props + hand_shadows(stage, pose, height))

    both = stage.chance(0.3)
    spot = np.array([0.0 if both else (x if side == 0 else -x), height + 0.03, z + 0.04])
    span = stage.draw(*HAND_SPAN) * (1.3 if both else 1.0)
    return Programme("hands at rest", at, hand_framing(stage, base, spot, span), True, (0, ON_TABLE), ON_TABLE)


@behaviour(0, "hands held up", 0.6)
def hands_held_up(stage: Stage) -> Programme:
    """Near; a hand is held before the body, almost still, or opens and closes once."""
    base = sitting_on_chair(stage, stage.draw(-0.5, 0.5))
    props = chair(stage, base)
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    drift = Wander(stage.rng, (0.1, 0.35), 6)
    height, forward, x = stage.draw(-0.14, 0.0), stage.draw(0.15, 0.22), stage.draw(0.07, 0.12)
    start, first, last = stage.draw(-0.5, 1.5), stage.draw(0.0, 0.9), stage.draw(0.0, 0.9)

    def at(t: float) -> Moment:
        pose = copy.copy(base)
        pose.hands = base.hands.copy()
        pose.hands[side] = np.array([sign * x, height, forward]) + 0.01 * drift(t)[:3]
        pose.fingers_to = base.fingers_to.copy()
        pose.fingers_to[side] = np.array([-0.2 * sign, 1.0, 0.25]) + 0.08 * drift(t)[3:]
        pose.palms_to = base.palms_to.copy()
        pose.palms_to[side] = [-0.6 * sign, 0.1, 0.7]
        pose.curl = np.full((2, 5), first + (last - first) * smooth((t - start) / 0.8))
        pose.head = np.array([0.2 * sign, 0.35, 0.0])
        return Moment(pose, props)

    spot = np.array([sign * x, base.pelvis[1] + stage.body.trunk + height + 0.05, forward])
    framing = Framing(to_world(base, stage.body, spot), stage.draw(0.26, 0.4) * stage.body.height, (-0.9, 0.9), (-0.05, 0.5))
    return Programme("hands held up", at, framing, True, (0, ON_TABLE), 0)


@behaviour(0, "feet at rest", 1.1)
def feet_at_rest(stage: Stage) -> Programme:
    """Near enough to see toes; the feet stand still, or one is put elsewhere once."""
    base = sitting_on_chair(stage, stage.draw(-1.1, 1.1))
    props = chair(stage, base)
    side = stage.side()
    raised = stage.chance(0.35)
    if raised:
        base.feet = base.feet + np.array([0.0, stage.draw(0.06, 0.13), stage.draw(0.05, 0.12)])
        base.toes = base.toes + np.array([0.0, 0.35])
    drift = Wander(stage.rng, (0.1, 0.35), 6)
    moves, start = stage.chance(0.5), stage.draw(0.0, 2.0)
    step = np.array([stage.draw(-0.02, 0.04), 0.0, stage.draw(-0.06, 0.06)])

    def at(t: float) -> Moment:
        pose = copy.copy(base)
        u = smooth((t - start) / 0.9) if moves else 0.0
        pose.feet = base.feet + 0.004 * drift(t).reshape(2, 3) * [1.0, float(raised), 1.0]
        pose.feet[side] += step * u + [0.0, 0.03 * 4 * u * (1 - u), 0.0]
        return Moment(pose, props)

    spot = base.feet[side] * [0.6, 1.0, 1.0] + [0.0, 0.06, 0.03]
    framing = Framing(to_world(base, stage.body, spot), stage.draw(*FOOT_SPAN) * stage.body.height, (-1.0, 1.0), (0.15, 0.7))
    return Programme("feet at rest", at, framing, True)


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
        return Moment(idle(base, drift(t)), props, passer)

    return Programme("adult passes", at, body_framing(stage, name, 1.15), back=1.6)


@behaviour(0, "empty room", 0.8)
def empty_room(stage: Stage) -> Programme:
    """Nobody is there."""
    h = stage.body.height
    framing = Framing(np.array([0.0, 0.5 * h, 0.0]), stage.draw(0.6, 1.8) * h)
    return Programme("empty room", lambda t: Moment(), framing, person=False)


@behaviour(0, "toy alone", 0.6)
def toy_alone(stage: Stage) -> Programme:
    """A toy on the floor and nobody to play with it."""
    h = stage.body.height
    colours = palette(stage, 3)
    shapes: list[Shape] = []
    for k in range(int(stage.rng.integers(1, 4))):
        at = np.array([stage.draw(-0.25, 0.25), 0.0, stage.draw(-0.2, 0.2)])
        shapes += item(str(stage.rng.choice(["block", "ball", "cup", "car"])), at, stage.draw(0.06, 0.14), colours[k], stage.draw(0, 3), 0)
    if stage.chance(0.4):
        shapes += patterned_disc(np.array([0.0, 0.02, 0.0]), UP, 0.12, stage.draw(0, 6.0), colours, 4, 0)
    framing = Framing(np.array([0.0, 0.1, 0.0]), stage.draw(0.4, 1.0) * h, pitch=(0.2, 0.8))
    return Programme("toy alone", lambda t: Moment(None, shapes), framing, person=False)


@behaviour(0, "standing up", 0.8)
def standing_up(stage: Stage) -> Programme:
    """Gets up from a chair, or sits down on it, once."""
    low = sitting_on_chair(stage, stage.draw(-1.2, 1.2))
    props = chair(stage, low)
    high = standing(stage, low.heading)
    high.pelvis = high.pelvis + [0.0, 0.0, stage.body.thigh * 0.8]
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

