"""The whole way through the window, as a person walks it: from the first start to the PDF, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from screening.language import load
from screening.report import words
from screening.sampling import track_of
from tests.gui.driving import choose_file, press, wait
from tests.screening.packs import GREEN, RED

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize("language", ["en", "vi"])
def test_from_the_first_start_to_the_report(
    qtbot: QtBot, start: Callable[..., MainWindow], clip: Path, tmp_path: Path, language: str
) -> None:
    _ = load(language)
    # Given the window at its first start: not empty, and clear about what it is not.
    window = start(language=language)
    session, playback, page, result_page = (
        window.session,
        window.session.playback,
        window.video_page,
        window.result_page,
    )
    wait(qtbot, lambda: window.cases_page.welcome.quick.isVisible())
    window.cases_page.welcome.quick.click()
    assert page.open_sample.isVisible()
    assert window.header.aid.text() == _("Screening aid. Not a diagnosis.")
    assert window.band.isVisible(), "nobody may overlook that this pack knows simulated video only"
    assert not page.analyse.isEnabled()

    # When a video is opened with the keyboard,
    press(qtbot, window, Qt.Key.Key_O, CTRL)
    choose_file(qtbot, window, clip)
    wait(qtbot, lambda: playback.is_open and not playback.image.isNull())
    # then its first picture is shown, what was read of it in plain words, and the sampled pictures.
    wait(qtbot, lambda: page.receipt.texts().get(_("Rate")) is not None)
    assert page.receipt.texts()[_("Rate")] == _("{fps} a second").format(fps=30)
    assert "840" in page.receipt.texts()[_("Pictures")]
    wait(qtbot, lambda: page.strip.shown_ticks() >= 10)

    # When one steps and plays, the picture follows exactly.
    press(qtbot, window, Qt.Key.Key_Right)
    wait(qtbot, lambda: playback.position_s == pytest.approx(1 / 30, abs=1e-3))
    press(qtbot, window, Qt.Key.Key_Space)
    wait(qtbot, lambda: playback.position_s > 0.3)
    press(qtbot, window, Qt.Key.Key_Space)
    assert playback.rate == 0

    # When a box is drawn round the child, what the model sees is what is inside.
    view = page.player.view
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=view.rect().center() - QPoint(100, 100))
    qtbot.mouseMove(view, view.rect().center())
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=view.rect().center() + QPoint(100, 100))
    region = playback.region
    assert region is not None
    assert abs(region.width - region.height) <= 1, "200 × 200 points on screen are a square of the picture too"

    # When Analyse is pressed, the timeline fills while it runs,
    filled: list[float] = []
    session.progressed.connect(lambda progress: filled.append(result_page.timeline.filled_s()))
    with qtbot.waitSignal(session.analysed, timeout=60_000):
        press(qtbot, window, Qt.Key.Key_Return, CTRL)
        wait(qtbot, lambda: window.pages.currentWidget() is result_page)
    assert filled, "no progress came while the analysis ran"
    result = session.result
    assert result is not None
    assert result.region == track_of(region)

    # then it says why so little video has no level, and shows no index that could be taken for one; and each criterion.
    said = result_page.result_card.text()
    assert result.indicators.no_level_reason == "too_short"
    assert words.no_level(result.indicators, result.profile, _)[1] in said
    assert result.indicators.index is not None
    assert words.arithmetic(result.indicators, result.profile, _) not in said
    assert _("It is not a probability of autism.") in said
    assert len(result_page.result_card.criteria.rows()) == 10
    assert {episode.label_id for episode in result.episodes} == {RED, GREEN}
    behaviours = result.indicators.behaviours
    longest = max(behaviour.total_s for behaviour in behaviours)
    most = [b for b in behaviours if b.total_s == pytest.approx(longest)]
    assert result_page.timeline.names()[0] in [result.pack.labels[b.label_id].name(language) for b in most]

    # When an episode is chosen, the player goes there.
    row = next(i for i, episode in enumerate(result.episodes) if episode.label_id == GREEN)
    result_page.episodes.setFocus(Qt.FocusReason.TabFocusReason)
    for _row in range(row):
        press(qtbot, window, Qt.Key.Key_Down)
    wait(qtbot, lambda: abs(playback.position_s - result.episodes[row].start_s) < 0.05)
    chosen = result_page.timeline.chosen()
    assert chosen is not None
    assert chosen.id == GREEN

    # When the report is exported under a pseudonym, the PDF is there and the window says so.
    result_page.pseudonym.setFocus()
    qtbot.keyClicks(result_page.pseudonym, "K-0147")
    press(qtbot, window, Qt.Key.Key_E, CTRL)
    pdf = tmp_path / "report of K-0147.pdf"
    with qtbot.waitSignal(window.reports.exported, timeout=60_000):
        choose_file(qtbot, window, pdf)
    assert result_page.banner.text() == _("The report was written: “{name}”.").format(name=pdf.name)
    printed = "".join(page.extract_text() for page in PdfReader(pdf).pages)
    assert "K-0147" in printed
    assert _("Screening aid. Not a diagnosis.") in printed
