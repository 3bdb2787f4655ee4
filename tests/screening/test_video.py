"""Whatever a camera or a broken disk made of a video: the right pictures at the right times, and a true receipt."""

from __future__ import annotations

import hashlib
import io
import random
import re
import socket
import wave
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from screening.errors import VideoUnusable
from screening.records import InputSpec, Region, VideoInfo
from screening.sampling import windows
from screening.video import open_video, probe
from screening.video.decoding import BROKEN_OFF, CLOCK_JUMPS, DAMAGED
from tests.screening.videos import make_video, scene

SPEC = InputSpec(32, 56, 56, 15.0, 8, "RGB", (0.0, 1.0), "stretch", "black", "dynamic")
Media = Callable[[str], Path]


def encode(
    path: Path,
    pictures: Sequence[NDArray[np.uint8]],
    *,
    times: Sequence[float] | None = None,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    matrix: Sequence[int] | None = None,
    aspect: Fraction | None = None,
    container: dict[str, str] | None = None,
    **options: str,
) -> Path:
    """Write RGB pictures (30 a second unless `times` are given) with everything a file may say about them."""
    with av.open(str(path), "w", container_options=container or {}) as output:
        stream = output.add_stream(codec, rate=30, options=options)
        stream.height, stream.width, stream.pix_fmt = *pictures[0].shape[:2], pixels
        stream.codec_context.time_base = Fraction(1, 90_000)
        if matrix is not None:
            stream.set_display_matrix(matrix)
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        for i, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts = round((times[i] if times is not None else i / 30) * 90_000)
            frame.time_base = Fraction(1, 90_000)
            output.mux(stream.encode(frame))
        output.mux(stream.encode())
    return path


def read(path: Path, **options: float) -> tuple[dict[float, NDArray[np.uint8]], VideoInfo]:
    """Every picture by its time, made small, and the receipt."""
    with open_video(path) as video:
        pictures = {seconds: picture.rgb(32, 24) for seconds, picture in video.pictures(**options)}
        return pictures, video.info()


def noisy(count: int, width: int = 96, height: int = 64) -> list[NDArray[np.uint8]]:
    """The moving scene with grain: large enough a file to be broken in the middle."""
    grain = np.random.default_rng(5).integers(-25, 25, (8, height, width, 3))
    return [np.clip(scene(i / 30, width, height) + grain[i % 8], 0, 255).astype(np.uint8) for i in range(count)]


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


# ---------------------------------------------------------------------------------------------- upright

UNIT = 1 << 16
# ISO/IEC 14496-12: the matrix {a, b, u, c, d, v, x, y, w} sends (p, q) to (a·p + c·q + x, b·p + d·q + y).
TURNS = {
    "quarter clockwise": ((0, UNIT, 0, -UNIT, 0, 0), lambda upright: np.rot90(upright, 1), 90),
    "upside down": ((-UNIT, 0, 0, 0, -UNIT, 0), lambda upright: np.rot90(upright, 2), 180),
    "quarter anticlockwise": ((0, -UNIT, 0, UNIT, 0, 0), lambda upright: np.rot90(upright, -1), 270),
    "mirrored": ((-UNIT, 0, 0, 0, UNIT, 0), lambda upright: upright[:, ::-1], 0),
    "mirrored and turned": ((0, UNIT, 0, UNIT, 0, 0), lambda upright: upright.transpose(1, 0, 2), 270),
}


@pytest.mark.parametrize("turn", TURNS)
def test_a_camera_held_in_any_way_gives_the_same_upright_picture(tmp_path: Path, turn: str) -> None:
    matrix, store, degrees = TURNS[turn]
    upright = [scene(i / 30, 96, 64) for i in range(30)]
    plain = encode(tmp_path / "plain.mp4", upright, crf="4")
    stored = [np.ascontiguousarray(store(picture)) for picture in upright]
    turned = encode(tmp_path / "turned.mp4", stored, matrix=(*matrix, 0, 0, 1 << 30), crf="4")

    with open_video(plain) as one, open_video(turned) as other:
        assert (other.width, other.height) == (one.width, one.height) == (96, 64)
        for (_, expected), (_, picture) in zip(one.pictures(), other.pictures(), strict=True):
            assert abs(picture.rgb(48, 32).astype(int) - expected.rgb(48, 32)).mean() < 2.5
            box = Region(60, 4, 30, 20)
            assert abs(picture.rgb(15, 10, box).astype(int) - expected.rgb(15, 10, box)).mean() < 4
        assert other.info().rotation_deg == degrees


