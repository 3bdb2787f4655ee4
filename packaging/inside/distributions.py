"""The Python distributions that ViScreen needs to run, with the licences that they name and the texts they bring.

In: the metadata of the running environment and the table's word where they name no SPDX expression.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import Distribution
from pathlib import Path

from inside.part import ROOT, Part
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_NOTICE = re.compile(r"(^|/)(licen[cs]e|copying|notice|authors|thirdpartynotices|licenses/)[^/]*", re.IGNORECASE)


def installed(path: Sequence[str] | None = None) -> dict[str, Distribution]:
    """Every distribution of this environment (or of the folders in `path`), by its normalised name."""
    found = importlib.metadata.distributions() if path is None else importlib.metadata.distributions(path=list(path))
    return {canonicalize_name(one.name): one for one in found}


def our_requirements() -> list[str]:
    """What ViScreen needs to run, as `pyproject.toml` says; no lab, no tests."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return list(project["dependencies"])


def needed(requirements: Iterable[str]) -> list[str]:
    """The names in `requirements` that count on this system."""
    wanted = [Requirement(text) for text in requirements]
    return sorted({canonicalize_name(r.name) for r in wanted if r.marker is None or r.marker.evaluate({"extra": ""})})


def closure(requirements: Iterable[str], available: Mapping[str, Distribution]) -> dict[str, Distribution]:
    """The distributions of `requirements` and all that those need; LookupError where one is not installed."""
    found: dict[str, Distribution] = {}
    open_names = needed(requirements)
    while open_names:
        name = open_names.pop()
        if name not in found:
            if name not in available:
                raise LookupError(f"{name} is needed and is not installed")
            found[name] = available[name]
            open_names += needed(available[name].requires or [])
    return dict(sorted(found.items()))


def says(distribution: Distribution) -> str:
    """What the metadata say of the licence: the expression, the field's first line, or the classifiers."""
    fields = distribution.metadata
    classifiers = [one for one in fields.get_all("Classifier") or [] if one.startswith("License")]
    lines = "".join(fields.get_all("License") or []).strip().splitlines()
    return "".join(fields.get_all("License-Expression") or []) or (lines[0] if lines else "; ".join(classifiers))


def of_distribution(name: str, distribution: Distribution, entry: Mapping[str, str]) -> tuple[Part, list[str]]:
    """The part that `distribution` is, and what is wrong with its licence; `entry` is the table's word on it."""
    said, problems = says(distribution), []
    licence = entry.get("licence", said)
    if entry and entry["says"] != said:
        problems.append(f"{name} says “{said}” of its licence, parts.toml expects “{entry['says']}”: look at it again")
    try:
        licence = str(canonicalize_license_expression(licence))
    except InvalidLicenseExpression:
        problems.append(f"unknown licence of {name} (“{said}”): add it to parts.toml")
        licence = ""
    if re.search(r"AGPL|Affero", " ".join([said, *(distribution.metadata.get_all("Classifier") or [])]), re.IGNORECASE):
        problems.append(f"{name} is under the AGPL (“{said}”): it may not ship")
    part = Part(
        name,
        distribution.version,
        licence,
        purl=f"pkg:pypi/{name}@{distribution.version}",
        copyright=entry.get("copyright", ""),
        description="".join(distribution.metadata.get_all("Summary") or []),
        notices=tuple(notices(distribution)),
        needs=tuple(needed(distribution.requires or [])),
    )
    return part, problems


def notices(distribution: Distribution) -> Iterator[tuple[str, Path]]:
    """The licence files that `distribution` brings: a name for each, and where it lies."""
    for file in sorted(distribution.files or [], key=str):
        name = file.as_posix()
        below = name.partition("/")[2]
        is_notice = (".dist-info/" in name or name.count("/") == 1) and _NOTICE.search("/" + below)
        path = Path(str(file.locate()))
        if is_notice and file.suffix not in (".py", ".pyc") and path.is_file():
            yield below.removeprefix("licenses/"), path


def listed_inside(name: str, distribution: Distribution) -> Iterator[Part]:
    """What a wheel's own bill of materials (PEP 770) names, but itself."""
    seen = set()
    for file in sorted(distribution.files or [], key=str):
        if ".dist-info/sboms/" not in file.as_posix() or file.suffix != ".json":
            continue
        for one in json.loads(file.read_text(encoding="utf-8")).get("components", []):
            key = (one["name"], one.get("version", ""))
            purl = one.get("purl", "")
            if key in seen or canonicalize_name(one["name"]) == name or purl.startswith(f"pkg:pypi/{name}@"):
                continue
            seen.add(key)
            licences = [each.get("expression") or each["license"].get("id", "") for each in one.get("licenses", [])]
            yield Part(*key, " AND ".join(licences), inside=name, purl=purl)
