"""What is open now: case, visit, its clips, the chosen clip, its result and reviews; or clips of which nothing is kept.

Wishes come in; what the library answers goes out as signals. Nothing is shown as done before the library has kept it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from gui.desks import clip_words, visit_facts
from gui.desks.leaving import Leaving
from gui.desks.visit_facts import Clip, Opened, Place
from gui.i18n import current
from gui.queue_facts import Item, if_there
from gui.session import Session
from gui.worker import Task
from screening import records
from screening.errors import N_, ScreeningError, VideoUnusable, WrongUsage
from screening.library.records import Case, Report, Review, Visit, report_case
from screening.library.videos import Fingerprint
from screening.records import Profile, Result, VideoInfo


class VisitDesk(QObject):
    """Made before the librarian opens the library: then it offers the analyses that were left.

    `is_kept` says whether a visit is open; without one the same wishes work, and nothing is written.
    """

    opened = Signal(object, object)  # Case, Visit; None, None: nothing is kept from now on
    described = Signal()  # the case or the visit that is open was edited
    page_wanted = Signal(str)  # where the visit was left
    videos_changed = Signal(object)  # list[Clip]: others, another order, another state, another chosen one
    result_changed = Signal(object, object)  # Result | None, the library's analysis id | None
    reviews_changed = Signal(object)  # list[Review] of the analysis that is shown
    review_begun = Signal(object)  # Review
    reports_changed = Signal(object)  # list[Report] of the case, the newest first
    file_missing = Signal(object, object)  # Clip, ScreeningError: offer "Find the file…"
    failed = Signal(object)  # ScreeningError

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._librarian, self._queue = session, session.librarian, session.queue
        self._keys = itertools.count(-1, -1)  # of clips that the library does not know
        self._turn = 0  # of the clip that was chosen last; answers about an earlier one come too late
        self._visits = 0  # likewise, of the visit
        self._results: dict[int, Result] = {}  # of clips that the library does not know
        self._leaving = Leaving(session.playback, session.librarian, self)
        self._leaving.failed.connect(self.failed)
        self._forget()
        session.playback.failed.connect(self.failed)
        session.receipt_read.connect(self._receipt_read)
        session.analysed.connect(self._result_shown)
        session.revised.connect(self._result_shown)
        session.revise_failed.connect(self.failed)
        self._queue.not_kept.connect(self.failed)
        self._queue.changed.connect(self._tell_clips)
        self._queue.done.connect(self._item_done)
        for event in (self._queue.ended, self._queue.cancelled):
            event.connect(self._item_over)
        self._librarian.opened.connect(self._offer_unfinished)

    def _forget(self) -> None:
        self.case: Case | None = None
        self.visit: Visit | None = None
        self.clips: tuple[Clip, ...] = ()
        self.current: Clip | None = None
        self.reviews: tuple[Review, ...] = ()
        self.review: Review | None = None  # the one that was begun here, as it was then
        self.reports: tuple[Report, ...] = ()

    # ---- what there is

    @property
    def is_kept(self) -> bool:
        """A visit is open, and everything about it is kept."""
        return self.visit is not None

    @property
    def result(self) -> Result | None:
        """What was found in the chosen clip."""
        return self._session.result

    @property
    def analysis_id(self) -> int | None:
        """The library's analysis of that result; None: it is not kept."""
        return self._session.result_id

    def report_case(self) -> records.Case:
        """Whom a report is about, as the case has it."""
        if self.case is None or self.visit is None:
            return records.Case()
        return report_case(self.case, self.visit.date)

    def lines(self) -> list[tuple[int, str, str]]:
        """Key, name and state in words of every clip."""
        return [(clip.key, clip.name, self.state(clip)) for clip in self.clips]

    def state(self, clip: Clip) -> str:
        """How far the clip is, in words."""
        item = next((item for item in self._queue.items if self._is_of(item, clip)), None)
        analysed = clip.analysed is not None or clip.key in self._results
        return clip_words.state(clip, item.state if item is not None else None, analysed)

    # ---- the visit

    def open_visit(self, visit_id: int) -> None:
        """Open the visit where it was left; `opened` follows, then everything that is kept of it."""
        self._visits += 1
        self._leaving.leave()
        work = if_there(partial(visit_facts.load, visit_id))
        self._librarian.ask(work, partial(self._loaded, self._visits), self.failed.emit)

    def _loaded(self, number: int, loaded: Opened | None) -> None:
        if number != self._visits:
            return
        if loaded is None:
            self.failed.emit(WrongUsage(N_("This visit is no longer in the library. Choose another one.")))
            return
        self._empty()
        self.case, self.visit, self.clips, self.reports = loaded.case, loaded.visit, loaded.clips, loaded.reports
        self._leaving.arrive(loaded.visit)
        page = self._leaving.left.page  # before whoever hears of the visit goes to another one
        self.opened.emit(self.case, self.visit)
        self.reports_changed.emit(list(self.reports))
        chosen = self._find(self._leaving.left.video) or next(iter(self.clips), None)
        self._tell_clips()
        if chosen is not None:
            self.choose_video(chosen.key)
        if page:
            self.page_wanted.emit(page)

    def close_visit(self) -> None:
        """Nothing is open, and nothing is kept from now on; what runs goes on in the queue."""
        self._visits += 1
        self._leaving.leave()
        self._empty()
        self.opened.emit(None, None)
        self.reports_changed.emit([])
        self._tell_clips()

    def _empty(self) -> None:
        self._turn += 1
        self._forget()
        self._leaving.arrive(None)
        self._results.clear()
        self._session.forget_result()
        self._session.playback.close()
        self.result_changed.emit(None, None)
        self.reviews_changed.emit([])

    def case_changed(self, case: Case) -> None:
        """The case was edited elsewhere."""
        if self.case is not None and self.visit is not None and self.case.id == case.id:
            self.case = case
            self.described.emit()

    def visit_changed(self, visit: Visit) -> None:
        """Its day or its notes were edited elsewhere."""
        if self.visit is not None and self.visit.id == visit.id:
            self.visit = replace(visit, left_at=self.visit.left_at)
            self.described.emit()

    def close(self) -> None:
        """The program ends: where the visit was left is kept. To be called before `Session.close`."""
        self._leaving.leave()

    # ---- the clips

    def add_videos(self, paths: Sequence[Path]) -> None:
        """Add clips at the end and choose the first of them; those that are here already are not added again."""
        here = {clip.path: clip for clip in self.clips}
        new = [path for path in dict.fromkeys(paths) if path not in here]
        if not new:
            for path in paths[:1]:
                self.choose_video(here[path].key)
        elif self.visit is None:
            self._added(self._visits, visit_facts.without_library(new, self._keys))
        else:
            work = if_there(partial(visit_facts.add_videos, self.visit.id, new))
            self._librarian.ask(work, partial(self._added, self._visits), self.failed.emit)

    def _added(self, number: int, answer: tuple[list[Clip], list[ScreeningError]] | None) -> None:
        if number != self._visits or answer is None:
            return
        clips, refused = answer
        self.clips += tuple(clips)
        if clips:
            self.choose_video(clips[0].key)
        for error in refused:
            self.failed.emit(error)

    def keep_videos(self, paths: Sequence[Path]) -> None:
        """Add clips to the visit that is open as the program ends: nobody will see them before it is opened again."""
        if self.visit is not None and paths:
            self._librarian.ask(if_there(partial(visit_facts.add_videos, self.visit.id, tuple(paths))))

    def remove_video(self, key: int) -> None:
        """Forget the clip and what was found in it; the file stays. Ask before: it cannot be taken back."""
        clip = self._find(key)
        if clip is None:
            return
        if clip.video is None:
            for item in self._queue.items:
                if self._is_of(item, clip):
                    self._queue.remove(item.key)
            self._removed(key, True)
        else:
            self._queue.forget_video(clip.video.id)
            self._librarian.ask(
                if_there(partial(visit_facts.delete_video, clip.video.id)),
                partial(self._removed, key),
                self.failed.emit,
            )

    def _removed(self, key: int, _answer: object) -> None:
        place = next((i for i, clip in enumerate(self.clips) if clip.key == key), None)
        if place is None:
            return
        self.clips = (*self.clips[:place], *self.clips[place + 1 :])
        if self.current is not None and self.current.key == key:
            self.current = None
            if self.clips:
                self.choose_video(self.clips[min(place, len(self.clips) - 1)].key)
                return
            self._turn += 1
            self._session.forget_result()
            self._session.playback.close()
            self.result_changed.emit(None, None)
        self._tell_clips()

    def reorder(self, keys: Sequence[int]) -> None:
        """Put the clips in this order."""
        if self.visit is None:
            self._reordered(self._visits, keys)
        else:
            work = partial(visit_facts.reorder, self.visit.id, keys)
            self._librarian.ask(work, partial(self._reordered, self._visits), self.failed.emit)

    def _reordered(self, number: int, keys: Sequence[int]) -> None:
        if number == self._visits:
            place = {key: i for i, key in enumerate(keys)}
            self.clips = tuple(sorted(self.clips, key=lambda clip: place.get(clip.key, len(place))))
            self._tell_clips()

    def choose_video(self, key: int) -> None:
        """Open this clip where it was left, with what was found in it last."""
        clip = self._find(key)
        if clip is None:
            return
        self._turn += 1
        self.current, self.review, self.reviews = clip, None, ()
        done = clip.analysed
        part = Place(0.0, done.region, (done.start_s, done.end_s)) if done is not None else Place()
        self._leaving.choose(key, clip.path, part)
        self._session.forget_result()
        self.result_changed.emit(None, None)
        self.reviews_changed.emit([])
        if clip.missing:
            self._session.playback.close()
            sentence = N_("“{name}” is not where it was. Find the file, or remove it from the visit.")
            self.file_missing.emit(clip, VideoUnusable(sentence, name=clip.name))
        else:
            receipt = clip.video.receipt if clip.video is not None else None
            self._session.open(clip.path, clip.video.id if clip.video is not None else None, receipt)
        self._tell_clips()
        if clip.video is not None:
            show = partial(self._found, self._turn)
            self._librarian.ask(if_there(partial(visit_facts.found, clip.video.id)), show, self.failed.emit)
        elif key in self._results:
            self._session.show_result(self._results[key], clip.path)

    def _found(self, turn: int, answer: tuple[int, Result] | None) -> None:
        # A result that is there already is newer: it came while this one was read.
        if turn == self._turn and answer is not None and self.current is not None and self.result is None:
            analysis_id, result = answer
            self._session.show_result(result, self.current.path, analysis_id)

    def find_file(self, key: int, place: Path) -> None:
        """The clip's file is now at `place`, or somewhere in that folder; it is read through to be sure."""
        clip = self._find(key)
        if clip is not None:
            task = Task(partial(visit_facts.seek_file, clip, place))
            task.succeeded.connect(self._file_found)
            task.failed.connect(self.failed)
            self._session.crew.start(task)

    def _file_found(self, found: tuple[Clip, Path, Fingerprint]) -> None:
        clip, path, _what = found
        if clip.video is None:
            self._relinked(replace(clip, path=path, missing=False))
        else:
            self._librarian.ask(if_there(partial(visit_facts.relink, found)), self._relinked, self.failed.emit)

    def _relinked(self, clip: Clip | None) -> None:
        if clip is None or self._find(clip.key) is None:
            return
        self._put(clip)
        if clip.video is not None:
            self._queue.video_moved(clip.video.id, clip.path)
        if self.current is not None and self.current.key == clip.key:
            self.choose_video(clip.key)

    # ---- what happens to the chosen clip

    def _find(self, key: int | None) -> Clip | None:
        return next((clip for clip in self.clips if clip.key == key), None)

    def _is_of(self, item: Item, clip: Clip) -> bool:
        if clip.video is not None:
            return item.video_id == clip.video.id
        return item.video_id is None and item.video == clip.path

    def _put(self, clip: Clip) -> None:
        self.clips = tuple(clip if other.key == clip.key else other for other in self.clips)
        if self.current is not None and self.current.key == clip.key:
            self.current = clip
        self._tell_clips()

    def _tell_clips(self) -> None:
        self.videos_changed.emit(list(self.clips))

    def _result_shown(self, result: Result) -> None:
        self.result_changed.emit(result, self.analysis_id)
        self.look_at_reviews()

    def _receipt_read(self, info: VideoInfo) -> None:
        video_id = self._session.video_id
        clip = self._find(video_id)
        if video_id is not None and clip is not None and clip.video is not None and clip.video.receipt != info:
            self._ask_receipt(video_id, info)

    def _ask_receipt(self, video_id: int, info: VideoInfo) -> None:
        self._librarian.ask(
            if_there(partial(visit_facts.received, video_id, info)), partial(self._look_again, video_id)
        )

    def _item_done(self, item: Item, result: Result) -> None:
        if item.video_id is not None:
            self._ask_receipt(item.video_id, result.video)
            return
        for clip in self.clips:
            if self._is_of(item, clip):
                self._results[clip.key] = result
                self._tell_clips()

    def _item_over(self, item: Item) -> None:
        if item.video_id is not None:
            self._look_again(item.video_id)

    def _look_again(self, video_id: int, _answer: object = None) -> None:
        if self._find(video_id) is not None:
            self._librarian.ask(if_there(partial(visit_facts.clip, video_id)), self._seen_again)

    def _seen_again(self, clip: Clip | None) -> None:
        if clip is not None and self._find(clip.key) is not None:
            self._put(clip)

    def _offer_unfinished(self) -> None:
        self._librarian.ask(visit_facts.unfinished, self._queue.resume)

    # ---- profile, review, report

    def revise(self, profile: Profile, path: Path | None = None) -> None:
        """Judge by another profile, without running the model; `result_changed` or `failed` follows."""
        self._session.use_profile(profile, path)

    def begin_review(self, reviewer: str, *, mark_first: bool = False) -> None:
        """The reviewer's review of what is shown, new or as it was left; `review_begun` follows. Kept visits only."""
        analysis_id = self.analysis_id
        if analysis_id is not None:
            work = if_there(partial(visit_facts.begin_review, analysis_id, reviewer, mark_first))
            self._librarian.ask(work, partial(self._review_begun, analysis_id), self.failed.emit)

    def _review_begun(self, analysis_id: int, answer: tuple[Review, list[Review]] | None) -> None:
        if answer is not None and analysis_id == self.analysis_id:
            self.review = answer[0]
            self._show_reviews(analysis_id, answer[1])
            self.review_begun.emit(self.review)

    def look_at_reviews(self) -> None:
        """Read the reviews of what is shown again; `reviews_changed` follows."""
        analysis_id = self.analysis_id
        if analysis_id is not None:
            show = partial(self._show_reviews, analysis_id)
            self._librarian.ask(partial(visit_facts.reviews, analysis_id), show, self.failed.emit)

    def _show_reviews(self, analysis_id: int, reviews: list[Review]) -> None:
        if analysis_id == self.analysis_id:
            self.reviews = tuple(reviews)
            self.reviews_changed.emit(reviews)

    def report_exported(self, path: Path, settings: dict[str, Any], sha256: str) -> None:
        """A report of what is shown was written, with the review that was begun here; `reports_changed` follows."""
        if self.analysis_id is None:
            return
        review_id = self.review.id if self.review is not None else None
        language = str(settings.get("language", current().code))
        work = partial(visit_facts.add_report, self.analysis_id, review_id, path, settings, sha256, language)
        self._librarian.ask(if_there(work), partial(self._reported, self._visits), self.failed.emit)

    def _reported(self, number: int, answer: tuple[Report, list[Report]] | None) -> None:
        if number == self._visits and answer is not None:
            self.reports = tuple(answer[1])
            self.reports_changed.emit(list(self.reports))

    def at_page(self, name: str) -> None:
        """The window shows the page of this name: the visit is opened there next time."""
        self._leaving.at_page(name)
