"""Draws what the Windows build shows of ViScreen's mark: the icon of its programs, and the installer's side picture.

Usage: python packaging/windows/pictures.py FOLDER; in it are then viscreen.ico (16 to 256 px) and side.bmp (the shape
of 164 × 314 px, drawn twice as large for sharp screens).
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import cast

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

DRAWING = Path(__file__).resolve().parents[2] / "resources" / "icons" / "viscreen.svg"
ICON_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
PNG_FROM = 256
BRAND = "#0B6477"
WIDTH, HEIGHT, MARK = 328, 628, 248


def mark(size: int) -> QImage:
    """The mark on nothing, `size` pixels wide and high."""
    picture = QImage(size, size, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(str(DRAWING)).render(painter)
    painter.end()
    return picture


def png(picture: QImage) -> bytes:
    """`picture` as a PNG file."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(picture)
    return bytes(content.data())


def bitmap(picture: QImage) -> bytes:
    """`picture` as an icon holds it: 32 bits a pixel, last row first, then a mask that hides nothing (alpha does)."""
    size = picture.width()
    header = struct.pack("<IiiHHIIiiII", 40, size, 2 * size, 1, 32, 0, 0, 0, 0, 0, 0)
    rows = b"".join(cast(memoryview, picture.constScanLine(y)) for y in reversed(range(size)))
    return header + rows + bytes((size + 31) // 32 * 4 * size)


def icon() -> bytes:
    """An .ico file of every size; the largest is a PNG, as Windows has it since Vista."""
    pictures = [png(mark(size)) if size >= PNG_FROM else bitmap(mark(size)) for size in ICON_SIZES]
    entries, offset = b"", 6 + 16 * len(pictures)
    for size, picture in zip(ICON_SIZES, pictures, strict=True):
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), offset)
        offset += len(picture)
    return struct.pack("<HHH", 0, 1, len(pictures)) + entries + b"".join(pictures)


def side_picture() -> QImage:
    """The mark in the middle of the brand's own colour."""
    picture = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB888)
    picture.fill(QColor(BRAND))
    painter = QPainter(picture)
    QSvgRenderer(str(DRAWING)).render(painter, QRectF((WIDTH - MARK) / 2, (HEIGHT - MARK) / 2, MARK, MARK))
    painter.end()
    return picture


def main(folder: Path) -> None:
    """Write both into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "viscreen.ico").write_bytes(icon())
    if not side_picture().save(str(folder / "side.bmp")):
        raise OSError(f"cannot write {folder / 'side.bmp'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
