"""Pictures at the peak of some episodes, with behaviour, time and score: as the model saw them, or in full.

What the model saw is enlarged without smoothing: each of its pixels can be counted.
"""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pixels
from reportlab.platypus import Flowable, Image, KeepTogether, Spacer, Table

from screening.records import Evidence
from screening.report.decisions import STATES
from screening.report.sheet import Pictures, Sheet
from screening.report.styles import CONTENT, NOTE, SMALL, heading, para

A_ROW: dict[Pictures, int] = {"model": 6, "full": 3}
PICTURES_AT_MOST = 6
JPEG_QUALITY = 88


def pictures(sheet: Sheet) -> list[Flowable]:
    """The pictures that were asked for, or that there are none and why."""
    _ = sheet.translate
    episodes = sheet.result.episodes
    if not episodes:
        return []
    if sheet.pictures == "none":
        none = _("None: the clinician chose a report without pictures.")
        return [KeepTogether([*heading(_("Pictures at the peak of episodes")), para(none, SMALL)])]
    if sheet.pictures == "full":
        title = heading(_("Pictures at the peak of episodes"))
    else:
        size = f"{sheet.result.pack.input.width} × {sheet.result.pack.input.height}"
        title = heading(_("Pictures at the peak of episodes, as the model saw them ({size} pixels)").format(size=size))
    known = [e for e in sheet.evidence if 0 <= e.episode < len(episodes)]
    if not known:
        return [*title, para(_("No pictures were kept for this report."), SMALL)]
    first = {number: place for place, number in enumerate(sheet.ranked())}
    chosen = sorted(known, key=lambda e: first[e.episode])[:PICTURES_AT_MOST]
    chosen.sort(key=lambda e: e.time_s)
    a_row = A_ROW[sheet.pictures]
    cards: list[list[Flowable]] = [_card(sheet, evidence, CONTENT / a_row - 8) for evidence in chosen]
    cards += [[]] * (-len(cards) % a_row)
    grid = Table(
        [cards[i : i + a_row] for i in range(0, len(cards), a_row)],
        colWidths=[CONTENT / a_row] * a_row,
        hAlign="LEFT",
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ],
    )
    shown = _("{shown} of {episodes} episodes are pictured.").format(shown=len(chosen), episodes=len(episodes))
    return [KeepTogether([*title, grid, para(shown, NOTE)])]


def _card(sheet: Sheet, evidence: Evidence, side: float) -> list[Flowable]:
    _ = sheet.translate
    episode = sheet.result.episodes[evidence.episode]
    height, width = evidence.picture.shape[:2]
    scale = side / max(height, width)
    pixels = _photograph(evidence.picture) if sheet.pictures == "full" else _enlarged(evidence.picture)
    image = Image(pixels, width * scale, height * scale, hAlign="LEFT")
    peak = "" if episode.peak is None else _("peak {score}").format(score=_.number(episode.peak, 2))
    decided = next((j.state for j in sheet.review.judged if j.found == episode), None) if sheet.review else None
    where = [_.clock(evidence.time_s, 1), peak, _(STATES[decided]) if decided else ""]
    return [
        image,
        Spacer(0, 2),
        para(sheet.label(episode.label_id), SMALL),
        para(" · ".join(filter(None, where)), NOTE),
    ]


def _photograph(picture: NDArray[np.uint8]) -> io.BytesIO:
    """As a JPEG, which is what a page of photographs can be sent as."""
    buffer = io.BytesIO()
    Pixels.fromarray(np.ascontiguousarray(picture)).save(buffer, "JPEG", quality=JPEG_QUALITY)
    buffer.seek(0)
    return buffer


def _enlarged(picture: NDArray[np.uint8]) -> io.BytesIO:
    """Each pixel as a square of equal pixels, so that no viewer smooths it away; PNG."""
    times = max(1, 448 // max(picture.shape[:2]))
    big = np.repeat(np.repeat(picture, times, axis=0), times, axis=1)
    buffer = io.BytesIO()
    Pixels.fromarray(np.ascontiguousarray(big)).save(buffer, "PNG")
    buffer.seek(0)
    return buffer
