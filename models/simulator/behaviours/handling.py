"""Labels 22, 35 and 42: holding many objects, pouring water between two cups, throwing objects and picking them up."""

from __future__ import annotations

import numpy as np

from models.simulator.behaviours.objects import Workplace, work_pose, workplace
from models.simulator.behaviours.ordinary import idle, walk
from models.simulator.behaviours.registry import behaviour
from models.simulator.behaviours.whole_body import posture
from models.simulator.body import Pose, trunk_frame
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
from models.simulator.props import ON_TABLE, bowl, chair, item, palette
from models.simulator.shapes import Colour, Points, Shape, vec
from models.simulator.throws import Throw
from models.simulator.vessels import Cup, Pouring, cups, stream

HELD = (4, 8)  # things held at once
HELD_SIZE = (0.085, 0.115)  # body heights
HITCH_RATE = (0.5, 0.9)  # Hz: how often the armful is hitched up
GATHER_RATE = (0.45, 0.65)  # things added per second
POUR_RATE = (0.5, 0.85)  # pours per second: there and back is two
CUP_HEIGHT = (0.1, 0.125)  # body heights
POUR_GAP = (0.045, 0.085)  # of free fall between the two rims, body heights
THROW_PERIOD = (1.4, 2.2)  # seconds from one throw to the next
THROWN_SIZE = (0.1, 0.145)  # body heights
FLIGHT = (0.34, 0.46)  # seconds
KINDS = ("block", "ball", "cup", "car")

Toy = tuple[str, float, Colour, float]  # kind, size (body heights), colour, heading


def toys(stage: Stage, n: int, size: tuple[float, float]) -> list[Toy]:
    """Draw n toys of clearly different colours; as a rule of different kinds."""
    one = str(stage.rng.choice(KINDS)) if stage.chance(0.35) else None
    return [
        (one or str(stage.rng.choice(KINDS)), stage.draw(*size), colour, stage.draw(0.0, 3.0))
        for colour in palette(stage, n)
    ]


def in_hand(toy: Toy, at: Points, h: float, heading: float, layer: int) -> list[Shape]:
    """A toy in the air about the point `at` (world metres): nothing that it stands on, so no shadow there."""
    kind, size, colour, turn = toy
    return item(kind, at - vec(0.0, 0.5 * size * h, 0.0), size * h, colour, heading + turn, layer)[1:]


def armful(stage: Stage, n: int) -> Points:
    """Places for n things before the chest, from the middle of the shoulders and with the trunk, (n, 3)."""
    k = np.arange(n)
    row, column = k // 3, k % 3
    across = (column - 1) * 0.085 + 0.03 * (row % 2)
    up = -0.16 + 0.075 * row
    places = np.stack([across, up, 0.15 + 0.015 * (column == 1) - 0.015 * row], axis=1)
    return np.asarray(places + stage.rng.uniform(-0.01, 0.01, (n, 3)))


def with_trunk(stage: Stage, pose: Pose, places: Points) -> Points:
    """Points measured from the shoulders and with the trunk → world metres."""
    chest, turn = trunk_frame(stage.body, pose)
    return to_world(pose, stage.body, chest + places @ turn.T)


def embrace(pose: Pose, hitch: float) -> None:
    """Both arms round what is pressed to the chest."""
    up = 0.03 * hitch
    pose.hands = np.array([[0.02, -0.225 + up, 0.17], [0.0, -0.2 + up, 0.19]])
    pose.anchor = np.ones(2)
    pose.fingers_to = np.array([[-1.0, 0.15, 0.05], [1.0, 0.2, 0.05]])
    pose.palms_to = np.array([[0.0, 0.3, -1.0], [0.0, 0.3, -1.0]])
    pose.elbows = np.array([[1.0, -0.8, 0.1], [-1.0, -0.8, 0.1]])
    pose.curl = np.full((2, 5), 0.35)


def chest_framing(stage: Stage, base: Pose, span: tuple[float, float]) -> Framing:
    """The upper half of the body, seen from before: what is held to the chest must not be hidden by the back."""
    middle = vec(0.0, float(base.pelvis[1]) + 0.62 * stage.body.trunk, 0.06)
    return Framing(to_world(base, stage.body, middle), stage.draw(*span) * stage.body.height, (-0.55, 0.55), (0.0, 0.4))


