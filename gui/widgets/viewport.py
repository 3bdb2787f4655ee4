"""Where a picture lies in its widget: whole and centred, or zoomed and moved. Arithmetic only, in logical pixels.

Sizes and wishes (zoom, pan) come in; the picture's rectangle goes out.
"""

from __future__ import annotations

from itertools import takewhile

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF

# From one zoom to the next while a pixel of the picture is smaller than one of the screen.
STEP = 1.25
# Screen pixels for one of the picture: whole ones, so that enlarged pixels are sharp squares of one size.
ENLARGED = (1, 2, 3, 4, 6, 8, 12, 16)


class Viewport:
    """`full` is the picture's size, `room` the widget's, `ratio` the screen's pixels for a logical one."""

    def __init__(self) -> None:
        self.full = QSize()
        self.room = QSizeF()
        self.ratio = 1.0
        self._scale: float | None = None  # logical pixels for one of the picture; None: the whole picture is seen
        self._centre = QPointF()  # in the picture

    @property
    def is_zoomed(self) -> bool:
        """Only a part of the picture may be seen."""
        return self._scale is not None and self._scale > self._whole()

    @property
    def scale(self) -> float:
        """Logical pixels for one of the picture; 0 while there is none."""
        return max(self._scale or 0.0, self._whole())

    def _whole(self) -> float:
        if self.full.isEmpty() or self.room.isEmpty():
            return 0.0
        return min(self.room.width() / self.full.width(), self.room.height() / self.full.height())

    def _scales(self) -> list[float]:
        """Every zoom, from the whole picture on."""
        whole, pixel = self._whole(), 1 / self.ratio
        growing = (whole * STEP**i for i in range(100))
        small = list(takewhile(lambda scale: scale < pixel / STEP**0.5, growing))
        return (small or [whole]) + [n * pixel for n in ENLARGED if n * pixel > whole * 1.02]

    def zoom(self, steps: int, at: QPointF | None = None) -> None:
        """So many steps nearer, or farther when negative; what is at `at` in the widget (its middle) stays there."""
        if self.scale == 0:
            return
        middle = QPointF(self.room.width() / 2, self.room.height() / 2)
        fixed = middle if at is None else at
        there = self.to_picture(fixed)
        scales = self._scales()
        here = min(range(len(scales)), key=lambda i: abs(scales[i] - self.scale))
        place = min(max(0, here + steps), len(scales) - 1)
        self._scale = scales[place] if place else None
        self._centre = there + (middle - fixed) / self.scale

    def pan(self, by: QPointF) -> None:
        """Move the picture by so much of the widget."""
        if self.is_zoomed:
            middle = QPointF(self.room.width() / 2, self.room.height() / 2)
            self._centre = self.to_picture(middle - by)

    def show_whole(self) -> None:
        """No zoom."""
        self._scale = None

    def place(self) -> QRectF:
        """The whole picture's rectangle in the widget; larger than the widget when zoomed."""
        scale = self.scale
        if scale == 0:
            return QRectF()
        width, height = self.full.width() * scale, self.full.height() * scale
        x = self._offset(self.room.width(), width, self._centre.x() * scale)
        y = self._offset(self.room.height(), height, self._centre.y() * scale)
        return QRectF(x, y, width, height)

    def _offset(self, room: float, length: float, centre: float) -> float:
        if length <= room:
            return (room - length) / 2
        offset = min(max(room / 2 - centre, room - length), 0.0)
        return max(round(offset * self.ratio) / self.ratio, room - length)  # on a pixel of the screen

    def to_picture(self, point: QPointF) -> QPointF:
        """`point` of the widget in pixels of the picture."""
        return (point - self.place().topLeft()) / self.scale

    def rect_of(self, left: float, top: float, width: float, height: float) -> QRectF:
        """A rectangle of the picture, in the widget."""
        place, scale = self.place(), self.scale
        return QRectF(place.x() + left * scale, place.y() + top * scale, width * scale, height * scale)
