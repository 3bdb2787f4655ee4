"""A toy world: label 3 is a wide bar that moves across on red ground, label 8 a tall one up and down on blue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from models.training import start
from models.vivit import ViViTConfig

find_filters = start.filters
TINY = ViViTConfig(width=16, depth=1, heads=2, mlp=32)
ACROSS, UP_AND_DOWN = 3, 8


def write_clip(path: Path, label: int, seed: int, seconds: float = 2.6, fps: int = 15) -> Path:
    """A clip of a bar on its ground, doing what `label` stands for."""
    rng = np.random.default_rng(seed)
    ground, bar = rng.integers(0, 60, 3), rng.integers(160, 255, 3)
    ground[0 if label == ACROSS else 2] += 100
    middle, rate = rng.uniform(20, 36, 2), rng.uniform(0.8, 1.2)
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for i in range(round(seconds * fps)):
            swing = 18 * np.sin(2 * np.pi * rate * i / fps)
            x, y = (middle + ((swing, 0) if label == ACROSS else (0, swing))).astype(int)
            picture = np.tile(ground.astype(np.uint8), (64, 64, 1))
            w, h = (12, 3) if label == ACROSS else (3, 12)
            picture[max(0, y - h) : y + h, max(0, x - w) : x + w] = bar
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(autouse=True, scope="session")
def quick_start() -> Iterator[None]:
    """A toy model starts from random filters; `test_start.py` looks at those that are found in clips."""

    def filters(_: np.ndarray, config: ViViTConfig) -> tuple[np.ndarray, np.ndarray]:
        k = config.tubelet
        kernel = np.random.default_rng(0).normal(0, 0.05, (k, k, k, 3, config.width))
        return kernel - kernel.mean((0, 1, 2, 3)), np.zeros(config.width)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(start, "VIEWS", 4)
        patch.setattr(start, "filters", filters)
        yield


@pytest.fixture(scope="session")
def toy_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """DATA with train/, valid/ and test/ of the toy world, in both ways of naming clips."""
    data = tmp_path_factory.mktemp("toy")
    for split, count, first in (("train", 8, 500), ("valid", 2, 600), ("test", 3, 400)):
        for i in range(count):
            write_clip(data / split / f"{ACROSS}_{i:04d}.mp4", ACROSS, seed=first + i)
            write_clip(data / split / str(UP_AND_DOWN) / f"clip {i}.mp4", UP_AND_DOWN, seed=first + i + 50)
    return data
