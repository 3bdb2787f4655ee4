"""The report page: what is shown is what is written; choices change it; older reports tell what became of them."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QMainWindow, QTableView
from pytestqt.qtbot import QtBot

from gui import i18n
from gui.desks.reports import Choices, ReportDesk, Subject
from gui.pages.report import ReportPage
from gui.widgets.pages_view import FIT_WIDTH, WHOLE_PAGE, WIDEST
from gui.widgets.result_card import ResultCard
from gui.worker import Crew
from screening import analysis
from screening.language import load
from screening.library.records import Report, Review
from screening.records import Decision, Result
from screening.report import words
from tests.gui.driving import PATIENCE_MS, choose_file, wait
from tests.screening import results

CTRL = Qt.KeyboardModifier.ControlModifier
MADE = "2026-11-20T08:00:00+00:00"


class Stand(QMainWindow):
    """A window with the report page alone."""

    def __init__(self) -> None:
        super().__init__()
        self.crew = Crew(self)
        self.page = ReportPage()
        self.desk = ReportDesk(self.crew, self.page, self)
        self.setCentralWidget(self.page)


@pytest.fixture
def stand(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    """Shown, with nothing to report yet; pictures are drawn ones, so that no video is needed."""
    monkeypatch.setattr(analysis, "evidence", lambda video, result, **_more: results.pictures(result))
    made = Stand()
    made.resize(1180, 640)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.desk.close()
    made.crew.dismiss()
    made.close()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the desktop was asked to open."""
    asked: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: asked.append(url.toLocalFile()))
    return asked


def subject(result: Result | None = None, review: Review | None = None) -> Subject:
    return Subject(result or results.ten_minutes(), Path("/videos/visit.mp4"), results.CASE, review)


def reviewed(
    *decisions: Decision, mark_first: bool = False, revealed: int | None = None, finished: bool = False
) -> Review:
    steps = tuple((decision,) for decision in decisions)
    return Review(1, 1, "Dr An", MADE, mark_first, revealed, steps, len(steps), MADE if finished else None)


def decide(target: str, verdict: str, **more: Any) -> Decision:
    return Decision(target, verdict, "Dr An", MADE, **more)  # type: ignore[arg-type]


def settled(qtbot: QtBot, stand: Stand) -> str:
    """Wait until the report as chosen now is drawn; what it says."""
    wait(qtbot, lambda: not stand.desk.is_busy and (stand.page.view.is_drawn() or not stand.page.view.pages))
    return " ".join(stand.page.view.text().split())


def shown(qtbot: QtBot, stand: Stand, what: Subject | None = None) -> str:
    stand.desk.show(what or subject())
    return settled(qtbot, stand)


def warnings(page: ReportPage) -> str:
    return page.warning.text() if page.warning.isVisible() else ""


# ------------------------------------------------------------------------------------- what is seen


def test_the_pages_are_drawn_as_they_will_print(qtbot: QtBot, stand: Stand) -> None:
    said = shown(qtbot, stand)
    assert "Behaviour screening report" in said
    assert "K-0147" in said
    view = stand.page.view
    assert view.pages >= 2
    assert stand.page._place.text() == load("en")("Page {page} of {total}").format(page=1, total=view.pages)
    # The picture on screen is the page that PDFium makes of the very bytes that would be written.
    made = stand.desk._made
    assert made is not None
    width = view._pixels()
    page = pypdfium2.PdfDocument(made.document)[0]
    paper = page.render(scale=width / page.get_width()).to_pil().convert("RGB")
    image = view._images[0]
    assert image.width() == width
    for x in range(5, width - 5, 37):
        for y in range(5, image.height() - 5, 41):
            assert image.pixelColor(x, y).getRgb()[:3] == paper.getpixel((x, y))


def test_without_a_result_there_is_nothing_to_write(qtbot: QtBot, stand: Stand) -> None:
    assert not stand.page.export.isEnabled()
    assert stand.page._nothing.isVisible()
    shown(qtbot, stand)
    assert stand.page.export.isEnabled()
    stand.desk.show(None)
    assert not stand.page.export.isEnabled()
    assert stand.page.view.pages == 0


