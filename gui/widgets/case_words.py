"""Words for cases and visits in the language of now: month of birth, age, consent, how far a visit has come."""

from __future__ import annotations

import datetime as dt
import html

from babel import dates

from gui.desks.case_facts import Losses
from gui.i18n import _, current
from screening.library.records import Consent, Month, VisitSummary
from screening.report import words


def day(date: dt.date) -> str:
    """A day in a table: `Nov 22, 2026`, `22/11/2026`."""
    return current().short_date(date)


def month(born: Month) -> str:
    """`March 2021`."""
    return dates.format_skeleton("yMMMM", dt.date(born.year, born.month, 1), locale=current().code)


def age(born: Month | None, today: dt.date) -> str:
    """`5 years 8 months`; a dash when the month of birth is not known, or not reached."""
    months = born.age_months(today) if born is not None else None
    return words.age(months, current()) if months is not None else "–"


def consent(given: Consent) -> str:
    """`Nguyễn Thị Hoa (mother), 12 November 2026`."""
    who = f"{given.by} ({given.relation})" if given.relation else given.by
    return f"{who}, {current().date(given.given)}"


def progress(visit: VisitSummary) -> str:
    """How far the visit has come, and with that what is next."""
    if not visit.videos:
        return _("no video yet")
    return {
        "open": _("not analysed yet"),
        "analysed": _("analysed, not reviewed yet"),
        "reviewed": _("reviewed, no report yet"),
        "reported": _("report written"),
    }[visit.state]


def losses(lost: Losses) -> str:
    """`3 visits, 5 clips, 1 review`; empty when nothing would be lost."""
    t = current()
    kinds = (
        (lost.visits, t.ngettext("{n} visit", "{n} visits", lost.visits)),
        (lost.clips, t.ngettext("{n} clip", "{n} clips", lost.clips)),
        (lost.analyses, t.ngettext("{n} analysis", "{n} analyses", lost.analyses)),
        (lost.reviews, t.ngettext("{n} review", "{n} reviews", lost.reviews)),
        (lost.reports, t.ngettext("{n} report", "{n} reports", lost.reports)),
    )
    return ", ".join(text.format(n=t.number(n)) for n, text in kinds if n)


def tooltip(text: str) -> str:
    """Somebody's own words as a tooltip: lines are wrapped, and nothing in them is taken for markup."""
    return f"<p>{html.escape(text).replace(chr(10), '<br>')}</p>" if text else ""
