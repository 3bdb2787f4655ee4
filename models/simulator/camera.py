"""The camera: a pinhole that looks at a point from a distance, height and yaw, with the small shake of a hand.

In: a `CameraStyle` from the split's pool and a framing; out: projection of world metres to canvas pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.simulator.shapes import Points


@dataclass(frozen=True, slots=True)
class CameraStyle:
    """What a camera of the pool is: ranges in `pools.py`."""

    id: str
    width: int
    height: int
    field_of_view: float  # of the long side, radians
    yaw: float  # −1 … 1, scaled by what the behaviour allows
    pitch: float  # 0 … 1, likewise
    tightness: float  # the share of the frame the subject takes, relative to the behaviour's own
    offset: tuple[float, float]  # where the subject stands off centre, share of the frame
    shake: float  # pixels at 240 lines
    shake_rate: float  # Hz
    roll: float  # radians
    raised: float = 0.0  # radians above what the behaviour asks for
    barrel: float = 0.0  # how far the corners are drawn in, share
    vignette: float = 0.06  # how much darker the corners are, share


class Camera:
    """Projects world points to a canvas of (height + 2 margin, width + 2 margin) pixels."""

    def __init__(
        self, style: CameraStyle, centre: Points, span: float, breadth: float, yaw: float, pitch: float
    ) -> None:
        self.width, self.height = style.width, style.height
        self.margin = 2 + int(2.0 * style.shake * style.height / 240)
        self.focal = max(style.width, style.height) / (2.0 * np.tan(style.field_of_view / 2.0))
        # Near enough to fill the picture, far enough to hold both the height and the breadth of what is done.
        room = max(span / style.height, span * breadth / style.width) / style.tightness
        distance = max(room * self.focal, 0.3)
        back = np.array([np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)])
        right = np.array([np.cos(yaw), 0.0, -np.sin(yaw)])
        down = -np.cross(back, right)
        self.distance = distance
        self.eye = np.asarray(centre) + back * distance
        self.eye[1] = max(self.eye[1], 0.12)
        c, s = np.cos(style.roll), np.sin(style.roll)
        self.rotation = np.array([c * right + s * down, c * down - s * right, -back])  # rows: image x, image y, depth
        self.yaw, self.pitch = yaw, pitch
        self.centre_px = np.array(
            [
                self.margin + style.width * (0.5 + style.offset[0]),
                self.margin + style.height * (0.5 + style.offset[1]),
            ]
        )

    @property
    def canvas(self) -> tuple[int, int]:
        """Canvas (height, width)."""
        return self.height + 2 * self.margin, self.width + 2 * self.margin

    def view(self, points: Points) -> Points:
        """World (n, 3) → camera coordinates (n, 3): right, down, depth in metres."""
        return np.asarray((np.asarray(points) - self.eye) @ self.rotation.T)

    def to_pixels(self, view: Points) -> Points:
        """Camera coordinates (n, 3) → canvas pixels (n, 2); depth is held at 2 cm or more."""
        depth = np.maximum(view[:, 2:], 0.02)
        return np.asarray(view[:, :2] * self.focal / depth + self.centre_px)


class Shake:
    """The drift of a hand-held camera: a sum of slow sines."""

    def __init__(self, rng: np.random.Generator, style: CameraStyle) -> None:
        self.amplitude = style.shake * style.height / 240
        self.rates = style.shake_rate * rng.uniform(0.4, 1.6, (2, 3))
        self.phases = rng.uniform(0.0, 2 * np.pi, (2, 3))

    def at(self, t: float) -> Points:
        """Pixels by which the picture is off at time t, (2,)."""
        waves = np.sin(2 * np.pi * self.rates * t + self.phases).sum(axis=1)
        return np.asarray(self.amplitude * 0.5 * waves)
