"""A card: a quiet title above whatever it holds. Pages are made of cards."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui import style


class Card(QFrame):
    """Frame with a title row (title left, `aside` widgets right) and a column for the rest."""

    def __init__(self) -> None:
        super().__init__()
        style.role(self, "card")
        self.title = QLabel()
        style.role(self.title, "title")
        self.title.hide()
        self.top = QHBoxLayout()
        self.top.setSpacing(style.SMALL)
        self.top.addWidget(self.title)
        self.top.addStretch()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(style.MEDIUM, style.MEDIUM, style.MEDIUM, style.MEDIUM)
        self.column.setSpacing(6)
        self.column.addLayout(self.top)

    def entitle(self, text: str) -> None:
        """Write the title."""
        self.title.setText(text)
        self.title.setVisible(bool(text))

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Below what is there already."""
        self.column.addWidget(widget, stretch)
