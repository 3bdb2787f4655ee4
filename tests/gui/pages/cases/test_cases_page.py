"""The course of the index, thousands of cases, a library that is not there, languages and keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QWidget

from gui import i18n
from gui.widgets import case_words
from screening.library.records import Case, CaseSummary, Month
from tests.gui.pages.cases.desk import CTRL, TODAY, Desk, Key, analysed, ask
from tests.gui.pseudo import OPEN, Pseudo, clipped
from tests.gui.test_language import texts


def test_the_course_of_the_index_says_what_cannot_be_compared(start: Callable[[], Desk], clinic: Path) -> None:
    desk = start()
    trend = desk.page.trend
    assert trend.isVisible()
    # What the model found, what the finished review made of it, and which of the visits were measured alike.
    assert [(*row.cells[:1], *row.cells[2:]) for row in trend.table.rows()] == [
        ("Oct 5, 2026", "41", "0", "the latest"),
        ("Sep 1, 2026", "41", "–", "with another model: do not compare"),
    ]
    # One result, or none, is no course.
    desk.point(desk.page.list.table, 1)
    assert not trend.isVisible()


def test_who_marks_first_is_shown_no_index_of_what_waits_for_them(start: Callable[[], Desk], clinic: Path) -> None:
    # Given a child with two visits that were analysed, of which one was reviewed,
    desk = start()
    shown = desk.page.trend
    assert [row.cells[0] for row in shown.table.rows()] == ["Oct 5, 2026", "Sep 1, 2026"]
    # when somebody marks first, then the index of the other is not told: a clinician would know the model's answer.
    desk.desk.mark_first(True)
    desk.desk.refresh()
    desk.settle()
    assert [row.cells[0] for row in shown.table.rows()] == ["Oct 5, 2026"]
    assert not shown.isVisible()
    # Nor is it told, whatever is wished later, while a review that was begun that way goes on unseen;
    desk.desk.mark_first(False)
    (analysis,) = ask(desk, lambda library: analysed(library, dt.date(2026, 9, 1)))
    review = ask(desk, lambda library: library.reviews.begin(analysis, "Bs. An", mark_first=True))
    desk.desk.refresh()
    desk.settle()
    assert [row.cells[0] for row in shown.table.rows()] == ["Oct 5, 2026"]
    # once the answer was revealed to them, the course of the index is whole.
    ask(desk, lambda library: library.reviews.reveal(review.id))
    desk.desk.refresh()
    desk.settle()
    assert [row.cells[0] for row in shown.table.rows()] == ["Oct 5, 2026", "Sep 1, 2026"]
    assert shown.isVisible()


def test_of_thousands_of_cases_only_those_in_sight_are_written(
    start: Callable[[], Desk], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a clinic with two thousand children,
    written: list[object] = []

    def age(born: Month | None, today: dt.date) -> str:
        written.append(born)
        return case_words_age(born, today)

    case_words_age = case_words.age
    monkeypatch.setattr(case_words, "age", age)
    page = start().page
    day = dt.date(2026, 11, 1)
    many = [CaseSummary(Case(n, f"K-{n:04}", Month(2021, 3), None, ""), 1, day) for n in range(1, 2001)]
    # when they are shown, then no more lines are written than a screen holds,
    page.show_cases(many)
    QApplication.processEvents()
    assert len(written) < 100
    # and each is there when it is scrolled to.
    page.list.table.selectRow(1999)
    QApplication.processEvents()
    assert len(written) < 200
    assert page.list.table.model().index(1999, 0).data() == "K-2000"
    assert page.list.table.model().index(1999, 1).data() == "5 years 8 months"


def test_a_search_that_finds_nothing_leaves_the_list_where_it_is(start: Callable[[], Desk], clinic: Path) -> None:
    desk = start()
    places = [part.geometry() for part in (desk.page.list, desk.page.list.search)]
    desk.press(Key.Key_F, CTRL)
    desk.type("zzz")
    assert not desk.page.list.table.isVisible()
    assert [part.geometry() for part in (desk.page.list, desk.page.list.search)] == places


def test_what_another_page_did_is_there_when_the_page_is_shown_again(start: Callable[[], Desk], clinic: Path) -> None:
    desk = start()
    desk.page.hide()
    desk.librarian.ask(lambda library: library.cases.add("Na"))
    desk.page.show()
    desk.settle()
    assert "Na" in desk.names()


def test_without_a_library_the_page_says_why_and_offers_to_go_on(start: Callable[[], Desk], path: Path) -> None:
    path.write_bytes(b"A letter, not a library." * 99)
    desk = start()
    asked: list[str] = []
    desk.page.quick_look_requested.connect(lambda: asked.append("quick"))
    desk.page.sample_requested.connect(lambda: asked.append("sample"))
    assert "not a library of ViScreen" in desk.page.welcome._why.text()
    assert desk.page.welcome._why.isVisible()
    assert not desk.page.welcome.new.isVisible()
    desk.press(Key.Key_N, CTRL)  # there is nowhere to keep it
    assert desk.page._form is None
    desk.page.take_focus()
    desk.press(Key.Key_Space)
    desk.click(desk.page.welcome.sample)
    assert asked == ["quick", "sample"]
    # Shown again, it asks nothing of a library that is not there.
    desk.page.hide()
    desk.page.show()
    desk.settle()
    assert desk.page.welcome.isVisible()


@pytest.mark.parametrize("size", [(1132, 630), (1772, 990)])
def test_every_text_follows_the_language_and_none_is_clipped(
    start: Callable[[], Desk], clinic: Path, size: tuple[int, int]
) -> None:
    desk = start()
    desk.window.resize(*size)
    desk.click(desk.page.visits.edit)
    forms: list[QWidget] = [desk.page._form] if desk.page._form else []
    desk.page.begin_case()
    forms += [desk.page._form] if desk.page._form else []
    assert len(forms) == 2
    desk.form().consented.setChecked(True)
    month = QLocale("en").standaloneMonthName(TODAY.month)  # the calendar's, which speaks the platform's words
    theirs = {month, "K-0147", "Bông", "Đức", "Likes <b>trains</b>.", desk.said().split("|")[1]}
    i18n.speak(Pseudo())
    for widget in (desk.page, *forms):
        old = {t for _w, t in texts(widget) if any(c.isalpha() for c in t) and OPEN not in t and t not in theirs}
        assert not {t for t in old if "trains" not in t and not t.startswith("qt_")}
        desk.qtbot.waitUntil(lambda widget=widget: clipped(widget) == [], timeout=3000)
    for form in forms:
        form.close()


def test_every_control_has_a_name_and_is_within_reach_of_tab(start: Callable[[], Desk], clinic: Path) -> None:
    desk = start()
    page = desk.page
    page.list.search.setFocus()
    reached = []
    for _press in range(12):
        reached.append(desk.focused())
        desk.press(Key.Key_Tab)
    wanted = [
        page.list.search,
        page.list.table,
        page.list.new,
        page.card.delete,
        page.card.edit,
        page.visits.table,
        page.visits.delete,
        page.visits.edit,
        page.visits.new,
        page.visits.open,
        page.trend.table,
    ]
    assert [widget for widget in reached if widget in wanted][: len(wanted)] == wanted
    desk.press(Key.Key_N, CTRL)
    form = desk.form()
    form.consented.setChecked(True)
    for field in (
        form.pseudonym,
        form.month,
        form.year,
        form.consented,
        form.by,
        form.relation,
        form.given,
        form.notes,
    ):
        assert field.accessibleName(), field
    desk.press(Key.Key_Escape)
