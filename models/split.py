"""Cut long videos into labelled clips: an annotated sheet and a folder of videos go in, DATA for training comes out.

    python -m models.split SHEET VIDEOS OUT [--shares 0.7,0.15,0.15] [--seed 0] [--labels labels.csv]

OUT gets train/, valid/ and test/ with LABEL/NAME.mp4, and `clips.csv`, which says whose clip is from where. All clips
of a child are in one of the three folders. Lines that cannot be used are listed with their reason, on screen and in
`refused.csv`; none is dropped in silence.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from models.cli import exit_status, replace_file
from models.data import dataset, sheet
from models.data.sheet import Refused, Row
from screening.errors import N_, CannotWrite, VideoUnusable, WrongUsage
from screening.video import Video, open_video

SPLITS = ("train", "valid", "test")
SHARES = (0.7, 0.15, 0.15)
LATE = 0.5  # seconds by which an interval may end after its video and is cut there: sheets round
QUALITY = "18"  # constant rate factor of x264: no loss that could be seen


@dataclass(frozen=True, slots=True)
class Cut:
    """A row of `clips.csv`."""

    split: str
    file: str
    label: int
    subject: str
    source: str
    start_s: float
    end_s: float
    line: int


def split(
    sheet_path: Path, videos: Path, out: Path, *,
    shares: Sequence[float] = SHARES, seed: int = 0, labels_file: Path = dataset.LABELS_FILE,
) -> tuple[list[Cut], list[Refused]]:  # fmt: skip
    """Cut every usable line's clip into `out`; returns the clips and the lines that could not be used.

    WrongUsage when no line is usable or the children are too few to be kept apart; CannotWrite for an `out` that is
    not empty or cannot be written.
    """
    rows, refused = sheet.read(sheet_path, dataset.labels(labels_file))
    found, missing = _locate(rows, videos)
    refused += missing
    if not found:
        _list(refused, len(rows) + len(refused))
        raise WrongUsage(N_("No line of “{name}” can be used."), name=sheet_path.name)
    children = _children(found)
    place = assign([(child, row.label) for child, (row, _) in zip(children, found, strict=True)], shares, seed)
    _prepare(out)
    cuts: list[Cut] = []
    for number, (child, (row, path)) in enumerate(zip(children, found, strict=True), 1):
        where = place[child]
        name = f"{row.label}/{_safe(child)}-{_safe(path.stem)}-{row.line}.mp4"
        try:
            with open_video(path) as video:
                end = _cut(video, row, out / where / name)
            cuts.append(
                Cut(where, name, row.label, child, path.relative_to(videos).as_posix(), row.start_s, end, row.line)
            )
        except VideoUnusable as error:
            refused.append(Refused(row.line, str(error)))
        except OSError as error:
            raise CannotWrite(
                N_("The clips cannot be written to “{folder}” ({reason}). Choose another place or free some space."),
                folder=str(out), reason=error.strerror or type(error).__name__,
            ) from error  # fmt: skip
        print(f"\r{number} of {len(found)} clips", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    _write(out / "clips.csv", [f.name for f in fields(Cut)], [asdict(cut) for cut in cuts])
    if refused:
        refused.sort(key=lambda line: line.line)
        _write(out / "refused.csv", ["line", "reason"], [asdict(line) for line in refused])
        _list(refused, len(cuts) + len(refused))
    return cuts, refused


def assign(marks: Sequence[tuple[str, int]], shares: Sequence[float], seed: int) -> dict[str, str]:
    """Which of `SPLITS` each child goes to, from (child, label) of every clip.

    Children with many clips are placed first, each where its labels are missed most; the same seed gives the same
    answer. Two children at least; with two, test stays empty.
    """
    per_child: dict[str, Counter[int]] = defaultdict(Counter)
    for child, label in marks:
        per_child[child][label] += 1
    if len(per_child) < 2:
        raise WrongUsage(
            N_("All clips are of one child. Clips to learn from and to measure with must be of different children.")
        )
    names = [name for name, share in zip(SPLITS, shares, strict=True) if share > 0][: len(per_child)]
    weight = {name: share for name, share in zip(SPLITS, shares, strict=True) if name in names}
    total = Counter(label for _, label in marks)
    order = list(np.random.default_rng(seed).permutation(sorted(per_child)))
    order.sort(key=lambda child: -sum(per_child[child].values()))
    held: dict[str, Counter[int]] = {name: Counter() for name in names}
    place: dict[str, str] = {}
    for k, child in enumerate(order):
        clips = per_child[child]
        empty = [name for name in names if name not in place.values()]
        # The last children go where there is nobody yet.
        open_to = empty if len(order) - k <= len(empty) else names

        def missed(name: str, clips: Counter[int] = clips) -> float:
            whole = sum(weight.values())
            return sum(
                n * (weight[name] / whole - held[name][label] / total[label]) / (weight[name] / whole)
                for label, n in clips.items()
            )

        best = max(open_to, key=missed)
        place[child] = best
        held[best] += clips
    return place


def _locate(rows: Sequence[Row], videos: Path) -> tuple[list[tuple[Row, Path]], list[Refused]]:
    """The video of each row, by its path in the folder or by its name alone, with or without the suffix."""
    if not videos.is_dir():
        raise WrongUsage(N_("There is no folder “{folder}”. Give the folder with the videos."), folder=str(videos))
    known: dict[str, set[Path]] = defaultdict(set)
    for path in sorted(videos.rglob("*")):
        if path.is_file() and path.suffix.lower() in dataset.SUFFIXES:
            inside = path.relative_to(videos)
            for name in (inside.as_posix(), inside.with_suffix("").as_posix(), path.name, path.stem):
                known[name.casefold()].add(path)
    found: list[tuple[Row, Path]] = []
    refused: list[Refused] = []
    for row in rows:
        paths = known[row.file.replace("\\", "/").casefold()]
        if len(paths) == 1:
            found.append((row, next(iter(paths))))
        elif paths:
            refused.append(Refused(row.line, f"several videos are called “{row.file}”: write the folder too"))
        else:
            refused.append(Refused(row.line, f"there is no video “{row.file}”"))
    return found, refused


def _cut(video: Video, row: Row, path: Path) -> float:
    """Write the pictures of the row's interval with their own times; returns where it really ends, seconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    width, height = video.width // 2 * 2, video.height // 2 * 2
    last = -1
    try:
        with av.open(str(beside), "w", format="mp4") as container:
            stream = container.add_stream("libx264", options={"preset": "veryfast", "crf": QUALITY})
            stream.width, stream.height, stream.pix_fmt = max(width, 2), max(height, 2), "yuv420p"
            stream.time_base = stream.codec_context.time_base = Fraction(1, 90_000)
            for seconds, picture in video.pictures(start_s=row.start_s, end_s=row.end_s):
                tick = max(0, round((seconds - row.start_s) * 90_000))
                if tick <= last:
                    continue
                frame = av.VideoFrame.from_ndarray(picture.rgb(stream.width, stream.height), "rgb24")
                frame.pts, frame.time_base, last = tick, stream.time_base, tick
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        length = video.info().duration_s
        if last < 0 or length <= row.start_s:
            raise VideoUnusable(N_("the video “{name}” ends before {start:g} s"), name=row.file, start=row.start_s)
        if row.end_s > length + LATE:
            raise VideoUnusable(
                N_("the video “{name}” is only {length:.1f} s long, and this ends at {end:g} s"),
                name=row.file, length=length, end=row.end_s,
            )  # fmt: skip
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return min(row.end_s, length)


