"""Who and what may appear: subjects, rooms and cameras, each split with its own, none shared.

In: a split's name and a random generator; out: `Subject`, `RoomStyle`, `CameraStyle`. Every continuous range is cut
into 24 bins; a bin belongs to one split only, so no test clip shows a clothing hue, a body age, a wall colour or
a camera angle of a training clip.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass

import numpy as np

from models.simulator.body import Proportions, adult, child
from models.simulator.camera import CameraStyle
from models.simulator.shapes import Colour, shade

SPLITS = ("train", "valid", "test")
POOL_SIZES = {  # subjects, rooms, cameras
    "train": (400, 240, 240),
    "valid": (40, 24, 24),
    "test": (60, 40, 40),
}
BINS = 24
AGES = (2.0, 8.0)  # years
BUILDS = (0.85, 1.2)  # share of average girth
ADULT_HEIGHTS = (1.55, 1.82)  # metres
SHORT_SIDES = (240, 256, 272)  # pixels
ASPECTS = ((4, 3), (16, 9), (1, 1), (3, 4), (9, 16))  # width, height
ASPECT_SHARES = (0.27, 0.16, 0.25, 0.2, 0.12)
FIELDS_OF_VIEW = (0.7, 1.15)  # radians, long side
HAIR_STYLES = ("short", "bowl", "bob", "long", "ponytail", "bun", "curly", "shaved", "cap")


@dataclass(frozen=True, slots=True)
class Subject:
    """One person: body, colours and clothes."""

    id: str
    age: float
    body: Proportions
    skin: Colour
    hair: Colour
    hair_style: str
    top: Colour
    trim: Colour
    bottom: Colour
    shoe: Colour
    sleeve: float  # 0 none, 0.5 to the elbow, 1 to the wrist
    leg: float  # 0.35 shorts, 1 trousers
    skirt: bool
    pattern: str  # plain, stripes, print, dungarees
    barefoot: bool


@dataclass(frozen=True, slots=True)
class RoomStyle:
    """One room: surfaces, furniture, light."""

    id: str
    seed: int
    wall: Colour
    accent: Colour
    floor: Colour
    floor_kind: str  # planks, tiles, carpet
    wall_kind: str  # plain, two-tone, stripes, dots
    wood: Colour
    back: float  # distance of the wall behind the child, metres
    side: float  # half the room's width, metres
    brightness: float
    warmth: float  # −1 cool … 1 warm
    gradient: tuple[float, float]  # brightness from edge to edge
    contrast: float  # 0 flat light … 1 hard light
    key: tuple[float, float]  # direction the light comes from: yaw, height in radians
    noise: float  # sensor noise, standard deviation in grey levels


def _bins(split: str) -> list[int]:
    owner = {2: "valid", 5: "test"}
    return [k for k in range(BINS) if owner.get(k % 6, "train") == split]


def between(rng: np.random.Generator, low: float, high: float, split: str) -> float:
    """A number of the range, inside a bin that belongs to this split alone."""
    bins = _bins(split)
    return low + (high - low) * (bins[rng.integers(len(bins))] + float(rng.uniform(0.02, 0.98))) / BINS


def _colour(
    rng: np.random.Generator, split: str, saturation: tuple[float, float], value: tuple[float, float]
) -> Colour:
    r, g, b = colorsys.hsv_to_rgb(between(rng, 0.0, 1.0, split), rng.uniform(*saturation), rng.uniform(*value))
    return (int(255 * r), int(255 * g), int(255 * b))


def cloth(rng: np.random.Generator, split: str) -> Colour:
    """A clothing or toy colour: mostly vivid, sometimes pale, dark or grey."""
    kind = rng.random()
    if kind < 0.6:
        return _colour(rng, split, (0.45, 0.9), (0.5, 0.95))
    if kind < 0.8:
        return _colour(rng, split, (0.08, 0.35), (0.75, 0.98))
    return _colour(rng, split, (0.1, 0.5), (0.16, 0.4))


def _skin(rng: np.random.Generator, split: str) -> Colour:
    # From light to dark along the skin tones' own curve (after the Monk scale's end points).
    u = between(rng, 0.0, 1.0, split)
    scale = np.array([[246, 216, 194], [226, 178, 143], [191, 132, 94], [134, 86, 58], [74, 49, 38]], float)
    place = u * (len(scale) - 1)
    k = min(int(place), len(scale) - 2)
    rgb = scale[k] + (scale[k + 1] - scale[k]) * (place - k)
    return (int(rgb[0]), int(rgb[1]), int(rgb[2]))


_HAIR = ((28, 22, 20), (45, 31, 24), (74, 48, 31), (112, 74, 42), (160, 118, 66), (204, 170, 108), (132, 62, 32))


def _generator(split: str, kind: str, index: int) -> np.random.Generator:
    return np.random.default_rng([SPLITS.index(split), sum(map(ord, kind)), index])


def subject(split: str, index: int) -> Subject:
    """Child `index` of the split's pool."""
    rng = _generator(split, "child", index)
    age = between(rng, *AGES, split)
    body = child(age, between(rng, *BUILDS, split), rng.uniform(-0.012, 0.012))
    return _dress(rng, split, f"{split}-child-{index:03d}", age, body)


