"""The shipped fonts hold every letter that the product writes."""

from __future__ import annotations

import gettext
import unicodedata

import pytest
from reportlab.pdfbase import pdfmetrics

from screening import paths
from screening.report import fonts
from tests.screening import results

VIETNAMESE = "".join(
    unicodedata.normalize("NFC", base + mark + tone)
    for base, marks in {"a": ["", "\u0302", "\u0306"], "e": ["", "\u0302"], "i": [""], "o": ["", "\u0302", "\u031b"],
                        "u": ["", "\u031b"], "y": [""]}.items()
    for mark in marks
    for tone in ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
) + "đ"  # fmt: skip
ALPHABET = VIETNAMESE + VIETNAMESE.upper()


def missing(text: str, font: str) -> set[str]:
    fonts.register()
    return {c for c in text if c.isprintable() and ord(c) not in pdfmetrics.getFont(font).face.charToGlyph}


@pytest.mark.parametrize("font", fonts.FILES)
def test_every_vietnamese_letter_is_there(font: str) -> None:
    assert len(set(ALPHABET)) == 146, "12 vowels × 6 tones and đ, small and capital"
    assert not missing(ALPHABET, font)


@pytest.mark.parametrize("font", fonts.FILES)
def test_every_letter_of_every_behaviours_name_is_there(font: str) -> None:
    assert not missing("".join(name for label in results.labels() for name in label.names.values()), font)


@pytest.mark.parametrize("font", [fonts.REGULAR, fonts.BOLD, fonts.ITALIC])
def test_every_sign_of_the_catalogue_and_of_the_pages_is_there(font: str) -> None:
    catalogue = gettext.translation("viscreen", paths.resources() / "translations", ["vi"])
    sentences = [str(s) for pair in catalogue._catalog.items() for s in pair]  # type: ignore[attr-defined]
    assert not missing("".join(sentences) + "×÷≥≤≈−→–—·°•…✓✗☐“”‘’", font)


def test_the_licence_lies_beside_the_fonts_and_all_of_it_is_small() -> None:
    folder = paths.resources() / "fonts"
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8")
    assert sum(file.stat().st_size for file in folder.iterdir()) < 3_000_000


def test_what_no_font_holds_is_written_as_its_code_point() -> None:
    assert fonts.printable("a視👶b\u0007") == r"a\u8996\U0001f476b\x07"
    assert fonts.printable("tab\tnewline\n") == "tab newline "


def test_a_shortened_text_keeps_both_ends_and_fits() -> None:
    text = "beginning " + "x" * 200 + " ending"
    short = fonts.shorten(text, fonts.REGULAR, 8, 100)
    assert short.startswith("begin")
    assert short.endswith("ending")
    assert fonts.width(short, fonts.REGULAR, 8) <= 100
    assert fonts.shorten("short", fonts.REGULAR, 8, 100) == "short"