def test_windows_of_a_turned_copy_are_the_same(tmp_path: Path) -> None:
    upright = [scene(i / 30, 160, 120) for i in range(75)]
    matrix, store, _ = TURNS["quarter clockwise"]
    files = [
        encode(tmp_path / "plain.mp4", upright),
        encode(tmp_path / "turned.mp4", [store(p).copy() for p in upright], matrix=(*matrix, 0, 0, 1 << 30)),
    ]
    cuts = []
    for path in files:
        with open_video(path) as video:
            cuts.append(np.stack([w.frames for w in windows(video.pictures(needed_fps=15.0), SPEC)]).astype(int))
    assert abs(cuts[0] - cuts[1]).mean() < 1.5


@pytest.mark.parametrize(("degrees", "size"), [(0, (568, 320)), (90, (320, 568)), (180, (568, 320)), (270, (320, 568))])
def test_real_phone_videos_are_turned_as_the_phone_asks(media: Media, degrees: int, size: tuple[int, int]) -> None:
    receipt = probe(media(f"rotation_{degrees}.mov"))
    assert (receipt.rotation_deg, (receipt.width, receipt.height)) == (degrees, size)
    assert receipt.frames_decoded == 3


# ---------------------------------------------------------------------------------------------- pixels


def test_a_region_is_the_same_pixels_as_in_the_whole_picture(tmp_path: Path) -> None:
    path = encode(tmp_path / "video.mp4", noisy(3), crf="1")
    with open_video(path) as video:
        _, picture = next(video.pictures())
        whole = picture.rgb(96, 64).astype(int)
        for box in (Region(0, 0, 96, 64), Region(32, 16, 40, 30), Region(33, 17, 41, 31), Region(95, 63, 1, 1)):
            cut = picture.rgb(box.width, box.height, box).astype(int)
            expected = whole[box.y : box.y + box.height, box.x : box.x + box.width]
            assert abs(cut - expected).mean() < 6, f"{box}"
            assert abs(cut.mean() - expected.mean()) < 3, f"{box}"


def test_shrinking_is_the_mean_of_the_pixels_and_not_one_of_them(tmp_path: Path) -> None:
    board = np.zeros((448, 448, 3), np.uint8)
    board[::2, ::2] = board[1::2, 1::2] = 255
    (picture,) = (p for _, p in open_video(encode(tmp_path / "board.mp4", [board], crf="1")).pictures())
    assert abs(picture.rgb(56, 56).astype(int) - 127).max() < 12


@pytest.mark.parametrize("times_smaller", [2, 8])
def test_colours_stay_where_they_are_in_a_tiny_picture(tmp_path: Path, times_smaller: int) -> None:
    # Neighbouring pixels of the model have different colours here; chroma at half its width would mix them.
    stripes = np.zeros((56, 56, 3), np.uint8)
    stripes[:, ::2], stripes[:, 1::2] = (30, 30, 220), (220, 30, 30)
    stripes = stripes.repeat(times_smaller, axis=0).repeat(times_smaller, axis=1)
    path = encode(tmp_path / "stripes.mp4", [stripes], crf="1")
    (picture,) = (p for _, p in open_video(path).pictures())
    small = picture.rgb(56, 56).astype(int)
    assert (small[:, 1::2, 0] > 190).all()
    assert (small[:, ::2, 0] < 60).all()
    assert (small[:, ::2, 2] > 190).all()


