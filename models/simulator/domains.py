"""The two renderers: a domain's name in; its ranges, its room, its painter and its lens out."""

from __future__ import annotations

from dataclasses import dataclass

from models.simulator.flat import FlatPainter, WideLens
from models.simulator.places import Place
from models.simulator.ranges import RANGES, Ranges
from models.simulator.render import Lens, Painter
from models.simulator.room import Room


@dataclass(frozen=True, slots=True)
class Domain:
    """What pictures are made of; the motion programmes are the same in all."""

    ranges: Ranges
    room: type[Room]
    painter: type[Painter]
    lens: type[Lens]


DOMAINS = {
    "A": Domain(RANGES["A"], Room, Painter, Lens),
    "B": Domain(RANGES["B"], Place, FlatPainter, WideLens),
}
