"""Makes small real videos for tests: a moving scene that is the same at the same second, whatever the frame rate."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray


def scene(seconds: float, width: int = 64, height: int = 48) -> NDArray[np.uint8]:
    """uint8 (height, width, 3): a bright block that goes round a shaded ground, once every two seconds."""
    y, x = np.mgrid[0:height, 0:width]
    picture = np.stack([60 + 100 * x / width, 60 + 100 * y / height, np.full_like(x, 90.0)], axis=-1)
    cx = width * (0.5 + 0.3 * np.cos(np.pi * seconds))
    cy = height * (0.5 + 0.3 * np.sin(np.pi * seconds))
    inside = (abs(x - cx) < width / 8) & (abs(y - cy) < height / 6)
    picture[inside] = (230, 200, 40)
    return picture.astype(np.uint8)


def make_video(
    path: Path,
    *,
    seconds: float = 6.0,
    fps: float = 30,
    size: tuple[int, int] = (64, 48),
    times: Sequence[float] | None = None,
    codec: str = "libx264",
) -> Path:
    """Write `scene` at `fps`, or at exactly `times` (seconds, a variable rate), as an MP4 with true timestamps."""
    stamps = list(times) if times is not None else [i / fps for i in range(round(seconds * fps))]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=Fraction(fps).limit_denominator(1001), options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 90_000)
        for stamp in stamps:
            frame = av.VideoFrame.from_ndarray(scene(stamp, *size), format="rgb24")
            frame.pts, frame.time_base = round(stamp * 90_000), Fraction(1, 90_000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path