@behaviour(22, "armful", 1.4)
def holding_an_armful(stage: Stage) -> Programme:
    """Several toys pressed to the chest with both arms and hitched up now and then; may walk slowly."""
    base, props, name = posture(stage, 0.35, 0.2, stage.draw(-0.6, 0.6))
    walking = name == "standing" and stage.posture is None and stage.chance(0.45)
    n = int(stage.rng.integers(HELD[0], HELD[1] + 1))
    held, places = toys(stage, n, HELD_SIZE), armful(stage, n)
    hitch = Rhythm(stage.rng, HITCH_RATE)
    drift = Wander(stage.rng, (0.15, 0.5), 6)
    steps, stride, speed = Rhythm(stage.rng, (0.8, 1.2), 0.03), stage.draw(0.05, 0.09), stage.draw(0.12, 0.3)
    ahead = vec(np.sin(base.heading), 0.0, np.cos(base.heading))
    loose = Wander(stage.rng, (0.4, 1.0), 3 * n)

    def at(t: float) -> Moment:
        squeeze = hitch.swell(t) ** 3
        pose = idle(base, drift(t))
        if walking:
            pose = walk(base, steps.cycles(t), stride)
            pose.root = ahead * speed * (t - 2.0)
        pose.lean = pose.lean + np.array([0.06 - 0.14 * squeeze, 0.05 * drift(t)[0]])
        embrace(pose, squeeze)
        pose.head = np.array([0.35 * drift(t)[4], 0.25 + 0.2 * drift(t)[5] + 0.12 * squeeze, 0.0])
        now = places + 0.005 * loose(t).reshape(n, 3) + vec(0.0, 0.03 * squeeze, -0.01 * squeeze)
        shapes = list(props)
        for toy, spot in zip(held, with_trunk(stage, pose, now), strict=True):
            shapes += in_hand(toy, spot, stage.body.height, pose.heading, 1)
        return Moment(pose, shapes)

    framing = chest_framing(stage, base, (0.75, 1.05) if walking else (0.55, 0.8))
    return Programme("armful", at, framing, True, (0, 1), 0, rests=not walking)


@behaviour(22, "both hands full", 0.8)
def both_hands_full(stage: Stage) -> Programme:
    """As many toys as go into two hands, held before the body and looked at, and not put down."""
    base, props, _ = posture(stage, 0.4, 0.3, stage.draw(-0.6, 0.6))
    each = int(stage.rng.integers(2, 5))
    held = toys(stage, 2 * each, (0.052, 0.072))
    around = 2 * np.pi * np.arange(each) / each + stage.draw(0.0, 6.0)
    ring = 0.034 * np.stack([np.cos(around), np.sin(around), 0.4 * np.sin(2 * around)], axis=1)
    knock = Rhythm(stage.rng, HITCH_RATE)
    drift = Wander(stage.rng, (0.15, 0.5), 6)
    height, apart = stage.draw(-0.17, -0.08), stage.draw(0.065, 0.09)

    def at(t: float) -> Moment:
        pose = idle(base, drift(t))
        near = knock.swell(t)
        x = apart + 0.025 * (1 - near)
        y = height + 0.035 * near
        pose.hands = np.array([[x, y, 0.17], [-x, y + 0.01, 0.17]]) + 0.008 * drift(t).reshape(2, 3)
        pose.fingers_to = np.array([[-0.5, 0.3, 0.9], [0.5, 0.3, 0.9]])
        pose.palms_to = np.array([[-0.7, 0.7, 0.0], [0.7, 0.7, 0.0]])
        pose.elbows = np.array([[0.9, -0.9, -0.2], [-0.9, -0.9, -0.2]])
        pose.curl = np.full((2, 5), 0.55)
        pose.lean = pose.lean + np.array([0.08, 0.0])
        pose.head = np.array([0.3 * drift(t)[4], 0.4 + 0.12 * drift(t)[5], 0.0])
        palms = pose.hands + np.array([[-0.02, 0.035, 0.05], [0.02, 0.035, 0.05]])
        spots = np.concatenate([palm + ring for palm in palms])
        shapes = list(props)
        for toy, spot in zip(held, with_trunk(stage, pose, spots), strict=True):
            shapes += in_hand(toy, spot, stage.body.height, pose.heading, ON_TABLE)
        return Moment(pose, shapes)

    return Programme(
        "both hands full", at, chest_framing(stage, base, (0.55, 0.75)), True, (0, ON_TABLE), 0, rests=True
    )


