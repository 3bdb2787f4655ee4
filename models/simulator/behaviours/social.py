"""Labels 18, 20 and 37: playing alone beside others, leading an adult by the hand, avoiding eye contact."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.simulator.behaviours.ordinary import idle, walk
from models.simulator.behaviours.registry import behaviour
from models.simulator.body import Pose, Proportions, hand_targets
from models.simulator.company import Game, acting, heading_to, reach, to_own
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
from models.simulator.props import chair, item, palette
from models.simulator.shapes import Points, Shape, heading_axes, vec

APART = (1.25, 1.55)  # metres from the middle of the others' game to the child who plays alone
BEARING = (0.2, 1.15)  # radians: the child is beside the others, or before them with its back to them
TURNED_AWAY = 0.65  # radians either side of straight away from the others
FIDDLE_RATE = (0.4, 0.9)  # Hz, the hands at the child's own toy
LEAD_SPEED = (0.18, 0.42)  # metres per second
SLANT = (0.65, 1.9)  # radians between the way and the line to the camera
LEAD_STEPS = (0.9, 1.4)  # Hz, both legs
TUG_RATE = (0.8, 1.4)  # Hz
PLACE_RATE = (0.55, 0.9)  # Hz, the adult's hand is put to the object
SEEK_RATE = (0.36, 0.6)  # Hz: how often the adult seeks the gaze from one side and the other
AVERT = (0.7, 1.05)  # radians by which the head turns away
BOW = (0.2, 0.5)  # radians by which it is bowed meanwhile
LAG = (0.12, 0.3)  # seconds until the child gives way
FACE_TO_FACE = (0.58, 0.74)  # metres from one to the other


# --- 18: playing alone --------------------------------------------------------------------------------------------


def ring_framing(stage: Stage, middle: Points, breadth: float) -> Framing:
    """Everybody in a width of `breadth` metres about a place of the floor."""
    span = stage.draw(1.15, 1.4)
    return Framing(vec(middle[0], 0.4, middle[2]), span, (-0.35, 0.35), (0.15, 0.5), breadth / span)


def busy_with_a_toy(stage: Stage, base: Pose) -> Callable[[float], tuple[Pose, list[Shape]]]:
    """The child sits on the floor, bent over a toy that it moves about in both hands; two more lie by."""
    base.lean = np.array([stage.draw(0.2, 0.4), 0.0])
    kind, size = str(stage.rng.choice(["block", "ball", "cup", "car"])), stage.draw(0.1, 0.14)
    colours = palette(stage, 3)
    fiddle, drift = Wander(stage.rng, FIDDLE_RATE, 3), Wander(stage.rng, (0.15, 0.5), 6)
    far = max(float(base.feet[:, 2].max()) * 0.75, 0.22)
    h = stage.body.height
    spare: list[Shape] = []
    for k in (1, 2):
        where = to_world(base, stage.body, vec(stage.draw(-0.22, 0.22), 0.0, far + stage.draw(0.1, 0.2)))
        spare += item(kind, where, size * h, colours[k], stage.draw(0.0, 3.0), 0)

    def at(t: float) -> tuple[Pose, list[Shape]]:
        busy = fiddle(t)
        spot = vec(0.07 * busy[0], 0.03 + 0.05 * abs(busy[1]), far + 0.03 * busy[2])
        pose = idle(base, drift(t))
        pose.hands = spot + np.array([[0.055, 0.05, -0.05], [-0.055, 0.05, -0.05]])
        pose.anchor = np.zeros(2)
        look_at(pose, stage.body, spot)
        turn = base.heading + 0.6 * float(busy[0])
        return pose, spare + item(kind, to_world(pose, stage.body, spot), size * h, colours[0], turn, 0)[1:]

    return at


@behaviour(18, "playing alone")
def playing_alone(stage: Stage) -> Programme:
    """Others play together; the child sits apart, turned away from them, busy with a toy of its own."""
    side = 1.0 if stage.chance(0.5) else -1.0
    company = [["peer", "second peer"], ["peer", "adult"], ["peer", "second peer", "adult"]]
    roles = company[int(stage.rng.choice(3, p=[0.6, 0.2, 0.2]))]
    distance, bearing = stage.draw(*APART), stage.draw(*BEARING)
    apart = distance * vec(side * np.cos(bearing), 0.0, np.sin(bearing))
    middle, place = -apart / 2, apart / 2
    # The players stand across the picture rather than one behind the other.
    game = Game.draw(stage, roles, middle, np.pi / 2 + stage.draw(-0.5, 0.5))
    base = sitting_on_floor(stage, heading_to(middle, place) + stage.draw(-TURNED_AWAY, TURNED_AWAY))
    base.root = place
    alone = busy_with_a_toy(stage, base)

    def at(t: float) -> Moment:
        poses, shapes = game.at(t)
        pose, own = alone(t)
        return Moment(pose, shapes + own, poses)

    framing = ring_framing(stage, middle * 0.15, abs(float(apart[0])) + 1.45)
    return Programme("playing alone", at, framing, back=2.2)


# --- 20: leading an adult by the hand -----------------------------------------------------------------------------


def grasp(pose: Pose, body: Proportions, side: int, held: Points, share: float = 1.0) -> None:
    """A hand that holds, or is held at, a point of the room: the palm is there, the wrist short of it."""
    chest = to_world(pose, body, pose.pelvis + vec(0.0, body.trunk, 0.0))
    along = (held - chest) / max(float(np.linalg.norm(held - chest)), 1e-6)
    reach(pose, body, side, held - along * 0.05 * body.height, share)
    pose.fingers_to, pose.curl = pose.fingers_to.copy(), pose.curl.copy()
    pose.fingers_to[side] = heading_axes(pose.heading) @ along
    pose.palms_to = pose.palms_to.copy()
    pose.palms_to[side] = [1.0 if side else -1.0, 0.0, 0.0]
    pose.curl[side] = 0.6


def in_tow(grown: Stage, base: Pose, held: Points, direction: Points, side: int, lean: float) -> Pose:
    """The adult whose hand is held at a point of the room: as far behind it as the arm is long."""
    body = grown.body
    pose = copy.copy(base)
    pose.lean = base.lean + np.array([lean, 0.0])
    shoulder = pose.pelvis + body.trunk * vec(0.0, np.cos(lean), np.sin(lean))
    drop = float(shoulder[1]) * body.height - float(held[1])
    arm = 0.97 * (body.upper_arm + body.forearm + 0.05) * body.height
    behind = float(np.sqrt(max(arm**2 - drop**2, 0.0004))) + float(shoulder[2]) * body.height
    across = heading_axes(base.heading)[0] * (1.0 if side else -1.0) * body.shoulders * body.height * 0.8
    pose.root = (held - direction * behind + across) * vec(1.0, 0.0, 1.0)
    grasp(pose, body, side, held)
    return pose


@behaviour(20, "leading", 1.4)
def leading(stage: Stage) -> Programme:
    """The child walks ahead and pulls an adult along by the hand."""
    grown = acting(stage, "adult")
    # Across the picture or towards the camera, aslant: from before or behind, one would hide the other.
    angle = stage.draw(*SLANT) * (1 if stage.chance(0.5) else -1)
    direction = vec(np.sin(angle), 0.0, np.cos(angle))
    base, follower = standing(stage, angle), standing(grown, angle)
    speed = stage.draw(*LEAD_SPEED)
    steps, tread = Rhythm(stage.rng, LEAD_STEPS, 0.03), Rhythm(stage.rng, (0.6, 0.9), 0.03)
    pull = Rhythm(stage.rng, TUG_RATE)
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    height, behind = stage.draw(-0.02, 0.1), stage.draw(0.2, 0.26)
    lean, stoop = stage.draw(0.16, 0.34), stage.draw(0.28, 0.5)
    points, back = stage.chance(0.4), stage.chance(0.4)
    drift = Wander(stage.rng, (0.2, 0.6), 3)

    def at(t: float) -> Moment:
        tug = pull.swell(t)
        pose = walk(base, steps.cycles(t), 0.1)
        pose.root = direction * (speed * (t - 1.9) + 0.36 * abs(direction[0]))
        pose.lean = np.array([lean + 0.06 * tug, -0.05 * sign])
        pose.twist = 0.3 * sign
        pose.hands[side] = vec(sign * 0.15, height + 0.02 * tug, -behind)
        pose.fingers_to = base.fingers_to.copy()
        pose.fingers_to[side] = [0.2 * sign, 0.5, -1.0]
        if points:
            pose.hands[1 - side] = vec(-sign * 0.12, -0.03, 0.26)
            pose.fingers_to[1 - side] = [0.0, 0.1, 1.0]
        glance = smooth(2.0 * float(drift(t)[0])) if back else 0.0
        pose.head = np.array([0.9 * sign * glance + 0.1 * drift(t)[1], -0.1, 0.0])
        held = to_world(pose, stage.body, hand_targets(stage.body, pose)[side])
        held = held + vec(0.0, 0.02, 0.0) - direction * 0.04 * stage.body.height
        other = in_tow(grown, walk(follower, tread.cycles(t), 0.07), held, direction, side, stoop + 0.05 * tug)
        look_at(other, grown.body, to_own(other, grown.body, pose.root + vec(0.0, 0.8 * stage.body.height, 0.0)))
        return Moment(pose, [], {"adult": other})

    span = stage.draw(1.15, 1.45)
    framing = Framing(vec(0.0, 0.44 * span, 0.0), span, (-0.45, 0.45), (0.0, 0.3), 1.25)
    return Programme("leading", at, framing, back=2.6)


@behaviour(20, "pulling", 0.9)
def pulling(stage: Stage) -> Programme:
    """The adult stands; the child tugs at the adult's hand with both of its own."""
    grown = acting(stage, "adult")
    angle = np.pi / 2 + stage.draw(-0.6, 0.6) + (np.pi if stage.chance(0.5) else 0.0)
    direction = vec(np.sin(angle), 0.0, np.cos(angle))
    backwards = stage.chance(0.5)  # leans back with the eyes on the adult, or strains ahead
    base, other_base = standing(stage, angle + (np.pi if backwards else 0.0)), standing(grown, angle)
    pull, steps = Rhythm(stage.rng, TUG_RATE), Rhythm(stage.rng, LEAD_STEPS)
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0
    way, stoop = stage.draw(0.08, 0.16), stage.draw(0.25, 0.45)
    drift = Wander(stage.rng, (0.2, 0.6), 6)
    h = stage.body.height

    def at(t: float) -> Moment:
        tug = pull.swell(t)
        pose = walk(idle(base, drift(t)), steps.cycles(t), 0.035)
        pose.root = direction * (0.28 + way * (tug - 0.5))
        if backwards:
            pose.lean = np.array([-0.2 - 0.18 * tug, 0.0])
            pose.hands = np.array([[0.03, -0.02 + 0.03 * tug, 0.28], [-0.03, -0.02 + 0.03 * tug, 0.28]])
            pose.fingers_to = np.array([[-0.2, 0.3, 1.0], [0.2, 0.3, 1.0]])
            pose.head = np.array([0.0, -0.35, 0.0])
        else:
            pose.lean = np.array([0.22 + 0.16 * tug, -0.08 * sign])
            pose.twist = 0.5 * sign
            pose.hands[side] = vec(sign * 0.15, 0.06, -0.22)
            pose.hands[1 - side] = vec(sign * 0.1, 0.0, -0.16)
            pose.fingers_to = np.array([[0.2 * sign, 0.4, -1.0], [0.2 * sign, 0.4, -1.0]])
        holding = hand_targets(stage.body, pose)
        held = to_world(pose, stage.body, holding.mean(axis=0) if backwards else holding[side])
        held = held - direction * 0.045 * h
        free = in_tow(grown, other_base, held, direction, side if not backwards else 1 - side, stoop + 0.1 * tug)
        look_at(free, grown.body, to_own(free, grown.body, pose.root + vec(0.0, 0.85 * h, 0.0)))
        return Moment(pose, [], {"adult": free})

    span = stage.draw(1.1, 1.4)
    framing = Framing(vec(0.0, 0.45 * span, 0.0), span, (-0.45, 0.45), (0.0, 0.3), 1.0)
    return Programme("pulling", at, framing, back=2.2)


