"""The figures of a run, epoch by epoch: the history goes in, `metrics.csv` and TensorBoard's event file come out."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from torch.utils.tensorboard import SummaryWriter

from models.cli import replace_file

Row = dict[str, float]

COLUMNS = ("epoch", "loss", "train_top1", "lr", "keep", "seconds", "valid_macro_f1", "valid_top1")
TAGS = {
    "loss": "train/loss", "train_top1": "train/top1", "lr": "train/learning_rate", "keep": "train/tokens_kept",
    "seconds": "time/epoch_seconds", "valid_macro_f1": "valid/macro_f1", "valid_top1": "valid/top1",
}  # fmt: skip


class Scalars:
    """Writes rows of the history into a run's folder. The event file starts anew, so that no epoch is in it twice."""

    def __init__(self, out: Path, history: Sequence[Row]) -> None:
        self.out = out
        folder = out / "tensorboard"
        for old in folder.glob("events.out.tfevents.*"):
            old.unlink()
        self.events = SummaryWriter(str(folder))
        for row in history:
            self._add(row)

    def write(self, history: Sequence[Row]) -> None:
        """After an epoch: its row, the last one, to TensorBoard, and all of them to `metrics.csv`."""
        table = io.StringIO(newline="")
        writer = csv.DictWriter(table, COLUMNS)
        writer.writeheader()
        writer.writerows(history)
        replace_file(self.out / "metrics.csv", table.getvalue().encode())
        self._add(history[-1])
        self.events.flush()

    def close(self) -> None:
        """Nothing more comes."""
        self.events.close()

    def _add(self, row: Row) -> None:
        for name, tag in TAGS.items():
            if name in row:
                self.events.add_scalar(tag, row[name], int(row["epoch"]))
