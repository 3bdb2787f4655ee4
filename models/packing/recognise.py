"""Tell whether a stored Keras model is a ViViT: its layers' arrays and its JSON go in, `graph.Weights` come out.

The family: tubelets by a convolution, a learned position for each, blocks of (normalisation, attention, sum,
normalisation, two dense layers with GELU, sum), a last normalisation, the mean over tokens, a dense layer. Sizes are
read from the arrays' shapes. With `config.json` the wiring is followed layer by layer; without it, the order of the
layers' numbers is what there is, and what arrays cannot tell has to be given as options.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from models.packing import wiring
from models.packing.graph import Activation, Block, Floats, Linear, Norm, Weights
from models.packing.weights import Arrays, Stored
from models.packing.wiring import Layout, Settings, refused
from screening.errors import N_, WrongUsage

OPTIONS = {
    "frames": "--frames", "size": "--size", "epsilon": "--epsilon",
    "mlp_gelu": "--mlp-gelu", "gelu": "--gelu", "activation": "--activation",
}  # fmt: skip
PARTS = {"query": (3, 2), "key": (3, 2), "value": (3, 2), "output": (3, 1)}
SILENT = {"inputlayer", "add", "dropout", "spatialdropout1d", "gaussiannoise", "globalaveragepooling1d", "reshape"}
"""Classes without weights that the family may hold."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the user says about the model; None: nothing. `size` is (height, width) in pixels."""

    frames: int | None = None
    size: tuple[int, int] | None = None
    epsilon: float | None = None
    mlp_gelu: Literal["once", "twice"] | None = None
    gelu: Literal["exact", "tanh"] | None = None
    activation: Activation | None = None


def recognise(stored: Stored, given: Given) -> Weights:
    """The ViViT in `stored`. WrongUsage, with one sentence that says what was found, when it is none."""
    name = stored.name
    if stored.config is None:
        layout = _by_number(stored)
        missing = [option for field, option in OPTIONS.items() if getattr(given, field) is None]
        if missing:
            raise WrongUsage(
                N_("“{name}” holds weights alone, which leave some things open: give {options}."),
                name=name, options=", ".join(missing),
            )  # fmt: skip
    else:
        layout = wiring.follow(stored.config, name)
    known = layout.settings

    def settle(field: str, value: Any) -> Any:
        said = getattr(given, field)
        # A model may leave the last step to whoever reads its answer.
        if None not in (said, value) and said != value and value != "logits":
            raise WrongUsage(
                N_("“{name}” says {known} where the option {option} says {said}. Leave the option out."),
                name=name, known=value, option=OPTIONS[field], said=said,
            )  # fmt: skip
        if said is None and value is None:
            raise WrongUsage(
                N_("“{name}” leaves open what the option {option} says. Give it."), name=name, option=OPTIONS[field]
            )
        return value if said is None else said

    epsilons = [settle("epsilon", value) for value in known.epsilons or (None,) * len(layout.norms)]
    arrays = _Arrays(stored.arrays, name)
    norms = [Norm(*arrays.pair(path, 1, 1), epsilon) for path, epsilon in zip(layout.norms, epsilons, strict=True)]
    tubelets, positions = arrays.embedding(layout.embedding)
    weights = Weights(
        clip=(settle("frames", known.frames), *settle("size", known.size)),
        tubelets=tubelets,
        positions=positions,
        blocks=tuple(
            Block(norms[2 * i], *arrays.attention(attention), norms[2 * i + 1], *map(arrays.dense, mlp))
            for i, (attention, mlp) in enumerate(zip(layout.attentions, layout.mlps, strict=True))
        ),
        norm=norms[-1],
        head=arrays.dense(layout.head),
        mlp_gelu=settle("mlp_gelu", known.mlp_gelu),
        # Keras writes the same word for both formulas and reads it back as the exact one.
        gelu=given.gelu or "exact",
        activation=settle("activation", known.activation),
    )
    _check_shapes(weights, name)
    return weights


# ---------------------------------------------------------------------------------------------- without config.json


def _by_number(stored: Stored) -> Layout:
    """The layout by the numbers in the layers' names: "dense_2" comes before "dense_10"."""
    paths = sorted(stored.arrays, key=_number)
    tops: dict[str, list[str]] = {}
    for top in dict.fromkeys(path.split("/")[0] for path in paths):
        tops.setdefault(_kind(top), []).append(top)
    norms, attentions = tops.pop("layernormalization", []), tops.pop("multiheadattention", [])
    dense, nested = tops.pop("dense", []), tops.pop("sequential", [])
    mlps = [path for path in paths if path.split("/")[0] in nested and stored.arrays[path]]
    if not nested:
        dense, mlps = dense[-1:], dense[:-1]
    embedding = [top for kind, group in tops.items() if kind not in SILENT for top in group]
    silent = next((top for top in embedding if not _below(stored.arrays, top)), None)
    if silent is not None:
        raise refused(stored.name, f"the layer “{silent}”")
    depth = len(attentions)
    if not depth or len(norms) != 2 * depth + 1 or len(mlps) != 2 * depth or len(dense) != 1:
        found = f"{depth} attentions, {len(norms)} normalisations and {len(mlps) + len(dense)} dense layers"
        raise refused(stored.name, found)
    pairs = tuple(zip(mlps[::2], mlps[1::2], strict=True))
    return Layout(tuple(embedding), tuple(attentions), pairs, tuple(norms), dense[0], Settings())


