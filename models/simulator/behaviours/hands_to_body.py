"""Labels 36 and 41: hands that keep to the nape or the head, hands that beat the chest.

In: a `Stage`; out: programmes in which a hand touches the child's own body again and again.
"""

from __future__ import annotations

import numpy as np

from models.simulator.behaviours.hands import (
    acting,
    eye_level,
    mirrored,
    near_or_far,
    towards_camera,
    upper_framing,
    with_hands,
)
from models.simulator.behaviours.registry import behaviour
from models.simulator.behaviours.whole_body import posture
from models.simulator.body import Proportions
from models.simulator.motion import Moment, Programme, Rhythm, Stage, Wander
from models.simulator.props import ON_TABLE
from models.simulator.shapes import Points, vec

TOUCH_RATE = (0.6, 1.6)  # Hz
RUB = (0.02, 0.038)  # how far the hand slides either way, body heights
PAT = (0.045, 0.09)  # how far it lifts off
TOUCH_SPAN = (0.5, 0.7)  # height of the picture, body heights
BEAT_RATE = (1.2, 3.0)  # Hz
BEAT_OUT = (0.06, 0.1)  # how far the hand swings out to the side, body heights
BEAT_FORWARD = (0.09, 0.14)
BEAT_SPAN = (0.52, 0.75)


def touch(body: Proportions, place: str) -> tuple[Points, Points, Points, Points, Points]:
    """The left hand lying on a place of the head: wrist, fingers, palm, way of rubbing, way off (body heights).

    Places are nape, back, crown and side; the head is a ball of 0.8 of half its height over the shoulders.
    """
    r = 0.5 * body.head
    centre = vec(0.0, body.neck + r, 0.012)
    if place == "nape":
        wrist = vec(0.085, body.neck + 0.25 * r, -0.36 * r - 0.012)
        return wrist, vec(-1.0, -0.15, -0.3), vec(-0.3, 0.1, 1.0), vec(1.0, 0.0, 0.0), vec(0.4, 0.2, -1.0)
    if place == "back":
        wrist = centre + vec(0.75 * r, 0.15 * r, -0.72 * r)
        return wrist, vec(-1.0, 0.3, -0.45), vec(-0.3, 0.0, 1.0), vec(0.4, 1.0, 0.0), vec(0.7, 0.1, -1.0)
    if place == "crown":
        wrist = centre + vec(0.78 * r, 0.82 * r, 0.05 * r)
        return wrist, vec(-1.0, 0.55, 0.0), vec(-0.5, -1.0, 0.0), vec(0.5, 0.0, 1.0), vec(0.45, 1.0, 0.0)
    wrist = centre + vec(0.95 * r, -0.25 * r, -0.05 * r)
    return wrist, vec(-0.18, 1.0, -0.15), vec(-1.0, -0.1, 0.0), vec(0.0, 0.8, 0.7), vec(1.0, 0.1, 0.1)


def cupping(place: str) -> float:
    """Where the elbow is when the hand lies there: how far it is raised, −1 … 1."""
    return {"nape": 0.35, "back": 0.4, "crown": 0.1, "side": -0.5}[place]


