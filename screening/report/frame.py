"""What stands on every page: the head, the warning band, the foot with page x of y; and the building of the PDF."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

from reportlab import rl_config
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from screening.report import fonts
from screening.report.sheet import Sheet
from screening.report.styles import (
    BRAND,
    CONTENT,
    INK,
    LINE,
    MARGIN,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    QUIET,
    WARNING,
    WARNING_BACK,
)

HEAD_Y = PAGE_HEIGHT - 38
BAND_HEIGHT = 31.0

# Streams as bytes: a quarter smaller and faster than as text.
rl_config.useA85 = 0
FOOT_Y = 42.0


def build(sheet: Sheet, story: Callable[[], list[Flowable]]) -> bytes:
    """The PDF. It is laid out twice: once to count the pages, once to print "page x of y"."""
    fonts.register()
    _, pages = _layout(sheet, story(), total=0)
    document, _ = _layout(sheet, story(), total=pages)
    return document


def _layout(sheet: Sheet, story: list[Flowable], total: int) -> tuple[bytes, int]:
    result = sheet.result
    top = 50 + (BAND_HEIGHT + 7 if result.pack.simulated_only else 0)
    buffer = io.BytesIO()
    document = BaseDocTemplate(
        buffer,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        title=f"ViScreen – {sheet.case.pseudonym or sheet.video_name}",
        author=sheet.reviewer or sheet.clinic or "ViScreen",
        subject=sheet.translate("Screening aid. Not a diagnosis."),
        creator=f"ViScreen {result.runtime.viscreen}",
        lang=sheet.translate.code,
        invariant=1,  # the same result gives the same bytes
    )
    frame = Frame(
        MARGIN, FOOT_Y + 22, CONTENT, PAGE_HEIGHT - top - FOOT_Y - 22,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip

    def furniture(canvas: Any, template: Any) -> None:
        created = f"D:{sheet.created.astimezone(dt.UTC):%Y%m%d%H%M%S}Z"
        canvas.setDateFormatter(lambda *_: created)
        _head(canvas, sheet)
        if result.pack.simulated_only:
            _band(canvas, sheet)
        _foot(canvas, sheet, template.page, total)

    document.addPageTemplates([PageTemplate(frames=[frame], onPage=furniture)])
    document.build(story)
    return buffer.getvalue(), document.page


def _head(canvas: Any, sheet: Sheet) -> None:
    _ = sheet.translate
    canvas.setFillColor(BRAND)
    canvas.setFont(fonts.BOLD, 9.5)
    canvas.drawString(MARGIN, HEAD_Y, "ViScreen")
    case = sheet.case.pseudonym or _("Case not named")
    right = " · ".join(filter(None, [sheet.clinic, case, _.date(sheet.created.date())]))
    canvas.setFillColor(QUIET)
    canvas.setFont(fonts.REGULAR, 7.6)
    canvas.drawRightString(PAGE_WIDTH - MARGIN, HEAD_Y, fonts.shorten(right, fonts.REGULAR, 7.6, CONTENT - 70))


def _band(canvas: Any, sheet: Sheet) -> None:
    _ = sheet.translate
    bottom = HEAD_Y - 9 - BAND_HEIGHT
    canvas.setFillColor(WARNING_BACK)
    canvas.setStrokeColor(WARNING)
    canvas.setLineWidth(1.2)
    canvas.rect(MARGIN, bottom, CONTENT, BAND_HEIGHT, fill=1, stroke=1)

    canvas.setFillColor(WARNING)
    canvas.rect(MARGIN, bottom, 32, BAND_HEIGHT, fill=1, stroke=0)
    triangle = canvas.beginPath()
    triangle.moveTo(MARGIN + 7, bottom + 7)
    triangle.lineTo(MARGIN + 25, bottom + 7)
    triangle.lineTo(MARGIN + 16, bottom + 24)
    triangle.close()
    canvas.setFillColor(WARNING_BACK)
    canvas.drawPath(triangle, fill=1, stroke=0)
    canvas.setFillColor(WARNING)
    canvas.setFont(fonts.BOLD, 10)
    canvas.drawCentredString(MARGIN + 16, bottom + 9, "!")

    lines = [
        (_("This model was trained on simulated video only. It has never seen a real child."), fonts.BOLD, 9.6, 18.2),
        (_("For demonstration and training, not for decisions about a child."), fonts.BOLD, 8.4, 6.6),
    ]
    for text, font, size, height in lines:
        room = CONTENT - 32 - 16
        size = min(size, size * room / fonts.width(text, font, size))
        canvas.setFont(font, size)
        canvas.drawString(MARGIN + 40, bottom + height, text)


def _foot(canvas: Any, sheet: Sheet, page: int, total: int) -> None:
    _ = sheet.translate
    pack = sheet.result.pack
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, FOOT_Y + 12, PAGE_WIDTH - MARGIN, FOOT_Y + 12)
    canvas.setFillColor(INK)
    canvas.setFont(fonts.BOLD, 8.4)
    canvas.drawString(MARGIN, FOOT_Y, _("Screening aid. Not a diagnosis."))
    canvas.setFont(fonts.REGULAR, 7.6)
    canvas.drawRightString(PAGE_WIDTH - MARGIN, FOOT_Y, _("Page {page} of {total}").format(page=page, total=total))
    canvas.setFillColor(QUIET)
    identity = " · ".join(
        [
            _("Model: {name} {version}").format(name=pack.name, version=pack.version),
            _("Video SHA-256: {start}…").format(start=sheet.result.video.sha256[:16]),
        ]
    )
    canvas.setFont(fonts.REGULAR, 7.2)
    canvas.drawString(MARGIN, FOOT_Y - 10.5, fonts.shorten(identity, fonts.REGULAR, 7.2, CONTENT))
