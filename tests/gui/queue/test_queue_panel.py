"""The panel of the queue, by keys and by mouse."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.widgets.queue_panel import QueuePanel
from screening.library import Library
from screening.pack import Pack
from screening.records import Profile
from tests.gui.driving import wait
from tests.gui.queue.desk import Desk, kept_video


@pytest.fixture
def panel(qtbot: QtBot, desk: Desk) -> QueuePanel:
    panel = QueuePanel()
    qtbot.addWidget(panel)
    panel.resize(320, 300)
    desk.queue.changed.connect(lambda: panel.show_items(desk.queue.items))
    desk.queue.progressed.connect(lambda item, _progress: panel.show_progress(item))
    panel.remove_requested.connect(desk.queue.remove)
    panel.go_on_requested.connect(desk.queue.go_on)
    panel.order_chosen.connect(desk.queue.reorder)
    return panel


def test_the_panel_shows_the_queue_and_is_driven_by_keys(
    qtbot: QtBot,
    desk: Desk,
    panel: QueuePanel,
    held: threading.Event,
    clips: list[Path],
    source: Pack,
    profile: Profile,
) -> None:
    assert not panel.isVisible()
    for path in clips:
        desk.queue.add(path, source, profile)
    panel.show()
    qtbot.waitExposed(panel)
    wait(qtbot, lambda: "× real time" in panel.texts()[0] and "left" in panel.texts()[0])
    assert panel.texts()[1:] == ["b.mp4: Waits for its turn", "c.mp4: Waits for its turn"]
    # The one that runs cannot be moved; the last goes before the second with Alt+Up, and no further.
    panel.list.setFocus()
    assert not panel.up.isEnabled()
    assert not panel.down.isEnabled()
    panel.list.setCurrentRow(2)
    qtbot.keyClick(panel.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [item.name for item in desk.queue.items] == ["a.mp4", "c.mp4", "b.mp4"]
    chosen = panel.chosen()
    assert chosen is not None
    assert chosen.name == "c.mp4"
    assert not panel.up.isEnabled()
    qtbot.keyClick(panel.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [item.name for item in desk.queue.items] == ["a.mp4", "b.mp4", "c.mp4"]
    # Delete takes it out; the one that runs is cancelled by its button.
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert [item.name for item in desk.queue.items] == ["a.mp4", "b.mp4"]
    panel.list.setCurrentRow(0)
    assert panel.remove.text() == "Cancel"
    panel.remove.click()
    assert panel.texts()[0] == "a.mp4: Stopping…"
    wait(qtbot, lambda: desk.heard("cancelled") == ["c.mp4", "a.mp4"])


def test_what_was_left_goes_on_from_the_panel(
    qtbot: QtBot, desk: Desk, panel: QueuePanel, clips: list[Path], source: Pack, profile: Profile
) -> None:
    video = kept_video(desk, qtbot, clips[0])

    def write(library: Library) -> list[Any]:
        return [(library.analyses.add(video, source.info, profile), library.videos.get(video))]

    desk.queue.pack_in_use = source
    desk.queue.resume(desk.asked(qtbot, write))
    assert panel.texts() == ["a.mp4: Not finished last time"]
    assert panel.go_on.isVisible()
    panel.go_on.click()
    wait(qtbot, lambda: desk.heard("done") == ["a.mp4"])
    assert not panel.isVisible()
