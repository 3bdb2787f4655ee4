"""Tiny real model packs for tests: the model tells a clip's colour, so its right answer is known without running it.

Label 1 means a red clip, 2 a green one, 3 a blue one, 0 anything else; the other labels never win. Whatever
conventions a pack states (colour order, value range, kind of output), its model is built to expect just those, so the
same clip must get the same answer from all of them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from screening import pack
from screening.pack import Golden, Pack
from screening.records import InputSpec, Label, OutputSpec, PackInfo

OTHER, RED, GREEN, BLUE = 0, 1, 2, 3
STRENGTH, DOUBT = 20.0, 4.0  # logit of a pure colour; of "anything else"


def tiny_info(**changes: Any) -> PackInfo:
    """What the tiny pack states. `input` and `output` may be dicts of the fields that change."""
    info = PackInfo(
        name="Tiny colours",
        version="1.0.0",
        licence="CC0-1.0",
        author="The ViScreen tests",
        intended_use="Tests of the program. It tells the colour of a clip and knows nothing of children.",
        age_range=(1.5, 6.0),
        label_set="viscreen-43",
        labels=tuple(
            Label(i, {"en": f"Behaviour {i}", "vi": f"Hành vi {i}"}, "tests", 0.5, trained=i != 10) for i in range(11)
        ),
        input=InputSpec(32, 56, 56, 15.0, 8, "RGB", (0.0, 1.0), "stretch", "black", "dynamic"),
        output=OutputSpec("softmax", 1.0, OTHER),
        training_data="None: its weights were written by hand.",
        simulated_only=True,
        performance=(),
        sha256="",
    )
    for spec in ("input", "output"):
        if isinstance(changes.get(spec), dict):
            changes[spec] = dataclasses.replace(getattr(info, spec), **changes[spec])
    return dataclasses.replace(info, **changes)


def tiny_clips(info: PackInfo) -> NDArray[np.uint8]:
    """Four clips uint8 (4, T, H, W, 3): red, green, blue and grey, each with a little noise."""
    noise = np.random.default_rng(7).integers(0, 25, (4, info.input.frames, info.input.height, info.input.width, 3))
    colours = np.array([(200, 20, 20), (20, 200, 20), (20, 20, 200), (120, 120, 120)])
    return (colours[:, None, None, None] + noise).astype(np.uint8)


def tiny_answer(frames: NDArray[np.uint8], info: PackInfo) -> NDArray[np.float32]:
    """The right probabilities (N, C), by the definition and not by ONNX."""
    logits = (frames.mean(axis=(1, 2, 3)) / 255) @ _weights(info) + _bias(info)
    logits /= info.output.temperature
    if info.output.kind == "sigmoid":
        return (1 / (1 + np.exp(-logits))).astype(np.float32)
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)


def tiny_model(info: PackInfo) -> onnx.ModelProto:
    """The model that gives `tiny_answer` under the conventions that `info` states."""
    low, high = info.input.value_range
    weights = _weights(info) / (high - low)
    bias = _bias(info) - low * weights.sum(axis=0)  # mean of 0–1 values = (mean of the model's values − low) / range
    if info.input.colour == "BGR":
        weights = weights[::-1]
    constants = {"axes": np.array([1, 2, 3], np.int64), "weights": np.float32(weights), "bias": np.float32(bias)}
    nodes = [
        helper.make_node("ReduceMean", ["clips", "axes"], ["colour"], keepdims=0),
        helper.make_node("MatMul", ["colour", "weights"], ["product"]),
        helper.make_node("Add", ["product", "bias"], ["logits"]),
        helper.make_node(
            {"softmax": "Softmax", "sigmoid": "Sigmoid", "logits": "Identity"}[info.output.kind], ["logits"], ["answer"]
        ),
    ]
    return onnx_model(nodes, constants, info)


def onnx_model(
    nodes: Sequence[onnx.NodeProto],
    constants: dict[str, NDArray[Any]],
    info: PackInfo,
    *,
    clip: Sequence[int | str] | None = None,
    answer: Sequence[int | str] | None = None,
) -> onnx.ModelProto:
    """A model from `clips` to `answer`; their shapes are those that `info` states unless given."""
    batch = 1 if info.input.batch == "single" else "batch"
    clip = clip or (batch, info.input.frames, info.input.height, info.input.width, 3)
    answer = answer or (batch, len(info.labels))
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("clips", TensorProto.FLOAT, clip)],
        [helper.make_tensor_value_info("answer", TensorProto.FLOAT, answer)],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def tiny_pack(folder: Path, **changes: Any) -> Path:
    """Write a sound pack into `folder` and return the folder; `changes` as for `write_tiny`."""
    return write_tiny(folder, **changes).folder


def write_tiny(
    folder: Path,
    *,
    model: onnx.ModelProto | None = None,
    answers: NDArray[np.float32] | None = None,
    card: str = "# Tiny colours\n\nFor tests.\n",
    **changes: Any,
) -> Pack:
    """Write a pack and return it as read back.

    `changes` as for `tiny_info`; `model` in place of the one that fits them; `answers` (4, C) in place of the right
    ones for `tiny_clips`.
    """
    info = tiny_info(**changes)
    clips = tiny_clips(info)
    golden = Golden(clips, tiny_answer(clips, info) if answers is None else answers)
    return pack.write(folder, info, (model or tiny_model(info)).SerializeToString(), golden, card)


def _weights(info: PackInfo) -> NDArray[np.float64]:
    """(3, C): each colour speaks for its own label and against the other two colours' labels."""
    weights = np.zeros((3, len(info.labels)))
    for channel in range(3):
        weights[:, channel + 1] = -STRENGTH / 2
        weights[channel, channel + 1] = STRENGTH
    return weights


def _bias(info: PackInfo) -> NDArray[np.float64]:
    bias = np.full(len(info.labels), -STRENGTH)
    bias[[RED, GREEN, BLUE]] = 0
    bias[OTHER] = DOUBT
    return bias
