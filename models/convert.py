"""Make a model pack of a ViViT that was trained elsewhere with Keras: its file goes in, a verified pack comes out.

    python -m models.convert MODEL.keras --labels labels.csv --out PACK [--valid DATA] [options]

The file is read as data (`models.packing.weights`), never run. What it cannot say about the model's clips and answers
are options; all of them end in `pack.json` and `CARD.md`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from models.cli import exit_status
from models.data import dataset
from models.data.dataset import LabelRow
from models.export import LABEL_SET, NOT_STATED, Statement, add_statement, golden_clips
from models.measuring import metrics
from models.packing import conventions, graph, recognise, weights
from models.packing.graph import Weights
from models.packing.recognise import Given
from screening import pack as packs
from screening.errors import N_, WrongUsage
from screening.pack import Golden, Pack
from screening.records import InputSpec, Label, OutputSpec, PackInfo
from screening.scoring import BATCH, Scorer, probabilities

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the outputs stand for: one row for each, what each label of a clip's name counts as, and "none of them"."""

    label_set: str
    rows: tuple[LabelRow, ...]
    column_of: dict[int, int]
    other_id: int | None


def meaning(path: Path, groups: bool, label_set: str | None, other: int | None) -> Meaning:
    """The labels of a CSV file (id, vi, en, group), or its groups in the order in which they first occur.

    WrongUsage when the file is no such table.
    """
    rows = dataset.labels(path)
    known = rows == dataset.labels()
    column_of = {row.id: row.id for row in rows}
    if groups:
        codes = list(dict.fromkeys(row.group for row in rows))
        column_of = {row.id: codes.index(row.group) for row in rows}
        rows = tuple(LabelRow(i, "", code.replace("_", " ").capitalize(), code) for i, code in enumerate(codes))
    elif known and other is None:
        other = 0
    default = LABEL_SET if known and not groups else f"{path.stem}-{len(rows)}{'-groups' if groups else ''}"
    return Meaning(label_set or default, rows, column_of, other)


def convert(
    path: Path,
    out: Path,
    stands_for: Meaning,
    given: Given,
    conventions_given: dict[str, Any],
    statement: Statement,
    valid: Path | None = None,
    command: Sequence[str] = (),
) -> Pack:
    """Write the pack of the model in `path` to `out`.

    WrongUsage for a file that holds no ViViT of the family or says too little; PackRefused for impossible conventions.
    """
    stored = weights.read(path)
    model = recognise.recognise(stored, given)
    if model.outputs != len(stands_for.rows):
        raise WrongUsage(
            N_("“{name}” answers for {outputs} behaviours, but the table of labels names {labels}."),
            name=path.name, outputs=model.outputs, labels=len(stands_for.rows),
        )  # fmt: skip
    content = graph.build(model)
    spec = conventions.spec(conventions_given, model.clip)
    answer = _Answerer(content, spec)
    plain = OutputSpec(kind=model.activation, temperature=1.0, other_id=stands_for.other_id)
    output, thresholds = calibrate(answer, spec, plain, stands_for, valid)
    info = PackInfo(
        name=statement.name,
        version=statement.version,
        licence=statement.licence,
        author=statement.author,
        intended_use=statement.intended_use,
        age_range=statement.ages,
        label_set=stands_for.label_set,
        labels=tuple(
            Label(row.id, {k: v for k, v in (("vi", row.vi), ("en", row.en)) if v}, row.group, threshold)
            for row, threshold in zip(stands_for.rows, thresholds, strict=True)
        ),
        input=spec,
        output=output,
        training_data=statement.training_data or NOT_STATED,
        simulated_only=statement.simulated,
        performance=(),
        sha256="",
    )
    clips = golden_clips(*model.clip)
    golden = Golden(clips, probabilities(answer(clips), output))
    pack = packs.write(out, info, content, golden, card(info, model, stored, given, command, valid is not None))
    Scorer(pack)  # the finished pack keeps its own promises, the golden answer among them
    return pack


class _Answerer:
    """Runs the graph on uint8 clips under the pack's conventions, a few at a time."""

    def __init__(self, content: bytes, spec: InputSpec) -> None:
        self.session = ort.InferenceSession(content, providers=["CPUExecutionProvider"])
        self.spec = spec

    def __call__(self, clips: NDArray[np.uint8]) -> Floats:
        parts = [clips[i : i + BATCH] for i in range(0, len(clips), BATCH)]
        return np.concatenate(
            [self.session.run(None, {"clip": conventions.as_seen(part, self.spec)})[0] for part in parts]
        )


def calibrate(
    answer: _Answerer, spec: InputSpec, plain: OutputSpec, stands_for: Meaning, valid: Path | None
) -> tuple[OutputSpec, list[float]]:
    """Temperature, and a threshold for each output, from the windows of DATA/valid; without data 1 and 0.5.

    The temperature is one of softmax answers (Guo et al. 2017); sigmoid answers keep theirs.
    """
    if valid is None:
        return plain, [metrics.DEFAULT_THRESHOLD] * len(stands_for.rows)
    split = dataset.load(valid, "valid", spec, len(stands_for.column_of))
    clips, clip_of = split.windows(spec)
    truth = np.array([stands_for.column_of[label] for label in split.labels.tolist()])[clip_of]
    raw = answer(clips)
    output = plain
    if plain.kind != "sigmoid":
        logits = raw if plain.kind == "logits" else np.log(np.maximum(raw, np.finfo(np.float32).tiny))
        output = replace(plain, temperature=round(metrics.fit_temperature(logits, truth), 4))
    calibrated = probabilities(raw, output)
    return output, [metrics.best_threshold(calibrated[:, i], truth == i) for i in range(calibrated.shape[1])]


# ---------------------------------------------------------------------------------------------- the card


