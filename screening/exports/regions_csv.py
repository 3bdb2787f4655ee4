"""`regions.csv`: the child's box over time, one row for each key box; written beside a result, read to repeat a run."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import IO

from screening import exports
from screening.errors import N_, WrongUsage
from screening.records import KeyBox, Region, Track

NAME = "regions.csv"
COLUMNS = ("time_s", "x", "y", "width", "height")


def write(track: Track, path: Path) -> None:
    """Columns `time_s,x,y,width,height`: seconds, and pixels of the picture as displayed. Raises CannotWrite."""

    def rows(file: IO[str]) -> None:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for key in track.boxes:
            box = key.region
            table.writerow([key.time_s, box.x, box.y, box.width, box.height])

    exports.replace(path, rows)


def read(path: Path) -> Track:
    """The key boxes of a file, whose rows may come in any order. Raises WrongUsage."""
    columns = ",".join(COLUMNS)
    boxes: list[KeyBox] = []
    try:
        # A spreadsheet may put a byte order mark before the text.
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file, skipinitialspace=True)
            if not set(COLUMNS) <= set(table.fieldnames or ()):
                raise WrongUsage(
                    N_("“{name}” is not a table of boxes. Give its first line as {columns}, with commas between."),
                    name=path.name,
                    columns=columns,
                )
            for row in table:
                box = _key_box(row)
                if box is None:
                    raise WrongUsage(
                        N_(
                            "Line {line} of “{name}” is not a box. Write the time in seconds, then x, y, width and "
                            "height in whole pixels, none below 0."
                        ),
                        line=table.line_num,
                        name=path.name,
                    )
                boxes.append(box)
    except OSError as error:
        raise WrongUsage(
            N_("The boxes in “{name}” cannot be read ({why}). Check where the file is."),
            name=path.name,
            why=error.strerror or "?",
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise WrongUsage(N_("“{name}” is not a text file. Save the boxes as CSV (UTF-8)."), name=path.name) from error
    if not boxes:
        raise WrongUsage(
            N_("“{name}” holds no box. Write one line for each: {columns}."), name=path.name, columns=columns
        )
    boxes.sort(key=lambda box: box.time_s)
    for one, next_one in pairwise(boxes):
        if one.time_s == next_one.time_s:
            raise WrongUsage(
                N_("“{name}” has two boxes for second {time}. Keep one of them."), name=path.name, time=one.time_s
            )
    return Track(tuple(boxes))


def _key_box(row: Mapping[str, str | None]) -> KeyBox | None:
    try:
        time_s = float(row["time_s"] or "")
        x, y, width, height = (int(row[column] or "") for column in COLUMNS[1:])
    except ValueError:
        return None
    if not (math.isfinite(time_s) and time_s >= 0 and x >= 0 and y >= 0 and width >= 1 and height >= 1):
        return None
    return KeyBox(time_s, Region(x, y, width, height))
