"""Who marks first on the review page: blind until the answer is shown, then both side by side; and colleagues."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from gui.review.keeping import Unkept
from gui.review.reviewing import Reviewing
from gui.widgets.episode_table import COMMENTS, PEAK, STATE
from gui.widgets.review_side import AGREEMENT, EPISODES
from tests.gui.driving import wait
from tests.gui.pages.reviewing.review_desk import FOUND, Desk, Key


def question(desk: Desk) -> QMessageBox:
    return next(box for box in desk.page.findChildren(QMessageBox) if box.isVisible())


def answer(desk: Desk, words: str) -> None:
    desk.click(next(button for button in question(desk).buttons() if button.text() == words))


def test_who_marks_first_cannot_finish_before_the_answer_and_begins_with_no_behaviour(desk: Desk) -> None:
    # Given a review in which a behaviour was chosen,
    desk.begin()
    chosen = desk.page.mark_note.name.text()
    assert desk.page.strip.buttons["F"].isEnabled()
    # when somebody begins another one and marks first, then nothing of it is left, and F does nothing yet
    desk.begin(mark_first=True)
    assert desk.page.mark_note.name.text() != chosen
    assert desk.reviewing.label is None
    assert not desk.page.strip.buttons["F"].isEnabled()
    assert not desk.page.side.finish.isEnabled()
    # and marks have no column of scores, which the model's episodes have.
    desk.reviewing.add(1, 1.0, 2.0)
    assert desk.page.table.isColumnHidden(PEAK)
    desk.reviewing.reveal()
    assert not desk.page.table.isColumnHidden(PEAK)
    assert desk.page.strip.buttons["F"].isEnabled()


def test_mark_first_hides_the_model_until_it_is_revealed(desk: Desk, qtbot: QtBot) -> None:
    desk.begin(mark_first=True)
    page = desk.page
    assert not page.heat_map.isVisible()
    assert not page.curve.isVisible()
    assert not page.side.indices.isVisible()
    assert not page.side.tabs[AGREEMENT].isEnabled()
    assert desk.states() == []
    # When the clinician marks what they see: the behaviour is asked with the first mark, which began when M was pressed
    desk.seek(FOUND[0].start_s)
    desk.press(Key.Key_M)
    desk.type(next(label for label in desk.reviewing.labels if label.id == FOUND[0].label_id).names["en"])
    desk.press(Key.Key_Return)
    assert "Marking from 0:01.0" in page.mark_note.text()
    desk.seek(FOUND[0].end_s)
    desk.press(Key.Key_M)
    desk.seek(14.0)
    desk.press(Key.Key_M)
    desk.seek(14.8)
    desk.press(Key.Key_M)
    assert desk.states() == ["added", "added"]
    # Then the answer is shown only after a question
    desk.click(page.reveal)
    answer(desk, "Keep marking")
    assert not page.heat_map.isVisible()
    desk.click(page.reveal)
    answer(desk, "Show the answer")
    desk.window.activateWindow()  # what a window manager does when a dialog goes
    wait(qtbot, desk.window.isActiveWindow)
    assert page.heat_map.isVisible()
    assert page.curve.isVisible()
    wait(qtbot, lambda: "Found by both: 1. In all Dr An has 2, the model 10." in page.side.agreement.text())
    # And D goes from one place where they differ to the next
    opinion = page.opinion
    assert opinion.comparison is not None
    for place, where in enumerate(opinion.comparison.disagreements):
        desk.press(Key.Key_D)
        assert page.side.agreement.places.currentIndex().row() == place
        wait(qtbot, lambda where=where: abs(desk.playback.position_s - where.start_s) < 0.1)
    desk.press(Key.Key_A)
    assert page.side.tabs[AGREEMENT].text() == f"Agreement (differences: {len(opinion.comparison.disagreements)})"


def test_colleagues_can_be_compared_with(desk: Desk, qtbot: QtBot) -> None:
    desk.begin()
    hers = Unkept("Dr Binh")
    colleague = Reviewing()
    colleague.begin(desk.result, hers.review, hers)
    colleague.reject()
    assert "nothing to compare with" in desk.page.side.agreement.text()
    others = [dataclasses.replace(hers.review, id=7), dataclasses.replace(hers.review, id=8, reviewer="Dr Chi")]
    desk.page.show_others(others)
    wait(qtbot, lambda: "Dr An has 10, Dr Binh 9" in desk.page.side.agreement.text())
    assert "still open (Dr An: 10, Dr Binh: 9)" in desk.page.side.agreement.text()
    choice = desk.page.side.agreement.choice
    assert desk.page.side.tabs[AGREEMENT].text() == "Agreement (differences: 1)"
    places = desk.page.side.agreement.places
    assert places.model().headerData(1, Qt.Orientation.Horizontal) == "Dr An"
    assert places.rows()[0].cells[2] == "–"  # which Dr Binh has not
    assert [choice.itemText(i) for i in range(choice.count())] == ["Dr Binh", "Dr Chi"]
    desk.page.side.agreement.other_chosen.emit(1)
    wait(qtbot, lambda: "Dr An has 10, Dr Chi 9" in desk.page.side.agreement.text())


def test_while_nothing_is_marked_choosing_a_behaviour_is_the_next_thing_to_do(desk: Desk) -> None:
    # Given somebody who begins to mark first: what cannot be undone is not what the page offers,
    desk.begin(mark_first=True)
    page = desk.page
    assert page.reveal.property("role") != "primary"
    assert page.mark_note.behaviour.property("role") == "primary"
    assert "Press B to choose a behaviour" in page.side._none.text()
    assert not page.side.finish.isVisible()
    # when a behaviour is chosen, it can be changed,
    desk.reviewing.choose(1)
    assert page.mark_note.behaviour.text() == "Change (B)…"
    assert page.mark_note.behaviour.property("role") == "link"
    # and from the first mark on the answer may be the next thing.
    desk.reviewing.add(1, 1.0, 2.0)
    assert page.reveal.property("role") == "primary"


def test_a_mark_that_is_begun_is_not_lost_without_a_word(desk: Desk) -> None:
    # Given a mark that has no end yet,
    desk.begin(mark_first=True)
    desk.reviewing.choose(1)
    desk.reviewing.mark(5.0)
    # when the answer is asked for, then the question says what it costs,
    desk.click(desk.page.reveal)
    box = question(desk)
    assert "begins at 0:05.0 has no end yet and will be lost" in box.informativeText()
    # and the mark goes on for whoever keeps marking.
    answer(desk, "Keep marking")
    assert desk.reviewing.onset_s == 5.0
    desk.reviewing.mark(7.0)
    desk.click(desk.page.reveal)
    assert "lost" not in question(desk).informativeText()
    answer(desk, "Keep marking")


def test_marking_blind_the_seek_bar_has_a_line_of_its_own(desk: Desk) -> None:
    desk.begin()
    player = desk.page.player

    def is_beside_the_buttons() -> bool:
        return player.bar.mapTo(player, QPoint(0, player.bar.height())).y() > player.play.y()

    desk.qtbot.waitUntil(is_beside_the_buttons)
    desk.begin(mark_first=True)
    desk.qtbot.waitUntil(lambda: not is_beside_the_buttons())
    assert player.bar.width() > player.width() / 2
    desk.reviewing.reveal()
    desk.qtbot.waitUntil(is_beside_the_buttons)


def test_a_column_with_nothing_to_say_is_left_out(desk: Desk) -> None:
    desk.begin(mark_first=True)
    desk.reviewing.add(1, 1.0, 2.0)
    table = desk.page.table
    assert table.isColumnHidden(STATE)  # all are alike
    assert table.isColumnHidden(COMMENTS)
    assert table.targets() == (desk.reviewing.items[0].target,)
    desk.reviewing.comment("the left hand")
    assert not table.isColumnHidden(COMMENTS)
    desk.reviewing.reveal()
    assert not table.isColumnHidden(STATE)
    # Where there is room for words, a remark has all that the names leave.
    desk.page.side.show_tab(EPISODES)
    desk.window.resize(1920, 1080)
    desk.qtbot.waitUntil(lambda: table.columnWidth(COMMENTS) > 150)
    assert sum(map(table.columnWidth, range(6))) <= table.viewport().width() + 1
