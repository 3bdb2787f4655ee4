"""Label 0 with other people, toys and cups: what resembles labels 18, 20, 22, 35, 37 and 42, shared or done once."""

from __future__ import annotations

import numpy as np

from models.simulator.behaviours.extremities import at_table, flat_hands
from models.simulator.behaviours.handling import (
    chest_framing,
    cup_in_hand,
    cups_framing,
    embrace,
    held_cups,
    in_hand,
    toys,
    with_trunk,
)
from models.simulator.behaviours.objects import workplace
from models.simulator.behaviours.ordinary import idle, walk
from models.simulator.behaviours.registry import behaviour
from models.simulator.behaviours.social import Encounter, busy_with_a_toy, grasp, ring_framing
from models.simulator.behaviours.whole_body import posture
from models.simulator.body import Pose
from models.simulator.company import CHILD, Game, acting, heading_to, reach, to_own
from models.simulator.motion import (
    Framing,
    Moment,
    Programme,
    Rhythm,
    Stage,
    Wander,
    look_at,
    sitting_on_floor,
    smooth,
    standing,
    to_world,
)
from models.simulator.props import ON_TABLE, item
from models.simulator.shapes import UP, Points, Shape, heading_axes, vec
from models.simulator.vessels import Cup, cups

ONCE = (-0.3, 1.2)  # seconds at which what is done once begins
STEPS = (0.8, 1.2)  # Hz, both legs
NOD_RATE = (0.8, 1.6)  # Hz, now and then
CUP_HEIGHT = (0.1, 0.125)  # body heights


@behaviour(0, "playing together", 1.2)
def playing_together(stage: Stage) -> Programme:
    """The child is one of the ring: a ball goes round, or a tower grows."""
    others = [["peer"], ["adult"], ["peer", "second peer"], ["peer", "adult"]]
    roles = [CHILD, *others[int(stage.rng.choice(4, p=[0.35, 0.15, 0.35, 0.15]))]]
    game = Game.draw(stage, roles, np.zeros(3), np.pi / 2 + stage.draw(-0.6, 0.6))

    def at(t: float) -> Moment:
        poses, shapes = game.at(t)
        return Moment(poses.pop(CHILD), shapes, poses)

    return Programme("playing together", at, ring_framing(stage, np.zeros(3), stage.draw(1.5, 2.0)), back=2.2)


@behaviour(0, "one child and a toy", 0.8)
def one_child_and_a_toy(stage: Stage) -> Programme:
    """Plays on the floor, and nobody else is there to play with; seen from as far as company would be."""
    base = sitting_on_floor(stage, stage.draw(-np.pi, np.pi))
    base.root = vec(stage.draw(-0.4, 0.4), 0.0, stage.draw(-0.3, 0.3))
    alone = busy_with_a_toy(stage, base)
    framing = ring_framing(stage, np.zeros(3), stage.draw(1.3, 2.0))
    return Programme("one child and a toy", lambda t: Moment(*alone(t)), framing, back=2.2)


@behaviour(0, "walking with an adult", 0.9)
def walking_with_an_adult(stage: Stage) -> Programme:
    """An adult goes the same way as the child, beside or behind; nobody holds anybody."""
    grown = acting(stage, "adult")
    angle = stage.draw(-np.pi, np.pi)
    direction = vec(np.sin(angle), 0.0, np.cos(angle))
    base, other_base = standing(stage, angle), standing(grown, angle)
    steps, tread = Rhythm(stage.rng, STEPS, 0.03), Rhythm(stage.rng, (0.6, 0.9), 0.03)
    speed = stage.draw(0.3, 0.7)
    beside = heading_axes(angle)[0] * stage.draw(0.45, 0.7) * (1.0 if stage.chance(0.5) else -1.0)
    behind = direction * stage.draw(-0.95, 0.1)

    def at(t: float) -> Moment:
        pose, other = walk(base, steps.cycles(t), 0.1), walk(other_base, tread.cycles(t), 0.08)
        pose.root = direction * (speed * (t - 1.9) + 0.2) - beside / 2
        other.root = pose.root + beside + behind
        look_at(other, grown.body, to_own(other, grown.body, pose.root + direction + vec(0.0, 0.7, 0.0)))
        return Moment(pose, [], {"adult": other})

    span = stage.draw(1.15, 1.5)
    framing = Framing(vec(0.0, 0.44 * span, 0.0), span, (-0.6, 0.6), (0.0, 0.35), 1.05)
    return Programme("walking with an adult", at, framing, back=2.6)


