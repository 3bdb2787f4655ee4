"""Makes the application and lets it run: fonts, theme, language, crash handler, window.

With a display (`run`) or without one (`run_offscreen_demo`), it is the same window doing the same work.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QTimer
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget

from gui import i18n, settings, style
from gui.crash import CrashHandler
from gui.main_window import MainWindow
from screening import paths
from screening.errors import N_, CannotWrite, ScreeningError
from screening.records import Result

COLLECT_MS = 1000


class Collector(QObject):
    """Collects garbage on the GUI thread only: on a worker's thread it could destroy the window's own objects."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(COLLECT_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def spare(self) -> None:
        """Leave out of every collection what is there now: the window stays, and looking it through takes 50 ms."""
        gc.collect()
        gc.freeze()

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()

    def _collect(self) -> None:
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return


def make_application() -> QApplication:
    """The one QApplication of this process, with our fonts."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("ViScreen")
    app.setApplicationDisplayName("ViScreen")
    app.setDesktopFileName("viscreen")
    app.setStyle("Fusion")
    app.setFont(load_fonts())
    return app


def load_fonts() -> QFont:
    """Register `resources/fonts`; the application's font, which covers Vietnamese."""
    families: list[str] = []
    for file in sorted((paths.resources() / "fonts").glob("*.ttf")):
        number = QFontDatabase.addApplicationFont(str(file))
        families += QFontDatabase.applicationFontFamilies(number)
    text = [family for family in dict.fromkeys(families) if "Mono" not in family]
    font = QFont(text) if text else QFont()
    font.setPixelSize(style.BODY)
    return font


def run(
    video: Path | None = None,
    pack: str | Path | None = None,
    profile: Path | None = None,
    language: str | None = None,
    auto_analyse: bool = False,
) -> int:
    """Open the window and stay until it is closed; returns the exit status."""
    app = make_application()
    crash, collector = CrashHandler(), Collector()
    crash.install()
    try:
        window = make_window(language)
        try:
            window.start(video, str(pack) if pack is not None else None, profile, analyse=auto_analyse)
            window.show()
            collector.spare()
            return app.exec()
        finally:
            dismiss(window)
    finally:
        collector.stop()
        crash.uninstall()


def make_window(language: str | None = None) -> MainWindow:
    """The window, in `language` or the remembered one, in the remembered theme."""
    remembered = settings.load()
    i18n.use(language or remembered.language or "en")
    style.look.choose(remembered.theme)
    window = MainWindow(remembered)
    # Only now: under a style sheet, whatever is put into something else is styled anew, with all that is in it.
    style.look.use(remembered.theme)
    return window


def dismiss(window: MainWindow) -> None:
    """Close and delete `window`, whoever still refers to it: no worker may outlive it, however the program ends."""
    window.end()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


def run_offscreen_demo(
    video: Path, pack: str | Path | None, profile: Path | None, language: str, screenshot_file: Path
) -> Result:
    """The whole way on `video` in a window that nobody sees (QT_QPA_PLATFORM=offscreen); leaves a picture of it.

    Raises the same errors of the world as the command line: VideoUnusable, PackRefused, WrongUsage, CannotWrite.
    """
    make_application()
    collector = Collector()
    window = make_window(language)
    window.resize(1440, 900)
    session, loop = window.session, QEventLoop()
    answers: list[Result | ScreeningError] = []

    def check_model() -> None:
        if session.model_error is not None:
            end(session.model_error)

    def end(answer: Result | ScreeningError) -> None:
        answers.append(answer)
        loop.quit()

    session.model_changed.connect(check_model)
    window.visits.failed.connect(end)
    session.analysis_failed.connect(end)
    session.analysed.connect(end)
    window.start(video, str(pack) if pack is not None else None, profile, analyse=True)
    window.show()
    try:
        if not answers:  # a file that is not there is refused at once
            loop.exec()
        answer = answers[0]
        if isinstance(answer, ScreeningError):
            raise answer
        settle()
        screenshot(window, screenshot_file)
        return answer
    finally:
        dismiss(window)
        collector.stop()


def settle(milliseconds: int = 400) -> None:
    """Let pending pictures arrive and be painted."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def screenshot(window: QWidget, path: Path) -> None:
    """Write a PNG of `window`. Raises CannotWrite."""
    if not window.grab().save(str(path), "PNG"):
        raise CannotWrite(N_("The screenshot “{name}” cannot be written. Choose another folder."), name=path.name)