@behaviour(22, "gathering", 0.8)
def gathering(stage: Stage) -> Programme:
    """Sits with an armful and takes one thing more, and another."""
    base = sitting_on_floor(stage, stage.draw(-0.5, 0.5), ("crossed", "kneeling"))
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    first = int(stage.rng.integers(3, 5))
    more = 5
    held, places = toys(stage, first + more, HELD_SIZE), armful(stage, first + more)
    places[:, 0] -= 0.03 * sign
    heap = np.stack([sign * (0.2 + 0.05 * (np.arange(more) % 2)), np.zeros(more), 0.16 + 0.045 * np.arange(more)], 1)
    turns = Rhythm(stage.rng, GATHER_RATE, 0.03)
    drift = Wander(stage.rng, (0.15, 0.5), 6)

    def at(t: float) -> Moment:
        k, u = divmod(turns.cycles(t), 1.0)
        taken = int(min(max(k, 0), more))
        out = smooth(u / 0.38) * (1 - smooth((u - 0.48) / 0.4)) if taken < more else 0.0
        pose = idle(base, drift(t))
        embrace(pose, 0.0)
        pose.lean = pose.lean + np.array([0.12 + 0.25 * out, 0.3 * sign * out])
        carried = taken if taken < more and u > 0.42 else None
        target = heap[min(taken, more - 1)] + vec(0.0, 0.06, -0.04)
        pose.hands[side] = pose.hands[side] * (1 - out) + target * out
        pose.anchor[side] = 1 - out
        pose.fingers_to[side] = pose.fingers_to[side] * (1 - out) + np.array([0.0, -0.6, 0.8]) * out
        look_at(pose, stage.body, heap[min(taken, more - 1)] * out + vec(0.0, 0.25, 0.3) * (1 - out))
        shapes: list[Shape] = []
        laps = with_trunk(stage, pose, places)
        floor = to_world(pose, stage.body, heap)
        for n, (toy, spot) in enumerate(zip(held, laps, strict=True)):
            waiting = n - first - taken
            if waiting < 0:
                shapes += in_hand(toy, spot, stage.body.height, pose.heading, 1)
            elif waiting == 0 and carried is not None:
                way = floor[carried] + (spot - floor[carried]) * (1 - out)
                shapes += in_hand(toy, way + vec(0.0, 0.02, 0.0), stage.body.height, pose.heading, 1)
            else:
                kind, size, colour, turn = toy
                shapes += item(kind, floor[n - first], size * stage.body.height, colour, turn, 0)
        return Moment(pose, shapes)

    framing = Framing(
        to_world(base, stage.body, vec(0.08 * sign, 0.27, 0.1)),
        stage.draw(0.62, 0.8) * stage.body.height,
        (-0.5, 0.5),
        (0.15, 0.55),
    )
    return Programme("gathering", at, framing, True, (0, 1), 0)


def cup_in_hand(pose: Pose, side: int, middle: Points, axis: Points, radius: float) -> None:
    """A hand round a cup, from its outer side."""
    sign = 1.0 if side == 0 else -1.0
    pose.hands[side] = middle + vec(sign * (radius + 0.012), 0.0, -0.05) + 0.4 * radius * vec(0.0, abs(axis[0]), 0.0)
    pose.fingers_to[side] = [-0.3 * sign, 0.1, 1.0]
    pose.palms_to[side] = [-sign * axis[1], axis[0] * sign, 0.0]
    pose.curl[side] = 0.5


