"""Behaviours over time, drawn so that a black-and-white print tells as much as the screen.

One row for each behaviour: the score as a grey area, its threshold dashed, episodes as solid black bars, time that is
not assessable hatched. In: a `Sheet` and the rows to draw. Out: a flowable that may be split between rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from reportlab.lib.utils import simpleSplit
from reportlab.platypus import Flowable

from screening.records import ScoreTimeline
from screening.report import fonts
from screening.report.sheet import Sheet
from screening.report.styles import FAINT, INK, LINE, QUIET, SCORE

LABEL_WIDTH = 122.0
LEGEND_HEIGHT = 17.0
AXIS_HEIGHT = 15.0
ROW_HEIGHT = 17.0
FRAME_S = 0.005  # less than a frame: rounding, not a gap
COLUMN = 0.75  # points: finer than a printer shows
TICKS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)


@dataclass(frozen=True)
class Row:
    """One behaviour: its name, its place among the pack's labels (None: not there), its threshold, its episodes (s).

    `blocked` says why nothing of it can be assessed; then the whole row is hatched.
    """

    name: str
    column: int | None
    threshold: float
    episodes: Sequence[tuple[float, float]]
    blocked: str = ""


@dataclass(frozen=True)
class Curves:
    """Mean score of the assessable windows over each cell of time: `edges` (M + 1,) s, `scores` (M, C), NaN: none."""

    edges: NDArray[np.float64]
    scores: NDArray[np.float64]


def curves(scores: ScoreTimeline) -> Curves:
    """Cut time wherever a window starts or ends and average the assessable windows that cover each cell."""
    windows = scores.windows
    if not len(windows):
        return Curves(np.zeros(1), np.empty((0, scores.probabilities.shape[-1])))
    edges = np.unique(windows)
    first, last = np.searchsorted(edges, windows[:, 0]), np.searchsorted(edges, windows[:, 1])
    good = scores.assessable
    steps = np.zeros((len(edges), scores.probabilities.shape[1] + 1))
    weighed = np.hstack([scores.probabilities[good].astype(np.float64), np.ones((int(good.sum()), 1))])
    np.add.at(steps, first[good], weighed)
    np.subtract.at(steps, last[good], weighed)
    running = np.cumsum(steps, axis=0)[:-1]
    count = running[:, -1:].round()
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(count > 0, running[:, :-1] / count, np.nan)
    return Curves(edges, mean)


@dataclass(frozen=True)
class Gap:
    """A stretch that no assessable window covers, and the reason code."""

    start_s: float
    end_s: float
    code: str


def gaps(scores: ScoreTimeline, start_s: float, end_s: float) -> list[Gap]:
    """The stretches of `start_s`–`end_s` that are not assessable, each with the first reason of its first window.

    Where there is no window at all nothing could be decoded ("gap").
    """
    windows = scores.windows if len(scores.windows) else np.empty((0, 2))
    edges = np.unique(np.clip(np.append(windows.ravel(), [start_s, end_s]), start_s, end_s))
    middles = (edges[:-1] + edges[1:]) / 2
    first = np.searchsorted(windows[:, 1], middles, "right")
    until = np.searchsorted(windows[:, 0], middles, "left")
    good = np.concatenate(([0], np.cumsum(scores.assessable)))
    found: list[Gap] = []
    for cell in np.flatnonzero(good[until] == good[first]):
        code = scores.reasons[first[cell]][0] if until[cell] > first[cell] else "gap"
        begin, end = float(edges[cell]), float(edges[cell + 1])
        if found and found[-1].code == code and begin - found[-1].end_s < FRAME_S:
            found[-1] = Gap(found[-1].start_s, end, code)
        else:
            found.append(Gap(begin, end, code))
    return [gap for gap in found if gap.end_s - gap.start_s >= FRAME_S]


class Timeline(Flowable):  # type: ignore[misc]  # reportlab carries no types
    """Some rows above one axis, with the legend of the signs used."""

    def __init__(self, sheet: Sheet, rows: Sequence[Row]) -> None:
        super().__init__()
        self.sheet, self.rows = sheet, rows
        self.start_s, self.end_s = sheet.result.video.start_s, sheet.result.video.end_s

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Points it takes."""
        self.width = available_width
        self.height = LEGEND_HEIGHT + len(self.rows) * ROW_HEIGHT + AXIS_HEIGHT
        return self.width, self.height

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """As many rows as fit, with an axis of their own, and the rest."""
        fitting = int((available_height - LEGEND_HEIGHT - AXIS_HEIGHT) // ROW_HEIGHT)
        if fitting < 1:
            return []
        return [Timeline(self.sheet, self.rows[:fitting]), Timeline(self.sheet, self.rows[fitting:])]

    def draw(self) -> None:
        """Draw on the canvas that the layout gives."""
        self.data = curves(self.sheet.result.scores)
        hatched = [(gap.start_s, gap.end_s) for gap in gaps(self.sheet.result.scores, self.start_s, self.end_s)]
        self._legend()
        self._axis()
        for number, row in enumerate(self.rows):
            bottom = self.height - LEGEND_HEIGHT - (number + 1) * ROW_HEIGHT
            self._name(row, bottom)
            if row.blocked:
                self._hatch([(self.start_s, self.end_s)], bottom, row.blocked)
                continue
            self._score(row, bottom)
            self._hatch(hatched, bottom)
            self._bars(row, bottom)

    def _x(self, seconds: float) -> float:
        share = (seconds - self.start_s) / max(self.end_s - self.start_s, 1e-9)
        return float(LABEL_WIDTH + min(1.0, max(0.0, share)) * (self.width - LABEL_WIDTH))

    def _name(self, row: Row, bottom: float) -> None:
        canvas: Any = self.canv
        name, room = fonts.printable(row.name), LABEL_WIDTH - 8
        size = 7.4
        lines = simpleSplit(name, fonts.REGULAR, size, room)
        if len(lines) > 1:
            size = 6.4
            lines = simpleSplit(name, fonts.REGULAR, size, room)
        if len(lines) > 2:
            lines = [lines[0], " ".join(lines[1:])]
        canvas.setFillColor(INK)
        canvas.setFont(fonts.REGULAR, size)
        leading = size + 1.0
        top = bottom + ROW_HEIGHT / 2 + leading * len(lines) / 2 - size + 1.4
        for i, line in enumerate(lines):
            canvas.drawString(0, top - i * leading, fonts.shorten(line, fonts.REGULAR, size, room))

    def _score(self, row: Row, bottom: float) -> None:
        """Area of the score, pooled by its highest value in each column, and the threshold."""
        canvas: Any = self.canv
        left, right, top = LABEL_WIDTH, self.width, ROW_HEIGHT - 3
        canvas.setFillColor(FAINT)
        canvas.rect(left, bottom + 1.5, right - left, top, fill=1, stroke=0)
        if row.column is not None and len(self.data.scores):
            heights = self._pooled(self.data.scores[:, row.column])
            path = canvas.beginPath()
            path.moveTo(left, bottom + 1.5)
            for i, height in enumerate(heights):
                path.lineTo(left + i * COLUMN, bottom + 1.5 + float(height) * top)
                path.lineTo(min(right, left + (i + 1) * COLUMN), bottom + 1.5 + float(height) * top)
            path.lineTo(right, bottom + 1.5)
            path.close()
            canvas.setFillColor(SCORE)
            canvas.drawPath(path, fill=1, stroke=0)
        canvas.setStrokeColor(QUIET)
        canvas.setLineWidth(0.4)
        canvas.setDash(1.6, 1.6)
        height = bottom + 1.5 + row.threshold * top
        canvas.line(left, height, right, height)
        canvas.setDash()

    def _pooled(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Highest score in each column of the drawing (columns,)."""
        columns = max(1, int(np.ceil((self.width - LABEL_WIDTH) / COLUMN)))
        ends = np.linspace(self.start_s, self.end_s, columns + 1)
        last_cell = len(scores) - 1
        begin = np.clip(np.searchsorted(self.data.edges, ends[:-1], "right") - 1, 0, last_cell)
        until = np.clip(np.searchsorted(self.data.edges, ends[1:], "left"), begin + 1, last_cell + 1)
        shown = np.append(np.nan_to_num(scores), 0.0)
        high = np.maximum.reduceat(shown, np.stack([begin, until], axis=1).ravel())[::2]
        outside = (ends[1:] <= self.data.edges[0]) | (ends[:-1] >= self.data.edges[-1])
        return np.where(outside, 0.0, high)

    def _bars(self, row: Row, bottom: float) -> None:
        canvas: Any = self.canv
        canvas.setFillColor(INK)
        for start_s, end_s in row.episodes:
            x = self._x(start_s)
            canvas.rect(x, bottom + 1.5, max(1.2, self._x(end_s) - x), 3.4, fill=1, stroke=0)

    def _hatch(self, spans: Sequence[tuple[float, float]], bottom: float, words: str = "") -> None:
        canvas: Any = self.canv
        for start_s, end_s in spans:
            hatch(canvas, self._x(start_s), bottom + 1.5, max(0.8, self._x(end_s) - self._x(start_s)), ROW_HEIGHT - 3)
        if words:
            size = 6.8
            text = fonts.shorten(words, fonts.REGULAR, size, self.width - LABEL_WIDTH - 24)
            middle = bottom + ROW_HEIGHT / 2
            canvas.setFillColor("white")
            canvas.rect(LABEL_WIDTH + 8, middle - 5, fonts.width(text, fonts.REGULAR, size) + 8, 10, fill=1, stroke=0)
            canvas.setFillColor(INK)
            canvas.setFont(fonts.REGULAR, size)
            canvas.drawString(LABEL_WIDTH + 12, middle - 2.4, text)

    def _axis(self) -> None:
        """Ticks in minutes:seconds, with a faint line up through the rows."""
        canvas: Any = self.canv
        _ = self.sheet.translate
        length = max(self.end_s - self.start_s, 1e-9)
        step = next((t for t in TICKS_S if length / t <= 10), TICKS_S[-1])
        top = self.height - LEGEND_HEIGHT
        canvas.setLineWidth(0.5)
        canvas.setStrokeColor(INK)
        canvas.line(LABEL_WIDTH, AXIS_HEIGHT, self.width, AXIS_HEIGHT)
        canvas.setFont(fonts.REGULAR, 6.8)
        for number in range(int(np.ceil(self.start_s / step)), int(self.end_s / step + 1e-6) + 1):
            tick = number * step
            x = self._x(tick)
            canvas.setStrokeColor(LINE)
            canvas.line(x, AXIS_HEIGHT, x, top)
            canvas.setStrokeColor(INK)
            canvas.line(x, AXIS_HEIGHT, x, AXIS_HEIGHT - 2.5)
            text = _.clock(tick, 1 if step < 1 else 0)
            half = fonts.width(text, fonts.REGULAR, 6.8) / 2
            canvas.setFillColor(QUIET)
            canvas.drawCentredString(min(x, self.width - half), AXIS_HEIGHT - 10, text)
        canvas.drawString(0, AXIS_HEIGHT - 10, _("minutes:seconds"))

    def _legend(self) -> None:
        canvas: Any = self.canv
        _ = self.sheet.translate
        y = self.height - LEGEND_HEIGHT + 6.5
        x = LABEL_WIDTH
        for sign, words in (
            ("score", _("model's score, 0 to 1")),
            ("threshold", _("threshold")),
            ("episode", _("episode")),
            ("hatch", _("not assessable")),
        ):
            canvas.setStrokeColor(QUIET)
            if sign == "score":
                canvas.setFillColor(SCORE)
                canvas.rect(x, y - 0.5, 14, 6, fill=1, stroke=0)
            elif sign == "threshold":
                canvas.setLineWidth(0.6)
                canvas.setDash(1.6, 1.6)
                canvas.line(x, y + 2.5, x + 14, y + 2.5)
                canvas.setDash()
            elif sign == "episode":
                canvas.setFillColor(INK)
                canvas.rect(x, y + 0.8, 14, 3.4, fill=1, stroke=0)
            else:
                hatch(canvas, x, y - 0.5, 14, 6.5)
            canvas.setFillColor(QUIET)
            canvas.setFont(fonts.REGULAR, 6.8)
            canvas.drawString(x + 17, y, words)
            x += 17 + fonts.width(words, fonts.REGULAR, 6.8) + 14


def hatch(canvas: Any, x: float, y: float, width: float, height: float) -> None:
    """A white box with slanting lines: the sign of "not assessable"."""
    canvas.saveState()
    box = canvas.beginPath()
    box.rect(x, y, width, height)
    canvas.clipPath(box, stroke=0, fill=0)
    canvas.setFillColor("white")
    canvas.rect(x, y, width, height, fill=1, stroke=0)
    canvas.setStrokeColor(QUIET)
    canvas.setLineWidth(0.45)
    lines = canvas.beginPath()
    # Lines lie on one lattice over the whole page, so that neighbouring boxes join without a seam.
    gap = 3.2
    offset = np.floor((x - height) / gap) * gap
    while offset < x + width:
        lines.moveTo(offset, y)
        lines.lineTo(offset + height, y + height)
        offset += gap
    canvas.drawPath(lines, fill=0, stroke=1)
    canvas.rect(x, y, width, height, fill=0, stroke=1)
    canvas.restoreState()
