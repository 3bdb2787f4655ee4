"""Whether the model's answer may be seen, or is kept from a clinician who marks first.

The wish of the video page, results and reviews come in; `is_hidden` and `is_settled` go out, with a signal.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from gui.desks.visits import VisitDesk
from gui.review.reviewing import Reviewing
from gui.session import Session
from gui.settings import Settings
from screening.library.records import Review
from screening.records import Result


class Answer(QObject):
    """Made after the desk of the review, so that it hears of a result when that is offered for review already.

    A result is hidden from when its analysis begins until a review of it has begun; from then on the review says. What
    was seen once stays seen: the wish counts for what comes after it.
    """

    changed = Signal()

    def __init__(
        self, session: Session, visits: VisitDesk, reviewing: Reviewing, remembered: Settings, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._reviewing, self._settings = session, reviewing, remembered
        self._of: tuple[str, str, int | None] | None = None  # which result the next two are about
        self._hides = self._reviews_unknown = False
        self._began_hidden = False
        session.analysis_began.connect(self._began)
        visits.result_changed.connect(self._result_changed)
        visits.reviews_changed.connect(self._reviews_changed)
        reviewing.begun.connect(self.changed)

    @property
    def is_hidden(self) -> bool:
        """Nothing of the answer may be shown."""
        if self._session.result is None:
            return self._session.is_analysing and self._began_hidden
        if self._reviewing.is_begun:
            return self._reviewing.hides_model
        return self._hides or self._reviews_unknown

    @property
    def is_settled(self) -> bool:
        """False until it is known whether somebody has begun to review what was just opened."""
        return self._session.result is None or self._reviewing.is_begun or not self._reviews_unknown

    def _began(self, _model: object) -> None:
        self._began_hidden = self._settings.mark_first

    def _result_changed(self, result: Result | None, analysis_id: int | None) -> None:
        if result is None:
            self._of = None
        else:
            this = (result.created, result.video.path, analysis_id)
            if this != self._of:
                self._of = this
                self._hides = self._settings.mark_first or self._began_hidden
                self._reviews_unknown = analysis_id is not None
            self._began_hidden = False
        self.changed.emit()

    def _reviews_changed(self, reviews: Sequence[Review]) -> None:
        """One's own review is about to be opened, and says itself what may be seen."""
        if self._session.result is not None and not any(r.reviewer == self._settings.reviewer for r in reviews):
            self._reviews_unknown = False
            self.changed.emit()
