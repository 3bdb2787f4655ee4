"""Any name, any file object, the right stream; and one sentence for what is no video."""

from __future__ import annotations

import hashlib
import io
import random
import re
import socket
import wave
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from screening.errors import VideoUnusable
from screening.video import open_video, probe
from tests.screening.video.files import Media, encode, noisy, read
from tests.screening.videos import make_video, scene

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
