"""Label 0, filmed from as near as labels 4–7, 9 and 10: neither a table, a toy nor a close-up gives a label away."""

from __future__ import annotations

import copy
from itertools import pairwise

import numpy as np

from models.simulator.behaviours.extremities import (
    FOOT_SPAN,
    HAND_SPAN,
    at_table,
    flat_hands,
    hand_framing,
    hand_shadows,
)
from models.simulator.behaviours.objects import scatter, task_framing, work_pose, workplace
from models.simulator.behaviours.registry import behaviour
from models.simulator.motion import (
    Framing,
    Moment,
    Programme,
    Stage,
    Transfers,
    Wander,
    sitting_on_chair,
    smooth,
    to_world,
)
from models.simulator.props import ON_TABLE, bowl, chair, item, palette, patterned_disc
from models.simulator.shapes import UP, Panel, Points, Shape, capsule, vec


@behaviour(0, "reaching", 1.3)
def reaching(stage: Stage) -> Programme:
    """Takes one toy, looks at it, keeps it: a single transfer, then stillness."""
    place = workplace(stage)
    side = stage.side()
    n = int(stage.rng.integers(1, 5))
    size, kind = stage.draw(0.05, 0.08), str(stage.rng.choice(["block", "ball", "cup", "car"]))
    spots = scatter(stage, n, (-0.2, 0.2), (place.near + 0.04, place.far + 0.03), place.height, size)
    colours = palette(stage, n)
    target = np.array([stage.draw(-0.05, 0.05), place.height + stage.draw(0.0, 0.14), place.near + 0.02])
    moves = Transfers(spots[:1], target[None], stage.draw(1.5, 2.6), stage.draw(-0.8, 0.6), 0.05, size * 0.9)
    drift = Wander(stage.rng, (0.2, 0.6), 3)
    h = stage.body.height

    def at(t: float) -> Moment:
        hand, moved, _ = moves.at(max(t, -moves.start))
        pose = work_pose(stage, place, hand + vec(0, 0, -0.06), side, 0.6, drift(t))
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
        along = (np.arange(n) - n / 2) * size * 1.3
        spots = np.stack([along, np.full(n, place.height), np.full(n, place.far)], axis=1)
    else:
        spots = scatter(stage, n, (-0.2, 0.2), (place.near + 0.05, place.far + 0.05), place.height, size)
    if arrangement == "bowls":
        for x in (-0.22, 0.22):
            fixed += bowl(
                to_world(place.pose, stage.body, np.array([x, place.height, place.far])),
                0.1 * h,
                stage.cloth(),
            )
    if arrangement == "disc":
        spots = spots[:1] + vec(0.12, 0, 0)
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
    others = scatter(
        stage,
        int(stage.rng.integers(0, 4)) + 1,
        (-0.26, 0.26),
        (place.near + 0.08, place.far + 0.08),
        place.height,
        size,
    )
    centre = np.array([0.0, place.height, 0.5 * (place.near + place.far)])

    def at(t: float) -> Moment:
        p = path(t)
        spot = centre + np.array([0.13 * p[0], 0.05 * max(p[1], 0.0), 0.06 * p[2]])
        pose = work_pose(stage, place, spot + vec(0, size * 0.9, -0.06), side, 0.8, drift(t))
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
    ink = stage.cloth()
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
        for a, b in pairwise(trail):
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
            pose.hands[side] += target * u + vec(0.0, 0.05 * 4 * u * (1 - u), 0.0)
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
    framing = Framing(
        to_world(base, stage.body, spot), stage.draw(0.22, 0.45) * stage.body.height, (-0.9, 0.9), (-0.05, 0.5)
    )
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
        pose.feet[side] += step * u + vec(0.0, 0.03 * 4 * u * (1 - u), 0.0)
        return Moment(pose, props)

    spot = base.feet[side] * [0.6, 1.0, 1.0] + vec(0.0, 0.06, 0.03)
    framing = Framing(
        to_world(base, stage.body, spot), stage.draw(*FOOT_SPAN) * stage.body.height, (-1.0, 1.0), (0.15, 0.7)
    )
    return Programme("feet at rest", at, framing, True)
