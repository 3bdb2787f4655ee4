"""What a report page needs done away from the window: the PDF, pictures of its pages, the state of older files.

No widget here. PDFium draws the pages, one at a time, because it does not bear two threads.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from PySide6.QtGui import QImage

from gui.review import comparing
from gui.worker import image_of
from screening import analysis, quality, report, review
from screening.errors import N_, WrongUsage
from screening.library import records
from screening.records import Case, Evidence, Result

FULL_WIDTH = 900  # pixels of a full picture: 300 to the inch at the size in which it is printed
_PDFIUM = threading.Lock()

FileState = Literal["there", "gone", "changed"]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the clinician chose for reports, to be remembered. `language` "": the window's own."""

    language: str = ""
    pictures: report.Pictures = "model"
    clinic: str = ""
    logo: str | None = None
    clinician: str = ""
    folder: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What the report is about: a result, the video it came from, whom it shows, and its review where there is one."""

    result: Result
    video: Path
    case: Case = field(default_factory=Case)
    review: records.Review | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A PDF, as `document`, with its pages' sizes (points) and words; and what it was made from."""

    document: bytes
    sizes: tuple[tuple[float, float], ...]
    texts: tuple[str, ...]
    review: report.Review | None
    settings: dict[str, Any]
    evidence: tuple[Evidence, ...]
    pictured: tuple[object, ...]  # what `evidence` holds, to tell whether the next report can have the same


def told(subject: Subject) -> report.Review | None:
    """The review as the report tells it. Raises WrongUsage when it does not belong to the result."""
    kept, result = subject.review, subject.result
    if kept is None:
        return None
    if kept.hides_model:
        raise WrongUsage(
            N_("The model's answer is still hidden, and the report shows it. End the marking on the review page first.")
        )
    agreed = None
    if kept.mark_first:
        own = comparing.Side(kept.reviewer, review.episodes(comparing.marked_first(result, kept)))
        agreed = comparing.compare(result, own, comparing.Side(None, result.episodes)).agreement
    return analysis.reviewed(result, kept.decisions, agreed=agreed, finished=kept.finished or "")


def make(subject: Subject, choices: Choices, today: dt.date, before: Made | None) -> Made:
    """The report; `before` lends its pictures where they would be the same. Raises VideoUnusable, WrongUsage."""
    result, reviewed = subject.result, told(subject)
    if subject.review is not None and not choices.clinician:
        choices = replace(choices, clinician=subject.review.reviewer)
    logo = report.read_logo(Path(choices.logo)) if choices.logo else None
    rejected = [] if reviewed is None else [one.found for one in reviewed.judged if one.state == "rejected"]
    without = tuple(i for i, episode in enumerate(result.episodes) if episode in rejected)
    pictured = (subject.video, result.created, result.episodes, choices.pictures, without)
    if before is not None and before.pictured == pictured:
        evidence = before.evidence
    elif choices.pictures == "none":
        evidence = ()
    else:
        width = FULL_WIDTH if choices.pictures == "full" else None
        evidence = analysis.evidence(subject.video, result, without=without, full_width=width)
    document = report.render(
        result,
        reasons=quality.REASONS,
        language=choices.language,
        case=subject.case,
        evidence=evidence,
        pictures=choices.pictures,
        review=reviewed,
        reviewer=choices.clinician,
        clinic=choices.clinic,
        logo=logo,
        signed=today,
    )
    sizes, texts = _read(document)
    return Made(document, sizes, texts, reviewed, _settings(subject, choices, reviewed), evidence, pictured)


def _settings(subject: Subject, choices: Choices, reviewed: report.Review | None) -> dict[str, Any]:
    """What the library remembers of a report: the choices, and the figures that it names."""
    found = subject.result.indicators
    settings: dict[str, Any] = {
        "language": choices.language,
        "pictures": choices.pictures,
        "clinic": choices.clinic,
        "clinician": choices.clinician,
        "video": subject.result.video.sha256,
        "index": found.index if found.level is not None else None,
        "level": found.level,
    }
    if reviewed is not None:
        after = reviewed.indicators
        settings["reviewed"] = {
            "index": after.index if after.level is not None else None,
            "level": after.level,
            "open": reviewed.open,
        }
    return settings


def figures(settings: dict[str, Any]) -> tuple[object, ...]:
    """The index that a report with these `settings` stands for: the reviewed one where there is one."""
    shown = settings.get("reviewed") or settings
    index = shown.get("index")
    return None if index is None else round(index, 6), shown.get("level")


@contextmanager
def _opened(document: bytes) -> Iterator[Any]:
    """`document` in PDFium, for one thread at a time."""
    import pypdfium2  # only now: it takes its time to load, and the window must not wait for it

    with _PDFIUM, pypdfium2.PdfDocument(document) as pdf:
        yield pdf


def _read(document: bytes) -> tuple[tuple[tuple[float, float], ...], tuple[str, ...]]:
    with _opened(document) as pdf:
        pages = [pdf[i] for i in range(len(pdf))]
        return tuple(page.get_size() for page in pages), tuple(page.get_textpage().get_text_range() for page in pages)


def drawn(document: bytes, pages: Sequence[int], pixels: int) -> list[tuple[int, QImage]]:
    """Pictures of `pages` (from 0), `pixels` across."""
    with _opened(document) as pdf:
        images = []
        for number in pages:
            page = pdf[number]
            picture = page.render(scale=pixels / page.get_width(), rev_byteorder=True)
            rgb = np.asarray(picture.to_numpy())[:, :pixels, :3]
            images.append((number, image_of(rgb)))
        return images


def keep(made: Made, path: Path) -> tuple[Path, str]:
    """Write the PDF to `path`; its SHA-256 comes back with it. Raises CannotWrite."""
    report.keep(made.document, path)
    return path, hashlib.sha256(made.document).hexdigest()


def state_of(older: records.Report) -> FileState:
    """What became of the file of a report that was made earlier."""
    try:
        with older.path.open("rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == older.sha256
    except OSError:
        return "gone"
    return "there" if same else "changed"


def states_of(older: Sequence[records.Report]) -> list[FileState]:
    """The same for several."""
    return [state_of(each) for each in older]


def complete(choices: Choices, language: str) -> Choices:
    """`choices` with the window's `language` where none was chosen."""
    return choices if choices.language else replace(choices, language=language)
