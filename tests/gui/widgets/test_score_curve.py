"""The curve shows what counts and from where; the ends of an episode are moved by mouse and by keys, or left alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import i18n
from gui.widgets.score_curve import ScoreCurve
from screening import review
from screening.records import Decision, Result
from screening.review import Reviewed
from tests.screening.results import ten_minutes

LEFT, CTRL, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
MADE = "2026-11-22T09:30:00+00:00"
CLAPPING = 1
MOUSE_MS = 20  # pyqtgraph passes over what comes faster than a mouse can


class Told:
    """What the curve said, in order."""

    def __init__(self, curve: ScoreCurve) -> None:
        self.adjusted: list[tuple[str, float, float]] = []
        self.chosen: list[str] = []
        curve.adjusted.connect(lambda target, start, end: self.adjusted.append((target, start, end)))
        curve.episode_chosen.connect(self.chosen.append)


@pytest.fixture
def result() -> Result:
    return ten_minutes(dark=((382.0, 430.0),))


@pytest.fixture
def curve(qtbot: QtBot, result: Result) -> ScoreCurve:
    made = ScoreCurve()
    qtbot.addWidget(made)
    made.resize(900, 220)
    made.show_result(result)
    made.choose(CLAPPING)
    made.show()
    made.activateWindow()
    made.setFocus()
    QApplication.processEvents()
    return made


def at(curve: ScoreCurve, target: str, end: str) -> QPoint:
    """Where an end of the bar of `target` is, or its middle."""
    bar = next(bar for bar in curve.episodes.bars if bar.item.target == target)
    place = curve.episodes.on_screen(bar, curve.episodes.sceneTransform())
    x = {"start": place.left() + 1, "end": place.right() - 1, "middle": place.center().x()}[end]
    return curve.plots.mapFromScene(x, place.center().y())


def drag(qtbot: QtBot, curve: ScoreCurve, start: QPoint, by: int, release: bool = True) -> None:
    port = curve.plots.viewport()
    qtbot.mouseMove(port, start)
    qtbot.mousePress(port, LEFT, pos=start)
    for step in range(1, 6):
        qtbot.mouseMove(port, start + QPoint(by * step // 5, 0))
        qtbot.wait(MOUSE_MS)
    if release:
        qtbot.mouseRelease(port, LEFT, pos=start + QPoint(by, 0))


def mine(curve: ScoreCurve) -> list[str]:
    """Targets of the bars that are shown, by time."""
    return [bar.item.target for bar in sorted(curve.episodes.bars, key=lambda bar: bar.item.start_s)]


def test_both_thresholds_are_drawn_and_said(curve: ScoreCurve, result: Result) -> None:
    on, off = result.pack.labels[CLAPPING].threshold, result.profile.episodes.off_ratio
    assert curve.limits() == (on, on * off)
    assert curve.on_line.value() == on
    assert curve.off_line.value() == pytest.approx(on * off)
    assert curve.on_line.isVisible()
    assert "0.60" in curve.accessibleDescription()
    assert "0.42" in curve.accessibleDescription()


def test_only_the_chosen_behaviour_has_its_bars(curve: ScoreCurve, result: Result) -> None:
    for label_id in (CLAPPING, 2):
        curve.choose(label_id)
        wanted = [(e.start_s, e.end_s) for e in result.episodes if e.label_id == label_id]
        assert curve.bars() == wanted
        assert wanted


def test_an_end_that_is_dragged_is_told_once_when_it_is_let_go(qtbot: QtBot, curve: ScoreCurve) -> None:
    # Given the first episode, close enough to see it well,
    curve.show_span(40.0, 100.0)
    QApplication.processEvents()
    told, target = Told(curve), mine(curve)[0]
    start_s, end_s = curve.bars()[0]
    per_pixel = 60.0 / curve.view.width()
    # when its end is dragged forty points to the right,
    drag(qtbot, curve, at(curve, target, "end"), 40)
    # then that is told once, with the start where it was; and the episode was chosen by it.
    assert len(told.adjusted) == 1
    said, start, end = told.adjusted[0]
    assert (said, start) == (target, start_s)
    assert end == pytest.approx(end_s + 40 * per_pixel, abs=2 * per_pixel)
    assert told.chosen == [target]


def test_escape_leaves_a_dragged_end_as_it_was(qtbot: QtBot, curve: ScoreCurve) -> None:
    curve.show_span(40.0, 100.0)
    QApplication.processEvents()
    told, target = Told(curve), mine(curve)[0]
    before = curve.episodes.bars[0].place
    start = at(curve, target, "start")
    drag(qtbot, curve, start, -40, release=False)
    moved = next(bar for bar in curve.episodes.bars if bar.item.target == target).place
    assert moved.left() < before.left()
    qtbot.keyClick(QApplication.focusWidget() or curve, Qt.Key.Key_Escape)
    qtbot.mouseRelease(curve.plots.viewport(), LEFT, pos=start - QPoint(60, 0))
    assert told.adjusted == []
    assert next(bar for bar in curve.episodes.bars if bar.item.target == target).place == before
    # The next drag counts again.
    drag(qtbot, curve, at(curve, target, "start"), -40)
    assert len(told.adjusted) == 1


def test_ends_stay_within_what_was_analysed_and_do_not_pass_each_other(
    qtbot: QtBot, curve: ScoreCurve, result: Result
) -> None:
    # Given an episode a second from the beginning,
    ids = [label.id for label in result.pack.labels]
    begun = review.begin(result.episodes, ids, 0.0, 600.0)
    after = begun.after([Decision("c0", "add", "A", MADE, CLAPPING, 1.0, 5.0)])
    curve.show_episodes(list(after.reviewed.values()))
    curve.show_span(0.0, 20.0)
    QApplication.processEvents()
    told = Told(curve)
    # when its start is dragged out of the picture,
    drag(qtbot, curve, at(curve, "c0", "start"), -200)
    # then it starts where the video does; and an end dragged over the start stops before it.
    drag(qtbot, curve, at(curve, "c0", "end"), -400)
    assert told.adjusted[0] == ("c0", 0.0, 5.0)
    assert told.adjusted[1][1] == 1.0
    assert 1.0 < told.adjusted[1][2] < 1.5


def test_the_same_by_keyboard_alone(qtbot: QtBot, curve: ScoreCurve) -> None:
    told, targets = Told(curve), mine(curve)
    # The arrows go from episode to episode, and say where one is.
    qtbot.keyClick(curve, Qt.Key.Key_Right)
    qtbot.keyClick(curve, Qt.Key.Key_Right)
    qtbot.keyClick(curve, Qt.Key.Key_Left)
    assert told.chosen == [targets[0], targets[1], targets[0]]
    assert "Clapping" in curve.accessibleDescription()
    assert "open" in curve.accessibleDescription()
    start_s, end_s = curve.bars()[0]
    # Ctrl moves the start, Ctrl and Shift the end; nothing is told before Enter.
    qtbot.keyClick(curve, Qt.Key.Key_Left, CTRL)
    qtbot.keyClick(curve, Qt.Key.Key_Left, CTRL)
    qtbot.keyClick(curve, Qt.Key.Key_Right, CTRL | SHIFT)
    assert told.adjusted == []
    assert "Esc" in curve.accessibleDescription()
    qtbot.keyClick(curve, Qt.Key.Key_Return)
    assert told.adjusted == [(targets[0], pytest.approx(start_s - 0.2), pytest.approx(end_s + 0.1))]
    # Esc leaves it as it was.
    qtbot.keyClick(curve, Qt.Key.Key_Left, CTRL)
    qtbot.keyClick(curve, Qt.Key.Key_Escape)
    qtbot.keyClick(curve, Qt.Key.Key_Return)
    assert len(told.adjusted) == 1


def test_a_click_on_a_bar_chooses_it_and_one_beside_it_only_goes_there(qtbot: QtBot, curve: ScoreCurve) -> None:
    curve.show_span(40.0, 100.0)
    QApplication.processEvents()
    told, went = Told(curve), list[float]()
    curve.position_chosen.connect(went.append)
    middle = at(curve, mine(curve)[0], "middle")
    qtbot.mouseClick(curve.plots.viewport(), LEFT, pos=middle)
    start_s, end_s = curve.bars()[0]
    assert told.chosen == [mine(curve)[0]]
    assert start_s < went[0] < end_s
    qtbot.mouseClick(curve.plots.viewport(), LEFT, pos=middle + QPoint(300, 0))
    assert len(told.chosen) == 1
    assert len(went) == 2
    assert told.adjusted == []


def test_a_decision_elsewhere_while_an_end_is_held_gives_the_drag_up(
    qtbot: QtBot, curve: ScoreCurve, result: Result
) -> None:
    curve.show_span(40.0, 100.0)
    QApplication.processEvents()
    told, target = Told(curve), mine(curve)[0]
    start = at(curve, target, "end")
    drag(qtbot, curve, start, 40, release=False)
    # When the episode is rejected meanwhile (by another key, by undo),
    ids = [label.id for label in result.pack.labels]
    after = review.begin(result.episodes, ids, 0.0, 600.0).after([Decision(target, "reject", "A", MADE)])
    curve.show_episodes(list(after.reviewed.values()))
    qtbot.mouseRelease(curve.plots.viewport(), LEFT, pos=start + QPoint(60, 0))
    # then nothing of an episode that is no more is told.
    assert told.adjusted == []


def test_bars_that_overlap_can_each_be_grasped(curve: ScoreCurve) -> None:
    items = [Reviewed(f"c{i}", None, CLAPPING, 50.0 + i, 60.0 + i) for i in range(3)]
    curve.show_episodes(items)
    tops = {bar.place.top() for bar in curve.episodes.bars}
    assert len(tops) == 3
    for item in items:
        found = curve.episodes.end_at(curve.plots.mapToScene(at(curve, item.target, "start")))
        assert found is not None
        assert found[0].item.target == item.target


def test_tips_speak_the_language_of_the_window(curve: ScoreCurve, result: Result) -> None:
    label = result.pack.labels[CLAPPING]
    place = curve.view.mapSceneToView(curve.pos())
    i18n.use("vi")
    assert curve.tip(place, False).splitlines() == [label.name("vi"), label.name("en")]
