"""The page of cases over a real library: a child is entered, a visit begun, found again, changed and deleted."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from gui import i18n
from gui.desks.cases import CasesDesk
from gui.librarian import Librarian
from gui.pages.cases import CasesPage
from gui.widgets import case_words
from gui.widgets.case_form import CaseForm
from gui.widgets.table import Table
from gui.widgets.visit_form import VisitForm
from gui.worker import Crew
from screening.library import Library
from screening.library.records import Case, CaseSummary, Consent, Month
from screening.records import Decision
from tests.gui.driving import wait
from tests.gui.pseudo import OPEN, Pseudo, clipped
from tests.gui.test_language import texts
from tests.screening import results

Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton
CTRL, SHIFT, PLAIN = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier(0)
TODAY = dt.date(2026, 11, 22)
Answer = TypeVar("Answer")


class Desk:
    """The page with its desk in a window of its own, over the library at `path`, driven as a person does."""

    def __init__(self, qtbot: QtBot, path: Path) -> None:
        self.qtbot, self.path = qtbot, path
        self.window = QMainWindow()
        self.page = CasesPage(lambda: TODAY)
        self.window.setCentralWidget(self.page)
        self.window.resize(1132, 630)
        self.crew = Crew(self.window)
        self.librarian = Librarian(self.crew, self.window)
        self.desk = CasesDesk(self.librarian, self.page, self.window)
        self.opened: list[int] = []
        self.page.visit_opened.connect(self.opened.append)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.page.take_focus()  # before there is anything to have it
        self.librarian.open(path)
        self.settle()

    def close(self) -> None:
        if self.page._form is not None:
            self.page._form.close()
        self.crew.dismiss()
        self.window.close()

    def settle(self) -> None:
        """Wait until everything that was asked has been answered, and what the answers led to."""
        wait(self.qtbot, lambda: not self.librarian._waiting and self.page._stack.currentIndex() > 0)
        front = self.page._form or self.window
        front.activateWindow()  # what a window manager does when a dialog comes or goes
        wait(self.qtbot, front.isActiveWindow)

    def press(self, key: Key, held: Qt.KeyboardModifier = PLAIN) -> None:
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, held)
        self.settle()

    def type(self, text: str) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None
        if text.isascii():
            self.qtbot.keyClicks(focused, text)
        else:  # as an input method does
            assert isinstance(focused, QLineEdit)
            focused.insert(text)
        self.settle()

    def click(self, widget: QWidget) -> None:
        assert widget.isVisible()
        assert widget.isEnabled()
        self.qtbot.mouseClick(widget, LEFT)
        self.settle()

    def point(self, table: Table, row: int, twice: bool = False) -> None:
        at = QPoint(20, table.rowViewportPosition(row) + 10)
        self.qtbot.mouseClick(table.viewport(), LEFT, pos=at)
        if twice:
            self.qtbot.mouseDClick(table.viewport(), LEFT, pos=at)
        self.settle()

    def cases(self) -> list[tuple[str, ...]]:
        return [row.cells for row in self.page.list.table.rows()]

    def names(self) -> list[str]:
        return [cells[0] for cells in self.cases()]

    def visits(self) -> list[tuple[str, ...]]:
        return [row.cells for row in self.page.visits.table.rows()]

    def form(self) -> CaseForm:
        form = self.page._form
        assert isinstance(form, CaseForm)
        return form

    def focused(self) -> QWidget | None:
        return QApplication.focusWidget()

    def said(self) -> str:
        """The facts of the chosen case."""
        return "|".join(label.text() for label in self.page.card._facts if label.isVisible())


def _ask(desk: Desk, work: Callable[[Library], Answer]) -> Answer:
    """What the library answers."""
    answers: list[Answer] = []
    desk.librarian.ask(work, answers.append)
    wait(desk.qtbot, lambda: bool(answers))
    return answers[0]


def _analysed(library: Library, day: dt.date) -> list[int]:
    """The analyses of the first child's visit of `day`."""
    case = next(line.case for line in library.cases.list() if line.case.pseudonym == "K-0147")
    visit = next(summary.visit for summary in library.visits.of_case(case.id) if summary.visit.date == day)
    return [done.id for video in library.videos.of_visit(visit.id) for done in library.analyses.of_video(video.id)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.sqlite"


@pytest.fixture
def start(qtbot: QtBot, path: Path) -> Iterator[Callable[[], Desk]]:
    made: list[Desk] = []

    def make() -> Desk:
        made.append(Desk(qtbot, path))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def clinic(path: Path, tmp_path: Path) -> Path:
    """Three children: one with three visits that have come to different steps, one with a visit, one with none."""
    film = tmp_path / "film.mp4"
    film.write_bytes(b"film")
    result = results.ten_minutes()
    consent = Consent("Nguyễn Thị Hoa", "mother", dt.date(2026, 11, 3))
    with Library(path) as library:
        first = library.cases.add("K-0147", born=Month(2021, 3), consent=consent, notes="Likes <b>trains</b>.")
        days = (dt.date(2026, 9, 1), dt.date(2026, 10, 5), dt.date(2026, 11, 10))
        visits = [library.visits.add(first.id, day) for day in days]
        for visit, pack in zip(
            visits[:2], (result.pack, dataclasses.replace(result.pack, sha256="f" * 64)), strict=True
        ):
            analysis = library.analyses.add(library.videos.add(visit.id, film).id, pack, result.profile)
            library.analyses.start(analysis.id)
            library.analyses.finish(analysis.id, dataclasses.replace(result, pack=pack))
        review = library.reviews.begin(analysis.id, "Bs. Hà")
        nothing = [Decision(f"m{n}", "reject", "Bs. Hà", "") for n in range(len(result.episodes))]
        library.reviews.decide(review.id, nothing)
        library.reviews.finish(review.id)
        library.videos.add(visits[1].id, film)
        library.analyses.add(library.videos.add(visits[2].id, film).id, result.pack, result.profile)
        second = library.cases.add("Bông")
        library.visits.add(second.id, dt.date(2026, 10, 30))
        library.cases.add("Đức")
    return path


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
    (analysis,) = _ask(desk, lambda library: _analysed(library, dt.date(2026, 9, 1)))
    review = _ask(desk, lambda library: library.reviews.begin(analysis, "Bs. An", mark_first=True))
    desk.desk.refresh()
    desk.settle()
    assert [row.cells[0] for row in shown.table.rows()] == ["Oct 5, 2026"]
    # once the answer was revealed to them, the course of the index is whole.
    _ask(desk, lambda library: library.reviews.reveal(review.id))
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
