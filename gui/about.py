"""The window “About ViScreen”: what it is and is not, its licence and where its source code is, and all its parts.

In: `gui/parts.py`. A list that can be searched at the left, what is chosen at the right; nothing leaves the computer.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

import screening
from gui import parts, style
from gui.help import LIST_WIDTH, fold
from gui.i18n import _, follow
from gui.parts import Part

PART = Qt.ItemDataRole.UserRole


class AboutWindow(QWidget):
    """The parts beside the window; ViScreen itself is the first. It blocks nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setWordWrap(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.count = QLabel()
        self.name, self.facts, self.about = QLabel(), QLabel(), QLabel()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        # A licence puts its titles in the middle by spaces.
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setTabChangesFocus(True)
        for label, role in ((self.count, "quiet"), (self.name, "welcome"), (self.facts, "quiet"), (self.about, "")):
            label.setWordWrap(True)
            if role:
                style.role(label, role)
        for label in (self.facts, self.about):
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self._lay_out()
        self.search.textChanged.connect(self._fill)
        self.list.currentItemChanged.connect(self._show)
        QShortcut(QKeySequence("Ctrl+F"), self).activated.connect(self.search.setFocus)
        QShortcut(QKeySequence("Esc"), self).activated.connect(self._escape)
        follow(self)

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(style.SMALL)
        side.addWidget(self.search)
        side.addWidget(self.list, 1)
        side.addWidget(self.count)
        left = QWidget()
        left.setFixedWidth(LIST_WIDTH + 3 * style.HUGE)
        left.setLayout(side)
        column = QVBoxLayout()
        column.setSpacing(style.SMALL)
        for label in (self.name, self.facts, self.about):
            column.addWidget(label)
        column.addWidget(self.text, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(style.LARGE, style.LARGE, style.LARGE, style.LARGE)
        row.setSpacing(style.LARGE)
        row.addWidget(left)
        row.addLayout(column, 1)
        self.resize(1040, 680)

    def open(self) -> None:
        """Show the window at ViScreen itself."""
        self.search.clear()
        self.list.setCurrentRow(0)
        self.show()
        self.activateWindow()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def part(self) -> Part:
        """What is shown."""
        item = self.list.currentItem()
        shown: Part = parts.parts()[0] if item is None else item.data(PART)
        return shown

    def retranslate(self) -> None:
        """Write every text again."""
        self.setWindowTitle(_("About ViScreen"))
        self.search.setPlaceholderText(_("Search parts and licences"))
        self.search.setAccessibleName(_("Search parts and licences"))
        self.list.setAccessibleName(_("ViScreen and its parts"))
        self.text.setAccessibleName(_("Text of the licence"))
        self.about.setText(about())
        self._fill()

    def _fill(self) -> None:
        """The parts that have the words sought; ViScreen itself always."""
        sought, chosen = fold(self.search.text().strip()), self.part()
        ours, *every = parts.parts()
        found = [one for one in every if sought in fold(f"{one.name} {one.licence} {one.inside}")]
        self.list.blockSignals(True)
        self.list.clear()
        for one in (ours, *found):
            inside = _("{name}, in {whole}").format(name=one.name, whole=one.inside) if one.inside else one.name
            item = QListWidgetItem(inside)
            item.setToolTip(f"{inside}\n{one.licence}")
            item.setData(PART, one)
            self.list.addItem(item)
        self.list.setCurrentRow(1 if sought and found else 0)
        if chosen in found:
            self.list.setCurrentRow(found.index(chosen) + 1)
        self.list.blockSignals(False)
        said = _("{n} of {total} parts") if sought else _("ViScreen and {n} parts")
        self.count.setText(said.format(n=len(found), total=len(every)))
        self._show()

    def _show(self) -> None:
        part = self.part()
        self.name.setText(part.name)
        version = _("version {version}").format(version=part.version) if part.version else _("version not stated")
        lines = [" · ".join((version, part.licence or _("licence not stated")))]
        if part.inside:
            lines.append(_("Lies inside {whole}.").format(whole=part.inside))
        if part.source:
            lines.append(_("Its source code: {place}").format(place=part.source))
        self.facts.setText("\n".join([*lines, *([part.copyright] if part.copyright else [])]))
        self.about.setVisible(part == parts.parts()[0])
        self.text.setPlainText(part.text() or _("The text of this licence comes with the installed program."))

    def _escape(self) -> None:
        if self.search.text():
            self.search.clear()
        else:
            self.close()


def about() -> str:
    """What ViScreen is and is not, and what its licence asks for."""
    said = [
        _("ViScreen helps a clinician screen a child for autism-related behaviour from an ordinary video. "
          "It never diagnoses: its index is an index of observed behaviour, not a probability of autism."),
        _("ViScreen is free software under the GNU General Public License, version 3 or later: you may use it, pass it "
          "on and change it. It comes without any warranty."),
        _("Its source code lies beside every installer, as viscreen-{version}-source.tar.gz. Where the source code "
          "of each part lies is said with the part.").format(version=screening.__version__),
    ]  # fmt: skip
    if not parts.is_complete():
        said.append(
            _("This is a source tree: only Python packages are listed. The full list is made with the installer.")
        )
    return "\n\n".join(said)
