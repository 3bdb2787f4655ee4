"""Fields that open in their place: one line to type a remark, and a behaviour found by typing part of its name.

Behaviours and what was typed come in; the text or the behaviour that was taken goes out. Enter takes, Esc gives up.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout

from gui import style
from gui.i18n import _, current, follow
from screening.records import Label

ROWS, ROW_HEIGHT = 7, 24
LONGEST = 500


def plain(text: str) -> str:
    """`text` in small letters without diacritics: "Vẫy tay" and "vay tay" are the same to whoever searches."""
    parts = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(c for c in parts if not unicodedata.combining(c))


def matches(labels: Sequence[Label], query: str) -> list[Label]:
    """The behaviours in whose names, of any one language, every word of `query` begins a word; then those that hold it.

    In the order of `labels` otherwise; all of them for an empty query.
    """
    words = plain(query).split()
    ranked: list[tuple[int, Label]] = []
    for label in labels:
        ranks = [_rank(plain(name), words) for name in label.names.values()]
        best = min((rank for rank in ranks if rank is not None), default=None)
        if best is not None:
            ranked.append((best, label))
    return [label for _rank_, label in sorted(ranked, key=lambda pair: pair[0])]


def _rank(name: str, words: Sequence[str]) -> int | None:
    if all(any(part.startswith(word) for part in name.split()) for word in words):
        return 0
    return 1 if all(word in name for word in words) else None


class Prompt(QFrame):
    """One line to type in. While it is open every key is its own."""

    taken = Signal(str)
    opened = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        style.role(self, "card")
        self._title, self._hint = QLabel(), QLabel()
        self._hint.setWordWrap(True)
        style.role(self._title, "strong")
        style.role(self._hint, "caption")
        self.line = QLineEdit()
        self.line.setMaxLength(LONGEST)
        self.line.returnPressed.connect(self._take)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(style.MEDIUM, style.SMALL, style.MEDIUM, style.SMALL)
        self.column.setSpacing(6)
        for widget in (self._title, self.line, self._hint):
            self.column.addWidget(widget)
        self.hide()
        follow(self)

    def ask(self, title: str, hint: str) -> None:
        """Open, empty, with the keyboard."""
        self._title.setText(title)
        self._hint.setText(hint)
        self.line.setAccessibleName(title)
        self.line.clear()
        self.show()
        self.opened.emit()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def is_open(self) -> bool:
        """Somebody types here."""
        return not self.isHidden()

    def give_up(self) -> None:
        """Close; nothing was taken."""
        if self.is_open:
            self.hide()
            self.closed.emit()

    def retranslate(self) -> None:
        """A question asked in the other language is not carried over."""
        self.give_up()

    def _take(self) -> None:
        text = self.line.text().strip()
        if text:
            self.give_up()
            self.taken.emit(text)

    def event(self, event: QEvent) -> bool:
        """No shortcut of the window is meant while somebody types."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc gives up; nothing that is typed here is for the page below."""
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
        event.accept()


class LabelSearch(Prompt):
    """Type to search in either language, ↑ ↓ to choose, Enter to take."""

    label_taken = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._labels: tuple[Label, ...] = ()
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        style.role(self.list, "choices")
        self.list.setFixedHeight(ROWS * ROW_HEIGHT + 2 * style.TINY + 2)
        self.list.setUniformItemSizes(True)
        self.list.itemClicked.connect(self._clicked)
        self.column.insertWidget(2, self.list)
        self.line.textChanged.connect(self._search)

    def search(self, labels: Sequence[Label], title: str) -> None:
        """Open over these behaviours."""
        self._labels = tuple(labels)
        self.ask(
            title, _("Type part of its name in Vietnamese or English. ↑ ↓ to move, Enter to choose, Esc to cancel.")
        )
        self.line.setPlaceholderText(_("Search a behaviour"))
        self.list.setAccessibleName(_("Behaviours"))
        self._search("")

    def found(self) -> list[int]:
        """The ids of the behaviours in the list, from top to bottom."""
        return [self.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.list.count())]

    def _search(self, query: str) -> None:
        code = current().code
        self.list.clear()
        for label in matches(self._labels, query):
            name = label.name(code)
            others = [other for other in label.names.values() if other != name]
            item = QListWidgetItem(f"{name}  ·  {others[0]}" if others else name)
            item.setToolTip(item.text())
            item.setData(Qt.ItemDataRole.UserRole, label.id)
            item.setSizeHint(QSize(0, ROW_HEIGHT))
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↑ and ↓ move in the list while the keyboard stays in the line."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -ROWS, Qt.Key.Key_PageDown: ROWS}
        if event.key() in step and self.list.count():
            row = self.list.currentRow() + step[Qt.Key(event.key())]
            self.list.setCurrentRow(min(max(0, row), self.list.count() - 1))
            event.accept()
        else:
            super().keyPressEvent(event)

    def _take(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._clicked(item)

    def _clicked(self, item: QListWidgetItem) -> None:
        label_id = item.data(Qt.ItemDataRole.UserRole)
        self.give_up()
        self.label_taken.emit(label_id)
