"""The levels of a screening profile: ends and names; bands come in, edited ones go out.

A level has only its upper end to edit: it begins where the one before it ends, and the last one ends at 100.
"""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from gui import style
from gui.i18n import _, current, follow
from gui.icons import icon
from gui.widgets.card import Card
from gui.widgets.number_box import NumberBox
from screening.language import LANGUAGES
from screening.records import Band

LONGEST_NAME = 40
UPPER_WIDTH = 84


class _Row:
    """The widgets of one level."""

    def __init__(self) -> None:
        self.begin = QLabel()
        style.role(self.begin, "quiet")
        self.upper = NumberBox(100.0, 1, 5.0)
        self.upper.setFixedWidth(UPPER_WIDTH)
        self.names = {code: QLineEdit() for code in LANGUAGES}
        self.remove = QPushButton()
        style.role(self.remove, "icon")
        for name in self.names.values():
            name.setMaxLength(LONGEST_NAME)

    def widgets(self) -> tuple[QWidget, ...]:
        """From left to right."""
        return (self.begin, self.upper, *self.names.values(), self.remove)


class LevelsCard(Card):
    """One row for each level."""

    edited = Signal(object)  # Band
    added = Signal()
    removed = Signal(object)  # code

    def __init__(self) -> None:
        super().__init__()
        self._bands: tuple[Band, ...] = ()
        self._saved: dict[str, Band] = {}
        self.rows: list[_Row] = []
        self._hint = QLabel()
        self._hint.setWordWrap(True)
        style.role(self._hint, "caption")
        self._heads = tuple(QLabel() for _column in range(2 + len(LANGUAGES)))
        self._grid = QGridLayout()
        self._grid.setSpacing(6)
        for column, head in enumerate(self._heads):
            style.role(head, "caption")
            self._grid.addWidget(head, 0, column)
        self._grid.setColumnStretch(2, 1)
        self._grid.setColumnStretch(3, 1)
        self.add_level = QPushButton()
        self.add_level.clicked.connect(self.added)
        self.top.addWidget(self.add_level)
        self.add(self._hint)
        self.column.addLayout(self._grid)
        style.look.changed.connect(self._draw)
        follow(self)

    def show_bands(self, bands: tuple[Band, ...], saved: tuple[Band, ...]) -> None:
        """Show `bands`; those that differ from `saved` are marked."""
        self._bands, self._saved = bands, {band.code: band for band in saved}
        while len(self.rows) < len(bands):
            self._append()
        while len(self.rows) > len(bands):
            for widget in self.rows.pop().widgets():
                self._grid.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        for number, (row, band) in enumerate(zip(self.rows, bands, strict=True)):
            row.upper.show_value(band.upper)
            row.upper.setEnabled(number < len(bands) - 1)
            row.remove.setEnabled(len(bands) > 1)
            for code, field in row.names.items():
                if field.text().strip() != band.names.get(code, ""):
                    field.setText(band.names.get(code, ""))
        self.retranslate()

    def _append(self) -> None:
        row, number = _Row(), len(self.rows)
        self.rows.append(row)
        for column, widget in enumerate(row.widgets()):
            self._grid.addWidget(widget, number + 1, column)
        row.upper.valueChanged.connect(lambda value: self._tell(number, upper=value))
        for code, field in row.names.items():
            field.textEdited.connect(lambda text, code=code: self._rename(number, code, text))
        row.remove.clicked.connect(lambda: self.removed.emit(self._bands[number].code))
        before: QWidget = self.rows[number - 1].remove if number else self.add_level
        for widget in row.widgets()[1:]:
            QWidget.setTabOrder(before, widget)
            before = widget
        self._draw()

    def _rename(self, number: int, code: str, text: str) -> None:
        others = {c: name for c, name in self._bands[number].names.items() if c != code}
        self._tell(number, names=others | ({code: text.strip()} if text.strip() else {}))

    def _tell(self, number: int, **changes: object) -> None:
        self.edited.emit(dataclasses.replace(self._bands[number], **changes))  # type: ignore[arg-type]

    def retranslate(self) -> None:
        """Write every text again."""
        t = current()
        self.entitle(_("Levels of the index"))
        self._hint.setText(_("Each level begins where the one before it ends, so there is no gap."))
        self.add_level.setText(_("Add a level"))
        for head, text in zip(self._heads, (_("from"), _("up to"), *LANGUAGES.values()), strict=True):
            head.setText(text)
        begin = 0.0
        for number, (row, band) in enumerate(zip(self.rows, self._bands, strict=True)):
            mark = "" if self._saved.get(band.code) == band else "• "
            start = t.number(begin, 0 if begin == int(begin) else 1)
            row.begin.setText(mark + (_("over {n}").format(n=start) if number else start))
            called = _("Level {n}").format(n=number + 1)
            row.upper.setAccessibleName(_("{level}: up to").format(level=called))
            row.upper.setToolTip("" if row.upper.isEnabled() else _("The last level always ends at 100."))
            for code, field in row.names.items():
                field.setAccessibleName(_("{level}: name in {language}").format(level=called, language=LANGUAGES[code]))
            row.remove.setToolTip(_("Remove this level"))
            row.remove.setAccessibleName(_("{level}: remove").format(level=called))
            begin = band.upper

    def _draw(self) -> None:
        for row in self.rows:
            row.remove.setIcon(icon("close", style.look.theme.ink, style.look.theme.quiet))
