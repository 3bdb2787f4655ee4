"""The painter: shapes, a camera and a light in; one anti-aliased RGB picture out.

Every hull is painted as three nested outlines (shade, body colour, highlight shifted towards the light), far to
near, on a room that was painted once; a soft shadow falls on the floor; the lens adds shake, light fall-off and noise.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.simulator.camera import Camera, Shake
from models.simulator.pools import RoomStyle
from models.simulator.shapes import UP, Hull, Panel, Points, Shape, shade

Image = NDArray[np.uint8]

SHIFT = 4  # fractional bits of the polygon corners
CORNERS = 14  # corners of the circle that stands for a sphere
NEAR = 0.06  # metres; nearer shapes are not painted
_ANGLES = np.linspace(0.0, 2 * np.pi, CORNERS, endpoint=False)
_CIRCLE = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1) * 1.02
# Scale of the radius, and shift towards the light in radii, of the shade, the body colour and the highlight.
_OUTLINES = np.array([1.0, 0.82, 0.42])[:, None, None, None] * _CIRCLE
_MOVES = np.array([0.0, 0.17, 0.45])[:, None, None, None]
SHADOW_SCALE = 4

Fixed = NDArray[np.int32]
Job = tuple[int, float, "Hull | Panel", Fixed]  # layer, nearness, shape, its corners on the canvas


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
    out: list[Points] = []
    for a, b in zip(view, np.roll(view, -1, axis=0), strict=True):
        if a[2] >= near:
            out.append(a)
        if (a[2] >= near) != (b[2] >= near):
            out.append(a + (b - a) * (near - a[2]) / (b[2] - a[2]))
    return np.array(out)


def _fixed(points: Points) -> Fixed:
    """Pixels → fixed-point pixels, held within what OpenCV can take."""
    return np.asarray(np.minimum(np.maximum(points * (1 << SHIFT), -60000.0), 60000.0), np.int32)


def _outline(corners: Fixed) -> Fixed:
    """The convex outline of circles (k, CORNERS, 2); of one circle, itself."""
    outline: Fixed = corners[0] if len(corners) == 1 else np.asarray(cv2.convexHull(corners.reshape(-1, 2)), np.int32)
    return outline


def fill(image: Image, polygon: Points, colour: tuple[int, int, int]) -> None:
    """An anti-aliased convex polygon, corners in (sub-)pixels."""
    cv2.fillConvexPoly(image, _fixed(polygon), colour, cv2.LINE_AA, SHIFT)


class Painter:
    """Paints the moving part of a scene over a ready room."""

    def __init__(self, camera: Camera, light: Light) -> None:
        self.camera, self.light = camera, light
        towards = camera.rotation @ light.towards
        self.glint = towards[:2] * (1.0 if towards[2] < 0 else 0.8)

    def paint(self, canvas: Image, shapes: Sequence[Shape]) -> None:
        """Paint all shapes onto the canvas (height, width, 3), in place."""
        jobs = self._hull_jobs([s for s in shapes if isinstance(s, Hull)])
        jobs += self._panel_jobs([s for s in shapes if isinstance(s, Panel)])
        jobs.sort(key=lambda job: job[:2])
        self._shadow(canvas, [s for s in shapes if isinstance(s, Hull) and s.shadow])
        for _, _, shape, corners in jobs:
            if isinstance(shape, Panel):
                self._panel(canvas, shape, corners)
            elif len(corners) == 1:
                cv2.fillConvexPoly(canvas, _outline(corners[0]), shape.colour, cv2.LINE_AA, SHIFT)
            else:
                for outline, tone in zip(corners, (self.light.dark, 1.0, self.light.bright), strict=True):
                    cv2.fillConvexPoly(canvas, _outline(outline), shade(shape.colour, tone), cv2.LINE_AA, SHIFT)

    def _hull_jobs(self, hulls: list[Hull]) -> list[Job]:
        if not hulls:
            return []
        counts = np.array([len(h.radii) for h in hulls])
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        radii = np.concatenate([h.radii for h in hulls])
        view = self.camera.view(np.concatenate([h.centres for h in hulls]))
        depth = view[:, 2]
        at = self.camera.to_pixels(view)
        size = radii * self.camera.focal / np.maximum(depth, 0.05)
        middle = np.add.reduceat(depth, starts) / counts - 0.25 * np.maximum.reduceat(radii, starts)
        nearest = np.minimum.reduceat(depth, starts)
        largest = np.maximum.reduceat(size, starts)
        # (outline, sphere, corner, x or y)
        corners = at[None, :, None] + size[None, :, None, None] * _OUTLINES
        corners += (size[:, None] * self.glint)[None, :, None] * _MOVES
        fixed = _fixed(corners)
        jobs: list[Job] = []
        for h, first, n, far, near, wide in zip(
            hulls, starts.tolist(), counts.tolist(), middle.tolist(), nearest.tolist(), largest.tolist(), strict=True
        ):
            if near > NEAR and wide > 0.25:
                part = fixed[:, first : first + n]
                if wide < 2.0 or h.flat:
                    part = part[:1]
                jobs.append((h.layer, -(far + h.bias), h, part))
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
            jobs.append((p.layer, -(far + p.bias), p, part))
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

    def _shadow(self, canvas: Image, casting: list[Hull]) -> None:
        """The soft shadow that everything which casts one throws on the floor."""
        if not casting:
            return
        centres = np.concatenate([h.centres for h in casting])
        radii = np.concatenate([h.radii for h in casting])
        counts = np.array([len(h.radii) for h in casting])
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        floor = centres - centres[:, 1:2] * (self.light.towards / self.light.towards[1])
        view = self.camera.view(floor)
        # A quarter of the size is fine enough for what is blurred anyway.
        at = self.camera.to_pixels(view) / SHADOW_SCALE
        size = radii * self.camera.focal / np.maximum(view[:, 2], 0.05) / SHADOW_SCALE
        # A circle on the floor is seen as an ellipse, the flatter the lower the camera.
        flat = np.array([1.0, max(float(abs(self.camera.rotation[2] @ UP)), 0.25)])
        h, w = canvas.shape[0] // SHADOW_SCALE, canvas.shape[1] // SHADOW_SCALE
        reach = size[:, None] * flat
        low, high = (at - reach).min(0), (at + reach).max(0)
        seen = np.minimum.reduceat(view[:, 2], starts) > 0.3
        x0, y0 = max(int(low[0]) - 3, 0), max(int(low[1]) - 3, 0)
        x1, y1 = min(int(high[0]) + 4, w), min(int(high[1]) + 4, h)
        if x1 - x0 < 3 or y1 - y0 < 3 or not seen.all():
            return
        fixed = _fixed(at[:, None] - [x0, y0] + size[:, None, None] * (_CIRCLE * flat))
        mask = np.full((y1 - y0, x1 - x0), 255, np.uint8)
        level = int(255 * (1.0 - self.light.shadow))
        for first, n in zip(starts.tolist(), counts.tolist(), strict=True):
            cv2.fillConvexPoly(mask, _outline(fixed[first : first + n]), level, cv2.LINE_AA, SHIFT)
        mask = cv2.blur(mask, (3, 3))
        mask = cv2.resize(mask, None, fx=SHADOW_SCALE, fy=SHADOW_SCALE, interpolation=cv2.INTER_LINEAR)
        part = canvas[SHADOW_SCALE * y0 : SHADOW_SCALE * y1, SHADOW_SCALE * x0 : SHADOW_SCALE * x1]
        cv2.multiply(part, cv2.cvtColor(mask, cv2.COLOR_GRAY2RGB), dst=part, scale=1 / 255)


class Lens:
    """Canvas → picture: shake, light level and colour, defocus, sensor noise."""

    def __init__(self, rng: np.random.Generator, camera: Camera, shake: Shake, style: RoomStyle) -> None:
        self.camera, self.shake, self.rng = camera, shake, rng
        h, w = camera.height, camera.width
        x, y = np.linspace(-1, 1, w), np.linspace(-1, 1, h)[:, None]
        gain = style.brightness * (1 + style.gradient[0] * x + style.gradient[1] * y - 0.12 * (x**2 + y**2) / 2)
        tint = np.array([1 + 0.09 * style.warmth, 1.0, 1 - 0.11 * style.warmth])
        self.gain = np.clip(gain[..., None] * tint * 128, 0, 255).astype(np.uint8)
        noise = rng.normal(0.0, style.noise, (h + 32, w + 32, 1)) + rng.normal(
            0.0, style.noise * 0.4, (h + 32, w + 32, 3)
        )
        self.noise = np.clip(noise, -60, 60).astype(np.int8)
        self.blur = float(rng.choice([0.0, 0.0, 0.5, 0.9]))

    def expose(self, canvas: Image, t: float) -> Image:
        """The picture (height, width, 3) that is recorded at time t."""
        w, h = self.camera.width, self.camera.height
        if self.shake.amplitude:
            x, y = self.shake.at(t)
            picture = cv2.getRectSubPix(canvas, (w, h), (0.5 * canvas.shape[1] + x, 0.5 * canvas.shape[0] + y))
        else:
            m = self.camera.margin
            picture = np.ascontiguousarray(canvas[m : m + h, m : m + w])
        if self.blur:
            picture = cv2.GaussianBlur(picture, (3, 3), self.blur)
        picture = cv2.multiply(picture, self.gain, dst=picture, scale=1 / 128)
        dx, dy = self.rng.integers(32, size=2)
        grain = self.noise[dy : dy + h, dx : dx + w]
        return np.asarray(cv2.add(picture, grain, dtype=cv2.CV_8U), dtype=np.uint8)
