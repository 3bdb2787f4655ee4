"""The drawing of behaviours over time says in black and white what the record says."""

from __future__ import annotations

import dataclasses
from io import BytesIO

import numpy as np
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from reportlab.pdfgen.canvas import Canvas

from screening import episodes, quality
from screening.records import Result, ScoreTimeline
from screening.report import fonts
from screening.report.sheet import Sheet
from screening.report.styles import CONTENT
from screening.report.timeline import (
    AXIS_HEIGHT,
    LABEL_WIDTH,
    LEGEND_HEIGHT,
    ROW_HEIGHT,
    Row,
    Timeline,
    curves,
    gaps,
)
from tests.screening import results

SCALE = 4


def drawn(result: Result, rows: list[Row]) -> NDArray[np.uint8]:
    """The timeline's rows as a grey picture, `SCALE` pixels for each point; the plot only, one slice each row."""
    fonts.register()
    sheet = Sheet(result=result, reasons=quality.REASONS, language="en")
    timeline = Timeline(sheet, rows)
    width, height = timeline.wrap(CONTENT, 800)
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(width, height))
    timeline.drawOn(canvas, 0, 0)
    canvas.save()
    grey = np.asarray(pypdfium2.PdfDocument(buffer.getvalue())[0].render(scale=SCALE).to_pil().convert("L"))
    top, bottom = round(LEGEND_HEIGHT * SCALE), grey.shape[0] - round(AXIS_HEIGHT * SCALE)
    return grey[top:bottom, round(LABEL_WIDTH * SCALE) :]


def row_of(picture: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    height = round(ROW_HEIGHT * SCALE)
    return picture[number * height : (number + 1) * height]


def test_episodes_are_black_bars_at_their_times() -> None:
    result = results.ten_minutes(dark=())
    picture = drawn(result, [Row("Spinning", 3, 0.6, [(336.0, 342.2), (500.2, 507.7)]), Row("Clapping", 1, 0.6, [])])

    black = (row_of(picture, 0) < 60).sum(axis=0) > 3 * SCALE / 2
    edges = np.flatnonzero(np.diff(black.astype(int)))
    times = edges / picture.shape[1] * 600
    assert times == pytest.approx([336.0, 342.2, 500.2, 507.7], abs=1.0)
    assert not ((row_of(picture, 1)[:-SCALE] < 60).sum(axis=0) > 3 * SCALE / 2).any(), "a bar without an episode"


def test_the_score_is_a_height_that_grey_alone_can_show() -> None:
    result = results.ten_minutes(dark=(), episodes={3: ((300.0, 20.0),)})
    picture = row_of(drawn(result, [Row("Spinning", 3, 2.0, [])]), 0)
    grey = ((picture > 100) & (picture < 200)).sum(axis=0) / SCALE
    at = lambda seconds: grey[round(seconds / 600 * picture.shape[1])]  # noqa: E731
    assert at(310.0) == pytest.approx(0.78 * (ROW_HEIGHT - 3), abs=1.5)
    assert at(100.0) < 0.5 * at(310.0)


def test_time_that_is_not_assessable_is_hatched_and_hides_the_score() -> None:
    result = results.ten_minutes(episodes={})
    picture = row_of(drawn(result, [Row("Spinning", 3, 0.6, [])]), 0)
    middle = slice(round(390 / 600 * picture.shape[1]), round(420 / 600 * picture.shape[1]))
    assert (picture[:, middle] > 250).mean() > 0.4, "white between the slanting lines"
    assert (picture[:, middle] < 200).mean() > 0.1, "the slanting lines"


def test_a_behaviour_that_was_not_trained_is_hatched_from_end_to_end() -> None:
    result = results.ten_minutes(dark=())
    picture = row_of(drawn(result, [Row("Pacing", 21, 0.6, [], blocked="Not assessable.")]), 0)
    columns = (picture < 200).any(axis=0)
    assert columns.mean() > 0.9


def test_a_timeline_that_does_not_fit_goes_on_with_an_axis_of_its_own() -> None:
    sheet = Sheet(result=results.ten_minutes(), reasons=quality.REASONS, language="en")
    rows = [Row(f"row {i}", 1, 0.6, []) for i in range(40)]
    first, second = Timeline(sheet, rows).split(CONTENT, 300)
    assert first.wrap(CONTENT, 300)[1] <= 300
    assert [*first.rows, *second.rows] == rows
    assert Timeline(sheet, rows).split(CONTENT, 20) == []


def timelines() -> st.SearchStrategy[ScoreTimeline]:
    def make(flags: list[bool], seed: int) -> ScoreTimeline:
        starts = np.arange(len(flags)) * 0.5
        scores = np.random.default_rng(seed).random((len(flags), 2)).astype(np.float32)
        reasons = tuple(() if good else ("dark",) for good in flags)
        return ScoreTimeline(np.stack([starts, starts + 2.0], axis=1), scores, np.array(flags, np.bool_), reasons)

    return st.builds(make, st.lists(st.booleans(), min_size=1, max_size=30), st.integers(0, 99))


@given(timelines())
def test_the_curve_is_the_average_from_which_the_episodes_were_found(timeline: ScoreTimeline) -> None:
    grid, drawn_curve = episodes.common_grid(timeline), curves(timeline)
    centres = (grid.edges[:-1] + grid.edges[1:]) / 2
    there = drawn_curve.scores[np.searchsorted(drawn_curve.edges, centres) - 1]
    assert there == pytest.approx(grid.probabilities.astype(float), abs=1e-6, nan_ok=True)


@given(timelines())
def test_the_hatched_time_is_the_time_that_was_left_out(timeline: ScoreTimeline) -> None:
    end_s = float(timeline.windows[-1, 1]) + 1.0
    _, excluded = episodes.coverage(timeline, 0.0, end_s)
    hatched: dict[str, float] = {}
    for gap in gaps(timeline, 0.0, end_s):
        hatched[gap.code] = hatched.get(gap.code, 0.0) + gap.end_s - gap.start_s
    assert hatched == pytest.approx(excluded)


def test_the_part_that_was_asked_for_is_the_part_that_is_drawn() -> None:
    result = results.ten_minutes(dark=())
    part = dataclasses.replace(result, video=dataclasses.replace(result.video, start_s=300.0, end_s=400.0))
    picture = drawn(part, [Row("Spinning", 3, 0.6, [(336.0, 342.2)])])
    black = np.flatnonzero((row_of(picture, 0) < 60).sum(axis=0) > 3 * SCALE / 2)
    assert black[[0, -1]] / picture.shape[1] * 100 == pytest.approx([36.0, 42.2], abs=0.3)
