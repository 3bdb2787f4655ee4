"""Read, verify, write and find model packs: a folder or a zip (`.vspack`) comes in, a `Pack` goes out.

A pack is four files. `pack.json` states the promises (see `Manifest`), `model.onnx` is the model, `golden.npz` holds a
few clips with the answer that the model must give to them, `CARD.md` tells people what it is. `read` verifies all that
needs no run; `scoring.Scorer` runs the golden clips. A pack is data from a stranger: see `archive` and `graph`.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pydantic
from numpy.typing import NDArray

from screening import paths
from screening.errors import N_, CannotWrite, PackRefused
from screening.pack import archive
from screening.records import InputSpec, Label, OutputSpec, PackInfo, Performance

MANIFEST, MODEL, GOLDEN, CARD = "pack.json", "model.onnx", "golden.npz", "CARD.md"
SUFFIX = ".vspack"

_MB = 1 << 20
_LIMITS = {MANIFEST: 1 * _MB, MODEL: 512 * _MB, GOLDEN: 64 * _MB, CARD: 1 * _MB}  # bytes
_GOLDEN_CLIPS = 64
_GOLDEN_PIXELS = 256 * _MB  # bytes of all golden clips, unpacked
_HEADER = 4096  # bytes before the numbers in a .npy file, far more than it needs


class Manifest(pydantic.BaseModel):
    """`pack.json`, format 1. Every key must be there, no other may be; numbers are numbers and texts are texts.

    - `schema`: 1.
    - `name`, `version`, `licence`, `author`: short texts. `intended_use`, `training_data`: a statement each.
    - `age_range`: [from, to] in years, or null.
    - `label_set`: names the numbering of the labels ("viscreen-43"); a screening profile speaks of one label set.
    - `labels`: in the order of the model's outputs, each `id`, `names` by language, `group`, `threshold` (0–1, above
      which the behaviour counts) and `trained` (false: no clip of it in training, so never "not observed").
    - `input`: `frames`, `height`, `width` of a clip; `fps` (null: consecutive frames at the video's own rate);
      `stride` in frames from one window's start to the next; `colour` "RGB" or "BGR"; `value_range` [0, 1], [0, 255],
      [-1, 1], …; `resize` "stretch" or "letterbox"; `pad` "black" or "repeat"; `batch` "dynamic" or "single".
      The model's one input is float32 (batch, frames, height, width, 3).
    - `output`: `kind` of the model's one output float32 (batch, labels): "softmax" (sums to one), "sigmoid" (each by
      itself) or "logits" (softmax still to be taken); `temperature` (1: none) divides the logits, also those that
      belong to "softmax" and "sigmoid" outputs; `other_id`, the label that means "no listed behaviour", or null.
    - `simulated_only`: true when it has only ever seen rendered video.
    - `performance`: list of `metric`, `value`, `dataset`, `n`, `date` (ISO 8601); empty means none supplied.
    - `files`: SHA-256, in hexadecimal, of `model.onnx`, `golden.npz` and `CARD.md`.

    `golden.npz` holds `frames` uint8 (n, frames, height, width, 3), RGB, and `probabilities` float32 (n, labels) after
    temperature: what `scoring.Scorer.score` must return for them.
    """

    model_config = pydantic.ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    schema_version: Literal[1] = pydantic.Field(alias="schema")
    name: str
    version: str
    licence: str
    author: str
    intended_use: str
    age_range: tuple[float, float] | None
    label_set: str
    labels: tuple[Label, ...]
    input: InputSpec
    output: OutputSpec
    training_data: str
    simulated_only: bool
    performance: tuple[Performance, ...]
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Golden:
    """Clips with the model's right answer: `frames` uint8 (n, T, H, W, 3) RGB; `probabilities` float32 (n, C)."""

    frames: NDArray[np.uint8]
    probabilities: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pack:
    """A verified pack. `model` is the ONNX file's bytes; `folder` is where it was read from, a folder or a zip."""

    info: PackInfo
    model: bytes
    golden: Golden
    card: str
    folder: Path


# ---------------------------------------------------------------------------------------------- reading


