"""What a wall shows: its paper, and the windows, pictures, doors and boards on it.

In: a `RoomStyle` and the wall's length; out: rectangles, back to front.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from models.simulator.pools import RoomStyle
from models.simulator.shapes import Colour, shade

HEIGHT = 2.5  # metres

Patch = tuple[tuple[float, float, float, float], Colour]  # along from, to, up from, to; and its colour
Cloth = Callable[[np.random.Generator], Colour]


def papered(style: RoomStyle, length: float) -> list[Patch]:
    """Paint or paper, and the skirting board."""
    plan: list[Patch] = [((0.0, length, 0.0, HEIGHT), style.wall)]
    if style.wall_kind == "two-tone":
        plan.append(((0.0, length, 0.0, 0.85), style.accent))
    elif style.wall_kind == "stripes":
        plan += [((x, x + 0.09, 0.0, HEIGHT), shade(style.wall, 0.9)) for x in np.arange(0.0, length, 0.22)]
    elif style.wall_kind == "dots":
        for x in np.arange(0.1, length, 0.3):
            plan += [
                ((x, x + 0.06, y, y + 0.06), style.accent)
                for y in np.arange(0.3 + 0.15 * (round(x / 0.3) % 2), HEIGHT, 0.35)
            ]
    plan.append(((0.0, length, 0.0, 0.09), shade(style.wall, 1.5)))
    return plan


def hung(style: RoomStyle, length: float, rng: np.random.Generator, cloth: Cloth) -> list[Patch]:
    """Windows, pictures, shut doors and boards along the wall."""
    plan: list[Patch] = []
    x = float(rng.uniform(0.1, 0.6))
    while x < length - 1.0:
        kind = rng.choice(["window", "picture", "pictures", "poster", "curtain", "door", "board", "none"])
        if kind in ("window", "curtain"):
            w, y0, y1 = float(rng.uniform(0.8, 1.3)), 0.85, float(rng.uniform(1.7, 2.2))
            sky = (214, 232, 246) if rng.random() < 0.7 else (52, 62, 88)
            plan += [((x - 0.05, x + w + 0.05, y0 - 0.05, y1 + 0.05), (240, 240, 236)), ((x, x + w, y0, y1), sky)]
            plan.append(
                (
                    (x, x + w, y0, y0 + (y1 - y0) * 0.35),
                    shade((120, 150, 96), 0.95) if sky[0] > 100 else shade(sky, 0.7),
                )
            )
            plan.append(((x + w / 2 - 0.02, x + w / 2 + 0.02, y0, y1), (240, 240, 236)))
            if kind == "curtain":
                for k in range(4):
                    for edge in (x - 0.15, x + w - 0.13):
                        plan.append(
                            (
                                (edge + 0.07 * k, edge + 0.07 * k + 0.07, 0.3, y1 + 0.15),
                                shade(style.accent, 1.0 - 0.12 * (k % 2)),
                            )
                        )
            x += w
        elif kind in ("door", "board"):
            panel = shut_door(x, style, rng, cloth) if kind == "door" else board(x, rng, cloth)
            plan += panel
            x = max(patch[0][1] for patch in panel)
        elif kind in ("picture", "pictures", "poster"):
            for _ in range(3 if kind == "pictures" else 1):
                w, h = float(rng.uniform(0.25, 0.6)), float(rng.uniform(0.3, 0.7))
                y = float(rng.uniform(0.9, 1.4))
                plan += [
                    ((x, x + w, y, y + h), shade(style.wood, 0.7)),
                    ((x + 0.03, x + w - 0.03, y + 0.03, y + h - 0.03), cloth(rng)),
                ]
                plan.append(((x + w * 0.25, x + w * 0.7, y + h * 0.2, y + h * 0.6), cloth(rng)))
                x += w + 0.12
        x += float(rng.uniform(0.3, 1.2))
    return plan


def shut_door(x: float, style: RoomStyle, rng: np.random.Generator, cloth: Cloth) -> list[Patch]:
    """A door or a wardrobe from `x` on that nobody touches."""
    w, h = float(rng.uniform(0.7, 1.0)), float(rng.uniform(1.8, 2.1))
    colour = style.wood if rng.random() < 0.5 else cloth(rng)
    knob = x + 0.06 * w if rng.random() < 0.5 else x + 0.88 * w
    return [
        ((x - 0.08, x + w + 0.08, 0.0, h + 0.08), shade(colour, 1.4)),
        ((x, x + w, 0.0, h), colour),
        *(
            ((x + 0.14 * w, x + 0.86 * w, low * h, high * h), shade(colour, 0.86))
            for low, high in ((0.08, 0.45), (0.55, 0.92))
            if rng.random() < 0.7
        ),
        ((knob, knob + 0.05, 0.95, 1.0), (200, 190, 150)),
    ]


def board(x: float, rng: np.random.Generator, cloth: Cloth) -> list[Patch]:
    """A notice board, a screen, a cupboard's side: one large even surface from `x` on."""
    w, low, high = float(rng.uniform(0.5, 1.4)), float(rng.uniform(0.0, 0.9)), float(rng.uniform(1.5, 2.2))
    colour = cloth(rng)
    return [
        ((x, x + w, low, high), shade(colour, 0.7)),
        ((x + 0.03, x + w - 0.03, low + 0.03, high - 0.03), colour),
    ]
