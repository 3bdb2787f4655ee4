"""A picture is upright, of the right colours and proportions, whatever the file holds."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from screening.records import Region
from screening.sampling import windows
from screening.video import open_video, probe
from tests.screening.video.files import SPEC, Media, encode, noisy
from tests.screening.videos import scene

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
