"""The ViViT as an ONNX graph: its weights go in, the bytes of a model file come out, for any batch size.

Written by hand as reshapes and matrix products. PyTorch's own exporter keeps the convolution and the layers' layout
changes, and ran about twice as long in ONNX Runtime on the same processor (`tests/bench/graph.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import keras
import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from models.vivit import EPSILON, ViViTConfig

OPSET = 23  # the first with the standard Attention operator
IR_VERSION = 11  # what ONNX Runtime 1.31 reads

Floats = NDArray[np.float32]
Linear = tuple[Floats, Floats]
"""Kernel and bias."""

Activation = Literal["softmax", "sigmoid", "logits"]


@dataclass(frozen=True, slots=True)
class Norm:
    """A layer normalisation over the width: gamma (width,), beta (width,)."""

    gamma: Floats
    beta: Floats
    epsilon: float


@dataclass(frozen=True, slots=True)
class Block:
    """One transformer layer: x + attention(norm(x)), then x + mlp(norm(x)).

    `query`, `key`, `value`: kernel (width, heads, size) and bias (heads, size). `output`: (heads, size,
    width) and (width,). `mlp_in` (width, mlp), (mlp,); `mlp_out` (mlp, width), (width,).
    """

    norm_attention: Norm
    query: Linear
    key: Linear
    value: Linear
    output: Linear
    norm_mlp: Norm
    mlp_in: Linear
    mlp_out: Linear


@dataclass(frozen=True, slots=True)
class Weights:
    """A whole ViViT as numbers.

    `clip` is (frames, height, width) in pixels; what is left over after whole tubelets is cut off at the end, as a
    "valid" convolution does. `tubelets`: kernel (t, h, w, 3, width), bias (width,); `positions` (tokens, width).
    `gelu`: how often it is applied in each MLP (after the first product, or after both) and by which formula.
    """

    clip: tuple[int, int, int]
    tubelets: Linear
    positions: Floats
    blocks: tuple[Block, ...]
    norm: Norm
    head: Linear
    mlp_gelu: Literal["once", "twice"] = "once"
    gelu: Literal["exact", "tanh"] = "exact"
    activation: Activation = "logits"

    @property
    def tubelet(self) -> tuple[int, int, int]:
        """Pictures, rows and columns of one tubelet."""
        t, h, w = self.tubelets[0].shape[:3]
        return t, h, w

    @property
    def grid(self) -> tuple[int, int, int]:
        """How many whole tubelets a clip has in each direction."""
        t, h, w = (size // side for size, side in zip(self.clip, self.tubelet, strict=True))
        return t, h, w

    @property
    def outputs(self) -> int:
        """How many behaviours it answers for."""
        return len(self.head[1])

    @property
    def parameters(self) -> int:
        """How many numbers it has learnt."""
        norms = [self.norm, *(n for b in self.blocks for n in (b.norm_attention, b.norm_mlp))]
        linears = [self.tubelets, self.head]
        linears += [pair for b in self.blocks for pair in (b.query, b.key, b.value, b.output, b.mlp_in, b.mlp_out)]
        arrays = [
            self.positions,
            *(a for n in norms for a in (n.gamma, n.beta)),
            *(a for pair in linears for a in pair),
        ]
        return sum(array.size for array in arrays)


def of_keras(model: keras.Model, config: ViViTConfig) -> Weights:
    """The weights of `model`, a `vivit.build(config)`."""
    stored = {layer.name: [np.asarray(w, np.float32) for w in layer.get_weights()] for layer in model.layers}

    def linear(name: str) -> Linear:
        kernel, bias = stored[name]
        return kernel, bias

    def norm(name: str) -> Norm:
        return Norm(*linear(name), EPSILON)

    def block(i: int) -> Block:
        query, key, value, output = ((w, b) for w, b in zip(*[iter(stored[f"attention_{i}"])] * 2, strict=True))
        mlp_in, mlp_out = linear(f"mlp_in_{i}"), linear(f"mlp_out_{i}")
        return Block(norm(f"norm_attention_{i}"), query, key, value, output, norm(f"norm_mlp_{i}"), mlp_in, mlp_out)

    return Weights(
        clip=(config.frames, config.size, config.size),
        tubelets=linear("tubelets"),
        positions=stored["positions"][0],
        blocks=tuple(block(i) for i in range(config.depth)),
        norm=norm("norm_final"),
        head=linear("behaviours"),
    )


class _Graph:
    """Nodes and weights as they are added; every method gives the name of its result."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, value: Floats | list[int]) -> str:
        """A constant: weights in float32, shapes and sizes in int64."""
        kind = np.int64 if isinstance(value, list) else np.float32
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value, dtype=kind), name))
        return name

    def add(self, operator: str, *inputs: str, outputs: int = 1, **attributes: Any) -> list[str]:
        """One node; the names of its results."""
        names = [f"x{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(operator, inputs, names, **attributes))
        return names

    def reshape(self, x: str, shape: list[int]) -> str:
        """`x` in another shape; -1 is the batch."""
        return self.add("Reshape", x, self.weight(shape))[0]

    def linear(self, x: str, weights: Linear) -> str:
        """The product with the kernel, plus the bias."""
        kernel, bias = weights
        return self.add("Add", self.add("MatMul", x, self.weight(kernel))[0], self.weight(bias))[0]

    def norm(self, x: str, norm: Norm) -> str:
        """Layer normalisation over the width."""
        weights = (self.weight(norm.gamma), self.weight(norm.beta))
        return self.add("LayerNormalization", x, *weights, axis=-1, epsilon=norm.epsilon)[0]


def build(w: Weights) -> bytes:
    """`w` as ONNX: input "clip" (N, T, H, W, 3) as the model sees it, output "logits" or "probabilities" (N, C)."""
    g = _Graph()
    x = g.linear(_cubes(g, w), (w.tubelets[0].reshape(-1, len(w.tubelets[1])), w.tubelets[1] + w.positions))
    gelu: dict[str, Any] = {"approximate": "tanh"} if w.gelu == "tanh" else {}
    for block in w.blocks:
        y = _attention(g, g.norm(x, block.norm_attention), block)  # (N, 196, 128)
        x = g.add("Add", x, y)[0]
        y = g.linear(g.norm(x, block.norm_mlp), block.mlp_in)  # (N, 196, 512)
        y = g.linear(g.add("Gelu", y, **gelu)[0], block.mlp_out)  # (N, 196, 128)
        if w.mlp_gelu == "twice":
            y = g.add("Gelu", y, **gelu)[0]
        x = g.add("Add", x, y)[0]
    x = g.norm(x, w.norm)
    x = g.add("ReduceMean", x, g.weight([1]), keepdims=0)[0]  # (N, 128)
    head = [x, *(g.weight(part) for part in w.head)]
    g.nodes.append(helper.make_node("Gemm", head, ["logits"]))  # (N, 43)
    output = "logits"
    if w.activation != "logits":
        output = "probabilities"
        g.nodes.append(helper.make_node(w.activation.capitalize(), ["logits"], [output]))

    clip = helper.make_tensor_value_info("clip", TensorProto.FLOAT, ["N", *w.clip, 3])
    answer = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["N", w.outputs])
    graph = helper.make_graph(g.nodes, "vivit", [clip], [answer], g.weights)
    whole = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="viscreen"
    )
    onnx.checker.check_model(whole, full_check=True)
    return bytes(whole.SerializeToString(deterministic=True))


