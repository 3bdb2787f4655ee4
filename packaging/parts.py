"""Everything that ships: ViScreen, the distributions it needs, Python, model packs, and what lies inside them.

In: the running environment, or the folder of the built program (PyInstaller's). Out: `Found`: the parts, the program
itself first, and a sentence for whatever `inside/parts.toml` does not know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import Distribution
from pathlib import Path

from inside import distributions, facts, natives
from inside.part import OUR_LICENCE, OURS, ROOT, Found, Part, table


def everything(program: Path | None = None) -> Found:
    """All that ships: in `program`, the folder of the built program, or else in this environment."""
    known = table()
    wanted = distributions.our_requirements()
    shipped = distributions.closure(wanted, distributions.installed())
    if program is None:
        packs = ROOT / "models" / "packs"
        files = natives.of_environment(shipped, known["left_out"])
    else:
        packs = program / "_internal" / "packs"
        modules = frozen_modules(program)
        shipped = {name: one for name, one in shipped.items() if _ships(one, program, modules)}
        files = natives.of_program(program, shipped)
    listed = [part for name, one in shipped.items() for part in distributions.listed_inside(name, one)]
    found = natives.in_files(files, known, listed)
    named = {entry["listed"] for entry in known["library"] if "listed" in entry}
    for part in listed:
        if not part.licence and part.name not in named:
            found.problems.append(f"unknown part {part.name} (listed by {part.inside}): add its licence to parts.toml")
    others = []
    for name, one in shipped.items():
        part, problems = distributions.of_distribution(name, one, known["distribution"].get(name, {}))
        others.append(part)
        found.problems += problems
    others += of_packs(packs)
    others += [part for part in listed if part.licence and part.name not in named]
    beside = [*_python_and_bootloader(program), *found.parts]
    needs = (*distributions.needed(wanted), *(part.name for part in beside if not part.inside))
    sources = known["source"]
    found.parts = [Part("ViScreen", our_version(), OUR_LICENCE, "application", needs=needs)]
    found.parts += [replace(part, source=part.source or sources.get(part.name, "")) for part in (*others, *beside)]
    return found


def _python_and_bootloader(program: Path | None) -> Iterator[Part]:
    bootloader = distributions.installed().get("pyinstaller")
    version = facts.version("python")
    yield Part(
        "Python",
        version,
        "Python-2.0.1",
        "platform",
        purl=f"pkg:generic/python@{version}",
        copyright="Copyright (c) 2001-2026 Python Software Foundation",
        notices=facts.python_notices(),
    )
    if program is not None and bootloader is not None:
        yield Part(
            "PyInstaller bootloader",
            bootloader.version,
            "GPL-2.0-or-later WITH Bootloader-exception",
            purl=f"pkg:pypi/pyinstaller@{bootloader.version}",
            copyright="Copyright (c) 2010-2026, PyInstaller Development Team",
            notices=tuple(distributions.notices(bootloader)),
        )


def our_version() -> str:
    """The version of this source tree."""
    text = (ROOT / "screening" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    if found is None:
        raise ValueError("screening/__init__.py names no version")
    return found[1]


def of_packs(folder: Path) -> Iterator[Part]:
    """The model packs that ship, with what they were taught with."""
    for promise in sorted(folder.glob("*/pack.json")):
        said = json.loads(promise.read_text(encoding="utf-8"))
        yield Part(
            said["name"],
            said["version"],
            said["licence"],
            "machine-learning-model",
            OURS,
            copyright=f"Copyright {said['author']}",
            description=said["training_data"],
            files=(f"packs/{promise.parent.name}/model.onnx",),
            sha256=said["files"]["model.onnx"],
        )


def frozen_modules(program: Path) -> frozenset[str]:
    """The names of the Python modules that PyInstaller put into the executable of `program`."""
    from PyInstaller.archive.readers import CArchiveReader  # only where a program is built

    executable = next(path for path in program.iterdir() if path.is_file() and path.stem == OURS)
    return frozenset(CArchiveReader(str(executable)).open_embedded_archive("PYZ.pyz").toc)


def _ships(distribution: Distribution, program: Path, modules: frozenset[str]) -> bool:
    for file in distribution.files or []:
        name = file.as_posix()
        module = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        if (file.suffix == ".py" and module in modules) or (
            ".dist-info/" not in name and (program / "_internal" / name).is_file()
        ):
            return True
    return False
