"""Cameras: which there are, and one that is open. In: an index or an address. Out: pictures with the time they came.

OpenCV reads them. A driver may hang for ever in an open or a read that nobody can interrupt, and a capture that is used
by two threads at once can crash; so one thread of the camera's own opens it, reads it and releases it, and everybody
else only waits for that thread as long as they choose.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import urlsplit

import av
import numpy as np
from numpy.typing import NDArray

from screening import opencv as cv2
from screening.errors import N_, ScreeningError, VideoUnusable, WrongUsage

_SCHEMES = {"http", "https", "rtsp", "rtsps"}
_BACKENDS = {"linux": "CAP_V4L2", "win32": "CAP_DSHOW", "darwin": "CAP_AVFOUNDATION"}
# The lists of FFmpeg's devices, in the order of the system's own, which is also that of OpenCV's indices.
_LISTED_BY = {"win32": "dshow", "darwin": "avfoundation"}

_FORGIVEN_READS = 5  # a USB camera may lose a picture; one that gives none five times running is gone
_BETWEEN_READS_S = 0.05
_RATE_OVER_S = 2.0

NOT_OPENED = N_("The camera “{name}” cannot be opened. Check that it is plugged in and that no other program uses it.")
NO_ANSWER = N_("The camera “{name}” does not answer. Check its cable or its network, then try again.")
LOST = N_("The camera “{name}” was lost. Check its cable or its network, then start a new recording.")


@dataclass(frozen=True, slots=True)
class Source:
    """A camera that can be opened: the name that is shown, and OpenCV's index or an address."""

    name: str
    address: int | str


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a camera in pixels and pictures per second; it gives what it can. Addresses are never asked."""

    width: int = 1280
    height: int = 720
    rate: float = 30.0


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture and when it came, in seconds of `time.monotonic`; `picture` is uint8 (height, width, 3), BGR."""

    time_s: float
    picture: NDArray[np.uint8]


def cameras(system: str = sys.platform, folder: Path = Path("/sys/class/video4linux")) -> tuple[Source, ...]:
    """The cameras of this computer by name, none of them opened; () where there is none.

    Linux keeps the names in `folder` (Video4Linux); Windows and macOS are asked through FFmpeg.
    """
    if system in _LISTED_BY:
        try:
            devices = av.enumerate_input_devices(_LISTED_BY[system])
        except (av.FFmpegError, ValueError):
            return ()
        films = [device for device in devices if "video" in device.media_types]
        return tuple(Source(device.description or f"Camera {n + 1}", n) for n, device in enumerate(films))
    found = []
    for node in folder.glob("video*") if folder.is_dir() else ():
        number = node.name.removeprefix("video")
        # A webcam has further nodes, for its metadata: they have the same name, and no picture.
        if number.isdecimal() and _line(node / "index") in ("", "0"):
            found.append(Source(_line(node / "name") or f"Camera {number}", int(number)))
    return tuple(sorted(found, key=lambda source: cast(int, source.address)))


def _line(file: Path) -> str:
    with contextlib.suppress(OSError):
        return file.read_text(encoding="utf-8", errors="replace").strip()
    return ""


def network_camera(address: str) -> Source:
    """The camera at an http or rtsp `address`, `WrongUsage` where it is none; a password in it is not shown."""
    try:
        parts = urlsplit(address.strip())
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in _SCHEMES:
        raise WrongUsage(
            N_("“{address}” is not the address of a camera. It begins with http:// or rtsp://."), address=address
        )
    return Source(host, address.strip())


