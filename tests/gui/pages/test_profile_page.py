"""The profile page: a clinician makes a profile of her own, by keys and by mouse, and sees what she changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui import i18n
from gui.desks.profile_shelf import ProfileShelf
from gui.pages.profile import ProfilePage
from gui.widgets.criteria_table import CriteriaTable
from gui.widgets.number_box import NumberBox
from gui.worker import Crew
from screening import analysis, paths, profile
from screening.profile import edits, shelf
from screening.records import Criterion, Profile
from tests.gui.driving import wait
from tests.screening.results import ten_minutes

DEFAULT = profile.read(paths.default_profile())
RESULT = ten_minutes()
Key = Qt.Key


class Desk(QWidget):
    """The page and its shelf, wired as the window wires them."""

    def __init__(self) -> None:
        super().__init__()
        self.crew = Crew(self)
        self.page, self.shelf = ProfilePage(), ProfileShelf(self.crew, self)
        page, kept = self.page, self.shelf
        kept.listed.connect(page.show_shelf)
        kept.opened.connect(page.open_profile)
        kept.saved.connect(page.follow_saved)
        kept.done.connect(page.banner.show_done)
        kept.failed.connect(page.banner.show_error)
        page.version_requested.connect(kept.open)
        page.save_requested.connect(kept.save)
        page.save_as_requested.connect(kept.save_as)
        page.duplicate_requested.connect(kept.duplicate)
        page.import_requested.connect(kept.bring_in)
        page.export_requested.connect(kept.send_out)
        page.delete_requested.connect(kept.delete)
        page.use_requested.connect(page.show_in_use)
        QVBoxLayout(self).addWidget(page)


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISCREEN_DATA", str(tmp_path / "data"))


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    """The page with the shipped profile open, and the reference pack's labels."""
    made = Desk()
    made.resize(1130, 640)
    made.page.use_pack(RESULT.pack)
    made.shelf.load(paths.default_profile())
    made.show()
    qtbot.waitExposed(made)
    wait(qtbot, lambda: made.page.draft is not None)
    yield made
    made.crew.dismiss()
    made.close()


@pytest.fixture
def mine(qtbot: QtBot, desk: Desk) -> Desk:
    """The page with a profile of one's own open."""
    desk.shelf.load(shelf.save_as(DEFAULT, "Mine").path)
    wait(qtbot, lambda: desk.page.name.text() == "Mine")
    return desk


def draft(desk: Desk) -> Profile:
    asked = desk.page.draft
    assert asked is not None
    return asked


def own() -> list[shelf.Entry]:
    return [entry for entry in shelf.list_all().entries if not entry.shipped]


def cell(table: CriteriaTable, row: int, column: int) -> str:
    return str(table.model().index(row, column).data())


def type_into(qtbot: QtBot, table: CriteriaTable, row: int, column: int, text: str) -> None:
    """Type a number over a cell, as a person does who has the keyboard only."""
    table.setFocus()
    table.setCurrentIndex(table.model().index(row, column))
    qtbot.keyClick(table, text[0])
    box = QApplication.focusWidget()
    assert isinstance(box, NumberBox), "typing a digit opens the editor"
    qtbot.keyClicks(box, text[1:])
    qtbot.keyClick(box, Key.Key_Return)
    wait(qtbot, lambda: QApplication.focusWidget() is table)


def back_at(qtbot: QtBot, desk: Desk) -> None:
    """What a window manager does when a dialog goes."""
    desk.activateWindow()
    wait(qtbot, desk.isActiveWindow)


