"""The videos that were open last, in a menu, and the recordings that belong to no visit yet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton

from gui.i18n import _, follow


class RecentButton(QPushButton):
    """Hidden while there is no such video."""

    chosen = Signal(object)  # Path

    def __init__(self) -> None:
        super().__init__()
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.triggered.connect(self._triggered)
        self._heading: QAction | None = None
        self.setMenu(self._menu)
        self.hide()
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        self.setText(_("Recent"))
        self.setToolTip(_("Videos that were open last"))
        if self._heading is not None:
            self._heading.setText(_("Recordings that belong to no visit"))

    def show_recent(self, videos: Sequence[Path], recordings: Sequence[Path] = ()) -> None:
        """Offer these, the last one first; `recordings` are those that belong to no visit."""
        self._menu.clear()
        self._add(videos)
        self._heading = self._menu.addSection("") if recordings else None
        self._add(recordings)
        self.setVisible(bool(videos or recordings))
        self.retranslate()

    def _add(self, videos: Sequence[Path]) -> None:
        for video in videos:
            action = self._menu.addAction(video.name.replace("&", "&&"))
            action.setToolTip(str(video))
            action.setData(video)

    def _triggered(self, action: QAction) -> None:
        self.chosen.emit(action.data())
