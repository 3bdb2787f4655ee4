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
_UNIT_BOX = np.array([[x, y, z] for y in (0.0, 1.0) for x, z in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))])
_FACES = np.array([[0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7], [4, 5, 6, 7]])
_GAINS = (0.8, 0.88, 0.95, 0.82, 1.1)


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
    """A flat convex polygon; `alpha` below 1 lets what lies under it show (contact shadows)."""

    points: Points  # (m, 3)
    colour: Colour
    layer: int = 0
    bias: float = 0.0
    alpha: float = 1.0
    solid: bool = False  # a face of a box: seen from outside only


Shape = Hull | Panel


def vec(x: float, y: float, z: float) -> Points:
    """A point or direction, (3,)."""
    return np.array((x, y, z), float)


def ball(centre: Points, radius: float, colour: Colour, layer: int = 0, bias: float = 0.0) -> Hull:
    """A sphere."""
    return Hull(np.atleast_2d(centre), np.array([radius]), colour, layer, bias)


def capsule(a: Points, b: Points, ra: float, rb: float, colour: Colour, layer: int = 0, bias: float = 0.0) -> Hull:
    """A limb from a to b, as thick at its ends as the radii say."""
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

    All faces but the underside, which nobody sees.
    """
    w, h, d = size
    corners = (_UNIT_BOX * (w, h, d)) @ heading_axes(heading) + base
    return [
        Panel(face, shade(colour, gain), layer, bias, 1.0, True)
        for face, gain in zip(corners[_FACES], _GAINS, strict=True)
    ]


@lru_cache(maxsize=8)
def _rim(n: int) -> Points:
    a = np.linspace(0.0, 2 * np.pi, n, endpoint=False)
    return np.stack([np.cos(a), np.sin(a)], axis=1)


def disc(centre: Points, normal: Points, radius: float, n: int = 20, turn: float = 0.0) -> Points:
    """Rim points (n, 3) of a disc, the first at the angle `turn` in its plane."""
    x, y, z = normal
    u = np.array([y - 0.1 * z, 0.3 * z - x, 0.1 * x - 0.3 * y])  # normal × (0.3, 0.1, 1)
    u /= np.sqrt(u @ u)
    v = np.array([y * u[2] - z * u[1], z * u[0] - x * u[2], x * u[1] - y * u[0]])
    if turn:
        c, s = np.cos(turn), np.sin(turn)
        u, v = c * u + s * v, c * v - s * u
    return np.asarray(centre + radius * (_rim(n) @ np.array([u, v])))


def contact_shadow(centre: Points, radius: float, layer: int = 0, alpha: float = 0.35) -> Panel:
    """The dark patch under a thing that stands on a surface."""
    return Panel(disc(centre, UP, radius, 14), (20, 18, 16), layer, 0.02, alpha)
