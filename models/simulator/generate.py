"""A whole data set: how many clips of which labels and a seed in; train/, valid/, test/ and clips.csv out."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, fields
from multiprocessing import get_context
from pathlib import Path

import cv2

from models.simulator.behaviours import BEHAVIOURS
from models.simulator.clip import ClipRecord, render
from models.simulator.pools import SPLITS
from screening.errors import N_, CannotWrite, WrongUsage

ORDINARY_TIMES = 3  # label 0 is wider than the others: so many times their training clips
SHEET = "clips.csv"

Job = tuple[int, str, int, int, Path, str]


@dataclass(frozen=True, slots=True)
class Order:
    """How many clips of what: `clips_per_label` for training, an eighth (two at least) for validation and for test.

    Training has `ordinary_times` as many of label 0.
    """

    clips_per_label: int
    seed: int = 0
    labels: Sequence[int] | None = None  # None: all
    domain: str = "A"
    splits: Sequence[str] = SPLITS
    ordinary_times: int = ORDINARY_TIMES

    def count(self, split: str, label: int) -> int:
        """Clips of a label in a split."""
        if split != "train":
            return max(2, self.clips_per_label // 8)
        return self.clips_per_label * (self.ordinary_times if label == 0 else 1)

    def jobs(self, out: Path) -> list[Job]:
        """Every clip to render, the splits one after the other, the labels in turn."""
        labels = known(self.labels)
        return [
            (self.seed, split, label, index, out / split, self.domain)
            for split in self.splits
            for index in range(max(self.count(split, label) for label in labels))
            for label in labels
            if index < self.count(split, label)
        ]


def prepare(out: Path, seed: int, domain: str, resume: bool) -> dict[tuple[str, str], dict[str, str]]:
    """Make the folders, or refuse: a data set is never mixed with what was there before, unless it is the same one.

    Returns the rows of `clips.csv` that are there already, by split and file.
    """
    if not resume and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CannotWrite(
            N_("“{path}” is not an empty folder. Choose a new folder for the clips, or --resume to go on with these."),
            path=out,
        )
    rows: dict[tuple[str, str], dict[str, str]] = {}
    try:
        for split in SPLITS:
            (out / split).mkdir(parents=True, exist_ok=True)
            for left in (out / split).glob("*.part"):
                left.unlink()
        if (out / SHEET).is_file():
            with (out / SHEET).open(newline="", encoding="utf-8") as sheet:
                rows = {(row["split"], row["file"]): row for row in csv.DictReader(sheet)}
    except OSError as error:
        raise _unwritable(out, error) from error
    except KeyError as error:
        raise WrongUsage(
            N_("“{path}” is not a table of simulated clips. Choose another folder."), path=out / SHEET
        ) from error
    if any((row.get("seed"), row.get("domain")) != (str(seed), domain) for row in rows.values()):
        raise WrongUsage(
            N_("The clips in “{path}” have another seed or domain. Go on with theirs, or choose another folder."),
            path=out,
        )
    return rows


def one_thread() -> None:
    """Each worker keeps to one core."""
    cv2.setNumThreads(1)


def _render(job: Job) -> ClipRecord:
    return render(*job)


def known(labels: Sequence[int] | None) -> list[int]:
    """The labels asked for, all when none is named; an unknown one is refused."""
    if labels is None:
        return sorted(BEHAVIOURS)
    for label in labels:
        if label not in BEHAVIOURS:
            raise WrongUsage(
                N_("The simulator has no motion programme for label {label}. It has {labels}."),
                label=label,
                labels=", ".join(map(str, sorted(BEHAVIOURS))),
            )
    return list(labels)


def generate(out: Path, order: Order, workers: int = 0, resume: bool = False) -> list[ClipRecord]:
    """Render a data set into `out` and return its records, in the order of `clips.csv`.

    Progress goes to stderr. The same seed gives the same clips whatever the number of workers (0: one for each core).
    `resume` goes on in a folder of the same seed and domain: clips that are there stay, other labels may be added.
    """
    if order.clips_per_label < 1 or order.ordinary_times < 1:
        raise WrongUsage(N_("Ask for at least one clip of each label."))
    todo = order.jobs(out)
    rows = prepare(out, order.seed, order.domain, resume)
    workers = workers or os.cpu_count() or 1
    records: list[ClipRecord] = []
    try:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=one_thread) as pool:
            for done, record in enumerate(pool.map(_render, todo, chunksize=4), start=1):
                records.append(record)
                if done % 20 == 0 or done == len(todo):
                    print(f"\r{done} of {len(todo)} clips", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        rows |= {(r.split, r.file): {name: str(value) for name, value in asdict(r).items()} for r in records}
        _write_sheet(out / SHEET, rows.values())
    except OSError as error:
        raise _unwritable(out, error) from error
    return records


def _write_sheet(path: Path, rows: Iterable[dict[str, str]]) -> None:
    beside = path.with_suffix(".part")
    with beside.open("w", newline="", encoding="utf-8") as sheet:
        writer = csv.DictWriter(sheet, [f.name for f in fields(ClipRecord)])
        writer.writeheader()
        writer.writerows(rows)
    beside.replace(path)


def _unwritable(path: Path, error: OSError) -> CannotWrite:
    return CannotWrite(
        N_("“{path}” cannot be written ({reason}). Choose another folder."), path=path, reason=error.strerror
    )
