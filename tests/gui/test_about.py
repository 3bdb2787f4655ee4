"""About ViScreen: what it is, and every part with its version, licence and text; installed and in a source tree."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

import screening
from gui import i18n, parts
from gui.about import AboutWindow
from gui.main_window import MainWindow
from tests.gui.pseudo import Pseudo, clipped


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the licences as `packaging/sbom.py` leaves it in an installed program."""
    (tmp_path / "texts").mkdir()
    for name, text in (
        ("GPL-3.0", "GNU GENERAL PUBLIC LICENSE"),
        ("GPL-2.0", "Version 2, June 1991"),
        ("MIT", "Mass."),
    ):
        (tmp_path / "texts" / f"{name}.txt").write_text(text, encoding="utf-8")

    def part(name: str, version: str, licence: str, *said: tuple[str, str]) -> dict[str, object]:
        properties = [{"name": key, "value": value} for key, value in said]
        return {"name": name, "version": version, "licenses": [{"expression": licence}], "properties": properties}

    text = parts.TEXT
    x264 = part("x264", "165", "GPL-2.0-or-later", (parts.INSIDE, "av"), (text, "texts/GPL-2.0.txt"))
    x264 |= {"copyright": "(C) x264", "externalReferences": [{"type": "vcs", "url": "https://example.org/x264"}]}
    av = part("av", "18.1.0", "MIT AND GPL-2.0-or-later", (text, "texts/MIT.txt"), (text, "texts/GPL-2.0.txt"))
    ours = part("ViScreen", "7.0", "GPL-3.0-or-later", (text, "texts/GPL-3.0.txt"))
    found = {"metadata": {"component": ours}, "components": [x264, {"name": "Eigen"}, av]}
    (tmp_path / parts.LIST).write_text(json.dumps(found), encoding="utf-8")
    monkeypatch.setattr(parts, "folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def about(qtbot: QtBot) -> Iterator[AboutWindow]:
    made = AboutWindow()
    qtbot.addWidget(made)
    made.open()
    qtbot.waitExposed(made)
    yield made
    made.close()


def names(about: AboutWindow) -> list[str]:
    return [about.list.item(row).text() for row in range(about.list.count())]


def test_an_installed_program_lists_every_part_with_its_licence(installed: Path, about: AboutWindow) -> None:
    # Given the window at ViScreen itself,
    assert names(about) == ["ViScreen", "av", "Eigen", "x264, in av"]
    assert about.about.isVisible()
    assert "never diagnoses" in about.about.text()
    assert f"viscreen-{screening.__version__}-source.tar.gz" in about.about.text()
    assert "source tree" not in about.about.text()
    assert about.text.toPlainText() == "GNU GENERAL PUBLIC LICENSE"
    # when a part is chosen, then its version, licence, copyright, place of its source and text are shown.
    about.list.setCurrentRow(3)
    assert not about.about.isVisible()
    for word in ("165", "GPL-2.0-or-later", "Lies inside av", "(C) x264", "https://example.org/x264"):
        assert word in about.facts.text()
    assert about.text.toPlainText() == "Version 2, June 1991"
    # Two texts stand under the names of their files; a part of which nothing is known says so.
    about.list.setCurrentRow(1)
    assert about.text.toPlainText() == "MIT.txt\n\nMass.\n\n\nGPL-2.0.txt\n\nVersion 2, June 1991"
    about.list.setCurrentRow(2)
    assert about.facts.text() == "version not stated · licence not stated"


def test_a_source_tree_shows_what_is_known_and_says_that_it_is_not_all(about: AboutWindow) -> None:
    assert not parts.is_complete()
    assert {"ViScreen", "numpy", "PySide6_Essentials"} <= set(names(about))
    assert "source tree" in about.about.text()
    assert "GNU GENERAL PUBLIC LICENSE" in about.text.toPlainText()
    about.list.setCurrentRow(names(about).index("numpy"))
    assert "BSD-3-Clause" in about.facts.text()
    assert "Redistribution" in about.text.toPlainText()


def test_search_finds_names_and_licences_and_keeps_what_is_shown(
    qtbot: QtBot, installed: Path, about: AboutWindow
) -> None:
    about.list.setCurrentRow(3)
    qtbot.keyClicks(about.search, "GPL-2")
    assert names(about) == ["ViScreen", "av", "x264, in av"]
    assert about.part().name == "x264"
    assert about.count.text() == "2 of 3 parts"
    about.search.setText("eig")
    assert about.part().name == "Eigen"
    # Escape brings all back, then closes.
    qtbot.keyClick(about, Qt.Key.Key_Escape)
    assert len(names(about)) == 4
    qtbot.keyClick(about, Qt.Key.Key_Escape)
    assert not about.isVisible()


def test_keys_lead_through_the_parts_and_on_to_the_text(qtbot: QtBot, installed: Path, about: AboutWindow) -> None:
    qtbot.keyClick(about.list, Qt.Key.Key_Down)
    assert about.part().name == "av"
    assert about.text.tabChangesFocus()
    for widget in (about.search, about.list, about.text):
        assert widget.accessibleName()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize("language", ["vi", "pseudo"])
def test_nothing_is_clipped(qtbot: QtBot, installed: Path, about: AboutWindow, language: str) -> None:
    i18n.speak(Pseudo() if language == "pseudo" else i18n.language.load(language))
    qtbot.waitUntil(lambda: clipped(about) == [], timeout=2000)


def test_the_menu_opens_it_and_it_goes_with_the_window(opened: MainWindow) -> None:
    opened.menu.action("About ViScreen").trigger()
    about = opened.findChild(AboutWindow)
    assert about is not None
    assert about.isVisible()
    assert not about.isModal()
    opened.close()
    assert not about.isVisible()