@behaviour(0, "beside an adult", 0.8)
def beside_an_adult(stage: Stage) -> Programme:
    """Child and adult stand by each other, and look at each other or about."""
    grown = acting(stage, "adult")
    side = 1.0 if stage.chance(0.5) else -1.0
    base, other = standing(stage, stage.draw(-0.8, 0.8)), standing(grown, stage.draw(-1.0, 1.0))
    base.root, other.root = vec(-side * 0.28, 0.0, 0.1), vec(side * stage.draw(0.22, 0.45), 0.0, stage.draw(-0.2, 0.1))
    drift, gaze, sway = (Wander(stage.rng, (0.1, 0.45), 6) for _ in range(3))
    meets = stage.chance(0.5)

    def at(t: float) -> Moment:
        pose, grown_up = idle(base, drift(t)), idle(other, sway(t))
        look_at(grown_up, grown.body, to_own(other, grown.body, base.root + vec(0.0, 0.8 * stage.body.height, 0.0)))
        if meets:
            look_at(pose, stage.body, to_own(base, stage.body, other.root + vec(0.0, 1.4, 0.0)))
        pose.head = pose.head + np.array([0.35 * gaze(t)[0], 0.15 * gaze(t)[1], 0.0])
        return Moment(pose, [], {"adult": grown_up})

    span = stage.draw(1.15, 1.5)
    return Programme("beside an adult", at, Framing(vec(0.0, 0.44 * span, 0.0), span, (-0.5, 0.5), (0.0, 0.35)))


@behaviour(0, "given a toy", 0.9)
def given_a_toy(stage: Stage) -> Programme:
    """An adult stoops and hands the child a toy; the child takes it."""
    grown = acting(stage, "adult")
    side = 1.0 if stage.chance(0.5) else -1.0
    base = standing(stage, side * stage.draw(0.8, 1.4))
    other_base = standing(grown)
    other_base.root = vec(side * stage.draw(0.75, 0.9), 0.0, stage.draw(-0.1, 0.2))
    other_base.heading = heading_to(other_base.root, base.root)
    toy = toys(stage, 1, (0.1, 0.15))[0]
    h = stage.body.height
    chest = float(base.pelvis[1]) + stage.body.trunk
    kept = to_world(base, stage.body, vec(0.0, chest - 0.1, 0.19))
    offered = kept + (other_base.root - base.root) * 0.32
    start, length = stage.draw(*ONCE), stage.draw(0.8, 1.3)
    drift, sway = Wander(stage.rng, (0.15, 0.5), 6), Wander(stage.rng, (0.15, 0.5), 6)

    def at(t: float) -> Moment:
        gives = smooth((t - start + 0.8) / 0.8) * (1 - smooth((t - start - length * 0.6) / 0.7))
        takes = smooth((t - start) / (length * 0.5))
        draws = smooth((t - start - length * 0.5) / (length * 0.5))
        pose, other = idle(base, drift(t)), idle(other_base, sway(t))
        spot = offered + (kept - offered) * draws
        other.lean = other.lean + np.array([0.2 + 0.55 * gives, 0.0])
        before = to_world(other, grown.body, vec(0.0, 0.55, 0.2))
        place = spot if draws > 0.0 else before + (offered - before) * gives
        reach(other, grown.body, 1, (offered if draws > 0.0 else place) + vec(0.0, 0.0, 0.03), 0.3 + 0.7 * gives)
        for k in (0, 1):
            grip = heading_axes(base.heading)[0] * 0.05 * (1 if k == 0 else -1)
            grasp(pose, stage.body, k, spot + grip, takes)
        look_at(pose, stage.body, to_own(pose, stage.body, place))
        look_at(other, grown.body, to_own(other, grown.body, place))
        return Moment(pose, in_hand(toy, place, h, 0.0, 0), {"adult": other})

    span = stage.draw(1.1, 1.4)
    framing = Framing(other_base.root * 0.45 + vec(0.0, 0.46 * span, 0.0), span, (-0.4, 0.4), (0.0, 0.35), 1.0)
    return Programme("given a toy", at, framing, back=2.2)


