"""The model: the size that was promised, and a faster way to the same answer."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import torch

from models import vivit
from models.forward import FastViViT
from models.vivit import TubeletEmbedding, ViViTConfig
from tests.models.conftest import TINY


def test_reference_model_has_the_promised_size() -> None:
    # given the ViViT of the seed, layer by layer
    tubelets = 8 * 8 * 8 * 3 * 128 + 128
    positions = 196 * 128
    attention = 4 * (128 * 128 + 128)
    mlp = 128 * 512 + 512 + 512 * 128 + 128
    layer = attention + mlp + 2 * 2 * 128

    # when it is built
    model = vivit.build()

    # then it has these parameters and no others, and answers for 43 behaviours
    assert model.count_params() == tubelets + positions + 8 * layer + 2 * 128 + 128 * 43 + 43 == 1_813_803
    assert model.input_shape == (None, 32, 56, 56, 3)
    assert model.output_shape == (None, 43)
    assert ViViTConfig().tokens == 196


def test_tubelets_are_a_valid_convolution() -> None:
    # given a tubelet embedding and Keras' own convolution with the same weights
    embedding, convolution = TubeletEmbedding(5, 4), keras.layers.Conv3D(5, 4, strides=4, padding="valid")
    clip = np.random.default_rng(0).random((2, 8, 12, 16, 3), dtype=np.float32)
    embedding(clip)
    convolution(clip)
    weights = [np.random.default_rng(1).normal(size=w.shape) for w in embedding.get_weights()]
    embedding.set_weights(weights)
    convolution.set_weights(weights)

    # then they agree, tubelets in the order of time, height, width
    expected = keras.ops.convert_to_numpy(convolution(clip)).reshape(2, -1, 5)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(embedding(clip)), expected, atol=1e-4)


@pytest.mark.parametrize(
    "config", [TINY, ViViTConfig(frames=8, size=16, width=12, depth=2, heads=3, mlp=20, outputs=5)]
)
def test_fast_forward_is_the_same_function(config: ViViTConfig) -> None:
    # given a model with weights of every size
    model = vivit.build(config)
    rng = np.random.default_rng(3)
    model.set_weights([w + rng.normal(0, 0.1, w.shape) for w in model.get_weights()])
    clips = rng.integers(0, 256, (3, config.frames, config.size, config.size, 3), dtype=np.uint8)

    # when both ways answer
    with torch.no_grad():
        expected = keras.ops.convert_to_numpy(model(clips.astype(np.float32) / 255))
        exact = FastViViT(model, config, torch.float32)(torch.from_numpy(clips)).numpy()
        rough = FastViViT(model, config)(torch.from_numpy(clips)).numpy()

    # then the float32 way agrees, and the bfloat16 way within its precision
    np.testing.assert_allclose(exact, expected, atol=1e-5)
    np.testing.assert_allclose(rough, expected, atol=0.05 * np.abs(expected).max())


def test_training_the_fast_way_trains_the_model() -> None:
    model = vivit.build(TINY)
    fast = FastViViT(model, TINY)
    with torch.no_grad():
        fast.weights["behaviours/bias"].fill_(7.0)
    assert np.all(model.get_layer("behaviours").get_weights()[1] == 7.0), "the weights were copied, not shared"


def test_fewer_tokens_are_drawn_at_random_and_repeatably() -> None:
    # given clips of noise, whose answer depends on the tokens that are kept
    fast = FastViViT(vivit.build(TINY), TINY)
    clips = torch.randint(0, 256, (2, 32, 56, 56, 3), dtype=torch.uint8)
    first, again, other = (fast(clips, 0.3, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))

    # then the generator decides which
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_saved_and_loaded(tmp_path) -> None:
    model = vivit.build(TINY)
    model.save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras", compile=False)
    for saved, read in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(saved, read)


@pytest.mark.parametrize("wrong", [{"frames": 30}, {"size": 50}, {"heads": 7}])
def test_impossible_sizes_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"a (clip|width) of"):
        ViViTConfig(**wrong)
