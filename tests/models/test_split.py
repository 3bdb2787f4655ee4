"""Long videos and a sheet become a data set: the right pictures, no child in two folders, nothing lost in silence."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import inventory, split
from models.data import dataset
from screening.errors import WrongUsage
from screening.video import open_video
from tests.models.conftest import write_clip


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four videos of six seconds, one in a folder of its own."""
    folder = tmp_path_factory.mktemp("visits")
    for k, name in enumerate(("an.mp4", "binh.mp4", "chi.mp4", "second day/an.mp4")):
        write_clip(folder / name, 3 if k % 2 else 8, seed=k, seconds=6.0)
    return folder


def marks(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(["file,from,to,label,child", *lines]) + "\n", encoding="utf-8")
    return path


def test_a_sheet_and_videos_become_data_to_train_on(visits: Path, tmp_path: Path) -> None:
    # given two marks of each of three children, one of whom is in two videos
    table = marks(
        tmp_path / "marks.csv",
        "binh,1,3.5,3,Bình",
        "binh.mp4,0:02,4,8,Bình",
        "chi.mp4,1,3,3,Chi",
        "chi.mp4,3,6.2,8,Chi",
        "second day/an.mp4,0,2.5,3,An",
        "second day/an.mp4,2,5,8,An",
    )

    # when the videos are cut
    cuts, refused = split.split(table, visits, tmp_path / "data")

    # then every clip is where the table says, in the form that training reads, one child in each folder
    assert refused == []
    assert len(cuts) == 6
    splits = [dataset.load(tmp_path / "data", name) for name in ("train", "valid", "test")]
    assert [s.counts for s in splits] == [{3: 1, 8: 1}] * 3
    found = inventory.take(splits, tmp_path / "data")
    assert found.leaks == ()
    assert found.subjects is not None
    assert sorted(child for files in found.subjects.values() for child in set(files.values())) == ["An", "Bình", "Chi"]

    # and a clip shows the pictures of its interval, from its first to its last
    cut = next(c for c in cuts if c.subject == "Bình" and c.label == 3)
    with open_video(tmp_path / "data" / cut.split / cut.file) as clip, open_video(visits / "binh.mp4") as whole:
        pictures = {round(t, 3): p.rgb(64, 64) for t, p in clip.pictures()}
        source = {round(t - 1.0, 3): p.rgb(64, 64) for t, p in whole.pictures(start_s=1.0, end_s=3.5)}
    assert pictures.keys() == source.keys()
    assert max(pictures) == pytest.approx(2.5, abs=0.07)
    assert max(np.abs(pictures[t].astype(float) - source[t]).mean() for t in pictures) < 3
    # and the one that was marked to end a little after its video ends with it
    assert next(c for c in cuts if c.line == 5).end_s == pytest.approx(6.0, abs=0.1)


def test_what_cannot_be_cut_is_listed_and_the_rest_is_cut(
    visits: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # given good lines, and lines of no video, of two videos, after the end, and beyond the end
    table = marks(
        tmp_path / "marks.csv",
        "binh.mp4,1,3,3,",
        "chi.mp4,1,3,3,",
        "nobody.mp4,1,3,3,",
        "an.mp4,1,3,3,",
        "chi.mp4,7,8,3,",
        "chi.mp4,5,9,3,",
    )

    # when the command is run
    assert split.main([str(table), str(visits), str(tmp_path / "data")]) == 0

    # then the good ones are there, and each of the others is named on screen and in a file
    with (tmp_path / "data" / "refused.csv").open(encoding="utf-8", newline="") as stream:
        reasons = {int(row["line"]): row["reason"] for row in csv.DictReader(stream)}
    assert reasons[4] == "there is no video “nobody.mp4”"
    assert "only 6.0 s long" in reasons[7]
    assert "ends before 7 s" in reasons[6]
    out, told = capsys.readouterr()
    assert all(f"line {line}: {reason}" in told for line, reason in reasons.items())
    assert "train: 1 clips of 1 children" in out
    # and no half-written clip is left
    assert not list((tmp_path / "data").rglob("*.part"))


def test_a_name_in_two_folders_is_refused_not_guessed(visits: Path, tmp_path: Path) -> None:
    table = marks(tmp_path / "marks.csv", "binh.mp4,1,3,3,", "chi.mp4,1,3,3,", "AN.mp4,1,3,3,", "second day/an,1,3,3,")
    cuts, refused = split.split(table, visits, tmp_path / "data")
    assert [cut.line for cut in cuts] == [2, 3, 5]
    assert [line.line for line in refused] == [4]


def test_a_line_without_a_child_follows_the_other_lines_of_its_video(visits: Path, tmp_path: Path) -> None:
    table = marks(tmp_path / "marks.csv", "binh.mp4,1,3,3,B", "binh.mp4,2,4,8,", "chi.mp4,1,3,3,", "chi.mp4,2,4,8,")
    cuts, _ = split.split(table, visits, tmp_path / "data")
    assert {cut.line: cut.subject for cut in cuts} == {2: "B", 3: "B", 4: "chi", 5: "chi"}
    assert len({(cut.subject, cut.split) for cut in cuts}) == 2


def test_one_child_alone_cannot_be_split(visits: Path, tmp_path: Path) -> None:
    table = marks(tmp_path / "marks.csv", "binh.mp4,1,3,3,B", "chi.mp4,1,3,3,B")
    with pytest.raises(WrongUsage, match="All clips are of one child"):
        split.split(table, visits, tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_an_old_folder_is_not_touched(visits: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.txt").write_text("mine")
    table = marks(tmp_path / "marks.csv", "binh.mp4,1,3,3,B", "chi.mp4,1,3,3,C")
    assert split.main([str(table), str(visits), str(tmp_path / "data")]) == 5
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["mine.txt"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abcdefghijkl"), st.integers(0, 5)), min_size=2, max_size=80).filter(
        lambda clips: len({child for child, _ in clips}) >= 3
    ),
    st.integers(0, 5),
)
def test_children_are_never_parted_and_no_folder_stays_empty(clips: list[tuple[str, int]], seed: int) -> None:
    place = split.assign(clips, split.SHARES, seed)
    assert place.keys() == {child for child, _ in clips}
    assert set(place.values()) == {"train", "valid", "test"}
    assert place == split.assign(clips, split.SHARES, seed)


def test_shares_are_kept_when_there_are_many_children() -> None:
    clips = [(f"child {k}", label) for k in range(60) for label in (1, 2, 3)]
    place = split.assign(clips, split.SHARES, 0)
    assert Counter(place.values()) == pytest.approx({"train": 42, "valid": 9, "test": 9}, abs=2)
