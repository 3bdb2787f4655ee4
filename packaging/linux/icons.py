"""Draws the program's icon, `resources/icons/viscreen.svg`, in the sizes that a Linux desktop asks for.

Usage: python packaging/linux/icons.py FOLDER; in it are then 16.png … 512.png.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

DRAWING = Path(__file__).resolve().parents[2] / "resources" / "icons" / "viscreen.svg"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def draw(size: int, file: Path) -> None:
    """Write the icon as a PNG of `size` × `size` pixels with a transparent ground. Raises OSError."""
    picture = QImage(size, size, QImage.Format.Format_ARGB32)
    picture.fill(0)
    painter = QPainter(picture)
    QSvgRenderer(str(DRAWING)).render(painter)
    painter.end()
    if not picture.save(str(file), "PNG"):
        raise OSError(f"cannot write {file}")


def main(folder: Path) -> None:
    """All sizes."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QGuiApplication([])
    for size in SIZES:
        draw(size, folder / f"{size}.png")
    application.quit()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
