"""A clinician reviews on the page: by keyboard alone with few presses, by mouse, in both languages."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gui import i18n, style
from gui.widgets.label_search import matches, plain
from gui.widgets.review_side import AGREEMENT, WIDEST
from gui.widgets.table import ROW_HEIGHT
from screening.records import Episode
from tests.gui.driving import wait
from tests.gui.pages.reviewing.review_desk import FOUND, Desk, Key, Mod
from tests.screening import results

# ------------------------------------------------------------------------------------------------ before a review


def test_without_a_result_a_sentence_says_what_to_do_and_then_the_name_is_asked_once(desk: Desk, qtbot: QtBot) -> None:
    assert "Analyse a video first" in desk.page._nothing.text()
    assert desk.page._nothing.isVisible()
    desk.reviewing.offer(desk.result)
    # Nothing of the model's answer is there while one may still choose to mark first
    assert not desk.page.heat_map.isVisible()
    assert not desk.page.table.isVisible()
    names: list[str] = []
    desk.page.reviewer_changed.connect(names.append)
    desk.press(Key.Key_Return)  # without a name nothing begins
    assert not desk.reviewing.is_begun
    desk.type("Dr An")
    desk.press(Key.Key_Return)
    assert names == ["Dr An"]
    assert desk.page.table.isVisible()
    # Tomorrow the name is there, and Enter begins
    desk.reviewing.offer(desk.result)
    desk.page.use_reviewer("Dr An")
    desk.reviewing.offer(desk.result)
    desk.press(Key.Key_Return)
    assert desk.reviewing.is_begun


# ------------------------------------------------------------------------------------------------ keyboard


def test_a_review_by_keyboard_takes_at_most_three_presses_for_each_episode(desk: Desk) -> None:
    # Given ten episodes; each is watched in its loop, accepted or rejected, two are corrected and one is added
    desk.begin()
    desk.presses = 0
    desk.press(Key.Key_Return)
    for i in range(8):  # the loop goes on with the next one, so that it is not asked for again
        assert desk.playback.looped is not None
        assert desk.playback.looped[0] == pytest.approx(max(0, FOUND[i].start_s - 1))
        desk.press(Key.Key_R if i == 3 else Key.Key_A)
    desk.press(Key.Key_C)
    desk.type("va")
    desk.press(Key.Key_Return)
    desk.press(Key.Key_Escape)  # the loop
    desk.seek(24.6)
    desk.press(Key.Key_BracketRight)
    desk.seek(26.0)
    desk.press(Key.Key_M)
    desk.seek(27.5)
    desk.press(Key.Key_M)
    # Then all is decided
    assert desk.states() == ["accepted"] * 3 + ["rejected"] + ["accepted"] * 4 + ["corrected"] * 2 + ["added"]
    assert not desk.reviewing.open
    assert desk.presses <= 3 * len(desk.reviewing.items)
    assert desk.cancelled == 0  # Esc ended the loop, and did not reach the window's “cancel”
    assert "0 open · 11 decided" in desk.page.side.counts.text()


def test_everything_is_undone_and_redone_by_keyboard(desk: Desk) -> None:
    desk.begin()
    desk.press(Key.Key_A)
    desk.press(Key.Key_A, Mod.ControlModifier)
    desk.press(Key.Key_R)
    assert set(desk.states()) == {"rejected"}
    desk.press(Key.Key_Z, Mod.ControlModifier)
    assert desk.states() == ["accepted"] + ["open"] * 9
    desk.press(Key.Key_Z, Mod.ControlModifier)
    desk.press(Key.Key_Z, Mod.ControlModifier)  # one too many does nothing
    assert set(desk.states()) == {"open"}
    assert not desk.page.strip.buttons["Ctrl+Z"].isEnabled()
    desk.press(Key.Key_Y, Mod.ControlModifier)
    desk.press(Key.Key_Z, Mod.ControlModifier | Mod.ShiftModifier)
    assert set(desk.states()) == {"rejected"}


def test_arrows_and_letters_move_and_the_player_follows(desk: Desk, qtbot: QtBot) -> None:
    desk.begin()
    desk.press(Key.Key_N)
    desk.press(Key.Key_Down)
    wait(qtbot, lambda: abs(desk.playback.position_s - FOUND[2].start_s) < 0.1)
    assert desk.page.heat_map.position() == pytest.approx(desk.playback.position_s)
    desk.press(Key.Key_P)
    assert desk.reviewing.selected == ("m1",)
    # The curve shows its behaviour
    chosen = desk.page.curve.chosen()
    assert chosen is not None
    assert chosen.id == FOUND[1].label_id
    # Shift selects several, which are then decided in one step
    desk.press(Key.Key_Down, Mod.ShiftModifier)
    desk.press(Key.Key_A)
    assert desk.states()[:4] == ["open", "accepted", "accepted", "open"]
    assert len(desk.unkept.review.steps) == 1


def test_space_pauses_the_loop_and_esc_ends_it(desk: Desk) -> None:
    desk.begin()
    desk.press(Key.Key_N)
    desk.press(Key.Key_Return)
    assert desk.playback.rate == 1.0
    desk.press(Key.Key_Space)
    assert desk.playback.rate == 0.0
    desk.press(Key.Key_Escape)
    assert desk.playback.looped is None
    desk.press(Key.Key_Escape)  # now it is the window's again
    assert desk.cancelled == 1


def test_a_mark_says_that_it_is_being_made_and_can_be_given_up(desk: Desk) -> None:
    desk.begin()
    desk.seek(5.0)
    desk.press(Key.Key_Insert)
    assert "Marking from 0:05.0" in desk.page.mark_note.text()
    desk.press(Key.Key_Escape)
    assert desk.page.mark_note.text() == ""
    assert desk.cancelled == 0
    desk.press(Key.Key_M)
    desk.press(Key.Key_M)  # it ends where it begins: no episode, and a sentence says why
    assert "must end after it starts" in desk.page.banner.text()
    assert len(desk.reviewing.items) == 10


def test_a_remark_is_typed_with_every_letter_and_shown(desk: Desk) -> None:
    desk.begin()
    desk.press(Key.Key_T)
    desk.type("A hand, partly hidden; map no. [3]")
    desk.press(Key.Key_Return)
    assert desk.states()[0] == "open"  # the letters were no decisions, and a remark is none
    assert desk.page.table.cells(0)[-1] == "A hand, partly hidden; map no. [3]"
    assert "partly hidden" in desk.page.side._remarks.text()
    desk.press(Key.Key_A)  # the keyboard is with the table again
    assert desk.states()[0] == "accepted"


def test_a_behaviour_is_found_in_either_language_without_diacritics(desk: Desk) -> None:
    desk.begin()
    desk.press(Key.Key_C)
    labels = {label.id: label for label in desk.reviewing.labels}
    everything = desk.page.search.found()
    assert set(everything) == set(labels)
    desk.type("vo tay")
    first = labels[desk.page.search.found()[0]]
    assert "Vỗ tay" in first.names["vi"]
    desk.press(Key.Key_Escape)
    assert desk.page.search.isHidden()
    assert desk.states()[0] == "open"
    desk.press(Key.Key_C)
    desk.type("clapp")
    desk.press(Key.Key_Down)  # the only one stays
    desk.press(Key.Key_Return)
    assert labels[desk.reviewing.items[0].label_id].names["en"] == "Clapping"


def test_search_prefers_beginnings_of_words() -> None:
    labels = results.labels()
    assert plain("Đập ĐẦU") == "dap dau"
    names = [label.names["vi"] for label in matches(labels, "dau")]
    first = [any(word.startswith("dau") for word in plain(name).split()) for name in names]
    assert first == sorted(first, reverse=True) or any("dau" in plain(x.names["en"]) for x in labels)
    assert matches(labels, "no such behaviour") == []
    assert len(matches(labels, "")) == len(labels)


# ------------------------------------------------------------------------------------------------ mouse


def test_the_same_review_by_mouse(desk: Desk, qtbot: QtBot) -> None:
    desk.begin()
    buttons, table = desk.page.strip.buttons, desk.page.table
    desk.click(buttons["A"])
    third = table.visualRect(table.model().index(2, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=third)
    desk.click(buttons["R"])
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(third.x(), third.y() + 50))
    assert desk.playback.looped is not None
    desk.click(buttons["C"])
    desk.page.search.list.itemClicked.emit(desk.page.search.list.item(3))
    desk.click(buttons["Ctrl+Z"])
    desk.click(buttons["Ctrl+Y"])
    assert desk.states()[:5] == ["accepted", "open", "rejected", "open", "corrected"]
    # An end is dragged in the curve, and the index follows
    before = desk.page.side.indices.text()
    target = desk.reviewing.items[0].target
    desk.page.curve.adjusted.emit(target, 0.5, 2.0)
    assert (desk.reviewing.items[0].start_s, desk.reviewing.items[0].end_s) == (0.5, 2.0)
    desk.page.curve.episode_chosen.emit(desk.reviewing.items[5].target)
    assert desk.reviewing.current == desk.reviewing.items[5]
    for _episode in range(10):
        desk.click(buttons["R"])
    assert desk.page.side.indices.text() != before
    # Finishing is said, and the next decision takes it back
    desk.click(desk.page.side.finish)
    assert "Finished" in desk.page.side.counts.text()
    assert not desk.page.side.finish.isVisible()
    with qtbot.waitSignal(desk.page.report_requested):  # and leads on
        desk.click(desk.page.side.report)
    desk.click(buttons["A"])
    assert "Finished" not in desk.page.side.counts.text()


def test_each_key_is_on_its_button_and_in_its_tip(desk: Desk) -> None:
    desk.begin()
    for cap, button in desk.page.strip.buttons.items():
        assert f"({cap})" in button.toolTip()
        assert button.accessibleName()
        assert not button.icon().isNull()


def test_a_search_is_seen_whole_at_the_smallest_size_with_what_it_is_about(desk: Desk, qtbot: QtBot) -> None:
    # Given the smallest window, and the last of the episodes,
    desk.begin()
    side, last = desk.page.side, desk.reviewing.items[-1].target
    desk.reviewing.select((last,))
    assert side.indices.isVisible()
    # when another behaviour is searched for it, the indices give up their room,
    desk.press(Key.Key_C)
    qtbot.wait(50)
    assert not side.indices.isVisible()
    # and field, list and hint are there as high as they need, with the episode above them.
    assert side.search.height() >= side.search.minimumSizeHint().height()
    assert side.search.geometry().bottom() < side.finish.geometry().top()
    row = side.table.visualRect(side.table.currentIndex())
    assert row.top() >= 0
    assert row.bottom() <= side.table.viewport().height()
    desk.press(Key.Key_Escape)
    assert side.indices.isVisible()


def test_the_figures_of_the_agreement_take_the_room_of_the_indices(desk: Desk) -> None:
    desk.begin()
    side = desk.page.side
    desk.click(side.tabs[AGREEMENT])
    assert side.agreement.isVisible()
    assert not side.table.isVisible()
    assert not side.indices.isVisible()
    desk.click(side.tabs[0])
    assert side.table.isVisible()
    assert side.indices.isVisible()


def test_a_wide_window_gives_its_width_to_the_picture(desk: Desk, qtbot: QtBot) -> None:
    desk.begin()
    desk.window.resize(3840 - style.SIDEBAR, 2160 - 84)
    qtbot.wait(50)
    assert desk.page.side.width() <= WIDEST
    # and the plots are no higher than their rows can use
    assert desk.page._over_time.height() < desk.page.height() / 2
    assert desk.page.player.height() > desk.page.height() / 2


# ------------------------------------------------------------------------------------------------ language, size


@pytest.mark.parametrize("code", ["vi", "en"])
def test_the_page_speaks_both_languages_also_in_between(desk: Desk, code: str) -> None:
    i18n.use(code)
    desk.begin()
    desk.press(Key.Key_A)
    names = {label.id: label.name(code) for label in desk.reviewing.labels}
    assert desk.page.table.cells(1)[1] == names[FOUND[1].label_id]
    assert desk.page.table.cells(1)[3] == ("1,5 s" if code == "vi" else "1.5 s")
    other = "en" if code == "vi" else "vi"
    i18n.use(other)
    label = next(label for label in desk.reviewing.labels if label.id == FOUND[1].label_id)
    assert desk.page.table.cells(1)[1] == label.name(other)
    assert desk.page.mark_note.name.text() == label.name(other)
    assert desk.states()[0] == "accepted"


def test_five_hundred_episodes_are_painted_only_where_they_changed(desk: Desk, qtbot: QtBot) -> None:
    many = tuple(Episode(1 + i % 10, i * 1.1, i * 1.1 + 1, 0.9, 0.8) for i in range(500))
    desk.result = dataclasses.replace(results.ten_minutes(), episodes=many)
    desk.begin()
    model = desk.page.table.model()
    changes: list[int] = []
    model.dataChanged.connect(lambda first, last: changes.extend(range(first.row(), last.row() + 1)))
    resets: list[None] = []
    model.modelReset.connect(lambda: resets.append(None))
    desk.press(Key.Key_A)
    desk.press(Key.Key_R)
    assert changes == [0, 1]
    assert not resets
    desk.press(Key.Key_A, Mod.ControlModifier)
    desk.press(Key.Key_A)
    assert len(desk.unkept.review.steps[-1]) == 500


def test_the_table_paints_whole_rows_only(desk: Desk) -> None:
    # Given a table in which the fourth row is cut through,
    desk.begin()
    table = desk.page.table
    table.setFixedHeight(table.horizontalHeader().height() + 3 * ROW_HEIGHT + ROW_HEIGHT // 2)
    desk.qtbot.wait(20)
    assert table.rowAt(table.viewport().height() - 2) == 3
    # then what is seen of its place is empty ground.
    cut = table.viewport().grab().toImage().copy(0, 3 * ROW_HEIGHT + 1, table.viewport().width(), ROW_HEIGHT // 2 - 4)
    colours = {cut.pixelColor(x, y).name() for x in range(cut.width()) for y in range(cut.height())}
    assert len(colours) == 1
