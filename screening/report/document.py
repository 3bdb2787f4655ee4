"""The sections of the report in their order: a `Sheet` becomes the bytes of a PDF. Loads reportlab."""

from __future__ import annotations

from reportlab.platypus import Flowable

from screening.report import decisions, findings, frame, pictures, provenance
from screening.report.sheet import Sheet


def build(sheet: Sheet) -> bytes:
    """The PDF of `sheet`."""
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
        *provenance.closing(sheet),
    ]
