"""Checks that need no Qt: versions, translations, the pack's golden clip, the sample, a report, a library."""

from __future__ import annotations

import platform
import sqlite3
import struct
import sys
import tempfile
from pathlib import Path

import av
import cv2
import numpy as np
import onnxruntime
import pypdfium2

import screening
from gui.selftest.asking import UNREADABLE
from gui.selftest.outcome import Failed
from screening import analysis, language, pack, paths, profile, quality, report, video
from screening.errors import N_, CannotWrite
from screening.language import Translator
from screening.library import Library
from screening.records import Result
from screening.scoring import Scorer

ANALYSED_S = 6.0  # seconds of the sample that the trial report is about
_DISCLAIMER = N_("Screening aid. Not a diagnosis.")


def versions(_: Translator) -> str:
    """Of the program and of what it stands on."""
    from PySide6.QtCore import qVersion

    return " · ".join(
        (
            f"ViScreen {screening.__version__}",
            f"Python {platform.python_version()}",
            f"ONNX Runtime {onnxruntime.__version__}",
            f"Qt {qVersion()}",
            f"PyAV {av.__version__} (FFmpeg {av.ffmpeg_version_info})",
            f"OpenCV {cv2.__version__}",
            f"SQLite {sqlite3.sqlite_version}",
            f"{_system()} {platform.machine()}",
        )
    )


def _system() -> str:
    """The operating system by the name that its users know."""
    if sys.platform == "linux":
        try:
            return platform.freedesktop_os_release()["PRETTY_NAME"]
        except (OSError, KeyError):
            return f"Linux {platform.release()}"
    return f"{platform.system()} {platform.version()}"


def translations(_: Translator) -> str:
    """The Vietnamese catalogue can be read and has the sentences that every result needs; the guide has both languages.

    That it has all sentences was tested before it was packed, and that it is unchanged its hash says.
    """
    catalogue = paths.resources() / "translations" / "vi" / "LC_MESSAGES" / f"{language.DOMAIN}.mo"
    try:
        vietnamese = language.load("vi")
        entries = struct.unpack("<I", catalogue.read_bytes()[8:12])[0]  # GNU gettext's .mo: the number of strings
    except UNREADABLE as error:
        raise Failed(N_("the Vietnamese translation is missing or damaged")) from error
    needed = [_DISCLAIMER, *quality.REASONS.values()]
    english = [sentence for sentence in needed if vietnamese(sentence) == sentence]
    if english:
        raise Failed(N_("not translated: “{sentence}” ({n} sentences)"), sentence=english[0], n=len(english))
    pages = {code: {page.name for page in (paths.resources() / "help" / code).glob("*.md")} for code in ("en", "vi")}
    if not pages["en"] or pages["en"] != pages["vi"]:
        lost = sorted(pages["en"] ^ pages["vi"]) or ["en", "vi"]
        raise Failed(N_("the guide lacks pages: {pages}"), pages=", ".join(lost))
    return _("Vietnamese: {n} sentences, {pages} pages of the guide").format(
        n=_.number(entries - 1), pages=len(pages["vi"])
    )


def reference_pack(_: Translator) -> str:
    """The pack that comes with the program keeps its promises: hashes, shapes, and the answer for the golden clips."""
    model = pack.read(paths.reference_pack())
    scorer = Scorer(model)
    difference = float(np.abs(scorer.score(model.golden.frames) - model.golden.probabilities).max())
    return _("{name} {version}: the stored clip's answer differs by {difference} at most ({provider})").format(
        name=model.info.name, version=model.info.version, difference=f"{difference:.1e}", provider=scorer.provider
    )


def sample(_: Translator) -> str:
    """Every picture of the sample video can be decoded."""
    info = video.probe(paths.sample_video())
    if info.errors:
        raise Failed(N_("the sample video is damaged: {error}"), error=_(info.errors[0].message))
    return _("{frames} pictures, {seconds} s, {codec}").format(
        frames=_.number(info.frames_decoded), seconds=_.number(info.duration_s, 1), codec=info.codec
    )


def report_pdf(_: Translator) -> str:
    """A true result of the sample's beginning is written as a PDF in Vietnamese, and read back."""
    found = _analysed(paths.sample_video())
    with tempfile.TemporaryDirectory(prefix="viscreen-", ignore_cleanup_errors=True) as folder:
        pdf = Path(folder) / "report.pdf"
        evidence = analysis.evidence(paths.sample_video(), found)
        report.write(found, pdf, language="vi", evidence=evidence, reasons=quality.REASONS)
        content = pdf.read_bytes()
    document = pypdfium2.PdfDocument(content)
    try:
        pages = len(document)
        text = " ".join(document[number].get_textpage().get_text_range() for number in range(pages))
    finally:
        document.close()
    if "chẩn đoán" not in " ".join(text.split()):
        raise Failed(N_("the report was written, but its Vietnamese cannot be read back"))
    return _("PDF of {pages} pages, {size} kB, read back").format(pages=pages, size=_.number(len(content) / 1000))


def _analysed(path: Path) -> Result:
    steps = analysis.analyse(
        path, pack.read(paths.reference_pack()), profile.read(paths.default_profile()), end_s=ANALYSED_S
    )
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result


def library_file(_: Translator) -> str:
    """A new library, in a temporary folder, takes a case and still has it when it is opened again."""
    pseudonym = "Bông 1"
    with tempfile.TemporaryDirectory(prefix="viscreen-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "library.vslib"
        with Library(file) as library:
            library.cases.add(pseudonym)
        with Library(file) as library:
            kept = [line.case.pseudonym for line in library.cases.list()]
    if kept != [pseudonym]:
        raise CannotWrite(N_("a library that was closed and opened again had lost what was in it"))
    return _("made, written, closed, and read again")
