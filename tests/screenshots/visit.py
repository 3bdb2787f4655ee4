"""The way of one visit, each scene from where the one before it ended: from the first start to the report."""

from __future__ import annotations

from screening import paths
from screening.records import Region
from tests.screenshots import invented
from tests.screenshots.stage import Stage


def start(stage: Stage) -> None:
    stage.window.start(None, "reference", None)
    stage.window.show()
    stage.wait_for(lambda: stage.window.session.model is not None)


def video(stage: Stage) -> None:
    window, playback = stage.window, stage.window.session.playback
    visit_id = stage.ask(invented.enter)
    window.cases.refresh()
    window.visits.open_visit(visit_id)
    stage.wait_for(lambda: playback.is_open and window.page == "video")
    playback.seek(playback.duration_s / 3)
    width, height = playback.width, playback.height
    playback.use_region(Region(width // 4, height // 10, width // 2, height * 4 // 5))
    stage.settle(1500)


def analysing(stage: Stage) -> None:
    window, playback = stage.window, stage.window.session.playback
    playback.use_region(None)
    window.session.analyse()
    stage.wait_for(lambda: window.session.is_analysing and window.page == "result")
    stage.wait_for(lambda: window.result_page.timeline.filled_s() > playback.duration_s / 3)


def result(stage: Stage) -> None:
    stage.go_on.set()
    stage.wait_for(lambda: stage.window.visits.analysis_id is not None and not stage.window.session.is_analysing)
    stage.go_to("result")
    stage.window.result_page.episodes.selectRow(1)
    stage.settle()


def review_start(stage: Stage) -> None:
    stage.go_to("review")


def review(stage: Stage) -> None:
    """Some decided about, in each way that there is, and some left."""
    page = stage.window.review_page
    reviewing = page.reviewing
    page.begin_requested.emit(invented.REVIEWER, False)
    stage.wait_for(lambda: reviewing.is_begun)
    for decide in (reviewing.accept, reviewing.reject, reviewing.accept, reviewing.accept):
        if len(reviewing.open) > 1:
            before = len(reviewing.open)
            decide()
            stage.wait_for(lambda before=before: len(reviewing.open) < before)  # type: ignore[misc]
    current, playback = reviewing.current, stage.window.session.playback
    if current is not None:
        reviewing.adjust_current(end_s=min(current.end_s + 0.5, playback.duration_s))
        playback.seek((current.start_s + current.end_s) / 2)
    stage.settle(1000)


def report(stage: Stage) -> None:
    stage.go_to("report")
    reports, file = stage.window.reports, paths.user_data() / "MT-014.pdf"
    stage.wait_for(lambda: not reports.is_busy)
    stage.window.report_page.export_requested.emit()
    stage.choose_file(file)
    stage.wait_for(lambda: file.is_file() and not reports.is_busy)
    stage.settle(1000)
