"""`viscreen demo` where there is no display: the same window does the same work unseen and leaves its results.

In: the arguments of the command line. Out: the four result files and a screenshot in `--out`, and where they lie.
"""

from __future__ import annotations

import argparse
import os
import sys

from screening import cli, paths
from screening.language import Translator


def has_display() -> bool:
    """Whether a window can be shown to anybody; `QT_QPA_PLATFORM` overrules what the system says."""
    asked = os.environ.get("QT_QPA_PLATFORM", "")
    if asked:
        return asked.split(":")[0] not in {"offscreen", "minimal"}
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run(arguments: argparse.Namespace, _: Translator) -> int:
    """The sample video through the whole way without a display; raises what the way raises."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from gui import app

    folder = arguments.out
    cli.make_folder(folder)
    print(_("There is no display: the sample video is analysed in a window that nobody sees."), file=sys.stderr)
    picture = folder / "screenshot.png"
    video = paths.sample_video()
    result = app.run_offscreen_demo(video, arguments.pack, cli.profile_path(arguments.profile), _.code, picture)
    cli.write_results(result, video, folder, _.code)
    print(cli.summary(result, _))
    print(_("The report: {path}").format(path=(folder / "report.pdf").resolve()))
    print(_("The screenshot: {path}").format(path=picture.resolve()))
    return 0
