"""What the two domains draw from: bodies, clothes, surfaces, light and cameras. Nothing in, two `Ranges` out.

Domain A is what the reference pack is trained on; B shares the motion programmes and next to nothing else, so that
moving a model from one to the other can be measured.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.simulator.shapes import Colour

Range = tuple[float, float]
Tint = tuple[float, Range, Range]  # share, saturation, value; the hue is free


@dataclass(frozen=True, slots=True)
class Ranges:
    """One domain's ranges. Lengths are metres, angles radians; shares sum to one."""

    name: str
    # People
    ages: Range  # years
    builds: Range  # share of average girth
    heads: Range  # size of a child's head, 1 follows the growth charts
    arms: Range  # length of the arms, likewise
    legginess: Range  # added to the height of the hip, body heights
    adult_heights: Range
    skins: tuple[Colour, ...]  # from light to dark
    hairs: tuple[Colour, ...]  # from dark to light
    hair_styles: tuple[str, ...]
    cloths: tuple[Tint, ...]
    sleeves: tuple[float, ...]  # 0 none, 0.5 to the elbow, 1 to the wrist
    legs: tuple[float, ...]  # 0.35 shorts, 1 trousers
    skirts: float  # share
    barefoot: float  # share
    patterns: tuple[str, ...]
    extras: tuple[str, ...]  # see `extras.py`
    # Rooms
    woods: tuple[Colour, ...]
    wall: tuple[Range, Range]  # saturation, value
    accent: tuple[Range, Range]
    floor: tuple[Range, Range]
    floor_kinds: tuple[str, ...]
    wall_kinds: tuple[str, ...]
    backs: Range  # distance of the wall behind the child
    sides: Range  # half the room's width
    brightness: Range
    contrast: Range
    key_height: Range  # of the light
    noise: Range  # standard deviation in grey levels
    # Cameras
    short_sides: tuple[int, ...]  # pixels
    aspects: tuple[tuple[int, int], ...]  # width, height
    aspect_shares: tuple[float, ...]
    fields_of_view: Range  # of the long side
    tightness: Range
    raised: Range  # added to the pitch that a behaviour asks for
    shakes: tuple[float, ...]  # pixels at 240 lines
    roll: float  # standard deviation
    barrel: Range  # how far the corners are drawn in, share
    vignette: Range  # how much darker the corners are, share
    crf: tuple[int, int]  # constant rate factor of x264


A = Ranges(
    name="A",
    ages=(2.0, 8.0),
    builds=(0.85, 1.2),
    heads=(1.0, 1.0),
    arms=(1.0, 1.0),
    legginess=(-0.012, 0.012),
    adult_heights=(1.55, 1.82),
    # Along the skin tones' own curve (after the Monk scale's end points).
    skins=((246, 216, 194), (226, 178, 143), (191, 132, 94), (134, 86, 58), (74, 49, 38)),
    hairs=((28, 22, 20), (45, 31, 24), (74, 48, 31), (112, 74, 42), (160, 118, 66), (204, 170, 108), (132, 62, 32)),
    hair_styles=("short", "bowl", "bob", "long", "ponytail", "bun", "curly", "shaved", "cap"),
    # Mostly vivid, sometimes pale, dark or grey.
    cloths=((0.6, (0.45, 0.9), (0.5, 0.95)), (0.2, (0.08, 0.35), (0.75, 0.98)), (0.2, (0.1, 0.5), (0.16, 0.4))),
    sleeves=(0.0, 0.5, 0.55, 1.0),
    legs=(0.4, 0.55, 1.0, 1.0),
    skirts=0.18,
    barefoot=0.35,
    patterns=("plain", "plain", "stripes", "print", "dungarees"),
    extras=("none",),
    woods=((150, 108, 66), (196, 160, 112), (98, 66, 44), (222, 216, 206)),
    wall=((0.02, 0.32), (0.62, 0.95)),
    accent=((0.25, 0.7), (0.4, 0.9)),
    floor=((0.03, 0.3), (0.4, 0.85)),
    floor_kinds=("planks", "planks", "tiles", "carpet"),
    wall_kinds=("plain", "plain", "two-tone", "stripes", "dots"),
    backs=(1.0, 2.6),
    sides=(1.6, 2.8),
    brightness=(0.72, 1.25),
    contrast=(0.15, 1.0),
    key_height=(0.75, 1.3),
    noise=(1.0, 6.0),
    short_sides=(240, 256, 272),
    aspects=((4, 3), (16, 9), (1, 1), (3, 4), (9, 16)),
    aspect_shares=(0.27, 0.16, 0.25, 0.2, 0.12),
    fields_of_view=(0.7, 1.15),
    tightness=(0.72, 1.0),
    raised=(0.0, 0.0),
    shakes=(0.0, 0.0, 0.4, 0.8, 1.5),
    roll=0.015,
    barrel=(0.0, 0.0),
    vignette=(0.06, 0.06),
    crf=(22, 34),  # about what phones and messengers leave
)

B = Ranges(
    name="B",
    ages=(2.0, 8.0),
    builds=(0.72, 1.38),
    heads=(0.9, 1.15),
    arms=(0.98, 1.14),
    legginess=(-0.035, 0.025),
    adult_heights=(1.5, 1.9),
    # Yellower and redder than A's curve, as under other lamps and white balances.
    skins=((252, 226, 208), (236, 188, 134), (206, 148, 108), (158, 96, 74), (104, 70, 44), (58, 40, 40)),
    hairs=((14, 14, 18), (38, 24, 30), (88, 58, 46), (148, 94, 40), (190, 96, 44), (226, 196, 136), (150, 150, 150)),
    hair_styles=("short", "bowl", "bob", "shaved", "curly"),
    # Pastel and earthy, seldom vivid.
    cloths=((0.5, (0.2, 0.5), (0.7, 1.0)), (0.3, (0.3, 0.65), (0.28, 0.55)), (0.2, (0.75, 1.0), (0.8, 1.0))),
    sleeves=(0.3, 0.75, 1.0, 1.0),
    legs=(0.5, 0.75, 1.0),
    skirts=0.28,
    barefoot=0.2,
    patterns=("plain", "stripes", "print"),
    extras=("none", "tunic", "vest", "scarf", "hood", "pigtails", "braid", "afro", "headscarf", "quiff"),
    woods=((236, 228, 206), (120, 142, 132), (176, 92, 62), (70, 74, 86)),
    wall=((0.15, 0.6), (0.38, 0.85)),
    accent=((0.1, 0.5), (0.6, 1.0)),
    floor=((0.1, 0.55), (0.25, 0.7)),
    floor_kinds=("lawn", "slabs", "checks", "planks"),
    wall_kinds=("tiles", "bricks", "hedge", "fence", "lozenges"),
    backs=(1.4, 4.0),
    sides=(1.9, 3.6),
    brightness=(0.75, 1.45),
    contrast=(0.5, 1.0),
    key_height=(0.45, 1.1),
    noise=(3.0, 10.0),
    short_sides=(216, 288),
    aspects=((4, 3), (16, 9), (5, 4), (9, 16)),
    aspect_shares=(0.3, 0.35, 0.15, 0.2),
    fields_of_view=(1.0, 1.6),
    tightness=(0.6, 0.92),
    raised=(0.0, 0.2),
    shakes=(0.0, 0.0, 0.6, 2.0),
    roll=0.04,
    barrel=(0.03, 0.16),
    vignette=(0.05, 0.28),
    crf=(24, 36),
)

RANGES = {ranges.name: ranges for ranges in (A, B)}
