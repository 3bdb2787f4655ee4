"""Train the ViViT on labelled clips: DATA/train and DATA/valid go in, a run folder comes out.

    python -m models.train DATA --out RUN [--epochs 200] [--seed 0] [--labels SHEET.csv] [--init PACK] [--resume]

RUN holds `best.keras` (the averaged weights with the best validation macro F1), `validation.npz` (their logits on
DATA/valid, for calibration), `confusion.png` (their answers there), `curves.png`, `metrics.csv` and `tensorboard/`
(how the run went), `data.txt` (what the data holds), `last.pt` (everything needed to go on) and `run.json`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import cv2
import torch

from models import inventory, vivit
from models.cli import exit_status, replace_file
from models.data import dataset
from models.measuring import figures
from models.training import schedule
from models.training.run import Run
from models.training.scalars import Scalars
from models.training.settings import Settings, add_options, from_options
from models.training.takeover import SILENT
from screening.errors import N_, CannotWrite

__all__ = ["SILENT", "Run", "Settings", "main", "train"]


@contextmanager
def one_core_each() -> Iterator[ThreadPoolExecutor]:
    """As many threads as there are cores, each computing on one core alone.

    That is faster than one product on all cores, and much faster while other programs run.
    """
    cores = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with ThreadPoolExecutor(cores) as pool:
            yield pool
    finally:
        torch.set_num_threads(cores)


def train(
    data: Path, out: Path, settings: Settings, *, config: vivit.ViViTConfig | None = None, resume: bool = False,
    init: str | None = None, labels_file: Path = dataset.LABELS_FILE, command: list[str] | None = None,
) -> Run:  # fmt: skip
    """Train on DATA/train, choose on DATA/valid, write `out`; returns the finished run.

    WrongUsage for data whose figures could not be trusted (`models.inventory`).
    """
    labels = dataset.labels(labels_file)
    splits = dataset.load(data, "train", outputs=len(labels)), dataset.load(data, "valid", outputs=len(labels))
    for split in splits:
        tell(f"{split.name}: {len(split.labels)} clips, {len(split.counts)} labels, {len(split.unreadable)} unreadable")
    tested = dataset.find_clips(data / "test", len(labels))
    held_out = [dataset.load(data, "test", outputs=len(labels))] if tested else []
    there = inventory.take([*splits, *held_out], data)
    inventory.refuse_leaks(there)
    try:
        out.mkdir(parents=True, exist_ok=True)
        replace_file(out / "data.txt", (inventory.report(there, labels) + "\n").encode())
        run = Run(out, replace(config or vivit.ViViTConfig(), outputs=len(labels)), settings, *splits, labels)
        if resume:
            run.resume()
        elif init:
            tell(f"{len(run.start_from(init))} of {len(labels)} labels go on from {init}")
        else:
            run.start()
        run.describe(data, command or [])
        with closing(Scalars(out, run.history)) as scalars, one_core_each() as pool:
            epochs(run, pool, scalars, data, command or [])
    except OSError as error:
        raise CannotWrite(
            N_("The run cannot be written to “{folder}” ({reason}). Choose another place or free some space."),
            folder=str(out), reason=error.strerror or type(error).__name__,
        ) from error  # fmt: skip
    return run


def epochs(run: Run, pool: ThreadPoolExecutor, scalars: Scalars, data: Path, command: list[str]) -> None:
    """Every epoch that is left, each followed by a checkpoint and a line of progress."""
    settings, per_epoch = run.settings, run.steps_per_epoch
    began, first = time.monotonic(), run.epoch * per_epoch
    while not run.finished:
        epoch_began = time.monotonic()
        last = (run.epoch + 1) * per_epoch - 1
        rate = schedule.learning_rate(last, run.steps, settings, run.f1s)
        loss, top1 = run.train_epoch(pool)
        trained = time.monotonic() - epoch_began
        due = run.epoch % settings.validate_every == 0 or run.epoch == settings.epochs
        found = run.validate(pool) if due else {}
        spent = time.monotonic() - epoch_began
        row = {"epoch": run.epoch, "loss": loss, "train_top1": top1, "lr": rate}
        row["keep"] = schedule.kept(last, run.steps, settings)
        run.history.append({**row, "seconds": spent, **found})
        run.save()
        scalars.write(run.history)
        if due:
            figures.curves(run.out / "curves.png", run.history)
            run.describe(data, command)
        pace = (time.monotonic() - began) / schedule.work(first, last + 1, run.steps, settings)
        left = pace * schedule.work(last + 1, run.steps, run.steps, settings)
        tell(
            f"epoch {run.epoch}/{settings.epochs}  loss {loss:.3f}  top-1 {top1:.3f}  "
            + (f"valid macro F1 {found['valid_macro_f1']:.3f} (best {run.best_f1:.3f})  " if found else "")
            + f"{1000 * trained / (per_epoch * settings.batch):.1f} ms/clip  {left / 60:.0f} min left"
        )
    if run.epoch < settings.epochs:
        tell(f"stopped after epoch {run.epoch}: {settings.patience} validations brought nothing better")


def tell(line: str) -> None:
    """Progress goes to stderr."""
    print(line, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(prog="python -m models.train", description="Train the ViViT on labelled clips.")
    parser.add_argument("data", type=Path, metavar="DATA", help="holds train/ and valid/, clips named LABEL_INDEX.mp4")
    parser.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder for the weights and figures")
    parser.add_argument("--resume", action="store_true", help="go on where the run in RUN stopped")
    parser.add_argument("--init", metavar="PACK|MODEL.keras", help="start from these weights; labels may be others")
    parser.add_argument(
        "--labels", type=Path, default=dataset.LABELS_FILE, metavar="SHEET.csv",
        help="the labels, if not the lab's own: columns id, vi, en, group and, if any swap in a mirror, mirror",
    )  # fmt: skip
    add_options(parser)
    given = vars(parser.parse_args(arguments))
    try:
        settings = from_options(given)
    except ValueError as error:
        parser.error(str(error))
    cv2.setNumThreads(1)  # the clips of a batch are already shared among threads
    return exit_status(
        lambda: train(
            given["data"], given["out"], settings, resume=given["resume"], init=given["init"],
            labels_file=given["labels"], command=arguments,
        )
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
