"""What the record says, in sentences: plain functions from records to text, knowing nothing of pages."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

from screening.errors import N_
from screening.language import Translator
from screening.records import BehaviourResult, Case, Criterion, Indicators, PackInfo, Profile, VideoInfo
from screening.report.reviewed import Agreement, Figure, Review
from screening.report.sheet import Sheet

# So many times are named one by one; the rest are counted.
NAMED_TIMES = 8
NAMED_BOXES = 4


def weight(value: float, _: Translator) -> str:
    """Points as the profile gives them: whole, or with the decimals that they have (at most two)."""
    digits = next((d for d in (0, 1) if abs(round(value, d) - value) < 1e-9), 2)
    return _.number(value, digits)


def share(measured: float, _: Translator) -> str:
    """A measured share (0–1), rounded down: 99.6 % is not all, and 49.6 % is not the half that a profile asks for."""
    return _.percent(math.floor(100 * measured + 1e-6) / 100)


def span(seconds: float, _: Translator) -> str:
    """A measured length of time, rounded down for the same reason; tenths of seconds below a minute."""
    digits = 1 if seconds < 60 else 0
    return _.clock(math.floor(seconds * 10**digits + 1e-6) / 10**digits, digits)


def index(indicators: Indicators, profile: Profile, _: Translator) -> str:
    """The index rounded to a whole number, or finer where rounding would move it into another level's band."""
    value = indicators.index or 0.0
    for digits in (0, 1):
        if all((round(value, digits) <= band.upper) == (value <= band.upper) for band in profile.bands):
            return _.number(value, digits)
    return _.number(value, 2)


def arithmetic(indicators: Indicators, profile: Profile, _: Translator) -> str:
    """How the index came about, with the numbers of the record."""
    shown = index(indicators, profile, _)
    whole = shown == _.number(indicators.index or 0.0, 6).rstrip("0").rstrip(".,")
    return _("{met} of {assessable} assessable points → 100 × {met} ÷ {assessable} {equals} {index}").format(
        met=weight(indicators.weight_met, _),
        assessable=weight(indicators.weight_assessable, _),
        equals="=" if whole else "≈",
        index=shown,
    )


def no_level(indicators: Indicators, profile: Profile, _: Translator) -> tuple[str, str]:
    """Why there is no level: a short name and the reason with its numbers."""
    if indicators.no_level_reason == "criteria":
        return _("Not enough assessable behaviours"), _(
            "Only {assessable} of the profile's {total} points could be assessed; the profile asks for {least}."
        ).format(
            assessable=weight(indicators.weight_assessable, _),
            total=weight(indicators.weight_total, _),
            least=_.percent(profile.minimum_weight_share),
        )
    if indicators.no_level_reason == "too_short":
        return _("Not enough assessable video"), _(
            "{assessable} could be assessed; the profile asks for at least {least} (minutes:seconds)."
        ).format(assessable=span(indicators.assessable_s, _), least=_.clock(profile.minimum_assessable_s))
    return _("Not enough assessable video"), _(
        "{share} of the video could be assessed; the profile asks for at least {least}."
    ).format(share=share(indicators.coverage, _), least=_.percent(profile.minimum_coverage))


def age(months: int | None, _: Translator) -> str:
    """`3 years 2 months`, or that it is not stated."""
    if months is None:
        return _("not stated")
    years, rest = divmod(months, 12)
    parts = []
    if years:
        parts.append(_.ngettext("{n} year", "{n} years", years).format(n=years))
    if rest or not years:
        parts.append(_.ngettext("{n} month", "{n} months", rest).format(n=rest))
    return " ".join(parts)


def consent(case: Case, _: Translator) -> str:
    """Who agreed and when, or that it is not stated."""
    day = _.date(case.consented) if case.consented is not None else ""
    return ", ".join(part for part in (case.consent, day) if part) or _("not stated")


def outside_age(case: Case, pack: PackInfo) -> bool:
    """True when the child is known to be younger or older than the pack was made for."""
    if case.age_months is None or pack.age_range is None:
        return False
    return not pack.age_range[0] <= case.age_months / 12 <= pack.age_range[1]


def age_range(pack: PackInfo, _: Translator) -> str:
    """The ages that the pack is meant for."""
    if pack.age_range is None:
        return _("not stated")
    lowest, highest = (weight(end, _) for end in pack.age_range)
    return _("{lowest} to {highest} years").format(lowest=lowest, highest=highest)


def asked(criterion: Criterion | None, _: Translator) -> str:
    """What the profile asks of a behaviour: `2 times, ≥ 1 s`."""
    if criterion is None:
        return "–"
    seconds = weight(criterion.minimum_duration_s, _)
    if criterion.repetitions == 1:
        return _("once, ≥ {seconds} s").format(seconds=seconds)
    return _("{repetitions} times, ≥ {seconds} s").format(repetitions=criterion.repetitions, seconds=seconds)


