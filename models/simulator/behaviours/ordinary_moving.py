"""Label 0: people who move from place to place for a reason, once, as anybody does: by, up, down, towards, away.

In: a `Stage`; out: programmes that resemble toe walking, running, pacing, jumping and climbing without being that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from models.simulator.behaviours.climbing import Level, ascent, box
from models.simulator.behaviours.locomotion import (
    RUN_RATE,
    RUNNING,
    WALK_RATE,
    WALKING,
    Gait,
    Place,
    jump,
    low_framing,
    straight,
    travel,
)
from models.simulator.behaviours.ordinary import idle
from models.simulator.behaviours.registry import behaviour
from models.simulator.body import Pose, hand_targets
from models.simulator.motion import (
    Framing,
    Moment,
    Programme,
    Rhythm,
    Stage,
    Wander,
    look_at,
    sitting_on_chair,
    sitting_on_floor,
    smooth,
    standing,
    to_world,
)
from models.simulator.props import chair, item, wood
from models.simulator.shapes import Points, Shape, ball, capsule, contact_shadow, cuboid, shade, vec

SPEED = (0.5, 1.15)  # metres per second, of children
ADULT_SPEED = (0.75, 1.25)
ADULT_RATE = (0.85, 1.1)  # Hz, both legs
RUN_SPEED = (1.5, 2.6)
FAR = (1.5, 2.6)  # span of the picture where the camera hangs in a corner, adult heights
ONCE = (0.9, 1.6)  # seconds that something takes which is done once
START = (-0.3, 1.0)  # seconds into the clip when it begins


def as_role(stage: Stage, role: str) -> Stage:
    """The stage with somebody else of the cast to act; the child where there is no cast."""
    return replace(stage, subject=stage.cast.get(role, stage.subject))


def walker(stage: Stage, grown: bool, place: Place, gait: Gait = WALKING) -> Callable[[float], Pose]:
    """Somebody of the stage's body who walks along a way and looks about a little."""
    base, rhythm = standing(stage), Rhythm(stage.rng, ADULT_RATE if grown else WALK_RATE, 0.03)
    gaze = Wander(stage.rng, (0.1, 0.4), 2)

    def at(t: float) -> Pose:
        pose = travel(base, stage.body, gait, rhythm, place, t)
        turn = gaze(t)
        pose.head = np.array([0.35 * turn[0], 0.08 + 0.1 * turn[1], 0.0])
        return pose

    return at


def hall(stage: Stage, height: float) -> Framing:
    """As a fixed camera sees a hall or a room: near for some, far and from above for others; height in metres."""
    span = stage.draw(1.1, 1.5) if stage.chance(0.5) else stage.draw(*FAR)
    return Framing(vec(0.0, 0.48 * height, 0.0), span * height, (-0.9, 0.9), (0.02, 0.6))


def crossing(stage: Stage, speed: float) -> Place:
    """A way across the picture, in depth a little, whose middle is reached during the clip."""
    side = np.pi / 2 if stage.chance(0.5) else -np.pi / 2
    return straight(side + stage.draw(-0.5, 0.5), speed, stage.draw(0.3, 3.2), stage.draw(-0.4, 0.4))


@behaviour(0, "passing by", 1.2)
def passing_by(stage: Stage) -> Programme:
    """A child walks in at one side and out at the other, once."""
    at = walker(stage, False, crossing(stage, stage.draw(*SPEED)))
    return Programme("passing by", lambda t: Moment(at(t)), hall(stage, stage.body.height), back=2.6)


@behaviour(0, "adult passing by", 1.2)
def adult_passing_by(stage: Stage) -> Programme:
    """A grown-up alone walks through the picture, across it or along it."""
    adult = as_role(stage, "adult")
    speed = stage.draw(*ADULT_SPEED)
    place = crossing(stage, speed)
    if stage.chance(0.3):
        way = 0.0 if stage.chance(0.5) else np.pi
        place = straight(way + stage.draw(-0.4, 0.4), 0.8 * speed, stage.draw(0.8, 2.6), stage.draw(-0.3, 0.3))
    at = walker(adult, True, place)
    framing = hall(stage, adult.body.height)
    return Programme("adult passing by", lambda t: Moment(None, [], {"adult": at(t)}), framing, back=2.6, person=False)


