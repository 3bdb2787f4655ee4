"""Can this window be assessed, and if not, why? In: a `Window`; out: reason codes, none when it can be assessed.

Decided from what the model itself sees, and from this window alone. When in doubt a window is assessable: a clinician
can reject a doubtful episode, but nobody sees one that was never looked for. The figures below were measured at 56 × 56
on real videos (adults who sign, talk, walk and stand still, empty rooms, objects) and on spoilt copies of them.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from screening import opencv as cv2
from screening.errors import N_
from screening.records import Window

REASONS: dict[str, str] = {
    "gap": N_("This part of the video could not be read"),
    "too_short": N_("Too little video to judge a movement"),
    "dark": N_("Too dark"),
    "overexposed": N_("Too bright: the picture is washed out"),
    "frozen": N_("The picture is frozen"),
    "blurred": N_("Too blurred"),
    "nobody": N_("Nothing moves: nobody in view, or a still picture"),
    "not_trained": N_("The model was not trained on this behaviour"),
    "not_in_model": N_("The model does not know this behaviour"),
    "no_assessable_video": N_("No part of the video can be assessed"),
}

# A window with more padding than this shows too little of a movement: of 2.1 s, more than 0.6 s is missing.
PADDED_SHARE = 0.3

# Of the picture, all but a twentieth is below luma 30, which a BT.1886 display shows at about half a percent of white's
# luminance ((30 / 255) ** 2.4). Real videos: 95th percentile 39 and more (one mostly black), a lens in the dark 7. The
# twentieth leaves room for a lamp or a date stamp.
DARK_LUMA = 30
# 235 is nominal white of 8-bit video (ITU-R BT.709). Real videos: 5th percentile at most 130 (bottles, white wall).
WHITE_LUMA = 235
FEATURELESS_SHARE = 0.95

# Exactly the same picture for half a window. A stalled camera or a stream that lost its connection repeats pictures to
# the last bit; at 10 frames per second real video sampled at 15 shows at most 5 in a row.
FROZEN_SHARE = 0.5

# Mean squared difference of neighbouring pixels over that of pixels four apart (two points of the variogram, Matheron
# 1963): 1/16 for a pure ramp, more the more detail there is; free of contrast, and noise only raises it. Real videos
# 0.20 and more, simulated children 0.16 and more; real ones behind a Gaussian blur of 1 pixel 0.09–0.12, of 2 pixels
# 0.07–0.08, where a person 20 pixels tall has lost the hands.
BLUR_STEP = 4
BLURRED_RATIO = 0.085

# Movement: the largest change over the window (highest less lowest value) of luma less its local mean, which shadows,
# automatic exposure and lamps hardly move, in the fifth most moving pixel, which noise hardly reaches. Real videos:
# people who stand still 5.0 and more (simulated children 5.5), an empty hall 1.5 (median), a still life 2.9–4.3.
MOVEMENT_LEVELS = 4.0
MOVEMENT_PIXELS = 5

# All measures hold for pictures of about this size; larger ones are averaged down to it first.
MEASURED_PIXELS = 56

# Luma of nominal black (BT.709): columns and rows that never exceed it are bars beside the picture, not the picture.
BLACK_LUMA = 16


def assess(window: Window) -> tuple[str, ...]:
    """Return the reason codes why `window` cannot be assessed, most important first; () when it can.

    Padding is looked at first and alone: at the end of the first window it means a video shorter than a window, else
    a gap. "nobody" is only said when the picture is otherwise fit to show somebody.
    """
    real = ~np.isnan(window.times)
    if window.padded_share > PADDED_SHARE or not real.any():
        ends_early = window.index == 0 and real.any() and not real[-1]
        return ("too_short",) if ends_early else ("gap",)
    frames = window.frames[real]
    luma = _luma(frames)
    reasons = []
    if _mostly(luma < DARK_LUMA):
        reasons.append("dark")
    if _mostly(luma > WHITE_LUMA):
        reasons.append("overexposed")
    if _longest_standstill(frames) >= FROZEN_SHARE * len(window.frames):
        reasons.append("frozen")
    if _sharpness(luma) < BLURRED_RATIO:
        reasons.append("blurred")
    if not reasons and _movement(luma) < MOVEMENT_LEVELS:
        reasons.append("nobody")
    return tuple(reasons)


def _luma(frames: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Luma (T, h, w) of RGB `frames` (T, H, W, 3), averaged down where they are larger than what is measured on."""
    height, width = frames.shape[1:3]
    size = (min(width, MEASURED_PIXELS), min(height, MEASURED_PIXELS))
    grey = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames]
    if size != (width, height):
        grey = [cv2.resize(frame, size, interpolation=cv2.INTER_AREA) for frame in grey]
    return np.stack(grey).astype(np.uint8, copy=False)


def _mostly(cells: NDArray[np.bool_]) -> bool:
    """Whether `cells` (T, h, w) hold over nearly all of the picture in more than half of the pictures."""
    shares = cells.mean(axis=(1, 2))
    return bool((shares >= FEATURELESS_SHARE).mean() > 0.5)


def _longest_standstill(frames: NDArray[np.uint8]) -> int:
    """The greatest number of pictures in a row of `frames` that are the same to the last bit."""
    longest = run = 1
    for before, after in itertools.pairwise(frames):
        run = run + 1 if np.array_equal(before, after) else 1
        longest = max(longest, run)
    return longest


def _sharpness(luma: NDArray[np.uint8]) -> float:
    """Detail of `luma` (T, h, w) relative to its contrast, see BLURRED_RATIO; infinite when there is no contrast."""
    lit = luma.max(axis=0) > BLACK_LUMA
    rows, columns = np.flatnonzero(lit.any(axis=1)), np.flatnonzero(lit.any(axis=0))
    if len(rows) and len(columns):
        luma = luma[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if min(luma.shape[1:]) <= BLUR_STEP:
        return np.inf
    # Every fourth picture: focus does not change between two of them, and this halves the cost.
    values = luma[::4].astype(np.float32)
    near, far = _variation(values, 1), _variation(values, BLUR_STEP)
    return near / far if far > 0 else np.inf


def _variation(values: NDArray[np.float32], step: int) -> float:
    """Mean squared difference of pixels `step` apart, across plus down."""
    across = np.square(values[:, :, step:] - values[:, :, :-step]).mean()
    down = np.square(values[:, step:] - values[:, :-step]).mean()
    return float(across + down)


def _movement(luma: NDArray[np.uint8]) -> float:
    """The largest local change in `luma` (T, h, w) over time, in levels, see MOVEMENT_LEVELS."""
    values = luma.astype(np.float32)
    detail = np.stack([cv2.blur(picture, (3, 3)) - cv2.blur(picture, (9, 9)) for picture in values])
    change = np.sort(np.ptp(detail, axis=0), axis=None)  # (h · w,)
    return float(change[-min(MOVEMENT_PIXELS, len(change))])
