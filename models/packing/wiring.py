"""Follow the wiring in a Keras model's `config.json` from its answer back to its clip, and say which layer does what.

The JSON is data from a stranger: classes are compared by name and never imported. What is wired in another way than
the family of `recognise` is refused with a sentence that says what was found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from screening.errors import N_, WrongUsage

ONLY_IN_TRAINING = {"Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout"}
GELU, LINEAR = "gelu", "linear"


@dataclass(frozen=True, slots=True)
class Settings:
    """What arrays cannot tell; None: unknown. `epsilons` for each normalisation in order."""

    frames: int | None = None
    size: tuple[int, int] | None = None
    epsilons: tuple[float, ...] = ()
    mlp_gelu: str | None = None
    activation: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of the layers by their roles, first block first; `norms` two for each block, then the last one."""

    embedding: tuple[str, ...]
    attentions: tuple[str, ...]
    mlps: tuple[tuple[str, str], ...]
    norms: tuple[str, ...]
    head: str
    settings: Settings


@dataclass(frozen=True, slots=True)
class _Layer:
    kind: str
    path: str  # of its arrays
    config: dict[str, Any]
    inputs: tuple[str, ...]  # names of layers
    options: dict[str, Any] = field(default_factory=dict)  # of its call


def refused(name: str, found: str) -> WrongUsage:
    """The error for a model that is no ViViT of the family."""
    return WrongUsage(
        N_("“{name}” is not a ViViT that can be converted: it has {found}. See models/README.md for what can."),
        name=name, found=found,
    )  # fmt: skip


def follow(config: dict[str, Any], name: str) -> Layout:
    """The layout of the model in `config`. WrongUsage when it is wired in another way."""
    try:
        return _Walk(config, name).layout()
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError) as error:
        raise WrongUsage(
            N_("The config.json of “{name}” is not one that Keras 3 writes. Save the model again."), name=name
        ) from error


