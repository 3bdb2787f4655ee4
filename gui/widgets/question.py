"""The one look of a question over the window: what is asked, what would be lost, and two answers.

Words and what each answer does come in; the open box comes out. The harmless answer has the keyboard, Enter and Esc.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def ask(
    parent: QWidget,
    text: str,
    more: str,
    *,
    does: tuple[str, Callable[[], None]],
    stays: tuple[str, Callable[[], None]],
    destroys: bool = False,
) -> QMessageBox:
    """Ask over `parent`; each answer is its words and what it does. `destroys`: the first loses something."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("ViScreen")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setInformativeText(more)
    role = QMessageBox.ButtonRole.DestructiveRole if destroys else QMessageBox.ButtonRole.AcceptRole
    do = box.addButton(does[0], role)
    stay = box.addButton(stays[0], QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    do.clicked.connect(does[1])
    stay.clicked.connect(stays[1])
    box.open()
    return box
