"""What was found: the index and its level, the behaviours asked for, the others, and all of them over time."""

from __future__ import annotations

from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import CondPageBreak, Flowable, Paragraph, Spacer, Table

from screening.records import BehaviourResult, Indicators
from screening.report import words
from screening.report.reviewed import Review
from screening.report.scale import Scale
from screening.report.sheet import Sheet
from screening.report.styles import (
    BODY,
    BRAND,
    CELL,
    CONTENT,
    FAINT,
    HAIRLINE,
    HEAD,
    HEAD_NUMBER,
    LINE,
    NOTE,
    NUMBER,
    PAGE_HEIGHT,
    QUIET,
    SMALL,
    bold,
    heading,
    para,
    plain,
    rich,
    ruled,
)
from screening.report.timeline import Row, Timeline, gaps

NAMES_AT_MOST = 14
ROWS_KEPT_TOGETHER = 14

BIG = ParagraphStyle("big", BODY, fontSize=30, leading=36)
LEVEL = ParagraphStyle("level", BODY, fontSize=11.5, leading=16)
QUIET_NUMBER = ParagraphStyle("quiet-number", NUMBER, textColor=QUIET)
INDENTED = ParagraphStyle("indented", CELL, leftIndent=14)
NO_LEVEL = ParagraphStyle("no-level", BODY, fontSize=17, leading=23)


def index(sheet: Sheet) -> list[Flowable]:
    """The index with its arithmetic and level, or in its place why there is none; after a review both of them."""
    return [Spacer(0, 8), _alone(sheet) if sheet.review is None else _both(sheet, sheet.review)]


def _alone(sheet: Sheet) -> Table:
    _ = sheet.translate
    indicators = sheet.result.indicators
    left, why = _figure(sheet, indicators)
    if indicators.level is None:
        return _box(left, [*why, _not_probability(sheet), _assessed(sheet), *_points(sheet, indicators)])
    scale = Scale(sheet, CONTENT - 152, indicators)
    return _box(left, [*why, _not_probability(sheet), scale, _assessed(sheet)])


def _both(sheet: Sheet, review: Review) -> Table:
    """The model's index and the reviewed one, neither above the other."""
    _ = sheet.translate
    found = sheet.result.indicators
    columns = []
    for title, indicators in (
        (_("As the model found it"), found),
        (_("As reviewed by the clinician"), review.indicators),
    ):
        figure, why = _figure(sheet, indicators)
        columns.append([rich(bold(title), SMALL), *figure, *why, *_points(sheet, indicators)])
    below: list[Flowable] = [_not_probability(sheet)]
    if found.level is not None and review.indicators.level is not None:
        below += [Spacer(0, 4), Scale(sheet, CONTENT - 24, review.indicators, found)]
        below.append(para(_("On the scale: outlined the model's index, filled the reviewed one."), NOTE))
    below.append(_assessed(sheet))
    if review.open:
        below.append(rich(bold(words.still_open(review, _)), SMALL))
    return Table(
        [columns, [below, ""]],
        colWidths=[CONTENT / 2, CONTENT / 2],
        style=[
            *_BOX,
            ("VALIGN", (0, 0), (-1, 0), "TOP"),
            ("LINEAFTER", (0, 0), (0, 0), HAIRLINE, LINE),
            ("SPAN", (0, 1), (-1, 1)),
            ("TOPPADDING", (0, 1), (-1, 1), 1),
        ],
    )


def _figure(sheet: Sheet, indicators: Indicators) -> tuple[list[Flowable], list[Flowable]]:
    """The number with its level, and its arithmetic; or that there is none, and why."""
    _ = sheet.translate
    if indicators.level is None or indicators.index is None:
        short, why = words.no_level(indicators, sheet.result.profile, _)
        return [rich(bold(_("No level")), NO_LEVEL), para(short, SMALL)], [rich(bold(why))]
    number, of = words.index(indicators, sheet.result.profile, _), _("of 100")
    figure = f'<font size="30">{bold(number)}</font> <font size="9" color="#5B6B7A">{plain(of)}</font>'
    level = plain(_("Level:")) + " " + bold(sheet.level(indicators))
    return [rich(figure, BIG), rich(level, LEVEL)], [rich(bold(words.arithmetic(indicators, sheet.result.profile, _)))]


def _not_probability(sheet: Sheet) -> Paragraph:
    return para(sheet.translate("This is an index of observed behaviour, not a probability of autism."))


def _assessed(sheet: Sheet) -> Paragraph:
    _, indicators = sheet.translate, sheet.result.indicators
    text = _(
        "{assessable} of the profile's {total} points could be assessed. "
        "{seconds} of {requested} of video ({share}) was assessable."
    ).format(
        assessable=words.weight(indicators.weight_assessable, _),
        total=words.weight(indicators.weight_total, _),
        seconds=words.span(indicators.assessable_s, _),
        requested=words.span(indicators.requested_s, _),
        share=words.share(indicators.coverage, _),
    )
    return para(text, NOTE)


