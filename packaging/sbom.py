#!/usr/bin/env python3
"""Writes what ships as CycloneDX 1.6 JSON (`OUT/sbom.cdx.json`), with the licence texts beside it in OUT.

In: what `parts.py` finds; when OUT lies in the `_internal` of a built program, what that program holds. Two runs over
the same parts are equal byte for byte: the time is SOURCE_DATE_EPOCH, the serial number comes from the content. Exit
status 1 where the gate (`licences.py`) finds something wrong.

    python packaging/sbom.py OUT
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import sys
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path

import licences
import parts
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from inside.part import Part, table
from packageurl import PackageURL

NAME = "sbom.cdx.json"
SOURCES = "sources.txt"
# What `gui/parts.py` reads: the files of the licence, the part that carries this one, the conflict that is admitted.
TEXT, INSIDE, CONFLICT = "viscreen:licence-text", "viscreen:inside", "viscreen:licence-conflict"
FILE = "viscreen:file"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "viscreen")
_EARLIEST = 315_532_800  # 1980, the first year of a zip file
_KINDS = {"font": ComponentType.FILE}


def reference(part: Part) -> str:
    """The name by which the list speaks of `part`: unique, the same in every run."""
    return "/".join(name for name in (part.inside, f"{part.name}@{part.version}") if name)


def component(part: Part, conflicts: dict[tuple[str, str], str]) -> Component:
    """`part` as CycloneDX writes it."""
    properties = [Property(name=TEXT, value=name) for name, _path in licences.texts(part)]
    properties += [Property(name=FILE, value=name) for name in part.files]
    if part.inside:
        properties.append(Property(name=INSIDE, value=part.inside))
    if (part.name, part.inside) in conflicts:
        properties.append(Property(name=CONFLICT, value=conflicts[part.name, part.inside]))
    return Component(
        name=part.name,
        version=part.version or None,
        type=_KINDS.get(part.kind) or ComponentType(part.kind),
        bom_ref=reference(part),
        licenses=[LicenseExpression(part.licence)] if part.licence else [],
        purl=PackageURL.from_string(part.purl) if part.purl else None,
        copyright=part.copyright or None,
        description=part.description or None,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=part.sha256)] if part.sha256 else [],
        external_references=[
            ExternalReference(type=ExternalReferenceType.SOURCE_DISTRIBUTION, url=XsUri(part.source))
        ] if part.source else [],
        properties=properties,
    )  # fmt: skip


def bill(found: Sequence[Part], conflicts: dict[tuple[str, str], str], moment: int) -> Bom:
    """The whole list; its first part is the program itself. `moment`: seconds since 1970."""
    made = {reference(part): component(part, conflicts) for part in found}
    ours, *others = made.values()
    bom = Bom(components=others)
    bom.metadata.component = ours
    bom.metadata.timestamp = dt.datetime.fromtimestamp(moment, dt.UTC)
    for part in found:
        carried = [made[reference(one)] for one in found if one.inside and one.inside.lower() == part.name.lower()]
        needed = [made[reference(one)] for one in found if not one.inside and one.name in part.needs]
        bom.register_dependency(made[reference(part)], [*carried, *needed])
    bom.serial_number = uuid.UUID(int=0)
    bom.serial_number = uuid.uuid5(_NAMESPACE, written(bom))
    return bom


def written(bom: Bom) -> str:
    """`bom` as JSON."""
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"


def write_texts(found: Iterable[Part], out: Path) -> None:
    """Copy every licence text into `out`."""
    for part in found:
        for name, path in licences.texts(part):
            place = out / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)


def sources(found: Iterable[Part]) -> str:
    """Where the source code lies of each part whose licence asks for it: one line each."""
    asked = sorted({(part.name, part.version, part.source) for part in found if licences.asks_for_source(part.licence)})
    return "".join(f"{name} {version or '?'}: {place}\n" for name, version, place in asked if place)


def main(arguments: Sequence[str]) -> int:
    """Write the list and the texts; 1 where the gate finds something wrong."""
    parser = argparse.ArgumentParser(prog="sbom.py", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path, help="the folder to write into; what it held is removed")
    out: Path = parser.parse_args(arguments).out.resolve()
    found = parts.everything(out.parent.parent if out.parent.name == "_internal" else None)
    known = table()
    if out.is_dir() and (out / NAME).is_file():
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)
    conflicts = {(one["part"], one["of"]): " ".join(one["why"].split()) for one in known["conflict"]}
    moment = int(os.environ.get("SOURCE_DATE_EPOCH", _EARLIEST))
    (out / NAME).write_text(written(bill(found.parts, conflicts, moment)), encoding="utf-8", newline="\n")
    write_texts(found.parts, out)
    (out / SOURCES).write_text(sources(found.parts), encoding="utf-8", newline="\n")
    return licences.report(found, known)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
