"""Labels 11, 16, 17, 21, 31: toe walking, running and jumping, running back and forth, pacing, jumping on the spot.

In: a `Stage`; out: programmes whose steps follow from where the child goes (feet do not skate). The gait and the jump
are also what ordinary moving (`ordinary_moving.py`) is made of.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.simulator.behaviours.registry import behaviour
from models.simulator.body import Pose, Proportions
from models.simulator.motion import Framing, Moment, Programme, Range, Rhythm, Stage, Wander, smooth, standing
from models.simulator.props import wood
from models.simulator.shapes import UP, Panel, Points, Shape, capsule, contact_shadow, cuboid, disc, shade, vec

FOOT = 0.085  # ankle to ball of the foot, body heights: the lever that lifts a heel
STRETCH = 0.012  # body heights: the standing leg is nearly straight, unless in running
LONGEST_STRIDE = 0.2  # body heights, before and behind the hip

WALK_RATE = (1.1, 1.5)  # Hz, both legs
RUN_RATE = (1.7, 2.3)  # Hz, both legs

TIPTOE_HEEL = (0.75, 1.1)  # radians between sole and floor
TIPTOE_RATE = (1.2, 1.9)  # Hz, both legs: short and quick
TIPTOE_SPEED = (0.3, 0.55)  # metres per second
TIPTOE_RADIUS = (0.2, 0.36)  # metres
PACE_WAY = (1.0, 1.7)  # seconds each way
PACE_LENGTH = (0.8, 1.6)  # metres
PACE_SPEED = 1.15  # metres per second, at most
LOOP_RADIUS = (0.34, 0.5)  # metres
LOOP_ROUND = (2.0, 2.8)  # seconds for one round
RUN_WAY = (0.7, 1.2)  # seconds each way
RUN_LENGTH = (1.2, 2.2)  # metres
RUN_SPEED = 1.5  # metres per second, at least
WILD_TURNS = (0.3, 0.5)  # Hz: how often the way changes
WILD_REACH = (0.4, 0.7)  # metres from the middle
WILD_HOPS = (0.9, 1.3)  # Hz
HOP_SHARE = 0.5  # of the time between two hops
HOP_HEIGHT = (0.1, 0.2)  # body heights
JUMP_RATE = (1.2, 2.4)  # Hz
JUMP_FLIGHT = (0.5, 0.62)  # share of the time in the air
JUMP_DIP = (0.05, 0.1)  # how deep the knees give, body heights
JUMP_HIGHEST = 0.2  # body heights, on the floor; on something soft half as much again
GRAVITY = 9.81  # metres per second squared

TURN = np.linspace(-0.175, 0.175, 6)  # seconds around the moment over which the body turns into a new direction

Place = Callable[[float], Points]


@dataclass(frozen=True, slots=True)
class Gait:
    """How somebody steps. Lengths are body heights, angles radians.

    `duty` is the share of the cycle that a foot is on the floor; below a half there is a flight phase (running).
    """

    duty: float
    lift: float  # of the swinging foot
    bounce: float  # of the pelvis
    arms: float  # swing of the hands
    bent: float = 0.0  # elbows: 0 hanging arms, 1 a right angle
    lean: float = 0.05
    heels: float = 0.0  # off the floor all the time, by this angle


WALKING = Gait(0.6, 0.05, 0.008, 0.1)
RUNNING = Gait(0.36, 0.15, 0.03, 0.11, 1.0, 0.22)
BENT_ARMS = np.array([[0.13, -0.17, 0.13], [-0.13, -0.17, 0.13]])


def step(base: Pose, body: Proportions, gait: Gait, cycles: float, stride: float, share: float = 1.0) -> Pose:
    """The pose at a point of the gait cycle.

    A foot strikes at whole `cycles`, `stride` body heights before the hip, and leaves the floor as far behind it.
    `share` from 0 to 1 says how much of a step it is: 0 is standing still.
    """
    pose = copy.copy(base)
    phase = (cycles + np.array([0.0, 0.5])) % 1.0
    stance = np.clip(phase / gait.duty, 0.0, 1.0)
    swing = np.clip((phase - gait.duty) / (1.0 - gait.duty), 0.0, 1.0)
    forward = stride * (1.0 - 2.0 * stance + 2.0 * swing * swing * (3.0 - 2.0 * swing))
    kick = np.sin(np.pi * swing)
    if gait.heels:
        pitch = -(gait.heels + 0.15 * kick)
    else:
        off = np.clip((stance - 0.6) / 0.4, 0.0, 1.0) * (1.0 - swing)
        strike = np.where(swing > 0, np.clip(2.5 * swing - 1.5, 0.0, 1.0), np.clip(1.0 - stance / 0.2, 0.0, 1.0))
        pitch = share * (0.3 * strike * (gait.duty > 0.5) - 0.75 * off)
    rise = FOOT * np.sin(np.maximum(-pitch, 0.0))
    back = -0.8 * gait.lift * kick * (1.0 - swing)
    pose.feet = base.feet + np.stack([np.zeros(2), rise + share * gait.lift * kick, forward + share * back], axis=1)
    pose.toes = np.stack([base.toes[:, 0], base.toes[:, 1] + pitch], axis=1)

    reach = body.thigh + body.shin
    drop = 0.6 * (reach - np.sqrt(reach**2 - min(stride, 0.9 * reach) ** 2))
    # Walking vaults over the standing leg; running sinks on it and is highest in flight.
    vault = np.cos(4 * np.pi * (float(phase[0]) - gait.duty / 2)) * (1.0 if gait.duty > 0.5 else -1.0)
    stretch = STRETCH * (1.0 if gait.heels else share * (gait.duty > 0.5))
    height = FOOT * np.sin(gait.heels) + stretch - drop + share * gait.bounce * vault
    pose.pelvis = base.pelvis + vec(0.0, height, 0.0)
    wave = share * np.cos(2 * np.pi * phase)
    hands = base.hands + share * gait.bent * (BENT_ARMS - base.hands)
    pose.hands = hands + np.stack([np.zeros(2), -0.45 * gait.arms * gait.bent * wave, -gait.arms * wave], axis=1)
    pose.twist = base.twist - 0.9 * gait.arms * float(wave[0])
    pose.lean = base.lean + np.array([share * gait.lean, 0.025 * float(np.sin(2 * np.pi * phase[0])) * share])
    return pose


def travel(base: Pose, body: Proportions, gait: Gait, rhythm: Rhythm, place: Place, t: float) -> Pose:
    """Somebody on the way: `place` gives world metres (3,) at a time; heading and length of step follow from it."""
    steps = np.diff(np.array([place(t + d) for d in TURN]), axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    speed = float(lengths[len(lengths) // 2]) / (TURN[1] - TURN[0])
    stride = min(speed * gait.duty / (2.0 * rhythm.rate * body.height), LONGEST_STRIDE)
    pose = step(base, body, gait, rhythm.cycles(t), stride, smooth(stride / 0.05))
    pose.root = place(t)
    if speed > 1e-3:
        # Slow parts count less, so that the body turns about over the whole bend and not at its sharpest point.
        way = (steps / (lengths + 0.06)[:, None]).sum(axis=0)
        pose.heading = float(np.arctan2(way[0], way[2]))
    return pose


def straight(angle: float, speed: float, middle: float, aside: float = 0.0) -> Place:
    """A straight way through the middle of the stage, reached at the time `middle`; metres and seconds."""
    along = vec(np.sin(angle), 0.0, np.cos(angle))
    beside = vec(along[2], 0.0, -along[0]) * aside
    return lambda t: np.asarray(along * speed * (t - middle) + beside)


def around(radius: float, rate: float, start: float) -> Place:
    """A circle; radians per second, the sign is the direction."""
    return lambda t: vec(radius * np.sin(start + rate * t), 0.0, radius * np.cos(start + rate * t))


def to_and_fro(rhythm: Rhythm, length: float, width: float, angle: float) -> Place:
    """A line there and back for each cycle, with a narrow turn of `width` metres at either end."""
    along, beside = vec(np.cos(angle), 0.0, -np.sin(angle)), vec(np.sin(angle), 0.0, np.cos(angle))

    def place(t: float) -> Points:
        turn = 2 * np.pi * rhythm.cycles(t)
        # A triangle wave with rounded ends: an even speed between the turns.
        share = np.arcsin(0.85 * np.sin(turn)) / np.arcsin(0.85)
        return np.asarray(along * 0.5 * length * share + beside * 0.5 * width * np.cos(turn))

    return place


def jump(base: Pose, phase: float, flight: float, height: float, dip: float) -> Pose:
    """Both feet together: from phase 0 the knees give and push, for the share `flight` at the end the body flies."""
    pose = copy.copy(base)
    ground = 1.0 - flight
    phase %= 1.0
    give = float(np.sin(np.pi * min(phase / ground, 1.0)))
    u = max(phase - ground, 0.0) / flight
    air = 4.0 * u * (1.0 - u)
    pitch = 0.7 * np.sin(np.pi * u) ** 0.5
    pose.feet = base.feet * [0.75, 1.0, 1.0] + vec(0.0, height * air * 1.15 + FOOT * np.sin(pitch) * 0.6, 0.0)
    pose.toes = base.toes - np.array([0.0, pitch])
    pose.pelvis = base.pelvis + np.array([0.0, height * air - dip * give, -0.25 * dip * give])
    pose.lean = base.lean + np.array([2.4 * dip * give, 0.0])
    pose.head = base.head - np.array([0.0, 1.2 * dip * give, 0.0])
    return pose


def line_angle(stage: Stage) -> float:
    """The direction of a line to go along: mostly across the picture, sometimes in depth."""
    return stage.draw(1.1, 2.0) if stage.chance(0.2) else stage.draw(-0.5, 0.5)


def line_framing(stage: Stage, length: float, span: Range, yaw: float = 0.5) -> Framing:
    """The whole line in the picture; span in body heights."""
    h = stage.body.height
    high = stage.draw(*span) * h
    return Framing(vec(0.0, 0.5 * h, 0.0), high, (-yaw, yaw), (0.05, 0.45), (length + 0.55 * h) / high)


def guard(pose: Pose, raised: float, out: float, sway: Points) -> None:
    """Hands held up and away from the body, as who walks on tiptoe does for balance."""
    pose.hands = np.array([[out, raised, 0.12], [-out, raised, 0.12]]) + 0.02 * sway[:6].reshape(2, 3)
    pose.fingers_to = np.array([[0.4, -0.3, 0.9], [-0.4, -0.3, 0.9]])
    pose.palms_to = np.array([[0.0, -1.0, -0.3], [0.0, -1.0, -0.3]])
    pose.elbows = np.array([[0.9, -0.7, -0.5], [-0.9, -0.7, -0.5]])


def low_framing(stage: Stage, room: float) -> Framing:
    """From the hips or the chest down, or all of the body, the camera low; `room` is the breadth of the way, metres."""
    h = stage.body.height
    kind = stage.rng.choice(["legs", "hips", "body"], p=[0.35, 0.35, 0.3])
    span, middle = {"legs": (0.6, 0.25), "hips": (0.78, 0.35), "body": (1.12, 0.52)}[str(kind)]
    high = span * stage.draw(0.95, 1.12) * h
    return Framing(vec(0.0, middle * h, 0.0), high, (-0.9, 0.9), (0.0, 0.28), (room + 0.25 * h) / high)


@behaviour(11, "toe walking")
def toe_walking(stage: Stage) -> Programme:
    """Walks with the heels off the floor all the time: in a small circle, across, towards the camera or on the spot."""
    base, body = standing(stage), stage.body
    base.toes = np.array([[0.1, 0.0], [-0.1, 0.0]])
    lift, bounce, arm_swing = stage.draw(0.03, 0.05), stage.draw(0.004, 0.014), stage.draw(0.03, 0.08)
    gait = Gait(0.6, lift, bounce, arm_swing, lean=0.04, heels=stage.draw(*TIPTOE_HEEL))
    rhythm = Rhythm(stage.rng, TIPTOE_RATE, 0.04)
    sway = Wander(stage.rng, (0.3, 0.9), 6)
    speed, sign = stage.draw(*TIPTOE_SPEED), 1.0 if stage.chance(0.5) else -1.0
    kind = str(stage.rng.choice(["circle", "towards", "across", "spot"], p=[0.36, 0.24, 0.2, 0.2]))
    room = 0.3
    if kind == "circle":
        radius = stage.draw(*TIPTOE_RADIUS)
        place, room = around(radius, sign * speed / radius, stage.draw(0, 2 * np.pi)), 2 * radius
    elif kind == "towards":
        # The middle of the stage lies late on the way to the camera and early on the way off from it: always in view.
        angle, middle = (np.pi, stage.draw(0.4, 1.1)) if stage.chance(0.35) else (0.0, stage.draw(2.4, 3.4))
        place, room = straight(angle + stage.draw(-0.25, 0.25), speed * 0.55, middle, stage.draw(-0.1, 0.1)), 0.7
    elif kind == "across":
        place, room = straight(sign * np.pi / 2 + stage.draw(-0.4, 0.4), speed * 0.5, stage.draw(1.6, 2.1)), 0.8
    else:
        turning, drift = stage.draw(-1.6, 1.6), Wander(stage.rng, (0.1, 0.25), 3)
    arms, raised, out = stage.chance(0.5), stage.draw(-0.16, 0.04), stage.draw(0.16, 0.26)

    def at(t: float) -> Moment:
        if kind == "spot":
            pose = step(base, body, gait, rhythm.cycles(t), 0.02)
            moved = drift(t)
            pose.root, pose.heading = vec(0.08 * moved[0], 0.0, 0.08 * moved[1]), turning + 0.8 * float(moved[2])
        else:
            pose = travel(base, body, gait, rhythm, place, t)
        moved = sway(t)
        pose.head = np.array([0.3 * moved[0], 0.05 + 0.1 * moved[1], 0.0])
        if arms:
            guard(pose, raised, out, moved)
        return Moment(pose)

    return Programme("toe walking", at, low_framing(stage, room), back=1.9)


@behaviour(16, "running and jumping")
def running_and_jumping(stage: Stage) -> Programme:
    """Runs this way and that, hops, throws the arms about, turns round: never two seconds of one thing."""
    base, body = standing(stage), stage.body
    ways = Wander(stage.rng, WILD_TURNS, 2)
    reach = np.array([stage.draw(*WILD_REACH), 0.7 * stage.draw(*WILD_REACH)])
    rhythm, hops = Rhythm(stage.rng, RUN_RATE, 0.05), Rhythm(stage.rng, WILD_HOPS, 0.12)
    heights = stage.rng.uniform(*HOP_HEIGHT, 7)
    turns = stage.rng.choice([0.0, 0.0, 0.0, 2 * np.pi, -2 * np.pi], 7)
    whirl, mood = Rhythm(stage.rng, (1.4, 2.2), 0.1), Wander(stage.rng, (0.4, 0.7), 4)

    def place(t: float) -> Points:
        x, z = reach * ways(t)
        return vec(x, 0.0, z)

    def at(t: float) -> Moment:
        number, phase = divmod(hops.cycles(t), 1.0)
        hop = int(number) % len(heights)
        pose = travel(base, body, RUNNING, rhythm, place, t)
        if (u := (phase - (1.0 - HOP_SHARE)) / HOP_SHARE) > 0:
            flying = jump(base, 0.2 + 0.8 * u, 0.7, float(heights[hop]), 0.08)
            flying.root, flying.heading = pose.root, pose.heading
            pose = pose.mix(flying, smooth(u * 6) * smooth((1 - u) * 6))
        pose.heading += float(turns[hop]) * smooth(phase)
        feeling = mood(t)
        wild = smooth(0.9 + 1.6 * float(feeling[0]))
        angle = 2 * np.pi * whirl.cycles(t) + np.array([0.0, 1.2 + float(feeling[1])])
        ring = np.stack([np.array([0.2, -0.2]), 0.22 * np.cos(angle), 0.16 * np.sin(angle)], axis=1)
        pose.hands = pose.hands + wild * (ring - pose.hands)
        pose.head = np.array([0.5 * feeling[2], 0.15 * feeling[3], 0.1 * feeling[1]])
        return Moment(pose)

    framing = line_framing(stage, 2.0 * float(reach[0]), (1.4, 1.75), 0.8)
    return Programme("running and jumping", at, framing, back=2.2)


@behaviour(17, "running back and forth")
def running_back_and_forth(stage: Stage) -> Programme:
    """Runs along a line, turns, runs back."""
    base, body = standing(stage), stage.body
    way = stage.draw(*RUN_WAY)
    length = min(max(stage.draw(*RUN_LENGTH), RUN_SPEED * way), RUN_LENGTH[1])
    beat = Rhythm(stage.rng, (0.5 / way, 0.5 / way), 0.03)
    place = to_and_fro(beat, length, stage.draw(0.2, 0.4), line_angle(stage))
    rhythm = Rhythm(stage.rng, RUN_RATE, 0.04)
    flap, sway = stage.chance(0.2), Wander(stage.rng, (0.2, 0.6), 6)

    def at(t: float) -> Moment:
        pose = travel(base, body, RUNNING, rhythm, place, t)
        drift = sway(t)
        pose.head = np.array([0.3 * drift[0], 0.1 * drift[1], 0.0])
        if flap:
            guard(pose, 0.02, 0.24, drift)
        return Moment(pose)

    return Programme("running back and forth", at, line_framing(stage, length, (1.2, 1.5)), back=2.2)


@behaviour(21, "pacing")
def pacing(stage: Stage) -> Programme:
    """Walks to and fro along a short line."""
    base, body = standing(stage), stage.body
    way = stage.draw(*PACE_WAY)
    length = min(stage.draw(*PACE_LENGTH), PACE_SPEED * way)
    beat = Rhythm(stage.rng, (0.5 / way, 0.5 / way), 0.03)
    place = to_and_fro(beat, length, stage.draw(0.08, 0.18), line_angle(stage))
    rhythm, sway = Rhythm(stage.rng, WALK_RATE, 0.04), Wander(stage.rng, (0.15, 0.5), 6)
    if stage.chance(0.25):
        base.hands = np.array([[0.03, -0.2, 0.13], [-0.03, -0.2, 0.14]])

    def at(t: float) -> Moment:
        pose = travel(base, body, WALKING, rhythm, place, t)
        drift = sway(t)
        pose.head = pose.head + np.array([0.25 * drift[0], 0.12 + 0.1 * drift[1], 0.0])
        return Moment(pose)

    framing = line_framing(stage, length, (1.1, 1.4)) if stage.chance(0.8) else low_framing(stage, length + 0.4)
    return Programme("pacing", at, framing, back=2.0)


@behaviour(21, "pacing round and round", 0.35)
def pacing_round(stage: Stage) -> Programme:
    """Walks round and round a small table or rug."""
    base, body = standing(stage), stage.body
    radius, sign = stage.draw(*LOOP_RADIUS), 1.0 if stage.chance(0.5) else -1.0
    place = around(radius, sign * 2 * np.pi / stage.draw(*LOOP_ROUND), stage.draw(0, 2 * np.pi))
    rhythm, sway = Rhythm(stage.rng, WALK_RATE, 0.04), Wander(stage.rng, (0.15, 0.5), 2)
    inner, colour = radius - 0.2 * body.height, wood(stage)
    props: list[Shape] = [Panel(disc(vec(0, 0.004, 0), UP, radius * 0.7, 18), stage.cloth(), -1)]
    if inner > 0.13:
        top = vec(0, stage.draw(0.25, 0.42) * body.height, 0)
        leg = capsule(vec(0, 0, 0), top, 0.05, 0.05, shade(colour, 0.75))
        props = [leg, *cuboid(top, (1.5 * inner, 0.04, 1.5 * inner), colour, stage.draw(0, 1.5))]

    def at(t: float) -> Moment:
        pose = travel(base, body, WALKING, rhythm, place, t)
        drift = sway(t)
        pose.head = np.array([0.25 * drift[0] + 0.2 * sign, 0.12 + 0.1 * drift[1], 0.0])
        return Moment(pose, props)

    return Programme("pacing round and round", at, line_framing(stage, 2 * radius, (1.15, 1.45), 1.0), back=1.9)


def soft_ground(stage: Stage) -> tuple[float, Callable[[float], list[Shape]]]:
    """(height in metres, shapes for how deep it is pressed in, 0–1) of what is jumped on; bare floor has none."""
    h = stage.body.height
    kind = str(stage.rng.choice(["floor", "trampoline", "bed", "cushion"], p=[0.55, 0.2, 0.15, 0.1]))
    colour = stage.cloth()
    if kind == "trampoline":
        top, radius = 0.24, stage.draw(0.42, 0.55) * h
        spots = disc(vec(0, 0, 0), UP, 0.92 * radius, 6, 0.3)
        legs: list[Shape] = [capsule(p, p + vec(0, top, 0), 0.016, 0.016, (90, 92, 96), -3) for p in spots]
        legs.append(Panel(disc(vec(0, top, 0), UP, radius, 24), colour, -2))
        legs.append(Panel(disc(vec(0, top, 0), UP, 0.8 * radius, 24), (38, 38, 44), -2, -radius))
        mat = vec(0, top, 0)
        return top, lambda deep: [*legs, contact_shadow(mat, (0.25 + 0.12 * deep) * radius, -1, 0.2 + 0.3 * deep)]
    if kind == "bed":
        top, turn = stage.draw(0.36, 0.46), stage.draw(-0.3, 0.3)
        bed: list[Shape] = list(cuboid(vec(0, 0, 0), (1.5, top, 1.0), colour, turn, -2))
        bed += cuboid(vec(-0.55 * np.cos(turn), top, 0.55 * np.sin(turn)), (0.3, 0.1, 0.6), (236, 234, 228), turn, -1)
        return top, lambda deep: [*bed, contact_shadow(vec(0, top, 0), 0.2 * h, -1, 0.15 + 0.2 * deep)]
    if kind == "cushion":
        turn = stage.draw(0, 1.5)
        return 0.12, lambda deep: [*cuboid(vec(0, 0, 0), (0.62, 0.12 - 0.05 * deep, 0.56), colour, turn, -2)]
    return 0.0, lambda deep: []


@behaviour(31, "jumping on the spot")
def jumping(stage: Stage) -> Programme:
    """Jumps again and again, both feet together, on the floor or on something soft."""
    top, ground = soft_ground(stage)
    base, body = standing(stage, stage.draw(-1.2, 1.2)), stage.body
    rhythm = Rhythm(stage.rng, JUMP_RATE, 0.05)
    flight, dip = stage.draw(*JUMP_FLIGHT), stage.draw(*JUMP_DIP)
    # What a body does in free fall between leaving the ground and coming back to it.
    height = min(GRAVITY * (flight / rhythm.rate) ** 2 / 8 / body.height, JUMP_HIGHEST * (1.5 if top else 1.0))
    sway, turning = Wander(stage.rng, (0.15, 0.45), 6), stage.draw(-0.25, 0.25) if stage.chance(0.3) else 0.0
    arms = str(stage.rng.choice(["loose", "up", "out", "front"]))
    low, high = {
        "loose": ((0.13, -0.27, 0.03), (0.2, -0.18, 0.06)),
        "up": ((0.15, -0.12, 0.12), (0.2, 0.2, 0.05)),
        "out": ((0.2, -0.18, 0.02), (0.27, 0.0, 0.02)),
        "front": ((0.07, -0.12, 0.15), (0.09, -0.05, 0.16)),
    }[arms]
    mirror = np.array([[1.0, 1.0, 1.0], [-1.0, 1.0, 1.0]])
    h = body.height

    def at(t: float) -> Moment:
        phase = rhythm.cycles(t) % 1.0
        pose = jump(base, phase, flight, height, dip)
        deep = float(np.sin(np.pi * min(phase / (1 - flight), 1.0)))
        drift = sway(t)
        pose.root = vec(0.05 * drift[0], top - (0.05 * deep if top else 0.0), 0.05 * drift[1])
        pose.heading = base.heading + turning * t + 0.15 * float(drift[2])
        up = 0.5 - 0.5 * float(np.cos(2 * np.pi * (phase - 0.15)))
        pose.hands = (np.array(low) + (np.array(high) - np.array(low)) * up) * mirror
        pose.head = pose.head + np.array([0.3 * drift[3], 0.1 * drift[4], 0.05 * drift[5]])
        return Moment(pose, ground(deep))

    span = stage.draw(1.3, 1.55) * h + top + height * h * 0.5
    framing = Framing(vec(0.0, 0.5 * (top + 1.1 * h + height * h), 0.0), span, pitch=(0.05, 0.4), breadth=0.6)
    return Programme("jumping on the spot", at, framing)