@behaviour(35, "pouring")
def pouring(stage: Stage) -> Programme:
    """Water from the one cup into the other, and back again."""
    place = workplace(stage)
    high = stage.draw(*CUP_HEIGHT)
    radius = 0.4 * high
    spread = stage.draw(0.075, 0.1)
    raised = 0.5 * high + (stage.draw(0.0, 0.07) if stage.chance(0.6) else 0.0)
    z = place.near + stage.draw(0.03, 0.08)
    homes = np.array([[spread, place.height + raised, z], [-spread, place.height + raised, z]])
    plan = Pouring(homes, radius, high, stage.draw(*POUR_GAP))
    pours = Rhythm(stage.rng, POUR_RATE, 0.04)
    first = float(stage.rng.integers(2))
    drift = Wander(stage.rng, (0.2, 0.6), 3)
    h = stage.body.height
    pair = cups(stage, radius * h, high * h)
    under: list[Shape] = []
    if stage.chance(0.4):
        under = bowl(to_world(place.pose, stage.body, vec(0.0, place.height, z)), 0.19 * h, stage.cloth())

    def at(t: float) -> Moment:
        middles, axes, levels, giver, falls = plan.at(pours.cycles(t) + first)
        middles = middles + 0.005 * drift(t)
        pose = held_cups(stage, place, middles, axes, radius, drift(t))
        shapes = place.props + under
        world = to_world(pose, stage.body, middles)
        leans = to_world(pose, stage.body, middles + axes) - world
        for cup, middle, axis, level in zip(pair, world, leans / h, levels, strict=True):
            shapes = shapes + cup.shapes(middle, axis, level, ON_TABLE)
        if falls:
            shapes = shapes + falling(stage, pose, plan, middles, axes, float(levels[1 - giver]), giver, pair[0])
        return Moment(pose, shapes)

    layers, crown = place.programme
    return Programme("pouring", at, cups_framing(stage, place, z), True, layers, crown)


def cups_framing(stage: Stage, place: Workplace, z: float) -> Framing:
    """Two cups that are held above a place z ahead, and the chest behind them."""
    middle = to_world(place.pose, stage.body, vec(0.0, place.height + 0.12, z - 0.02))
    return Framing(middle, stage.draw(0.42, 0.58) * stage.body.height, (-0.55, 0.55), (0.12, 0.55))


def held_cups(stage: Stage, place: Workplace, middles: Points, axes: Points, radius: float, drift: Points) -> Pose:
    """The child with a cup in each hand, looking at them."""
    pose = work_pose(stage, place, middles[1], 1, 0.6, drift)
    for side in (0, 1):
        cup_in_hand(pose, side, middles[side], axes[side], radius)
    pose.lean = place.pose.lean + 0.015 * drift[:2]
    look_at(pose, stage.body, middles.mean(axis=0))
    pose.head = pose.head + 0.05 * drift[:3]
    return pose


def falling(
    stage: Stage, pose: Pose, plan: Pouring, middles: Points, axes: Points, level: float, giver: int, cup: Cup
) -> list[Shape]:
    """The stream from the giver's lip to the water in the other cup."""
    lip = plan.lip(middles[giver], axes[giver])
    foot = middles[1 - giver] + vec(0.0, (level - 0.5) * plan.height, 0.0)
    ends = to_world(pose, stage.body, np.array([lip, foot]))
    return stream(ends[0], ends[1], 0.0085 * stage.body.height, cup.water, ON_TABLE)


