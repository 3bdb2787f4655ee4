"""A child is entered, found again, changed, and its visit opened, by keyboard and by mouse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from gui.widgets.visit_form import VisitForm
from screening.library import Library
from screening.library.records import Consent, Month
from tests.gui.pages.cases.desk import CTRL, LEFT, TODAY, Desk, Key


def test_a_first_child_is_entered_and_a_visit_begun_with_the_keyboard_alone(start: Callable[[], Desk]) -> None:
    # Given an empty library: three sentences, and the button that begins,
    desk = start()
    assert sum(label.isVisible() for label in desk.page.welcome._sentences) == 3
    assert desk.focused() is desk.page.welcome.new
    # when a case is entered by keys,
    desk.press(Key.Key_Space)
    form = desk.form()
    assert "never the child's own" in form._hint.text()
    assert desk.focused() is form.pseudonym
    desk.type("K-0147")
    for text in ("mar", "2021"):
        desk.press(Key.Key_Tab)
        desk.type(text)
    desk.press(Key.Key_Tab)
    assert desk.focused() is form.consented
    desk.press(Key.Key_Space)
    for text in ("Hoa", "mother"):
        desk.press(Key.Key_Tab)
        desk.type(text)
    desk.press(Key.Key_Return)
    # then it is in the list with its age of today, and its facts stand beside it,
    assert desk.cases() == [("K-0147", "5 years 8 months", "0", "–")]
    assert desk.said() == "March 2021 (5 years 8 months today)|Hoa (mother), November 22, 2026"
    # and two keys more begin a visit, dated today, and open it.
    assert desk.focused() is desk.page.list.table
    desk.press(Key.Key_Return)
    assert desk.focused() is desk.page.visits.new
    desk.press(Key.Key_Space)
    assert len(desk.opened) == 1
    assert desk.visits() == [("Nov 22, 2026", "no video yet", "0", "")]
    assert desk.cases() == [("K-0147", "5 years 8 months", "1", "Nov 22, 2026")]
    # All of that is in the file: the next program finds it.
    desk.close()
    with Library(desk.path) as library:
        case = library.cases.list()[0].case
        assert (case.born, case.consent) == (Month(2021, 3), Consent("Hoa", "mother", TODAY))
        assert library.visits.of_case(case.id)[0].visit.id == desk.opened[0]


def test_only_the_pseudonym_is_asked_for_and_without_consent_the_case_says_so(start: Callable[[], Desk]) -> None:
    desk = start()
    desk.press(Key.Key_N, CTRL)
    desk.type("Bông")
    desk.click(desk.form().save)
    assert desk.cases() == [("Bông", "–", "0", "–")]
    assert desk.said() == "month of birth not recorded|no consent recorded"


@pytest.mark.parametrize(
    ("name", "said"), [("bông", "already a case “bông”"), ("  ", "needs a pseudonym")], ids=["taken", "empty"]
)
def test_a_pseudonym_that_cannot_be_is_refused_in_the_form_and_nothing_typed_is_lost(
    start: Callable[[], Desk], clinic: Path, name: str, said: str
) -> None:
    desk = start()
    desk.click(desk.page.list.new)
    form = desk.form()
    form.notes.setPlainText("much that was typed")
    desk.type(name)
    desk.press(Key.Key_Return)
    assert said in form.banner.text()
    assert form.isVisible()
    assert form.notes.toPlainText() == "much that was typed"
    # Mended, it is taken.
    form.pseudonym.selectAll()
    desk.type("Na")
    desk.press(Key.Key_Return)
    assert desk.page._form is None
    assert "Na" in desk.names()


def test_half_a_birth_a_birth_to_come_and_consent_of_nobody_are_refused_in_place(
    start: Callable[[], Desk], clinic: Path
) -> None:
    desk = start()
    desk.click(desk.page.list.new)
    form = desk.form()
    desk.type("Na")
    form.month.setCurrentIndex(12)
    desk.click(form.save)
    assert "both the month and the year" in form.banner.text()
    assert desk.focused() is form.year
    form.year.setCurrentIndex(form.year.findData(2026))
    desk.click(form.save)
    assert "future" in form.banner.text()
    form.month.setCurrentIndex(11)
    form.consented.setChecked(True)
    desk.click(form.save)
    assert "who gave consent" in form.banner.text()
    assert desk.focused() is form.by
    assert form.given.maximumDate().toPython() == TODAY
    # Esc leaves everything as it was.
    desk.press(Key.Key_Escape)
    assert "Na" not in desk.names()


def test_arrows_go_through_the_cases_and_enter_opens_the_chosen_visit(start: Callable[[], Desk], clinic: Path) -> None:
    # Given a clinic, the latest visit first,
    desk = start()
    assert desk.focused() is desk.page.list.table
    assert desk.names() == ["K-0147", "Bông", "Đức"]
    assert desk.visits() == [
        ("Nov 10, 2026", "not analysed yet", "1", "1 analysis"),
        ("Oct 5, 2026", "reviewed, no report yet", "2 (1 analysed)", ""),
        ("Sep 1, 2026", "analysed, not reviewed yet", "1", ""),
    ]
    # when one goes down and up again, then the visits follow,
    desk.press(Key.Key_Down)
    assert [visit[0] for visit in desk.visits()] == ["Oct 30, 2026"]
    desk.press(Key.Key_Down)
    assert desk.page.visits._none.isVisible()
    assert not desk.page.visits.open.isVisible()
    for _twice in range(2):
        desk.press(Key.Key_Up)
    # and Enter goes into them and opens the one that is chosen.
    desk.press(Key.Key_Return)
    assert desk.focused() is desk.page.visits.table
    desk.press(Key.Key_Down)
    desk.press(Key.Key_Return)
    chosen = desk.page.visits.chosen()
    assert chosen is not None
    assert desk.opened == [chosen.visit.id]
    assert chosen.visit.date == dt.date(2026, 10, 5)


def test_the_same_by_mouse(start: Callable[[], Desk], clinic: Path) -> None:
    desk = start()
    desk.point(desk.page.list.table, 1)
    assert desk.page.card._name.text() == "Bông"
    desk.click(desk.page.visits.open)
    desk.point(desk.page.list.table, 0)
    desk.point(desk.page.visits.table, 2, twice=True)
    with_visits = [summary.visit.date for summary in desk.page.visits._visits or ()]
    assert len(desk.opened) == 2
    assert with_visits[2] == dt.date(2026, 9, 1)
    desk.click(desk.page.visits.new)
    assert len(desk.opened) == 3
    assert desk.visits()[0] == ("Nov 22, 2026", "no video yet", "0", "")


def test_two_quick_clicks_begin_one_visit(start: Callable[[], Desk], clinic: Path) -> None:
    desk = start()
    for _click in range(2):
        desk.qtbot.mouseClick(desk.page.visits.new, LEFT)
    desk.settle()
    assert len(desk.visits()) == 4
    assert len(desk.opened) == 1


def test_search_finds_without_accents_and_what_is_chosen_is_always_in_the_list(
    start: Callable[[], Desk], clinic: Path
) -> None:
    desk = start()
    desk.press(Key.Key_F, CTRL)
    desk.type("duc")
    assert desk.names() == ["Đức"]
    assert desk.page.card._name.text() == "Đức"
    desk.press(Key.Key_Down)
    assert desk.focused() is desk.page.list.table
    desk.press(Key.Key_F, CTRL)
    desk.type("zz")
    assert desk.page.list._none.text() == "No case has “zz” in its pseudonym."
    assert not desk.page._details.isVisible()
    desk.page.list.search.clear()
    desk.settle()
    assert len(desk.names()) == 3
    assert desk.page._details.isVisible()
    # A new case is shown although it is not what was searched.
    desk.type("K-0")
    desk.press(Key.Key_N, CTRL)
    desk.type("Na")
    desk.press(Key.Key_Return)
    assert desk.page.search() == ""
    assert desk.page.card._name.text() == "Na"


def test_f2_changes_the_case_or_the_visit_wherever_the_focus_is(start: Callable[[], Desk], clinic: Path) -> None:
    desk = start()
    desk.page.take_focus()
    # The form opens with what is known,
    desk.press(Key.Key_F2)
    form = desk.form()
    assert (form.month.currentIndex(), form.year.currentData(), form.by.text()) == (3, 2021, "Nguyễn Thị Hoa")
    assert form.given.day() == dt.date(2026, 11, 3)
    # and what is changed is kept; what a person wrote is shown as it was written.
    form.consented.setChecked(False)
    form.pseudonym.setText("K-0148")
    desk.press(Key.Key_Return)
    assert desk.said() == "March 2021 (5 years 8 months today)|no consent recorded|Likes <b>trains</b>."
    assert desk.names()[0] == "K-0148"
    # A visit recorded at home a month ago gets its day.
    desk.page.visits.take_focus()
    desk.press(Key.Key_F2)
    visit_form = desk.page._form
    assert isinstance(visit_form, VisitForm)
    visit_form.day.setDate(dt.date(2026, 8, 20))
    visit_form.notes.setPlainText("brought by the family")
    desk.click(visit_form.save)
    assert [visit[0] for visit in desk.visits()] == ["Oct 5, 2026", "Sep 1, 2026", "Aug 20, 2026"]
    assert "brought by the family" in desk.page.visits.table.rows()[2].tip
    chosen = desk.page.visits.chosen()
    assert chosen is not None
    assert chosen.visit.date == dt.date(2026, 8, 20)
