"""The report as a clinician reads it: what stands on its pages, in both languages, for usual and unusual results."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from pypdf import PdfReader

from screening import language, quality, report
from screening.errors import CannotWrite
from screening.records import Case, Evidence, KeyBox, Region, Result, Track
from screening.report import fonts, styles
from tests.screening import results

LANGUAGES = list(language.LANGUAGES)
HANOI = dt.timezone(dt.timedelta(hours=7))
CLINICIAN = "BS. Nguyễn Thị Hồng Ánh"


def pages(result: Result, code: str = "en", case: Case = results.CASE, **options: object) -> list[str]:
    """The text of each page, with every run of white space as one space."""
    document = report.render(result, language=code, case=case, reasons=quality.REASONS, **options)  # type: ignore[arg-type]
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(document)).pages]


@cache
def usual(code: str) -> list[str]:
    """The pages of the usual ten-minute result."""
    result = results.ten_minutes()
    return pages(result, code, evidence=results.pictures(result), reviewer=CLINICIAN, clinic="Bệnh viện Nhi")


def text(result: Result, code: str = "en", **options: object) -> str:
    return " ".join(pages(result, code, **options))  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------- on every page


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_ten_minute_video_takes_one_to_three_pages(code: str) -> None:
    assert 1 <= len(usual(code)) <= 3


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_busy_ten_minute_video_still_fits_three_pages(code: str) -> None:
    """Nine behaviours found three times each, three dark stretches, three damaged parts."""
    busy = {k: tuple((15.0 + 33 * k + 61 * i, 4.2) for i in range(3)) for k in (1, 2, 3, 4, 5, 6, 8, 10, 25)}
    result = results.ten_minutes(episodes=busy, damaged=3, dark=((382.0, 388.0), (420.0, 424.0), (590.0, 597.0)))
    assert len(pages(result, code, evidence=results.pictures(result), reviewer=CLINICIAN)) <= 3


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_says_that_it_is_no_diagnosis_and_which_model_and_video_it_is_about(code: str) -> None:
    _ = language.load(code)
    for number, page in enumerate(usual(code), start=1):
        assert _("Screening aid. Not a diagnosis.") in page
        assert "ViScreen reference 0.1.0" in page
        assert results.ten_minutes().video.sha256[:16] in page
        assert _("Page {page} of {total}").format(page=number, total=len(usual(code))) in page


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_model_that_saw_only_simulated_video_says_so_on_every_page(code: str) -> None:
    _ = language.load(code)
    for page in usual(code):
        assert _("This model was trained on simulated video only. It has never seen a real child.") in page
        assert _("For demonstration and training, not for decisions about a child.") in page


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_model_that_saw_real_children_carries_no_such_band(code: str) -> None:
    _ = language.load(code)
    shown = text(results.ten_minutes(simulated_only=False), code)
    assert _("This model was trained on simulated video only. It has never seen a real child.") not in shown
    assert _("For demonstration and training, not for decisions about a child.") not in shown


# ------------------------------------------------------------------------------------- DESIGN §8, one by one


@pytest.mark.parametrize("code", LANGUAGES)
def test_case_video_model_settings_and_limits_are_all_there(code: str) -> None:
    _, shown, result = language.load(code), " ".join(usual(code)), results.ten_minutes()
    for expected in (
        "K-0147", "Parents, in writing, 3 November 2026", CLINICIAN, "Bệnh viện Nhi",
        "K-0147 chơi ở nhà.mp4", result.video.sha256[:32], result.video.sha256[32:],
        _.number(result.video.frames_declared or 0), _.number(result.video.frames_decoded),
        _("turned upright by {degrees}°").format(degrees=90),
        _(quality.REASONS["dark"]), "6:23–7:09",
        _("This is an index of observed behaviour, not a probability of autism."),
        _("Not yet reviewed."), _("The clinician's decisions"),
        result.pack.author, result.pack.licence, result.pack.intended_use, result.pack.training_data,
        _("F1, mean of the behaviours"), _.number(0.904, 3), _("samples"), "880", _.short_date(dt.date(2026, 11, 22)),
        "ViScreen default", "CPUExecutionProvider", result.runtime.onnxruntime, result.command,
        _("Limits"), _("The clinician's conclusion"), _("Signature"),
    ):  # fmt: skip
        assert expected in shown, f"missing from the report in {code}: {expected}"


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_index_on_the_page_is_the_records_with_its_arithmetic_and_level(code: str) -> None:
    _, shown, numbers = language.load(code), usual(code)[0], results.ten_minutes().indicators
    assert (numbers.weight_met, numbers.weight_assessable) == (16, 39)
    arithmetic = "{met} of {assessable} assessable points → 100 × {met} ÷ {assessable} {equals} {index}"
    assert _(arithmetic).format(met=16, assessable=39, equals="≈", index=41) in shown
    level = next(b for b in results.profile().bands if b.code == numbers.level).names[code]
    assert re.search(rf"41 {_('of 100')} {_('Level:')} {level}", shown)


@pytest.mark.parametrize(
    ("result", "short", "why"),
    [
        (results.ten_minutes(dark=((50.0, 500.0),)), "Not enough assessable video", "25 % of the video"),
        (results.ten_minutes(duration_s=12.0, dark=()), "Not enough assessable video", "0:12.0 could be assessed"),
        (results.ten_minutes(trained=frozenset({0, 1, 2})), "Not enough assessable behaviours", "Only 11 of"),
        (results.ten_minutes(trained=frozenset({0})), "Not enough assessable behaviours", "Only 0 of"),
    ],
)
def test_without_enough_to_judge_there_is_a_reason_and_no_index(result: Result, short: str, why: str) -> None:
    shown = pages(result)[0]
    assert "No level" in shown
    assert short in shown
    assert why in shown
    assert "Level:" not in shown
    assert "of 100" not in shown
    assert "index of observed behaviour, not a probability of autism" in shown


def test_a_met_criterion_shows_what_was_asked_and_what_was_seen() -> None:
    shown = usual("en")[0]
    assert "Clapping 2 times, ≥ 1 s 5 3 10.7 0.32 ✓ met" in shown
    assert "Body rocking 3 times, ≥ 2 s 6 2 (of 3) 16.6 0.32 – not met" in shown


def test_not_assessable_is_never_called_not_met_or_not_observed() -> None:
    """Given a model that learnt spinning only, when reported, then all else is not assessable and nothing else."""
    shown = pages(results.ten_minutes(trained=frozenset({0, 3}), episodes={}))[0]
    assert "Spinning 2 times, ≥ 2 s 6 0 0.0 0.00 – not met" in shown
    assert shown.count("not met") == 1
    assert "Clapping 2 times, ≥ 1 s 5 Not assessable. The model was not trained on this behaviour." in shown
    assert "not observed" not in shown
    assert "41 behaviours that the model was not trained on: not assessable." in shown


def test_a_behaviour_that_was_looked_for_in_vain_is_called_not_observed() -> None:
    shown = text(results.ten_minutes(episodes={}))
    assert "Looked for and not observed: Hand flapping." in shown
    assert "The model found no episode to decide on." in shown


def test_found_behaviours_without_a_criterion_are_named_apart() -> None:
    assert "Also found, without a criterion: Hand flapping (3 ×, 17.4 s)." in usual("en")[0]


def test_a_profile_for_other_labels_does_not_borrow_the_models_names() -> None:
    """Number 3 of another numbering is not "Spinning"."""
    result = results.ten_minutes(episodes={})
    foreign = tuple(
        dataclasses.replace(b, status="not_assessable", reason="not_in_model") if b.criterion else b
        for b in result.indicators.behaviours
    )
    indicators = dataclasses.replace(result.indicators, behaviours=foreign)
    shown = pages(dataclasses.replace(result, indicators=indicators))[0]
    assert "Behaviour 3 of “viscreen-43”" in shown
    assert "Spinning" not in shown


def test_the_clinicians_squares_stand_beside_each_episode() -> None:
    shown = " ".join(usual("en"))
    assert shown.count("☐ ☐") == len(results.ten_minutes().episodes) == 12
    assert "0:20.4 – 0:29.4 Body rocking 9.0 0.76 ☐ ☐" in shown


def test_pictures_are_what_the_model_saw_without_smoothing() -> None:
    """Given a checkerboard of two colours, when enlarged on the page, then it still has only these two."""
    result = results.ten_minutes()
    board = np.where((np.indices((56, 56)).sum(axis=0) % 2 == 0)[..., None], [250, 10, 10], [5, 90, 200])
    document = report.render(
        result, language="en", reasons=quality.REASONS, evidence=(Evidence(2, 112.8, board.astype(np.uint8)),)
    )
    images = [image for page in PdfReader(BytesIO(document)).pages for image in page.images]
    assert len(images) == 1
    pixels = np.asarray(images[0].image.convert("RGB"))  # type: ignore[union-attr]
    assert pixels.shape == (448, 448, 3)
    assert {tuple(c) for c in np.unique(pixels.reshape(-1, 3), axis=0)} == {(250, 10, 10), (5, 90, 200)}
    assert (pixels[:8, :8] == pixels[0, 0]).all()
    shown = " ".join(page.extract_text() for page in PdfReader(BytesIO(document)).pages)
    assert "1:52.8 · peak 0.74" in shown
    assert "1 of 12 episodes are pictured." in shown


def test_no_measured_performance_is_said_and_not_left_out() -> None:
    assert "Measured performance: none supplied" in text(results.ten_minutes(measured=False))


def test_what_is_not_stated_says_so() -> None:
    assert pages(results.ten_minutes(), case=Case())[0].count("not stated") == 5


@pytest.mark.parametrize(("code", "told"), [("vi", "23/11/2026, 01:09"), ("en", "Nov 23, 2026, 01:09")])
def test_the_time_of_the_analysis_is_that_of_the_clinics_clock(code: str, told: str) -> None:
    """Given an analysis late in the evening by Greenwich, then in Hanoi it is the next day, on the letterhead too."""
    late = dataclasses.replace(results.ten_minutes(), created="2026-11-22T18:09:00+00:00")
    first, *_rest = pages(late, code, zone=HANOI)
    assert f"{told} (GMT+7)" in first
    assert language.load(code).date(dt.date(2026, 11, 23)) in first
    assert "22" not in first.split("K-0147")[1].split(" ! ")[0]


def test_a_tables_heading_never_stands_alone_at_the_foot_of_a_page() -> None:
    """Given room for the heading and half a row, then the table begins on the next page."""
    fonts.register()
    table = styles.ruled([[styles.para("measure", styles.HEAD)], [styles.para("two lines " * 12, styles.CELL)]], [200])
    assert table.split(styles.CONTENT, 30) == []


def test_the_clinician_has_room_to_write_a_conclusion() -> None:
    """The frame is at least 3.5 cm high, and 1.4 cm are left for the signature."""
    for usual_or_not in (results.ten_minutes(), results.ten_minutes(episodes={}), results.crowded()):
        with pypdfium2.PdfDocument(report.render(usual_or_not, language="vi", reasons=quality.REASONS)) as document:
            page = document[len(document) - 1]
            bounds = [drawn.get_bounds() for drawn in page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_PATH])]
            frames = [top - bottom for left, bottom, right, top in bounds if right - left > 500 and top - bottom > 45]
            assert [height >= 100 for height in frames] == [True]


@pytest.mark.parametrize(("code", "day"), [("vi", "3 tháng 11 năm 2026"), ("en", "November 3, 2026")])
def test_the_day_of_the_consent_is_written_in_the_language_of_the_report(code: str, day: str) -> None:
    agreed = Case("K-0147", 38, "Lan (mẹ)", dt.date(2026, 11, 3))
    first, *_rest = pages(results.ten_minutes(), code, agreed)
    assert f"Lan (mẹ), {day}" in first


def test_an_age_that_the_model_was_not_made_for_is_pointed_out() -> None:
    old = dataclasses.replace(results.CASE, age_months=12 * 9 + 1)
    shown = text(results.ten_minutes(), case=old)
    assert "9 years 1 month (outside the model's ages)" in shown
    assert "The child's age (9 years 1 month) lies outside the ages that the model was made for" in shown
    assert "outside the model's ages" not in " ".join(usual("en"))


def test_the_childs_box_is_told_where_one_was_drawn() -> None:
    boxed = dataclasses.replace(results.ten_minutes(), region=Track((KeyBox(0.0, Region(10, 20, 300, 400)),)))
    assert "the child's box: 300 × 400 pixels at 10, 20" in pages(boxed)[0]
    assert "whole picture; no box was drawn around the child" in usual("en")[0]


def test_boxes_that_change_over_time_are_told_with_their_times() -> None:
    track = Track(tuple(KeyBox(30.0 * i, Region(10 + i, 20, 300, 400)) for i in range(6)))
    shown = " ".join(pages(dataclasses.replace(results.ten_minutes(), region=track))[0].split())
    assert "moved over time in straight lines between 6 key boxes: 0:00.0 – 300 × 400 pixels at 10, 20; 0:30.0" in shown
    assert "1:30.0 – 300 × 400 pixels at 13, 20 and 2 more" in shown


# ------------------------------------------------------------------------------------- unusual results lay out


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_behaviour_found_a_long_name_and_a_hundred_damaged_parts_lay_out(code: str) -> None:
    result = results.crowded()
    shown = text(result, code, evidence=results.pictures(result))
    for label in result.pack.labels[1:]:
        assert label.name(code) in shown, f"missing: {label.name(code)}"
    assert language.load(code)("and {n} more").format(n=92) in shown


def test_the_damaged_parts_and_the_missing_frames_are_told() -> None:
    shown = text(results.ten_minutes(damaged=3))
    assert "3 damaged parts: near 1:40, 5:00, 8:20" in shown
    assert "9 declared frames could not be read." in shown


def test_texts_of_any_length_and_script_lay_out() -> None:
    """A pack and a case written by strangers: pages of text, words without a space, scripts that no font here has."""
    long = "Lorem ipsum dolor " * 500
    result = results.ten_minutes(
        name="視" * 40 + "a" * 200 + "<b>&.mp4", command="viscreen screen " + "/長い名前/x" * 300
    )
    pack = dataclasses.replace(result.pack, name="N" * 300, author="W" * 400, intended_use=long, training_data=long)
    shown = text(
        dataclasses.replace(result, pack=pack), case=Case("K" * 200, 40, long), clinic="C" * 300, reviewer="Dr " * 100
    )
    joined = shown.replace(" ", "")
    assert "\\u8996" * 40 + "a" * 200 + "<b>&.mp4" in joined
    assert "/\\u9577\\u3044\\u540d\\u524d/x" * 300 in joined


def test_a_name_typed_with_separate_accents_prints_as_whole_letters() -> None:
    decomposed = "Be\u0301 Hie\u0302\u0301u.mp4"
    assert "Bé Hiếu.mp4" in pages(results.ten_minutes(name=decomposed))[0]


def test_a_video_without_any_window_still_gets_a_report() -> None:
    result = results.ten_minutes(episodes={}, trained=frozenset({0}))
    empty = dataclasses.replace(
        result.scores,
        windows=np.empty((0, 2)),
        probabilities=np.empty((0, 43), np.float32),
        assessable=np.empty(0, np.bool_),
        reasons=(),
    )
    assert "This part of the video could not be read: 0:00–10:00" in text(dataclasses.replace(result, scores=empty))


# ------------------------------------------------------------------------------------- the file


def test_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    result = results.ten_minutes()
    for name in ("one.pdf", "two.pdf"):
        report.write(result, tmp_path / name, language="vi", reasons=quality.REASONS, evidence=results.pictures(result))
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()
    assert sorted(p.name for p in tmp_path.glob("*.*")) == ["one.pdf", "two.pdf"], "something was left beside"


def test_the_document_knows_its_language_title_and_time(tmp_path: Path) -> None:
    report.write(results.ten_minutes(), tmp_path / "r.pdf", language="vi", case=results.CASE, reasons=quality.REASONS)
    document = PdfReader(tmp_path / "r.pdf")
    assert document.metadata is not None
    assert document.metadata["/CreationDate"] == "D:20261122093000Z"
    assert document.metadata["/Title"] == "ViScreen – K-0147"
    assert document.trailer["/Root"]["/Lang"] == "vi"


@pytest.mark.parametrize("where", ["absent/r.pdf", "a-file/r.pdf", "a-folder"])
def test_where_nothing_can_be_written_one_sentence_says_so(tmp_path: Path, where: str) -> None:
    (tmp_path / "a-file").write_text("x")
    (tmp_path / "a-folder").mkdir()
    with pytest.raises(CannotWrite) as caught:
        report.write(results.ten_minutes(), tmp_path / where, language="en", reasons=quality.REASONS)
    sentence = caught.value.sentence(language.load("en"))
    assert "cannot be written" in sentence
    assert str(tmp_path / where) in sentence
    assert not list(tmp_path.glob(".viscreen*")), "a half-written file was left"


def test_a_full_disk_leaves_the_older_report_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "r.pdf"
    path.write_bytes(b"the older report")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CannotWrite, match="No space left"):
        report.write(results.ten_minutes(), path, language="en", reasons=quality.REASONS)
    assert path.read_bytes() == b"the older report"
    assert [p.name for p in tmp_path.glob("*.*")] == ["r.pdf"]
