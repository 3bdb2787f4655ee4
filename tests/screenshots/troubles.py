"""What is said when something went wrong or is asked: refused packs, banners, questions, the two dialogs of a crash."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from PySide6.QtWidgets import QMessageBox

from gui import crash
from gui.widgets.crash_dialog import CrashDialog, EarlierCrashDialog
from screening import paths
from screening.errors import N_, VideoUnusable
from tests.screening.broken_packs import replaced, zipped
from tests.screening.packs import tiny_pack
from tests.screenshots.stage import Stage

NATIVE = """ViScreen 0.1.0
Python 3.11.2, Qt 6.8.0, Linux x86_64
Error: Fatal Python error: Segmentation fault

Thread:
  gui/player/playback.py:168 _decode
  gui/worker.py:122 run

Current thread:
  gui/widgets/picture_view.py:201 paintEvent
  gui/app.py:98 run
"""


def _packs(stage: Stage) -> None:
    stage.wait_for(lambda: not stage.window.packs.shelf.busy)
    stage.settle(300)


def _choose_pack(stage: Stage, row: int) -> None:
    stage.window.packs_page.list.selectRow(row)
    stage.settle(200)


def pack_installed(stage: Stage) -> None:
    """A pack of a clinic, with nothing simulated, has just been brought."""
    made = tiny_pack(paths.user_data() / "brought" / "clinic", name="Clinic model", version="2.0", simulated_only=False)
    stage.go_to("models")
    stage.window.packs.install(str(zipped(made)))
    _packs(stage)


def pack_removal(stage: Stage) -> None:
    """Whether the one that was brought may go."""
    stage.go_to("models")
    _choose_pack(stage, len(stage.window.packs_page.list.rows()) - 1)
    stage.window.packs_page.remove.click()


def pack_card(stage: Stage) -> None:
    """The words of the maker, and then the fingerprint."""
    page = stage.window.packs_page
    stage.go_to("models")
    page.banner.clear()
    _choose_pack(stage, 0)
    page.card.setChecked(True)


def pack_fingerprint(stage: Stage) -> None:
    stage.window.packs_page.fingerprint.setChecked(True)
    stage.settle(200)


def pack_refused(stage: Stage) -> None:
    """A file that is damaged, and a pack on the disk whose model was changed."""
    page, installed = stage.window.packs_page, paths.installed_packs()
    page.card.setChecked(False)
    page.fingerprint.setChecked(False)
    installed.mkdir(parents=True, exist_ok=True)
    changed = installed / "phong-kham-2.1"
    if not changed.exists():
        shutil.copytree(paths.shipped_packs() / "reference", changed)
        replaced(changed, "model.onnx", b"not a model")
    damaged = paths.user_data() / "brought" / "mo-hinh-phong-kham.vspack"
    damaged.parent.mkdir(exist_ok=True)
    damaged.write_bytes(b"PK\x03\x04 cut off")
    stage.go_to("models")
    stage.window.packs.install(str(damaged))
    _packs(stage)
    refused = [i for i, entry in enumerate(stage.window.packs.shelf.entries) if entry.refused is not None]
    _choose_pack(stage, refused[0])


def errors(stage: Stage) -> None:
    """A sentence in its place, short or long."""
    page = stage.window.review_page
    stage.go_to("review")
    page.banner.show_error(
        VideoUnusable(
            N_("“{name}” cannot be read. Check the disk, and whether you may read the file."),
            name="MT-014 lần khám thứ hai, phòng chơi tự do.mp4",
        )
    )


def crashed(stage: Stage) -> None:
    """Our own mistake, while the work goes on."""
    stage.clear()
    report = "ViScreen\nError: IndexError\n"
    try:
        [][0]
    except IndexError:
        kind, _error, trace = sys.exc_info()
        assert kind is not None
        report = crash.describe(kind, trace)
    dialog = CrashDialog(report, paths.user_data(), stage.window)
    dialog.open()
    stage.over = [dialog]


def crashed_before(stage: Stage) -> None:
    """The offer at the next start."""
    stage.clear()
    dialog = EarlierCrashDialog(_trace(), stage.window)
    dialog.show()
    stage.over = [dialog]


def crashed_before_told(stage: Stage) -> None:
    """And what would be sent."""
    crashed_before(stage)
    dialog = stage.over[0]
    assert isinstance(dialog, EarlierCrashDialog)
    dialog.show_report.click()


def _trace() -> Path:
    file = paths.user_data() / "crash-trace.txt"
    file.write_text(NATIVE, encoding="utf-8")
    return file


def leaving(stage: Stage) -> None:
    """The window is closed while the profile has changes."""
    stage.clear()
    page = stage.window.profile_page
    stage.go_to("profile")
    if not page.has_edits:
        draft = page.draft
        page.table.removed.emit({draft.criteria[0].label_id} if draft is not None else set())
    stage.window.windowHandle().close()
    stage.settle(200)
    stage.over = [box for box in stage.window.findChildren(QMessageBox) if box.isVisible()]
