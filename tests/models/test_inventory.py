"""A data set is looked through before anybody believes its figures."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import av
import pytest

from models import inventory
from models.data import dataset
from screening.errors import WrongUsage
from tests.models.conftest import ACROSS, write_clip


@pytest.fixture
def data(toy_data: Path, tmp_path: Path) -> Path:
    """A copy of the toy data that a test may spoil."""
    shutil.copytree(toy_data, tmp_path / "data", ignore=shutil.ignore_patterns(".cache"))
    return tmp_path / "data"


def subjects(data: Path, rows: list[tuple[str, str, str]]) -> None:
    with (data / "clips.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([("split", "file", "subject"), *rows])


def test_the_report_says_what_is_there(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "test" / "3_9999.mp4").write_bytes(b"no video")
    subjects(data, [("train", "3_0000.mp4", "An"), ("train", "3_0001.mp4", "Chi"), ("valid", "3_0000.mp4", "Bình")])

    assert inventory.main([str(data)]) == 0

    lines = {line[:34].strip(): line[34:].split() for line in capsys.readouterr().out.splitlines()}
    assert lines["clips"] == ["16", "4", "6"]
    assert lines["children"] == ["2", "1", "0"]
    assert lines["unreadable"] == ["0", "0", "1"]
    assert lines["3 Spinning"] == ["8", "2", "3"]
    assert lines["median clip, s"] == ["2.6"] * 3
    assert any(line.startswith("unreadable: test/3_9999.mp4") for line in lines)


def test_a_clip_in_two_folders_stops_it_even_under_another_name_and_compressed_again(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # given a training clip that was written once more, smaller, into test
    with av.open(str(data / "train" / "3_0000.mp4")) as source, av.open(str(data / "test/3_77.mp4"), "w") as copy:
        stream = copy.add_stream("libx264", rate=15, options={"crf": "30"})
        stream.width, stream.height, stream.pix_fmt = 48, 48, "yuv420p"
        for frame in source.decode(video=0):
            copy.mux(stream.encode(frame.reformat(48, 48)))
        copy.mux(stream.encode(None))

    # when the data is looked through, then it names the two and ends with wrong usage
    assert inventory.main([str(data)]) == 2
    out, error = capsys.readouterr()
    assert "“train/3_0000.mp4” and “test/3_77.mp4” show the same" in out
    assert "too good" in error


def test_a_child_in_two_folders_stops_it(data: Path) -> None:
    subjects(data, [("train", "3_0000.mp4", "An"), ("test", "3_0000.mp4", "An"), ("valid", "3_0000.mp4", "Bình")])
    found = inventory.take([dataset.load(data, name) for name in inventory.SPLITS], data)
    assert [str(leak) for leak in found.leaks] == ["the child “An” is in train and in test"]
    with pytest.raises(WrongUsage, match=r"An.*1 such case"):
        inventory.refuse_leaks(found)


def test_clips_that_only_resemble_each_other_are_no_leak(data: Path) -> None:
    # given the same bar on the same ground a third of a second later
    write_clip(data / "test" / "3_50.mp4", ACROSS, seed=900)
    write_clip(data / "train" / "3_50.mp4", ACROSS, seed=901)
    found = inventory.take([dataset.load(data, name) for name in inventory.SPLITS], data)
    assert found.leaks == ()
    inventory.refuse_leaks(found)
