"""The clinician's decisions, apart from the model's answers."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer

from screening.report.sheet import Sheet
from screening.report.styles import (
    CELL,
    CONTENT,
    HEAD,
    HEAD_NUMBER,
    INK,
    NOTE,
    NUMBER,
    PAGE_HEIGHT,
    SMALL,
    bold,
    heading,
    para,
    plain,
    rich,
    ruled,
)

EPISODES_AT_MOST = 24


def review(sheet: Sheet) -> list[Flowable]:
    """The clinician's decisions, apart from the model's answers; empty squares while there are none."""
    _ = sheet.translate
    episodes = sheet.result.episodes
    title = heading(_("The clinician's decisions"))
    state = rich(
        bold(_("Not yet reviewed."))
        + " "
        + plain(
            _("Everything above is the model's answer alone. Agreement between clinician and model: not measured.")
        ),
        SMALL,
    )
    if not episodes:
        return [KeepTogether([*title, state, para(_("The model found no episode to decide on."), SMALL)])]
    head = [
        para(_("from – to"), HEAD),
        para(_("the model's answer"), HEAD),
        para(_("length, s"), HEAD_NUMBER),
        para(_("peak"), HEAD_NUMBER),
        para(_("accept"), HEAD),
        para(_("reject"), HEAD),
        para(_("the clinician's remark"), HEAD),
    ]
    rows: list[list[Any]] = [head]
    for episode in (episodes[number] for number in sorted(sheet.ranked()[:EPISODES_AT_MOST])):
        rows.append(
            [
                para(f"{_.clock(episode.start_s, 1)} – {_.clock(episode.end_s, 1)}", CELL),
                para(sheet.label(episode.label_id), CELL),
                para(_.number(episode.duration_s, 1), NUMBER),
                para("–" if episode.peak is None else _.number(episode.peak, 2), NUMBER),
                para("☐", CELL),
                para("☐", CELL),
                "",
            ]
        )
    table = ruled(rows, [82, 150, 42, 36, 38, 38, CONTENT - 386], [("LINEAFTER", (3, 0), (3, -1), 0.8, INK)])
    blocks: list[Flowable] = [*title, state]
    if len(episodes) > EPISODES_AT_MOST:
        listed = _("The {n} of {all} episodes that matter most are listed here; the list of episodes holds all.")
        blocks.append(para(listed.format(n=EPISODES_AT_MOST, all=len(episodes)), NOTE))
    return [CondPageBreak(PAGE_HEIGHT / 7), *blocks, Spacer(0, 3), table]
