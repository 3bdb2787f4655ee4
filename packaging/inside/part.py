"""A part of what ships, the list of parts with what is wrong with it, and the table `parts.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
OURS, PYTHON, SYSTEM = "viscreen", "python", "system"
OUR_LICENCE = "GPL-3.0-or-later"


@dataclass(frozen=True, slots=True)
class Part:
    """Something that ships. `inside` is the part that carries it ("" for none), `needs` the distributions it needs."""

    name: str
    version: str
    licence: str  # an SPDX expression; "" where none is known
    kind: str = "library"
    inside: str = ""
    purl: str = ""
    copyright: str = ""
    source: str = ""
    description: str = ""
    files: tuple[str, ...] = ()
    sha256: str = ""  # of its only file
    notices: tuple[tuple[str, Path], ...] = ()  # the licence files that came with it: name, where it lies
    needs: tuple[str, ...] = ()


@dataclass(slots=True)
class Found:
    """The parts, in order, and what is wrong with the list: one sentence each."""

    parts: list[Part] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def table() -> dict[str, Any]:
    """`parts.toml`."""
    return tomllib.loads((HERE / "parts.toml").read_text(encoding="utf-8"))
