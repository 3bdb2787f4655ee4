"""Episodes as bars over time. What became of each is told by its shape and mark, not by its colour alone.

`Reviewed` episodes come in; bars are painted, and what lies under the mouse is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QWidget

from gui import style
from gui.i18n import _, current, follow
from gui.widgets.plot_items import GAP, TimeItem
from screening.errors import N_
from screening.review import Reviewed, State

LEAST = 4.0  # pixels: the shortest bar
MARKED = 18.0, 12.0  # width and height from which there is room for a mark
STATES: dict[State, str] = {
    "open": N_("open"),
    "accepted": N_("accepted"),
    "corrected": N_("corrected"),
    "added": N_("added"),
    "rejected": N_("rejected"),
}
# Strokes of each mark, in a square of 1: a tick, a pencil, a plus, a cross.
_MARKS: dict[State, tuple[tuple[tuple[float, float], ...], ...]] = {
    "open": (),
    "accepted": (((0.1, 0.55), (0.4, 0.85), (0.95, 0.15)),),
    "corrected": (((0.1, 0.9), (0.2, 0.6), (0.75, 0.05), (0.95, 0.25), (0.4, 0.8), (0.1, 0.9)),),
    "added": (((0.5, 0.05), (0.5, 0.95)), ((0.05, 0.5), (0.95, 0.5))),
    "rejected": (((0.15, 0.15), (0.85, 0.85)), ((0.15, 0.85), (0.85, 0.15))),
}


def paint_bars(p: QPainter, places: NDArray[np.int_], state: State) -> None:
    """Bars hollow while open, full when accepted, half full when corrected, double when added, else crossed out.

    `places` (N, 4): left, top, width and height in pixels.
    """
    theme = style.look.theme
    ink = QColor({"accepted": theme.good, "rejected": theme.quiet}.get(state, theme.brand))
    # A pen of one pixel adds one to width and height.
    p.setPen(QPen(ink, 1, Qt.PenStyle.DotLine if state == "rejected" else Qt.PenStyle.SolidLine))
    p.setBrush(ink if state in ("accepted", "added") else QColor(theme.card))
    p.drawRects(_rects(places - (0, 0, 1, 1)))
    if state not in ("open", "accepted"):
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(theme.card) if state == "added" else ink)
        p.drawRects(_rects(_inside(places, state)))
    if _MARKS[state]:
        for place in _rects(places[(places[:, 2] >= MARKED[0]) & (places[:, 3] >= MARKED[1])]):
            _paint_mark(p, place, state, ink)


def _rects(places: NDArray[np.int_]) -> list[QRect]:
    return [QRect(*place) for place in places.tolist()]


def _inside(places: NDArray[np.int_], state: State) -> NDArray[np.int_]:
    """What tells a state apart: the lower half, a stripe left free, or a line through."""
    left, top, width, height = places.T
    down, high = {
        "corrected": (height // 2, height - height // 2),
        "added": (height // 2 - 1, np.full_like(height, 2)),
        "rejected": (height // 2, np.ones_like(height)),
    }[state]
    return np.stack([left, top + down, width, high], axis=1)


def _paint_mark(p: QPainter, place: QRect, state: State, ink: QColor) -> None:
    size = 8.0
    middle = QRectF(place).center()
    at = middle - QPointF(size / 2, size / 2)
    p.save()
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor(style.look.theme.card))
    p.drawEllipse(middle, size * 0.8, min(size * 0.8, place.height() / 2 - 1))
    p.setPen(QPen(ink, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    for stroke in _MARKS[state]:
        p.drawPolyline(QPolygonF([at + QPointF(x * size, y * size) for x, y in stroke]))
    p.restore()


@dataclass(frozen=True, slots=True)
class Bar:
    """An episode and where it is painted, in the plot's units."""

    item: Reviewed
    place: QRectF

    def told(self, name: str) -> str:
        """The bar in words; `name` is its behaviour's."""
        t = current()
        return _("{behaviour}, {start} to {end}: {state}").format(
            behaviour=name, start=t.clock(self.item.start_s, 1), end=t.clock(self.item.end_s, 1),
            state=_(STATES[self.item.state]),
        )  # fmt: skip


