"""Model packs in the window: looked at, installed, chosen, removed, by mouse and by key; a refused one says why."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import i18n, settings
from gui.main_window import MainWindow
from gui.widgets.pack_view import MOST_CELLS
from screening import pack as packs
from screening import paths
from screening.pack.install import install
from screening.records import Performance
from screening.scoring import Scorer
from tests.gui.driving import analysed, choose_file, press, wait
from tests.gui.pseudo import CLOSE, OPEN, Pseudo, clipped
from tests.gui.test_language import texts
from tests.screening.broken_packs import replaced, zipped
from tests.screening.packs import tiny_pack, write_tiny

CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
KEY = "tiny-colours-1.0.0"


@pytest.fixture(autouse=True)
def shipped(pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that comes with one small pack, so that looking at all of them is quick."""
    monkeypatch.setattr(paths, "shipped_packs", lambda: tmp_path / "shipped")
    return Path(shutil.copytree(pack, tmp_path / "shipped" / "reference"))


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    """A pack as somebody brings it: one file."""
    return zipped(tiny_pack(tmp_path / "clinic", name="Clinic model", version="2.0", simulated_only=False))


@pytest.fixture
def models(qtbot: QtBot, start: Callable[..., MainWindow], brought: Path) -> MainWindow:
    """The window on the page of models, with the shipped pack in use and another one installed."""
    install(brought, Scorer)
    window = start(pack="reference")
    press(qtbot, window, Qt.Key.Key_M, CTRL)
    listed(qtbot, window)
    return window


def listed(qtbot: QtBot, window: MainWindow) -> list[str]:
    """Names and states in the list, once nothing is being done any more."""
    session = window.session
    wait(qtbot, lambda: not window.packs.shelf.busy and (session.model is not None or session.model_error is not None))
    return ["|".join((row.cells[0].split("\n")[0], row.cells[2])) for row in window.packs_page.list.rows()]


def test_the_page_says_in_plain_words_what_the_model_in_use_is(qtbot: QtBot, models: MainWindow) -> None:
    # Given the page of models, opened by key, then the list has the focus and shows the one in use,
    page = models.packs_page
    assert models.pages.currentWidget() is page
    assert QApplication.focusWidget() is page.list
    assert listed(qtbot, models) == ["Tiny colours 1.0.0|in use", "Clinic model 2.0|"]
    assert page.list.rows()[0].cells[1] == "9 of 10 behaviours\nsimulated only"
    assert page.list.rows()[1].cells[1] == "9 of 10 behaviours"
    # and beside it what it states, with the warning, and that nobody measured it.
    said = page.view.toPlainText()
    for words in (
        "never seen a real child",
        "It tells the colour of a clip",
        "1.5 to 6 years",
        "weights were written by hand",
        "nobody knows how right the model is",
        "None supplied.",
        "in the maker's own words",
        "CC0-1.0",
        "The ViScreen tests",
        "Never assessed, because the model was not trained on them: Behaviour 10.",
        "0.50",
    ):
        assert words in said, words
    # What came with the program can neither be removed nor chosen twice.
    assert not page.remove.isEnabled()
    assert not page.use.isEnabled()
    # The fingerprint and the maker's card are one press away.
    sha = packs.read(packs.find("reference")).info.sha256
    assert sha not in said
    qtbot.mouseClick(page.fingerprint, LEFT)
    assert sha in page.view.toPlainText().replace("\n", "")
    qtbot.mouseClick(page.card, LEFT)
    assert page.view.toPlainText() == "Tiny colours\nFor tests."


