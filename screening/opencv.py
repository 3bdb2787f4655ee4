"""OpenCV, loaded when it is first used: `from screening import opencv as cv2`.

From a disk that was not read before it takes a fifth of a second to load, and the window opens without it.
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    import cv2

    return getattr(cv2, name)
