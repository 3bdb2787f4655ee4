"""The Video Vision Transformer: a clip goes in, one logit for each behaviour comes out.

Spatio-temporal attention over tubelets, after Arnab et al., "ViViT: A Video Vision Transformer" (ICCV 2021), model 1
with average pooling. The reference size has 1,813,803 parameters.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import keras
from keras import layers, ops

EPSILON = 1e-6  # of every layer normalisation


@dataclass(frozen=True, slots=True)
class ViViTConfig:
    """The size of a ViViT. The defaults are the reference model."""

    frames: int = 32
    size: int = 56
    tubelet: int = 8
    width: int = 128
    depth: int = 8
    heads: int = 8
    mlp: int = 512
    outputs: int = 43

    def __post_init__(self) -> None:
        if self.frames % self.tubelet or self.size % self.tubelet:
            raise ValueError(f"a clip of {self.frames}×{self.size}×{self.size} is no whole number of tubelets")
        if self.width % self.heads:
            raise ValueError(f"a width of {self.width} cannot be shared by {self.heads} heads")

    @property
    def tokens(self) -> int:
        """How many tubelets there are in a clip (196 in the reference model)."""
        return (self.frames // self.tubelet) * (self.size // self.tubelet) ** 2

    def as_dict(self) -> dict[str, int]:
        """For `run.json`; `ViViTConfig(**…)` reads it back."""
        return asdict(self)


@keras.saving.register_keras_serializable("viscreen")
class TubeletEmbedding(layers.Layer):  # type: ignore[misc]
    """Cuts a clip into cubes and projects each one to a token: (B, T, H, W, 3) → (B, tokens, width).

    The same weights and the same result as `Conv3D(width, tubelet, strides=tubelet, padding="valid")`, computed as
    one matrix product, which is several times faster on a CPU.
    """

    def __init__(self, width: int, tubelet: int, **options: Any) -> None:
        super().__init__(**options)
        self.width, self.tubelet = width, tubelet

    def build(self, shape: tuple[int | None, ...]) -> None:
        """Make the kernel (8, 8, 8, 3, 128) and the bias (128,)."""
        k = self.tubelet
        _, frames, height, width, channels = shape
        self.grid = (frames // k, height // k, width // k)  # type: ignore[operator]
        self.kernel = self.add_weight((k, k, k, channels, self.width), initializer="glorot_uniform", name="kernel")
        self.bias = self.add_weight((self.width,), initializer="zeros", name="bias")

    def call(self, clip: Any) -> Any:
        """Project the cubes."""
        k, (t, h, w) = self.tubelet, self.grid
        channels = clip.shape[-1]
        x = ops.reshape(clip, (-1, t, k, h, k, w, k, channels))  # (B, 4, 8, 7, 8, 7, 8, 3)
        x = ops.transpose(x, (0, 1, 3, 5, 2, 4, 6, 7))  # (B, 4, 7, 7, 8, 8, 8, 3)
        x = ops.reshape(x, (-1, t * h * w, k**3 * channels))  # (B, 196, 1536)
        return ops.matmul(x, ops.reshape(self.kernel, (k**3 * channels, self.width))) + self.bias  # (B, 196, 128)

    def get_config(self) -> dict[str, Any]:
        """For saving."""
        return {**super().get_config(), "width": self.width, "tubelet": self.tubelet}


@keras.saving.register_keras_serializable("viscreen")
class LearnedPositions(layers.Layer):  # type: ignore[misc]
    """Adds one learned vector to each token: (B, tokens, width) → (B, tokens, width)."""

    def build(self, shape: tuple[int | None, ...]) -> None:
        """Make the table (196, 128)."""
        normal = keras.initializers.RandomNormal(stddev=0.02)
        self.table = self.add_weight(shape[1:], initializer=normal, name="table")

    def call(self, tokens: Any) -> Any:
        """Add the table."""
        return tokens + self.table


def build(config: ViViTConfig | None = None) -> keras.Model:
    """A ViViT with fresh weights: float32 (B, 32, 56, 56, 3), RGB in 0–1 → logits float32 (B, 43).

    Nothing is dropped inside the attention: it would switch the fast attention of the backend off.
    """
    c = config or ViViTConfig()
    clip = keras.Input((c.frames, c.size, c.size, 3), name="clip")  # (B, 32, 56, 56, 3)
    x = TubeletEmbedding(c.width, c.tubelet, name="tubelets")(clip)  # (B, 196, 128)
    x = LearnedPositions(name="positions")(x)  # (B, 196, 128)
    for i in range(c.depth):
        y = layers.LayerNormalization(epsilon=EPSILON, name=f"norm_attention_{i}")(x)
        y = layers.MultiHeadAttention(c.heads, c.width // c.heads, name=f"attention_{i}")(y, y)  # (B, 196, 128)
        x = layers.Add(name=f"add_attention_{i}")([x, y])
        y = layers.LayerNormalization(epsilon=EPSILON, name=f"norm_mlp_{i}")(x)
        y = layers.Dense(c.mlp, activation="gelu", name=f"mlp_in_{i}")(y)  # (B, 196, 512)
        y = layers.Dense(c.width, name=f"mlp_out_{i}")(y)  # (B, 196, 128)
        x = layers.Add(name=f"add_mlp_{i}")([x, y])
    x = layers.LayerNormalization(epsilon=EPSILON, name="norm_final")(x)  # (B, 196, 128)
    x = layers.GlobalAveragePooling1D(name="pool")(x)  # (B, 128)
    logits = layers.Dense(c.outputs, name="behaviours")(x)  # (B, 43)
    return keras.Model(clip, logits, name="vivit")
