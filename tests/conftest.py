"""What every test may use: the folder of real videos, and a user-data folder of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MEDIA = Path(os.environ.get("VISCREEN_MEDIA", ROOT.parent / "shared" / "media"))


@pytest.fixture
def media() -> Callable[[str], Path]:
    """A real video by name; skips where the folder of real videos is absent (as on a user's machine)."""

    def find(name: str) -> Path:
        if not MEDIA.is_dir():
            pytest.skip(f"no real videos here: {MEDIA} is absent (set VISCREEN_MEDIA)")
        return MEDIA / name

    return find


@pytest.fixture(autouse=True)
def user_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test touches the user's own settings, packs or profiles."""
    folder = tmp_path / "user-data"
    monkeypatch.setenv("VISCREEN_DATA", str(folder))
    return folder
