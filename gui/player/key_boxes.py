"""The child's boxes as they are drawn: each at its moment, set, taken away and undone. No Qt here.

Boxes and moments (seconds) come in; the track that an analysis follows goes out.
"""

from __future__ import annotations

from screening.records import KeyBox, Region, Track
from screening.sampling import track_of

# Nobody means two boxes so near to each other: the later one takes the place of the earlier.
NEAR_S = 0.05
# Changes that can be taken back.
REMEMBERED = 100


class KeyBoxes:
    """The key boxes of one video, in the order of time, and what they were before each change."""

    def __init__(self, track: Track | None = None) -> None:
        self.keys: tuple[KeyBox, ...] = track.boxes if track is not None else ()
        self._before: list[tuple[KeyBox, ...]] = []

    @property
    def track(self) -> Track | None:
        """What the analysis is given; None: the whole picture.

        A box alone holds for the whole video, whenever it was drawn: it is given from the beginning.
        """
        return track_of(self.keys[0].region) if len(self.keys) == 1 else Track(self.keys) if self.keys else None

    @property
    def can_undo(self) -> bool:
        """There is a change to take back."""
        return bool(self._before)

    def at(self, seconds: float) -> Region | None:
        """The box at `seconds`; None: the whole picture."""
        return Track(self.keys).at(seconds) if self.keys else None

    def key_at(self, seconds: float) -> KeyBox | None:
        """The key box that was set for `seconds`, or so near to it that nobody would tell them apart."""
        near = [key for key in self.keys if abs(key.time_s - seconds) < NEAR_S]
        return min(near, key=lambda key: abs(key.time_s - seconds), default=None)

    def put(self, seconds: float, region: Region) -> None:
        """The box is `region` at `seconds`, in place of a key box that was set near to that."""
        rest = [key for key in self.keys if abs(key.time_s - seconds) >= NEAR_S]
        self._change(tuple(sorted([*rest, KeyBox(seconds, region)], key=lambda key: key.time_s)))

    def drop(self, key: KeyBox) -> None:
        """Take one key box away."""
        self._change(tuple(other for other in self.keys if other != key))

    def clear(self) -> None:
        """The whole picture again."""
        self._change(())

    def undo(self) -> None:
        """Take the last change back."""
        if self._before:
            self.keys = self._before.pop()

    def _change(self, keys: tuple[KeyBox, ...]) -> None:
        if keys != self.keys:
            self._before = [*self._before[1 - REMEMBERED :], self.keys]
            self.keys = keys
