"""The model card: what was trained on what, how well it did and what it must not be used for, as Markdown.

After Mitchell et al., "Model Cards for Model Reporting" (FAT* 2019).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models.evaluate import Evaluation
from screening.records import PackInfo

NEVER_REAL = "This pack has never seen a real child."


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a pack comes from: `run` is the run's `run.json`, `commands` what was typed, in order."""

    run: dict[str, Any]
    commands: tuple[str, ...]
    parameters: int


def write(info: PackInfo, origin: Origin, measured: Evaluation | None) -> str:
    """The text of `CARD.md`."""
    parts = [
        f"# {info.name} {info.version}",
        f"**{NEVER_REAL}** Every clip that it learnt from or was measured on was drawn by a computer. Its figures say "
        "how well it tells simulated behaviours apart, and nothing about children."
        if info.simulated_only
        else "Read the training data and the limits below before use.",
        "A screening aid, not a diagnosis. " + info.intended_use,
        _identity(info, origin),
        "## Training data\n\n" + info.training_data + "\n\n" + _clips(info, origin.run),
        "## Measured performance\n\n" + (_figures(info, measured) if measured else "None supplied."),
        "## Answers and thresholds\n\n" + _answers(info),
        "## Limits\n\n" + _limits(info),
        "## Made with\n\n```\n" + "\n".join(origin.commands) + "\n```\n\n" + _run(origin.run),
    ]
    return "\n\n".join(parts) + "\n"


def _identity(info: PackInfo, origin: Origin) -> str:
    clip = info.input
    ages = f"{info.age_range[0]:g}–{info.age_range[1]:g} years" if info.age_range else "not stated"
    rows = [
        ("Model", f"ViViT (spatio-temporal attention, Arnab et al. 2021), {origin.parameters:,} parameters, ONNX"),
        ("Author", info.author),
        ("Licence", info.licence),
        ("Ages", ages),
        ("Sees", f"{clip.frames} {clip.colour} pictures of {clip.width} × {clip.height} pixels, {clip.fps:g} a second"),
        ("Labels", f"{info.label_set}: {sum(label.trained for label in info.labels)} of {len(info.labels)} trained"),
    ]
    return "| | |\n|---|---|\n" + "\n".join(f"| {name} | {text} |" for name, text in rows)


def _clips(info: PackInfo, run: dict[str, Any]) -> str:
    counts = {split: {int(label): n for label, n in by.items()} for split, by in run["clips"].items()}
    rows = [
        f"| {label.id} | {label.name('en')} | " + " | ".join(str(by.get(label.id, 0)) for by in counts.values()) + " |"
        for label in info.labels
        if label.trained
    ]
    columns = ["label", "behaviour", *(f"clips, {split}" for split in counts)]
    head = f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|"
    unreadable = f"\n\n{len(run['unreadable'])} clips could not be read and were left out." if run["unreadable"] else ""
    return head + "\n" + "\n".join(rows) + unreadable


def _figures(info: PackInfo, measured: Evaluation) -> str:
    clips, windows = measured.clips, measured.windows
    rows = [
        (text, f"{getattr(clips, field):.3f}", f"{getattr(windows, field):.3f}")
        for text, field in (("top-1", "top1"), ("top-5", "top5"), ("macro F1", "macro_f1"), ("ECE, 15 bins", "ece"))
    ]
    rows.append(("ECE before temperature", "", f"{measured.ece_raw:.3f}"))
    names = {label.id: label.name("en") for label in info.labels}
    rows += [
        (f"recall, {names[label]}", f"{clips.recall[label]:.3f}", f"{windows.recall[label]:.3f}")
        for label in clips.recall
    ]
    body = "\n".join(f"| {name} | {of_clips} | {of_windows} |" for name, of_clips, of_windows in rows)
    return (
        f"On {measured.data}, {measured.date}: {clips.n} clips, {windows.n} windows. A clip's answer is the mean over "
        "its windows. ECE is the expected calibration error (Guo et al. 2017).\n\n"
        f"| | clips | windows |\n|---|---|---|\n{body}"
    )


def _answers(info: PackInfo) -> str:
    rows = [f"| {label.id} | {label.name('en')} | {label.threshold:.2f} |" for label in info.labels if label.trained]
    return (
        f"Probabilities are a softmax over the trained labels at temperature {info.output.temperature:.3f}, the one "
        "with the smallest negative log-likelihood on the validation windows. A label's threshold is the one with the "
        "highest F1 on the validation windows, between 0.3 and 0.9; 0.5 for a label without clips.\n\n"
        "| label | behaviour | threshold |\n|---|---|---|\n" + "\n".join(rows)
    )


def _limits(info: PackInfo) -> str:
    untrained = sum(not label.trained for label in info.labels)
    lines = [
        "The answers are about what is seen in two seconds of video, not about a child.",
        "Exactly one behaviour is named for each window, though a child may do two at once.",
        f"{untrained} of {len(info.labels)} behaviours had no clips: not assessable, which is not “not observed”.",
        "Small, fast or covered movements of hands and face are lost at this size of picture; draw the child's box.",
        "Nothing was measured by sex, skin, disability, clothing or place, so nothing is known about unequal errors.",
    ]
    if info.simulated_only:
        lines[:0] = [
            "Rendered figures move more cleanly than children do. Do not act on an answer of this pack.",
            "The measured clips show other bodies, rooms and cameras than the training clips, but one renderer drew "
            "both from the same ranges. How much worse it does elsewhere, rendered or real, was not measured.",
        ]
    return "\n".join(f"- {line}" for line in lines)


def _run(run: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in run["versions"].items())
    return (
        f"Seed {run['settings']['seed']}, {run['epochs_done']} of {run['settings']['epochs']} epochs, best macro F1 on "
        f"the validation windows {run['best_valid_macro_f1']:.3f}. {versions}. "
        f"Fingerprint of the prepared clips: `{run['data']}`."
    )