# What is usually measured, in words; a pack's own words stand where they are others.
MEASURES = {
    "top-1": N_("right at the first guess"),
    "macro F1": N_("F1, mean of the behaviours"),
    "ECE": N_("error of its certainty (ECE)"),
}
SAMPLES = {"clips": N_("short clips"), "windows": N_("windows of a video")}


def measure(metric: str, _: Translator) -> str:
    """What a figure of a model pack measures, and on what."""
    name, _comma, samples = metric.partition(", ")
    known = [_(MEASURES.get(name, name)), *([_(SAMPLES.get(samples, samples))] if samples else [])]
    return ", ".join(known)


def measured_on(date: str, _: Translator) -> str:
    """The day of a figure as the language writes it; a pack's own words where they are no date."""
    try:
        return _.short_date(dt.date.fromisoformat(date))
    except ValueError:
        return date


def seen(behaviour: BehaviourResult, _: Translator) -> str:
    """How many episodes were long enough, and how many there were when some were not."""
    if behaviour.counted == behaviour.episodes:
        return _.number(behaviour.counted)
    return _("{counted} (of {episodes})").format(counted=behaviour.counted, episodes=behaviour.episodes)


def file_size(size_bytes: int, _: Translator) -> str:
    """In megabytes, as file managers show it; small files in kilobytes."""
    if size_bytes < 1e6:
        return _.number(size_bytes / 1e3, 1) + " kB"
    return _.number(size_bytes / 1e6, 1) + " MB"


def part(video: VideoInfo, _: Translator) -> str:
    """Which part of the video was asked for."""
    if video.start_s <= 0 and video.end_s >= video.duration_s:
        return _("all of it, {length} (minutes:seconds)").format(length=span(video.duration_s, _))
    return _("{start} to {end} of {length} (minutes:seconds)").format(
        start=_.clock(video.start_s), end=_.clock(video.end_s), length=_.clock(video.duration_s)
    )


def receipt(video: VideoInfo, _: Translator) -> str:
    """The decode receipt: frames declared, decoded, passed over, missing."""
    parts = []
    read = video.frames_decoded + video.frames_skipped
    if video.frames_declared is None:
        parts.append(_("The file does not say how many frames it holds."))
    else:
        parts.append(_("The file declares {n} frames.").format(n=_.number(video.frames_declared)))
    parts.append(_("{n} were decoded.").format(n=_.number(video.frames_decoded)))
    if video.frames_skipped:
        passed = _("{n} whole ones were passed over because the model does not need them.")
        parts.append(passed.format(n=_.number(video.frames_skipped)))
    whole = video.start_s <= 0 and video.end_s >= video.duration_s - 1.0
    if whole and video.frames_declared is not None and video.frames_declared > read:
        parts.append(_("{n} declared frames could not be read.").format(n=_.number(video.frames_declared - read)))
    parts.append(
        _("{share} of {start}–{end} was read.").format(
            share=share(video.covered_share, _), start=_.clock(video.start_s), end=span(video.end_s, _)
        )
    )
    return " ".join(parts)


def damage(video: VideoInfo, _: Translator) -> str:
    """The parts that could not be read, with their times."""
    if not video.errors:
        return _("none found")
    digits = 1 if video.duration_s < 60 else 0
    near = list(dict.fromkeys(_.clock(error.time_s, digits) for error in video.errors))
    return _.ngettext("{n} damaged part: near {times}", "{n} damaged parts: near {times}", len(video.errors)).format(
        n=len(video.errors), times=times(near, _)
    )


def times(named: Sequence[str], _: Translator, most: int = NAMED_TIMES, between: str = ", ") -> str:
    """Some times in a row; beyond a handful the rest are counted."""
    text = between.join(named[:most])
    if len(named) > most:
        text += " " + _("and {n} more").format(n=len(named) - most)
    return text


def picture(video: VideoInfo, _: Translator) -> str:
    """Size, rate, codec and how the picture was turned."""
    rate = (
        _("variable frame rate, {rate} per second on average") if video.variable_rate else _("{rate} frames per second")
    )
    parts = [
        f"{video.width} × {video.height}",
        rate.format(rate=_.number(video.average_fps, 2).rstrip("0").rstrip(".,")),
    ]
    if video.rotation_deg % 360:
        parts.append(_("turned upright by {degrees}°").format(degrees=video.rotation_deg))
    parts.append(f"{video.codec}, {video.pixel_format}")
    if video.video_streams > 1:
        parts.append(_("default picture of {n} in the file").format(n=video.video_streams))
    return "; ".join(parts)


