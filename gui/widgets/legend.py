"""The key to the heat map: what its colours mean, and what its hatching means."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui import style
from gui.i18n import _, follow

BAR_WIDTH, HATCH_WIDTH, BAR_HEIGHT, GAP = 56, 20, 10, 6


class Legend(QWidget):
    """`low ▭▭▭ high   ▨ not assessable`."""

    def __init__(self) -> None:
        super().__init__()
        self._low = self._high = self._hatched = ""
        style.look.changed.connect(self.update)
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        self._low, self._high, self._hatched = _("score low"), _("high"), _("not assessable")
        self.setAccessibleName(_("Key to the colours"))
        self.setToolTip(_("How alike the video is to each behaviour, from 0 to 1, as the model judges it."))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        metrics = QFontMetrics(self._font())
        words = sum(metrics.horizontalAdvance(word) for word in (self._low, self._high, self._hatched))
        return QSize(words + BAR_WIDTH + HATCH_WIDTH + 5 * GAP + 1, 18)

    minimumSizeHint = sizeHint

    def _font(self) -> QFont:
        font = self.font()
        font.setPixelSize(style.CAPTION)
        return font

    def paintEvent(self, event: QPaintEvent) -> None:
        """Words and two small bars."""
        painter, theme = QPainter(self), style.look.theme
        painter.setFont(self._font())
        x, top = 0.0, (self.height() - BAR_HEIGHT) / 2

        def word(text: str) -> None:
            nonlocal x
            width = painter.fontMetrics().horizontalAdvance(text)
            painter.setPen(QColor(theme.quiet))
            painter.drawText(QRectF(x, 0, width + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
            x += width + GAP

        word(self._low)
        colours = QLinearGradient(x, 0, x + BAR_WIDTH, 0)
        for stop, colour in zip(*pg.colormap.get("cividis").getStops("qcolor"), strict=True):
            colours.setColorAt(stop, colour)
        painter.fillRect(QRectF(x, top, BAR_WIDTH, BAR_HEIGHT), colours)
        x += BAR_WIDTH + GAP
        word(self._high)
        x += GAP
        box = QRectF(x, top, HATCH_WIDTH, BAR_HEIGHT)
        painter.fillRect(box, QColor(theme.background))
        painter.fillRect(box, QBrush(QColor(theme.quiet), Qt.BrushStyle.BDiagPattern))
        x += HATCH_WIDTH + GAP
        word(self._hatched)
        painter.end()
