"""A toy world for the lab: a wide bar that moves across is label 3, a tall one that moves up and down is label 8."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest

from models import start
from models.vivit import ViViTConfig

find_filters = start.filters
TINY = ViViTConfig(width=16, depth=1, heads=2, mlp=32)
ACROSS, UP_AND_DOWN = 3, 8


def write_clip(path: Path, label: int, seed: int, seconds: float = 2.6, fps: int = 15) -> Path:
    """A clip of a bar on a plain ground, doing what `label` stands for."""
    rng = np.random.default_rng(seed)
    ground, bar = rng.integers(0, 90, 3), rng.integers(160, 255, 3)
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


@pytest.fixture(autouse=True)
def quick_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The filters that a toy model starts from are found once; `test_start.py` looks at how."""
    monkeypatch.setattr(start, "VIEWS", 4)
    monkeypatch.setattr(start, "filters", lambda tubelets, config: _filters_of(config, len(tubelets)))


@cache
def _filters_of(config: ViViTConfig, count: int) -> tuple[np.ndarray, np.ndarray]:
    noise = np.random.default_rng(0).random((count, config.tubelet, config.tubelet**2 * 3), dtype=np.float32)
    return find_filters(noise, config)


@pytest.fixture(scope="session")
def toy_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """DATA with train/, valid/ and test/ of the toy world, in both ways of naming clips."""
    data = tmp_path_factory.mktemp("toy")
    for split, count in (("train", 8), ("valid", 2), ("test", 3)):
        for i in range(count):
            write_clip(data / split / f"{ACROSS}_{i:04d}.mp4", ACROSS, seed=i + 100 * len(split))
            write_clip(data / split / str(UP_AND_DOWN) / f"clip {i}.mp4", UP_AND_DOWN, seed=i + 100 * len(split) + 50)
    return data