def _children(found: Sequence[tuple[Row, Path]]) -> list[str]:
    """Whose clip each is. Where a line does not say: the one child whom other lines name in the video, else the video.

    So no video without names ends in two folders.
    """
    named: dict[Path, set[str]] = defaultdict(set)
    for row, path in found:
        named[path] |= {row.child} - {""}
    return [row.child or (min(named[path]) if len(named[path]) == 1 else path.stem) for row, path in found]


def _safe(text: str) -> str:
    return re.sub(r"[^\w.-]+", "_", text).strip("._")[:60] or "x"


def _prepare(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CannotWrite(N_("“{path}” is not an empty folder. Choose a new folder for the clips."), path=out)
    try:
        for name in SPLITS:
            (out / name).mkdir(parents=True)
    except OSError as error:
        raise CannotWrite(
            N_("“{path}” cannot be written ({reason}). Choose another folder."), path=out, reason=error.strerror
        ) from error


def _write(path: Path, columns: list[str], rows: list[dict[str, object]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    replace_file(path, text.getvalue().encode())


def _list(refused: Sequence[Refused], lines: int) -> None:
    print(f"{len(refused)} of {lines} lines cannot be used:", file=sys.stderr)
    for line in refused:
        print(f"  line {line.line}: {line.reason}", file=sys.stderr)


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m models.split", description="Cut long videos into labelled clips, as an annotated sheet says."
    )
    parser.add_argument(
        "sheet", type=Path, metavar="SHEET", help="CSV or XLSX with the columns file, from, to, label, child"
    )
    parser.add_argument("videos", type=Path, metavar="VIDEOS", help="folder with the videos")
    parser.add_argument("out", type=Path, metavar="OUT", help="a new folder for train/, valid/ and test/")
    parser.add_argument("--shares", default="0.7,0.15,0.15", metavar="A,B,C", help="of the clips for each folder")
    parser.add_argument("--seed", type=int, default=0, help="of the order in which children are placed (0)")
    parser.add_argument("--labels", type=Path, default=dataset.LABELS_FILE, metavar="FILE.csv", help="another list")
    given = parser.parse_args(arguments)
    try:
        shares = [float(part) for part in given.shares.split(",")]
    except ValueError:
        shares = []
    if len(shares) != len(SPLITS) or min(shares) < 0 or min(shares[:2]) <= 0:
        parser.error("--shares takes three numbers, those of train and valid above 0: 0.7,0.15,0.15")

    def work() -> None:
        cuts, _ = split(given.sheet, given.videos, given.out, shares=shares, seed=given.seed, labels_file=given.labels)
        clips, children = Counter(cut.split for cut in cuts), defaultdict(set)
        for cut in cuts:
            children[cut.split].add(cut.subject)
        for name in SPLITS:
            print(f"{name}: {clips[name]} clips of {len(children[name])} children")

    return exit_status(work)


if __name__ == "__main__":
    sys.exit(main())
