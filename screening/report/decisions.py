"""The clinician's decisions, apart from the model's answers, and how far both agree."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer

from screening import language
from screening.errors import N_
from screening.report import words
from screening.report.reviewed import Judged, Review, State
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
    facts,
    heading,
    para,
    plain,
    rich,
    ruled,
)

EPISODES_AT_MOST = 24
OPEN_AT_MOST = 24

STATES: dict[State, str] = {
    "open": N_("open"),
    "accepted": N_("accepted"),
    "rejected": N_("rejected"),
    "corrected": N_("corrected"),
    "added": N_("added"),
}


def review(sheet: Sheet) -> list[Flowable]:
    """The clinician's decisions, apart from the model's answers; empty squares while nobody reviewed."""
    title = heading(sheet.translate("The clinician's decisions"))
    return _squares(sheet, title) if sheet.review is None else _decided(sheet, sheet.review, title)


def _decided(sheet: Sheet, review: Review, title: list[Flowable]) -> list[Flowable]:
    """What was decided about each episode, in the order of the video; then the agreement."""
    _ = sheet.translate
    state = _("The review is not finished.")
    if review.finished:
        finished = sheet.local(review.finished)
        when = f"{_.date_time(finished)} ({language.offset(finished)})"
        state = _("The review was finished on {when}.").format(when=when)
    reviewers = {one.reviewer for one in review.judged if one.reviewer}
    if len(reviewers) == 1:
        state = _("Reviewed by {name}.").format(name=next(iter(reviewers))) + " " + state
    if review.open:
        state += " " + words.still_open(review, _)
    blocks: list[Flowable] = [*title, rich(bold(state), SMALL)]
    if not review.judged:
        nothing = _("The model found no episode, and the clinician added none.")
        return [KeepTogether([*blocks, para(nothing, SMALL)]), *_agreement(sheet, review)]
    listed = _listed(sheet, review)
    if len(listed) < len(review.judged):
        text = _("{n} more episodes that are still open are not listed here; the list of episodes holds all.")
        blocks.append(para(text.format(n=len(review.judged) - len(listed)), NOTE))
    several = len(reviewers) > 1
    when = (_("by whom, when ({zone})") if several else _("when ({zone})")).format(zone=language.offset(sheet.created))
    head = [
        para(_("from – to"), HEAD),
        para(_("the model's answer"), HEAD),
        para(_("peak"), HEAD_NUMBER),
        para(_("decision"), HEAD),
        para(_("remark"), HEAD),
        para(when, HEAD),
    ]
    rows: list[list[Any]] = [head, *(_row(sheet, one, several) for one in listed)]
    last = 96 if several else 82
    table = ruled(rows, [70, 106, 32, 106, CONTENT - 314 - last, last], [("LINEAFTER", (2, 0), (2, -1), 0.8, INK)])
    return [CondPageBreak(PAGE_HEIGHT / 7), *blocks, Spacer(0, 3), table, *_agreement(sheet, review)]


def _listed(sheet: Sheet, review: Review) -> list[Judged]:
    """Every episode about which something was decided, and of the open ones those that matter most."""
    asked = {b.label_id for b in sheet.result.indicators.behaviours if b.criterion is not None}

    def rank(one: Judged) -> tuple[bool, float]:
        return one.stands.label_id not in asked, -(one.stands.peak or 0.0)

    pending = sorted((one for one in review.judged if one.state == "open"), key=rank)[:OPEN_AT_MOST]
    listed = [one for one in review.judged if one.state != "open"] + pending
    return sorted(listed, key=lambda one: ((one.found or one.stands).start_s, one.stands.start_s))


def _row(sheet: Sheet, one: Judged, named: bool) -> list[Any]:
    """The episode and what was decided about it; `named`: also by whom."""
    _ = sheet.translate
    found, when = one.found, _.short_date_time(sheet.local(one.made)) if one.made else ""
    by = "<br/>".join(plain(part) for part in (one.reviewer if named else "", when) if part)
    peak = "–" if found is None or found.peak is None else _.number(found.peak, 2)
    answer = para(sheet.label(found.label_id), CELL) if found is not None else para(_("nothing"), NOTE)
    return [
        para(_span(sheet, (found or one.stands).start_s, (found or one.stands).end_s), CELL),
        answer,
        para(peak, NUMBER),
        rich(_decision(sheet, one), CELL),
        para(" / ".join(one.comments), SMALL),
        rich(by, SMALL),
    ]


def _decision(sheet: Sheet, one: Judged) -> str:
    """The state in bold, and what is different from the model's answer."""
    _ = sheet.translate
    words = _(STATES[one.state])
    if one.state == "open":
        return plain("☐ " + words)
    parts = []
    if one.state in ("added", "corrected"):
        before = one.found
        if before is None or before.label_id != one.stands.label_id:
            parts.append(sheet.label(one.stands.label_id))
        if before is not None and (before.start_s, before.end_s) != (one.stands.start_s, one.stands.end_s):
            parts.append(_span(sheet, one.stands.start_s, one.stands.end_s))
    return bold(words) + (plain(": " + ", ".join(parts)) if parts else "")


def _span(sheet: Sheet, start_s: float, end_s: float) -> str:
    _ = sheet.translate
    return f"{_.clock(start_s, 1)} – {_.clock(end_s, 1)}"


def _agreement(sheet: Sheet, review: Review) -> list[Flowable]:
    """How far the clinician's own marks and the model's answers agree, or why nothing can be said."""
    _ = sheet.translate
    title = heading(_("Agreement between clinician and model"))
    measured = review.agreement
    if measured is None:
        why = _("Not measured: the clinician saw the model's answer before deciding, so the two are not independent.")
        return [KeepTogether([*title, para(why, SMALL)])]
    rows = [(name, plain(value)) for name, value in words.agreement(measured, _)]
    basis = _(
        "The clinician marked the video without seeing the model's answer; {seconds} assessable seconds were compared. "
        "Episodes are pairs when they show the same behaviour and overlap by at least {iou} of their joint length. "
        "Read the intervals as the least doubt there is."
    ).format(seconds=_.number(measured.seconds), iou=_.percent(measured.minimum_iou))
    return [KeepTogether([*title, facts(rows, CONTENT, 190), Spacer(0, 2), para(basis, NOTE)])]


def _squares(sheet: Sheet, title: list[Flowable]) -> list[Flowable]:
    """The episodes that matter most, with room to decide by pen."""
    _ = sheet.translate
    episodes = sheet.result.episodes
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
