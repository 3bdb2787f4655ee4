"""Who and what may appear: subjects, rooms and cameras, each split with its own, none shared.

In: a split's name, a random generator and a domain; out: `Subject`, `RoomStyle`, `CameraStyle`. Every continuous range
(`ranges`) is cut into 24 bins; a bin belongs to one split only, so no test clip shows a clothing hue, a body age, a
wall colour or a camera angle of a training clip.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, replace

import numpy as np

from models.simulator.body import Proportions, adult, child
from models.simulator.camera import CameraStyle
from models.simulator.ranges import RANGES, Ranges
from models.simulator.shapes import Colour, shade

SPLITS = ("train", "valid", "test")
POOL_SIZES = {  # subjects, rooms, cameras
    "train": (400, 240, 240),
    "valid": (40, 24, 24),
    "test": (60, 40, 40),
}
BINS = 24


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
    extra: str  # what they wear besides, or how their hair is worn: see `extras`

    @property
    def described(self) -> str:
        """Age, height and build in words and figures."""
        build = "slight" if self.body.girth < 0.93 else "sturdy" if self.body.girth > 1.07 else "average"
        return f"{self.age:.1f} years, {self.body.height:.2f} m, {build}"


@dataclass(frozen=True, slots=True)
class RoomStyle:
    """One room: surfaces, furniture, light."""

    id: str
    seed: int
    wall: Colour
    accent: Colour
    floor: Colour
    floor_kind: str
    wall_kind: str
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


def cloth(rng: np.random.Generator, split: str, domain: str = "A") -> Colour:
    """A clothing or toy colour."""
    tints = RANGES[domain].cloths
    u, k = rng.random(), 0
    while k < len(tints) - 1 and u >= tints[k][0]:
        u, k = u - tints[k][0], k + 1
    return _colour(rng, split, *tints[k][1:])


def _skin(rng: np.random.Generator, split: str, ranges: Ranges) -> Colour:
    scale = np.array(ranges.skins, float)
    place = between(rng, 0.0, 1.0, split) * (len(scale) - 1)
    k = min(int(place), len(scale) - 2)
    rgb = scale[k] + (scale[k + 1] - scale[k]) * (place - k)
    return (int(rgb[0]), int(rgb[1]), int(rgb[2]))


def _generator(split: str, domain: str, kind: str, index: int) -> np.random.Generator:
    return np.random.default_rng([ord(domain), SPLITS.index(split), sum(map(ord, kind)), index])


def subject(split: str, index: int, domain: str = "A") -> Subject:
    """Child `index` of the split's pool."""
    rng, ranges = _generator(split, domain, "child", index), RANGES[domain]
    age = between(rng, *ranges.ages, split)
    body = child(age, between(rng, *ranges.builds, split), rng.uniform(*ranges.legginess))
    arms = rng.uniform(*ranges.arms)
    body = replace(
        body,
        head=body.head * rng.uniform(*ranges.heads),
        upper_arm=body.upper_arm * arms,
        forearm=body.forearm * arms,
    )
    return _dress(rng, split, ranges, f"{_owner(split, domain)}-child-{index:03d}", age, body)


def grown_up(split: str, index: int, domain: str = "A") -> Subject:
    """Adult `index` of the split's pool, who passes by."""
    rng, ranges = _generator(split, domain, "adult", index), RANGES[domain]
    body = adult(between(rng, *ranges.adult_heights, split), between(rng, *ranges.builds, split))
    return _dress(rng, split, ranges, f"{_owner(split, domain)}-adult-{index:03d}", 30.0, body)


def cast(split: str, rng: np.random.Generator, domain: str = "A") -> dict[str, Subject]:
    """Who plays the other people of a clip, by role."""
    tall, peer, second = (int(k) for k in rng.integers(POOL_SIZES[split][0], size=3))
    return {
        "adult": grown_up(split, tall, domain),
        "peer": subject(split, peer, domain),
        "second peer": subject(split, second, domain),
    }


