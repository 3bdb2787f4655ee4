"""The ViViT as an ONNX graph: a Keras model's weights go in, the bytes of a model file come out, for any batch size.

Written by hand as reshapes and matrix products. PyTorch's own exporter keeps the convolution and the einsums of the
Keras layers, and ran about twice as long in ONNX Runtime on the same processor.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from models.vivit import EPSILON, ViViTConfig

OPSET = 23  # the first with the standard Attention operator
IR_VERSION = 11  # what ONNX Runtime 1.31 reads

Floats = NDArray[np.float32]


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

    def linear(self, x: str, kernel: Floats, bias: Floats) -> str:
        """The product with `kernel`, plus `bias`."""
        return self.add("Add", self.add("MatMul", x, self.weight(kernel))[0], self.weight(bias))[0]

    def norm(self, x: str, weights: list[Floats]) -> str:
        """Layer normalisation over the width."""
        gamma, beta = weights
        return self.add("LayerNormalization", x, self.weight(gamma), self.weight(beta), axis=-1, epsilon=EPSILON)[0]


def build(model: keras.Model, config: ViViTConfig) -> bytes:
    """`model`, a `vivit.build(config)`, as ONNX: input "clip" (N, T, H, W, 3) in 0–1, output "logits" (N, outputs)."""
    c, g = config, _Graph()
    weights = {layer.name: [np.asarray(w) for w in layer.get_weights()] for layer in model.layers}
    k, side = c.tubelet, c.size // c.tubelet
    kernel, bias = weights["tubelets"]
    x = g.reshape("clip", [-1, c.frames // k, k, side, k, side, k, 3])  # (N, 4, 8, 7, 8, 7, 8, 3)
    x = g.add("Transpose", x, perm=[0, 1, 3, 5, 2, 4, 6, 7])[0]  # (N, 4, 7, 7, 8, 8, 8, 3)
    x = g.reshape(x, [-1, c.tokens, k**3 * 3])  # (N, 196, 1536)
    x = g.linear(x, kernel.reshape(-1, c.width), bias + weights["positions"][0])  # (N, 196, 128)
    for i in range(c.depth):
        y = _attention(g, g.norm(x, weights[f"norm_attention_{i}"]), weights[f"attention_{i}"], c)
        x = g.add("Add", x, y)[0]
        y = g.linear(g.norm(x, weights[f"norm_mlp_{i}"]), *weights[f"mlp_in_{i}"])  # (N, 196, 512)
        y = g.linear(g.add("Gelu", y)[0], *weights[f"mlp_out_{i}"])  # (N, 196, 128)
        x = g.add("Add", x, y)[0]
    x = g.norm(x, weights["norm_final"])
    x = g.add("ReduceMean", x, g.weight([1]), keepdims=0)[0]  # (N, 128)
    g.nodes.append(helper.make_node("Gemm", [x, *(g.weight(w) for w in weights["behaviours"])], ["logits"]))  # (N, 43)

    clip = helper.make_tensor_value_info("clip", TensorProto.FLOAT, ["N", c.frames, c.size, c.size, 3])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", c.outputs])
    graph = helper.make_graph(g.nodes, "vivit", [clip], [logits], g.weights)
    whole = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="viscreen"
    )
    onnx.checker.check_model(whole, full_check=True)
    return bytes(whole.SerializeToString(deterministic=True))


def _attention(g: _Graph, x: str, weights: list[Floats], c: ViViTConfig) -> str:
    """Self-attention (N, tokens, width) → (N, tokens, width); query, key and value are one product."""
    kernels, biases = weights[0:6:2], weights[1:6:2]
    kernel = np.concatenate([w.reshape(c.width, c.width) for w in kernels], 1)  # (128, 384)
    bias = np.concatenate([b.reshape(c.width) for b in biases])  # (384,)
    q, k, v = g.add("Split", g.linear(x, kernel, bias), outputs=3, axis=-1, num_outputs=3)  # 3 × (N, 196, 128)
    x = g.add("Attention", q, k, v, q_num_heads=c.heads, kv_num_heads=c.heads)[0]  # (N, 196, 128)
    return g.linear(x, weights[6].reshape(c.width, c.width), weights[7])
