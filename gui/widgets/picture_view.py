"""The picture, as large as its place allows or zoomed, with the child's box drawn, moved and resized in it.

An image and its full size come in; the box goes out in pixels of the picture as displayed.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from gui import style
from gui.i18n import _, follow
from gui.widgets.box_grips import CORNER, CURSORS, MOVE, SMALLEST, Grip, dragged, grip_at, handles
from gui.widgets.viewport import Viewport
from screening.records import Region

ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
# A press of an arrow moves an edge by one pixel of the picture; held down, by so many.
HELD = 8
# Alt + arrow moves a zoomed picture by this share of the view.
PAN_SHARE = 0.15
WHEEL_STEP = 120  # eighths of a degree: one notch


class PictureView(QWidget):
    """Shows one image; `drawable` lets a box be drawn on it."""

    box_begun = Signal()  # the mouse draws or drags; the picture should stand still
    box_drawn = Signal(object)  # Region
    needs_pixels = Signal(object)  # QSize in device pixels
    zoom_changed = Signal()

    def __init__(self, *, drawable: bool) -> None:
        super().__init__()
        self._drawable = drawable
        self._image = QImage()
        self._region: Region | None = None
        self._is_key = True
        self._port = Viewport()
        self._pressed: QPointF | None = None
        self._at = QPointF()
        self._grip: Grip | None = None  # of the box; None while a press draws a new one
        self._panned: QPointF | None = None
        self._wheel = 0
        self.setMinimumSize(240, 135)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if drawable:
            self.setMouseTracking(True)
            self.setCursor(Qt.CursorShape.CrossCursor)
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        self.setAccessibleName(_("Picture of the video"))
        if self._drawable:
            self.setAccessibleDescription(
                _(
                    "Drag to draw a box round the child. Keys: B box, Ctrl+arrows move, Shift+arrows resize, "
                    "Del clear, + and − zoom, Alt+arrows move the enlarged picture."
                )
            )

    def show_image(self, image: QImage, width: int, height: int) -> None:
        """Show `image`, which stands for a picture of `width` × `height` pixels."""
        self._image = image
        if self._port.full != QSize(width, height):
            self._port.full = QSize(width, height)
            self.show_whole()
        self.update()

    def show_region(self, region: Region | None, *, is_key: bool = True) -> None:
        """Show the child's box; one that was set for this moment looks firmer than one between two that were."""
        self._region, self._is_key = region, is_key
        self.update()

    # ---- zoom

    @property
    def zoom_scale(self) -> float:
        """Screen pixels for one of the picture."""
        return self._port.scale * self.devicePixelRatioF()

    @property
    def is_zoomed(self) -> bool:
        """Larger than the whole picture would be."""
        return self._port.is_zoomed

    def zoom(self, steps: int, at: QPointF | None = None) -> None:
        """Nearer, or farther; what is at `at` stays there."""
        self._port.zoom(steps, at)
        self._zoomed()

    def show_whole(self) -> None:
        """The whole picture."""
        self._port.show_whole()
        self._zoomed()

    def _zoomed(self) -> None:
        self._ask()
        self.update()
        self.zoom_changed.emit()

    # ---- where things are

    def _region_rect(self, region: Region) -> QRectF:
        return self._port.rect_of(region.x, region.y, region.width, region.height)

    def _drawn(self) -> Region | None:
        """The box that a press in the open and a release here mean; None: too small for one."""
        if self._pressed is None:
            return None
        full = self._port.full
        whole = QRectF(0, 0, full.width(), full.height())
        corners = QRectF(self._port.to_picture(self._pressed), self._port.to_picture(self._at))
        inside = corners.normalized().intersected(whole)
        left, top = round(inside.left()), round(inside.top())
        right, bottom = round(inside.right()), round(inside.bottom())
        if right - left < SMALLEST or bottom - top < SMALLEST:
            return None
        return Region(left, top, right - left, bottom - top)

    def _dragged(self) -> Region | None:
        if self._pressed is None or self._grip is None or self._region is None:
            return None
        by, full = (self._at - self._pressed) / self._port.scale, self._port.full
        return dragged(self._region, self._grip, round(by.x()), round(by.y()), full.width(), full.height())

    # ---- events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for pictures of the new size."""
        super().resizeEvent(event)
        self._port.room = QSizeF(self.size())
        self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for pictures of this size: another view may have had another."""
        super().showEvent(event)
        self._ask()

    def _ask(self) -> None:
        self._port.ratio = self.devicePixelRatioF()
        if self.isVisible():
            size = self._port.place().size().toSize() if self.is_zoomed else self.size()
            self.needs_pixels.emit(size * self.devicePixelRatioF())

    def event(self, event: QEvent) -> bool:
        """While the mouse drags, Esc is for the drag."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self._pressed is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom where the mouse is."""
        self._wheel += event.angleDelta().y()
        steps = int(self._wheel / WHEEL_STEP)
        self._wheel -= steps * WHEEL_STEP
        if steps:
            self.zoom(steps, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the box, begin a new one, or move the enlarged picture."""
        if self._port.full.isEmpty():
            return
        if event.button() == Qt.MouseButton.LeftButton and self._drawable:
            self._pressed = self._at = event.position()
            self._grip = self._grip_at(event.position())
        elif self._pressed is None and self.is_zoomed:
            self._panned = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _grip_at(self, point: QPointF) -> Grip | None:
        return grip_at(self._region_rect(self._region), point) if self._region is not None else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Stretch the box, drag it, or move the enlarged picture."""
        if self._panned is not None:
            self._port.pan(event.position() - self._panned)
            self._panned = event.position()
        elif self._pressed is not None:
            moved = event.position() - self._pressed
            if self._at == self._pressed and moved.manhattanLength() >= QApplication.startDragDistance():
                self.box_begun.emit()
            self._at = event.position()
        else:
            self._show_cursor(event.position())
        self.update()

    def _show_cursor(self, point: QPointF) -> None:
        grip = self._grip_at(point) if self._drawable else None
        free = Qt.CursorShape.CrossCursor if self._drawable else Qt.CursorShape.ArrowCursor
        self.setCursor(CURSORS[grip] if grip is not None else free)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the box."""
        if self._panned is not None:
            self._panned = None
        elif self._pressed is not None and event.button() == Qt.MouseButton.LeftButton:
            self._at = event.position()
            region = self._drawn() if self._grip is None else self._dragged()
            self._pressed = self._grip = None
            if region is not None and region != self._region:
                self.box_drawn.emit(region)
        self._show_cursor(event.position())
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The whole picture again."""
        self._pressed = self._grip = None
        self.show_whole()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move (Ctrl) or resize (Shift) the box with the arrows, or the enlarged picture (Alt)."""
        key, held, region = Qt.Key(event.key()), event.modifiers(), self._region
        arrow = ARROWS.get(key)
        if key == Qt.Key.Key_Escape and self._pressed is not None:
            self._pressed = self._grip = None
            self.update()
        elif arrow is not None and held & Qt.KeyboardModifier.AltModifier and self.is_zoomed:
            self._port.pan(QPointF(-arrow[0] * self.width(), -arrow[1] * self.height()) * PAN_SHARE)
            self.update()
        elif arrow is not None and region is not None and self._drawable and held & (_CTRL | _SHIFT):
            step, full = HELD if event.isAutoRepeat() else 1, self._port.full
            grip = MOVE if held & _CTRL else CORNER
            moved = dragged(region, grip, arrow[0] * step, arrow[1] * step, full.width(), full.height())
            self.box_drawn.emit(moved)
        else:
            super().keyPressEvent(event)

    # ---- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Picture, box, focus."""
        painter = QPainter(self)
        place = self._port.place()
        if not self._image.isNull() and not place.isEmpty():
            times = place.width() * self.devicePixelRatioF() / self._image.width()
            sharp = times >= 1 and abs(times - round(times)) < 1e-6
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=not sharp)
            painter.drawImage(place, self._image)
            if self._pressed is not None and self._grip is None:
                self._draw_box(painter, QRectF(self._pressed, self._at).normalized().intersected(place), firm=False)
            elif self._region is not None:
                moving = self._dragged()
                rect = self._region_rect(moving or self._region)
                self._draw_box(painter, rect, firm=self._is_key or moving is not None)
        if self.hasFocus() and self._drawable:
            painter.setPen(QPen(QColor(style.look.theme.brand), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            seen = place.intersected(QRectF(self.rect())) if not place.isEmpty() else QRectF(self.rect())
            painter.drawRect(seen.adjusted(1, 1, -1, -1))
        painter.end()

    def _draw_box(self, painter: QPainter, rect: QRectF, *, firm: bool) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(style.BOX_SHADOW), 4))
        painter.drawRect(rect)
        line = QPen(QColor(style.BOX), 2)
        if not firm:
            line.setDashPattern([7, 3])
        painter.setPen(line)
        painter.drawRect(rect)
        if firm and self._drawable:
            painter.setPen(QPen(QColor(style.BOX_SHADOW), 1))
            painter.setBrush(QColor(style.BOX))
            for handle in handles(rect):
                painter.drawRect(QRectF(handle.x() - 4, handle.y() - 4, 8, 8))


_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
