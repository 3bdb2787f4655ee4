"""Pictures of every page and state of the window in each language and theme, made offscreen, for a person to look at.

`python -m tests.screenshots OUT`: from the sample video and the reference pack. `scenes` says how one real window comes
from each state to the next; `camera` walks there and takes the pictures; a new state gets its line in `scenes`.
`--help-pictures` writes the small ones of the user's guide instead.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from types import TracebackType

from screening.language import LANGUAGES
from tests.screenshots.camera import SIZES, THEMES, Wanted, take, take_for_help
from tests.screenshots.scenes import SCENES


def _size(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)


def _read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("out", nargs="?", type=Path, help="the folder of the pictures")
    parser.add_argument("--only", nargs="+", default=(), choices=[scene.name for scene in SCENES], help="these scenes")
    parser.add_argument("--language", nargs="+", default=tuple(LANGUAGES), choices=tuple(LANGUAGES))
    parser.add_argument("--theme", nargs="+", default=THEMES, choices=THEMES)
    parser.add_argument("--size", nargs="+", type=_size, default=SIZES, metavar="WxH", help="in logical pixels")
    parser.add_argument("--scale", type=float, default=1.0, help="pixels of the screen for a logical one")
    parser.add_argument("--help-pictures", action="store_true", help="write those of resources/help")
    asked = parser.parse_args(arguments)
    if asked.out is None and not asked.help_pictures:
        parser.error("name a folder, or ask for --help-pictures")
    return asked


def main(arguments: list[str]) -> int:
    """Write the pictures; 1 where a part of the window failed on the way."""
    asked = _read(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = str(asked.scale)
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
        wanted = Wanted(asked.only, asked.language, asked.theme, asked.size)
        for file in take_for_help() if asked.help_pictures else take(asked.out, wanted):
            print(file, flush=True)
    return 1 if defects else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
