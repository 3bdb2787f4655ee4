"""Qt's plugins, the fonts and the window: what is taken away or changed fails the right check."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import reportlab
from PySide6.QtCore import QLibraryInfo

from gui.selftest import window
from screening import language, paths
from screening.errors import ScreeningError
from screening.report.fonts import FILES
from tests.conftest import ROOT

ENGLISH = language.load("en")


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of Qt's plugins that the window needs, in use in place of them."""
    there = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
    for name in window.plugin_names():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).symlink_to(there / name)
    monkeypatch.setattr(QLibraryInfo, "path", lambda _: str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("name", window.plugin_names())
def test_each_plugin_that_is_taken_away_is_named(plugins: Path, name: str) -> None:
    (plugins / name).unlink()
    with pytest.raises(ScreeningError, match=f"missing: {name}"):
        window.plugins(ENGLISH)


def test_a_plugin_that_does_not_load_is_named_with_the_reason(plugins: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "imageformats/libqtiny.so"
    (plugins / name).write_bytes(b"no plugin")
    monkeypatch.setattr(window, "plugin_names", lambda: (name,))
    with pytest.raises(ScreeningError, match=f"{name} cannot be loaded: "):
        window.plugins(ENGLISH)


@pytest.fixture
def resources(tmp_path: Path) -> Path:
    """A copy of the program's resources."""
    return Path(shutil.copytree(paths.resources(), tmp_path / "resources"))


def in_a_child(check: str, resources: Path) -> tuple[str, str]:
    """Status and detail of a check of the window that finds `resources` in place of the program's own."""
    script = (
        "import json, sys; from pathlib import Path; "
        "from screening import paths; from gui.selftest import asking, window; "
        "paths.resources = lambda: Path(sys.argv[1]); "
        "outcome = asking.outcome_of(getattr(window, sys.argv[2]), asking.translator('en')); "
        "print(json.dumps([outcome.status, outcome.detail]))"
    )
    words = [sys.executable, "-c", script, str(resources), check]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    status, detail = json.loads(done.stdout.splitlines()[-1])
    return status, detail


def test_the_fonts_are_ours_and_know_vietnamese(resources: Path) -> None:
    assert in_a_child("fonts", resources) == ("ok", "4 fonts with 178 letters of Vietnamese")


@pytest.mark.parametrize("file", FILES.values())
def test_a_font_that_is_taken_away_is_named(resources: Path, file: str) -> None:
    (resources / "fonts" / file).unlink()
    assert in_a_child("fonts", resources) == ("failed", f"missing: {file}")


def test_a_damaged_font_is_named(resources: Path) -> None:
    (resources / "fonts" / FILES["NotoSans-Bold"]).write_bytes(b"no font")
    assert in_a_child("fonts", resources) == ("failed", "NotoSans-Bold.ttf is no font that can be used")


def test_a_font_without_vietnamese_is_not_helped_out_by_the_systems(resources: Path) -> None:
    shutil.copy(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf", resources / "fonts" / FILES["NotoSans"])
    status, detail = in_a_child("fonts", resources)
    assert status == "failed"
    assert detail.startswith("NotoSans-Regular.ttf lacks letters of Vietnamese: ")


def test_the_window_is_drawn_on_a_data_folder_of_its_own(resources: Path, user_data: Path) -> None:
    status, detail = in_a_child("draw", resources)
    assert (status, detail.split(",")[0]) == ("ok", "drawn: 1280 × 800 points"), detail
    assert not user_data.exists(), "the self-test wrote into the user's own data"


def test_a_window_in_another_font_is_told_of(resources: Path) -> None:
    for file in FILES.values():
        (resources / "fonts" / file).unlink()
    shutil.copy(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf", resources / "fonts")
    status, detail = in_a_child("draw", resources)
    assert status == "failed"
    assert detail.startswith("other fonts than ours are used: ")


def test_an_icon_that_cannot_be_drawn_fails_the_window(resources: Path) -> None:
    (resources / "icons" / "viscreen.svg").write_text("<svg/>")
    status, detail = in_a_child("draw", resources)
    assert (status, detail) == ("failed", "the icon, or a picture of the guide, cannot be drawn")


def test_vietnamese_has_all_its_letters() -> None:
    letters = window.vietnamese()
    assert len(set(letters)) == len(letters) == 2 * (12 * 6 + 17)
    assert set("ệộữỹđĐẶẪ") <= set(letters)
