"""The painter: shapes, a camera and a light in; one anti-aliased RGB picture out.

Every hull is painted as three nested outlines (shade, body colour, highlight shifted towards the light), far to
near, on a room that was painted once; a soft shadow falls on the floor, and the lens adds shake, light fall-off and noise.
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
FLOOR_LAYER = -10  # painted before the shadow falls: what lies flat on the floor


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


def fill(image: Image, polygon: Points, colour: tuple[int, int, int]) -> None:
    """An anti-aliased convex polygon, corners in (sub-)pixels."""
    corners = np.clip(polygon, -4000.0, 4000.0) * (1 << SHIFT)
    cv2.fillConvexPoly(image, corners.astype(np.int32), colour, cv2.LINE_AA, SHIFT)


class Painter:
    """Paints the moving part of a scene over a ready room."""

    def __init__(self, camera: Camera, light: Light) -> None:
        self.camera, self.light = camera, light
        towards = camera.rotation @ light.towards
        self.glint = towards[:2] * (1.0 if towards[2] < 0 else 0.8)
        # (scale of the radius, shift towards the light) of the three outlines
        self.outlines = np.array([[1.0, 0.0], [0.82, 0.17], [0.42, 0.45]])

    def paint(self, canvas: Image, shapes: Sequence[Shape]) -> None:
        """Paint all shapes onto the canvas (height, width, 3), in place."""
        hulls = [s for s in shapes if isinstance(s, Hull)]
        panels = [s for s in shapes if isinstance(s, Panel)]
        jobs: list[tuple[int, float, int, Hull | Panel, Points]] = []
        if hulls:
            centres = np.concatenate([h.centres for h in hulls])
            radii = np.concatenate([h.radii for h in hulls])
            view = self.camera.view(centres)
            at = self.camera.to_pixels(view)
            size = radii * self.camera.focal / np.maximum(view[:, 2], 0.05)
            first = 0
            for h in hulls:
                last = first + len(h.radii)
                depth = float(view[first:last, 2].mean()) - 0.25 * float(h.radii.max())
                if view[first:last, 2].min() > NEAR:
                    jobs.append((h.layer, -(depth + h.bias), len(jobs), h, np.column_stack([at[first:last], size[first:last]])))
                first = last
        if panels:
            view = self.camera.view(np.concatenate([p.points for p in panels]))
            first = 0
            for p in panels:
                last = first + len(p.points)
                part = view[first:last]
                first = last
                depth = float(part[:, 2].mean())
                if part[:, 2].min() <= NEAR:
                    part = clip_near(part)
                if len(part) > 2:
                    jobs.append((p.layer, -(depth + p.bias), len(jobs), p, self.camera.to_pixels(part)))
        jobs.sort(key=lambda job: job[:3])
        fallen = False
        for layer, _, _, shape, where in jobs:
            if not fallen and layer > FLOOR_LAYER:
                self._shadow(canvas, hulls)
                fallen = True
            if isinstance(shape, Hull):
                self._hull(canvas, shape, where)
            else:
                self._panel(canvas, shape, where)

    def _hull(self, canvas: Image, hull: Hull, discs: Points) -> None:
        at, size = discs[:, :2], discs[:, 2]
        largest = float(size.max())
        if largest < 0.25:
            return
        steps = self.outlines if largest > 2.0 and not hull.flat else self.outlines[1:2] * [1.2, 0.0]
        tones = (self.light.dark, 1.0, self.light.bright) if len(steps) == 3 else (1.0,)
        for (scale, move), tone in zip(steps, tones, strict=True):
            middle = at + size[:, None] * (move * self.glint)
            corners = middle[:, None, :] + (size * scale)[:, None, None] * _CIRCLE
            outline = corners.reshape(-1, 2)
            if len(at) > 1:
                outline = cv2.convexHull(outline.astype(np.float32))[:, 0]
            fill(canvas, outline, shade(hull.colour, tone))

    def _panel(self, canvas: Image, panel: Panel, polygon: Points) -> None:
        if panel.alpha >= 1.0:
            fill(canvas, polygon, panel.colour)
            return
        h, w = canvas.shape[:2]
        x0, y0 = np.clip(np.floor(polygon.min(0)) - 2, 0, [w, h]).astype(int)
        x1, y1 = np.clip(np.ceil(polygon.max(0)) + 3, 0, [w, h]).astype(int)
        if x1 - x0 < 2 or y1 - y0 < 2:
            return
        part = canvas[y0:y1, x0:x1]
        over = part.copy()
        fill(over, polygon - [x0, y0], panel.colour)
        cv2.addWeighted(over, panel.alpha, part, 1.0 - panel.alpha, 0.0, dst=part)

    def _shadow(self, canvas: Image, hulls: Sequence[Hull]) -> None:
        """The soft shadow that everything which casts one throws on the floor."""
        casting = [h for h in hulls if h.shadow and h.centres[:, 1].min() > -0.5]
        if not casting:
            return
        centres = np.concatenate([h.centres for h in casting])
        radii = np.concatenate([h.radii for h in casting])
        fall = self.light.towards / self.light.towards[1]
        floor = centres - centres[:, 1:2] * fall
        view = self.camera.view(floor)
        at = self.camera.to_pixels(view) * 0.5
        size = radii * self.camera.focal / np.maximum(view[:, 2], 0.05) * 0.5
        # A circle on the floor is seen as an ellipse, the flatter the lower the camera.
        flat = np.array([1.0, max(float(abs(self.camera.rotation[2] @ UP)), 0.25)])
        corners = at[:, None, :] + size[:, None, None] * (_CIRCLE * flat)
        h, w = canvas.shape[0] // 2, canvas.shape[1] // 2
        seen = view[:, 2] > 0.3
        if not seen.any():
            return
        x0, y0 = np.clip(np.floor(corners[seen].min((0, 1))) - 6, 0, [w, h]).astype(int)
        x1, y1 = np.clip(np.ceil(corners[seen].max((0, 1))) + 6, 0, [w, h]).astype(int)
        if x1 - x0 < 3 or y1 - y0 < 3:
            return
        mask = np.full((y1 - y0, x1 - x0), 255, np.uint8)
        level = int(255 * (1.0 - self.light.shadow))
        first = 0
        for shape in casting:
            last = first + len(shape.radii)
            if seen[first:last].all():
                outline = (corners[first:last].reshape(-1, 2) - [x0, y0]).astype(np.float32)
                cv2.fillConvexPoly(mask, cv2.convexHull(outline).astype(np.int32), level)
            first = last
        mask = cv2.blur(mask, (5, 5))
        mask = cv2.resize(mask, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR)
        part = canvas[2 * y0 : 2 * y1, 2 * x0 : 2 * x1]
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
        noise = rng.normal(0.0, style.noise, (h + 32, w + 32, 1)) + rng.normal(0.0, style.noise * 0.4, (h + 32, w + 32, 3))
        self.noise = np.clip(noise, -60, 60).astype(np.int8)
        self.blur = float(rng.choice([0.0, 0.0, 0.5, 0.9]))

    def expose(self, canvas: Image, t: float) -> Image:
        """The picture (height, width, 3) that is recorded at time t."""
        w, h = self.camera.width, self.camera.height
        picture = cv2.warpAffine(canvas, self.shake.affine(t), (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        if self.blur:
            picture = cv2.GaussianBlur(picture, (3, 3), self.blur)
        picture = cv2.multiply(picture, self.gain, dst=picture, scale=1 / 128)
        dx, dy = self.rng.integers(32, size=2)
        grain = self.noise[dy : dy + h, dx : dx + w]
        return np.asarray(cv2.add(picture, grain, dtype=cv2.CV_8U), dtype=np.uint8)