def read(path: Path) -> Pack:
    """The pack at `path`, a folder or a zip, with every promise verified that needs no run.

    Raises PackRefused, with a sentence that names the broken promise.
    """
    path = path.absolute()  # so that “.” has a name, too
    return _read(path, path.name)


def _read(path: Path, name: str) -> Pack:
    with archive.open_source(path, name) as source:
        return verify(source, path, name)


def verify(source: archive.Source, path: Path, name: str) -> Pack:
    """The pack in `source`, which lies at `path` and which the user calls `name`; see `read`."""
    stated = source.read(MANIFEST, _LIMITS[MANIFEST])
    manifest = _manifest(stated, name)
    _check_files(manifest.files, name)
    _check_texts(manifest, name)
    _check_labels(manifest, name)
    _check_numbers(manifest, name)
    content = {file: source.read(file, _LIMITS[file]) for file in (MODEL, GOLDEN, CARD)}
    for file, data in content.items():
        if hashlib.sha256(data).hexdigest() != manifest.files[file]:
            raise PackRefused(
                N_("In the pack “{name}”, the file {file} is not the one the pack was made with. Copy the pack again."),
                name=name, file=file,
            )  # fmt: skip
    from screening.pack import graph  # onnx takes its time to load: the window must not wait for it

    graph.check(content[MODEL], name)
    stated_fields = {field: getattr(manifest, field) for field in Manifest.model_fields}
    del stated_fields["schema_version"], stated_fields["files"]
    info = PackInfo(**stated_fields, sha256=hashlib.sha256(stated).hexdigest())
    golden = _golden(content[GOLDEN], info, name)
    return Pack(info, content[MODEL], golden, content[CARD].decode("utf-8", errors="replace"), path)


def _manifest(stated: bytes, name: str) -> Manifest:
    try:
        schema = _as_object(json.loads(stated)).get("schema")
    except (ValueError, RecursionError) as error:
        raise PackRefused(
            N_("The file pack.json in “{name}” is not readable JSON. Copy the pack again or ask its maker."), name=name
        ) from error
    if schema != 1 or isinstance(schema, bool):
        raise PackRefused(
            N_("The pack “{name}” has the format “{schema}”; this program reads format 1. Ask for one that fits."),
            name=name, schema=str(schema)[:20],
        )  # fmt: skip
    try:
        return Manifest.model_validate_json(stated)
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise PackRefused(
            N_("In the pack “{name}”, the statement “{field}” in pack.json is missing or wrong: {problem}."),
            name=name, field=".".join(str(part) for part in first["loc"]), problem=first["msg"],
        ) from error  # fmt: skip


def _as_object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def _check_files(files: dict[str, str], name: str) -> None:
    for file in files:
        if archive.leaves_folder(file):
            raise PackRefused(
                N_("The file pack.json in “{name}” points to a file outside of the pack: “{file}”."),
                name=name, file=file,
            )  # fmt: skip
    if set(files) != {MODEL, GOLDEN, CARD} or not all(re.fullmatch("[0-9a-f]{64}", sum_) for sum_ in files.values()):
        raise PackRefused(
            N_("In “{name}”, pack.json must give the SHA-256 of model.onnx, golden.npz and CARD.md, no others."),
            name=name,
        )


def _check_texts(manifest: Manifest, name: str) -> None:
    short = [manifest.name, manifest.version, manifest.licence, manifest.author, manifest.label_set]
    long = [manifest.intended_use, manifest.training_data]
    short += [text for label in manifest.labels for text in (*label.names.values(), *label.names, label.group)]
    short += [text for figure in manifest.performance for text in (figure.metric, figure.dataset, figure.date)]
    if not all(text.strip() and text.isprintable() and len(text) <= 200 for text in short) or not all(
        text.strip() and len(text) <= 4000 for text in long
    ):
        raise PackRefused(
            N_("In the pack “{name}”, a name or statement in pack.json is empty, too long or not printable."), name=name
        )