@behaviour(20, "placing the hand", 0.7)
def placing_the_hand(stage: Stage) -> Programme:
    """The child has an adult's wrist in its hands and puts the adult's hand to an object, again and again."""
    grown = acting(stage, "adult")
    side = stage.side()
    sign = 1.0 if side == 0 else -1.0  # the adult kneels on this side of the child
    base = sitting_on_floor(stage, -sign * stage.draw(0.2, 0.7), ("crossed", "kneeling"))
    h = stage.body.height
    thing = to_world(base, stage.body, vec(-0.06 * sign, 0.0, 0.42))
    other_base = sitting_on_floor(grown, 0.0, ("kneeling",))
    other_base.root = to_world(base, stage.body, vec(sign * 0.46, 0.0, -0.08)) + vec(0.0, 0.0, -0.12)
    other_base.heading = heading_to(other_base.root, thing)
    lead = 1 if sign > 0 else 0  # the adult's hand that is nearer to the child
    beat = Rhythm(stage.rng, PLACE_RATE)
    drift = Wander(stage.rng, (0.2, 0.6), 6)
    kind, size = str(stage.rng.choice(["cup", "ball", "block", "car"])), stage.draw(0.13, 0.18)
    shapes = item(kind, thing, size * h, stage.cloth(), stage.draw(0.0, 3.0), 0)
    lifted = vec(0.0, stage.draw(0.16, 0.24), 0.0) + (other_base.root - thing) * vec(0.3, 0.0, 0.3)

    def at(t: float) -> Moment:
        up = beat.swell(t)
        held = thing + vec(0.0, size * h + 0.03, 0.0) + lifted * up
        pose, other = idle(base, drift(t)), idle(other_base, drift(t))
        pose.lean = pose.lean + np.array([0.3 - 0.12 * up, 0.12 * sign])
        other.lean = other.lean + np.array([0.35 - 0.08 * up, 0.0])
        grasp(other, grown.body, lead, held)
        wrist = to_world(other, grown.body, other.hands[lead])
        for k in (0, 1):
            grasp(pose, stage.body, k, wrist + (held - wrist) * 0.4 * k + vec(0.0, 0.02, 0.0))
        look_at(pose, stage.body, to_own(pose, stage.body, held))
        look_at(other, grown.body, to_own(other, grown.body, held))
        return Moment(pose, shapes, {"adult": other})

    middle = (base.root + other_base.root) / 2 * 0.7 + thing * 0.3
    framing = Framing(middle + vec(0.0, 0.36, 0.0), stage.draw(0.8, 1.0), (-0.4, 0.4), (0.15, 0.5), 1.1)
    return Programme("placing the hand", at, framing, True, (0, 1), 0)


