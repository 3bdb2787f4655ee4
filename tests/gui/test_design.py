"""The page of design holds what it promises: contrast, names for screen readers, everything within reach of Tab."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

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


def page() -> str:
    return (Path(style.__file__).parent / "DESIGN.md").read_text(encoding="utf-8")


def named(name: str) -> tuple[str, str]:
    """A colour of the page, light and dark."""
    return getattr(LIGHT, name), getattr(DARK, name)


def test_the_page_of_design_and_the_style_agree_in_every_figure() -> None:
    # Given every distance, size and colour of the style,
    measures = {name: value for name, value in vars(style).items() if name.isupper() and isinstance(value, int)}
    colours = {field.name: named(field.name) for field in fields(Theme) if field.name != "name"}
    colours |= {name: (value, value) for name, value in vars(style).items() if name.isupper() and value in ALL_OVER}
    # when the tables of the page are read,
    rows = {row[1]: row for row in re.finditer(r"^\| `(\w+)` \| ([^|]+) \|(?: (#\w+) \|)?", page(), re.MULTILINE)}
    # then each stands there as it is, and nothing that is no more.
    assert {name: row[2] for name, row in rows.items() if row[3] is None} == {n: str(v) for n, v in measures.items()}
    assert {name: (row[2], row[3]) for name, row in rows.items() if row[3] is not None} == colours


ALL_OVER = (style.BOX, style.BOX_SHADOW)


def test_the_contrasts_on_the_page_are_computed_and_enough() -> None:
    pairs = re.findall(r"`(\w+)` on `(\w+)` (?:\| )?(\d+\.\d) [|/] (\d+\.\d)", page())
    assert len(pairs) >= 15
    for text, ground, *written in pairs:
        ratios = [contrast(*pair) for pair in zip(named(text), named(ground), strict=True)]
        assert written == [f"{ratio:.1f}" for ratio in ratios], f"{text} on {ground} on the page of design"
        # What is no text but must be seen (WCAG 1.4.11): the edge of a field, the cursor.
        assert min(ratios) >= (3 if text in ("outline", "cursor") else 4.5), f"{text} on {ground}"


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_every_text_of_the_style_sheet_stands_out_from_its_ground(theme: Theme) -> None:
    weak, rules = [], re.findall(r"([^{}]+)\{([^{}]*)\}", style.stylesheet(theme))
    for selector, body in rules:
        text, ground = (re.search(rf"(?<![-\w]){name}:\s*([^;\s]+)", body) for name in ("color", "background"))
        if text is None:
            continue
        # Where a rule gives no ground, the text may stand on a card or beside it.
        own = ground is not None and ground[1] != "transparent"
        for behind in [ground[1]] if own and ground else [theme.card, theme.background]:
            least = 3 if ":disabled" in selector else 4.5
            if contrast(text[1], behind) < least:
                weak.append((selector.strip(), text[1], behind, round(contrast(text[1], behind), 2)))
    assert len(rules) > 50
    assert not weak


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
