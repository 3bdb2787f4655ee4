"""Labels 14, 23, 25, 33 and 40: finger flicking, hand posturing, flapping, staring at the hands, waving.

In: a `Stage`; out: programmes whose hands are in the air, each with the rhythm, place and gaze that tell it apart.
"""

from __future__ import annotations

import copy

import numpy as np
from numpy.typing import NDArray

from models.simulator.behaviours.registry import behaviour
from models.simulator.behaviours.whole_body import posture
from models.simulator.body import Pose
from models.simulator.motion import Framing, Moment, Programme, Range, Rhythm, Stage, Wander, smooth, to_world
from models.simulator.props import ON_TABLE
from models.simulator.shapes import Points, vec

Acting = NDArray[np.bool_]

FLICK_RATE = (2.5, 5.0)  # Hz
FLICK_CURL = (0.75, 1.0)  # how far the fingers are bent before they spring open
FLICK_SPAN = (0.31, 0.41)  # height of the picture, body heights: hand, face and upper chest
POSTURE_SPAN = (0.5, 0.72)
POSTURE_TURN_RATE = (0.15, 0.45)  # Hz
POSTURE_TURN = (0.25, 0.55)  # radians either way
FLAP_RATE = (2.5, 5.0)  # Hz
FLAP_LIFT = (0.035, 0.06)  # how far the wrist goes up and down from its middle, body heights
FLAP_BEND = (0.65, 1.0)  # radians of the hand about the wrist, either way
FLAP_BOUNCE = (0.012, 0.03)  # body heights
TIPTOE = (0.3, 0.6)  # radians between sole and floor
STARE_SPAN = (0.42, 0.58)
STARE_DISTANCE = (0.1, 0.21)  # from the eyes, body heights: 10 to 25 cm
STARE_TURN_RATE = (0.15, 0.4)  # Hz
STARE_TURN = (0.4, 1.1)  # radians either way
WAVE_RATE = (1.0, 2.2)  # Hz
WAVE_ANGLE = (0.45, 0.75)  # radians of the forearm to either side
REACH_ANGLE = (0.3, 0.45)  # the same for the whole arm, stretched up
WAVE_SPAN = (0.74, 0.95)
UPPER_SPAN = (0.62, 0.85)
WHOLE_SPAN = (1.14, 1.36)


def mirrored(left: Points) -> Points:
    """A left-hand vector and its mirror, (2, 3)."""
    return np.array([left, left * (-1.0, 1.0, 1.0)])


def acting(stage: Stage, both: float) -> Acting:
    """Which hands act, (2, 1): both with that probability, else one."""
    return np.ones((2, 1), bool) if stage.chance(both) else np.arange(2)[:, None] == stage.side()


def with_hands(base: Pose, who: Acting, hands: Points, fingers_to: Points, palms_to: Points, elbows: Points) -> Pose:
    """The pose with the acting hands put elsewhere: all (2, 3), wrists measured from the middle of the shoulders."""
    pose = copy.copy(base)
    pose.hands = np.where(who, hands, base.hands)
    pose.fingers_to = np.where(who, fingers_to, base.fingers_to)
    pose.palms_to = np.where(who, palms_to, base.palms_to)
    pose.elbows = np.where(who, elbows, base.elbows)
    return pose


def towards_camera(stage: Stage, who: Acting, most: float, least: float = 0.35) -> float:
    """A heading that turns the side of the acting hand to the camera, by up to `most`, or away by up to `least`."""
    seen = stage.rng.choice([-1.0, 1.0]) if who.all() else (1.0 if who[1, 0] else -1.0)
    return float(seen) * stage.draw(-least, most)


def upper_framing(
    stage: Stage,
    base: Pose,
    span: Range,
    above: float,
    yaw: float = 0.6,
    breadth: float = 0.9,
    aside: tuple[float, float] = (0.0, 0.05),
) -> Framing:
    """A look at what is `above` the middle of the shoulders and `aside` of it (left, forward), whatever the posture."""
    spot = base.pelvis + vec(aside[0], stage.body.trunk + above, aside[1])
    height = stage.draw(*span) * stage.body.height
    return Framing(to_world(base, stage.body, spot), height, (-yaw, yaw), (-0.05, 0.35), breadth)