def card(
    info: PackInfo, model: Weights, stored: weights.Stored, given: Given, command: Sequence[str], calibrated: bool
) -> str:
    """The text of `CARD.md`: where the weights come from, and what nobody has measured."""
    ages = f"{info.age_range[0]:g}–{info.age_range[1]:g} years" if info.age_range else "not stated"
    width, block = len(model.tubelets[1]), model.blocks[0]
    tubelet = " × ".join(map(str, model.tubelet))
    told = "the maker's word" if given.gelu else "the file does not tell which, Keras reads it so"
    rows = [
        ("Model", f"ViViT, {model.parameters:,} parameters, ONNX"),
        ("Size", f"{len(model.blocks)} blocks, width {width}, {len(block.query[1])} heads, tubelets of {tubelet}"),
        ("GELU", f"{model.mlp_gelu} in each MLP, {model.gelu} formula ({told})"),
        ("Author", info.author),
        ("Licence", info.licence),
        ("Ages", ages),
        ("Sees", conventions.sees(info.input)),
        ("Labels", f"{info.label_set}: {len(info.labels)}"),
        ("Source", f"`{stored.name}`, SHA-256 `{stored.sha256}`"),
    ]
    thresholds = "\n".join(f"| {row.id} | {row.name('en')} | {row.threshold:.2f} |" for row in info.labels)
    found = (
        "Temperature and thresholds were found on validation clips: the smallest negative log-likelihood, the highest "
        "F1 of each label between 0.3 and 0.9."
        if calibrated
        else "Nothing was calibrated: the temperature is 1 and every threshold 0.5, whatever that is worth here."
    )
    parts = [
        f"# {info.name} {info.version}",
        "**Converted from a file that was trained elsewhere.** The conversion keeps the model's mathematics; it says "
        "nothing about how good the model is.",
        "A screening aid, not a diagnosis. " + info.intended_use,
        "| | |\n|---|---|\n" + "\n".join(f"| {name} | {text} |" for name, text in rows),
        "## Training data\n\n" + info.training_data,
        "## Measured performance\n\nNone supplied.",
        f"## Answers and thresholds\n\nThe model answers with {info.output.kind}, at temperature "
        f"{info.output.temperature:.3f}. {found}\n\n| label | behaviour | threshold |\n|---|---|---|\n{thresholds}",
        "## Limits\n\n"
        "- Colour order, rate, values, resizing and padding are what was said at conversion; a wrong word there makes "
        "every answer wrong, and the file cannot tell.\n"
        "- The code of layers that Keras does not know is not in the file: they are taken to be a convolution in "
        "tubelets and a sum with one learned position for each.\n"
        "- Nothing was measured here: not by label, and not by sex, skin, disability, clothing or place.",
    ]
    if command:
        parts.append("## Made with\n\n```\n" + " ".join(command) + "\n```")
    return "\n\n".join(parts) + "\n"


# ---------------------------------------------------------------------------------------------- the command line


def _size(text: str) -> tuple[int, int]:
    """Height and width of "56" or "HEIGHTxWIDTH"."""
    sides = [int(side) for side in text.split("x")]
    return (sides[0], sides[0]) if len(sides) == 1 else (sides[0], sides[1])


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m models.convert", description="Make a pack of a ViViT that was trained elsewhere with Keras."
    )
    parser.add_argument("model", type=Path, metavar="MODEL", help="a .keras or .weights.h5 file")
    parser.add_argument("--labels", type=Path, required=True, metavar="FILE", help="CSV: id, vi, en, group")
    parser.add_argument("--out", type=Path, required=True, metavar="PACK", help="folder of the pack")
    parser.add_argument("--groups", action="store_true", help="the outputs are the groups of FILE, not its labels")
    parser.add_argument("--label-set", metavar="NAME", help="which numbering of labels it is, as profiles name it")
    parser.add_argument("--other", type=int, metavar="ID", help="the label that means “no listed behaviour”")
    parser.add_argument("--valid", type=Path, metavar="DATA", help="calibrate on DATA/valid, named as for models.train")
    group = parser.add_argument_group("what the file may leave open")
    group.add_argument("--frames", type=int, metavar="N", help="pictures in a clip")
    group.add_argument("--size", type=_size, metavar="N|HxW", help="height and width of a picture in pixels")
    group.add_argument("--mlp-gelu", choices=("once", "twice"), help="GELU after the first dense layer, or after both")
    group.add_argument("--gelu", choices=("exact", "tanh"), help="its formula; keras.ops.gelu is tanh (exact)")
    group.add_argument("--epsilon", type=float, metavar="E", help="of the normalisations")
    group.add_argument("--activation", choices=("softmax", "sigmoid", "logits"), help="of the last layer")
    conventions.add_options(parser)
    add_statement(parser, name="Converted ViViT", author="not stated", licence="not stated")
    said = vars(parser.parse_args(arguments))

    def work() -> None:
        given = Given(**{field: said[field] for field in Given.__slots__})
        statement = Statement(**{field: said[field] for field in Statement.__slots__})
        stands_for = meaning(said["labels"], said["groups"], said["label_set"], said["other"])
        command = ["python", "-m", "models.convert", *(arguments if arguments is not None else sys.argv[1:])]
        pack = convert(said["model"], said["out"], stands_for, given, said, statement, said["valid"], command)
        info = pack.info
        print(f"{info.name} {info.version} is in {said['out']}")
        if given.gelu is None:
            print("The file does not tell the formula of GELU: taken as exact. If it was keras.ops.gelu: --gelu tanh.")
        print(f"It is shown {conventions.sees(info.input)}: the file cannot tell, only you can (see --help).")

    return exit_status(work)


if __name__ == "__main__":
    sys.exit(main())
