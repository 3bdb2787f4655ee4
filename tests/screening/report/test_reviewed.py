"""The report of a reviewed result: decisions apart from the model's answers, both indices, agreement, letterhead."""

from __future__ import annotations

import dataclasses
import datetime as dt
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from screening import analysis, language, quality, report, review
from screening.errors import WrongUsage
from screening.records import Decision, Evidence, Result
from screening.report import words
from screening.report.reviewed import Figure, Review
from screening.report.styles import MARGIN, PAGE_WIDTH
from screening.review.agreement import agreement
from tests.screening import results

LANGUAGES = list(language.LANGUAGES)
HANOI = dt.timezone(dt.timedelta(hours=7))
AMY, BINH = "Dr Amy Tran", "BS. Lê Văn Bình"
DONE = "2026-11-22T11:05:00+00:00"


def decide(target: str, verdict: str, reviewer: str = AMY, **more: object) -> Decision:
    return Decision(target, verdict, reviewer, "2026-11-22T10:15:00+00:00", **more)  # type: ignore[arg-type]


@cache
def found(code: int, place: int = 0) -> str:
    """The target of the model's episode of behaviour `code`, the first one unless `place` says otherwise."""
    mine = [i for i, episode in enumerate(results.ten_minutes().episodes) if episode.label_id == code]
    return f"m{mine[place]}"


def decisions() -> list[Decision]:
    """Clapping: one of three accepted, one rejected; spinning: one is jumping, the other is rejected; one added."""
    return [
        decide(found(1), "accept", comment="Rõ ràng, cả hai tay"),
        decide(found(1, 1), "reject", BINH),
        decide(found(1, 2), "adjust", start_s=535.5, end_s=537.5),
        decide(found(3), "relabel", label_id=2),
        decide(found(3, 1), "reject", comment="Child turns to the door"),
        decide("c0", "add", label_id=2, start_s=100.0, end_s=104.0),
        decide(found(8), "comment", comment="Look again"),
    ]


@cache
def reviewed(finished: str = "") -> Review:
    return analysis.reviewed(results.ten_minutes(), decisions(), finished=finished)


def pages(told: Review | None, code: str = "en", result: Result | None = None, **options: object) -> list[str]:
    document = report.render(
        result or results.ten_minutes(),
        reasons=quality.REASONS,
        language=code,
        case=results.CASE,
        review=told,
        zone=HANOI,
        **options,  # type: ignore[arg-type]
    )
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(document)).pages]


def text(told: Review | None, code: str = "en", **options: object) -> str:
    return " ".join(pages(told, code, **options))  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------- decisions


def test_each_decision_stands_beside_the_models_answer_with_who_and_when() -> None:
    shown = text(reviewed())
    for row in (
        "1:02.0 – 1:05.4 Clapping 0.74 accepted Rõ ràng, cả hai tay Dr Amy Tran Nov 22, 2026, 17:15",
        "2:11.5 – 2:13.7 Clapping 0.74 rejected BS. Lê Văn Bình Nov 22, 2026, 17:15",
        "8:55.0 – 9:00.1 Clapping 0.74 corrected: 8:55.5 – 8:57.5 Dr Amy Tran",
        "5:36.0 – 5:42.2 Spinning 0.78 corrected: Body rocking Dr Amy Tran",
        "8:20.2 – 8:27.7 Spinning 0.78 rejected Child turns to the door Dr Amy Tran",
        "1:40.0 – 1:44.0 nothing – added: Body rocking Dr Amy Tran",
    ):
        assert row in shown, f"missing: {row}"
    assert "☐ ☐" not in shown, "squares to tick by pen beside decisions that were made"


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_still_open_is_named_as_open(code: str) -> None:
    _, told = language.load(code), reviewed()
    assert told.open == 7, "a comment alone decides nothing"
    shown = text(told, code)
    assert shown.count(words.still_open(told, _)) == 2, "beside the index and above the table"
    assert shown.count("☐ " + _("open")) == 7
    assert _("The review is not finished.") in shown


def test_a_finished_review_says_when() -> None:
    shown = text(reviewed(DONE))
    assert "The review was finished on November 22, 2026, 18:05 (GMT+7)." in shown
    assert "The review is not finished." not in shown


def test_who_reviewed_alone_is_named_once_and_not_in_every_row() -> None:
    alone = analysis.reviewed(results.ten_minutes(), [d for d in decisions() if d.reviewer == AMY])
    shown = text(alone)
    assert "Reviewed by Dr Amy Tran. The review is not finished." in shown
    assert shown.count(AMY) == 1
    assert "when (GMT+7)" in shown
    assert "by whom, when (GMT+7)" in text(reviewed())


def test_without_a_review_it_stays_as_it_was() -> None:
    shown = text(None)
    assert shown.count("☐ ☐") == 12
    assert "Not yet reviewed." in shown
    assert "As reviewed by the clinician" not in shown
    assert "Agreement between clinician and model: not measured." in shown