def near_or_far(stage: Stage, base: Pose, name: str, near: float, above: float = 0.0) -> Framing:
    """The upper half, its middle so far `above` the shoulders, with probability `near`; else all of the body."""
    if stage.chance(near):
        return upper_framing(stage, base, UPPER_SPAN, above, 0.9)
    h = stage.body.height
    whole = stage.draw(*WHOLE_SPAN)
    if name == "standing":
        return Framing(vec(0.0, 0.56 * h, 0.0), whole * h, (-0.9, 0.9), breadth=0.6)
    return Framing(vec(0.0, (0.38 if name == "floor" else 0.5) * h, 0.05), 0.75 * whole * h, (-0.9, 0.9), breadth=0.9)


def eye_level(stage: Stage) -> float:
    """Height of the eyes over the middle of the shoulders, body heights."""
    return stage.body.neck + 0.54 * stage.body.head


@behaviour(14, "finger flicking")
def finger_flicking(stage: Stage) -> Programme:
    """A hand that stays before the eyes or beside the head; its fingers snap open and shut."""
    who = acting(stage, 0.35)
    base, props, _ = posture(stage, 0.3, 0.5, towards_camera(stage, who, 0.8))
    rhythm = Rhythm(stage.rng, FLICK_RATE)
    curl = stage.draw(*FLICK_CURL)
    beside = stage.chance(0.4)
    # The fingers stand at the eyes' height, so the wrist is a hand's length lower.
    height = eye_level(stage) - stage.draw(0.04, 0.09)
    if beside:
        place = vec(stage.draw(0.13, 0.18), height + stage.draw(0.0, 0.04), stage.draw(0.05, 0.13))
        palm = vec(-0.8, 0.0, stage.draw(0.0, 0.9))
    else:
        place = vec(stage.draw(0.05, 0.1), height, stage.draw(0.16, 0.23))
        palm = vec(-1.0, 0.0, stage.draw(-0.6, 0.3))
    fingers = vec(stage.draw(-0.35, 0.1), 1.0, stage.draw(-0.1, 0.35))
    # Index and middle finger spring off the thumb, or all four, together or rolling.
    flicking = np.array([0.3, 1.0, 1.0, 0.25, 0.15] if stage.chance(0.45) else [0.35, 1.0, 1.0, 1.0, 1.0])
    roll = stage.draw(0.0, 0.12)
    against = 0.5 if stage.chance(0.4) else 0.0
    drift = Wander(stage.rng, (0.2, 0.6), 6)
    sign = 0.0 if who.all() else (1.0 if who[0, 0] else -1.0)
    aside = 0.55 if beside else 0.2

    def at(t: float) -> Moment:
        sway = drift(t)
        hands = mirrored(place) + 0.006 * sway.reshape(2, 3)
        pose = with_hands(base, who, hands, mirrored(fingers), mirrored(palm), mirrored(vec(0.7, -1.0, -0.1)))
        pose.curl = base.curl.copy()
        for side in np.flatnonzero(who[:, 0]):
            for finger in range(5):
                u = (rhythm.cycles(t) + roll * finger + against * side) % 1.0
                # Open within a fifth of the cycle, shut again more slowly: a flick, not a wiggle.
                opened = smooth(u / 0.2) * (1.0 - smooth((u - 0.45) / 0.4))
                pose.curl[side, finger] = curl - curl * flicking[finger] * opened
        pose.spread = np.where(who[:, 0], 0.22, base.spread)
        pose.head = np.array([sign * aside + 0.05 * sway[0], 0.02 + 0.05 * sway[1], -0.1 * sign])
        pose.gaze = np.array([0.5 * sign, 0.1])
        return Moment(pose, props)

    # Between the face and the hand.
    between = (0.5 * sign * place[0], 0.5 * place[2])
    framing = upper_framing(stage, base, FLICK_SPAN, eye_level(stage) - 0.04, breadth=0.9, aside=between)
    return Programme("finger flicking", at, framing, True, face=True, rests=True)


