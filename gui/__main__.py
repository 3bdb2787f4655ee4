"""Starts the application: `viscreen`, `python -m gui [VIDEO] [--pack P] [--profile F] [--lang vi|en]`, a frozen build.

1. onnxruntime before Qt: after Qt, Windows may fail to load its library (`gui/__init__.py` does it).
2. A frozen build starts its helpers as itself: `freeze_support` sends those to their own work.
3. The command line reads the arguments; only when it comes to a window is Qt loaded.
4. `app` makes fonts, theme, language, crash handler and window, and stays until the window is closed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Sequence
from pathlib import Path

from screening import cli, paths
from screening.language import Translator


def main(argv: Sequence[str] | None = None) -> int:
    """Open the application, with a video if one is named."""
    multiprocessing.freeze_support()
    return viscreen(["open", *(sys.argv[1:] if argv is None else argv)])


def viscreen(argv: Sequence[str] | None = None) -> int:
    """The whole command line, with its window."""
    return cli.main(argv, open_window=open_window)


def open_window(arguments: argparse.Namespace, translator: Translator) -> int:
    """What the command line calls when it comes to a window."""
    from gui import app  # Qt takes its time to load: `viscreen info` must not wait for it

    asked_profile = None if arguments.profile == "default" else Path(arguments.profile)
    asked_pack = None if arguments.pack == "reference" else arguments.pack
    language = translator.code if arguments.lang else None
    video = paths.sample_video() if arguments.demo else arguments.video
    return app.run(video, asked_pack, asked_profile, language, auto_analyse=arguments.demo)


if __name__ == "__main__":
    sys.exit(main())
