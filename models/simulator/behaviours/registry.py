"""The list of motion programmes: each label has one or more, each a factory from a `Stage` to a `Programme`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from models.simulator.motion import Programme, Stage

Factory = Callable[[Stage], Programme]


@dataclass(frozen=True, slots=True)
class Entry:
    """One way of doing a behaviour."""

    name: str
    factory: Factory
    weight: float


BEHAVIOURS: dict[int, list[Entry]] = {}


def behaviour(label: int, name: str, weight: float = 1.0) -> Callable[[Factory], Factory]:
    """Register a factory as one way of doing the behaviour; `weight` is how often it is drawn."""

    def register(factory: Factory) -> Factory:
        BEHAVIOURS.setdefault(label, []).append(Entry(name, factory, weight))
        return factory

    return register


def draw(label: int, stage: Stage) -> Programme:
    """One of the label's programmes, drawn by weight."""
    entries = BEHAVIOURS[label]
    weights = [e.weight for e in entries]
    share = [w / sum(weights) for w in weights]
    return entries[int(stage.rng.choice(len(entries), p=share))].factory(stage)


def named(label: int, name: str, stage: Stage) -> Programme:
    """The label's programme of that name."""
    return next(e for e in BEHAVIOURS[label] if e.name == name).factory(stage)
