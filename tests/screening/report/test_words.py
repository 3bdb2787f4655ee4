"""Numbers become words without changing what they say."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import language
from screening.records import Criterion, DecodeError, Indicators
from screening.report import words
from tests.screening import results

EN, VI = language.load("en"), language.load("vi")


def indicators(met: float, assessable: float) -> Indicators:
    usual = results.ten_minutes().indicators
    return dataclasses.replace(usual, weight_met=met, weight_assessable=assessable, index=100 * met / assessable)


@given(st.floats(0, 100), st.sampled_from([EN, VI]))
def test_the_rounded_index_lies_in_the_same_level(index: float, translate: language.Translator) -> None:
    bands = results.profile().bands
    numbers = dataclasses.replace(results.ten_minutes().indicators, index=round(index, 2))
    shown = float(words.index(numbers, results.profile(), translate).replace(",", "."))
    assert shown == pytest.approx(index, abs=0.51)
    level = [round(index, 2) <= band.upper for band in bands]
    assert [shown <= band.upper for band in bands] == level


@pytest.mark.parametrize(
    ("met", "assessable", "shown"),
    [
        (16, 38, "16 of 38 assessable points → 100 × 16 ÷ 38 ≈ 42"),
        (10, 20, "10 of 20 assessable points → 100 × 10 ÷ 20 = 50"),
        (20.1, 39.9, "20.1 of 39.9 assessable points → 100 × 20.1 ÷ 39.9 ≈ 50.4"),
        (0, 39, "0 of 39 assessable points → 100 × 0 ÷ 39 = 0"),
    ],
)
def test_the_arithmetic_is_the_records(met: float, assessable: float, shown: str) -> None:
    assert words.arithmetic(indicators(met, assessable), results.profile(), EN) == shown


@pytest.mark.parametrize(
    ("months", "shown"),
    [(None, "not stated"), (0, "0 months"), (1, "1 month"), (12, "1 year"), (38, "3 years 2 months")],
)
def test_ages_are_told_in_years_and_months(months: int | None, shown: str) -> None:
    assert words.age(months, EN) == shown


def test_many_times_are_counted_instead_of_named() -> None:
    assert (
        words.times([f"{i}:00" for i in range(10)], EN) == "0:00, 1:00, 2:00, 3:00, 4:00, 5:00, 6:00, 7:00 and 2 more"
    )


def test_a_part_of_the_video_is_told_with_its_ends() -> None:
    video = dataclasses.replace(results.video_info(), start_s=61.0, end_s=125.0)
    assert words.part(video, EN) == "1:01 to 2:05 of 10:00 (minutes:seconds)"
    assert "could not be read" not in words.receipt(video, EN), "frames outside the part were never asked for"


def test_a_header_that_says_nothing_is_no_shortage() -> None:
    video = dataclasses.replace(results.video_info(), frames_declared=None)
    assert words.receipt(video, EN).startswith("The file does not say how many frames it holds. 8,991 were decoded.")


def test_what_falls_short_of_what_the_profile_asks_is_not_rounded_up_to_it() -> None:
    assert words.share(0.4999, EN) == "49 %"
    assert words.share(0.9999, EN) == "99 %"
    assert words.share(1.0, EN) == "100 %"
    assert words.share(0.29, EN) == "29 %"
    assert words.span(29.97, EN) == "0:29.9"
    assert words.span(119.9, EN) == "1:59"
    assert words.span(600.0, VI) == "10:00"
    assert words.span(2.4, VI) == "0:02,4"


def test_what_a_pack_measured_is_said_in_words_and_its_own_words_are_kept() -> None:
    assert words.measure("top-1, clips", EN) == "right at the first guess, short clips"
    assert words.measure("sensitivity, visits", EN) == "sensitivity, visits"
    assert words.measured_on("2026-11-22", VI) == "22/11/2026"
    assert words.measured_on("last autumn", VI) == "last autumn"


def test_what_the_profile_asks_reads_as_a_phrase() -> None:
    assert words.asked(Criterion(1, 1.0, 2, 5.0), EN) == "2 times, ≥ 1 s"
    assert words.asked(Criterion(1, 2.5, 1, 5.0), EN) == "once, ≥ 2.5 s"
    assert words.asked(None, EN) == "–"


def test_several_faults_at_one_place_are_counted_and_named_once() -> None:
    video = results.video_info()
    error = DecodeError(95.2, "invalid data found")
    assert words.damage(dataclasses.replace(video, errors=(error, error)), EN) == "2 damaged parts: near 1:35"
    assert words.damage(video, EN) == "none found"
