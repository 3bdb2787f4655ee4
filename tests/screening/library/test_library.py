"""A child comes twice; everything that was done is there the next morning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from screening.library import FILE, Library, place
from screening.library.records import Consent, Month, report_case
from screening.records import Decision, KeyBox, Region, Result, ScoreTimeline, Track
from tests.screening import results

TRACK = Track((KeyBox(0.0, Region(10, 20, 300, 400)), KeyBox(30.0, Region(60, 20, 320, 420))))


def decision(target: str = "m0", comment: str = "") -> Decision:
    return Decision(target, "accept", "Bs. Hà", "2026-11-22T09:30:00+00:00", comment=comment)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "thư viện" / "library.sqlite"


@pytest.fixture
def library(path: Path) -> Iterator[Library]:
    with Library(path) as library:
        yield library


@pytest.fixture(scope="module")
def result() -> Result:
    return results.ten_minutes(duration_s=60.0)


def clip(folder: Path, name: str = "chơi.mp4") -> Path:
    path = folder / name
    path.write_bytes(name.encode() * 20)
    return path


def reached(library: Library, case_id: int) -> tuple[str, int, int, int]:
    (line,) = library.visits.of_case(case_id)
    return line.state, line.videos, line.analysed, line.unfinished


def everything(library: Library) -> list[object]:
    """All that the library tells, in a form that can be compared."""
    told: list[object] = [library.videos.recent(), library.analyses.unfinished()]
    for line in library.cases.list():
        told += [line, library.reports.of_case(line.case.id)]
        for visit in library.visits.of_case(line.case.id):
            told.append(visit)
            for video in library.videos.of_visit(visit.visit.id):
                told.append(video)
                for analysis in library.analyses.of_video(video.id):
                    scores = library.analyses.scores(analysis.id)
                    told += [analysis, library.reviews.of_analysis(analysis.id), scores.reasons]
                    told += [array.tolist() for array in (scores.windows, scores.probabilities, scores.assessable)]
    return told


def test_a_visit_from_the_case_to_the_report_is_the_same_after_reopening(
    path: Path, tmp_path: Path, result: Result
) -> None:
    with Library(path) as library:
        # A case with consent, and a visit that is open.
        case = library.cases.add(
            "K-0147",
            born=Month(2021, 3),
            consent=Consent("Nguyễn Thị Lan", "mẹ", dt.date(2026, 11, 20)),
            notes="Khám theo hẹn",
        )
        visit = library.visits.add(case.id, dt.date(2026, 11, 22), "ở nhà trẻ")
        first = library.videos.add(visit.id, clip(tmp_path))
        library.videos.add(visit.id, clip(tmp_path, "ăn.mp4"))
        library.videos.received(first.id, result.video)
        assert reached(library, case.id) == ("open", 2, 0, 0)

        # The first clip is analysed.
        analysis = library.analyses.add(first.id, result.pack, result.profile, region=TRACK, start_s=0, end_s=60)
        assert reached(library, case.id) == ("open", 2, 0, 1)
        library.analyses.start(analysis.id)
        library.analyses.finish(analysis.id, result)
        assert reached(library, case.id) == ("analysed", 2, 1, 0)

        # It is reviewed, and a report made.
        review = library.reviews.begin(analysis.id, "Bs. Hà")
        library.reviews.decide(review.id, [decision("m0"), decision("m1")])
        assert reached(library, case.id) == ("analysed", 2, 1, 0)
        review = library.reviews.finish(review.id)
        assert reached(library, case.id) == ("reviewed", 2, 1, 0)
        library.reports.add(
            analysis.id, tmp_path / "report.pdf", language="vi", sha256="ab" * 32, settings={"evidence": "none"},
            review=review,
        )  # fmt: skip
        assert reached(library, case.id) == ("reported", 2, 1, 0)
        library.visits.leave(visit.id, {"page": "review", "cursor_s": 31.5})
        before = everything(library)

    with Library(path) as library:
        assert everything(library) == before
        (line,) = library.cases.list()
        assert (line.visits, line.last_visit) == (1, dt.date(2026, 11, 22))
        assert library.visits.get(visit.id).left_at == {"page": "review", "cursor_s": 31.5}
        kept = library.analyses.result(analysis.id)
        assert kept is not None
        assert kept.indicators == result.indicators
        assert kept.episodes == result.episodes
        assert np.array_equal(kept.scores.probabilities, result.scores.probabilities)
        assert library.analyses.get(analysis.id).region == TRACK


def test_a_report_keeps_the_decisions_it_shows_whatever_becomes_of_the_review(
    library: Library, tmp_path: Path, result: Result
) -> None:
    case = library.cases.add("K-0147")
    visit = library.visits.add(case.id, dt.date(2026, 11, 22))
    video = library.videos.add(visit.id, clip(tmp_path))
    analysis = library.analyses.add(video.id, result.pack, result.profile)
    review = library.reviews.decide(library.reviews.begin(analysis.id, "Bs. Hà").id, [decision(comment="rõ")])
    made = library.reports.add(
        analysis.id, tmp_path / "a.pdf", language="en", sha256="cd" * 32, settings={}, review=review
    )

    library.reviews.undo(review.id)
    library.reviews.delete(review.id)

    (report,) = library.reports.of_case(case.id)
    assert report.decisions == (decision(comment="rõ"),)
    assert report.review_id is None
    assert report.visit_id == visit.id
    assert report.path == made.path == tmp_path / "a.pdf"


def test_reports_of_a_case_are_listed_newest_first_and_of_no_other_case(
    library: Library, tmp_path: Path, result: Result
) -> None:
    made = []
    for name in ("one", "other", "one"):
        found = [line.case for line in library.cases.list() if line.case.pseudonym == name]
        case = found[0] if found else library.cases.add(name)
        visit = library.visits.add(case.id, dt.date(2026, 11, 22))
        video = library.videos.add(visit.id, clip(tmp_path))
        analysis = library.analyses.add(video.id, result.pack, result.profile)
        made.append(
            library.reports.add(analysis.id, tmp_path / "r.pdf", language="vi", sha256="0" * 64, settings={}).id
        )
        case_id = case.id if name == "one" else 0
    assert [report.id for report in library.reports.of_case(case_id)] == [made[2], made[0]]


@pytest.mark.parametrize("what", ["case", "visit", "video"])
def test_deleting_takes_everything_under_it_and_leaves_the_files(
    library: Library, tmp_path: Path, result: Result, what: str
) -> None:
    case = library.cases.add("K-0147")
    visit = library.visits.add(case.id, dt.date(2026, 11, 22))
    file = clip(tmp_path)
    video = library.videos.add(visit.id, file)
    analysis = library.analyses.add(video.id, result.pack, result.profile)
    library.analyses.start(analysis.id)
    library.analyses.append(analysis.id, result.scores, 60.0)
    review = library.reviews.decide(library.reviews.begin(analysis.id, "Bs. Hà").id, [decision()])
    library.reports.add(analysis.id, tmp_path / "r.pdf", language="vi", sha256="0" * 64, settings={}, review=review)

    {"case": library.cases, "visit": library.visits, "video": library.videos}[what].delete(
        {"case": case.id, "visit": visit.id, "video": video.id}[what]
    )

    for get, there in (
        (library.videos.get, video.id),
        (library.analyses.get, analysis.id),
        (library.reviews.get, review.id),
    ):
        with pytest.raises(LookupError):
            get(there)
    assert library.analyses.unfinished() == []
    assert len(library.analyses.scores(analysis.id).windows) == 0
    assert library.reports.of_case(case.id) == []
    assert file.exists()


def test_a_deleted_child_is_not_left_in_the_file(path: Path) -> None:
    with Library(path) as library:
        case = library.cases.add("Bông 0147", notes="ghi chú riêng tư")
        library.cases.add("another")
        library.cases.delete(case.id)
    left = path.read_bytes().decode(errors="replace")
    assert "Bông" not in left
    assert "riêng tư" not in left
    assert "another" in left


@pytest.mark.parametrize(
    ("on", "months"), [((2026, 11, 22), 68), ((2021, 3, 1), 0), ((2022, 2, 28), 11), ((2021, 2, 28), None)]
)
def test_the_report_tells_the_age_on_the_day_of_the_visit_and_the_consent(
    library: Library, on: tuple[int, int, int], months: int | None
) -> None:
    case = library.cases.add(
        "K-0147", born=Month(2021, 3), consent=Consent("Lan", "mẹ", dt.date(2026, 11, 20)), notes="không in ra"
    )
    told = report_case(case, dt.date(*on))
    assert (told.pseudonym, told.age_months) == ("K-0147", months)
    assert (told.consent, told.consented) == ("Lan (mẹ)", dt.date(2026, 11, 20))


def test_a_case_without_birth_and_consent_reports_neither(library: Library) -> None:
    told = report_case(library.cases.add("K-0147"), dt.date(2026, 11, 22))
    assert (told.age_months, told.consent, told.consented) == (None, "", None)


def test_no_scores_are_a_timeline_of_none(library: Library) -> None:
    empty = library.analyses.scores(1)
    assert isinstance(empty, ScoreTimeline)
    assert empty.windows.shape == (0, 2)


def test_a_library_of_an_older_program_stays_where_it_is(tmp_path: Path) -> None:
    # Given a folder without a library, then it is to be called by the name that a desktop knows;
    assert place(tmp_path) == tmp_path / FILE
    # given one that an older program made, then that is the library, until there is one of today.
    older = tmp_path / "library.db"
    Library(older).close()
    assert place(tmp_path) == older
    Library(tmp_path / FILE).close()
    assert place(tmp_path) == tmp_path / FILE
