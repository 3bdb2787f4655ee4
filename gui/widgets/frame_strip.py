"""The strip of sampled pictures round the cursor: the very moments that the model is given, in their order.

It follows the playback; a click on a picture goes there.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import style
from gui.i18n import _, current, follow
from gui.player.playback import Playback
from gui.worker import Crew, StripReader
from screening.records import InputSpec

HEIGHT, GAP, CAPTION_HEIGHT = 52, 8, 18
NARROWEST, WIDEST = 16, 118
CELL = 44  # a narrow picture stands in the middle of the room that its time needs
# Pictures are fetched a second at a time, so that a playing video does not seek for each of them.
CHUNK = 15
KEPT = 400
# A model that takes the video's own rate has no clock of its own; the strip then shows this many a second.
WITHOUT_CLOCK = 15.0


class FrameStrip(QWidget):
    """Paints the pictures of the ticks round the playback's position."""

    def __init__(self, playback: Playback, crew: Crew) -> None:
        super().__init__()
        self._playback = playback
        self._crew = crew
        self._reader: StripReader | None = None
        self._spec: InputSpec | None = None
        self._pictures: OrderedDict[int, tuple[float, QImage]] = OrderedDict()
        self._asked = range(0)
        self.setFixedHeight(HEIGHT + CAPTION_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        playback.opened.connect(self._opened)
        playback.closed.connect(self._closed)
        playback.shown.connect(self._follow)
        playback.track_changed.connect(self._start_again)
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        self.setAccessibleName(_("Sampled pictures round the cursor"))
        self.setToolTip(_("Click a picture to go there"))
        self.update()

    @property
    def fps(self) -> float:
        """Pictures a second."""
        return (self._spec.fps if self._spec is not None else None) or WITHOUT_CLOCK

    def use_spec(self, spec: InputSpec | None) -> None:
        """The model's clock."""
        self._spec = spec
        self._start_again()

    # ---- which ticks are seen

    def _picture_size(self) -> QSize:
        keys = self._playback.keys
        width = max(key.region.width for key in keys) if keys else self._playback.width
        height = max(key.region.height for key in keys) if keys else self._playback.height
        shape = width / height if height else 4 / 3
        return QSize(round(min(max(HEIGHT * shape, NARROWEST), WIDEST)), HEIGHT)

    def _cell(self) -> int:
        return max(CELL, self._picture_size().width())

    def _fitting(self) -> int:
        return max(1, (self.width() + GAP) // (self._cell() + GAP))

    def _seen(self) -> range:
        count = self._fitting()
        middle = round(self._playback.position_s * self.fps)
        last = max(0, int(self._playback.duration_s * self.fps))
        first = max(0, min(middle - count // 2, last - count + 1))
        return range(first, min(first + count, last + 1))

    def _rect(self, place: int) -> QRectF:
        size, cell, others = self._picture_size(), self._cell(), max(1, self._fitting() - 1)
        across = (self.width() - cell) / others  # from edge to edge
        return QRectF(round(place * across + (cell - size.width()) / 2), 0, size.width(), size.height())

    # ---- following the playback

    def _opened(self, path: Path) -> None:
        self._closed()
        self._reader = StripReader(path)
        self._reader.found.connect(self._found)
        self._crew.start(self._reader)
        self._follow()

    def _closed(self) -> None:
        if self._reader is not None:
            self._reader.stop()
            self._reader = None
        self._pictures.clear()
        self._asked = range(0)
        self.update()

    def _start_again(self) -> None:
        self._pictures.clear()
        self._asked = range(0)
        self._follow()

    def _follow(self) -> None:
        self.update()
        if self._reader is None or not self.isVisible():
            return
        seen = self._seen()
        missing = [tick for tick in seen if tick not in self._pictures]
        if not missing or missing[0] in self._asked:
            return
        self._asked = range(missing[0], max(missing[-1] + 1, missing[0] + CHUNK))
        ratio = self.devicePixelRatioF()
        size = self._picture_size() * ratio
        spec = self._spec or _PLAIN
        # Boxes of different shapes keep theirs.
        fit: Literal["letterbox", "stretch"] = "letterbox" if len(self._playback.keys) > 1 else "stretch"
        small = replace(spec, frames=1, stride=1, width=size.width(), height=size.height(), fps=self.fps, resize=fit)
        self._reader.want(self._asked, self.fps, small, self._playback.track)

    def _found(self, found: tuple[int, float, QImage]) -> None:
        if self.sender() is self._reader:
            tick, seconds, image = found
            self._pictures[tick] = (seconds, image)
            while len(self._pictures) > KEPT:
                self._pictures.popitem(last=False)
            self.update()

    # ---- events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More room, more pictures."""
        super().resizeEvent(event)
        self._follow()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with where the cursor went meanwhile."""
        super().showEvent(event)
        self._follow()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the picture under the mouse."""
        tick = self.tick_at(event.position())
        if tick is not None:
            taken = self._pictures.get(tick)
            self._playback.seek(taken[0] if taken else tick / self.fps)

    def shown_ticks(self) -> int:
        """How many of the pictures that have a place are there already."""
        return sum(tick in self._pictures for tick in self._seen())

    def tick_at(self, point: QPointF | QPoint) -> int | None:
        """The tick whose picture is at `point`."""
        return next((tick for i, tick in enumerate(self._seen()) if self._rect(i).contains(QPointF(point))), None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Pictures and their times; the one at the cursor is framed."""
        if not self._playback.is_open:
            return
        painter = QPainter(self)
        theme, clock = style.look.theme, current().clock
        here = round(self._playback.position_s * self.fps)
        font = painter.font()
        font.setPixelSize(style.CAPTION)
        painter.setFont(font)
        for i, tick in enumerate(self._seen()):
            rect = self._rect(i)
            taken = self._pictures.get(tick)
            if taken is None:
                painter.fillRect(rect, QColor(theme.background))
            else:
                painter.drawImage(rect, taken[1])
            if tick == here:
                painter.setPen(QPen(QColor(theme.cursor), 3))
                painter.drawRect(rect.adjusted(1, 1, -1, -1))
            painter.setPen(QColor(theme.ink if tick == here else theme.quiet))
            below = QRectF(
                rect.center().x() - self._cell() / 2 - GAP / 2, rect.bottom(), self._cell() + GAP, CAPTION_HEIGHT
            )
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, clock(tick / self.fps, 2))
        painter.end()


_PLAIN = InputSpec(
    frames=1,
    height=HEIGHT,
    width=WIDEST,
    fps=WITHOUT_CLOCK,
    stride=1,
    colour="RGB",
    value_range=(0.0, 1.0),
    resize="stretch",
    pad="black",
    batch="single",
)
