"""The whole decode receipt: everything that was found when the video was read, to be looked at and copied."""

from __future__ import annotations

from html import escape
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from gui import style
from gui.i18n import _, current, follow
from screening.records import VideoInfo
from screening.report import words

SIZE = (680, 460)


def lines(info: VideoInfo) -> list[tuple[str, str]]:
    """Name and value of everything on the receipt, in the current language."""
    t = current()
    facts = [
        (_("File"), Path(info.path).name),  # not its folder: folders are named after people
        (_("SHA-256"), info.sha256),
        (_("File size"), words.file_size(info.size_bytes, t)),
        (_("Container"), info.container),
        (_("Picture"), words.picture(info, t)),
        (_("Sound track"), _("yes") if info.has_audio else _("none")),
        (_("Part"), words.part(info, t)),
        (_("Reading"), words.receipt(info, t)),
        (_("Damage"), words.damage(info, t)),
    ]
    return facts + [(t.clock(error.time_s, 1), _(error.message)) for error in info.errors]


class ReceiptDialog(QDialog):
    """A table of names and values; `copy` takes it to the clipboard as text."""

    def __init__(self, info: VideoInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._info = info
        self._what = QLabel()
        self._what.setWordWrap(True)
        self.table = QTextBrowser()
        style.role(self.table, "reading")
        self.copy, self.done_button = QPushButton(), QPushButton()
        style.role(self.done_button, "primary")
        self.done_button.setDefault(True)
        self.copy.clicked.connect(self._copy)
        self.done_button.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy)
        buttons.addStretch()
        buttons.addWidget(self.done_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.LARGE, style.LARGE, style.LARGE, style.LARGE)
        layout.setSpacing(style.MEDIUM)
        layout.addWidget(self._what)
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)
        self.resize(*SIZE)
        style.look.changed.connect(self.retranslate)
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        self.setWindowTitle(_("What was read of the video"))
        self._what.setText(_("The program read the whole file once and counted. This is what it found."))
        self.table.setAccessibleName(self.windowTitle())
        quiet = style.look.theme.quiet
        rows = (
            f'<tr><td style="color:{quiet}; padding:3px 14px 3px 0">{escape(name)}</td>'
            f'<td style="padding:3px 0">{escape(value)}</td></tr>'
            for name, value in lines(self._info)
        )
        self.table.setHtml(f'<table style="font-size:{style.BODY}px">{"".join(rows)}</table>')
        self.copy.setText(_("Copy the text"))
        self.done_button.setText(_("Close"))

    def text(self) -> str:
        """The receipt as plain text, one fact in a line."""
        return "\n".join(f"{name}: {value}" for name, value in lines(self._info))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())
