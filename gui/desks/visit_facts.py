"""What the desk of a visit reads and writes in the library, and where a visit was left. No Qt here.

Ids and a `Library` come in; frozen records go out.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from screening.errors import N_, ScreeningError, VideoUnusable
from screening.library import Library
from screening.library.records import Analysis, Case, Report, Review, Video, Visit
from screening.library.videos import Fingerprint, fingerprint, look_for
from screening.records import Result, Track, VideoInfo


@dataclass(frozen=True, slots=True)
class Clip:
    """One video of what is open. `video` None: nothing is kept of it. `analyses`: the newest first."""

    key: int
    path: Path
    video: Video | None = None
    analyses: tuple[Analysis, ...] = ()
    missing: bool = False

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def analysed(self) -> Analysis | None:
        """The newest analysis that is done."""
        return next((analysis for analysis in self.analyses if analysis.state == "done"), None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one clip was left: the cursor (s), the child's box, the part to analyse (s)."""

    position_s: float = 0.0
    track: Track | None = None
    trim: tuple[float | None, float | None] = (None, None)


@dataclass(frozen=True, slots=True)
class LeftAt:
    """Where a visit was left: the page by its name, the clip by its key, and a place in each clip."""

    page: str = ""
    video: int | None = None
    places: dict[int, Place] = field(default_factory=dict)


_LEFT_AT = TypeAdapter(LeftAt)


def read_left_at(kept: dict[str, Any]) -> LeftAt:
    """What `write_left_at` wrote; from the beginning where another version wrote something else."""
    try:
        return _LEFT_AT.validate_python(kept)
    except ValidationError:
        return LeftAt()


def write_left_at(left_at: LeftAt) -> dict[str, Any]:
    """`left_at` as the library keeps it."""
    written: dict[str, Any] = _LEFT_AT.dump_python(left_at, mode="json")
    return written


@dataclass(frozen=True, slots=True)
class Opened:
    """Everything that is read when a visit is opened."""

    case: Case
    visit: Visit
    clips: tuple[Clip, ...]
    reports: tuple[Report, ...]


def load(visit_id: int, library: Library) -> Opened:
    """The visit with its clips, and the reports of its case."""
    visit = library.visits.get(visit_id)
    case = library.cases.get(visit.case_id)
    clips = tuple(clip_of(library, video) for video in library.videos.of_visit(visit_id))
    return Opened(case, visit, clips, tuple(library.reports.of_case(case.id)))


def clip_of(library: Library, video: Video) -> Clip:
    """`video` with its analyses, and whether its file is where it was."""
    return Clip(video.id, video.path, video, tuple(library.analyses.of_video(video.id)), not video.path.is_file())


def clip(video_id: int, library: Library) -> Clip:
    """The clip as it is now."""
    return clip_of(library, library.videos.get(video_id))


def add_videos(visit_id: int, paths: Sequence[Path], library: Library) -> tuple[list[Clip], list[ScreeningError]]:
    """Add each of `paths` to the visit; the new clips, and why others could not be added."""
    clips: list[Clip] = []
    refused: list[ScreeningError] = []
    library.visits.get(visit_id)
    for path in paths:
        try:
            clips.append(clip_of(library, library.videos.add(visit_id, path)))
        except VideoUnusable as error:
            refused.append(error)
    return clips, refused


def without_library(paths: Sequence[Path], keys: itertools.count[int]) -> tuple[list[Clip], list[ScreeningError]]:
    """As `add_videos`, where nothing is kept; `keys` numbers the clips."""
    there = [path for path in paths if path.is_file()]
    sentence = N_("There is no file “{name}”. Choose another video.")
    refused: list[ScreeningError] = [VideoUnusable(sentence, name=path.name) for path in paths if path not in there]
    return [Clip(next(keys), path) for path in there], refused


def found(video_id: int, library: Library) -> tuple[int, Result] | None:
    """What the newest analysis of the clip that is done has found, after its id."""
    done = clip(video_id, library).analysed
    result = library.analyses.result(done.id) if done is not None else None
    return (done.id, result) if done is not None and result is not None else None


def received(video_id: int, receipt: VideoInfo, library: Library) -> Video:
    """Keep what reading the video through has shown; that of a part only where nothing is known yet."""
    video = library.videos.get(video_id)
    is_whole = receipt.start_s == 0 and receipt.end_s >= receipt.duration_s
    return library.videos.received(video_id, receipt) if is_whole or video.receipt is None else video


def reorder(visit_id: int, keys: Sequence[int], library: Library) -> list[int]:
    """Put the visit's clips in the order of `keys`, those not named behind; the order that is kept now."""
    there = [video.id for video in library.videos.of_visit(visit_id)]
    named = [key for key in keys if key in there]
    order = [*named, *(key for key in there if key not in named)]
    library.videos.reorder(visit_id, order)
    return order


def delete_video(video_id: int, library: Library) -> bool:
    """Forget the clip and everything under it; the file stays."""
    library.videos.delete(video_id)
    return True


def leave(visit_id: int, left_at: LeftAt, library: Library) -> bool:
    """Remember where the visit was left."""
    library.visits.leave(visit_id, write_left_at(left_at))
    return True


def seek_file(clip: Clip, place: Path) -> tuple[Clip, Path, Fingerprint]:
    """The file of `clip` at `place`, or anywhere in that folder, and what tells it from others. Reads it through."""
    path = place
    if place.is_dir():
        inside = look_for(clip.video, [place]) if clip.video is not None else None
        if inside is None:
            sentence = N_("“{name}” is not in the folder “{folder}”. Choose another folder, or the file itself.")
            raise VideoUnusable(sentence, name=clip.name, folder=place.name)
        path = inside
    return clip, path, fingerprint(path)


def relink(found_at: tuple[Clip, Path, Fingerprint], library: Library) -> Clip:
    """Write down where the file of the clip is now. WrongUsage when it is another video."""
    moved, path, what = found_at
    if moved.video is None:
        return replace(moved, path=path, missing=False)
    return clip_of(library, library.videos.relink(moved.video.id, path, what))


def begin_review(analysis_id: int, reviewer: str, mark_first: bool, library: Library) -> tuple[Review, list[Review]]:
    """The reviewer's review, new or as it was left, and all reviews of the analysis."""
    library.analyses.get(analysis_id)
    review = library.reviews.begin(analysis_id, reviewer, mark_first=mark_first)
    return review, library.reviews.of_analysis(analysis_id)


def reviews(analysis_id: int, library: Library) -> list[Review]:
    """Every review of the analysis as it stands now."""
    return library.reviews.of_analysis(analysis_id)


def add_report(
    analysis_id: int,
    review_id: int | None,
    path: Path,
    settings: dict[str, Any],
    sha256: str,
    language: str,
    library: Library,
) -> tuple[Report, list[Report]]:
    """The report that was written, and all of its case, the newest first."""
    analysis = library.analyses.get(analysis_id)
    review = library.reviews.get(review_id) if review_id is not None else None
    report = library.reports.add(analysis.id, path, language=language, sha256=sha256, settings=settings, review=review)
    case_id = library.visits.get(report.visit_id).case_id
    return report, library.reports.of_case(case_id)


def unfinished(library: Library) -> list[tuple[Analysis, Video]]:
    """What a crash or closing the program left, in the order of the queue, each with its clip."""
    return [(analysis, library.videos.get(analysis.video_id)) for analysis in library.analyses.unfinished()]