def test_of_many_open_episodes_those_that_matter_most_are_listed_and_every_decision() -> None:
    result = results.crowded()
    last = len(result.episodes) - 1
    told = analysis.reviewed(result, [decide(f"m{i}", "accept") for i in range(60)] + [decide(f"m{last}", "reject")])
    shown = text(told, result=result)
    assert shown.count("accepted") == 60
    assert shown.count("rejected") == 1
    assert shown.count("☐ open") == 24
    assert f"{told.open - 24} more episodes that are still open are not listed here" in shown


def test_a_review_of_nothing_with_nothing_added_says_so() -> None:
    empty = results.ten_minutes(episodes={})
    assert "The model found no episode, and the clinician added none." in text(
        analysis.reviewed(empty, []), result=empty
    )


# ------------------------------------------------------------------------------------- both indices


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_models_index_and_the_reviewed_one_stand_side_by_side_with_their_arithmetic(code: str) -> None:
    _, profile, told = language.load(code), results.profile(), reviewed()
    first = pages(told, code)[0]
    model = results.ten_minutes().indicators
    assert (model.weight_met, told.indicators.weight_met) == (16, 16)
    for indicators in (model, told.indicators):
        assert words.arithmetic(indicators, profile, _) in first
    assert _("As the model found it") in first
    assert _("As reviewed by the clinician") in first
    assert _("This is an index of observed behaviour, not a probability of autism.") in first


def test_each_criterion_tells_what_is_left_of_it_after_the_review() -> None:
    """Body rocking gains two long episodes and is met; spinning loses both and is not."""
    first = pages(reviewed())[0]
    assert "Body rocking 3 times, ≥ 2 s 6 2 (of 3) 16.6 0.32 – not met ✓ met · 4 (of 5)" in first
    assert "Spinning 2 times, ≥ 2 s 6 2 13.7 0.22 ✓ met – not met · 0" in first
    assert "Clapping 2 times, ≥ 1 s 5 3 10.7 0.32 ✓ met ✓ met · 2" in first


def test_a_reviewed_index_without_a_level_says_why_on_both_sides() -> None:
    short = results.ten_minutes(duration_s=12.0, dark=(), episodes={1: ((3.0, 2.0),)})
    shown = pages(analysis.reviewed(short, [decide("m0", "accept")]), result=short)[0]
    assert shown.count("No level") == 2
    assert shown.count("0:12.0 could be assessed; the profile asks for at least") == 2
    assert "of 100" not in shown


# ------------------------------------------------------------------------------------- agreement


def marks(shift_s: float) -> list[Decision]:
    """What a clinician marked who saw what the model saw, `shift_s` later, and one episode more."""
    own = [
        decide(f"c{i}", "add", label_id=e.label_id, start_s=e.start_s + shift_s, end_s=e.end_s + shift_s)
        for i, e in enumerate(results.ten_minutes().episodes)
    ]
    return [*own, decide(f"c{len(own)}", "add", label_id=6, start_s=200.0, end_s=206.0)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_who_marked_first_reads_the_agreement_with_its_intervals(code: str) -> None:
    _ = language.load(code)
    result = results.ten_minutes()
    own = review.episodes(review.begin((), range(43), 0, 600).after(marks(0.4)))
    agreed = agreement(own, result.episodes, 0, 600, [(384.0, 428.0)])
    told = analysis.reviewed(result, marks(0.4), agreed=agreed)
    measured = told.agreement
    assert measured is not None
    assert (measured.marked, measured.found, measured.matched) == (13, 12, 12)
    assert measured.seconds == 556, "the dark part is not compared"
    assert measured.kappa.value is not None
    assert 0.5 < measured.kappa.value < 1
    shown = text(told, code)
    for name, value in words.agreement(measured, _):
        assert name in shown
        assert value in shown
    assert _.number(measured.kappa.low or 0, 2) in shown


@pytest.mark.parametrize("code", LANGUAGES)
def test_who_saw_the_models_answer_first_gets_no_agreement_and_reads_why(code: str) -> None:
    _ = language.load(code)
    why = "Not measured: the clinician saw the model's answer before deciding, so the two are not independent."
    assert _(why) in text(reviewed(), code)


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        (Figure(0.618, 0.4, 0.803), "0.62 (95 % interval 0.40 to 0.80)"),
        (Figure(None, reason="constant"), "none: both say the same of every second, so that chance alone would agree"),
        (Figure(1.0, reason="no_variation"), "1.00 (no interval: agreement too even to say how sure it is)"),
        (Figure(0.5, reason="too_short"), "0.50 (no interval: too little video)"),
    ],
)
def test_a_figure_of_agreement_has_an_interval_or_says_why_not(figure: Figure, shown: str) -> None:
    assert words.figure(figure, language.load("en")) == shown


# ------------------------------------------------------------------------------------- evidence


def images(**options: object) -> list[np.ndarray]:
    document = report.render(results.ten_minutes(), reasons=quality.REASONS, language="en", **options)  # type: ignore[arg-type]
    every = [image for page in PdfReader(BytesIO(document)).pages for image in page.images]
    return [np.asarray(image.image.convert("RGB")) for image in every]  # type: ignore[union-attr]