def _kind(group: str) -> str:
    """The class that a group is named after: "multi_head_attention_10" → "multiheadattention"."""
    return re.sub(r"_\d+$", "", group).replace("_", "").lower()


def _number(path: str) -> list[tuple[str, int]]:
    """Sorts by each part's name, then by its number."""
    parts = (re.fullmatch(r"(.*?)(?:_(\d+))?", part) for part in path.split("/"))
    return [(part[1], int((part[2] or "0")[:9])) for part in parts if part]


def _below(arrays: Arrays, top: str) -> list[tuple[str, Floats]]:
    """Every array of the layer at `top` and of the layers within it."""
    found = sorted((path for path in arrays if path == top or path.startswith(top + "/")), key=_number)
    return [(path, array) for path in found for array in arrays[path]]


# ---------------------------------------------------------------------------------------------- arrays by their role


class _Arrays:
    """The arrays of a file by the role that their layer has; what does not fit the role is refused."""

    def __init__(self, arrays: Arrays, name: str) -> None:
        self.arrays, self.name = arrays, name

    def pair(self, path: str, *ranks: int) -> tuple[Floats, Floats]:
        """The two arrays of a layer, of so many dimensions."""
        found = self.arrays.get(path, ())
        if tuple(array.ndim for array in found) != ranks:
            shapes = " and ".join(map(_shape, found)) or "no weights"
            raise refused(self.name, f"{shapes} in the layer “{path}”")
        return found[0], found[1]

    def dense(self, path: str) -> Linear:
        """Kernel (in, out) and bias (out,)."""
        return self.pair(path, 2, 1)

    def attention(self, path: str) -> tuple[Linear, Linear, Linear, Linear]:
        """The four products of an attention."""
        parts = {f"{path}/{part}_dense": ranks for part, ranks in PARTS.items()}
        strange = next((found for found, _ in _below(self.arrays, path) if found not in parts), None)
        if strange:
            raise refused(self.name, f"the weights “{strange}”")
        query, key, value, output = (self.pair(part, *ranks) for part, ranks in parts.items())
        return query, key, value, output

    def embedding(self, tops: Sequence[str]) -> tuple[Linear, Floats]:
        """The convolution that cuts tubelets, and the table of positions (tokens, width)."""
        found = [array for top in tops for _, array in _below(self.arrays, top)]
        by_rank = sorted(found, key=lambda array: -array.ndim)
        ranks = [array.ndim for array in by_rank]
        if ranks == [5, 3, 1] and len(by_rank[1]) == 1:  # a table with an axis for the batch
            return (by_rank[0], by_rank[2]), by_rank[1][0]
        if ranks != [5, 2, 1]:
            described = ", ".join(map(_shape, found)) or "nothing"
            raise refused(self.name, f"{described} before the first block, where tubelets and positions are expected")
        return (by_rank[0], by_rank[2]), by_rank[1]


def _check_shapes(w: Weights, name: str) -> None:
    """Refuse arrays that do not fit together, naming the first that does not."""
    width = len(w.tubelets[1])
    t, h, wide = w.tubelet
    expected: list[tuple[str, Floats, tuple[int, ...]]] = [
        ("tubelets", w.tubelets[0], (t, h, wide, 3, width)),
        ("last normalisation", w.norm.gamma, (width,)),
        ("last normalisation", w.norm.beta, (width,)),
        ("last layer", w.head[0], (width, len(w.head[1]))),
    ]
    for i, b in enumerate(w.blocks):
        heads, size = b.query[1].shape
        values = b.value[1].shape[1]
        mlp = len(b.mlp_in[1])
        expected += [(f"block {i}", a, (width,)) for n in (b.norm_attention, b.norm_mlp) for a in (n.gamma, n.beta)]
        expected += [(f"block {i}", kernel, (width, heads, size)) for kernel, _ in (b.query, b.key)]
        expected += [(f"block {i}", b.value[0], (width, heads, values)), (f"block {i}", b.key[1], (heads, size))]
        expected += [(f"block {i}", b.value[1], (heads, values)), (f"block {i}", b.output[0], (heads, values, width))]
        expected += [(f"block {i}", b.output[1], (width,)), (f"block {i}", b.mlp_in[0], (width, mlp))]
        expected += [(f"block {i}", b.mlp_out[0], (mlp, width)), (f"block {i}", b.mlp_out[1], (width,))]
    for where, array, shape in expected:
        if array.shape != shape or not array.size:
            raise refused(name, f"{_shape(array)} in the {where}, where {' × '.join(map(str, shape))} would fit")
    tokens = w.grid[0] * w.grid[1] * w.grid[2]
    if w.positions.shape != (tokens, width) or not tokens:
        raise WrongUsage(
            N_("“{name}” has {rows} positions, where a clip of {clip} in tubelets of {tubelet} has {tokens}."),
            name=name, rows=_shape(w.positions), tokens=f"{tokens} × {width}",
            clip=" × ".join(map(str, w.clip)), tubelet=" × ".join(map(str, w.tubelet)),
        )  # fmt: skip


def _shape(array: Floats) -> str:
    return " × ".join(map(str, array.shape)) or "one number"
