"""What every plot over time has: one cursor, a span that is zoomed and panned, a click that goes there, and its tips.

A start and a length in seconds come in; the places that the user points at and the span that is shown go out.
"""

from __future__ import annotations

from collections.abc import Callable

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from gui import style
from gui.ethogram import Growing, Picture, gap_reasons
from gui.i18n import _, current
from gui.widgets.plot_items import Boxes, TimeAxis
from screening import analysis, quality
from screening.records import Label, PackInfo, Profile, Result, ScoreTimeline

pg.setConfigOptions(antialias=False, imageAxisOrder="row-major")

# New scores are painted this often while an analysis runs: seen growing, and still cheap.
REFRESH_MS = 250
CLOSER = 1.5  # one press of + or −
STEP = 0.2  # one press of Shift and an arrow: this part of what is shown
LEAST_S = 2.0  # nothing is zoomed closer

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
Keys = dict[tuple[int, Qt.KeyboardModifier], Callable[[], None]]


class TimeView(pg.ViewBox):  # type: ignore[misc]  # pyqtgraph has no types
    """Wheel: zoom about the mouse; with Shift, or sideways: pan; over the names: through the rows."""

    scrolled = Signal(int)  # rows, positive: down

    def wheelEvent(self, ev: pg.QtWidgets.QGraphicsSceneWheelEvent, axis: int | None = None) -> None:
        """One notch is 120."""
        if axis == 1:
            self.scrolled.emit(-1 if ev.delta() > 0 else 1)
            ev.accept()
        elif ev.modifiers() & SHIFT or ev.orientation() == Qt.Orientation.Horizontal:
            start, end = self.viewRange()[0]
            self.translateBy(x=-ev.delta() / 120 * STEP / 2 * (end - start))
            ev.accept()
        else:
            super().wheelEvent(ev, axis=0)


