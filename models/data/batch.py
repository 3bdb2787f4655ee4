"""What one step looks at: a split goes in, random views of its clips and what each should be called come out."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from models.data import augment
from models.data.dataset import SPEC, LabelRow, Split
from models.training.settings import Settings


class Batches:
    """Draws from `split`. Columns of targets are the positions in `trained`, the ids of the labels with clips."""

    def __init__(self, split: Split, labels: Sequence[LabelRow], settings: Settings) -> None:
        self.split, self.settings = split, settings
        self.trained = sorted(split.counts)
        self.clips = [np.flatnonzero(split.labels == label) for label in self.trained]
        weight = np.array([settings.ordinary if label == 0 else 1.0 for label in self.trained])
        self.chance = weight / weight.sum()
        column = {label: i for i, label in enumerate(self.trained)}
        # A partner without clips is not trained, so the clips of such a label are never mirrored.
        partner = {row.id: row.id if row.mirror is None else row.mirror for row in labels}
        self.mirrored = [column.get(partner[label]) for label in self.trained]

    def draw(self, rng: np.random.Generator, count: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Views uint8 (B, T, H, W, 3) and targets float32 (B, trained), each row of which has the sum 1.

        Every label is equally likely, but for label 0 (`ordinary`); mixed clips have two (Zhang et al., "mixup",
        ICLR 2018).
        """
        drawn = [self._view(rng) for _ in range(count)]
        views = np.stack([view for view, _ in drawn])
        targets = np.eye(len(self.trained), dtype=np.float32)[[column for _, column in drawn]]
        if self.settings.mixup:
            views, targets = self._mix(views, targets, rng)
        return torch.from_numpy(views), torch.from_numpy(targets)

    def _view(self, rng: np.random.Generator) -> tuple[NDArray[np.uint8], int]:
        column = int(rng.choice(len(self.trained), p=self.chance))
        ticks = self.split.ticks[rng.choice(self.clips[column])]
        partner = self.mirrored[column]
        mirror = bool(rng.random() < 0.5) and partner is not None
        return augment.window(ticks, SPEC.frames, rng, mirror), partner if mirror and partner is not None else column

    def _mix(
        self, views: NDArray[np.uint8], targets: NDArray[np.float32], rng: np.random.Generator
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """Mix a share of the clips with their neighbours in the batch, before these are mixed themselves."""
        mixed, soft = views.copy(), targets.copy()
        for i in np.flatnonzero(rng.random(len(views)) < self.settings.mixup):
            own = float(rng.beta(self.settings.mixup_alpha, self.settings.mixup_alpha))
            flat = views[i].reshape(-1, 1), views[i - 1].reshape(-1, 1)
            mixed[i] = cv2.addWeighted(flat[0], own, flat[1], 1 - own, 0).reshape(views[i].shape)
            soft[i] = own * targets[i] + (1 - own) * targets[i - 1]
        return mixed, soft
