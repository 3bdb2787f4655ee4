"""Sound follows the picture where it can be played; where it cannot, the button says why, and the video plays on.

The loudspeaker here is one that writes down what it is given, as fast as it would be heard.
"""

from __future__ import annotations

import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from gui.player import sound
from gui.player.playback import Playback
from gui.player.sound import BLOCK, NO_DEVICE, NO_LIBRARY, NO_TRACK, RATE, NoSound, Samples, SoundTrack
from gui.widgets.player import Player
from gui.worker import Crew
from tests.gui.driving import wait
from tests.screening.videos import make_video, scene

SECONDS = 8


def loudness(second: int) -> float:
    """The value of every sample in this second: by it one knows what is heard."""
    return (second + 1) / 20


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real video whose sound says which second it is."""
    path = tmp_path_factory.mktemp("sound") / "spoken.mkv"
    with av.open(str(path), "w") as container:
        picture = container.add_stream("libx264", rate=30, options={"preset": "ultrafast", "g": "15"})
        picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        voice = container.add_stream("pcm_s16le", rate=RATE, layout="stereo")
        for second in range(SECONDS):
            for i in range(30):
                frame = av.VideoFrame.from_ndarray(scene(second + i / 30), format="rgb24")
                container.mux(picture.encode(frame))
            samples = np.full((1, 2 * RATE), round(loudness(second) * 32768), np.int16)
            chunk = av.AudioFrame.from_ndarray(samples, format="s16", layout="stereo")
            chunk.sample_rate, chunk.pts, chunk.time_base = RATE, second * RATE, Fraction(1, RATE)
            container.mux(voice.encode(chunk))
        for stream in (picture, voice):
            container.mux(stream.encode())
    return path


class Written:
    """A loudspeaker that keeps what it is given, and takes as long as it would be heard."""

    def __init__(self) -> None:
        self.latency = 0.02
        self.heard: list[float] = []
        self.silenced = self.closed = 0
        self.broken = False
        self._dropped = threading.Event()

    def start(self) -> None:
        self._dropped.clear()

    def write(self, samples: Samples) -> None:
        if self.broken:
            raise NoSound(sound.DEVICE_GONE)
        assert samples.dtype == np.float32
        assert samples.shape[1] == 2
        self.heard.append(float(samples.mean()))
        time.sleep(len(samples) / RATE)

    def abort(self) -> None:
        self.silenced += 1

    def close(self) -> None:
        self.closed += 1

    def second(self) -> int:
        """Which second is heard last."""
        return round(self.heard[-1] * 20) - 1 if self.heard else -1


@pytest.fixture
def output() -> Written:
    return Written()


@pytest.fixture
def play(qtbot: QtBot, output: Written) -> Iterator[Callable[..., tuple[Playback, Player]]]:
    """Opens a video in a player on its own, with this loudspeaker."""
    crew = Crew()
    made: list[tuple[Playback, QMainWindow]] = []

    def start(path: Path, open_output: sound.OpenOutput = lambda: output) -> tuple[Playback, Player]:
        playback, window = Playback(crew, None, open_output), QMainWindow()
        player = Player(playback, drawable=True)
        player.bind_keys(player)
        window.setCentralWidget(player)
        window.show()
        made.append((playback, window))
        qtbot.waitExposed(window)
        playback.open(path)
        wait(qtbot, lambda: playback.is_open and (playback.sound.can_be_heard or bool(playback.sound.why_not)))
        return playback, player

    yield start
    for playback, window in made:
        playback.close()
        window.close()
        window.deleteLater()
    crew.dismiss()


def test_the_track_is_read_from_any_second_on(spoken: Path) -> None:
    track = SoundTrack(spoken)
    for start in (0.0, 2.5, 6.75, 1.0):
        blocks = list(track.blocks(start))
        # It begins where it was asked to, to the sample, goes on without a gap, and ends with the video.
        assert blocks[0][0] == pytest.approx(start, abs=1 / RATE)
        assert max(len(samples) for _seconds, samples in blocks) <= BLOCK
        assert sum(len(samples) for _seconds, samples in blocks) / RATE == pytest.approx(SECONDS - start, abs=1e-3)
        for seconds, samples in blocks:
            assert samples[0] == pytest.approx(loudness(int(seconds + 1e-6)), abs=1e-3)
    track.close()


def test_what_is_heard_is_what_is_seen(qtbot: QtBot, spoken: Path, output: Written, play: Callable) -> None:
    # Given a video that is paused: nothing is heard.
    playback, _player = play(spoken)
    playback.seek(2.2)
    wait(qtbot, lambda: playback.position_s == pytest.approx(2.2, abs=0.04))
    assert output.heard == []
    # When it plays, then the second that is seen is heard,
    playback.toggle()
    wait(qtbot, lambda: output.second() == 2)
    # when one goes elsewhere while it plays, then that is heard,
    playback.seek(6.1)
    wait(qtbot, lambda: output.second() == 6)
    playback.seek(0.1)
    wait(qtbot, lambda: output.second() == 0)
    # and when it is paused, it is silent at once.
    before = output.silenced
    playback.toggle()
    wait(qtbot, lambda: output.silenced > before)
    heard = len(output.heard)
    playback.step(1)
    qtbot.wait(200)
    assert len(output.heard) == heard


def test_a_loop_is_heard_again_and_again(qtbot: QtBot, spoken: Path, output: Written, play: Callable) -> None:
    playback, _player = play(spoken)
    playback.loop(3.0, 3.5)
    wait(qtbot, lambda: len(output.heard) > 20)
    assert {round(value * 20) - 1 for value in output.heard} == {3}


def test_other_speeds_are_silent_and_the_button_says_so(
    qtbot: QtBot, spoken: Path, output: Written, play: Callable
) -> None:
    playback, player = play(spoken)
    playback.use_speed(2.0)
    playback.toggle()
    wait(qtbot, lambda: playback.position_s > 0.5)
    assert output.heard == []
    assert "1 ×" in player.sound.mute.toolTip()
    # Slowed down to 1 × while it plays, it is heard.
    playback.use_speed(1.0)
    wait(qtbot, lambda: len(output.heard) > 2)


def test_mute_and_loudness(qtbot: QtBot, spoken: Path, output: Written, play: Callable) -> None:
    playback, player = play(spoken)
    assert player.sound.mute.isEnabled()
    # Given a video that is heard,
    playback.loop(1.0, 2.0)
    wait(qtbot, lambda: output.second() == 1)
    # when V is pressed, it is not; pressed again, it is.
    qtbot.keyClick(player.view, Qt.Key.Key_V)
    wait(qtbot, lambda: output.heard[-1] == 0.0)
    assert player.sound.volume.value() == 0
    qtbot.keyClick(player.view, Qt.Key.Key_V)
    wait(qtbot, lambda: output.second() == 1)
    # When the slider is set to half, it is half as loud.
    player.sound.volume.setValue(50)
    wait(qtbot, lambda: output.heard[-1] == pytest.approx(loudness(1) / 2, abs=1e-3))


def test_a_video_without_sound_says_so_and_plays(qtbot: QtBot, tmp_path: Path, output: Written, play: Callable) -> None:
    playback, player = play(make_video(tmp_path / "silent.mp4", seconds=2))
    assert playback.sound.why_not == NO_TRACK
    assert not player.sound.mute.isEnabled()
    assert player.sound.mute.toolTip() == NO_TRACK
    playback.toggle()
    wait(qtbot, lambda: playback.position_s > 0.5)


def test_a_machine_without_a_loudspeaker_plays_the_picture(qtbot: QtBot, spoken: Path, play: Callable) -> None:
    def none_there() -> sound.Output:
        raise NoSound(NO_DEVICE)

    playback, player = play(spoken, none_there)
    assert not player.sound.mute.isEnabled()
    assert player.sound.mute.toolTip() == NO_DEVICE
    playback.toggle()
    wait(qtbot, lambda: playback.position_s > 0.5)


def test_a_loudspeaker_that_is_pulled_out_leaves_the_picture_playing(
    qtbot: QtBot, spoken: Path, output: Written, play: Callable
) -> None:
    playback, player = play(spoken)
    playback.toggle()
    wait(qtbot, lambda: len(output.heard) > 2)
    output.broken = True
    wait(qtbot, lambda: not playback.sound.can_be_heard)
    assert player.sound.mute.toolTip() == sound.DEVICE_GONE
    assert output.closed == 1
    here = playback.position_s
    wait(qtbot, lambda: playback.position_s > here + 0.3)


def test_without_portaudio_there_is_a_sentence_and_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(NoSound, match="PortAudio"):
        sound.loudspeaker()
    assert "PortAudio" in NO_LIBRARY


class PortAudioError(Exception):
    """As sounddevice names it."""


def test_the_real_loudspeaker_speaks_to_sounddevice(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given the library's interface, with a device that is there, fails, or is not there,
    calls: list[str] = []

    class OutputStream:
        latency = 0.1

        def __init__(self, samplerate: int, *, channels: int, dtype: str, latency: float) -> None:
            if not calls:
                calls.append("absent")
                raise PortAudioError("no default output device")
            assert (samplerate, channels, dtype, latency) == (RATE, 2, "float32", sound.BUFFER_S)

        def start(self) -> None:
            calls.append("start")

        def write(self, samples: Samples) -> None:
            raise PortAudioError("unplugged")

        def abort(self) -> None:
            calls.append("abort")

        def close(self, *, ignore_errors: bool) -> None:
            calls.append("close")

    library = types.SimpleNamespace(OutputStream=OutputStream, PortAudioError=PortAudioError)
    monkeypatch.setitem(sys.modules, "sounddevice", library)
    # then each comes out as our own.
    with pytest.raises(NoSound) as refused:
        sound.loudspeaker()
    assert str(refused.value) == NO_DEVICE
    speaker = sound.loudspeaker()
    speaker.start()
    with pytest.raises(NoSound) as gone:
        speaker.write(np.zeros((10, 2), np.float32))
    assert str(gone.value) == sound.DEVICE_GONE
    speaker.abort()
    speaker.close()
    assert speaker.latency == 0.1
    assert calls == ["absent", "start", "abort", "close"]
