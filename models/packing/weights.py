"""The weights of a Keras file as plain arrays: a `.keras` or `.weights.h5` file goes in, its layers' arrays come out.

Such a file is data from a stranger. It is read with `zipfile`, `json` and `h5py` alone; nothing in it is run, no link
to another file is followed, and sizes are checked before anything is unpacked.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from screening.errors import N_, WrongUsage

Arrays = dict[str, tuple[NDArray[np.float32], ...]]

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
CONTAINER = "layers"
"""The group in which Keras 3 keeps the layers of a model, and of a model within a model."""

_MB = 1 << 20
_FILE = 2048 * _MB  # an optimiser's two averages lie beside the weights
_TEXT = 16 * _MB
_ARRAYS = 512 * _MB  # what the model of a pack may weigh
_DEPTH, _GROUPS = 16, 20_000  # hard links can make a circle
_DAMAGED = (OSError, ValueError, KeyError, RuntimeError, TypeError, EOFError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Stored:
    """What a file holds: `arrays` by the path of their layer ("dense_1", "sequential/dense"), its `vars` in order.

    A layer without weights has an empty tuple; the seeds of random layers are left out. `config` is the model's JSON,
    None for a `.weights.h5` file.
    """

    name: str
    sha256: str
    config: dict[str, Any] | None
    arrays: Arrays


def read(path: Path) -> Stored:
    """Everything that conversion needs. WrongUsage, with one sentence, for a file that does not hold it."""
    name = path.name
    try:
        if path.stat().st_size > _FILE:
            raise _too_large(name)
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            stream.seek(0)
            start = stream.read(8)
            stream.seek(0)
            if start.startswith(b"PK"):
                return _keras(stream, name, sha256)
            if start == b"\x89HDF\r\n\x1a\n":
                return Stored(name, sha256, None, _arrays(stream, name))
    except OSError as error:
        raise WrongUsage(
            N_("“{name}” cannot be read ({reason}). Give a .keras or .weights.h5 file."),
            name=name, reason=error.strerror or type(error).__name__,
        ) from error  # fmt: skip
    raise WrongUsage(
        N_("“{name}” is neither a .keras nor a .weights.h5 file. Save the model with model.save(“model.keras”)."),
        name=name,
    )


# ---------------------------------------------------------------------------------------------- the zip


def _keras(stream: Any, name: str, sha256: str) -> Stored:
    try:
        with zipfile.ZipFile(stream) as archive:
            config = _object(_member(archive, CONFIG, _TEXT, name))
            metadata = _object(_member(archive, METADATA, _TEXT, name))
            weights = _member(archive, WEIGHTS, _FILE, name)
    except (*_DAMAGED, zipfile.BadZipFile, zlib.error, RecursionError) as error:
        raise _damaged(name) from error
    version = str(metadata.get("keras_version", ""))[:20]
    if not version.startswith("3."):
        raise WrongUsage(
            N_("“{name}” was written by Keras “{version}”. Open it with Keras 3 and save it again as a .keras file."),
            name=name, version=version,
        )  # fmt: skip
    return Stored(name, sha256, config, _arrays(io.BytesIO(weights), name))


def _member(archive: zipfile.ZipFile, file: str, limit: int, name: str) -> bytes:
    try:
        declared = archive.getinfo(file).file_size
    except KeyError as error:
        raise WrongUsage(
            N_("“{name}” holds no {file}, so it is no whole .keras file. Save the model again."), name=name, file=file
        ) from error
    # Weights hardly compress: what claims to grow many times over is no model.
    if declared > limit or declared > 100 * archive.getinfo(file).compress_size + _MB:
        raise _too_large(name)
    with archive.open(file) as stream:
        return stream.read(declared)  # never more than it declares


def _object(text: bytes) -> dict[str, Any]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


# ---------------------------------------------------------------------------------------------- the arrays


def _arrays(stream: Any, name: str) -> Arrays:
    try:
        with h5py.File(stream, "r") as file:
            if "layer_names" in file.attrs or "model_config" in file.attrs:
                raise WrongUsage(
                    N_("“{name}” is an HDF5 file of Keras 2. Open it with Keras 3 and save it as a .keras file."),
                    name=name,
                )
            if not isinstance(_child(file, CONTAINER), h5py.Group):
                raise WrongUsage(
                    N_("“{name}” holds no layers of a Keras 3 model. Save the whole model with model.save."), name=name
                )
            reader = _Reader(name)
            reader.group(file[CONTAINER], "", 0)
            return reader.arrays
    except _DAMAGED as error:
        raise _damaged(name) from error


class _Reader:
    """Walks the groups of an HDF5 file and keeps the arrays, as long as the bounds hold."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.arrays: Arrays = {}
        self.groups = self.bytes = 0

    def group(self, group: h5py.Group, path: str, depth: int) -> None:
        """Everything below `group`; a container within is left out of the path."""
        self.groups += 1
        if depth > _DEPTH or self.groups > _GROUPS:
            raise _too_large(self.name)
        for key in group:
            child = _child(group, key)
            if not isinstance(child, h5py.Group):
                raise ValueError("neither a layer nor its weights")
            if key == "vars":
                found = [self.array(child, str(i)) for i in range(len(child))]
                self.arrays[path] = tuple(array for array in found if array is not None)
            else:
                self.group(child, path if key == CONTAINER else f"{path}/{key}".lstrip("/"), depth + 1)

    def array(self, group: h5py.Group, key: str) -> NDArray[np.float32] | None:
        """One array in float32, checked for size before and for numbers after it is read; None for a random seed."""
        data = _child(group, key)
        if not isinstance(data, h5py.Dataset) or data.external or data.is_virtual:
            raise ValueError("not an array of this file")
        self.bytes += math.prod(data.shape) * 4
        if self.bytes > _ARRAYS:
            raise _too_large(self.name)
        if data.dtype.kind in "iu":
            return None
        if data.dtype.kind != "f":
            raise ValueError("not an array of numbers")
        value = np.asarray(data[()], dtype=np.float32)
        if not np.isfinite(value).all():
            raise WrongUsage(
                N_("The weights of “{name}” hold something that is no number (in “{layer}”). Its training went wrong."),
                name=self.name, layer=group.name,
            )  # fmt: skip
        return value


def _child(group: h5py.Group, key: str) -> Any:
    """What `key` is in `group`, or None for a link that may lead out of the file."""
    return group[key] if isinstance(group.get(key, getlink=True), h5py.HardLink) else None


def _damaged(name: str) -> WrongUsage:
    return WrongUsage(N_("“{name}” is damaged or cut short. Copy it again or save the model again."), name=name)


def _too_large(name: str) -> WrongUsage:
    return WrongUsage(N_("“{name}” claims to be larger than any model that a pack can hold."), name=name)
