"""The report: a `Result`, and what the clinician adds to it, become a PDF for the patient's file.

One to three A4 pages for a ten-minute video, in Vietnamese or English, readable in black and white. Only reportlab.
The same result gives the same bytes where the clock has the same time zone.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Required, TypedDict, Unpack

from screening.errors import N_, CannotWrite
from screening.records import Case, Evidence, Result
from screening.report.logo import Logo
from screening.report.logo import read as read_logo
from screening.report.reviewed import Review
from screening.report.sheet import Pictures, Sheet

__all__ = ["Logo", "Options", "Pictures", "Review", "keep", "read_logo", "render", "write"]


class Options(TypedDict, total=False):
    """What a report may carry beside the result; see `Sheet`. `reasons` is `quality.REASONS`."""

    reasons: Required[Mapping[str, str]]
    language: str
    case: Case
    evidence: Sequence[Evidence]
    pictures: Pictures
    review: Review | None
    reviewer: str
    clinic: str
    logo: Logo | None
    signed: dt.date | None
    zone: dt.timezone | None


def write(result: Result, path: Path, **options: Unpack[Options]) -> None:
    """Write the report to `path`. Raises CannotWrite."""
    keep(render(result, **options), path)


def render(result: Result, **options: Unpack[Options]) -> bytes:
    """The report as the bytes of a PDF, for a screen that shows it before it is saved."""
    from screening.report import document  # reportlab takes its time to load: the window must not wait for it

    return document.build(Sheet(result=result, **options))


def keep(document: bytes, path: Path) -> None:
    """Write beside `path`, then put in its place: an older report is never half overwritten. Raises CannotWrite."""
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
