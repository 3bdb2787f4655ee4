"""Labelled clips on disk become arrays: DATA/train, valid, test go in, all ticks of each clip at 15 a second come out.

Each clip is decoded once, by the very code that prepares a video for analysis, and kept in DATA/.cache; training
then draws its random windows from the ticks. A clip is named `LABEL_INDEX.mp4` or `LABEL/ANY.mp4`, LABEL a number.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from screening import sampling
from screening.errors import N_, CannotWrite, VideoUnusable, WrongUsage
from screening.records import InputSpec
from screening.video import open_video

# NumPy reads a header with `ast`, whose recursion counter threads share in Python 3.11 (CPython issue 106905).
_HEADERS = Lock()

LABELS_FILE = Path(__file__).parents[1] / "labels.csv"
SUFFIXES = {".mp4", ".mkv", ".mov", ".webm", ".avi"}

SPEC = InputSpec(
    frames=32, height=56, width=56, fps=15.0, stride=8, colour="RGB", value_range=(0.0, 1.0),
    resize="stretch", pad="black", batch="dynamic",
)  # fmt: skip
"""What the reference model is shown: 2.1 s at 15 pictures a second, a new window every tubelet."""


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One line of `labels.csv`."""

    id: int
    vi: str
    en: str
    group: str
    mirror: int | None = None
    """The label that a mirror image of this one shows, where that is another one (left hand, right hand)."""


@dataclass(frozen=True, slots=True)
class Split:
    """The clips of one folder: `ticks[i]` uint8 (n_i, H, W, 3), `labels` (N,), and why some files could not be read.

    `files` are the clips' paths in the folder.
    """

    name: str
    ticks: tuple[NDArray[np.uint8], ...]
    labels: NDArray[np.int64]
    unreadable: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[int, int]:
        """How many clips each label has."""
        ids, counts = np.unique(self.labels, return_counts=True)
        return dict(zip(ids.tolist(), counts.tolist(), strict=True))

    def windows(self, spec: InputSpec) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Every whole window of every clip, as analysis cuts them: uint8 (M, T, H, W, 3), and whose clip each is (M,).

        A clip shorter than a window gives one window, black after its end.
        """
        cut = [(i, start) for i, ticks in enumerate(self.ticks) for start in starts(len(ticks), spec)]
        clips = np.zeros((len(cut), spec.frames, spec.height, spec.width, 3), np.uint8)
        for row, (i, start) in enumerate(cut):
            piece = self.ticks[i][start : start + spec.frames]
            clips[row, : len(piece)] = piece
        return clips, np.array([i for i, _ in cut], dtype=np.int64)


def starts(ticks: int, spec: InputSpec) -> range:
    """Where whole windows start in a clip of so many ticks; 0 alone for a shorter one."""
    return range(0, max(1, ticks - spec.frames + 1), spec.stride)


def labels(path: Path = LABELS_FILE) -> tuple[LabelRow, ...]:
    """The behaviours of a sheet (CSV: id, vi, en, group and, if any swap when mirrored, mirror); positions are ids.

    WrongUsage when the file is no such sheet.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = tuple(_label(row) for row in csv.DictReader(stream))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise WrongUsage(
            N_("“{name}” is no sheet of labels. It needs the columns id, vi, en and group, with a number in each id."),
            name=str(path),
        ) from error
    if not rows or [row.id for row in rows] != list(range(len(rows))):
        raise WrongUsage(N_("“{name}” must number its labels from 0 without a gap."), name=str(path))
    for row in rows:
        if row.mirror is not None and (not 0 <= row.mirror < len(rows) or rows[row.mirror].mirror != row.id):
            raise WrongUsage(
                N_("In “{name}” label {label} and its partner do not name each other. Mend the column mirror."),
                name=str(path),
                label=row.id,
            )
    return rows


def _label(row: dict[str, str]) -> LabelRow:
    partner = row.get("mirror")
    return LabelRow(int(row["id"]), row["vi"], row["en"], row["group"], int(partner) if partner else None)