# --- 37: avoiding eye contact -------------------------------------------------------------------------------------


@dataclass
class Encounter:
    """A child and somebody else face to face, seen so that the child's face shows."""

    base: Pose
    props: list[Shape]
    role: str
    partner: Stage
    partner_base: Pose
    side: float  # +1: the other one is at the child's left of the picture's middle
    framing: Framing

    @staticmethod
    def draw(stage: Stage) -> Encounter:
        """Postures, distance and place of the two."""
        role = "adult" if stage.chance(0.75) else "peer"
        partner = acting(stage, role)
        side = 1.0 if stage.chance(0.5) else -1.0
        angle = side * stage.draw(1.25, 1.55)
        seated = stage.chance(0.45)
        # The body is turned half to the other one, half to the camera.
        heading = angle - side * stage.draw(0.35, 0.7)
        base = sitting_on_chair(stage, heading) if seated else sitting_on_floor(stage, heading, ("crossed", "kneeling"))
        kinds = ("crossed", "kneeling") if role == "peer" else ("kneeling",) if seated else ("crossed",)
        other = sitting_on_floor(partner, 0.0, kinds)
        if role == "peer" and seated:
            other = sitting_on_chair(partner, 0.0)
        other.root = stage.draw(*FACE_TO_FACE) * vec(np.sin(angle), 0.0, np.cos(angle))
        other.heading = heading_to(other.root, base.root)
        h = stage.body.height
        props = chair(stage, base) if seated else []
        if role == "peer" and seated:
            props = props + chair(partner, other)
        eyes = (float(base.pelvis[1]) + stage.body.trunk) * h
        middle = other.root * 0.45 + vec(0.0, eyes - 0.04, 0.0)
        framing = Framing(middle, stage.draw(0.62, 0.8), (-0.22, 0.22), (0.0, 0.3), 1.25)
        return Encounter(base, props, role, partner, other, side, framing)

    def eyes_of_child(self, pose: Pose, stage: Stage) -> Points:
        """World metres."""
        up = stage.body.trunk + stage.body.neck + 0.5 * stage.body.head
        return to_world(pose, stage.body, pose.pelvis + vec(0.0, up, 0.0))

    def eyes_of_partner(self, pose: Pose) -> Points:
        """World metres."""
        return self.eyes_of_child(pose, self.partner)


