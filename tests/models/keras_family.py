"""Keras models of the public ViViT example's family, written for tests: its architecture, none of its code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers, ops


class TubeletEmbedding(layers.Layer):
    """A convolution over tubelets, its places in one row."""

    def __init__(self, width: int, tubelet: tuple[int, int, int], **options: Any) -> None:
        super().__init__(**options)
        self.projection = layers.Conv3D(width, tubelet, strides=tubelet, padding="valid")
        self.flatten = layers.Reshape((-1, width))

    def call(self, clips: Any) -> Any:
        return self.flatten(self.projection(clips))


class PositionalEncoder(layers.Layer):
    """Adds an embedding of each token's place."""

    def build(self, shape: tuple[int | None, ...]) -> None:
        self.places = ops.arange(shape[1])
        self.position_embedding = layers.Embedding(shape[1], shape[2])

    def call(self, tokens: Any) -> Any:
        return tokens + self.position_embedding(self.places)


@keras.saving.register_keras_serializable("someone")
class RegisteredEmbedding(TubeletEmbedding):
    """The same under a registered name."""


@keras.saving.register_keras_serializable("someone")
class RegisteredEncoder(PositionalEncoder):
    """The same under a registered name."""


@dataclass(frozen=True, slots=True)
class Family:
    """One model of the family. The defaults are small; `twice` and `nested` are as in the public example."""

    clip: tuple[int, int, int] = (8, 16, 16)
    tubelet: tuple[int, int, int] = (4, 8, 8)
    width: int = 12
    depth: int = 2
    heads: int = 3
    key_dim: int = 4
    mlp: int = 20
    outputs: int = 11
    activation: str | None = "softmax"
    twice: bool = True
    nested: bool = True
    registered: bool = False
    epsilon: float = 1e-6
    last_epsilon: float = 1e-6
    gelu: str | Callable[[Any], Any] = "gelu"
    dropout: float = 0.1


def build(f: Family, seed: int = 0) -> keras.Model:
    """The model with weights of every size, so that no part of it is close to doing nothing."""
    embed, encode = (RegisteredEmbedding, RegisteredEncoder) if f.registered else (TubeletEmbedding, PositionalEncoder)
    clip = keras.Input((*f.clip, 3))
    x = encode()(embed(f.width, f.tubelet)(clip))
    for _ in range(f.depth):
        y = layers.LayerNormalization(epsilon=f.epsilon)(x)
        y = layers.MultiHeadAttention(f.heads, f.key_dim, dropout=f.dropout)(y, y)
        middle = layers.Add()([y, x])
        y = layers.LayerNormalization(epsilon=f.epsilon)(middle)
        dense = [layers.Dense(f.mlp, activation=f.gelu), layers.Dense(f.width, activation=f.gelu if f.twice else None)]
        y = keras.Sequential([dense[0], layers.Dropout(0.1), dense[1]])(y) if f.nested else dense[1](dense[0](y))
        x = layers.Add()([y, middle])
    x = layers.LayerNormalization(epsilon=f.last_epsilon)(x)
    x = layers.GlobalAveragePooling1D()(x)
    model = keras.Model(clip, layers.Dense(f.outputs, activation=f.activation)(x))
    rng = np.random.default_rng(seed)
    for weight in model.trainable_variables:
        weight.assign(np.asarray(weight) + rng.normal(0, 0.08, weight.shape))
    return model
