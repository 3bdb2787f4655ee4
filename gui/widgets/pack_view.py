"""What a model pack states, in plain words to read and copy: intended use, ages, training, figures, behaviours."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from PySide6.QtCore import QLineF, QRectF, Qt, QUrl
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QTextDocument, QTextOption
from PySide6.QtWidgets import QFrame, QTextBrowser

from gui import markdown_look, style
from gui.i18n import _, current, follow
from screening.pack.install import Entry
from screening.records import PackInfo
from screening.report import words

# A stranger's card or list of figures may be endless; a page that nobody reads to its end must not hold up the window.
LONGEST_CARD = 50_000
MOST_CELLS = 1_500  # Qt takes a quarter of a second for so many
MOST_FIGURES = 100
TIGHT = 3  # logical pixels round the text of a cell


class PackView(QTextBrowser):
    """One pack: its statements, or (`show_card`) the text that its maker wrote about it.

    A card with more cells than Qt can lay out at once is shown as the plain text it is.
    """

    def __init__(self) -> None:
        super().__init__()
        self._entry: Entry | None = None
        self._card = False
        self._fingerprint = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.viewport().setAutoFillBackground(False)
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(style.TINY)
        style.look.changed.connect(self._write)
        follow(self)

    def loadResource(self, _kind: int, _name: QUrl | str) -> Any:
        """Nothing: no text of a stranger opens a file or an address."""
        return None

    def show_entry(self, entry: Entry | None) -> None:
        """Read `entry` from now on, from its beginning."""
        self._entry = entry
        self._write()
        self.verticalScrollBar().setValue(0)

    def show_card(self, shown: bool) -> None:
        """The maker's card in place of the statements, or these again."""
        self._card = shown
        self._write()
        self.verticalScrollBar().setValue(0)

    def show_fingerprint(self, shown: bool) -> None:
        """The SHA-256 of the pack above its statements, or not."""
        self._fingerprint = shown
        self._write()
        self.verticalScrollBar().setValue(0)

    def retranslate(self) -> None:
        """Write every text again."""
        self.setAccessibleName(_("What the model states about itself"))
        self._write()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Whoever came here by key sees where the keys go; a line parts the text from what stands above it."""
        super().paintEvent(event)
        if self.verticalScrollBar().value():
            painter = QPainter(self.viewport())
            painter.setPen(QPen(QColor(style.look.theme.line), 1))
            painter.drawLine(QLineF(0, 0.5, self.viewport().width(), 0.5))
            painter.end()
        if self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(style.look.theme.brand), 1))
            painter.drawRoundedRect(QRectF(self.viewport().rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _write(self) -> None:
        entry = self._entry
        if entry is None or entry.info is None:
            self.clear()
            return
        kept = self.verticalScrollBar().value()
        if self._card:
            self._write_card(_shortened(entry.card), f"{entry.info.name} {entry.info.version}")
        else:
            self.setHtml("".join(_statements(entry.info, self._fingerprint)))
        self.verticalScrollBar().setValue(kept)

    def _write_card(self, card: str, name: str) -> None:
        if card.count("|") > MOST_CELLS:
            self.setPlainText(card)
            return
        kinds = QTextDocument.MarkdownFeature
        below = card.removeprefix(f"# {name}\n")  # which stands above it already
        self.document().setMarkdown(below, kinds.MarkdownDialectGitHub | kinds.MarkdownNoHTML)
        markdown_look.dress(self.document(), self.font().family())


def _shortened(card: str) -> str:
    return card if len(card) <= LONGEST_CARD else card[:LONGEST_CARD] + "\n\n…"


def _statements(info: PackInfo, fingerprint: bool) -> Iterable[str]:
    t = current()
    warnings = []
    if info.simulated_only:
        warnings.append(
            _(
                "This model was trained on simulated video only. It has never seen a real child. "
                "For demonstration and training, not for decisions."
            )
        )
    if not info.performance:
        warnings.append(
            _("This pack comes without measured figures: nobody knows how right the model is. Not for decisions.")
        )
    if warnings:
        yield _warning(warnings)
    if fingerprint:
        middle = len(info.sha256) // 2
        halves = f"{info.sha256[:middle]}\n{info.sha256[middle:]}"
        yield _facts((_("Fingerprint (SHA-256 of pack.json)"), halves))
    given = info.input
    rate = _("the video's own rate") if given.fps is None else _("{n} per second").format(n=words.weight(given.fps, t))
    yield _facts(
        (_("Intended use"), info.intended_use),
        (_("Ages"), words.age_range(info, t)),
        (_("Trained on"), info.training_data),
        (
            _("Sees"),
            _("{frames} pictures of {width} × {height}, {rate}").format(
                frames=given.frames, width=given.width, height=given.height, rate=rate
            ),
        ),
        (_("Author"), info.author),
        (_("Licence"), info.licence),
    )
    own_words = _("Intended use, training and data sets are in the maker's own words, in the maker's language.")
    quiet = f"margin-top:{style.TINY}px;color:{style.look.theme.quiet};font-size:{style.CAPTION}px"
    yield f'<p style="{quiet}">{escape(own_words)}</p>'
    yield _heading(_("Measured performance"))
    yield _performance(info)
    behaviours = [label for label in info.labels if label.id != info.output.other_id]
    trained = [label for label in behaviours if label.trained]
    yield _heading(_("Behaviours: {trained} of {all} trained").format(trained=len(trained), all=len(behaviours)))
    yield _table(
        (_("behaviour"), _("threshold")),
        [(label.name(t.code), t.number(label.threshold, 2)) for label in trained],
        right={1},
    )
    others = [label.name(t.code) for label in behaviours if not label.trained]
    if others:
        sentence = _("Never assessed, because the model was not trained on them: {names}.")
        yield f"<p>{escape(sentence.format(names='; '.join(others)))}</p>"


def _performance(info: PackInfo) -> str:
    t = current()
    if not info.performance:
        none = _("None supplied.")
        return f"<p>{escape(none)}</p>"
    rows = [
        (
            words.measure(figure.metric, t),
            t.number(figure.value, 3),
            figure.dataset,
            t.number(figure.n),
            words.measured_on(figure.date, t),
        )
        for figure in info.performance[:MOST_FIGURES]
    ]
    return _table((_("measure"), _("value"), _("data set"), _("samples"), _("date")), rows, right={1, 3})


def _warning(sentences: list[str]) -> str:
    theme = style.look.theme
    lines = "<br>".join(f"⚠ {escape(sentence)}" for sentence in sentences)
    return (
        f'<table width="100%" cellpadding="{style.SMALL}" bgcolor="{theme.warning_ground}"><tr><td>'
        f'<b style="color:{theme.warning}">{lines}</b></td></tr></table>'
    )


def _heading(text: str) -> str:
    return f'<p style="margin-top:{style.LARGE}px;color:{style.look.theme.quiet}"><b>{escape(text)}</b></p>'


def _facts(*rows: tuple[str, str]) -> str:
    quiet = style.look.theme.quiet
    cells = "".join(
        f'<tr><td width="24%" style="color:{quiet};padding-left:0px">{escape(name)}</td><td>{_lines(value)}</td></tr>'
        for name, value in rows
    )
    look = f'width="100%" cellpadding="{TIGHT}" cellspacing="0" style="margin-top:{style.SMALL}px"'
    return f"<table {look}>{cells}</table>"


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]], right: set[int]) -> str:
    theme = style.look.theme

    def line(cells: Iterable[str], colour: str) -> str:
        made = "".join(
            f'<td align="{"right" if i in right else "left"}" style="color:{colour};'
            f'padding-left:{style.LARGE if i else 0}px;border-bottom:1px solid {theme.line}">{escape(cell)}</td>'
            for i, cell in enumerate(cells)
        )
        return f"<tr>{made}</tr>"

    body = "".join(line(row, theme.ink) for row in rows)
    return (
        f'<table width="100%" cellpadding="{TIGHT}" cellspacing="0" style="border-collapse:collapse">'
        f"{line(heads, theme.quiet)}{body}</table>"
    )
