"""Time is what the timestamps say; passing over and jumping give the very pictures of a decode from the start."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from screening.records import VideoInfo
from screening.sampling import windows
from screening.video import open_video
from screening.video.decoding import CLOCK_JUMPS
from tests.screening.video.files import SPEC, Media, encode, noisy, read
from tests.screening.videos import make_video, scene

# ---------------------------------------------------------------------------------------------- time


def test_time_is_the_timestamp_of_the_picture_and_not_its_number(tmp_path: Path) -> None:
    times = [0.0, 0.03, 0.1, 0.5, 0.53, 0.9, 1.5, 1.52]
    path = encode(tmp_path / "uneven.mp4", [scene(t) for t in times], times=times)

    pictures, receipt = read(path)

    assert list(pictures) == pytest.approx(times, abs=1e-4)
    assert receipt.variable_rate
    assert receipt.frames_decoded == receipt.frames_declared == len(times)


@pytest.mark.parametrize("fps", [24, 25, 30, 60])
def test_a_constant_rate_is_known_as_one(tmp_path: Path, fps: int) -> None:
    _, receipt = read(make_video(tmp_path / "even.mkv", seconds=2, fps=fps))  # Matroska rounds to milliseconds

    assert receipt.average_fps == pytest.approx(fps, rel=0.01)
    assert not receipt.variable_rate
    assert receipt.duration_s == pytest.approx(2.0, abs=0.005)
    assert receipt.covered_share == 1.0


def test_time_starts_with_the_stream_and_not_with_the_clock_of_the_camera(tmp_path: Path) -> None:
    path = encode(tmp_path / "late.ts", [scene(i / 30) for i in range(30)], times=[50 + i / 30 for i in range(30)])
    pictures, receipt = read(path)
    assert list(pictures) == pytest.approx([i / 30 for i in range(30)], abs=1e-4)
    assert receipt.duration_s == pytest.approx(1.0, abs=0.01)


def test_a_stream_without_any_timestamps_is_counted_at_its_rate(tmp_path: Path) -> None:
    path = encode(tmp_path / "bare.h264", [scene(i / 30) for i in range(30)], bf="0")
    pictures, _ = read(path)
    assert len(pictures) == 30
    steps = np.diff(list(pictures))
    assert (steps > 0).all()
    assert steps.mean() == pytest.approx(steps.max(), rel=0.05)


def test_a_clock_that_jumps_is_counted_on_and_told(tmp_path: Path) -> None:
    times = [i / 30 + (90_000 if i >= 30 else 0) for i in range(60)]
    pictures, receipt = read(encode(tmp_path / "jump.mkv", [scene(i / 30) for i in range(60)], times=times, bf="0"))

    assert len(pictures) == 60
    assert max(pictures) == pytest.approx(59 / 30, abs=0.1)
    assert CLOCK_JUMPS in [error.message for error in receipt.errors]


def test_a_part_starts_with_the_picture_on_screen_and_ends_before_its_end(tmp_path: Path) -> None:
    path = make_video(tmp_path / "six.mp4", seconds=6, fps=25)
    whole, _ = read(path)
    part, receipt = read(path, start_s=2.03, end_s=4.0)

    assert list(part) == [t for t in whole if 2.0 <= t < 4.0]
    assert all(np.array_equal(part[t], whole[t]) for t in part)
    assert (receipt.start_s, receipt.end_s, receipt.covered_share) == (2.03, 4.0, 1.0)
    assert receipt.frames_decoded == 50


def test_a_part_that_ends_just_before_the_end_does_not_shorten_the_video(tmp_path: Path) -> None:
    _, receipt = read(make_video(tmp_path / "six.mp4", seconds=6, fps=25), end_s=5.8)
    assert (receipt.duration_s, receipt.end_s) == (pytest.approx(6.0), 5.8)
    assert not receipt.errors


# ---------------------------------------------------------------------------------------------- passing over


@pytest.mark.parametrize(
    ("codec", "fps"),
    [("libx264", 30), ("libx264", 60), ("libx264", 24), ("libx265", 30), ("libvpx-vp9", 30), ("mjpeg", 30)],
)
def test_passing_over_what_no_tick_needs_changes_no_pixel(
    tmp_path: Path, codec: str, fps: int, capfd: pytest.CaptureFixture[str]
) -> None:
    pixels = {"mjpeg": "yuvj420p"}.get(codec, "yuv420p")
    options = {"libvpx-vp9": {"cpu-used": "8", "deadline": "realtime"}}.get(codec, {})
    count = 3 * fps
    path = encode(
        tmp_path / "video.mkv",
        noisy(count),
        times=[i / fps for i in range(count)],
        codec=codec,
        pixels=pixels,
        **options,
    )
    capfd.readouterr()  # x265 speaks

    def cut(needed_fps: float | None) -> tuple[NDArray[np.uint8], NDArray[np.float64], VideoInfo]:
        with open_video(path) as video:
            cut = list(windows(video.pictures(needed_fps=needed_fps), SPEC, end_s=3.0))
            return np.stack([w.frames for w in cut]), np.stack([w.times for w in cut]), video.info()

    all_frames, all_times, all_receipt = cut(None)
    frames, times, receipt = cut(15.0)

    assert np.array_equal(times, all_times, equal_nan=True)
    assert np.array_equal(frames, all_frames), "the windows are the same, bit for bit"
    assert all_receipt.frames_skipped == 0
    assert receipt.frames_decoded + receipt.frames_skipped == all_receipt.frames_decoded == count
    if codec in ("libx264", "libx265") and fps >= 30:
        assert receipt.frames_skipped >= count / 5
    if codec == "mjpeg":
        assert receipt.frames_skipped == pytest.approx(count / 2, abs=2), "every picture stands alone"


def test_the_same_file_gives_the_same_pictures_every_time(tmp_path: Path) -> None:
    path = encode(tmp_path / "video.mp4", noisy(60))
    first, first_receipt = read(path, needed_fps=15.0)
    for _ in range(3):
        again, receipt = read(path, needed_fps=15.0)
        assert receipt == first_receipt
        assert list(again) == list(first)
        assert all(np.array_equal(again[t], first[t]) for t in first)


# ---------------------------------------------------------------------------------------------- one moment


@pytest.fixture(params=["mp4", "mkv", "avi", "ts", "hevc.mp4", "open.mkv"])
def seekable(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Three seconds with B-frames and a key frame every twenty pictures, in the containers that people have."""
    codec = "libx265" if request.param.startswith("hevc") else "libx264"
    options = {"x265-params": "keyint=20:log-level=none"} if codec == "libx265" else {"g": "20"}
    if request.param.startswith("open"):
        options["x264-params"] = "open-gop=1"  # pictures before a key frame are built from it too
    return encode(tmp_path / f"video.{request.param}", noisy(90), codec=codec, **options)