class _Walk:
    """The layers of a functional model by name, and the way from its output to its input."""

    def __init__(self, config: dict[str, Any], name: str) -> None:
        self.name = name
        self.layers: dict[str, _Layer] = {}
        self.same: dict[str, str] = {}  # what a layer without effect, or a model within, hands on
        kind = str(config["class_name"])
        if kind not in ("Functional", "Model"):
            raise refused(name, f"the class “{kind}”, whose layers' order the file does not tell")
        model = config["config"]
        self._collect(model["layers"], "")
        outputs = _names(model["output_layers"])
        if len(outputs) != 1:
            raise refused(name, f"{len(outputs)} outputs")
        self.output = outputs[0]

    # ------------------------------------------------------------------------------------------ reading

    def _collect(self, layers: list[dict[str, Any]], prefix: str, given: tuple[str, ...] = ()) -> None:
        """Note every layer; those of a Sequential within get its name in front, and are fed one by the other."""
        counts: dict[str, int] = {}
        previous = given
        for layer in layers:
            kind, settings = str(layer["class_name"]), dict(layer["config"])
            # Keras names the group of a layer after its class and counts on; operations have no group.
            group = _snake(kind)
            if not str(layer.get("module")).startswith("keras.src.ops"):
                counts[group] = counts.get(group, -1) + 1
            path = prefix + (f"{group}_{counts[group]}" if counts.get(group) else group)
            nodes = layer.get("inbound_nodes", [])
            if len(nodes) > 1:
                raise refused(self.name, f"the layer “{settings.get('name', kind)}”, which is used twice")
            options = dict(nodes[0].get("kwargs", {})) if nodes else {}
            inputs = (*_names(nodes[0].get("args")), *_names(options)) if nodes else ()
            key = f"{prefix}{layer.get('name') or settings['name']}"
            if prefix:
                if kind == "InputLayer":
                    continue
                inputs, previous = previous, (key,)
            if kind == "Sequential":
                self._collect(settings["layers"], f"{path}/", inputs)
                last = settings["layers"][-1]
                self.same[key] = f"{path}/{last.get('name') or last['config']['name']}"
            elif kind in ONLY_IN_TRAINING:
                (self.same[key],) = inputs
            else:
                self.layers[key] = _Layer(kind, path, settings, inputs, options)

    def _at(self, key: str) -> _Layer:
        return self.layers[self._real(key)]

    def _real(self, key: str) -> str:
        for _ in range(len(self.same) + 1):
            if key not in self.same:
                return key
            key = self.same[key]
        raise ValueError("a circle of layers")

    def _only(self, layer: _Layer) -> str:
        """The name of the one layer that feeds `layer`."""
        feeding = {self._real(key) for key in layer.inputs}
        if len(feeding) != 1:
            raise refused(self.name, f"{len(feeding)} inputs of the layer “{layer.config.get('name')}”")
        return feeding.pop()

    def _expect(self, key: str, kind: str, where: str) -> _Layer:
        layer = self._at(key)
        if layer.kind != kind:
            raise refused(self.name, f"“{layer.kind}” {where}, where {kind} is expected")
        return layer

    # ------------------------------------------------------------------------------------------ following

    def layout(self) -> Layout:
        """From the answer back to the clip."""
        head = self._expect(self.output, "Dense", "at the end")
        pool = self._expect(self._only(head), "GlobalAveragePooling1D", "before the last layer")
        _need(self.name, pool, data_format="channels_last")
        last, x = self._norm(self._only(pool), "before the mean over tokens")
        attentions: list[str] = []
        mlps: list[tuple[str, str]] = []
        norms, gelus = [last], set()
        while self._at(x).kind == "Add":
            if len(mlps) > len(self.layers):
                raise ValueError("a circle of layers")
            mlp, attention, pair, gelu, x = self._block(x)
            attentions.insert(0, attention)
            mlps.insert(0, mlp)
            norms[:0] = pair
            gelus.add(gelu)
        if len(gelus) != 1:
            raise refused(self.name, "blocks with GELU once and twice" if gelus else "no block")
        embedding, clip = self._embedding(x)
        settings = Settings(
            frames=clip[0],
            size=(clip[1], clip[2]) if clip[1] and clip[2] else None,
            epsilons=tuple(float(norm.config["epsilon"]) for norm in norms),
            mlp_gelu=gelus.pop(),
            activation=self._activation(head, {"softmax": "softmax", "sigmoid": "sigmoid", LINEAR: "logits"}),
        )
        paths = tuple(norm.path for norm in norms)
        return Layout(embedding, tuple(attentions), tuple(mlps), paths, head.path, settings)

    def _block(self, key: str) -> tuple[tuple[str, str], str, tuple[_Layer, _Layer], str, str]:
        """One block that ends in the sum `key`: its layers' paths, and the name of what goes into it."""
        out, middle = self._branch(key, "Dense")
        mlp_out = self._at(out)
        mlp_in = self._expect(self._only(mlp_out), "Dense", "as first layer of an MLP")
        norm_mlp, before = self._norm(self._only(mlp_in), "before an MLP")
        if before != middle or self._at(middle).kind != "Add":
            raise refused(self.name, "an MLP that is not added to what goes into it")
        self._activation(mlp_in, {GELU: GELU})
        gelu = self._activation(mlp_out, {GELU: "twice", LINEAR: "once"})
        attended, x = self._branch(middle, "MultiHeadAttention")
        attention = self._at(attended)
        if any(value for option, value in attention.options.items() if _says(option, value)):
            raise refused(self.name, "an attention with a mask")
        _need(self.name, attention, use_bias=True, output_shape=None)
        if attention.config.get("attention_axes") not in (None, 1, [1]):
            raise refused(self.name, f"an attention over the axes {attention.config['attention_axes']}")
        norm_attention, before = self._norm(self._only(attention), "before an attention")
        if before != x:
            raise refused(self.name, "an attention that is not added to what goes into it")
        return (mlp_in.path, mlp_out.path), attention.path, (norm_attention, norm_mlp), gelu, x

    def _branch(self, key: str, kind: str) -> tuple[str, str]:
        """The two inputs of a sum: the layer of class `kind`, and the other."""
        inputs = [self._real(name) for name in self._at(key).inputs]
        branch = [name for name in inputs if self._at(name).kind == kind]
        if len(inputs) != 2 or len(branch) != 1:
            kinds = " and ".join(sorted(self._at(name).kind for name in inputs))
            raise refused(self.name, f"a sum of {kinds}, where one of two is expected to be {kind}")
        inputs.remove(branch[0])
        return branch[0], inputs[0]

    def _norm(self, key: str, where: str) -> tuple[_Layer, str]:
        layer = self._expect(key, "LayerNormalization", where)
        _need(self.name, layer, center=True, scale=True, rms_scaling=False)
        if layer.config.get("axis", [-1]) not in (-1, [-1], 2, [2]):
            raise refused(self.name, f"a normalisation over the axes {layer.config['axis']}")
        return layer, self._only(layer)

    def _activation(self, layer: _Layer, known: dict[str, str]) -> str:
        stated = layer.config.get("activation") or LINEAR
        word = stated if isinstance(stated, str) else stated.get("registered_name") or stated.get("config")
        if not isinstance(word, str) or word not in known:
            raise refused(self.name, f"the activation “{str(word)[:40]}” in the layer “{layer.config.get('name')}”")
        return known[word]

    def _embedding(self, key: str) -> tuple[tuple[str, ...], tuple[int | None, ...]]:
        """The layers between the clip and the first block, and the size of the clip."""
        paths: list[str] = []
        layer = self._at(key)
        while layer.kind != "InputLayer":
            if layer.kind == "Conv3D":
                strides = layer.config["kernel_size"]
                _need(self.name, layer, strides=strides, padding="valid", use_bias=True, activation=LINEAR)
                _need(self.name, layer, dilation_rate=[1, 1, 1], groups=1, data_format="channels_last")
            paths.insert(0, layer.path)
            if len(paths) > 4:
                raise refused(self.name, f"more than {len(paths) - 1} layers before the first block")
            layer = self._at(self._only(layer))
        shape = layer.config.get("batch_shape") or layer.config["batch_input_shape"]
        if len(shape) != 5 or shape[4] != 3:
            raise refused(self.name, f"an input of {shape}, where clips of colour pictures are expected")
        return tuple(paths), tuple(None if size is None else int(size) for size in shape[1:4])


