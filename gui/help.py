"""The user's guide in a window of its own: pages of `resources/help/<language>` in, a calm page to read out.

Nothing here reaches the network or another program: only links between pages are followed, and only pictures of
`resources/help/pictures/<language>` are shown; one that is not there is left out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QImage, QKeySequence, QShortcut, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from gui import markdown_look, style
from gui.i18n import _, current, follow
from screening import paths

LIST_WIDTH = 250
# About eighty letters: what a person reads without losing the line.
COLUMN = 640

_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)\n?")
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: `name` as `open_at` takes it (its file's name without number and ending), Markdown below its title."""

    name: str
    title: str
    text: str


def folder() -> Path:
    """Where the guide lies, one folder for each language beside that of the pictures."""
    return paths.resources() / "help"


def pictures(code: str) -> Path:
    """The pictures of one language."""
    return folder() / "pictures" / code


@lru_cache
def pages(code: str) -> tuple[Page, ...]:
    """The guide in language `code`, in order."""
    return tuple(_page(file, code) for file in sorted((folder() / code).glob("*.md")))


def page_name(file_name: str) -> str:
    """`06-reviewing.md` → `reviewing`."""
    return Path(file_name).stem.partition("-")[2]


@lru_cache
def spoken(page: Page) -> str:
    """The words of `page` as they are read and sought, folded."""
    document = QTextDocument()
    document.setMarkdown(page.text)
    return fold(document.toPlainText())


def _page(file: Path, code: str) -> Page:
    text = file.read_text(encoding="utf-8")
    title = _TITLE.search(text)
    if title is None:
        raise ValueError(f"{file.name} has no title")
    shown = _PICTURE.sub(lambda found: found[0] if (pictures(code) / found[1]).is_file() else "", text)
    return Page(page_name(file.name), title[1].strip(), shown)


def fold(text: str) -> str:
    """`text` as it is compared: small letters without marks, one for each letter of its composed form."""
    letters = (unicodedata.normalize("NFD", letter)[0].lower()[0] for letter in unicodedata.normalize("NFC", text))
    return "".join("d" if letter == "đ" else letter for letter in letters)


