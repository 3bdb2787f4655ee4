"""What the model sees: its few pixels, enlarged without smoothing, so that nobody overrates what it can know."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.i18n import _, follow


class ModelView(QWidget):
    """Shows one small image, each pixel a sharp square."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setMinimumSize(56, 56)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        follow(self)

    def sizeHint(self) -> QSize:
        """Three screen pixels for each of the model's."""
        return QSize(168, 168)

    def retranslate(self) -> None:
        """Write every text again."""
        self.setAccessibleName(_("What the model sees"))

    def show_image(self, image: QImage) -> None:
        """Show `image`, at the model's own size."""
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, aligned left, in its own shape."""
        if self._image.isNull():
            return
        painter = QPainter(self)
        scale = min(self.width() / self._image.width(), self.height() / self._image.height())
        if scale >= 1:
            # Whole screen pixels for each of the model's: no square is wider than its neighbour.
            ratio = self.devicePixelRatioF()
            scale = int(scale * ratio) / ratio
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        painter.drawImage(QRectF(0, 0, self._image.width() * scale, self._image.height() * scale), self._image)
        painter.end()
