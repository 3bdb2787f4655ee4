"""Taking hold of the child's box: which edge, corner or inside a point has, and what a drag makes of the box."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt

from screening.records import Region

# Which sides move: (-1, 0) the left one, (1, 1) the corner right and below, (0, 0) the whole box.
Grip = tuple[int, int]
MOVE: Grip = (0, 0)
CORNER: Grip = (1, 1)
# How near to an edge, in logical pixels, takes hold of it.
REACH = 7.0
# Pixels of the picture; a press with less movement is a click, not a box.
SMALLEST = 8

CURSORS: dict[Grip, Qt.CursorShape] = {
    MOVE: Qt.CursorShape.SizeAllCursor,
    (-1, 0): Qt.CursorShape.SizeHorCursor,
    (1, 0): Qt.CursorShape.SizeHorCursor,
    (0, -1): Qt.CursorShape.SizeVerCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
    (-1, -1): Qt.CursorShape.SizeFDiagCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (-1, 1): Qt.CursorShape.SizeBDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
}


def grip_at(rect: QRectF, point: QPointF) -> Grip | None:
    """What of the box drawn at `rect` is taken hold of at `point`; None: nothing of it."""
    if not rect.adjusted(-REACH, -REACH, REACH, REACH).contains(point):
        return None
    return _side(rect.left(), rect.right(), point.x()), _side(rect.top(), rect.bottom(), point.y())


def _side(low: float, high: float, at: float) -> int:
    # A small box must still be moved by its middle third.
    reach = min(REACH, (high - low) / 3)
    if at < low + reach:
        return -1
    return 1 if at > high - reach else 0


def handles(rect: QRectF) -> list[QPointF]:
    """The eight places that are drawn as handles: corners and middles of the edges."""
    middle = rect.center()
    across, down = (rect.left(), middle.x(), rect.right()), (rect.top(), middle.y(), rect.bottom())
    return [QPointF(x, y) for x in across for y in down if (x, y) != (middle.x(), middle.y())]


def dragged(region: Region, grip: Grip, right: int, down: int, width: int, height: int) -> Region:
    """`region` after its `grip` was moved by (`right`, `down`) pixels, within a picture of `width` × `height`."""
    left, across = _moved(region.x, region.width, grip, 0, right, width)
    top, high = _moved(region.y, region.height, grip, 1, down, height)
    return Region(left, top, across, high)


def _moved(start: int, length: int, grip: Grip, axis: int, by: int, room: int) -> tuple[int, int]:
    """Start and length along one axis."""
    smallest = min(SMALLEST, length, room)
    if grip == MOVE:
        return min(max(0, start + by), room - length), length
    if grip[axis] < 0:
        moved = min(max(0, start + by), start + length - smallest)
        return moved, start + length - moved
    if grip[axis] > 0:
        return start, min(max(smallest, length + by), room - start)
    return start, length
