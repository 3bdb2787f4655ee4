"""Cups that can be tilted, the water in them and the stream between them. In: places and levels; out: shapes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from models.simulator.motion import Stage, smooth
from models.simulator.shapes import Colour, Hull, Panel, Points, Shape, capsule, disc, shade, vec

GLASS: Colour = (206, 220, 226)
WATERS: tuple[Colour, ...] = ((64, 132, 220), (104, 176, 236), (60, 160, 190), (226, 128, 52), (196, 62, 78))
SIDES = 8  # of the polygon that stands for a cup's rim


@dataclass(frozen=True)
class Cup:
    """A tapered cup; radius (of the rim) and height in metres. Water is seen through the wall of a clear one."""

    radius: float
    height: float
    colour: Colour
    water: Colour
    clear: bool

    def shapes(self, centre: Points, axis: Points, level: float, layer: int) -> list[Shape]:
        """The cup about the middle of its axis (world metres, unit vector), filled to a share `level` of its height."""
        half = axis * self.height / 2
        base = disc(centre - half, axis, 0.78 * self.radius, SIDES)
        rim = disc(centre + half, axis, self.radius, SIDES)
        wall = np.full(2 * SIDES, 0.07 * self.radius)
        shapes: list[Shape] = [Hull(np.vstack([base, rim]), wall, self.colour, layer, 0.2 * self.radius)]
        brim = level > 0.5 and float(axis[1]) > 0.6
        mouth = self.water if brim and not self.clear else shade(self.colour, 1.4 if self.clear else 0.55)
        shapes.append(Panel(rim, mouth, layer, -0.6 * self.radius, 1.0, True))
        body = _below(base, rim, min(float((centre - half)[1] + axis[1] * self.height * level), float(rim[:, 1].min())))
        if self.clear and len(body) > 3:
            middle = body.mean(axis=0)
            inner = middle + (body - middle) * 0.9
            shapes.append(Hull(inner, np.full(len(inner), 0.05 * self.radius), self.water, layer, -0.8 * self.radius))
        return shapes


def _below(base: Points, rim: Points, height: float) -> Points:
    """The corners of what lies under a level (metres up) between two rings of matching corners."""
    corners: list[Points] = []
    for low, high in zip(base, rim, strict=True):
        corners += [end for end in (low, high) if end[1] <= height]
        if (low[1] <= height) != (high[1] <= height):
            corners.append(low + (high - low) * (height - low[1]) / (high[1] - low[1]))
    return np.array(corners)


def stream(lip: Points, foot: Points, radius: float, colour: Colour, layer: int) -> list[Shape]:
    """Water that falls from a lip: it leaves sideways and turns downwards (a parabola in three pieces)."""
    u = np.linspace(0.0, 1.0, 4)[:, None]
    way = lip + (foot - lip) * np.hstack([np.sqrt(u), u, np.sqrt(u)])
    return [capsule(a, b, radius, radius, colour, layer, -0.06) for a, b in pairwise(way)]


def cups(stage: Stage, radius: float, height: float) -> tuple[Cup, Cup]:
    """Draw two cups of one size (metres): both clear as a rule, or both of coloured plastic."""
    water = WATERS[stage.rng.integers(len(WATERS))]
    clear = stage.chance(0.7)
    first = GLASS if clear else stage.cloth()
    second = GLASS if clear else first if stage.chance(0.4) else stage.cloth()
    return Cup(radius, height, first, water, clear), Cup(radius, height, second, water, clear)


@dataclass(frozen=True)
class Pouring:
    """Where two cups are while water goes from one to the other and back; child's frame, body heights."""

    homes: Points  # (2, 3), middles of the standing cups, left first
    radius: float
    height: float
    gap: float

    def at(self, pours: float) -> tuple[Points, Points, Points, int, bool]:
        """(middles (2, 3), axes (2, 3), levels (2,), who gives, whether water falls) after that many pours."""
        k, u = divmod(pours, 1.0)
        giver = int(k) % 2
        sign = 1.0 if giver == 0 else -1.0
        up = smooth(u / 0.2) * (1 - smooth((u - 0.82) / 0.18))
        passed = float(np.clip((u - 0.2) / 0.58, 0.0, 1.0))
        tilt = up * (1.1 + 0.55 * passed)
        axis = vec(-sign * np.sin(tilt), np.cos(tilt), 0.0)
        middles, axes = self.homes.copy(), np.tile([0.0, 1.0, 0.0], (2, 1))
        target = middles[1 - giver] + vec(sign * 0.3 * self.radius, 0.5 * self.height + self.gap, 0.0)
        lip_side = vec(-sign * np.cos(tilt), -np.sin(tilt), 0.0)
        above = target - axis * self.height / 2 - lip_side * self.radius
        middles[giver] += (above - middles[giver]) * up
        axes[giver] = axis
        levels = np.array([0.14, 0.14])
        levels[giver], levels[1 - giver] = 0.8 - 0.7 * passed, 0.1 + 0.7 * passed
        return middles, axes, levels, giver, 0.0 < passed < 1.0

    def lip(self, middle: Points, axis: Points) -> Points:
        """The lowest point of a tilted cup's rim."""
        down = vec(0.0, -1.0, 0.0) + axis * axis[1]
        return np.asarray(middle + axis * self.height / 2 + down / max(float(np.linalg.norm(down)), 1e-6) * self.radius)
