"""How a model wants its clips and means its answers, as command-line options: options go in, an `InputSpec` comes out.

A file of weights says none of this. `models.export` and `models.convert` take the same options; all end in `pack.json`.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.data.dataset import SPEC
from screening.records import InputSpec

FIELDS = ("colour", "fps", "stride", "value_range", "resize", "pad")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The conventions of a pack's input; each has what the reference model does as its default."""
    group = parser.add_argument_group(
        "what the model was shown when it was trained", argument_default=argparse.SUPPRESS
    )
    group.add_argument("--colour", choices=("RGB", "BGR"), help=f"order of the colours ({SPEC.colour})")
    group.add_argument(
        "--fps", type=_rate, metavar="N|native", help=f"pictures a second, or the video's own ({SPEC.fps:g})"
    )
    group.add_argument("--stride", type=int, metavar="N", help=f"pictures from window to window ({SPEC.stride})")
    group.add_argument(
        "--range",
        type=_range,
        dest="value_range",
        metavar="FROM,TO",
        help="values of black and white, as in --range=-1,1 (0,1)",
    )
    group.add_argument("--resize", choices=("stretch", "letterbox"), help=f"to the model's size ({SPEC.resize})")
    group.add_argument("--pad", choices=("black", "repeat"), help=f"after a video's end ({SPEC.pad})")


def spec(given: dict[str, Any], clip: tuple[int, int, int]) -> InputSpec:
    """The input of a model of clips (frames, height, width), by the options that are in `given`."""
    frames, height, width = clip
    plain = replace(SPEC, frames=frames, height=height, width=width, stride=min(SPEC.stride, frames))
    return replace(plain, **{field: given[field] for field in FIELDS if field in given})


def sees(clip: InputSpec) -> str:
    """The conventions in words: "32 RGB pictures of 56 × 56 pixels, 15 a second"."""
    rate = "at the video's own rate" if clip.fps is None else f"{clip.fps:g} a second"
    return f"{clip.frames} {clip.colour} pictures of {clip.width} × {clip.height} pixels, {rate}"


def as_seen(clips: NDArray[np.uint8], clip: InputSpec) -> NDArray[np.float32]:
    """uint8 clips (N, T, H, W, 3) in RGB as the model sees them: its colour order and values, float32."""
    low, high = clip.value_range
    ordered = clips[..., ::-1] if clip.colour == "BGR" else clips
    return np.multiply(ordered, np.float32((high - low) / 255), dtype=np.float32, order="C") + np.float32(low)


def _rate(text: str) -> float | None:
    return None if text == "native" else float(text)


def _range(text: str) -> tuple[float, float]:
    low, high = (float(part) for part in text.split(","))
    return low, high
