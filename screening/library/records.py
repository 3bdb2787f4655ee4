"""What the library hands out: frozen dataclasses, each with the id that it is asked for by.

Moments are ISO 8601 in UTC; times in a video are seconds from its start.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from screening import records
from screening.errors import ScreeningError
from screening.records import Decision, PackInfo, Profile, Track, VideoInfo

# ---------------------------------------------------------------------------------------------- cases and visits


@dataclass(frozen=True, slots=True)
class Month:
    """A month of birth; the day is nobody's business."""

    year: int
    month: int

    def __post_init__(self) -> None:
        dt.date(self.year, self.month, 1)

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month that `str` wrote ("2021-03")."""
        day = dt.date.fromisoformat(f"{text}-01")
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return dt.date(self.year, self.month, 1).isoformat()[:7]

    def age_months(self, on: dt.date) -> int | None:
        """Age in months, as exact as a birthday without its day allows; None before the month of birth."""
        months = (on.year - self.year) * 12 + on.month - self.month
        return months if months >= 0 else None


@dataclass(frozen=True, slots=True)
class Consent:
    """Who agreed to the recording and its analysis, what they are to the child, and when."""

    by: str
    relation: str
    given: dt.date


@dataclass(frozen=True, slots=True)
class Case:
    """One child, by pseudonym."""

    id: int
    pseudonym: str
    born: Month | None = None
    consent: Consent | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A line of the list of cases."""

    case: Case
    visits: int
    last_visit: dt.date | None


@dataclass(frozen=True, slots=True)
class Visit:
    """One sitting with a child. `left_at`: a small JSON object, written by the window: its page, its cursor."""

    id: int
    case_id: int
    date: dt.date
    notes: str
    left_at: dict[str, Any]


VisitState = Literal["open", "analysed", "reviewed", "reported"]


@dataclass(frozen=True, slots=True)
class VisitSummary:
    """A line of a case's visits: the furthest step that any of its clips has come to, and how many there are."""

    visit: Visit
    state: VisitState
    videos: int
    analysed: int
    unfinished: int


# ---------------------------------------------------------------------------------------------- videos and analyses


@dataclass(frozen=True, slots=True)
class Video:
    """One clip of a visit; `sha256`, `duration_s` and `receipt` are None until it was read through."""

    id: int
    visit_id: int
    path: Path
    size_bytes: int
    added: str
    sha256: str | None
    duration_s: float | None
    receipt: VideoInfo | None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an analysis failed, kept so that it can be told in the language of the day."""

    template: str
    values: dict[str, str]

    def sentence(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language of `translate` (a gettext function)."""
        return ScreeningError(self.template, **self.values).sentence(translate)


AnalysisState = Literal["waiting", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """One run of a model over a video, or the wish for one. `region` None: the whole picture."""

    id: int
    video_id: int
    state: AnalysisState
    created: str
    ended: str | None
    pack: PackInfo
    profile: Profile
    region: Track | None
    start_s: float | None
    end_s: float | None
    position_s: float
    failure: Failure | None


# ---------------------------------------------------------------------------------------------- reviews and reports

Step = tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """What one reviewer decided about one analysis, step by step; a step is undone and redone as a whole.

    The first `position` of `steps` are in force. With `mark_first` the reviewer does not see the model's answer until
    `revealed` says after how many steps it was shown; those steps are then fixed.
    """

    id: int
    analysis_id: int
    reviewer: str
    created: str
    mark_first: bool
    revealed: int | None
    steps: tuple[Step, ...]
    position: int
    finished: str | None

    @property
    def decisions(self) -> Step:
        """The decisions in force, in order."""
        return tuple(decision for step in self.steps[: self.position] for decision in step)

    @property
    def hides_model(self) -> bool:
        """True while the reviewer is to mark without seeing the model's answer."""
        return self.mark_first and self.revealed is None

    @property
    def can_undo(self) -> bool:
        """True when a step is in force that is not fixed."""
        return self.position > (self.revealed or 0)

    @property
    def can_redo(self) -> bool:
        """True when a step was undone and nothing else done since."""
        return self.position < len(self.steps)


@dataclass(frozen=True, slots=True)
class Report:
    """One PDF that was made. `decisions` are those that it shows, whatever became of the review later."""

    id: int
    analysis_id: int
    review_id: int | None
    visit_id: int
    made: str
    path: Path
    language: str
    sha256: str
    settings: dict[str, Any]
    decisions: Step


def report_case(case: Case, on: dt.date) -> records.Case:
    """`case` as the report has it, its age on the day `on` (the visit's)."""
    age = case.born.age_months(on) if case.born else None
    if case.consent is None:
        return records.Case(case.pseudonym, age)
    given = case.consent
    who = f"{given.by} ({given.relation})" if given.relation else given.by
    return records.Case(case.pseudonym, age, who, given.given)
