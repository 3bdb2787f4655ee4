"""Colours, measures and paragraph styles of the report, and the few blocks that every section is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, Spacer, Table

from screening.report import fonts

BRAND = HexColor("#0B6477")
INK = HexColor("#17212B")
QUIET = HexColor("#5B6B7A")
LINE = HexColor("#CBD3DA")
FAINT = HexColor("#F3F6F8")
SCORE = HexColor("#A9B7C1")
WARNING = HexColor("#8A5A00")
WARNING_BACK = HexColor("#FFF4DC")

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 45.0
CONTENT = PAGE_WIDTH - 2 * MARGIN
GAP = 9.0

BODY = ParagraphStyle("body", fontName=fonts.REGULAR, fontSize=8.4, leading=11.6, textColor=INK)
SMALL = ParagraphStyle("small", BODY, fontSize=7.4, leading=10)
NOTE = ParagraphStyle("note", SMALL, textColor=QUIET)
CELL = ParagraphStyle("cell", BODY, fontSize=7.8, leading=10)
NUMBER = ParagraphStyle("number", CELL, alignment=TA_RIGHT)
HEAD = ParagraphStyle("head", CELL, fontSize=7.2, leading=9.2, textColor=QUIET)
HEAD_NUMBER = ParagraphStyle("head-number", HEAD, alignment=TA_RIGHT)
TITLE = ParagraphStyle("title", BODY, fontName=fonts.BOLD, fontSize=18, leading=23)
SECTION = ParagraphStyle("section", BODY, fontName=fonts.BOLD, fontSize=10.2, leading=13.5, textColor=BRAND)
BULLET = ParagraphStyle("bullet", SMALL, leftIndent=9, bulletIndent=1, bulletFontName=fonts.REGULAR, bulletFontSize=7.4)
MONO = ParagraphStyle("mono", BODY, fontName=fonts.MONO, fontSize=6.8, leading=9)

HAIRLINE = 0.5


def plain(text: str) -> str:
    """`text` as paragraph markup: printable with our fonts, nothing in it taken as a tag."""
    return escape(fonts.printable(text))


def bold(text: str) -> str:
    """`text` as bold paragraph markup."""
    return f'<font name="{fonts.BOLD}">{escape(fonts.printable(text, fonts.BOLD))}</font>'


def para(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    """A paragraph of plain text; words that are too long for the line are broken."""
    return Paragraph(escape(fonts.printable(text, style.fontName)), style)


def digest(sha256: str) -> str:
    """A hash as markup, in two lines of equal length that can be compared by eye."""
    half = len(sha256) // 2
    return f'<font name="{fonts.MONO}" size="6.8">{plain(sha256[:half])}<br/>{plain(sha256[half:])}</font>'


def rich(markup: str, style: ParagraphStyle = BODY, **options: Any) -> Paragraph:
    """A paragraph of markup made by `plain` and `bold`."""
    return Paragraph(markup, style, **options)


def heading(text: str, keep: bool = True) -> list[Flowable]:
    """A section's heading with the room above it, which `keep` holds on one page with what follows."""
    blocks = [Spacer(0, GAP), para(text, SECTION), _Rule()]
    for block in blocks:
        block.keepWithNext = keep
    return blocks


def facts(rows: Sequence[tuple[str, str]], width: float, label_width: float, style: ParagraphStyle = CELL) -> Table:
    """Names in quiet ink on the left, values (markup) on the right."""
    quiet = ParagraphStyle("fact", style, textColor=QUIET)
    cells = [[para(name, quiet), rich(value, style)] for name, value in rows]
    return Table(
        cells,
        colWidths=[label_width, width - label_width],
        hAlign="LEFT",
        splitInRow=1,
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("TOPPADDING", (0, 0), (-1, -1), 0.8),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 0.8),
        ],
    )


def side_by_side(left: list[Flowable], right: list[Flowable], left_width: float) -> Table:
    """Two columns across the page."""
    return Table(
        [[left, right]],
        colWidths=[left_width, CONTENT - left_width],
        splitInRow=1,
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
        ],
    )


def ruled(rows: list[list[Any]], widths: Sequence[float], extra: Sequence[tuple[Any, ...]] = ()) -> Table:
    """A table with a heading row that comes again on each page, and a hairline below each row."""
    return _Ruled(
        rows,
        colWidths=list(widths),
        repeatRows=1,
        hAlign="LEFT",
        style=[
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.4),
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
            ("LINEBELOW", (0, 1), (-1, -1), HAIRLINE, LINE),
            *extra,
        ],
    )


class _Ruled(Table):  # type: ignore[misc]  # reportlab carries no types
    """A table that breaks a row only where much of a page is left: elsewhere its heading would stand alone below."""

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """The part that fits and the rest; nothing when the whole of it belongs on the next page."""
        self.splitInRow = int(available_height > PAGE_HEIGHT / 2)
        parts: list[Flowable] = super().split(available_width, available_height)
        return parts


class _Rule(Flowable):  # type: ignore[misc]  # reportlab carries no types
    """A hairline across the page, below a heading."""

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Points it takes."""
        self.width = available_width
        return available_width, 5.0

    def draw(self) -> None:
        """Draw on the canvas that the layout gives."""
        self.canv.setStrokeColor(LINE)
        self.canv.setLineWidth(HAIRLINE)
        self.canv.line(0, 3.5, self.width, 3.5)
