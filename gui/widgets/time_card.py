"""The card of what runs over time: no higher than its plots can use, so that the room left over goes to the picture."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from gui.widgets.card import Card


class TimeCard(Card):
    """Its plots say by their maximum height how much they can use."""

    def __init__(self) -> None:
        super().__init__()
        self._plots: list[QWidget] = []
        self._unlimited = self.maximumHeight()

    def hold(self, widget: QWidget, stretch: int, *plots: QWidget) -> None:
        """Below what is there already: a plot, or a widget of the `plots` that are in it, one below the other."""
        self._plots += plots or (widget,)
        self.add(widget, stretch)

    def event(self, event: QEvent) -> bool:
        """A plot may need another height."""
        if event.type() == QEvent.Type.LayoutRequest:
            margins = self.column.contentsMargins()
            around = margins.top() + self.top.sizeHint().height() + margins.bottom()
            held = sum(plot.maximumHeight() + self.column.spacing() for plot in self._plots)
            self.setMaximumHeight(min(around + held, self._unlimited))
        return super().event(event)