def test_the_fingerprint_is_in_sight_in_a_small_window(qtbot: QtBot, models: MainWindow) -> None:
    # Given the smallest usual screen, and the page read down to its end,
    page = models.packs_page
    models.resize(1280, 720)
    qtbot.waitUntil(lambda: page.view.verticalScrollBar().maximum() > 0)
    page.view.verticalScrollBar().setValue(page.view.verticalScrollBar().maximum())
    # when the fingerprint is asked for, then all of it can be read without scrolling.
    qtbot.mouseClick(page.fingerprint, LEFT)
    info = packs.read(packs.find("reference")).info
    found = page.view.document().find(info.sha256[len(info.sha256) // 2 :])
    assert page.view.viewport().rect().contains(page.view.cursorRect(found))


def test_measured_figures_are_a_table_in_the_numbers_of_the_language(
    qtbot: QtBot, start: Callable[..., MainWindow], tmp_path: Path
) -> None:
    figures = (Performance("top-1 <b>", 0.9045, "clinic clips", 1411, "2026-11-22"),)
    install(tiny_pack(tmp_path / "measured", name="Measured <i>model</i>", performance=figures), Scorer)
    window = start(pack="measured-i-model-i-1.0.0")
    window.show_page("models")
    listed(qtbot, window)
    said = window.packs_page.view.toPlainText()
    assert all(words in said for words in ("top-1 <b>", "0.904", "1,411", "Nov 22, 2026")), said
    i18n.use("vi")
    assert "0,904" in window.packs_page.view.toPlainText()


def test_usual_measures_are_named_in_words_and_a_card_is_read_as_markdown(
    qtbot: QtBot, start: Callable[..., MainWindow], tmp_path: Path
) -> None:
    # Given a pack with figures of the usual names, and a card with a table and a picture from elsewhere,
    figures = (Performance("ECE, windows", 0.0134, "clinic clips", 14, "2026-99-99"),)
    made = tiny_pack(tmp_path / "measured", name="Measured", performance=figures)
    card = "# Measured 1.0.0\n\n**Bold** <b>words</b> ![x](http://example.org/x.png)\n\n|a|b|\n|-|-|\n|1|2|\n"
    replaced(made, "CARD.md", card.encode())
    install(made, Scorer)
    window = start(pack="measured-1.0.0")
    window.show_page("models")
    listed(qtbot, window)
    view = window.packs_page.view
    # then a clinician reads words, and what is no date stays as it is;
    assert "error of its certainty (ECE), windows of a video" in view.toPlainText()
    assert "2026-99-99" in view.toPlainText()
    # the card's title is not repeated, its table is one, and no tag of a stranger means anything.
    qtbot.mouseClick(window.packs_page.card, LEFT)
    said = view.toPlainText()
    assert said.startswith("Bold <b>words</b>")
    assert "|" not in said
    assert len(view.document().rootFrame().childFrames()) == 1


def test_a_card_with_more_cells_than_can_be_laid_out_at_once_is_plain_text(
    qtbot: QtBot, start: Callable[..., MainWindow], tmp_path: Path
) -> None:
    made = tiny_pack(tmp_path / "long", name="Long")
    replaced(made, "CARD.md", ("|a|b|\n|-|-|\n" + "|1|2|\n" * MOST_CELLS).encode())
    install(made, Scorer)
    window = start(pack="long-1.0.0")
    window.show_page("models")
    listed(qtbot, window)
    qtbot.mouseClick(window.packs_page.card, LEFT)
    assert window.packs_page.view.toPlainText().startswith("|a|b|")


def test_a_pack_is_installed_and_used_with_the_keyboard_alone(
    qtbot: QtBot, start: Callable[..., MainWindow], brought: Path
) -> None:
    # Given the page of models,
    window = start(pack="reference")
    page = window.packs_page
    press(qtbot, window, Qt.Key.Key_M, CTRL)
    listed(qtbot, window)
    # when a file is chosen by key,
    press(qtbot, window, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is page.install
    with qtbot.waitSignal(window.packs.shelf.installed, timeout=60_000):
        press(qtbot, window, Qt.Key.Key_Space)
        choose_file(qtbot, window, brought)
    # then it is in the list, chosen, the page says what to do next, and the next press does it.
    assert listed(qtbot, window) == ["Tiny colours 1.0.0|in use", "Clinic model 2.0|"]
    assert "installed" in page.banner.text()
    assert QApplication.focusWidget() is page.use
    assert window.band.isVisible()
    press(qtbot, window, Qt.Key.Key_Space)
    wait(qtbot, lambda: window.session.model is not None)
    # Then it works, the warning of the simulated one is gone, and it is remembered.
    assert listed(qtbot, window) == ["Tiny colours 1.0.0|", "Clinic model 2.0|in use"]
    assert window.session.model is not None
    assert window.session.model.pack.info.name == "Clinic model"
    assert not window.band.isVisible()
    assert settings.load().pack == "clinic-model-2.0"


def test_enter_in_the_list_uses_a_model_and_the_profile_stays(qtbot: QtBot, models: MainWindow, tmp_path: Path) -> None:
    mine = Path(shutil.copy(paths.default_profile(), tmp_path / "mine.json"))
    mine.write_text(mine.read_text(encoding="utf-8").replace('"version": "', '"version": "9'), encoding="utf-8")
    models.start(None, "reference", mine)
    listed(qtbot, models)
    assert models.session.model is not None
    asked = models.session.model.profile
    models.packs_page.list.setFocus()
    press(qtbot, models, Qt.Key.Key_Down)
    press(qtbot, models, Qt.Key.Key_Return)
    assert listed(qtbot, models)[1] == "Clinic model 2.0|in use"
    assert models.session.model.profile == asked


def test_a_broken_file_is_refused_with_its_reason_and_nothing_is_kept(
    qtbot: QtBot, models: MainWindow, brought: Path
) -> None:
    brought.write_bytes(brought.read_bytes()[:-200])
    page = models.packs_page
    with qtbot.waitSignal(models.packs.shelf.refused, timeout=60_000):
        qtbot.mouseClick(page.install, LEFT)
        choose_file(qtbot, models, brought)
    assert brought.name in page.banner.text()
    assert page.banner.isVisible()
    assert len(listed(qtbot, models)) == 2
    i18n.use("vi")
    assert "installed" not in page.banner.text()


def test_a_pack_that_is_here_already_is_not_called_new(
    qtbot: QtBot, start: Callable[..., MainWindow], tmp_path: Path, shipped: Path
) -> None:
    window = start(pack="reference")
    window.show_page("models")
    listed(qtbot, window)
    with qtbot.waitSignal(window.packs.shelf.installed, timeout=60_000):
        window.packs.install(str(shutil.copytree(shipped, tmp_path / "the same") / "pack.json"))
    assert listed(qtbot, window) == ["Tiny colours 1.0.0|in use"]
    assert "already" in window.packs_page.banner.text()


def test_a_folder_is_chosen_by_its_manifest_and_a_file_may_be_dropped(
    qtbot: QtBot, start: Callable[..., MainWindow], tmp_path: Path, brought: Path
) -> None:
    window = start(pack="reference")
    with qtbot.waitSignal(window.packs.shelf.installed, timeout=60_000):
        window.packs.install(str(tiny_pack(tmp_path / "folder", version="3") / "pack.json"))
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(brought))])
    no_keys = Qt.KeyboardModifier.NoModifier
    with qtbot.waitSignal(window.packs.shelf.installed, timeout=60_000):
        window.dropEvent(QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, dropped, LEFT, no_keys))
    assert [line.split("|")[0] for line in listed(qtbot, window)] == [
        "Tiny colours 1.0.0",
        "Clinic model 2.0",
        "Tiny colours 3",
    ]
    assert window.pages.currentWidget() is window.packs_page