def throwing(
    stage: Stage, name: str, base: Pose, props: list[Shape], plan: Throw, bend: Points, side: int
) -> Programme:
    """Throws and picks up, throws and picks up; `bend` is (lean forward, lean left, pelvis down, pelvis back)."""
    rhythm = Rhythm(stage.rng, (1 / plan.period, 1 / plan.period), 0.02)
    drift = Wander(stage.rng, (0.2, 0.5), 6)
    toy = toys(stage, 1, THROWN_SIZE)[0]
    tumble = stage.draw(1.5, 4.0)
    lift = vec(0.0, 0.5 * toy[1], 0.0)

    def at(t: float) -> Moment:
        k, u = divmod(rhythm.cycles(t), 1.0)
        spot = plan.spots[int(k) % len(plan.spots)] + lift
        down = plan.bent(u)
        swing = smooth((u - 0.08) / 0.14) * (1 - smooth((u - 0.24) / 0.12)) - smooth(u / 0.08) * (u < 0.08)
        pose = idle(base, drift(t))
        pose.lean = pose.lean + bend[:2] * down + np.array([0.12 * swing, 0.0])
        pose.pelvis = pose.pelvis - vec(0.0, bend[2], bend[3]) * down
        hand = plan.hand(u, spot)
        pose.hands, pose.anchor = pose.hands.copy(), pose.anchor.copy()
        pose.hands[side], pose.anchor[side] = hand, 0.0
        pose.fingers_to, pose.curl = base.fingers_to.copy(), base.curl.copy()
        pose.fingers_to[side] = [0.0, -0.9, 0.5] if down > 0.5 else [0.0, 0.2 - 0.4 * swing, 1.0]
        middle, held = plan.toy(u, spot)
        pose.curl[side] = 0.5 if held else 0.05
        look_at(pose, stage.body, middle)
        where = to_world(pose, stage.body, middle + vec(0.0, -0.01, 0.06) * held)
        kind, size, colour, turn = toy
        spin = 0.0 if held else tumble * (u - plan.RELEASE)
        shapes = in_hand((kind, size, colour, turn + spin), where, stage.body.height, pose.heading, 0)
        return Moment(pose, props + shapes)

    reach = float(plan.spots[:, 2].mean())
    aside = float(plan.spots[:, 0].mean())
    top = float(base.pelvis[1]) + stage.body.trunk + 0.3
    h = stage.body.height
    framing = Framing(
        to_world(base, stage.body, vec(0.6 * aside, 0.46 * top, 0.5 * reach)),
        stage.draw(1.0, 1.2) * top * h,
        (-0.8, 0.8),
        (0.1, 0.45),
        0.95,
    )
    return Programme(name, at, framing)


def throw_plan(stage: Stage, base: Pose, side: int, spots: Points) -> Throw:
    """Overarm or underarm, drawn; the toy comes to rest at the spots."""
    sign = 1.0 if side == 0 else -1.0
    chest = float(base.pelvis[1]) + stage.body.trunk
    over = stage.chance(0.6)
    back = vec(sign * 0.17, chest + 0.14, -0.04) if over else vec(sign * 0.17, chest - 0.14, -0.14)
    through = vec(sign * 0.08, chest - 0.02, 0.31) if over else vec(sign * 0.1, chest + 0.04, 0.3)
    ready = vec(sign * 0.1, chest - 0.12, 0.17)
    return Throw(ready, back, through, spots, stage.draw(*THROW_PERIOD), stage.draw(*FLIGHT), stage.body.height)


@behaviour(42, "throwing and picking up", 1.3)
def throwing_ahead(stage: Stage) -> Programme:
    """Throws a toy down before the feet, or before the crossed legs, and takes it up again."""
    floor = stage.chance(0.4) if stage.posture is None else stage.posture == "floor"
    heading = stage.draw(-1.2, 1.2)
    base = sitting_on_floor(stage, heading, ("crossed", "kneeling")) if floor else standing(stage, heading)
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    n = 8
    z = stage.rng.uniform(0.4, 0.52, n) if floor else stage.rng.uniform(0.28, 0.42, n)
    spots = np.stack([sign * stage.rng.uniform(-0.04, 0.16, n), np.zeros(n), z], axis=1)
    bend = np.array([0.85, 0.0, 0.0, -0.02]) if floor else np.array([1.2, 0.0, 0.14, 0.06])
    name = "throwing and picking up, sitting" if floor else "throwing and picking up"
    return throwing(stage, name, base, [], throw_plan(stage, base, side, spots), bend, side)


@behaviour(42, "throwing off the chair", 0.6)
def throwing_off_the_chair(stage: Stage) -> Programme:
    """From a chair: the toy goes to the floor beside it, and the child bends over sideways to have it back."""
    base = sitting_on_chair(stage, stage.draw(-0.7, 0.7))
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    n = 8
    spots = np.stack([sign * stage.rng.uniform(0.24, 0.32, n), np.zeros(n), stage.rng.uniform(0.02, 0.16, n)], axis=1)
    plan, bend = throw_plan(stage, base, side, spots), np.array([0.3, sign, 0.0, 0.0])
    return throwing(stage, "throwing off the chair", base, chair(stage, base), plan, bend, side)