def test_keys_scroll_and_zoom_and_only_what_is_seen_is_drawn(qtbot: QtBot, stand: Stand) -> None:
    shown(qtbot, stand)
    page, view = stand.page, stand.page.view
    view.setFocus()
    fitted = view.factor()
    qtbot.keyClick(view, Qt.Key.Key_End)
    settled(qtbot, stand)
    assert view.page == view.pages - 1
    assert 0 not in view._images, "a page that is far away takes no memory"
    qtbot.keyClick(view, Qt.Key.Key_Home)
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    settled(qtbot, stand)
    assert view.factor() > fitted
    qtbot.mouseClick(page.whole_page, Qt.MouseButton.LeftButton)
    settled(qtbot, stand)
    assert view.zoom == WHOLE_PAGE
    assert view.factor() < fitted
    qtbot.keyClick(view, Qt.Key.Key_0, CTRL)
    assert view.factor() == pytest.approx(fitted, abs=0.02)
    assert page.fit_width.isChecked()


def test_a_page_as_wide_as_a_large_screen_is_not_blown_up(qtbot: QtBot, stand: Stand) -> None:
    stand.resize(3600, 2000)
    stand.desk.show(subject())
    view = stand.page.view
    wait(qtbot, view.is_drawn)
    assert view.zoom == FIT_WIDTH
    assert view.factor() == WIDEST
    stand.resize(1180, 640)
    assert view.factor() < 1


def test_a_long_name_of_a_logo_leaves_room_for_its_buttons(qtbot: QtBot, stand: Stand) -> None:
    stand.desk.use_choices(Choices("vi", "none", "", "/logos/" + "bieu-trung-" * 9 + ".png", ""))
    i18n.use("vi")
    qtbot.wait(50)
    choices, side = stand.page.choices, stand.page.choices.parentWidget()
    for button in (choices.logo, choices.no_logo):
        assert button.isVisible()
        assert button.mapTo(side, button.rect().topRight()).x() < side.width()
    assert "…" in choices._logo_name.text()
    assert "bieu-trung-bieu" in choices._logo_name.toolTip()


def test_nothing_is_made_while_the_page_is_not_to_be_seen(qtbot: QtBot, stand: Stand) -> None:
    stand.page.hide()
    stand.desk.show(subject())
    assert not stand.desk.is_busy
    stand.page.show()
    assert "K-0147" in settled(qtbot, stand)


# ------------------------------------------------------------------------------------- choices


def test_what_is_chosen_is_printed_and_remembered(qtbot: QtBot, stand: Stand) -> None:
    remembered: list[Choices] = []
    stand.desk.choices_changed.connect(remembered.append)
    shown(qtbot, stand)
    choices = stand.page.choices
    qtbot.keyClicks(choices.clinician, "BS. Hoa ")
    qtbot.keyClicks(choices.clinic, "Nhi 1")
    choices.pictures.setCurrentIndex(choices.pictures.findData("none"))
    choices.language.setCurrentIndex(choices.language.findData("vi"))
    said, _ = settled(qtbot, stand), load("vi")
    assert _("Behaviour screening report") in said
    assert _("None: the clinician chose a report without pictures.") in said
    assert "BS. Hoa" in said
    assert "Nhi 1" in said
    assert remembered[-1] == Choices("vi", "none", "Nhi 1", None, "BS. Hoa", None)
    # When the window starts again with them, all of them are there.
    stand.desk.use_choices(Choices())
    stand.desk.use_choices(remembered[-1])
    assert settled(qtbot, stand) == said
    assert (choices.clinic.text(), choices.clinician.text()) == ("Nhi 1", "BS. Hoa")


