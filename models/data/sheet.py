"""An annotated sheet becomes rows: a CSV or XLSX file goes in; what it says, and what in it cannot be used, comes out.

Columns, in any order, in English or Vietnamese: file, from, to, label, and (if you like) child. A time is seconds
(`12.5`), minutes and seconds (`1:05`), hours, minutes and seconds (`0:01:05.5`), or a spreadsheet's own time. A label
is its number or its name in either language.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from models.data.dataset import LabelRow
from screening.errors import N_, WrongUsage

COLUMNS = {
    "file": ("file", "video", "filename", "tệp", "tên tệp", "tập tin"),
    "from": ("from", "start", "onset", "start_s", "từ", "bắt đầu"),
    "to": ("to", "end", "offset", "end_s", "đến", "kết thúc"),
    "label": ("label", "behaviour", "behavior", "label_id", "nhãn", "hành vi"),
    "child": ("child", "subject", "participant", "trẻ", "mã trẻ", "bé"),
}
LARGEST_SHEET = 50_000_000  # bytes: a sheet of a million rows; more is no sheet
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2}(?:[.,]\d+)?)")


@dataclass(frozen=True, slots=True)
class Row:
    """One marked interval: seconds from the start of `file`; `child` is empty where the sheet does not say."""

    line: int
    file: str
    start_s: float
    end_s: float
    label: int
    child: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that cannot be used, and why."""

    line: int
    reason: str


class _Unusable(ValueError):
    """Why one line cannot be used."""


def read(path: Path, labels: Sequence[LabelRow]) -> tuple[list[Row], list[Refused]]:
    """Every filled line of the sheet is in one of the two lists. WrongUsage when it is no sheet, or lacks a column."""
    lines = _lines(path)
    header = next((cells for _, cells in lines if any(map(_text, cells))), None)
    if header is None:
        raise WrongUsage(
            N_("“{name}” is empty. Give a sheet with the columns file, from, to and label."), name=path.name
        )
    place = _columns(header, path)
    names = _names(labels)
    rows: list[Row] = []
    refused: list[Refused] = []
    for line, cells in lines:
        if not any(map(_text, cells)):
            continue
        cell = {name: cells[k] if k < len(cells) else None for name, k in place.items()}
        try:
            rows.append(_row(line, cell, names))
        except _Unusable as error:
            refused.append(Refused(line, str(error)))
    return rows, refused


def seconds(cell: Any) -> float:
    """A cell's time in seconds. ValueError, with what would be right, for anything else.

    A clock with two parts is minutes and seconds, as the field writes it, also where a spreadsheet took `1:05` for
    five past one.
    """
    if isinstance(cell, dt.timedelta):
        return cell.total_seconds()
    if isinstance(cell, dt.datetime):
        raise _Unusable(f"“{cell}” is a date, not a time in the video")
    if isinstance(cell, dt.time):
        return cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if not 0 <= cell < 1e6:
            raise _Unusable(f"the time {cell} is not between 0 and a million seconds")
        return float(cell)
    text = _text(cell)
    if _NUMBER.fullmatch(text):
        return float(text.replace(",", "."))
    clock = _CLOCK.fullmatch(text)
    if clock is None:
        raise _Unusable(f"“{text}” is not a time. Write seconds (12.5) or minutes and seconds (1:05)" if text
                        else "a time is missing")  # fmt: skip
    hours, minutes, rest = int(clock[1] or 0), int(clock[2]), float(clock[3].replace(",", "."))
    if rest >= 60 or (clock[1] and minutes >= 60):
        raise _Unusable(f"“{text}” is not a time: there are no 60 seconds or minutes on a clock")
    return hours * 3600 + minutes * 60 + rest


def _row(line: int, cell: dict[str, Any], names: dict[str, int]) -> Row:
    file = _text(cell["file"])
    if not file:
        raise _Unusable("the file is missing")
    start, end = seconds(cell["from"]), seconds(cell["to"])
    if end <= start:
        raise _Unusable(f"it ends ({end:g} s) before it begins ({start:g} s)")
    label = names.get(_plain(_text(cell["label"])))
    if label is None:
        raise _Unusable(f"“{_text(cell['label'])}” is no label. Write its number or its name")
    return Row(line, file, start, end, label, _text(cell.get("child")))


def _lines(path: Path) -> Iterator[tuple[int, Sequence[Any]]]:
    """(line number, cells) of the sheet, the header first."""
    try:
        if path.stat().st_size > LARGEST_SHEET:
            raise WrongUsage(N_("“{name}” is too large for a sheet."), name=path.name)
        if path.suffix.lower() == ".xlsx":
            return _xlsx(path)
        return _csv(path)
    except OSError as error:
        raise WrongUsage(
            N_("The sheet “{name}” cannot be read ({reason})."), name=str(path), reason=error.strerror or "?"
        ) from error
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise WrongUsage(
            N_("“{name}” is not a sheet that can be read. Save it as CSV (UTF-8) or XLSX."), name=path.name
        ) from error


def _csv(path: Path) -> Iterator[tuple[int, Sequence[Any]]]:
    text = path.read_text(encoding="utf-8-sig")
    first = text.lstrip().partition("\n")[0]
    # Spreadsheets in Vietnam write a semicolon, since the comma is in their numbers.
    delimiter = max(";\t,", key=first.count)
    reader = csv.reader(text.splitlines(), delimiter=delimiter)
    return iter([(reader.line_num, cells) for cells in reader])


def _xlsx(path: Path) -> Iterator[tuple[int, Sequence[Any]]]:
    with zipfile.ZipFile(path) as packed:
        if sum(part.file_size for part in packed.infolist()) > 10 * LARGEST_SHEET:
            raise WrongUsage(N_("“{name}” is too large for a sheet."), name=path.name)
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        return iter([(number, [_cell(c) for c in cells]) for number, cells in enumerate(sheet.iter_rows(), 1)])
    finally:
        book.close()


def _cell(cell: Any) -> Any:
    """What a person sees in the cell: `h:mm` is what a spreadsheet makes of minutes and seconds that were typed."""
    value = cell.value
    if isinstance(value, (dt.time, dt.timedelta)) and "s" not in str(cell.number_format).lower():
        whole = value.total_seconds() if isinstance(value, dt.timedelta) else seconds(value)
        return dt.timedelta(seconds=whole / 60)
    return value


def _columns(header: Sequence[Any], path: Path) -> dict[str, int]:
    found: dict[str, int] = {}
    for k, cell in enumerate(header):
        for name, known in COLUMNS.items():
            if _plain(_text(cell)) in {_plain(word) for word in known}:
                found.setdefault(name, k)
    missing = [name for name in COLUMNS if name not in found and name != "child"]
    if missing:
        raise WrongUsage(
            N_("“{name}” has no column {column}. The first line must name the columns file, from, to and label."),
            name=path.name,
            column=missing[0],
        )
    return found


def _names(labels: Sequence[LabelRow]) -> dict[str, int]:
    return {_plain(text): row.id for row in labels for text in (row.vi, row.en, str(row.id))}


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _plain(text: str) -> str:
    """One form for letters that can be written in several ways, without case or double spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
