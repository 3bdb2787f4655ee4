"""A row of buttons that can ask in its own place: "Delete …?", with the harmless answer under the finger."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui import style
from gui.i18n import _, follow


class AskRow(QWidget):
    """`left` and `right` are the buttons of the row; `ask` puts a question in their place until it is answered."""

    confirmed = Signal()
    kept = Signal()

    def __init__(self, left: tuple[QWidget, ...], right: tuple[QWidget, ...]) -> None:
        super().__init__()
        self._says: Callable[[], str] = str
        self.question = QLabel()
        self.question.setWordWrap(True)
        self.question.setTextFormat(Qt.TextFormat.PlainText)
        style.role(self.question, "strong")
        self.confirm, self.keep = QPushButton(), QPushButton()
        self.confirm.clicked.connect(self._confirm)
        self.keep.clicked.connect(self.stop_asking)
        actions, asks = self._actions, self._asks = QWidget(), QWidget()
        column = QVBoxLayout(self)  # no stack, which is always as high as its highest page
        column.setContentsMargins(0, 0, 0, 0)
        for row, before, after in ((actions, left, right), (asks, (), (self.question, self.confirm, self.keep))):
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(style.SMALL)
            for widget in before:
                line.addWidget(widget)
            if row is actions:
                line.addStretch()
            for widget in after:
                line.addWidget(widget, 1 if widget is self.question else 0)
            column.addWidget(row)
        asks.hide()
        follow(self)

    @property
    def asks(self) -> bool:
        """True while a question waits for its answer."""
        return self._asks.isVisibleTo(self)

    def ask(self, question: Callable[[], str]) -> None:
        """Ask (in the language of now, whichever it will be); the focus goes to the answer that changes nothing."""
        self._says = question
        self.retranslate()
        self._turn(asks=True)
        self.keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def drop(self) -> None:
        """The question no longer stands."""
        self._turn(asks=False)

    def stop_asking(self) -> None:
        """Answered: nothing happens."""
        self.drop()
        self.kept.emit()

    def retranslate(self) -> None:
        """Write every text again."""
        self.question.setText(self._says())
        self.confirm.setAccessibleDescription(self.question.text())
        self.keep.setAccessibleDescription(self.question.text())
        self.confirm.setText(_("Yes, delete"))
        self.keep.setText(_("Keep it"))
        self.keep.setToolTip(_("Delete nothing (Esc)"))

    def event(self, event: QEvent) -> bool:
        """Esc belongs to the question while there is one."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self.asks
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc keeps."""
        if self.asks and event.key() == Qt.Key.Key_Escape:
            self.stop_asking()
        else:
            super().keyPressEvent(event)

    def _turn(self, *, asks: bool) -> None:
        rows = (self._actions, self._asks)
        self.setMinimumWidth(max(row.minimumSizeHint().width() for row in rows))  # nothing beside it may move
        for row, shown in zip(rows, (not asks, asks), strict=True):
            row.setVisible(shown)

    def _confirm(self) -> None:
        self.drop()
        self.confirmed.emit()
