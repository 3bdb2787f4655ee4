"""Pictures of every page in each language and theme, made offscreen: `python -m tests.screenshots OUT`.

From the sample video and the reference pack, at the smallest usable size and at full HD, to be looked at by a person.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

from screening import analysis, paths
from screening.records import Progress, Region, Result

SIZES = ((1280, 720), (1920, 1080))
THEMES = ("light", "dark")
PATIENCE_S = 120.0


def main(arguments: list[str]) -> int:
    """Write the pictures into the folder that is named."""
    if len(arguments) != 1:
        print("Usage: python -m tests.screenshots OUT", file=sys.stderr)
        return 2
    out = Path(arguments[0])
    out.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VISCREEN_DATA"] = folder
        for file in take(out, paths.sample_video(), "reference"):
            print(file)
    return 0


def take(out: Path, video: Path, pack: str) -> Iterator[Path]:
    """Walk through the window once for each language and size."""
    from gui import app

    app.make_application()
    collector = app.Collector()
    for language in ("vi", "en"):
        for size in SIZES:
            yield from _Walk(out, language, size).take(video, pack)
    collector.stop()


class _Walk:
    """One way through the window, with a picture of each state in each theme."""

    def __init__(self, out: Path, language: str, size: tuple[int, int]) -> None:
        from gui import app

        self._out, self._language = out, language
        self._go_on = threading.Event()
        self._analyse, analysis.analyse = analysis.analyse, self._held
        self.window = app.make_window(language)
        self.window.resize(*size)

    def take(self, video: Path, pack: str) -> Iterator[Path]:
        window, session, playback = self.window, self.window.session, self.window.session.playback
        window.start(None, pack, None)
        window.show()
        self.wait_for(lambda: session.model is not None)
        yield from self.shoot("1_start")

        window.open_video(video)
        self.wait_for(lambda: playback.is_open)
        playback.seek(playback.duration_s / 3)
        width, height = playback.width, playback.height
        playback.use_region(Region(width // 4, height // 10, width // 2, height * 4 // 5))
        self.settle(1500)
        yield from self.shoot("2_video")

        playback.use_region(None)
        session.analyse()
        self.wait_for(lambda: window.result_page.timeline.filled_s() > playback.duration_s / 3)
        yield from self.shoot("3_analysing")

        self._go_on.set()
        self.wait_for(lambda: session.result is not None)
        window.result_page.episodes.selectRow(1)
        self.settle(600)
        yield from self.shoot("4_result")
        window.close()
        analysis.analyse = self._analyse

    def _held(self, *args: Any, **named: Any) -> Generator[Progress, None, Result]:
        """The analysis, held half-way for as long as its pictures are taken."""
        steps = self._analyse(*args, **named)
        try:
            while True:
                progress = next(steps)
                yield progress
                while progress.share > 0.5 and not self._go_on.wait(0.05):
                    yield progress
        except StopIteration as end:
            return end.value

    def shoot(self, state: str) -> Iterator[Path]:
        from gui import app, style

        for theme in THEMES:
            style.look.use(theme)
            self.settle(150)
            file = self._out / f"{state}_{self._language}_{theme}_{self.window.width()}.png"
            app.screenshot(self.window, file)
            yield file

    @staticmethod
    def settle(milliseconds: int) -> None:
        from gui import app

        app.settle(milliseconds)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Let the window work until `condition` holds."""
        end = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError("the window did not come to the next state")
            self.settle(20)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
