"""What the pictures of the window show: invented cases in a library, and a camera that sees the sample video."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import av
import cv2

from screening import analysis, paths
from screening.library import Library
from screening.library.records import Consent, Month
from screening.records import Result
from tests.screening.recording.loopback import serving

CHILD, OTHERS = "MT-014", ("HN-031", "MT-009", "SG-022")
REVIEWER, COLLEAGUE = "BS. An", "BS. Nguyễn Thị Bình"
FILM_S = 8.0


def enter(library: Library) -> int:
    """Four children; the visit of today of the first, with the sample video, is the answer."""
    today = dt.date.today()
    for number, name in enumerate(OTHERS):
        months = 30 + 7 * number
        case = library.cases.add(name, born=_born(today, months))
        for weeks in range(1, number + 2):
            library.visits.add(case.id, today - dt.timedelta(weeks=3 * weeks + number))
    agreed = Consent("N. T. H.", "mẹ", today - dt.timedelta(weeks=31))
    case = library.cases.add(CHILD, born=_born(today, 38), consent=agreed, notes="")
    visit = library.visits.add(case.id, today)
    library.videos.add(visit.id, paths.sample_video())
    return visit.id


def add_earlier(library: Library, found: Result) -> None:
    """Two visits before, in which less was found."""
    case = next(line.case for line in library.cases.list() if line.case.pseudonym == CHILD)
    for share, weeks in ((3, 30), (2, 14)):
        visit = library.visits.add(case.id, dt.date.today() - dt.timedelta(weeks=weeks))
        video = library.videos.add(visit.id, paths.sample_video())
        kept = found.episodes[::share]
        earlier = replace(found, episodes=kept, indicators=analysis.judged(found, kept, found.profile))
        begun = library.analyses.add(video.id, found.pack, found.profile)
        library.analyses.start(begun.id)
        library.analyses.finish(begun.id, earlier)
        library.reviews.finish(library.reviews.begin(begun.id, REVIEWER).id)


def _born(today: dt.date, months: int) -> Month:
    years, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return Month(years, month + 1)


@contextmanager
def filming(video: Path) -> Iterator[str]:
    """The address of a network camera that shows the beginning of `video` again and again."""
    jpegs = []
    with av.open(str(video)) as container:
        rate = float(container.streams.video[0].average_rate or 25)
        for frame in container.decode(video=0):
            if len(jpegs) >= FILM_S * rate:
                break
            jpegs.append(cv2.imencode(".jpg", frame.to_ndarray(format="bgr24"))[1].tobytes())
    with serving(rate=rate) as camera:
        camera.jpegs = jpegs
        yield camera.address
