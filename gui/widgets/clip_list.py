"""The clips of one visit in their order: choose one, take one out, put them into another order.

What there is comes in by `show_clips`; wishes go out as signals, and whoever hears them shows what came of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QDropEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui import style
from gui.i18n import _, follow
from gui.icons import icon

KEY, NAME, STATE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
ITEM, HEIGHT = QSize(168, 36), 46
STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}
Clip = tuple[object, str, str]


class _TwoLines(QStyledItemDelegate):
    """Name above, state below, each shortened where it is too long."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Called by Qt for each clip that is seen."""
        ground = QStyleOptionViewItem(option)
        self.initStyleOption(ground, index)
        ground.text = ""
        chosen = bool(ground.state & QStyle.StateFlag.State_Selected)
        ground.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, ground, painter, ground.widget)
        theme, rect = style.look.theme, option.rect.adjusted(style.SMALL, 1, -style.SMALL, -1)
        half = rect.height() // 2
        painter.save()
        for role, colour, size, bold, top in (
            (NAME, theme.ink, style.BODY, chosen, 0),
            (STATE, theme.quiet, style.CAPTION, False, half),
        ):
            font = option.font
            font.setPixelSize(size)
            font.setBold(bold)
            painter.setFont(font)
            painter.setPen(QColor(colour))
            line = QRect(rect.left(), rect.top() + top, rect.width(), half)
            text = painter.fontMetrics().elidedText(index.data(role), Qt.TextElideMode.ElideMiddle, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All alike."""
        return ITEM


class _Clips(QListWidget):
    """Left to right in the order of the visit."""

    moved = Signal()
    step_wanted = Signal(int)
    move_wanted = Signal(int)
    removal_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # No bars: the next clip, cut at the edge, shows that there is more; wheel and arrows go there.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setItemDelegate(_TwoLines(self))
        self.setFixedHeight(HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The chosen clip stays in sight."""
        super().resizeEvent(event)
        self.scrollToItem(self.currentItem())

    def dropEvent(self, event: QDropEvent) -> None:
        """A clip was dragged to another place."""
        super().dropEvent(event)
        self.moved.emit()

    def event(self, event: QEvent) -> bool:
        """The keys of the list are for the list, not for the player or the box."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (*STEPS, Qt.Key.Key_Delete)
            and not event.modifiers() & _CTRL_OR_SHIFT
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, with Alt they move the clip, Delete takes it out."""
        step = STEPS.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.move_wanted.emit(step)
        elif step is not None:
            self.step_wanted.emit(step)
        elif event.key() == Qt.Key.Key_Delete:
            self.removal_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.step_wanted.emit(0)
        else:
            super().keyPressEvent(event)


class ClipList(QWidget):
    """The list, and a button that takes the chosen clip out."""

    clip_chosen = Signal(object)  # key
    clip_removed = Signal(object)  # key
    clips_reordered = Signal(list)  # keys

    def __init__(self) -> None:
        super().__init__()
        self._clips: list[Clip] = []
        self._current: object = None
        self.list = _Clips()
        self.remove = QPushButton()
        style.role(self.remove, "icon")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.SMALL)
        row.addWidget(self.list, 1)
        row.addWidget(self.remove)
        self.list.itemClicked.connect(self._clicked)
        self.list.step_wanted.connect(self._step)
        self.list.move_wanted.connect(self._move)
        self.list.removal_wanted.connect(self._remove)
        self.list.moved.connect(self._dragged)
        self.remove.clicked.connect(self._remove)
        style.look.changed.connect(self._paint)
        self._paint()
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        self.list.setAccessibleName(_("Clips of this visit"))
        self.list.setToolTip(_("Clips of this visit: click to open, drag or Alt+↑ Alt+↓ to reorder, Del to remove"))
        self.remove.setToolTip(_("Remove this clip from the visit (Del)"))
        self.remove.setAccessibleName(self.remove.toolTip())

    def _paint(self) -> None:
        self.remove.setIcon(icon("close", style.look.theme.brand, style.look.theme.quiet))

    def show_clips(self, clips: Sequence[Clip], current: object) -> None:
        """Show (key, name, state) of each clip; `current` is the key of the one that is open."""
        self._clips, self._current = list(clips), current
        self.list.clear()
        for key, name, state in clips:
            item = QListWidgetItem(f"{name}, {state}" if state else name)  # what a screen reader says
            item.setData(KEY, key)
            item.setData(NAME, name)
            item.setData(STATE, state)
            self.list.addItem(item)
            if key == current:
                self.list.setCurrentItem(item)
        self.list.scrollToItem(self.list.currentItem())
        self.remove.setEnabled(any(key == current for key in self.keys()))

    def choose_again(self) -> None:
        """The chosen clip once more: one whose file is missing is looked for again."""
        self.clip_chosen.emit(self._current)

    def keys(self) -> list[object]:
        """The clips in the order shown."""
        return [self.list.item(row).data(KEY) for row in range(self.list.count())]

    def _here(self) -> int | None:
        return next((row for row, key in enumerate(self.keys()) if key == self._current), None)

    def _clicked(self, item: QListWidgetItem) -> None:
        self.clip_chosen.emit(item.data(KEY))

    def _choose(self, key: object) -> None:
        if key != self._current:
            self.clip_chosen.emit(key)

    def _step(self, step: int) -> None:
        keys, here = self.keys(), self._here()
        if keys and step == 0:
            self.choose_again()
        elif keys:
            self._choose(keys[min(max(0, (here if here is not None else -step) + step), len(keys) - 1)])

    def _move(self, step: int) -> None:
        keys, here = self.keys(), self._here()
        if here is not None and 0 <= here + step < len(keys):
            keys.insert(here + step, keys.pop(here))
            self.clips_reordered.emit(keys)

    def _dragged(self) -> None:
        keys = self.keys()
        if keys != [key for key, _name, _state in self._clips]:
            self.clips_reordered.emit(keys)

    def _remove(self) -> None:
        if self._here() is not None:
            self.clip_removed.emit(self._current)


_CTRL_OR_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
