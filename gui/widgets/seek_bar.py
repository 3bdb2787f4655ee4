"""The seek bar: where in the video one is, with the part that is analysed and the part that is looped marked on it."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider, QStyle

from gui import style
from gui.i18n import _, follow
from gui.player.playback import Playback

PAGE_S = 5
BRACKET, TICK = 9, 4


class SeekBar(QSlider):
    """A slider in milliseconds that jumps to where it is clicked."""

    def __init__(self, playback: Playback) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._playback = playback
        self.setPageStep(PAGE_S * 1000)
        self.valueChanged.connect(self._sought)
        for changed in (playback.shown, playback.opened, playback.closed):
            changed.connect(self._show)
        for changed in (playback.trim_changed, playback.loop_changed):
            changed.connect(self.update)
        follow(self)
        self._show()

    def retranslate(self) -> None:
        """Write every text again."""
        self.setToolTip(_("Place in the video"))
        self.setAccessibleName(self.toolTip())

    def sizeHint(self) -> QSize:
        """High enough for the brackets of the part."""
        return super().sizeHint().expandedTo(QSize(0, 2 * BRACKET + 6))

    def x_of(self, seconds: float) -> float:
        """Where `seconds` lies, in this widget."""
        handle = self.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength, None, self)
        share = seconds / self._playback.duration_s if self._playback.duration_s else 0.0
        return handle / 2 + min(max(0.0, share), 1.0) * (self.width() - handle)

    def seconds_at(self, x: float) -> float:
        """The time at `x` in this widget."""
        handle = self.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength, None, self)
        share = (x - handle / 2) / max(1, self.width() - handle)
        return min(max(0.0, share), 1.0) * self._playback.duration_s

    def _show(self) -> None:
        self.blockSignals(True)
        self.setMaximum(round(self._playback.duration_s * 1000))
        if not self.isSliderDown():
            self.setValue(round(self._playback.position_s * 1000))
        self.blockSignals(False)
        self.setEnabled(self._playback.is_open)

    def _sought(self, milliseconds: int) -> None:
        self._playback.seek(milliseconds / 1000)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump there at once; dragging goes on from there."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setValue(round(self.seconds_at(event.position().x()) * 1000))
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The slider; what is not analysed is faint, and brackets stand at the ends of the part."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, middle = style.look.theme, self.height() / 2
        start, end = self._playback.trim
        if self._playback.looped is not None:
            first, last = (self.x_of(seconds) for seconds in self._playback.looped)
            painter.setPen(QPen(QColor(theme.cursor), 2))
            painter.drawLine(QLineF(first, middle + 6, last, middle + 6))
        here = self.x_of(self._playback.position_s)
        for edge, inwards in ((start, 1), (end, -1)):
            if edge is None:
                continue
            x = self.x_of(edge)
            painter.setPen(Qt.PenStyle.NoPen)
            faint = QColor(theme.card)
            faint.setAlphaF(0.75)
            outside = QRectF(0, middle - 3, x, 6) if inwards > 0 else QRectF(x, middle - 3, self.width() - x, 6)
            for part in _without(outside, here - 7, here + 7):
                painter.fillRect(part, faint)
            painter.setPen(QPen(QColor(theme.ink), 2))
            painter.drawPolyline(
                [
                    QPointF(x + inwards * TICK, middle - BRACKET),
                    QPointF(x, middle - BRACKET),
                    QPointF(x, middle + BRACKET),
                    QPointF(x + inwards * TICK, middle + BRACKET),
                ]
            )
        painter.end()


def _without(rect: QRectF, left: float, right: float) -> list[QRectF]:
    """`rect` but for what lies between `left` and `right`: the handle stays clear."""
    parts = (
        QRectF(rect.left(), rect.top(), min(rect.right(), left) - rect.left(), rect.height()),
        QRectF(max(rect.left(), right), rect.top(), rect.right() - max(rect.left(), right), rect.height()),
    )
    return [part for part in parts if part.width() > 0]
