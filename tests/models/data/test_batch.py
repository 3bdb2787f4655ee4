"""Batches: which clips are drawn how often, and what a view is to be called."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.data import augment, dataset
from models.data.batch import Batches
from models.data.dataset import Split
from models.training.settings import Settings

ROWS = dataset.labels()


def split(*labels: int) -> Split:
    """A clip for each label; its pictures all have the grey level 20 + 10 · label."""
    ticks = tuple(np.full((34, 56, 56, 3), 20 + 10 * label, np.uint8) for label in labels)
    return Split("train", ticks, np.array(labels), ())


@pytest.fixture(autouse=True)
def plain_views(monkeypatch: pytest.MonkeyPatch) -> None:
    """A view is the clip's start, and one level lighter when mirrored."""
    monkeypatch.setattr(augment, "window", lambda ticks, frames, rng, mirror: ticks[:frames] + np.uint8(mirror))


def columns(batches: Batches, count: int = 400) -> np.ndarray:
    return batches.draw(np.random.default_rng(0), count)[1].numpy().argmax(1)


def test_every_label_is_drawn_as_often() -> None:
    # given eight clips of label 3 and one of label 8; when 400 are drawn, then half are of label 8
    drawn = columns(Batches(split(*[3] * 8, 8), ROWS, Settings()))
    assert 160 < (drawn == 1).sum() < 240


def test_label_0_may_be_drawn_more_often() -> None:
    drawn = columns(Batches(split(0, 1, 2), ROWS, Settings(ordinary=2.0)))
    assert 160 < (drawn == 0).sum() < 240


def test_a_mirrored_view_has_the_partners_name() -> None:
    # given label 1 (left hand) whose partner is 2 (right hand), and label 3, which looks the same in a mirror
    rows = [replace(row, mirror={1: 2, 2: 1}.get(row.id)) for row in ROWS[:4]]
    views, targets = Batches(split(1, 2, 3), rows, Settings()).draw(np.random.default_rng(0), 60)

    # then each view is named after its clip, or after the partner when it is mirrored
    level, column = views[:, 0, 0, 0, 0].numpy().astype(int), targets.numpy().argmax(1)
    seen = set(zip(level.tolist(), column.tolist(), strict=True))
    assert seen == {(30, 0), (31, 1), (40, 1), (41, 0), (50, 2), (51, 2)}


def test_a_clip_whose_partner_has_no_clips_is_never_mirrored() -> None:
    rows = [replace(row, mirror={1: 2, 2: 1}.get(row.id)) for row in ROWS[:3]]
    views, _ = Batches(split(1), rows, Settings()).draw(np.random.default_rng(0), 40)
    assert set(views[:, 0, 0, 0, 0].tolist()) == {30}


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 2**32), share=st.floats(0.1, 1))
def test_a_mixture_of_pictures_is_one_of_names(seed: int, share: float) -> None:
    # given clips of level 20 (label 0) and 220 (label 20); when some are mixed
    mixing = Settings(mixup=share, mixup_alpha=1.0)
    views, targets = Batches(split(0, 20), ROWS, mixing).draw(np.random.default_rng(seed), 16)

    # then the share of each name is the share of its picture
    np.testing.assert_allclose(targets.sum(1), 1, atol=1e-6)
    np.testing.assert_allclose(views[:, 0, 0, 0, 0].numpy(), 20 + 200 * targets[:, 1].numpy(), atol=2)


def test_nothing_is_mixed_unless_asked_for() -> None:
    _, targets = Batches(split(0, 20), ROWS, Settings()).draw(np.random.default_rng(0), 50)
    assert set(targets.flatten().tolist()) == {0.0, 1.0}
    _, mixed = Batches(split(0, 20), ROWS, Settings(mixup=1.0)).draw(np.random.default_rng(0), 50)
    assert ((mixed > 0.01) & (mixed < 0.99)).any()