# Fingers and wrist of a stiff hand: curl of the five fingers, spread, where the fingers point, where the palm faces.
HAND_SHAPES: dict[str, tuple[list[float], float, tuple[float, float, float], tuple[float, float, float]]] = {
    "hanging": ([0.1, 0.05, 0.1, 0.1, 0.05], 0.3, (0.35, -0.75, 0.75), (-0.2, -0.75, -0.75)),
    "hooked": ([0.5, 0.55, 0.6, 0.6, 0.55], 0.28, (0.2, -0.2, 1.0), (-0.2, -1.0, -0.2)),
    "bent back": ([-0.1, -0.1, -0.08, -0.08, -0.1], 0.42, (1.0, 0.5, 0.2), (0.3, -0.9, 0.6)),
    "claw": ([0.35, 0.5, 0.42, 0.46, 0.5], 0.42, (0.15, 1.0, 0.1), (-0.2, 0.0, 1.0)),
    "fork": ([0.8, -0.1, 0.9, 0.9, -0.05], 0.38, (0.3, 0.95, 0.0), (0.1, 0.1, 1.0)),
}


@behaviour(23, "hand posturing")
def hand_posturing(stage: Stage) -> Programme:
    """Hands held up beside shoulders or chest in a stiff odd shape, slowly turning, without a beat."""
    who = acting(stage, 0.65)
    base, props, _ = posture(stage, 0.3, 0.35, towards_camera(stage, who, 0.7))
    curl, spread, fingers, palm = HAND_SHAPES[str(stage.rng.choice(list(HAND_SHAPES)))]
    if stage.chance(0.55):
        place = vec(stage.draw(0.16, 0.23), stage.draw(-0.06, 0.08), stage.draw(0.04, 0.14))
    else:
        place = vec(stage.draw(0.1, 0.15), stage.draw(-0.12, -0.04), stage.draw(0.13, 0.19))
    # The two hands are rarely held alike.
    uneven = np.array([stage.draw(-0.03, 0.03), stage.draw(-0.04, 0.04), 0.0])
    places = mirrored(place) + np.array([uneven, -uneven])
    rhythm = Rhythm(stage.rng, POSTURE_TURN_RATE, 0.3)
    angle = stage.draw(*POSTURE_TURN)
    drift = Wander(stage.rng, (0.1, 0.35), 6)
    away = stage.draw(-0.5, 0.5)

    def at(t: float) -> Moment:
        sway = drift(t)
        turn = angle * np.array([rhythm.wave(t), rhythm.wave(t, 0.15)])
        swing = np.stack([turn, 0.3 * np.abs(turn), -0.5 * turn], axis=1) * [[1, 1, 1], [-1, 1, 1]]
        pose = with_hands(
            base,
            who,
            places + 0.01 * sway.reshape(2, 3),
            mirrored(np.asarray(fingers)) + swing,
            mirrored(np.asarray(palm)) - swing,
            mirrored(vec(1.0, -0.7, -0.3)),
        )
        pose.curl = np.where(who, curl, base.curl)
        pose.spread = np.where(who[:, 0], spread, base.spread)
        pose.head = np.array([away + 0.1 * sway[0], 0.05 * sway[1], 0.1 * sway[2]])
        return Moment(pose, props)

    return Programme("hand posturing", at, upper_framing(stage, base, POSTURE_SPAN, -0.01), True)


# Where the wrist is in the middle of its stroke: ranges of left, up, forward, and how likely.
FLAP_PLACES: dict[str, tuple[Range, Range, Range, float]] = {
    "bent": ((0.16, 0.23), (-0.1, 0.03), (0.08, 0.15), 0.5),
    "out": ((0.26, 0.31), (-0.06, 0.06), (0.02, 0.09), 0.3),
    "up": ((0.15, 0.22), (0.06, 0.15), (0.04, 0.1), 0.2),
}