@behaviour(0, "talking face to face", 1.2)
def talking_face_to_face(stage: Stage) -> Programme:
    """Both look at each other; the child nods now and then and talks with its hands, and so does the other."""
    meeting = Encounter.draw(stage)
    nod, sometimes = Rhythm(stage.rng, NOD_RATE, 0.2), Wander(stage.rng, (0.2, 0.45), 2)
    drift, sway, hands = (Wander(stage.rng, rate, 6) for rate in ((0.15, 0.5), (0.15, 0.5), (0.3, 0.9)))
    sides = (0, 1) if stage.chance(0.5) else (stage.side(),)
    lively = stage.draw(0.3, 1.0)

    def at(t: float) -> Moment:
        pose, other = idle(meeting.base, drift(t)), idle(meeting.partner_base, sway(t))
        other.lean = other.lean + np.array([0.14 + 0.06 * sway(t)[0], 0.12 * sway(t)[1]])
        own, partner = stage.body, meeting.partner.body
        look_at(pose, own, to_own(pose, own, meeting.eyes_of_partner(other)))
        look_at(other, partner, to_own(other, partner, meeting.eyes_of_child(pose, stage)))
        pose.head = pose.head + np.array([0.06 * drift(t)[4], 0.16 * nod.swell(t) * smooth(sometimes(t)[0]), 0.0])
        for side in sides:
            sign = 1.0 if side == 0 else -1.0
            wave = hands(t)[3 * side : 3 * side + 3]
            pose.hands[side] = vec(sign * 0.12, -0.17, 0.17) + lively * wave * [0.04, 0.06, 0.03]
        pose.mouth = 0.35 * max(float(sometimes(t)[1]), 0.0)
        return Moment(pose, meeting.props, {meeting.role: other})

    return Programme("talking face to face", at, meeting.framing, face=True)


@behaviour(0, "looking at a toy together", 0.8)
def looking_together(stage: Stage) -> Programme:
    """Somebody shows the child a toy: it looks at the toy, up at the face, and touches the toy."""
    meeting = Encounter.draw(stage)
    partner = meeting.partner.body
    toy = toys(stage, 1, (0.1, 0.14))[0]
    path, sway = Wander(stage.rng, (0.15, 0.4), 4), Wander(stage.rng, (0.15, 0.5), 6)
    drift = Wander(stage.rng, (0.15, 0.5), 6)
    shown = (meeting.partner_base.root - meeting.base.root) * 0.5
    shown = shown + vec(0.0, (float(meeting.base.pelvis[1]) + 0.55 * stage.body.trunk) * stage.body.height, 0.0)
    near = 1 if meeting.side > 0 else 0
    touching = stage.chance(0.6)

    def at(t: float) -> Moment:
        pose, other = idle(meeting.base, drift(t)), idle(meeting.partner_base, sway(t))
        other.lean = other.lean + np.array([0.2, 0.0])
        spot = shown + 0.04 * path(t)[:3]
        reach(other, partner, 1, spot + vec(0.0, -0.05, 0.0))
        if touching:
            grasp(pose, stage.body, near, spot, 0.9 * smooth(path(t)[3] + 0.6))
        look_at(other, partner, to_own(other, partner, spot))
        look_at(pose, stage.body, to_own(pose, stage.body, spot))
        at_toy = pose.head
        look_at(pose, stage.body, to_own(pose, stage.body, meeting.eyes_of_partner(other)))
        pose.head = at_toy + (pose.head - at_toy) * smooth(2.0 * float(path(t)[1]))
        return Moment(pose, [*meeting.props, *in_hand(toy, spot, stage.body.height, 0.0, 0)], {meeting.role: other})

    return Programme("looking at a toy together", at, meeting.framing, face=True)


