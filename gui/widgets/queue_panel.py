"""The queue of analyses as a short list: how far each is, and what can be done about the chosen one.

Items come in; keys of items, and the order somebody wishes for, go out.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui import style
from gui.i18n import _, current, follow, sentence
from gui.icons import icon
from gui.queue_facts import Item
from gui.widgets.card import Card

KEY = Qt.ItemDataRole.UserRole
PADDING = 8  # at both ends of a line, as the style sheet has it
BAR = 160
LEAST = 168  # three lines, and the title with its buttons above them


class _Row(QWidget):
    """One analysis in one line: the clip's name, how far it is in words and as a bar."""

    def __init__(self) -> None:
        super().__init__()
        self.name = QLabel()
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.says = QLabel()
        self.says.setWordWrap(True)
        style.role(self.says, "caption")
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(BAR)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(style.LARGE)
        self._line.addWidget(self.name)
        self._line.addWidget(self.says, 1)
        self._line.addWidget(self.bar)

    def height_in(self, width: int) -> int:
        """Pixels down that it needs where it has so many across."""
        return self._line.totalHeightForWidth(width)

    def show_item(self, item: Item, width: int) -> None:
        """Say how far `item` is, in so many pixels."""
        self.name.setFixedWidth(width // 3)
        self.name.setText(self.name.fontMetrics().elidedText(item.name, Qt.TextElideMode.ElideMiddle, width // 3))
        self.says.setText(words(item))
        self.setToolTip(item.name)
        self.bar.setAccessibleName(_("Progress of the analysis"))
        self.bar.setVisible(item.state in ("running", "stopping"))
        self.bar.setValue(round(item.share * 1000))


class QueuePanel(QWidget):
    """A card below the page, hidden while the queue is empty. Alt+↑ and Alt+↓ move the chosen one, Del takes it out."""

    go_on_requested = Signal(object)  # key
    remove_requested = Signal(object)  # key; of one that runs: it is to be cancelled
    order_chosen = Signal(object)  # every key, in the order wished for

    def __init__(self) -> None:
        super().__init__()
        self._items: tuple[Item, ...] = ()
        self._rows: dict[int, _Row] = {}
        self.list = QListWidget()
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        style.role(self.list, "choices")
        self.list.currentRowChanged.connect(self._update_actions)
        self.go_on, self.up, self.down, self.remove = (QPushButton() for _button in range(4))
        for button in (self.up, self.down):
            style.role(button, "icon")
        self.go_on.clicked.connect(self._go_on)
        self.up.clicked.connect(self._move_up)
        self.down.clicked.connect(self._move_down)
        self.remove.clicked.connect(self._remove)
        for keys, slot in (("Alt+Up", self._move_up), ("Alt+Down", self._move_down), ("Del", self._remove)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
        self._card = Card()
        for button in (self.up, self.down, self.go_on, self.remove):
            self._card.top.addWidget(button)
        self._card.add(self.list, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 0, 14, 14)
        layout.addWidget(self._card)
        self.setMinimumHeight(LEAST)
        style.look.changed.connect(self._draw)
        self._draw()
        follow(self)

    # ---- told by the window

    def show_items(self, items: Sequence[Item]) -> None:
        """The queue is this now."""
        chosen = self.chosen()
        keys = [item.key for item in items]
        if keys != [item.key for item in self._items]:
            self._items = tuple(items)
            self._fill(chosen.key if chosen is not None else None)
        self._items = tuple(items)
        for item in self._items:
            self._show(item)
        self.setVisible(bool(self._items))
        self._entitle()
        self._update_actions()

    def show_progress(self, item: Item) -> None:
        """`item` came so far."""
        if item.key in self._rows:
            self._items = tuple(item if other.key == item.key else other for other in self._items)
            self._show(item)

    def chosen(self) -> Item | None:
        """The one that the buttons are about."""
        line = self.list.currentItem()
        key = line.data(KEY) if line is not None else None
        return next((item for item in self._items if item.key == key), None)

    def texts(self) -> list[str]:
        """What is said about each, from top to bottom."""
        return [f"{item.name}: {words(item)}" for item in self._items]

    def retranslate(self) -> None:
        """Write every text again."""
        self.list.setAccessibleName(_("Analyses that run or wait"))
        self.list.setToolTip(_("Alt+↑ and Alt+↓ change the order. Delete takes an analysis out."))
        for button, text in ((self.up, _("Analyse earlier (Alt+↑)")), (self.down, _("Analyse later (Alt+↓)"))):
            button.setToolTip(text)
            button.setAccessibleName(text)
        self._entitle()
        for item in self._items:
            self._show(item)
        self._update_actions()

    # ---- painting

    def _entitle(self) -> None:
        self._card.entitle(_("Analyses: {n}").format(n=len(self._items)))

    def _fill(self, chosen: int | None) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        self._rows.clear()
        for item in self._items:
            row, line = _Row(), QListWidgetItem()
            line.setData(KEY, item.key)
            self._rows[item.key] = row
            self.list.addItem(line)
            self.list.setItemWidget(line, row)
        place = next((i for i, item in enumerate(self._items) if item.key == chosen), 0)
        self.list.setCurrentRow(place if self._items else -1)
        self.list.blockSignals(False)

    def _show(self, item: Item) -> None:
        row = self._rows[item.key]
        width = self.list.viewport().width() - 2 * PADDING
        row.show_item(item, width)
        line = self._line(item.key)
        if line is not None:
            line.setSizeHint(QSize(0, row.height_in(width) + 2 * style.TINY))
            line.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.name}: {words(item)}")

    def _line(self, key: int) -> QListWidgetItem | None:
        return next((line for i in range(self.list.count()) if (line := self.list.item(i)).data(KEY) == key), None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Names are shortened to what there is room for."""
        super().resizeEvent(event)
        for item in self._items:
            self._show(item)

    def _draw(self) -> None:
        theme = style.look.theme
        for button, name in ((self.up, "up"), (self.down, "down")):
            button.setIcon(icon(name, theme.brand, theme.quiet))

    def _update_actions(self) -> None:
        item = self.chosen()
        running = item is not None and item.state in ("running", "stopping")
        self.go_on.setVisible(item is not None and item.state in ("left", "failed"))
        self.go_on.setText(_("Try again") if item is not None and item.state == "failed" else _("Go on"))
        self.go_on.setToolTip(_("The analysis begins again at the start of the video, when its turn comes."))
        self.remove.setText(_("Cancel") if running else _("Remove"))
        self.remove.setToolTip(_("Stop the analysis") if running else _("Take it out of the queue (Delete)"))
        self.remove.setEnabled(item is not None and item.state != "stopping")
        self.up.setEnabled(self._moved(-1) is not None)
        self.down.setEnabled(self._moved(1) is not None)

    # ---- wishes

    def _moved(self, places: int) -> list[int] | None:
        """Every key with the chosen one so many places further; None where that may not be."""
        item = self.chosen()
        if item is None or item.state in ("running", "stopping"):
            return None
        keys = [other.key for other in self._items]
        here = keys.index(item.key)
        there = here + places
        if not 0 <= there < len(keys) or self._items[there].state in ("running", "stopping"):
            return None
        keys.insert(there, keys.pop(here))
        return keys

    def _move(self, places: int) -> None:
        keys = self._moved(places)
        if keys is not None:
            self.order_chosen.emit(keys)

    def _move_up(self) -> None:
        self._move(-1)

    def _move_down(self) -> None:
        self._move(1)

    def _go_on(self) -> None:
        item = self.chosen()
        if item is not None and item.state in ("left", "failed"):
            self.go_on_requested.emit(item.key)

    def _remove(self) -> None:
        item = self.chosen()
        if item is not None and item.state != "stopping":
            self.remove_requested.emit(item.key)


def words(item: Item) -> str:
    """How far `item` is, in the language of now."""
    t = current()
    match item.state:
        case "running":
            parts = [t.percent(item.share), _("{speed} × real time").format(speed=t.number(item.speed, 1))]
            if item.left_s is not None:
                parts.append(_("about {time} left").format(time=t.clock(item.left_s)))
            return " · ".join(parts)
        case "stopping":
            return _("Stopping…")
        case "waiting":
            return _("Waits for its turn")
        case "left":
            return _("Not finished last time")
        case "failed":
            return sentence(item.error) if item.error is not None else ""