@pytest.mark.parametrize(("size", "standard"), [((720, 576), "ITU601"), ((1280, 720), "ITU709")])
def test_a_file_that_names_no_colour_standard_is_shown_as_players_show_it(
    tmp_path: Path, size: tuple[int, int], standard: str
) -> None:
    width, height = size
    rgb = av.VideoFrame.from_ndarray(np.full((height, width, 3), (200, 60, 40), np.uint8), "rgb24")
    frame = rgb.reformat(format="yuv420p", dst_colorspace=standard)
    frame.colorspace = 2  # unspecified
    path = tmp_path / "untagged.mp4"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        output.mux(stream.encode(frame))
        output.mux(stream.encode())
    with open_video(path) as video:
        _, picture = next(video.pictures())
    for asked in ((4, 4), (width // 2, height // 2)):
        assert abs(picture.rgb(*asked)[1, 1].astype(int) - (200, 60, 40)).max() <= 5


@pytest.mark.parametrize("pixels", ["yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuvj420p"])
def test_any_depth_and_any_chroma_gives_the_colours_that_were_filmed(tmp_path: Path, pixels: str) -> None:
    filmed = np.empty((64, 96, 3), np.uint8)
    filmed[:, :32], filmed[:, 32:64], filmed[:, 64:] = (200, 40, 40), (40, 180, 60), (240, 240, 240)
    (picture,) = (p for _, p in open_video(encode(tmp_path / "video.mp4", [filmed], pixels=pixels)).pictures())
    shown = picture.rgb(6, 4)
    for column, colour in ((0, (200, 40, 40)), (3, (40, 180, 60)), (5, (240, 240, 240))):
        assert abs(shown[1, column].astype(int) - colour).max() <= 6


def test_alpha_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "alpha.mov"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("qtrle", rate=30)
        stream.width, stream.height, stream.pix_fmt = 32, 24, "argb"
        clear = np.zeros((24, 32, 4), np.uint8)
        clear[..., 0], clear[..., 1:] = 128, (10, 200, 90)
        output.mux(stream.encode(av.VideoFrame.from_ndarray(clear, "argb")))
        output.mux(stream.encode())
    with open_video(path) as video:
        _, picture = next(video.pictures())
        assert abs(picture.rgb(4, 4).astype(int) - (10, 200, 90)).max() <= 2


def test_oblong_pixels_are_shown_square(tmp_path: Path) -> None:
    path = encode(tmp_path / "oblong.mp4", [scene(0, 96, 64)] * 2, aspect=Fraction(4, 3))
    with open_video(path) as video:
        assert (video.width, video.height) == (128, 64)
        _, picture = next(video.pictures())
        assert (picture.width, picture.height) == (128, 64)
        right = picture.rgb(8, 8, Region(64, 0, 64, 64)).astype(int)
        assert abs(right - picture.rgb(16, 8)[:, 8:]).mean() < 3


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (1, 7), (33, 17)])
def test_odd_and_tiny_pictures(tmp_path: Path, size: tuple[int, int]) -> None:
    picture = np.full((size[1], size[0], 3), (200, 60, 60), np.uint8)
    path = encode(tmp_path / "tiny.mp4", [picture] * 3, pixels="yuv444p")
    with open_video(path) as video:
        assert (video.width, video.height) == size
        for _, shown in video.pictures():
            for asked in ((56, 56), size):
                pixels = shown.rgb(*asked)
                assert pixels.shape == (asked[1], asked[0], 3)
                assert abs(pixels.astype(int) - (200, 60, 60)).max() <= 8
            assert shown.rgb(1, 1, Region(size[0] - 1, size[1] - 1, 1, 1)).shape == (1, 1, 3)


def test_a_picture_outlives_its_video(tmp_path: Path) -> None:
    with open_video(encode(tmp_path / "video.mp4", noisy(40))) as video:
        kept = list(video.pictures())[::13]
        before = [picture.rgb(32, 24) for _, picture in kept]
    assert all(np.array_equal(picture.rgb(32, 24), pixels) for (_, picture), pixels in zip(kept, before, strict=True))


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
    path = damage(encode(tmp_path / "damaged.mkv", noisy(120), g="40", bf="2"), inside=inside)
    options = {} if needed_fps is None else {"needed_fps": needed_fps}
    first, first_receipt = read(path, **options)
    assert first_receipt.errors
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


# ---------------------------------------------------------------------------------------------- the file


@pytest.mark.parametrize("name", ["bé tập vỗ tay — lần 2.mp4", "视频 📹.mp4", "e\u0301te\u0301.mp4", "a'b\"c %d.mp4"])
def test_any_name(tmp_path: Path, name: str) -> None:
    try:
        path = make_video(tmp_path / "plain.mp4", seconds=1).rename(tmp_path / name)
    except OSError:
        pytest.skip("this file system does not take the name")
    assert probe(path).frames_decoded == 30


def test_a_file_object_is_read_like_a_path_and_left_open(tmp_path: Path) -> None:
    path = make_video(tmp_path / "video.mp4", seconds=1)
    data = path.read_bytes()
    file = io.BytesIO(data)
    with open_video(file, name="case 7") as video:
        pictures = {seconds: picture.rgb(32, 24) for seconds, picture in video.pictures()}
        receipt = video.info()
    expected, _ = read(path)
    assert all(np.array_equal(pictures[t], expected[t]) for t in expected)
    assert receipt.path == "case 7"
    assert receipt.sha256 == hashlib.sha256(data).hexdigest()
    assert receipt.size_bytes == len(data)
    assert not file.closed


