"""The shipped typefaces: registers them with reportlab and tells what can be printed with them.

reportlab's own fonts hold no Vietnamese; a character that a font lacks would print as an empty box.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from screening import paths

REGULAR = "NotoSans"
BOLD = "NotoSans-Bold"
ITALIC = "NotoSans-Italic"
MONO = "NotoSansMono"

FILES = {
    REGULAR: "NotoSans-Regular.ttf",
    BOLD: "NotoSans-Bold.ttf",
    ITALIC: "NotoSans-Italic.ttf",
    MONO: "NotoSansMono-Regular.ttf",
}


@lru_cache(maxsize=1)
def register() -> None:
    """Make the four fonts known to reportlab, once for each process."""
    for name, file in FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(paths.resources() / "fonts" / file), shapable=False))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD)


def printable(text: str, font: str = REGULAR) -> str:
    r"""`text` composed (NFC), with every character that `font` lacks written as its Unicode escape.

    A file name in another script stays readable and unambiguous: `視.mp4` becomes `\u8996.mp4`.
    """
    register()
    glyphs = pdfmetrics.getFont(font).face.charToGlyph
    composed = unicodedata.normalize("NFC", text)
    return "".join(c if ord(c) in glyphs and c.isprintable() else _escape(c) for c in composed)


def _escape(character: str) -> str:
    return " " if character.isspace() else character.encode("unicode_escape").decode("ascii")


def width(text: str, font: str, size: float) -> float:
    """Points that `text` takes on one line."""
    register()
    return float(pdfmetrics.stringWidth(text, font, size))


def shorten(text: str, font: str, size: float, room: float) -> str:
    """`text`, with its middle replaced by an ellipsis when it is wider than `room` points."""
    text = printable(text, font)
    if width(text, font, size) <= room:
        return text
    for kept in range(len(text) - 1, 0, -1):
        shorter = text[: (kept + 1) // 2] + "…" + text[len(text) - kept // 2 :]
        if width(shorter, font, size) <= room:
            return shorter
    return "…"