def _check_labels(manifest: Manifest, name: str) -> None:
    ids = [label.id for label in manifest.labels]
    if not 2 <= len(ids) <= 1000:
        raise PackRefused(
            N_("The pack “{name}” names {count} behaviours; it must name between 2 and 1000."),
            name=name, count=len(ids),
        )  # fmt: skip
    twice = next((id_ for id_ in ids if ids.count(id_) > 1), None)
    if twice is not None:
        raise PackRefused(
            N_("The pack “{name}” uses the label number {label} for two behaviours. Ask its maker for a correct one."),
            name=name, label=twice,
        )  # fmt: skip
    unnamed = next((label.id for label in manifest.labels if not label.names or label.id < 0), None)
    if unnamed is not None:
        raise PackRefused(
            N_("The pack “{name}” gives no name or no valid number to the label {label}."), name=name, label=unnamed
        )
    for language in sorted(set().union(*(label.names for label in manifest.labels))):
        names = [label.names[language].casefold() for label in manifest.labels if language in label.names]
        double = next((text for text in names if names.count(text) > 1), None)
        if double is not None:
            raise PackRefused(
                N_("The pack “{name}” gives two behaviours the same name, “{label}”, so nobody could tell them apart."),
                name=name, label=double,
            )  # fmt: skip
    if manifest.output.other_id is not None and manifest.output.other_id not in ids:
        raise PackRefused(
            N_("The pack “{name}” says that label {label} means “no listed behaviour”, but has no such label."),
            name=name, label=manifest.output.other_id,
        )  # fmt: skip
    if not any(label.trained for label in manifest.labels):
        raise PackRefused(
            N_("The pack “{name}” says that none of its behaviours was trained, so it can score nothing."), name=name
        )


def _check_numbers(manifest: Manifest, name: str) -> None:
    clip, low, high = manifest.input, *manifest.input.value_range
    ages = manifest.age_range or (0, 1)
    sound = {
        "input.frames": 1 <= clip.frames <= 512,
        "input.height": 8 <= clip.height <= 1024,
        "input.width": 8 <= clip.width <= 1024,
        "input.fps": clip.fps is None or 0.1 <= clip.fps <= 240,
        "input.stride": 1 <= clip.stride <= clip.frames,
        "input.value_range": low < high and max(abs(low), abs(high)) <= 1e6,
        "output.temperature": 0.01 <= manifest.output.temperature <= 100,
        "labels.threshold": all(0 <= label.threshold <= 1 for label in manifest.labels),
        "age_range": 0 <= ages[0] < ages[1] <= 150,
        "performance.n": all(figure.n >= 1 for figure in manifest.performance),
        "performance.date": all(re.fullmatch(r"\d{4}-\d\d-\d\d", figure.date) for figure in manifest.performance),
    }
    wrong = next((field for field, holds in sound.items() if not holds), None)
    if wrong is not None:
        raise PackRefused(
            N_("In the pack “{name}”, the value of “{field}” in pack.json is outside of what is possible."),
            name=name, field=wrong,
        )  # fmt: skip


