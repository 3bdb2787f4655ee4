"""Pictures of every page in each language and theme, made offscreen: `python -m tests.screenshots OUT`.

From the sample video and the reference pack, at the smallest usual size and at full HD, to be looked at by a person.
`--help-pictures` makes the small ones of the user's guide instead. One walk through one real window: `SCENES` says how
it comes from each state to the next; a page that is new in the window gets its line there.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from screening import analysis, paths
from screening.language import LANGUAGES
from screening.records import Progress, Region, Result
from tests import screenshot_cases

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from screening.library import Library

Answer = TypeVar("Answer")

SIZES = ((1280, 720), (1920, 1080))
THEMES = ("light", "dark")
HELP_WIDTH, HELP_QUALITY = 800, 85
PATIENCE_S = 180.0


class Stage:
    """The window, and how a scene waits for it. `shown` is what is photographed."""

    def __init__(self) -> None:
        from gui import app

        self.go_on = threading.Event()
        self.rest = ExitStack()  # what a scene has begun and the end of the walk ends
        self._analyse, analysis.analyse = analysis.analyse, self._held
        self.window = app.make_window("en")
        self.shown: QWidget = self.window
        self.window.resize(*SIZES[0])

    def close(self) -> None:
        """Close the window; the analysis is the real one again."""
        from gui import app

        self.go_on.set()
        app.dismiss(self.window)
        self.rest.close()
        analysis.analyse = self._analyse

    def press(self, keys: str) -> None:
        """Press a shortcut of the window, wherever the focus is."""
        from PySide6.QtGui import QAction, QKeySequence, QShortcut

        wanted = QKeySequence(keys)
        for action in self.window.findChildren(QAction):
            if wanted in action.shortcuts():
                action.trigger()
                return
        for shortcut in self.window.findChildren(QShortcut):
            if wanted == shortcut.key():
                shortcut.activated.emit()
                return
        raise LookupError(f"the window has no key {keys}")

    def go_to(self, page: str) -> None:
        """Go to a page by its key."""
        from gui import steps

        self.press(steps.step(page).keys)
        self.settle()

    def settle(self, milliseconds: int = 600) -> None:
        """Let pictures arrive and be painted."""
        from gui import app

        app.settle(milliseconds)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Let the window work until `condition` holds."""
        end = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError("the window did not come to the next state")
            self.settle(20)

    def ask(self, work: Callable[[Library], Answer]) -> Answer:
        """What the library answers."""
        answers: list[Answer] = []
        self.window.session.librarian.ask(work, answers.append)
        self.wait_for(lambda: bool(answers))
        return answers[0]

    def choose_file(self, path: Path) -> None:
        """Type `path` into the file dialog that comes, and take it."""
        from PySide6.QtWidgets import QFileDialog, QLineEdit

        def dialogs() -> list[QFileDialog]:
            return [dialog for dialog in self.window.findChildren(QFileDialog) if dialog.isVisible()]

        self.wait_for(lambda: bool(dialogs()))
        dialog = dialogs()[0]
        dialog.findChild(QLineEdit, "fileNameEdit").setText(str(path))
        dialog.accept()

    def _held(self, *args: Any, **named: Any) -> Generator[Progress, None, Result]:
        """The analysis, held half-way for as long as its pictures are taken."""
        steps = self._analyse(*args, **named)
        try:
            while True:
                progress = next(steps)
                yield progress
                while progress.share > 0.5 and not self.go_on.wait(0.05):
                    yield progress
        except StopIteration as end:
            return end.value


# ---- the scenes, each from where the one before it ended


def start(stage: Stage) -> None:
    stage.window.start(None, "reference", None)
    stage.window.show()
    stage.wait_for(lambda: stage.window.session.model is not None)


def video(stage: Stage) -> None:
    window, playback = stage.window, stage.window.session.playback
    visit_id = stage.ask(screenshot_cases.enter)
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
    page.begin_requested.emit(screenshot_cases.REVIEWER, False)
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


def cases(stage: Stage) -> None:
    """The child of the visit that is open, with its earlier visits."""
    found = stage.window.session.result
    if found is not None:
        stage.ask(lambda library: screenshot_cases.add_earlier(library, found))
    stage.go_to("cases")
    stage.window.cases.refresh()
    stage.settle(1000)


def case_form(stage: Stage) -> None:
    from gui.widgets.case_form import CaseForm

    stage.window.cases_page.begin_case()
    stage.shown = next(form for form in stage.window.findChildren(CaseForm) if form.isVisible())


def profile(stage: Stage) -> None:
    stage.go_to("profile")


def no_camera(stage: Stage) -> None:
    from gui import recorder

    stage.rest.callback(setattr, recorder, "cameras", recorder.cameras)
    recorder.cameras = tuple  # what is plugged into this computer is nobody's business
    stage.go_to("recording")


def recording(stage: Stage) -> None:
    """A network camera of this computer shows the sample video, and a guided recording runs."""
    page = stage.window.recording_page
    if page.is_recording:  # its steps are in the language that it was begun in
        _end_recording(stage)
    else:
        page.camera.address.setText(stage.rest.enter_context(screenshot_cases.filming(paths.sample_video())))
    page.camera.turn_on()
    stage.wait_for(lambda: not page.view.image.isNull() and page.bar.record.isEnabled())
    page.bar.record.click()
    stage.settle(6000)
    page.bar.mark.click()


