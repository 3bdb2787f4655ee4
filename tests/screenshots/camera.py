"""Walks through the scenes and takes their pictures: all of them for a person to look at, or those of the guide."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt

from gui import app, i18n, style
from gui import help as guide
from screening.language import LANGUAGES
from tests.screenshots.scenes import SCENES, Scene
from tests.screenshots.stage import Stage

THEMES = ("light", "dark")
SIZES = ((1280, 720), (1920, 1080))  # in logical pixels
HELP_WIDTH, HELP_QUALITY = 800, 85


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which pictures: of these scenes (none: all), in these languages, themes and sizes."""

    scenes: Sequence[str] = ()
    languages: Sequence[str] = tuple(LANGUAGES)
    themes: Sequence[str] = THEMES
    sizes: Sequence[tuple[int, int]] = SIZES

    def has(self, scene: Scene) -> bool:
        """Whether this one is photographed."""
        return not self.scenes or scene.name in self.scenes


def take(out: Path, wanted: Wanted) -> Iterator[Path]:
    """Walk through the scenes; each in every language, size and theme."""
    for number, scene, stage in _walk([scene for scene in SCENES if wanted.has(scene)], wanted.languages[0]):
        for language in wanted.languages:
            _speak(stage, scene, language)
            for size in wanted.sizes[:1] if scene.own_size else wanted.sizes:
                for theme in wanted.themes:
                    file = out / f"{number:02}_{scene.name}_{language}_{theme}_{size[0]}.png"
                    _pose(stage, size, theme)
                    if not stage.picture().save(str(file)):
                        raise OSError(f"{file} cannot be written")
                    yield file


def take_for_help() -> Iterator[Path]:
    """The guide's pictures: the scenes that one of its pages shows, small."""
    shown = {name for page in (guide.folder() / "en").glob("*.md") for name in _pictures(page)}
    for _number, scene, stage in _walk([scene for scene in SCENES if f"{scene.name}.jpg" in shown], "en"):
        for language in LANGUAGES:
            file = guide.pictures(language) / f"{scene.name}.jpg"
            file.parent.mkdir(parents=True, exist_ok=True)
            _speak(stage, scene, language)
            _pose(stage, SIZES[0], "light")
            small = stage.picture().toImage().scaledToWidth(HELP_WIDTH, Qt.TransformationMode.SmoothTransformation)
            if not small.save(str(file), quality=HELP_QUALITY):
                raise OSError(f"{file} cannot be written")
            yield file


def _pictures(page: Path) -> list[str]:
    return [line.split("](")[1].split(")")[0] for line in page.read_text("utf-8").splitlines() if line[:2] == "!["]


def _walk(scenes: Sequence[Scene], language: str) -> Iterator[tuple[int, Scene, Stage]]:
    """Come to each of `scenes`, past those that it needs."""
    app.make_application()
    collector = app.Collector()
    stage = Stage(language, SIZES[0])
    last = max(SCENES.index(scene) for scene in scenes)
    try:
        for number, scene in enumerate(SCENES[: last + 1], 1):
            wanted = scene in scenes
            if scene.aside and not wanted:
                continue
            print(f"{scene.name} …", file=sys.stderr, flush=True)
            stage.clear()
            if not scene.again or not wanted:
                scene.enter(stage)
            if wanted:
                yield number, scene, stage
    finally:
        stage.close()
        collector.stop()


def _speak(stage: Stage, scene: Scene, language: str) -> None:
    i18n.use(language)
    if scene.again:
        scene.enter(stage)


def _pose(stage: Stage, size: tuple[int, int], theme: str) -> None:
    style.look.use(theme)
    stage.window.resize(*size)
    stage.settle(350)
    stage.wait_for(lambda: not stage.window.reports.is_busy)
    stage.settle(50)