def saved(qtbot: QtBot, desk: Desk) -> Profile:
    """Press Ctrl+S and wait for the new version."""
    with qtbot.waitSignal(desk.shelf.saved) as blocker:
        qtbot.keyClick(desk.page, Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    entry: shelf.Entry = blocker.args[0]
    return entry.profile


# ------------------------------------------------------------------------------------------------ the whole way


def test_by_keys_alone_a_profile_is_made_edited_and_saved(qtbot: QtBot, desk: Desk) -> None:
    page = desk.page
    # Given the profile that came with the program, which stays as it is,
    assert not page.save.isEnabled()
    # when she saves it under a name of her own,
    qtbot.keyClick(page, Key.Key_S, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    dialog = page.findChild(QInputDialog)
    field = dialog.findChild(QLineEdit)
    field.setText("Phòng khám A")
    with qtbot.waitSignal(desk.shelf.opened):
        qtbot.keyClick(field, Key.Key_Return)
    back_at(qtbot, desk)
    # types another weight, duration, number and threshold over those of the first behaviour,
    for column, text in ((1, "1.5"), (2, "4"), (3, "7"), (4, "0,45")):
        type_into(qtbot, page.table, 0, column, text)
    # and saves,
    asked = saved(qtbot, desk)
    # then the new version holds just that, and the first is kept.
    assert asked.criteria[0] == Criterion(1, 1.5, 4, 7.0, 0.45)
    assert asked == dataclasses.replace(
        DEFAULT, name="Phòng khám A", version=2, criteria=(asked.criteria[0], *DEFAULT.criteria[1:])
    )
    (entry,) = own()
    assert shelf.read_version(entry, 1).criteria == DEFAULT.criteria
    assert "saved as version 2" in page.banner.text()
    assert not page.has_edits


def test_by_mouse_levels_and_conditions_are_edited_and_saved(qtbot: QtBot, mine: Desk) -> None:
    page = mine.page
    up = page.levels.rows[0].upper
    qtbot.mouseClick(up, Qt.MouseButton.LeftButton, pos=QPoint(up.width() - 8, 5))  # the arrow: 50 → 55
    rows = page.levels.rows
    qtbot.mouseDClick(rows[1].names["en"], Qt.MouseButton.LeftButton)
    qtbot.keyClicks(rows[1].names["en"], "Moderate")
    box = page.level_conditions.boxes["minimum_assessable_s"]
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(box.width() - 8, 5))  # 0.5 → 1 min
    gap = page.episode_rule.boxes["merge_gap_s"]
    qtbot.mouseClick(gap, Qt.MouseButton.LeftButton, pos=QPoint(gap.width() - 8, gap.height() - 5))  # 1 → 0.5 s
    page.to_add.setCurrentIndex(page.to_add.findText("Hand flapping", Qt.MatchFlag.MatchContains))
    added = page.to_add.currentData()
    qtbot.mouseClick(page.add_behaviour, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(mine.shelf.saved) as blocker:
        qtbot.mouseClick(page.save, Qt.MouseButton.LeftButton)
    asked = blocker.args[0].profile
    assert [(b.upper, b.names["en"]) for b in asked.bands[:2]] == [(55, "Low"), (70, "Moderate")]
    assert asked.minimum_assessable_s == 60
    assert asked.episodes == dataclasses.replace(DEFAULT.episodes, merge_gap_s=0.5)
    assert asked.criteria[-1] == Criterion(added, 1.0, 1, 1.0)
    assert profile.read(own()[0].path) == asked


# ------------------------------------------------------------------------------------------------ the table


def test_what_is_only_looked_at_does_not_change(qtbot: QtBot, mine: Desk) -> None:
    # Given values finer than the page shows,
    fine = dataclasses.replace(
        edits.with_criterion(draft(mine), Criterion(1, 1.2345, 2, 5.0, 0.61234)), minimum_coverage=0.5123, version=2
    )
    (entry,) = own()
    mine.page.open_profile(dataclasses.replace(entry, versions=(1, 2)), fine)
    table = mine.page.table
    table.setFocus()
    # when every cell of the row is opened and left, by Return and by Escape,
    for column in range(1, 5):
        for leave in (Key.Key_Return, Key.Key_Escape):
            table.setCurrentIndex(table.model().index(0, column))
            qtbot.keyClick(table, Key.Key_F2)
            qtbot.keyClick(QApplication.focusWidget(), leave)
            wait(qtbot, lambda: QApplication.focusWidget() is table)
    # then nothing has changed.
    assert mine.page.draft == fine
    assert not mine.page.has_edits


def test_a_threshold_of_nothing_is_the_models_own(qtbot: QtBot, mine: Desk) -> None:
    table = mine.page.table
    assert cell(table, 0, 4) == "0.60"  # the pack's
    type_into(qtbot, table, 0, 4, "0.3")
    assert (draft(mine).criteria[0].threshold, cell(table, 0, 4)) == (0.3, "• 0.30")
    type_into(qtbot, table, 0, 4, "0")
    assert (draft(mine).criteria[0].threshold, cell(table, 0, 4)) == (None, "0.60")
    assert not mine.page.has_edits


def test_only_behaviours_that_the_label_set_knows_and_nobody_asked_for_are_offered(qtbot: QtBot, mine: Desk) -> None:
    page = mine.page

    def offered() -> list[int]:
        return [page.to_add.itemData(i) for i in range(page.to_add.count())]

    known = {label.id for label in RESULT.pack.labels}
    assert set(offered()) == known - {0} - {c.label_id for c in draft(mine).criteria}
    assert offered()[0] == 25, "trained ones first"
    # When one is removed by key, it is offered again; and Add puts it back, ready to be typed into.
    page.table.setFocus()
    page.table.setCurrentIndex(page.table.model().index(0, 2))
    qtbot.keyClick(page.table, Key.Key_Delete)
    assert [c.label_id for c in draft(mine).criteria] == list(range(2, 11))
    page.to_add.setCurrentIndex(offered().index(1))
    qtbot.mouseClick(page.add_behaviour, Qt.MouseButton.LeftButton)
    assert draft(mine).criteria[-1].label_id == 1
    assert 1 not in offered()
    assert page.table.currentIndex().row() == 9
    assert QApplication.focusWidget() is page.table


def test_a_profile_of_another_label_set_is_shown_but_cannot_be_judged(mine: Desk) -> None:
    mine.page.use_pack(dataclasses.replace(RESULT.pack, label_set="another-11"))
    assert cell(mine.page.table, 0, 0) == "Behaviour 1"
    assert any("numbers its behaviours otherwise" in text for text in visible_texts(mine))
    assert mine.page.to_add.count() == 0
    assert not mine.page.add_behaviour.isEnabled()


def visible_texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def test_in_vietnamese_numbers_have_a_comma_and_a_point_is_understood(qtbot: QtBot, mine: Desk) -> None:
    i18n.use("vi")
    table = mine.page.table
    assert "2,0" in cell(table, 1, 1)
    for text, seconds in (("1.5", 1.5), ("2,5", 2.5)):
        type_into(qtbot, table, 0, 1, text)
        assert draft(mine).criteria[0].minimum_duration_s == seconds


# ------------------------------------------------------------------------------------------------ what is wrong


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda p: p.levels.rows[1].upper.setValue(40), "“Medium” must end above 50, where the level before it ends."),
        (lambda p: p.levels.rows[0].upper.setValue(0), "“Low” must end above 0, where the level before it ends."),
        (lambda p: p.table.removed.emit(set(range(1, 11))), "gives no behaviour a weight"),
        (lambda p: p.name.textEdited.emit("  "), "needs a name"),
        (lambda p: p.name.textEdited.emit("viscreen DEFAULT"), "already a screening profile called"),
        (lambda p: [f.textEdited.emit("") for f in p.levels.rows[2].names.values()], "Each level needs a name."),
    ],
)
def test_what_is_wrong_is_one_sentence_and_cannot_be_saved(qtbot: QtBot, mine: Desk, spoil, sentence: str) -> None:
    page = mine.page
    spoil(page)
    assert page.fault.isVisible()
    assert sentence in page.fault.text()
    assert not page.save.isEnabled()
    with qtbot.assertNotEmitted(page.save_requested):
        qtbot.keyClick(page, Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    # Revert makes all good again.
    qtbot.mouseClick(page.revert, Qt.MouseButton.LeftButton)
    assert not page.fault.isVisible()
    assert not page.has_edits
    assert page.name.text() == "Mine"


def test_levels_come_and_go_without_a_gap(qtbot: QtBot, mine: Desk) -> None:
    page = mine.page
    qtbot.mouseClick(page.levels.add_level, Qt.MouseButton.LeftButton)
    assert [b.upper for b in draft(mine).bands] == [50, 70, 90, 95, 100]
    assert draft(mine).bands[-1].names["en"] == "New level"
    qtbot.mouseClick(page.levels.rows[1].remove, Qt.MouseButton.LeftButton)
    assert [b.upper for b in draft(mine).bands] == [50, 90, 95, 100]
    assert [row.begin.text().removeprefix("• ") for row in page.levels.rows] == ["0", "over 50", "over 90", "over 95"]
    for _more in range(3):
        qtbot.mouseClick(page.levels.rows[-1].remove, Qt.MouseButton.LeftButton)
    assert [b.upper for b in draft(mine).bands] == [100]
    assert not page.levels.rows[0].remove.isEnabled()
    assert not page.levels.rows[0].upper.isEnabled(), "the last level ends at 100"
    assert page.save.isEnabled()


def test_scrolling_over_a_number_does_not_change_it(mine: Desk) -> None:
    box = mine.page.level_conditions.boxes["minimum_coverage"]
    mine.page.name.setFocus()
    middle = box.rect().center()
    QApplication.sendEvent(
        box,
        QWheelEvent(
            middle, box.mapToGlobal(middle), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        ),
    )  # fmt: skip
    assert not mine.page.has_edits


# ------------------------------------------------------------------------------------------------ what changed


def test_what_changed_is_marked_against_the_saved_one_and_against_the_result(qtbot: QtBot, mine: Desk) -> None:
    page = mine.page
    page.compare_with(RESULT)
    type_into(qtbot, page.table, 1, 3, "9")
    page.levels.rows[0].upper.setValue(45)
    says = page.changes.text.text()
    assert "Not saved yet (2):" in says
    assert f"{cell(page.table, 1, 0).removeprefix('◆ ')}: weight 6 → 9" in says
    assert "Level “Low”: up to 50 → 45" in says
    assert "Since the result was made (3):" in says  # its name too
    assert (cell(page.table, 1, 0)[0], cell(page.table, 1, 3)) == ("◆", "• 9")
    assert (cell(page.table, 0, 0)[0] == "◆", cell(page.table, 0, 3)) == (False, "5")
    # Once saved, only the result is behind,
    asked = saved(qtbot, mine)
    assert "Not saved yet" not in page.changes.text.text()
    assert "Since the result was made (3):" in page.changes.text.text()
    # and once the result is judged by it, nothing is.
    page.compare_with(analysis.with_profile(RESULT, asked))
    assert "◆" not in page.changes.text.text() + cell(page.table, 1, 0)
    assert "judged by these same values" in page.changes.text.text()


def test_reset_brings_back_the_shipped_values_and_keeps_the_name(qtbot: QtBot, mine: Desk) -> None:
    type_into(qtbot, mine.page.table, 0, 3, "9")
    saved(qtbot, mine)
    qtbot.mouseClick(mine.page.reset, Qt.MouseButton.LeftButton)
    assert draft(mine) == dataclasses.replace(DEFAULT, name="Mine", version=2)
    assert saved(qtbot, mine).version == 3
    assert not mine.page.reset.isEnabled()


# ------------------------------------------------------------------------------------------------ whole profiles


def test_an_earlier_version_can_be_read_and_made_the_newest(qtbot: QtBot, mine: Desk) -> None:
    page = mine.page
    type_into(qtbot, page.table, 0, 3, "9")
    saved(qtbot, mine)
    # When the first version is chosen,
    with qtbot.waitSignal(mine.shelf.opened):
        page.bar.versions.setFocus()
        qtbot.keyClick(page.bar.versions, Key.Key_Down)
    assert (draft(mine).version, cell(page.table, 0, 3)) == (1, "5")
    assert "earlier version" in page.state.text()
    # then saving it makes it the third; the second is still there.
    assert saved(qtbot, mine).criteria == DEFAULT.criteria
    (entry,) = own()
    assert [shelf.read_version(entry, n).criteria[0].weight for n in (1, 2, 3)] == [5, 9, 5]


def test_no_edit_is_lost_by_choosing_another_profile(qtbot: QtBot, mine: Desk) -> None:
    bar = mine.page.bar
    assert bar.profiles.isEnabled()
    type_into(qtbot, mine.page.table, 0, 3, "9")
    for widget in (bar.profiles, bar.versions, bar.use, bar.duplicate, bar.bring_in, bar.delete):
        assert not widget.isEnabled()
        assert "Save or revert" in widget.toolTip()
    assert "Save or revert" in bar._used.text()
    qtbot.mouseClick(mine.page.revert, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(mine.shelf.opened):
        bar.profiles.setFocus()
        qtbot.keyClick(bar.profiles, Key.Key_Up)
    assert draft(mine) == DEFAULT


def test_the_new_version_of_the_profile_in_use_is_in_use(qtbot: QtBot, mine: Desk) -> None:
    page = mine.page
    page.show_in_use(DEFAULT, paths.default_profile())
    # Given another in use, saving leaves it so;
    with qtbot.assertNotEmitted(page.use_requested):
        type_into(qtbot, page.table, 0, 3, "8")
        saved(qtbot, mine)
    # when this one is taken, its file is named,
    with qtbot.waitSignal(page.use_requested) as blocker:
        qtbot.mouseClick(page.bar.use, Qt.MouseButton.LeftButton)
    asked, path = blocker.args
    assert (asked.version, profile.read(path)) == (2, asked)
    assert not page.bar.use.isEnabled()
    assert not page.bar.delete.isEnabled(), "what is in use stays"
    # and its next version follows by itself.
    type_into(qtbot, page.table, 0, 3, "7")
    with qtbot.waitSignal(page.use_requested) as blocker:
        saved(qtbot, mine)
    assert blocker.args[0].version == 3
    assert any("In use for analyses: Mine, version 3" in text for text in visible_texts(mine))


def test_a_duplicate_opens_and_the_original_stays(qtbot: QtBot, mine: Desk) -> None:
    with qtbot.waitSignal(mine.shelf.opened):
        qtbot.mouseClick(mine.page.bar.duplicate, Qt.MouseButton.LeftButton)
    assert mine.page.name.text() == "Mine – copy"
    assert sorted(entry.profile.name for entry in own()) == ["Mine", "Mine – copy"]


def test_a_profile_goes_out_to_a_file_and_comes_in_again(qtbot: QtBot, mine: Desk, tmp_path: Path) -> None:
    page = mine.page
    qtbot.mouseClick(page.bar.send_out, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(mine.shelf.done):
        choose(qtbot, page, tmp_path / "out.json")
    assert profile.read(tmp_path / "out.json") == draft(mine)
    assert "was written" in page.banner.text()
    qtbot.mouseClick(page.bar.bring_in, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(mine.shelf.done):
        choose(qtbot, page, tmp_path / "out.json")
    assert page.name.text() == "Mine (2)"
    assert "imported as “Mine (2)”" in page.banner.text()


def test_a_file_that_is_no_profile_is_one_sentence_in_place(qtbot: QtBot, mine: Desk, tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_text("[]")
    qtbot.mouseClick(mine.page.bar.bring_in, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(mine.shelf.failed):
        choose(qtbot, mine.page, tmp_path / "odd.json")
    assert mine.page.banner.text() == "“odd.json” is not a screening profile: it holds no object."
    assert mine.page.name.text() == "Mine"


def choose(qtbot: QtBot, page: ProfilePage, path: Path) -> None:
    (dialog,) = [d for d in page.findChildren(QFileDialog) if d.isVisible()]
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    name.setText(str(path))
    qtbot.keyClick(name, Key.Key_Return)


def test_deleting_asks_first_and_keeps_by_default(qtbot: QtBot, mine: Desk) -> None:
    for key, left in ((Key.Key_Return, 1), (Key.Key_Escape, 1), (None, 0)):
        qtbot.mouseClick(mine.page.bar.delete, Qt.MouseButton.LeftButton)
        (box,) = [b for b in mine.page.findChildren(QMessageBox) if b.isVisible()]
        assert "“Mine” with its 1 version" in box.text()
        if key is not None:
            qtbot.keyClick(box, key)
        else:
            delete = next(b for b in box.buttons() if b.text() == "Delete")
            with qtbot.waitSignal(mine.shelf.done):
                qtbot.mouseClick(delete, Qt.MouseButton.LeftButton)
        assert len(own()) == left
        wait(qtbot, lambda: not any(b.isVisible() for b in mine.page.findChildren(QMessageBox)))
    assert draft(mine) == DEFAULT


def test_a_full_disk_is_a_sentence_and_the_edits_stay(
    qtbot: QtBot, mine: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_into(qtbot, mine.page.table, 0, 3, "9")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with qtbot.waitSignal(mine.shelf.failed):
        qtbot.keyClick(mine.page, Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert "No space left" in mine.page.banner.text()
    assert mine.page.has_edits
    assert draft(mine).criteria[0].weight == 9


# ------------------------------------------------------------------------------------------------ access


def test_every_control_has_a_name_and_tab_reaches_it(qtbot: QtBot, mine: Desk) -> None:
    kinds = (QAbstractButton, QLineEdit, QDoubleSpinBox, QComboBox, QTableView)
    controls = [
        w for w in mine.page.findChildren(QWidget)
        if isinstance(w, kinds) and w.isVisible() and not isinstance(w.parentWidget(), QDoubleSpinBox | QTableView)
    ]  # fmt: skip
    assert len(controls) > 35
    for control in controls:
        name = control.accessibleName() or (control.text() if isinstance(control, QAbstractButton) else "")
        assert name, f"{control} has no name for a screen reader"
    reachable = {w for w in controls if w.isEnabled()}
    mine.page.bar.profiles.setFocus()
    seen: set[QWidget | None] = set()
    while QApplication.focusWidget() not in seen:
        seen.add(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
    left = {w.accessibleName() or w.text() for w in reachable - seen}
    assert not left, f"Tab does not reach {left}"
