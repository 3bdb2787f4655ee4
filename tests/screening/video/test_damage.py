"""What can be read is delivered, what cannot is on the receipt, and the same file gives the same every time."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from screening.errors import VideoUnusable
from screening.video import open_video
from screening.video.decoding import BROKEN_OFF, DAMAGED
from tests.screening.video.files import Media, encode, noisy, read

# ---------------------------------------------------------------------------------------------- damage


def test_of_a_file_that_breaks_off_all_that_is_there_is_delivered(tmp_path: Path) -> None:
    whole = encode(tmp_path / "whole.mp4", noisy(90), container={"movflags": "faststart"}, g="30")
    expected, _ = read(whole)
    data = whole.read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(data[: len(data) * 6 // 10])

    pictures, receipt = read(cut)

    assert 30 <= len(pictures) < 90
    assert set(pictures) <= set(expected)
    assert receipt.frames_declared == 90
    assert receipt.frames_decoded == len(pictures)
    assert receipt.duration_s == pytest.approx(len(pictures) / 30, abs=0.15)
    assert BROKEN_OFF in [error.message for error in receipt.errors]
    assert receipt.errors[-1].time_s == pytest.approx(receipt.duration_s, abs=0.1)
    assert receipt.covered_share < 0.9


@pytest.mark.parametrize("suffix", ["mkv", "ts", "avi"])
def test_other_containers_that_break_off(tmp_path: Path, suffix: str) -> None:
    whole = encode(tmp_path / f"whole.{suffix}", noisy(120), g="30", bf="0")
    data = whole.read_bytes()
    cut = tmp_path / f"cut.{suffix}"
    cut.write_bytes(data[: len(data) // 2])
    pictures, receipt = read(cut)
    assert 30 <= len(pictures) < 120
    assert receipt.frames_decoded == len(pictures)
    if suffix == "mkv":
        assert BROKEN_OFF in [error.message for error in receipt.errors]


def damage(path: Path, *, inside: bool) -> Path:
    """Overwrite pictures 50–53: the length of each part and what follows, or only something inside."""
    with av.open(str(path)) as container:
        packets = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.pts is not None]
    data = bytearray(path.read_bytes())
    for place, size in packets[50:54]:
        start = place + (size // 2 if inside else 12)
        data[start : start + 48] = random.Random(place).randbytes(48) if inside else b"\xff" * 48
    path.write_bytes(data)
    return path


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """Four seconds with a key frame every half second; pictures 50–53 cannot be read."""
    return damage(encode(tmp_path / "damaged.mkv", noisy(120), g="15", bf="0"), inside=False)


def test_damage_in_the_middle_is_passed_over_and_put_on_the_receipt(damaged: Path) -> None:
    pictures, receipt = read(damaged)

    assert 100 <= len(pictures) < 120
    assert max(pictures) == pytest.approx(119 / 30, abs=0.01), "what comes after the damage is read"
    assert all(a < b for a, b in pairwise(pictures))
    (fault,) = {(error.message, round(error.time_s)) for error in receipt.errors}
    assert fault == (DAMAGED, 2)
    assert receipt.frames_decoded == len(pictures)


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("needed_fps", [None, 15.0])
def test_a_damaged_file_gives_the_same_pictures_every_time(
    tmp_path: Path, inside: bool, needed_fps: float | None
) -> None:
    # Decoders that share the work patch damage differently from run to run: this is why an analysis uses one.
    path = encode(tmp_path / "damaged.mkv", noisy(120), g="40", bf="2")
    options = {} if needed_fps is None else {"needed_fps": needed_fps}
    sound, _ = read(path, **options)
    first, first_receipt = read(damage(path, inside=inside), **options)
    # Random bytes inside a picture may be a picture too: then no decoder can know, and only the pixels tell.
    changed = list(first) != list(sound) or any(not np.array_equal(first[t], sound[t]) for t in first)
    assert first_receipt.errors if not inside else changed
    for _ in range(3):
        pictures, receipt = read(path, **options)
        assert receipt == first_receipt
        assert list(pictures) == list(first)
        assert all(np.array_equal(pictures[t], first[t]) for t in pictures)


def test_more_decoders_give_the_same_pictures_of_a_sound_file(tmp_path: Path) -> None:
    path = encode(tmp_path / "video.mp4", noisy(90), g="30")
    one, _ = read(path)
    with open_video(path, threads=4) as video:
        four = {seconds: picture.rgb(32, 24) for seconds, picture in video.pictures()}
    assert list(four) == list(one)
    assert all(np.array_equal(four[t], one[t]) for t in one)


def test_the_player_shows_the_same_pictures_of_a_damaged_file(damaged: Path) -> None:
    whole, _ = read(damaged)
    with open_video(damaged) as video:
        for moment in random.Random(3).sample(list(whole), 30):
            seconds, picture = video.picture_at(moment)
            assert seconds == moment
            assert np.array_equal(picture.rgb(32, 24), whole[moment])


def test_noise_in_a_file_never_ends_in_an_error_of_ours(tmp_path: Path) -> None:
    sound = encode(tmp_path / "sound.mp4", noisy(30), g="10").read_bytes()
    random_bytes = random.Random(7)
    for k in range(25):
        data = bytearray(sound)
        for _ in range(40):
            data[random_bytes.randrange(len(data))] = random_bytes.randrange(256)
        path = tmp_path / f"{k}.mp4"
        path.write_bytes(data)
        try:
            pictures, receipt = read(path, needed_fps=15.0)
        except VideoUnusable:
            continue
        assert receipt.frames_decoded >= len(pictures) > 0
        assert all(a <= b for a, b in pairwise(pictures))


@pytest.mark.parametrize("needed_fps", [None, 15.0])
def test_the_receipt_of_a_corrupt_file_shows_what_is_missing(media: Media, needed_fps: float | None) -> None:
    with open_video(media("corrupted.mp4")) as video:
        times = [seconds for seconds, _ in video.pictures(needed_fps=needed_fps)]
        receipt = video.info()
    assert receipt.frames_decoded == len(times)
    assert receipt.frames_decoded + receipt.frames_skipped < receipt.frames_declared == 50
    assert receipt.errors