@behaviour(0, "people crossing", 0.8)
def people_crossing(stage: Stage) -> Programme:
    """Two or three people on their own ways."""
    roles = ["adult", "peer"][: 1 + int(stage.chance(0.6))]
    child = walker(stage, False, crossing(stage, stage.draw(*SPEED)))
    others: dict[str, Callable[[float], Pose]] = {}
    for number, role in enumerate(roles):
        grown = role == "adult"
        way, lane = crossing(stage, stage.draw(*(ADULT_SPEED if grown else SPEED))), vec(0, 0, -0.7 * (number + 1))
        others[role] = walker(as_role(stage, role), grown, lambda t, way=way, lane=lane: way(t) + lane)  # type: ignore[misc]

    def at(t: float) -> Moment:
        return Moment(child(t), [], {role: pose(t) for role, pose in others.items()})

    framing = hall(stage, as_role(stage, "adult").body.height)
    return Programme("people crossing", at, framing, back=3.0)


@behaviour(0, "towards or away", 1.0)
def towards_or_away(stage: Stage) -> Programme:
    """Walks up to the camera or off from it."""
    away = np.pi if stage.chance(0.5) else 0.0
    place = straight(away + stage.draw(-0.45, 0.45), 0.75 * stage.draw(*SPEED), stage.draw(1.2, 2.6))
    at, h = walker(stage, False, place), stage.body.height
    framing = Framing(vec(0.0, 0.5 * h, 0.0), stage.draw(1.25, 1.8) * h, (-0.6, 0.6))
    return Programme("towards or away", lambda t: Moment(at(t)), framing, back=2.6)


@behaviour(0, "walking feet", 0.9)
def walking_feet(stage: Stage) -> Programme:
    """Seen from the hips down, the heels come down first: what toe walking is not."""
    base, drift = standing(stage, stage.draw(-1.6, 1.6)), Wander(stage.rng, (0.1, 0.4), 6)
    if stage.chance(0.3):
        return Programme("walking feet", lambda t: Moment(idle(base, drift(t))), low_framing(stage, 0.3))
    speed, middle = stage.draw(0.3, 0.65), stage.draw(1.2, 2.4)
    angle = stage.draw(-np.pi, np.pi)
    at = walker(stage, False, straight(angle, speed, middle))
    return Programme("walking feet", lambda t: Moment(at(t)), low_framing(stage, abs(np.sin(angle))), back=2.2)


@behaviour(0, "running across", 0.8)
def running_across(stage: Stage) -> Programme:
    """Runs through the picture once."""
    base, rhythm = standing(stage), Rhythm(stage.rng, RUN_RATE, 0.03)
    place = crossing(stage, stage.draw(*RUN_SPEED))
    h = stage.body.height

    def at(t: float) -> Moment:
        return Moment(travel(base, stage.body, RUNNING, rhythm, place, t))

    framing = Framing(vec(0.0, 0.5 * h, 0.0), stage.draw(1.3, 2.4) * h, (-0.6, 0.6))
    return Programme("running across", at, framing, back=2.6)


@behaviour(0, "jump for joy", 0.8)
def jump_for_joy(stage: Stage) -> Programme:
    """One jump with the arms up, then the child stands."""
    base, drift = standing(stage, stage.draw(-1.2, 1.2)), Wander(stage.rng, (0.1, 0.45), 6)
    start, height = stage.draw(0.2, 1.6), stage.draw(0.1, 0.2)
    h, lasting = stage.body.height, 0.75
    cheer = np.array([[0.16, 0.2, 0.08], [-0.16, 0.2, 0.08]])

    def at(t: float) -> Moment:
        pose = idle(base, drift(t))
        u = (t - start) / lasting
        if 0.0 < u < 1.0:
            pose = jump(pose, 0.05 + 0.95 * u, 0.5, height, 0.08)
        elif 1.0 <= u < 1.4:
            pose.pelvis = pose.pelvis - vec(0.0, 0.05 * np.sin(np.pi * (u - 1.0) / 0.4), 0.0)
        up = smooth((u + 0.1) * 2) * (1 - smooth((u - 1.1) * 2))
        pose.hands = pose.hands + up * (cheer - pose.hands)
        return Moment(pose)

    return Programme("jump for joy", at, Framing(vec(0.0, 0.55 * h, 0.0), stage.draw(1.25, 1.55) * h, breadth=0.6))


