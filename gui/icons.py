"""Icons: one-colour SVG drawings of `resources/icons`, painted in a colour of the theme at the screen's density."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from screening import paths

SIZE = 20


@lru_cache
def icon(name: str, colour: str, faded: str) -> QIcon:
    """The drawing `name` in `colour`, and in `faded` where its button is disabled."""
    made = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, faded)):
        for scale in (1, 2, 3):
            made.addPixmap(pixmap(name, ink, SIZE, scale), mode)
    return made


def pixmap(name: str, colour: str, size: int, scale: float = 1) -> QPixmap:
    """The drawing `name` in `colour`, `size` logical pixels square on a screen of `scale` pixels for each."""
    drawing = (paths.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", colour).encode()))
    picture = QPixmap(QSize(round(size * scale), round(size * scale)))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, picture.width(), picture.height()))
    painter.end()
    picture.setDevicePixelRatio(scale)
    return picture
