"""Where the findings come from: case, video, quality, model, settings; what they do not mean; who signs."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.platypus import CondPageBreak, Flowable, Image, KeepTogether, Preformatted, Spacer, Table

from screening import language
from screening.records import Criterion
from screening.report import fonts, words
from screening.report.sheet import Sheet
from screening.report.styles import (
    BODY,
    BULLET,
    CELL,
    CONTENT,
    HAIRLINE,
    HEAD,
    HEAD_NUMBER,
    INK,
    MONO,
    NOTE,
    NUMBER,
    PAGE_HEIGHT,
    SMALL,
    TITLE,
    bold,
    digest,
    facts,
    heading,
    para,
    plain,
    rich,
    ruled,
    side_by_side,
)

LOGO_WIDTH, LOGO_HEIGHT = 130.0, 40.0

# Room to write by hand, in points.
CONCLUSION_LEAST, CONCLUSION_MOST = 100.0, 220.0
SIGNATURE_HEIGHT = 40.0


def identity(sheet: Sheet) -> list[Flowable]:
    """Whom the video shows and which video it is, with the decode receipt."""
    _ = sheet.translate
    case, video = sheet.case, sheet.result.video
    stated = _("not stated")
    child_age = plain(words.age(case.age_months, _))
    if words.outside_age(case, sheet.result.pack):
        child_age += " " + bold(_("(outside the model's ages)"))
    who = [
        (_("Case"), bold(case.pseudonym or stated)),
        (_("Age"), child_age),
        (_("Consent"), plain(words.consent(case, _))),
        (_("Clinic"), plain(sheet.clinic or stated)),
        (_("Clinician"), plain(sheet.reviewer or stated)),
        (_("Analysed on"), plain(f"{_.short_date_time(sheet.created)} ({language.offset(sheet.created)})")),
    ]
    what = [
        (_("Video"), bold(sheet.video_name) + plain(f" ({words.file_size(video.size_bytes, _)})")),
        (_("Part analysed"), plain(words.part(video, _))),
        (_("Picture"), plain(words.picture(video, _))),
        (_("Region"), plain(words.region(sheet))),
        (_("SHA-256"), digest(video.sha256)),
    ]
    return [
        _title(sheet),
        Spacer(0, 4),
        side_by_side([facts(who, CONTENT * 0.42, 62)], [facts(what, CONTENT * 0.58, 70)], CONTENT * 0.42),
    ]


def _title(sheet: Sheet) -> Flowable:
    """The title, with the clinic's logo at the other end of the line where there is one."""
    title, logo = para(sheet.translate("Behaviour screening report"), TITLE), sheet.logo
    if logo is None:
        return title
    scale = min(LOGO_WIDTH / logo.width, LOGO_HEIGHT / logo.height)
    image = Image(io.BytesIO(logo.png), logo.width * scale, logo.height * scale)
    return Table(
        [[title, image]],
        colWidths=[CONTENT - LOGO_WIDTH, LOGO_WIDTH],
        style=[
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("ALIGN", (1, 0), (1, 0), "RIGHT"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ],
    )


def quality(sheet: Sheet) -> list[Flowable]:
    """What could be read of the file, what was left out of judgement and why."""
    _ = sheet.translate
    indicators, video = sheet.result.indicators, sheet.result.video
    rows = [
        (_("Read from the file"), plain(words.receipt(video, _))),
        (_("Damage"), plain(words.damage(video, _))),
        (
            _("Assessable"),
            plain(
                _("{seconds} of {requested} ({share}); a level needs at least {least}.").format(
                    seconds=words.span(indicators.assessable_s, _),
                    requested=words.span(indicators.requested_s, _),
                    share=words.share(indicators.coverage, _),
                    least=_.percent(sheet.result.profile.minimum_coverage),
                )
            ),
        ),
        (_("Left out"), plain(_left_out(sheet))),
    ]
    return [KeepTogether([*heading(_("Video quality")), facts(rows, CONTENT, 92)])]


def _left_out(sheet: Sheet) -> str:
    _ = sheet.translate
    reasons = words.excluded(sheet)
    if not reasons:
        return _("nothing")
    parts = [_("{reason}: {seconds} s").format(reason=reason, seconds=_.number(s, 1)) for reason, s in reasons]
    return "; ".join(parts) + "."


def model(sheet: Sheet) -> list[Flowable]:
    """Summary of the model card and what was measured."""
    _ = sheet.translate
    pack = sheet.result.pack
    behaviours = [label for label in pack.labels if label.id != pack.output.other_id]
    rows = [
        (_("Model"), bold(f"{pack.name} {pack.version}") + plain(f" · {pack.author} · {pack.licence}")),
        (_("Intended use"), plain(pack.intended_use)),
        (_("Ages"), plain(words.age_range(pack, _))),
        (_("Trained on"), plain(pack.training_data)),
        (
            _("Behaviours"),
            plain(
                _("{trained} of {all} were trained").format(
                    trained=sum(label.trained for label in behaviours), all=len(behaviours)
                )
            ),
        ),
        (_("SHA-256"), digest(pack.sha256)),
    ]
    blocks: list[Flowable] = [*heading(_("The model")), facts(rows, CONTENT, 92)]
    if not pack.performance:
        return [KeepTogether([*blocks, rich(plain(_("Measured performance:")) + " " + bold(_("none supplied")), CELL)])]
    table = [
        [
            para(_("Measured performance"), HEAD),
            para(_("value"), HEAD_NUMBER),
            para(_("data set"), HEAD),
            para(_("samples"), HEAD_NUMBER),
            para(_("date"), HEAD),
        ]
    ]
    table += [
        [
            para(words.measure(figure.metric, _), CELL),
            para(_.number(figure.value, 3), NUMBER),
            para(figure.dataset, CELL),
            para(_.number(figure.n), NUMBER),
            para(words.measured_on(figure.date, _), CELL),
        ]
        for figure in pack.performance
    ]
    return [KeepTogether(blocks), Spacer(0, 3), ruled(table, [232, 42, CONTENT - 388, 50, 64])]


def settings(sheet: Sheet) -> list[Flowable]:
    """Profile, thresholds, software, and the line that repeats the run."""
    _ = sheet.translate
    result = sheet.result
    profile, rule, given, runtime = result.profile, result.profile.episodes, result.pack.input, result.runtime
    rate = _("the video's own rate") if given.fps is None else _("{n} per second").format(n=words.weight(given.fps, _))
    rows = [
        (_("Profile"), plain(_("{name}, version {version}").format(name=profile.name, version=profile.version))),
        (
            _("Episodes"),
            plain(
                _(
                    "start at the threshold ({thresholds}), end below {ratio} × threshold; at least {shortest} s; "
                    "gaps up to {gap} s joined"
                ).format(
                    thresholds=_thresholds(sheet, profile.criteria),
                    ratio=_.number(rule.off_ratio, 2),
                    shortest=words.weight(rule.minimum_length_s, _),
                    gap=words.weight(rule.merge_gap_s, _),
                )
            ),
        ),
        (
            _("A level needs"),
            plain(
                _("{video} of the video and {least} assessable, {points} of the points").format(
                    video=_.percent(profile.minimum_coverage),
                    least=_.clock(profile.minimum_assessable_s),
                    points=_.percent(profile.minimum_weight_share),
                )
            ),
        ),
        (
            _("Input"),
            plain(
                _("{frames} pictures of {width} × {height}, {rate}; one window every {stride} pictures").format(
                    frames=given.frames, width=given.width, height=given.height, rate=rate, stride=given.stride
                )
            ),
        ),
        (
            _("Software"),
            plain(
                f"ViScreen {runtime.viscreen}, Python {runtime.python}, {runtime.system}, "
                f"ONNX Runtime {runtime.onnxruntime} ({runtime.provider}, {runtime.threads}), "
                f"OpenCV {runtime.opencv}, PyAV {runtime.pyav}, FFmpeg libavcodec {runtime.ffmpeg}"
            ),
        ),
    ]
    return [
        KeepTogether([*heading(_("Settings")), facts(rows, CONTENT, 92, SMALL)]),
        Spacer(0, 3),
        KeepTogether([para(_("This line repeats the run:"), NOTE), Preformatted(_command(result.command), MONO)]),
    ]


def _thresholds(sheet: Sheet, criteria: Sequence[Criterion]) -> str:
    """Lowest and highest threshold in use."""
    _ = sheet.translate
    own = {label.id: label.threshold for label in sheet.result.pack.labels if label.trained}
    used = own | {c.label_id: c.threshold for c in criteria if c.threshold is not None}
    if not used:
        return "–"
    low, high = _.number(min(used.values()), 2), _.number(max(used.values()), 2)
    return low if low == high else f"{low}–{high}"


def _command(command: str) -> str:
    """Broken into lines at spaces where it can be, with every character kept."""
    text = fonts.printable(command, fonts.MONO)
    room = int(CONTENT / fonts.width("0", fonts.MONO, MONO.fontSize))
    lines = []
    while len(text) > room:
        cut = text.rfind(" ", 1, room) + 1 or room
        lines.append(text[:cut])
        text = text[cut:]
    return "\n".join([*lines, text])


def closing(sheet: Sheet) -> list[Flowable]:
    """What a reader must not conclude, and on the same page what the clinician does conclude and signs."""
    _ = sheet.translate
    items = [rich(plain(sentence), BULLET, bulletText="•") for sentence in words.limits(sheet)]
    limits = [*heading(_("Limits"), keep=False), *items]
    height = sum(block.wrap(CONTENT, PAGE_HEIGHT)[1] for block in limits)
    title = heading(_("The clinician's conclusion"), keep=False)
    below = SIGNATURE_HEIGHT + 20.0
    height += sum(block.wrap(CONTENT, PAGE_HEIGHT)[1] for block in title)
    least = height + CONCLUSION_LEAST + below
    return [CondPageBreak(least), *limits, *title, _Conclusion(below), _signature(sheet)]


def _signature(sheet: Sheet) -> Table:
    """Name, date and signature: what is known, and lines for the pen."""
    _ = sheet.translate
    return Table(
        [
            [
                para(sheet.reviewer, BODY) if sheet.reviewer else "",
                para(_.date(sheet.signed), BODY) if sheet.signed else "",
                "",
            ],
            [para(_("Name"), NOTE), para(_("Date"), NOTE), para(_("Signature"), NOTE)],
        ],
        colWidths=[CONTENT * 0.38, CONTENT * 0.22, CONTENT * 0.40],
        rowHeights=[SIGNATURE_HEIGHT, None],
        style=[
            ("LINEABOVE", (0, 1), (-1, 1), 0.7, INK),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 1), (-1, 1), 1),
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ],
    )


class _Conclusion(Flowable):  # type: ignore[misc]  # reportlab carries no types
    """A frame to write in: what is left of the page above `below` points, within the two bounds."""

    def __init__(self, below: float) -> None:
        super().__init__()
        self._below = below

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Points it takes."""
        self.width = available_width
        self.height = min(max(available_height - self._below, CONCLUSION_LEAST), CONCLUSION_MOST)
        return self.width, self.height

    def draw(self) -> None:
        """Draw on the canvas that the layout gives."""
        self.canv.setStrokeColor(INK)
        self.canv.setLineWidth(HAIRLINE)
        self.canv.rect(0, 0, self.width, self.height)
