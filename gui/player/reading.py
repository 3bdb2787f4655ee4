"""Walking through a video picture by picture, in both directions. No Qt here.

A `screening.video.Video` comes in; (seconds, picture) pairs go out, exact to the picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from screening.records import Picture
from screening.video import Video

# Pictures kept around the cursor, so that stepping back does not decode again: 16 of full HD are about 50 MB.
KEPT = 16
# Presentation timestamps are exact to a tick of the container's clock, at the coarsest a millisecond.
SAME_S = 1e-4
# How far back to begin looking for the picture before: most videos answer at the first.
LOOK_BACK_S = (0.6, 3.0, 15.0, math.inf)

Timed = tuple[float, Picture]


class Cursor:
    """A place in a video that moves to a time, or by exactly one picture.

    `_run` are consecutive pictures around the cursor, `_at` the cursor in them, `_ahead` the pictures after the run.
    """

    def __init__(self, video: Video) -> None:
        self._video = video
        self._run: list[Timed] = []
        self._at = 0
        self._ahead: Iterator[Timed] | None = None

    @property
    def now(self) -> Timed:
        """The picture under the cursor and its time; `seek` comes first."""
        return self._run[self._at]

    def seek(self, seconds: float) -> None:
        """Go to the picture that is on screen at `seconds`. Raises VideoUnusable."""
        self._ahead = None
        self._run, self._at = [self._video.picture_at(seconds)], 0

    def forward(self) -> bool:
        """Go to the next picture; False at the end."""
        if self._at + 1 == len(self._run):
            if self._ahead is None:
                self._ahead = self._after(self._run[-1][0])
            following = next(self._ahead, None)
            if following is None:
                return False
            self._run.append(following)
            del self._run[:-KEPT]
            self._at = len(self._run) - 2
        self._at += 1
        return True

    def back(self) -> bool:
        """Go to the picture before; False at the beginning."""
        if self._at == 0:
            first = self._run[0][0]
            before: list[Timed] = []
            for span in LOOK_BACK_S:
                start = max(0.0, first - span)
                for seconds, picture in self._video.pictures(start_s=start, end_s=first):
                    if seconds < first - SAME_S:
                        before.append((seconds, picture))
                        del before[:-KEPT]
                if before or start == 0.0:
                    break
            if not before:
                return False
            self._run = (before + self._run)[: 2 * KEPT]
            self._at = len(before)
            self._ahead = None
        self._at -= 1
        return True

    def _after(self, seconds: float) -> Iterator[Timed]:
        return ((at, picture) for at, picture in self._video.pictures(start_s=seconds) if at > seconds + SAME_S)