class Camera:
    """An open camera; a context manager. `newest` and `rate` may be read from any thread.

    Opening waits for the first picture: `VideoUnusable` where none comes within `open_timeout_s`. `size` is
    (width, height) of that picture, whatever the driver claims.
    """

    def __init__(
        self,
        source: Source,
        wish: Wish | None = None,
        *,
        open_timeout_s: float = 8.0,
        read_timeout_s: float = 5.0,
    ) -> None:
        self.source = source
        self._newest: Shot | None = None
        self._wish = wish or Wish()
        self._open_timeout_s, self._read_timeout_s = open_timeout_s, read_timeout_s
        self._hear: Callable[[Shot], None] | None = None
        self._times: deque[float] = deque(maxlen=240)
        self._answered, self._closing = threading.Event(), threading.Event()
        self._failure: str | None = None
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)
        self._thread.start()
        # FFmpeg keeps the time itself and says more exactly what was wrong; a driver has to be left behind.
        answered = self._answered.wait(open_timeout_s + 1.0)
        if self._newest is None:
            self._closing.set()
            self._thread.join(1.0)
            raise VideoUnusable(self._failure if answered and self._failure else NO_ANSWER, name=source.name)
        height, width = self._newest.picture.shape[:2]
        self.size: tuple[int, int] = (width, height)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the camera go. A driver that hangs in a read is left to end by itself."""
        self._closing.set()
        self._thread.join(self._read_timeout_s + 1.0)

    def listen(self, hear: Callable[[Shot], None] | None) -> None:
        """Have `hear` called with every picture, on the camera's thread, until another or None is given."""
        self._hear = hear

    @property
    def newest(self) -> Shot:
        """The last picture that came."""
        if self._newest is None:
            raise RuntimeError("a camera is open from its first picture on")
        return self._newest

    @property
    def rate(self) -> float:
        """Pictures per second that really came over the last two seconds; 0 before the second."""
        times = list(self._times)
        recent = [moment for moment in times if moment >= times[-1] - _RATE_OVER_S]
        return (len(recent) - 1) / (recent[-1] - recent[0]) if len(recent) > 1 and recent[-1] > recent[0] else 0.0

    @property
    def problem(self) -> ScreeningError | None:
        """Why no more pictures come, or None while they do."""
        if self._failure is not None:
            return VideoUnusable(LOST, name=self.source.name)
        # The second more lets FFmpeg, which keeps the same time, speak first.
        if time.monotonic() - self.newest.time_s > self._read_timeout_s + 1.0:
            return VideoUnusable(LOST, name=self.source.name)
        return None

    # ------------------------------------------------------------------------------------------ the camera's thread

    def _run(self) -> None:
        capture = self._open()
        try:
            if not capture.isOpened():
                self._failure = NOT_OPENED
                return
            failed = 0
            while not self._closing.is_set() and failed < _FORGIVEN_READS:
                if (shot := _read(capture)) is not None:
                    failed = 0
                    self._tell(shot)
                else:
                    failed += 1
                    self._closing.wait(_BETWEEN_READS_S)
            if not self._closing.is_set():
                self._failure = NO_ANSWER
        finally:
            capture.release()
            self._answered.set()

    def _tell(self, shot: Shot) -> None:
        self._times.append(shot.time_s)
        self._newest = shot
        self._answered.set()
        if (hear := self._hear) is not None:
            hear(shot)

    def _open(self) -> Any:
        if isinstance(self.source.address, str):
            limits = [
                cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
                round(self._open_timeout_s * 1000),
                cv2.CAP_PROP_READ_TIMEOUT_MSEC,
                round(self._read_timeout_s * 1000),
            ]
            return cv2.VideoCapture(self.source.address, cv2.CAP_FFMPEG, limits)
        backend = getattr(cv2, _BACKENDS.get(sys.platform, "CAP_ANY"))
        capture = cv2.VideoCapture(self.source.address, backend)
        # Uncompressed pictures of this size do not fit through USB 2 at a useful rate; drivers offer them first.
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._wish.width)
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._wish.height)
        capture.set(cv2.CAP_PROP_FPS, self._wish.rate)
        return capture


def _read(capture: Any) -> Shot | None:
    """The next picture and when it came; None when the camera gave none, or one that is damaged."""
    try:
        if not capture.grab():
            return None
        moment = time.monotonic()
        whole, picture = capture.retrieve()
    except cv2.error:
        return None
    return Shot(moment, picture) if whole and picture is not None and picture.ndim == 3 else None
