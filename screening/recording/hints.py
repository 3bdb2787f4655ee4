"""Is the live picture fit to be analysed? In: pictures as they come. Out: measures and plain codes, no sentences.

Each measure says only what it measures: that something moves does not mean that a child is there, and that nothing has
moved does not mean that nobody is. The measures are those that decide later which windows can be assessed (`quality`),
taken here on the whole picture, averaged down, in which the child may be small; so a hint is advice and no refusal.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from screening import opencv as cv2

CODES = ("dark", "overexposed", "blurred", "frozen", "still")

# As in `quality`: what looks black and white on a BT.1886 display, over all but a twentieth of the picture.
_DARK_LUMA, _WHITE_LUMA, _FEATURELESS_SHARE = 30, 235, 0.95

# Neighbouring pixels' mean squared difference over that of pixels four apart (two points of the variogram, Matheron
# 1963), on pictures whose shorter side is 224: four times what the model sees of the child, who fills a part only.
_SHARP_SIDE, _BLUR_STEP = 224, 4
_BLURRED_RATIO = 0.085

# The largest change, in levels, of luma less its local mean in the fifth most moving pixel of pictures of 56 × 56.
_MOVING_SIDE, _MOVING_PIXELS, _STILL_LEVELS = 56, 5, 4.0
_OVER_S = 5.0
_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Hints:
    """What the picture is like now.

    `light` is the mean luma from 0 to 1, `sharpness` a ratio (below 0.085 is blurred), `movement` the largest change of
    the last five seconds in levels of 255 (below 4 is still). `codes` are of `CODES`, most important first:
    "frozen" is the same picture to the last bit, "still" one in which nothing has moved, for five seconds.
    """

    light: float
    sharpness: float
    movement: float
    codes: tuple[str, ...]


class Watch:
    """Looks at a picture now and then and remembers the last five seconds; for one thread."""

    def __init__(self) -> None:
        self._past: deque[tuple[float, NDArray[np.uint8], NDArray[np.float32]]] = deque()
        self._looked_s = float("-inf")
        self._hints: Hints | None = None

    def look(self, seconds: float, picture: NDArray[np.uint8]) -> Hints:
        """The hints after `picture`, uint8 (height, width, 3) in BGR, of `seconds` (any clock that never falls).

        A picture less than 0.2 s after the last one that was looked at changes nothing.
        """
        if self._hints is not None and seconds - self._looked_s < _EVERY_S:
            return self._hints
        self._looked_s = seconds
        luma = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        small = cv2.resize(luma, (_MOVING_SIDE, _MOVING_SIDE), interpolation=cv2.INTER_AREA)
        values = small.astype(np.float32)
        detail = cv2.blur(values, (3, 3)) - cv2.blur(values, (9, 9))
        self._past.append((seconds, np.asarray(small, np.uint8), np.asarray(detail, np.float32)))
        while len(self._past) > 1 and self._past[1][0] <= seconds - _OVER_S:
            self._past.popleft()
        self._hints = self._judge(np.asarray(luma, np.uint8), np.asarray(small, np.uint8))
        return self._hints

    def _judge(self, luma: NDArray[np.uint8], small: NDArray[np.uint8]) -> Hints:
        codes = []
        if (small < _DARK_LUMA).mean() >= _FEATURELESS_SHARE:
            codes.append("dark")
        if (small > _WHITE_LUMA).mean() >= _FEATURELESS_SHARE:
            codes.append("overexposed")
        sharpness, movement = _sharpness(luma), self._movement()
        if not codes and sharpness < _BLURRED_RATIO:
            codes.append("blurred")
        if self._past[-1][0] - self._past[0][0] >= _OVER_S:
            if all(np.array_equal(past[1], small) for past in self._past):
                codes.append("frozen")
            elif not codes and movement < _STILL_LEVELS:
                codes.append("still")
        return Hints(float(small.mean()) / 255, sharpness, movement, tuple(codes))

    def _movement(self) -> float:
        details = np.stack([past[2] for past in self._past])
        change = np.sort(np.ptp(details, axis=0), axis=None)
        return float(change[-_MOVING_PIXELS])


def _sharpness(luma: NDArray[np.uint8]) -> float:
    """Detail relative to contrast, see `_BLURRED_RATIO`; infinite in a picture without contrast."""
    height, width = luma.shape
    scale = min(1.0, _SHARP_SIDE / min(height, width))
    size = (max(_BLUR_STEP + 1, round(width * scale)), max(_BLUR_STEP + 1, round(height * scale)))
    values = np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA), np.float32)
    near, far = _variation(values, 1), _variation(values, _BLUR_STEP)
    return near / far if far > 0 else float("inf")


def _variation(values: NDArray[np.float32], step: int) -> float:
    across = np.square(values[:, step:] - values[:, :-step]).mean()
    down = np.square(values[step:] - values[:-step]).mean()
    return float(across + down)
