"""States of the review page: somebody marks first, sees both, compares; what opens while one decides."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox

from gui.review.reviewing import Reviewing
from gui.widgets.review_side import AGREEMENT, EPISODES
from tests.screenshots import invented
from tests.screenshots.stage import Stage

MARK_S = 1.5


def _take_up(stage: Stage, reviewer: str, *, mark_first: bool = False) -> Reviewing:
    """The review of `reviewer`, begun or gone on with."""
    stage.go_to("review")
    reviewing = stage.window.reviewing
    stage.window.visits.begin_review(reviewer, mark_first=mark_first)
    stage.wait_for(lambda: reviewing.record is not None and reviewing.record.reviewer == reviewer)
    stage.settle()
    return reviewing


def _until(stage: Stage, reviewing: Reviewing, does: Callable[[], object]) -> None:
    """Do it, and wait until it is kept."""
    before = reviewing.record
    does()
    stage.wait_for(lambda: reviewing.record != before)


def nothing_marked(stage: Stage) -> None:
    _take_up(stage, invented.COLLEAGUE, mark_first=True)


def marking(stage: Stage) -> None:
    """Most of what the model found, at other times, one under another name; and one is being marked."""
    reviewing = stage.window.reviewing
    found = reviewing.result.episodes if reviewing.result is not None else ()
    for i, episode in enumerate(found):
        if i % 4 != 3:
            label = reviewing.labels[0].id if i % 4 == 2 else episode.label_id
            start_s, end_s = episode.start_s + 0.4, episode.end_s - 0.3 * (i % 2)
            _until(stage, reviewing, lambda label=label, a=start_s, b=end_s: reviewing.add(label, a, b))  # type: ignore[misc]
    last = reviewing.items[-1]
    stage.window.session.playback.seek(last.end_s + 2 * MARK_S)
    reviewing.choose(last.label_id)
    reviewing.mark(last.end_s + MARK_S)
    stage.settle()


def reveal_asks(stage: Stage) -> None:
    """In the language that it is asked in."""
    stage.clear()
    stage.window.review_page.reveal.click()
    stage.settle(200)
    stage.over = [box for box in stage.window.findChildren(QMessageBox) if box.isVisible()]


def revealed(stage: Stage) -> None:
    reviewing = stage.window.reviewing
    if reviewing.hides_model:
        _until(stage, reviewing, reviewing.reveal)
    page = stage.window.review_page
    stage.wait_for(lambda: page.opinion.comparison is not None)
    stage.settle()


def agreement(stage: Stage) -> None:
    """Two clinicians; the second place where they differ."""
    page = stage.window.review_page
    _take_up(stage, invented.REVIEWER)
    page.side.show_tab(AGREEMENT)
    stage.wait_for(lambda: page.opinion.comparison is not None)
    for _ in range(2):
        page.opinion.next()
    stage.settle()


def relabel(stage: Stage) -> None:
    """The search for another behaviour, half typed, and a remark that was made."""
    page = stage.window.review_page
    reviewing = _take_up(stage, invented.REVIEWER)
    page.side.show_tab(EPISODES)
    if not any(item.comments for item in reviewing.items):
        _until(stage, reviewing, lambda: reviewing.comment("Mẹ gọi hai lần, trẻ không quay lại; xem lại cùng gia đình"))
    _press_in_review(stage, "C")
    page.search.line.setText("tay")
    stage.settle(200)


def remark(stage: Stage) -> None:
    page = stage.window.review_page
    page.side.show_tab(EPISODES)
    _press_in_review(stage, "T")
    page.remark.line.setText("Tay trái")
    stage.settle(200)


def finished(stage: Stage) -> None:
    """Several episodes chosen, in a review that is finished."""
    page = stage.window.review_page
    page.search.give_up()
    page.remark.give_up()
    reviewing = _take_up(stage, invented.REVIEWER)
    while reviewing.open:
        _until(stage, reviewing, reviewing.accept)
    _until(stage, reviewing, reviewing.finish)
    reviewing.select(tuple(item.target for item in reviewing.items[:3]))
    stage.settle()


def _press_in_review(stage: Stage, cap: str) -> None:
    stage.window.review_page.strip.buttons[cap].click()