class Reader(QTextBrowser):
    """Shows one page in the colours of the theme; finds words in it; follows no link out of the guide."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[int] = []  # where each place that `mark` found ends
        style.role(self, "reading")
        self.setOpenLinks(False)
        self.setLineWrapMode(QTextEdit.LineWrapMode.FixedPixelWidth)
        self.setLineWrapColumnOrWidth(COLUMN)
        self.setMinimumWidth(COLUMN + 2 * style.HUGE)
        self.document().setDocumentMargin(style.LARGE)
        self.document().setIndentWidth(style.HUGE)

    def loadResource(self, kind: int, url: QUrl | str) -> object:
        """A picture of the guide, at the width of the column; nothing else, from nowhere else."""
        name = url if isinstance(url, str) else url.toString()
        if kind != QTextDocument.ResourceType.ImageResource.value or Path(name).name != name:
            return None
        image = QImage(str(pictures(current().code) / name))
        if image.isNull():
            return None
        density = self.devicePixelRatioF()
        width = round((COLUMN - 2 * style.LARGE) * density)
        image = image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        image.setDevicePixelRatio(density)
        return image

    def show_page(self, page: Page) -> None:
        """Show `page` from its beginning."""
        self.document().clear()  # and with it the pictures of another language
        self.setMarkdown(page.text)
        markdown_look.dress(self.document(), self.font().family())
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def mark(self, sought: str) -> None:
        """Mark every place of `sought` (folded) and go to the first."""
        text = fold(self.toPlainText())
        found: list[QTextEdit.ExtraSelection] = []
        self.places = []
        start = text.find(sought) if sought else -1
        while start >= 0:
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(start)
            cursor.setPosition(start + len(sought), QTextCursor.MoveMode.KeepAnchor)
            selection.cursor = cursor
            selection.format.setBackground(QColor(style.look.theme.warning_ground))
            selection.format.setForeground(QColor(style.look.theme.ink))
            found.append(selection)
            self.places.append(start + len(sought))
            start = text.find(sought, start + len(sought))
        self.setExtraSelections(found)
        self.go_on()

    def go_on(self) -> None:
        """Go to the next marked place, after the last to the first."""
        if self.places:
            here = self.textCursor().position()
            cursor = QTextCursor(self.document())
            cursor.setPosition(next((place for place in self.places if place > here), self.places[0]))
            self.setTextCursor(cursor)
            self.ensureCursorVisible()


class HelpWindow(QWidget):
    """The guide beside the window: pages at the left, a field to search them, the page itself. It blocks nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._name = pages(current().code)[0].name
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setWordWrap(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.nothing = QLabel()
        self.nothing.setWordWrap(True)
        style.role(self.nothing, "quiet")
        self.reader = Reader()
        side = QVBoxLayout()
        side.setSpacing(style.SMALL)
        side.addWidget(self.search)
        side.addWidget(self.nothing)
        side.addWidget(self.list, 1)
        self._side = QWidget()
        self._side.setFixedWidth(LIST_WIDTH)
        self._side.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(style.LARGE, style.LARGE, style.LARGE, style.LARGE)
        row.setSpacing(style.LARGE)
        row.addWidget(self._side)
        row.addWidget(self.reader, 1)
        self.resize(LIST_WIDTH + COLUMN + 5 * style.HUGE, 680)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self.reader.go_on)
        self.list.currentItemChanged.connect(self._chosen)
        self.reader.anchorClicked.connect(self._follow)
        QShortcut(QKeySequence("Ctrl+F"), self).activated.connect(self.search.setFocus)
        QShortcut(QKeySequence("Esc"), self).activated.connect(self._escape)
        style.look.changed.connect(self._show)
        follow(self)

    def open_at(self, name: str) -> None:
        """Show the window at the page `name` ("reviewing"); LookupError for one that is not there."""
        if name not in {page.name for page in pages(current().code)}:
            raise LookupError(f"the guide has no page {name!r}")
        self._name = name
        self.search.clear()
        self._fill()
        self.show()
        self.activateWindow()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def page(self) -> Page:
        """The page that is shown."""
        return next(page for page in pages(current().code) if page.name == self._name)

    def retranslate(self) -> None:
        """Write every text again, and show the same page in the other language."""
        self.setWindowTitle(_("Help"))
        self.search.setPlaceholderText(_("Search the help"))
        self.search.setAccessibleName(_("Search the help"))
        self.search.setToolTip(_("Enter: next place. Ctrl+F: here."))
        self.list.setAccessibleName(_("Pages of the help"))
        self.reader.setAccessibleName(_("Text of the page"))
        self.nothing.setText(_("No page has these words."))
        self._fill()

    def _fill(self) -> None:
        """The pages that have the words sought, the one shown among them if it has."""
        sought = fold(self.search.text().strip())
        found = [page for page in pages(current().code) if sought in spoken(page)]
        self.list.blockSignals(True)
        self.list.clear()
        for page in found:
            item = QListWidgetItem(page.title)
            item.setData(Qt.ItemDataRole.UserRole, page.name)
            self.list.addItem(item)
        names = [page.name for page in found]
        if found:
            row = names.index(self._name) if self._name in names else 0
            self._name = names[row]
            self.list.setCurrentRow(row)
        self.list.blockSignals(False)
        self.nothing.setVisible(not found)
        self._show()

    def _filter(self) -> None:
        self._fill()

    def _show(self) -> None:
        self.reader.show_page(self.page())
        self.reader.mark(fold(self.search.text().strip()))

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._name = item.data(Qt.ItemDataRole.UserRole)
            self._show()

    def _follow(self, url: QUrl) -> None:
        """Another page of the guide; whatever leads out of it stays a text."""
        name = page_name(url.path())
        if url.isRelative() and name in {page.name for page in pages(current().code)}:
            self.open_at(name)

    def _escape(self) -> None:
        if self.search.text():
            self.search.clear()
        else:
            self.close()
