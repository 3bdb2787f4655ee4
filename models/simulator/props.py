"""Loose things that programmes need: chair, table, blocks, bowls, spinning discs, doors. In: places; out: shapes."""

from __future__ import annotations

import numpy as np

from models.simulator.body import Pose
from models.simulator.motion import Stage, to_world
from models.simulator.shapes import (
    UP,
    Colour,
    Hull,
    Panel,
    Points,
    Shape,
    ball,
    contact_shadow,
    cuboid,
    disc,
    shade,
    vec,
)

TABLE_LAYER = 1
ON_TABLE = 2
WOODS: tuple[Colour, ...] = (
    (150, 108, 66),
    (196, 160, 112),
    (98, 66, 44),
    (222, 216, 206),
    (120, 150, 170),
    (190, 90, 70),
)


def wood(stage: Stage) -> Colour:
    """A colour of furniture."""
    return shade(WOODS[stage.rng.integers(len(WOODS))], stage.draw(0.85, 1.1))


def chair(stage: Stage, pose: Pose, layer: int = 0) -> list[Shape]:
    """A chair under a sitting pose."""
    h = stage.body.height
    colour = wood(stage)
    seat = float(pose.pelvis[1]) * h - 0.06 * h
    base = pose.root
    parts: list[Shape] = list(
        cuboid(base + vec(0, seat - 0.03, 0), (0.3 * h, 0.03, 0.28 * h), colour, pose.heading, layer, 0.15)
    )
    for x in (-0.13, 0.13):
        for z in (-0.12, 0.12):
            foot = to_world(pose, stage.body, np.array([x, 0.0, z]))
            top = foot + vec(0, seat - 0.03, 0)
            parts.append(Hull(np.array([foot, top]), np.full(2, 0.012 * h), shade(colour, 0.8), layer, 0.15))
    for y in (0.12, 0.22):
        rail = to_world(pose, stage.body, np.array([[-0.13, 0, -0.14], [0.13, 0, -0.14]])) + vec(0, seat + y * h, 0)
        parts.append(Hull(rail, np.full(2, 0.022 * h), colour, layer, 0.04))
    return parts


def table(
    stage: Stage, pose: Pose, height: float, near: float = 0.12, depth: float = 0.5, width: float = 0.85
) -> list[Shape]:
    """A table before the child; `height` and `near` (its edge's distance) in body heights. Painted over the body."""
    h = stage.body.height
    colour = wood(stage)
    centre = to_world(pose, stage.body, np.array([0.0, 0.0, near + depth / 2]))
    y = height * h
    parts: list[Shape] = []
    for x in (-0.45, 0.45):
        for z in (0.05, 0.95):
            foot = to_world(pose, stage.body, np.array([x * width, 0.0, near + z * depth]))
            parts.append(
                Hull(np.array([foot, foot + vec(0, y, 0)]), np.full(2, 0.02 * h), shade(colour, 0.75), TABLE_LAYER, 0.5)
            )
    parts += cuboid(centre + vec(0, y - 0.03, 0), (width * h, 0.03, depth * h), colour, pose.heading, TABLE_LAYER)
    return parts


def block(at: Points, size: float, colour: Colour, heading: float, layer: int = ON_TABLE) -> list[Shape]:
    """A cube standing with its underside's centre at `at`."""
    return [
        contact_shadow(at, size * 0.85, layer),
        *cuboid(at, (size, size, size), colour, heading, layer, -size * 0.3),
    ]


def item(kind: str, at: Points, size: float, colour: Colour, heading: float, layer: int = ON_TABLE) -> list[Shape]:
    """A small toy of a kind: block, ball, cup, car."""
    if kind == "block":
        return block(at, size, colour, heading, layer)
    shadow = contact_shadow(at, size * 0.65, layer)
    up = np.array([0.0, size, 0.0])
    if kind == "ball":
        return [shadow, ball(at + up * 0.5, size * 0.52, colour, layer)]
    if kind == "cup":
        rim = Panel(disc(at + up * 1.1, UP, size * 0.5, 14), shade(colour, 0.6), layer, -size)
        return [
            shadow,
            Hull(np.array([at + up * 0.35, at + up * 0.75]), np.array([0.34, 0.46]) * size, colour, layer),
            rim,
        ]
    body = cuboid(at + up * 0.15, (size * 1.5, size * 0.45, size * 0.8), colour, heading, layer, -size * 0.3)
    roof = cuboid(at + up * 0.6, (size * 0.8, size * 0.4, size * 0.7), shade(colour, 1.35), heading, layer, -size * 0.5)
    return [shadow, *body, *roof]


def bowl(at: Points, radius: float, colour: Colour, layer: int = ON_TABLE) -> list[Shape]:
    """A shallow bowl or tray: what lies in it is painted after it."""
    up = np.array([0.0, 1.0, 0.0])
    return [
        contact_shadow(at, radius * 1.1, layer, 0.3),
        Panel(disc(at + up * 0.004, up, radius * 0.8, 22), shade(colour, 0.75), layer, 0.3),
        Panel(disc(at + up * radius * 0.3, up, radius, 22), colour, layer, 0.25),
        Panel(disc(at + up * radius * 0.3, up, radius * 0.85, 22), shade(colour, 0.72), layer, 0.24),
    ]


def patterned_disc(
    centre: Points,
    normal: Points,
    radius: float,
    turn: float,
    colours: list[Colour],
    sectors: int,
    layer: int,
    bias: float = 0.0,
) -> list[Shape]:
    """A disc with coloured sectors, turned by `turn` radians about its normal: it shows that it spins."""
    per = 4
    rim = disc(np.zeros(3), normal, radius, sectors * per, turn)
    shapes: list[Shape] = [Panel(centre + rim * 1.06, shade(colours[0], 0.6), layer, bias)]
    for k in range(sectors):
        edge = rim[[(k * per + i) % len(rim) for i in range(per + 1)]]
        wedge = np.vstack([np.zeros((1, 3)), edge])
        shapes.append(Panel(centre + wedge, colours[k % len(colours)], layer, bias - radius))
    return shapes


def palette(stage: Stage, n: int) -> list[Colour]:
    """Draw n colours that differ clearly from one another."""
    colours: list[Colour] = []
    while len(colours) < n:
        best = max(
            (stage.cloth() for _ in range(6)),
            key=lambda c: min([sum(abs(a - b) for a, b in zip(c, o, strict=True)) for o in colours], default=sum(c)),
        )
        colours.append(best)
    return colours