def _need(name: str, layer: _Layer, **expected: Any) -> None:
    """Refuse a layer whose settings in `config.json` are others than these."""
    for option, value in expected.items():
        stated = layer.config.get(option, value)
        if stated != value:
            raise refused(name, f"{option} = {str(stated)[:40]} in the layer “{layer.config.get('name')}”")


def _says(option: str, value: Any) -> bool:
    """Whether an option of an attention's call changes its answer."""
    return option in ("attention_mask", "query_mask", "value_mask", "key_mask", "use_causal_mask") and bool(value)


def _names(value: Any) -> list[str]:
    """The layers whose results are in the arguments of a call or in a list of outputs, in order."""
    if isinstance(value, dict):
        if value.get("class_name") == "__keras_tensor__":
            return [str(value["config"]["keras_history"][0])]
        return [name for inner in value.values() for name in _names(inner)]
    if isinstance(value, list):
        if len(value) == 3 and isinstance(value[0], str):  # [name, 0, 0]
            return [value[0]]
        return [name for inner in value for name in _names(inner)]
    return []


def _snake(kind: str) -> str:
    """A class's name as Keras names a group after it: "MultiHeadAttention" → "multi_head_attention"."""
    words = re.sub(r"(?<=.)(?=[A-Z][a-z])", "_", re.sub(r"\W", "", kind))
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", words).lower()
