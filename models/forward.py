"""The ViViT's mathematics over a Keras model's own weights, written for speed: clips in, logits out.

`keras.Model.__call__` gives the same answer; this takes less than half the time on a CPU, because query, key and value
are one product, tokens that are left out are never converted, and what lies between two products stays in bfloat16.
"""

from __future__ import annotations

import keras
import torch
import torch.nn.functional as F

from models.vivit import EPSILON, ViViTConfig


class FastViViT:
    """Shares its weights with `model` (a `vivit.build(config)`): whatever trains one trains the other.

    The residual stream, its norms and the head are float32; products and attention are in `precision`, as under
    `torch.autocast`, and so are the weights that they take, whose gradients are float32 again.
    """

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
        x = self.cubes(clips.to(self.device))  # uint8 (B, 196, 1536)
        positions: torch.Tensor = w["positions/table"]  # (196, 128)
        if keep < 1.0:
            chance = torch.rand(x.shape[:2], generator=generator)
            kept = chance.topk(max(1, round(keep * c.tokens)), sorted=False).indices.to(self.device)  # (B, K)
            x = x[torch.arange(len(x), device=self.device)[:, None], kept]  # uint8 (B, K, 1536)
            positions = positions[kept]  # (B, K, 128)
        # bfloat16 holds 0–255 exactly, so it is the kernel that brings them to 0–1.
        x = self.linear(x, w["tubelets/kernel"].reshape(-1, c.width) / 255, w["tubelets/bias"]) + positions
        for i in range(c.depth):
            x = x + self.attention(self.norm(x, f"norm_attention_{i}"), f"attention_{i}")
            y = self.norm(x, f"norm_mlp_{i}")
            y = F.gelu(self.linear(y, w[f"mlp_in_{i}/kernel"], w[f"mlp_in_{i}/bias"]))  # (B, K, 512)
            x = x + self.linear(y, w[f"mlp_out_{i}/kernel"], w[f"mlp_out_{i}/bias"])  # (B, K, 128)
        x = self.norm(x, "norm_final").mean(1)  # (B, 128)
        return F.linear(x, w["behaviours/kernel"].T, w["behaviours/bias"])  # (B, 43)

    def cubes(self, clips: torch.Tensor) -> torch.Tensor:
        """Cut uint8 clips into tubelets: uint8 (B, tokens, tubelet³ · 3)."""
        c, k = self.config, self.config.tubelet
        side = c.size // k
        x = clips.reshape(-1, c.frames // k, k, side, k, side, k * 3).permute(0, 1, 3, 5, 2, 4, 6)
        return x.reshape(-1, c.tokens, k**3 * 3)

    def linear(self, x: torch.Tensor, kernel: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        """A product in the working precision; a sum with a float32 stream is float32 again."""
        return F.linear(x.to(self.precision), kernel.to(self.precision).T, bias.to(self.precision))

    def norm(self, x: torch.Tensor, name: str) -> torch.Tensor:
        """Layer normalisation over the width."""
        return F.layer_norm(x, x.shape[-1:], self.weights[f"{name}/gamma"], self.weights[f"{name}/beta"], EPSILON)

    def attention(self, x: torch.Tensor, name: str) -> torch.Tensor:
        """Self-attention of all tokens: (B, K, 128) → (B, K, 128).

        Plain batched products: on a CPU PyTorch's fused attention is slower for so few tokens and so narrow heads.
        """
        c, w = self.config, self.weights
        parts = [(w[f"{name}/{part}/kernel"], w[f"{name}/{part}/bias"]) for part in ("query", "key", "value")]
        kernel = torch.cat([k.reshape(c.width, c.width) for k, _ in parts], 1)  # (128, 384)
        bias = torch.cat([b.reshape(c.width) for _, b in parts])  # (384,)
        batch, tokens, head = len(x), x.shape[1], c.width // c.heads
        x = self.linear(x, kernel, bias).reshape(batch, tokens, 3, c.heads, head)  # (B, K, 3, 8, 16)
        q, k, v = x.permute(2, 0, 3, 1, 4).reshape(3, batch * c.heads, tokens, head)  # 3 × (B · 8, K, 16)
        weight = torch.softmax(torch.bmm(q * head**-0.5, k.transpose(1, 2)), -1)  # (B · 8, K, K)
        x = torch.bmm(weight, v).reshape(batch, c.heads, tokens, head).transpose(1, 2).flatten(2)  # (B, K, 128)
        out = f"{name}/attention_output"
        return self.linear(x, w[f"{out}/kernel"].reshape(c.width, c.width), w[f"{out}/bias"])
