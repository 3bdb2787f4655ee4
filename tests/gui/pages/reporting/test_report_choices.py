"""What is chosen for a report: it is printed, remembered, and told when it cannot be done."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui import i18n
from gui.desks.reports import Choices, Subject
from screening.language import load
from tests.gui.driving import choose_file, wait
from tests.gui.pages.reporting.report_stand import (
    Stand,
    decide,
    reviewed,
    settled,
    shown,
    subject,
)
from tests.screening import results


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


def test_who_reviewed_signs_until_another_name_is_typed(qtbot: QtBot, stand: Stand) -> None:
    """Given a review by Dr An, when nobody typed a name, then the report names Dr An, and the empty field says so."""
    choices = stand.page.choices
    assert "Clinician Dr An" in shown(qtbot, stand, subject(review=reviewed(decide("m0", "accept"))))
    assert (choices.clinician.text(), choices.clinician.placeholderText()) == ("", "Dr An")
    assert stand.desk._made is not None
    assert stand.desk._made.settings["clinician"] == "Dr An"
    qtbot.keyClicks(choices.clinician, "Dr Hoa")
    assert "Clinician Dr Hoa" in settled(qtbot, stand)
    # When a result is shown that nobody reviewed, no name is taken over.
    choices.clinician.clear()
    assert "Clinician not stated" in shown(qtbot, stand, subject())
    assert choices.clinician.placeholderText() == "Name of who signs"


def test_a_long_name_is_read_from_its_beginning_when_the_field_is_left(qtbot: QtBot, stand: Stand) -> None:
    shown(qtbot, stand)
    clinic, name = stand.page.choices.clinic, "Khoa Tâm lý – Bệnh viện Nhi đồng tỉnh, cơ sở hai, quận Một"
    clinic.setFocus()
    clinic.insert(name)
    assert clinic.cursorPosition() == len(name)
    stand.page.choices.clinician.setFocus()
    assert clinic.cursorPosition() == 0
    assert name in clinic.toolTip()


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
