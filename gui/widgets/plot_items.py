"""Parts of the plots over time: axes that speak of time and behaviours, scores as a map and as a curve, hatching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QTransform,
)
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gui import style
from gui.ethogram import Picture
from gui.i18n import current

LABEL_WIDTH = 200
TICKS_WIDTH = 34
TIMES_HEIGHT = 20
# Right of a name: air, the rows' scroll bar, and the sign of the fold.
NAME_MARGIN = 16
FOLD = 12
# Rows may be lower than a line of text with its accents: it must not be cut.
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
STEPS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
LABEL_SPACE = 76  # pixels from one time to the next
GAP = 1.0  # pixels between two rows
LANE = 8  # pixels of a row's lower part that belong to its episodes
COLOURS = (pg.colormap.get("cividis").getLookupTable(nPts=256).astype(np.uint32) * (1 << 16, 1 << 8, 1)).sum(
    axis=1, dtype=np.uint32
) | np.uint32(0xFF << 24)


class TimeAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Minutes and seconds, at round times."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.setHeight(TIMES_HEIGHT)

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        """One level of ticks, wide enough apart for their text."""
        least = (maxVal - minVal) * LABEL_SPACE / max(size, 1)
        return [(next((step for step in STEPS_S if step >= least), STEPS_S[-1]), 0)]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """`1:30`, with a decimal where the steps are below a second."""
        return [current().clock(max(0.0, value), 1 if spacing < 1 else 0) for value in values]


@dataclass(frozen=True, slots=True)
class RowName:
    """What stands left of a row. `fold`: None, or whether the rows under it are shown."""

    text: str
    bold: bool = False
    quiet: bool = False
    indent: bool = False
    fold: bool | None = None


class RowAxis(pg.AxisItem):  # type: ignore[misc]
    """Names of behaviours, aligned left, each at the middle of its row."""

    def __init__(self) -> None:
        super().__init__("left")
        self._names: list[RowName] = []
        self._at = -1
        self.setWidth(LABEL_WIDTH)

    def show_names(self, names: list[RowName], at: int) -> None:
        """The rows from top to bottom, and the one that the keyboard is at."""
        self._names, self._at = names, at
        self.picture = None
        self.update()

    def drawPicture(self, p: QPainter, axisSpec: Any, tickSpecs: Any, textSpecs: Any) -> None:
        """Text only: rows need neither line nor ticks."""
        view, theme = self.linkedView(), style.look.theme
        if view is None:
            return
        place, (top, bottom) = view.mapRectToItem(self, view.boundingRect()), view.viewRange()[1]
        height = place.height() / max(bottom - top, 1e-9)
        p.setClipRect(QRectF(0, place.top(), LABEL_WIDTH, place.height()))
        for i, name in enumerate(self._names):
            row = QRectF(0, place.top() + (i - top) * height, LABEL_WIDTH, height)
            if not row.intersects(place.adjusted(-LABEL_WIDTH, 0, 0, 0)):
                continue
            if i == self._at:
                p.fillRect(row.adjusted(0, 0, -NAME_MARGIN / 2, -GAP), QColor(theme.brand_soft))
            left = 4.0 + (FOLD if name.indent or name.fold is not None else 0)
            if name.fold is not None:
                self._draw_fold(p, QPointF(4 + FOLD / 2 - 2, row.center().y()), name.fold)
            font = QFont(self.style["tickFont"] or p.font())
            font.setPixelSize(style.CAPTION)
            font.setBold(name.bold)
            p.setFont(font)
            p.setPen(QColor(theme.brand if name.bold else theme.quiet if name.quiet else theme.ink))
            width = LABEL_WIDTH - left - NAME_MARGIN
            fitted = QFontMetricsF(font).elidedText(name.text, Qt.TextElideMode.ElideRight, width)
            p.drawText(QRectF(left, row.top(), width, row.height()), _LEFT, fitted)

    def _draw_fold(self, p: QPainter, at: QPointF, opened: bool) -> None:
        shape = [(-4, -2), (4, -2), (0, 3)] if opened else [(-2, -4), (3, 0), (-2, 4)]
        p.save()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(style.look.theme.quiet))
        p.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in shape]))
        p.restore()


class CurveAxis(pg.AxisItem):  # type: ignore[misc]
    """Scores from 0 to 1; left of them, what the curve is about."""

    def __init__(self) -> None:
        super().__init__("left")
        self._name = ""
        self._notes: list[tuple[Qt.PenStyle, str]] = []
        self.setWidth(LABEL_WIDTH)

    def say(self, name: str, notes: list[tuple[Qt.PenStyle, str]]) -> None:
        """The behaviour, and what each line across the curve is."""
        self._name, self._notes = name, notes
        self.picture = None
        self.update()

    def drawPicture(self, p: QPainter, axisSpec: Any, tickSpecs: Any, textSpecs: Any) -> None:
        """The usual axis, then the name and the notes under it."""
        super().drawPicture(p, axisSpec, tickSpecs, textSpecs)
        theme, width = style.look.theme, LABEL_WIDTH - TICKS_WIDTH
        font = QFont(self.style["tickFont"] or p.font())
        font.setPixelSize(style.CAPTION)
        font.setBold(True)
        p.setFont(font)
        p.setPen(QColor(theme.brand))
        fitted = QFontMetricsF(font).elidedText(self._name, Qt.TextElideMode.ElideRight, width - 4)
        p.drawText(QRectF(4, 4, width - 4, 18), _LEFT, fitted)
        font.setBold(False)
        p.setFont(font)
        for i, (pen, note) in enumerate(self._notes):
            line = QRectF(4, 22 + 17 * i, width - 4, 17)
            p.setPen(QPen(QColor(theme.quiet), 1, pen))
            p.drawLine(QPointF(line.left(), line.center().y()), QPointF(line.left() + 16, line.center().y()))
            p.setPen(QColor(theme.quiet))
            fitted = QFontMetricsF(font).elidedText(note, Qt.TextElideMode.ElideRight, width - 26)
            p.drawText(line.adjusted(22, 0, 0, 0), _LEFT, fitted)


class TimeItem(pg.GraphicsObject):  # type: ignore[misc]
    """Something that is painted in device pixels, and so keeps its look however far one zooms."""

    def __init__(self) -> None:
        super().__init__()
        self.area = QRectF(0, 0, 1, 1)
        self.exposed = QRectF()  # device pixels
        # Where only the cursor has moved, only the pixels about it are painted.
        self.setFlag(self.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def cover(self, area: QRectF) -> None:
        """The part of the plot, in its units, beyond which there is nothing to paint."""
        if area != self.area:
            self.prepareGeometryChange()
            self.area = area
        self.update()

    def boundingRect(self) -> QRectF:
        """All of the area."""
        return self.area

    def paint(self, p: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint in device pixels what the view shows."""
        view = self.getViewBox()
        if view is None:
            return
        to_device = p.transform()
        p.save()
        p.setTransform(QTransform())
        place = to_device.mapRect(view.viewRect())
        self.exposed = to_device.mapRect(option.exposedRect) & place
        self.draw(p, to_device, view.viewRect(), place)
        p.restore()

    def draw(self, p: QPainter, to_device: QTransform, shown: QRectF, place: QRectF) -> None:
        """Paint the part `shown` (the plot's units) at `place` (device pixels); only `self.exposed` is needed."""
        raise NotImplementedError


