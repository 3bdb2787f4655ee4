"""Label 0, filmed from as near as labels 13, 15, 19, 26 and 32: what any child does with eyes, mouth and hands."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from models.simulator.behaviours.portrait import (
    HAND_SPAN,
    Glances,
    HeadFrame,
    Steady,
    both,
    face_framing,
    natural_lids,
    portrait,
)
from models.simulator.behaviours.registry import behaviour
from models.simulator.body import Pose
from models.simulator.motion import Moment, Programme, Rhythm, Stage, Wander, smooth
from models.simulator.props import ON_TABLE
from models.simulator.shapes import Hull, Panel, Points, Shape, capsule, disc, shade, vec

EVERY = (5.5, 8.0)  # seconds from one deed to the next: a clip shows one
SYLLABLES = (2.0, 4.0)  # Hz
PHRASE = (0.25, 0.5)  # Hz
LAUGH_RATE = (3.5, 5.0)  # Hz
CHEW_RATE = (1.0, 1.8)  # Hz
NOTE_RATE = (0.5, 1.1)  # Hz
SWAY_RATE = (0.3, 0.6)  # Hz
YAWN = (1.6, 2.4)  # seconds
MOUTHFUL = (1.6, 2.4)  # seconds from the bowl to the mouth and away
SIP = (2.0, 3.0)  # seconds
RUB = (1.1, 1.8)  # seconds
LICK = (0.5, 0.8)  # seconds
BOOK = (0.95, 1.25)  # width of an open book, heads
READ_RATE = (0.25, 0.5)  # lines a second

Course = Callable[[float], float]


def once(stage: Stage, length: tuple[float, float]) -> Course:
    """How far through a deed somebody is, 0 … 1 (0 and 1 outside it): it begins soon, and again only much later."""
    period, lasts = stage.draw(*EVERY), stage.draw(*length)
    begins = stage.draw(-0.3, 0.9)
    return lambda t: float(np.clip(((t - begins) % period) / lasts, 0.0, 1.0))


def there_and_back(u: float, arrives: float = 0.35, leaves: float = 0.65) -> float:
    """0 → 1 until `arrives`, 1 until `leaves`, back to 0."""
    return smooth(u / arrives) if u < arrives else 1.0 - smooth((u - leaves) / (1.0 - leaves))


def plain(stage: Stage, liveliness: tuple[float, float] = (0.8, 1.8)) -> tuple[Steady, list[Shape]]:
    """A child who sits or stands and holds the head as one does who does nothing much."""
    base, props = portrait(stage)
    base.head = np.array([stage.draw(-0.25, 0.25), stage.draw(-0.1, 0.15), stage.draw(-0.12, 0.12)])
    return Steady(stage, base, stage.draw(*liveliness)), props


@behaviour(0, "calm face", 1.0)
def calm_face(stage: Stage) -> Programme:
    """Looks about with eyes and head; blinks now and then."""
    steady, props = plain(stage)
    lids, glances = natural_lids(stage, stage.draw(0.75, 1.05)), Glances(stage)
    slow = Wander(stage.rng, (0.1, 0.35), 2)
    wide, brows = stage.draw(0.0, 0.35), stage.draw(-0.25, 0.35)
    mouth = stage.draw(0.0, 0.1)

    def at(t: float) -> Moment:
        pose = steady(t)
        turn, bow = slow(t)
        pose.head = pose.head + np.array([wide * turn, 0.3 * wide * bow, 0.0])
        pose.eyes, pose.gaze, pose.brows, pose.mouth = both(lids(t)), glances(t), brows, mouth
        return Moment(pose, props)

    return Programme("calm face", at, face_framing(stage, steady.base), face=True, rests=True)


@behaviour(0, "talking", 0.9)
def talking(stage: Stage) -> Programme:
    """The mouth opens and closes by syllables, in phrases; head and brows go with it."""
    steady, props = plain(stage, (1.2, 2.2))
    lids, glances = natural_lids(stage), Glances(stage, (0.5, 0.3))
    syllables, phrase = Wander(stage.rng, SYLLABLES, 2), Wander(stage.rng, PHRASE, 2)
    wide = stage.draw(0.3, 0.6)

    def at(t: float) -> Moment:
        pose = steady(t)
        a, b = syllables(t)
        pause, stress = phrase(t)
        pose.mouth = wide * float(np.clip(0.35 + 0.6 * a, 0.0, 1.0)) * smooth(1.5 + 1.6 * pause)
        pose.brows = 0.35 * max(stress, -0.4)
        pose.head = pose.head + np.array([0.0, 0.05 * b, 0.04 * stress])
        pose.eyes, pose.gaze = both(lids(t)), glances(t)
        return Moment(pose, props)

    return Programme("talking", at, face_framing(stage, steady.base), face=True, rests=True)


@behaviour(0, "laughing", 0.8)
def laughing(stage: Stage) -> Programme:
    """Teeth show, the eyes narrow under raised brows, the head bobs."""
    steady, props = plain(stage)
    lids = natural_lids(stage, stage.draw(0.5, 0.75))
    bob, swell = Rhythm(stage.rng, LAUGH_RATE), Wander(stage.rng, PHRASE, 1)
    wide, brows = stage.draw(0.3, 0.6), stage.draw(0.15, 0.5)

    def at(t: float) -> Moment:
        pose = steady(t)
        mirth = float(np.clip(0.65 + 0.5 * swell(t)[0], 0.2, 1.0))
        pose.mouth = wide * mirth * (0.85 + 0.15 * bob.wave(t))
        pose.head = pose.head + np.array([0.0, 0.05 * mirth * bob.wave(t) - 0.12 * mirth, 0.0])
        pose.eyes, pose.brows = both(lids(t)), brows
        return Moment(pose, props)

    return Programme("laughing", at, face_framing(stage, steady.base), face=True, rests=True)


@behaviour(0, "singing", 0.7)
def singing(stage: Stage) -> Programme:
    """Long vowels, the head swaying from side to side, the eyes open."""
    steady, props = plain(stage)
    lids, glances = natural_lids(stage), Glances(stage, (0.4, 0.3))
    notes, sway = Rhythm(stage.rng, NOTE_RATE, 0.3), Rhythm(stage.rng, SWAY_RATE)
    wide, swing = stage.draw(0.45, 0.85), stage.draw(0.05, 0.16)
    size = Wander(stage.rng, NOTE_RATE, 1)

    def at(t: float) -> Moment:
        pose = steady(t)
        pose.mouth = wide * smooth(1.8 * notes.swell(t)) * (0.75 + 0.25 * size(t)[0])
        pose.brows = 0.35 * notes.swell(t)
        pose.head = pose.head + np.array([0.5 * swing * sway.wave(t, 0.2), -0.05, swing * sway.wave(t)])
        pose.eyes, pose.gaze = both(lids(t)), glances(t)
        return Moment(pose, props)

    return Programme("singing", at, face_framing(stage, steady.base), face=True, rests=True)


@behaviour(0, "yawning", 0.7)
def yawning(stage: Stage) -> Programme:
    """The mouth opens wide once, the eyes close with it; then nothing."""
    steady, props = plain(stage)
    lids, glances, course = natural_lids(stage, stage.draw(0.65, 0.95)), Glances(stage), once(stage, YAWN)
    covers = stage.chance(0.3)
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0

    def at(t: float) -> Moment:
        pose = steady(t)
        gape = there_and_back(course(t), 0.4, 0.6)
        pose.mouth = 0.95 * gape
        pose.eyes = both(lids(t) * (1.0 - smooth(1.4 * gape)))
        pose.gaze, pose.brows = glances(t), 0.4 * gape
        pose.head = pose.head - np.array([0.0, 0.18 * gape, 0.0])
        if covers:
            put(stage, pose, side, gape, vec(sign * 0.55, -0.75, 1.12), vec(-sign, 0.25, 0.0), vec(0.0, 0.1, -1.0))
        return Moment(pose, props)

    framing = face_framing(stage, steady.base, HAND_SPAN) if covers else face_framing(stage, steady.base)
    return Programme("yawning", at, framing, covers, (0, ON_TABLE if covers else 0), face=True, rests=True)


@behaviour(0, "chewing", 0.8)
def chewing(stage: Stage) -> Programme:
    """The jaw works, the lips stay closed."""
    steady, props = plain(stage)
    lids, glances, jaw = natural_lids(stage), Glances(stage), Rhythm(stage.rng, CHEW_RATE, 0.25)
    wide = stage.draw(0.08, 0.18)

    def at(t: float) -> Moment:
        pose = steady(t)
        pose.mouth = wide * jaw.swell(t)
        pose.head = pose.head + np.array([0.0, 0.025 * jaw.wave(t), 0.0])
        pose.eyes, pose.gaze = both(lids(t)), glances(t)
        return Moment(pose, props)

    return Programme("chewing", at, face_framing(stage, steady.base), face=True, rests=True)


@behaviour(0, "licking the lips", 0.7)
def licking_lips(stage: Stage) -> Programme:
    """The tip of the tongue shows once, shortly; or one lip is drawn in for a moment."""
    steady, props = plain(stage)
    lids, glances, course = natural_lids(stage), Glances(stage), once(stage, LICK)
    bites = stage.chance(0.35)
    far = stage.draw(0.15, 0.35)

    def at(t: float) -> Moment:
        pose = steady(t)
        shown = there_and_back(course(t))
        pose.tongue, pose.bitten = (0.0, 0.8 * shown) if bites else (far * shown, 0.0)
        pose.eyes, pose.gaze = both(lids(t)), glances(t)
        return Moment(pose, props)

    return Programme("licking the lips", at, face_framing(stage, steady.base), face=True, rests=True)


def put(stage: Stage, pose: Pose, side: int, share: float, wrist: Points, fingers: Points, palm: Points) -> HeadFrame:
    """Bring a hand from where it rests to a place on the head (head radii), by a share of the way."""
    frame = HeadFrame(stage.body, pose)
    goal = frame.hand(wrist) + np.array([0.0, 0.0, 0.05 * np.sin(np.pi * share)])
    pose.hands[side] = pose.hands[side] * (1.0 - share) + goal * share
    pose.fingers_to[side] = pose.fingers_to[side] * (1.0 - share) + frame.direction(fingers) * share
    pose.palms_to[side] = pose.palms_to[side] * (1.0 - share) + frame.direction(palm) * share
    pose.elbows = np.array([[0.9, -0.8, 0.1], [-0.9, -0.8, 0.1]])
    return frame


@behaviour(0, "rubbing an eye", 0.9)
def rubbing_an_eye(stage: Stage) -> Programme:
    """A fist on one eye, or a finger at the nose, for a second; then the hand goes down."""
    steady, props = plain(stage)
    lids, glances, course = natural_lids(stage, stage.draw(0.7, 1.0)), Glances(stage), once(stage, RUB)
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    at_nose = stage.chance(0.4)
    rub = Rhythm(stage.rng, (2.0, 3.5))
    own = np.arange(2) == side
    spot = vec(sign * 0.28, -0.95, 1.2) if at_nose else vec(sign * 0.62, -0.5, 1.1)
    fingers = vec(-sign * 0.3, 1.0, -0.1) if at_nose else vec(-sign * 0.5, 0.9, -0.1)

    def at(t: float) -> Moment:
        pose = steady(t)
        near = there_and_back(course(t), 0.25, 0.75)
        angle = 2 * np.pi * rub.cycles(t)
        small = near * 0.08 * np.array([np.cos(angle), np.sin(angle), 0.0])
        put(stage, pose, side, near, spot + small, fingers, vec(0.0, 0.1, -1.0))
        pose.curl = np.full((2, 5), 0.85)
        if at_nose:
            pose.curl[side, 1] = 0.05
        closed = 0.0 if at_nose else smooth(2.0 * near - 0.6)
        pose.eyes = lids(t) * (1.0 - closed * np.where(own, 1.0, 0.25))
        pose.gaze = glances(t)
        return Moment(pose, props)

    framing = face_framing(stage, steady.base, HAND_SPAN)
    return Programme("rubbing an eye", at, framing, True, (0, ON_TABLE), face=True, rests=True)


def spoon(stage: Stage) -> Callable[[HeadFrame, Points, Points], list[Shape]]:
    """A spoon from the place of its bowl to that of the hand, both in head radii."""
    metal, food = shade((176, 180, 186), stage.draw(0.85, 1.1)), stage.cloth()

    def shapes(frame: HeadFrame, tip: Points, grip: Points) -> list[Shape]:
        bowl, handle = frame.place(tip), frame.place(grip)
        s = frame.scale
        return [
            capsule(bowl, handle, 0.045 * s, 0.05 * s, metal, ON_TABLE, -0.05),
            Hull(bowl[None], np.array([0.14 * s]), shade(metal, 0.85), ON_TABLE, -0.06),
            Hull(bowl[None] + [0.0, 0.05 * s, 0.0], np.array([0.1 * s]), food, ON_TABLE, -0.07),
        ]

    return shapes


@behaviour(0, "eating from a spoon", 0.8)
def eating_from_a_spoon(stage: Stage) -> Programme:
    """One mouthful: the spoon comes, the mouth opens and closes on it, the spoon leaves; then the jaw works."""
    steady, props = plain(stage)
    lids, course, jaw = natural_lids(stage), once(stage, MOUTHFUL), Rhythm(stage.rng, CHEW_RATE, 0.25)
    utensil = spoon(stage)
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0

    def at(t: float) -> Moment:
        pose = steady(t)
        u = course(t)
        near = there_and_back(u, 0.45, 0.6)
        pose.mouth = 0.4 * there_and_back(u, 0.42, 0.48) if 0.0 < u < 0.6 else 0.1 * jaw.swell(t)
        pose.gaze = np.array([0.0, -0.8 * min(1.0, 1.6 * near)])
        pose.eyes = both(lids(t))
        tip = vec(0.0, -0.6, 0.95) * near + vec(0.15 * sign, -1.6, 1.7) * (1.0 - near)
        grip = tip + vec(sign * 0.65, -0.35, 0.45)
        fingers = vec(-sign, 0.4, 0.1)
        frame = HeadFrame(stage.body, pose)
        pose.hands[side] = frame.hand(grip - 0.45 * fingers)
        pose.fingers_to[side], pose.palms_to[side] = frame.direction(fingers), frame.direction(vec(0.0, 0.3, -1.0))
        pose.curl = np.full((2, 5), 0.75)
        return Moment(pose, props + utensil(frame, tip, grip))

    framing = face_framing(stage, steady.base, HAND_SPAN)
    return Programme("eating from a spoon", at, framing, True, (0, ON_TABLE), face=True, rests=True)


@behaviour(0, "drinking from a cup", 0.8)
def drinking_from_a_cup(stage: Stage) -> Programme:
    """A cup comes to the mouth once, is tipped, and goes down."""
    steady, props = plain(stage)
    lids, course = natural_lids(stage), once(stage, SIP)
    colour = stage.cloth()
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    with_both = stage.chance(0.4)
    wide = stage.draw(0.28, 0.36)

    def at(t: float) -> Moment:
        pose = steady(t)
        near = there_and_back(course(t), 0.3, 0.7)
        tip = 1.1 * near
        pose.head = pose.head - np.array([0.0, 0.22 * near, 0.0])
        pose.mouth, pose.eyes = 0.12 * near, both(lids(t) * (1.0 - 0.35 * near))
        frame = HeadFrame(stage.body, pose)
        rim = vec(0.0, -0.55, 1.0) * near + vec(0.1 * sign, -1.75, 1.5) * (1.0 - near)
        axis = np.array([0.0, np.cos(tip), -np.sin(tip)])  # from the bottom to the rim
        centre = rim + np.array([0.0, 0.0, wide * 0.9])
        bottom = centre - 0.85 * axis
        top, low = frame.place(centre), frame.place(bottom)
        s = frame.scale
        cup: list[Shape] = [
            Hull(
                np.array([low, frame.place(centre - 0.15 * axis)]), np.array([0.8, 0.95]) * wide * s, colour, ON_TABLE
            ),
            Panel(disc(top, (axis @ frame.skull), wide * s), shade(colour, 0.6), ON_TABLE, -0.02),
        ]
        for hand, x in ((side, sign), (1 - side, -sign)) if with_both else ((side, sign),):
            wrist = 0.5 * (centre + bottom) + np.array([x * 0.62, -0.25, 0.1])
            pose.hands[hand] = frame.hand(wrist)
            pose.fingers_to[hand] = frame.direction(np.array([-x * 0.35, 0.55, 0.5]))
            pose.palms_to[hand] = frame.direction(np.array([-x, 0.0, -0.2]))
        pose.curl = np.full((2, 5), 0.4)
        return Moment(pose, props + cup)

    framing = face_framing(stage, steady.base, HAND_SPAN)
    return Programme("drinking from a cup", at, framing, True, (0, ON_TABLE), face=True, rests=True)


@behaviour(0, "reading, seen from near", 0.9)
def looking_at_a_book(stage: Stage) -> Programme:
    """The head bowed over an open book, the eyes going along its lines; the lids are low, not narrowed."""
    steady, props = plain(stage, (0.5, 1.2))
    steady.base.head = np.array([stage.draw(-0.12, 0.12), stage.draw(0.12, 0.32), stage.draw(-0.06, 0.06)])
    lids, lines = natural_lids(stage), Rhythm(stage.rng, READ_RATE, 0.2)
    cover, width = stage.cloth(), stage.draw(*BOOK)
    page = (240, 236, 224)
    pictures = [stage.cloth() for _ in range(2)]

    def at(t: float) -> Moment:
        pose = steady(t)
        pose.gaze = np.array([0.75 * (2.0 * abs(2.0 * (lines.cycles(t) % 1.0) - 1.0) - 1.0), -0.85])
        pose.eyes = both(lids(t))
        frame = HeadFrame(stage.body, steady.base)
        shapes: list[Shape] = []
        for x in (1.0, -1.0):
            corners = np.array([[0.0, -0.78, 1.25], [x * width, -0.7, 1.15], [x * width, -1.5, 1.6], [0.0, -1.58, 1.7]])
            middle = corners.mean(axis=0)
            for scale, colour, bias in (
                (1.08, cover, 0.0),
                (1.0, page, -0.02),
                (0.55, pictures[int(x > 0)], -0.04),
            ):
                shapes.append(Panel(frame.place(middle + scale * (corners - middle)), colour, ON_TABLE, bias))
        for side, x in ((0, 1.0), (1, -1.0)):
            pose.hands[side] = frame.hand(np.array([x * (width + 0.2), -1.7, 1.45]))
            pose.fingers_to[side] = frame.direction(np.array([-x * 0.6, 0.7, 0.2]))
            pose.palms_to[side] = frame.direction(np.array([-x, 0.0, -0.5]))
        return Moment(pose, props + shapes)

    framing = face_framing(stage, steady.base, HAND_SPAN)
    return Programme("reading, seen from near", at, framing, True, (0, ON_TABLE), face=True, rests=True)