def _points(sheet: Sheet, indicators: Indicators) -> list[Flowable]:
    """Where there is no level although some points could be assessed: how many were met."""
    _ = sheet.translate
    if indicators.level is not None or indicators.index is None:
        return []
    text = _("{met} of {assessable} assessable points were met: too little was assessable to name a level.").format(
        met=words.weight(indicators.weight_met, _), assessable=words.weight(indicators.weight_assessable, _)
    )
    return [para(text, NOTE)]


_BOX: list[tuple[Any, ...]] = [
    ("BACKGROUND", (0, 0), (-1, -1), FAINT),
    ("LINEBEFORE", (0, 0), (0, -1), 3, BRAND, "butt"),
    ("BOX", (0, 0), (-1, -1), HAIRLINE, LINE),
    ("LEFTPADDING", (0, 0), (-1, -1), 12),
    ("TOPPADDING", (0, 0), (-1, -1), 7),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
]


def _box(left: list[Flowable], right: list[Flowable]) -> Table:
    return Table(
        [[left, right]],
        colWidths=[128, CONTENT - 128],
        style=[*_BOX, ("VALIGN", (0, 0), (-1, -1), "MIDDLE")],
    )


def criteria(sheet: Sheet) -> list[Flowable]:
    """The behaviours that the profile asks for, one row each; after a review with what is left of the model's."""
    _ = sheet.translate
    behaviours = [b for b in sheet.result.indicators.behaviours if b.criterion is not None]
    reviewed = {b.label_id: b for b in sheet.review.indicators.behaviours} if sheet.review is not None else {}
    head = [
        para(_("Behaviour"), HEAD),
        para(_("asked"), HEAD_NUMBER),
        para(_("points"), HEAD_NUMBER),
        para(_("seen, long enough"), HEAD_NUMBER),
        para(_("in all, s"), HEAD_NUMBER),
        para(_("per minute"), HEAD_NUMBER),
        para(_("criterion"), HEAD),
    ]
    widths = [140.0, 66, 38, 72, 46, 50, CONTENT - 412]
    if reviewed:
        head.append(para(_("criterion as reviewed"), HEAD))
        widths = [122.0, 64, 38, 56, 42, 44, 62, CONTENT - 428]
    rows: list[list[Any]] = [head]
    spans: list[tuple[Any, ...]] = []
    for behaviour in behaviours:
        after = reviewed.get(behaviour.label_id)
        rows.append(_criterion_row(sheet, behaviour) + ([_reviewed_cell(sheet, after)] if reviewed else []))
        if "met" in (behaviour.status, after.status if after is not None else None):
            spans.append(("BACKGROUND", (0, len(rows) - 1), (-1, len(rows) - 1), FAINT))
        elif behaviour.status == "not_assessable":
            spans.append(("SPAN", (3, len(rows) - 1), (-1, len(rows) - 1)))
    if len(rows) == 1:
        return [*heading(_("Behaviours that the profile asks for")), para(_("The profile asks for none."), SMALL)]
    return [*heading(_("Behaviours that the profile asks for")), ruled(rows, widths, spans)]


def _criterion_row(sheet: Sheet, behaviour: BehaviourResult) -> list[Paragraph | str]:
    _ = sheet.translate
    criterion = behaviour.criterion
    points = words.weight(criterion.weight, _) if criterion else "–"
    first = [para(sheet.behaviour(behaviour), CELL), para(words.asked(criterion, _), NUMBER), para(points, NUMBER)]
    if behaviour.status == "not_assessable":
        why = bold(_("Not assessable.")) + " " + plain(sheet.reason(behaviour.reason)) + "."
        return [*first, rich(why, INDENTED), "", "", ""]
    number = NUMBER if behaviour.episodes else QUIET_NUMBER
    return [
        *first,
        para(words.seen(behaviour, _), number),
        para(_.number(behaviour.total_s, 1), number),
        para("–" if behaviour.rate_per_minute is None else _.number(behaviour.rate_per_minute, 2), number),
        rich(_verdict(sheet, behaviour), CELL),
    ]


def _verdict(sheet: Sheet, behaviour: BehaviourResult) -> str:
    _ = sheet.translate
    return bold("✓ " + _("met")) if behaviour.status == "met" else plain("– " + _("not met"))


def _reviewed_cell(sheet: Sheet, behaviour: BehaviourResult | None) -> Paragraph | str:
    if behaviour is None or behaviour.status == "not_assessable":
        return ""
    return rich(_verdict(sheet, behaviour) + plain(f" · {words.seen(behaviour, sheet.translate)}"), CELL)


