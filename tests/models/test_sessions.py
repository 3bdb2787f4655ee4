"""A pack is measured on long videos through the same corridor as an analysis."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.sessions import main
from screening import paths
from tests.models.conftest import write_clip

SAMPLE = Path(__file__).parents[2] / "resources" / "sample"


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    """The sample with its true intervals, and a video of which nothing is known."""
    folder = tmp_path / "videos"
    write_clip(folder / "bar.mp4", 3, seed=1, seconds=5.0)
    for name in ("sample.mp4", "sample.csv"):
        (folder / name).write_bytes((SAMPLE / name).read_bytes())
    return folder


def test_true_intervals_and_unknown_videos_are_told_apart(
    videos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # when the shipped pack is measured on both
    out, picture = tmp_path / "sessions.json", tmp_path / "sessions.png"
    assert main(["reference", str(videos), "--out", str(out), "--picture", str(picture)]) == 0

    # then the sample's intervals are counted, and of the other video what was found is told
    told = capsys.readouterr().out
    figures = json.loads(out.read_text(encoding="utf-8"))
    at, stricter = figures["agreements"]
    rows = (SAMPLE / "sample.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert at["iou"] == 0.3
    assert at["true"] == len(rows)
    assert 0 < stricter["hits"] <= at["hits"] <= len(rows), "the sample is what the pack was trained to see"
    assert figures["onset_error_s"] < 3
    assert "bar.mp4: 0.08 min" in told
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_bad_line_of_truth_is_named(videos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (videos / "bar.csv").write_text("label_id,start_s,end_s\n1,0,2\n1,3,two\n", encoding="utf-8")
    assert main([str(paths.reference_pack()), str(videos)]) == 2
    assert "Line 3 of “bar.csv” is no interval" in capsys.readouterr().err


def test_no_video_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reference", str(tmp_path)]) == 2
    assert "There is no video" in capsys.readouterr().err
