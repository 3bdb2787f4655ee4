"""Clips on disk become ticks: the right labels, the preprocessing of an analysis, nothing lost without a word."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.data import dataset
from models.data.dataset import SPEC
from models.simulator.generate import Order, generate
from screening import sampling
from screening.errors import WrongUsage
from screening.video import open_video
from tests.models.conftest import ACROSS, UP_AND_DOWN, write_clip


def test_labels_are_the_43_of_the_pack() -> None:
    rows = dataset.labels()
    assert [row.id for row in rows] == list(range(43))
    assert (rows[1].vi, rows[1].en, rows[1].group) == ("Vỗ tay", "Clapping", "clapping")


def test_both_ways_of_naming_clips_are_read(toy_data: Path) -> None:
    # given 3_0000.mp4 … and 8/clip 0.mp4 …; when the folder is loaded
    split = dataset.load(toy_data, "train")

    # then every clip has its label and all its ticks
    assert split.counts == {ACROSS: 8, UP_AND_DOWN: 8}
    assert {ticks.shape for ticks in split.ticks} == {(39, 56, 56, 3)}
    assert split.unreadable == ()


def test_training_sees_what_an_analysis_sees(toy_data: Path) -> None:
    # given a clip; when it is cut for training, and for an analysis
    path = toy_data / "test" / "3_0000.mp4"
    ticks = dataset.read_ticks(path, SPEC)
    with open_video(path) as video:
        windows = list(sampling.windows(video.pictures(needed_fps=SPEC.fps), SPEC))

    # then every analysed picture is the training tick of its time, bit for bit
    for window in windows:
        seen = window.frames[~np.isnan(window.times)]
        np.testing.assert_array_equal(seen, ticks[window.index * SPEC.stride :][: len(seen)])


def test_a_clip_is_decoded_once(toy_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given data that was loaded before
    first = dataset.load(toy_data, "test")

    # when it is loaded again where decoding is impossible
    monkeypatch.setattr(dataset, "read_ticks", lambda *_: pytest.fail("decoded again"))
    second = dataset.load(toy_data, "test")

    # then the ticks are the same
    assert dataset.fingerprint(first) == dataset.fingerprint(second)


def test_a_changed_clip_is_decoded_again(tmp_path: Path) -> None:
    write_clip(tmp_path / "train" / "3_0.mp4", ACROSS, seed=1)
    before = dataset.fingerprint(dataset.load(tmp_path, "train"))
    write_clip(tmp_path / "train" / "3_0.mp4", ACROSS, seed=2, seconds=2.2)
    assert dataset.fingerprint(dataset.load(tmp_path, "train")) != before


def test_what_cannot_be_read_is_reported(tmp_path: Path) -> None:
    # given a good clip, an empty file and a file that is no video
    write_clip(tmp_path / "train" / "3_0.mp4", ACROSS, seed=1)
    (tmp_path / "train" / "8_0.mp4").write_bytes(b"")
    (tmp_path / "train" / "8_1.mp4").write_bytes(b"not a video at all" * 100)

    # then both are named with a reason, and the good one is there
    split = dataset.load(tmp_path, "train")
    assert split.counts == {ACROSS: 1}
    assert [name for name, _ in split.unreadable] == ["train/8_0.mp4", "train/8_1.mp4"]
    assert all(reason for _, reason in split.unreadable)


@pytest.mark.parametrize("name", ["clapping.mp4", "43_0000.mp4", "clapping/1.mp4", "99/1.mp4"])
def test_a_clip_without_a_label_is_refused(tmp_path: Path, toy_data: Path, name: str) -> None:
    (tmp_path / "train" / name).parent.mkdir(parents=True)
    shutil.copy(toy_data / "test" / "3_0000.mp4", tmp_path / "train" / name)
    with pytest.raises(WrongUsage, match="names no label from 0 to 42"):
        dataset.load(tmp_path, "train")


@pytest.mark.parametrize("split", ["train", "absent"])
def test_a_folder_without_clips_is_refused(tmp_path: Path, split: str) -> None:
    (tmp_path / "train").mkdir()
    with pytest.raises(WrongUsage, match="no readable clip"):
        dataset.load(tmp_path, split)


def test_windows_are_those_of_an_analysis(toy_data: Path) -> None:
    # given clips of 39 ticks; when windows of 32 start every 4 ticks
    split = dataset.load(toy_data, "valid")
    frames, clip_of = split.windows(replace(SPEC, stride=4))

    # then each clip gives two, the second of them 4 ticks later
    assert clip_of.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    np.testing.assert_array_equal(frames[1], split.ticks[0][4:36])


def test_a_short_clip_gives_one_window_with_a_black_end(tmp_path: Path) -> None:
    write_clip(tmp_path / "train" / "3_0.mp4", ACROSS, seed=1, seconds=1)
    frames, _ = dataset.load(tmp_path, "train").windows(SPEC)
    assert frames.shape == (1, 32, 56, 56, 3)
    assert frames[0, :15].any(axis=(1, 2, 3)).all()
    assert not frames[0, 15:].any()


def test_only_the_simulators_own_data_counts_as_simulated(tmp_path: Path) -> None:
    assert not dataset.is_simulated(tmp_path)
    (tmp_path / "clips.csv").write_text("child,room\n", encoding="utf-8")
    assert not dataset.is_simulated(tmp_path)
    generate(tmp_path / "sim", Order(1, seed=3, labels=[1]), workers=1)
    assert dataset.is_simulated(tmp_path / "sim")