class Episodes(TimeItem):
    """Bars in the plot's units. With `lane` they are that many pixels high, at the foot of their place."""

    def __init__(self, lane: int | None = None) -> None:
        super().__init__()
        self._lane = lane
        self.bars: list[Bar] = []
        self.chosen = ""
        self._places = np.empty((0, 4))
        self._states: dict[State, NDArray[np.intp]] = {}

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """These and no others."""
        self.bars = list(bars)
        places = [(bar.place.left(), bar.place.right(), bar.place.top(), bar.place.bottom()) for bar in bars]
        self._places = np.array(places).reshape(-1, 4)
        states = np.array([bar.item.state for bar in bars])
        # Rejected ones first: what counts lies on top.
        self._states = {state: np.flatnonzero(states == state) for state in reversed(STATES)}
        self.update()

    def mark(self, target: str) -> None:
        """Frame the bar of `target`; "" frames none."""
        self.chosen = target
        self.update()

    def _on_screen(self, to_device: QTransform, which: NDArray[np.intp] | slice) -> NDArray[np.float64]:
        """Left, right, top and bottom in device pixels, whole ones; never too narrow to be seen."""
        left, right, top, bottom = self._places[which].T
        left, right = left * to_device.m11() + to_device.dx(), right * to_device.m11() + to_device.dx()
        missing = np.maximum(0, LEAST - (right - left)) / 2
        # Of two ends of a row, the one lower on the screen: rows may be counted from the top or from below.
        above, below = top * to_device.m22() + to_device.dy(), bottom * to_device.m22() + to_device.dy()
        above, below = np.minimum(above, below), np.maximum(above, below)
        if self._lane is not None:
            below = np.floor(below) - GAP
            above = below - self._lane
        return np.round(np.stack([left - missing, right + missing, above, below], axis=1))

    def on_screen(self, bar: Bar, to_device: QTransform) -> QRectF:
        """Where `bar` is painted, in device pixels."""
        left, right, top, bottom = self._on_screen(to_device, slice(self.bars.index(bar), None))[0]
        return QRectF(left, top, right - left, bottom - top)

    def draw(self, p: QPainter, to_device: QTransform, shown: QRectF, place: QRectF) -> None:
        """Those in view."""
        part = self.exposed.adjusted(-1, -1, 1, 1)
        for state, which in self._states.items():
            left, right, top, bottom = self._on_screen(to_device, which).T
            seen = (right >= part.left()) & (left <= part.right()) & (bottom >= part.top()) & (top <= part.bottom())
            left, right = np.maximum(left, place.left() - LEAST), np.minimum(right, place.right() + LEAST)
            boxes = np.stack([left, top, right - left, bottom - top], axis=1)[seen].astype(int)
            if len(boxes):
                # Of those on the very same pixels one is enough.
                paint_bars(p, np.unique(boxes, axis=0), state)
        chosen = next((bar for bar in self.bars if bar.item.target == self.chosen), None)
        if chosen is not None:
            p.setPen(QPen(QColor(style.look.theme.ink), 2))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRect(self.on_screen(chosen, to_device).adjusted(-2, -2, 2, 2))

    def at(self, where: QPointF) -> Bar | None:
        """The bar at `where` (scene); of several the shortest."""
        left, right, top, bottom = self._on_screen(self.sceneTransform(), slice(None)).T
        x, y = where.x(), where.y()
        hit = np.flatnonzero((left - 1 <= x) & (x <= right + 1) & (top - 1 <= y) & (y <= bottom + 1))
        return min((self.bars[i] for i in hit), key=lambda bar: bar.place.width(), default=None)


class StateKey(QWidget):
    """The key to the bars: each look with its word."""

    WIDTH, HEIGHT = 24, 12
    EDGE = 2  # at 150 % an edge at 0 lies half outside

    def __init__(self) -> None:
        super().__init__()
        style.look.changed.connect(self.update)
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        self.setAccessibleName(_("Key to the episodes’ bars"))
        self.setAccessibleDescription(", ".join(_(word) for word in STATES.values()))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        font = self.font()
        font.setPixelSize(style.CAPTION)
        self.setFont(font)
        words = sum(self.fontMetrics().horizontalAdvance(_(word)) for word in STATES.values())
        between = (len(STATES) - 1) * style.MEDIUM
        return QSize(self.EDGE + words + len(STATES) * (self.WIDTH + style.TINY + 1) + between, 20)

    minimumSizeHint = sizeHint

    def paintEvent(self, event: QPaintEvent) -> None:
        """A bar and a word, for each state."""
        p, x = QPainter(self), self.EDGE
        for state, word in STATES.items():
            paint_bars(p, np.array([[x, (self.height() - self.HEIGHT) // 2, self.WIDTH, self.HEIGHT]]), state)
            x += self.WIDTH + style.TINY
            p.setPen(QColor(style.look.theme.quiet))
            width = self.fontMetrics().horizontalAdvance(_(word))
            p.drawText(QRectF(x, 0, width + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, _(word))
            x += width + 1 + style.MEDIUM
        p.end()