def test_the_picture_at_a_moment_is_the_one_that_a_decode_from_the_start_shows(seekable: Path) -> None:
    whole, _ = read(seekable)
    times = list(whole)
    moments = [-1.0, 0.0, times[1] - 1e-4, 1.0, 2.0, times[-1], 99.0, *(t + 0.01 for t in times)]
    random.Random(1).shuffle(moments)
    with open_video(seekable) as video:
        for moment in moments:
            seconds, picture = video.picture_at(moment)
            assert seconds == max((t for t in times if t <= moment), default=times[0]), f"at {moment} s"
            assert np.array_equal(picture.rgb(32, 24), whole[seconds]), f"another picture at {moment} s"


@pytest.mark.parametrize("name", ["nasa_13013.mp4", "vp8.webm", "av1.mkv", "no_duration.webm"])
def test_the_player_is_exact_on_real_files(media: Media, name: str) -> None:
    with open_video(media(name)) as video:
        whole = {seconds: picture.rgb(16, 16) for seconds, picture in video.pictures()}
        times = list(whole)
        for k in random.Random(2).sample(range(len(times)), 6):
            seconds, picture = video.picture_at(times[k] + 0.001)
            assert seconds == times[k]
            assert np.array_equal(picture.rgb(16, 16), whole[seconds])


def test_a_part_is_the_same_pictures_as_in_the_whole(seekable: Path) -> None:
    whole, _ = read(seekable)
    for start_s in (0.65, 0.7, 1.3, 1.99, 2.01, 2.9):
        part, _ = read(seekable, start_s=start_s)
        on_screen = max(t for t in whole if t <= start_s)
        assert list(part) == [t for t in whole if t >= on_screen], f"from {start_s} s"
        assert all(np.array_equal(part[t], whole[t]) for t in part), f"from {start_s} s"


def test_the_player_does_not_disturb_a_pass(tmp_path: Path) -> None:
    path = encode(tmp_path / "video.mp4", noisy(60), g="15")
    whole, _ = read(path)
    with open_video(path) as video:
        pass_times = []
        for seconds, _picture in video.pictures():
            pass_times.append(seconds)
            video.picture_at(1.9 - seconds / 2)
        assert pass_times == list(whole)
