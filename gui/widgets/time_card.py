"""The card of what runs over time: no higher than its plots can use, so that the room left over goes to the picture."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from gui.widgets.card import Card
from gui.widgets.time_plot import TimePlot


class TimeCard(Card):
    """Its plots say by their `room` how much they can use; what one does not use now is for the one below."""

    def __init__(self) -> None:
        super().__init__()
        self._plots: list[TimePlot] = []

    def hold(self, widget: QWidget, stretch: int, *plots: TimePlot) -> None:
        """Below what is there already: a plot, or a widget of the `plots` that are in it, one below the other."""
        self._plots += [widget] if isinstance(widget, TimePlot) else plots
        self.add(widget, stretch)

    def event(self, event: QEvent) -> bool:
        """A plot may need another height."""
        if event.type() == QEvent.Type.LayoutRequest:
            margins = self.column.contentsMargins()
            around = margins.top() + self.top.sizeHint().height() + margins.bottom()
            self.setMaximumHeight(around + sum(plot.room + self.column.spacing() for plot in self._plots))
        return super().event(event)
