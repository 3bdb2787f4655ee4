"""The report page: what is shown is what is written; choices change it; older reports tell what became of them."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QTableView
from pytestqt.qtbot import QtBot

from gui import i18n
from gui.desks.reports import Choices
from gui.widgets.pages_view import FIT_WIDTH, WHOLE_PAGE, WIDEST
from gui.widgets.result_card import ResultCard
from screening import analysis
from screening.language import load
from screening.library.records import Report
from screening.records import Result
from screening.report import words
from tests.gui.driving import PATIENCE_MS, choose_file, wait
from tests.gui.pages.reporting.report_stand import (
    CTRL,
    MADE,
    Stand,
    decide,
    reviewed,
    settled,
    shown,
    subject,
    warnings,
)
from tests.screening import results

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
    assert [row.cells[2] for row in table.rows()] == ["there.pdf", "file changed: changed.pdf", "file gone: gone.pdf"]

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
    assert ("Spinning", "2 times, ≥ 2 s", "2 ✓ 6/6", "0 – 0/6") in cells
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
