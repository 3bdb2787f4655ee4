"""One gettext catalogue for screen, command line and PDF, with numbers, dates and durations in the same language.

`load("vi")` gives a `Translator`: call it with an English sentence, get the sentence of that language. Sources mark
sentences as `_("…")` where `_` is a translator, and `N_("…")` (from `errors`) where they are shown later.
"""

from __future__ import annotations

import datetime as dt
import gettext
from functools import lru_cache

from babel import dates, numbers

from screening import paths

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
DOMAIN = "viscreen"

# How a day is written in running text, and in tables, where names need the room. The locale data that babel brings
# have a Vietnamese form ("22 tháng 11, 2026") that nobody in a clinic writes.
LONG_DAYS = {"vi": "d 'tháng' M 'năm' y", "en": "MMMM d, y"}
SHORT_DAYS = {"vi": "dd/MM/yyyy", "en": "MMM d, y"}


class Translator:
    """Sentences, numbers, dates and durations of one language. Immutable; safe to share between threads."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._catalogue = gettext.translation(
            DOMAIN, paths.resources() / "translations", languages=[code], fallback=code == "en"
        )

    def __call__(self, sentence: str) -> str:
        """`sentence` in this language."""
        return self._catalogue.gettext(sentence) if sentence else ""

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The form for `n`; the caller fills in the number."""
        return self._catalogue.ngettext(singular, plural, n)

    def number(self, value: float, digits: int = 0) -> str:
        """`value` with exactly `digits` decimals, separators as the language writes them."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return numbers.format_decimal(value, format=pattern, locale=self.code)

    def percent(self, share: float, digits: int = 0) -> str:
        """`share` (0–1) as a percentage."""
        return self.number(100 * share, digits) + " %"

    def date(self, day: dt.date) -> str:
        """A day, written in full and without doubt about the order of day and month."""
        return dates.format_date(day, LONG_DAYS[self.code], locale=self.code)

    def short_date(self, day: dt.date) -> str:
        """A day in a table: `Nov 22, 2026`, `22/11/2026`."""
        return dates.format_date(day, SHORT_DAYS[self.code], locale=self.code)

    def date_time(self, moment: dt.datetime) -> str:
        """A day and the time of day, with its own time zone left out."""
        return f"{self.date(moment.date())}, {moment:%H:%M}"

    def short_date_time(self, moment: dt.datetime) -> str:
        """The same in a table: `22/11/2026, 08:09`."""
        return f"{self.short_date(moment.date())}, {moment:%H:%M}"

    def clock(self, seconds: float, digits: int = 0) -> str:
        """A position in a video: `2:51`, `2:51.4` (digits=1), `1:02:51`."""
        unit = 10**digits
        ticks = round(seconds * unit)
        whole, rest = divmod(ticks, unit)
        hours, minutes, secs = whole // 3600, whole // 60 % 60, whole % 60
        text = f"{hours}:{minutes:02d}:{secs:02d}" if hours else f"{minutes}:{secs:02d}"
        return text + (numbers.get_decimal_symbol(self.code) + f"{rest:0{digits}d}" if digits else "")


def offset(moment: dt.datetime) -> str:
    """How far the clock of an aware `moment` is from Greenwich: `GMT+7`, `GMT-3:30`, `GMT`."""
    ahead = moment.utcoffset()
    if ahead is None:
        raise ValueError("the moment has no time zone")
    minutes = round(ahead.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return "GMT" + (f"{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02d}" if rest else "") if minutes else "")


@lru_cache
def load(code: str) -> Translator:
    """The translator of `code` ("vi" or "en")."""
    if code not in LANGUAGES:
        raise ValueError(f"no such language: {code!r}; there are {', '.join(LANGUAGES)}")
    return Translator(code)
