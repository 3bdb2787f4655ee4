"""Motion programmes by label; importing the package registers all of them."""

from models.simulator.behaviours import (
    doors,
    extremities,
    objects,
    ordinary,
    ordinary_close,
    ordinary_lookalikes,
    whole_body,
)
from models.simulator.behaviours.registry import BEHAVIOURS, draw, named

__all__ = [
    "BEHAVIOURS",
    "doors",
    "draw",
    "extremities",
    "named",
    "objects",
    "ordinary",
    "ordinary_close",
    "ordinary_lookalikes",
    "whole_body",
]
