"""Labels 13, 15, 19, 26 and 32, seen from near: what a child does with the eyes, the lips and the tongue."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from models.simulator.behaviours.portrait import (
    FACE_SPAN,
    HAND_SPAN,
    Glances,
    HeadFrame,
    Steady,
    both,
    closure,
    face_framing,
    natural_lids,
    portrait,
)
from models.simulator.behaviours.registry import behaviour
from models.simulator.body import Pose
from models.simulator.motion import Moment, Programme, Rhythm, Stage, Wander, smooth
from models.simulator.props import ON_TABLE, item

COVER_PERIOD = (1.7, 3.2)  # seconds from one covering of the eyes to the next
COVERED = (0.72, 0.85)  # share of it that the hands stay
UNCOVER = (0.75, 1.3)  # how far the hands go down between, head radii
PRESS = (0.03, 0.08)  # small movement of hands that stay, head radii
BITE_RATE = (0.9, 2.2)  # Hz
FREQUENT_BLINKS = (1.5, 4.0)  # Hz
BURST = (1.3, 2.2)  # seconds of blinking, then
LULL = (0.25, 0.5)  # seconds without
TONGUE_RATE = (0.7, 1.6)  # Hz
TONGUE_OUT = (0.65, 1.0)
SLIT = (0.1, 0.3)  # openness of squinting eyes
SQUINT_RATE = (0.2, 0.5)  # Hz


# --- 13 covering or closing the eyes ------------------------------------------------------------------------------


def put_and_hold(stage: Stage) -> Callable[[float], float]:
    """1 while the hands cover, 0 at the most away: held throughout, or taken away again and again for a moment."""
    if stage.chance(0.4):
        return lambda t: 1.0
    rhythm = Rhythm(stage.rng, (1 / COVER_PERIOD[1], 1 / COVER_PERIOD[0]), 0.06)
    held = stage.draw(*COVERED)

    def share(t: float) -> float:
        u = rhythm.cycles(t) % 1.0
        return 1.0 if u < held else abs(2.0 * smooth((u - held) / (1.0 - held)) - 1.0)

    return share


@behaviour(13, "hands over the eyes", 1.1)
def hands_over_eyes(stage: Stage) -> Programme:
    """Both palms, or both fists, on the eyes; the fingers towards the forehead and the midline."""
    base, props = portrait(stage)
    base.head = np.array([stage.draw(-0.15, 0.15), stage.draw(0.0, 0.3), stage.draw(-0.08, 0.08)])
    steady, share = Steady(stage, base), put_and_hold(stage)
    away, press = stage.draw(*UNCOVER), stage.draw(*PRESS)
    small = Wander(stage.rng, (0.6, 1.4), 6)
    fists = stage.chance(0.3)
    slant = stage.draw(0.3, 0.8)

    def at(t: float) -> Moment:
        pose = steady(t)
        on = share(t)
        frame = HeadFrame(stage.body, pose)
        wobble = press * small(t).reshape(2, 3)
        for side, sign in ((0, 1.0), (1, -1.0)):
            wrist = np.array([sign * (0.36 + 0.42 * slant), -0.5 + 0.15 * slant, 1.08])
            spot = wrist + wobble[side] - (1.0 - on) * away * np.array([-0.35 * sign, 1.0, -0.25])
            pose.hands[side] = frame.hand(spot)
            pose.fingers_to[side] = frame.direction(np.array([-sign * slant, 0.9, 0.05]))
            pose.palms_to[side] = frame.direction(np.array([0.0, 0.1, -1.0]))
        pose.curl = np.full((2, 5), 0.85 if fists else 0.12)
        pose.spread = np.full(2, 0.08)
        pose.elbows = np.array([[0.8, -0.9, 0.3], [-0.8, -0.9, 0.3]])
        pose.eyes = both(0.0 if on > 0.3 else 0.75)
        return Moment(pose, props)

    framing = face_framing(stage, base, HAND_SPAN)
    return Programme("hands over the eyes", at, framing, True, (0, ON_TABLE), face=True, rests=True)


@behaviour(13, "one hand over the eyes", 0.5)
def one_hand_over_eyes(stage: Stage) -> Programme:
    """One hand lies across both eyes."""
    base, props = portrait(stage)
    base.head = np.array([stage.draw(-0.15, 0.15), stage.draw(0.0, 0.25), stage.draw(-0.08, 0.08)])
    steady, share = Steady(stage, base), put_and_hold(stage)
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    away, press = stage.draw(*UNCOVER), stage.draw(*PRESS)
    small = Wander(stage.rng, (0.6, 1.4), 3)
    rise = stage.draw(-0.1, 0.2)

    def at(t: float) -> Moment:
        pose = steady(t)
        on = share(t)
        frame = HeadFrame(stage.body, pose)
        wrist = np.array([sign * 0.42, -0.04 - 0.4 * rise, 1.12])
        pose.hands[side] = frame.hand(wrist + press * small(t) - (1.0 - on) * away * np.array([-0.3 * sign, 1.0, -0.3]))
        pose.fingers_to[side] = frame.direction(np.array([-sign, rise, 0.0]))
        pose.palms_to[side] = frame.direction(np.array([0.0, 0.0, -1.0]))
        pose.curl = np.full((2, 5), 0.06)
        pose.spread = np.full(2, 0.06)
        pose.elbows = np.array([[0.9, -0.8, 0.3], [-0.9, -0.8, 0.3]])
        pose.eyes = both(0.0 if on > 0.3 else 0.8)
        return Moment(pose, props)

    framing = face_framing(stage, base, HAND_SPAN)
    return Programme("one hand over the eyes", at, framing, True, (0, ON_TABLE), face=True, rests=True)


@behaviour(13, "forearm over the eyes", 0.4)
def forearm_over_eyes(stage: Stage) -> Programme:
    """A forearm lies across the eyes, the elbow out to its side."""
    base, props = portrait(stage)
    base.head = np.array([stage.draw(-0.12, 0.12), stage.draw(0.05, 0.25), 0.0])
    steady, share = Steady(stage, base), put_and_hold(stage)
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    away, press = stage.draw(*UNCOVER), stage.draw(*PRESS)
    small = Wander(stage.rng, (0.6, 1.4), 3)

    def at(t: float) -> Moment:
        pose = steady(t)
        on = share(t)
        frame = HeadFrame(stage.body, pose)
        spot = np.array([-0.72 * sign, 0.0, 1.0]) + press * small(t)
        pose.hands[side] = frame.hand(spot - (1.0 - on) * away * np.array([-0.2 * sign, 1.2, -0.4]))
        pose.fingers_to[side] = frame.direction(np.array([-sign, 0.1, -0.35]))
        pose.palms_to[side] = frame.direction(np.array([0.0, -0.3, -1.0]))
        pose.curl = np.full((2, 5), 0.5)
        pose.elbows = np.array([[1.0, 0.75, 0.5], [-1.0, 0.75, 0.5]])
        pose.eyes = both(0.0 if on > 0.3 else 0.8)
        return Moment(pose, props)

    framing = face_framing(stage, base, HAND_SPAN)
    return Programme("forearm over the eyes", at, framing, True, (0, ON_TABLE), face=True, rests=True)


@behaviour(13, "eyes kept closed", 0.65)
def eyes_kept_closed(stage: Stage) -> Programme:
    """Both eyes shut and kept shut, the face calm, the head bowed a little."""
    base, props = portrait(stage)
    base.head = np.array([stage.draw(-0.25, 0.25), stage.draw(0.05, 0.28), stage.draw(-0.12, 0.12)])
    base.brows = stage.draw(0.0, 0.35)
    base.eyes = both(0.0)
    steady = Steady(stage, base, stage.draw(0.8, 1.6))
    return Programme(
        "eyes kept closed",
        lambda t: Moment(steady(t), props),
        face_framing(stage, base),
        face=True,
        rests=True,
    )


# --- 15 lip biting ------------------------------------------------------------------------------------------------


@behaviour(15, "lip biting")
def lip_biting(stage: Stage) -> Programme:
    """The upper teeth hold the lower lip and chew on it, or let go and take it again."""
    base, props = portrait(stage)
    base.head = np.array([stage.draw(-0.2, 0.2), stage.draw(-0.08, 0.12), stage.draw(-0.14, 0.14)])
    steady, lids, glances = Steady(stage, base), natural_lids(stage, stage.draw(0.85, 1.0)), Glances(stage)
    rhythm = Rhythm(stage.rng, BITE_RATE)
    lets_go = stage.chance(0.4)
    least = stage.draw(0.0, 0.1) if lets_go else stage.draw(0.2, 0.5)
    jaw = stage.draw(0.04, 0.14)
    brows = stage.draw(-0.25, 0.2)

    def at(t: float) -> Moment:
        pose = steady(t)
        hold = min(1.0, 1.35 * rhythm.swell(t))  # longer on the lip than off it
        pose.bitten = least + (1.0 - least) * hold
        pose.mouth = jaw * (1.0 - hold)
        pose.head = pose.head + np.array([0.0, 0.04 * hold, 0.0])
        pose.eyes, pose.gaze, pose.brows = both(lids(t)), 0.8 * glances(t), brows
        return Moment(pose, props)

    return Programme("lip biting", at, face_framing(stage, base), face=True, rests=True)


# --- 19 frequent blinking -----------------------------------------------------------------------------------------


@behaviour(19, "frequent blinking")
def frequent_blinking(stage: Stage) -> Programme:
    """Both lids close wholly and open again, one to four times a second, steadily or in bursts; the head is still."""
    base, props = portrait(stage)
    base.head = np.array([stage.draw(-0.2, 0.2), stage.draw(-0.05, 0.12), stage.draw(-0.06, 0.06)])
    steady = Steady(stage, base, stage.draw(0.3, 0.8))
    rhythm = Rhythm(stage.rng, FREQUENT_BLINKS)
    shut = float(np.clip(stage.draw(0.2, 0.3) * rhythm.rate, 0.4, 0.62))  # share of a cycle that a blink takes
    open_eyes = stage.draw(0.9, 1.05)
    bursts = stage.chance(0.4)
    burst, lull = stage.draw(*BURST), stage.draw(*LULL)
    start = stage.draw(0.0, burst)
    hard = stage.draw(0.3, 0.6) if stage.chance(0.3) else 0.0  # how much the brows come down with each
    gaze = np.array([stage.draw(-0.5, 0.5), stage.draw(-0.3, 0.2)])

    def at(t: float) -> Moment:
        pose = steady(t)
        rests = bursts and (t + start) % (burst + lull) > burst
        closed = 0.0 if rests else closure(rhythm.cycles(t) % 1.0 / shut)
        pose.eyes, pose.brows, pose.gaze = both(open_eyes * (1.0 - closed)), -hard * closed, gaze
        return Moment(pose, props)

    return Programme("frequent blinking", at, face_framing(stage, base), face=True)


# --- 26 tongue protrusion -----------------------------------------------------------------------------------------


@behaviour(26, "tongue protrusion")
def tongue_protrusion(stage: Stage) -> Programme:
    """The tongue goes out and in, or stays out and moves."""
    base, props = portrait(stage)
    base.head = np.array([stage.draw(-0.25, 0.25), stage.draw(-0.1, 0.15), stage.draw(-0.12, 0.12)])
    steady, lids, glances = Steady(stage, base), natural_lids(stage), Glances(stage)
    rhythm = Rhythm(stage.rng, TONGUE_RATE)
    far = stage.draw(*TONGUE_OUT)
    stays = stage.chance(0.35)
    least = stage.draw(0.35, 0.55) * far if stays else 0.0
    mouth = stage.draw(0.05, 0.35)

    def at(t: float) -> Moment:
        pose = steady(t)
        out = min(1.0, 1.25 * rhythm.swell(t))
        pose.tongue = least + (far - least) * out
        pose.mouth = mouth * (1.0 if stays else smooth(2.0 * out))
        pose.eyes, pose.gaze = both(lids(t)), 0.7 * glances(t)
        pose.head = pose.head - np.array([0.0, 0.05 * out, 0.0])
        return Moment(pose, props)

    return Programme("tongue protrusion", at, face_framing(stage, base), face=True, rests=True)


# --- 32 squinting -------------------------------------------------------------------------------------------------


def squint(stage: Stage) -> Callable[[float, Pose], None]:
    """Writes into a pose the slits of the eyes and the brows drawn down, both slowly changing."""
    slit, frown = stage.draw(*SLIT), stage.draw(-1.0, -0.75)
    slow = Wander(stage.rng, SQUINT_RATE, 2)
    uneven = np.array([1.0, stage.draw(0.4, 1.0)])[:: 1 if stage.chance(0.5) else -1]

    def narrow(t: float, pose: Pose) -> None:
        d = slow(t)
        pose.eyes = np.clip(slit + 0.12 * d[0], 0.0, 0.36) * uneven
        pose.brows = float(np.clip(frown + 0.12 * d[1], -1.0, -0.6))

    return narrow


@behaviour(32, "squinting")
def squinting(stage: Stage) -> Programme:
    """Eyes narrowed to slits under a frown, the head forward or turned away from where the eyes look."""
    base, props = portrait(stage)
    aside = stage.chance(0.45)
    sign = 1.0 if stage.chance(0.5) else -1.0
    turn = sign * stage.draw(0.2, 0.45) if aside else stage.draw(-0.12, 0.12)
    base.head = np.array([turn, stage.draw(-0.1, 0.15), stage.draw(-0.12, 0.12)])
    base.lean = np.array([stage.draw(0.02, 0.12), 0.0])
    steady, narrow = Steady(stage, base, stage.draw(0.7, 1.5)), squint(stage)
    gaze = np.array([-0.9 * sign if aside else stage.draw(-0.4, 0.4), stage.draw(-0.2, 0.5)])
    drift = Wander(stage.rng, SQUINT_RATE, 2)
    holds = aside and stage.chance(0.5)  # a toy, at the edge of what is seen
    side = 1 if sign > 0 else 0
    colour, kind = stage.cloth(), str(stage.rng.choice(["block", "ball", "car"]))
    size = stage.draw(0.4, 0.6)  # head radii

    def at(t: float) -> Moment:
        pose = steady(t)
        narrow(t, pose)
        pose.gaze = gaze + 0.12 * drift(t)
        if not holds:
            return Moment(pose, props)
        frame = HeadFrame(stage.body, pose)
        spot = np.array([-sign * 1.05, 0.12 + 0.1 * drift(t)[0], 0.95])
        pose.hands[side] = frame.hand(spot - np.array([0.0, 0.75, 0.0]))
        pose.fingers_to[side] = frame.direction(np.array([0.0, 1.0, 0.1]))
        pose.palms_to[side] = frame.direction(np.array([sign, 0.0, -0.3]))
        pose.curl = np.full((2, 5), 0.5)
        toy = item(kind, frame.place(spot), size * frame.scale, colour, pose.heading)
        return Moment(pose, props + toy[1:])  # held: no shadow under it

    framing = face_framing(stage, base, HAND_SPAN if holds else FACE_SPAN)
    layers = (0, ON_TABLE) if holds else (0, 0)
    return Programme("squinting", at, framing, holds, layers, face=True, rests=True)


@behaviour(32, "squinting under a hand", 0.35)
def squinting_under_hand(stage: Stage) -> Programme:
    """The same, with a hand held over the brows against the light; it does not hide the eyes."""
    base, props = portrait(stage)
    base.head = np.array([stage.draw(-0.2, 0.2), stage.draw(-0.15, 0.08), stage.draw(-0.08, 0.08)])
    steady, narrow = Steady(stage, base), squint(stage)
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    drift = Wander(stage.rng, SQUINT_RATE, 3)
    height = stage.draw(0.72, 0.9)
    gaze = np.array([stage.draw(-0.5, 0.5), stage.draw(0.0, 0.5)])

    def at(t: float) -> Moment:
        pose = steady(t)
        narrow(t, pose)
        pose.gaze = gaze + 0.1 * drift(t)[:2]
        frame = HeadFrame(stage.body, pose)
        pose.hands[side] = frame.hand(np.array([sign * 0.75, height - 0.1, 0.75]) + 0.05 * drift(t))
        pose.fingers_to[side] = frame.direction(np.array([-sign, 0.12, 0.25]))
        pose.palms_to[side] = frame.direction(np.array([0.0, -1.0, 0.0]))
        pose.curl = np.full((2, 5), 0.1)
        pose.elbows = np.array([[1.0, 0.1, 0.0], [-1.0, 0.1, 0.0]])
        return Moment(pose, props)

    framing = face_framing(stage, base, HAND_SPAN)
    return Programme("squinting under a hand", at, framing, True, (0, ON_TABLE), face=True, rests=True)