@behaviour(25, "hand flapping")
def hand_flapping(stage: Stage) -> Programme:
    """Both arms raised beside the body, hands and forearms shake up and down, often with a bounce."""
    base, props, name = posture(stage, 0.25, 0.15, stage.draw(-0.8, 0.8))
    kind = str(stage.rng.choice(list(FLAP_PLACES), p=[place[3] for place in FLAP_PLACES.values()]))
    left, up, ahead, _ = FLAP_PLACES[kind]
    place = vec(stage.draw(*left), stage.draw(*up), stage.draw(*ahead))
    rhythm = Rhythm(stage.rng, FLAP_RATE)
    lift, bend = stage.draw(*FLAP_LIFT), stage.draw(*FLAP_BEND)
    against = 0.5 if stage.chance(0.15) else 0.0
    on_the_feet = name == "standing"
    bounce = stage.draw(*FLAP_BOUNCE) if stage.chance(0.6) else 0.0
    rise = stage.draw(*TIPTOE) if on_the_feet and stage.chance(0.4) else 0.0
    outward = stage.draw(0.25, 0.9) if kind != "out" else 1.0
    forward = stage.draw(0.4, 1.0) if kind != "out" else stage.draw(0.0, 0.5)
    drift = Wander(stage.rng, (0.2, 0.6), 6)
    everyone = np.ones((2, 1), bool)

    def at(t: float) -> Moment:
        sway = drift(t)
        wave = np.array([rhythm.wave(t), rhythm.wave(t, against)])
        # The hand trails behind the forearm, as something loose at its end does.
        trail = bend * np.array([rhythm.wave(t, -0.12), rhythm.wave(t, against - 0.12)]) + 0.1
        hands = mirrored(place) + 0.012 * sway.reshape(2, 3)
        hands[:, 1] += lift * wave
        flat = mirrored(vec(outward, 0.0, forward) / np.hypot(outward, forward))
        fingers = flat * np.cos(trail)[:, None] + np.sin(trail)[:, None] * vec(0.0, 1.0, 0.0)
        palms = flat * np.sin(trail)[:, None] - np.cos(trail)[:, None] * vec(0.0, 1.0, 0.0)
        pose = with_hands(base, everyone, hands, fingers, palms, mirrored(vec(0.7, -1.0, -0.4)))
        pose.curl = np.full((2, 5), 0.08)
        hop = bounce * (0.5 - 0.5 * np.cos(np.pi * rhythm.cycles(t)))
        heel = 0.075 * np.sin(rise)
        pose.pelvis = base.pelvis + vec(0.0, hop * (1.0 if on_the_feet else 0.5) + heel - 0.5 * bounce, 0.0)
        if rise:
            pose.feet = base.feet + vec(0.0, heel, 0.0)
            pose.toes = base.toes - np.array([0.0, rise])
        pose.lean = np.array([0.05 + 0.04 * sway[0], 0.03 * sway[1]])
        pose.head = np.array([0.3 * sway[2], -0.05 + 0.08 * sway[3], 0.06 * sway[4]])
        pose.mouth = 0.3
        return Moment(pose, props)

    return Programme("hand flapping", at, near_or_far(stage, base, name, 0.45), rests=True)


@behaviour(33, "staring at the hands")
def staring_at_the_hands(stage: Stage) -> Programme:
    """A hand or both, still or slowly turning before the eyes; head and gaze keep to it."""
    who = acting(stage, 0.45)
    # Turned aside, so that the way from the eyes to the hand is seen.
    base, props, _ = posture(stage, 0.3, 0.45, towards_camera(stage, who, 1.35, -0.3))
    distance = stage.draw(*STARE_DISTANCE)
    low = stage.draw(0.0, 0.08)  # how far below the eyes
    eyes = vec(0.0, eye_level(stage), 0.35 * stage.body.head)
    aside = stage.draw(0.0, 0.05) if not who.all() else stage.draw(0.035, 0.06)
    middle = eyes + vec(aside, -low, distance)
    wrist = middle - vec(0.0, 0.055, 0.0)
    edgewise = stage.draw(-0.6, 0.9)  # which way the hand is turned in the middle of its slow turn
    rhythm = Rhythm(stage.rng, STARE_TURN_RATE, 0.3)
    angle = stage.draw(*STARE_TURN) if stage.chance(0.75) else 0.0
    curl = stage.draw(0.0, 0.35)
    drift, stretch = Wander(stage.rng, (0.1, 0.35), 6), Wander(stage.rng, (0.1, 0.3), 5)
    sign = 0.0 if who.all() else (1.0 if who[0, 0] else -1.0)
    bow = float(np.arctan2(low, distance + 0.05))
    turn_to = sign * float(np.arctan2(aside, distance + 0.05))

    def at(t: float) -> Moment:
        sway = drift(t)
        turn = edgewise + angle * np.array([rhythm.wave(t), rhythm.wave(t, 0.2)])
        palms = np.stack([-np.sin(turn), np.zeros(2), -np.cos(turn)], axis=1) * [[1, 1, 1], [-1, 1, 1]]
        pose = with_hands(
            base,
            who,
            mirrored(wrist) + 0.007 * sway.reshape(2, 3),
            mirrored(vec(-0.15, 1.0, 0.15)),
            palms,
            mirrored(vec(0.7, -1.0, 0.0)),
        )
        pose.curl = np.where(who, np.clip(curl + 0.12 * stretch(t), -0.05, 0.6), base.curl)
        pose.spread = np.where(who[:, 0], 0.2, base.spread)
        # The head follows a little and is otherwise quite still.
        pose.head = np.array([turn_to + 0.02 * sway[0], min(0.7 * bow, 0.6) + 0.02 * sway[1], 0.12 * sign])
        pose.gaze = np.array([0.3 * sign, -0.35 * min(bow, 1.0)])
        pose.lean = np.array([0.08, 0.0])
        return Moment(pose, props)

    between = (0.5 * sign * aside, 0.5 * float(middle[2]))
    framing = upper_framing(stage, base, STARE_SPAN, 0.06, breadth=1.0, aside=between)
    return Programme("staring at the hands", at, framing, True, face=True)