@behaviour(0, "stopping to look", 1.0)
def stopping_to_look(stage: Stage) -> Programme:
    """Walks in, stops, looks at something, and may walk on."""
    adult = stage.chance(0.35)
    who = as_role(stage, "adult") if adult else stage
    speed = stage.draw(*(ADULT_SPEED if adult else SPEED))
    stop, pause = stage.draw(0.6, 1.8), stage.draw(1.2, 4.0)
    angle, far = stage.draw(-np.pi, np.pi), stage.draw(-0.2, 0.2)
    along = vec(np.sin(angle), 0.0, np.cos(angle))
    side = stage.draw(0.5, 1.1) * (1 if stage.chance(0.5) else -1)

    def place(t: float) -> Points:
        # Coming to rest and setting off again take half a second.
        slow = min(t, stop) + 0.25 * (1.0 - np.exp(-max(t - stop, 0.0) / 0.25))
        on = max(t - stop - pause, 0.0)
        return np.asarray(along * (far + speed * (slow - stop + on - 0.25 * (1.0 - np.exp(-on / 0.25)))))

    walk_on = walker(who, adult, place)

    def at(t: float) -> Moment:
        pose = walk_on(t)
        pose.heading = angle
        look = smooth((t - stop) * 2) * (1 - smooth((t - stop - pause) * 2))
        pose.head = pose.head + np.array([side * look, 0.25 * look, 0.0])
        pose.twist += 0.3 * side * look
        return Moment(None, [], {"adult": pose}) if adult else Moment(pose)

    return Programme("stopping to look", at, hall(stage, who.body.height), back=2.4, person=not adult)


@behaviour(0, "busy at a high table", 0.7)
def busy_at_table(stage: Stage) -> Programme:
    """A grown-up alone walks up to a small high table and does something there, the back to the camera."""
    who = as_role(stage, "adult")
    h, arrive, reach = who.body.height, stage.draw(-3.0, 2.4), 0.2 * who.body.height
    angle = np.pi + stage.draw(-0.5, 0.5)
    along = vec(np.sin(angle), 0.0, np.cos(angle))
    speed, tall, colour = stage.draw(*ADULT_SPEED), 0.55 * h, wood(stage)
    centre = along * 1.3 * reach
    leg = centre + vec(0, tall, 0)
    shapes: list[Shape] = [contact_shadow(centre, 0.25), capsule(centre, leg, 0.03, 0.03, shade(colour, 0.7))]
    shapes += cuboid(leg, (0.55, 0.03, 0.5), (226, 226, 224), angle)
    at_work, drift = Wander(stage.rng, (0.3, 1.0), 6), Wander(stage.rng, (0.1, 0.4), 6)
    walk_up = walker(who, True, lambda t: along * speed * min(t - arrive, 0.0))

    def at(t: float) -> Moment:
        pose = idle(walk_up(t), drift(t))
        pose.heading = angle
        down = smooth((t - arrive) * 2)
        work = np.array([[0.06, -0.2, 0.2], [-0.06, -0.2, 0.2]]) + 0.02 * at_work(t).reshape(2, 3)
        pose.hands = pose.hands + down * (work - pose.hands)
        pose.head = pose.head + np.array([0.0, 0.45 * down, 0.0])
        pose.lean = pose.lean + np.array([0.08 * down, 0.0])
        return Moment(None, shapes, {"adult": pose})

    framing = Framing(vec(0.0, 0.5 * h, 0.0), stage.draw(1.1, 1.6) * h, (-0.6, 0.6), (0.1, 0.7))
    return Programme("busy at a high table", at, framing, back=1.5, person=False)


@behaviour(0, "stepping over something", 0.8)
def stepping_over(stage: Stage) -> Programme:
    """Walks and lifts the feet over a thing on the floor."""
    speed, h = stage.draw(0.4, 0.75), stage.body.height
    angle, middle = stage.draw(-np.pi, np.pi), stage.draw(0.9, 2.4)
    size, colour = stage.draw(0.1, 0.16), stage.cloth()
    shapes: list[Shape] = [*cuboid(vec(0, 0, 0), (0.6, size, size), colour, angle, 0)]
    place = straight(angle, speed, middle)
    high = replace(WALKING, lift=0.2)
    base, rhythm = standing(stage), Rhythm(stage.rng, WALK_RATE, 0.03)

    def at(t: float) -> Moment:
        near = smooth(1.6 - abs(speed * (t - middle)) / 0.22)
        pose = travel(base, stage.body, WALKING, rhythm, place, t)
        pose = pose.mix(travel(base, stage.body, high, rhythm, place, t), near)
        pose.head = np.array([0.0, 0.1 + 0.35 * near, 0.0])
        return Moment(pose, shapes)

    return Programme("stepping over something", at, Framing(vec(0.0, 0.5 * h, 0.0), 1.5 * h, breadth=0.8), back=2.2)


