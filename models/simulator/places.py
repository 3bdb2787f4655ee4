"""Domain B's surroundings: corridors, clinics and washrooms with patterned walls, yards and gardens under the sky."""

from __future__ import annotations

import numpy as np

from models.simulator.room import FRONT, Brush, Room, flat_rectangles
from models.simulator.shapes import Colour, Hull, Points, Shape, ball, cuboid, shade, vec
from models.simulator.walls import HEIGHT, Patch

SKIES: tuple[Colour, ...] = ((150, 190, 226), (196, 204, 210), (226, 206, 178), (120, 168, 214))
CEILINGS: tuple[Colour, ...] = ((226, 228, 222), (190, 196, 196))
LEAVES: tuple[Colour, ...] = ((64, 104, 52), (96, 124, 50), (52, 88, 70))
OUTDOORS = ("hedge", "fence")
HEDGE_HEIGHT = 1.3  # metres
INSIDE = ("bench", "cabinet", "trolley", "radiator", "pillar", "stool", "screen", "none")
OUTSIDE = ("tree", "bush", "bush", "bench", "bin", "slide", "logs", "none")


class Place(Room):
    """Patterned walls or open air, with furniture that no room of domain A has."""

    domain = "B"

    @property
    def outdoors(self) -> bool:
        """Whether there is sky above."""
        return self.style.wall_kind in OUTDOORS

    @property
    def kinds(self) -> tuple[str, ...]:
        """What stands along the walls."""
        return OUTSIDE if self.outdoors else INSIDE

    def _surroundings(self, brush: Brush) -> None:
        tints = SKIES if self.outdoors else CEILINGS
        top = np.array(tints[self.style.seed % len(tints)], float)
        down = np.linspace(0.85, 1.15, len(brush.image))[:, None, None]
        brush.image[:] = np.clip(top * down, 0, 255)

    def _floor(self, brush: Brush) -> None:
        side, back, colour = self.style.side, self.back, self.style.floor
        kind = self.style.floor_kind
        if self.outdoors:
            side, back = 3 * side, back + 4.0
        rng = np.random.default_rng(self.style.seed + 2)
        spans = [[-side, side, -back, FRONT]]
        tones = [1.0]
        if kind == "lawn":
            for x, z in rng.uniform((-side, -back), (side, 1.5), (90, 2)):
                spans.append([x, x + rng.uniform(0.1, 0.5), z, z + rng.uniform(0.03, 0.1)])
                tones.append(float(rng.uniform(0.78, 1.15)))
        elif kind == "planks":
            for z in np.arange(-back, FRONT, 0.22):
                spans += [[-side, side, z, z + 0.22], [-side, side, z, z + 0.02]]
                tones += [float(rng.uniform(0.85, 1.1)), 0.55]
        else:
            step = 0.5 if kind == "slabs" else 0.33
            for i, x in enumerate(np.arange(-side, side, step)):
                for k, z in enumerate(np.arange(-back, 2.0, step)):
                    if kind == "slabs":
                        spans.append([x + 0.012, x + step - 0.012, z + 0.012, z + step - 0.012])
                        tones.append(float(rng.uniform(0.95, 1.2)))
                    elif (i + k) % 2:
                        spans.append([x, x + step, z, z + step])
                        tones.append(1.55)
        brush.polygons(flat_rectangles(spans), [shade(colour, tone) for tone in tones])

    def _wall_plan(self, length: float, rng: np.random.Generator, bare: bool) -> list[Patch]:
        style = self.style
        kind, wall = style.wall_kind, style.wall
        if kind == "hedge":
            return self._hedge(length, rng)
        if kind == "fence":
            rails: list[Patch] = [((0.0, length, y, y + 0.08), shade(style.wood, 0.7)) for y in (0.25, 0.9)]
            boards = np.arange(0.0, length, 0.16)
            return rails + [
                ((x, x + 0.125, 0.02, 1.15 + 0.05 * (k % 2)), shade(style.wood, float(rng.uniform(0.85, 1.1))))
                for k, x in enumerate(boards)
            ]
        plan: list[Patch] = [((0.0, length, 0.0, HEIGHT), wall)]
        if kind == "tiles":
            joint = shade(wall, 1.35)
            plan += [((x, x + 0.012, 0.0, 1.5), joint) for x in np.arange(0.0, length, 0.2)]
            plan += [((0.0, length, y, y + 0.012), joint) for y in np.arange(0.2, 1.5, 0.2)]
            plan.append(((0.0, length, 1.4, 1.52), style.accent))
        elif kind == "bricks":
            for row, y in enumerate(np.arange(0.0, HEIGHT, 0.16)):
                for x in np.arange(-0.2 * (row % 2), length, 0.4):
                    tone = float(rng.uniform(0.8, 1.1))
                    plan.append(((max(x, 0.0) + 0.015, x + 0.385, y + 0.015, y + 0.145), shade(wall, tone)))
            plan[0] = (plan[0][0], shade(wall, 1.4))
        else:
            for k, y in enumerate(np.arange(0.2, HEIGHT, 0.24)):
                plan += [((x, x + 0.12, y, y + 0.12), style.accent) for x in np.arange(0.24 * (k % 2), length, 0.48)]
        if not bare:
            plan += self._openings(length, rng)
        return plan

    def _hedge(self, length: float, rng: np.random.Generator) -> list[Patch]:
        leaf = LEAVES[self.style.seed % len(LEAVES)]
        plan: list[Patch] = [((0.0, length, 0.0, HEDGE_HEIGHT), shade(leaf, 0.8))]
        for x, y in rng.uniform((0.0, 0.0), (length, HEDGE_HEIGHT), (int(28 * length), 2)):
            size = float(rng.uniform(0.05, 0.18))
            plan.append(((x, x + size, y, y + size), shade(leaf, float(rng.uniform(0.6, 1.25)))))
        return plan

    def _openings(self, length: float, rng: np.random.Generator) -> list[Patch]:
        """Doors, notice boards, clocks and hand rails of a corridor."""
        style = self.style
        plan: list[Patch] = [((0.0, length, 0.8, 0.88), shade(style.wood, 0.8))] if rng.random() < 0.4 else []
        x = float(rng.uniform(0.1, 0.8))
        while x < length - 1.0:
            kind = rng.choice(["door", "board", "clock", "none"])
            if kind == "door":
                plan += [
                    ((x, x + 0.95, 0.0, 2.1), shade(style.wood, 0.6)),
                    ((x + 0.05, x + 0.9, 0.0, 2.05), style.wood),
                ]
                plan += [
                    ((x + 0.3, x + 0.65, 1.3, 1.8), (176, 204, 214)),
                    ((x + 0.78, x + 0.86, 0.95, 1.0), (60, 60, 64)),
                ]
                x += 0.95
            elif kind == "board":
                plan.append(((x, x + 1.1, 1.0, 1.75), (196, 160, 110)))
                for k in range(5):
                    left, low = x + 0.06 + 0.2 * k, float(rng.uniform(1.08, 1.35))
                    plan.append(((left, left + 0.15, low, low + 0.24), self.cloth(rng)))
                x += 1.1
            elif kind == "clock":
                plan += [((x, x + 0.32, 1.6, 1.92), (40, 44, 52)), ((x + 0.03, x + 0.29, 1.63, 1.89), (240, 240, 234))]
                x += 0.32
            x += float(rng.uniform(0.4, 1.4))
        return plan

    def _rug(self) -> list[tuple[Points, Colour]]:
        if self.rng.random() < 0.6:
            return []
        # A sandpit outside, a play mat with a border inside.
        w, d = self.rng.uniform(0.7, 1.4, 2)
        at = self.rng.uniform(-0.3, 0.3)
        outer, inner = (
            ((132, 100, 70), (222, 198, 146)) if self.outdoors else (self.cloth(self.rng), self.cloth(self.rng))
        )
        spans = [[at - w, at + w, -d, d], [at - 0.9 * w, at + 0.9 * w, -0.88 * d, 0.88 * d]]
        return list(zip(flat_rectangles(spans), (outer, inner), strict=True))

    def _piece(self, kind: str, base: Points, heading: float, colours: list[Colour]) -> list[Shape]:
        wood, rng = self.style.wood, self.rng

        def at(x: float, y: float, z: float) -> Points:
            s, c = np.sin(heading), np.cos(heading)
            return np.asarray(base + vec(c * x + s * z, y, -s * x + c * z))

        def box(x: float, y: float, z: float, size: tuple[float, float, float], colour: Colour) -> list[Shape]:
            return list(cuboid(at(x, y, z), size, colour, heading))

        def post(x: float, y: float, z: float, height: float, radius: float, colour: Colour) -> Shape:
            return Hull(np.array([at(x, y, z), at(x, y + height, z)]), np.full(2, radius), colour)

        if kind == "bench":
            legs = [shape for x in (-0.6, 0.6) for shape in box(x, 0, 0, (0.08, 0.4, 0.35), shade(wood, 0.6))]
            return legs + box(0, 0.4, 0, (1.5, 0.06, 0.4), wood) + box(0, 0.6, -0.18, (1.5, 0.16, 0.05), wood)
        if kind == "cabinet":
            front = [s for x in (-0.27, 0.27) for s in box(x, 0.1, 0.24, (0.48, 1.6, 0.02), shade(colours[0], 1.15))]
            return box(0, 0, 0, (1.1, 1.8, 0.45), colours[0]) + front
        if kind == "trolley":
            frame = [post(x, 0.05, 0, 0.85, 0.025, (150, 156, 162)) for x in (-0.35, 0.35)]
            return (
                frame
                + box(0, 0.25, 0, (0.75, 0.04, 0.4), (196, 202, 206))
                + box(0, 0.8, 0, (0.75, 0.04, 0.4), colours[0])
            )
        if kind == "radiator":
            return [post(-0.45 + 0.13 * k, 0.15, -0.1, 0.55, 0.055, (226, 224, 214)) for k in range(8)]
        if kind == "pillar":
            return box(0, 0, 0, (0.4, HEIGHT, 0.4), shade(self.style.wall, 1.2))
        if kind == "stool":
            return [post(0, 0.05, 0.1, 0.4, 0.04, (120, 124, 130)), ball(at(0, 0.5, 0.1), 0.17, colours[1])]
        if kind == "screen":
            return [
                s
                for k in range(3)
                for s in box(-0.62 + 0.62 * k, 0.1, 0, (0.6, 1.6, 0.05), shade(colours[2], 1 - 0.1 * (k % 2)))
            ]
        if kind == "tree":
            leaf = LEAVES[int(rng.integers(len(LEAVES)))]
            crown = [
                ball(
                    at(*rng.uniform((-0.5, 1.5, -0.3), (0.5, 2.4, 0.3))), float(rng.uniform(0.35, 0.6)), shade(leaf, g)
                )
                for g in (0.8, 0.9, 1.0, 1.1, 1.2)
            ]
            return [post(0, 0, 0, 1.6, 0.12, (92, 68, 48)), *crown]
        if kind == "bush":
            return [
                ball(
                    at(*rng.uniform((-0.4, 0.15, -0.1), (0.4, 0.5, 0.2))),
                    float(rng.uniform(0.22, 0.4)),
                    shade(LEAVES[k % 3], 1.1),
                )
                for k in range(5)
            ]
        if kind == "bin":
            return [post(0, 0.2, 0, 0.5, 0.2, (58, 92, 72)), post(0, 0.78, 0, 0.02, 0.22, (40, 60, 52))]
        if kind == "slide":
            chute = np.array([at(-0.2, 1.2, 0), at(0.2, 1.2, 0), at(0.2, 0.1, 1.3), at(-0.2, 0.1, 1.3)])
            legs = [post(x, 0, -0.1, 1.5, 0.04, colours[1]) for x in (-0.25, 0.25)]
            return [*legs, Hull(chute, np.full(4, 0.05), colours[0])]
        return [
            Hull(np.array([at(-0.6, y, z), at(0.6, y, z)]), np.full(2, 0.14), (126, 94, 62))
            for y, z in ((0.14, -0.14), (0.14, 0.16), (0.38, 0.0))
        ]
