"""The strip of actions: each a small button that shows its key, so that whoever uses the mouse learns the keyboard.

Actions (a name, keys, what they do) come in; the button or the key calls them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QKeySequence, QPainter, QPixmap, QShortcut
from PySide6.QtWidgets import QLayout, QLayoutItem, QPushButton, QSizePolicy, QWidget

from gui import style
from gui.i18n import _, follow

CAP_HEIGHT = 18


@dataclass(frozen=True, slots=True)
class Action:
    """`word` and `tip` are English sentences to translate; `keys` as Qt writes them, `cap` as the keyboard does.

    Without `keys` the page itself listens for the key.
    """

    word: str
    tip: str
    cap: str
    keys: tuple[str, ...]
    does: Callable[[], None]


class KeyStrip(QWidget):
    """Buttons in as many lines as they need, and the shortcuts of `owner` for the same actions."""

    def __init__(self, actions: Sequence[Action], owner: QWidget) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        flow = _Flow(self)
        self._actions = tuple(actions)
        self._shortcuts: list[QShortcut] = []
        self.buttons: dict[str, QPushButton] = {}
        for action in actions:
            button = QPushButton()
            style.role(button, "key")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(action.does)
            flow.addWidget(button)
            self.buttons[action.cap] = button
            for keys in action.keys:
                shortcut = QShortcut(QKeySequence(keys), owner)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.activated.connect(button.click)
                self._shortcuts.append(shortcut)
        style.look.changed.connect(self._draw)
        self._draw()
        follow(self)

    def allow(self, cap: str, allowed: bool) -> None:
        """Whether the action of this key can be done now."""
        self.buttons[cap].setEnabled(allowed)

    def retranslate(self) -> None:
        """Write every text again."""
        for action in self._actions:
            button = self.buttons[action.cap]
            button.setText(_(action.word))
            tip = _(action.tip)
            button.setToolTip(f"{tip} ({action.cap})")
            button.setAccessibleName(button.toolTip())
        self.updateGeometry()

    def _draw(self) -> None:
        for cap, button in self.buttons.items():
            drawn = _cap(cap)
            button.setIcon(drawn)
            button.setIconSize(drawn.availableSizes()[0])


def _cap(text: str) -> QIcon:
    """A key with `text` on it."""
    theme, font = style.look.theme, QFont()
    font.setPixelSize(11)
    font.setBold(True)
    width = max(CAP_HEIGHT, QFontMetrics(font).horizontalAdvance(text) + 9)
    icon = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, theme.ink), (QIcon.Mode.Disabled, theme.quiet)):
        for scale in (1, 2, 3):
            picture = QPixmap(QSize(width, CAP_HEIGHT) * scale)
            picture.setDevicePixelRatio(scale)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(theme.outline))
            painter.setBrush(QColor(theme.background))
            painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, CAP_HEIGHT - 1), 4, 4)
            painter.setFont(font)
            painter.setPen(QColor(ink))
            painter.drawText(QRectF(0, 0, width, CAP_HEIGHT), Qt.AlignmentFlag.AlignCenter, text)
            painter.end()
            icon.addPixmap(picture, mode)
    return icon


class _Flow(QLayout):
    """From left to right, then on the next line."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:
        sizes = [item.sizeHint() for item in self._items]
        return QSize(sum(size.width() + style.TINY for size in sizes), max(size.height() for size in sizes))

    def minimumSize(self) -> QSize:
        sizes = [item.sizeHint() for item in self._items]
        return QSize(max(size.width() for size in sizes), max(size.height() for size in sizes))

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def _place(self, rect: QRect, *, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + style.TINY, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x, line = x + size.width() + style.TINY, max(line, size.height())
        return y + line - rect.y()
