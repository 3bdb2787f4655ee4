"""A visit desk with all that it works with, and what a person does there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pytestqt.qtbot import QtBot

from gui.desks.visit_facts import Clip
from gui.desks.visits import VisitDesk
from gui.session import Session
from screening.errors import ScreeningError
from screening.library import Library
from screening.library.records import Case, Report, Review, Visit
from screening.records import EpisodeRule, Profile, Result
from tests.gui.driving import wait

Answer = TypeVar("Answer")


class Room:
    """A session and the desk of its visit, without a window; what the desk said last."""

    def __init__(self, library: Path, pack: Path) -> None:
        self.session = Session()
        self.desk = VisitDesk(self.session)
        self.open: tuple[Case | None, Visit | None] | None = None
        self.clips: list[Clip] = []
        self.result: Result | None = None
        self.analysis_id: int | None = None
        self.reviews: list[Review] = []
        self.reports: list[Report] = []
        self.pages: list[str] = []
        self.missing: list[Clip] = []
        self.errors: list[ScreeningError] = []
        self.began = 0
        desk = self.desk
        desk.opened.connect(self._opened)
        desk.videos_changed.connect(lambda clips: setattr(self, "clips", clips))
        desk.result_changed.connect(self._result_changed)
        desk.reviews_changed.connect(lambda reviews: setattr(self, "reviews", reviews))
        desk.reports_changed.connect(lambda reports: setattr(self, "reports", reports))
        desk.page_wanted.connect(self.pages.append)
        desk.file_missing.connect(lambda clip, _error: self.missing.append(clip))
        desk.failed.connect(self.errors.append)
        self.session.queue.began.connect(self._began)
        self.session.librarian.open(library)
        self.session.use_model(str(pack))

    def _opened(self, case: Case | None, visit: Visit | None) -> None:
        self.open = (case, visit)

    def _result_changed(self, result: Result | None, analysis_id: int | None) -> None:
        self.result, self.analysis_id = result, analysis_id

    def _began(self, _item: object) -> None:
        self.began += 1

    @property
    def names(self) -> list[str]:
        return [clip.name for clip in self.clips]

    @property
    def states(self) -> list[str]:
        return [text for _key, _name, text in self.desk.lines()]

    @property
    def shows(self) -> str | None:
        playback = self.session.playback
        return playback.path.name if playback.path is not None and playback.is_open else None

    def close(self) -> None:
        self.desk.close()
        self.session.close()


def asked(qtbot: QtBot, room: Room, work: Callable[[Library], Answer]) -> Answer:
    answers: list[Answer] = []
    room.session.librarian.ask(work, answers.append)
    wait(qtbot, lambda: bool(answers))
    return answers[0]


def add_visit(library: Library) -> int:
    case = library.cases.add("K-0147")
    return library.visits.add(case.id, dt.date(2026, 11, 22)).id


def open_visit(qtbot: QtBot, room: Room, visit_id: int) -> None:
    with qtbot.waitSignal(room.desk.opened, timeout=60_000):
        room.desk.open_visit(visit_id)


def visit_with(qtbot: QtBot, room: Room, videos: list[Path]) -> int:
    """A new visit with these clips, open, the first of them shown."""
    visit_id = asked(qtbot, room, add_visit)
    open_visit(qtbot, room, visit_id)
    room.desk.add_videos(videos)
    wait(qtbot, lambda: room.shows == videos[0].name)
    return visit_id


def analyse(qtbot: QtBot, room: Room) -> Result:
    with qtbot.waitSignal(room.session.analysed, timeout=60_000) as blocker:
        room.session.analyse()
    wait(qtbot, lambda: not room.session.is_analysing)
    result: Result = blocker.args[0]
    return result


def stricter(profile: Profile) -> Profile:
    """Another profile, under which the tiny pack's scores make other episodes."""
    return replace(profile, name="Strict", episodes=EpisodeRule(0.5, 60.0, 0.0))
