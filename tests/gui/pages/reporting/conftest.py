"""The report page in a window of its own, and what the desktop was asked to open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from screening import analysis
from tests.gui.pages.reporting.report_stand import (
    Stand,
)
from tests.screening import results


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
