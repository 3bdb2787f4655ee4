"""Cameras have names, say what they really give, and end with one sentence when they are not there or go away."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from types import SimpleNamespace

import av
import pytest

from screening.errors import ScreeningError, VideoUnusable, WrongUsage
from screening.recording.cameras import Camera, Source, cameras, network_camera
from tests.screening.recording.loopback import LoopbackCamera, serving


def node(folder: Path, number: int, name: str, index: str | None) -> None:
    (folder / f"video{number}").mkdir(parents=True)
    (folder / f"video{number}" / "name").write_text(name + "\n", encoding="utf-8")
    if index is not None:
        (folder / f"video{number}" / "index").write_text(index + "\n")


def test_linux_names_its_cameras_and_their_metadata_are_none(tmp_path: Path) -> None:
    node(tmp_path, 10, "", "0")
    node(tmp_path, 0, "Máy ảnh HD", "0")
    node(tmp_path, 1, "Máy ảnh HD", "1")
    node(tmp_path, 2, "Old driver", None)
    (tmp_path / "v4l-subdev0").mkdir()

    assert cameras("linux", tmp_path) == (Source("Máy ảnh HD", 0), Source("Old driver", 2), Source("Camera 10", 10))
    assert cameras("linux", tmp_path / "none") == ()


def test_windows_names_come_through_ffmpeg_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here ran on Windows: this holds only that names and indices are put together."""

    def listed(format_name: str) -> list[SimpleNamespace]:
        assert format_name == "dshow"
        return [
            SimpleNamespace(description="Microphone", media_types=["audio"]),
            SimpleNamespace(description="Integrated Camera", media_types=["video"]),
            SimpleNamespace(description="", media_types=["video", "audio"]),
        ]

    monkeypatch.setattr(av, "enumerate_input_devices", listed)
    assert cameras("win32") == (Source("Integrated Camera", 0), Source("Camera 2", 1))


def test_a_system_that_cannot_list_has_none() -> None:
    assert cameras("win32" if os.name != "nt" else "darwin") == ()


def test_an_address_is_known_by_its_host_and_its_password_is_not_shown() -> None:
    source = network_camera(" rtsp://nurse:secret@192.0.2.7:554/stream ")
    assert source == Source("192.0.2.7", "rtsp://nurse:secret@192.0.2.7:554/stream")
    for wrong in ("", "camera", "file:///etc/passwd", "concat:a|b", "http://", "http://[bad"):
        with pytest.raises(WrongUsage):
            network_camera(wrong)


def test_what_a_camera_really_gives_is_told(plugged: LoopbackCamera) -> None:
    with Camera(network_camera(plugged.address)) as camera:
        heard: list[float] = []
        camera.listen(lambda shot: heard.append(shot.time_s))
        deadline = time.monotonic() + 10
        while len(heard) < 30 and time.monotonic() < deadline:
            time.sleep(0.05)

        assert camera.size == (160, 120)
        assert 10 < camera.rate < 30  # 20 were sent; FFmpeg claims 25
        assert heard == sorted(heard)
        assert camera.problem is None


def no_server() -> str:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{closed.getsockname()[1]}/"


def test_no_camera_there_is_one_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    for source in (network_camera(no_server()), Source("Integrated Camera", 97)):
        with pytest.raises(VideoUnusable) as caught:
            Camera(source)
        assert source.name in str(caught.value)
        assert "\n" not in str(caught.value)
    capfd.readouterr()


@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_a_camera_that_never_answers_does_not_hang(scheme: str, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(VideoUnusable):
            Camera(network_camera(address), open_timeout_s=0.5, read_timeout_s=0.5)
    capfd.readouterr()


@pytest.mark.parametrize("fault", ["unplugged", "stalled"])
def test_a_camera_that_goes_away_is_told(fault: str, capfd: pytest.CaptureFixture[str]) -> None:
    with serving() as server, Camera(network_camera(server.address), read_timeout_s=0.7) as camera:
        assert camera.problem is None
        getattr(server, fault).set()

        problem: ScreeningError | None = None
        deadline = time.monotonic() + 10
        while problem is None and time.monotonic() < deadline:
            time.sleep(0.02)
            problem = camera.problem

        assert isinstance(problem, VideoUnusable)
        assert "127.0.0.1" in str(problem)
    capfd.readouterr()