def test_a_refused_pack_shows_its_reason_and_can_be_removed_but_not_used(
    qtbot: QtBot, models: MainWindow, pack: Path
) -> None:
    # Given a damaged pack among the installed ones, when the page is opened again,
    damaged = Path(shutil.copytree(pack, paths.installed_packs() / "damaged"))
    (damaged / "CARD.md").unlink()
    models.show_page("video")
    models.show_page("models")
    assert "damaged|cannot be used" in listed(qtbot, models)
    # then choosing it tells the reason in the language of the window,
    page = models.packs_page
    page.list.selectRow(2)
    assert "CARD.md" in page._refusal.text()
    assert page._place.text() == "On this computer", "it is not called installed"
    assert page._refusal.isVisible()
    assert not page.use.isEnabled()
    before = page._refusal.text()
    i18n.use("vi")
    assert page._refusal.text() != before
    i18n.use("en")
    # and it can be removed: by key, and only after a second thought.
    page.list.setFocus()
    press(qtbot, models, Qt.Key.Key_Delete)
    assert QApplication.focusWidget() is page.keep
    press(qtbot, models, Qt.Key.Key_Space)
    assert damaged.exists()
    press(qtbot, models, Qt.Key.Key_Delete)
    qtbot.mouseClick(page.confirm, LEFT)
    assert len(listed(qtbot, models)) == 2
    assert not damaged.exists()


def test_a_model_that_fails_its_golden_clip_gives_way_to_the_one_before(
    qtbot: QtBot, models: MainWindow, tmp_path: Path
) -> None:
    # Given a pack whose model does not keep its word, put among the packs by hand,
    liar = paths.installed_packs() / "liar"
    answers = write_tiny(tmp_path / "liar", name="Liar").golden.probabilities
    write_tiny(liar, name="Liar", answers=answers[::-1])
    models.show_page("models")
    assert listed(qtbot, models)[-1] == "Liar 1.0.0|"
    # when it is chosen,
    page = models.packs_page
    page.list.selectRow(2)
    qtbot.mouseClick(page.use, LEFT)
    wait(qtbot, lambda: page.banner.isVisible())
    # then the page says why not, the one before works on, and is what is remembered.
    assert "answer stored with it" in page.banner.text()
    assert listed(qtbot, models)[0] == "Tiny colours 1.0.0|in use"
    assert models.session.model_error is None
    assert not models.video_page.banner.isVisible()
    assert settings.load().pack is None