def _golden(data: bytes, info: PackInfo, name: str) -> Golden:
    stored = archive.Zip(io.BytesIO(data), f"{name}, {GOLDEN}")
    clip = info.input
    each = clip.frames * clip.height * clip.width * 3
    clips = max(1, min(_GOLDEN_CLIPS, _GOLDEN_PIXELS // each))
    answers = _array(stored.read("probabilities.npy", clips * len(info.labels) * 4 + _HEADER), np.dtype("<f4"), name)
    frames = _array(stored.read("frames.npy", clips * each + _HEADER), np.dtype("u1"), name)
    if answers.ndim == 2 and answers.shape[1] != len(info.labels):
        raise PackRefused(
            N_("The pack “{name}” names {labels} behaviours, but its stored answer is for {answers}."),
            name=name, labels=len(info.labels), answers=answers.shape[1],
        )  # fmt: skip
    shape = (clip.frames, clip.height, clip.width, 3)
    if answers.ndim != 2 or len(answers) < 1 or frames.shape != (len(answers), *shape):
        raise PackRefused(
            N_("The stored clip of the pack “{name}” has the shape {shape}, where pack.json promises {promised}."),
            name=name, shape=" × ".join(map(str, frames.shape)), promised=" × ".join(map(str, ("n", *shape))),
        )  # fmt: skip
    if not (np.isfinite(answers).all() and answers.min() >= 0 and answers.max() <= 1):
        raise PackRefused(
            N_("The stored answer of the pack “{name}” holds numbers that are not between 0 and 1."), name=name
        )
    return Golden(frames, answers)


def _array(data: bytes, expected: np.dtype[Any], name: str) -> NDArray[Any]:
    """The array in a `.npy` file; never larger than the file, and never a pickle."""
    try:
        stream = io.BytesIO(data)
        reader = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
        shape, fortran, dtype = reader[np.lib.format.read_magic(stream)](stream)
        if fortran or dtype != expected or math.prod(shape) * dtype.itemsize != len(data) - stream.tell():
            raise ValueError("not the expected array")
        return np.frombuffer(data, dtype=dtype, offset=stream.tell()).reshape(shape)
    except (ValueError, KeyError) as error:
        raise PackRefused(
            N_("The file golden.npz in “{name}” does not hold the numbers it should. Ask its maker for a correct one."),
            name=name,
        ) from error


# ---------------------------------------------------------------------------------------------- writing


def write(folder: Path, info: PackInfo, model: bytes, golden: Golden, card: str) -> Pack:
    """Write a pack into `folder` and return it as read back; `info.sha256` is not used, the new one is in the result.

    The files are written beside, verified, and only then put into place, the manifest last. Raises PackRefused when
    the parts do not make a sound pack, CannotWrite when the disk does not take it.
    """
    stored = io.BytesIO()
    np.savez_compressed(stored, frames=golden.frames, probabilities=golden.probabilities)
    content = {MODEL: model, GOLDEN: stored.getvalue(), CARD: card.encode()}
    manifest = {"schema": 1, **pydantic.TypeAdapter(PackInfo).dump_python(info, mode="json")}
    del manifest["sha256"]
    manifest["files"] = {file: hashlib.sha256(data).hexdigest() for file, data in content.items()}
    content[MANIFEST] = json.dumps(manifest, ensure_ascii=False, indent=2).encode() + b"\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
            put(Path(beside), content)
            _read(Path(beside), folder.name)
            for file in content:
                (Path(beside) / file).replace(folder / file)
    except OSError as error:
        raise CannotWrite(
            N_("The pack cannot be written to “{folder}” ({reason}). Choose another place or free some space."),
            folder=str(folder), reason=error.strerror or type(error).__name__,
        ) from error  # fmt: skip
    return read(folder)


def put(folder: Path, content: Mapping[str, bytes]) -> None:
    """Write the files `content` (bytes by name) into `folder`, each flushed to the disk. Raises OSError."""
    for file, data in content.items():
        with (folder / file).open("wb") as stream:
            stream.write(data)
            os.fsync(stream.fileno())


# ---------------------------------------------------------------------------------------------- finding


def available() -> list[Path]:
    """The packs that the user can name: those that came with the program, then those that the user installed.

    A folder whose name begins with a dot is one that is just being written or removed.
    """
    return [
        path
        for root in (paths.shipped_packs(), paths.installed_packs())
        if root.is_dir()
        for path in sorted(root.iterdir())
        if not path.name.startswith(".") and ((path / MANIFEST).is_file() or (path.suffix == SUFFIX and path.is_file()))
    ]


def name_of(path: Path) -> str:
    """What `find` calls the pack at `path`."""
    return path.stem if path.suffix == SUFFIX else path.name


def find(name_or_path: str | Path) -> Path:
    """The pack of that name ("reference") among the available ones, else the path itself; PackRefused if neither is."""
    named = {name_of(path): path for path in reversed(available())}
    if str(name_or_path) in named:
        return named[str(name_or_path)]
    if Path(name_or_path).exists():
        return Path(name_or_path)
    raise PackRefused(
        N_("There is no model pack “{name}”. Give the path of a pack, or one of these names: {names}."),
        name=str(name_or_path), names=", ".join(sorted(named)) or "–",
    )  # fmt: skip
