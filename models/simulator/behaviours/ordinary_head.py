"""Label 0, seen from near: what heads, mouths and hands at the mouth ordinarily do, once and for a purpose."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from models.simulator.behaviours.extremities import at_table
from models.simulator.behaviours.head import BEHIND, HEAD_SPAN, near, panel_at, strike
from models.simulator.behaviours.mouthing import ARMS_LAYER, fresh, hand_at, mouth_of
from models.simulator.behaviours.ordinary import idle
from models.simulator.behaviours.registry import behaviour
from models.simulator.behaviours.whole_body import posture
from models.simulator.body import Pose, solve
from models.simulator.motion import (
    Framing,
    Moment,
    Programme,
    Stage,
    Wander,
    sitting_on_chair,
    sitting_on_floor,
    smooth,
    to_world,
)
from models.simulator.props import ON_TABLE, chair
from models.simulator.shapes import Hull, Panel, Points, Shape, cuboid, disc, heading_axes, shade, vec

START = (-0.4, 1.0)  # seconds into the clip
NOD_RATE = (1.2, 1.9)  # Hz
NOD_ANGLE = (0.2, 0.38)  # radians
NO_RATE = (1.0, 1.5)  # Hz, slower and smaller than head shaking
NO_ANGLE = (0.25, 0.45)  # radians
SHOULDER_ANGLE = (0.8, 1.1)  # radians, over the shoulder
VISIT = (1.4, 2.4)  # seconds from raising the hand to having lowered it
UPPER_SPAN = (0.38, 0.6)  # height of the picture, body heights
SLOW = (0.1, 0.45)  # Hz, breathing and small shifts of weight


def visit(t: float, start: float, length: float) -> float:
    """0 at rest, 1 while there: up, a stay, and down again, once."""
    u = (t - start) / length
    return smooth(u * 3.5) * (1.0 - smooth((u - 0.7) * 3.5))


def head_gesture(stage: Stage, name: str, move: Callable[[Pose, float], None]) -> Programme:
    """A child seen from near who is at rest but for what `move(pose, t)` adds."""
    place, drift = near(stage), Wander(stage.rng, SLOW, 6)

    def at(t: float) -> Moment:
        pose = idle(place.pose, drift(t))
        move(pose, t)
        return Moment(pose, place.props)

    return Programme(name, at, place.framing, face=True)


def hand_gesture(
    stage: Stage,
    name: str,
    share: Callable[[float], float],
    reach: Callable[[Pose, float], None],
    held: Callable[[Pose], list[Shape]] = lambda _: [],
) -> Programme:
    """A child seen from near whose hands go where `reach(pose, t)` puts them, as far as `share(t)` says.

    `held(pose)` draws what the hands then hold.
    """
    place, drift = near(stage, UPPER_SPAN, 0.12), Wander(stage.rng, SLOW, 6)

    def at(t: float) -> Moment:
        rest = fresh(idle(place.pose, drift(t)))
        there = fresh(rest)
        reach(there, t)
        pose = rest.mix(there, share(t))
        return Moment(pose, place.props + held(pose))

    return Programme(name, at, place.framing, True, (0, ARMS_LAYER), face=True)


def in_hand(stage: Stage, pose: Pose, side: int, beyond: float = 0.055) -> tuple[Points, Points]:
    """World place of what a hand holds, `beyond` body heights from the wrist, and the direction of its fingers."""
    j = solve(stage.body, pose)
    along = j.hand_axes[side, 2]
    return j.wrists[side] + along * beyond * stage.body.height, along


@behaviour(0, "nodding once", 0.7)
def nodding_once(stage: Stage) -> Programme:
    """A nod or two in answer."""
    start, rate, angle = stage.draw(*START), stage.draw(*NOD_RATE), stage.draw(*NOD_ANGLE)
    nods = int(stage.rng.integers(1, 3))

    def move(pose: Pose, t: float) -> None:
        u = (t - start) * rate
        if 0.0 < u < nods:
            pose.head = pose.head + vec(0.0, angle * (0.5 - 0.5 * float(np.cos(2 * np.pi * u))), 0.0)

    return head_gesture(stage, "nodding once", move)


@behaviour(0, "saying no once", 0.8)
def saying_no(stage: Stage) -> Programme:
    """The head goes to one side and the other once, in answer, and comes to rest."""
    start, rate, angle = stage.draw(*START), stage.draw(*NO_RATE), stage.draw(*NO_ANGLE)
    way = 1.0 if stage.chance(0.5) else -1.0

    def move(pose: Pose, t: float) -> None:
        u = (t - start) * rate
        if 0.0 < u < 1.0:
            pose.head = pose.head + vec(way * angle * float(np.sin(2 * np.pi * u)), 0.0, 0.0)

    return head_gesture(stage, "saying no once", move)


@behaviour(0, "looking over the shoulder", 0.8)
def over_the_shoulder(stage: Stage) -> Programme:
    """Turns once to what is behind or beside, gaze first and trunk along, and back after a while."""
    start, length, angle = stage.draw(*START), stage.draw(1.6, 3.5), stage.draw(*SHOULDER_ANGLE)
    way = 1.0 if stage.chance(0.5) else -1.0

    def move(pose: Pose, t: float) -> None:
        share = visit(t, start, length)
        pose.head = pose.head + vec(way * angle * share, 0.0, 0.0)
        pose.twist = 0.4 * way * share
        pose.gaze = np.array([0.8 * way * visit(t, start - 0.15, length), 0.0])

    return head_gesture(stage, "looking over the shoulder", move)


@behaviour(0, "tilting once", 0.6)
def tilting_once(stage: Stage) -> Programme:
    """The head leans a little to one side, as one does who wonders, and straightens."""
    start, length, angle = stage.draw(*START), stage.draw(1.0, 1.8), stage.draw(0.2, 0.38)
    way = 1.0 if stage.chance(0.5) else -1.0

    def move(pose: Pose, t: float) -> None:
        pose.head = pose.head + vec(0.0, 0.0, way * angle * visit(t, start, length))

    return head_gesture(stage, "tilting once", move)


@behaviour(0, "a book on the lap", 0.9)
def looking_at_a_book(stage: Stage) -> Programme:
    """Sits with a book or toy on the lap, held with both hands, and looks down at it; now and then looks up."""
    heading = stage.draw(-0.7, 0.7)
    floor = stage.chance(0.6)
    base = sitting_on_floor(stage, heading, ("crossed", "out")) if floor else sitting_on_chair(stage, heading)
    props = [] if floor else chair(stage, base)
    base.lean = np.array([stage.draw(0.08, 0.25), 0.0])
    place = base.pelvis + vec(0.0, 0.12, 0.21)
    book, colour, h = stage.chance(0.6), stage.cloth(), stage.body.height
    spot = to_world(base, stage.body, place)
    wide = stage.draw(0.17, 0.22) if book else stage.draw(0.08, 0.12)
    thing: list[Shape] = [
        *cuboid(spot, (wide * h, (0.015 if book else 0.08) * h, 0.13 * h), colour, heading, ARMS_LAYER)
    ]
    base.anchor = np.zeros(2)
    base.hands = np.array([[0.5 * wide + 0.015, place[1] + 0.02, 0.18], [-0.5 * wide - 0.015, place[1] + 0.02, 0.18]])
    base.fingers_to = np.array([[-0.3, 0.1, 1.0], [0.3, 0.1, 1.0]])
    drift, bow = Wander(stage.rng, SLOW, 6), stage.draw(0.4, 0.65)
    start, length, up = stage.draw(-1.5, 2.0), stage.draw(1.0, 1.8), stage.draw(0.5, 1.0)

    def at(t: float) -> Moment:
        d = drift(t)
        pose = idle(base, d)
        bowed = bow * (1.0 - up * visit(t, start, length))
        pose.head = np.array([0.12 * d[4], bowed + 0.05 * d[5], 0.05 * d[0]])
        pose.gaze = np.array([0.0, -bowed])
        return Moment(pose, props + thing)

    centre = to_world(base, stage.body, base.pelvis + vec(0.0, 0.28, 0.1))
    framing = Framing(centre, stage.draw(0.6, 0.8) * h, pitch=(0.05, 0.4))
    return Programme("a book on the lap", at, framing, True, (0, ARMS_LAYER))


@behaviour(0, "head on hand", 0.8)
def head_on_hand(stage: Stage) -> Programme:
    """Sits at a table, an elbow on it, and leans the cheek on the hand."""
    base, props, height = at_table(stage, stage.draw(-0.4, 0.4))
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    base.lean, base.head = np.array([0.3, sign * 0.12]), vec(0.0, 0.1, sign * stage.draw(0.12, 0.3))
    mouth = mouth_of(stage.body, base)
    base = fresh(base)
    cheek = mouth.at + sign * mouth.left * 0.8 * mouth.radius - mouth.up * 0.15 * mouth.radius
    hand_at(base, side, mouth.local(cheek), mouth.direction(sign * 0.15, 1.0, -0.1), stage.draw(0.1, 0.9), 0.05)
    base.elbows[side] = np.array([0.6 * sign, -1.0, 0.6])
    base.hands[1 - side] = np.array([-sign * 0.06, height + 0.025, 0.24])
    base.anchor[1 - side] = 0.0
    base.fingers_to[1 - side], base.palms_to[1 - side] = vec(sign, 0.0, 0.4), vec(0.0, -1.0, 0.0)
    drift = Wander(stage.rng, SLOW, 4)

    def at(t: float) -> Moment:
        pose, d = copy.copy(base), drift(t)
        pose.gaze = 0.5 * d[:2]
        pose.lean = base.lean + 0.008 * d[2:]
        return Moment(pose, props)

    framing = Framing(mouth.at - vec(0.0, 0.08, 0.0), stage.draw(*HEAD_SPAN) * stage.body.height, (-0.45, 0.45))
    return Programme("head on hand", at, framing, True, (0, ON_TABLE), ON_TABLE, face=True)


@behaviour(0, "a drink from a cup", 0.9)
def drinking(stage: Stage) -> Programme:
    """A cup goes to the mouth, is tipped, and is put down."""
    side, start, length = stage.side(), stage.draw(*START), stage.draw(1.6, 3.0)
    sign = 1.0 if side == 0 else -1.0
    colour, size = stage.cloth(), stage.draw(0.055, 0.075) * stage.body.height

    def share(t: float) -> float:
        return visit(t, start, length)

    def reach(pose: Pose, t: float) -> None:
        tip = visit(t, start + 0.3, length - 0.6)
        pose.head = vec(0.0, -0.3 * tip, 0.0)
        pose.mouth = 0.2
        mouth = mouth_of(stage.body, pose)
        rim = mouth.local(mouth.at + mouth.forward * 0.5 * size - mouth.up * 0.5 * size)
        hand_at(pose, side, rim, vec(-0.8 * sign, 0.5 + 0.3 * tip, 0.1), 0.6)

    def held(pose: Pose) -> list[Shape]:
        middle, _ = in_hand(stage, pose, side)
        # The cup is tipped as far as the head goes back.
        back = float(np.clip(-pose.head[1] / 0.3, 0.0, 1.0))
        axis = vec(0.0, 1.0, 0.0) - 0.55 * back * heading_axes(pose.heading)[2]
        axis /= np.linalg.norm(axis)
        rim = disc(middle + axis * 0.75 * size, axis, 0.42 * size, 12)
        ends = np.array([middle - axis * 0.45 * size, middle + axis * 0.4 * size])
        body = Hull(ends, np.array([0.34, 0.42]) * size, colour, ARMS_LAYER, 0.0)
        return [body, Panel(rim, shade(colour, 0.6), ARMS_LAYER, -0.01)]

    return hand_gesture(stage, "a drink from a cup", share, reach, held)


@behaviour(0, "eating a biscuit", 0.9)
def eating(stage: Stage) -> Programme:
    """The hand brings a biscuit to the mouth for a bite and takes it away; then the mouth chews, closed."""
    side, start, length = stage.side(), stage.draw(*START), stage.draw(1.0, 1.5)
    sign = 1.0 if side == 0 else -1.0
    colour = (stage.rng.integers([150, 95, 45], [226, 165, 100])).tolist()
    size = stage.draw(0.02, 0.032) * stage.body.height
    pause, low = stage.draw(1.6, 2.6), stage.draw(-0.2, -0.1)

    def share(t: float) -> float:
        return visit((t - start) % (length + pause), 0.0, length)

    def reach(pose: Pose, t: float) -> None:
        pose.head = pose.head + vec(0.0, 0.12, 0.0)
        pose.mouth = 0.5
        mouth = mouth_of(stage.body, pose)
        place = mouth.local(mouth.at + mouth.forward * 0.6 * size)
        hand_at(pose, side, place, vec(-0.6 * sign, 1.0, -0.3), 0.6, 0.075)

    def held(pose: Pose) -> list[Shape]:
        middle, along = in_hand(stage, pose, side, 0.08)
        normal = vec(0.2, 0.3, 1.0)
        return [Panel(disc(middle + along * 0.2 * size, normal / np.linalg.norm(normal), size, 12), tuple(colour), 1)]

    ready = hand_gesture(stage, "eating a biscuit", share, reach, held)

    def at(t: float) -> Moment:
        moment = ready.at(t)
        pose = moment.pose
        if pose is not None:
            pose.mouth = max(pose.mouth, 0.08 + 0.07 * float(np.sin(2 * np.pi * 1.6 * t)))
            pose.hands[side, 1] += (low + 0.23) * (1.0 - share(t))
        return moment

    return replace(ready, at=at)


@behaviour(0, "wiping the mouth", 0.8)
def wiping(stage: Stage) -> Programme:
    """The back of a hand goes over the mouth once, from one side to the other."""
    side, start, length = stage.side(), stage.draw(*START), stage.draw(*VISIT)
    sign = 1.0 if side == 0 else -1.0

    def share(t: float) -> float:
        return visit(t, start, length)

    def reach(pose: Pose, t: float) -> None:
        mouth = mouth_of(stage.body, pose)
        across = 0.6 - 1.2 * smooth((t - start) / length * 2.0 - 0.5)
        place = mouth.at + mouth.forward * 0.15 * mouth.radius - sign * across * mouth.left * mouth.radius
        hand_at(pose, side, mouth.local(place), vec(-sign, 0.3, 0.1), 0.3)
        pose.palms_to[side] = vec(0.0, -0.4, 1.0)
        pose.elbows[side] = vec(sign, -0.5, 0.1)

    return hand_gesture(stage, "wiping the mouth", share, reach)


@behaviour(0, "adjusting the collar", 0.8)
def adjusting_collar(stage: Stage) -> Programme:
    """Both hands go to the neckline, put it right, and come down."""
    start, length = stage.draw(*START), stage.draw(*VISIT)

    def share(t: float) -> float:
        return visit(t, start, length)

    def reach(pose: Pose, t: float) -> None:
        pose.head = pose.head + vec(0.0, 0.25, 0.0)
        apart = 0.035 + 0.03 * smooth((t - start) / length * 3.0 - 1.0)
        for side, sign in ((0, 1.0), (1, -1.0)):
            pose.hands[side] = np.array([sign * (apart + 0.03), -0.05, 0.1])
            pose.fingers_to[side] = np.array([-0.5 * sign, 1.0, -0.4])
            pose.palms_to[side] = np.array([-0.6 * sign, 0.0, -1.0])
            pose.elbows[side] = np.array([0.9 * sign, -1.0, 0.0])
            pose.curl[side] = 0.6

    return hand_gesture(stage, "adjusting the collar", share, reach)


@behaviour(0, "whispering", 0.7)
def whispering(stage: Stage) -> Programme:
    """A hand is held beside the mouth, which speaks; the head is turned to whom it tells."""
    side, start = stage.side(), stage.draw(-1.0, 1.0)
    sign = 1.0 if side == 0 else -1.0
    length, turn = stage.draw(2.0, 3.0), stage.draw(0.2, 0.6)
    speech = Wander(stage.rng, (2.0, 4.0))

    def share(t: float) -> float:
        return visit(t, start, length)

    def reach(pose: Pose, t: float) -> None:
        pose.head = pose.head + vec(-sign * turn, 0.0, -sign * 0.1)
        pose.mouth = float(np.clip(0.2 + 0.25 * speech(t)[0], 0.0, 0.5))
        mouth = mouth_of(stage.body, pose)
        place = mouth.at + sign * mouth.left * 0.75 * mouth.radius + mouth.forward * 0.2 * mouth.radius
        hand_at(pose, side, mouth.local(place), mouth.direction(0.1 * sign, 1.0, 0.25), 0.05)
        pose.palms_to[side] = vec(-sign, 0.0, 0.2)

    return hand_gesture(stage, "whispering", share, reach)


@behaviour(0, "resting against a wall", 0.8)
def resting(stage: Stage) -> Programme:
    """Sits or stands beside a wall or cupboard, the head leant on it, and looks about."""
    way = 1.0 if stage.chance(0.5) else -1.0
    base, props, _ = posture(stage, 0.6, 0.2, way * stage.draw(-0.1, 0.35))
    base.lean, base.head = np.array([0.0, way * stage.draw(0.1, 0.25)]), vec(0.0, 0.0, way * stage.draw(0.0, 0.25))
    head = strike(stage, base, base.lean, base.head).head
    side = float(head[0]) + way * 0.38 * stage.body.head
    height = float(head[1]) + stage.draw(0.12, 0.35)
    board = panel_at(stage, base, vec(side + way * 0.13, 0.0, -0.35), (0.26, height, 0.9), BEHIND)
    drift = Wander(stage.rng, SLOW, 6)
    comes, start = stage.chance(0.3), stage.draw(0.0, 2.0)

    def at(t: float) -> Moment:
        pose, d = copy.copy(base), drift(t)
        away = 1.0 - smooth((t - start) / 1.2) if comes else 0.0
        pose.lean = base.lean * (1.0 - 1.4 * away) + 0.01 * d[:2]
        pose.head = base.head + vec(0.25 * d[2], 0.06 * d[3], 0.0)
        pose.gaze = 0.5 * d[4:]
        return Moment(pose, props + board)

    centre = to_world(base, stage.body, vec(0.4 * side, float(head[1]) - 0.1, 0.0))
    framing = Framing(centre, stage.draw(0.5, 0.72) * stage.body.height, (-0.3, 0.3), (0.0, 0.3))
    return Programme("resting against a wall", at, framing)