@behaviour(37, "avoiding eye contact")
def avoiding_eye_contact(stage: Stage) -> Programme:
    """Somebody seeks the child's eyes from one side and the other; the head turns down and away each time."""
    meeting = Encounter.draw(stage)
    seek = Rhythm(stage.rng, SEEK_RATE, 0.06)
    lag, avert, bow = stage.draw(*LAG), stage.draw(*AVERT), stage.draw(*BOW)
    lean, shift = stage.draw(0.14, 0.28), stage.draw(0.05, 0.09)
    shields = stage.chance(0.35)
    twist = stage.draw(0.1, 0.4)
    hand = stage.side()
    sign = 1.0 if hand == 0 else -1.0
    drift = Wander(stage.rng, (0.15, 0.5), 6)

    def seeking(t: float) -> float:
        # A plateau at either side: the other one waits there for the child's eyes.
        return float(np.clip(1.8 * seek.wave(t), -1.0, 1.0))

    def at(t: float) -> Moment:
        s, late = seeking(t), seeking(t - lag)
        pose, other = idle(meeting.base, drift(t)), idle(meeting.partner_base, drift(t))
        towards = heading_to(pose.root, other.root) - pose.heading
        towards = (towards + np.pi) % (2 * np.pi) - np.pi
        # The other one's left is the child's right: the head turns from where the face comes to the other side.
        turn = towards * 0.25 - meeting.side * 0.35 + late * avert
        pose.twist = twist * late
        pose.lean = pose.lean + np.array([-0.06 - 0.05 * abs(late), 0.08 * late])
        pose.head = np.array([np.clip(turn - 0.6 * pose.twist, -1.15, 1.15), bow + 0.12 * abs(late), 0.08 * late])
        pose.gaze = np.array([0.9 * late, -0.6])
        pose.brows = -0.3
        if shields:
            up = smooth(1.5 * abs(late) - 0.2)
            guard = vec(sign * 0.1, 0.12, 0.17)
            pose.hands[hand] = pose.hands[hand] * (1 - up) + guard * up
            pose.fingers_to = pose.fingers_to.copy()
            pose.fingers_to[hand] = pose.fingers_to[hand] * (1 - up) + np.array([-0.2 * sign, 1.0, 0.1]) * up
            pose.palms_to = pose.palms_to.copy()
            pose.palms_to[hand] = [0.0, 0.0, 1.0]
            pose.elbows = np.array([[0.8, -1.0, 0.0], [-0.8, -1.0, 0.0]])
        other.lean = other.lean + np.array([lean + 0.08 * abs(s), 0.22 * s])
        other.root = other.root + heading_axes(other.heading)[0] * shift * s
        look_at(other, meeting.partner.body, to_own(other, meeting.partner.body, meeting.eyes_of_child(pose, stage)))
        return Moment(pose, meeting.props, {meeting.role: other})

    return Programme("avoiding eye contact", at, meeting.framing, False, (0, 1), 0, face=True)