def grown_up(split: str, index: int) -> Subject:
    """Adult `index` of the split's pool, who passes by."""
    rng = _generator(split, "adult", index)
    body = adult(between(rng, *ADULT_HEIGHTS, split), between(rng, *BUILDS, split))
    return _dress(rng, split, f"{split}-adult-{index:03d}", 30.0, body)


def cast(split: str, rng: np.random.Generator) -> dict[str, Subject]:
    """Who plays the other people of a clip, by role."""
    adult_, peer, second = (int(k) for k in rng.integers(POOL_SIZES[split][0], size=3))
    return {"adult": grown_up(split, adult_), "peer": subject(split, peer), "second peer": subject(split, second)}


def _dress(rng: np.random.Generator, split: str, name: str, age: float, body: Proportions) -> Subject:
    skin = _skin(rng, split)
    hair = _HAIR[rng.integers(3 if sum(skin) < 420 else len(_HAIR))]
    skirt = bool(rng.random() < 0.18)
    return Subject(
        id=name,
        age=age,
        body=body,
        skin=skin,
        hair=shade(hair, float(rng.uniform(0.8, 1.15))),
        hair_style=str(rng.choice(HAIR_STYLES)),
        top=cloth(rng, split),
        trim=cloth(rng, split),
        bottom=cloth(rng, split),
        shoe=cloth(rng, split),
        sleeve=float(rng.choice([0.0, 0.5, 0.55, 1.0])),
        leg=float(rng.choice([0.4, 0.55, 1.0, 1.0])),
        skirt=skirt,
        pattern=str(rng.choice(["plain", "plain", "stripes", "print", "dungarees"])),
        barefoot=bool(rng.random() < 0.35),
    )


def room(split: str, index: int) -> RoomStyle:
    """Room `index` of the split's pool."""
    rng = _generator(split, "room", index)
    r, g, b = rng.choice([[150, 108, 66], [196, 160, 112], [98, 66, 44], [222, 216, 206]])
    wood = (int(r * rng.uniform(0.9, 1.1)), int(g * rng.uniform(0.9, 1.1)), int(b * rng.uniform(0.9, 1.1)))
    floor_kind = str(rng.choice(["planks", "planks", "tiles", "carpet"]))
    floor = wood if floor_kind == "planks" else _colour(rng, split, (0.03, 0.3), (0.4, 0.85))
    return RoomStyle(
        id=f"{split}-room-{index:03d}",
        seed=int(rng.integers(2**31)),
        wall=_colour(rng, split, (0.02, 0.32), (0.62, 0.95)),
        accent=_colour(rng, split, (0.25, 0.7), (0.4, 0.9)),
        floor=floor,
        floor_kind=floor_kind,
        wall_kind=str(rng.choice(["plain", "plain", "two-tone", "stripes", "dots"])),
        wood=wood,
        back=between(rng, 1.0, 2.6, split),
        side=between(rng, 1.6, 2.8, split),
        brightness=between(rng, 0.72, 1.25, split),
        warmth=between(rng, -1.0, 1.0, split),
        gradient=(float(rng.uniform(-0.25, 0.25)), float(rng.uniform(-0.2, 0.2))),
        contrast=between(rng, 0.15, 1.0, split),
        key=(float(rng.uniform(-1.3, 1.3)), float(rng.uniform(0.75, 1.3))),
        noise=float(rng.uniform(1.0, 6.0)),
    )


def camera(split: str, index: int) -> CameraStyle:
    """Camera `index` of the split's pool."""
    rng = _generator(split, "camera", index)
    short = int(rng.choice(SHORT_SIDES))
    a, b = ASPECTS[rng.choice(len(ASPECTS), p=ASPECT_SHARES)]
    unit = short / min(a, b)
    return CameraStyle(
        id=f"{split}-camera-{index:03d}",
        width=int(round(a * unit / 2) * 2),
        height=int(round(b * unit / 2) * 2),
        field_of_view=between(rng, *FIELDS_OF_VIEW, split),
        yaw=between(rng, -1.0, 1.0, split),
        pitch=between(rng, 0.0, 1.0, split),
        tightness=between(rng, 0.72, 1.0, split),
        offset=(float(rng.uniform(-0.08, 0.08)), float(rng.uniform(-0.05, 0.05))),
        shake=float(rng.choice([0.0, 0.0, 0.4, 0.8, 1.5])),
        shake_rate=float(rng.uniform(0.3, 1.2)),
        roll=float(rng.normal(0.0, 0.015)),
    )