def others(sheet: Sheet) -> list[Flowable]:
    """Behaviours that the profile does not ask for: found, not observed, and not assessable, told apart."""
    _ = sheet.translate
    rest = [b for b in sheet.result.indicators.behaviours if b.criterion is None]
    found = [b for b in rest if b.status != "not_assessable" and b.episodes]
    absent = [b for b in rest if b.status != "not_assessable" and not b.episodes]
    lines = []
    if found:
        named = [
            _("{behaviour} ({n} ×, {seconds} s)").format(
                behaviour=sheet.behaviour(b), n=b.episodes, seconds=_.number(b.total_s, 1)
            )
            for b in sorted(found, key=lambda b: -b.total_s)
        ]
        lines.append(bold(_("Also found, without a criterion:")) + " " + plain(_names(named, sheet)))
    if absent:
        named = [sheet.behaviour(b) for b in absent]
        lines.append(bold(_("Looked for and not observed:")) + " " + plain(_names(named, sheet)))
    lines += _unassessable(sheet, rest)
    return [Spacer(0, 4), *(rich(line, SMALL) for line in lines)] if lines else []


def _unassessable(sheet: Sheet, rest: list[BehaviourResult]) -> list[str]:
    """One line for each reason, counting all behaviours with it, also those with a criterion."""
    _ = sheet.translate
    lines = []
    untrained = [b for b in sheet.result.indicators.behaviours if b.reason == "not_trained"]
    if untrained:
        lines.append(
            plain(
                _.ngettext(
                    "{n} behaviour that the model was not trained on: not assessable.",
                    "{n} behaviours that the model was not trained on: not assessable.",
                    len(untrained),
                ).format(n=len(untrained))
            )
        )
    unseen = [b for b in rest if b.status == "not_assessable" and b.reason != "not_trained"]
    if unseen:
        named = [sheet.behaviour(b) for b in unseen]
        lines.append(bold(_("Not assessable in this video:")) + " " + plain(_names(named, sheet)))
    return lines


def _names(named: list[str], sheet: Sheet) -> str:
    _ = sheet.translate
    text = "; ".join(named[:NAMES_AT_MOST])
    if len(named) > NAMES_AT_MOST:
        text += "; " + _("and {n} more").format(n=len(named) - NAMES_AT_MOST)
    return text + "."


def timeline(sheet: Sheet) -> list[Flowable]:
    """Every behaviour with a criterion or an episode, over time."""
    _ = sheet.translate
    rows = [
        _row(sheet, behaviour)
        for behaviour in sorted(sheet.result.indicators.behaviours, key=lambda b: b.criterion is None)
        if behaviour.criterion is not None or behaviour.episodes
    ]
    if not rows:
        return []
    whole = len(rows) <= ROWS_KEPT_TOGETHER
    return [
        CondPageBreak(PAGE_HEIGHT / 6),
        *heading(_("Behaviours over time"), keep=whole),
        Timeline(sheet, rows),
        *_hatched(sheet),
        *_not_decisions(sheet),
    ]


def _not_decisions(sheet: Sheet) -> list[Flowable]:
    _ = sheet.translate
    text = _("The bars are the model's episodes; the clinician's decisions stand in a table of their own.")
    return [] if sheet.review is None else [para(text, NOTE)]


def _hatched(sheet: Sheet) -> list[Flowable]:
    """Why and when parts of the timeline are hatched."""
    _ = sheet.translate
    video = sheet.result.video
    digits = 1 if video.end_s - video.start_s < 60 else 0
    times: dict[str, list[str]] = {}
    for gap in gaps(sheet.result.scores, video.start_s, video.end_s):
        times.setdefault(gap.code, []).append(f"{_.clock(gap.start_s, digits)}–{_.clock(gap.end_s, digits)}")
    if not times:
        return []
    parts = [f"{sheet.reason(code)}: {words.times(named, _)}" for code, named in times.items()]
    return [para(_("Hatched:") + " " + "; ".join(parts) + ".", NOTE)]


def _row(sheet: Sheet, behaviour: BehaviourResult) -> Row:
    _ = sheet.translate
    blocked = ""
    if behaviour.status == "not_assessable":
        blocked = _("Not assessable.") + f" {sheet.reason(behaviour.reason)}."
    known = behaviour.reason != "not_in_model"
    labels = enumerate(sheet.result.pack.labels) if known else iter(())
    column, label = next(((i, label) for i, label in labels if label.id == behaviour.label_id), (None, None))
    criterion = behaviour.criterion
    asked = criterion.threshold if criterion else None
    threshold = asked if asked is not None else label.threshold if label else 1.0
    episodes = [(e.start_s, e.end_s) for e in sheet.result.episodes if known and e.label_id == behaviour.label_id]
    return Row(sheet.behaviour(behaviour), column, threshold, episodes, blocked)
