"""Random views of a training clip: all its ticks go in, one window as another camera might have seen it comes out.

Time: another start (jitter) and speed. Camera: crop, aspect, tilt, mirror, shake. Picture: light, contrast, colour,
grey, blur, one erased rectangle (Zhong et al., "Random erasing", AAAI 2020), noise. Nothing reverses time; who calls
decides about mirroring, because a label may depend on the side.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SPEED = (0.8, 1.25)  # of the behaviour, against the clip's own
ZOOM = (0.7, 1.1)  # side of the view, against the picture's: a clinician's box may be tighter or looser
_NOISE = np.random.default_rng(0).standard_normal(1 << 20).astype(np.float32)


def window(ticks: NDArray[np.uint8], frames: int, rng: np.random.Generator, mirror: bool) -> NDArray[np.uint8]:
    """A random window uint8 (frames, H, W, 3) of a clip's ticks uint8 (N, H, W, 3), seen in a random way."""
    return _retouch(_move_camera(_cut(ticks, frames, rng), rng, mirror), rng)


def plain_window(ticks: NDArray[np.uint8], frames: int, start: int) -> NDArray[np.uint8]:
    """The window that starts at tick `start`, as inference would cut it: black after the clip's end."""
    piece = ticks[start : start + frames]
    if len(piece) == frames:
        return np.asarray(piece)
    return np.concatenate([piece, np.zeros((frames - len(piece), *ticks.shape[1:]), np.uint8)])


def _cut(ticks: NDArray[np.uint8], frames: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """A random stretch at a random speed; black after the clip's end."""
    slowest, fastest = SPEED
    # A clip that is just long enough must not be run faster than it lasts.
    fastest = max(min(fastest, (len(ticks) - 1) / (frames - 1)), slowest)
    speed = np.exp(rng.uniform(np.log(slowest), np.log(fastest)))
    spare = max(0.0, len(ticks) - 1 - speed * (frames - 1))
    index = np.rint(rng.uniform(0, spare) + speed * np.arange(frames)).astype(int)
    view = np.array(ticks[np.minimum(index, len(ticks) - 1)])
    view[index >= len(ticks)] = 0
    return view


def _move_camera(view: NDArray[np.uint8], rng: np.random.Generator, mirror: bool) -> NDArray[np.uint8]:
    """Crop or widen, change the aspect, tilt a little, mirror if told to, and now and then shake."""
    frames, height, width, _ = view.shape
    zoom, aspect = rng.uniform(*ZOOM), np.exp(rng.uniform(-0.15, 0.15))
    sx, sy = zoom * aspect, zoom / aspect
    tilt = np.deg2rad(rng.uniform(-6, 6))
    side = -1.0 if mirror else 1.0
    cos, sin = np.cos(tilt), np.sin(tilt)
    # Maps a pixel of the new view to the old one, about the centres.
    turn = np.array([[side * sx * cos, -sx * sin], [side * sy * sin, sy * cos]])
    room = np.array([max(0.0, 1 - sx) * width, max(0.0, 1 - sy) * height]) / 2
    centre = np.array([width - 1, height - 1]) / 2
    shift = np.tile(rng.uniform(-room, room), (frames, 1))
    if rng.random() < 0.3:
        shift += np.cumsum(rng.normal(0, 0.25, (frames, 2)), axis=0)
    out = np.empty_like(view)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    for i in range(frames):
        matrix = np.column_stack([turn, centre + shift[i] - turn @ centre])
        cv2.warpAffine(view[i], matrix, (width, height), out[i], flags, cv2.BORDER_REFLECT_101)
    return out


def _retouch(view: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Change light and colour, and now and then blur, cover a part, or add a sensor's noise."""
    frames, height, width, _ = view.shape
    level = np.linspace(0, 1, 256)[:, None] ** np.exp(rng.uniform(-0.35, 0.35))
    level = (level - 0.5) * rng.uniform(0.7, 1.3) + 0.5 + rng.uniform(-0.15, 0.15)
    table = np.clip(255 * level * rng.uniform(0.88, 1.12, 3), 0, 255).astype(np.uint8)  # (256, 3)
    flat = view.reshape(frames * height, width, 3)
    if rng.random() < 0.1:
        cv2.cvtColor(cv2.cvtColor(flat, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB, flat)
    cv2.LUT(flat, table[None], flat)
    if rng.random() < 0.15:
        sigma = rng.uniform(0.4, 0.9)
        for i in range(frames):
            cv2.GaussianBlur(view[i], (3, 3), sigma, view[i])
    if rng.random() < 0.25:
        h, w = (rng.uniform(0.1, 0.35, 2) * (height, width)).astype(int)
        y, x = rng.integers(0, height - h), rng.integers(0, width - w)
        view[:, y : y + h, x : x + w] = rng.integers(0, 256, 3)
    if rng.random() < 0.3:
        start = rng.integers(0, len(_NOISE) - view.size)
        noise = _NOISE[start : start + view.size].reshape(view.shape) * np.float32(rng.uniform(1, 9))
        view = np.clip(view + noise, 0, 255).astype(np.uint8)
    return view
