"""Pictures of how a run goes: its history and its answers on the validation windows go in, PNG files come out."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix

from models.cli import replace_file

DPI = 110
BLUE, ORANGE, GREY = "#1f5fa8", "#c8641b", "#777777"


def curves(path: Path, history: Sequence[dict[str, float]]) -> None:
    """Loss, right answers and learning rate against the epoch, one above the other."""
    figure = Figure(figsize=(8, 8), layout="constrained")
    loss, right, rate = figure.subplots(3, 1, sharex=True, height_ratios=(3, 3, 2))
    for axes, column, text, colour, mark in (
        (loss, "loss", "training loss", BLUE, ""),
        (right, "train_top1", "top-1, augmented training views", GREY, ""),
        (right, "valid_top1", "top-1, validation windows", BLUE, "."),
        (right, "valid_macro_f1", "macro F1, validation windows", ORANGE, "."),
        (rate, "lr", "learning rate", BLUE, ""),
        (rate, "keep", "share of tokens kept (right)", GREY, ""),
    ):
        rows = [(row["epoch"], row[column]) for row in history if column in row]
        shown = axes.twinx() if column == "keep" else axes
        shown.plot(*zip(*rows, strict=True) if rows else ([], []), color=colour, marker=mark, label=text)
        if column == "keep":
            shown.set_ylim(0, 1.05)
    right.set_ylim(0, 1)
    right.legend(loc="lower right")
    loss.set_ylabel("loss")
    right.set_ylabel("share")
    rate.set_ylabel("learning rate (blue)\ntokens kept (grey)")
    rate.set_xlabel("epoch")
    for axes in (loss, right, rate):
        axes.grid(alpha=0.3)
    _write(path, figure)


def confusion(
    path: Path, best: NDArray[np.int64], truth: NDArray[np.int64], names: Mapping[int, str], title: str
) -> None:
    """Of each true label (a row) the share (%) that got each answer (a column); labels that do not occur are left out.

    `best` and `truth` (N,) are keys of `names`.
    """
    shown = sorted({*best.tolist(), *truth.tolist()})
    share = np.nan_to_num(confusion_matrix(truth, best, labels=shown, normalize="true"))  # (L, L)
    size = 3.5 + 0.3 * len(shown)
    figure = Figure(figsize=(size + 1.5, size), layout="constrained")
    axes = figure.subplots()
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(shown)), [str(label) for label in shown], fontsize=8)
    axes.set_yticks(range(len(shown)), [f"{names[label]}  {label}" for label in shown], fontsize=8)
    axes.tick_params(top=True, labeltop=True, length=0)
    for row, column in zip(*np.nonzero(share >= 0.005), strict=True):
        value = share[row, column]
        axes.text(
            column, row, f"{100 * value:.0f}", ha="center", va="center", fontsize=7,
            color="white" if value > 0.5 else "black",
        )  # fmt: skip
    axes.set_xlabel("answer")
    axes.set_ylabel("shown in the clip")
    axes.set_title(title)
    _write(path, figure)


def _write(path: Path, figure: Figure) -> None:
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=DPI)
    replace_file(path, content.getvalue())
