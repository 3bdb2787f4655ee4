"""Beside the player: which behaviour a mark will have, and, while one is being marked, since when.

A behaviour and a time come in; the wish for another behaviour goes out.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui import style
from gui.i18n import _, current, follow
from screening.records import Label

WIDTH = 172


class MarkNote(QWidget):
    """Beside the picture, not under it: what appears here must not move what somebody watches."""

    behaviour_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._label: Label | None = None
        self._onset_s: float | None = None
        self._head, self.name, self.says = QLabel(), QLabel(), QLabel()
        self.behaviour = QPushButton()
        self.behaviour.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        style.role(self._head, "caption")
        style.role(self.name, "strong")
        style.role(self.says, "nolevel")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.TINY)
        for label in (self._head, self.name, self.says):
            label.setWordWrap(True)
        for label in (self._head, self.name):
            label.setContentsMargins(style.TINY, 0, 0, 0)
        # One left edge for words and grounds; those of a link lie inside its own.
        self._button, note = QHBoxLayout(), QHBoxLayout()
        note.setContentsMargins(style.TINY, 0, 0, 0)
        self._button.addWidget(self.behaviour)
        note.addWidget(self.says)
        for label in (self._head, self.name):
            column.addWidget(label)
        for row in (self._button, note):
            column.addLayout(row)
        column.addStretch()
        self.setFixedWidth(WIDTH)
        self.behaviour.clicked.connect(self.behaviour_wanted)
        follow(self)

    def show_mark(self, label: Label | None, onset_s: float | None) -> None:
        """A mark has or will have the behaviour `label`, and began at `onset_s` seconds (None: none has begun)."""
        self._label, self._onset_s = label, onset_s
        self.retranslate()

    def text(self) -> str:
        """What is said while somebody marks."""
        return self.says.text() if not self.says.isHidden() else ""

    def retranslate(self) -> None:
        """Write every text again."""
        t, label, onset_s = current(), self._label, self._onset_s
        self._head.setText(_("Next mark (M)"))
        self.name.setText(label.name(t.code) if label is not None else _("no behaviour chosen yet"))
        style.role(self.behaviour, "link" if label is not None else "primary")
        self._button.setContentsMargins(0 if label is not None else style.TINY, 0, 0, 0)
        self.behaviour.setText(_("Change (B)…") if label is not None else _("Choose (B)…"))
        self.behaviour.setToolTip(_("Choose the behaviour to mark (B)"))
        self.behaviour.setAccessibleName(f"{self._head.text()}: {self.name.text()}. {self.behaviour.text()}")
        self.says.setVisible(onset_s is not None)
        self.says.setText(
            _("Marking from {start}.\nM: it ends here.\nEsc: cancel.").format(start=t.clock(onset_s or 0.0, 1))
        )
        self.says.setAccessibleName(self.says.text())
