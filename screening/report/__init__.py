"""The report: a `Result`, and what the clinician adds to it, become a PDF for the patient's file.

One to three A4 pages for a ten-minute video, in Vietnamese or English, readable in black and white. Only reportlab.
The same result gives the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from reportlab.platypus import Flowable

from screening import language as languages
from screening.errors import N_, CannotWrite
from screening.records import Case, Evidence, Result
from screening.report import decisions, findings, frame, pictures, provenance
from screening.report.sheet import Sheet

NOBODY = Case()


def write(
    result: Result,
    path: Path,
    *,
    language: str = "vi",
    case: Case = NOBODY,
    reasons: Mapping[str, str],
    evidence: Sequence[Evidence] = (),
    reviewer: str = "",
    clinic: str = "",
) -> None:
    """Write the report to `path` (beside it, then put in its place: an older report is never half overwritten).

    `language` "vi" or "en"; `reasons` is `quality.REASONS`: each reason code as an English sentence.
    Raises CannotWrite.
    """
    document = render(
        result, language=language, case=case, reasons=reasons, evidence=evidence, reviewer=reviewer, clinic=clinic
    )
    beside = path.with_name(f".viscreen-{os.getpid()}.part")
    try:
        try:
            with beside.open("wb") as file:
                file.write(document)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise CannotWrite(
            N_("The report “{name}” cannot be written ({why}). Choose another folder."),
            name=path,
            why=error.strerror,
        ) from error


def render(
    result: Result,
    *,
    language: str = "vi",
    case: Case = NOBODY,
    reasons: Mapping[str, str],
    evidence: Sequence[Evidence] = (),
    reviewer: str = "",
    clinic: str = "",
) -> bytes:
    """The report as the bytes of a PDF, for a screen that shows it before it is saved."""
    sheet = Sheet(result, case, evidence, reviewer, clinic, reasons, languages.load(language))
    return frame.build(sheet, lambda: _story(sheet))


def _story(sheet: Sheet) -> list[Flowable]:
    """The sections in the order in which a clinician reads them."""
    return [
        *provenance.identity(sheet),
        *findings.index(sheet),
        *findings.criteria(sheet),
        *findings.others(sheet),
        *findings.timeline(sheet),
        *provenance.quality(sheet),
        *pictures.pictures(sheet),
        *decisions.review(sheet),
        *provenance.model(sheet),
        *provenance.settings(sheet),
        *provenance.limits(sheet),
        *provenance.signature(sheet),
    ]
