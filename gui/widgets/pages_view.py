"""Pages of a document one below the other, as they will print: sizes come in, then a picture of each page asked for.

Only the pages that are to be seen are asked for, in the screen's own pixels, so that a long report takes no memory.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from gui import style
from gui.i18n import _, follow

GAP = style.LARGE
POINT = 96 / 72  # logical pixels of a point at 100 %
ZOOMS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
WIDEST = 2.0  # a page that is as wide as the window is no wider than this
FIT_WIDTH, WHOLE_PAGE = "width", "page"
Zoom = str | float


class PagesView(QAbstractScrollArea):
    """Scrolls by wheel, bars and keys; Ctrl and the wheel, + and − zoom; Home and End are the first and last page."""

    wanted = Signal(object, int)  # page numbers (from 0), pixels across
    moved = Signal()  # another page, or another zoom

    def __init__(self) -> None:
        super().__init__()
        self._sizes: tuple[tuple[float, float], ...] = ()
        self._texts: tuple[str, ...] = ()
        self._images: dict[int, QImage] = {}
        self._fresh: set[int] = set()  # of these the picture is of this document, in this size
        self._told = (-1, 0.0)
        self.zoom: Zoom = FIT_WIDTH
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.valueChanged.connect(self._scrolled)
        self.verticalScrollBar().setSingleStep(40)
        style.look.changed.connect(self.viewport().update)
        follow(self)

    # ---- told

    def show_document(self, sizes: Sequence[tuple[float, float]], texts: Sequence[str]) -> None:
        """Pages of these sizes (points) that read so; the old pictures stay until the new ones come."""
        self._sizes, self._texts = tuple(sizes), tuple(texts)
        self._images = {page: image for page, image in self._images.items() if page < len(self._sizes)}
        self._fresh.clear()
        self._arrange()

    def clear(self) -> None:
        """Show nothing."""
        self._images.clear()
        self.show_document((), ())

    def show_page(self, page: int, image: QImage) -> None:
        """The picture of `page` that was asked for."""
        if page < len(self._sizes):
            self._images[page] = image
            if image.width() == self._pixels():
                self._fresh.add(page)
            self.viewport().update()

    def use_zoom(self, zoom: Zoom) -> None:
        """A factor, or `FIT_WIDTH` or `WHOLE_PAGE`; the place that was in the middle stays there."""
        bar = self.verticalScrollBar()
        whole = max(1, bar.maximum() + self.viewport().height())
        middle = (bar.value() + self.viewport().height() / 2) / whole
        self.zoom = zoom
        self._fresh.clear()
        self._arrange()
        bar.setValue(round(middle * (bar.maximum() + self.viewport().height()) - self.viewport().height() / 2))

    def zoom_by(self, steps: int) -> None:
        """So many steps larger, or smaller."""
        now = self.factor()
        larger = [zoom for zoom in ZOOMS if zoom > now + 0.01]
        smaller = [zoom for zoom in reversed(ZOOMS) if zoom < now - 0.01]
        way = larger if steps > 0 else smaller
        if way:
            self.use_zoom(way[min(abs(steps), len(way)) - 1])

    # ---- asked

    @property
    def pages(self) -> int:
        """How many there are."""
        return len(self._sizes)

    @property
    def page(self) -> int:
        """The page (from 0) that covers the middle of the view."""
        middle = self.verticalScrollBar().value() + self.viewport().height() // 2
        tops = [rect.top() for rect in self._rects()]
        return max(0, sum(top - GAP <= middle for top in tops) - 1)

    def factor(self) -> float:
        """The zoom as a number; 1.0: as large as on paper, where the screen knows its size."""
        if not self._sizes:
            return 1.0
        width, height = self._sizes[0]
        across = (self.viewport().width() - 2 * GAP) / (width * POINT)
        if self.zoom == FIT_WIDTH:
            return min(max(0.1, across), WIDEST)
        if self.zoom == WHOLE_PAGE:
            return max(0.1, min(across, (self.viewport().height() - 2 * GAP) / (height * POINT)))
        return float(self.zoom)

    def text(self) -> str:
        """What the pages say, for a reader of the screen."""
        return "\n".join(self._texts)

    def is_drawn(self) -> bool:
        """Every page that is to be seen is drawn as it is now."""
        return bool(self._sizes) and not self._missing()

    def ask(self) -> None:
        """Ask for the pictures that are missing."""
        missing = self._missing()
        if missing and self.isVisible():
            self.wanted.emit(tuple(missing), self._pixels())

    def retranslate(self) -> None:
        """Write every text again."""
        self.setAccessibleName(_("The report as it will print"))
        self._tell()

    # ---- places

    def _pixels(self) -> int:
        """Pixels across a page on this screen."""
        return round(self._sizes[0][0] * POINT * self.factor() * self.devicePixelRatioF()) if self._sizes else 0

    def _rects(self) -> list[QRect]:
        """Where the pages lie, below each other, before scrolling."""
        scale, top, rects = POINT * self.factor(), GAP, []
        for width, height in self._sizes:
            size = round(width * scale), round(height * scale)
            rects.append(QRect(max(GAP, (self.viewport().width() - size[0]) // 2), top, *size))
            top += size[1] + GAP
        return rects

    def _seen(self) -> list[tuple[int, QRect]]:
        offset = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        placed = [(page, rect.translated(-offset)) for page, rect in enumerate(self._rects())]
        return [(page, rect) for page, rect in placed if rect.intersects(self.viewport().rect())]

    def _missing(self) -> list[int]:
        return [page for page, _rect in self._seen() if page not in self._fresh]

    def _arrange(self) -> None:
        rects = self._rects()
        bottom = rects[-1].bottom() + GAP if rects else 0
        right = max((rect.width() for rect in rects), default=0) + 2 * GAP
        for bar, size, room in (
            (self.verticalScrollBar(), bottom, self.viewport().height()),
            (self.horizontalScrollBar(), right, self.viewport().width()),
        ):
            bar.setPageStep(room)
            bar.setRange(0, max(0, size - room))
        self._scrolled()

    def _scrolled(self) -> None:
        seen = {page for page, _rect in self._seen()}
        for page in set(self._images) - seen - {min(seen, default=0) - 1, max(seen, default=0) + 1}:
            del self._images[page]
            self._fresh.discard(page)
        self.viewport().update()
        self.ask()
        self._tell()

    def _tell(self) -> None:
        here = (self.page if self._sizes else -1, self.factor())
        if here != self._told:
            self._told = here
            self.setAccessibleDescription(self._texts[here[0]] if self._texts else "")
            self.moved.emit()

    # ---- Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        """White paper, and on it what has come."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(style.look.theme.background))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for page, rect in self._seen():
            painter.fillRect(rect, QColor("white"))
            if page in self._images:
                painter.drawImage(rect, self._images[page])
            painter.setPen(QColor(style.look.theme.line))
            painter.drawRect(rect.adjusted(-1, -1, 0, 0))
        if self.hasFocus():
            painter.setPen(QColor(style.look.theme.brand))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A page that fits the view changes with it."""
        if not isinstance(self.zoom, float):
            self._fresh.clear()
        self._arrange()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl: zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home, End, + and −; the arrows and Page keys are Qt's."""
        bar = self.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_Home:
                bar.setValue(0)
            case Qt.Key.Key_End:
                bar.setValue(bar.maximum())
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom_by(1)
            case Qt.Key.Key_Minus:
                self.zoom_by(-1)
            case _:
                super().keyPressEvent(event)