def once(stage: Stage, first: Pose, last: Pose, drift: Wander, props: list[Shape]) -> Callable[[float], Moment]:
    """From one posture to another in the time that is drawn, and there it ends."""
    start, length = stage.draw(*START), stage.draw(*ONCE)

    def at(t: float) -> Moment:
        pose = first.mix(last, smooth((t - start) / length))
        # In between the trunk comes forward over the feet.
        between = np.sin(np.pi * smooth((t - start) / length))
        pose.lean = pose.lean + np.array([0.55 * between, 0.0])
        return Moment(idle(pose, drift(t)), props)

    return at


@behaviour(0, "sitting down or getting up", 1.0)
def sitting_down(stage: Stage) -> Programme:
    """Sits down on a chair, a sofa or the floor, or gets up from there, once."""
    heading, h = stage.draw(-1.3, 1.3), stage.body.height
    kind = str(stage.rng.choice(["chair", "sofa", "floor"]))
    upright, props = standing(stage, heading), list[Shape]()
    if kind == "floor":
        seated = sitting_on_floor(stage, heading, ("crossed", "wide", "out"))
        upright.feet = upright.feet + vec(0.0, 0.0, 0.15)
        upright.pelvis = upright.pelvis + vec(0.0, 0.0, 0.15)
    else:
        seated = sitting_on_chair(stage, heading)
        props = chair(stage, seated)
        if kind == "sofa":
            level, colour = float(seated.pelvis[1]) - 0.06, stage.cloth()
            props = box(stage, seated, Level(level, -0.3, 0.42), 1.2, colour, False)
            props += box(stage, seated, Level(level + 0.35, -0.42, 0.14), 1.2, shade(colour, 0.85), False)
        upright.feet = seated.feet.copy()
        upright.pelvis = upright.pelvis + vec(0.0, 0.0, float(seated.feet[0, 2]))
    first, last = (upright, seated) if stage.chance(0.55) else (seated, upright)
    at = once(stage, first, last, Wander(stage.rng, (0.1, 0.45), 6), props)
    framing = Framing(vec(0.0, 0.5 * h, 0.05), stage.draw(1.15, 1.5) * h, breadth=0.7)
    return Programme("sitting down or getting up", at, framing)


@behaviour(0, "climbing down", 0.7)
def climbing_down(stage: Stage) -> Programme:
    """Backwards down from a low sofa to the floor, and stands there."""
    frame = Pose(heading=np.pi / 2 * (1 if stage.chance(0.5) else -1) * stage.draw(1.0, 1.6))
    level = Level(stage.draw(0.3, 0.4) / stage.body.height, 0.02, 0.45)
    shapes = box(stage, frame, level, 1.2, stage.cloth(), False)
    postures = ascent(stage, [level])[2::-1]
    end = standing(stage)
    end.pelvis, end.feet = end.pelvis + vec(0, 0, -0.15), end.feet + vec(0, 0, -0.15)
    postures.append(end)
    pause, start, drift = stage.draw(0.5, 0.7), stage.draw(-0.3, 0.7), Wander(stage.rng, (0.1, 0.4), 6)

    def at(t: float) -> Moment:
        clock = min(max((t - start) / pause, 0.0), 2.999)
        number = int(clock)
        pose = idle(postures[number].mix(postures[number + 1], smooth(clock - number)), drift(t))
        pose.heading = frame.heading
        return Moment(pose, shapes)

    framing = Framing(vec(0.0, 0.45, 0.0), stage.draw(1.15, 1.4) * stage.body.height, (-0.5, 0.5))
    return Programme("climbing down", at, framing, back=2.0)


@behaviour(0, "on tiptoe once", 0.8)
def tiptoe_once(stage: Stage) -> Programme:
    """Stands, rises on the toes for a moment to see or reach something, and comes down again."""
    base, drift = standing(stage, stage.draw(-1.6, 1.6)), Wander(stage.rng, (0.1, 0.4), 6)
    start, lasting, arm = stage.draw(0.2, 1.2), stage.draw(1.0, 1.4), stage.side()
    sign, reaching = (1.0 if arm == 0 else -1.0), stage.chance(0.6)

    def at(t: float) -> Moment:
        u = (t - start) / lasting
        up = smooth(u * 3.5) * (1.0 - smooth((u - 0.7) * 3.5))
        pose = idle(base, drift(t))
        lift = vec(0.0, 0.085 * np.sin(0.9 * up), 0.0)
        pose.feet, pose.pelvis = base.feet + lift, pose.pelvis + lift
        pose.toes = base.toes - np.array([0.0, 0.9 * up])
        pose.head = pose.head - np.array([0.0, 0.25 * up, 0.0])
        if reaching:
            pose.hands = pose.hands.copy()
            pose.hands[arm] += up * (vec(sign * 0.12, 0.24, 0.12) - pose.hands[arm])
        return Moment(pose)

    return Programme("on tiptoe once", at, low_framing(stage, 0.3))


