"""Joins the analysis, its queue, the review and the pages that tell what came of it: video, result, review, report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from gui.desks.answer import Answer
from gui.desks.report_work import Choices, Subject
from gui.desks.reports import ReportDesk
from gui.desks.visits import VisitDesk
from gui.i18n import _
from gui.pages.result import ResultPage
from gui.pages.review import ReviewPage
from gui.pages.video import VideoPage
from gui.queue_facts import Item
from gui.session import Model, Session
from gui.settings import Settings
from gui.widgets.queue_panel import QueuePanel
from screening.records import Result


class ResultDesk(QObject):
    """Made after the desk of the review. `remember` saves the settings, in which the choices of the report are."""

    changed = Signal()  # what there is to be seen is other
    page_wanted = Signal(str)

    def __init__(
        self,
        session: Session,
        visits: VisitDesk,
        pages: tuple[VideoPage, ResultPage, ReviewPage],
        panel: QueuePanel,
        reports: ReportDesk,
        remembered: Settings,
        remember: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._visits, self._reports, self._panel = session, visits, reports, panel
        self._settings, self._remember = remembered, remember
        self._video, self._page, self._review = pages
        self._reviewing = self._review.reviewing
        self._shown: Result | None = None
        self.answer = Answer(session, visits, self._reviewing, remembered, self)
        self._video.use_mark_first(remembered.mark_first)
        reports.use_choices(remembered.report)
        self._wire()

    def _wire(self) -> None:
        session, queue, page, panel = self._session, self._session.queue, self._page, self._panel
        self._video.analyse_requested.connect(session.analyse)
        self._video.mark_first_changed.connect(self._mark_first_changed)
        session.analysis_began.connect(self._began)
        session.progressed.connect(page.show_progress)
        session.analysis_failed.connect(self._video.banner.show_error)
        session.analysis_cancelled.connect(self._cancelled)
        session.analysis_ended.connect(self._ended)
        page.cancel_requested.connect(session.cancel)
        page.export_requested.connect(self.export)
        page.review_requested.connect(self._go_to_review)
        queue.progressed.connect(self._queue_progressed)
        panel.go_on_requested.connect(queue.go_on)
        panel.remove_requested.connect(queue.remove)
        panel.order_chosen.connect(queue.reorder)
        self.answer.changed.connect(self._answer_changed)
        self._reviewing.changed.connect(self._reviewed)
        self._reviewing.offered.connect(self._reviewed)
        self._visits.result_changed.connect(self._reviewed)
        self._visits.reports_changed.connect(self._reports.show_previous)
        self._reports.choices_changed.connect(self._report_choices)
        self._reports.exported.connect(self._reported)

    # ---- what may be seen

    def has(self, name: str) -> bool:
        """Whether the page `name` has something to show, and may show it."""
        session, answer = self._session, self.answer
        found = session.result is not None and answer.is_settled
        if name == "result":
            return session.is_analysing or (found and not answer.is_hidden)
        return found and (name == "review" or not answer.is_hidden)

    def _mark_first_changed(self, wished: bool) -> None:
        self._settings.mark_first = wished
        self._remember()

    def _answer_changed(self) -> None:
        result, answer = self._session.result, self.answer
        if result is None:
            self._shown = None
        elif answer.is_settled:
            if not self._reviewing.is_begun:
                self._review.use_mark_first(answer.is_hidden)
            if not answer.is_hidden and result is not self._shown:
                self._shown = result
                self._page.show_result(result)
        self._reviewed()
        self.changed.emit()

    # ---- the analysis

    def _began(self, model: Model) -> None:
        self._shown = None
        self._page.begin(model.pack, model.profile, hidden=self.answer.is_hidden)
        self.changed.emit()

    def _cancelled(self) -> None:
        self._video.banner.show_done(self._cancelled_sentence)

    def _ended(self) -> None:
        self._page.timeline.stop()
        self.changed.emit()

    def _cancelled_sentence(self) -> str:
        return _("The analysis was stopped. Nothing was kept of it.")

    # ---- the queue

    def show_queue(self, beside: bool) -> None:
        """What waits, `beside` a page that has room for it; the one clip that is analysed has its own card."""
        items, alone = self._session.queue.items, self._session.is_analysing
        self._panel.show_items(items if beside and len(items) > int(alone) else ())

    def _queue_progressed(self, item: Item, _progress: object) -> None:
        self._panel.show_progress(item)
        if self._session.is_analysing:  # the clip that is open is the one that runs
            self._page.progress.show_pace(item.speed, item.left_s)

    # ---- review and report

    def _reviewed(self) -> None:
        """What stands after the review, on the pages that tell of it."""
        reviewing, session = self._reviewing, self._session
        self._page.show_reviewed(reviewing.indicators if reviewing.is_begun else None)
        video, subject = self._visits.current, None
        if session.result is not None and video is not None and self.has("report"):
            case = self._visits.report_case() if self._visits.is_kept else self._page.case()
            subject = Subject(session.result, video.path, case, reviewing.record)
        self._page.allow_export(subject is not None)
        self._reports.show(subject)

    def _go_to_review(self) -> None:
        self.page_wanted.emit("review")

    def export(self) -> None:
        """Ask where the report is to be written."""
        if self.has("report"):
            self._reviewed()
            self.page_wanted.emit("report")
            self._reports.choose_file()

    def _report_choices(self, choices: Choices) -> None:
        self._settings.report = choices
        self._remember()

    def _reported(self, path: Path, chosen: dict[str, Any], sha256: str) -> None:
        self._page.show_exported(path)
        self._visits.report_exported(path, chosen, sha256)
