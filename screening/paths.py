"""Where resources, model packs and user data lie: in a source tree, in an installed wheel, in a frozen application."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

_HERE = Path(__file__).resolve().parent


def _data_root() -> Path:
    """The folder that holds `resources/` and `packs/`."""
    if getattr(sys, "frozen", False):
        return Path(sys._MEIPASS)  # type: ignore[attr-defined]
    return _HERE / "_data"


def resources() -> Path:
    """Icons, fonts, translations, profiles, the sample video (read only)."""
    in_source = _HERE.parent / "resources"
    return in_source if in_source.is_dir() and not getattr(sys, "frozen", False) else _data_root() / "resources"


def shipped_packs() -> Path:
    """The model packs that come with the program (read only), one folder each."""
    in_source = _HERE.parent / "models" / "packs"
    return in_source if in_source.is_dir() and not getattr(sys, "frozen", False) else _data_root() / "packs"


def reference_pack() -> Path:
    """The pack that is used when the user chose no other."""
    return shipped_packs() / "reference"


def default_profile() -> Path:
    """The screening profile that is used when the user chose no other."""
    return resources() / "profiles" / "default.json"


def sample_video() -> Path:
    """The sample video; its true intervals lie beside it (`sample.csv`: label_id,start_s,end_s)."""
    return resources() / "sample" / "sample.mp4"


def user_data() -> Path:
    """The user's own folder: installed packs, profiles, settings, logs. `VISCREEN_DATA` moves it (tests do)."""
    override = os.environ.get("VISCREEN_DATA")
    return Path(override) if override else Path(platformdirs.user_data_dir("ViScreen", appauthor=False))


def recordings() -> Path:
    """What was recorded with the program's own page."""
    return user_data() / "recordings"


def installed_packs() -> Path:
    """Packs that the user installed, one folder each."""
    return user_data() / "packs"
