"""What ViScreen is made of, for the window “About ViScreen”: each part with its version, its licence and the text.

In an installed program the list and the texts lie in `_internal/licences`, written by `packaging/sbom.py`; in a source
tree there is only what the Python packages say of themselves.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import Distribution, PackageNotFoundError
from pathlib import Path
from typing import Any

import screening
from screening import paths

LIST = "sbom.cdx.json"
TEXT, INSIDE = "viscreen:licence-text", "viscreen:inside"


@dataclass(frozen=True, slots=True)
class Part:
    """One part; `inside` names the part that carries it, `source` is where its source code is published."""

    name: str
    version: str
    licence: str
    inside: str = ""
    copyright: str = ""
    source: str = ""
    texts: tuple[Path, ...] = ()

    def text(self) -> str:
        """Its licence texts, one after the other, each under its file's name when there are several."""
        read = [(path.name, path.read_text(encoding="utf-8", errors="replace").strip("\n")) for path in self.texts]
        return read[0][1] if len(read) == 1 else "\n\n\n".join(f"{name}\n\n{text}" for name, text in read)


def folder() -> Path:
    """Where the installed program keeps the list and the texts; a source tree has no such folder."""
    return paths.resources().parent / "licences"


def is_complete() -> bool:
    """Whether the whole list is there, and not only what Python's packages say."""
    return (folder() / LIST).is_file()


def parts() -> tuple[Part, ...]:
    """ViScreen itself, then all its parts by name."""
    return _listed(folder()) if is_complete() else _installed()


@lru_cache
def _listed(place: Path) -> tuple[Part, ...]:
    found = json.loads((place / LIST).read_text(encoding="utf-8"))
    ours = _part(found["metadata"]["component"], place)
    return ours, *sorted((_part(one, place) for one in found["components"]), key=_order)


def _part(one: dict[str, Any], place: Path) -> Part:
    said = [(entry["name"], entry["value"]) for entry in one.get("properties", [])]
    named: dict[str, Any] = next(iter(one.get("licenses", [])), {})
    return Part(
        one["name"],
        one.get("version", ""),
        named.get("expression") or named.get("license", {}).get("id", ""),
        next((value for name, value in said if name == INSIDE), ""),
        one.get("copyright", ""),
        next((entry["url"] for entry in one.get("externalReferences", [])), ""),
        tuple(place / value for name, value in said if name == TEXT),
    )


def _order(part: Part) -> tuple[str, str, str]:
    return part.name.lower(), part.inside, part.version


@lru_cache
def _installed() -> tuple[Part, ...]:
    """ViScreen and the Python packages that it names, as far as they are installed."""
    needs = [need for need in importlib.metadata.requires("viscreen") or [] if "extra ==" not in need]
    found = []
    for name in re.findall(r"^[\w.-]+", "\n".join(needs), re.MULTILINE):
        with contextlib.suppress(PackageNotFoundError):  # another system's
            found.append(_said(importlib.metadata.distribution(name)))
    ours = replace(_said(importlib.metadata.distribution("viscreen")), name="ViScreen", version=screening.__version__)
    return ours, *sorted(found, key=_order)


def _said(distribution: Distribution) -> Part:
    """What a package says of itself."""
    return Part(distribution.name, distribution.version, _licence(distribution), texts=tuple(_texts(distribution)))


def _licence(distribution: Distribution) -> str:
    said = [text for key in ("License-Expression", "License") for text in distribution.metadata.get_all(key) or []]
    return said[0].strip().partition("\n")[0] if said else ""


def _texts(distribution: Distribution) -> Iterator[Path]:
    names = {f"/{name}" for name in distribution.metadata.get_all("License-File") or []}
    for file in distribution.files or []:
        if ".dist-info" in file.parts[0] and any(file.as_posix().endswith(name) for name in names):
            yield Path(str(file.locate()))
