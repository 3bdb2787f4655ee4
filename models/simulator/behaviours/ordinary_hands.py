"""Label 0, what hands do in the air and at the head: each done once, for a purpose, or without a beat.

In: a `Stage`; out: programmes framed as those of labels 14, 23, 25, 33, 36, 40 and 41, so that framing tells nothing.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.simulator.behaviours.hands import (
    POSTURE_SPAN,
    STARE_SPAN,
    Acting,
    acting,
    eye_level,
    mirrored,
    near_or_far,
    towards_camera,
    upper_framing,
    with_hands,
)
from models.simulator.behaviours.hands_to_body import cupping, touch
from models.simulator.behaviours.ordinary import idle
from models.simulator.behaviours.registry import behaviour
from models.simulator.behaviours.whole_body import posture
from models.simulator.body import Pose, hand_targets
from models.simulator.motion import (
    Framing,
    Moment,
    Programme,
    Range,
    Stage,
    Wander,
    look_at,
    smooth,
    standing,
    to_world,
)
from models.simulator.props import item
from models.simulator.shapes import Points, Shape, heading_axes, vec

START = (-0.5, 0.9)  # when the hand leaves its rest, seconds
RISE = (0.45, 0.8)  # how long it takes to where it is wanted, and back, seconds
LONG = (1.5, 6.0)  # how long it stays there when that is its purpose, seconds
SHAKES = (1.5, 2.5)  # to and fro of a greeting, a scratch, a shake, before the hand goes back
TALK_RATE = (0.5, 1.5)  # Hz, irregular

ELBOW_DOWN = vec(0.7, -1.0, -0.2)


@dataclass(frozen=True)
class Scene:
    """Somebody at rest, which hands will act, and where the camera stands."""

    base: Pose
    props: list[Shape]
    who: Acting
    framing: Framing
    near: bool  # the face is seen

    @property
    def sign(self) -> float:
        """1 when the left hand acts alone, −1 when the right one does, 0 for both."""
        return 0.0 if self.who.all() else (1.0 if self.who[0, 0] else -1.0)

    def put(self, hand: Points, fingers: Points, palm: Points, elbow: Points = ELBOW_DOWN) -> Pose:
        """The pose with the acting hands put elsewhere; all as of a left hand."""
        return with_hands(self.base, self.who, mirrored(hand), mirrored(fingers), mirrored(palm), mirrored(elbow))


def scene(stage: Stage, both: float, most: float = 0.9, least: float = 0.35) -> Scene:
    """A posture and a framing as the behaviours of the hands have them."""
    who = acting(stage, both)
    base, props, name = posture(stage, 0.3, 0.35, towards_camera(stage, who, most, least))
    u = stage.draw(0.0, 1.0)
    if u < 0.25:
        framing = upper_framing(stage, base, STARE_SPAN, 0.08)
    elif u < 0.55:
        framing = upper_framing(stage, base, POSTURE_SPAN, 0.0, 0.8)
    else:
        framing = near_or_far(stage, base, name, 0.35, 0.05)
    return Scene(base, props, who, framing, u < 0.25)


def once(
    stage: Stage, name: str, at_rest: Scene, peak: Callable[[float], Pose], stay: Range, start: float | None = None
) -> Programme:
    """From rest to `peak`, which may move (its time is seconds since the hand left), and back to rest for good."""
    start = stage.draw(*START) if start is None else start
    rise, held = stage.draw(*RISE), stage.draw(*stay)
    drift = Wander(stage.rng, (0.1, 0.45), 6)

    def at(t: float) -> Moment:
        there = smooth((t - start) / rise) - smooth((t - start - rise - held) / rise)
        return Moment(idle(at_rest.base.mix(peak(t - start), there), drift(t)), at_rest.props)

    return Programme(name, at, at_rest.framing, True, face=at_rest.near)


def few(stage: Stage, rate: Range) -> Callable[[float], float]:
    """A to and fro of a few strokes that then ends, −1 … 1."""
    hertz, strokes = stage.draw(*rate), stage.draw(*SHAKES)
    return lambda t: float(np.sin(2 * np.pi * hertz * t)) if 0.0 < hertz * t < strokes else 0.0


@behaviour(0, "goodbye", 0.8)
def goodbye(stage: Stage) -> Programme:
    """One greeting: the arm goes up, sways twice, goes down."""
    s = scene(stage, 0.0, 0.5)
    sway = few(stage, (1.2, 2.2))
    place = vec(stage.draw(0.15, 0.22), stage.draw(0.02, 0.14), 0.1)

    def peak(t: float) -> Pose:
        wave = sway(t)
        return s.put(place + vec(0.06 * wave, 0, 0), vec(0.15 + 0.5 * wave, 1.0, 0.1), vec(0, 0, 1.0))

    return once(stage, "goodbye", s, peak, (0.7, 1.2))


@behaviour(0, "scratching the head", 0.8)
def scratching(stage: Stage) -> Programme:
    """A few strokes of the fingers on the head, once."""
    s = scene(stage, 0.0)
    place = str(stage.rng.choice(["back", "crown", "side"]))
    wrist, fingers, palm, along, _ = touch(stage.body, place)
    stroke = few(stage, (2.5, 3.5))
    elbow = vec(1.0, cupping(place), 0.3)

    def peak(t: float) -> Pose:
        pose = s.put(wrist + 0.012 * stroke(t - 0.4) * along, fingers, palm, elbow)
        pose.curl = np.where(s.who, 0.4, s.base.curl)
        pose.head = vec(0.0, 0.15, 0.0)
        return pose

    return once(stage, "scratching the head", s, peak, (0.3, 0.8))


@behaviour(0, "adjusting the hair", 0.8)
def adjusting_the_hair(stage: Stage) -> Programme:
    """A hand, or both, strokes the hair back once, from the brow to the nape."""
    s = scene(stage, 0.4)
    front, fingers, palm, _, _ = touch(stage.body, "crown")
    back, fingers_back, palm_back, _, _ = touch(stage.body, "back")
    front = front + vec(0.0, -0.01, 0.03)

    def peak(t: float) -> Pose:
        u = smooth((t - 0.4) / 0.9)
        wrist = front + (back - front) * u + vec(0.03, 0.02, 0.0) * 4 * u * (1 - u)
        turned = fingers + (fingers_back - fingers) * u
        return s.put(wrist, turned, palm + (palm_back - palm) * u, vec(1.0, 0.3, 0.3))

    return once(stage, "adjusting the hair", s, peak, (0.4, 0.7))


@behaviour(0, "pointing", 0.9)
def pointing(stage: Stage) -> Programme:
    """The arm stretched out, the forefinger at something that the child looks at."""
    s = scene(stage, 0.0, 1.2)
    out = vec(stage.draw(-0.2, 0.9), stage.draw(-0.3, 0.5), 1.0)
    out /= np.linalg.norm(out)
    wrist = vec(stage.body.shoulders, -0.01, 0.0) + out * stage.draw(0.24, 0.3)
    target = s.base.pelvis + vec(0.0, stage.body.trunk + 0.1, 0.0) + 2.0 * out * [s.sign, 1.0, 1.0]

    def peak(t: float) -> Pose:
        pose = s.put(wrist, out, vec(-0.7, -0.7, 0.0))
        pose.curl = np.where(s.who, [0.6, 0.0, 0.95, 0.95, 0.95], s.base.curl)
        look_at(pose, stage.body, target)
        return pose

    return once(stage, "pointing", s, peak, (0.8, 3.0))


@behaviour(0, "showing a toy", 0.9)
def showing_a_toy(stage: Stage) -> Programme:
    """A toy held out to whoever films, or looked at near the face."""
    s = scene(stage, 0.0, 0.6)
    kind, size, colour = str(stage.rng.choice(["block", "ball", "cup", "car"])), stage.draw(0.06, 0.09), stage.cloth()
    place = vec(stage.draw(0.03, 0.14), stage.draw(-0.1, 0.08), stage.draw(0.18, 0.26))
    drift = Wander(stage.rng, (0.15, 0.5), 3)
    side = 0 if s.sign > 0 else 1
    near = place[2] < 0.21

    def at(t: float) -> Moment:
        sway = drift(t)
        pose = s.put(place + 0.025 * sway, vec(-0.2, 0.5, 0.8), vec(-0.6, 0.5, -0.3))
        pose.curl = np.where(s.who, 0.6, s.base.curl)
        held = hand_targets(stage.body, pose)[side] + vec(-0.02 * s.sign, 0.0, 0.06)
        if near:
            look_at(pose, stage.body, held)
        h = stage.body.height
        toy = item(kind, to_world(pose, stage.body, held), size * h, colour, s.base.heading + 0.3 * sway[0], 0)
        # The first shape of a toy is its shadow on what it stands on: here it stands on nothing.
        return Moment(pose, s.props + toy[1:])

    return Programme("showing a toy", at, s.framing, True, face=s.near)


@behaviour(0, "reaching up", 0.8)
def reaching_up(stage: Stage) -> Programme:
    """An arm, or both, stretched up to something above, on the toes when standing."""
    s = scene(stage, 0.4)
    up = vec(stage.draw(-0.1, 0.3), 1.0, stage.draw(0.05, 0.5))
    up /= np.linalg.norm(up)
    wrist = vec(stage.body.shoulders, -0.01, 0.0) + 0.295 * up

    def peak(t: float) -> Pose:
        pose = s.put(wrist, up, vec(-0.2, 0.0, 1.0))
        pose.head = vec(0.2 * s.sign, -0.35, 0.0)
        return pose

    return once(stage, "reaching up", s, peak, (0.6, 2.0))


@behaviour(0, "folding the arms", 0.8)
def folding_the_arms(stage: Stage) -> Programme:
    """Arms crossed before the chest, for a while."""
    s = scene(stage, 1.0)
    # One forearm lies on the other.
    over = np.array([vec(0.0, 0.01, -0.01), vec(0.0, -0.01, 0.01)])

    def peak(t: float) -> Pose:
        pose = s.put(vec(-0.05, -0.14, 0.115), vec(-1.0, 0.25, -0.2), vec(0, 0, -1.0), vec(0.8, -1.0, 0.1))
        pose.hands = pose.hands + over
        pose.curl = np.full((2, 5), 0.3)
        return pose

    return once(stage, "folding the arms", s, peak, LONG)


@behaviour(0, "hands in the lap", 0.9)
def hands_in_the_lap(stage: Stage) -> Programme:
    """Hands folded in the lap or before the belly; the child looks about."""
    s = scene(stage, 1.0)
    lap = vec(stage.draw(0.015, 0.06), stage.draw(-0.22, -0.16), stage.draw(0.12, 0.16))
    base = s.put(lap, vec(-0.6, -0.3, 0.8), vec(-0.5, -0.6, -0.6))
    drift, gaze = Wander(stage.rng, (0.1, 0.45), 6), Wander(stage.rng, (0.1, 0.3), 2)

    def at(t: float) -> Moment:
        pose = idle(base, drift(t))
        pose.head = pose.head + vec(0.5 * gaze(t)[0], 0.12 * gaze(t)[1], 0.0)
        return Moment(pose, s.props)

    return Programme("hands in the lap", at, s.framing, True, face=s.near)


@behaviour(0, "rubbing the hands", 0.7)
def rubbing_the_hands(stage: Stage) -> Programme:
    """Palm on palm, two or three strokes, once."""
    s = scene(stage, 1.0)
    stroke = few(stage, (1.6, 2.8))
    place = vec(0.02, stage.draw(-0.17, -0.08), stage.draw(0.13, 0.18))

    def peak(t: float) -> Pose:
        slide = 0.03 * stroke(t - 0.3) * vec(0.0, 0.5, 0.8)
        pose = s.put(place, vec(-0.3, 0.7, 0.8), vec(-1.0, 0, 0))
        pose.hands = pose.hands + np.array([slide, -slide])
        pose.curl = np.full((2, 5), 0.05)
        pose.head = vec(0.0, 0.25, 0.0)
        return pose

    return once(stage, "rubbing the hands", s, peak, (0.6, 1.2))


@behaviour(0, "counting on the fingers", 0.9)
def counting(stage: Stage) -> Programme:
    """A fist before the chest or face opens finger by finger, slowly, and is full at five."""
    s = scene(stage, 0.1, 0.6)
    place = vec(stage.draw(0.06, 0.16), stage.draw(-0.08, 0.05), stage.draw(0.12, 0.2))
    pace, first = stage.draw(0.5, 0.9), stage.draw(0.2, 0.8)

    def peak(t: float) -> Pose:
        pose = s.put(place, vec(0.0, 1.0, 0.15), vec(0, 0, 1.0))
        shown = np.array([smooth((t - first - pace * k) / 0.25) for k in (4, 0, 1, 2, 3)])
        pose.curl = np.where(s.who, 0.95 * (1.0 - shown), s.base.curl)
        pose.spread = np.where(s.who[:, 0], 0.2, s.base.spread)
        pose.head = vec(0.2 * s.sign, 0.15, 0.0)
        return pose

    return once(stage, "counting on the fingers", s, peak, LONG)


@behaviour(0, "high five", 0.9)
def high_five(stage: Stage) -> Programme:
    """The child raises a hand once; often a grown-up bends down and meets it with his or her own."""
    # From the side, or the grown-up would stand before the camera.
    s = scene(stage, 0.0, 1.5, -1.0)
    side = 0 if s.sign > 0 else 1
    place = vec(stage.draw(0.1, 0.16), stage.draw(0.02, 0.2), stage.draw(0.12, 0.2))
    raised = s.put(place, vec(0.1, 1.0, 0.1), vec(0, 0, 1.0))
    start = stage.draw(*START)
    child = once(stage, "high five", s, lambda t: raised, (0.3, 0.8), start)
    grown_up = stage.cast.get("adult")
    if grown_up is None or stage.chance(0.4):
        return child
    meeting = to_world(s.base, stage.body, hand_targets(stage.body, raised)[side])
    body = grown_up.body
    adult = standing(stage, s.base.heading + np.pi)
    # Bends the knees until the shoulders are little higher than the child's hand.
    stoop = float(meeting[1]) / body.height - 0.8 * body.trunk
    adult.pelvis = vec(0.0, min(max(stoop, 0.16), body.hip - 0.008), -0.05)
    adult.lean = np.array([0.4, 0.0])
    axes = heading_axes(adult.heading)
    adult.root = (meeting - axes[2] * 0.5) * [1.0, 0.0, 1.0] + axes[0] * s.sign * 0.1
    palm_to_palm = axes @ (meeting - adult.root) / body.height - vec(0.0, 0.0, 0.04)
    # Left and right change places for somebody who stands opposite.
    met = copy.copy(adult)
    met.anchor, met.hands = np.ones(2), adult.hands.copy()
    met.anchor[1 - side], met.hands[1 - side] = 0.0, palm_to_palm
    met.fingers_to = adult.fingers_to.copy()
    met.fingers_to[1 - side] = vec(0.0, 1.0, 0.2)

    def at(t: float) -> Moment:
        moment = child.at(t)
        moment.others["adult"] = adult.mix(met, smooth((t - start) / 0.6) - smooth((t - start - 1.1) / 0.6))
        return moment

    centre = s.framing.centre + vec(0.0, 0.1, 0.0) + 0.25 * heading_axes(s.base.heading)[2]
    wide = Framing(centre, max(1.3 * s.framing.span, stage.body.height), (-0.3, 0.3), (0.05, 0.4), 0.9)
    return Programme("high five", at, wide, True)


@behaviour(0, "talking with the hands", 1.2)
def talking_with_the_hands(stage: Stage) -> Programme:
    """As in signing or telling: hands go to ever new places and shapes, each for itself, without a beat."""
    s = scene(stage, 0.75)
    places, lines = Wander(stage.rng, TALK_RATE, 6), Wander(stage.rng, TALK_RATE, 12)
    shapes, drift = Wander(stage.rng, (0.4, 1.0), 10), Wander(stage.rng, (0.1, 0.45), 6)
    middle = vec(stage.draw(0.07, 0.14), stage.draw(-0.13, -0.02), stage.draw(0.14, 0.19))
    reach = stage.draw(0.03, 0.06) * np.array([1.0, 1.3, 0.7])

    def at(t: float) -> Moment:
        tilt = 0.6 * lines(t).reshape(4, 3)
        pose = with_hands(
            idle(s.base, drift(t)),
            s.who,
            mirrored(middle) + reach * places(t).reshape(2, 3),
            mirrored(vec(-0.3, 0.8, 0.5)) + tilt[:2],
            mirrored(vec(-0.6, 0.0, 0.3)) + tilt[2:],
            mirrored(ELBOW_DOWN),
        )
        pose.curl = np.where(s.who, np.clip(0.4 + 0.6 * shapes(t).reshape(2, 5), 0.0, 1.0), s.base.curl)
        pose.mouth = max(0.0, 0.5 * float(shapes(2.5 * t)[0]))
        return Moment(pose, s.props)

    return Programme("talking with the hands", at, s.framing, True, face=s.near)


@behaviour(0, "stretching the arms", 0.8)
def stretching(stage: Stage) -> Programme:
    """Both arms up or out to the sides, a yawn perhaps, and down again."""
    s = scene(stage, 1.0)
    line = vec(stage.draw(0.3, 1.0), stage.draw(0.1, 1.0), 0.0)
    line /= np.linalg.norm(line)
    wrist = vec(stage.body.shoulders, -0.01, 0.0) + 0.29 * line
    yawn = stage.draw(0.6, 1.0) if stage.chance(0.5) else 0.0

    def peak(t: float) -> Pose:
        pose = s.put(wrist, line, vec(0, 0.2, 1.0))
        pose.curl = np.full((2, 5), 0.6)
        pose.lean, pose.head, pose.mouth = np.array([-0.08, 0.0]), vec(0.0, -0.25, 0.0), yawn
        return pose

    return once(stage, "stretching the arms", s, peak, (0.5, 1.4))


@behaviour(0, "a glance at the hand", 0.8)
def glance_at_the_hand(stage: Stage) -> Programme:
    """Is it dirty? The hand comes up, is looked at once, and goes down, or wipes the nose."""
    s = scene(stage, 0.1, 1.1)
    wipe = stage.chance(0.4)
    eyes = eye_level(stage)
    far = vec(stage.draw(0.02, 0.08), eyes - stage.draw(0.1, 0.2), stage.draw(0.18, 0.25))
    near = vec(0.075, eyes - 0.06, 0.11)

    def peak(t: float) -> Pose:
        u = smooth((t - 0.7) / 0.4) if wipe else 0.0
        fingers = vec(-0.2, 1.0, 0.2) * (1 - u) + vec(-1.0, 0.2, 0.0) * u
        pose = s.put(far + (near - far) * u, fingers, vec(-0.2, 0.0, -1.0))
        pose.head = vec(0.15 * s.sign, 0.35 * (1 - u), 0.0)
        return pose

    return once(stage, "a glance at the hand", s, peak, (0.4, 0.9))


@behaviour(0, "chin in the hand", 0.8)
def chin_in_the_hand(stage: Stage) -> Programme:
    """The head leans on a hand that is still; fingers at rest beside the cheek."""
    s = scene(stage, 0.25)
    r = 0.5 * stage.body.head
    wrist = vec(0.055, stage.body.neck - 0.02, 0.105)
    leaned = s.put(wrist, vec(0.35, 1.0, -0.25), vec(-0.6, 0.5, -0.7))
    leaned.head = vec(0.1 * s.sign, 0.1, 0.7 * r * s.sign)
    leaned.lean = np.array([0.15, 0.0])
    return once(stage, "chin in the hand", s, lambda t: leaned, LONG)


@behaviour(0, "hand on the chest", 0.9)
def hand_on_the_chest(stage: Stage) -> Programme:
    """A hand is laid on the chest once, as in saying that it was me; stays a while, goes down."""
    s = scene(stage, 0.15)
    wrist = vec(stage.draw(0.06, 0.1), stage.draw(-0.12, -0.07), 0.05 * stage.body.girth + 0.035)
    laid = s.put(wrist, vec(-1.0, 0.35, -0.05), vec(0, 0, -1.0))
    return once(stage, "hand on the chest", s, lambda t: laid, (0.5, 3.0))


@behaviour(0, "shaking the hands dry", 0.8)
def shaking_dry(stage: Stage) -> Programme:
    """Wet hands are shaken downwards two or three times, once."""
    s = scene(stage, 0.8)
    shake = few(stage, (2.0, 3.2))
    place = vec(stage.draw(0.1, 0.18), stage.draw(-0.16, -0.08), stage.draw(0.13, 0.19))

    def peak(t: float) -> Pose:
        wave = shake(t - 0.35)
        hand = place + vec(0.0, 0.03 * wave, 0.0)
        pose = s.put(hand, vec(0.2, 0.9 * wave - 0.4, 0.8), vec(0, -1.0, 0.2))
        pose.curl = np.where(s.who, 0.15, s.base.curl)
        return pose

    return once(stage, "shaking the hands dry", s, peak, (0.4, 0.8))
