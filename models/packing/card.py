"""The model card: what was trained on what, how well it did and what it must not be used for, as Markdown.

After Mitchell et al., "Model Cards for Model Reporting" (FAT* 2019).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models.evaluate import Evaluation
from models.measuring.intervals import Measured
from models.packing import conventions
from screening.records import Label, PackInfo

NEVER_REAL = "This pack has never seen a real child."


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a pack comes from: `run` is the run's `run.json`, `commands` what was typed, in order."""

    run: dict[str, Any]
    commands: tuple[str, ...]
    parameters: int


@dataclass(frozen=True, slots=True)
class Measurements:
    """What was measured: `clips` like those of the training; `elsewhere` other data; `sessions` long videos.

    `notes` is Markdown by the maker about measurements that no command makes.
    """

    clips: Evaluation | None = None
    elsewhere: tuple[Evaluation, ...] = ()
    sessions: tuple[Measured, ...] = ()
    notes: str = ""

    @property
    def models(self) -> set[str]:
        """SHA-256 of every model that was measured."""
        clips = (self.clips,) if self.clips else ()
        return {found.model_sha256 for found in (*clips, *self.elsewhere, *self.sessions)}


def write(info: PackInfo, origin: Origin, measured: Measurements) -> str:
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
        "## Measured performance\n\n" + _performance(info, measured),
        "## Answers and thresholds\n\n" + _answers(info),
        "## Limits\n\n" + _limits(info, measured),
        "## Made with\n\n```\n" + "\n".join(origin.commands) + "\n```\n\n" + _run(origin.run),
    ]
    return "\n\n".join(parts) + "\n"


def _identity(info: PackInfo, origin: Origin) -> str:
    ages = f"{info.age_range[0]:g}–{info.age_range[1]:g} years" if info.age_range else "not stated"
    rows = [
        ("Model", f"ViViT (spatio-temporal attention, Arnab et al. 2021), {origin.parameters:,} parameters, ONNX"),
        ("Author", info.author),
        ("Licence", info.licence),
        ("Ages", ages),
        ("Sees", conventions.sees(info.input)),
        ("Labels", f"{info.label_set}: {_trained(info)}"),
    ]
    return "| | |\n|---|---|\n" + "\n".join(f"| {name} | {text} |" for name, text in rows)


def _trained(info: PackInfo) -> str:
    behaviours = _behaviours(info)
    trained = f"{sum(label.trained for label in behaviours)} of {len(behaviours)} behaviours trained"
    return trained if len(behaviours) == len(info.labels) else f"{trained}, and “no listed behaviour”"


def _behaviours(info: PackInfo) -> list[Label]:
    return [label for label in info.labels if label.id != info.output.other_id]


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


def _performance(info: PackInfo, measured: Measurements) -> str:
    parts = [_figures(info, measured.clips)] if measured.clips else []
    parts += [_elsewhere(info, other) for other in measured.elsewhere]
    known = [session for session in measured.sessions if session.agreements]
    parts += [_sessions(session) for session in known]
    parts += [_alarms(info, session) for session in measured.sessions if session.unknown]
    parts += [measured.notes.strip()] if measured.notes else []
    return "\n\n".join(parts) or "None supplied."


def _figures(info: PackInfo, measured: Evaluation) -> str:
    clips, windows = measured.clips, measured.windows
    rows = []
    for text, field in (("top-1", "top1"), ("top-5", "top5"), ("macro F1", "macro_f1"), ("ECE, 15 bins", "ece")):
        (low, high), (wlow, whigh) = clips.intervals[field], windows.intervals[field]
        rows.append(
            f"| {text} | {getattr(clips, field):.3f} ({low:.3f}–{high:.3f}) "
            f"| {getattr(windows, field):.3f} ({wlow:.3f}–{whigh:.3f}) |"
        )
    if clips.macro_auroc is not None and windows.macro_auroc is not None:
        rows.append(f"| macro AUROC | {clips.macro_auroc:.3f} | {windows.macro_auroc:.3f} |")
    rows.append(f"| ECE before temperature | | {measured.ece_raw:.3f} |")
    names = {label.id: label.name("en") for label in info.labels}
    by_label = "\n".join(
        f"| {label} | {names[label]} | {clips.support[label]} | {clips.recall[label]:.2f} "
        f"| {windows.recall[label]:.2f} | {clips.auroc[label]:.3f} |"
        for label in clips.recall
        if label in clips.auroc
    )
    return (
        f"On {measured.data}, {measured.date}: {clips.n} clips, {windows.n} windows. A clip's answer is the mean over "
        "its windows. In brackets the 95 % interval of 1000 bootstraps of whole clips. ECE is the expected calibration "
        "error (Guo et al. 2017), AUROC that of each label against all others.\n\n"
        "| | clips | windows |\n|---|---|---|\n" + "\n".join(rows) + "\n\n"
        "| label | behaviour | clips | recall, clips | recall, windows | AUROC, clips |\n|---|---|---|---|---|---|\n"
        + by_label
    )


