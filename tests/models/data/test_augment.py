"""Random views: always a proper window, always repeatable, never what would change the behaviour."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.data import augment


def ticks(count: int) -> np.ndarray:
    """A clip in which tick i has the grey level 40 + i everywhere."""
    return np.tile((40 + np.arange(count, dtype=np.uint8))[:, None, None, None], (1, 56, 56, 3))


@settings(deadline=None, max_examples=30)
@given(count=st.integers(1, 90), seed=st.integers(0, 2**32), mirror=st.booleans())
def test_a_view_is_a_window_and_follows_from_its_seed(count: int, seed: int, mirror: bool) -> None:
    first, again = (augment.window(ticks(count), 32, np.random.default_rng(seed), mirror) for _ in range(2))
    assert first.shape == (32, 56, 56, 3)
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(first, again)


def test_the_clip_itself_is_not_touched() -> None:
    clip = ticks(60)
    before = clip.copy()
    for seed in range(20):
        augment.window(clip, 32, np.random.default_rng(seed), seed % 2 == 0)
    np.testing.assert_array_equal(clip, before)


@settings(deadline=None, max_examples=60)
@given(count=st.integers(32, 90), seed=st.integers(0, 2**32))
def test_time_runs_forward_at_a_like_speed(count: int, seed: int) -> None:
    # given a clip that grows lighter by one level a tick; when a stretch of it is cut
    view = augment._cut(ticks(count), 32, np.random.default_rng(seed))
    shown = view[:, 0, 0, 0].astype(int)

    # then it never goes back, and the speed stays within its bounds: a behaviour is not turned into another
    assert (np.diff(shown) >= 0).all(), "time was reversed, or a long enough clip was padded"
    slowest, fastest = augment.SPEED
    assert slowest - 0.05 <= (shown[-1] - shown[0]) / 31 <= fastest + 0.05


def test_a_short_clip_ends_in_black() -> None:
    view = augment._cut(ticks(10), 32, np.random.default_rng(0))
    assert view[0].all()
    assert not view[-10:].any()


def test_views_differ_in_place_and_light() -> None:
    # given a clip with a light corner; when many views are drawn
    clip = ticks(40)
    clip[:, :28, :28] = 200
    views = [augment.window(clip, 32, np.random.default_rng(seed), False).astype(float) for seed in range(40)]

    # then brightness varies, and no two are the same
    assert np.std([view.mean() for view in views]) > 5
    assert len({view.tobytes() for view in views}) == len(views)


def test_a_view_is_mirrored_only_when_told() -> None:
    # given a clip whose left third is light; when it is seen plainly and in a mirror, many times
    clip = np.full((40, 56, 56, 3), 60, np.uint8)
    clip[:, :, :18] = 200

    def lighter_left(mirror: bool, seed: int) -> bool:
        view = augment._move_camera(clip[:8], np.random.default_rng(seed), mirror).astype(float)
        return bool(view[:, :, :12].mean() > view[:, :, -12:].mean())

    # then the light is on the left of each plain view and on the right of each mirrored one
    assert all(lighter_left(False, seed) for seed in range(30))
    assert not any(lighter_left(True, seed) for seed in range(30))


@pytest.mark.parametrize("height", [16, 56])
def test_any_size_of_picture(height: int) -> None:
    clip = np.full((40, height, 32, 3), 90, np.uint8)
    assert augment.window(clip, 8, np.random.default_rng(0), True).shape == (8, height, 32, 3)
