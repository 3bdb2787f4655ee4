"""Starting the program: what the command line passes on, the window's life, and the demonstration without a display."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import __main__ as entry
from gui import app, demo, settings
from gui.main_window import MainWindow
from screening import paths
from screening.errors import PackRefused, VideoUnusable


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What `app.run` is called with, in place of a window."""
    calls: list[tuple[object, ...]] = []

    def run(*args: object, auto_analyse: bool = False) -> int:
        calls.append((*args, auto_analyse))
        return 0

    monkeypatch.setattr(app, "run", run)
    return calls


def test_the_command_line_opens_the_window(asked: list[tuple[object, ...]], clip: Path) -> None:
    assert entry.main([]) == 0
    assert entry.main([str(clip)]) == 0, "a path alone is what a desktop passes"
    assert entry.main(["open", str(clip), "--pack", "mine", "--lang", "vi"]) == 0
    settings.save(settings.Settings(language="vi"))
    assert entry.main(["open"]) == 0
    assert asked[0][0] is None
    assert asked[1][0] == clip
    assert asked[2] == (clip, "mine", None, "vi", False)
    assert asked[3][3] == "vi", "the remembered language holds where none was asked for"


def test_the_demo_analyses_the_sample_at_once_where_there_is_a_display(
    asked: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "has_display", lambda: True)
    assert entry.main(["demo", "--lang", "en"]) == 0
    assert asked == [(paths.sample_video(), None, None, "en", True)]


def test_the_command_line_does_without_qt(clip: Path) -> None:
    """`viscreen info` must not wait for a window, nor need one."""
    script = (
        "import sys; from gui.__main__ import main; "
        f"status = main(['info', {str(clip)!r}]); sys.exit(status or ('PySide6.QtWidgets' in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_run_shows_the_window_until_it_is_closed(
    qtbot: QtBot, pack: Path, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a start with a video that is analysed at once, when the window is told to quit in the middle of it,
    seen: list[str] = []

    def look() -> None:
        window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible())
        if window.session.is_analysing or window.session.result is not None:
            seen.append(window.windowTitle())
            QApplication.exit(0)

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(10)
    # then it ends cleanly, with nothing left behind.
    assert app.run(clip, pack, None, "en", auto_analyse=True) == 0
    timer.stop()
    assert seen == [f"{clip.name} – ViScreen"]


def test_the_demonstration_without_a_display_leaves_a_result_and_a_picture(
    pack: Path, clip: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "window.png"
    result = app.run_offscreen_demo(clip, pack, None, "en", picture)
    assert result.episodes
    image = QImage(str(picture))
    assert image.width() >= 1280
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 40) for y in range(0, image.height(), 40)}
    assert len(colours) > 5, "the screenshot is empty"


def test_the_demonstration_raises_the_worlds_errors(pack: Path, clip: Path, tmp_path: Path) -> None:
    with pytest.raises(PackRefused):
        app.run_offscreen_demo(clip, tmp_path / "none", None, "en", tmp_path / "a.png")
    with pytest.raises(VideoUnusable):
        app.run_offscreen_demo(tmp_path / "none.mp4", pack, None, "en", tmp_path / "a.png")


def test_the_demo_without_a_display_leaves_a_report_and_a_picture(
    qapp: QApplication, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`viscreen demo`: the shipped pack on the shipped sample, as a newcomer meets them."""
    assert entry.main(["demo", "--out", str(tmp_path), "--lang", "vi"]) == 0
    said = capsys.readouterr().out
    for name in ("report.pdf", "result.json", "scores.csv", "episodes.csv", "screenshot.png"):
        assert (tmp_path / name).stat().st_size > 100, name
    assert str(tmp_path / "report.pdf") in said
    assert "Không phải chẩn đoán" in said
