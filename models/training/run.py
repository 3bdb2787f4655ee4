"""One training run in its folder: splits and settings go in; weights, figures and a checkpoint to go on from come out.

What step n draws depends on the seed and on n alone, and everything else on the checkpoint, so a run that was stopped
and resumed gives the result of one that was not.
"""

from __future__ import annotations

import io
import json
import platform
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from models import vivit
from models.cli import replace_file
from models.data import augment, dataset
from models.data.batch import Batches
from models.data.dataset import SPEC, LabelRow, Split
from models.forward import FastViViT
from models.measuring import figures, metrics
from models.training import schedule, start, takeover
from models.training.settings import SLICE, Settings
from screening.errors import N_, WrongUsage

FREE = ("epochs", "patience")  # settings that a resumed run may change: the rest of it follows the new ones


@dataclass(frozen=True, slots=True)
class Share:
    """What one slice of a batch adds to the step: its part of the mean loss, its right answers, its gradients."""

    loss: float
    right: int
    gradients: tuple[torch.Tensor, ...]


def on_gpu(device: torch.device) -> bool:
    """Whether the weights lie where one large batch is quicker than several small ones."""
    return device.type == "cuda"


def precision(settings: Settings, device: torch.device) -> torch.dtype:
    """The type of the products: bfloat16, whose range needs no loss scaling; float32 where it is only emulated."""
    if settings.float32 or (on_gpu(device) and not torch.cuda.is_bf16_supported(including_emulation=False)):
        return torch.float32
    return torch.bfloat16


def make_optimiser(model: keras.Model, settings: Settings) -> torch.optim.AdamW:
    """AdamW; only kernels decay, not biases, norms and positions."""
    kernels = [v.value for v in model.trainable_variables if v.path.endswith("kernel")]
    others = [v.value for v in model.trainable_variables if not v.path.endswith("kernel")]
    groups = [{"params": kernels, "weight_decay": settings.weight_decay}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=settings.lr, betas=(0.9, 0.98), fused=True)


