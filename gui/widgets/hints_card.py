"""Is the live picture fit to be analysed? The engine's codes come in, three plain sentences are shown.

A hint is advice: nothing here keeps anybody from recording, and what moves need not be the child.
"""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel

from gui import style
from gui.i18n import _, follow
from gui.icons import icon
from gui.widgets.card import Card
from screening.recording import Hints

# Which codes of the engine each line answers to; without one of them all is well.
LINES = (("dark", "overexposed"), ("blurred",), ("frozen", "still"))
MARK = 16


class HintsCard(Card):
    """Light, sharpness, and whether anything moves; a mark and words for each."""

    def __init__(self) -> None:
        super().__init__()
        self._codes: tuple[str, ...] | None = None
        grid = QGridLayout()
        grid.setHorizontalSpacing(style.SMALL)
        grid.setVerticalSpacing(style.TINY)
        grid.setColumnStretch(1, 1)
        self._marks, self._lines = [], []
        for row in range(len(LINES)):
            mark, line = QLabel(), QLabel()
            mark.setFixedSize(MARK, MARK + 2)
            line.setWordWrap(True)
            grid.addWidget(mark, row, 0)
            grid.addWidget(line, row, 1)
            self._marks.append(mark)
            self._lines.append(line)
        self.column.addLayout(grid)
        style.look.changed.connect(self._draw)
        follow(self)

    def show_hints(self, hints: Hints | None) -> None:
        """What the picture is like now; None without one."""
        codes = hints.codes if hints is not None else None
        if codes != self._codes:
            self._codes = codes
            self._draw()

    def texts(self) -> tuple[str, ...]:
        """The three lines."""
        return tuple(line.text() for line in self._lines)

    def retranslate(self) -> None:
        """Write every text again."""
        self.entitle(_("Is the picture good?"))
        self._draw()

    def _draw(self) -> None:
        theme = style.look.theme
        faults = {
            "dark": _("Too dark: switch on a lamp or open the curtains."),
            "overexposed": _("Too bright: turn the camera away from the window or the lamp."),
            "blurred": _("Blurred: wipe the lens, and keep the camera still."),
            "frozen": _("The picture stands still: check the camera."),
            "still": _("Nothing has moved for a while: is the child in the picture?"),
        }
        well = (_("The light is good."), _("The picture is sharp."), _("Something moves in the picture."))
        unknown = (_("Light"), _("Sharpness"), _("Somebody in the picture"))
        for n, codes in enumerate(LINES):
            fault = next((code for code in self._codes or () if code in codes), None)
            if self._codes is None:
                text, mark, colour, role = unknown[n], "minus", theme.outline, "quiet"
            elif fault is None:
                text, mark, colour, role = well[n], "tick", theme.good, "plain"
            else:
                text, mark, colour, role = faults[fault], "notice", theme.warning, "strong"
            self._lines[n].setText(text)
            style.role(self._lines[n], role)
            self._marks[n].setPixmap(icon(mark, colour, colour).pixmap(MARK, MARK))
