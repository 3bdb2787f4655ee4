"""Starts the program: `viscreen`, `python -m gui`, and a frozen build; a path alone opens that file.

1. onnxruntime before Qt: after Qt, Windows may fail to load its library (`gui/__init__.py` sees to it).
2. A frozen build starts its helpers as itself: `freeze_support` sends those to their own work.
3. The command line reads the arguments; only when it comes to a window is Qt loaded.
4. `app` makes fonts, theme, language, crash handler and window, and stays until the window is closed;
   `demo` does the same unseen where there is no display.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from gui import demo, opening, settings
from screening import cli, paths
from screening.language import Translator


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line, with its window; returns the exit status."""
    multiprocessing.freeze_support()
    words = list(sys.argv[1:] if argv is None else argv)
    if words and _is_path(words[0]):  # what a desktop passes when a file is opened with the program
        words.insert(0, "open")
    return cli.main(words, open_window=open_window, self_test=self_test)


def _is_path(word: str) -> bool:
    """Whether `word` can only be meant as a file. One that is not there is told of in the window."""
    path = Path(word)
    return not word.startswith("-") and (path.is_file() or path.suffix != "" or path.name != word)


def open_window(arguments: argparse.Namespace, translator: Translator) -> int:
    """What the command line calls when it comes to a window."""
    if arguments.demo and not demo.has_display():
        return demo.run(arguments, translator)
    from gui import app  # Qt takes its time to load: `viscreen info` must not wait for it

    chosen_pack = None if arguments.pack == "reference" else arguments.pack
    chosen_profile = None if arguments.profile == "default" else cli.profile_path(arguments.profile)
    language = arguments.lang or settings.load().language or translator.code
    file = paths.sample_video() if arguments.demo else arguments.video
    if file is not None and opening.kind(file) is opening.Kind.LIBRARY:
        os.environ["VISCREEN_DATA"] = str(file.absolute().parent)  # what belongs to a library lies beside it
    return app.run(file, chosen_pack, chosen_profile, language, auto_analyse=arguments.demo)


def self_test(code: str) -> int:
    """What the command line calls to have the installation checked."""
    from gui import selftest

    return selftest.run(code)


if __name__ == "__main__":
    sys.exit(main())