class Run:
    """A model, its moving average, the optimiser, and how far they are."""

    def __init__(
        self, out: Path, config: vivit.ViViTConfig, settings: Settings, train: Split, valid: Split,
        labels: Sequence[LabelRow] | None = None,
    ) -> None:  # fmt: skip
        self.out, self.settings, self.train, self.valid = out, settings, train, valid
        self.labels = tuple(labels or dataset.labels())
        self.batches = Batches(train, self.labels, settings)
        self.trained = self.batches.trained
        keras.utils.set_random_seed(settings.seed)
        self.model, self.averaged = vivit.build(config), vivit.build(config)
        device = self.model.trainable_variables[0].value.device
        kind = precision(settings, device)
        self.fast, self.fast_averaged = (FastViViT(m, config, kind) for m in (self.model, self.averaged))
        self.optimiser = make_optimiser(self.model, settings)
        self.steps_per_epoch = max(1, round(len(train.labels) / settings.batch))
        self.steps = settings.epochs * self.steps_per_epoch
        self.epoch, self.best_f1 = 0, -1.0
        self.history: list[dict[str, float]] = []
        self.origin: dict[str, Any] | None = None
        self.windows = [(i, at) for i, ticks in enumerate(valid.ticks) for at in dataset.starts(len(ticks), SPEC)]
        self.valid_labels = valid.labels[[i for i, _ in self.windows]]
        data = dataset.fingerprint(train, valid)
        self.identity: dict[str, Any] = {"settings": asdict(settings), "config": config.as_dict(), "data": data}

    # ------------------------------------------------------------------------------------------ how it begins

    def start(self) -> None:
        """Fresh weights that already see motion."""
        start.prepare(self.model, self.fast.config, self.train, self.settings.seed)
        self._begin()

    def start_from(self, given: str) -> list[int]:
        """The weights of another model (`takeover.read`); the labels whose rows of the head came along."""
        taken = takeover.take_over(self.model, takeover.read(given), self.labels, given)
        self.origin = {"init": Path(given).name, "labels_taken_over": taken}
        self._begin()
        return taken

    def _begin(self) -> None:
        takeover.silence(self.model, [row.id for row in self.labels if row.id not in self.trained])
        self.averaged.set_weights(self.model.get_weights())

    # ------------------------------------------------------------------------------------------ one epoch

    @property
    def f1s(self) -> list[float]:
        """The validations so far."""
        return [row["valid_macro_f1"] for row in self.history if "valid_macro_f1" in row]

    @property
    def finished(self) -> bool:
        """Whether every epoch is done, or the validations no longer improve."""
        return self.epoch >= self.settings.epochs or schedule.exhausted(self.f1s, self.settings.patience)

    def train_epoch(self, pool: ThreadPoolExecutor) -> tuple[float, float]:
        """One pass: mean loss and share of right answers, both on augmented windows."""
        loss, right, f1s = 0.0, 0, self.f1s
        weights = list(self.fast.weights.values())
        for step in range(self.epoch * self.steps_per_epoch, (self.epoch + 1) * self.steps_per_epoch):
            shares = self.shares(step, pool)
            # Added in the order of the slices: the sum does not depend on the number of cores.
            total = list(shares[0].gradients)
            for share in shares[1:]:
                torch._foreach_add_(total, share.gradients)
            for weight, gradient in zip(weights, total, strict=True):
                weight.grad = gradient
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            for group in self.optimiser.param_groups:
                group["lr"] = schedule.learning_rate(step, self.steps, self.settings, f1s)
            self.optimiser.step()
            self.follow(step)
            loss += sum(share.loss for share in shares) / self.steps_per_epoch
            right += sum(share.right for share in shares)
        self.epoch += 1
        return loss, right / (self.steps_per_epoch * self.settings.batch)

    def shares(self, step: int, pool: ThreadPoolExecutor) -> list[Share]:
        """The slices of a step: each on a core of its own, or drawn there and answered by the GPU together."""
        slices = range(self.settings.batch // SLICE)
        if not on_gpu(self.fast.device):
            return list(pool.map(lambda index: self.share(step, *self.draw(step, index)), slices))
        drawn = list(pool.map(lambda index: self.draw(step, index), slices))
        clips, targets = (torch.cat(parts) for parts in list(zip(*drawn, strict=True))[:2])
        return [self.share(step, clips, targets, drawn[0][2])]

    def draw(self, step: int, index: int) -> tuple[torch.Tensor, torch.Tensor, torch.Generator]:
        """Slice `index` of a step: clips, targets, and the source of chance for the tokens to keep."""
        rng = np.random.default_rng([self.settings.seed, step, index])
        clips, targets = self.batches.draw(rng, SLICE)
        return clips, targets, torch.Generator().manual_seed(int(rng.integers(2**62)))

    def share(self, step: int, clips: torch.Tensor, targets: torch.Tensor, tokens: torch.Generator) -> Share:
        """Answer, and find the gradients of these clips' part of the loss."""
        logits = self.fast(clips, schedule.kept(step, self.steps, self.settings), tokens)[:, self.trained]
        targets = targets.to(logits.device)  # (S, trained)
        loss = F.cross_entropy(logits, targets, label_smoothing=self.settings.smoothing, reduction="sum")
        loss = loss / self.settings.batch
        gradients = torch.autograd.grad(loss, list(self.fast.weights.values()))
        return Share(float(loss.detach()), int((logits.argmax(1) == targets.argmax(1)).sum()), gradients)

    def follow(self, step: int) -> None:
        """Move the averaged weights towards the trained ones; quickly at first, when these still change a lot."""
        decay = min(self.settings.average, (1 + step) / (10 + step))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.fast_averaged.weights.values()), list(self.fast.weights.values()), 1 - decay)

    # ------------------------------------------------------------------------------------------ validation

    def predict(self, pool: ThreadPoolExecutor) -> NDArray[np.float32]:
        """Logits float32 (M, outputs) of the averaged weights for every window of DATA/valid."""

        def answer(first: int) -> NDArray[np.float32]:
            cut = self.windows[first : first + SLICE]
            clips = np.stack([augment.plain_window(self.valid.ticks[i], SPEC.frames, at) for i, at in cut])
            with torch.no_grad():
                return np.asarray(self.fast_averaged(torch.from_numpy(clips)).cpu().numpy())

        return np.concatenate(list(pool.map(answer, range(0, len(self.windows), SLICE))))

    def validate(self, pool: ThreadPoolExecutor) -> dict[str, float]:
        """Macro F1 and top-1 of the averaged weights over the windows of DATA/valid; the best so far are kept."""
        logits = self.predict(pool)
        best = logits.argmax(1)
        f1, top1 = metrics.macro_f1(best, self.valid_labels), float((best == self.valid_labels).mean())
        if f1 > self.best_f1:
            self.best_f1 = f1
            beside = self.out / "best.part.keras"
            self.averaged.save(beside)
            beside.replace(self.out / "best.keras")
            whole = io.BytesIO()
            np.savez_compressed(whole, logits=logits, labels=self.valid_labels)
            replace_file(self.out / "validation.npz", whole.getvalue())
            names = {row.id: takeover.name_of(row) for row in self.labels}
            title = f"{len(best)} validation windows after epoch {self.epoch}: macro F1 {f1:.3f}, % of each row"
            figures.confusion(self.out / "confusion.png", best, self.valid_labels, names, title)
        return {"valid_macro_f1": f1, "valid_top1": top1}

    # ------------------------------------------------------------------------------------------ on disk

    def save(self) -> None:
        """Write the checkpoint."""
        state = {
            "identity": self.fixed(),
            "epoch": self.epoch,
            "best_f1": self.best_f1,
            "history": self.history,
            "origin": self.origin,
            "model": self.fast.weights,
            "averaged": self.fast_averaged.weights,
            "optimiser": self.optimiser.state_dict(),
        }
        whole = io.BytesIO()
        torch.save(state, whole)
        replace_file(self.out / "last.pt", whole.getvalue())

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
        self.origin = state["origin"]

    def fixed(self) -> str:
        """What a resumed run must share with the one before."""
        settings = {name: value for name, value in self.identity["settings"].items() if name not in FREE}
        return json.dumps({**self.identity, "settings": settings, "labels": [asdict(row) for row in self.labels]})

    def describe(self, data: Path, command: list[str]) -> None:
        """Write `run.json`: what was run on what."""
        described = {
            **self.identity,
            "command": ["python", "-m", "models.train", *command],
            "data_name": data.name,
            "simulated": dataset.is_simulated(data),
            "labels": [asdict(row) for row in self.labels],
            "trained": self.trained,
            "origin": self.origin,
            "clips": {split.name: split.counts for split in (self.train, self.valid)},
            "unreadable": [list(row) for split in (self.train, self.valid) for row in split.unreadable],
            "versions": {"python": platform.python_version(), "keras": keras.__version__, "torch": torch.__version__},
            "best_valid_macro_f1": self.best_f1,
            "epochs_done": self.epoch,
        }
        replace_file(self.out / "run.json", (json.dumps(described, ensure_ascii=False, indent=2) + "\n").encode())
