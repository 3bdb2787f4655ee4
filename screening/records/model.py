"""The model: its labels, what it is given, what it answers, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Label:
    """One behaviour of a model pack. `trained` is false when the model has had no clip of it."""

    id: int
    names: dict[str, str]
    group: str
    threshold: float
    trained: bool = True

    def name(self, language: str) -> str:
        """The behaviour's name in `language`, else in English, else the first that there is."""
        return self.names.get(language) or self.names.get("en") or next(iter(self.names.values()))


@dataclass(frozen=True, slots=True)
class InputSpec:
    """What the model expects. `fps` is None for consecutive frames at the video's own rate."""

    frames: int
    height: int
    width: int
    fps: float | None
    stride: int
    colour: Literal["RGB", "BGR"]
    value_range: tuple[float, float]
    resize: Literal["stretch", "letterbox"]
    pad: Literal["black", "repeat"]
    batch: Literal["dynamic", "single"]


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """What the model answers. `other_id` is the label that means "no listed behaviour", if it has one."""

    kind: Literal["softmax", "sigmoid", "logits"]
    temperature: float
    other_id: int | None


@dataclass(frozen=True, slots=True)
class Performance:
    """One measured figure of a pack, with the data it was measured on."""

    metric: str
    value: float
    dataset: str
    n: int
    date: str


@dataclass(frozen=True, slots=True)
class PackInfo:
    """Identity and promises of a model pack, as far as the screen, the report and the result file need them.

    `label_set` names the numbering of the labels ("viscreen-43"): a profile's criteria speak of the same set.
    `simulated_only`: trained on rendered video only; it has never seen a real child.
    """

    name: str
    version: str
    licence: str
    author: str
    intended_use: str
    age_range: tuple[float, float] | None
    label_set: str
    labels: tuple[Label, ...]
    input: InputSpec
    output: OutputSpec
    training_data: str
    simulated_only: bool
    performance: tuple[Performance, ...]
    sha256: str
