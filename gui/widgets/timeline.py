"""The timeline of a live analysis: the heat map of behaviours, and under it the curve of the chosen one.

Scores come in while an analysis runs, the result at its end; places that the user points at go out.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.i18n import _, follow
from gui.widgets.heat_map import HeatMap
from gui.widgets.score_curve import ScoreCurve
from screening.records import Label, PackInfo, Profile, Result, ScoreTimeline

LEAST = 92  # the curve's name, its two thresholds, and the times


class Timeline(QWidget):
    """Heat map above, curve of the chosen behaviour below: one cursor, one span."""

    position_chosen = Signal(float)  # seconds

    def __init__(self) -> None:
        super().__init__()
        self.map, self.curve = HeatMap(times=False), ScoreCurve()
        self.curve.setMinimumHeight(LEAST)
        self.plots, self.heat_map = self.map.plots, self.map.plot
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.map, 5)
        layout.addWidget(self.curve, 3)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(self.map)
        self.map.label_chosen.connect(self.curve.choose)
        self.map.span_changed.connect(self.curve.show_span)
        self.curve.span_changed.connect(self.map.show_span)
        for part in (self.map, self.curve):
            part.position_chosen.connect(self.position_chosen)
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        self.setAccessibleName(_("Behaviours over time"))

    def begin(self, pack: PackInfo, profile: Profile, start_s: float, total_s: float) -> None:
        """An analysis begins: empty rows, ready to fill."""
        for part in (self.map, self.curve):
            part.begin(pack, profile, start_s, total_s)
        self._follow_map()

    def extend(self, scores: ScoreTimeline) -> None:
        """New scores came in."""
        for part in (self.map, self.curve):
            part.extend(scores)

    def finish(self, result: Result) -> None:
        """The analysis is done: behaviours that were found come first, with their episodes."""
        for part in (self.map, self.curve):
            part.show_result(result)
        self._follow_map()

    def stop(self) -> None:
        """Nothing more will come in; what there is stays."""
        for part in (self.map, self.curve):
            part.stop()

    def show_position(self, seconds: float) -> None:
        """Move the cursor."""
        for part in (self.map, self.curve):
            part.show_position(seconds)

    def choose(self, label_id: int) -> None:
        """Show the curve of this behaviour, where it has a row."""
        self.map.choose(label_id)
        self._follow_map()

    def chosen(self) -> Label | None:
        """The behaviour whose curve is shown."""
        return self.map.chosen()

    def threshold(self, label: Label) -> float:
        """From which score on this behaviour counts."""
        return self.map.threshold(label)

    def names(self) -> list[str]:
        """The rows' names from top to bottom, as shown."""
        return self.map.names()

    def position(self) -> float:
        """Where the cursor is, in seconds."""
        return self.map.position()

    def bars(self) -> list[tuple[float, float]]:
        """Start and end of the episodes whose bars are shown."""
        return self.curve.bars()

    def filled_s(self) -> float:
        """How far the heat map reaches."""
        return self.map.filled_s()

    def show_all(self) -> None:
        """Zoom out to the whole analysed part."""
        self.map.show_all()

    def _follow_map(self) -> None:
        label = self.map.chosen()
        if label is not None:
            self.curve.choose(label.id)
