"""What a stranger's ONNX file contains: bytes come in, and what ViScreen does not run is refused with a sentence.

Allowed are the standard's own operators (domain `ai.onnx`) with every weight inside the file. Refused are external
data (a tensor may name any file, or any address in memory), every other operator domain (`com.microsoft` too: some of
its operators open files by name, and a pack should not depend on one runtime), functions that redefine operators,
training graphs, settings for the runtime hidden in the metadata, and operators that draw random numbers (a result
must repeat exactly). The file is only parsed here; `onnx.checker` can crash on a bad one and is never called.
"""

from __future__ import annotations

from collections.abc import Iterator

import onnx
from google.protobuf.message import DecodeError
from onnx import defs

from screening.errors import N_, PackRefused

_RANDOM = {"RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli"}
_STANDARD = ("", "ai.onnx")


def check(model: bytes, name: str) -> None:
    """Refuse (`PackRefused`) the ONNX file `model` of the pack `name` if it holds what a pack may not."""
    try:
        parsed = onnx.load_model_from_string(model)
    except DecodeError as error:
        raise _no_model(name) from error
    if not parsed.graph.node or not parsed.graph.output:
        raise _no_model(name)
    if parsed.functions or parsed.training_info:
        raise PackRefused(
            N_("The model in “{name}” brings its own operators or a training graph. Export it for inference only."),
            name=name,
        )
    if any(entry.key == "ort_config" for entry in parsed.metadata_props):
        raise PackRefused(
            N_("The model in “{name}” tries to change how the program runs it. Ask its maker for a plain export."),
            name=name,
        )
    opset = max((entry.version for entry in parsed.opset_import if entry.domain in _STANDARD), default=0)
    for graph in _graphs(parsed.graph):
        if any(tensor.external_data or tensor.data_location for tensor in _tensors(graph)):
            raise PackRefused(
                N_("The model in “{name}” keeps weights outside of its file. Export it again with all weights inside."),
                name=name,
            )
        for node in graph.node:
            _check_node(node, opset, name)


def _check_node(node: onnx.NodeProto, opset: int, name: str) -> None:
    operator = node.op_type if node.domain in _STANDARD else f"{node.domain}.{node.op_type}"
    try:
        known = node.domain in _STANDARD and not defs.get_schema(node.op_type, opset, "").deprecated
    except defs.SchemaError:
        known = False
    if not known:
        raise PackRefused(
            N_("The model in “{name}” uses the operator “{operator}”, which is not part of the ONNX standard it names."),
            name=name, operator=operator,
        )  # fmt: skip
    if node.op_type in _RANDOM:
        raise PackRefused(
            N_("The model in “{name}” draws random numbers (“{operator}”), so its results would not repeat."),
            name=name, operator=operator,
        )  # fmt: skip


def _graphs(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    """The graph and every graph inside its nodes (bodies of If, Loop, Scan), whatever their attribute's type claims."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from _graphs(attribute.g)
            for inner in attribute.graphs:
                yield from _graphs(inner)


def _tensors(graph: onnx.GraphProto) -> Iterator[onnx.TensorProto]:
    """Every tensor that the graph itself holds: weights, and constants in the attributes of its nodes."""
    sparse = list(graph.sparse_initializer)
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            yield attribute.t
            yield from attribute.tensors
            sparse += [attribute.sparse_tensor, *attribute.sparse_tensors]
    for tensor in sparse:
        yield tensor.values
        yield tensor.indices


def _no_model(name: str) -> PackRefused:
    return PackRefused(
        N_("The file model.onnx in “{name}” holds no readable ONNX model. Ask its maker for a correct one."), name=name
    )
