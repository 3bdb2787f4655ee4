"""People together: who plays which part, how one reaches a point of the room, and the games of a ring of players.

In: a stage with its cast and places in world metres; out: poses by role, and the ball or the blocks they play with.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from models.simulator.body import Pose, Proportions
from models.simulator.motion import Rhythm, Stage, look_at, sitting_on_floor, smooth, standing, to_world
from models.simulator.props import item, palette
from models.simulator.shapes import Colour, Points, Shape, heading_axes, vec

CHILD = "child"  # the part of who acts, beside the roles of `Moment.others`
GAMES = ("rolling", "tossing", "building")
TURN_RATE = (0.7, 1.1)  # turns per second: passes of the ball, blocks set
SEATED_RING, STANDING_RING = (0.56, 0.68), (0.58, 0.74)  # metres from the middle to each player
BALL, BLOCK = (0.08, 0.12), (0.075, 0.1)  # metres
ARC = (0.15, 0.35)  # metres that a tossed ball rises
TALLEST = 6  # blocks


def acting(stage: Stage, role: str) -> Stage:
    """The stage of who plays a role; where nobody is cast, the child's double does."""
    return stage if role == CHILD else replace(stage, subject=stage.cast.get(role, stage.subject))


def to_own(pose: Pose, body: Proportions, world: Points) -> Points:
    """World metres (…, 3) → points in a person's own frame, body heights; undoes `to_world`."""
    return np.asarray((world - pose.root) @ heading_axes(pose.heading).T / body.height)


def heading_to(start: Points, end: Points) -> float:
    """The heading of somebody at `start` who faces `end`."""
    return float(np.arctan2(end[0] - start[0], end[2] - start[2]))


def reach(pose: Pose, body: Proportions, side: int, world: Points, share: float = 1.0) -> None:
    """Put a hand's target at a point of the room, or a share of the way there; the pose keeps arrays of its own."""
    target = to_own(pose, body, world)
    pose.hands, pose.anchor = pose.hands.copy(), pose.anchor.copy()
    pose.hands[side] = pose.hands[side] * (1.0 - share) + target * share
    pose.anchor[side] *= 1.0 - share


def keyed(u: float, keys: list[tuple[float, Points]]) -> Points:
    """The smooth way through stations (time 0 … 1, place) that comes back to the first; u counts whole rounds too."""
    u = u % 1.0
    round_trip = [*keys, (keys[0][0] + 1.0, keys[0][1])]
    if u < keys[0][0]:
        u += 1.0
    for (a, start), (b, end) in pairwise(round_trip):
        if u <= b:
            return np.asarray(start + (end - start) * smooth((u - a) / (b - a)))
    return round_trip[-1][1]


