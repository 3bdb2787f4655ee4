"""Makes small real videos for the tests of the window: scenes of a colour with something that moves in front of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

COLOURS = {"grey": (120, 120, 120), "red": (200, 30, 30), "green": (30, 190, 40), "dark": (6, 6, 6)}
# What is to be seen, and for how many seconds.
SCENES = (("grey", 3.0), ("red", 5.0), ("grey", 3.0), ("green", 5.0), ("dark", 4.0), ("red", 5.0), ("grey", 3.0))
FPS = 30


def make_scenes(path: Path, scenes: Sequence[tuple[str, float]], size: tuple[int, int] = (160, 120)) -> Path:
    """Write `scenes` one after the other as an MP4."""
    names = [name for name, seconds in scenes for _ in range(round(seconds * FPS))]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "g": "30"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for i, name in enumerate(names):
            frame = av.VideoFrame.from_ndarray(_scene(name, i / FPS, *size), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def _scene(name: str, seconds: float, width: int, height: int) -> NDArray[np.uint8]:
    y, x = np.mgrid[0:height, 0:width]
    colour = np.array(COLOURS[name], float)
    picture = colour + 20 * (np.sin(x / 4) * np.cos(y / 3))[..., None]
    across, down = width * (0.5 + 0.3 * np.cos(3 * seconds)), height * (0.5 + 0.3 * np.sin(3 * seconds))
    picture[(abs(x - across) < width / 12) & (abs(y - down) < height / 8)] = colour * 0.5 + 30
    return np.clip(picture * (0.1 if name == "dark" else 1.0), 0, 255).astype(np.uint8)
