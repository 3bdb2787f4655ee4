"""Switching the language switches everything at once, and a longer language clips nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from gui import i18n, settings
from gui.main_window import MainWindow
from screening.language import LANGUAGES, Translator
from tests.gui.driving import analysed, wait

OPEN, CLOSE = "⟦", "⟧"


class Pseudo(Translator):
    """English in brackets, a third longer: shows what was not translated, and what does not fit."""

    def __init__(self) -> None:
        super().__init__("en")

    def __call__(self, sentence: str) -> str:
        padding = "·" * (len(sentence) // 3)
        return f"{OPEN}{sentence}{padding}{CLOSE}" if sentence else ""

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self(singular if n == 1 else plural)


def texts(window: QWidget) -> Iterator[tuple[QWidget, str]]:
    """Every text that a person can see or be read aloud, with its widget."""
    for widget in window.findChildren(QWidget):
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget, widget.text()
        if isinstance(widget, QLineEdit):
            yield widget, widget.placeholderText()
        if isinstance(widget, QTableView):
            model = widget.model()
            for column in range(model.columnCount()):
                yield widget, str(model.headerData(column, Qt.Orientation.Horizontal))
        yield widget, widget.toolTip()
        yield widget, widget.accessibleName()


def test_every_text_follows_the_language(qtbot: QtBot, opened: MainWindow, clip: Path) -> None:
    # Given a window with a result,
    analysed(qtbot, opened)
    wait(qtbot, lambda: "Rate" in opened.video_page.receipt.texts())
    # when the language is switched,
    i18n.speak(Pseudo())
    # then every text is in the new one, but for names: of the program, the file, languages, the profile's levels.
    names = {"ViScreen", clip.name, *LANGUAGES.values(), opened.result_page.result_card.level.text()}
    old = {
        text
        for _widget, text in texts(opened)
        if any(c.isalpha() for c in text) and OPEN not in text and text.replace("\u200b", "") not in names
    }
    assert not old, f"these texts did not follow the language: {sorted(old)}"


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_a_longer_language_clips_nothing(qtbot: QtBot, opened: MainWindow, size: tuple[int, int]) -> None:
    opened.resize(*size)
    i18n.speak(Pseudo())

    def nothing_is_clipped() -> None:
        assert clipped(opened) == []

    wait(qtbot, lambda: any("Rate" in name for name in opened.video_page.receipt.texts()))
    qtbot.waitUntil(nothing_is_clipped, timeout=2000)  # a new text is laid out a moment after it is there
    analysed(qtbot, opened)
    qtbot.waitUntil(nothing_is_clipped, timeout=2000)


def clipped(window: QWidget) -> list[str]:
    """Visible labels and buttons that are smaller than their text needs."""
    short = []
    for widget in window.findChildren(QWidget):
        if isinstance(widget, QLabel | QAbstractButton) and widget.isVisible() and widget.text():
            needs = widget.sizeHint()
            wraps = isinstance(widget, QLabel) and widget.wordWrap()
            high = widget.heightForWidth(widget.width()) if wraps else needs.height()
            if (not wraps and needs.width() > widget.width() + 1) or high > widget.height() + 1:
                short.append(f"{widget.text()!r} needs {needs.width()}×{high}, has {widget.width()}×{widget.height()}")
    return short


def test_the_button_switches_to_vietnamese_and_back_and_is_remembered(qtbot: QtBot, window: MainWindow) -> None:
    assert window.header.language.text() == "Tiếng Việt"
    qtbot.mouseClick(window.header.language, Qt.MouseButton.LeftButton)
    assert i18n.current().code == "vi"
    assert window.header.language.text() == "English"
    assert settings.load().language == "vi"
    qtbot.mouseClick(window.header.language, Qt.MouseButton.LeftButton)
    assert i18n.current().code == "en"
    assert settings.load().language == "en"