class Boxes(TimeItem):
    """Hatched rectangles in the plot's own units."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes: list[QRectF] = []

    def show_boxes(self, boxes: list[QRectF]) -> None:
        """These and no others."""
        self.boxes = boxes
        self.update()

    def draw(self, p: QPainter, to_device: QTransform, shown: QRectF, place: QRectF) -> None:
        """At least two pixels wide each."""
        theme = style.look.theme
        for box in self.boxes:
            if box.right() < shown.left() or box.left() > shown.right():
                continue
            on_screen = to_device.mapRect(box) & place.adjusted(-2, 0, 2, 0)
            on_screen.setWidth(max(2.0, on_screen.width()))
            p.fillRect(on_screen, QColor(theme.background))
            p.fillRect(on_screen, QBrush(QColor(theme.quiet), Qt.BrushStyle.BDiagPattern))


class ScoreItem(TimeItem):
    """Base of what shows a `Picture`, reduced to the pixels on screen with its peaks."""

    def __init__(self) -> None:
        super().__init__()
        self.picture: Picture | None = None
        self._reduced: tuple[tuple[float, float, int], NDArray[np.float32]] | None = None

    def show_picture(self, picture: Picture | None) -> None:
        """Show `picture` from now on."""
        self.picture, self._reduced = picture, None
        self.update()

    def reduced(self, picture: Picture, shown: QRectF, pixels: int) -> NDArray[np.float32]:
        """The scores of each pixel; made anew only where the span has changed."""
        key = (shown.left(), shown.right(), pixels)
        if self._reduced is None or self._reduced[0] != key:
            self._reduced = key, picture.reduce(*key)
        return self._reduced[1]


def _pixels(p: QPainter, place: QRectF) -> int:
    return max(1, round(place.width() * p.device().devicePixelRatioF()))


class ScoreMap(ScoreItem):
    """A row of colour for each behaviour: row i between i and i + 1, with room below for its episodes."""

    def __init__(self) -> None:
        super().__init__()
        self.lane = 0.0

    def draw(self, p: QPainter, to_device: QTransform, shown: QRectF, place: QRectF) -> None:
        """Each row as a strip of the picture."""
        if self.picture is None:
            return
        scores = self.reduced(self.picture, shown, _pixels(p, place))
        with np.errstate(invalid="ignore"):
            pixels = COLOURS[(np.clip(scores, 0, 1) * 255).astype(np.uint8)]
        pixels[np.isnan(scores)] = 0
        rows, width = pixels.shape
        image = QImage(pixels.data, width, rows, 4 * width, QImage.Format.Format_ARGB32)
        for i in range(max(0, int(shown.top())), min(rows, int(np.ceil(shown.bottom())))):
            strip = to_device.mapRect(QRectF(shown.left(), i, shown.width(), 1))
            strip.setHeight(max(1.0, strip.height() - GAP - self.lane))
            p.drawImage(strip, image, QRectF(0, i, width, 1))


class Stairs(ScoreItem):
    """The first row of a picture as stairs: each step one cell of the grid on which episodes are found."""

    def draw(self, p: QPainter, to_device: QTransform, shown: QRectF, place: QRectF) -> None:
        """A line, and a soft ground under it."""
        if self.picture is None:
            return
        scores = self.reduced(self.picture, shown, _pixels(p, place))[0]
        known = ~np.isnan(scores)
        if not known.any():
            return
        zero, one = to_device.map(QPointF(0, 0)).y(), to_device.map(QPointF(0, 1)).y()
        x = place.left() + (np.arange(len(scores)) + 0.5) * place.width() / len(scores)
        y = zero + (one - zero) * scores
        theme = style.look.theme
        ground = QPainterPath()
        changes = np.flatnonzero(np.diff(np.concatenate(([False], known, [False]))))
        for first, after in changes.reshape(-1, 2):
            part = pg.functions.arrayToQPath(
                np.concatenate([x[first : first + 1], x[first:after], x[after - 1 : after]]),
                np.concatenate([[zero], y[first:after], [zero]]),
            )
            ground.addPath(part)
        p.fillPath(ground, QColor(theme.brand_soft))
        p.setPen(QPen(QColor(theme.brand), 1))
        p.drawPath(pg.functions.arrayToQPath(x, y, connect="finite"))
