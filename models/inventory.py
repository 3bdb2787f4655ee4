"""What a data set holds, and whether its figures could be trusted: DATA goes in, a report comes out.

    python -m models.inventory DATA

A clip, or a child, that is in two of the folders train, valid and test makes every figure too good. Such a leak is
found by the children that `clips.csv` names (columns split, file, subject) and by what the clips show; the command
then ends with status 2, and training does not begin.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.cli import exit_status
from models.data import dataset
from models.data.dataset import SPEC, LabelRow, Split
from screening.errors import N_, WrongUsage

SPLITS = ("train", "valid", "test")
SAME = 3.0  # grey levels, root mean square: a copy that was compressed again differs by one or two
GLANCES = 8  # pictures of a clip that are compared
GLANCE = 14  # their side, pixels


@dataclass(frozen=True, slots=True)
class Leak:
    """Two folders that share a child or a clip; `what` names it in each of them."""

    kind: str  # "child" or "clip"
    splits: tuple[str, str]
    what: tuple[str, str]

    def __str__(self) -> str:
        a, b = self.what
        if self.kind == "child":
            return f"the child “{a}” is in {self.splits[0]} and in {self.splits[1]}"
        return f"“{self.splits[0]}/{a}” and “{self.splits[1]}/{b}” show the same"


@dataclass(frozen=True, slots=True)
class Inventory:
    """The splits that are there, the children of each (None: nobody says), and the leaks between them."""

    splits: tuple[Split, ...]
    subjects: dict[str, dict[str, str]] | None
    leaks: tuple[Leak, ...]


def take(splits: Sequence[Split], data: Path) -> Inventory:
    """Look through loaded splits of DATA."""
    subjects = read_subjects(data)
    leaks = shared_clips(splits)
    if subjects is not None:
        leaks += shared_children(subjects)
    return Inventory(tuple(splits), subjects, tuple(leaks))


def refuse_leaks(inventory: Inventory) -> None:
    """WrongUsage, naming the first of them, when a child or a clip is in two folders."""
    if inventory.leaks:
        raise WrongUsage(
            N_("Figures from this data would be too good: {leak} ({count} such cases). Keep them in one folder."),
            leak=str(inventory.leaks[0]),
            count=len(inventory.leaks),
        )


def read_subjects(data: Path) -> dict[str, dict[str, str]] | None:
    """The child of each file by split, from DATA/clips.csv; None when nothing is said."""
    table = data / "clips.csv"
    if not table.is_file():
        return None
    with table.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        if not {"split", "file", "subject"} <= set(reader.fieldnames or ()):
            return None
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for row in reader:
            if row["subject"]:
                found[row["split"]][row["file"]] = row["subject"]
    return dict(found)


def shared_children(subjects: dict[str, dict[str, str]]) -> list[Leak]:
    """One leak for each child in each pair of splits."""
    return [
        Leak("child", (a, b), (child, child))
        for a, b in combinations([name for name in SPLITS if name in subjects], 2)
        for child in sorted(set(subjects[a].values()) & set(subjects[b].values()))
    ]


def shared_clips(splits: Sequence[Split]) -> list[Leak]:
    """One leak for each two clips of different splits whose pictures are nearly the same."""
    glances = {split.name: np.stack([glance(ticks) for ticks in split.ticks]) for split in splits}
    leaks = []
    for a, b in combinations(splits, 2):
        ours, theirs = glances[a.name], glances[b.name]
        for first in range(0, len(ours), 1024):
            part = ours[first : first + 1024]
            # |x − y|² = |x|² + |y|² − 2 x·y: one matrix product for all pairs.
            square = (part**2).sum(1)[:, None] + (theirs**2).sum(1) - 2 * part @ theirs.T
            for i, k in np.argwhere(square < SAME**2 * part.shape[1]):
                leaks.append(Leak("clip", (a.name, b.name), (a.files[first + i], b.files[k])))
    return leaks


def glance(ticks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A clip's ticks uint8 (n, H, W, 3) → grey levels of a few small pictures, float32 (GLANCES · GLANCE²,)."""
    which = np.linspace(0, len(ticks) - 1, GLANCES).round().astype(int)
    small = [cv2.resize(ticks[k].mean(2), (GLANCE, GLANCE), interpolation=cv2.INTER_AREA) for k in which]
    return np.stack(small).astype(np.float32).reshape(-1)


def report(inventory: Inventory, labels: Sequence[LabelRow]) -> str:
    """The inventory as text for a terminal."""
    splits = inventory.splits
    lines = [f"{'':<34}" + "".join(f"{split.name:>8}" for split in splits)]

    def row(name: str, values: Sequence[object]) -> None:
        lines.append(f"{name[:33]:<34}" + "".join(f"{value!s:>8}" for value in values))

    row("clips", [len(split.labels) for split in splits])
    row("labels with clips", [len(split.counts) for split in splits])
    if inventory.subjects is None:
        row("children (clips.csv does not say)", ["?"] * len(splits))
    else:
        row("children", [len(set(inventory.subjects.get(split.name, {}).values())) for split in splits])
    lengths = [np.array([len(ticks) / float(SPEC.fps or 1) for ticks in split.ticks]) for split in splits]
    for name, figure in (("shortest", np.min), ("median", np.median), ("longest", np.max)):
        row(f"{name} clip, s", [f"{figure(length):.1f}" for length in lengths])
    row("shorter than a window", [sum(len(ticks) < SPEC.frames for ticks in split.ticks) for split in splits])
    row("unreadable", [len(split.unreadable) for split in splits])
    lines += ["", "clips of each label"]
    for label in labels:
        counts = [split.counts.get(label.id, 0) for split in splits]
        if any(counts):
            row(f"{label.id:>3} {label.en}", counts)
    absent = [str(label.id) for label in labels if not any(label.id in split.counts for split in splits)]
    if absent:
        lines += ["", f"no clip of {', '.join(absent)}"]
    for split in splits:
        lines += [f"unreadable: {name}: {reason}" for name, reason in split.unreadable]
    if inventory.leaks:
        lines += ["", "LEAKS", *(f"  {leak}" for leak in inventory.leaks)]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m models.inventory", description="Say what a data set holds.")
    parser.add_argument("data", type=Path, metavar="DATA", help="holds train/, valid/ and test/")
    parser.add_argument("--labels", type=Path, default=dataset.LABELS_FILE, metavar="FILE.csv", help="another list")
    given = parser.parse_args(arguments)

    def work() -> None:
        rows = dataset.labels(given.labels)
        there = [name for name in SPLITS if (given.data / name).is_dir()]
        if not there:
            raise WrongUsage(
                N_("There is no train, valid or test in “{folder}”. Give the folder that holds them."),
                folder=str(given.data),
            )
        found = take([dataset.load(given.data, name, outputs=len(rows)) for name in there], given.data)
        print(report(found, rows))
        refuse_leaks(found)

    return exit_status(work)


if __name__ == "__main__":
    sys.exit(main())
