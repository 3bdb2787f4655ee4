"""Hints say what is measured in the live picture, and no more."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from screening.recording.hints import CODES, Hints, Watch


def room(noise: int = 0) -> NDArray[np.uint8]:
    """A sharp picture with much detail, the same but for its noise."""
    detail = np.random.default_rng(0).integers(40, 200, (90, 120, 3))
    picture = cv2.resize(detail.astype(np.uint8), (480, 360), interpolation=cv2.INTER_NEAREST)
    grain = np.random.default_rng(noise).integers(-3, 4, picture.shape) if noise else 0
    return (picture + grain).clip(0, 255).astype(np.uint8)


def after(pictures: list[NDArray[np.uint8]], every_s: float = 0.25) -> Hints:
    watch = Watch()
    for n, picture in enumerate(pictures):
        hints = watch.look(n * every_s, picture)
    assert set(hints.codes) <= set(CODES)
    return hints


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        (lambda picture: picture // 10, "dark"),
        (lambda picture: np.full_like(picture, 250), "overexposed"),
        (lambda picture: cv2.GaussianBlur(picture, (0, 0), 5), "blurred"),
    ],
)
def test_light_and_sharpness(spoilt: object, code: str) -> None:
    assert callable(spoilt)
    assert after([room()]).codes == ()

    assert after([spoilt(room())]).codes == (code,)


def test_light_rises_with_the_light() -> None:
    assert after([room() // 2]).light < after([room()]).light


def test_a_still_room_is_told_after_five_seconds_and_not_before() -> None:
    """Noise of the camera is no movement."""
    pictures = [room(noise=n + 1) for n in range(21)]

    assert after(pictures[:-1]).codes == ()
    assert after(pictures).codes == ("still",)


def test_somebody_who_moves_a_little_is_enough() -> None:
    pictures = [room(noise=n + 1) for n in range(21)]
    for n, picture in enumerate(pictures):
        picture[100:180, 100 + 2 * n : 160 + 2 * n] = 230

    assert after(pictures).codes == ()


def test_the_same_picture_to_the_last_bit_is_a_frozen_camera_not_a_still_room() -> None:
    assert after([room()] * 21).codes == ("frozen",)


def test_pictures_that_come_faster_than_the_measure_change_nothing() -> None:
    watch = Watch()
    first = watch.look(0.0, room())

    assert watch.look(0.1, room() // 10) is first
    assert watch.look(0.2, room() // 10).codes == ("dark",)
