"""Parts of the timeline's plots: axes that speak of time and behaviours, hatching, and bars of episodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QTransform

from gui import style
from gui.i18n import current

LABEL_WIDTH = 186
TICKS_WIDTH = 34
# Rows may be lower than a line of text with its accents: it must not be cut.
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
STEPS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
LABEL_SPACE = 76  # pixels from one time to the next


class TimeAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Minutes and seconds, at round times."""

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        """One level of ticks, wide enough apart for their text."""
        least = (maxVal - minVal) * LABEL_SPACE / max(size, 1)
        return [(next((step for step in STEPS_S if step >= least), STEPS_S[-1]), 0)]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """`1:30`, with a decimal where the steps are below a second."""
        return [current().clock(max(0.0, value), 1 if spacing < 1 else 0) for value in values]


class RowAxis(pg.AxisItem):  # type: ignore[misc]
    """Names of behaviours, aligned left, each at the middle of its row; the chosen one is marked."""

    def __init__(self) -> None:
        super().__init__("left")
        self._names: list[str] = []
        self._chosen = -1
        self.setWidth(LABEL_WIDTH)

    def show_names(self, names: list[str], chosen: int) -> None:
        """The rows from top to bottom, and which of them is chosen (−1: none)."""
        self._names, self._chosen = names, chosen
        self.picture = None
        self.update()

    def drawPicture(self, p: QPainter, axisSpec: Any, tickSpecs: Any, textSpecs: Any) -> None:
        """Text only: rows need neither line nor ticks."""
        view = self.linkedView()
        if view is None or not self._names:
            return
        rows = view.mapRectToItem(self, view.boundingRect())
        height = rows.height() / len(self._names)
        for i, name in enumerate(self._names):
            font = QFont(self.style["tickFont"] or p.font())
            font.setPixelSize(style.CAPTION)
            font.setBold(i == self._chosen)
            p.setFont(font)
            p.setPen(QColor(style.look.theme.brand if i == self._chosen else style.look.theme.ink))
            fitted = QFontMetricsF(font).elidedText(name, Qt.TextElideMode.ElideRight, LABEL_WIDTH - 10)
            place = QRectF(0, rows.top() + i * height, LABEL_WIDTH - 8, height)
            p.drawText(place, _LEFT, fitted)


class CurveAxis(pg.AxisItem):  # type: ignore[misc]
    """Scores from 0 to 1; left of them, what the curve is about."""

    def __init__(self) -> None:
        super().__init__("left")
        self._name = self._note = ""
        self.setWidth(LABEL_WIDTH)

    def say(self, name: str, note: str) -> None:
        """The behaviour, and its threshold in words."""
        self._name, self._note = name, note
        self.picture = None
        self.update()

    def drawPicture(self, p: QPainter, axisSpec: Any, tickSpecs: Any, textSpecs: Any) -> None:
        """The usual axis, then the two lines."""
        super().drawPicture(p, axisSpec, tickSpecs, textSpecs)
        theme, width = style.look.theme, LABEL_WIDTH - TICKS_WIDTH
        font = QFont(self.style["tickFont"] or p.font())
        font.setPixelSize(style.CAPTION)
        for i, (text, bold, colour) in enumerate(((self._name, True, theme.brand), (self._note, False, theme.quiet))):
            font.setBold(bold)
            p.setFont(font)
            p.setPen(QColor(colour))
            fitted = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
            p.drawText(QRectF(0, 8 + 18 * i, width, 18), Qt.AlignmentFlag.AlignLeft, fitted)


class Boxes(pg.GraphicsObject):  # type: ignore[misc]
    """Filled rectangles in the plot's own units; a pattern keeps its size on screen however far one zooms."""

    def __init__(self, pattern: Qt.BrushStyle = Qt.BrushStyle.SolidPattern) -> None:
        super().__init__()
        self._pattern = pattern
        self._ink = self._ground = QColor()
        self.boxes: list[QRectF] = []

    def colour(self, ink: str, ground: str | None = None) -> None:
        """Ink of the pattern, and the ground under it."""
        self._ink = QColor(ink)
        self._ground = QColor(ground) if ground else QColor(Qt.GlobalColor.transparent)
        self.update()

    def show_boxes(self, boxes: list[QRectF]) -> None:
        """These and no others."""
        self.prepareGeometryChange()
        self.boxes = boxes
        self.update()

    def boundingRect(self) -> QRectF:
        """Around all boxes."""
        around = QRectF()
        for box in self.boxes:
            around = around.united(box)
        return around

    def paint(self, p: QPainter, *args: Any) -> None:
        """In device pixels, at least two wide: a short episode must be seen in a long video."""
        to_device = p.transform()
        p.save()
        p.setTransform(QTransform())
        for box in self.boxes:
            place = to_device.mapRect(box)
            place.setWidth(max(2.0, place.width()))
            p.fillRect(place, self._ground)
            p.fillRect(place, QBrush(self._ink, self._pattern))
        p.restore()