def test_the_receipt_may_be_asked_for_in_the_middle_of_a_pass(tmp_path: Path) -> None:
    path = encode(tmp_path / "video.mkv", noisy(90))
    with open_video(path) as video:
        before = video.info()
        assert (before.frames_decoded, before.duration_s) == (0, pytest.approx(3.0, abs=0.1))
        for count, _ in enumerate(video.pictures(), 1):
            if count == 40:
                assert video.info().frames_decoded == 40
        assert video.info().frames_decoded == 90


def test_the_best_of_several_streams_is_taken(media: Media) -> None:
    receipt = probe(media("nasa_13013.mp4"))
    assert receipt.video_streams == 2
    assert (receipt.width, receipt.height, receipt.frames_decoded) == (480, 270, 390)
    assert receipt.has_audio


def silent_sound(path: Path) -> Path:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16_000))
    return path


def unusable(folder: Path) -> Iterator[tuple[Path, str]]:
    """Files that are no video, each with a word of its sentence."""
    yield folder / "nothing here.mp4", "no file"
    yield folder, "folder"
    made: dict[str, tuple[bytes, str]] = {
        "empty.webm": (b"", "empty"),
        "letter.mp4": (b"Dear doctor, here is the video. " * 200, "not a video"),
        "notes.txt": (b"\x1b[1mDear doctor\x1b[0m\r\n" * 500, "not a video"),
        "noise.mkv": (random.Random(0).randbytes(60_000), "not a video"),
        "list.m3u8": (b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n", "not a video"),
        "photo.png": (photo(), "not a video"),
    }
    for name, (data, word) in made.items():
        (folder / name).write_bytes(data)
        yield folder / name, word
    yield silent_sound(folder / "sound.wav"), "holds no video"
    strange = encode(folder / "strange.mp4", noisy(3)).read_bytes().replace(b"avc1", b"zzzz").replace(b"avcC", b"zzzC")
    (folder / "strange.mp4").write_bytes(strange)
    yield folder / "strange.mp4", "coded in a way"
    gutted = bytearray(encode(folder / "gutted.mp4", noisy(10)).read_bytes())
    start = gutted.index(b"mdat") + 4
    gutted[start : gutted.index(b"moov") - 4] = bytes(gutted.index(b"moov") - 4 - start)
    (folder / "gutted.mp4").write_bytes(gutted)
    yield folder / "gutted.mp4", "no picture"


def photo() -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="image2pipe") as output:
        stream = output.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "rgb24"
        output.mux(stream.encode(av.VideoFrame.from_ndarray(scene(0), "rgb24")))
        output.mux(stream.encode())
    return file.getvalue()


def test_what_is_no_video_is_refused_in_one_sentence_that_names_it(tmp_path: Path) -> None:
    for path, word in unusable(tmp_path):
        with pytest.raises(VideoUnusable) as refusal:
            open_video(path)
        sentence = str(refusal.value)
        assert re.search(word, sentence), f"{path.name}: {sentence}"
        assert path.name in sentence
        assert "\n" not in sentence


def test_a_file_that_points_elsewhere_makes_no_connection(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/part.ts"
        lists = tmp_path / "list.m3u8"
        lists.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{address}\n#EXT-X-ENDLIST\n")
        with pytest.raises(VideoUnusable, match="not a video"):
            open_video(lists)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_every_real_file_gives_pictures_or_one_sentence(media: Media) -> None:
    for path in sorted(media("empty.webm").parent.iterdir()):
        if path.name.startswith("asl_") and path.name != "asl_yes.mkv":
            continue  # eleven of a kind
        try:
            video = open_video(path)
        except VideoUnusable:
            assert path.name in ("empty.webm", "ATTRIBUTION.md")
            continue
        with video:
            times = []
            for seconds, picture in video.pictures(needed_fps=15.0, end_s=1.5):
                times.append(seconds)
                assert picture.rgb(56, 56).shape == (56, 56, 3)
            receipt = video.info()
        assert all(a <= b for a, b in pairwise(times)), path.name
        assert receipt.frames_decoded == len(times) > 0, path.name
        assert 0.6 <= receipt.covered_share <= 1.0, path.name
