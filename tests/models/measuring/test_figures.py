"""Pictures and scalars of a run: every epoch once, every label named."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
from matplotlib.axes import Axes
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

from models.data import dataset
from models.measuring import figures
from models.training.scalars import Scalars

HISTORY = [
    {"epoch": 1, "loss": 3.0, "train_top1": 0.1, "lr": 0.1, "keep": 0.5, "seconds": 2.0},
    {"epoch": 2, "loss": 2.0, "train_top1": 0.2, "lr": 0.1, "keep": 1.0, "seconds": 2.0,
     "valid_macro_f1": 0.3, "valid_top1": 0.4},
]  # fmt: skip


def losses(out: Path) -> list[tuple[int, float]]:
    """What TensorBoard reads of the loss."""
    (file,) = (out / "tensorboard").glob("events.*")
    events = [event for event in EventFileLoader(str(file)).Load() if event.summary.value]
    return [(e.step, e.summary.value[0].tensor.float_val[0]) for e in events if e.summary.value[0].tag == "train/loss"]


def test_tensorboard_and_csv_have_each_epoch_once(tmp_path: Path) -> None:
    # given a run that is stopped after two epochs, whose checkpoint is of the first
    first = Scalars(tmp_path, [])
    for n in (1, 2):
        first.write(HISTORY[:n])
    first.close()

    # when it goes on from there
    again = Scalars(tmp_path, HISTORY[:1])
    again.write(HISTORY)
    again.close()

    # then both files have both epochs, once
    assert losses(tmp_path) == [(1, 3.0), (2, 2.0)]
    rows = list(csv.DictReader((tmp_path / "metrics.csv").open()))
    assert [row["epoch"] for row in rows] == ["1", "2"]
    assert [row["valid_macro_f1"] for row in rows] == ["", "0.3"]


def test_the_curves_are_a_picture_from_the_first_epoch_on(tmp_path: Path) -> None:
    for n in (1, 2):
        figures.curves(tmp_path / "curves.png", HISTORY[:n])
        assert cv2.imread(str(tmp_path / "curves.png")).shape[1] > 700


def test_all_43_rows_of_a_confusion_matrix_are_named(tmp_path: Path, monkeypatch) -> None:
    # given answers of which every fourth is one label too high
    truth = np.repeat(np.arange(43), 4)
    best = np.where(np.arange(len(truth)) % 4 == 0, (truth + 1) % 43, truth)
    named: list[list[str]] = []
    written: list[str] = []
    set_yticks, text = Axes.set_yticks, Axes.text
    monkeypatch.setattr(
        Axes, "set_yticks", lambda a, at, names, **o: (named.append(names), set_yticks(a, at, names, **o))
    )
    monkeypatch.setattr(Axes, "text", lambda a, x, y, s, **o: (written.append(s), text(a, x, y, s, **o))[1])

    # when they are drawn
    figures.confusion(tmp_path / "c.png", best, truth, [row.en for row in dataset.labels()], "43 labels")

    # then each label has its row, of which 75 % and 25 % are in two cells, and the picture has room for them
    assert named[0][12] == "Head banging  12"
    assert len(named[0]) == 43
    assert sorted(written) == ["25"] * 43 + ["75"] * 43
    assert min(cv2.imread(str(tmp_path / "c.png")).shape[:2]) > 1500
