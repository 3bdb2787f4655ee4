"""Ways to break a sound tiny pack's files, manifest and stored answer: kind of refusal → (words, ways).

Each way takes the folder of a sound pack (`tiny_pack(folder, input=SMALL)`) and returns the path to open, which must be
refused with a sentence that holds the words.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from screening import pack

Broken = Callable[[Path], Path]
SMALL = {"frames": 4, "height": 16, "width": 16, "stride": 2}
FIGURE = {"metric": "top-1", "value": 0.9, "dataset": "tests", "n": 9, "date": "2025-01-31"}
FILES = ("model.onnx", "golden.npz", "CARD.md")


def zipped(folder: Path, prefix: str = "", **extra: bytes) -> Path:
    path = folder.with_suffix(".vspack")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for file in sorted(folder.iterdir()):
            made.write(file, prefix + file.name)
        for file, data in extra.items():
            made.writestr(file, data)
    return path


def restate(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    manifest = json.loads((folder / "pack.json").read_text("utf-8"))
    change(manifest)
    (folder / "pack.json").write_text(json.dumps(manifest), "utf-8")
    return folder


def state(folder: Path, *where: str | int, to: Any) -> Path:
    """Change one statement of the manifest."""

    def change(manifest: Any) -> None:
        for key in where[:-1]:
            manifest = manifest[key]
        manifest[where[-1]] = to

    return restate(folder, change)


def replaced(folder: Path, file: str, data: bytes) -> Path:
    """Put other content under a hash that fits it, as a stranger would."""
    (folder / file).write_bytes(data)
    return state(folder, "files", file, to=hashlib.sha256(data).hexdigest())


def flipped(folder: Path, file: str) -> Path:
    data = bytearray((folder / file).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / file).write_bytes(data)
    return folder


def linked(folder: Path) -> Path:
    (folder / "model.onnx").rename(folder.parent / "elsewhere.onnx")
    (folder / "model.onnx").symlink_to(folder.parent / "elsewhere.onnx")
    return folder


def fifo(folder: Path) -> Path:
    if not hasattr(os, "mkfifo"):
        return Path(os.devnull)
    os.mkfifo(folder / "pipe.vspack")  # opening it would wait for ever
    return folder / "pipe.vspack"


def with_member(folder: Path, name: str, mode: int = stat.S_IFREG) -> Path:
    path = zipped(folder)
    member = zipfile.ZipInfo("placeholder")
    member.filename = name  # the constructor would tidy the name up
    member.external_attr = (mode | 0o644) << 16
    with zipfile.ZipFile(path, "a") as made:
        made.writestr(member, b"evil")
    return path


def bomb(folder: Path) -> Path:
    (folder / "model.onnx").write_bytes(bytes(64 << 20))
    return zipped(folder)


def lying_bomb(folder: Path) -> Path:
    """A member that declares few bytes and unpacks to many."""
    path = bomb(folder)
    data = path.read_bytes()
    path.write_bytes(data.replace((64 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    return path


def crowd(folder: Path) -> Path:
    return zipped(folder, **{f"{i}.txt": b"" for i in range(300)})


def encrypted(folder: Path) -> Path:
    path = zipped(folder)
    data = bytearray(path.read_bytes())
    entry = data.find(b"PK\1\2")
    while entry >= 0:
        data[entry + 8] |= 1
        entry = data.find(b"PK\1\2", entry + 4)
    path.write_bytes(data)
    return path


def too_large(folder: Path) -> Path:
    with (folder / "CARD.md").open("wb") as card:
        card.truncate(2 << 20)
    return folder


def golden(folder: Path, **changes: Any) -> Path:
    kept = pack.read(folder).golden
    stored = io.BytesIO()
    np.savez_compressed(stored, **{"frames": kept.frames, "probabilities": kept.probabilities, **changes})
    return replaced(folder, "golden.npz", stored.getvalue())


def golden_header(folder: Path, shape: str) -> Path:
    """An array whose header promises far more numbers than follow."""
    npy = io.BytesIO()
    np.lib.format.write_array(npy, np.zeros((1, 11), np.float32))
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as made:
        made.writestr("probabilities.npy", npy.getvalue().replace(b"(1, 11)", shape.encode()))
        made.writestr("frames.npy", b"")
    return replaced(folder, "golden.npz", stored.getvalue())


BROKEN_PACKS: dict[str, tuple[str, list[Broken]]] = {
    "changed byte": ("not the one", [lambda p, file=file: flipped(p, file) for file in FILES]),  # type: ignore[misc]
    "no such path": ("no model pack at", [lambda p: p / "nowhere"]),
    "not a pack": (
        "not a model pack",
        [
            lambda p: p / "CARD.md",
            lambda p: replaced(p, "golden.npz", b"PK\3\4 no zip"),
            lambda p: Path(os.devnull),
            fifo,
            lying_bomb,
        ],
    ),
    "missing file": (
        "has no file model.onnx",
        [lambda p: ((p / "model.onnx").unlink(), p)[1], lambda p: zipped(((p / "model.onnx").unlink(), p)[1])],
    ),
    "link in a folder or zip": (
        "is a link",
        [linked, lambda p: with_member(p, "more", stat.S_IFLNK)],
    ),
    "path leaves the zip": (
        "whose path leaves the pack",
        [
            lambda p: with_member(p, "../evil"),
            lambda p: with_member(p, "/etc/evil"),
            lambda p: with_member(p, "a\\..\\evil"),
            lambda p: with_member(p, "C:evil"),
            lambda p: with_member(p, "a/../../evil"),
        ],
    ),
    "path in the manifest": (
        "points to a file outside",
        [
            lambda p: state(p, "files", "../model.onnx", to="0" * 64),
            lambda p: state(p, "files", "/etc/passwd", to="0" * 64),
            lambda p: state(p, "files", "..\\model.onnx", to="0" * 64),
        ],
    ),
    "list of files": (
        "must give the SHA-256",
        [
            lambda p: restate(p, lambda m: m["files"].pop("CARD.md")),
            lambda p: state(p, "files", "more.bin", to="0" * 64),
            lambda p: state(p, "files", "CARD.md", to="no hash"),
        ],
    ),
    "zip bomb": ("unpack to far more", [bomb]),
    "too many files": ("more files than", [crowd]),
    "twice in the zip": ("two files of the same name", [lambda p: with_member(p, "PACK.JSON")]),
    "encrypted": ("encrypted", [encrypted]),
    "file too large": (
        "larger than the 1 MB",
        [too_large, lambda p: zipped(too_large(p)), lambda p: golden(p, frames=np.zeros((99, 4, 16, 16, 3), np.uint8))],
    ),
    "broken JSON": (
        "not readable JSON",
        [
            lambda p: ((p / "pack.json").write_text('{"schema": 1,'), p)[1],
            lambda p: ((p / "pack.json").write_bytes(b"\xff\xfe\xff"), p)[1],
            lambda p: ((p / "pack.json").write_text("[1]"), p)[1],
            lambda p: ((p / "pack.json").write_text("[" * 100_000), p)[1],
            lambda p: ((p / "pack.json").write_text('{"schema": ' + "9" * 10_000 + "}"), p)[1],
        ],
    ),
    "other format": (
        "format",
        [
            lambda p: state(p, "schema", to=2),
            lambda p: state(p, "schema", to="1"),
            lambda p: state(p, "schema", to=True),
            lambda p: restate(p, lambda m: m.pop("schema")),
        ],
    ),
    "wrong type": (
        "is missing or wrong",
        [
            lambda p: state(p, "labels", 3, "threshold", to="0.5"),
            lambda p: state(p, "labels", 3, "id", to=3.5),
            lambda p: state(p, "labels", to={}),
            lambda p: state(p, "simulated_only", to="no"),
            lambda p: state(p, "output", "kind", to="argmax"),
            lambda p: state(p, "output", "temperature", to=float("nan")),
            lambda p: state(p, "input", "colour", to="rgb"),
            lambda p: state(p, "input", "value_range", to=[0, 1, 2]),
            lambda p: state(p, "more", to="keys"),
            lambda p: state(p, "labels", 0, "more", to="keys"),
            lambda p: restate(p, lambda m: m.pop("training_data")),
        ],
    ),
    "bad text": (
        "empty, too long or not printable",
        [
            lambda p: state(p, "name", to=" "),
            lambda p: state(p, "author", to="a\x1b[31m"),
            lambda p: state(p, "intended_use", to="x" * 5000),
            lambda p: state(p, "labels", 1, "names", "vi", to=""),
        ],
    ),
    "impossible number": (
        "outside of what is possible",
        [
            lambda p: state(p, "input", "frames", to=0),
            lambda p: state(p, "input", "height", to=10**6),
            lambda p: state(p, "input", "fps", to=0),
            lambda p: state(p, "input", "stride", to=5),
            lambda p: state(p, "input", "value_range", to=[1, 0]),
            lambda p: state(p, "output", "temperature", to=0),
            lambda p: state(p, "labels", 1, "threshold", to=1.5),
            lambda p: state(p, "age_range", to=[6, 2]),
            lambda p: state(p, "performance", to=[FIGURE | {"n": 0}]),
            lambda p: state(p, "performance", to=[FIGURE | {"date": "last year"}]),
        ],
    ),
    "no labels": ("between 2 and 1000", [lambda p: state(p, "labels", to=[])]),
    "duplicate label": ("for two behaviours", [lambda p: state(p, "labels", 4, "id", to=3)]),
    "label without a name": (
        "gives no name or no valid number",
        [lambda p: state(p, "labels", 4, "names", to={}), lambda p: state(p, "labels", 4, "id", to=-1)],
    ),
    "duplicate name": ("the same name", [lambda p: state(p, "labels", 4, "names", "en", to="behaviour 3")]),
    "unknown other": ("has no such label", [lambda p: state(p, "output", "other_id", to=99)]),
    "nothing trained": (
        "none of its behaviours",
        [lambda p: restate(p, lambda m: [label.update(trained=False) for label in m["labels"]])],
    ),
    "missing or extra label": (
        "stored answer is for 11",
        [
            lambda p: restate(p, lambda m: m["labels"].pop()),
            lambda p: restate(p, lambda m: m["labels"].append({**m["labels"][0], "id": 99, "names": {"en": "More"}})),
        ],
    ),
    "golden shape": (
        "stored clip",
        [
            lambda p: state(p, "input", "height", to=24),
            lambda p: golden(p, frames=np.zeros((4, 4, 16, 3, 16), np.uint8)),
            lambda p: golden(p, frames=np.zeros((3, 4, 16, 16, 3), np.uint8)),
            lambda p: golden(p, frames=np.zeros((0, 4, 16, 16, 3), np.uint8), probabilities=np.zeros((0, 11), "f4")),
        ],
    ),
    "golden answer": (
        "not between 0 and 1",
        [
            lambda p: golden(p, probabilities=np.full((4, 11), np.nan, np.float32)),
            lambda p: golden(p, probabilities=np.full((4, 11), 2, np.float32)),
        ],
    ),
    "golden content": (
        "does not hold the numbers",
        [
            lambda p: golden(p, probabilities=np.full((4, 11), {"a": 1}, object)),  # a pickle inside
            lambda p: golden(p, probabilities=np.zeros((4, 11), np.float64)),
            lambda p: golden(p, frames=np.zeros((4, 4, 16, 16, 3), np.int8)),
            lambda p: golden_header(p, "(9999999999, 11)"),
            lambda p: golden_header(p, "(-1, -11)"),
            lambda p: golden_header(p, "(open, 1)"),
        ],
    ),
}
