"""A quiet table: rows of text go in; the row that was chosen, by mouse or keys, comes out."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from gui import style

ROW_HEIGHT = 25
FRAME = 6  # the table's edge, above and below
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of one row; `quiet` rows step back; `tip` says more."""

    cells: tuple[str, ...]
    quiet: bool = False
    tip: str = ""


class _Rows(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.heads: tuple[str, ...] = ()
        self.count = 0
        self.row: Callable[[int], Row] = ().__getitem__
        self.right: frozenset[int] = frozenset()

    def fill(self, heads: tuple[str, ...], count: int, row: Callable[[int], Row], right: frozenset[int]) -> None:
        self.beginResetModel()
        self.heads, self.count, self.row, self.right = heads, count, functools.cache(row), right
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self.count

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.heads)

    def _side(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column in self.right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return row.cells[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tip or row.cells[index.column()]
        if role == Qt.ItemDataRole.FontRole and row.quiet:
            font = QFont()
            font.setPixelSize(style.BODY)
            font.setItalic(True)
            return font
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self.heads[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return self._side(section)
        return None


def whole_rows(table: QTableView, event: QPaintEvent) -> QPaintEvent:
    """`event` of the viewport of `table` without the row that is not in sight whole.

    Half a line of text looks like a fault, and the scroll bar shows that there is more.
    """
    room = table.viewport().rect()
    last = table.rowAt(room.bottom())
    top = table.rowViewportPosition(last)
    if last > table.rowAt(0) and top + table.rowHeight(last) > room.bottom() + 1:
        return QPaintEvent(event.region() & QRect(0, 0, room.width(), top))
    return event


class Table(QTableView):
    """One column stretches, or several share what is left; the others are as wide as their text."""

    row_chosen = Signal(object)  # row number

    def __init__(
        self,
        *,
        stretch: int | tuple[int, ...],
        right: Sequence[int] = (),
        rows_at_least: int = 1,
        rows_at_most: int | None = None,
    ) -> None:
        super().__init__()
        self._stretch = (stretch,) if isinstance(stretch, int) else stretch
        self._right, self._most = frozenset(right), rows_at_most
        self._rows = _Rows()
        self.setModel(self._rows)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setMinimumSectionSize(24)
        self.keep_rows(rows_at_least)
        self.selectionModel().currentRowChanged.connect(self._current_changed)

    def keep_rows(self, rows: int) -> None:
        """However little room there is, so many are to be seen."""
        self.setMinimumHeight(ROW_HEIGHT * (rows + 1) + FRAME)

    def fill(self, heads: Sequence[str], rows: Sequence[Row]) -> None:
        """These heads and rows and no others; keeps the chosen row where it still is."""
        self.fill_in_sight(heads, len(rows), tuple(rows).__getitem__)

    def fill_in_sight(self, heads: Sequence[str], count: int, row: Callable[[int], Row]) -> None:
        """As `fill`, of `count` rows; each is written when it comes into sight, so there may be thousands."""
        before = self.currentIndex().row()
        self._rows.fill(tuple(heads), count, row, self._right)
        self.updateGeometry()
        header = self.horizontalHeader()
        for column in range(len(heads)):
            modes = QHeaderView.ResizeMode
            header.setSectionResizeMode(column, modes.Stretch if column in self._stretch else modes.ResizeToContents)
        if 0 <= before < count:
            self.selectionModel().blockSignals(True)
            self.selectRow(before)
            self.selectionModel().blockSignals(False)

    def rows(self) -> tuple[Row, ...]:
        """Every row from top to bottom, in sight or not."""
        return tuple(self._rows.row(number) for number in range(self._rows.count))

    def sizeHint(self) -> QSize:
        """As high as its rows, up to `rows_at_most`; without that, as any table."""
        if self._most is None:
            return super().sizeHint()
        rows = min(self._rows.count, self._most) * self.verticalHeader().defaultSectionSize()
        return QSize(super().sizeHint().width(), self.horizontalHeader().sizeHint().height() + rows + FRAME)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Whole rows only."""
        super().paintEvent(whole_rows(self, event))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming in by key chooses the first row: otherwise nothing shows where one is."""
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_key and not self.currentIndex().isValid():
            self.selectRow(0)
        super().focusInEvent(event)

    def _current_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.row_chosen.emit(now.row())
