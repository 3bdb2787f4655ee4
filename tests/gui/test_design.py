"""The page of design holds what it promises: contrast, names for screen readers, everything within reach of Tab."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QSlider, QTableView, QWidget
from pytestqt.qtbot import QtBot

from gui import settings, style
from gui.main_window import MainWindow
from gui.style import DARK, LIGHT, Theme
from gui.widgets.picture_view import PictureView
from gui.widgets.timeline import Timeline
from tests.gui.driving import analysed

CONTROLS = (QAbstractButton, QLineEdit, QSlider, QTableView, PictureView, Timeline)


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in QColor(colour).getRgbF()[:3])
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_every_text_stands_out_from_its_ground(theme: Theme) -> None:
    pairs = [
        *itertools.product((theme.ink, theme.quiet, theme.brand), (theme.card, theme.background)),
        (theme.ink, theme.brand_soft),
        (theme.brand, theme.brand_soft),
        (theme.on_brand, theme.brand),
        (theme.warning, theme.warning_ground),
        (theme.error, theme.error_ground),
        (theme.good, theme.good_ground),
    ]
    weak = [(text, ground, round(contrast(text, ground), 2)) for text, ground in pairs if contrast(text, ground) < 4.5]
    assert not weak
    # What is no text but must be seen (WCAG 1.4.11): the edge of a field, the cursor.
    assert contrast(theme.outline, theme.card) >= 3
    assert contrast(theme.cursor, theme.card) >= 3


def controls(window: QWidget) -> list[QWidget]:
    return [w for w in window.findChildren(QWidget) if isinstance(w, CONTROLS) and w.isVisible()]


def test_every_control_has_a_name_and_every_icon_a_tooltip(qtbot: QtBot, opened: MainWindow) -> None:
    for step in ("video", "result"):
        if step == "result":
            analysed(qtbot, opened)
        for widget in controls(opened):
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            assert text or widget.accessibleName(), f"{widget} on the {step} page has no name for a screen reader"
            if isinstance(widget, QAbstractButton) and not text:
                assert widget.toolTip(), f"{widget} on the {step} page is an icon without a tooltip"


@pytest.mark.parametrize("page", ["video", "result"])
def test_tab_reaches_every_control(qtbot: QtBot, opened: MainWindow, page: str) -> None:
    if page == "result":
        analysed(qtbot, opened)
    wanted = {w for w in controls(opened) if w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus}
    reached: set[QWidget] = set()
    for _press in range(3 * len(wanted)):
        focused = QApplication.focusWidget()
        if focused is not None:
            reached.add(focused)
        qtbot.keyClick(focused or opened, Qt.Key.Key_Tab)
    missed = [f"{w} {w.accessibleName()}" for w in wanted - reached]
    # Of the steps in the sidebar the arrows reach the other ones, as everywhere in Qt.
    assert not [text for text in missed if "QPushButton" not in text or "step" in text], missed
    assert len(missed) <= 1, missed


def test_the_theme_button_switches_and_is_remembered(qtbot: QtBot, window: MainWindow) -> None:
    before = style.look.theme
    qtbot.mouseClick(window.header.theme, Qt.MouseButton.LeftButton)
    assert style.look.theme is not before
    assert settings.load().theme == style.look.theme.name
    ground = window.grab().toImage().pixelColor(window.width() // 2, window.height() - 10)
    assert ground.name().upper() == style.look.theme.background