def region(sheet: Sheet) -> str:
    """Which part of the picture was analysed."""
    _ = sheet.translate
    track = sheet.result.region
    if track is None:
        return _("whole picture; no box was drawn around the child")
    if len(track.boxes) == 1:
        box = track.boxes[0].region
        return _("the child's box: {width} × {height} pixels at {x}, {y}").format(
            width=box.width, height=box.height, x=box.x, y=box.y
        )
    named = [
        _("{time} – {width} × {height} pixels at {x}, {y}").format(
            time=_.clock(key.time_s, 1),
            width=key.region.width,
            height=key.region.height,
            x=key.region.x,
            y=key.region.y,
        )
        for key in track.boxes
    ]
    return _("the child's box, moved over time in straight lines between {n} key boxes: {boxes}").format(
        n=len(named), boxes=times(named, _, NAMED_BOXES, "; ")
    )


def excluded(sheet: Sheet) -> list[tuple[str, float]]:
    """Why video was left out and for how many seconds, the longest first."""
    reasons = sheet.result.indicators.excluded
    return [(sheet.reason(code), reasons[code]) for code in sorted(reasons, key=lambda code: (-reasons[code], code))]


def limits(sheet: Sheet) -> list[str]:
    """What a reader must not conclude from this report."""
    _ = sheet.translate
    pack = sheet.result.pack
    sentences = [
        _(
            "The index counts observed behaviour against a profile that the clinician can change. It is not a "
            "probability of autism, and a low index does not rule autism out."
        ),
        _(
            "Only what this camera showed can be observed. The program does not know who is in the picture: without "
            "a box around the child, other people count too. Sound is not analysed."
        ),
    ]
    if pack.simulated_only:
        sentences.append(
            _(
                "The model was trained on rendered figures and has never seen a real child: how often it is right on "
                "children is unknown."
            )
        )
    sentences.append(
        _(
            "Untested groups: no figures were supplied apart by age, sex, skin colour, build, disability, clothing or "
            "culture. For any of these the model may be less reliable."
        )
    )
    if outside_age(sheet.case, pack):
        sentences.append(
            _("The child's age ({age}) lies outside the ages that the model was made for ({range}).").format(
                age=age(sheet.case.age_months, _), range=age_range(pack, _)
            )
        )
    return sentences


# Codes of `Figure.reason`: why there is no figure, and why a figure has no interval.
NO_FIGURE = {
    "no_time": N_("no second of the video could be assessed"),
    "constant": N_("both say the same of every second, so that chance alone would agree"),
    "no_episodes": N_("there is no episode to count"),
}
NO_INTERVAL = {
    "too_short": N_("no interval: too little video"),
    "rare": N_("no interval: seen too seldom"),
    "no_variation": N_("no interval: agreement too even to say how sure it is"),
}


def still_open(review: Review, _: Translator) -> str:
    """How many episodes are undecided, and what stands meanwhile."""
    return _.ngettext(
        "{n} of the model's {all} episodes is still open: for it the model's answer stands.",
        "{n} of the model's {all} episodes are still open: for them the model's answer stands.",
        review.open,
    ).format(n=review.open, all=sum(one.found is not None for one in review.judged))


def figure(measured: Figure, _: Translator, digits: int | None = 2) -> str:
    """`0.62 (95 % interval 0.41 to 0.80)`, or why there is none; `digits` None: as a percentage."""

    def number(value: float) -> str:
        return _.percent(value) if digits is None else _.number(value, digits)

    if measured.value is None:
        return _("none: {why}").format(why=_(NO_FIGURE.get(measured.reason, measured.reason)))
    if measured.low is None or measured.high is None:
        why = _(NO_INTERVAL.get(measured.reason, measured.reason))
        return f"{number(measured.value)} ({why})"
    return _("{value} (95 % interval {low} to {high})").format(
        value=number(measured.value), low=number(measured.low), high=number(measured.high)
    )


def agreement(measured: Agreement, _: Translator) -> list[tuple[str, str]]:
    """Names and figures of the agreement between the clinician, who marked first, and the model."""
    pairs = _("{matched} pairs of the clinician's {marked} and the model's {found} episodes").format(
        matched=measured.matched, marked=measured.marked, found=measured.found
    )
    return [
        (_("Cohen's kappa, second by second"), figure(measured.kappa, _)),
        (_("Episode agreement (F1)"), f"{figure(measured.f1, _)}; {pairs}"),
        (_("The clinician's episodes that the model found"), figure(measured.marked_found, _, None)),
        (_("The model's episodes that the clinician marked"), figure(measured.found_marked, _, None)),
    ]
