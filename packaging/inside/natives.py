"""The native libraries and fonts that ship, in this environment or in a built program, and what lies inside them.

In: files, and the table `parts.toml`. Out: parts, and a sentence for each file and each announced part that the table
does not know. A version that no file names is left empty, never guessed.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import mmap
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from importlib.metadata import Distribution
from pathlib import Path, PurePosixPath
from typing import Any

from inside import facts
from inside.part import OURS, PYTHON, ROOT, SYSTEM, Found, Part

NATIVE = re.compile(r"\.(so(\.[\w.]+)?|dll|pyd|dylib|ttf|otf|pfb)$", re.IGNORECASE)
_EXTENSION = re.compile(r"\.((cpython|abi3)[\w-]*\.so|pyd)$", re.IGNORECASE)
# What auditwheel and delvewheel add to a name so that it is nobody else's.
_HASH = re.compile(r"-[0-9a-f]{8,32}(?=[-.]|$)")


@dataclass(frozen=True, slots=True)
class File:
    """A native file or a font: where it lies, its path in the program, and the distribution that brought it."""

    path: Path
    name: str
    owner: str

    @property
    def stem(self) -> str:
        """`libavcodec-5e6b81c2.so.62.28.102` and `avcodec-62-0123….dll` → `avcodec` and `avcodec-62`."""
        return _HASH.sub("", NATIVE.sub("", PurePosixPath(self.name).name)).removeprefix("lib")

    def is_like(self, pattern: str) -> bool:
        """Whether the path (for a pattern with a slash) or the stem has this shape."""
        return fnmatchcase((self.name if "/" in pattern else self.stem).lower(), pattern.lower())

    def find(self, pattern: str) -> list[str]:
        """What the first group of `pattern` meets in the file's bytes."""
        with self.path.open("rb") as file:
            if not self.path.stat().st_size:
                return []
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                return [found.decode("latin-1") for found in re.findall(pattern.encode(), content)]


def of_environment(distributions: Mapping[str, Distribution], left_out: Sequence[str]) -> list[File]:
    """The native files and fonts of the distributions, of this Python and of our resources, but those left out."""
    found = [
        File(Path(str(file.locate())), file.as_posix(), name)
        for name, distribution in distributions.items()
        for file in distribution.files or []
        if NATIVE.search(file.name)
    ]
    found += [File(path, f"lib-dynload/{path.name}", PYTHON) for path in facts.python_modules()]
    found += [File(path, f"resources/fonts/{path.name}", OURS) for path in (ROOT / "resources/fonts").glob("*.ttf")]
    kept = [one for one in found if one.path.is_file() and not any(one.is_like(pattern) for pattern in left_out)]
    return sorted(kept, key=lambda one: one.name)


def of_program(program: Path, distributions: Mapping[str, Distribution]) -> list[File]:
    """The native files and fonts in the folder of a built program."""
    owners = {
        file.as_posix(): name
        for name, distribution in distributions.items()
        for file in distribution.files or []
        if NATIVE.search(file.name)
    }
    by_name = {PurePosixPath(path).name: name for path, name in owners.items()}
    modules = {path.name for path in facts.python_modules()}
    found: list[File] = []
    for path in sorted(program.rglob("*")):
        if path.is_symlink() or not path.is_file() or not NATIVE.search(path.name):
            continue
        name = path.relative_to(program).as_posix().removeprefix("_internal/")
        owner = owners.get(name) or (OURS if name.startswith("resources/") else by_name.get(path.name))
        is_pythons = path.name in modules or "lib-dynload" in name or re.match(r"(lib)?python3", path.name)
        found.append(File(path, name, owner or (PYTHON if is_pythons else SYSTEM)))
    return found


