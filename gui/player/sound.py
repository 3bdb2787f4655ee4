"""The sound of the video that is shown, where this machine can play it; where it cannot, why not, and no harm done.

A path and the playback's place come in; samples go to a loudspeaker, from a thread of `worker`'s crew.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

import av
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from gui.worker import Crew, Worker
from screening.errors import N_, VideoUnusable
from screening.video.decoding import SharedFile

RATE, CHANNELS = 48_000, 2
# Samples handed over at once: a pause is heard no later than this.
BLOCK = RATE // 20
# Heard so far from what is seen, the sound is put right; lips and voice that differ by less pass for one.
APART_S = 0.2
# Without a new picture for so long, the sound waits for it.
STALE_S = 0.5
BUFFER_S = 0.1
# One packet of sound may be so long, and must be met from its beginning.
PACKET_S = 1.5

NO_TRACK = N_("This video has no sound.")
NO_LIBRARY = N_("Sound cannot be played: the PortAudio library is not installed on this computer.")
NO_DEVICE = N_("Sound cannot be played: no loudspeaker was found.")
DEVICE_GONE = N_("Sound stopped: the loudspeaker can no longer be used.")

Samples = NDArray[np.float32]
T = TypeVar("T")


class NoSound(Exception):
    """Sound cannot be played; the message says why, as a sentence to translate."""


class Output(Protocol):
    """A loudspeaker for float32 (n, 2) samples at 48 kHz. `start`, `write` and `abort` may raise NoSound."""

    @property
    def latency(self) -> float:
        """Seconds from the end of `write` until the sample is heard."""
        ...

    def start(self) -> None:
        """Begin to play what is written."""
        ...

    def write(self, samples: Samples) -> None:
        """Add samples; waits while there is no room for them."""
        ...

    def abort(self) -> None:
        """Be silent at once; what was written and not yet heard is dropped."""
        ...

    def close(self) -> None:
        """Let the device go."""
        ...


OpenOutput = Callable[[], Output]


def loudspeaker() -> Output:
    """Open the loudspeaker of this computer, through PortAudio. Raises NoSound."""
    try:
        import sounddevice  # only now: it looks for the machine's devices, and may not find its library
    except (ImportError, OSError) as error:
        raise NoSound(NO_LIBRARY) from error
    try:
        stream = sounddevice.OutputStream(RATE, channels=CHANNELS, dtype="float32", latency=BUFFER_S)
    except (sounddevice.PortAudioError, ValueError) as error:
        raise NoSound(NO_DEVICE) from error
    return _Loudspeaker(stream, sounddevice.PortAudioError)


class _Loudspeaker:
    def __init__(self, stream: Any, error: type[Exception]) -> None:
        self._stream, self._error = stream, error

    @property
    def latency(self) -> float:
        return float(self._stream.latency)

    def start(self) -> None:
        self._do(self._stream.start)

    def write(self, samples: Samples) -> None:
        self._do(self._stream.write, samples)

    def abort(self) -> None:
        self._do(self._stream.abort)

    def close(self) -> None:
        self._stream.close(ignore_errors=True)

    def _do(self, what: Callable[..., object], *given: object) -> None:
        try:
            what(*given)
        except self._error as error:
            raise NoSound(DEVICE_GONE) from error


class SoundTrack:
    """The first sound track of a video file. Raises VideoUnusable, or NoSound where there is none."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        try:
            self._container, picture = SharedFile(self._file, path.name, 1).open()
        except VideoUnusable:
            self._file.close()
            raise
        if not self._container.streams.audio:
            self.close()
            raise NoSound(NO_TRACK)
        self._stream = self._container.streams.audio[0]
        # Seconds count from the first picture, here as everywhere.
        self._zero_s = float((picture.start_time or 0) * picture.time_base) if picture.time_base else 0.0

    def close(self) -> None:
        """Let the file go."""
        self._container.close()
        self._file.close()

    def blocks(self, start_s: float) -> Iterator[tuple[float, Samples]]:
        """(seconds, float32 (n, 2)) from `start_s` on, at most 1/20 s each; what is damaged is left out."""
        stream = self._stream
        resampler = av.AudioResampler(format="flt", layout="stereo", rate=RATE)
        at = max(0.0, start_s + self._zero_s - PACKET_S)
        self._container.seek(round(at * av.time_base), stream=None)
        packets = self._container.demux(stream)
        while (packet := _readable(lambda: next(packets, None))) is not None:
            for frame in _readable(packet.decode) or ():
                for plain in resampler.resample(frame):
                    samples = plain.to_ndarray().astype(np.float32).reshape(-1, CHANNELS)
                    seconds = (frame.time or 0.0) - self._zero_s
                    early = max(0, round((start_s - seconds) * RATE))
                    for first in range(early, len(samples), BLOCK):
                        yield seconds + first / RATE, samples[first : first + BLOCK]