@behaviour(40, "hand waving")
def hand_waving(stage: Stage) -> Programme:
    """A raised hand sweeps from side to side about the elbow, palm to the front, on and on."""
    who = acting(stage, 0.12)
    base, props, name = posture(stage, 0.25, 0.25, stage.draw(-0.6, 0.6))
    rhythm = Rhythm(stage.rng, WAVE_RATE)
    body = stage.body
    high = stage.chance(0.3)  # the whole arm is stretched up and sweeps about the shoulder
    angle = stage.draw(*(REACH_ANGLE if high else WAVE_ANGLE))
    outward = stage.draw(0.1, 0.3)  # radians by which the middle of the sweep leans away from the head
    forward = stage.draw(0.1, 0.4)
    upper = vec(stage.draw(0.4, 0.75), stage.draw(-0.4, 0.2), stage.draw(0.25, 0.6))
    upper /= np.linalg.norm(upper)
    shoulder = vec(body.shoulders, -0.012, 0.0)
    elbow = shoulder + upper * body.upper_arm
    drift = Wander(stage.rng, (0.2, 0.6), 6)

    def swept(a: Points) -> Points:
        """Upward directions leaning outwards by the angles a, (2, 3)."""
        lines = np.stack([np.sin(a), np.cos(a) * np.cos(forward), np.cos(a) * np.sin(forward)], axis=1)
        return lines * [[1, 1, 1], [-1, 1, 1]]

    def at(t: float) -> Moment:
        sway = drift(t)
        # Both hands sweep to the same side at one time.
        side = angle * np.array([rhythm.wave(t), -rhythm.wave(t)])
        arm = swept(outward + side)
        if high:
            hands = mirrored(shoulder) + arm * 0.97 * (body.upper_arm + body.forearm)
        else:
            hands = mirrored(elbow) + arm * body.forearm
        lag = angle * np.array([rhythm.wave(t, -0.08), -rhythm.wave(t, -0.08)])
        pose = with_hands(
            base,
            who,
            hands + 0.006 * sway.reshape(2, 3),
            swept(outward + 1.35 * lag),
            np.tile([0.0, -0.15, 1.0], (2, 1)),
            mirrored(upper if not high else vec(1.0, -0.1, 0.2)),
        )
        pose.curl = np.where(who, 0.04, base.curl)
        pose.spread = np.where(who[:, 0], 0.2, base.spread)
        pose.lean = np.array([0.02, 0.02 * sway[0] + 0.02 * rhythm.wave(t)])
        pose.head = np.array([0.2 * sway[1], 0.05 * sway[2], 0.05 * sway[3]])
        return Moment(pose, props)

    if stage.chance(0.45):
        sign = 0.0 if who.all() else (1.0 if who[0, 0] else -1.0)
        framing = upper_framing(stage, base, WAVE_SPAN, 0.12, 0.9, 1.0, (0.1 * sign, 0.05))
    else:
        framing = near_or_far(stage, base, name, 0.0)
    return Programme("hand waving", at, framing, True, (0, ON_TABLE), rests=True)
