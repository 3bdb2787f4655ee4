"""Starting weights that already see motion: training clips go in, tubelet filters and a position table come out.

A ViViT from random weights first has to learn that brightness says little and change says much. Whitened principal
components tell it from the first step: after 3,200 simulated clips it was at twice the chance level, and without at it.
"""

from __future__ import annotations

import keras
import numpy as np
from numpy.typing import NDArray

from models.data import augment
from models.data.dataset import Split
from models.vivit import ViViTConfig

VIEWS = 600  # random windows that the components are found in
TUBELETS = 64  # taken from each of them
FLOOR = 1e-3  # of the largest variance: what is weaker is noise and is not raised to the others' level


def prepare(model: keras.Model, config: ViViTConfig, split: Split, seed: int) -> None:
    """Give a fresh `vivit.build(config)` its tubelet filters and positions. The same seed gives the same weights."""
    kernel, bias = filters(sample(split, config, seed), config)
    model.get_layer("tubelets").set_weights([kernel, bias])
    model.get_layer("positions").set_weights([positions(config, seed)])


def sample(split: Split, config: ViViTConfig, seed: int) -> NDArray[np.float32]:
    """Tubelets of random training views, values 0–1: (N, tubelet, tubelet² · 3)."""
    rng = np.random.default_rng([seed, 1])
    k, side = config.tubelet, config.size // config.tubelet
    found = []
    for _ in range(VIEWS):
        view = augment.window(split.ticks[rng.integers(len(split.ticks))], config.frames, rng, rng.random() < 0.5)
        cubes = view.reshape(-1, k, side, k, side, k, 3).transpose(0, 2, 4, 1, 3, 5, 6).reshape(-1, k, k * k * 3)
        found.append(cubes[rng.choice(len(cubes), min(TUBELETS, len(cubes)), replace=False)])
    return np.concatenate(found).astype(np.float32) / np.float32(255)


def filters(tubelets: NDArray[np.float32], config: ViViTConfig) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Kernel (k, k, k, 3, width) and bias: half the filters see a tubelet's mean picture, half what changes in it."""
    k, (_, frames, pixels) = config.tubelet, tubelets.shape
    mean = tubelets.mean(0)
    still = (tubelets - mean).mean(1)  # (N, pixels)
    change = ((tubelets - mean) - still[:, None]).reshape(len(tubelets), -1)  # (N, frames · pixels)
    moving = config.width // 2
    seen = np.tile(_whitened(still, config.width - moving) / frames, (frames, 1))  # (frames · pixels, width − moving)
    felt = _whitened(change, moving).reshape(frames, pixels, moving)
    felt = (felt - felt.mean(0)).reshape(frames * pixels, moving)
    kernel = np.concatenate([seen, felt], 1)  # (frames · pixels, width)
    bias = -mean.reshape(-1) @ kernel
    return kernel.reshape(k, k, k, 3, config.width).astype(np.float32), bias.astype(np.float32)


def positions(config: ViViTConfig, seed: int) -> NDArray[np.float32]:
    """A table (tokens, width) that tells places apart: random mixtures of waves along t, y and x."""
    side = config.size // config.tubelet
    counts = (config.frames // config.tubelet, side, side)
    places = np.stack(np.meshgrid(*(np.arange(n) + 0.5 for n in counts), indexing="ij"), -1).reshape(-1, 3)
    angles = places[:, :, None] / np.array(counts)[:, None] * np.pi / 2 * np.arange(1, 8)  # (tokens, 3, 7)
    waves = np.concatenate([np.cos(angles), np.sin(angles)], -1).reshape(len(places), -1)  # (tokens, 42)
    table = (waves - waves.mean(0)) @ np.random.default_rng([seed, 2]).standard_normal((waves.shape[1], config.width))
    return np.asarray(0.5 * table / table.std(), dtype=np.float32)


def _whitened(values: NDArray[np.float32], count: int) -> NDArray[np.float64]:
    """The strongest principal directions (features, count) of values (N, features), scaled to variance 1."""
    variance, directions = np.linalg.eigh(values.T.astype(np.float64) @ values / len(values))
    variance, directions = variance[::-1][:count], directions[:, ::-1][:, :count]
    signs = np.sign(directions[np.abs(directions).argmax(0), np.arange(directions.shape[1])])
    return np.asarray(directions * signs / np.sqrt(variance + FLOOR * variance[0]))
