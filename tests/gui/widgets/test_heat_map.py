"""The heat map shows every peak however far one zooms out, folds what was not found, and is led by mouse and keys."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import ethogram, i18n, style
from gui.ethogram import Growing, Picture
from gui.widgets.episode_lane import STATES, paint_bars
from gui.widgets.heat_map import HIGHEST_ROW, ROWS_KEPT, HeatMap
from gui.widgets.plot_items import COLOURS
from screening import episodes, review
from screening.records import Decision, Result, ScoreTimeline
from screening.review import Reviewed, State
from tests.screening.packs import tiny_info
from tests.screening.results import crowded, ten_minutes

MADE = "2026-11-22T09:30:00+00:00"

# ---------------------------------------------------------------------------------------------- arithmetic


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    """Cells of any width, of which some are not assessable."""
    widths = draw(st.lists(st.floats(0.01, 5), min_size=1, max_size=40))
    edges = draw(st.floats(-50, 50)) + np.concatenate([[0.0], np.cumsum(widths)])
    good = np.array(draw(st.lists(st.booleans(), min_size=len(widths), max_size=len(widths))))
    rows = draw(st.integers(1, 3))
    scores = draw(st.lists(st.floats(0, 1, width=32), min_size=rows * len(widths), max_size=rows * len(widths)))
    cells = np.array(scores, np.float32).reshape(rows, len(widths))
    cells[:, ~good] = np.nan
    return Picture(edges, cells, good)


@settings(max_examples=200, deadline=None)
@given(pictures(), st.floats(-60, 260), st.floats(0.05, 300), st.integers(1, 60))
def test_each_pixel_shows_the_highest_score_of_the_cells_that_it_touches(
    picture: Picture, start: float, length: float, pixels: int
) -> None:
    # When a span is reduced to pixels,
    shown = picture.reduce(start, start + length, pixels)
    assert shown.shape == (len(picture.cells), pixels)
    # then each is the maximum over its cells, one by one, and NaN where no cell has a score.
    bounds = np.linspace(start, start + length, pixels + 1)
    for i in range(pixels):
        touched = (picture.edges[1:] > bounds[i]) & (picture.edges[:-1] < bounds[i + 1]) & picture.assessable
        for row, value in zip(picture.cells, shown[:, i], strict=True):
            assert np.isnan(value) if not touched.any() else value == row[touched].max()


@settings(max_examples=100, deadline=None)
@given(pictures(), st.integers(1, 60))
def test_no_peak_disappears_however_few_pixels_there_are(picture: Picture, pixels: int) -> None:
    shown = picture.reduce(float(picture.edges[0]), float(picture.edges[-1]), pixels)
    for row, reduced in zip(picture.cells, shown, strict=True):
        assert np.nanmax(reduced, initial=-1) == np.nanmax(row, initial=-1)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=6), st.integers(1, 5), st.data())
def test_scores_that_come_in_parts_make_the_same_picture_as_all_at_once(
    parts: list[int], overlap: int, data: st.DataObject
) -> None:
    # Given windows that overlap, some of them not assessable,
    n, info = sum(parts), tiny_info()
    starts = np.arange(n) * 8 / 15
    good = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    scores = np.random.default_rng(n).random((n, 11)).astype(np.float32)
    windows = np.stack([starts, starts + overlap * 8 / 15], axis=1)
    whole = ScoreTimeline(windows, scores, good, tuple(() if x else ("dark",) for x in good))
    # when they come in part by part, and are looked at each time,
    growing, labels, at = Growing(info), info.labels[1:4], 0
    for count in parts:
        growing.add(_part(whole, at, at + count))
        grown = growing.picture(labels)
        at += count
    # then the last picture is that of the whole.
    once = ethogram.picture(whole, info, labels)
    assert grown is not None
    assert grown.edges == pytest.approx(once.edges)
    assert grown.assessable.tolist() == once.assessable.tolist()
    assert np.allclose(grown.cells, once.cells, equal_nan=True)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 20)).map(lambda x: (x[0], x[0] + x[1])), max_size=12))
def test_bars_that_overlap_stand_in_lanes_of_their_own(stretches: list[tuple[float, float]]) -> None:
    lane = ethogram.lanes(stretches)
    for i, (start, end) in enumerate(stretches):
        for j, (other, until) in enumerate(stretches[:i]):
            assert lane[i] != lane[j] or end <= other + ethogram.NEAR_S or until <= start + ethogram.NEAR_S
    # No more lanes than episodes are at one moment.
    at_once = [sum(a <= start < b for a, b in stretches) for start, _end in stretches]
    assert max(lane, default=-1) + 1 <= max(at_once, default=0)


def _part(scores: ScoreTimeline, begin: int, end: int) -> ScoreTimeline:
    return ScoreTimeline(
        scores.windows[begin:end],
        scores.probabilities[begin:end],
        scores.assessable[begin:end],
        scores.reasons[begin:end],
    )


# ---------------------------------------------------------------------------------------------- the widget


@pytest.fixture
def make(qtbot: QtBot) -> Callable[[Result], HeatMap]:
    def made(result: Result) -> HeatMap:
        heat_map = HeatMap()
        qtbot.addWidget(heat_map)
        heat_map.resize(900, 320)
        heat_map.show_result(result)
        heat_map.show()
        heat_map.setFocus()
        QApplication.processEvents()
        return heat_map

    return made


def test_a_second_result_is_folded_as_the_first_was(make: Callable[[Result], HeatMap]) -> None:
    # Given a behaviour that was found and chosen, when a result comes in which it was not found,
    heat_map = make(ten_minutes())
    folded = heat_map.names()
    heat_map.choose(next(label.id for label in heat_map._rows.shown))
    heat_map.show_result(ten_minutes())
    # then no fold opens for it.
    assert heat_map.names() == folded


def test_it_asks_for_no_more_height_than_its_rows_can_use(make: Callable[[Result], HeatMap]) -> None:
    heat_map = make(ten_minutes())
    assert heat_map.maximumHeight() == round(len(heat_map.names()) * HIGHEST_ROW)
    # Its card keeps room for rows that come with other episodes, and lets another plot have it meanwhile.
    assert heat_map.room == round(ROWS_KEPT * HIGHEST_ROW)
    many = make(crowded())
    assert many.room == many.maximumHeight() > heat_map.room


def reviewed(result: Result, *decisions: Decision) -> list[Reviewed]:
    ids = [label.id for label in result.pack.labels]
    return list(review.begin(result.episodes, ids, 0.0, 600.0).after(decisions).reviewed.values())


def place(heat_map: HeatMap, seconds: float, row: float) -> QPoint:
    return heat_map.plots.mapFromScene(heat_map.view.mapViewToScene(QPointF(seconds, row)))


def name_place(heat_map: HeatMap, row: float) -> QPoint:
    return QPoint(60, place(heat_map, heat_map.span()[0], row).y())


def click(qtbot: QtBot, heat_map: HeatMap, at: QPoint) -> None:
    qtbot.mouseClick(heat_map.plots.viewport(), Qt.MouseButton.LeftButton, pos=at)


def pixel(heat_map: HeatMap, seconds: float, row: float) -> QColor:
    return heat_map.plots.grab().toImage().pixelColor(place(heat_map, seconds, row))


def test_found_behaviours_stand_together_by_group_and_the_rest_is_one_row_that_opens(
    qtbot: QtBot, make: Callable[[Result], HeatMap]
) -> None:
    # Given a result in which some behaviours were found and some not,
    result = ten_minutes()
    heat_map = make(result)
    found = {episode.label_id for episode in result.episodes}
    by_name = {label.name("en"): label for label in result.pack.labels}
    shown = heat_map.names()
    # then those found come first, each group in one piece, then one row for the rest, one for the untrained.
    top = [by_name[name] for name in shown[: len(found)]]
    assert {label.id for label in top} == found
    groups = [label.group for label in top]
    assert sorted(set(groups), key=groups.index) == [g for i, g in enumerate(groups) if i == 0 or groups[i - 1] != g]
    assert shown[len(found) :] == ["6 others: no episode", "31 others: not trained"]
    # Enter on the row of a behaviour is for the page, and opens nothing.
    qtbot.keyClick(heat_map, Qt.Key.Key_Return)
    assert heat_map.names() == shown
    # When the keyboard goes to the fold and presses Enter, the others have rows too,
    for _row in found:
        qtbot.keyClick(heat_map, Qt.Key.Key_Down)
    assert "Enter opens" in heat_map.accessibleDescription()
    qtbot.keyClick(heat_map, Qt.Key.Key_Return)
    opened = heat_map.names()
    assert len(opened) == len(shown) + 6
    assert all(by_name[name].trained for name in opened[len(found) + 1 : -1])
    # and a click on its name closes it again, and another opens it.
    click(qtbot, heat_map, name_place(heat_map, len(found) + 0.5))
    assert heat_map.names() == shown
    click(qtbot, heat_map, name_place(heat_map, len(found) + 0.5))
    assert heat_map.names() == opened


def test_choosing_a_folded_behaviour_opens_the_fold(make: Callable[[Result], HeatMap]) -> None:
    result = ten_minutes()
    heat_map = make(result)
    found = {episode.label_id for episode in result.episodes}
    hidden = next(label for label in result.pack.labels[1:] if label.trained and label.id not in found)
    assert hidden.name("en") not in heat_map.names()
    heat_map.choose(hidden.id)
    assert heat_map.chosen() == hidden
    assert hidden.name("en") in heat_map.names()


def test_keys_choose_and_say_what_is_chosen(qtbot: QtBot, make: Callable[[Result], HeatMap]) -> None:
    heat_map = make(ten_minutes())
    with qtbot.waitSignal(heat_map.label_chosen) as signal:
        qtbot.keyClick(heat_map, Qt.Key.Key_Down)
    chosen = heat_map.chosen()
    assert chosen is not None
    assert signal.args == [chosen.id]
    assert chosen.name("en") == heat_map.names()[1]
    assert chosen.name("en") in heat_map.accessibleDescription()
    assert "0.60" in heat_map.accessibleDescription()


def test_more_rows_than_fit_are_scrolled_through_and_the_chosen_one_is_in_sight(
    qtbot: QtBot, make: Callable[[Result], HeatMap]
) -> None:
    heat_map = make(crowded())
    assert len(heat_map.names()) == 42
    assert heat_map.rows_bar.isVisible()
    # When the keyboard goes up from the first row, it comes to the last, and the rows follow it.
    qtbot.keyClick(heat_map, Qt.Key.Key_Up)
    top, bottom = heat_map.view.viewRange()[1]
    assert top > 20
    assert bottom == pytest.approx(42)
    # The place in time is where the mouse is: the scroll bar takes none of it.
    assert heat_map.view.sceneBoundingRect().left() >= heat_map.rows_bar.geometry().right() - 2


def test_the_span_is_zoomed_and_panned_by_keys_and_told(qtbot: QtBot, make: Callable[[Result], HeatMap]) -> None:
    heat_map = make(ten_minutes())
    assert heat_map.span() == pytest.approx((0, 600))
    heat_map.show_position(300.0)
    spans: list[tuple[float, float]] = []
    heat_map.span_changed.connect(lambda start, end: spans.append((start, end)))
    # When + is pressed, the cursor stays where it is,
    qtbot.keyClick(heat_map, Qt.Key.Key_Plus)
    assert heat_map.span() == pytest.approx((100, 500))
    # Shift and an arrow move on, End and Home to the ends,
    qtbot.keyClick(heat_map, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert heat_map.span() == pytest.approx((180, 580))
    qtbot.keyClick(heat_map, Qt.Key.Key_End)
    assert heat_map.span() == pytest.approx((200, 600))
    qtbot.keyClick(heat_map, Qt.Key.Key_Home)
    assert heat_map.span() == pytest.approx((0, 400))
    qtbot.keyClick(heat_map, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert heat_map.span() == pytest.approx((0, 400))
    # and a double click shows all of it again.
    port, where = heat_map.plots.viewport(), place(heat_map, 50, 0.5)
    qtbot.mouseDClick(port, Qt.MouseButton.LeftButton, pos=where)
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=where)
    assert heat_map.span() == pytest.approx((0, 600))
    assert [round(start) for start, _end in spans] == [100, 180, 200, 0, 0]


def test_the_wheel_zooms_about_the_mouse_pans_with_shift_and_scrolls_over_the_names(
    make: Callable[[Result], HeatMap],
) -> None:
    heat_map = make(crowded())
    # What is under the mouse stays under it.
    where = place(heat_map, 150.0, 2.5)
    wheel(heat_map, where, 120)
    start, end = heat_map.span()
    assert end - start < 500
    assert place(heat_map, 150.0, 2.5).x() == pytest.approx(where.x(), abs=1)
    # With Shift the span keeps its length and moves on,
    wheel(heat_map, where, -120, Qt.KeyboardModifier.ShiftModifier)
    later = heat_map.span()
    assert later[0] > start
    assert later[1] - later[0] == pytest.approx(end - start)
    # and over the names it is the rows that move.
    wheel(heat_map, name_place(heat_map, 2.5), -120)
    assert heat_map.view.viewRange()[1][0] == 1
    assert heat_map.span() == later


def wheel(heat_map: HeatMap, at: QPoint, turn: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    port = heat_map.plots.viewport()
    event = QWheelEvent(
        QPointF(at), QPointF(port.mapToGlobal(at)), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, held,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(port, event)


def test_the_mouse_drags_the_time_along(qtbot: QtBot, make: Callable[[Result], HeatMap]) -> None:
    heat_map = make(ten_minutes())
    heat_map.show_span(200.0, 300.0)
    port, at = heat_map.plots.viewport(), place(heat_map, 250.0, 0.5)
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=at)
    for step in range(1, 5):
        qtbot.mouseMove(port, at + QPoint(25 * step, 0))
        qtbot.wait(20)  # pyqtgraph passes over what comes faster than a mouse can
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=at + QPoint(100, 0))
    start, end = heat_map.span()
    assert end - start == pytest.approx(100)
    assert start == pytest.approx(200 - 100 * 100 / heat_map.view.width(), abs=1)


def test_a_short_episode_is_seen_in_two_hours(make: Callable[[Result], HeatMap]) -> None:
    # Given two hours in which one window of one behaviour is high,
    base = ten_minutes(dark=())
    starts = np.arange(0, 7198, 8 / 15)
    scores = np.full((len(starts), len(base.pack.labels)), 0.05, np.float32)
    label = base.pack.labels[1]
    scores[7000:7004, 1] = 0.95
    windows = np.stack([starts, starts + 8 / 15], axis=1)
    timeline = ScoreTimeline(windows, scores, np.ones(len(starts), np.bool_), ((),) * len(starts))
    video = dataclasses.replace(base.video, end_s=7200.0, duration_s=7200.0)
    heat_map = make(dataclasses.replace(base, scores=timeline, video=video, episodes=()))
    # when all of it is shown, each pixel some eleven seconds,
    row = heat_map.names().index(label.name("en"))
    image = heat_map.plots.grab().toImage()
    across = range(place(heat_map, 0, 0).x() + 2, image.width() - 4)
    y = place(heat_map, 0, row + 0.3).y()
    # then it is there, as bright as it is.
    seen = {image.pixelColor(x, y).rgb() for x in across}
    assert int(COLOURS[int(0.95 * 255)]) in seen


def test_what_is_not_assessable_is_hatched_and_says_why_there(make: Callable[[Result], HeatMap]) -> None:
    heat_map = make(ten_minutes(dark=((382.0, 430.0),)))
    tip = heat_map.tip(QPointF(400.0, 0.5), True)
    assert "not assessable" in tip
    assert "Too dark" in tip
    assert "score" in heat_map.tip(QPointF(300.0, 0.5), True)
    ground = QColor(style.look.theme.background)
    around = {pixel(heat_map, 400.0 + i * 0.7, 0.3).name() for i in range(12)}
    assert ground.name() in around
    assert QColor(style.look.theme.quiet).name() in around
    # What the model never learnt says so as well, with names.
    rows = len(heat_map.names())
    assert "not trained" in heat_map.tip(QPointF(100.0, rows - 0.5), False)


def test_a_name_is_told_in_full_and_in_both_languages(make: Callable[[Result], HeatMap]) -> None:
    result = ten_minutes()
    heat_map = make(result)
    label = heat_map.chosen()
    assert label is not None
    assert heat_map.tip(QPointF(0, 0.5), False).splitlines() == [label.name("en"), label.name("vi")]
    i18n.use("vi")
    assert heat_map.tip(QPointF(0, 0.5), False).splitlines() == [label.name("vi"), label.name("en")]
    assert heat_map.names()[0] == label.name("vi")


def test_a_review_changes_the_bars_and_leaves_the_rows_where_they_were(make: Callable[[Result], HeatMap]) -> None:
    result = ten_minutes()
    heat_map = make(result)
    rows, second = heat_map.names(), result.pack.labels
    heat_map.choose(next(label.id for label in second if label.name("en") == rows[1]))
    chosen = heat_map.chosen()
    # When one is rejected, one accepted, and one added to a behaviour that was not found,
    found = {episode.label_id for episode in result.episodes}
    new = next(label for label in result.pack.labels[1:] if label.trained and label.id not in found)
    heat_map.show_episodes(
        reviewed(
            result,
            Decision("m0", "reject", "A", MADE),
            Decision("m1", "accept", "A", MADE),
            Decision("c0", "add", "A", MADE, new.id, 200.0, 210.0),
        )
    )
    QApplication.processEvents()
    # then all rows are there in the same order, the new one among them, and the choice stands.
    assert [name for name in heat_map.names() if name in rows[:5]] == rows[:5]
    assert new.name("en") in heat_map.names()[:6]
    assert heat_map.chosen() == chosen
    states = {bar.item.target: bar.item.state for bar in heat_map.lane.bars}
    assert (states["m0"], states["m1"], states["c0"], states["m2"]) == ("rejected", "accepted", "added", "open")
    bar = next(bar for bar in heat_map.lane.bars if bar.item.target == "c0")
    row = heat_map.names().index(new.name("en"))
    assert bar.place.top() == row
    on_bar = heat_map.view.mapSceneToView(heat_map.lane.on_screen(bar, heat_map.lane.sceneTransform()).center())
    assert heat_map.tip(on_bar, True) == f"{new.name('en')}, 3:20.0 to 3:30.0: added"


@pytest.mark.parametrize("size", [(24, 14), (40, 7), (4, 7)], ids=["with its mark", "low", "shortest"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_states_are_told_apart_without_colour(qapp: QApplication, theme: str, size: tuple[int, int]) -> None:
    # Given a bar of each state,
    style.look.use(theme)
    looks: dict[State, bytes] = {}
    for state in STATES:
        image = QImage(size[0] + 2, size[1] + 2, QImage.Format.Format_RGB32)
        image.fill(QColor(style.look.theme.card))
        painter = QPainter(image)
        paint_bars(painter, np.array([[1, 1, *size]]), state)
        painter.end()
        # when only ink or ground is seen of it,
        ground = QColor(style.look.theme.card).rgb()
        looks[state] = bytes(image.pixel(x, y) != ground for y in range(image.height()) for x in range(image.width()))
    # then no two look the same.
    assert len(set(looks.values())) == len(STATES)


def test_a_result_of_which_nothing_could_be_read_is_hatched_throughout(make: Callable[[Result], HeatMap]) -> None:
    base = ten_minutes()
    empty = ScoreTimeline(np.empty((0, 2)), np.empty((0, len(base.pack.labels)), np.float32), np.empty(0, np.bool_), ())
    heat_map = make(dataclasses.replace(base, scores=empty, episodes=()))
    assert heat_map.gaps() == [(0.0, 600.0)]
    assert "could not be read" in heat_map.tip(QPointF(10.0, 0.5), True)


def test_the_scores_shown_are_those_from_which_episodes_are_found() -> None:
    result = ten_minutes()
    labels = result.pack.labels[1:4]
    shown = ethogram.picture(result.scores, result.pack, labels)
    grid = episodes.common_grid(result.scores)
    assert np.array_equal(shown.cells, grid.probabilities.T[1:4], equal_nan=True)
