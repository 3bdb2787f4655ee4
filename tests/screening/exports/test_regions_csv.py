"""The child's box over time as a table: written beside a result, edited by hand, read to repeat a run."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.errors import WrongUsage
from screening.exports import regions_csv
from screening.records import KeyBox, Region, Track

HEADER = "time_s,x,y,width,height\n"
PIXELS = st.integers(0, 10_000)


@given(
    st.dictionaries(
        st.floats(0, 1e6),
        st.builds(Region, PIXELS, PIXELS, PIXELS.map(lambda n: n + 1), PIXELS.map(lambda n: n + 1)),
        min_size=1,
        max_size=5,
    )
)
def test_a_track_reads_back_to_the_last_bit(
    tmp_path_factory: pytest.TempPathFactory, boxes: dict[float, Region]
) -> None:
    track = Track(tuple(KeyBox(time_s, boxes[time_s]) for time_s in sorted(boxes)))
    path = tmp_path_factory.mktemp("regions") / regions_csv.NAME
    regions_csv.write(track, path)
    assert regions_csv.read(path) == track


def test_what_people_and_spreadsheets_do_to_a_table_is_understood(tmp_path: Path) -> None:
    # Given a byte order mark, a column of notes, spaces, an empty line and a row added at the end, then it is read.
    file = tmp_path / "boxes.csv"
    text = "note,time_s, x, y, width, height\r\nstands up,10, 5, 6, 70, 80\r\n\r\n,2.5, 1, 2, 30, 40\r\n"
    file.write_text(text, encoding="utf-8-sig", newline="")
    assert regions_csv.read(file) == Track((KeyBox(2.5, Region(1, 2, 30, 40)), KeyBox(10, Region(5, 6, 70, 80))))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "first line as time_s,x,y,width,height"),
        (b"time_s;x;y;width;height\n1;2;3;4;5\n", "commas between"),
        (b"time_s,x,y,width\n1,2,3,4\n", "first line as"),
        (b"\x89PNG\r\n\xff\xfe\0", "not a text file"),
        (b'time_s,x,y,width,height\n1,2,3,4,"' + b"5" * 200_000, "not a text file"),
        (HEADER.encode(), "holds no box"),
        (f"{HEADER}0,1,2,3,4\n5,1,2,3\n".encode(), "Line 3"),
        (f"{HEADER}0,1,2,3,4.5\n".encode(), "Line 2"),
        (f"{HEADER}0,-1,2,3,4\n".encode(), "Line 2"),
        (f"{HEADER}0,1,2,0,4\n".encode(), "Line 2"),
        (f"{HEADER}nan,1,2,3,4\n".encode(), "Line 2"),
        (f"{HEADER}-3,1,2,3,4\n".encode(), "Line 2"),
        (f"{HEADER}soon,1,2,3,4\n".encode(), "Line 2"),
        (f"{HEADER}7,1,2,3,4\n2,1,2,3,4\n7,5,2,3,4\n".encode(), "two boxes for second 7"),
    ],
)
def test_what_is_no_table_of_boxes_is_one_sentence(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "boxes.csv").write_bytes(content)
    with pytest.raises(WrongUsage, match=said) as refusal:
        regions_csv.read(tmp_path / "boxes.csv")
    assert "boxes.csv" in str(refusal.value)


@pytest.mark.parametrize("name", ["none.csv", "."])
def test_a_file_that_is_not_there_is_one_sentence(name: str, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="cannot be read"):
        regions_csv.read(tmp_path / name)
