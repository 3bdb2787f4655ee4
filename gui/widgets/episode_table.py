"""The table of a review's episodes: what became of each, which behaviour, when, how long, and what was remarked.

`Reviewed` records in the order of time go in; the episodes that are selected, by mouse or keys, come out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QItemSelection, QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from gui import style
from gui.i18n import _, current, follow
from gui.widgets.episode_lane import STATES, paint_bars
from gui.widgets.table import _ROOT, ROW_HEIGHT, Index, whole_rows
from screening.review import Reviewed, State

STATE, BEHAVIOUR, AT, LONG, PEAK, COMMENTS = range(6)
_RIGHT = (AT, LONG, PEAK)
BAR_WIDTH, BAR_HEIGHT, SHARPNESS = 22, 12, 2
NAMES = 0.6  # share of the room of names and remarks that names may take
WIDE = 470  # pixels from which there is room for words
_MOVES = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)


def _picture(state: State) -> QIcon:
    """What became of it, as its bar in the heat map shows it; the same in a selected row."""
    picture = QPixmap(QSize(BAR_WIDTH, BAR_HEIGHT) * SHARPNESS)
    picture.setDevicePixelRatio(SHARPNESS)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_bars(painter, np.array([(0, 0, BAR_WIDTH, BAR_HEIGHT)]), state)
    painter.end()
    icon = QIcon(picture)
    icon.addPixmap(picture, QIcon.Mode.Selected)
    return icon


class _Episodes(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.items: tuple[Reviewed, ...] = ()
        self.names: Mapping[int, str] = {}
        self.heads: tuple[str, ...] = ("",) * 6
        self.wide = True
        self._pictures: dict[State, QIcon] = {}
        self.draw()

    def draw(self) -> None:
        """In the colours of the theme."""
        self._pictures = {state: _picture(state) for state in STATES}

    def show(self, items: tuple[Reviewed, ...]) -> bool:
        """Whether rows came, went or moved; only what differs is painted again otherwise."""
        before, moved = self.items, [item.target for item in items] != [item.target for item in self.items]
        if moved:
            self.beginResetModel()
            self.items = items
            self.endResetModel()
            return True
        self.items = items
        for row, (old, new) in enumerate(zip(before, items, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(row, 0), self.index(row, COMMENTS))
        return False

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.items)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.heads)

    @staticmethod
    def _brief(item: Reviewed, column: int) -> str:
        return "❝" if column == COMMENTS and item.comments else ""

    def text(self, item: Reviewed, column: int) -> str:
        t = current()
        match column:
            case 0:
                return _(STATES[item.state])
            case 1:
                return self.names.get(item.label_id, str(item.label_id))
            case 2:
                return t.clock(item.start_s, 1)
            case 3:
                return _("{n} s").format(n=t.number(item.end_s - item.start_s, 1))
            case 4:
                peak = item.original.peak if item.original is not None else None
                return t.number(peak, 2) if peak is not None else "–"
        return "; ".join(item.comments)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item, column = self.items[index.row()], index.column()
        theme = style.look.theme
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                self.text(item, column) if self.wide or column not in (STATE, COMMENTS) else self._brief(item, column)
            )
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.text(item, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(item)
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(theme.quiet if item.rejected or column == STATE else theme.ink)
        if role == Qt.ItemDataRole.DecorationRole and column == STATE:
            return self._pictures.get(item.state)
        if role == Qt.ItemDataRole.FontRole:
            font = QFont()
            font.setPixelSize(style.BODY)
            font.setStrikeOut(item.rejected and column == BEHAVIOUR)
            font.setBold(item.state == "open" and column == BEHAVIOUR)
            return font
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self.heads[section] if self.wide or section not in (STATE, COMMENTS) else ""
            if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
                return self.heads[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _aligned(section)
        return None

    def _tip(self, item: Reviewed) -> str:
        t = current()
        says = _("{behaviour}, {start} to {end}: {state}.").format(
            behaviour=self.names.get(item.label_id, str(item.label_id)),
            start=t.clock(item.start_s, 1),
            end=t.clock(item.end_s, 1),
            state=_(STATES[item.state]),
        )
        if item.original is not None and item.original.label_id != item.label_id:
            says += "\n" + _("The model found: {behaviour}.").format(behaviour=self.names[item.original.label_id])
        return "\n".join((says, *(f"“{comment}”" for comment in item.comments)))


def _aligned(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class EpisodeTable(QTableView):
    """Arrows move, Shift and Ctrl+A select several; every other key is left to the page."""

    selected = Signal(object)  # tuple of targets, the current one last
    loop_requested = Signal()  # a double click

    def __init__(self) -> None:
        super().__init__()
        self._episodes = _Episodes()
        self._telling = True
        self.setModel(self._episodes)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setIconSize(QSize(BAR_WIDTH, BAR_HEIGHT))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(24)
        self.setMinimumHeight(ROW_HEIGHT * 4)
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        style.look.changed.connect(self._draw)
        follow(self)

    # ---- told by the page

    def show_names(self, names: Mapping[int, str]) -> None:
        """The behaviours' names in the current language."""
        self._episodes.names = names
        self.viewport().update()

    def show_items(self, items: Sequence[Reviewed], targets: Sequence[str], *, hidden: bool = False) -> None:
        """These episodes, of which `targets` are selected, the last of them being the current.

        `hidden`: the model's are not among them, so that all are of one state.
        """
        self._telling = False
        self._episodes.show(tuple(items))
        self.setColumnHidden(STATE, hidden)
        self.setColumnHidden(COMMENTS, not any(item.comments for item in items))
        self.setColumnHidden(PEAK, all(item.original is None for item in items))  # marks have no score
        self._fit()
        self._telling = True
        self.show_selected(targets)

    def show_selected(self, targets: Sequence[str]) -> None:
        """Select these rows and bring the current into view, without telling anybody."""
        if tuple(targets) == self.targets():
            return
        rows = {item.target: row for row, item in enumerate(self._episodes.items)}
        chosen, selection = [rows[target] for target in targets if target in rows], QItemSelection()
        for row in chosen:
            selection.select(self._episodes.index(row, 0), self._episodes.index(row, COMMENTS))
        flags = QItemSelectionModel.SelectionFlag
        self._telling = False
        if chosen:
            here = self._episodes.index(chosen[-1], BEHAVIOUR)  # never hidden
            self.selectionModel().setCurrentIndex(here, flags.NoUpdate)
            self.scrollTo(here)
        self.selectionModel().select(selection, flags.ClearAndSelect)
        self._telling = True

    def targets(self) -> tuple[str, ...]:
        """The selected episodes in the order of time, the current one last."""
        rows = [index.row() for index in self.selectionModel().selectedRows()]
        here = self.currentIndex().row()
        rows.sort(key=lambda row: (row == here, row))
        return tuple(self._episodes.items[row].target for row in rows)

    def cells(self, row: int) -> tuple[str, ...]:
        """What a row says."""
        return tuple(self._episodes.text(self._episodes.items[row], column) for column in range(6))

    def retranslate(self) -> None:
        """Write every text again."""
        self.setAccessibleName(_("Episodes"))
        self._episodes.heads = (_("state"), _("behaviour"), _("at"), _("long"), _("peak"), _("remarks"))
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Whole rows only."""
        super().paintEvent(whole_rows(self, event))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room for words, marks stand for them; the tip says all."""
        super().resizeEvent(event)
        self._episodes.wide = self.width() >= WIDE
        self._fit()
        self.scrollTo(self.currentIndex())  # a search that opens below must not hide what it is about

    def _fit(self) -> None:
        t, wide, heads = current(), self._episodes.wide, self._episodes.heads
        words = [_(word) for word in STATES.values()]
        texts = {
            STATE: [*words, heads[STATE]] if wide else [],
            AT: [t.clock(3599, 1), heads[AT]],
            LONG: [_("{n} s").format(n=t.number(88.8, 1)), heads[LONG]],
            PEAK: [t.number(0.88, 2), heads[PEAK]],
            COMMENTS: ["❝"],
        }
        metrics, header = QFontMetrics(self.font()), self.horizontalHeader()
        for column, said in texts.items():
            width = max(map(metrics.horizontalAdvance, said), default=0)
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, width + (14 if said else 0) + (BAR_WIDTH + 12 if column == STATE else 0))
        if wide and not self.isColumnHidden(COMMENTS):  # a name needs so much, a remark all that is left
            others = sum(header.sectionSize(column) for column in texts if column != COMMENTS)
            header.setSectionResizeMode(BEHAVIOUR, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(BEHAVIOUR, min(self._longest_name(), int(NAMES * (self.viewport().width() - others))))
            header.setSectionResizeMode(COMMENTS, QHeaderView.ResizeMode.Stretch)
        else:
            header.setSectionResizeMode(BEHAVIOUR, QHeaderView.ResizeMode.Stretch)
        self.viewport().update()
        header.viewport().update()

    def _longest_name(self) -> int:
        font = QFont(self.font())
        font.setBold(True)
        names = {self._episodes.text(item, BEHAVIOUR) for item in self._episodes.items}
        return max(map(QFontMetrics(font).horizontalAdvance, names), default=0) + 14

    def _draw(self) -> None:
        self._episodes.draw()
        self.viewport().update()

    # ---- the user

    def _selection_changed(self) -> None:
        if self._telling:
            self.selected.emit(self.targets())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Only what moves and selects; letters belong to the page, not to a search in the table."""
        if event.key() in _MOVES or event.matches(QKeySequence.StandardKey.SelectAll):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Play its loop."""
        super().mouseDoubleClickEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.indexAt(event.position().toPoint()).isValid():
            self.loop_requested.emit()
