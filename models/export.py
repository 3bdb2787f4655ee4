"""Make a model pack of a training run: RUN goes in, a verified pack comes out.

    python -m models.export RUN --out PACK [--metrics FIGURES.json] [--colour BGR …]

The weights become ONNX (`models.packing.graph`), checked against Keras; temperature and thresholds are found on the
run's validation windows; `CARD.md` says what was trained on what and how well it did.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnxruntime as ort
import torch
from numpy.typing import NDArray

from models import evaluate, sessions
from models.cli import exit_status
from models.data import dataset
from models.measuring import metrics
from models.packing import card, conventions, graph
from models.vivit import ViViTConfig
from screening import pack as packs
from screening.errors import N_, WrongUsage
from screening.pack import Golden, Pack
from screening.records import Label, OutputSpec, PackInfo, Performance
from screening.scoring import Scorer, probabilities

LABEL_SET = "viscreen-43"
OTHER = 0  # “no listed behaviour”
AGREEMENT = 1e-5
"""The most by which ONNX may differ from Keras, as a share of the largest logit, at least 1."""

SIMULATED = (
    "Rendered video only: a computer drew figures with a child's proportions, ages and rooms at random, doing each "
    "behaviour. " + card.NEVER_REAL
)
NOT_STATED = "Its maker did not state what it was trained on."
INTENDED_USE = (
    "Shows a clinician where in a video of a child the named behaviours may be seen, so that the clinician can look "
    "there. It supports a screening decision that the clinician makes and never replaces an assessment."
)


NOTHING_MEASURED = card.Measurements()


@dataclass(frozen=True, slots=True)
class Statement:
    """What the maker of a pack states about it. `training_data` None: what the run knows of itself."""

    name: str = "ViScreen reference"
    version: str = "0.1.0"
    author: str = "The ViScreen developers"
    licence: str = "GPL-3.0-or-later"
    intended_use: str = INTENDED_USE
    training_data: str | None = None
    simulated: bool = False
    ages: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Trained:
    """What a run folder holds: the model, its size, `run.json`, and logits (M, C) and labels (M,) of the validation."""

    model: keras.Model
    config: ViViTConfig
    run: dict[str, Any]
    logits: NDArray[np.float32]
    truth: NDArray[np.int64]


def read_run(folder: Path) -> Trained:
    """The best weights of a run. WrongUsage when the folder does not hold a run that was validated at least once."""
    try:
        run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        config = ViViTConfig(**run["config"])
        with np.load(folder / "validation.npz") as stored:
            logits, truth = stored["logits"], stored["labels"]
        model = keras.saving.load_model(folder / "best.keras", compile=False)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise WrongUsage(
            N_("“{folder}” does not hold a finished training run. Give the --out folder of models.train."),
            folder=str(folder),
        ) from error
    return Trained(model, config, run, logits, truth)


def onnx_model(model: keras.Model, config: ViViTConfig) -> bytes:
    """`model` as ONNX, proved equal to Keras on random clips (`AGREEMENT`)."""
    content = graph.build(graph.of_keras(model, config))
    session = ort.InferenceSession(content, providers=["CPUExecutionProvider"])
    clips = np.random.default_rng(0).random((2, config.frames, config.size, config.size, 3), dtype=np.float32)
    (answer,) = session.run(None, {"clip": clips})
    expected = _keras_logits(model, clips)
    heard = expected > -1e3  # a label without clips has the same constant in both
    worst = float(np.abs(answer - expected)[heard].max() / max(1.0, np.abs(expected[heard]).max()))
    if worst > AGREEMENT:
        raise AssertionError(f"the ONNX graph differs from Keras by {worst:.1e}")
    return content


def golden_clips(frames: int, height: int, width: int) -> NDArray[np.uint8]:
    """Two clips that any program can make again: soft coloured waves that move. uint8 (2, T, H, W, 3)."""
    t, y, x, colour = np.meshgrid(*map(np.arange, (frames, height, width, 3)), indexing="ij")
    stripes = np.sin(0.31 * x + 0.4 * t + colour) + np.cos(0.17 * y - 0.2 * t)
    rings = np.cos(0.01 * ((x - 28) ** 2 + (y - 28) ** 2) + 0.9 * t + 2 * colour)
    return np.stack([np.rint(127.5 + 63 * waves).astype(np.uint8) for waves in (stripes, rings)])


def labels(trained: Trained, temperature: float) -> tuple[Label, ...]:
    """All behaviours, with their thresholds; those without clips are marked as not trained."""
    probability = metrics.softmax(trained.logits, temperature)
    weight = metrics.everyday_weights(trained.truth, OTHER)
    return tuple(
        Label(
            id=row.id,
            names={"vi": row.vi, "en": row.en},
            group=row.group,
            threshold=metrics.best_threshold(probability[:, row.id], trained.truth == row.id, weight)
            if row.id in trained.run["trained"]
            else metrics.DEFAULT_THRESHOLD,
            trained=row.id in trained.run["trained"],
        )
        for row in (dataset.LabelRow(**row) for row in trained.run["labels"])
    )


def performance(measured: evaluate.Evaluation) -> tuple[Performance, ...]:
    """The figures that `pack.json` states; recall by label is in the card."""
    rows = []
    for unit, found in (("clips", measured.clips), ("windows", measured.windows)):
        for metric, value in (("top-1", found.top1), ("macro F1", found.macro_f1), ("ECE", found.ece)):
            rows.append(Performance(f"{metric}, {unit}", round(value, 6), measured.data, found.n, measured.date))
    return tuple(rows)


def export(
    folder: Path,
    out: Path,
    statement: Statement,
    measured: card.Measurements = NOTHING_MEASURED,
    commands: tuple[str, ...] = (),
    conventions_given: dict[str, Any] | None = None,
) -> Pack:
    """Write the pack of the run in `folder` to `out`. WrongUsage when something `measured` is of another model."""
    trained = read_run(folder)
    config = trained.config
    content = onnx_model(trained.model, config)
    if measured.models - {hashlib.sha256(content).hexdigest()}:
        raise WrongUsage(
            N_("The figures are of another model. Export without them, measure that pack, then export again.")
        )
    # A run on the simulator's clips says so itself: nobody can forget it.
    simulated = statement.training_data is None and (statement.simulated or bool(trained.run.get("simulated")))
    spec = conventions.spec(conventions_given or {}, (config.frames, config.size, config.size))
    temperature = round(metrics.fit_temperature(trained.logits, trained.truth), 4)
    info = PackInfo(
        name=statement.name,
        version=statement.version,
        licence=statement.licence,
        author=statement.author,
        intended_use=statement.intended_use,
        age_range=statement.ages,
        label_set=LABEL_SET,
        labels=labels(trained, temperature),
        input=spec,
        output=OutputSpec(kind="logits", temperature=temperature, other_id=OTHER),
        training_data=statement.training_data or (SIMULATED if simulated else NOT_STATED),
        simulated_only=simulated,
        performance=performance(measured.clips) if measured.clips else (),
        sha256="",
    )
    clips = golden_clips(config.frames, config.size, config.size)
    answers = probabilities(_keras_logits(trained.model, conventions.as_seen(clips, spec)), info.output)
    origin = card.Origin(trained.run, (*commands, " ".join(trained.run["command"])), trained.model.count_params())
    pack = packs.write(out, info, content, Golden(clips, answers), card.write(info, origin, measured))
    Scorer(pack)  # the finished pack keeps its own promises, the golden answer among them
    return pack


def _keras_logits(model: keras.Model, clips: NDArray[np.float32]) -> NDArray[np.float32]:
    with torch.no_grad():
        return np.asarray(keras.ops.convert_to_numpy(model(clips)), dtype=np.float32)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise WrongUsage(N_("The notes in “{name}” cannot be read as text."), name=str(path)) from error


def _ages(text: str) -> tuple[float, float]:
    youngest, oldest = (float(part) for part in text.split("-"))
    return youngest, oldest


def add_statement(parser: argparse.ArgumentParser, **other: str) -> None:
    """The options of a `Statement`; `other` are defaults that differ from its own."""
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--simulated", action="store_true", help="every clip was rendered, if the run does not know it")
    source.add_argument(
        "--training-data", metavar="TEXT", help="whose video, how many, consented to how, labelled by whom"
    )
    parser.add_argument("--ages", type=_ages, metavar="FROM-TO", help="of the children that it is meant for, in years")
    plain = asdict(Statement()) | other
    for field in ("name", "version", "author", "licence", "intended_use"):
        parser.add_argument("--" + field.replace("_", "-"), default=plain[field], metavar="TEXT")


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m models.export", description="Make a pack of a training run.")
    parser.add_argument("run", type=Path, metavar="RUN", help="the --out folder of models.train")
    parser.add_argument("--out", type=Path, required=True, metavar="PACK", help="folder of the pack")
    parser.add_argument(
        "--metrics", type=Path, action="append", default=[], metavar="FILE",
        help="figures from models.evaluate --out; again for other data, which only the card tells",
    )  # fmt: skip
    parser.add_argument(
        "--sessions", type=Path, action="append", default=[], metavar="FILE", help="figures from models.sessions --out"
    )
    parser.add_argument("--notes", type=Path, metavar="FILE.md", help="what else was measured, for the card")
    parser.add_argument(
        "--made-with", action="append", default=[], metavar="LINE", help="a command before models.train"
    )
    add_statement(parser)
    conventions.add_options(parser)
    given = vars(parser.parse_args(arguments))
    statement = Statement(**{field: given[field] for field in Statement.__slots__})

    def work() -> None:
        figures = [evaluate.read(path) for path in given["metrics"]]
        measured = card.Measurements(
            clips=figures[0] if figures else None,
            elsewhere=tuple(figures[1:]),
            sessions=tuple(sessions.read(path) for path in given["sessions"]),
            notes=_text(given["notes"]) if given["notes"] else "",
        )
        pack = export(given["run"], given["out"], statement, measured, tuple(given["made_with"]), given)
        print(f"{pack.info.name} {pack.info.version} is in {given['out']}")

    return exit_status(work)


if __name__ == "__main__":
    sys.exit(main())
