"""What one report is made from: the result, what the clinician adds to it, and the language it is written in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from screening import language as languages
from screening.language import Translator
from screening.records import BehaviourResult, Case, Evidence, Indicators, Result
from screening.report.logo import Logo
from screening.report.reviewed import Review

NOBODY = Case()
Pictures = Literal["none", "model", "full"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`reasons` tells each code of why video is not assessable as an English sentence of the catalogue.

    `pictures` says what `evidence` holds: nothing, because none were wanted; what the model saw; or full pictures.
    `review` None: nobody reviewed the result. `signed` is the date beside the clinician's name, None: left to the pen.
    `zone` is the time zone of the clinic, None: of this computer when the analysis was made.
    """

    result: Result
    reasons: Mapping[str, str]
    language: str = "vi"
    case: Case = NOBODY
    evidence: Sequence[Evidence] = ()
    pictures: Pictures = "model"
    review: Review | None = None
    reviewer: str = ""
    clinic: str = ""
    logo: Logo | None = None
    signed: dt.date | None = None
    zone: dt.timezone | None = None

    @property
    def translate(self) -> Translator:
        """Sentences, numbers and dates of the report's language."""
        return languages.load(self.language)

    def label(self, label_id: int) -> str:
        """The behaviour's name; a profile may ask for one that the model does not have."""
        for label in self.result.pack.labels:
            if label.id == label_id:
                return label.name(self.translate.code)
        _ = self.translate
        return _("Behaviour {number}").format(number=label_id)

    def level(self, indicators: Indicators) -> str:
        """The level's name, or "" when there is none."""
        for band in self.result.profile.bands:
            if band.code == indicators.level:
                return self.named(band.names)
        return indicators.level or ""

    def named(self, names: Mapping[str, str]) -> str:
        """The name in the report's language, else in English, else the first that there is."""
        return names.get(self.translate.code) or names.get("en") or next(iter(names.values()), "")

    def reason(self, code: str) -> str:
        """Why a stretch of video is not assessable; a code without a sentence is shown as it is."""
        return self.translate(self.reasons.get(code, code))

    @property
    def created(self) -> dt.datetime:
        """When the analysis was made, by the clinic's clock."""
        return dt.datetime.fromisoformat(self.result.created).astimezone(self.zone)

    def local(self, moment: str) -> dt.datetime:
        """A moment of the record (ISO 8601) by the same clock: all times of a report have one offset."""
        return dt.datetime.fromisoformat(moment).astimezone(self.created.tzinfo)

    @property
    def video_name(self) -> str:
        """The file's name without its folder, whichever system wrote the path."""
        return PurePath(self.result.video.path.replace("\\", "/")).name

    def behaviour(self, behaviour: BehaviourResult) -> str:
        """The name of a judged behaviour; one that the model does not have has no name of its own, only a number."""
        if behaviour.reason != "not_in_model":
            return self.label(behaviour.label_id)
        _ = self.translate
        return _("Behaviour {number} of “{label_set}”").format(
            number=behaviour.label_id, label_set=self.result.profile.label_set
        )

    def ranked(self) -> list[int]:
        """The episodes' places in the result, those that matter most first: with a criterion, then by their peak."""
        asked = {b.label_id for b in self.result.indicators.behaviours if b.criterion is not None}
        episodes = self.result.episodes
        return sorted(
            range(len(episodes)), key=lambda i: (episodes[i].label_id not in asked, -(episodes[i].peak or 0.0), i)
        )
