"""How fast two hours of scores pan and zoom: run by hand.

    python tests/bench/heat_map.py [--hours 2] [--width 1600] [--height 1150] [--frames 300] [--shot FILE]

A heat map of every behaviour of a pack, folded rows open, and the curve of the chosen one under it, as on the page of
review, on windows of 32/15 s every 8/15 s, with thousands of episodes. Each picture moves the span and is painted
before the clock stops, offscreen, on one thread. Figures are milliseconds for each picture; the aim is 30 a second on
one core. On a machine that others use, only the processor time says something about that.
"""

from __future__ import annotations

import argparse
import dataclasses
import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import gui  # noqa: F401  # isort: skip  # ONNX Runtime before Qt, as the application does
import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import app
from gui.widgets.heat_map import HeatMap
from gui.widgets.score_curve import ScoreCurve
from screening.records import Episode, Result, ScoreTimeline
from tests.screening.results import crowded

STRIDE_S, WINDOW_S = 8 / 15, 32 / 15
AIM_MS = 1000 / 30


def long_result(hours: float) -> Result:
    """Every behaviour trained, found 40 times an hour, in noise; a twentieth of the time is dark."""
    base, rng = crowded(), np.random.default_rng(1)
    end = hours * 3600
    starts = np.arange(0, end - WINDOW_S, STRIDE_S)
    windows = np.stack([starts, starts + WINDOW_S], axis=1)
    scores = rng.beta(1.2, 14, (len(starts), len(base.pack.labels))).astype(np.float32)
    found = []
    for column, label in enumerate(base.pack.labels):
        for start in rng.uniform(0, end - 8, round(40 * hours)) if label.id != base.pack.output.other_id else ():
            length = rng.uniform(1, 6)
            scores[(windows[:, 1] > start) & (windows[:, 0] < start + length), column] = 0.8
            found.append(Episode(label.id, float(start), float(start + length), 0.8, 0.8))
    dark = np.floor(starts / 30) % 20 == 7
    timeline = ScoreTimeline(windows, scores, ~dark, tuple(("dark",) if hidden else () for hidden in dark))
    video = dataclasses.replace(base.video, start_s=0.0, end_s=end, duration_s=end)
    return dataclasses.replace(base, scores=timeline, episodes=tuple(found), video=video)


def panned(total: float, frames: int, share: float) -> Iterator[tuple[float, float]]:
    """A span of `share` of the video, from its beginning to its end."""
    for i in range(frames):
        start = total * (1 - share) * i / frames
        yield start, start + total * share


def zoomed(total: float, frames: int) -> Iterator[tuple[float, float]]:
    """From all of the video to ten seconds about its middle."""
    for i in range(frames):
        width = total * math.pow(10 / total, i / frames)
        yield (total - width) / 2, (total + width) / 2


def measure(
    show: Callable[[float, float], None], paint: Callable[[], None], spans: Iterator[tuple[float, float]]
) -> str:
    """Show each span; the distribution in words: of processor time, then of time by the clock."""
    took: list[tuple[float, float]] = []
    for span in spans:
        begun = time.thread_time(), time.perf_counter()
        show(*span)
        paint()
        took.append((1000 * (time.thread_time() - begun[0]), 1000 * (time.perf_counter() - begun[1])))
    words = []
    for times in zip(*took, strict=True):
        figures = [*np.percentile(times, [50, 90, 99]), max(times)]
        late = sum(ms > AIM_MS for ms in times)
        words.append(" ".join(f"{ms:6.1f}" for ms in figures) + f"  {late:3} late")
    return " |".join(words)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--width", type=int, default=1600)
    parser.add_argument("--height", type=int, default=1150, help="all rows fit from about 1150")
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--shot", type=Path, help="write the last picture here")
    args = parser.parse_args()

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application, result = app.make_application(), long_result(args.hours)
    total = result.video.end_s
    page, heat_map, curve = QWidget(), HeatMap(times=False), ScoreCurve()
    layout = QVBoxLayout(page)
    layout.addWidget(heat_map, 5)
    layout.addWidget(curve, 1)
    heat_map.span_changed.connect(curve.show_span)
    page.resize(args.width, args.height)
    page.show()
    for part in (heat_map, curve):
        begun = time.perf_counter()
        part.show_result(result)
        curve.choose(result.pack.labels[1].id)
        print(f"{type(part).__name__}.show_result: {1000 * (time.perf_counter() - begun):.0f} ms, once")
    application.processEvents()

    def paint() -> None:
        application.processEvents()

    print(
        f"{len(result.scores.windows)} windows, {len(heat_map.names())} rows, {len(result.episodes)} episodes, ", end=""
    )
    print(f"{args.width} × {args.height} points; ms a picture: median, 90 %, 99 %, longest")
    for title, spans in (
        ("all of it, cursor moves", None),
        ("pan, half of it shown", panned(total, args.frames, 0.5)),
        ("pan, ten minutes shown", panned(total, args.frames, 600 / total)),
        ("pan, a minute shown", panned(total, args.frames, 60 / total)),
        ("zoom, all to ten seconds", zoomed(total, args.frames)),
    ):
        if spans is None:
            moments = ((total * i / args.frames, 0.0) for i in range(args.frames))
            print(f"{title:26}", measure(lambda at, _none: heat_map.show_position(at), paint, moments))
        else:
            print(f"{title:26}", measure(heat_map.show_span, paint, spans))
    if args.shot is not None:
        heat_map.show_all()
        paint()
        page.grab().save(str(args.shot))
    page.close()


if __name__ == "__main__":
    main()
