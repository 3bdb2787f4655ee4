"""Every command that is worth a key wherever one is: the window comes in, the groups of its menu go out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractButton, QApplication

from gui.menu import Entry, Group
from gui.steps import RECORDING, TOOLS, WORK
from screening.errors import N_

if TYPE_CHECKING:
    from gui.main_window import MainWindow
    from gui.player.playback import Playback


def of(window: MainWindow) -> tuple[Group, ...]:
    """The commands of `window`, in the order in which the menu shows them."""
    session, playback = window.session, window.session.playback
    pages = tuple(Entry(one.title, (one.keys,), partial(window.show_page, one.name)) for one in (*WORK, *TOOLS))
    return (
        Group(
            "",
            (
                Entry(N_("Open videos…"), ("Ctrl+O",), window.clips.choose),
                Entry(N_("Record a video…"), (RECORDING.keys,), partial(window.show_page, "recording")),
                Entry(N_("Analyse"), ("Ctrl+Enter", "Ctrl+Return"), session.analyse),
                Entry(N_("Stop the analysis"), ("Esc",), session.cancel),
                Entry(N_("Export the report…"), ("Ctrl+E",), window.results.export),
            ),
        ),
        Group(N_("Go to"), pages),
        Group(
            N_("Player"),
            (
                Entry(N_("Play or pause"), ("Space",), partial(_press_or_play, playback)),
                Entry(N_("Pause"), ("K",), partial(playback.play, 0.0)),
                Entry(N_("Play backwards, faster each time"), ("J",), partial(playback.shuttle, -1)),
                Entry(N_("Play forwards, faster each time"), ("L",), partial(playback.shuttle, 1)),
                Entry(N_("One picture back"), ("Left",), partial(playback.step, -1)),
                Entry(N_("One picture on"), ("Right",), partial(playback.step, 1)),
            ),
        ),
        Group(
            "",
            (
                Entry(N_("Help"), ("F1",), window.open_help),
                Entry(N_("About ViScreen"), (), window.open_about),
                Entry(N_("Menu"), ("F10",), window.header.menu.showMenu, listed=False),
                Entry(N_("Quit"), ("Ctrl+Q",), window.close),
            ),
        ),
    )


def _press_or_play(playback: Playback) -> None:
    """Space presses the button that has the focus; only elsewhere it plays the video."""
    focused = QApplication.focusWidget()
    if isinstance(focused, QAbstractButton):
        focused.click()
    else:
        playback.toggle()
