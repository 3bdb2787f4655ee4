"""A toy world for the lab: a square that moves across is label 3, one that moves up and down is label 8."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from models.vivit import ViViTConfig

TINY = ViViTConfig(width=16, depth=1, heads=2, mlp=32)
ACROSS, UP_AND_DOWN = 3, 8


def write_clip(path: Path, label: int, seed: int, seconds: float = 2.6, fps: int = 15) -> Path:
    """A clip of a square on a plain ground, doing what `label` stands for."""
    rng = np.random.default_rng(seed)
    ground, square = rng.integers(0, 90, 3), rng.integers(160, 255, 3)
    middle, rate = rng.uniform(20, 36, 2), rng.uniform(0.8, 1.2)
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for i in range(round(seconds * fps)):
            swing = 18 * np.sin(2 * np.pi * rate * i / fps)
            x, y = (middle + ((swing, 0) if label == ACROSS else (0, swing))).astype(int)
            picture = np.tile(ground.astype(np.uint8), (64, 64, 1))
            picture[max(0, y - 6) : y + 6, max(0, x - 6) : x + 6] = square
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="session")
def toy_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """DATA with train/, valid/ and test/ of the toy world, in both ways of naming clips."""
    data = tmp_path_factory.mktemp("toy")
    for split, count in (("train", 8), ("valid", 2), ("test", 3)):
        for i in range(count):
            write_clip(data / split / f"{ACROSS}_{i:04d}.mp4", ACROSS, seed=i + 100 * len(split))
            write_clip(data / split / str(UP_AND_DOWN) / f"clip {i}.mp4", UP_AND_DOWN, seed=i + 100 * len(split) + 50)
    return data
