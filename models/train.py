"""Train the ViViT on labelled clips: DATA/train and DATA/valid go in, a run folder comes out.

    python -m models.train DATA --out RUN [--epochs 200] [--seed 0] [--resume]

RUN holds `best.keras` (the averaged weights with the best validation macro F1), `validation.npz` (their logits on
DATA/valid, for calibration), `last.pt` (everything needed to go on), `metrics.csv` and `run.json`. What step n draws
depends on the seed and on n alone, so a run that was stopped and resumed gives the result of one that was not.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import platform
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from models import augment, dataset, metrics, start, vivit
from models.cli import exit_status, replace_file
from models.dataset import SPEC, Split
from models.forward import FastViViT
from screening.errors import N_, CannotWrite, WrongUsage

SILENT = -1e4  # the logit of a label without clips: its probability is exactly 0
SLICE = 16  # clips that one core works on at a time


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that shapes a run, with the values that trained the reference pack."""

    epochs: int = field(default=200, metadata={"help": "passes over as many clips as DATA/train holds"})
    batch: int = field(default=32, metadata={"help": "clips in one step"})
    lr: float = field(default=1e-3, metadata={"help": "highest learning rate of AdamW"})
    weight_decay: float = field(default=0.05, metadata={"help": "of the kernels"})
    warmup: float = field(default=0.05, metadata={"help": "share of the steps in which the learning rate rises"})
    smoothing: float = field(default=0.05, metadata={"help": "label smoothing"})
    keep: float = field(default=0.5, metadata={"help": "share of a clip's tokens that a step keeps"})
    finish: float = field(default=0.15, metadata={"help": "share of the steps, at the end, that keep every token"})
    average: float = field(default=0.998, metadata={"help": "decay of the moving average of the weights"})
    validate_every: int = field(default=5, metadata={"help": "epochs from one validation to the next"})
    seed: int = field(default=0, metadata={"help": "of the weights, the order and the augmentation"})
    float32: bool = field(default=False, metadata={"help": "no bfloat16: for processors that have none"})


# ---------------------------------------------------------------------------------------------- one step


@dataclass(frozen=True, slots=True)
class Share:
    """What one slice of a batch adds to the step: its part of the mean loss, its right answers, its gradients."""

    loss: float
    right: int
    gradients: tuple[torch.Tensor, ...]


