"""A language that is a third longer than English, and `clipped`, which finds texts that have too little room."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionFrame,
    QTabBar,
    QWidget,
)

from screening.language import Translator

OPEN, CLOSE = "‹", "›"  # narrow, and in no sentence of the program
# Rounding of a font's widths, and the blank edge of a text's last letter.
SLACK = 2


class Pseudo(Translator):
    """English in brackets, a third longer: shows what was not translated, and what does not fit."""

    def __init__(self) -> None:
        super().__init__("en")

    def __call__(self, sentence: str) -> str:
        missing = len(sentence) // 3 - len(OPEN + CLOSE)
        padding = "".join(" " if i % 8 == 7 else "·" for i in range(missing))  # in words: a text may be wrapped
        return f"{OPEN}{sentence}{padding}{CLOSE}" if sentence else ""

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self(singular if n == 1 else plural)


def clipped(window: QWidget) -> list[str]:
    """What a person could not read to its end: each visible text that needs more room than it has.

    Looked at are labels, buttons, boxes with a choice, fields with a hint, tabs, group titles and column heads, and
    whether anything of them lies outside what holds them. What can be scrolled into view is not clipped.
    """
    return [f"{type(w).__name__} {why}" for w in window.findChildren(QWidget) if w.isVisible() for why in _faults(w)]


def _faults(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QLabel | QAbstractButton):
        if widget.text():
            yield from _too_small(widget)
            yield from _outside(widget, widget.text())
    elif isinstance(widget, QComboBox):
        option = QStyleOptionComboBox()
        widget.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = widget.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, widget)
        yield from _too_wide(widget, widget.currentText(), room.width())
        yield from _outside(widget, widget.currentText())
    elif isinstance(widget, QLineEdit) and not widget.text():
        margins = widget.textMargins()
        frame = widget.style().subElementRect(QStyle.SubElement.SE_LineEditContents, _frame(widget), widget)
        yield from _too_wide(widget, widget.placeholderText(), frame.width() - margins.left() - margins.right())
    elif isinstance(widget, QTabBar):
        for tab in range(widget.count()):
            hint, has = widget.minimumTabSizeHint(tab).width(), widget.tabRect(tab).width()
            if hint > has + SLACK:
                yield f"{widget.tabText(tab)!r} needs {hint}, has {has}"
    elif isinstance(widget, QGroupBox):
        yield from _too_wide(widget, widget.title(), widget.width())
    elif isinstance(widget, QHeaderView) and widget.orientation() == Qt.Orientation.Horizontal:
        for section in range(widget.count()):
            text = str(widget.model().headerData(section, Qt.Orientation.Horizontal) or "")
            has = widget.sectionSize(section)
            # Qt counts the margin once for the style and once more for the style sheet's padding.
            margin = 2 * widget.style().pixelMetric(QStyle.PixelMetric.PM_HeaderMargin, None, widget)
            needs = widget.sectionSizeFromContents(section).width() - margin
            if text and not widget.isSectionHidden(section) and needs > has + SLACK:
                yield f"{text!r} needs {needs}, has {has}"


def _frame(edit: QLineEdit) -> QStyleOptionFrame:
    option = QStyleOptionFrame()
    edit.initStyleOption(option)
    return option


def _too_small(widget: QLabel | QAbstractButton) -> Iterator[str]:
    needs = widget.sizeHint()
    width, height = needs.width(), needs.height()
    if isinstance(widget, QLabel) and widget.wordWrap():
        height = widget.heightForWidth(widget.width())
        width = 0
        if widget.textFormat() != Qt.TextFormat.RichText and "<" not in widget.text():
            words = widget.text().replace("\u200b", " ").split()
            width = max((widget.fontMetrics().horizontalAdvance(word) for word in words), default=0)
            width += widget.width() - widget.contentsRect().width() + 2 * widget.margin()
    if width > widget.width() + SLACK or height > widget.height() + SLACK:
        yield f"{widget.text()!r} needs {width}×{height}, has {widget.width()}×{widget.height()}"


def _too_wide(widget: QWidget, text: str, room: int) -> Iterator[str]:
    needs = widget.fontMetrics().horizontalAdvance(text)
    if text and needs > room + SLACK:
        yield f"{text!r} needs {needs}, has {room}"


def _outside(widget: QWidget, text: str) -> Iterator[str]:
    """Whether a part lies outside an ancestor, up to the nearest one that scrolls."""
    ancestor = widget.parentWidget()
    while ancestor is not None and not isinstance(ancestor.parentWidget(), QAbstractScrollArea):
        place = QRect(widget.mapTo(ancestor, widget.rect().topLeft()), widget.size())
        if not ancestor.rect().adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(place):
            yield f"{text!r} lies partly outside {type(ancestor).__name__} ({place} in {ancestor.rect()})"
            return
        if ancestor.isWindow():
            return
        ancestor = ancestor.parentWidget()
