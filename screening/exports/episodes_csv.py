"""`episodes.csv`: one row for each episode, for a spreadsheet or a statistics program."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import IO

from screening import exports
from screening.records import Result


def _plain(text: str) -> str:
    """A cell that a spreadsheet takes for a formula is run there: a pack's label names are a stranger's text."""
    return "'" + text if text[:1] in "=+-@\t\r" else text


def write(result: Result, path: Path, language: str) -> None:
    """Columns `label_id,label,start_s,end_s,peak,mean,source,verdict`; verdict is empty until somebody reviewed it.

    Raises CannotWrite.
    """
    names = {label.id: label.name(language) for label in result.pack.labels}

    def score(value: float | None) -> str:
        return "" if value is None else f"{value:.6f}"

    def rows(file: IO[str]) -> None:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["label_id", "label", "start_s", "end_s", "peak", "mean", "source", "verdict"])
        for e in result.episodes:
            name = _plain(names[e.label_id])
            times = [f"{e.start_s:.3f}", f"{e.end_s:.3f}"]
            table.writerow([e.label_id, name, *times, score(e.peak), score(e.mean), e.source, ""])

    exports.replace(path, rows)