def _readable(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except av.FFmpegError:
        return None


class SoundPlayer(Worker):
    """Plays one video's sound track beside its picture: whichever is late, the picture is right."""

    ready = Signal(str)  # "": it can be heard; else why not

    def __init__(self, path: Path, open_output: OpenOutput) -> None:
        super().__init__()
        self._path, self._open_output = path, open_output
        self._wake = threading.Condition()
        self._playing = False
        self._seen: tuple[float, float] = (0.0, 0.0)  # seconds in the video, and when that was
        self.volume = 1.0

    # ---- asked from the GUI thread

    def stop(self) -> None:
        """Ask the thread to end soon."""
        with self._wake:
            super().stop()
            self._wake.notify()

    def play(self, seconds: float) -> None:
        """Be heard from `seconds` on."""
        with self._wake:
            self._playing, self._seen = True, (seconds, time.monotonic())
            self._wake.notify()

    def pause(self) -> None:
        """Be silent."""
        with self._wake:
            self._playing = False

    def follow(self, seconds: float) -> None:
        """The picture of `seconds` is seen now."""
        with self._wake:
            self._seen = (seconds, time.monotonic())

    # ---- on the worker thread

    def run(self) -> None:
        """Called by Qt on the new thread."""
        try:
            track = SoundTrack(self._path)
        except NoSound as why:
            self.ready.emit(str(why))
            return
        except (OSError, VideoUnusable):
            return  # the picture's reader says so
        try:
            output = self._open_output()
        except NoSound as why:
            self.ready.emit(str(why))
        else:
            self.ready.emit("")
            try:
                while self._wait():
                    self._play(track, output)
            except NoSound as why:
                self.ready.emit(str(why))
            finally:
                output.close()
        finally:
            track.close()

    def _wait(self) -> bool:
        with self._wake:
            self._wake.wait_for(lambda: self._playing or self._stop.is_set())
            return not self._stop.is_set()

    def _now(self) -> float:
        seconds, when = self._seen
        return seconds + min(time.monotonic() - when, STALE_S)

    def _play(self, track: SoundTrack, output: Output) -> None:
        """Until it is to be silent: from where the picture is, and again from there whenever the two have parted."""
        output.start()
        try:
            while self._is_heard():
                together = False
                for seconds, samples in track.blocks(self._now() + output.latency):
                    if not self._is_heard() or abs(seconds - output.latency - self._now()) > APART_S:
                        break
                    output.write(samples * np.float32(self.volume))
                    together = True
                else:
                    together = False
                if not together:
                    self._rest()
        finally:
            output.abort()

    def _is_heard(self) -> bool:
        return self._playing and not self._stop.is_set()

    def _rest(self) -> None:
        """The sound begins later than the picture, or ended before it."""
        with self._wake:
            self._wake.wait_for(lambda: not self._is_heard(), BUFFER_S)


class Sound(QObject):
    """The sound of the playback: heard at 1 × only, muted or not. Other speeds are silent."""

    changed = Signal()

    def __init__(self, crew: Crew, open_output: OpenOutput = loudspeaker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._crew, self._open_output = crew, open_output
        self._player: SoundPlayer | None = None
        self.can_be_heard = False
        self.why_not = ""  # a sentence to translate, once it is known
        self.volume = 1.0
        self.is_muted = False

    def open(self, path: Path) -> None:
        """Make the sound of `path` ready; `changed` tells whether it can be heard."""
        self.close()
        self._player = SoundPlayer(path, self._open_output)
        self._player.ready.connect(self._ready)
        self._tell_volume()
        self._crew.start(self._player)

    def close(self) -> None:
        """Let the video go."""
        if self._player is not None:
            self._player.stop()
            self._player = None
        self._say(False, "")

    def play(self, seconds: float) -> None:
        """Be heard from `seconds` on."""
        if self._player is not None:
            self._player.play(seconds)

    def pause(self) -> None:
        """Be silent."""
        if self._player is not None:
            self._player.pause()

    def follow(self, seconds: float) -> None:
        """The picture of `seconds` is seen now."""
        if self._player is not None:
            self._player.follow(seconds)

    def use_volume(self, volume: float) -> None:
        """From 0 to 1; above 0 it is not muted."""
        self.volume, self.is_muted = volume, volume == 0
        self._tell_volume()
        self.changed.emit()

    def toggle_mute(self) -> None:
        """Mute, or be heard again."""
        self.is_muted = not self.is_muted
        self.volume = self.volume or 1.0
        self._tell_volume()
        self.changed.emit()

    def _tell_volume(self) -> None:
        if self._player is not None:
            self._player.volume = 0.0 if self.is_muted else self.volume

    def _ready(self, why_not: str) -> None:
        if self.sender() is self._player:
            self._say(not why_not, why_not)

    def _say(self, can_be_heard: bool, why_not: str) -> None:
        self.can_be_heard, self.why_not = can_be_heard, why_not
        self.changed.emit()