def find_clips(folder: Path, outputs: int) -> list[tuple[Path, int]]:
    """The clips in `folder` with their labels, in the order of their names. WrongUsage for a name without a label."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
            continue
        parts = path.relative_to(folder).parts
        named = re.fullmatch(r"(\d+)", parts[0]) if len(parts) > 1 else re.match(r"(\d+)_", path.name)
        if named is None or int(named[1]) >= outputs:
            raise WrongUsage(
                N_("The clip “{name}” names no label from 0 to {last}. Call it LABEL_INDEX.mp4 or LABEL/NAME.mp4."),
                name="/".join(parts),
                last=outputs - 1,
            )
        found.append((path, int(named[1])))
    return found


def is_simulated(data: Path) -> bool:
    """Whether `models.simulator` rendered DATA: it leaves a table of its programmes there."""
    table = data / "clips.csv"
    if not table.is_file():
        return False
    with table.open(encoding="utf-8", newline="") as stream:
        return {"label", "programme", "seed", "camera"} <= set(next(csv.reader(stream), ()))


def load(data: Path, name: str, spec: InputSpec = SPEC, outputs: int | None = None) -> Split:
    """All clips of DATA/`name`. WrongUsage when there is none; CannotWrite when the cache cannot be kept."""
    clips = find_clips(data / name, outputs or len(labels()))
    cache = data / ".cache" / name
    ticks, kept, files, unreadable = [], [], [], []
    # Decoding leaves Python's lock alone: one thread for each core.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        read = [pool.submit(_cached_ticks, path, spec, cache) for path, _ in clips]
        for number, ((path, label), ready) in enumerate(zip(clips, read, strict=True), 1):
            try:
                ticks.append(ready.result())
                kept.append(label)
                files.append(path.relative_to(data / name).as_posix())
            except VideoUnusable as error:
                unreadable.append((path.relative_to(data).as_posix(), str(error)))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
            if sys.stderr.isatty():
                end = "\n" if number == len(clips) else ""
                print(f"\r{name}: {number}/{len(clips)} clips", end=end, file=sys.stderr)
    if not kept:
        raise WrongUsage(
            N_("There is no readable clip in “{folder}”. Put clips there named LABEL_INDEX.mp4."),
            folder=str(data / name),
        )
    return Split(name, tuple(ticks), np.array(kept, dtype=np.int64), tuple(unreadable), tuple(files))


def fingerprint(*splits: Split) -> str:
    """SHA-256 over every tick and label: two runs on the same data have the same one."""
    digest = hashlib.sha256()
    for split in splits:
        digest.update(split.name.encode() + split.labels.tobytes())
        for ticks in split.ticks:
            digest.update(ticks.tobytes())
    return digest.hexdigest()


def read_ticks(path: Path, spec: InputSpec) -> NDArray[np.uint8]:
    """Every tick of a clip, prepared as for analysis: uint8 (n, H, W, 3). VideoUnusable when there is none."""
    # Windows that do not overlap, laid end to end, are the ticks themselves.
    end_to_end = replace(spec, stride=spec.frames)
    with open_video(path) as video:
        cut = list(sampling.windows(video.pictures(needed_fps=spec.fps), end_to_end))
    ticks = [window.frames[~np.isnan(window.times)] for window in cut]
    if not sum(map(len, ticks)):
        raise VideoUnusable(N_("“{name}” holds no picture. Choose another file."), name=path.name)
    return np.concatenate(ticks)


def _cached_ticks(path: Path, spec: InputSpec, cache: Path) -> NDArray[np.uint8]:
    """`read_ticks`, or what it gave before for the same file; memory-mapped, so that data may exceed memory."""
    state = path.stat()
    shape = f"{spec.height}x{spec.width}@{spec.fps}-{spec.resize}"
    identity = f"{path.resolve()}|{state.st_size}|{state.st_mtime_ns}|{shape}"
    kept = cache / f"{path.stem}-{hashlib.sha256(identity.encode()).hexdigest()[:16]}.npy"
    if not kept.is_file():
        ticks = read_ticks(path, spec)
        beside = kept.with_suffix(f".{os.getpid()}.part")
        try:
            cache.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as stream:
                np.save(stream, ticks)
            beside.replace(kept)
        except OSError as error:
            raise CannotWrite(
                N_("Prepared clips cannot be kept in “{folder}” ({reason}). Free some space or move the data."),
                folder=str(cache), reason=error.strerror or type(error).__name__,
            ) from error  # fmt: skip
    with _HEADERS:
        return np.asarray(np.load(kept, mmap_mode="r"))
