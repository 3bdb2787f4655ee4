"""An annotated sheet, as people really write them: every line is used, or listed with what is wrong with it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.data import dataset, sheet
from models.data.sheet import Row
from screening.errors import WrongUsage

LABELS = dataset.labels()


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_times_and_labels_are_read_as_people_write_them(tmp_path: Path) -> None:
    # given times as seconds, minutes and seconds, hours; labels by number and by name in both languages
    path = write(
        tmp_path / "marks.csv",
        "file,from,to,label,child\n"
        "a.mp4,12.5,15,1,An\n"
        'a.mp4,1:05,"1:07,25",vỗ TAY,An\n'
        "b,0:01:05.5,0:01:10,Body rocking,\n",
    )

    # when it is read
    rows, refused = sheet.read(path, LABELS)

    # then each line is what it says
    assert refused == []
    assert rows == [
        Row(2, "a.mp4", 12.5, 15.0, 1, "An"),
        Row(3, "a.mp4", 65.0, 67.25, 1, "An"),
        Row(4, "b", 65.5, 70.0, 2, ""),
    ]


def test_lines_that_cannot_be_used_are_listed_with_their_number_and_reason(tmp_path: Path) -> None:
    path = write(
        tmp_path / "marks.csv",
        "file,from,to,label\n"
        "a.mp4,1,3,1\n"
        "\n"
        "a.mp4,3,1,1\n"
        ",1,3,1\n"
        "a.mp4,soon,3,1\n"
        "a.mp4,1,0:99,1\n"
        "a.mp4,1,3,dancing\n"
        "a.mp4,,3,1\n",
    )
    rows, refused = sheet.read(path, LABELS)
    assert [row.line for row in rows] == [2]
    assert {line.line: line.reason for line in refused} == {
        4: "it ends (1 s) before it begins (3 s)",
        5: "the file is missing",
        6: "“soon” is not a time. Write seconds (12.5) or minutes and seconds (1:05)",
        7: "“0:99” is not a time: there are no 60 seconds or minutes on a clock",
        8: "“dancing” is no label. Write its number or its name",
        9: "a time is missing",
    }


def test_a_sheet_as_vietnamese_spreadsheets_save_it(tmp_path: Path) -> None:
    # given semicolons, a comma in the numbers, Vietnamese headings, a byte order mark, decomposed letters
    path = tmp_path / "bảng.csv"
    path.write_bytes("\ufeffTên tệp;Từ;Đến;Nha\u0303n;Trẻ\nbuổi 1.mp4;2,5;4,75;Lắc lư;Bình\n".encode())
    rows, refused = sheet.read(path, LABELS)
    assert refused == []
    assert rows == [Row(2, "buổi 1.mp4", 2.5, 4.75, 2, "Bình")]


def test_a_spreadsheet_keeps_what_the_person_sees(tmp_path: Path) -> None:
    # given cells: seconds; 1:05 typed, which a spreadsheet takes for five past one; a time with seconds; text; a date
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["label", "file", "from", "to"])
    page.append([1, "a.mp4", 3, 4.5])
    page.append([1, "a.mp4", dt.time(1, 5), dt.time(1, 7)])
    page.append([1, "a.mp4", dt.time(0, 1, 5), dt.timedelta(minutes=1, seconds=7)])
    page.append([1.0, "a.mp4", "1:05", "1:07"])
    page.append([1, "a.mp4", dt.datetime(2026, 1, 1), 5])
    for cell in (page["C3"], page["D3"]):
        cell.number_format = "h:mm"
    book.save(tmp_path / "marks.xlsx")

    # when it is read
    rows, refused = sheet.read(tmp_path / "marks.xlsx", LABELS)

    # then all ways of writing 1:05 are 65 seconds
    assert [(row.line, row.start_s, row.end_s) for row in rows] == [(2, 3, 4.5), (3, 65, 67), (4, 65, 67), (5, 65, 67)]
    assert [line.line for line in refused] == [6]
    assert "is a date" in refused[0].reason


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "is empty"),
        ("columns.csv", b"file,from,label\n", "has no column to"),
        ("no.xlsx", b"no spreadsheet", "not a sheet"),
        ("latin.csv", "file,from,to,label\nb\xe9b\xe9.mp4,1,2,1\n".encode("latin-1"), "not a sheet"),
    ],
)
def test_what_is_no_sheet_is_one_sentence(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(WrongUsage, match=says):
        sheet.read(path, LABELS)


def test_a_missing_sheet_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="cannot be read"):
        sheet.read(tmp_path / "none.csv", LABELS)


@given(st.integers(0, 59), st.integers(0, 599), st.integers(0, 3599))
def test_a_clock_and_its_seconds_are_the_same_time(hundredths: int, minutes: int, whole: int) -> None:
    assert sheet.seconds(f"{minutes}:{hundredths:02d}") == minutes * 60 + hundredths
    assert sheet.seconds(f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}.5") == whole + 0.5
    assert sheet.seconds(str(whole)) == sheet.seconds(whole) == sheet.seconds(dt.timedelta(seconds=whole)) == whole
