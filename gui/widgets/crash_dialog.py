"""What is said when the program made a mistake: now (`CrashDialog`), or the last time (`EarlierCrashDialog`).

A report without names and paths comes in; nothing goes out by itself: the user copies it, or shows where it lies.
"""

from __future__ import annotations

import itertools
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from gui import style
from gui.i18n import _, follow


class _ReportDialog(QDialog):
    """Two sentences, the report, and what can be done with it."""

    def __init__(self, report: str, folder: Path, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._folder = folder
        self.title, self.what = QLabel(), QLabel()
        style.role(self.title, "strong")
        self.report = QPlainTextEdit(report)
        self.report.setReadOnly(True)
        self.copy, self.show_folder, self.go_on = QPushButton(), QPushButton(), QPushButton()
        style.role(self.go_on, "primary")
        self.copy.clicked.connect(self._copy)
        self.show_folder.clicked.connect(self._show_folder)
        self.go_on.clicked.connect(self.close)
        self.go_on.setDefault(True)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(style.SMALL)
        self.buttons.addWidget(self.copy)
        self.buttons.addWidget(self.show_folder)
        self.buttons.addStretch()
        self.buttons.addWidget(self.go_on)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.LARGE, style.LARGE, style.LARGE, style.LARGE)
        layout.setSpacing(style.MEDIUM)
        for label in (self.title, self.what):
            label.setWordWrap(True)
            layout.addWidget(label)
        layout.addWidget(self.report, 1)
        layout.addLayout(self.buttons)
        self.go_on.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report.toPlainText())

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))


class CrashDialog(_ReportDialog):
    """Says that the program made a mistake, what to send, and that the work goes on."""

    def __init__(self, report: str, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(report, folder, parent)
        self.resize(620, 380)
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        self.setWindowTitle(_("ViScreen made a mistake"))
        self.title.setText(
            _("ViScreen made a mistake. Your video and your files are untouched; you can go on working.")
        )
        self.what.setText(
            _(
                "Please send the text below to the people who look after ViScreen. "
                "It names places in ViScreen's own code, but no person, none of your files and no picture."
            )
        )
        self.report.setAccessibleName(_("Report of the mistake"))
        self.copy.setText(_("Copy the text"))
        self.show_folder.setText(_("Open the folder"))
        self.go_on.setText(_("Go on"))


class EarlierCrashDialog(_ReportDialog):
    """Offers the trace of a crash that ended the program the last time. The window behind it can be used at once."""

    def __init__(self, file: Path, parent: QWidget | None = None) -> None:
        super().__init__(file.read_text(encoding="utf-8"), file.parent, parent)
        self._file = file
        self.report.hide()
        self.show_report, self.delete = QPushButton(), QPushButton()
        self.show_report.clicked.connect(self._toggle)
        self.delete.clicked.connect(self._delete)
        self.buttons.insertWidget(0, self.show_report)
        self.buttons.insertWidget(3, self.delete)
        order = (self.show_report, self.copy, self.show_folder, self.delete, self.go_on)
        for before, after in itertools.pairwise(order):
            self.setTabOrder(before, after)
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        self.setWindowTitle(_("ViScreen stopped the last time"))
        self.title.setText(_("ViScreen stopped unexpectedly the last time. What had been kept is still there."))
        self.what.setText(
            _(
                "A short report says in which part of the program it happened. It helps to send it to the people who "
                "look after ViScreen. It names places in ViScreen's own code, but no person, none of your files and no "
                "picture; nothing is sent by itself."
            )
        )
        self.report.setAccessibleName(_("Report of the crash"))
        hidden = self.report.isHidden()
        self.show_report.setText(_("Show the report") if hidden else _("Hide the report"))
        self.copy.setText(_("Copy the text"))
        self.show_folder.setText(_("Open the folder"))
        self.delete.setText(_("Delete"))
        self.delete.setToolTip(_("Delete the report from this computer"))
        self.go_on.setText(_("Go on"))

    def _toggle(self) -> None:
        self.report.setVisible(self.report.isHidden())
        self.retranslate()
        if self.report.isVisible():
            self.resize(self.width(), max(self.height(), 420))
            self.report.setFocus()
        else:
            self.adjustSize()

    def _delete(self) -> None:
        self._file.unlink(missing_ok=True)
        self.close()
