"""The timeline: a heat map of behaviours over time and the curve of the chosen one, under one cursor.

Scores come in while an analysis runs, the result at its end; places that the user points at go out.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import ethogram, style
from gui.ethogram import Rows
from gui.i18n import _, current, follow
from gui.widgets.plot_items import Boxes, CurveAxis, RowAxis, TimeAxis
from screening import analysis
from screening.records import Label, PackInfo, Profile, Result, ScoreTimeline

pg.setConfigOptions(antialias=False, imageAxisOrder="row-major")

# New scores are painted this often while an analysis runs: seen growing, and still cheap.
REFRESH_MS = 250
BAR_TOP, BAR_BOTTOM = -0.07, -0.2
TIMES_HEIGHT = 20


class Timeline(QWidget):
    """Heat map above, curve of the chosen behaviour below."""

    position_chosen = Signal(object)  # seconds

    def __init__(self) -> None:
        super().__init__()
        self._pack: PackInfo | None = None
        self._thresholds: dict[int, float] = {}
        self._result: Result | None = None
        self._rows = Rows((), (), ())
        self._parts: list[ScoreTimeline] = []
        self._picture: ethogram.Picture | None = None
        self._chosen = 0
        self._total_s = 1.0
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self._draw_scores)

        self.plots = pg.GraphicsLayoutWidget()
        self.plots.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plots.ci.layout.setContentsMargins(0, 0, 0, 0)
        self.plots.ci.layout.setSpacing(2)
        self._row_axis = RowAxis()
        self.heat_map = self._plot(0, {"left": self._row_axis})
        self.heat_map.invertY(True)
        self.heat_map.hideAxis("bottom")
        self._curve_axis = CurveAxis()
        self._curve_plot = self._plot(1, {"bottom": TimeAxis("bottom"), "left": self._curve_axis})
        self._curve_plot.getAxis("bottom").setHeight(TIMES_HEIGHT)
        self._curve_plot.setYRange(BAR_BOTTOM - 0.02, 1.02, padding=0)
        self._curve_plot.setXLink(self.heat_map)
        self.plots.ci.layout.setRowStretchFactor(0, 5)
        self.plots.ci.layout.setRowStretchFactor(1, 2)

        self._image = pg.ImageItem()
        self._image.setLookupTable(pg.colormap.get("cividis").getLookupTable(nPts=256))
        self._hatch, self._curve_hatch = Boxes(Qt.BrushStyle.BDiagPattern), Boxes(Qt.BrushStyle.BDiagPattern)
        self._lines = [pg.InfiniteLine(angle=0) for _row in range(ethogram.MOST_ROWS + 2)]
        self._bars = Boxes()
        self._curve = pg.PlotDataItem(connect="finite")
        self._threshold = pg.InfiniteLine(angle=0)
        self._cursors = (pg.InfiniteLine(angle=90), pg.InfiniteLine(angle=90))
        for item in (self._image, self._hatch, *self._lines, self._cursors[0]):
            self.heat_map.addItem(item)
        for item in (self._curve_hatch, self._threshold, self._curve, self._bars, self._cursors[1]):
            self._curve_plot.addItem(item)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.addWidget(self.plots)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.plots.scene().sigMouseClicked.connect(self._clicked)
        style.look.changed.connect(self._colour)
        self._colour()
        follow(self)

    def _plot(self, row: int, axes: dict[str, pg.AxisItem]) -> pg.PlotItem:
        plot = self.plots.addPlot(row=row, col=0, axisItems=axes)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=True, y=False)
        plot.getViewBox().setDefaultPadding(0)
        return plot

    def retranslate(self) -> None:
        """Write every text again."""
        self.setAccessibleName(_("Behaviours over time"))
        self._curve_axis.setTicks([[(0, "0"), (0.5, current().number(0.5, 1)), (1, "1")]])
        self._draw_names()

    # ---- what comes in

    def begin(self, pack: PackInfo, profile: Profile, start_s: float, total_s: float) -> None:
        """An analysis begins: empty rows, ready to fill."""
        self._pack, self._thresholds, self._result = pack, analysis.thresholds(pack, profile), None
        self._parts, self._picture = [], None
        self._rows, self._chosen = ethogram.arrange(pack, profile), 0
        self._set_span(start_s, total_s)
        self._image.clear()
        self._draw_rows()

    def extend(self, scores: ScoreTimeline) -> None:
        """New scores came in."""
        if len(scores.windows):
            self._parts.append(scores)
            if not self._refresh.isActive():
                self._refresh.start()

    def finish(self, result: Result) -> None:
        """The analysis is done: behaviours that were found come first, with their episodes."""
        self._refresh.stop()
        self._result = result
        self._parts = [result.scores]
        self._rows, self._chosen = ethogram.arrange(result.pack, result.profile, result.episodes), 0
        self._set_span(result.video.start_s, result.video.end_s - result.video.start_s)
        self._draw_rows()

    def stop(self) -> None:
        """Nothing more will come in; what there is stays."""
        self._refresh.stop()
        if self._pack is not None:
            self._draw_scores()

    def show_position(self, seconds: float) -> None:
        """Move the cursor."""
        for line in self._cursors:
            line.setValue(seconds)

    def choose(self, label_id: int) -> None:
        """Show the curve of this behaviour, where it has a row."""
        for i, label in enumerate(self._rows.shown):
            if label.id == label_id and i != self._chosen:
                self._chosen = i
                self._draw_rows()

    def chosen(self) -> Label | None:
        """The behaviour whose curve is shown."""
        return self._rows.shown[self._chosen] if self._chosen < len(self._rows.shown) else None

    def threshold(self, label: Label) -> float:
        """From which score on this behaviour counts."""
        return self._thresholds.get(label.id, label.threshold)

    def names(self) -> list[str]:
        """The rows' names from top to bottom, as shown."""
        code = current().code
        names = [label.name(code) for label in self._rows.shown]
        if self._rows.folded:
            found = {episode.label_id for episode in self._result.episodes} if self._result else set()
            more = sum(label.id in found for label in self._rows.folded)
            n = len(self._rows.folded)
            other = _("{n} others") if more or self._result is None else _("{n} others: none found")
            names.append(other.format(n=n))
        if self._rows.untrained:
            n = len(self._rows.untrained)
            other = current().ngettext("{n} other: not trained", "{n} others: not trained", n)
            names.append(other.format(n=n))
        return names

    def position(self) -> float:
        """Where the cursor is, in seconds."""
        return float(self._cursors[0].value())

    def bars(self) -> list[tuple[float, float]]:
        """Start and end of the episodes whose bars are shown."""
        return [(box.left(), box.right()) for box in self._bars.boxes]

    def filled_s(self) -> float:
        """How far the heat map reaches."""
        return float(self._picture.edges[-1]) if self._picture is not None else 0.0

    # ---- painting

    def _set_span(self, start_s: float, total_s: float) -> None:
        self._start_s, self._total_s = start_s, max(total_s, 1.0)
        for plot in (self.heat_map, self._curve_plot):
            plot.setLimits(xMin=start_s, xMax=start_s + self._total_s, minXRange=min(2.0, self._total_s))
        self.show_all()

    def show_all(self) -> None:
        """Zoom out to the whole analysed part."""
        self.heat_map.setXRange(self._start_s, self._start_s + self._total_s, padding=0)

    def _draw_rows(self) -> None:
        rows = max(1, self._rows.count)
        self.heat_map.setYRange(0, rows, padding=0)
        for i, line in enumerate(self._lines):
            line.setValue(i)
            line.setVisible(i <= rows)
        self._draw_names()
        self._draw_scores()

    def _draw_names(self) -> None:
        self._row_axis.show_names(self.names(), self._chosen)
        label, t = self.chosen(), current()
        if label is not None:
            note = _("counts from {threshold}").format(threshold=t.number(self.threshold(label), 2))
            self._curve_axis.say(label.name(t.code), note)

    def _draw_scores(self) -> None:
        if not self._parts or self._pack is None:
            self._draw_gaps()
            self._draw_curve()
            return
        scores = ethogram.join(self._parts)
        self._parts = [scores]
        self._picture = picture = ethogram.picture(scores, self._pack, self._rows)
        end = float(picture.edges[-1])
        if end > self._start_s + self._total_s:
            self._set_span(self._start_s, end - self._start_s)
        step = float(picture.edges[1] - picture.edges[0])
        self._image.setImage(picture.cells, levels=(0.0, 1.0), autoLevels=False)
        self._image.setRect(QRectF(float(picture.edges[0]), 0, step * picture.cells.shape[1], len(picture.cells)))
        self._draw_gaps()
        self._draw_curve()

    def _draw_gaps(self) -> None:
        gaps = self._picture.gaps() if self._picture is not None else []
        scored = len(self._rows.shown) + bool(self._rows.folded)
        boxes = [QRectF(start, 0, end - start, scored) for start, end in gaps]
        if self._rows.untrained:
            boxes.append(QRectF(self._start_s, scored, self._total_s, 1))
        self._hatch.show_boxes(boxes)
        self._curve_hatch.show_boxes([QRectF(start, 0, end - start, 1) for start, end in gaps])

    def _draw_curve(self) -> None:
        label = self.chosen()
        if label is None:
            return
        self._threshold.setValue(self.threshold(label))
        if self._picture is None:
            self._curve.setData(np.empty(0), np.empty(0))
        else:
            self._curve.setData(self._picture.centres, self._picture.cells[self._chosen])
        found = self._result.episodes if self._result is not None else ()
        self._bars.show_boxes(
            [QRectF(e.start_s, BAR_BOTTOM, e.duration_s, BAR_TOP - BAR_BOTTOM) for e in found if e.label_id == label.id]
        )

    def _colour(self) -> None:
        theme = style.look.theme
        self.plots.setBackground(theme.card)
        for line in self._lines:
            line.setPen(pg.mkPen(theme.card, width=2))
        for hatch in (self._hatch, self._curve_hatch):
            hatch.colour(theme.quiet, theme.background)
        self._bars.colour(theme.brand)
        self._curve.setPen(pg.mkPen(theme.brand, width=1))
        self._threshold.setPen(pg.mkPen(theme.quiet, width=1, style=Qt.PenStyle.DashLine))
        for line in self._cursors:
            line.setPen(pg.mkPen(theme.cursor, width=2))
        for axis in (self._curve_axis, self._curve_plot.getAxis("bottom")):
            axis.setStyle(tickLength=0)
            axis.setPen(pg.mkPen(QColor(theme.line)))
            axis.setTextPen(pg.mkPen(QColor(theme.quiet)))
        self._draw_names()

    # ---- pointing

    def _clicked(self, event: pg.GraphicsScene.mouseEvents.MouseClickEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if event.double():
            self.show_all()
            return
        where: QPointF = event.scenePos()
        on_map = self.heat_map.sceneBoundingRect().contains(where)
        view = (self.heat_map if on_map else self._curve_plot).getViewBox()
        place = view.mapSceneToView(where)
        if on_map and 0 <= place.y() < len(self._rows.shown):
            self._pick(int(place.y()))
        if view.sceneBoundingRect().contains(where):
            self.position_chosen.emit(min(max(place.x(), self._start_s), self._start_s + self._total_s))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down choose a behaviour; + and − zoom; 0 shows all."""
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._rows.shown:
            self._pick((self._chosen + (1 if key == Qt.Key.Key_Down else -1)) % len(self._rows.shown))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            factor = 1.5 if key == Qt.Key.Key_Minus else 1 / 1.5
            self.heat_map.getViewBox().scaleBy(x=factor, center=(self._cursors[0].value(), 0))
        elif key == Qt.Key.Key_0:
            self.show_all()
        else:
            super().keyPressEvent(event)

    def _pick(self, row: int) -> None:
        if row != self._chosen:
            self._chosen = row
            self._draw_rows()
