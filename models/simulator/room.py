"""The room: floor, walls, window, furniture, toys and rug, painted once for a clip at twice the size and reduced.

In: a `RoomStyle`, a camera and where the child is; out: the canvas that moving shapes are painted over.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from models.simulator import walls
from models.simulator.camera import Camera
from models.simulator.pools import RoomStyle, cloth
from models.simulator.render import NEAR, Image, clip_near, fill
from models.simulator.shapes import UP, Colour, Hull, Panel, Points, Shape, ball, cuboid, disc, shade, vec
from models.simulator.walls import Patch

FRONT = 4.5  # metres from the child to the wall behind the camera

_CORNERS = [[0, 2], [1, 2], [1, 3], [0, 3]]  # of (from, to, from, to)


def flat_rectangles(spans: Sequence[Sequence[float]]) -> Points:
    """Rectangles on the floor (n, 4, 3) of their spans: x from, to, z from, to."""
    places = np.array(spans)[:, _CORNERS]
    return np.stack([places[..., 0], np.zeros(places.shape[:2]), places[..., 1]], axis=-1)


class Brush:
    """Paints world polygons on a canvas of twice the camera's size, without depth: the caller keeps the order."""

    def __init__(self, camera: Camera) -> None:
        self.camera = camera
        h, w = camera.canvas
        self.image: Image = np.empty((2 * h, 2 * w, 3), np.uint8)

    def polygon(self, points: Points, colour: Colour) -> None:
        """One polygon, world points (m, 3), cut where it comes too near."""
        view = clip_near(self.camera.view(points))
        if len(view) > 2:
            fill(self.image, self.camera.to_pixels(view) * 2.0, colour)

    def polygons(self, points: Points, colours: Sequence[Colour]) -> None:
        """Many polygons (n, m, 3) at once; those out of the picture cost next to nothing."""
        n, m = points.shape[:2]
        view = self.camera.view(points.reshape(-1, 3))
        pixels = (self.camera.to_pixels(view) * 2.0).reshape(n, m, 2)
        whole = view[:, 2].reshape(n, m).min(axis=1) >= NEAR
        h, w = self.image.shape[:2]
        beside = (pixels.max(axis=1) < 0).any(axis=1) | (pixels.min(axis=1) > (w, h)).any(axis=1)
        for k, colour in enumerate(colours):
            if not whole[k]:
                self.polygon(points[k], colour)
            elif not beside[k]:
                fill(self.image, pixels[k], colour)

    def shape(self, shape: Shape) -> None:
        """One hull or panel, modelled by three tones."""
        if isinstance(shape, Panel):
            self.polygon(shape.points, shape.colour)
            return
        view = self.camera.view(shape.centres)
        if view[:, 2].min() < 0.2:
            return
        at = self.camera.to_pixels(view) * 2.0
        size = shape.radii * self.camera.focal / view[:, 2] * 2.0
        circle = np.stack([np.cos(a := np.linspace(0, 2 * np.pi, 20)), np.sin(a)], axis=1)
        for scale, move, tone in ((1.0, 0.0, 0.72), (0.84, 0.14, 1.0), (0.4, 0.4, 1.15)):
            corners = (at - size[:, None] * move)[:, None, :] + (size * scale)[:, None, None] * circle
            outline = cv2.convexHull(corners.reshape(-1, 2).astype(np.float32))[:, 0]
            fill(self.image, outline, shade(shape.colour, tone))


