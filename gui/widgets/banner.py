"""A sentence in its place: an error of the world, or that something was done. Never a window of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from gui import style
from gui.i18n import _, follow, sentence
from gui.icons import icon
from screening.errors import ScreeningError


class Banner(QFrame):
    """Hidden until there is something to say; says it in the current language; can be closed."""

    def __init__(self) -> None:
        super().__init__()
        self._says: Callable[[], str] | None = None
        self._file: Path | None = None
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._open = QPushButton()
        self._close = QPushButton()
        style.role(self._close, "icon")
        self._open.clicked.connect(self._open_file)
        self._close.clicked.connect(self.clear)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(style.MEDIUM, style.TINY, style.SMALL, style.TINY)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._open)
        layout.addWidget(self._close)
        style.look.changed.connect(self._draw)
        self.clear()
        self._draw()
        follow(self)

    def show_error(self, error: ScreeningError) -> None:
        """Say what is wrong and what to do."""
        self._error = error
        self._show("error", self._error_sentence, None)

    def show_done(self, says: Callable[[], str], file: Path | None = None) -> None:
        """Say what was done; `file` can be opened from here."""
        self._show("good", says, file)

    def clear(self) -> None:
        """Say nothing."""
        self._says = None
        self.hide()

    def text(self) -> str:
        """What is said now."""
        return self._text.text() if self._says is not None else ""

    def retranslate(self) -> None:
        """Write every text again."""
        self._open.setText(_("Open the file"))
        self._close.setToolTip(_("Close this message"))
        self._close.setAccessibleName(self._close.toolTip())
        if self._says is not None:
            self._text.setText(self._says())
            self.setAccessibleName(self._text.text())

    def _show(self, role: str, says: Callable[[], str], file: Path | None) -> None:
        self._says, self._file = says, file
        style.role(self, role)
        style.role(self._text, "message")
        self._open.setVisible(file is not None)
        self.retranslate()
        self.show()

    def _error_sentence(self) -> str:
        return sentence(self._error)

    def _open_file(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._file)))

    def _draw(self) -> None:
        self._close.setIcon(icon("close", style.look.theme.ink, style.look.theme.quiet))
