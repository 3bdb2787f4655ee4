"""Measure a pack on labelled clips: PACK and DATA/test go in, a table and a JSON file of figures come out.

    python -m models.evaluate PACK DATA [--out FIGURES.json] [--picture CONFUSION.png]

The pack runs as it does in an analysis (`screening.scoring`). A clip's answer is the mean over its windows.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from models.cli import exit_status, replace_file
from models.data import dataset
from models.measuring import figures, metrics
from screening import pack as packs
from screening.errors import N_, WrongUsage
from screening.pack import Pack
from screening.records import Label, OutputSpec
from screening.scoring import Scorer, probabilities


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What `evaluate` found. `model_sha256` says which model; `ece_raw` is the ECE of windows at temperature 1."""

    pack: str
    version: str
    model_sha256: str
    data: str
    date: str
    temperature: float
    clips: metrics.Figures
    windows: metrics.Figures
    ece_raw: float
    unreadable: tuple[tuple[str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON; `read` reads it back."""
        return {
            **{field: getattr(self, field) for field in self.__slots__ if field not in ("clips", "windows")},
            "clips": self.clips.as_dict(),
            "windows": self.windows.as_dict(),
        }


def read(path: Path) -> Evaluation:
    """The figures that `evaluate --out` wrote. WrongUsage when the file is none of them."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        for unit in ("clips", "windows"):
            stored[unit] = metrics.Figures.from_dict(stored[unit])
        return Evaluation(**stored)
    except OSError as error:
        raise WrongUsage(N_("There are no figures in “{name}”. Run models.evaluate first."), name=str(path)) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise WrongUsage(
            N_("“{name}” does not hold the figures of models.evaluate. Give its --out file."), name=str(path)
        ) from error


def evaluate(pack: Pack, data: Path, split: str = "test", name: str | None = None) -> Evaluation:
    """Score every whole window of DATA/`split` and compare with the labels. WrongUsage for a label not in the pack."""
    info = pack.info
    column = {label.id: i for i, label in enumerate(info.labels)}
    clips = dataset.load(data, split, info.input, max(column) + 1)
    unknown = sorted(set(clips.counts) - set(column))
    if unknown:
        raise WrongUsage(
            N_("The clips in “{folder}” show label {label}, which the pack does not have. Leave them out."),
            folder=str(data / split),
            label=unknown[0],
        )
    truth = np.array([column[label] for label in clips.labels.tolist()])
    frames, clip_of = clips.windows(info.input)
    scored = Scorer(pack).score(frames)  # (M, C)
    by_clip = np.stack([scored[clip_of == clip].mean(0) for clip in range(len(truth))])  # (N, C)
    ids = np.array([label.id for label in info.labels])
    return Evaluation(
        pack=info.name,
        version=info.version,
        model_sha256=hashlib.sha256(pack.model).hexdigest(),
        data=name or f"{data.name}/{split}",
        date=dt.date.today().isoformat(),
        temperature=info.output.temperature,
        clips=metrics.figures(by_clip, truth, ids),
        windows=metrics.figures(scored, truth[clip_of], ids, clip_of),
        ece_raw=metrics.expected_calibration_error(without_temperature(scored, info.output), truth[clip_of]),
        unreadable=clips.unreadable,
    )


def without_temperature(scored: NDArray[np.float32], output: OutputSpec) -> NDArray[np.float32]:
    """The probabilities (N, C) that a pack would give at temperature 1, of those that it gives at its own."""
    # A calibrated probability is a softmax (or sigmoid) output like any other; the inverse temperature undoes it.
    kind: Literal["sigmoid", "softmax"] = "sigmoid" if output.kind == "sigmoid" else "softmax"
    return probabilities(scored, replace(output, kind=kind, temperature=1 / output.temperature))


def table(evaluation: Evaluation, labels: tuple[Label, ...]) -> str:
    """The figures as text for a terminal."""
    clips, windows = evaluation.clips, evaluation.windows
    lines = [
        f"{evaluation.pack} {evaluation.version} on {evaluation.data}, {evaluation.date}",
        "",
        f"{'':<26}{'clips':>9}{'windows':>9}",
        f"{'n':<26}{clips.n:>9}{windows.n:>9}",
    ]
    for text, field in (("top-1", "top1"), ("top-5", "top5"), ("macro F1", "macro_f1"), ("ECE", "ece")):
        low, high = clips.intervals[field]
        lines.append(
            f"{text:<26}{getattr(clips, field):>9.3f}{getattr(windows, field):>9.3f}   clips 95 %: {low:.3f}–{high:.3f}"
        )
    if clips.macro_auroc is not None and windows.macro_auroc is not None:
        lines.append(f"{'macro AUROC':<26}{clips.macro_auroc:>9.3f}{windows.macro_auroc:>9.3f}")
    lines.append(f"{'ECE before temperature':<26}{'':>9}{evaluation.ece_raw:>9.3f}")
    lines += ["", f"{'':<36}{'recall,':>10}{'recall,':>10}{'AUROC,':>9}"]
    lines.append(f"{'':<36}{'clips':>10}{'windows':>10}{'clips':>9}")
    for label in labels:
        if label.id in clips.recall:
            auroc = clips.auroc.get(label.id)
            lines.append(
                f"{f'{label.id:>3} ' + label.name('en'):<36.35}{clips.recall[label.id]:>10.3f}"
                f"{windows.recall[label.id]:>10.3f}" + (f"{auroc:>9.3f}" if auroc is not None else "")
            )
    lines += ["", "confusion of clips (a row for each true label, a column for each answer)"]
    lines.append("    " + "".join(f"{id_:>5}" for id_ in clips.labels))
    for id_, row in zip(clips.labels, clips.confusion, strict=True):
        lines.append(f"{id_:>4}" + "".join(f"{count or '·':>5}" for count in row))
    if evaluation.unreadable:
        lines += ["", f"{len(evaluation.unreadable)} clips could not be read:"]
        lines += [f"  {name}: {reason}" for name, reason in evaluation.unreadable]
    return "\n".join(lines)


def draw(path: Path, evaluation: Evaluation, labels: tuple[Label, ...]) -> None:
    """Write the confusion of clips as PNG."""
    shown = evaluation.clips.labels
    counts = np.array(evaluation.clips.confusion)
    truth, best = (np.repeat(axis.ravel(), counts.ravel()) for axis in np.indices(counts.shape))
    names = {label.id: label.name("en") for label in labels}
    title = f"{evaluation.pack} {evaluation.version}: answers for clips of {evaluation.data}, %"
    figures.confusion(path, np.array(shown)[best], np.array(shown)[truth], names, title)


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m models.evaluate", description="Measure a pack on labelled clips.")
    parser.add_argument("pack", metavar="PACK", help="a pack's folder, .vspack file or name")
    parser.add_argument("data", type=Path, metavar="DATA", help="holds test/, clips named LABEL_INDEX.mp4")
    parser.add_argument("--split", default="test", help="folder of DATA to measure on (test)")
    parser.add_argument("--name", help="what to call the data set in the pack's statement of performance (DATA/test)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the figures as JSON, for models.export")
    parser.add_argument("--picture", type=Path, metavar="FILE.png", help="draw which clips were taken for what")
    given = parser.parse_args(arguments)

    def work() -> None:
        pack = packs.read(packs.find(given.pack))
        found = evaluate(pack, given.data, given.split, given.name)
        if given.out:
            replace_file(given.out, (json.dumps(found.as_dict(), indent=2, ensure_ascii=False) + "\n").encode())
        if given.picture:
            draw(given.picture, found, pack.info.labels)
        print(table(found, pack.info.labels))

    return exit_status(work)


if __name__ == "__main__":
    sys.exit(main())
