"""Measure a pack on long videos, as it is used: videos go in, with or without true intervals; figures come out.

    python -m models.sessions PACK VIDEOS [--out FIGURES.json] [--picture TIMELINE.png]

A video NAME.mp4 with a sheet NAME.csv beside it (columns label_id, start_s, end_s) is compared with it: precision,
recall and F1 of episodes, and the error of their onset. Of a video without a sheet it is told for how many minutes
which behaviour was found: where nobody shows any, these are false alarms.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from models.cli import exit_status, replace_file
from models.data import dataset
from models.measuring.intervals import Interval, Measured, Watched
from models.measuring.timeline import timeline
from screening import analysis, paths
from screening import pack as packs
from screening import profile as profiles
from screening.errors import N_, VideoUnusable, WrongUsage
from screening.pack import Pack
from screening.records import Label


def measure(pack: Pack, videos: Sequence[Path]) -> Measured:
    """Analyse each video as the program does, with the default profile's episode rule and the pack's thresholds."""
    watched = []
    for path in videos:
        print(f"{path.name} …", file=sys.stderr, flush=True)
        try:
            watched.append(watch(pack, path))
        except VideoUnusable as error:
            print(error, file=sys.stderr)
    sha256 = hashlib.sha256(pack.model).hexdigest()
    return Measured.of(pack.info.name, pack.info.version, sha256, tuple(watched))


def read(path: Path) -> Measured:
    """The figures that `--out` wrote. WrongUsage when the file is none of them."""
    try:
        return Measured.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise WrongUsage(
            N_("“{name}” does not hold the figures of models.sessions. Give its --out file."), name=str(path)
        ) from error


def watch(pack: Pack, path: Path) -> Watched:
    """One video through the corridor."""
    running = analysis.analyse(path, pack, profiles.read(paths.default_profile()))
    while True:
        try:
            next(running)
        except StopIteration as done:
            result = done.value
            break
    found = tuple(Interval(e.label_id, e.start_s, e.end_s) for e in result.episodes)
    sheet = path.with_suffix(".csv")
    true = read_intervals(sheet, {label.id for label in pack.info.labels}) if sheet.is_file() else None
    return Watched(path.name, result.video.duration_s, result.indicators.assessable_s, found, true)


def read_intervals(path: Path, labels: set[int]) -> tuple[Interval, ...]:
    """The true intervals of a sheet with the columns label_id, start_s and end_s. WrongUsage names a bad line."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        rows = []
        for row in reader:
            try:
                interval = Interval(int(row["label_id"]), float(row["start_s"]), float(row["end_s"]))
                if interval.label not in labels or not 0 <= interval.start_s < interval.end_s:
                    raise ValueError
            except (KeyError, TypeError, ValueError) as error:
                raise WrongUsage(
                    N_("Line {line} of “{name}” is no interval. The columns are label_id, start_s and end_s."),
                    line=reader.line_num,
                    name=path.name,
                ) from error
            rows.append(interval)
    return tuple(rows)


def table(measured: Measured, labels: Sequence[Label]) -> str:
    """The figures as text for a terminal."""
    names = {label.id: f"{label.id:>3} {label.name('en')}" for label in labels}
    lines = [f"{measured.pack} {measured.version}"]
    if measured.agreements:
        head = "".join(f"{f'IoU {a.iou}':>10}" for a in measured.agreements)
        lines += ["", f"{'episodes against true intervals':<36}" + head]
        for field in ("true", "found", "hits"):
            lines.append(f"{field:<36}" + "".join(f"{getattr(a, field):>10}" for a in measured.agreements))
        for field in ("precision", "recall", "f1"):
            lines.append(f"{field:<36}" + "".join(f"{getattr(a, field):>10.3f}" for a in measured.agreements))
        if measured.onset_error_s is not None:
            lines.append(f"{'median error of onset, s':<36}{measured.onset_error_s:>10.2f}")
        first = measured.agreements[0]
        lines += ["", f"at IoU {first.iou:<29}{'true':>10}{'found':>10}{'hits':>10}"]
        lines += [
            f"{names[label][:35]:<36}{true:>10}{found:>10}{hits:>10}"
            for label, (hits, found, true) in first.by_label.items()
        ]
    if measured.unknown:
        lines += ["", "minutes in which a behaviour was found, where nobody says what is true"]
    for video in measured.unknown:
        lines.append(f"{video.name}: {video.seconds / 60:.2f} min, {video.assessable_s / 60:.2f} min assessable")
        lines += [f"  {names[label][:33]:<34}{seconds / 60:>10.2f}" for label, seconds in video.spent.items()]
        if not video.found:
            lines.append("  nothing")
    return "\n".join(lines)


def find_videos(folder: Path) -> list[Path]:
    """The videos of a folder, or the one that is named. WrongUsage when there is none."""
    inside = [folder] if folder.is_file() else folder.glob("*")
    videos = sorted(path for path in inside if path.suffix.lower() in dataset.SUFFIXES)
    if not videos:
        raise WrongUsage(N_("There is no video in “{folder}”."), folder=str(folder))
    return videos


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m models.sessions", description="Measure a pack on long videos.")
    parser.add_argument("pack", metavar="PACK", help="a pack's folder, .vspack file or name")
    parser.add_argument("videos", type=Path, metavar="VIDEOS", help="a video, or a folder of them")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the figures as JSON, for models.export")
    parser.add_argument("--picture", type=Path, metavar="FILE.png", help="draw what is true and what was found")
    given = parser.parse_args(arguments)

    def work() -> None:
        pack = packs.read(packs.find(given.pack))
        measured = measure(pack, find_videos(given.videos))
        if given.out:
            content = json.dumps(measured.as_dict(), indent=2, ensure_ascii=False) + "\n"
            replace_file(given.out, content.encode())
        if given.picture:
            timeline(given.picture, measured.videos, pack.info.labels)
        print(table(measured, pack.info.labels))

    return exit_status(work)


if __name__ == "__main__":
    sys.exit(main())
