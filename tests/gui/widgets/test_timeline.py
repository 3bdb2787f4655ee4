"""The timeline tells what was scored: which rows, in what order, what is hatched; and it points the player."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import ethogram, style
from gui.main_window import MainWindow
from gui.widgets.timeline import Timeline
from screening.records import Episode, ScoreTimeline
from tests.gui.driving import analysed, press, wait
from tests.screening.packs import GREEN, tiny_info
from tests.screening.results import ten_minutes


def test_behaviours_that_were_found_come_first_and_the_untrained_are_folded_away() -> None:
    # Given a result with episodes of behaviours anywhere in the list,
    result = ten_minutes()
    # when its rows are arranged,
    rows = ethogram.arrange(result.pack, result.profile, result.episodes)
    # then those found stand on top, most time first; every label has its place exactly once.
    seconds = {label.id: 0.0 for label in result.pack.labels}
    for episode in result.episodes:
        seconds[episode.label_id] += episode.duration_s
    found = [label.id for label in rows.shown if seconds[label.id] > 0]
    assert [label.id for label in rows.shown[: len(found)]] == found
    ids = [label.id for label in rows.shown + rows.folded + rows.untrained]
    assert sorted(ids) == sorted(label.id for label in result.pack.labels if label.id != result.pack.output.other_id)
    assert all(not label.trained for label in rows.untrained)
    assert len(rows.shown) <= ethogram.MOST_ROWS


def test_forty_trained_behaviours_share_one_row_beyond_those_that_fit() -> None:
    info = tiny_info()
    labels = tuple(dataclasses.replace(info.labels[1], id=i) for i in range(43))
    rows = ethogram.arrange(dataclasses.replace(info, labels=labels), ten_minutes().profile)
    assert len(rows.shown) + 1 == rows.count == ethogram.MOST_ROWS
    assert len(rows.folded) == 42 - len(rows.shown)


@settings(max_examples=40)
@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_the_hatched_stretches_are_exactly_what_is_not_assessable(assessable: list[bool]) -> None:
    # Given windows side by side, some of them not assessable,
    n = len(assessable)
    windows = np.column_stack([np.arange(n), np.arange(n) + 1.0])
    scores = ScoreTimeline(
        windows,
        np.full((n, 11), 0.5, np.float32),
        np.array(assessable),
        tuple(() if good else ("dark",) for good in assessable),
    )
    info = tiny_info()
    # when they are made a picture,
    picture = ethogram.picture(scores, info, ethogram.arrange(info, ten_minutes().profile).shown)
    # then hatching and scores share the time between them.
    hatched = sum(end - start for start, end in picture.gaps())
    assert hatched == pytest.approx(n - sum(assessable))
    assert np.isnan(picture.cells).any(axis=0).tolist() == [not good for good in assessable]


def test_a_click_goes_there_and_chooses_the_behaviour(qtbot: QtBot, opened: MainWindow) -> None:
    analysed(qtbot, opened)
    timeline, playback = opened.result_page.timeline, opened.session.playback
    opened.result_page.repaint()
    QApplication.processEvents()
    # When the second row is clicked at ten seconds,
    at = timeline.heat_map.getViewBox().mapViewToScene(QPointF(10.0, 1.5))
    qtbot.mouseClick(timeline.plots.viewport(), Qt.MouseButton.LeftButton, pos=timeline.plots.mapFromScene(at))
    # then the player goes there, the cursor too, and the curve is that behaviour's.
    wait(qtbot, lambda: abs(playback.position_s - 10.0) < 0.2)
    assert timeline.position() == pytest.approx(playback.position_s)
    chosen = timeline.chosen()
    assert chosen is not None
    assert chosen.name("en") == timeline.names()[1]


def test_keys_choose_a_behaviour_and_zoom(qtbot: QtBot, opened: MainWindow) -> None:
    analysed(qtbot, opened)
    timeline = opened.result_page.timeline
    timeline.setFocus()
    press(qtbot, opened, Qt.Key.Key_Down)
    chosen = timeline.chosen()
    assert chosen is not None
    assert chosen.name("en") == timeline.names()[1]
    start, end = timeline.heat_map.viewRange()[0]
    press(qtbot, opened, Qt.Key.Key_Plus)
    closer = timeline.heat_map.viewRange()[0]
    assert closer[1] - closer[0] < end - start
    press(qtbot, opened, Qt.Key.Key_0)
    assert timeline.heat_map.viewRange()[0] == pytest.approx([start, end])


def test_a_criterion_shows_its_curve_with_its_threshold(qtbot: QtBot, opened: MainWindow) -> None:
    result = analysed(qtbot, opened)
    timeline, card = opened.result_page.timeline, opened.result_page.result_card
    row = next(i for i, row in enumerate(card.criteria.rows()) if row.cells[0] == "Behaviour 2")
    card.criteria.selectRow(row)
    chosen = timeline.chosen()
    assert chosen is not None
    assert chosen.id == GREEN
    assert timeline.threshold(chosen) == result.pack.labels[GREEN].threshold
    bars = timeline.bars()
    assert len(bars) == 1
    assert bars[0] == pytest.approx(
        next((episode.start_s, episode.end_s) for episode in result.episodes if episode.label_id == GREEN)
    )


def test_repainting_under_load_holds(qtbot: QtBot) -> None:
    """A bump of PySide6 or pyqtgraph that aborts while repainting (TRAPS 1) shows here, not at a clinician's desk."""
    # Given the timeline of a long result,
    result = ten_minutes()
    timeline = Timeline()
    qtbot.addWidget(timeline)
    timeline.resize(900, 300)
    timeline.show()
    timeline.begin(result.pack, result.profile, 0.0, 600.0)
    # when scores, cursor, size, theme and choice change again and again while it is painted,
    n = len(result.scores.windows)
    for i in range(60):
        part = slice(i * n // 60, (i + 1) * n // 60)
        timeline.extend(
            ScoreTimeline(
                result.scores.windows[part],
                result.scores.probabilities[part],
                result.scores.assessable[part],
                result.scores.reasons[part],
            )
        )
        timeline.stop()
        timeline.show_position(i * 10.0)
        timeline.resize(700 + 5 * i, 260 + i)
        if i % 10 == 0:
            style.look.use("dark" if i % 20 else "light")
        timeline.choose(result.pack.labels[1 + i % 10].id)
        timeline.grab()
        QApplication.processEvents()
    timeline.finish(result)
    # then it has reached the end and still answers.
    assert timeline.filled_s() == pytest.approx(float(result.scores.windows[-1, 1]), abs=1.0)
    longest = max(result.episodes, key=_duration)
    timeline.choose(longest.label_id)
    assert timeline.bars()
    timeline.stop()


def _duration(episode: Episode) -> float:
    return episode.duration_s
