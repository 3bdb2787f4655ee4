"""A window with the review page alone, over a short clip and ten episodes, driven as a user does it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QPushButton
from pytestqt.qtbot import QtBot

from gui import style
from gui.pages.review import ReviewPage
from gui.player.playback import Playback
from gui.review.keeping import Unkept
from gui.review.reviewing import Reviewing
from gui.worker import Crew
from screening.records import Episode, Result
from tests.gui.driving import wait
from tests.screening import results

Key, Mod = Qt.Key, Qt.KeyboardModifier
# The clip lasts 28 s; ten episodes of three behaviours lie in it.
SPANS = [(1 + 2.5 * i, 2.5 + 2.5 * i) for i in range(10)]
FOUND = tuple(Episode(1 + i % 3, start, end, 0.9, 0.8) for i, (start, end) in enumerate(SPANS))


def short_result() -> Result:
    whole = results.ten_minutes()
    inside = whole.scores.windows[:, 1] <= 28
    scores = dataclasses.replace(
        whole.scores,
        windows=whole.scores.windows[inside],
        probabilities=whole.scores.probabilities[inside],
        assessable=whole.scores.assessable[inside],
        reasons=whole.scores.reasons[: int(inside.sum())],
    )
    return dataclasses.replace(whole, video=results.video_info(28.0), scores=scores, episodes=FOUND)


class Desk:
    """A window with the page alone; reviews are kept in memory, as when no case is open."""

    def __init__(self, qtbot: QtBot, clip: Path) -> None:
        self.qtbot, self.presses = qtbot, 0
        self.crew = Crew()
        self.playback = Playback(self.crew)
        self.reviewing = Reviewing()
        self.page = ReviewPage(self.reviewing, self.playback, self.crew)
        self.page.begin_requested.connect(self._begin)
        self.window = QMainWindow()
        self.window.setCentralWidget(self.page)
        # Those keys of the real window that lie near.
        self.toggle = QShortcut(QKeySequence("Space"), self.window)
        self.toggle.activated.connect(self.playback.toggle)
        self.cancelled = 0
        QShortcut(QKeySequence("Esc"), self.window).activated.connect(self._cancel)
        self.window.resize(1280 - style.SIDEBAR, 720 - 84)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitExposed(self.window)
        self.playback.open(clip)
        wait(qtbot, lambda: self.playback.is_open and not self.playback.image.isNull())
        self.result = short_result()

    def _begin(self, reviewer: str, mark_first: bool) -> None:
        self.unkept = Unkept(reviewer, mark_first=mark_first)
        self.reviewing.begin(self.result, self.unkept.review, self.unkept)

    def _cancel(self) -> None:
        self.cancelled += 1

    def begin(self, *, mark_first: bool = False) -> None:
        self.reviewing.offer(self.result)
        self.page.use_reviewer("Dr An")
        self.page.start.mark_first.setChecked(mark_first)
        self.qtbot.mouseClick(self.page.start.begin, Qt.MouseButton.LeftButton)

    def press(self, key: Key, held: Mod = Mod.NoModifier) -> None:
        self.presses += 1
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, held)

    def type(self, text: str) -> None:
        self.presses += len(text)
        self.qtbot.keyClicks(QApplication.focusWidget(), text)

    def click(self, button: QPushButton) -> None:
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def seek(self, seconds: float) -> None:
        self.playback.seek(seconds)
        wait(self.qtbot, lambda: abs(self.playback.position_s - seconds) < 0.1)

    def states(self) -> list[str]:
        return [item.state for item in self.reviewing.items]
