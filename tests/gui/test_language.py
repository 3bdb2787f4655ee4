"""Switching the language switches everything at once, and a longer language clips nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui import i18n, settings
from gui.main_window import MainWindow
from screening import paths
from screening.language import LANGUAGES, load
from tests.gui.driving import analysed, wait
from tests.gui.pseudo import OPEN, Pseudo, clipped


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
    # Nor do an example of an address and the folder of the recordings.
    names = {"ViScreen", clip.name, *LANGUAGES.values(), opened.result_page.result_card.level.text()}
    names |= {opened.recording_page.camera.address.placeholderText(), str(paths.user_data() / "recordings")}
    old = {
        text
        for _widget, text in texts(opened)
        if any(c.isalpha() for c in text) and OPEN not in text and text.replace("\u200b", "") not in names
    }
    assert not old, f"these texts did not follow the language: {sorted(old)}"


@pytest.mark.parametrize(
    ("size", "language"),
    [(size, language) for size in ((1280, 720), (1920, 1080)) for language in ("pseudo", "vi")] + [((1100, 680), "vi")],
)
def test_a_longer_language_clips_nothing_on_any_page(
    qtbot: QtBot, opened: MainWindow, size: tuple[int, int], language: str
) -> None:
    def nothing_is_clipped() -> None:
        assert clipped(opened) == []

    # Given a window in a longer language,
    opened.resize(*size)
    i18n.speak(Pseudo() if language == "pseudo" else load(language))
    rate = i18n.current()("Rate")
    wait(qtbot, lambda: any(rate in name for name in opened.video_page.receipt.texts()))
    # when each page is looked at, before there is a result and after,
    for _stage in ("video", "result"):
        for page in range(opened.pages.count()):
            opened.pages.setCurrentIndex(page)
            # then every text has the room that it needs.
            qtbot.waitUntil(nothing_is_clipped, timeout=2000)  # a new text is laid out a moment after it is there
        if opened.session.result is None:
            opened.pages.setCurrentWidget(opened.video_page)
            analysed(qtbot, opened)


@pytest.mark.parametrize(
    "make",
    [
        lambda: QLabel("a text that does not fit"),
        lambda: QPushButton("a text that does not fit"),
        lambda: QCheckBox("a text that does not fit"),
        lambda: _choice("a text that does not fit"),
        lambda: _field("a text that does not fit"),
    ],
    ids=["label", "button", "check box", "choice", "field"],
)
def test_a_text_without_room_is_found(qtbot: QtBot, make: Callable[[], QWidget]) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    short, enough = make(), make()
    short.setParent(page)
    short.setGeometry(0, 0, 40, 40)
    enough.setParent(page)
    enough.setGeometry(0, 40, 380, 40)
    page.resize(400, 100)
    page.show()
    assert len(clipped(page)) == 1
    # One that is wide enough, but sticks out of the page, is found too.
    short.setGeometry(380, 0, 360, 40)
    assert len(clipped(page)) == (0 if isinstance(short, QLineEdit) else 1)


def _choice(text: str) -> QComboBox:
    box = QComboBox()
    box.addItem(text)
    return box


def _field(text: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(text)
    return field


def test_the_button_switches_to_vietnamese_and_back_and_is_remembered(qtbot: QtBot, window: MainWindow) -> None:
    assert window.header.language.text() == "Tiếng Việt"
    qtbot.mouseClick(window.header.language, Qt.MouseButton.LeftButton)
    assert i18n.current().code == "vi"
    assert window.header.language.text() == "English"
    assert settings.load().language == "vi"
    qtbot.mouseClick(window.header.language, Qt.MouseButton.LeftButton)
    assert i18n.current().code == "en"
    assert settings.load().language == "en"