class Room:
    """A room laid out from its style alone, so that one room looks the same from every camera."""

    domain = "A"

    def __init__(
        self, style: RoomStyle, split: str, back: float | None = None, bare_back: bool = False, plain: bool = False
    ) -> None:
        self.style, self.split, self.plain = style, split, plain
        self.back = style.back if back is None else back
        self.bare_back = bare_back
        self.rng = np.random.default_rng(style.seed)
        self.furniture = [] if plain else self._furniture()
        self.rug = [] if plain else self._rug()

    @property
    def kinds(self) -> tuple[str, ...]:
        """What stands along the walls."""
        return ("sofa", "shelf", "chest", "bed", "plant", "lamp", "desk", "toys", "none")

    def cloth(self, rng: np.random.Generator) -> Colour:
        """A colour of toys and textiles."""
        return cloth(rng, self.split, self.domain)

    def paint(self, camera: Camera) -> Image:
        """The canvas (height, width, 3) of the empty room as this camera sees it."""
        brush = Brush(camera)
        rng = np.random.default_rng(self.style.seed + 1)
        self._surroundings(brush)
        self._floor(brush)
        self._walls(brush, rng)
        for points, colour in self.rug:
            brush.polygon(points, colour)
        depth_of_child = float(camera.view(np.array([[0.0, 0.3, 0.0]]))[0, 2])
        pieces = []
        for piece in self.furniture:
            centre = np.concatenate([s.points if isinstance(s, Panel) else s.centres for s in piece]).mean(axis=0)
            depth = float(camera.view(centre[None])[0, 2])
            # What would stand between the camera and the child is left out.
            if depth > depth_of_child + 0.1:
                pieces.append((depth, piece))
        for _, piece in sorted(pieces, key=lambda p: -p[0]):
            shapes = sorted(piece, key=lambda s: -self._depth(camera, s))
            for shape in shapes:
                brush.shape(shape)
        h, w = camera.canvas
        image = np.asarray(cv2.resize(brush.image, (w, h), interpolation=cv2.INTER_AREA), np.uint8)
        return self._mottle(image, rng)

    @staticmethod
    def _depth(camera: Camera, shape: Shape) -> float:
        points = shape.points if isinstance(shape, Panel) else shape.centres
        return float(camera.view(points)[:, 2].mean()) + shape.bias

    @staticmethod
    def _mottle(image: Image, rng: np.random.Generator) -> Image:
        """Uneven paint and carpet: slow and fine variation of brightness."""
        h, w = image.shape[:2]
        slow = cv2.resize(rng.standard_normal((5, 6), np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
        fine = rng.standard_normal((h, w), np.float32)
        gain = np.clip(128 * (1 + 0.05 * slow + 0.02 * fine), 0, 255).astype(np.uint8)
        return np.asarray(cv2.multiply(image, cv2.cvtColor(gain, cv2.COLOR_GRAY2RGB), scale=1 / 128), np.uint8)

    def _surroundings(self, brush: Brush) -> None:
        """What is seen where there is neither floor nor wall."""
        brush.image[:] = 90

    def _floor(self, brush: Brush) -> None:
        side, back, style = self.style.side, self.back, self.style
        flat = np.array([[-side, 0, -back], [side, 0, -back], [side, 0, FRONT], [-side, 0, FRONT]], float)
        brush.polygon(flat, style.floor)
        rng = np.random.default_rng(style.seed + 2)
        if style.floor_kind == "planks":
            joints = np.arange(-side, side, 0.14)
            for x in joints:
                brush.polygons(
                    flat_rectangles([[x, x + 0.14, -back, FRONT], [x, x + 0.008, -back, FRONT]]),
                    [shade(style.floor, float(rng.uniform(0.86, 1.08))), shade(style.floor, 0.7)],
                )
        elif style.floor_kind == "tiles":
            lines = [[x, x + 0.015, -back, FRONT] for x in np.arange(-side, side, 0.4)]
            lines += [[-side, side, z, z + 0.015] for z in np.arange(-back, FRONT, 0.4)]
            brush.polygons(flat_rectangles(lines), [shade(style.floor, 0.78)] * len(lines))

    def _walls(self, brush: Brush, rng: np.random.Generator) -> None:
        side, back = self.style.side, self.back
        walls = [  # start corner, direction along the wall, length, tone
            (np.array([-side, 0, -back]), np.array([1.0, 0, 0]), 2 * side, 1.0),
            (np.array([side, 0, -back]), np.array([0, 0, 1.0]), back + FRONT, 0.9),
            (np.array([side, 0, FRONT]), np.array([-1.0, 0, 0]), 2 * side, 0.95),
            (np.array([-side, 0, FRONT]), np.array([0, 0, -1.0]), back + FRONT, 0.94),
        ]
        for number, (start, along, length, tone) in enumerate(walls):
            inward = np.cross(along, [0.0, 1.0, 0.0])
            plan = self._wall_plan(length, rng, bare=self.plain or (self.bare_back and number == 0))
            if float((brush.camera.eye - start) @ inward) <= 0.05:
                continue

            places = np.array([place for place, _ in plan])[:, _CORNERS]
            corners = start + along * places[..., :1] + UP * places[..., 1:]
            brush.polygons(corners, [shade(colour, tone) for _, colour in plan])

    def _wall_plan(self, length: float, rng: np.random.Generator, bare: bool) -> list[Patch]:
        """Rectangles (along from, to, up from, to) and colours of one wall, back to front."""
        return walls.papered(self.style, length) + ([] if bare else walls.hung(self.style, length, rng, self.cloth))

    def _rug(self) -> list[tuple[Points, Colour]]:
        rng = self.rng
        kind = rng.choice(["round", "square", "none", "mat"])
        centre = np.array([rng.uniform(-0.3, 0.3), 0.0, rng.uniform(-0.3, 0.3)])
        colours = [self.cloth(rng) for _ in range(3)]
        if kind == "none":
            return []
        if kind == "round":
            r = float(rng.uniform(0.7, 1.2))
            return [
                (disc(centre, np.array([0, 1.0, 0]), r * (1 - 0.28 * k), 32), shade(c, 0.9))
                for k, c in enumerate(colours)
            ]
        w, d = float(rng.uniform(0.8, 1.3)), float(rng.uniform(0.6, 1.1))
        square = np.array([[-w, 0, -d], [w, 0, -d], [w, 0, d], [-w, 0, d]])
        if kind == "square":
            return [(centre + square * (1 - 0.15 * k), shade(c, 0.88)) for k, c in enumerate(colours)]
        tiles = []
        for i in range(4):
            for k in range(3):
                corner = centre + np.array([-w + i * w / 2, 0, -d + k * d * 2 / 3])
                tile = corner + np.array([[0, 0, 0], [w / 2, 0, 0], [w / 2, 0, d * 2 / 3], [0, 0, d * 2 / 3]])
                tiles.append((tile, shade(colours[(i + k) % 3], 0.92)))
        return tiles

    def _furniture(self) -> list[list[Shape]]:
        """Pieces along the walls and toys on the floor, each a list of shapes."""
        rng, side = self.rng, self.style.side
        pieces: list[list[Shape]] = []
        spots = [(x, -self.back + 0.25, 0.0) for x in (-side + 0.5, 0.0, side - 0.5)]
        spots += [(-side + 0.25, z, np.pi / 2) for z in (0.2, 1.6)] + [(side - 0.25, z, -np.pi / 2) for z in (0.2, 1.6)]
        for x, z, heading in spots:
            kind = str(rng.choice(self.kinds))
            colours = [self.cloth(rng) for _ in range(3)]
            shift = float(rng.uniform(-0.2, 0.2))
            if self.bare_back and z < 0 and abs(x) < 0.9:
                continue
            base = np.array([x + (shift if z < 0 else 0.0), 0.0, z + (0.0 if z < 0 else shift)])
            if kind != "none":
                pieces.append(self._piece(kind, base, heading, colours))
        for _ in range(int(rng.integers(2, 9))):
            angle, radius = rng.uniform(0, 2 * np.pi), rng.uniform(0.7, 1.7)
            at = np.array([np.sin(angle) * radius, 0.0, np.cos(angle) * radius])
            at[0] = np.clip(at[0], -side + 0.2, side - 0.2)
            at[2] = max(at[2], -self.back + 0.2)
            pieces.append(self._toy(at, self.cloth(rng)))
        return pieces

    def _piece(self, kind: str, base: Points, heading: float, colours: list[Colour]) -> list[Shape]:
        wood, rng = self.style.wood, self.rng
        s, c = np.sin(heading), np.cos(heading)

        def at(x: float, y: float, z: float) -> Points:
            return np.asarray(base + vec(c * x + s * z, y, -s * x + c * z))

        def box(x: float, y: float, z: float, size: tuple[float, float, float], colour: Colour) -> list[Shape]:
            return list(cuboid(at(x, y, z), size, colour, heading))

        if kind == "sofa":
            parts = box(0, 0, 0.15, (1.3, 0.38, 0.6), colours[0]) + box(
                0, 0.36, -0.1, (1.3, 0.42, 0.18), shade(colours[0], 0.93)
            )
            parts += box(-0.62, 0, 0.15, (0.16, 0.55, 0.62), shade(colours[0], 0.9)) + box(
                0.62, 0, 0.15, (0.16, 0.55, 0.62), shade(colours[0], 0.9)
            )
            return [*parts, ball(at(0.3, 0.48, 0.12), 0.13, colours[1])]
        if kind == "shelf":
            parts = box(0, 0, 0, (0.8, 1.4, 0.3), wood)
            for row in range(3):
                x = -0.34
                while x < 0.3:
                    w = float(rng.uniform(0.03, 0.12))
                    book = np.array([at(x, 0.12 + 0.44 * row, 0.16), at(x + w, 0.12 + 0.44 * row, 0.16)])
                    top = book + np.array([0, float(rng.uniform(0.2, 0.34)), 0])
                    parts.append(Panel(np.vstack([book, top[::-1]]), self.cloth(rng), 0, -0.3))
                    x += w + 0.012
            return parts
        if kind == "chest":
            parts = box(0, 0, 0, (0.8, 0.7, 0.42), wood)
            for k in range(3):
                front = np.array(
                    [
                        at(-0.36, 0.06 + 0.22 * k, 0.215),
                        at(0.36, 0.06 + 0.22 * k, 0.215),
                        at(0.36, 0.24 + 0.22 * k, 0.215),
                        at(-0.36, 0.24 + 0.22 * k, 0.215),
                    ]
                )
                parts.append(Panel(front, shade(wood, 1.12 if k % 2 else 0.86), 0, -0.3))
            return [*parts, ball(at(0.2, 0.8, 0), 0.1, colours[2])]
        if kind == "bed":
            return (
                box(0, 0, 0.5, (1.0, 0.35, 1.6), colours[0])
                + box(0, 0, -0.2, (1.05, 0.75, 0.08), wood)
                + box(0, 0.35, 0.0, (0.7, 0.12, 0.3), (238, 236, 230))
            )
        if kind == "plant":
            leaves = [
                ball(
                    at(float(rng.uniform(-0.2, 0.2)), float(rng.uniform(0.6, 1.1)), float(rng.uniform(-0.1, 0.15))),
                    float(rng.uniform(0.12, 0.22)),
                    shade((70, 120, 62), float(rng.uniform(0.7, 1.2))),
                )
                for _ in range(6)
            ]
            return [Hull(np.array([at(0, 0.12, 0), at(0, 0.32, 0)]), np.array([0.11, 0.16]), colours[0]), *leaves]
        if kind == "lamp":
            pole = Hull(np.array([at(0, 0.03, 0), at(0, 1.3, 0)]), np.array([0.03, 0.02]), shade(wood, 0.6))
            return [
                pole,
                Hull(np.array([at(0, 1.32, 0), at(0, 1.5, 0)]), np.array([0.2, 0.13]), (250, 238, 200), 0, -0.1),
            ]
        if kind == "desk":
            parts = box(0, 0.55, 0.05, (0.9, 0.05, 0.5), wood)
            for x in (-0.4, 0.4):
                parts += box(x, 0, 0.05, (0.06, 0.55, 0.45), shade(wood, 0.85))
            return parts + box(0.1, 0.6, 0, (0.4, 0.28, 0.05), (40, 42, 48))
        crate = box(0, 0, 0.05, (0.6, 0.32, 0.4), colours[0])
        return [*crate, ball(at(-0.12, 0.36, 0.05), 0.12, colours[1]), ball(at(0.14, 0.34, 0.0), 0.1, colours[2])]

    def _toy(self, at: Points, colour: Colour) -> list[Shape]:
        rng = self.rng
        kind = rng.integers(4)
        size = float(rng.uniform(0.06, 0.12))
        heading = float(rng.uniform(0, np.pi))
        if kind == 0:
            return [ball(at + vec(0, size, 0), size, colour)]
        if kind == 1:
            return list(cuboid(at, (size, size, size), colour, heading))
        if kind == 2:  # a soft toy
            up = np.array([0, 1.0, 0])
            side = np.array([np.cos(heading), 0, np.sin(heading)])
            return [
                ball(at + up * size, size, colour),
                ball(at + up * size * 2.4, size * 0.75, shade(colour, 1.1), 0, -0.01),
                ball(at + up * size * 3.0 + side * size * 0.55, size * 0.3, colour),
                ball(at + up * size * 3.0 - side * size * 0.55, size * 0.3, colour),
            ]
        car: list[Shape] = list(cuboid(at + vec(0, 0.03, 0), (size * 2.2, size * 0.7, size), colour, heading))
        return car + list(
            cuboid(at + vec(0, 0.03 + size * 0.7, 0), (size * 1.1, size * 0.5, size * 0.9), shade(colour, 1.3), heading)
        )
