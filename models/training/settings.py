"""Everything that shapes a training run: the command line's arguments go in, checked `Settings` come out."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field, fields

SLICE = 16  # clips that one core works on at a time; the draws of a slice hang on its number


@dataclass(frozen=True, slots=True)
class Settings:
    """The values that a run is made with. ValueError for values that no run can have."""

    epochs: int = field(default=200, metadata={"help": "passes over as many clips as DATA/train holds"})
    batch: int = field(default=32, metadata={"help": "clips in one step"})
    lr: float = field(default=1e-3, metadata={"help": "highest learning rate of AdamW"})
    schedule: str = field(
        default="cosine",
        metadata={"help": "how the learning rate falls", "choices": ("cosine", "plateau")},
    )
    plateau: int = field(default=3, metadata={"help": "plateau: validations without a better F1 before the rate falls"})
    factor: float = field(default=0.3, metadata={"help": "plateau: what the rate is multiplied by"})
    patience: int = field(default=0, metadata={"help": "stop after so many validations without a better F1; 0: never"})
    weight_decay: float = field(default=0.05, metadata={"help": "of the kernels"})
    warmup: float = field(default=0.05, metadata={"help": "share of the steps in which the learning rate rises"})
    smoothing: float = field(default=0.05, metadata={"help": "label smoothing"})
    mixup: float = field(default=0.0, metadata={"help": "share of the clips that are mixed with another one; 0: none"})
    mixup_alpha: float = field(default=0.4, metadata={"help": "of the Beta distribution that a mixture comes from"})
    ordinary: float = field(default=1.0, metadata={"help": "how many times as often as another label 0 is drawn"})
    keep: float = field(default=0.5, metadata={"help": "share of a clip's tokens that a step keeps at first"})
    middle: float = field(default=0.0, metadata={"help": "share of the steps, before the last, that keep middle-keep"})
    middle_keep: float = field(default=0.6, metadata={"help": "share of a clip's tokens in the middle"})
    finish: float = field(default=0.15, metadata={"help": "share of the steps, at the end, that keep every token"})
    average: float = field(default=0.998, metadata={"help": "decay of the moving average of the weights"})
    validate_every: int = field(default=5, metadata={"help": "epochs from one validation to the next"})
    seed: int = field(default=0, metadata={"help": "of the weights, the order and the augmentation"})
    float32: bool = field(default=False, metadata={"help": "no bfloat16: for processors that have none"})

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.validate_every < 1 or self.batch < SLICE or self.batch % SLICE:
            raise ValueError(f"--epochs and --validate-every must be at least 1, --batch a multiple of {SLICE}")
        if not (0 < self.keep <= 1 and 0 < self.middle_keep <= 1):
            raise ValueError("--keep and --middle-keep must be more than 0 and at most 1")
        shares = (self.warmup, self.mixup, self.middle, self.finish, self.smoothing)
        if not all(0 <= share <= 1 for share in shares) or self.middle + self.finish > 1:
            raise ValueError("--warmup, --smoothing, --mixup and the sum of --middle and --finish must be from 0 to 1")
        if not (self.lr > 0 and self.mixup_alpha > 0 and self.ordinary > 0 and 0 < self.factor < 1):
            raise ValueError("--lr, --mixup-alpha and --ordinary must be more than 0, --factor between 0 and 1")
        if self.patience < 0 or self.plateau < 1 or self.schedule not in ("cosine", "plateau"):
            raise ValueError("--patience must be 0 or more, --plateau 1 or more, --schedule cosine or plateau")


def add_options(parser: argparse.ArgumentParser) -> None:
    """One option for each setting."""
    for setting in fields(Settings):
        option, text = "--" + setting.name.replace("_", "-"), setting.metadata["help"]
        if setting.type == "bool":
            parser.add_argument(option, action="store_true", help=text)
        elif setting.type == "str":
            choices = setting.metadata["choices"]
            parser.add_argument(option, choices=choices, default=setting.default, help=f"{text} ({setting.default})")
        else:
            kind = {"int": int, "float": float}[str(setting.type)]
            text = f"{text} ({setting.default})"
            parser.add_argument(option, type=kind, default=setting.default, metavar="N", help=text)


def from_options(given: dict[str, object]) -> Settings:
    """The settings among the parsed arguments. ValueError as for `Settings`."""
    return Settings(**{setting.name: given[setting.name] for setting in fields(Settings)})  # type: ignore[arg-type]