def test_many_changes_in_a_row_make_one_report(qtbot: QtBot, stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(qtbot, stand)
    before = stand.desk._made
    made: list[object] = []
    began = stand.crew.start
    monkeypatch.setattr(stand.crew, "start", lambda task: (made.append(task), began(task)))
    monkeypatch.setattr(stand.desk, "_draw", lambda *_: None)
    qtbot.keyClicks(stand.page.choices.clinician, "Nguyen Thi Hoa")
    wait(qtbot, lambda: stand.desk._made is not before and not stand.desk._making)
    assert len(made) <= 3, "fourteen letters are not fourteen reports"
    assert "Nguyen Thi Hoa" in stand.page.view.text()


def test_the_report_follows_the_windows_language_until_one_is_chosen(qtbot: QtBot, stand: Stand) -> None:
    assert "Behaviour screening report" in shown(qtbot, stand)
    i18n.use("vi")
    assert load("vi")("Behaviour screening report") in settled(qtbot, stand)
    choices = stand.page.choices
    choices.language.setCurrentIndex(choices.language.findData("en"))
    i18n.use("en")
    i18n.use("vi")
    assert "Behaviour screening report" in settled(qtbot, stand)


def test_a_logo_is_shown_and_a_bad_one_refused_with_the_old_one_kept(
    qtbot: QtBot, stand: Stand, tmp_path: Path
) -> None:
    shown(qtbot, stand)
    good, bad = tmp_path / "logo.png", tmp_path / "bad.png"
    Image.new("RGB", (200, 80), (200, 0, 0)).save(good)
    bad.write_bytes(b"no picture")
    qtbot.mouseClick(stand.page.choices.logo, Qt.MouseButton.LeftButton)
    choose_file(qtbot, stand, good)  # type: ignore[arg-type]
    wait(qtbot, lambda: stand.desk.choices.logo == str(good))
    settled(qtbot, stand)
    stand.page.choices.logo_chosen.emit(bad)
    wait(qtbot, lambda: "is not a picture that can be read" in stand.page.banner.text())
    assert stand.desk.choices.logo == str(good)
    # When the file goes, the report says so instead of being printed without it.
    good.unlink()
    shown(qtbot, stand)
    assert "no longer there" in stand.page.banner.text()
    assert not stand.page.export.isEnabled()
    qtbot.mouseClick(stand.page.choices.no_logo, Qt.MouseButton.LeftButton)
    assert "K-0147" in settled(qtbot, stand)
    assert stand.page.export.isEnabled()


def test_a_video_that_is_gone_is_told_and_a_report_without_pictures_is_possible(
    qtbot: QtBot, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    shown(qtbot, stand)
    assert stand.page.banner.text()
    assert not stand.page.export.isEnabled()
    stand.page.choices.pictures.setCurrentIndex(stand.page.choices.pictures.findData("none"))
    assert "K-0147" in settled(qtbot, stand)
    assert stand.page.export.isEnabled()


def test_pictures_come_from_the_video_itself(qtbot: QtBot, clip: Path) -> None:
    result = results.ten_minutes(duration_s=20.0, dark=(), episodes={1: ((3.0, 2.0),), 2: ((6.0, 2.0),)})
    stand = Stand()
    try:
        stand.show()
        stand.desk.use_choices(Choices(pictures="full"))
        kept = reviewed(decide("m0", "reject"))
        shown(qtbot, stand, Subject(result, clip, results.CASE, kept))
        made = stand.desk._made
        assert made is not None
        assert [each.episode for each in made.evidence] == [1], "nobody wants a picture of what is rejected"
        assert made.evidence[0].picture.shape[1] > 56
    finally:
        stand.desk.close()
        stand.crew.dismiss()
        stand.close()


# ------------------------------------------------------------------------------------- review


def test_an_unfinished_review_is_warned_of_and_printed_as_open(qtbot: QtBot, stand: Stand) -> None:
    said = shown(qtbot, stand, subject(review=reviewed(decide("m0", "accept"), decide("m1", "reject"))))
    assert "10 episodes are still open" in warnings(stand.page)
    assert "10 of the model's 12 episodes are still open" in said
    every = [decide(f"m{i}", "accept") for i in range(12)]
    shown(qtbot, stand, subject(review=reviewed(*every)))
    assert "was not ended yet" in warnings(stand.page)
    shown(qtbot, stand, subject(review=reviewed(*every, finished=True)))
    assert warnings(stand.page) == ""


def test_who_marked_first_gets_the_agreement_and_never_the_answer_too_early(qtbot: QtBot, stand: Stand) -> None:
    result = results.ten_minutes()
    marks = [
        decide(f"c{i}", "add", label_id=e.label_id, start_s=e.start_s + 0.3, end_s=e.end_s + 0.3)
        for i, e in enumerate(result.episodes)
    ]
    shown(qtbot, stand, subject(review=reviewed(*marks, mark_first=True)))
    assert "The model's answer is still hidden" in stand.page.banner.text()
    assert stand.page.view.pages == 0
    said = shown(qtbot, stand, subject(review=reviewed(*marks, mark_first=True, revealed=len(marks))))
    assert "Cohen's kappa, second by second" in said
    assert "12 pairs of the clinician's 12 and the model's 12 episodes" in said


# ------------------------------------------------------------------------------------- export


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_file_is_the_report_that_was_shown(
    qtbot: QtBot, stand: Stand, tmp_path: Path, opened: list[str], language: str
) -> None:
    i18n.use(language)
    shown(qtbot, stand)
    made = stand.desk._made
    assert made is not None
    stand.page.view.setFocus()
    pdf = tmp_path / "báo cáo.pdf"
    with qtbot.waitSignal(stand.desk.exported, timeout=PATIENCE_MS) as signal:
        stand.page.export.setFocus()
        qtbot.keyClick(stand.page.export, Qt.Key.Key_Space)
        choose_file(qtbot, stand, pdf)  # type: ignore[arg-type]
    path, settings, sha256 = signal.args
    assert pdf.read_bytes() == made.document
    assert (path, sha256) == (pdf, hashlib.sha256(made.document).hexdigest())
    assert settings["language"] == language
    assert settings["index"] == pytest.approx(41.03, abs=0.01)
    assert stand.desk.choices.folder == str(tmp_path)
    assert stand.page.banner.text() == load(language)("The report was written: “{name}”.").format(name=pdf.name)
    qtbot.mouseClick(stand.page.open, Qt.MouseButton.LeftButton)
    assert opened == [str(pdf)]


def test_what_was_chosen_a_moment_ago_is_in_the_file(qtbot: QtBot, stand: Stand, tmp_path: Path) -> None:
    shown(qtbot, stand)
    qtbot.keyClicks(stand.page.choices.clinic, "Nhi 2")
    with qtbot.waitSignal(stand.desk.exported, timeout=PATIENCE_MS):
        stand.desk.export_to(str(tmp_path / "r.pdf"))
    assert "Nhi 2" in PdfReader(tmp_path / "r.pdf").pages[0].extract_text()


def test_a_folder_that_cannot_be_written_is_told_in_place(qtbot: QtBot, stand: Stand, tmp_path: Path) -> None:
    shown(qtbot, stand)
    stand.desk.export_to(str(tmp_path / "absent" / "r.pdf"))
    wait(qtbot, lambda: "cannot be written" in stand.page.banner.text())
    assert not stand.page.open.isVisible()


# ------------------------------------------------------------------------------------- reports made before


def older(path: Path, content: bytes, **settings: Any) -> Report:
    sha256 = hashlib.sha256(content).hexdigest()
    return Report(1, 1, None, 1, MADE, path, "en", sha256, settings, ())


def test_older_reports_open_and_tell_when_they_are_gone_or_changed(
    qtbot: QtBot, stand: Stand, tmp_path: Path, opened: list[str]
) -> None:
    files = [tmp_path / name for name in ("there.pdf", "changed.pdf", "gone.pdf")]
    files[0].write_bytes(b"as it was")
    files[1].write_bytes(b"not as it was")
    reports = [older(path, b"as it was") for path in files]
    stand.desk.show_previous(reports)
    table = stand.page.previous
    wait(qtbot, lambda: len(table.rows()) == 3)
    assert [row.cells[2] for row in table.rows()] == ["", "file changed", "file gone"]

    table.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    wait(qtbot, lambda: opened == [str(files[0])])
    assert stand.page.banner.text() == ""
    stand.desk.open_older(reports[1])
    wait(qtbot, lambda: len(opened) == 2)
    assert "was changed after it was made here" in stand.page.banner.text()
    stand.desk.open_older(reports[2])
    wait(qtbot, lambda: "is no longer in its folder" in stand.page.banner.text())
    assert len(opened) == 2
    wait(qtbot, lambda: stand.desk._listing is None)


def test_an_index_that_changed_since_the_last_report_is_pointed_out(qtbot: QtBot, stand: Stand, tmp_path: Path) -> None:
    shown(qtbot, stand)
    with qtbot.waitSignal(stand.desk.exported, timeout=PATIENCE_MS) as signal:
        stand.desk.export_to(str(tmp_path / "r.pdf"))
    stand.desk.show_previous([older(tmp_path / "r.pdf", b"", **signal.args[1])])
    assert warnings(stand.page) == ""
    spinning = [i for i, e in enumerate(results.ten_minutes().episodes) if e.label_id == 3]
    every = [decide(f"m{i}", "reject" if i in spinning else "accept") for i in range(12)]
    shown(qtbot, stand, subject(review=reviewed(*every, finished=True)))
    assert "The index has changed since the report of" in warnings(stand.page)


def test_every_control_has_a_name_and_is_reached_by_tab(qtbot: QtBot, stand: Stand) -> None:
    shown(qtbot, stand)
    for kind in (QAbstractButton, QLineEdit, QComboBox, QTableView):
        for control in stand.page.findChildren(kind):
            if control.isVisible() and control.focusPolicy() != Qt.FocusPolicy.NoFocus:
                assert control.accessibleName() or getattr(control, "text", str)(), f"{control} has no name"
    assert stand.page.view.accessibleName()
    assert "Behaviour screening report" in stand.page.view.accessibleDescription()


# ------------------------------------------------------------------------------------- the index card


@pytest.fixture
def card(qtbot: QtBot) -> Callable[[Result], ResultCard]:
    made = ResultCard()
    qtbot.addWidget(made)

    def show(result: Result) -> ResultCard:
        made.show_result(result)
        return made

    return show


def test_the_card_shows_both_indices_with_their_arithmetic_line_by_line(
    card: Callable[[Result], ResultCard],
) -> None:
    result = results.ten_minutes()
    shows, _ = card(result), load("en")
    alone = shows.text()
    spinning = [decide(f"m{i}", "reject") for i, e in enumerate(result.episodes) if e.label_id == 3]
    after = analysis.reviewed(result, spinning).indicators
    shows.show_reviewed(after)
    said = shows.text()
    assert (result.indicators.weight_met, after.weight_met) == (16, 10)
    for numbers in (result.indicators, after):
        assert words.arithmetic(numbers, result.profile, _) in said
        assert words.index(numbers, result.profile, _) in said
    cells = [row.cells for row in shows.criteria.rows()]
    assert ("Spinning", "2 × ≥ 2 s", "2 ✓ 6/6", "0 – 0/6") in cells
    points = [[int(row[column].split()[2].split("/")[0]) for row in cells] for column in (2, 3)]
    assert [sum(each) for each in points] == [16, 10], "the lines add up to what stands above"
    shows.show_reviewed(None)
    assert shows.text() == alone


def test_the_card_says_why_there_is_no_level_once_for_both(card: Callable[[Result], ResultCard]) -> None:
    result = results.ten_minutes(duration_s=12.0, dark=(), episodes={1: ((3.0, 2.0),)})
    shows = card(result)
    shows.show_reviewed(dataclasses.replace(result.indicators))
    assert shows.text().count("No level.") == 1
    assert "As reviewed" in shows.text()
