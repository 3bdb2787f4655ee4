"""The hair: a subject, the place and the axes of the head in; hulls out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.simulator.pools import Subject
from models.simulator.shapes import Hull, Points, shade

Sphere = tuple[float, float, float, float]  # left, up, forward and radius, in radii of the head
LOCKS: dict[str, tuple[tuple[Sphere, ...], float, float]] = {  # spheres, tone, bias in radii
    "bob": (
        ((0.62, 0.2, -0.2, 0.3), (0.6, -0.6, -0.2, 0.24), (-0.6, -0.6, -0.2, 0.24), (-0.62, 0.2, -0.2, 0.3)),
        1.0,
        0.1,
    ),
    "long": (
        ((0.55, 0.2, -0.3, 0.34), (0.5, -1.5, -0.55, 0.24), (-0.5, -1.5, -0.55, 0.24), (-0.55, 0.2, -0.3, 0.34)),
        1.0,
        0.2,
    ),
    "ponytail": (((0, 0.45, -0.95, 0.26), (0, -0.3, -1.25, 0.24), (0, -0.9, -1.15, 0.12)), 0.9, 0.0),
    "bun": (((0, 0.95, -0.45, 0.38),), 0.92, 0.0),
}


def hair(subject: Subject, at: Points, r: float, left: Points, up: Points, forward: Points, layer: int) -> list[Hull]:
    """All hulls of the hair (and of a cap) of a head of radius r metres about `at`."""
    colour, style = subject.hair, subject.hair_style

    def hull(spheres: Sequence[Sphere], tint: tuple[int, int, int] = colour, bias: float = 0.0) -> Hull:
        s = np.array(spheres)
        return Hull(at + r * (s[:, :1] * left + s[:, 1:2] * up + s[:, 2:3] * forward), s[:, 3] * r, tint, layer, bias)

    if style == "shaved":
        return [hull([(0, 0.28, -0.1, 0.82)], shade(subject.skin, 0.7))]
    back = hull([(0, 0.3, -0.2, 0.86), (0, -0.05, -0.28, 0.72)])
    fringe = hull(
        [(0.42, 0.66, 0.3, 0.3), (-0.42, 0.66, 0.3, 0.3), (0.0, 0.86, 0.2, 0.3)], shade(colour, 0.95), -0.2 * r
    )
    if style == "short":
        return [back, fringe]
    if style == "cap":
        return [
            back,
            hull([(0, 0.42, -0.05, 0.84)], subject.trim, -0.05 * r),
            hull([(0.3, 0.6, 0.8, 0.12), (-0.3, 0.6, 0.8, 0.12), (0, 0.62, 0.95, 0.12)], subject.trim, -0.2 * r),
        ]
    if style == "bowl":
        return [back, hull([(0.5, 0.5, 0.32, 0.34), (-0.5, 0.5, 0.32, 0.34), (0, 0.8, 0.25, 0.38)], colour, -0.2 * r)]
    if style == "curly":
        puffs = [
            (0.6, 0.4, -0.1, 0.42),
            (-0.6, 0.4, -0.1, 0.42),
            (0, 0.85, 0.0, 0.5),
            (0.35, 0.75, 0.25, 0.36),
            (-0.35, 0.75, 0.25, 0.36),
        ]
        return [back, *(hull([p], shade(colour, 0.9 + 0.06 * k), -0.02 * k * r) for k, p in enumerate(puffs))]
    spheres, gain, bias = LOCKS[style]
    return [back, fringe, hull(spheres, shade(colour, gain), bias * r)]
