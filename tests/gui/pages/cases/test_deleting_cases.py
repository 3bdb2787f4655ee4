"""Deleting asks in place, names what would be lost, and takes nothing that is in use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gui import i18n
from screening.library import Library
from tests.gui.pages.cases.desk import SHIFT, Desk, Key


def test_deleting_asks_in_place_names_what_would_be_lost_and_keeping_is_the_nearest_answer(
    start: Callable[[], Desk], clinic: Path
) -> None:
    # Given the visit that was reviewed,
    desk = start()
    visits = desk.page.visits
    desk.point(visits.table, 1)
    visits.take_focus()
    desk.press(Key.Key_Delete)
    # then the question counts what hangs on it, and Space or Esc keeps it.
    question = visits.asking.question.text()
    assert "October 5, 2026 and with it 2 clips, 1 analysis, 1 review?" in question
    assert "Files on the disk stay" in question
    for answer in (Key.Key_Space, Key.Key_Escape):
        assert desk.focused() is visits.asking.keep
        desk.press(answer)
        assert len(desk.visits()) == 3
        assert desk.focused() is visits.table
        desk.press(Key.Key_Delete)
    # Choosing another one takes the question back; it is never asked about one and done to the other.
    desk.point(visits.table, 2)
    assert not visits.asking.asks
    desk.point(visits.table, 1)
    desk.press(Key.Key_Delete)
    i18n.use("vi")
    assert "October" not in visits.asking.question.text()
    desk.press(Key.Key_Tab, SHIFT)
    desk.press(Key.Key_Space)
    assert len(desk.visits()) == 2
    assert (desk.path.parent / "film.mp4").exists()


def test_a_case_goes_with_everything_in_it_and_the_next_one_takes_its_place(
    start: Callable[[], Desk], clinic: Path
) -> None:
    desk = start()
    desk.page.take_focus()
    desk.press(Key.Key_Down)
    desk.press(Key.Key_Delete)
    assert "Delete “Bông” and with it 1 visit?" in desk.page.card.asking.question.text()
    desk.click(desk.page.card.asking.confirm)
    assert desk.names() == ["K-0147", "Đức"]
    assert desk.page.card._name.text() == "Đức"
    assert desk.focused() is desk.page.list.table
    desk.press(Key.Key_Delete)
    assert "There is no visit in it" in desk.page.card.asking.question.text()
    desk.click(desk.page.card.asking.confirm)
    assert desk.page.card._name.text() == "K-0147"


def test_after_the_last_case_the_page_begins_again(start: Callable[[], Desk], path: Path) -> None:
    with Library(path) as library:
        library.cases.add("Na")
    desk = start()
    desk.page.take_focus()
    desk.press(Key.Key_Delete)
    desk.click(desk.page.card.asking.confirm)
    assert desk.focused() is desk.page.welcome.new


def test_what_an_analysis_waits_for_is_not_deleted_under_it(start: Callable[[], Desk], clinic: Path) -> None:
    desk = start()
    desk.page.visits.take_focus()
    desk.press(Key.Key_Delete)
    desk.click(desk.page.visits.asking.confirm)
    assert "waiting or running" in desk.page.banner.text()
    assert len(desk.visits()) == 3
    desk.click(desk.page.card.delete)
    desk.click(desk.page.card.asking.confirm)
    assert "waiting or running" in desk.page.banner.text()
    assert len(desk.names()) == 3


def test_the_visit_that_is_open_and_its_case_stay(start: Callable[[], Desk], clinic: Path) -> None:
    desk = start()
    chosen = desk.page.visits.chosen()
    assert chosen is not None
    desk.page.show_open(chosen.visit.id)
    assert desk.visits()[0][1] == "not analysed yet (open now)"
    assert not desk.page.visits.delete.isEnabled()
    assert "is open" in desk.page.visits.delete.toolTip()
    assert "is open" in desk.page.visits._reason.text()
    assert desk.page.visits._reason.isVisible()
    assert not desk.page.card.delete.isEnabled()
    assert "is open" in desk.page.card._reason.text()
    desk.page.take_focus()
    desk.press(Key.Key_Delete)
    assert not desk.page.card.asking.asks
    # Another child's, and after it is closed this one's, can be deleted.
    desk.press(Key.Key_Down)
    assert desk.page.card.delete.isEnabled()
    desk.press(Key.Key_Up)
    desk.page.show_open(None)
    assert desk.page.card.delete.isEnabled()