@behaviour(36, "hands to the head")
def hands_to_the_head(stage: Stage) -> Programme:
    """One hand or both on the nape or the head, rubbing or patting, again and again."""
    who = acting(stage, 0.45)
    place = str(stage.rng.choice(["nape", "back", "crown", "side"], p=[0.35, 0.15, 0.25, 0.25]))
    turned = 2.4 if place in ("nape", "back") else 1.0
    base, props, _ = posture(stage, 0.35, 0.35, towards_camera(stage, who, turned, 0.5))
    wrist, fingers, palm, along, off = touch(stage.body, place)
    rhythm = Rhythm(stage.rng, TOUCH_RATE)
    rubbing = stage.chance(0.55)
    amplitude = stage.draw(*(RUB if rubbing else PAT))
    along, off = along / np.linalg.norm(along), off / np.linalg.norm(off)
    against = stage.draw(0.3, 0.5) if who.all() and stage.chance(0.4) else 0.0
    elbow = vec(1.0, cupping(place), stage.draw(0.1, 0.6))
    drift = Wander(stage.rng, (0.2, 0.5), 6)
    bow = stage.draw(0.05, 0.3)

    def at(t: float) -> Moment:
        sway = drift(t)
        if rubbing:
            way = np.array([[rhythm.wave(t)], [rhythm.wave(t, against)]]) * along
        else:
            # A pat is off the head for most of its time and touches briefly.
            way = np.array([[rhythm.swell(t)], [rhythm.swell(t, against)]]) ** 0.8 * off
        pose = with_hands(
            base,
            who,
            mirrored(wrist) + amplitude * way * [[1, 1, 1], [-1, 1, 1]],
            mirrored(fingers),
            mirrored(palm),
            mirrored(elbow),
        )
        pose.curl = np.where(who, 0.2, base.curl)
        # The head itself stays, or the hand would be off it.
        pose.lean = np.array([0.03 + 0.02 * sway[1], 0.02 * sway[2]])
        pose.head = np.array([0.06 * sway[0], bow * (0.35 if place == "crown" else 1.0), 0.0])
        return Moment(pose, props)

    framing = upper_framing(stage, base, TOUCH_SPAN, 0.5 * eye_level(stage), 0.5, 1.0)
    return Programme("hands to the head", at, framing, True, rests=True)


@behaviour(41, "chest beating")
def chest_beating(stage: Stage) -> Programme:
    """Fists or flat hands strike the own chest, by turns, together, or one alone."""
    who = acting(stage, 0.6)
    base, props, name = posture(stage, 0.3, 0.25, towards_camera(stage, who, 0.6))
    rhythm = Rhythm(stage.rng, BEAT_RATE)
    fist = stage.chance(0.6)
    against = 0.0 if stage.chance(0.2) else 0.5
    out, forward = stage.draw(*BEAT_OUT), stage.draw(*BEAT_FORWARD)
    rising = stage.draw(-0.03, 0.05)
    front = 0.05 * stage.body.girth + (0.035 if fist else 0.028)
    # A flat hand reaches farther than a fist: both strike beside the breastbone.
    spot = vec(stage.draw(0.065, 0.085) + (0.0 if fist else 0.02), stage.draw(-0.12, -0.07), front)
    drift = Wander(stage.rng, (0.2, 0.6), 4)

    def at(t: float) -> Moment:
        sway = drift(t)
        gap = np.array([[rhythm.swell(t)], [rhythm.swell(t, against)]]) ** 0.75
        hands = mirrored(spot) + gap * mirrored(vec(out, rising, forward))
        pose = with_hands(
            base,
            who,
            hands,
            mirrored(vec(-1.0, 0.35, -0.05)) + gap * mirrored(vec(0.55, 0.3, 0.35)),
            mirrored(vec(-0.05, 0.0, -1.0)) + gap * mirrored(vec(-0.5, 0.0, 0.2)),
            mirrored(vec(1.0, -0.6, -0.2)),
        )
        pose.curl = np.where(who, 1.0 if fist else 0.05, base.curl)
        struck = float(1.0 - gap[who].min())
        pose.lean = np.array([0.02 + 0.02 * sway[0] - 0.025 * struck, 0.02 * sway[1]])
        pose.head = np.array([0.2 * sway[2], 0.04 * sway[3] + 0.04 * struck, 0.0])
        return Moment(pose, props)

    if stage.chance(0.82):
        framing = upper_framing(stage, base, BEAT_SPAN, -0.04, 0.8)
    else:
        framing = near_or_far(stage, base, name, 0.0)
    return Programme("chest beating", at, framing, True, (0, ON_TABLE), 0, rests=True)
