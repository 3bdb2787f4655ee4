"""The live picture of a camera with what must be seen from across the room: countdown, recording, pause.

Images of the `Recorder` come in; how many pixels there is room for goes out. A picture is never drawn larger than it
is: one that looks sharp because it is small would come out blurred, and one that was blown up would hide how little
there is.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import style
from gui.i18n import _, current, follow
from gui.icons import pixmap
from gui.recorder import Live

ICON = 40
DOT = 5
VEIL = 120  # of 255: what lies below stays recognisable
LARGEST = 2.0  # logical pixels for one of the camera: on a large screen a small picture is enlarged so far


class LiveView(QWidget):
    """Shows `Live` states, or a sentence where there is no picture. Only the view is mirrored, not the recording."""

    needs_pixels = Signal(object)  # QSize in device pixels

    def __init__(self) -> None:
        super().__init__()
        self._live: Live | None = None
        self._message = ""
        self._mirrored = False
        self.setMinimumSize(320, 180)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        style.look.changed.connect(self.update)
        follow(self)

    def show_live(self, live: Live) -> None:
        """The camera's newest picture and how things stand."""
        self._live = live
        self._describe()
        self.update()

    def show_message(self, message: str) -> None:
        """No picture: say why."""
        self._live, self._message = None, message
        self._describe()
        self.update()

    def mirror(self, mirrored: bool) -> None:
        """Whether left and right are as in a mirror."""
        self._mirrored = mirrored
        self.update()

    @property
    def image(self) -> QImage:
        """The picture as it is drawn; null where there is none."""
        if self._live is None:
            return QImage()
        image = self._live.image
        return image.flipped(Qt.Orientation.Horizontal) if self._mirrored else image

    def retranslate(self) -> None:
        """Write every text again."""
        self.setAccessibleName(_("Live picture of the camera"))
        self._describe()

    def _describe(self) -> None:
        told = self._badge() if self._live is not None else self._message
        if told != self.accessibleDescription():
            self.setAccessibleDescription(told)

    def _badge(self) -> str:
        state = self._live.state if self._live is not None else None
        if state is None or state.phase in ("preview", "done"):
            return ""
        if state.phase == "countdown":
            return _("Recording begins in {n}").format(n=math.ceil(state.countdown_s))
        said = {"recording": _("Recording"), "paused": _("Paused"), "finishing": _("Finishing…")}[state.phase]
        return f"{said}  {current().clock(state.elapsed_s)}"

    # ---- events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for pictures of the new size."""
        super().resizeEvent(event)
        self.needs_pixels.emit(self.size() * self.devicePixelRatioF())

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for pictures of this size."""
        super().showEvent(event)
        self.needs_pixels.emit(self.size() * self.devicePixelRatioF())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Picture, veil, number, badge."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        image = self.image
        if self._live is None or image.isNull():
            self._paint_message(painter)
        else:
            place = self._place()
            painter.setClipPath(_rounded(place))
            painter.drawImage(place, image)
            if self._live.state.phase in ("countdown", "paused"):
                painter.fillRect(place, _shade(VEIL))
            if self._live.state.phase == "countdown":
                self._paint_large(painter, place, str(math.ceil(self._live.state.countdown_s)))
            self._paint_badge(painter, place)
        painter.end()

    def _place(self) -> QRectF:
        """The picture's rectangle in this widget."""
        if self._live is None:
            return QRectF()
        full = QSize(*self._live.size) / self.devicePixelRatioF()
        scale = min(LARGEST, self.width() / full.width(), self.height() / full.height())
        width, height = full.width() * scale, full.height() * scale
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def _paint_message(self, painter: QPainter) -> None:
        theme, whole = style.look.theme, QRectF(self.rect())
        painter.fillPath(_rounded(whole), QColor(theme.background))
        drawing = pixmap("camera", theme.outline, ICON, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(whole.center().x() - ICON / 2, whole.center().y() - ICON - style.SMALL), drawing)
        painter.setPen(QColor(theme.quiet))
        below = QRectF(style.HUGE, whole.center().y() + style.SMALL, whole.width() - 2 * style.HUGE, whole.height() / 2)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, self._message)

    def _paint_large(self, painter: QPainter, place: QRectF, text: str) -> None:
        font = QFont(self.font())
        font.setPixelSize(max(style.FIGURE, round(place.height() / 3)))
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(style.DARK.ink))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_badge(self, painter: QPainter, place: QRectF) -> None:
        text = self._badge()
        if self._live is None or not text:
            return
        font = QFont(self.font())
        font.setPixelSize(style.BODY + 2)
        font.setBold(True)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        width = metrics.horizontalAdvance(text) + 2 * DOT + 3 * style.MEDIUM
        pill = QRectF(place.x() + style.MEDIUM, place.y() + style.MEDIUM, width, metrics.height() + style.MEDIUM)
        path = QPainterPath()
        path.addRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        painter.fillPath(path, _shade(225))
        running = self._live.state.phase == "recording"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(style.DARK.cursor if running else style.DARK.quiet))
        painter.drawEllipse(QPointF(pill.x() + style.MEDIUM + DOT, pill.center().y()), DOT, DOT)
        painter.setPen(QColor(style.DARK.ink))
        words = pill.adjusted(2 * DOT + 2 * style.MEDIUM - style.TINY, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, text)


def _rounded(rect: QRectF) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(rect, style.SMALL, style.SMALL)
    return path


def _shade(alpha: int) -> QColor:
    colour = QColor(style.BOX_SHADOW)
    colour.setAlpha(alpha)
    return colour
