"""The table of what a screening profile asks of each behaviour; criteria come in, edited ones go out.

Moved in by arrow keys, edited by F2, Return or simply typing; Del removes the behaviour of the row.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gui import style
from gui.editing import Asked
from gui.i18n import _, current, follow
from gui.widgets.number_box import NumberBox
from screening.profile.differences import CriterionField

ROW_HEIGHT = 27
FIELDS: tuple[CriterionField, ...] = ("minimum_duration_s", "repetitions", "weight", "threshold")
LONGEST_S, MOST_REPETITIONS, HEAVIEST = 3600.0, 999.0, 1000.0
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


def amount(field: CriterionField, value: float | None) -> str:
    """A value of a criterion in the language of now, with its unit."""
    t = current()
    if value is None:
        return _("the model's own")
    if field == "minimum_duration_s":
        return _("{n} s").format(n=t.number(value, 1 if round(value, 1) == value else 3))
    if field == "threshold":
        return t.number(value, 2 if round(value, 2) == value else 4)
    return t.number(value, 0 if value == int(value) else 2)


def field_name(field: CriterionField) -> str:
    """What a value of a criterion is called."""
    return {
        "minimum_duration_s": _("minimum duration"),
        "repetitions": _("repetitions"),
        "weight": _("weight"),
        "threshold": _("threshold"),
    }[field]


class _Criteria(QAbstractTableModel):
    edited = Signal(object)  # Criterion

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Asked, ...] = ()

    def fill(self, rows: tuple[Asked, ...]) -> None:
        before = self.rows
        if [row.criterion.label_id for row in rows] != [row.criterion.label_id for row in before]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return
        self.rows = rows
        for number, (old, new) in enumerate(zip(before, rows, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(number, 0), self.index(number, len(FIELDS)))

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else 1 + len(FIELDS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemIsEditable if index.column() else usual

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if index.column() else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if index.column() == 0:
            return self._name(row, role)
        field = FIELDS[index.column() - 1]
        value = getattr(row.criterion, field)
        own = field == "threshold" and value is None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            shown = row.default if own and row.default is not None else value
            return ("• " if row.unsaved(field) else "") + amount(field, shown)
        if role == Qt.ItemDataRole.EditRole:
            return value
        if role == Qt.ItemDataRole.ForegroundRole and own:
            return QColor(style.look.theme.quiet)
        if role == Qt.ItemDataRole.FontRole:
            font = QFont()
            font.setPixelSize(style.BODY)
            font.setBold(row.unsaved(field))
            font.setItalic(own)
            return font
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, field, own)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() == 0:
            return False
        changes: dict[str, Any] = {FIELDS[index.column() - 1]: value}
        self.edited.emit(dataclasses.replace(self.rows[index.row()].criterion, **changes))
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _("behaviour") if section == 0 else field_name(FIELDS[section - 1])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.data(self.index(0, section), role) if self.rows else Qt.AlignmentFlag.AlignCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                "",
                _("A shorter episode does not count."),
                _("So many episodes, each long enough, meet the criterion."),
                _("What a met criterion adds to the index."),
                _("The score at which an episode begins. In grey: the model's own."),
            )[section]
        return None

    def _name(self, row: Asked, role: int) -> Any:
        since = _("Changed since the result.") if row.changed_since else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return ("◆ " if row.changed_since else "") + row.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ". ".join(filter(None, (row.name, since)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, (row.name, row.note, since)))
        if role == Qt.ItemDataRole.ForegroundRole and row.note:
            return QColor(style.look.theme.quiet)
        return None

    def _tip(self, row: Asked, field: CriterionField, own: bool) -> str:
        lines = []
        if own:
            lines.append(_("The model's own threshold. Type a number to set another; 0 goes back."))
        if row.saved is not None and row.unsaved(field):
            lines.append(_("Saved: {value}").format(value=amount(field, getattr(row.saved, field))))
        if row.changed_since and row.reported is not None:
            lines.append(_("In the result: {value}").format(value=amount(field, getattr(row.reported, field))))
        return "\n".join(lines)


class _Editor(QStyledItemDelegate):
    """A number box of the column's own kind; leaving it as it was changes nothing."""

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        match FIELDS[index.column() - 1]:
            case "minimum_duration_s":
                box = NumberBox(LONGEST_S, 1, 0.5, parent)
            case "repetitions":
                box = NumberBox(MOST_REPETITIONS, 0, 1, parent)
                box.setMinimum(1)
            case "weight":
                box = NumberBox(HEAVIEST, 2, 1, parent)
            case _:
                box = NumberBox(1.0, 2, 0.05, parent)
                box.setSpecialValueText(_("the model's own"))
        style.role(box, "cell")
        box.setButtonSymbols(NumberBox.ButtonSymbols.NoButtons)
        box.setAccessibleName(field_name(FIELDS[index.column() - 1]))
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, NumberBox):
            editor.show_value(index.data(Qt.ItemDataRole.EditRole) or 0.0)
            editor.setProperty("before", editor.value())
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if not isinstance(editor, NumberBox):
            return
        editor.interpretText()
        if editor.value() == editor.property("before"):
            return
        field, value = FIELDS[index.column() - 1], editor.value()
        model.setData(
            index, round(value) if field == "repetitions" else None if field == "threshold" and not value else value
        )


class CriteriaTable(QTableView):
    """`edited` brings the criterion as it was edited, `removed` the label ids whose rows are to go."""

    edited = Signal(object)  # Criterion
    removed = Signal(object)  # set[int]
    selection_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._criteria = _Criteria()
        self._criteria.edited.connect(self.edited)
        self.setModel(self._criteria)
        self._editor = _Editor(self)
        self.setItemDelegate(self._editor)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.setMinimumHeight(ROW_HEIGHT * 4)
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        style.look.changed.connect(self.viewport().update)
        follow(self)

    def fill(self, rows: tuple[Asked, ...]) -> None:
        """These criteria and no others."""
        self._criteria.fill(rows)

    def rows(self) -> tuple[Asked, ...]:
        """What is shown."""
        return self._criteria.rows

    def chosen(self) -> set[int]:
        """Label ids of the rows that are selected."""
        return {self._criteria.rows[index.row()].criterion.label_id for index in self.selectedIndexes()}

    def show_behaviour(self, label_id: int) -> None:
        """Put the cursor on its first number."""
        for number, row in enumerate(self._criteria.rows):
            if row.criterion.label_id == label_id:
                self.setCurrentIndex(self._criteria.index(number, 1))
                self.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        """Write every text again."""
        self.setAccessibleName(_("What is asked of each behaviour"))
        self._criteria.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(FIELDS))
        self.viewport().update()

    def event(self, event: QEvent) -> bool:
        """Arrows and Del are the table's, whatever the window uses them for."""
        mine = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Delete, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in mine
            and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return edits as F2 does; Del removes."""
        if self.state() == QAbstractItemView.State.EditingState:
            event.accept()  # the Return that ends an edit comes on to here; it must not begin the next
        elif event.key() == Qt.Key.Key_Delete and self.chosen():
            self.removed.emit(self.chosen())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().column() > 0:
            self.edit(self.currentIndex())
        elif event.text().isprintable() and event.text() and event.text() not in "0123456789,.":
            event.ignore()  # a letter means nothing to a number
        else:
            super().keyPressEvent(event)

    def _selection_changed(self) -> None:
        self.selection_changed.emit()
