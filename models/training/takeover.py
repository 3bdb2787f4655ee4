"""Start from what another model learnt: a pack or a .keras file goes in, its weights go into a model of the same size.

Only the head may differ. A label that both know by its English name keeps its row of the head; a label that is new, or
of which the other model never had a clip, starts afresh. Temperature and thresholds are found again at export.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from models import vivit
from models.data.dataset import LabelRow
from models.packing import graph
from models.vivit import ViViTConfig
from screening import pack as packs
from screening.errors import N_, WrongUsage

SILENT = -1e4  # the logit of a label without clips: its probability is exactly 0
HEAD = "behaviours"

Arrays = dict[str, list[NDArray[np.float32]]]


@dataclass(frozen=True, slots=True)
class Source:
    """Another model: `arrays` by Keras layer, and the label of each output.

    `names` None: the file does not tell. `trained`: which outputs had clips (outputs,).
    """

    arrays: Arrays
    names: tuple[str, ...] | None
    trained: NDArray[np.bool_]


def name_of(row: LabelRow) -> str:
    """What a label is known by in another set."""
    return row.en or row.vi


def silence(model: keras.Model, labels: Sequence[int]) -> None:
    """Give `labels` the constant logit `SILENT`. No loss reaches it, and kernels of zeros do not decay: it stays."""
    head = model.get_layer(HEAD)
    kernel, bias = (np.array(w) for w in head.get_weights())
    kernel[:, labels], bias[labels] = 0.0, SILENT
    head.set_weights([kernel, bias])


def take_over(model: keras.Model, source: Source, labels: Sequence[LabelRow], name: str) -> list[int]:
    """Put the weights of `source` into `model`; the ids of the labels whose rows of the head came along.

    WrongUsage when the two are not of the same size, whatever their heads.
    """
    layers = [layer for layer in model.layers if layer.get_weights() and layer.name != HEAD]
    theirs = {layer: [w.shape for w in arrays] for layer, arrays in source.arrays.items() if arrays and layer != HEAD}
    if theirs != {layer.name: [w.shape for w in layer.get_weights()] for layer in layers}:
        raise WrongUsage(
            N_("The model in “{name}” is built differently from the one to be trained. Leave --init out."), name=name
        )
    for layer in layers:
        layer.set_weights(source.arrays[layer.name])
    kernel, bias = (np.array(w) for w in model.get_layer(HEAD).get_weights())
    old_kernel, old_bias = source.arrays[HEAD]
    names = source.names
    if names is None:  # a bare file of as many outputs is taken to be of the same labels
        names = tuple(name_of(row) for row in labels) if len(labels) == len(old_bias) else ()
    column = {label: i for i, label in enumerate(names) if source.trained[i]}
    taken = [row.id for row in labels if name_of(row) in column]
    from_ = [column[name_of(labels[id_])] for id_ in taken]
    kernel[:, taken], bias[taken] = old_kernel[:, from_], old_bias[from_]
    model.get_layer(HEAD).set_weights([kernel, bias])
    return taken


# ---------------------------------------------------------------------------------------------- what others wrote


def read(given: str) -> Source:
    """The model of a pack (folder, .vspack or name) or of a .keras file. WrongUsage or PackRefused when it has none."""
    return _keras_file(Path(given)) if given.endswith(".keras") else _pack(given)


def _keras_file(path: Path) -> Source:
    """A file of this lab; the `run.json` beside it, if there is one, knows its labels."""
    try:
        model = keras.saving.load_model(path, compile=False)
        arrays = {layer.name: [np.asarray(w) for w in layer.get_weights()] for layer in model.layers}
        _, bias = arrays[HEAD]
        described = path.with_name("run.json")
        run = json.loads(described.read_text(encoding="utf-8")) if described.is_file() else None
        names = tuple(row["en"] or row["vi"] for row in run["labels"]) if run else None
    except (OSError, ValueError, TypeError, KeyError, zipfile.BadZipFile) as error:
        raise WrongUsage(
            N_("“{name}” does not hold a model of this lab. Give a pack or a .keras file of models.train."),
            name=str(path),
        ) from error
    return Source(arrays, names if names and len(names) == len(bias) else None, bias != SILENT)


def _pack(given: str) -> Source:
    pack = packs.read(packs.find(given))
    try:
        arrays = read_graph(pack.model)
    except (ValueError, IndexError, StopIteration) as error:
        raise WrongUsage(
            N_("The model of the pack “{name}” was not built by this lab, so training cannot start from it."),
            name=given,
        ) from error
    clip, (kernel, bias) = pack.info.input, arrays["tubelets"]
    if clip.colour == "BGR":
        kernel = kernel[:, :, :, ::-1]
    # The lab shows its models values from 0 to 1: x · (high − low) + low is what the pack's model expects.
    low, high = clip.value_range
    bias = bias + np.float32(low) * kernel.sum((0, 1, 2, 3))
    arrays["tubelets"] = [kernel * np.float32(high - low), bias]
    trained = np.array([label.trained for label in pack.info.labels])
    return Source(arrays, tuple(label.name("en") for label in pack.info.labels), trained & (arrays[HEAD][1] != SILENT))


def read_graph(content: bytes) -> Arrays:
    """The weights in an ONNX file of `graph.build`, by Keras layer; the tubelets' bias lies in the positions.

    ValueError, IndexError or StopIteration when the file is not of that shape.
    """
    whole = onnx.load_from_string(content).graph
    stored = [numpy_helper.to_array(tensor) for tensor in whole.initializer]
    floats = iter([array for array in stored if array.dtype == np.float32])
    heads = [
        a.i for node in whole.node if node.op_type == "Attention" for a in node.attribute if a.name == "q_num_heads"
    ]
    grid = [int(n) for n in stored[0]]  # (-1, 4, 8, 7, 8, 7, 8, 3)
    kernel = next(floats)  # (1536, 128)
    k, width = grid[2], kernel.shape[1]
    arrays: Arrays = {
        "tubelets": [kernel.reshape(k, k, k, 3, width), np.zeros(width, np.float32)],
        "positions": [next(floats)],
    }
    for i, count in enumerate(heads):
        arrays[f"norm_attention_{i}"] = [next(floats), next(floats)]
        kernels, biases = np.split(next(floats), 3, axis=1), np.split(next(floats), 3)
        arrays[f"attention_{i}"] = [
            part
            for kernel, bias in zip(kernels, biases, strict=True)
            for part in (kernel.reshape(width, count, -1), bias.reshape(count, -1))
        ]
        arrays[f"attention_{i}"] += [next(floats).reshape(count, -1, width), next(floats)]
        arrays[f"norm_mlp_{i}"] = [next(floats), next(floats)]
        arrays[f"mlp_in_{i}"] = [next(floats), next(floats)]
        arrays[f"mlp_out_{i}"] = [next(floats), next(floats)]
    arrays["norm_final"] = [next(floats), next(floats)]
    arrays[HEAD] = [next(floats), next(floats)]
    config = ViViTConfig(
        frames=grid[1] * k, size=grid[3] * k, tubelet=k, width=width, depth=len(heads), heads=heads[0],
        mlp=len(arrays["mlp_in_0"][1]), outputs=len(arrays[HEAD][1]),
    )  # fmt: skip
    model = vivit.build(config)
    for name, weights in arrays.items():
        model.get_layer(name).set_weights(weights)
    # The very graph that these weights give, but for a softmax at its end: nothing in the file went unread.
    again = onnx.load_from_string(graph.build(graph.of_keras(model, config))).graph
    calculation = [[(node.op_type, list(node.attribute)) for node in nodes] for nodes in (again.node, whole.node)]
    if calculation[0] != calculation[1][: len(again.node)] or len(whole.node) > len(again.node) + 1:
        raise ValueError("another calculation than the lab's")
    return arrays
