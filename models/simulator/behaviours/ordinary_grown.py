"""Label 0: grown-ups before the camera, and hands that come into the picture: what films of a visit hold too.

In: a `Stage`; out: programmes in which an adult does what people do, alone, near or far, and nobody shows a listed one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.simulator.behaviours.ordinary import idle
from models.simulator.behaviours.ordinary_moving import as_role
from models.simulator.behaviours.registry import behaviour, named
from models.simulator.motion import Framing, Moment, Programme, Stage, Wander, sitting_on_chair, smooth, standing
from models.simulator.props import chair, item, palette
from models.simulator.shapes import Points, Shape, capsule, cuboid, shade, vec

LIKE_CHILDREN = (  # what grown-ups do as children do it
    "standing",
    "looking around",
    "gesturing",
    "turning once",
    "calm face",
    "talking",
    "laughing",
    "rubbing an eye",
    "drinking from a cup",
    "goodbye",
    "scratching the head",
    "adjusting the hair",
    "pointing",
    "folding the arms",
    "rubbing the hands",
    "talking with the hands",
    "chin in the hand",
    "hand on the chest",
    "nodding once",
    "looking over the shoulder",
    "adjusting the collar",
)
SIGNS = (1, 3)  # signs in a clip
STROKES = (0, 3)  # small movements in one sign
STROKE_RATE = (1.2, 2.4)  # Hz
RISE = (0.3, 0.6)  # seconds that the hands take to a sign's place
HOLD = (0.3, 1.1)  # seconds that they stay there
REST = (0.3, 1.2)  # seconds between signs
STANDS_FAR = (1.15, 2.2)  # span of the picture, statures


@behaviour(0, "a grown-up at ease", 7.0)
def grown_up(stage: Stage) -> Programme:
    """An adult does one of the ordinary things that children do, seen as near."""
    own = as_role(stage, "adult")
    played = named(0, str(stage.rng.choice(LIKE_CHILDREN)), own)
    return replace(played, name="a grown-up at ease", actor="adult", person=False)


def signs(stage: Stage) -> Programme:
    """From rest the hands go to a place before chest or face, move a little or not, and go back; perhaps again."""
    seated = stage.chance(0.25)
    heading = stage.draw(-0.5, 0.5)
    base = sitting_on_chair(stage, heading) if seated else standing(stage, heading)
    props = chair(stage, base) if seated else []
    drift = Wander(stage.rng, (0.1, 0.45), 6)
    begin = stage.draw(-1.5, 0.6)
    plan = []
    for _ in range(int(stage.rng.integers(SIGNS[0], SIGNS[1] + 1))):
        who = (0, 1) if stage.chance(0.5) else (stage.side(),)
        place = vec(stage.draw(-0.02, 0.14), stage.draw(-0.16, 0.17), stage.draw(0.12, 0.2))
        sway = stage.rng.normal(0.0, 1.0, 3) * [0.03, 0.035, 0.02]
        fingers = vec(stage.draw(-0.9, 0.2), stage.draw(0.0, 1.0), stage.draw(0.1, 0.8))
        palms = vec(stage.draw(-1.0, 0.3), stage.draw(-0.6, 0.6), stage.draw(-0.8, 0.8))
        curl = stage.rng.uniform(0.0, 1.0, 5)
        rise, strokes, rate = stage.draw(*RISE), stage.draw(*STROKES), stage.draw(*STROKE_RATE)
        hold = max(stage.draw(*HOLD), strokes / rate)
        plan.append((begin, rise, hold, who, place, sway, fingers, palms, curl, strokes, rate))
        begin += 2 * rise + hold + stage.draw(*REST)

    def at(t: float) -> Moment:
        pose = idle(base, drift(t))
        pose.hands, pose.fingers_to = pose.hands.copy(), base.fingers_to.copy()
        pose.palms_to, pose.curl = base.palms_to.copy(), base.curl.copy()
        for start, rise, hold, who, place, sway, fingers, palms, curl, strokes, rate in plan:
            there = smooth((t - start) / rise) - smooth((t - start - rise - hold) / rise)
            if there <= 0.0:
                continue
            beat = rate * (t - start - rise)
            moved = place + sway * (np.sin(2 * np.pi * beat) if 0.0 < beat < strokes else 0.0)
            for side in who:
                mirror = [1.0, 1.0, 1.0] if side == 0 else [-1.0, 1.0, 1.0]
                pose.hands[side] += there * (moved * mirror - pose.hands[side])
                pose.fingers_to[side] += there * (fingers * mirror - pose.fingers_to[side])
                pose.palms_to[side] += there * (palms * mirror - pose.palms_to[side])
                pose.curl[side] += there * (curl - pose.curl[side])
        return Moment(pose, props)

    h = stage.body.height
    # From the thighs up, as such films are cut, or all of the person.
    middle, span = (0.62, stage.draw(0.6, 0.9)) if stage.chance(0.75) else (0.5, stage.draw(1.1, 1.5))
    centre = vec(0.0, (middle - 0.13 * seated) * h, 0.0)
    return Programme("signs", at, Framing(centre, span * h, (-0.6, 0.6), (-0.1, 0.25), 0.75), True, rests=True)


@behaviour(0, "a grown-up's signs", 5.0)
def grown_signs(stage: Stage) -> Programme:
    """A word or two in sign language, or a remark with the hands, by an adult."""
    played = signs(as_role(stage, "adult"))
    return replace(played, name="a grown-up's signs", actor="adult", person=False)


@behaviour(0, "a child's signs", 2.0)
def child_signs(stage: Stage) -> Programme:
    """The same by a child."""
    return replace(signs(stage), name="a child's signs")


@behaviour(0, "standing far off", 3.0)
def standing_far_off(stage: Stage) -> Programme:
    """Somebody stands in the room, seen from any side, the hands busy with something small or at rest."""
    grown = stage.chance(0.7)
    own = as_role(stage, "adult") if grown else stage
    heading, busy = stage.draw(-np.pi, np.pi), stage.chance(0.5)
    base = standing(own, heading)
    base.root = vec(stage.draw(-0.3, 0.3), 0.0, stage.draw(-0.6, 0.0))
    drift, work = Wander(stage.rng, (0.1, 0.45), 6), Wander(stage.rng, (0.3, 1.0), 6)
    start, turn = stage.draw(-0.5, 2.5), stage.draw(-0.8, 0.8) if stage.chance(0.4) else 0.0

    def at(t: float) -> Moment:
        pose = idle(base, drift(t))
        pose.heading = heading + turn * smooth((t - start) / 1.2)
        if busy:
            pose.hands = np.array([[0.06, -0.17, 0.17], [-0.06, -0.17, 0.17]]) + 0.02 * work(t).reshape(2, 3)
            pose.head = pose.head + np.array([0.0, 0.35, 0.0])
        return Moment(pose)

    h = own.body.height
    framing = Framing(vec(0.0, 0.5 * h, 0.0), stage.draw(*STANDS_FAR) * h, (-0.8, 0.8), (0.0, 0.5))
    return Programme(
        "standing far off", at, framing, back=2.4, actor="adult" if grown else "child", person=not grown, rests=True
    )


@behaviour(0, "a hand takes a thing", 4.0)
def hand_takes_a_thing(stage: Stage) -> Programme:
    """Things on a board, and a hand from outside that sets one down or takes one away, once, or leaves them be."""
    who = stage.cast.get("adult", stage.subject) if stage.chance(0.6) else stage.subject
    size, n = stage.draw(0.08, 0.14), int(stage.rng.integers(1, 4))
    kind, colours = str(stage.rng.choice(["bottle", "bottle", "cup", "block", "ball"])), palette(stage, n)
    wide, tall = 0.7, 0.7
    spots = [vec((k - (n - 1) / 2) * stage.draw(1.6, 2.4) * size, tall, stage.draw(-0.03, 0.03)) for k in range(n)]
    top = cuboid(vec(0.0, tall - 0.04, 0.0), (2 * wide, 0.04, wide), shade(stage.cloth(), 1.3), 0.0, -5)
    comes, taken = stage.chance(0.7), int(stage.rng.integers(n))
    puts, start, way = stage.chance(0.5), stage.draw(-0.2, 1.6), stage.draw(0.7, 1.2)
    outside = spots[taken] + vec(stage.draw(-0.35, 0.35), stage.draw(0.45, 0.65), stage.draw(-0.1, 0.2))
    upright = size * (2.4 if kind == "bottle" else 1.1)

    def thing(k: int, moved: Points) -> list[Shape]:
        at = spots[k] + moved
        if kind == "bottle":
            neck = at + vec(0.0, 2.3 * size, 0.0)
            body = capsule(at + vec(0, 0.35 * size, 0), at + vec(0, 1.7 * size, 0), 0.32 * size, 0.3 * size, colours[k])
            return [body, capsule(at + vec(0, 1.9 * size, 0), neck, 0.12 * size, 0.14 * size, shade(colours[k], 0.5))]
        return item(kind, at, size, colours[k], 0.4 * k, 0)

    def at(t: float) -> Moment:
        shapes: list[Shape] = list(top)
        there = smooth((t - start) / way)
        gone = smooth((t - start - way - 0.25) / way)
        away = (1.0 - there) if puts else gone
        for k in range(n):
            shapes += thing(k, away * (outside - spots[k]) if comes and k == taken else np.zeros(3))
        near = max(there - gone, 0.0)
        if comes and near > 0.0:
            hand = spots[taken] + vec(0.0, upright, 0.02) + (1.0 - near) * (outside - spots[taken])
            elbow = hand + (outside - spots[taken]) * 0.55 + vec(0.0, 0.0, 0.05)
            sleeve = hand + 0.35 * (elbow - hand)
            shapes += [
                capsule(hand, hand + vec(0, -0.05, 0.0), 0.035, 0.02, who.skin),
                capsule(hand, sleeve, 0.03, 0.035, who.skin),
                capsule(sleeve, elbow, 0.05, 0.06, who.top),
            ]
        return Moment(None, shapes)

    framing = Framing(vec(0.0, tall + 0.14, 0.0), stage.draw(0.42, 0.75), (-0.5, 0.5), (0.05, 0.6))
    return Programme("a hand takes a thing", at, framing, back=stage.draw(0.5, 1.4), person=False)