def in_files(files: Sequence[File], known: Mapping[str, Any], listed: Sequence[Part]) -> Found:
    """The libraries and fonts that `files` are, and what lies inside them; a problem for each file nobody knows."""
    found = Found()
    groups: dict[tuple[str, int], list[File]] = {}
    for file in files:
        if _EXTENSION.search(file.name) and file.owner != SYSTEM:
            continue  # it is a part of the distribution that brought it
        if file.owner == PYTHON and file.stem.startswith("python3"):
            continue  # it is Python itself
        fits = [number for number, entry in enumerate(known["library"]) if _fits(file, entry)]
        if fits:
            groups.setdefault((file.owner, fits[0]), []).append(file)
        else:
            found.problems.append(f"unknown part {file.name} (in {file.owner}): add its licence to parts.toml")
    for (owner, number), group in groups.items():
        found.parts.append(_part(known["library"][number], group, owner, listed))
    from_system = {part.name for part in found.parts if not part.inside}
    said = [(entry, _announced(entry, files)) for entry in known["announcement"]]
    words = {(entry["of"], word) for entry, found_words in said for word in found_words}
    for entry in known["inside"]:
        if entry["of"] == PYTHON and entry["name"] in from_system:
            continue  # Python's module is linked to that file
        if "announced" in entry and (entry["of"], entry["announced"]) not in words:
            continue
        group = [file for file in files if file.owner == entry["of"] and file.is_like(entry["file"])]
        if group:
            found.parts.append(replace(_part(entry, group, entry["of"], listed), files=(), sha256=""))
    for entry, found_words in said:
        there = {"", *(part.name for part in found.parts if part.inside in ("", PYTHON, entry["of"]))}
        for word in found_words:
            if entry["means"].get(word) not in there:
                found.problems.append(f"unknown part {word} (announced by {entry['of']}): add it to parts.toml")
    return found


def _fits(file: File, entry: Mapping[str, Any]) -> bool:
    if entry.get("of", file.owner) != file.owner or not any(file.is_like(pattern) for pattern in entry["files"]):
        return False
    return "versions" not in entry or re.search(entry["versions"], _version(entry, [file])) is not None


def _version(entry: Mapping[str, Any], files: Sequence[File]) -> str:
    if "fixed" in entry:
        return str(entry["fixed"])
    if "fact" in entry:
        return facts.version(entry["fact"])
    if "named" in entry:
        return next((met[1] for file in files if (met := re.search(entry["named"], file.name))), "")
    if "version" in entry:
        return next((all_met[0] for file in files if (all_met := file.find(entry["version"]))), "")
    return ""


def _part(entry: Mapping[str, Any], files: Sequence[File], owner: str, listed: Sequence[Part]) -> Part:
    told = [part for part in listed if part.inside == owner and part.name == entry.get("listed")]
    version = told[0].version if told else _version(entry, files)
    purl = told[0].purl if told else ""
    held = [facts.debian_package(file.path) for file in files if owner == SYSTEM]
    packages = sorted({package for package in held if package is not None})
    if len(packages) == 1:
        version, purl = version or packages[0].version, packages[0].purl
    return Part(
        entry["name"],
        version,
        entry["licence"],
        entry.get("kind", "library"),
        "" if owner == SYSTEM else owner,
        purl,
        entry.get("copyright", ""),
        entry.get("source", ""),
        files=tuple(sorted(file.name for file in files)),
        sha256=hashlib.sha256(files[0].path.read_bytes()).hexdigest() if len(files) == 1 else "",
        notices=tuple((f"{package.name}/copyright", package.copyright) for package in packages),
    )


def _announced(entry: Mapping[str, Any], files: Sequence[File]) -> list[str]:
    """The words in which a file names what is inside it; RECORD is the list of a distribution's files."""
    own = [file for file in files if file.owner == entry["of"]]
    if own and entry["file"] == "RECORD":
        record = importlib.metadata.distribution(entry["of"]).read_text("RECORD") or ""
        found = re.findall(entry["find"], record)
    else:
        found = [word for file in own if file.is_like(entry["file"]) for word in file.find(entry["find"])]
    return sorted({word for text in found for word in text.split()})
