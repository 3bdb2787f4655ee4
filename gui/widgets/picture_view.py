"""The picture, as large as its place allows, with the child's box drawn by mouse or keys.

An image and its full size come in; the box goes out in pixels of the picture as displayed.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import style
from gui.i18n import _, follow
from screening.records import Region

# A press with less movement is a click, not a box.
SMALLEST_BOX = 8
# Ctrl + arrow moves the box by this share of the picture, Shift + arrow resizes it by the same.
KEY_STEP = 0.02


class PictureView(QWidget):
    """Shows one image; `drawable` lets a box be drawn on it."""

    box_drawn = Signal(object)  # Region
    needs_pixels = Signal(object)  # QSize in device pixels

    def __init__(self, *, drawable: bool) -> None:
        super().__init__()
        self._drawable = drawable
        self._image = QImage()
        self._full = QSize()
        self._region: Region | None = None
        self._from: QPointF | None = None
        self._to = QPointF()
        self.setMinimumSize(240, 135)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if drawable:
            self.setCursor(Qt.CursorShape.CrossCursor)
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        self.setAccessibleName(_("Picture of the video"))
        if self._drawable:
            self.setAccessibleDescription(
                _("Drag to draw a box round the child. Keys: B box, Ctrl+arrows move, Shift+arrows resize, Del clear.")
            )

    def show_image(self, image: QImage, width: int, height: int) -> None:
        """Show `image`, which stands for a picture of `width` × `height` pixels."""
        self._image, self._full = image, QSize(width, height)
        self.update()

    def show_region(self, region: Region | None) -> None:
        """Show the child's box."""
        self._region = region
        self.update()

    # ---- where things are

    def _place(self) -> QRectF:
        """The picture's rectangle in this widget."""
        if self._full.isEmpty():
            return QRectF()
        scale = min(self.width() / self._full.width(), self.height() / self._full.height())
        width, height = self._full.width() * scale, self._full.height() * scale
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def _region_rect(self, region: Region) -> QRectF:
        place = self._place()
        scale = place.width() / self._full.width()
        return QRectF(
            place.x() + region.x * scale, place.y() + region.y * scale, region.width * scale, region.height * scale
        )

    def _as_region(self, rect: QRectF) -> Region | None:
        place = self._place()
        inside = rect.normalized().intersected(place)
        if inside.isEmpty():
            return None
        scale = self._full.width() / place.width()
        left, top = round((inside.x() - place.x()) * scale), round((inside.y() - place.y()) * scale)
        right, bottom = round((inside.right() - place.x()) * scale), round((inside.bottom() - place.y()) * scale)
        right, bottom = min(right, self._full.width()), min(bottom, self._full.height())
        if right - left < SMALLEST_BOX or bottom - top < SMALLEST_BOX:
            return None
        return Region(left, top, right - left, bottom - top)

    # ---- events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for pictures of the new size."""
        super().resizeEvent(event)
        self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for pictures of this size: another view may have had another."""
        super().showEvent(event)
        self._ask()

    def _ask(self) -> None:
        if self.isVisible():
            self.needs_pixels.emit(self.size() * self.devicePixelRatioF())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a box."""
        if self._drawable and event.button() == Qt.MouseButton.LeftButton and not self._full.isEmpty():
            self._from = self._to = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Stretch the box."""
        if self._from is not None:
            self._to = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the box."""
        if self._from is not None:
            region = self._as_region(QRectF(self._from, event.position()))
            self._from = None
            self.update()
            if region is not None:
                self.box_drawn.emit(region)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move (Ctrl) or resize (Shift) the box with the arrows."""
        moves = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        move = moves.get(Qt.Key(event.key()))
        step = max(1, round(max(self._full.width(), self._full.height()) * KEY_STEP))
        region, modifiers = self._region, event.modifiers()
        if region is None or move is None or not self._drawable:
            super().keyPressEvent(event)
        elif modifiers & Qt.KeyboardModifier.ControlModifier:
            x = min(max(0, region.x + move[0] * step), self._full.width() - region.width)
            y = min(max(0, region.y + move[1] * step), self._full.height() - region.height)
            self.box_drawn.emit(Region(x, y, region.width, region.height))
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            width = min(max(SMALLEST_BOX, region.width + move[0] * step), self._full.width() - region.x)
            height = min(max(SMALLEST_BOX, region.height + move[1] * step), self._full.height() - region.y)
            self.box_drawn.emit(Region(region.x, region.y, width, height))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Picture, box, focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place = self._place()
        if not self._image.isNull() and not place.isEmpty():
            painter.drawImage(place, self._image)
            if self._from is not None:
                self._draw_box(painter, QRectF(self._from, self._to).normalized().intersected(place))
            elif self._region is not None:
                self._draw_box(painter, self._region_rect(self._region))
        if self.hasFocus() and self._drawable:
            painter.setPen(QPen(QColor(style.look.theme.brand), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect((place if not place.isEmpty() else QRectF(self.rect())).adjusted(1, 1, -1, -1))
        painter.end()

    @staticmethod
    def _draw_box(painter: QPainter, rect: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(style.BOX_SHADOW), 4))
        painter.drawRect(rect)
        dashes = QPen(QColor(style.BOX), 2)
        dashes.setDashPattern([7, 3])
        painter.setPen(dashes)
        painter.drawRect(rect)