@behaviour(0, "carrying one toy", 1.0)
def carrying_one_toy(stage: Stage) -> Programme:
    """One toy in the arms or in one hand; stands, sits or walks with it."""
    base, props, name = posture(stage, 0.3, 0.2, stage.draw(-0.6, 0.6))
    walking = name == "standing" and stage.posture is None and stage.chance(0.5)
    toy = toys(stage, 1, (0.09, 0.17))[0]
    hugged, side = stage.chance(0.6), stage.side()
    sign = 1.0 if side == 0 else -1.0
    drift = Wander(stage.rng, (0.15, 0.5), 6)
    steps, speed = Rhythm(stage.rng, STEPS, 0.03), stage.draw(0.12, 0.3)
    ahead = vec(np.sin(base.heading), 0.0, np.cos(base.heading))

    def at(t: float) -> Moment:
        pose = idle(base, drift(t))
        if walking:
            pose = walk(base, steps.cycles(t), 0.07)
            pose.root = ahead * speed * (t - 2.0)
        place = vec(0.0, -0.14, 0.15)
        if hugged:
            embrace(pose, 0.0)
        else:
            place = vec(sign * 0.1, -0.17, 0.2) + 0.015 * drift(t)[:3]
            pose.hands[side] = place + vec(0.0, 0.0, -0.06)
            pose.fingers_to = pose.fingers_to.copy()
            pose.fingers_to[side] = [0.0, 0.2, 1.0]
        pose.head = np.array([0.4 * drift(t)[4], 0.15 + 0.2 * drift(t)[5], 0.0])
        spot = with_trunk(stage, pose, place)
        return Moment(pose, [*props, *in_hand(toy, spot, stage.body.height, pose.heading, 1)])

    framing = chest_framing(stage, base, (0.75, 1.05) if walking else (0.55, 0.8))
    return Programme("carrying one toy", at, framing, True, (0, 1), 0)


@behaviour(0, "drinking from one of two cups", 1.0)
def drinking_from_one_of_two(stage: Stage) -> Programme:
    """Two cups stand on the table; the child drinks from one and puts it back."""
    base, props, height = at_table(stage, stage.draw(-0.4, 0.4))
    base.lean = np.array([stage.draw(0.05, 0.15), 0.0])
    high = stage.draw(*CUP_HEIGHT)
    pair = cups(stage, 0.4 * high * stage.body.height, high * stage.body.height)
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    home = vec(sign * 0.1, height + high / 2, 0.22)
    second = vec(-sign * stage.draw(0.06, 0.2), height + high / 2, stage.draw(0.24, 0.34))
    chest = float(base.pelvis[1]) + stage.body.trunk
    mouth = vec(0.0, chest + stage.body.neck + 0.22 * stage.body.head, 0.13)
    start, length = stage.draw(-0.8, 0.9), stage.draw(2.0, 3.2)
    drift = Wander(stage.rng, (0.2, 0.6), 6)
    levels = stage.rng.uniform(0.3, 0.85, 2)
    flat_hands(base, np.array([[0.1, height + 0.022, 0.2], [-0.1, height + 0.022, 0.2]]))

    def at(t: float) -> Moment:
        u = (t - start) / length
        up = smooth(u / 0.3) * (1 - smooth((u - 0.7) / 0.3))
        tilt = 0.75 * smooth((up - 0.75) / 0.25)
        axis = vec(0.0, np.cos(tilt), -np.sin(tilt))
        middle = home + (mouth + vec(0.0, -0.2 * high, 0.02) - home) * up
        pose = idle(base, drift(t))
        pose.hands, pose.fingers_to, pose.palms_to = pose.hands.copy(), base.fingers_to.copy(), base.palms_to.copy()
        pose.curl = base.curl.copy()
        cup_in_hand(pose, side, middle, UP, 0.4 * high)
        pose.fingers_to[side] = np.array([-0.6 * sign, 0.1, 1.0]) * (1 - up) + np.array([-1.0 * sign, 0.3, 0.1]) * up
        pose.head = pose.head + np.array([0.0, 0.2 * (1 - up) - 0.25 * tilt, 0.0])
        return Moment(
            pose, props + standing_cups(stage, pose, pair, [np.array([middle, axis]), np.array([second, UP])], levels)
        )

    framing = Framing(
        to_world(base, stage.body, vec(0.0, height + 0.14, 0.14)),
        stage.draw(0.46, 0.62) * stage.body.height,
        (-0.55, 0.55),
        (0.12, 0.5),
    )
    return Programme("drinking from one of two cups", at, framing, True, (0, ON_TABLE), ON_TABLE, rests=True)


def standing_cups(stage: Stage, pose: Pose, pair: tuple[Cup, Cup], places: list[Points], levels: Points) -> list[Shape]:
    """Two cups; a place is (2, 3): the middle in the child's frame, and the direction of the axis there."""
    shapes: list[Shape] = []
    for cup, (middle, axis), level in zip(pair, places, levels, strict=True):
        turned = axis @ heading_axes(pose.heading)
        shapes += cup.shapes(to_world(pose, stage.body, middle), turned, float(level), ON_TABLE)
    return shapes


