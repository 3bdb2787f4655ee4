"""Starting weights: filters that tell movement from brightness, positions that can be told apart."""

from __future__ import annotations

import numpy as np

from models import vivit
from models.data import dataset
from models.training import start
from models.vivit import ViViTConfig
from tests.models.conftest import TINY, find_filters

SMALL = ViViTConfig(frames=8, size=16, tubelet=4, width=24, depth=1, heads=2, mlp=8)


def moving_and_still(count: int = 3000) -> tuple[np.ndarray, np.ndarray]:
    """Tubelets (N, 4, 48) of pictures that stay, and of the same ones with waves that run through them."""
    rng = np.random.default_rng(0)
    still = np.tile(rng.random((count, 1, 16)).repeat(3, 2), (1, 4, 1)).astype(np.float32) * 0.5 + 0.2
    phase = rng.uniform(0, 6, (count, 1, 1)) + 1.5 * np.arange(4)[:, None] + 0.4 * np.arange(48)
    return still, still + 0.05 * np.sin(phase).astype(np.float32)


def test_half_the_filters_feel_only_what_changes() -> None:
    # given filters found in pictures with a little movement
    still, moving = moving_and_still()
    kernel, bias = find_filters(moving, SMALL)
    kernel = kernel.reshape(-1, SMALL.width)

    # when they see pictures that stand still, and pictures that move
    at_rest, in_motion = (x.reshape(len(x), -1) @ kernel + bias for x in (still, moving))

    # then the second half is silent at rest, and the weak movement is as loud as the strong differences of brightness
    assert at_rest[:, 12:].std(0).max() < 1e-4
    assert in_motion[:, 12:14].std(0).min() > 0.5
    assert 0.5 < in_motion[:, :4].std(0).min() <= in_motion[:, :4].std(0).max() < 1.5


def test_the_mean_picture_gives_no_answer() -> None:
    _, moving = moving_and_still()
    kernel, bias = find_filters(moving, SMALL)
    answer = moving.reshape(len(moving), -1) @ kernel.reshape(-1, SMALL.width) + bias
    np.testing.assert_allclose(answer.mean(0), 0, atol=0.05)


def test_near_places_are_more_alike_than_far_ones() -> None:
    # given the table of the reference model
    table = start.positions(ViViTConfig(), seed=0).reshape(4, 7, 7, 128)

    # then a step to the side or down is, on average, shorter than one across the picture
    for axis in (1, 2):
        near = np.linalg.norm(np.diff(table, axis=axis), axis=-1).mean()
        far = np.linalg.norm(table.take(0, axis) - table.take(6, axis), axis=-1).mean()
        assert near < 0.9 * far
    assert len(np.unique(table.reshape(-1, 128).round(5), axis=0)) == 196, "two places cannot be told apart"


def test_a_model_starts_from_its_clips_and_seed(toy_data) -> None:
    split = dataset.load(toy_data, "train")
    sampled = [start.sample(split, TINY, seed) for seed in (4, 4, 5)]
    assert sampled[0].shape[1:] == (8, 192)
    assert 0 <= sampled[0].min() <= sampled[0].max() <= 1
    np.testing.assert_array_equal(sampled[0], sampled[1])
    assert not np.array_equal(sampled[0], sampled[2])
    model = vivit.build(TINY)
    before = model.get_layer("positions").get_weights()[0]
    start.prepare(model, TINY, split, seed=4)
    assert not np.array_equal(before, model.get_layer("positions").get_weights()[0])