@dataclass
class Game:
    """A ring of players who face its middle and take turns: a ball goes round, or a tower grows."""

    kind: str
    stages: dict[str, Stage]  # by role, in the order of their turns
    bases: dict[str, Pose]
    middle: Points
    turns: Rhythm
    size: float
    arc: float
    colours: list[Colour]

    @staticmethod
    def draw(stage: Stage, roles: list[str], middle: Points, angle: float) -> Game:
        """Seat (or stand) the players round the middle, the first in the direction `angle` from it."""
        kind = str(stage.rng.choice(GAMES))
        upright = kind == "tossing"
        radius = stage.draw(*(STANDING_RING if upright else SEATED_RING))
        stages = {role: acting(stage, role) for role in roles}
        bases = {}
        for k, (role, own) in enumerate(stages.items()):
            turn = angle + 2 * np.pi * k / len(roles) + stage.draw(-0.15, 0.15)
            place = middle + radius * vec(np.sin(turn), 0.0, np.cos(turn))
            heading = heading_to(place, middle)
            base = standing(own, heading) if upright else sitting_on_floor(own, heading, ("crossed", "kneeling"))
            base.root = place
            bases[role] = base
        size = stage.draw(*(BLOCK if kind == "building" else BALL))
        turns = Rhythm(stage.rng, TURN_RATE, 0.03)
        return Game(kind, stages, bases, middle, turns, size, stage.draw(*ARC), palette(stage, 4))

    def at(self, t: float) -> tuple[dict[str, Pose], list[Shape]]:
        """(poses by role, the ball or the blocks) at time t."""
        turns = self.turns.cycles(t)
        k = int(np.floor(turns))
        return self._building(k, turns - k) if self.kind == "building" else self._ball(k, turns - k)

    def _contact(self, role: str) -> Points:
        """Where a player takes the ball, world metres."""
        own, base = self.stages[role], self.bases[role]
        if self.kind == "rolling":
            return to_world(base, own.body, vec(0.0, 0.0, 0.4 / own.body.height)) + vec(0.0, self.size, 0.0)
        chest = float(base.pelvis[1]) + own.body.trunk
        return to_world(base, own.body, vec(0.0, chest - 0.08, 0.27 / own.body.height))

    def _player(self, role: str, target: Points, share: float, watched: Points, sides: tuple[int, ...]) -> Pose:
        own, base = self.stages[role], self.bases[role]
        pose = copy.copy(base)
        pose.lean = base.lean + np.array([(0.05 if self.kind == "tossing" else 0.16) + 0.22 * share, 0.0])
        aside = heading_axes(base.heading)[0] * self.size
        for side in sides:
            grip = aside * (0.0 if len(sides) == 1 else 1.0 if side == 0 else -1.0)
            reach(pose, own.body, side, target + grip, share)
        look_at(pose, own.body, to_own(pose, own.body, watched))
        return pose

    def _ball(self, k: int, u: float) -> tuple[dict[str, Pose], list[Shape]]:
        roles = list(self.bases)
        giver, taker = roles[k % len(roles)], roles[(k + 1) % len(roles)]
        start, end = self._contact(giver), self._contact(taker)
        way = float(np.clip((u - 0.08) / 0.74, 0.0, 1.0))
        rise = self.arc * 4 * way * (1 - way) if self.kind == "tossing" else 0.0
        ball = start + (end - start) * way + vec(0.0, rise, 0.0)
        share = {giver: 1.0 - smooth((u - 0.05) / 0.35), taker: smooth((u - 0.4) / 0.4)}
        poses = {
            role: self._player(role, self._contact(role), share.get(role, 0.0), ball, (0, 1)) for role in self.bases
        }
        underside = ball - vec(0.0, self.size, 0.0)
        toy = item("ball", underside, 2 * self.size, self.colours[0], 0.0, 0)
        return poses, toy if self.kind == "rolling" else toy[1:]

    def _building(self, k: int, u: float) -> tuple[dict[str, Pose], list[Shape]]:
        roles = list(self.bases)
        builder = roles[k % len(roles)]
        done = 1 + k % (TALLEST - 1)
        top = self.middle + vec(0.0, done * self.size, 0.0)
        own, base = self.stages[builder], self.bases[builder]
        stock = to_world(base, own.body, vec(-0.14, 0.0, 0.22))
        lift = vec(0.0, 0.6 * self.size, 0.0)
        place = keyed(u, [(0.1, stock), (0.6, top), (0.75, top)])
        blocks = [(self.middle + vec(0.0, n * self.size, 0.0), n) for n in range(done)]
        blocks.append((place if 0.1 < u < 0.6 else top if u >= 0.6 else stock, done))
        poses = {}
        for role in roles:
            share = 1.0 - smooth((abs(u - 0.5) - 0.35) / 0.15) if role == builder else 0.0
            poses[role] = self._player(role, place + lift, share, place, (1,))
        shapes: list[Shape] = []
        for spot, n in blocks:
            shapes += item("block", spot, self.size, self.colours[n % 4], 0.3 + 0.07 * n, 0)[1 if n else 0 :]
        return poses, shapes