class TimePlot(QWidget):
    """Scores over time; what they look like is for those who derive from this."""

    position_chosen = Signal(float)  # seconds
    span_changed = Signal(float, float)  # from, to: seconds

    def __init__(self, left: pg.AxisItem, times: bool) -> None:
        super().__init__()
        self.room = 0  # pixels of height that it can make use of, now or as episodes come and go
        self.pack: PackInfo | None = None
        self.scores: Growing | None = None
        self.picture: Picture | None = None
        self.thresholds: dict[int, float] = {}
        self._off_ratio = 1.0
        self._start_s, self._total_s, self._whole = 0.0, 1.0, False
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self.draw_scores)

        self.times = TimeAxis()
        self.view = TimeView(enableMenu=False)
        self.plots = pg.PlotWidget(viewBox=self.view, axisItems={"left": left, "bottom": self.times})
        self.plots.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot: pg.PlotItem = self.plots.getPlotItem()
        self.plot.hideButtons()
        self.plot.showAxis("bottom", times)
        self.view.setMouseEnabled(x=True, y=False)
        self.view.setDefaultPadding(0)
        self.hatch = Boxes()
        self.cursor_line = pg.InfiniteLine(angle=90)
        self.cursor_line.setZValue(10)
        self.plot.addItem(self.hatch)
        self.plot.addItem(self.cursor_line)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.addWidget(self.plots)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view.sigXRangeChanged.connect(self._span_moved)
        self.plots.scene().sigMouseClicked.connect(self._clicked)
        self.plots.viewport().installEventFilter(self)
        style.look.changed.connect(self.colour)
        self.keys: Keys = {
            (Qt.Key.Key_Plus, NONE): lambda: self._zoom(1 / CLOSER),
            (Qt.Key.Key_Plus, SHIFT): lambda: self._zoom(1 / CLOSER),
            (Qt.Key.Key_Equal, NONE): lambda: self._zoom(1 / CLOSER),
            (Qt.Key.Key_Minus, NONE): lambda: self._zoom(CLOSER),
            (Qt.Key.Key_0, NONE): self.show_all,
            (Qt.Key.Key_Left, SHIFT): lambda: self._pan(-STEP),
            (Qt.Key.Key_Right, SHIFT): lambda: self._pan(STEP),
            (Qt.Key.Key_Home, NONE): lambda: self._pan(-float("inf")),
            (Qt.Key.Key_End, NONE): lambda: self._pan(float("inf")),
        }

    # ---- what comes in

    def begin(self, pack: PackInfo, profile: Profile, start_s: float, total_s: float) -> None:
        """An analysis begins, or a part to mark: nothing to see yet, ready to fill."""
        self.empty(pack, profile, start_s, total_s)

    def empty(self, pack: PackInfo, profile: Profile, start_s: float, total_s: float) -> None:
        """Forget what was shown; this is what can be shown next."""
        self._refresh.stop()
        self.pack, self.scores, self.picture, self._whole = pack, Growing(pack), None, False
        self.thresholds, self._off_ratio = analysis.thresholds(pack, profile), profile.episodes.off_ratio
        self._set_span(start_s, total_s)

    def extend(self, scores: ScoreTimeline) -> None:
        """New scores came in."""
        if self.scores is not None and len(scores.windows):
            self.scores.add(scores)
            if not self._refresh.isActive():
                self._refresh.start()

    def show_result(self, result: Result) -> None:
        """All scores there will be."""
        self.empty(result.pack, result.profile, result.video.start_s, result.video.end_s - result.video.start_s)
        self.scores, self._whole = Growing(result.pack), True
        self.scores.add(result.scores)

    def stop(self) -> None:
        """Nothing more will come in; what there is stays."""
        self._refresh.stop()
        self.draw_scores()

    def show_position(self, seconds: float) -> None:
        """Move the cursor."""
        self.cursor_line.setValue(seconds)

    def position(self) -> float:
        """Where the cursor is, in seconds."""
        return float(self.cursor_line.value())

    def threshold(self, label: Label) -> float:
        """From which score on this behaviour counts."""
        return self.thresholds.get(label.id, label.threshold)

    # ---- the span

    def span(self) -> tuple[float, float]:
        """What is shown: from, to, in seconds."""
        start, end = self.view.viewRange()[0]
        return float(start), float(end)

    def show_span(self, from_s: float, to_s: float) -> None:
        """Show this part, as far as there is video."""
        if (from_s, to_s) != self.span():
            self.view.setXRange(from_s, to_s, padding=0)

    def bounds(self) -> tuple[float, float]:
        """What can be shown: from, to, in seconds."""
        return self._start_s, self._start_s + self._total_s

    def show_all(self) -> None:
        """Zoom out to the whole analysed part."""
        self.show_span(*self.bounds())

    def _set_span(self, start_s: float, total_s: float) -> None:
        self._start_s, self._total_s = start_s, max(total_s, 1.0)
        first, last = self.bounds()
        self.view.setLimits(xMin=first, xMax=last, minXRange=min(LEAST_S, self._total_s))
        self.show_all()

    def reach(self, end_s: float) -> None:
        """There is video up to here: more than was thought."""
        if end_s > self.bounds()[1]:
            all_shown = self.span() == self.bounds()
            span = self.span()
            self._set_span(self._start_s, end_s - self._start_s)
            if not all_shown:
                self.show_span(*span)

    def _zoom(self, factor: float) -> None:
        start, end = self.span()
        about = self.position() if start <= self.position() <= end else (start + end) / 2
        self.view.scaleBy(x=factor, center=(about, 0))

    def _pan(self, part: float) -> None:
        (start, end), (first, last) = self.span(), self.bounds()
        width = end - start
        start = min(max(start + part * width, first), last - width)
        self.show_span(start, start + width)

    def _span_moved(self, view: object, span: tuple[float, float]) -> None:
        # Else the view would find out while it is painted, and be painted a second time.
        self.view.updateMatrix()
        self.span_changed.emit(float(span[0]), float(span[1]))

    # ---- painting

    def draw_scores(self) -> None:
        """Paint what came in."""
        raise NotImplementedError

    def gaps(self) -> list[tuple[float, float]]:
        """The stretches that cannot be assessed, as far as is known."""
        until = self.bounds()[1] if self._whole else None
        if self.picture is not None:
            return self.picture.gaps(until)
        return [self.bounds()] if self._whole else []

    def told(self, name: str, row: int, picture: Picture | None, seconds: float) -> str:
        """What `row` of `picture` says of a moment: the score, or why there is none."""
        t = current()
        for start_s, end_s in self.gaps():
            if start_s <= seconds < end_s:
                timeline = self.scores.timeline if self.scores is not None else None
                codes = gap_reasons(timeline, start_s, end_s) if timeline is not None else ["gap"]
                return _("{start} to {end}: not assessable. {reasons}.").format(
                    start=t.clock(start_s, 1),
                    end=t.clock(end_s, 1),
                    reasons="; ".join(_(quality.REASONS.get(code, code)) for code in codes),
                )
        cell = picture.at(seconds) if picture is not None else None
        if cell is None or picture is None:
            return ""
        return _("{behaviour}, {time}: score {score}").format(
            behaviour=name, time=t.clock(seconds, 1), score=t.number(float(picture.cells[row, cell]), 2)
        )

    def colour(self) -> None:
        """Take the colours of the theme."""
        theme = style.look.theme
        self.plots.setBackground(theme.card)
        self.cursor_line.setPen(pg.mkPen(theme.cursor, width=2))
        self.times.setStyle(tickLength=0)
        self.times.setPen(pg.mkPen(QColor(theme.line)))
        self.times.setTextPen(pg.mkPen(QColor(theme.quiet)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A frame while the keyboard speaks to this."""
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(QPen(QColor(style.look.theme.brand), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
            painter.end()

    # ---- pointing

    def tip(self, place: QPointF, on_plot: bool) -> str:
        """What to say of a place, in the plot's units; left of the plot only its height counts."""
        raise NotImplementedError

    def clicked(self, place: QPointF, on_plot: bool) -> None:
        """A click, in the plot's units; left of the plot only its height counts."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tips say what is at the mouse, not only what this widget is."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            where = self.plots.mapToScene(event.pos())
            text = (
                self.tip(self.view.mapSceneToView(where), self._rect().contains(where)) if self._beside(where) else ""
            )
            if text:
                QToolTip.showText(event.globalPos(), text, self.plots.viewport())
                return True
        return super().eventFilter(watched, event)

    def _rect(self) -> QRectF:
        return QRectF(self.view.sceneBoundingRect())

    def _beside(self, where: QPointF) -> bool:
        return self._rect().top() <= where.y() <= self._rect().bottom() and where.x() <= self._rect().right()

    def _clicked(self, event: pg.GraphicsScene.mouseEvents.MouseClickEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._beside(event.scenePos()):
            return
        on_plot = self._rect().contains(event.scenePos())
        if event.double():
            if on_plot:
                self.show_all()
            return
        place = self.view.mapSceneToView(event.scenePos())
        self.clicked(place, on_plot)
        if on_plot:
            first, last = self.bounds()
            self.position_chosen.emit(min(max(place.x(), first), last))

    def event(self, event: QEvent) -> bool:
        """A key that means something here is not for the window's shortcuts while this has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._action(event):
            event.accept()
            return True
        return super().event(event)

    def _action(self, event: QKeyEvent) -> Callable[[], None] | None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return self.keys.get((event.key(), held))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom, pan, and what those who derive from this add."""
        action = self._action(event)
        if action is not None:
            action()
        else:
            super().keyPressEvent(event)
