"""A picture of long videos: for each behaviour a row with what is true and, below it, what was found."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from models.cli import replace_file
from models.measuring.intervals import Watched
from screening.records import Label

TRUE, FOUND = "#777777", "#1f5fa8"


def timeline(path: Path, videos: Sequence[Watched], labels: Sequence[Label]) -> None:
    """Write the picture as PNG, a panel for each video, behaviours in the order of their numbers."""
    names = {label.id: f"{label.name('en')}  {label.id}" for label in labels}
    rows = [sorted({i.label for i in (*video.found, *(video.true or ()))}) for video in videos]
    heights = [0.9 + 0.24 * max(1, len(shown)) for shown in rows]
    figure = Figure(figsize=(13, sum(heights) + 0.4), layout="constrained")
    panels = figure.subplots(len(videos), 1, squeeze=False, height_ratios=heights)[:, 0]
    for axes, video, shown in zip(panels, videos, rows, strict=True):
        place = {label: y for y, label in enumerate(shown)}
        for intervals, colour, low, text in (
            (video.true or (), TRUE, -0.38, "true"),
            (video.found, FOUND, 0.02, "found"),
        ):
            for interval in intervals:
                length = interval.end_s - interval.start_s
                axes.broken_barh([(interval.start_s, length)], (place[interval.label] + low, 0.36), color=colour)
            axes.broken_barh([], (0, 0), color=colour, label=text)
        axes.set_yticks(range(len(shown)), [names[label] for label in shown], fontsize=8)
        axes.set_ylim(max(0.5, len(shown) - 0.5), -0.5)
        axes.set_xlim(0, video.seconds)
        axes.set_xlabel("seconds")
        axes.set_title(video.name if video.true is not None else f"{video.name} (nobody says what is true)")
        axes.grid(axis="x", alpha=0.3)
        axes.legend(loc="upper right", ncols=2, fontsize=8)
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=100)
    replace_file(path, content.getvalue())