def test_full_pictures_are_printed_whole_and_never_as_squares_of_the_models() -> None:
    photograph = np.zeros((360, 640, 3), np.uint8)
    photograph[..., 0] = np.linspace(0, 255, 640).astype(np.uint8)
    (printed,) = images(evidence=(Evidence(0, 24.0, photograph),), pictures="full")
    assert printed.shape == (360, 640, 3)
    assert np.abs(printed.astype(int) - photograph).mean() < 4
    shown = text(None, evidence=(Evidence(0, 24.0, photograph),), pictures="full")
    assert "Pictures at the peak of episodes" in shown
    assert "as the model saw them" not in shown


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_report_without_pictures_says_that_it_was_chosen(code: str) -> None:
    assert not images(pictures="none")
    none = language.load(code)("None: the clinician chose a report without pictures.")
    assert none in text(None, code, pictures="none")


def test_a_picture_tells_what_was_decided_about_its_episode() -> None:
    result = results.ten_minutes()
    shown = text(reviewed(), evidence=results.pictures(result))
    assert "5:39.1 · peak 0.78 · corrected" in shown
    assert "8:24.0 · peak 0.78 · rejected" in shown


# ------------------------------------------------------------------------------------- clinic, logo, clinician, date


def picture(path: Path, size: tuple[int, int] = (300, 120), mode: str = "RGB", **options: object) -> Path:
    Image.new(mode, size, (11, 100, 119, 128)[: len(mode)]).save(path, **options)  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize("name", ["logo.png", "logo.jpg", "Lô gô bệnh viện.jpeg"])
def test_the_logo_stands_beside_the_title(tmp_path: Path, name: str) -> None:
    logo = report.read_logo(picture(tmp_path / name))
    (printed,) = images(logo=logo)
    assert printed.shape[:2] == (120, 300)
    assert "Behaviour screening report" in pages(None, logo=logo)[0]


def test_the_logo_ends_where_the_text_ends(tmp_path: Path) -> None:
    """Given a narrow logo, then it stands at the right margin of the page, not in the middle of the line."""
    logo = report.read_logo(picture(tmp_path / "l.png", (100, 120)))
    document = report.render(results.ten_minutes(), reasons=quality.REASONS, logo=logo)
    with pypdfium2.PdfDocument(document) as opened:
        (image,) = opened[0].get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
        assert image.get_bounds()[2] == pytest.approx(PAGE_WIDTH - MARGIN, abs=1)


def test_a_transparent_logo_is_laid_on_paper(tmp_path: Path) -> None:
    (printed,) = images(logo=report.read_logo(picture(tmp_path / "l.png", mode="RGBA")))
    assert printed[0, 0] == pytest.approx([133, 177, 187], abs=2)


def test_a_large_logo_is_made_as_small_as_a_page_needs(tmp_path: Path) -> None:
    logo = report.read_logo(picture(tmp_path / "l.png", (4000, 1000)))
    assert (logo.width, logo.height) == (800, 200)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n", b"GIF89a" + bytes(50)])
def test_a_logo_that_is_no_picture_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(content)
    with pytest.raises(WrongUsage, match=r"“logo\.png” is not a picture that can be read. Choose a PNG or JPEG file."):
        report.read_logo(path)


def test_a_damaged_a_huge_and_a_lost_logo_are_refused_with_a_sentence(tmp_path: Path) -> None:
    whole = picture(tmp_path / "whole.jpg", (900, 900)).read_bytes()
    (tmp_path / "half.jpg").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WrongUsage, match="is not a picture that can be read"):
        report.read_logo(tmp_path / "half.jpg")
    with pytest.raises(WrongUsage, match="too large"):
        report.read_logo(picture(tmp_path / "bomb.png", (9000, 9000), "L"))
    with pytest.raises(WrongUsage, match="no longer there"):
        report.read_logo(tmp_path / "lost.png")


def test_clinic_clinician_and_date_are_printed_where_one_signs() -> None:
    shown = pages(None, reviewer=BINH, clinic="Bệnh viện Nhi", signed=dt.date(2026, 11, 23))
    assert all("Bệnh viện Nhi" in page for page in shown)
    assert f"{BINH} November 23, 2026 Name Date Signature" in shown[-1]


def test_the_same_review_gives_the_same_bytes() -> None:
    def once() -> bytes:
        return report.render(results.ten_minutes(), reasons=quality.REASONS, review=reviewed(DONE))

    assert once() == once()


@pytest.mark.parametrize("code", LANGUAGES)
def test_long_remarks_and_names_lay_out(code: str) -> None:
    long = decide(found(1), "accept", "Bác sĩ " * 40, comment="Kiên nhẫn " * 300 + "x" * 400)
    told = analysis.reviewed(results.ten_minutes(), [long])
    shown = text(dataclasses.replace(told, finished=DONE), code)
    assert shown.count("Kiên") == 300
