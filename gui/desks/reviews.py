"""Joins the page of the review, the visit that is open and whoever reviews: begins a review or goes on with it.

A review of a visit's analysis is kept step by step; without a visit it lives as long as its result is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from gui.desks.visits import VisitDesk
from gui.librarian import Librarian
from gui.pages.review import ReviewPage
from gui.review.keeping import Kept, Unkept
from gui.settings import Settings
from screening.library.records import Review
from screening.records import Result


class ReviewDesk(QObject):
    """`remember` saves the settings, in which the reviewer's name is."""

    def __init__(
        self,
        visits: VisitDesk,
        librarian: Librarian,
        page: ReviewPage,
        remembered: Settings,
        remember: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._visits, self._page, self._reviewing = visits, page, page.reviewing
        self._librarian = librarian
        self._settings, self._remember = remembered, remember
        self._offered: int | None = None  # the library's analysis of what is offered
        page.use_reviewer(remembered.reviewer or "")
        page.begin_requested.connect(self._begin)
        page.reviewer_changed.connect(self._reviewer_changed)
        visits.result_changed.connect(self._result_changed)
        visits.reviews_changed.connect(self._reviews_changed)
        visits.review_begun.connect(self._review_begun)

    def _result_changed(self, result: Result | None, analysis_id: int | None) -> None:
        reviewing = self._reviewing
        before = reviewing.result if reviewing.is_begun and analysis_id == self._offered else None
        if result is not None and before is not None and result.episodes == before.episodes:
            reviewing.use_profile(result.profile)
            return
        self._offered = analysis_id
        reviewing.offer(result)

    def _begin(self, reviewer: str, mark_first: bool) -> None:
        result = self._visits.result
        if result is None:
            return
        if self._visits.analysis_id is not None:
            self._visits.begin_review(reviewer, mark_first=mark_first)
        else:
            keeper = Unkept(reviewer, mark_first=mark_first)
            self._reviewing.begin(result, keeper.review, keeper)

    def _review_begun(self, review: Review) -> None:
        result = self._visits.result
        if result is not None:
            self._reviewing.begin(result, review, Kept(self._librarian, review.id))
            self._reviews_changed(self._visits.reviews)

    def _reviews_changed(self, reviews: Sequence[Review]) -> None:
        """Others may be compared with; one's own goes on where it was left."""
        record = self._reviewing.record
        own = record.reviewer if record is not None else self._settings.reviewer
        self._page.show_others([review for review in reviews if review.reviewer != own])
        if record is None and own and any(review.reviewer == own for review in reviews):
            self._visits.begin_review(own)

    def _reviewer_changed(self, name: str) -> None:
        self._settings.reviewer = name
        self._remember()
