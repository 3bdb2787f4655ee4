"""Domain B's painter and lens: flat colours inside dark outlines, hard shadows; a wide lens on a cheap sensor."""

from __future__ import annotations

import cv2
import numpy as np

from models.simulator.camera import Camera, CameraStyle, Shake
from models.simulator.pools import RoomStyle
from models.simulator.render import SHIFT, Fixed, Image, Lens, Light, Painter
from models.simulator.shapes import Colour, Panel, shade

EDGE = 0.3  # how bright an outline is, share of its colour
LIFT = (0, 22)  # grey levels by which black is not black
CAST = 0.22  # how far white balance is off at the extremes


class FlatPainter(Painter):
    """Every hull is one flat colour inside a dark outline, as in a cartoon."""

    scales = np.array([1.08, 0.9])
    moves = np.zeros(2)
    from_pixels = (1.5,)
    shadow_scale = 2
    soft = False

    def tones(self, light: Light) -> tuple[float, ...]:
        """The outline, the body."""
        return EDGE, 1.0

    def _panel(self, canvas: Image, panel: Panel, corners: Fixed) -> None:
        super()._panel(canvas, panel, corners)
        if panel.solid:
            edge: Colour = shade(panel.colour, EDGE)
            cv2.polylines(canvas, [corners], True, edge, 1, cv2.LINE_AA, SHIFT)


class WideLens(Lens):
    """Draws the corners in, as wide lenses do, and has coloured noise, a cast and a lifted black."""

    cast = CAST

    def __init__(
        self, rng: np.random.Generator, camera: Camera, shake: Shake, style: RoomStyle, optics: CameraStyle
    ) -> None:
        super().__init__(rng, camera, shake, style, optics)
        self.brighter = np.asarray(cv2.add(self.brighter, float(rng.integers(*LIFT)) * np.ones(4)), np.uint8)
        h, w = camera.height, camera.width
        x, y = np.meshgrid(np.linspace(-1, 1, w), np.linspace(-1, 1, h))
        # Brown's first radial term; the corners themselves stay where they are.
        drawn = (1 + optics.barrel * (x**2 + y**2)) / (1 + 2 * optics.barrel)
        across, down = (x * drawn + 1) * (w - 1) / 2, (y * drawn + 1) * (h - 1) / 2
        self.maps = cv2.convertMaps(across.astype(np.float32), down.astype(np.float32), cv2.CV_16SC2)

    @staticmethod
    def _grain(rng: np.random.Generator, size: tuple[int, int]) -> Image:
        """Random bytes (height, width, 3), each colour for itself."""
        return rng.integers(0, 256, (*size, 3), np.uint8)

    def _focus(self, canvas: Image, t: float) -> None:
        h, w = self.picture.shape[:2]
        x, y = np.rint(self.shake.at(t) + self.camera.margin).astype(int).tolist()
        cv2.remap(canvas[y : y + h, x : x + w], *self.maps, cv2.INTER_LINEAR, dst=self.picture)