@behaviour(0, "crouching for a toy", 0.8)
def crouching(stage: Stage) -> Programme:
    """Goes down on the haunches for a toy and stands up with it, or walks with a toy in the hand."""
    h, side, colour = stage.body.height, stage.side(), stage.cloth()
    kind, drift = str(stage.rng.choice(["block", "ball", "cup", "car"])), Wander(stage.rng, (0.1, 0.4), 6)
    sign, walking = (1.0 if side == 0 else -1.0), stage.chance(0.5)
    base, start, length = standing(stage, stage.draw(-1.5, 1.5)), stage.draw(*START), stage.draw(1.4, 2.2)
    under_way = walker(stage, False, crossing(stage, stage.draw(*SPEED)))
    spot, carry = vec(sign * 0.05, 0.0, 0.22), vec(sign * 0.08, -0.16, 0.15)

    def at(t: float) -> Moment:
        u = (t - start) / length
        down = 0.0 if walking else smooth(2.5 * u) * (1.0 - smooth(2.5 * u - 1.5))
        pose = under_way(t) if walking else idle(base, drift(t))
        pose.pelvis = pose.pelvis - down * vec(0.0, 0.27, 0.05)
        pose.lean = pose.lean + np.array([0.6 * down, 0.0])
        held = walking or u > 0.5
        pose.hands, pose.anchor = pose.hands.copy(), np.ones(2)
        pose.anchor[side] = 1.0 - down
        rest = carry if held else pose.hands[side]
        pose.hands[side] = down * (spot + vec(0, 0.08, 0)) + (1.0 - down) * rest
        place = hand_targets(stage.body, pose)[side] - vec(0.0, 0.07, -0.02) if held else spot
        look_at(pose, stage.body, place, 0.6)
        return Moment(pose, item(kind, to_world(pose, stage.body, place), 0.09 * h, colour, 0.4, 0))

    framing = hall(stage, h) if walking else Framing(vec(0.0, 0.45 * h, 0.0), stage.draw(1.15, 1.4) * h, breadth=0.7)
    return Programme("crouching for a toy", at, framing, back=2.2)


@behaviour(0, "kicking a ball", 0.8)
def kicking(stage: Stage) -> Programme:
    """One kick, and the ball rolls off."""
    base, drift = standing(stage, stage.draw(-2.0, 2.0)), Wander(stage.rng, (0.1, 0.4), 6)
    foot, start, speed = stage.side(), stage.draw(0.3, 1.4), stage.draw(1.2, 2.4)
    sign, colour, radius = (1.0 if foot == 0 else -1.0), stage.cloth(), stage.draw(0.07, 0.12)
    h = stage.body.height
    rest = vec(sign * 0.06, radius / h, 0.2 + radius / h)

    def at(t: float) -> Moment:
        pose = idle(base, drift(t))
        u = (t - start) / 0.7
        back = smooth(u * 2.5) * (1.0 - smooth((u - 0.4) * 5.0))
        through = smooth((u - 0.4) * 5.0) * (1.0 - smooth((u - 0.7) * 2.5))
        pose.feet = base.feet.copy()
        pose.feet[foot] += vec(0.0, 0.08 * back + 0.07 * through, -0.16 * back + 0.2 * through)
        pose.lean = pose.lean + np.array([0.1 * back - 0.12 * through, 0.0])
        pose.hands = base.hands + np.array([[0.05, 0.05, 0.0], [-0.05, 0.05, 0.0]]) * (back + through)
        gone = max(t - start - 0.37, 0.0)
        ball_at = rest + vec(0.0, 0.0, speed * (1.0 - np.exp(-0.8 * gone)) / 0.8 / h)
        look_at(pose, stage.body, ball_at, 0.7)
        place = to_world(pose, stage.body, ball_at)
        return Moment(pose, [contact_shadow(place * [1, 0, 1], radius), ball(place, radius, colour)])

    return Programme("kicking a ball", at, Framing(vec(0.0, 0.5 * h, 0.0), stage.draw(1.25, 1.6) * h), back=2.2)
