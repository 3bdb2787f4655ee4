"""An update over 0.1.0: what that version left in the user's folder, written down here, is there in the new one too."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui import settings, style
from gui.i18n import current
from gui.main_window import MainWindow
from screening import library, paths
from tests.gui.driving import PATIENCE_MS
from tests.screening.library.test_ladder import VERSION_1

# As 0.1.0 wrote them; never to be edited.
SETTINGS = """{"language": "vi", "theme": "dark", "pack": "clinic-2.0", "profile": "PROFILE", "video_folder": null,
"export_folder": null, "reviewer": "Lan", "mark_first": true,
"report": {"language": "en", "pictures": "model", "clinic": "Khoa Nhi", "logo": null, "clinician": "",
"folder": null}}"""
PROFILE = """{"schema": 1, "name": "Khoa Nhi", "version": 3, "label_set": "viscreen-43",
"criteria": [{"label_id": 1, "minimum_duration_s": 1.5, "repetitions": 2, "weight": 5.0}],
"bands": [{"code": "low", "upper": 50.0, "names": {"en": "Low", "vi": "Thấp"}},
          {"code": "high", "upper": 100.0, "names": {"en": "High", "vi": "Cao"}}],
"episodes": {"off_ratio": 0.7, "minimum_length_s": 1.0, "merge_gap_s": 1.0},
"minimum_coverage": 0.5, "minimum_assessable_s": 30.0, "minimum_weight_share": 0.5}"""
MANIFEST = """{"schema": 1, "name": "Clinic", "version": "2.0", "licence": "CC0-1.0", "author": "Khoa Nhi",
"intended_use": "Tests.", "age_range": [1.5, 6.0], "label_set": "viscreen-43", "labels": LABELS,
"input": {"frames": 32, "height": 56, "width": 56, "fps": 15.0, "stride": 8, "colour": "RGB",
          "value_range": [0.0, 1.0], "resize": "stretch", "pad": "black", "batch": "dynamic"},
"output": {"kind": "softmax", "temperature": 1.0, "other_id": 0},
"training_data": "None.", "simulated_only": true,
"performance": [{"metric": "macro F1", "value": 0.5, "dataset": "tests", "n": 3, "date": "2026-11-20"}],
"files": FILES}"""


@pytest.fixture
def left_by_0_1_0(user_data: Path, pack: Path) -> Path:
    """The user's folder: a case, settings, a profile in its third version and a pack in use."""
    own_profile = user_data / "profiles" / "9f1c" / "0003.json"
    own_profile.parent.mkdir(parents=True)
    own_profile.write_text(PROFILE, encoding="utf-8")
    own_pack = user_data / "packs" / "clinic-2.0"
    shutil.copytree(pack, own_pack)
    labels = [
        {"id": n, "names": {"en": f"Behaviour {n}"}, "group": "tests", "threshold": 0.5, "trained": n != 10}
        for n in range(11)
    ]
    hashes = {
        name: hashlib.sha256((own_pack / name).read_bytes()).hexdigest()
        for name in ("model.onnx", "golden.npz", "CARD.md")
    }
    manifest = MANIFEST.replace("LABELS", json.dumps(labels)).replace("FILES", json.dumps(hashes))
    (own_pack / "pack.json").write_text(manifest, encoding="utf-8")
    kept = SETTINGS.replace("PROFILE", own_profile.as_posix())
    (user_data / "settings.json").write_text(kept, encoding="utf-8")
    with closing(sqlite3.connect(user_data / "library.db")) as db:
        db.executescript(VERSION_1)
    return user_data


def test_cases_profile_pack_and_settings_are_all_there(
    start: Callable[..., MainWindow], qtbot: QtBot, left_by_0_1_0: Path
) -> None:
    before = (left_by_0_1_0 / "library.db").read_bytes()
    window = start(pack=settings.load().pack, language=None)
    model = window.session.model
    assert window.session.model_error is None
    assert model is not None
    assert (model.pack.info.name, model.pack.folder) == ("Clinic", left_by_0_1_0 / "packs" / "clinic-2.0")
    assert (model.profile.name, model.profile.version) == ("Khoa Nhi", 3)
    found: list[str] = []
    window.session.librarian.ask(lambda opened: [line.case.pseudonym for line in opened.cases.list()], found.extend)
    qtbot.waitUntil(lambda: found == ["Bông"], timeout=PATIENCE_MS)
    assert current().code == "vi"
    assert style.look.theme is style.DARK
    remembered = settings.load()
    assert (remembered.reviewer, remembered.mark_first) == ("Lan", True)
    assert (remembered.report.language, remembered.report.clinic) == ("en", "Khoa Nhi")
    copy = left_by_0_1_0 / "library.version-1.db"
    assert library.version(copy) == 1
    assert copy.stat().st_size == len(before)


def test_settings_that_lack_what_a_newer_version_asks_keep_what_they_have(user_data: Path) -> None:
    user_data.mkdir(parents=True)
    (user_data / "settings.json").write_text('{"language": "vi", "reviewer": "Lan"}', encoding="utf-8")
    assert settings.load() == settings.Settings(language="vi", reviewer="Lan")


def test_a_shipped_profile_is_found_where_the_program_is_now(
    start: Callable[..., MainWindow], user_data: Path, tmp_path: Path
) -> None:
    # Given a user who chose the shipped profile in a portable program that has been replaced by a newer folder,
    user_data.mkdir(parents=True)
    gone = tmp_path / "viscreen-0.1.0" / "_internal" / "resources" / "profiles" / paths.default_profile().name
    settings.save(settings.Settings(profile=str(gone)))
    # when the new one starts, then it judges by the profile that came with it, and has no complaint.
    window = start()
    assert window.session.model_error is None
    assert window.session.profile_path == paths.default_profile()


def test_an_own_profile_that_is_gone_is_not_replaced_without_a_word(
    start: Callable[..., MainWindow], user_data: Path
) -> None:
    user_data.mkdir(parents=True)
    settings.save(settings.Settings(profile=str(user_data / "profiles" / "9f1c" / "0003.json")))
    window = start()
    assert window.session.model_error is not None
    assert "0003.json" in str(window.session.model_error)