def _elsewhere(info: PackInfo, measured: Evaluation) -> str:
    clips, names = measured.clips, {label.id: label.name("en") for label in info.labels}
    low, high = clips.intervals["top1"]
    worst = sorted(clips.recall, key=lambda label: clips.recall[label])[:5]
    answers = dict(zip(clips.labels, clips.confusion, strict=True))
    lines = []
    for label in worst:
        wrong = [(n, other) for other, n in zip(clips.labels, answers[label], strict=True) if other != label and n]
        taken = ", ".join(f"{names[other]} {n} ×" for n, other in sorted(wrong, reverse=True)[:3])
        lines.append(f"- {names[label]}: recall {clips.recall[label]:.2f}; taken for {taken or 'nothing else'}")
    return (
        f"### On other data: {measured.data}\n\n{measured.date}, {clips.n} clips: top-1 {clips.top1:.3f} "
        f"({low:.3f}–{high:.3f}), macro F1 {clips.macro_f1:.3f}, ECE {clips.ece:.3f}. The five worst labels:\n\n"
        + "\n".join(lines)
    )


def _sessions(measured: Measured) -> str:
    known = [video for video in measured.videos if video.true is not None]
    minutes = sum(video.seconds for video in known) / 60
    rows = "\n".join(
        f"| {a.iou} | {a.true} | {a.found} | {a.hits} | {a.precision:.3f} | {a.recall:.3f} | {a.f1:.3f} |"
        for a in measured.agreements
    )
    onset = f" Median error of onset: {measured.onset_error_s:.2f} s." if measured.onset_error_s is not None else ""
    return (
        f"### Episodes in long videos\n\n{len(known)} simulated sessions, {minutes:.0f} minutes, with true intervals; "
        f"default thresholds.{onset}\n\n"
        "| IoU at least | true | found | hits | precision | recall | F1 |\n|---|---|---|---|---|---|---|\n" + rows
    )


def _alarms(info: PackInfo, measured: Measured) -> str:
    names = {label.id: label.name("en") for label in info.labels}
    rows = []
    for video in measured.unknown:
        spent = ", ".join(f"{names[label]} {seconds:.0f} s" for label, seconds in video.spent.items())
        rows.append(f"| {video.name} | {video.seconds:.0f} | {video.assessable_s:.0f} | {spent or 'nothing'} |")
    whole = sum(video.assessable_s for video in measured.unknown) / 60
    alarmed = sum(sum(video.spent.values()) for video in measured.unknown) / 60
    return (
        "### Real people who show next to none of it\n\n"
        f"{whole:.1f} assessable minutes; episodes at the default thresholds add up to {alarmed:.1f} minutes. "
        "Nearly all of them are false alarms.\n\n"
        "| video | length, s | assessable, s | found |\n|---|---|---|---|\n" + "\n".join(rows)
    )


def _answers(info: PackInfo) -> str:
    rows = [f"| {label.id} | {label.name('en')} | {label.threshold:.2f} |" for label in info.labels if label.trained]
    return (
        f"Probabilities are a softmax over the trained labels at temperature {info.output.temperature:.3f}, the one "
        "with the smallest negative log-likelihood on the validation windows. A label's threshold is the one with the "
        "highest F1 on the validation windows, between 0.3 and 0.9, where windows without a listed behaviour count as "
        "much as all others together; 0.5 for a label without clips.\n\n"
        "| label | behaviour | threshold |\n|---|---|---|\n" + "\n".join(rows)
    )


def _limits(info: PackInfo, measured: Measurements) -> str:
    behaviours = _behaviours(info)
    untrained = sum(not label.trained for label in behaviours)
    lines = [
        "The answers are about what is seen in two seconds of video, not about a child.",
        "Exactly one behaviour is named for each window, though a child may do two at once.",
        "Small, fast or covered movements of hands and face are lost at this size of picture; draw the child's box.",
        "Nothing was measured by sex, skin, disability, clothing or place, so nothing is known about unequal errors.",
    ]
    if untrained:
        gap = f"{untrained} of {len(behaviours)} behaviours had no clips: not assessable, which is not “not observed”."
        lines.insert(2, gap)
    if info.simulated_only:
        elsewhere = "" if measured.elsewhere else "How much worse it does elsewhere was not measured. "
        lines[:0] = [
            "Rendered figures move more cleanly than children do. Do not act on an answer of this pack.",
            "The measured clips show other bodies, rooms and cameras than the training clips, but one renderer drew "
            f"both from the same ranges. {elsewhere}How well it does with real children was not measured.",
        ]
    return "\n".join(f"- {line}" for line in lines)


def _run(run: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in run["versions"].items())
    return (
        f"Seed {run['settings']['seed']}, {run['epochs_done']} of {run['settings']['epochs']} epochs, best macro F1 on "
        f"the validation windows {run['best_valid_macro_f1']:.3f}. {versions}. "
        f"Fingerprint of the prepared clips: `{run['data']}`."
    )
