"""The level bands from 0 to 100 as a strip, with a mark at the index, and after a review one at the model's too."""

from __future__ import annotations

from typing import Any

from reportlab.lib.colors import Color
from reportlab.platypus import Flowable

from screening.records import Indicators
from screening.report import fonts, words
from screening.report.sheet import Sheet
from screening.report.styles import BRAND, INK, QUIET

STRIP = 7.0
HEIGHT = 37.0


class Scale(Flowable):  # type: ignore[misc]  # reportlab carries no types
    """Bands darker from left to right, their names and ends below; a triangle at the index, outlined at `before`."""

    def __init__(self, sheet: Sheet, width: float, indicators: Indicators, before: Indicators | None = None) -> None:
        super().__init__()
        self.sheet, self.width, self.height = sheet, width, HEIGHT
        self.indicators, self.before = indicators, before

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Points it takes."""
        self.width = min(self.width, available_width)
        return self.width, self.height

    def draw(self) -> None:
        """Draw on the canvas that the layout gives."""
        canvas: Any = self.canv
        indicators, bands = self.indicators, self.sheet.result.profile.bands
        bottom = 18.5
        lower = 0.0
        for number, band in enumerate(bands):
            left, right = self.width * lower / 100, self.width * min(band.upper, 100.0) / 100
            depth = (number + 1) / len(bands)
            canvas.setFillColor(_tint(0.15 + 0.6 * depth))
            canvas.rect(left, bottom, max(0.0, right - left - 1), STRIP, fill=1, stroke=0)
            here = band.code == indicators.level
            font = fonts.BOLD if here else fonts.REGULAR
            name = self.sheet.named(band.names)
            low, high = (words.weight(value, self.sheet.translate) for value in (lower, band.upper))
            ends = f"{low}–{high}" if number == 0 else f"> {low}–{high}"
            canvas.setFillColor(INK if here else QUIET)
            canvas.setFont(font, 6.6)
            for text, y in ((name, 10.6), (ends, 3.0)):
                canvas.drawString(left, y, fonts.shorten(text, font, 6.6, right - left - 1))
            lower = band.upper
        if self.before is not None:  # larger than the other, so that both are seen where they are one
            self._mark(canvas, self.before.index or 0.0, bottom + STRIP, 6.5, filled=False)
        self._mark(canvas, indicators.index or 0.0, bottom + STRIP, 4.5, filled=True)

    def _mark(self, canvas: Any, index: float, y: float, half: float, *, filled: bool) -> None:
        x = self.width * index / 100
        mark = canvas.beginPath()
        mark.moveTo(x, y - 2)
        mark.lineTo(x - half, y + 2 * half - 2)
        mark.lineTo(x + half, y + 2 * half - 2)
        mark.close()
        canvas.setFillColor(INK)
        canvas.setStrokeColor("white" if filled else INK)
        canvas.setLineWidth(0.7)
        canvas.drawPath(mark, fill=int(filled), stroke=1)


def _tint(share: float) -> Color:
    """The brand's colour over white."""
    return Color(*(1 - share * (1 - part) for part in (BRAND.red, BRAND.green, BRAND.blue)))
