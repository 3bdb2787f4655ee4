"""The two things the painter draws: hulls of spheres (limbs, heads, balls) and flat panels (boxes, doors, plates).

Coordinates in are world metres (x right, y up, z towards the default camera); colours are RGB 0–255 tuples.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Colour = tuple[int, int, int]

UP = np.array([0.0, 1.0, 0.0])


@dataclass(slots=True)
class Hull:
    """The convex hull of spheres: one sphere is a ball, two a tapered capsule, four a trunk.

    `layer` is painted in rising order whatever the depth; `bias` (metres, negative is nearer) settles ties.
    """

    centres: Points  # (k, 3)
    radii: Points  # (k,)
    colour: Colour
    layer: int = 0
    bias: float = 0.0
    shadow: bool = True
    flat: bool = False


@dataclass(slots=True)
class Panel:
    """A flat convex polygon, seen from both sides; `alpha` below 1 lets what lies under it show (contact shadows)."""

    points: Points  # (m, 3)
    colour: Colour
    layer: int = 0
    bias: float = 0.0
    alpha: float = 1.0


Shape = Hull | Panel


def ball(centre: Points, radius: float, colour: Colour, layer: int = 0, bias: float = 0.0) -> Hull:
    return Hull(np.atleast_2d(centre), np.array([radius]), colour, layer, bias)


def capsule(
    a: Points, b: Points, ra: float, rb: float, colour: Colour, layer: int = 0, bias: float = 0.0
) -> Hull:
    return Hull(np.array([a, b]), np.array([ra, rb]), colour, layer, bias)


@lru_cache(maxsize=8192)
def shade(colour: Colour, gain: float) -> Colour:
    """The colour made darker (gain < 1) or mixed towards white (gain > 1)."""
    if gain <= 1.0:
        return (int(colour[0] * gain), int(colour[1] * gain), int(colour[2] * gain))
    w = min(gain - 1.0, 1.0)
    return (
        int(colour[0] + (255 - colour[0]) * w),
        int(colour[1] + (255 - colour[1]) * w),
        int(colour[2] + (255 - colour[2]) * w),
    )


def heading_axes(heading: float) -> Points:
    """Rows: the left, up and forward unit vectors of somebody who faces `heading` (0 faces +z)."""
    s, c = np.sin(heading), np.cos(heading)
    return np.array([[c, 0.0, -s], [0.0, 1.0, 0.0], [s, 0.0, c]])


def cuboid(
    base: Points,
    size: tuple[float, float, float],
    colour: Colour,
    heading: float = 0.0,
    layer: int = 0,
    bias: float = 0.0,
) -> list[Panel]:
    """A box standing on `base` (centre of its underside); size is width, height, depth in metres.

    All faces but the underside; the painter's depth order hides the far ones, and each shares the box's mean
    depth nudged by its own so that a box never falls apart among its neighbours.
    """
    w, h, d = size
    axes = heading_axes(heading)
    corners = np.array(
        [[x, y, z] for y in (0.0, h) for x, z in ((-w / 2, -d / 2), (w / 2, -d / 2), (w / 2, d / 2), (-w / 2, d / 2))]
    )
    corners = corners @ axes + base
    faces = (((0, 1, 5, 4), 0.8), ((1, 2, 6, 5), 0.88), ((2, 3, 7, 6), 0.95), ((3, 0, 4, 7), 0.82), ((4, 5, 6, 7), 1.1))
    return [Panel(corners[list(index)], shade(colour, gain), layer, bias) for index, gain in faces]


def disc(centre: Points, normal: Points, radius: float, n: int = 20) -> Points:
    """Rim points (n, 3) of a disc, starting at a fixed direction in its plane."""
    u = np.cross(normal, [0.3, 0.1, 1.0])
    u = u / np.linalg.norm(u)
    v = np.cross(normal, u)
    a = np.linspace(0.0, 2 * np.pi, n, endpoint=False)[:, None]
    return centre + radius * (np.cos(a) * u + np.sin(a) * v)


def contact_shadow(centre: Points, radius: float, layer: int = 0, alpha: float = 0.35) -> Panel:
    return Panel(disc(centre, UP, radius, 14), (20, 18, 16), layer, 0.02, alpha)
