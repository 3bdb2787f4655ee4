"""What the page of cases asks the library beyond records: what a deletion would forget, how a child's index went.

A library comes in, on the library's own thread; frozen dataclasses go out.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from screening import analysis
from screening.errors import N_, WrongUsage
from screening.library import Library
from screening.library.records import Review
from screening.records import Indicators, Profile, Result

_BUSY = N_("An analysis of it is waiting or running. Wait for it, or take it from the queue, and delete then.")


@dataclass(frozen=True, slots=True)
class Losses:
    """How much of each kind would be forgotten; files on the disk are not among it."""

    visits: int
    clips: int
    analyses: int
    reviews: int
    reports: int


@dataclass(frozen=True, slots=True)
class Finding:
    """The index of one clip; `clip` counts from 1 among the visit's clips.

    `indicators` is what the model found, `reviewed` what the review that was finished last made of it, if there is one.
    """

    date: dt.date
    clip: int
    indicators: Indicators
    reviewed: Indicators | None
    pack_sha256: str
    profile: Profile


def losses_of_case(library: Library, case_id: int) -> Losses:
    """What deleting the case would forget."""
    return _losses(library, case_id, [summary.visit.id for summary in library.visits.of_case(case_id)])


def losses_of_visit(library: Library, visit_id: int) -> Losses:
    """What deleting the visit would forget beside itself."""
    lost = _losses(library, library.visits.get(visit_id).case_id, [visit_id])
    return dataclasses.replace(lost, visits=0)


def delete_case(library: Library, case_id: int) -> None:
    """Forget the case; WrongUsage while one of its analyses is waiting or running."""
    _refuse_busy(summary.unfinished for summary in library.visits.of_case(case_id))
    library.cases.delete(case_id)


def delete_visit(library: Library, visit_id: int) -> None:
    """Forget the visit; WrongUsage while one of its analyses is waiting or running."""
    case_id = library.visits.get(visit_id).case_id
    _refuse_busy(s.unfinished for s in library.visits.of_case(case_id) if s.visit.id == visit_id)
    library.visits.delete(visit_id)


def findings(library: Library, case_id: int, *, mark_first: bool = False) -> tuple[Finding, ...]:
    """The newest finished analysis of every clip of the case, the latest visit first.

    Nothing of one whose answer is still kept from a reviewer; with `mark_first`, of none that nobody has reviewed.
    """
    found = []
    for summary in library.visits.of_case(case_id):
        for number, video in enumerate(library.videos.of_visit(summary.visit.id), 1):
            done = next((a.id for a in library.analyses.of_video(video.id) if a.state == "done"), None)
            reviews = library.reviews.of_analysis(done) if done is not None else []
            hidden = any(review.hides_model for review in reviews) or (mark_first and not reviews)
            result = library.analyses.result(done) if done is not None and not hidden else None
            if result is not None:
                reviewed, pack = _reviewed(result, reviews), result.pack.sha256
                found.append(Finding(summary.visit.date, number, result.indicators, reviewed, pack, result.profile))
    return tuple(found)


def _reviewed(result: Result, reviews: Iterable[Review]) -> Indicators | None:
    finished = [review for review in reviews if review.finished is not None]
    last = max(finished, key=lambda review: review.finished or "", default=None)
    return analysis.reviewed(result, last.decisions).indicators if last is not None else None


def _refuse_busy(unfinished: Iterable[int]) -> None:
    # The queue goes on appending scores to the analysis that it runs; it must not vanish under it.
    if any(unfinished):
        raise WrongUsage(_BUSY)


def _losses(library: Library, case_id: int, visit_ids: list[int]) -> Losses:
    videos = [video for visit_id in visit_ids for video in library.videos.of_visit(visit_id)]
    analyses = [one for video in videos for one in library.analyses.of_video(video.id)]
    return Losses(
        visits=len(visit_ids),
        clips=len(videos),
        analyses=len(analyses),
        reviews=sum(len(library.reviews.of_analysis(one.id)) for one in analyses),
        reports=sum(report.visit_id in visit_ids for report in library.reports.of_case(case_id)),
    )
