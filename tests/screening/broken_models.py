"""Ways to break a sound tiny pack's model: graphs that are refused unread, and models that break a promise when loaded.

As in `broken_packs`: kind of refusal → (words of its sentence, ways); each way takes the folder of a sound pack.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.screening.broken_packs import SMALL, Broken, replaced
from tests.screening.packs import onnx_model, tiny_answer, tiny_clips, tiny_info, tiny_model, tiny_pack


def graph(folder: Path, change: Callable[[onnx.ModelProto], object]) -> Path:
    model = tiny_model(tiny_info(input=SMALL))
    change(model)
    return replaced(folder, "model.onnx", model.SerializeToString())


def external(tensor: TensorProto) -> None:
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../secret")


def external_in_attribute(model: onnx.ModelProto) -> None:
    constant = helper.make_node("Constant", [], ["bias"], value=model.graph.initializer.pop())
    external(constant.attribute[0].t)
    model.graph.node.insert(0, constant)


def external_in_subgraph(model: onnx.ModelProto) -> None:
    weight = numpy_helper.from_array(np.zeros(1, np.float32), "hidden")
    external(weight)
    value = helper.make_tensor_value_info("hidden", TensorProto.FLOAT, [1])
    branch = helper.make_graph([], "branch", [], [value], [weight])
    inner = helper.make_node("If", ["condition"], ["unused"], then_branch=branch, else_branch=branch)
    deeper = helper.make_graph([inner], "deeper", [], [value])
    model.graph.node.append(helper.make_node("If", ["condition"], ["x"], then_branch=deeper, else_branch=deeper))


def external_sparse(model: onnx.ModelProto) -> None:
    external(model.graph.sparse_initializer.add().values)


def operator(name: str, domain: str = "") -> Callable[[onnx.ModelProto], object]:
    return lambda model: model.graph.node.append(helper.make_node(name, ["logits"], ["more"], domain=domain))


def local_function(model: onnx.ModelProto) -> None:
    model.functions.add(name="Softmax", domain="")


BROKEN_GRAPHS: dict[str, tuple[str, list[Broken]]] = {
    "no ONNX": (
        "no readable ONNX model",
        [
            lambda p: replaced(p, "model.onnx", b"garbage"),
            lambda p: replaced(p, "model.onnx", b""),
            lambda p: replaced(p, "model.onnx", (p / "model.onnx").read_bytes()[:200]),
        ],
    ),
    "external data": (
        "outside of its file",
        [
            lambda p: graph(p, lambda model: external(model.graph.initializer[1])),
            lambda p: graph(p, external_in_attribute),
            lambda p: graph(p, external_in_subgraph),
            lambda p: graph(p, external_sparse),
        ],
    ),
    "unknown operator": (
        "ONNX standard does not know",
        [
            lambda p: graph(p, operator("Diagnose")),
            lambda p: graph(p, operator("EPContext", "com.microsoft")),
            lambda p: graph(p, operator("Softmax", "org.stranger")),
            lambda p: graph(p, operator("Upsample")),  # long withdrawn from the standard
        ],
    ),
    "unknown version of ONNX": (
        "of the ONNX standard, which this program does not know",
        [
            lambda p: graph(p, lambda model: model.ClearField("opset_import")),
            lambda p: graph(p, lambda model: setattr(model.opset_import[0], "version", 2**40)),
        ],
    ),
    "random operator": ("draws random numbers", [lambda p: graph(p, operator("RandomNormalLike"))]),
    "own operators": (
        "brings its own operators",
        [lambda p: graph(p, local_function), lambda p: graph(p, lambda model: model.training_info.add())],
    ),
}


def constant_answer(row: list[float], **shapes: Any) -> onnx.ModelProto:
    """A model that answers with the same row for every clip: the clips' mean, times nothing, plus the row."""
    nodes = [
        helper.make_node("ReduceMean", ["clips", "axes"], ["mean"], keepdims=0),
        helper.make_node("MatMul", ["mean", "nothing"], ["zeros"]),
        helper.make_node("Add", ["zeros", "row"], ["answer"]),
    ]
    constants = {
        "axes": np.array([1, 2, 3]),
        "nothing": np.zeros((3, len(row)), np.float32),
        "row": np.array(row, np.float32),
    }
    return onnx_model(nodes, constants, tiny_info(input=SMALL), **shapes)


def answering(row: list[float], kind: str = "softmax") -> Broken:
    return lambda p: tiny_pack(p, model=constant_answer(row), input=SMALL, output={"kind": kind})


def promising(**spec: Any) -> Broken:
    """A sound model under a manifest that promises other clips than the model takes."""
    return lambda p: tiny_pack(p, model=tiny_model(tiny_info(input=SMALL)), input=SMALL | spec)


def modelled(change: Callable[[onnx.ModelProto], object]) -> Broken:
    def broken(folder: Path) -> Path:
        model = tiny_model(tiny_info(input=SMALL))
        change(model)
        return tiny_pack(folder, model=model, input=SMALL)

    return broken


def wrong_golden(folder: Path) -> Path:
    info = tiny_info(input=SMALL)
    answers = tiny_answer(tiny_clips(info), info)
    answers[2] = np.roll(answers[2], 1)  # class k + 1 for class k
    return tiny_pack(folder, answers=answers, input=SMALL)


