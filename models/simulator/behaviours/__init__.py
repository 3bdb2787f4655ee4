"""Motion programmes by label; importing the package registers those of every module in it, by name."""

from importlib import import_module
from pkgutil import iter_modules

from models.simulator.behaviours.registry import BEHAVIOURS, draw, named

for module in sorted(iter_modules(__path__), key=lambda module: module.name):
    import_module(f"{__name__}.{module.name}")

__all__ = ["BEHAVIOURS", "draw", "named"]