def test_who_starts_with_a_refused_model_chooses_a_good_one(
    qtbot: QtBot, start: Callable[..., MainWindow], tmp_path: Path
) -> None:
    window = start(pack=tmp_path / "gone")
    assert window.cases_page.banner.isVisible()
    qtbot.mouseClick(window.sidebar.steps["models"], LEFT)
    listed(qtbot, window)
    qtbot.mouseClick(window.packs_page.use, LEFT)
    assert listed(qtbot, window) == ["Tiny colours 1.0.0|in use"]
    window.show_page("video")
    assert not window.video_page.banner.isVisible()
    assert settings.load().pack == "reference"


def test_an_installed_model_is_removed_unless_it_is_in_use(qtbot: QtBot, models: MainWindow) -> None:
    page = models.packs_page
    page.list.selectRow(1)
    # While it is in use, it cannot be removed, not even by whoever asks behind the page's back.
    qtbot.mouseClick(page.use, LEFT)
    assert listed(qtbot, models)[1] == "Clinic model 2.0|in use"
    assert not page.remove.isEnabled()
    with qtbot.waitSignal(models.packs.shelf.refused, timeout=60_000):
        models.packs.remove("clinic-model-2.0")
    assert "in use" in page.banner.text()
    # When another is in use, it goes.
    page.list.selectRow(0)
    qtbot.mouseClick(page.use, LEFT)
    listed(qtbot, models)
    page.list.selectRow(1)
    qtbot.mouseClick(page.remove, LEFT)
    assert "Clinic model 2.0" in page._question.text()
    qtbot.mouseClick(page.confirm, LEFT)
    assert listed(qtbot, models) == ["Tiny colours 1.0.0|in use"]
    assert list(paths.installed_packs().iterdir()) == []


def test_the_warning_stays_as_long_as_the_result_of_a_simulated_model_is_shown(
    qtbot: QtBot, models: MainWindow, clip: Path, tmp_path: Path
) -> None:
    # Given a result of the simulated model,
    models.open_video(clip)
    wait(qtbot, lambda: models.session.can_analyse)
    analysed(qtbot, models)
    # when another model is chosen, then the warning still stands over that result;
    models.show_page("models")
    models.packs_page.list.selectRow(1)
    qtbot.mouseClick(models.packs_page.use, LEFT)
    assert listed(qtbot, models)[1] == "Clinic model 2.0|in use"
    assert models.band.isVisible()
    # once another video is opened, it is gone.
    models.open_video(Path(shutil.copy(clip, tmp_path / "another.mp4")))
    assert not models.band.isVisible()


def test_keys_of_the_player_do_nothing_here(qtbot: QtBot, models: MainWindow, clip: Path) -> None:
    models.open_video(clip)
    wait(qtbot, lambda: models.session.playback.is_open and not models.session.playback.image.isNull())
    press(qtbot, models, Qt.Key.Key_M, CTRL)
    press(qtbot, models, Qt.Key.Key_Space)
    assert models.session.playback.rate == 0
    models.show_page("video")
    press(qtbot, models, Qt.Key.Key_Space)
    assert models.session.playback.rate == 1


def test_the_page_follows_the_language_clips_nothing_and_every_control_is_in_reach(
    qtbot: QtBot, models: MainWindow
) -> None:
    page = models.packs_page
    names = {cell for row in page.list.rows() for cell in row.cells} | {page._name.text()}
    i18n.speak(Pseudo())
    names |= {page._name.text()}
    old = {t for _w, t in texts(page) if any(c.isalpha() for c in t) and OPEN not in t and t not in names}
    assert not {t for t in old if not Path(t).is_absolute()}
    assert all(OPEN in row.cells[0] and CLOSE in row.cells[0] for row in page.list.rows())
    qtbot.waitUntil(lambda: clipped(page) == [], timeout=2000)
    # Tab goes round: list, install, text, links.
    page.list.selectRow(1)
    page.list.setFocus()
    reached = []
    for _press in range(7):
        press(qtbot, models, Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert {page.install, page.view, page.card, page.fingerprint, page.remove, page.use} <= set(reached)
