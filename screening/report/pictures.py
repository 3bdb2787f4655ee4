"""What the model saw at the peak of some episodes, enlarged without smoothing, with behaviour, time and score."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pixels
from reportlab.platypus import Flowable, Image, KeepTogether, Spacer, Table

from screening.records import Evidence
from screening.report.sheet import Sheet
from screening.report.styles import CONTENT, NOTE, SMALL, heading, para

PICTURES_A_ROW = 6
PICTURES_AT_MOST = 6


def pictures(sheet: Sheet) -> list[Flowable]:
    """What the model saw at the peak of some episodes, enlarged without smoothing."""
    _ = sheet.translate
    episodes = sheet.result.episodes
    if not episodes:
        return []
    size = f"{sheet.result.pack.input.width} × {sheet.result.pack.input.height}"
    title = heading(_("Pictures at the peak of episodes, as the model saw them ({size} pixels)").format(size=size))
    known = [e for e in sheet.evidence if 0 <= e.episode < len(episodes)]
    if not known:
        return [*title, para(_("No pictures were kept for this report."), SMALL)]
    first = {number: place for place, number in enumerate(sheet.ranked())}
    chosen = sorted(known, key=lambda e: first[e.episode])[:PICTURES_AT_MOST]
    chosen.sort(key=lambda e: e.time_s)
    cards: list[list[Flowable]] = [_card(sheet, evidence) for evidence in chosen]
    cards += [[]] * (-len(cards) % PICTURES_A_ROW)
    grid = Table(
        [cards[i : i + PICTURES_A_ROW] for i in range(0, len(cards), PICTURES_A_ROW)],
        colWidths=[CONTENT / PICTURES_A_ROW] * PICTURES_A_ROW,
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


def _card(sheet: Sheet, evidence: Evidence) -> list[Flowable]:
    _ = sheet.translate
    episode = sheet.result.episodes[evidence.episode]
    side = CONTENT / PICTURES_A_ROW - 8
    height, width = evidence.picture.shape[:2]
    scale = side / max(height, width)
    image = Image(_enlarged(evidence.picture), width * scale, height * scale, hAlign="LEFT")
    peak = "" if episode.peak is None else _("peak {score}").format(score=_.number(episode.peak, 2))
    where = " · ".join(filter(None, [_.clock(evidence.time_s, 1), peak]))
    return [image, Spacer(0, 2), para(sheet.label(episode.label_id), SMALL), para(where, NOTE)]


def _enlarged(picture: NDArray[np.uint8]) -> io.BytesIO:
    """Each pixel as a square of equal pixels, so that no viewer smooths it away; PNG."""
    times = max(1, 448 // max(picture.shape[:2]))
    big = np.repeat(np.repeat(picture, times, axis=0), times, axis=1)
    buffer = io.BytesIO()
    Pixels.fromarray(np.ascontiguousarray(big)).save(buffer, "PNG")
    buffer.seek(0)
    return buffer