def other_weights(model: onnx.ModelProto) -> None:
    weights = numpy_helper.to_array(model.graph.initializer[1]) * np.float32(0.6)
    model.graph.initializer[1].CopyFrom(numpy_helper.from_array(weights, "weights"))


def second_output(model: onnx.ModelProto) -> None:
    model.graph.output.append(helper.make_tensor_value_info("logits", TensorProto.FLOAT, None))


def wrong_types(model: onnx.ModelProto) -> None:
    model.graph.initializer[1].data_type = TensorProto.INT32


def double_precision(model: onnx.ModelProto) -> None:
    model.graph.input[0].type.tensor_type.elem_type = TensorProto.DOUBLE
    model.graph.node[0].input[0] = "cast"
    model.graph.node.insert(0, helper.make_node("Cast", ["clips"], ["cast"], to=TensorProto.FLOAT))


def a_row_for_each_frame(model: onnx.ModelProto) -> None:
    model.graph.initializer[0].CopyFrom(numpy_helper.from_array(np.array([2, 3]), "axes"))
    model.graph.output[0].type.tensor_type.ClearField("shape")


def look_up_beyond_the_end(model: onnx.ModelProto) -> None:
    """Which entry is looked up depends on the clip, so nothing shows before it runs."""
    nodes = [
        helper.make_node("ReduceMax", ["clips"], ["brightest"], keepdims=0),
        helper.make_node("Mul", ["brightest", "thousand"], ["many"]),
        helper.make_node("Cast", ["many"], ["index"], to=TensorProto.INT64),
        helper.make_node("Gather", ["bias", "index"], ["found"]),
        helper.make_node("Mul", ["answer", "found"], ["late"]),
    ]
    model.graph.node.extend(nodes)
    model.graph.initializer.append(numpy_helper.from_array(np.array(1000, np.float32), "thousand"))
    model.graph.output[0].name = "late"


def unsized_answer_of_ten(folder: Path) -> Path:
    """The model leaves the number of its answers open; only the run shows that one is missing."""
    model = constant_answer([0.1] * 10, answer=["batch", "labels"])
    picked = helper.make_node("Compress", ["answer", "flags"], ["picked"], axis=1)
    model.graph.node.append(picked)
    model.graph.initializer.append(numpy_helper.from_array(np.ones(10, np.bool_), "flags"))
    model.graph.output[0].name = "picked"
    return tiny_pack(folder, model=model, input=SMALL)


def always_one_row(folder: Path) -> Path:
    nodes = [helper.make_node("ReduceMean", ["clips", "axes"], ["mean"], keepdims=1),
             helper.make_node("Reshape", ["mean", "shape"], ["flat"]),
             helper.make_node("MatMul", ["flat", "weights"], ["answer"])]  # fmt: skip
    constants = {
        "axes": np.arange(5),
        "shape": np.array([-1, 1]),
        "weights": np.full((1, 11), 1 / 11, np.float32),
    }
    return tiny_pack(folder, model=onnx_model(nodes, constants, tiny_info(input=SMALL)), input=SMALL)


EVEN = [1 / 11] * 11
BROKEN_MODELS: dict[str, tuple[str, list[Broken]]] = {
    "wrong input shape": (
        "where pack.json promises clips of",
        [
            promising(frames=8),
            promising(width=24, height=24),
            modelled(lambda model: model.graph.input[0].type.tensor_type.shape.dim.pop()),
            modelled(double_precision),
            modelled(lambda model: model.graph.input.append(helper.make_tensor_value_info("more", 1, [1]))),
        ],
    ),
    "wrong batch": (
        "clips at a time",
        [
            lambda p: tiny_pack(p, model=tiny_model(tiny_info(input=SMALL | {"batch": "single"})), input=SMALL),
            lambda p: tiny_pack(
                p, model=constant_answer(EVEN, clip=[2, 4, 16, 16, 3]), input=SMALL | {"batch": "single"}
            ),
        ],
    ),
    "wrong output shape": (
        "where one row of numbers",
        [
            modelled(a_row_for_each_frame),
            modelled(second_output),
        ],
    ),
    "missing label": (
        "but its model answers for",
        [
            lambda p: tiny_pack(
                p, labels=tiny_info().labels[:10], model=tiny_model(tiny_info(input=SMALL)), input=SMALL
            ),
            answering([0.1] * 10),
            answering([1 / 12] * 12),
            unsized_answer_of_ten,
        ],
    ),
    "other number of rows": ("numbers for 4 clips", [always_one_row]),
    "not a number": ("something that is no number", [answering([float("nan")] * 11), answering([float("inf")] * 11)]),
    "not probabilities": (
        "no probabilities",
        [answering([2.0] + [0.0] * 10), answering([-1.0] + [0.0] * 10), answering([7.0] * 11, "sigmoid")],
    ),
    "does not add up": ("add up to one", [answering([0.5] * 11), answering([0.0] * 11)]),
    "wrong golden answer": (
        "does not give the answer stored",
        [wrong_golden, modelled(other_weights), answering(EVEN), answering(EVEN, "logits")],
    ),
    "cannot be loaded": (
        "cannot be loaded",
        [
            modelled(wrong_types),
            modelled(lambda model: model.graph.node.pop(0)),
            modelled(lambda model: setattr(model, "ir_version", 99)),
        ],
    ),
    "fails while running": (
        "failed while it ran",
        [modelled(look_up_beyond_the_end)],
    ),
}
