"""`scores.csv`: a row for each window, a column for each label; empty where the model was never taught the label."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import IO

from screening import exports
from screening.records import Result


def write(result: Result, path: Path) -> None:
    """Columns `start_s,end_s,assessable` (1 or 0), then `label_<id>` (probability 0–1). Raises CannotWrite."""
    labels = result.pack.labels

    def rows(file: IO[str]) -> None:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["start_s", "end_s", "assessable", *(f"label_{label.id}" for label in labels)])
        scores = result.scores
        for (start, end), row, assessable in zip(scores.windows, scores.probabilities, scores.assessable, strict=True):
            values = [f"{p:.6f}" if label.trained else "" for p, label in zip(row, labels, strict=True)]
            table.writerow([f"{start:.3f}", f"{end:.3f}", int(assessable), *values])

    exports.replace(path, rows)
