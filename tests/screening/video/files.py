"""Writes video files for the tests of the video rooms, and reads them back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from screening.records import InputSpec, VideoInfo
from screening.video import open_video
from tests.screening.videos import scene

SPEC = InputSpec(32, 56, 56, 15.0, 8, "RGB", (0.0, 1.0), "stretch", "black", "dynamic")
Media = Callable[[str], Path]


def encode(
    path: Path,
    pictures: Sequence[NDArray[np.uint8]],
    *,
    times: Sequence[float] | None = None,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    matrix: Sequence[int] | None = None,
    aspect: Fraction | None = None,
    container: dict[str, str] | None = None,
    **options: str,
) -> Path:
    """Write RGB pictures (30 a second unless `times` are given) with everything a file may say about them."""
    with av.open(str(path), "w", container_options=container or {}) as output:
        # One encoder thread: the same file whatever the number of cores.
        stream = output.add_stream(codec, rate=30, options={"threads": "1"} | options)
        stream.height, stream.width, stream.pix_fmt = *pictures[0].shape[:2], pixels
        stream.codec_context.time_base = Fraction(1, 90_000)
        if matrix is not None:
            stream.set_display_matrix(matrix)
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        for i, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts = round((times[i] if times is not None else i / 30) * 90_000)
            frame.time_base = Fraction(1, 90_000)
            output.mux(stream.encode(frame))
        output.mux(stream.encode())
    return path


def read(path: Path, **options: float) -> tuple[dict[float, NDArray[np.uint8]], VideoInfo]:
    """Every picture by its time, made small, and the receipt."""
    with open_video(path) as video:
        pictures = {seconds: picture.rgb(32, 24) for seconds, picture in video.pictures(**options)}
        return pictures, video.info()


def noisy(count: int, width: int = 96, height: int = 64) -> list[NDArray[np.uint8]]:
    """The moving scene with grain: large enough a file to be broken in the middle."""
    grain = np.random.default_rng(5).integers(-25, 25, (8, height, width, 3))
    return [np.clip(scene(i / 30, width, height) + grain[i % 8], 0, 255).astype(np.uint8) for i in range(count)]