def _cubes(g: _Graph, w: Weights) -> str:
    """The clip cut into tubelets, one row of numbers for each: (N, 196, 1536)."""
    (t, h, wide), (kt, kh, kw) = w.grid, w.tubelet
    clip, whole = "clip", [t * kt, h * kh, wide * kw]
    if whole != list(w.clip):
        clip = g.add("Slice", clip, g.weight([0, 0, 0]), g.weight(whole), g.weight([1, 2, 3]))[0]
    x = g.reshape(clip, [-1, t, kt, h, kh, wide, kw, 3])  # (N, 4, 8, 7, 8, 7, 8, 3)
    x = g.add("Transpose", x, perm=[0, 1, 3, 5, 2, 4, 6, 7])[0]  # (N, 4, 7, 7, 8, 8, 8, 3)
    return g.reshape(x, [-1, math.prod(w.grid), math.prod(w.tubelet) * 3])


def _attention(g: _Graph, x: str, block: Block) -> str:
    """Self-attention (N, tokens, width) → (N, tokens, width); query, key and value are one product."""
    parts = (block.query, block.key, block.value)
    width, heads, _ = block.query[0].shape
    kernel = np.concatenate([kernel.reshape(width, -1) for kernel, _ in parts], 1)  # (128, 384)
    bias = np.concatenate([bias.reshape(-1) for _, bias in parts])  # (384,)
    x = g.linear(x, (kernel, bias))
    sizes = [bias.size for _, bias in parts]
    if len(set(sizes)) == 1:
        q, k, v = g.add("Split", x, outputs=3, axis=-1, num_outputs=3)  # 3 × (N, 196, 128)
    else:
        q, k, v = g.add("Split", x, g.weight(sizes), outputs=3, axis=-1)
    x = g.add("Attention", q, k, v, q_num_heads=heads, kv_num_heads=heads)[0]  # (N, 196, 128)
    return g.linear(x, (block.output[0].reshape(-1, width), block.output[1]))