@behaviour(0, "moving a cup once", 0.8)
def moving_a_cup_once(stage: Stage) -> Programme:
    """Two cups stand there, a hand at each; one is put elsewhere, upright, and that is all."""
    place = workplace(stage)
    high = stage.draw(*CUP_HEIGHT)
    pair = cups(stage, 0.4 * high * stage.body.height, high * stage.body.height)
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    z = place.near + stage.draw(0.03, 0.08)
    homes = np.array([[0.09, place.height + high / 2, z], [-0.09, place.height + high / 2, z]])
    target = homes[side] + vec(sign * stage.draw(0.03, 0.09), 0.0, stage.draw(-0.02, 0.08))
    start, length = stage.draw(*ONCE), stage.draw(0.7, 1.2)
    levels = stage.rng.uniform(0.2, 0.85, 2)
    drift = Wander(stage.rng, (0.2, 0.6), 6)

    def at(t: float) -> Moment:
        u = smooth((t - start) / length)
        middles = homes.copy()
        middles[side] = homes[side] + (target - homes[side]) * u + vec(0.0, 0.05 * 4 * u * (1 - u), 0.0)
        pose = held_cups(stage, place, middles, np.array([UP, UP]), 0.4 * high, drift(t))
        pose.head = pose.head + np.array([0.25 * drift(t)[4], 0.0, 0.0])
        return Moment(
            pose, place.props + standing_cups(stage, pose, pair, [np.array([m, UP]) for m in middles], levels)
        )

    layers, crown = place.programme
    return Programme("moving a cup once", at, cups_framing(stage, place, z), True, layers, crown)


@behaviour(0, "throwing to an adult", 0.9)
def throwing_to_an_adult(stage: Stage) -> Programme:
    """Throws a ball to an adult, once; the adult catches it and keeps it."""
    grown = acting(stage, "adult")
    side = 1.0 if stage.chance(0.5) else -1.0
    base = standing(stage, side * stage.draw(1.2, 1.7))
    other_base = standing(grown)
    other_base.root = vec(side * stage.draw(0.95, 1.2), 0.0, stage.draw(-0.1, 0.1))
    other_base.heading = heading_to(other_base.root, base.root)
    size, colour = stage.draw(0.13, 0.2), stage.cloth()
    start = stage.draw(0.0, 1.3)
    drift, sway = Wander(stage.rng, (0.15, 0.5), 6), Wander(stage.rng, (0.15, 0.5), 6)
    chest = float(base.pelvis[1]) + stage.body.trunk
    kept = to_world(base, stage.body, vec(0.0, chest - 0.13, 0.2))
    leaves = to_world(base, stage.body, vec(0.0, chest + 0.02, 0.27))
    caught = to_world(other_base, grown.body, vec(0.0, 0.62, 0.2))

    def at(t: float) -> Moment:
        throws = smooth((t - start + 0.35) / 0.35)
        way = float(np.clip((t - start) / 0.5, 0.0, 1.0))
        ball = kept + (leaves - kept) * throws if way == 0.0 else leaves + (caught - leaves) * way
        ball = ball + vec(0.0, 0.3 * 4 * way * (1 - way), 0.0)
        pose, other = idle(base, drift(t)), idle(other_base, sway(t))
        other.lean = other.lean + np.array([0.25, 0.0])
        pose.lean = pose.lean + np.array([0.12 * throws * (1 - way), 0.0])
        drop = smooth((t - start - 0.4) / 0.8)
        for k in (0, 1):
            aside = 0.5 * size * (1.0 if k == 0 else -1.0)
            mine = (kept + (leaves - kept) * throws) + heading_axes(base.heading)[0] * aside
            reach(pose, stage.body, k, mine, 1 - drop)
            reach(other, grown.body, k, caught + heading_axes(other_base.heading)[0] * aside)
        look_at(pose, stage.body, to_own(pose, stage.body, ball))
        look_at(other, grown.body, to_own(other, grown.body, ball))
        shapes = item("ball", ball - vec(0.0, size / 2, 0.0), size, colour, 0.0, 0)[1:]
        return Moment(pose, shapes, {"adult": other})

    span = stage.draw(1.15, 1.4)
    framing = Framing(other_base.root * 0.48 + vec(0.0, 0.48 * span, 0.0), span, (-0.4, 0.4), (0.0, 0.35), 1.1)
    return Programme("throwing to an adult", at, framing, back=2.2)
