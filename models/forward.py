"""The ViViT's mathematics over a Keras model's own weights, written for speed: clips in, logits out.

`keras.Model.__call__` gives the same answer; this takes half the time on a CPU, because query, key and value are one
product and products run in bfloat16 while attention runs in float32 (PyTorch's bfloat16 attention is the slower one).
"""

from __future__ import annotations

import keras
import torch
import torch.nn.functional as F

from models.vivit import EPSILON, ViViTConfig


class FastViViT:
    """Shares its weights with `model` (a `vivit.build(config)`): whatever trains one trains the other."""

    def __init__(self, model: keras.Model, config: ViViTConfig, precision: torch.dtype = torch.bfloat16) -> None:
        self.config, self.precision = config, precision
        self.weights: dict[str, torch.nn.Parameter] = {v.path: v.value for v in model.trainable_variables}

    @property
    def device(self) -> torch.device:
        """Where the weights lie; clips are moved there."""
        return self.weights["tubelets/bias"].device

    def __call__(
        self, clips: torch.Tensor, keep: float = 1.0, generator: torch.Generator | None = None
    ) -> torch.Tensor:
        """uint8 (B, T, H, W, 3) → logits float32 (B, outputs).

        With `keep` below 1 each clip keeps that random share of its tokens, which regularises and saves time in
        proportion (Liu et al., "PatchDropout", WACV 2023); the answer is a mean over tokens, so nothing is rescaled.
        """
        c, w = self.config, self.weights
        x = self.cubes(clips.to(self.device))  # (B, 196, 1536)
        positions: torch.Tensor = w["positions/table"]  # (196, 128)
        if keep < 1.0:
            kept = torch.rand(x.shape[:2], generator=generator).argsort(1)[:, : max(1, round(keep * c.tokens))]
            kept = kept.to(self.device)  # (B, K)
            x = torch.gather(x, 1, kept[:, :, None].expand(-1, -1, x.shape[2]))  # (B, K, 1536)
            positions = positions[kept]  # (B, K, 128)
        x = self.linear(x, w["tubelets/kernel"].reshape(-1, c.width), w["tubelets/bias"]) + positions  # (B, K, 128)
        for i in range(c.depth):
            x = x + self.attention(self.norm(x, f"norm_attention_{i}"), f"attention_{i}")
            y = self.norm(x, f"norm_mlp_{i}")
            y = F.gelu(self.linear(y, w[f"mlp_in_{i}/kernel"], w[f"mlp_in_{i}/bias"]))  # (B, K, 512)
            x = x + self.linear(y, w[f"mlp_out_{i}/kernel"], w[f"mlp_out_{i}/bias"])  # (B, K, 128)
        x = self.norm(x, "norm_final").mean(1)  # (B, 128)
        return F.linear(x, w["behaviours/kernel"].T, w["behaviours/bias"])  # (B, 43)

    def cubes(self, clips: torch.Tensor) -> torch.Tensor:
        """Cut uint8 clips into tubelets with values 0–1: (B, tokens, tubelet³ · 3)."""
        c, k = self.config, self.config.tubelet
        side = c.size // k
        x = clips.reshape(-1, c.frames // k, k, side, k, side, k, 3).permute(0, 1, 3, 5, 2, 4, 6, 7)
        return x.reshape(-1, c.tokens, k**3 * 3).to(torch.float32) / 255

    def linear(self, x: torch.Tensor, kernel: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        """A product in the working precision; bias and sum are float32 again."""
        return F.linear(x.to(self.precision), kernel.to(self.precision).T, bias.to(self.precision)).to(torch.float32)

    def norm(self, x: torch.Tensor, name: str) -> torch.Tensor:
        """Layer normalisation over the width."""
        return F.layer_norm(x, x.shape[-1:], self.weights[f"{name}/gamma"], self.weights[f"{name}/beta"], EPSILON)

    def attention(self, x: torch.Tensor, name: str) -> torch.Tensor:
        """Self-attention of all tokens: (B, K, 128) → (B, K, 128)."""
        c, w = self.config, self.weights
        parts = [(w[f"{name}/{part}/kernel"], w[f"{name}/{part}/bias"]) for part in ("query", "key", "value")]
        kernel = torch.cat([k.reshape(c.width, c.width) for k, _ in parts], 1)  # (128, 384)
        bias = torch.cat([b.reshape(c.width) for _, b in parts])  # (384,)
        x = self.linear(x, kernel, bias).reshape(*x.shape[:2], 3, c.heads, c.width // c.heads)  # (B, K, 3, 8, 16)
        q, k, v = x.permute(2, 0, 3, 1, 4)  # 3 × (B, 8, K, 16)
        x = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)  # (B, K, 128)
        out = f"{name}/attention_output"
        return self.linear(x, w[f"{out}/kernel"].reshape(c.width, c.width), w[f"{out}/bias"])
