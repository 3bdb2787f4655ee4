"""What a stranger's ONNX file contains: bytes come in, and what ViScreen does not run is refused with a sentence.

Allowed are the standard's own operators (domain `ai.onnx`) with every weight inside the file. Refused are external
data (a tensor may name any file, or any address in memory), every other operator domain (`com.microsoft` too: some of
its operators open files by name, and a pack should not depend on one runtime), functions that redefine operators,
training graphs, and operators that draw random numbers (a result must repeat exactly). The file is only parsed here;
`onnx.checker` can crash on a bad one and is never called.
"""

from __future__ import annotations

from collections.abc import Iterator

import onnx
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
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
    texts_are_valid = all(isinstance(text, str) for text in _texts(parsed.graph))  # invalid UTF-8 comes as bytes
    if not parsed.graph.node or not parsed.graph.output or not texts_are_valid:
        raise _no_model(name)
    if parsed.functions or parsed.training_info:
        raise PackRefused(
            N_("The model in “{name}” brings its own operators or a training graph. Export it for inference only."),
            name=name,
        )
    opset = max((entry.version for entry in parsed.opset_import if entry.domain in _STANDARD), default=0)
    if not 1 <= opset <= defs.onnx_opset_version():
        raise PackRefused(
            N_("The model in “{name}” follows version {opset} of the ONNX standard, which this program does not know."),
            name=name, opset=opset,
        )  # fmt: skip
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
    if node.domain not in _STANDARD or not _is_standard(node.op_type, opset):
        raise PackRefused(
            N_("The model in “{name}” uses the operator “{operator}”, which the ONNX standard does not know."),
            name=name, operator=operator,
        )  # fmt: skip
    if node.op_type in _RANDOM:
        raise PackRefused(
            N_("The model in “{name}” draws random numbers (“{operator}”), so its results would not repeat."),
            name=name, operator=operator,
        )  # fmt: skip


def _is_standard(operator: str | bytes, opset: int) -> bool:
    """Whether the standard's version `opset` has the operator."""
    try:
        return isinstance(operator, str) and not defs.get_schema(operator, opset, "").deprecated
    except defs.SchemaError:
        return False


def _texts(graph: onnx.GraphProto) -> Iterator[str | bytes]:
    """The names that the runtime hands back to us: of inputs, outputs and sizes left open."""
    for value in (*graph.input, *graph.output, *graph.value_info):
        yield value.name
        yield from (size.dim_param for size in value.type.tensor_type.shape.dim)


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
