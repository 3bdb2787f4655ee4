"""The painter: shapes, a camera and a light in; one anti-aliased RGB picture out.

Every hull is painted as three nested outlines (shade, body colour, highlight shifted towards the light), far to
near, on a room that was painted once; a soft shadow falls on the floor; the lens adds shake, light fall-off and noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import cv2
import numpy as np
from numpy.typing import NDArray

from models.simulator.camera import Camera, CameraStyle, Shake
from models.simulator.pools import RoomStyle
from models.simulator.shapes import UP, Hull, Panel, Points, Shape, shade

Image = NDArray[np.uint8]

SHIFT = 4  # fractional bits of the polygon corners
ARC = 7  # corners of half a circle
NEAR = 0.06  # metres; nearer shapes are not painted
VISIBLE = 0.25  # pixels of radius; less is not painted
_TURNS = np.linspace(0.0, 2 * np.pi, 2 * ARC, endpoint=False)
_CIRCLE = np.stack([np.cos(_TURNS), np.sin(_TURNS)], axis=1)
_ARC = np.linspace(-1.0, 1.0, ARC)
_NORMAL = np.array([NormalDist().inv_cdf((k + 0.5) / 256) for k in range(256)])
CASTING = 0.02  # metres of radius; what is thinner throws no shadow
GRAIN = 32  # pixels by which the noise of one picture may lie beside that of the next
DEFOCUS = (0.0, 0.0, 0.5, 0.9)  # pixels
HAND_BLUR = 0.45  # pixels; less cannot be moved by a part of a pixel

Fixed = NDArray[np.int32]
Indices = NDArray[np.int64]
Outlines = Sequence[Fixed] | Fixed  # each (corners, 2), or all in one
Job = tuple[int, float, Hull | Panel, Outlines]  # layer, nearness, shape, its outlines on the canvas


class Light:
    """The key light of a room and how hard it models a form."""

    def __init__(self, style: RoomStyle) -> None:
        yaw, height = style.key
        self.towards = np.array([np.sin(yaw) * np.cos(height), np.sin(height), np.cos(yaw) * np.cos(height)])
        self.dark = 1.0 - 0.15 - 0.3 * style.contrast
        self.bright = 1.0 + 0.06 + 0.2 * style.contrast
        self.shadow = 0.15 + 0.4 * style.contrast


def clip_near(view: Points, near: float = NEAR) -> Points:
    """The part of a polygon in camera coordinates that lies beyond the near plane (Sutherland–Hodgman)."""
    if view[:, 2].min() >= near:
        return view
    out: list[Points] = []
    for a, b in zip(view, np.concatenate([view[1:], view[:1]]), strict=True):
        if a[2] >= near:
            out.append(a)
        if (a[2] >= near) != (b[2] >= near):
            out.append(a + (b - a) * (near - a[2]) / (b[2] - a[2]))
    return np.array(out)


def _fixed(points: Points) -> Fixed:
    """Pixels → fixed-point pixels, held within what OpenCV can take."""
    return np.minimum(np.maximum(points * (1 << SHIFT), -60000.0), 60000.0).astype(np.int32)


def _capsules(at: Points, size: Points) -> Points:
    """Directions (m, 2, ARC, 2) of the corners that outline m pairs of circles: centres (m, 2, 2), radii (m, 2).

    Each circle has its share of the outline, from one common tangent to the other.
    """
    along = at[:, 1] - at[:, 0]
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-6)
    # Half the angle that the second circle has; where one circle holds the other, that one has all of it.
    half = np.arccos(np.minimum(np.maximum((size[:, 0] - size[:, 1]) / length, -1.0), 1.0))
    base = np.arctan2(along[:, 1], along[:, 0])
    angles = np.empty((len(at), 2, ARC))
    angles[:, 1] = base[:, None] + half[:, None] * _ARC
    angles[:, 0] = (base + np.pi)[:, None] + (np.pi - half)[:, None] * _ARC
    ways = np.empty((len(at), 2, ARC, 2))
    np.cos(angles, out=ways[..., 0])
    np.sin(angles, out=ways[..., 1])
    return ways


def outlines(at: Points, size: Points, counts: Indices, scales: Points, moves: Points) -> list[Outlines]:
    """What hulls of circles look like: for each hull its convex outlines, one for each scale.

    `at` (n, 2) and `size` (n,) are all circles in pixels, `counts` how many belong to each hull; an outline has the
    radii times its scale, its circles moved by radius × its move, (len(scales), 2).
    """
    starts = np.cumsum(counts) - counts
    centres = at + size[:, None] * moves[:, None]
    radii = scales[:, None] * size
    found: list[Outlines] = [()] * len(counts)
    pairs = np.flatnonzero(counts == 2)
    if len(pairs):
        both = starts[pairs][:, None] + [0, 1]
        here, large = at[both], size[both]
        ways = _capsules(here, large)
        swallowed = ((here[:, 1] - here[:, 0]) ** 2).sum(1) <= (large[:, 0] - large[:, 1]) ** 2
        if swallowed.any():
            both[swallowed] = both[swallowed, large[swallowed].argmax(1)][:, None]
        corners = centres[:, both, None] + radii[:, both, None, None] * ways
        fixed = _fixed(corners).reshape(len(scales), len(pairs), 2 * ARC, 2)
        for n, k in enumerate(pairs.tolist()):
            found[k] = fixed[:, n]
    rest = np.flatnonzero(counts != 2)
    if len(rest):
        circles = _fixed(centres[:, :, None] + radii[..., None, None] * _CIRCLE)
        for k, first, n in zip(rest.tolist(), starts[rest].tolist(), counts[rest].tolist(), strict=True):
            part = circles[:, first : first + n]
            if n == 1:
                found[k] = part[:, 0]
            else:
                found[k] = [np.asarray(cv2.convexHull(c.reshape(-1, 2)), np.int32) for c in part]
    return found


def fill(image: Image, polygon: Points, colour: tuple[int, int, int]) -> None:
    """An anti-aliased convex polygon, corners in (sub-)pixels."""
    cv2.fillConvexPoly(image, _fixed(polygon), colour, cv2.LINE_AA, SHIFT)


class Painter:
    """Paints the moving part of a scene over a ready room."""

    # Scale of the radius, and shift towards the light in radii, of the shade, the body colour and the highlight.
    scales = np.array([1.0, 0.82, 0.42]) * 1.02
    moves = np.array([0.0, 0.17, 0.45])
    from_pixels: tuple[float, ...] = (3.0, 6.0)  # radius from which a hull has its second outline, its third
    shadow_scale = 4  # how much smaller shadows are drawn than they are
    soft = True

    def tones(self, light: Light) -> tuple[float, ...]:
        """Brightness of the outlines."""
        return light.dark, 1.0, light.bright

    def __init__(self, camera: Camera, light: Light) -> None:
        self.camera, self.light = camera, light
        towards = camera.rotation @ light.towards
        self.glint = towards[:2] * (1.0 if towards[2] < 0 else 0.8)
        h, w = camera.canvas
        # Memory is kept from picture to picture: to ask for it anew takes longer than to fill it.
        self._canvas: Image = np.empty((h, w, 3), np.uint8)
        self._scratch: Image = np.empty((h * w, 3), np.uint8)

    def paint(self, room: Image, shapes: Sequence[Shape]) -> Image:
        """The room (height, width, 3) with all shapes in it; valid until the next is painted."""
        canvas = self._canvas
        np.copyto(canvas, room)
        hulls = [s for s in shapes if isinstance(s, Hull)]
        jobs = self._hull_jobs(hulls)
        jobs += self._panel_jobs([s for s in shapes if isinstance(s, Panel)])
        jobs.sort(key=lambda job: job[:2])
        self._shadow(canvas, hulls)
        tones = self.tones(self.light)
        for _, _, shape, corners in jobs:
            if isinstance(shape, Panel):
                self._panel(canvas, shape, corners[0])
            elif len(corners) == 1:
                cv2.fillConvexPoly(canvas, corners[0], shape.colour, cv2.LINE_AA, SHIFT)
            else:
                for outline, tone in zip(corners, tones, strict=False):
                    cv2.fillConvexPoly(canvas, outline, shade(shape.colour, tone), cv2.LINE_AA, SHIFT)
        return canvas

    def _hull_jobs(self, hulls: list[Hull]) -> list[Job]:
        if not hulls:
            return []
        counts = np.array([len(h.radii) for h in hulls])
        starts = np.cumsum(counts) - counts
        radii = np.concatenate([h.radii for h in hulls])
        view = self.camera.view(np.concatenate([h.centres for h in hulls]))
        depth = view[:, 2]
        at = self.camera.to_pixels(view)
        size = radii * self.camera.focal / np.maximum(depth, 0.05)
        far = np.add.reduceat(depth, starts) / counts - 0.25 * np.maximum.reduceat(radii, starts)
        largest = np.maximum.reduceat(size, starts)
        h, w = self.camera.canvas
        inside = (
            (np.minimum.reduceat(depth, starts) > NEAR)
            & (largest > VISIBLE)
            & (np.maximum.reduceat(at + size[:, None], starts) > 0).all(axis=1)
            & (np.minimum.reduceat(at - size[:, None], starts) < (w, h)).all(axis=1)
        )
        kept, spheres = np.flatnonzero(inside), np.repeat(inside, counts)
        drawn = outlines(at[spheres], size[spheres], counts[kept], self.scales, self.moves[:, None] * self.glint)
        depths = 1 + (largest[kept, None] >= self.from_pixels).sum(axis=1)
        jobs: list[Job] = []
        for k, distance, shown, parts in zip(kept.tolist(), far[kept].tolist(), depths.tolist(), drawn, strict=True):
            hull = hulls[k]
            jobs.append((hull.layer, -(distance + hull.bias), hull, parts[: 1 if hull.flat else shown]))
        return jobs

    def _panel_jobs(self, panels: list[Panel]) -> list[Job]:
        if not panels:
            return []
        counts = np.array([len(p.points) for p in panels])
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        view = self.camera.view(np.concatenate([p.points for p in panels]))
        middle = np.add.reduceat(view[:, 2], starts) / counts
        nearest = np.minimum.reduceat(view[:, 2], starts)
        pixels = self.camera.to_pixels(view)
        fixed = _fixed(pixels)
        first_edge, second_edge = pixels[starts + 1] - pixels[starts], pixels[starts + 2] - pixels[starts]
        outside = first_edge[:, 0] * second_edge[:, 1] > first_edge[:, 1] * second_edge[:, 0]
        jobs: list[Job] = []
        for p, first, n, far, near, front in zip(
            panels, starts.tolist(), counts.tolist(), middle.tolist(), nearest.tolist(), outside.tolist(), strict=True
        ):
            if p.solid and not front:
                continue
            part = fixed[first : first + n]
            if near <= NEAR:
                clipped = clip_near(view[first : first + n])
                if len(clipped) < 3:
                    continue
                part = _fixed(self.camera.to_pixels(clipped))
            jobs.append((p.layer, -(far + p.bias), p, (part,)))
        return jobs

    def _panel(self, canvas: Image, panel: Panel, corners: Fixed) -> None:
        if panel.alpha >= 1.0:
            cv2.fillConvexPoly(canvas, corners, panel.colour, cv2.LINE_AA, SHIFT)
            return
        h, w = canvas.shape[:2]
        (x0, y0), (x1, y1) = (corners.min(0) >> SHIFT) - 1, (corners.max(0) >> SHIFT) + 2
        x0, y0, x1, y1 = max(int(x0), 0), max(int(y0), 0), min(int(x1), w), min(int(y1), h)
        if x1 - x0 < 2 or y1 - y0 < 2:
            return
        part = canvas[y0:y1, x0:x1]
        over = part.copy()
        cv2.fillConvexPoly(
            over, corners - np.array([x0 << SHIFT, y0 << SHIFT], np.int32), panel.colour, cv2.LINE_AA, SHIFT
        )
        cv2.addWeighted(over, panel.alpha, part, 1.0 - panel.alpha, 0.0, dst=part)

    def _shadow(self, canvas: Image, hulls: list[Hull]) -> None:
        """The soft shadow that everything which casts one throws on the floor."""
        casting = [h for h in hulls if h.shadow and h.radii.max() > CASTING]
        if not casting:
            return
        centres = np.concatenate([h.centres for h in casting])
        radii = np.concatenate([h.radii for h in casting])
        counts = np.array([len(h.radii) for h in casting])
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        floor = centres - centres[:, 1:2] * (self.light.towards / self.light.towards[1])
        view = self.camera.view(floor)
        at = self.camera.to_pixels(view) / self.shadow_scale
        size = radii * self.camera.focal / np.maximum(view[:, 2], 0.05) / self.shadow_scale
        h, w = canvas.shape[0] // self.shadow_scale, canvas.shape[1] // self.shadow_scale
        x0, y0 = (np.maximum((at - size[:, None]).min(0), 0)).astype(int).tolist()
        x1, y1 = (np.minimum((at + size[:, None]).max(0) + 2, (w, h))).astype(int).tolist()
        if x1 - x0 < 3 or y1 - y0 < 3 or view[:, 2].min() < 0.3:
            return
        # A circle on the floor is seen as an ellipse, the flatter the lower the camera: drawn upright, then flattened.
        flat = max(float(abs(self.camera.rotation[2] @ UP)), 0.25)
        mask = np.full((round((y1 - y0) / flat), x1 - x0), 255, np.uint8)
        level = int(255 * (1.0 - self.light.shadow))
        spots = _fixed((at - [x0, y0]) / [1.0, flat])
        widths = np.maximum(np.rint(2 * np.add.reduceat(size, starts) / counts), 1.0).astype(int)
        for first, n, width in zip(starts.tolist(), counts.tolist(), widths.tolist(), strict=True):
            # A thick line round the centres is near enough to the hull.
            spot = spots[first : first + n]
            cv2.polylines(mask, [spot], n > 2, level, width, cv2.LINE_AA, SHIFT)
            if n > 2:
                cv2.fillConvexPoly(mask, cv2.convexHull(spot), level, cv2.LINE_8, SHIFT)
        if self.soft:
            mask = cv2.blur(mask, (3, 3))
        extent = (self.shadow_scale * (x1 - x0), self.shadow_scale * (y1 - y0))
        fall = self._scratch[: extent[0] * extent[1]].reshape(extent[1], extent[0], 3)
        cv2.resize(cv2.cvtColor(mask, cv2.COLOR_GRAY2RGB), extent, dst=fall, interpolation=cv2.INTER_LINEAR)
        part = canvas[self.shadow_scale * y0 : self.shadow_scale * y1, self.shadow_scale * x0 : self.shadow_scale * x1]
        cv2.multiply(part, fall, dst=part, scale=1 / 255)


class Lens:
    """Canvas → picture: shake, light level and colour, defocus, sensor noise."""

    cast = 0.1  # how far white balance is off at the extremes

    def __init__(
        self, rng: np.random.Generator, camera: Camera, shake: Shake, style: RoomStyle, optics: CameraStyle
    ) -> None:
        self.camera, self.shake, self.rng = camera, shake, rng
        h, w = camera.height, camera.width
        x, y = np.linspace(-1, 1, w, dtype=np.float32), np.linspace(-1, 1, h, dtype=np.float32)[:, None]
        gain = style.brightness * (1 + style.gradient[0] * x + style.gradient[1] * y - optics.vignette * (x**2 + y**2))
        tint = np.array([1 + self.cast * style.warmth, 1.0, 1 - self.cast * style.warmth], np.float32)
        self.gain = np.clip(gain[..., None] * tint * 128, 0, 255).astype(np.uint8)
        # Quantiles of the normal distribution, picked by random bytes: a tenth of the time of drawing normals.
        quantiles = np.rint(_NORMAL * style.noise)
        picks = self._grain(rng, (h + GRAIN, w + GRAIN))
        self.brighter, self.darker = (
            cv2.LUT(picks, np.clip(q, 0, 60).astype(np.uint8)) for q in (quantiles, -quantiles)
        )
        self.blur = float(rng.choice(DEFOCUS))
        self.picture: Image = np.empty((h, w, 3), np.uint8)

    @staticmethod
    def _grain(rng: np.random.Generator, size: tuple[int, int]) -> Image:
        """Random bytes (height, width, 3): noise of brightness, for cameras smooth colour."""
        return np.asarray(cv2.cvtColor(rng.integers(0, 256, size, np.uint8), cv2.COLOR_GRAY2RGB), np.uint8)

    def expose(self, canvas: Image, t: float) -> Image:
        """The picture (height, width, 3) that is recorded at time t."""
        h, w = self.picture.shape[:2]
        self._focus(canvas, t)
        cv2.multiply(self.picture, self.gain, dst=self.picture, scale=1 / 128)
        dx, dy = self.rng.integers(GRAIN, size=2)
        cv2.add(self.picture, self.brighter[dy : dy + h, dx : dx + w], dst=self.picture)
        return np.asarray(cv2.subtract(self.picture, self.darker[dy : dy + h, dx : dx + w]), np.uint8)

    def _focus(self, canvas: Image, t: float) -> None:
        """Fill `picture` with the part of the canvas that the camera looks at just now."""
        h, w = self.picture.shape[:2]
        shift = self.shake.at(t) + self.camera.margin
        whole = np.rint(shift).astype(int)
        x, y = whole.tolist()
        seen = canvas[y : y + h, x : x + w]
        sigma = max(self.blur, HAND_BLUR if self.shake.amplitude else 0.0)
        if sigma == 0.0:
            np.copyto(self.picture, seen)
            return
        # One filter for the defocus and for the part of a pixel by which the camera is off.
        taps = np.exp(-(((np.arange(-1, 2)[:, None] - (shift - whole)) / sigma) ** 2) / 2)
        across, down = (taps / taps.sum(0)).T
        cv2.filter2D(seen, -1, np.outer(down, across), dst=self.picture)