def _end_recording(stage: Stage) -> None:
    page = stage.window.recording_page
    page.bar.stop_requested.emit()
    stage.wait_for(lambda: not page.is_recording)
    page.bar.put_aside.emit()
    page.banner.clear()


def models(stage: Stage) -> None:
    if stage.window.recording_page.is_recording:
        _end_recording(stage)
    stage.go_to("models")
    stage.settle(1500)


def menu(stage: Stage) -> None:
    from PySide6.QtCore import QPoint

    stage.shown = stage.window.menu
    stage.window.menu.popup(QPoint(0, 0))


def help_window(stage: Stage) -> None:
    from gui.help import HelpWindow

    guide = HelpWindow(stage.window)
    guide.open_at("reviewing")
    stage.shown = guide


@dataclass(frozen=True, slots=True)
class Scene:
    """A state of the window: its name, as in the pictures' names and the guide, and how the window comes there.

    `again`: it is entered anew in every language.
    """

    name: str
    enter: Callable[[Stage], None]
    again: bool = False


SCENES = (
    Scene("start", start),
    Scene("video", video),
    Scene("analysing", analysing),
    Scene("result", result),
    Scene("review_start", review_start),
    Scene("review", review),
    Scene("report", report),
    Scene("cases", cases),
    Scene("case_form", case_form),
    Scene("profile", profile),
    Scene("no_camera", no_camera),
    Scene("recording", recording, again=True),
    Scene("models", models),
    Scene("menu", menu),
    Scene("help", help_window),
)


# ---- the camera


def take(out: Path, only: Sequence[str]) -> Iterator[Path]:
    """Walk through the scenes; each in every language, size and theme."""
    from gui import app

    for number, scene, stage in _walk():
        if only and scene.name not in only:
            continue
        for language in LANGUAGES:
            _speak(stage, scene, language)
            for size in SIZES:
                for theme in THEMES:
                    file = out / f"{number}_{scene.name}_{language}_{theme}_{size[0]}.png"
                    _pose(stage, size, theme)
                    app.screenshot(stage.shown, file)
                    yield file


def take_for_help() -> Iterator[Path]:
    """The guide's pictures: the scenes that one of its pages shows, small."""
    from PySide6.QtCore import Qt

    from gui import help as guide

    shown = {name for page in (guide.folder() / "en").glob("*.md") for name in _pictures(page)}
    for _number, scene, stage in _walk():
        if f"{scene.name}.jpg" not in shown:
            continue
        for language in LANGUAGES:
            file = guide.pictures(language) / f"{scene.name}.jpg"
            file.parent.mkdir(parents=True, exist_ok=True)
            _speak(stage, scene, language)
            _pose(stage, SIZES[0], "light")
            picture = stage.shown.grab().toImage()
            small = picture.scaledToWidth(HELP_WIDTH, Qt.TransformationMode.SmoothTransformation)
            if not small.save(str(file), quality=HELP_QUALITY):
                raise OSError(f"{file} cannot be written")
            yield file


def _pictures(page: Path) -> list[str]:
    return [line.split("](")[1].split(")")[0] for line in page.read_text("utf-8").splitlines() if line[:2] == "!["]


def _walk() -> Iterator[tuple[int, Scene, Stage]]:
    from gui import app

    app.make_application()
    collector = app.Collector()
    stage = Stage()
    try:
        for number, scene in enumerate(SCENES, 1):
            print(f"{scene.name} …", file=sys.stderr, flush=True)
            stage.shown = stage.window
            if not scene.again:
                scene.enter(stage)
            yield number, scene, stage
            if stage.shown is not stage.window:
                stage.shown.close()
    finally:
        stage.close()
        collector.stop()


def _speak(stage: Stage, scene: Scene, language: str) -> None:
    from gui import i18n

    i18n.use(language)
    if scene.again:
        scene.enter(stage)


def _pose(stage: Stage, size: tuple[int, int], theme: str) -> None:
    from gui import style

    style.look.use(theme)
    stage.window.resize(*size)
    stage.settle(350)
    stage.wait_for(lambda: not stage.window.reports.is_busy)
    stage.settle(50)


def main(arguments: list[str]) -> int:
    """Write the pictures; 1 where a part of the window failed on the way."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("out", nargs="?", type=Path, help="the folder of the pictures")
    parser.add_argument("--only", nargs="+", default=[], choices=[scene.name for scene in SCENES], help="these scenes")
    parser.add_argument("--help-pictures", action="store_true", help="write those of resources/help")
    asked = parser.parse_args(arguments)
    if asked.out is None and not asked.help_pictures:
        parser.error("name a folder, or ask for --help-pictures")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    defects: list[type[BaseException]] = []
    before = sys.excepthook

    def remember(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        defects.append(kind)
        before(kind, error, trace)

    sys.excepthook = remember  # what a slot raises comes here and would pass unseen
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VISCREEN_DATA"] = str(Path(folder) / "ViScreen")
        if asked.out is not None:
            asked.out.mkdir(parents=True, exist_ok=True)
        for file in take_for_help() if asked.help_pictures else take(asked.out, asked.only):
            print(file, flush=True)
    return 1 if defects else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
