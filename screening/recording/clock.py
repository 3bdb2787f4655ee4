"""The clock of a recording: in the file, time stands still while it is paused. In: monotonic seconds; out: file time.

Any thread may ask or set it.
"""

from __future__ import annotations

import threading


class Clock:
    """Maps `time.monotonic` to seconds in the file, which begin at 0 with `start` and leave every pause out."""

    def __init__(self) -> None:
        self._spans: list[tuple[float, float]] = []  # (monotonic seconds of a start or a resume, file time there)
        self._ends: list[float] = []  # monotonic seconds at which the spans were paused; the last may run still
        self._lock = threading.Lock()

    @property
    def started(self) -> bool:
        """Whether `start` was called."""
        return bool(self._spans)

    @property
    def running(self) -> bool:
        """Whether file time passes."""
        return len(self._spans) > len(self._ends)

    def start(self, now: float) -> None:
        """File time 0 is `now`."""
        with self._lock:
            self._spans, self._ends = [(now, 0.0)], []

    def pause(self, now: float) -> None:
        """Stop file time; nothing happens when it stands already."""
        with self._lock:
            if self.running:
                self._ends.append(max(now, self._spans[-1][0]))

    def resume(self, now: float) -> None:
        """Let file time go on from where it stopped; nothing happens when it runs, or has never started."""
        with self._lock:
            if self.started and not self.running:
                now = max(now, self._ends[-1])
                self._spans.append((now, self._position(now)))

    def position(self, now: float) -> float:
        """File time at `now`: 0 before the start, standing still in a pause."""
        with self._lock:
            return self._position(now)

    def place(self, moment: float) -> float | None:
        """File time of a picture that came at `moment`; None before the start and in a pause."""
        with self._lock:
            for index in range(len(self._spans) - 1, -1, -1):
                began, at = self._spans[index]
                if moment >= began:
                    ended = index < len(self._ends) and moment >= self._ends[index]
                    return None if ended else at + moment - began
        return None

    def _position(self, now: float) -> float:
        if not self._spans:
            return 0.0
        began, at = self._spans[-1]
        until = now if self.running else self._ends[-1]
        return at + max(0.0, until - began)