def draw(split: Split, trained: list[int], rng: np.random.Generator, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Random views uint8 (B, T, H, W, 3) and their positions in `trained` (B,). Every label is equally likely."""
    which = rng.integers(len(trained), size=count)
    clips = [rng.choice(np.flatnonzero(split.labels == trained[position])) for position in which]
    views = [augment.window(split.ticks[clip], SPEC.frames, rng) for clip in clips]
    return torch.from_numpy(np.stack(views)), torch.from_numpy(which)


def learning_rate(step: int, steps: int, settings: Settings) -> float:
    """Linear warm-up, then half a cosine down to a hundredth."""
    rise = max(1, round(settings.warmup * steps))
    if step < rise:
        return settings.lr * (step + 1) / rise
    fall = (step - rise) / max(1, steps - rise)
    return settings.lr * (0.01 + 0.99 * 0.5 * (1 + float(np.cos(np.pi * fall))))


def predict(model: FastViViT, clips: NDArray[np.uint8], batch: int = 32) -> NDArray[np.float32]:
    """Logits float32 (N, outputs) of clips uint8 (N, T, H, W, 3)."""
    with torch.no_grad():
        parts = [model(torch.from_numpy(clips[i : i + batch])).cpu().numpy() for i in range(0, len(clips), batch)]
    return np.concatenate(parts)


def silence(model: keras.Model, labels: list[int]) -> None:
    """Give `labels` the constant logit `SILENT`. No loss reaches it, and kernels of zeros do not decay: it stays."""
    head = model.get_layer("behaviours")
    kernel, bias = (np.array(w) for w in head.get_weights())
    kernel[:, labels], bias[labels] = 0.0, SILENT
    head.set_weights([kernel, bias])


def make_optimiser(model: keras.Model, settings: Settings) -> torch.optim.AdamW:
    """AdamW; only kernels decay, not biases, norms and positions."""
    kernels = [v.value for v in model.trainable_variables if v.path.endswith("kernel")]
    others = [v.value for v in model.trainable_variables if not v.path.endswith("kernel")]
    groups = [{"params": kernels, "weight_decay": settings.weight_decay}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=settings.lr, betas=(0.9, 0.98), fused=True)


# ---------------------------------------------------------------------------------------------- the run


class Run:
    """One training run in its folder: a model, its moving average, the optimiser, and how far they are."""

    def __init__(self, out: Path, config: vivit.ViViTConfig, settings: Settings, train: Split, valid: Split) -> None:
        self.out, self.settings, self.split = out, settings, train
        self.trained = sorted(train.counts)
        keras.utils.set_random_seed(settings.seed)
        self.model, self.averaged = vivit.build(config), vivit.build(config)
        start.prepare(self.model, config, train, settings.seed)
        silence(self.model, [i for i in range(config.outputs) if i not in train.counts])
        self.averaged.set_weights(self.model.get_weights())
        precision = torch.float32 if settings.float32 else torch.bfloat16
        self.fast, self.fast_averaged = (FastViViT(m, config, precision) for m in (self.model, self.averaged))
        self.optimiser = make_optimiser(self.model, settings)
        self.steps_per_epoch = max(1, round(len(train.labels) / settings.batch))
        self.steps = settings.epochs * self.steps_per_epoch
        self.epoch, self.best_f1, self.history = 0, -1.0, []  # type: int, float, list[dict[str, float]]
        self.valid_clips, clip_of = valid.windows(SPEC)
        self.valid_labels = valid.labels[clip_of]
        data = dataset.fingerprint(train, valid)
        self.identity: dict[str, Any] = {"settings": asdict(settings), "config": config.as_dict(), "data": data}

    def start_from(self, path: Path) -> None:
        """Take over the weights of another model of the same size; labels without clips stay silent."""
        self.model.set_weights(keras.saving.load_model(path, compile=False).get_weights())
        silence(self.model, [i for i in range(self.fast.config.outputs) if i not in self.trained])
        self.averaged.set_weights(self.model.get_weights())

    def train_epoch(self, pool: ThreadPoolExecutor) -> tuple[float, float]:
        """One pass: mean loss and share of right answers, both on augmented windows."""
        loss, right = 0.0, 0
        for step in range(self.epoch * self.steps_per_epoch, (self.epoch + 1) * self.steps_per_epoch):
            # Each slice runs on one core, and they are added in order: the sum does not depend on the number of cores.
            shares = list(pool.map(lambda i, step=step: self.slice(step, i), range(self.settings.batch // SLICE)))
            weights, gradients = self.fast.weights.values(), (share.gradients for share in shares)
            for weight, *parts in zip(weights, *gradients, strict=True):
                weight.grad = torch.stack(parts).sum(0)
            torch.nn.utils.clip_grad_norm_(self.fast.weights.values(), 1.0)
            for group in self.optimiser.param_groups:
                group["lr"] = learning_rate(step, self.steps, self.settings)
            self.optimiser.step()
            self.follow(step)
            loss += sum(share.loss for share in shares) / self.steps_per_epoch
            right += sum(share.right for share in shares)
        self.epoch += 1
        return loss, right / (self.steps_per_epoch * self.settings.batch)

    def slice(self, step: int, index: int) -> Share:
        """Slice `index` of step `step`: draw it, answer, and find the gradients of its part of the loss."""
        rng = np.random.default_rng([self.settings.seed, step, index])
        clips, target = draw(self.split, self.trained, rng, SLICE)
        keep = 1.0 if step >= (1 - self.settings.finish) * self.steps else self.settings.keep
        tokens = torch.Generator().manual_seed(int(rng.integers(2**62)))
        logits = self.fast(clips, keep, tokens)[:, self.trained]  # (S, trained)
        target = target.to(logits.device)
        loss = F.cross_entropy(logits, target, label_smoothing=self.settings.smoothing, reduction="sum")
        loss = loss / self.settings.batch
        gradients = torch.autograd.grad(loss, list(self.fast.weights.values()))
        return Share(float(loss.detach()), int((logits.argmax(1) == target).sum()), gradients)

    def follow(self, step: int) -> None:
        """Move the averaged weights towards the trained ones; quickly at first, when these still change a lot."""
        decay = min(self.settings.average, (1 + step) / (10 + step))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.fast_averaged.weights.values()), list(self.fast.weights.values()), 1 - decay)

    def validate(self) -> float:
        """Macro F1 of the averaged weights over the windows of DATA/valid; the best so far are kept."""
        logits = predict(self.fast_averaged, self.valid_clips)
        f1 = metrics.macro_f1(logits.argmax(1), self.valid_labels)
        if f1 > self.best_f1:
            self.best_f1 = f1
            beside = self.out / "best.part.keras"
            self.averaged.save(beside)
            beside.replace(self.out / "best.keras")
            whole = io.BytesIO()
            np.savez_compressed(whole, logits=logits, labels=self.valid_labels)
            replace_file(self.out / "validation.npz", whole.getvalue())
        return f1

    # ------------------------------------------------------------------------------------------ on disk

    def save(self) -> None:
        """Write the checkpoint, then the figures."""
        state = {
            "identity": self.fixed(),
            "epoch": self.epoch,
            "best_f1": self.best_f1,
            "history": self.history,
            "model": self.fast.weights,
            "averaged": self.fast_averaged.weights,
            "optimiser": self.optimiser.state_dict(),
        }
        whole = io.BytesIO()
        torch.save(state, whole)
        replace_file(self.out / "last.pt", whole.getvalue())
        table = io.StringIO(newline="")
        writer = csv.DictWriter(table, ["epoch", "loss", "train_top1", "lr", "seconds", "valid_macro_f1"])
        writer.writeheader()
        writer.writerows(self.history)
        replace_file(self.out / "metrics.csv", table.getvalue().encode())

    def resume(self) -> None:
        """Go on from the checkpoint. WrongUsage when there is none, or when it is of other data or settings."""
        path = self.out / "last.pt"
        if not path.is_file():
            raise WrongUsage(N_("There is no run to resume in “{folder}”. Leave --resume out."), folder=str(self.out))
        state = torch.load(path, map_location=self.fast.device, weights_only=True)
        if state["identity"] != self.fixed():
            raise WrongUsage(
                N_("The run in “{folder}” was made with other data or settings. Give the same ones, or another --out."),
                folder=str(self.out),
            )
        with torch.no_grad():
            for fast, kept in ((self.fast, state["model"]), (self.fast_averaged, state["averaged"])):
                for path_, weight in fast.weights.items():
                    weight.copy_(kept[path_])
        self.optimiser.load_state_dict(state["optimiser"])
        self.epoch, self.best_f1, self.history = state["epoch"], state["best_f1"], state["history"]

    def fixed(self) -> str:
        """What a resumed run must share with the one before. `epochs` may change: the rest follows the new schedule."""
        return json.dumps({**self.identity, "settings": {**self.identity["settings"], "epochs": None}})

    def describe(self, data: Path, valid: Split, command: list[str]) -> None:
        """Write `run.json`: what was run on what."""
        described = {
            **self.identity,
            "command": ["python", "-m", "models.train", *command],
            "data_name": data.name,
            "simulated": dataset.is_simulated(data),
            "labels": [asdict(row) for row in dataset.labels()],
            "trained": self.trained,
            "clips": {split.name: split.counts for split in (self.split, valid)},
            "unreadable": [list(row) for split in (self.split, valid) for row in split.unreadable],
            "versions": {"python": platform.python_version(), "keras": keras.__version__, "torch": torch.__version__},
            "best_valid_macro_f1": self.best_f1,
            "epochs_done": self.epoch,
        }
        replace_file(self.out / "run.json", (json.dumps(described, ensure_ascii=False, indent=2) + "\n").encode())


@contextmanager
def one_core_each() -> Iterator[ThreadPoolExecutor]:
    """As many threads as there are cores, each computing on one core alone.

    That is faster than one product on all cores, and much faster while other programs run.
    """
    cores = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with ThreadPoolExecutor(cores) as pool:
            yield pool
    finally:
        torch.set_num_threads(cores)


def train(
    data: Path, out: Path, settings: Settings, *, config: vivit.ViViTConfig | None = None,
    resume: bool = False, init: Path | None = None, command: list[str] | None = None,
) -> Run:  # fmt: skip
    """Train on DATA/train, choose on DATA/valid, write `out`; returns the finished run."""
    train_split, valid_split = dataset.load(data, "train"), dataset.load(data, "valid")
    for split in (train_split, valid_split):
        tell(f"{split.name}: {len(split.labels)} clips, {len(split.counts)} labels, {len(split.unreadable)} unreadable")
    try:
        out.mkdir(parents=True, exist_ok=True)
        run = Run(out, config or vivit.ViViTConfig(), settings, train_split, valid_split)
        if init:
            run.start_from(init)
        if resume:
            run.resume()
        run.describe(data, valid_split, command or [])
        began, first = time.monotonic(), run.epoch
        with one_core_each() as pool:
            while run.epoch < settings.epochs:
                epoch_began = time.monotonic()
                loss, top1 = run.train_epoch(pool)
                due = run.epoch % settings.validate_every == 0 or run.epoch == settings.epochs
                f1 = run.validate() if due else None
                spent = time.monotonic() - epoch_began
                rate = learning_rate(run.epoch * run.steps_per_epoch - 1, run.steps, settings)
                row = {"epoch": run.epoch, "loss": loss, "train_top1": top1, "lr": rate, "seconds": spent}
                run.history.append(row if f1 is None else {**row, "valid_macro_f1": f1})
                run.save()
                if due:
                    run.describe(data, valid_split, command or [])
                left = (time.monotonic() - began) / (run.epoch - first) * (settings.epochs - run.epoch)
                tell(
                    f"epoch {run.epoch}/{settings.epochs}  loss {loss:.3f}  top-1 {top1:.3f}  "
                    + ("" if f1 is None else f"valid macro F1 {f1:.3f} (best {run.best_f1:.3f})  ")
                    + f"{1000 * spent / (run.steps_per_epoch * settings.batch):.1f} ms/clip  {left / 60:.0f} min left"
                )
    except OSError as error:
        raise CannotWrite(
            N_("The run cannot be written to “{folder}” ({reason}). Choose another place or free some space."),
            folder=str(out), reason=error.strerror or type(error).__name__,
        ) from error  # fmt: skip
    return run


def tell(line: str) -> None:
    """Progress goes to stderr."""
    print(line, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(prog="python -m models.train", description="Train the ViViT on labelled clips.")
    parser.add_argument("data", type=Path, metavar="DATA", help="holds train/ and valid/, clips named LABEL_INDEX.mp4")
    parser.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder for the weights and figures")
    parser.add_argument("--resume", action="store_true", help="go on where the run in RUN stopped")
    parser.add_argument("--init", type=Path, metavar="MODEL.keras", help="start from these weights")
    for setting in fields(Settings):
        option = "--" + setting.name.replace("_", "-")
        if setting.type == "bool":
            parser.add_argument(option, action="store_true", help=setting.metadata["help"])
        else:
            kind = {"int": int, "float": float}[str(setting.type)]
            text = f"{setting.metadata['help']} ({setting.default})"
            parser.add_argument(option, type=kind, default=setting.default, metavar="N", help=text)
    given = vars(parser.parse_args(arguments))
    settings = Settings(**{setting.name: given[setting.name] for setting in fields(Settings)})
    if settings.epochs < 1 or settings.validate_every < 1 or settings.batch < SLICE or settings.batch % SLICE:
        parser.error(f"--epochs and --validate-every must be at least 1, --batch a multiple of {SLICE}")
    if not 0 < settings.keep <= 1:
        parser.error("--keep must be more than 0 and at most 1")
    cv2.setNumThreads(1)  # the clips of a batch are already shared among threads
    return exit_status(
        lambda: train(
            given["data"], given["out"], settings, resume=given["resume"], init=given["init"], command=arguments
        )
    )


if __name__ == "__main__":
    sys.exit(main())
