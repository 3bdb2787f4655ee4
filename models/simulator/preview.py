"""A contact sheet to look at: eight frames a row, one row for each label (or for each way of doing one label)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from models.data.dataset import labels as labels_of_file
from models.simulator.clip import clip
from models.simulator.render import Image

COLUMNS = 8
TILE = (176, 176)  # pixels: width, height
SPACING_S = 0.2


def contact_sheet(
    path: Path,
    seed: int,
    labels: Sequence[int],
    split: str = "train",
    rows_per_label: int = 1,
    domain: str = "A",
) -> None:
    """Write the sheet as PNG."""
    names = {row.id: row.en for row in labels_of_file()}
    rows = [
        _row(seed, split, label, index, domain, names[label]) for label in labels for index in range(rows_per_label)
    ]
    cv2.imwrite(str(path), cv2.cvtColor(np.vstack(rows), cv2.COLOR_RGB2BGR))


def _row(seed: int, split: str, label: int, index: int, domain: str, name: str) -> Image:
    ready = clip(seed, split, label, index, domain)
    step = max(1, round(SPACING_S * ready.record.frame_rate))
    tiles = []
    for picture in islice(ready.frames(), 0, COLUMNS * step, step):
        scale = min(TILE[0] / picture.shape[1], TILE[1] / picture.shape[0])
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        tile = np.full((TILE[1], TILE[0], 3), 30, np.uint8)
        y, x = (TILE[1] - small.shape[0]) // 2, (TILE[0] - small.shape[1]) // 2
        tile[y : y + small.shape[0], x : x + small.shape[1]] = small
        tiles.append(tile)
    row = np.hstack(tiles)
    cv2.putText(
        row,
        f"{label} {name}: {ready.record.programme}",
        (4, 12),
        cv2.FONT_HERSHEY_SIMPLEX,
        0.4,
        (255, 255, 0),
        1,
        cv2.LINE_AA,
    )
    return np.asarray(row, np.uint8)
