"""The user's guide: the same pages in both languages, keys that exist, links that lead somewhere, nothing leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QImage, QKeySequence, QShortcut, QTextBlock, QTextDocument
from pytestqt.qtbot import QtBot

from gui import help as guide
from gui import i18n, markdown_look, style
from gui.help import HelpWindow
from gui.main_window import MainWindow
from gui.steps import RECORDING, TOOLS, WORK
from screening.language import LANGUAGES
from tests.gui.pseudo import Pseudo, clipped

NAMES = (
    "first-steps", "cases", "video", "recording", "analysing", "reviewing", "result", "report", "models", "privacy",
)  # fmt: skip
# A key of the guide as the program may know it under another name.
SAME = {"Enter": "Return", "←": "Left", "→": "Right", "↓": "Down", "Delete": "Del"}
SOURCE = {"Del": "Delete", "[": "BracketLeft", "]": "BracketRight", "+": "Plus", "-": "Minus"}
# Second keys for what the guide names another key for.
OTHER = {"=", "Ctrl+=", "Ctrl+Return", "Ctrl+Shift+Z", "Ins", "Enter"}


def files(code: str) -> list[Path]:
    return sorted((guide.folder() / code).glob("*.md"))


@pytest.fixture
def book(qtbot: QtBot) -> Iterator[HelpWindow]:
    made = HelpWindow()
    qtbot.addWidget(made)
    made.open_at("first-steps")
    qtbot.waitExposed(made)
    yield made
    made.close()


# ---- the pages


def test_every_page_exists_in_both_languages_and_is_built_alike() -> None:
    for code in LANGUAGES:
        assert [page.name for page in guide.pages(code)] == list(NAMES)
    for english, vietnamese in zip(files("en"), files("vi"), strict=True):
        assert english.name == vietnamese.name
        ours, theirs = english.read_text(encoding="utf-8"), vietnamese.read_text(encoding="utf-8")
        for mark in (r"^#+ ", r"^- ", r"^\d+\. ", r"^\|", r"\n\n> ", r"^!\["):
            assert counted(mark, ours) == counted(mark, theirs), f"{english.name}: {mark}"
        # The keys of both are the same, in the same order.
        assert re.findall(r"^\| (`.+?) \|", ours, re.M) == re.findall(r"^\| (`.+?) \|", theirs, re.M), english.name
        assert pictures(ours) == pictures(theirs)
        assert links(ours) == links(theirs)


def counted(mark: str, text: str) -> int:
    return len(re.findall(mark, text, re.MULTILINE))


def pictures(text: str) -> list[str]:
    return re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)


def links(text: str) -> list[str]:
    return re.findall(r"(?<!!)\[[^\]]*\]\(([^)]+)\)", text)


@pytest.mark.parametrize("code", LANGUAGES)
def test_links_lead_to_pages_and_nowhere_else(code: str) -> None:
    found = [link for file in files(code) for link in links(file.read_text(encoding="utf-8"))]
    assert len(found) >= 10
    assert set(found) <= {file.name for file in files(code)}
    for file in files(code):
        assert not re.search(r"\bwww\.|\bhttps?://\w", file.read_text(encoding="utf-8"))


def test_the_guide_says_what_the_program_is_not() -> None:
    never = {"en": ("never a diagnosis", "simulated"), "vi": ("không bao giờ là chẩn đoán", "mô phỏng")}
    for code, (diagnosis, simulated) in never.items():
        texts = {page.name: page.text for page in guide.pages(code)}
        assert diagnosis in texts["privacy"]
        assert all(simulated in texts[name] for name in ("first-steps", "report", "models", "privacy"))


def test_f1_has_a_page_for_every_step_of_the_window() -> None:
    assert {step.help for step in (*WORK, *TOOLS, RECORDING)} <= set(NAMES)


# ---- the keys


def keys() -> set[str]:
    """Every key in the first column of a table."""
    cells = [cell for file in files("en") for cell in re.findall(r"^\| (`.+?) \|", file.read_text("utf-8"), re.M)]
    return {key for cell in cells for key in re.findall(r"`([^`]+)`", cell) if "\\" not in key and "/.local" not in key}


def test_every_key_of_the_guide_is_a_key() -> None:
    assert len(keys()) > 25
    for key in keys():
        name = key.replace("←", "Left").replace("→", "Right").replace("↓", "Down")
        assert QKeySequence(name)[0].key() != Qt.Key.Key_unknown, key


def test_every_key_of_the_guide_is_known_to_a_page_and_every_shortcut_stands_in_the_guide(opened: MainWindow) -> None:
    bound = {shortcut.key().toString() for shortcut in opened.findChildren(QShortcut)}
    # Some keys are heard by a widget itself: its source names them.
    sources = "\n".join(file.read_text(encoding="utf-8") for file in Path(guide.__file__).parent.rglob("*.py"))
    unknown = []
    for key in keys():
        *held, last = [key] if len(key) == 1 else key.split("+")
        last = SAME.get(last, last)
        name = "+".join([*held, last])
        by_code = f"Key_{SOURCE.get(last, last)}" in sources and (not held or last in ("Left", "Right"))
        if name not in bound and f'"{name}"' not in sources and not by_code:
            unknown.append(key)
    assert not unknown, f"the guide names keys that no page has: {sorted(unknown)}"
    told = {SAME.get(key, key) for file in files("en") for key in re.findall(r"`([^`]+)`", file.read_text("utf-8"))}
    untold = bound - told - OTHER
    assert not untold, f"the guide does not name these shortcuts of the window: {sorted(untold)}"


# ---- the window


def test_it_opens_at_a_page_and_blocks_nothing(qtbot: QtBot, book: HelpWindow) -> None:
    assert not book.isModal()
    for name in NAMES:
        book.open_at(name)
        assert book.page().name == name
        assert book.list.currentItem().text() == book.page().title
        assert book.page().title in book.reader.toPlainText()
    with pytest.raises(LookupError):
        book.open_at("diagnosis")
    qtbot.keyClick(book, Qt.Key.Key_Escape)
    assert not book.isVisible()


def test_it_follows_the_language_and_the_theme(book: HelpWindow) -> None:
    book.open_at("reviewing")
    english = book.reader.toPlainText()
    i18n.use("vi")
    assert book.page().name == "reviewing"
    assert "đợt hành vi" in book.reader.toPlainText() != english
    book.open_at("first-steps")
    for theme in (style.LIGHT, style.DARK):
        style.look.use(theme.name)
        grounds = [block.blockFormat().background().color() for block in blocks(book)]
        assert grounds.count(QColor(theme.warning_ground)) == 1


def test_the_list_leads_through_the_pages_by_key(qtbot: QtBot, book: HelpWindow) -> None:
    for name in NAMES[1:]:
        qtbot.keyClick(book.list, Qt.Key.Key_Down)
        assert book.page().name == name


def test_search_keeps_the_pages_with_the_words_and_goes_to_the_place(qtbot: QtBot, book: HelpWindow) -> None:
    # Vietnamese is found without its marks too,
    i18n.use("vi")
    qtbot.keyClicks(book.search, "vung moc")
    assert [book.list.item(row).text() for row in range(book.list.count())] == ["Video và vùng quanh trẻ"]
    assert book.page().name == "video"
    # the cursor is at the first place, and Return goes on to the next and round again.
    first = book.reader.textCursor().position()
    assert book.reader.toPlainText()[:first].endswith("vùng mốc")
    qtbot.keyClick(book.search, Qt.Key.Key_Return)
    assert book.reader.textCursor().position() > first
    for _place in book.reader.places[1:]:
        qtbot.keyClick(book.search, Qt.Key.Key_Return)
    assert book.reader.textCursor().position() == first
    # Words that no page has are said to be nowhere; Escape brings all pages back.
    book.search.setText("zzz")
    assert book.list.count() == 0
    assert book.nothing.isVisible()
    qtbot.keyClick(book.search, Qt.Key.Key_Escape)
    assert book.list.count() == len(NAMES)
    assert book.isVisible()
    assert not book.nothing.isVisible()


def test_a_link_to_a_page_opens_it_and_no_other_link_opens_anything(
    book: HelpWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    book.reader.anchorClicked.emit(QUrl("06-reviewing.md"))
    assert book.page().name == "reviewing"
    text = book.reader.toPlainText()
    for outside in ("https://example.org/01-first-steps.md", "file:///etc/passwd", "mailto:a@example.org", "99-no.md"):
        book.reader.anchorClicked.emit(QUrl(outside))
    assert (book.page().name, book.reader.toPlainText(), opened) == ("reviewing", text, [])


def test_pictures_come_from_the_guide_alone_and_a_missing_one_leaves_no_hole(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a guide with two pictures, of which one is there, and a picture outside of it,
    (tmp_path / "en").mkdir()
    (tmp_path / "pictures" / "en").mkdir(parents=True)
    (tmp_path / "en" / "01-one.md").write_text("# One\n\n![a](there.png)\n\n![b](gone.png)\n\nText\n", encoding="utf-8")
    picture = QImage(1200, 600, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    for place in (tmp_path / "pictures" / "en" / "there.png", tmp_path / "outside.png"):
        picture.save(str(place))
    monkeypatch.setattr(guide, "folder", lambda: tmp_path)
    guide.pages.cache_clear()
    try:
        book = HelpWindow()
        qtbot.addWidget(book)
        book.open_at("one")
        # then the one is shown no wider than the column, the other is left out, and nothing else is loaded.
        assert book.reader.toPlainText().count(markdown_look.PICTURE) == 1
        kind = QTextDocument.ResourceType.ImageResource.value
        shown = book.reader.loadResource(kind, QUrl("there.png"))
        assert isinstance(shown, QImage)
        assert 0 < shown.width() / shown.devicePixelRatio() <= guide.COLUMN
        for outside in ("../../outside.png", str(tmp_path / "outside.png"), "http://127.0.0.1/there.png", "gone.png"):
            assert book.reader.loadResource(kind, QUrl(outside)) is None
        book.close()
    finally:
        guide.pages.cache_clear()


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_picture_of_the_guide_can_be_read(code: str) -> None:
    there = sorted(guide.pictures(code).glob("*"))
    assert there, "make them: python -m tests.screenshots --help-pictures"
    assert not [file.name for file in there if QImage(str(file)).isNull()]


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_picture_that_is_there_belongs_to_a_page(code: str) -> None:
    named = {name for file in files(code) for name in pictures(file.read_text(encoding="utf-8"))}
    assert {file.name for file in guide.pictures(code).glob("*")} <= named


@pytest.mark.parametrize("language", ["vi", "pseudo"])
def test_nothing_is_clipped_and_every_control_has_a_name(qtbot: QtBot, book: HelpWindow, language: str) -> None:
    i18n.speak(Pseudo() if language == "pseudo" else i18n.language.load(language))
    qtbot.waitUntil(lambda: clipped(book) == [], timeout=2000)
    for widget in (book.search, book.list, book.reader):
        assert widget.accessibleName()


def blocks(book: HelpWindow) -> list[QTextBlock]:
    found, block = [], book.reader.document().begin()
    while block.isValid():
        found.append(block)
        block = block.next()
    return found


def test_bullets_stand_apart_from_their_text(qtbot: QtBot) -> None:
    reader = guide.Reader()
    qtbot.addWidget(reader)
    reader.show_page(guide.Page("any", "Any", "# Any\n\n- first\n- **second**\n\n1. numbered\n"))
    assert reader.toPlainText().splitlines()[-3:] == ["•\tfirst", "•\tsecond", "numbered"]