def _owner(split: str, domain: str) -> str:
    return split if domain == "A" else f"{split}-{domain}"


def _dress(rng: np.random.Generator, split: str, ranges: Ranges, name: str, age: float, body: Proportions) -> Subject:
    skin = _skin(rng, split, ranges)
    hair = ranges.hairs[rng.integers(3 if sum(skin) < 420 else len(ranges.hairs))]
    top, trim, bottom, shoe = (cloth(rng, split, ranges.name) for _ in range(4))
    return Subject(
        id=name,
        age=age,
        body=body,
        skin=skin,
        hair=shade(hair, float(rng.uniform(0.8, 1.15))),
        hair_style=str(rng.choice(ranges.hair_styles)),
        top=top,
        trim=trim,
        bottom=bottom,
        shoe=shoe,
        sleeve=float(rng.choice(ranges.sleeves)),
        leg=float(rng.choice(ranges.legs)),
        skirt=bool(rng.random() < ranges.skirts),
        pattern=str(rng.choice(ranges.patterns)),
        barefoot=bool(rng.random() < ranges.barefoot),
        extra=str(rng.choice(ranges.extras)),
    )


def room(split: str, index: int, domain: str = "A") -> RoomStyle:
    """Room `index` of the split's pool."""
    rng, ranges = _generator(split, domain, "room", index), RANGES[domain]
    r, g, b = rng.choice(ranges.woods)
    wood = (int(r * rng.uniform(0.9, 1.1)), int(g * rng.uniform(0.9, 1.1)), int(b * rng.uniform(0.9, 1.1)))
    floor_kind = str(rng.choice(ranges.floor_kinds))
    floor = wood if floor_kind == "planks" else _colour(rng, split, *ranges.floor)
    return RoomStyle(
        id=f"{_owner(split, domain)}-room-{index:03d}",
        seed=int(rng.integers(2**31)),
        wall=_colour(rng, split, *ranges.wall),
        accent=_colour(rng, split, *ranges.accent),
        floor=floor,
        floor_kind=floor_kind,
        wall_kind=str(rng.choice(ranges.wall_kinds)),
        wood=wood,
        back=between(rng, *ranges.backs, split),
        side=between(rng, *ranges.sides, split),
        brightness=between(rng, *ranges.brightness, split),
        warmth=between(rng, -1.0, 1.0, split),
        gradient=(float(rng.uniform(-0.25, 0.25)), float(rng.uniform(-0.2, 0.2))),
        contrast=between(rng, *ranges.contrast, split),
        key=(float(rng.uniform(-1.3, 1.3)), float(rng.uniform(*ranges.key_height))),
        noise=float(rng.uniform(*ranges.noise)),
    )


def camera(split: str, index: int, domain: str = "A") -> CameraStyle:
    """Camera `index` of the split's pool."""
    rng, ranges = _generator(split, domain, "camera", index), RANGES[domain]
    short = int(rng.choice(ranges.short_sides))
    a, b = ranges.aspects[rng.choice(len(ranges.aspects), p=ranges.aspect_shares)]
    unit = short / min(a, b)
    return CameraStyle(
        id=f"{_owner(split, domain)}-camera-{index:03d}",
        width=int(round(a * unit / 2) * 2),
        height=int(round(b * unit / 2) * 2),
        field_of_view=between(rng, *ranges.fields_of_view, split),
        yaw=between(rng, -1.0, 1.0, split),
        pitch=between(rng, 0.0, 1.0, split),
        tightness=between(rng, *ranges.tightness, split),
        offset=(float(rng.uniform(-0.08, 0.08)), float(rng.uniform(-0.05, 0.05))),
        shake=float(rng.choice(ranges.shakes)),
        shake_rate=float(rng.uniform(0.3, 1.2)),
        roll=float(rng.normal(0.0, ranges.roll)),
        raised=float(rng.uniform(*ranges.raised)),
        barrel=between(rng, *ranges.barrel, split),
        vignette=between(rng, *ranges.vignette, split),
    )
