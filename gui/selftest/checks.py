"""The checks in the order of the table: what cannot work without the other comes after it."""

from __future__ import annotations

from gui.selftest import engine, files, user, window
from gui.selftest.asking import Check
from screening.errors import N_

CHECKS: tuple[tuple[str, Check], ...] = (
    (N_("Versions"), engine.versions),
    (N_("Program files"), files.check),
    (N_("Translations"), engine.translations),
    (N_("Model pack"), engine.reference_pack),
    (N_("Sample video"), engine.sample),
    (N_("Report"), engine.report_pdf),
    (N_("Library"), engine.library_file),
    (N_("Your data"), user.check),
    (N_("Qt plugins"), window.plugins),
    (N_("Fonts"), window.fonts),
    (N_("Window"), window.draw),
)
