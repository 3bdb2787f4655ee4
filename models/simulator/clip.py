"""One clip: a label and a seed in, frames and an H.264 file out, with what is known about them.

The clip's own random generator is derived from (seed, domain, split, label, index), so a clip does not depend on which
process renders it, nor on how many others there are. Nothing is rendered before the first frame is asked for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import av
import cv2
import numpy as np

from models.simulator import behaviours, pools
from models.simulator.camera import Camera, CameraStyle, Shake
from models.simulator.domains import DOMAINS
from models.simulator.figure import person
from models.simulator.motion import Framing, Moment, Programme, Stage
from models.simulator.pools import RoomStyle, Subject
from models.simulator.render import Image, Light
from models.simulator.shapes import Shape

FRAME_RATES = (15, 24, 25, 30)
FRAME_RATE_SHARES = (0.35, 0.2, 0.2, 0.25)  # cheap phones and webcams record at 15
DURATION = (3.0, 4.0)  # seconds
ONSETS = 0.35  # share of the clips that start with the child holding still
ONSET = (0.1, 0.5)  # seconds
PAUSES = 0.25  # share of the clips with a pause
PAUSE = (0.25, 0.6)  # seconds
PAUSE_AT = (0.3, 0.6)  # where it begins, share of the clip
PRESET = "veryfast"
X264 = "bframes=0:rc-lookahead=0:mbtree=0:ref=1"  # as the encoders of phones: no B-frames, no look-ahead
FINE_HAND = 18  # pixels
PLAIN = 0.3  # share of the clips in a plain room, whatever the behaviour: bare walls must tell nothing


@dataclass(frozen=True, slots=True)
class ClipRecord:
    """A row of `clips.csv`. The interval is when the behaviour is seen, seconds from the clip's start."""

    split: str
    file: str
    label: int
    programme: str
    seed: int
    domain: str
    subject: str
    body: str
    room: str
    camera: str
    width: int
    height: int
    frame_rate: int
    duration_s: float
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Clock:
    """Clip time → programme time, seconds: it stands still before the onset and during the pause."""

    onset: float = 0.0
    pause_from: float = 0.0
    pause: float = 0.0

    def at(self, t: float) -> float:
        """The programme's time when the clip's is t; never runs back."""
        held = min(max(t - self.pause_from, 0.0), self.pause)
        return max(t - self.onset - held, 0.0)


def draw_clock(rng: np.random.Generator, duration: float, rests: bool) -> Clock:
    """Onset and pause of a clip; none for a behaviour in which nobody can hold still."""
    late, broken = rng.random(2) < (ONSETS, PAUSES)
    onset, pause, at = rng.uniform(*ONSET), rng.uniform(*PAUSE), rng.uniform(*PAUSE_AT) * duration
    if not rests:
        return Clock()
    return Clock(round(float(onset), 3) if late else 0.0, float(at) if broken else 0.0, float(pause) if broken else 0.0)


class Scene:
    """A cast, a room, a camera and a light: turns moments into pictures."""

    def __init__(
        self,
        rng: np.random.Generator,
        split: str,
        subject: Subject,
        cast: dict[str, Subject],
        room: RoomStyle,
        style: CameraStyle,
        framing: Framing,
        back: float | None = None,
        domain: str = "A",
        plain: bool = False,
    ) -> None:
        means = DOMAINS[domain]
        yaw = framing.yaw[0] + (framing.yaw[1] - framing.yaw[0]) * (style.yaw + 1) / 2
        pitch = framing.pitch[0] + (framing.pitch[1] - framing.pitch[0]) * style.pitch + style.raised
        self.camera = Camera(style, framing.centre, framing.span, framing.breadth, yaw, pitch)
        self.subject, self.cast = subject, cast
        self.canvas = means.room(room, split, back, bare_back=back is not None, plain=plain).paint(self.camera)
        # Fingers that would be thinner than a pixel are not worth drawing.
        self.hand_pixels = 0.088 * subject.body.height * self.camera.focal / self.camera.distance
        self.painter = means.painter(self.camera, Light(room))
        self.lens = means.lens(rng, self.camera, Shake(rng, style), room, style)

    def picture(self, moment: Moment, programme: Programme, t: float) -> Image:
        """The picture (height, width, 3) RGB at time t."""
        shapes: list[Shape] = list(moment.props)
        for role, pose in moment.others.items():
            shapes += person(self.cast[role], pose)
        if moment.pose is not None:
            fine = programme.fine and self.hand_pixels > FINE_HAND
            actor = self.cast.get(programme.actor, self.subject)
            shapes += person(actor, moment.pose, fine, programme.layers, programme.crown, programme.face)
        return self.lens.expose(self.painter.paint(self.canvas, shapes), t)


@dataclass(frozen=True)
class Clip:
    """A clip ready to be rendered: `frames()` gives RGB pictures (height, width, 3)."""

    record: ClipRecord
    programme: Programme
    clock: Clock
    crf: int
    rng: np.random.Generator
    stage: Stage
    room: RoomStyle
    camera: CameraStyle
    plain: bool

    @cached_property
    def scene(self) -> Scene:
        """The room is painted when it is first asked for."""
        r, p = self.record, self.programme
        return Scene(
            self.rng,
            r.split,
            self.stage.subject,
            self.stage.cast,
            self.room,
            self.camera,
            p.framing,
            p.back,
            r.domain,
            self.plain,
        )

    def frames(self) -> Iterator[Image]:
        """All pictures in order; to be taken once, for the noise goes on."""
        for k in range(round(self.record.duration_s * self.record.frame_rate)):
            t = k / self.record.frame_rate
            yield self.scene.picture(self.programme.at(self.clock.at(t)), self.programme, t)


def clip(seed: int, split: str, label: int, index: int, domain: str = "A") -> Clip:
    """Draw clip `index` of a label for a split."""
    rng = np.random.default_rng([seed, ord(domain), pools.SPLITS.index(split), label, index])
    subjects, rooms, cameras = pools.POOL_SIZES[split]
    subject = pools.subject(split, int(rng.integers(subjects)), domain)
    cast = pools.cast(split, rng, domain)
    room = pools.room(split, int(rng.integers(rooms)), domain)
    camera = pools.camera(split, int(rng.integers(cameras)), domain)
    rate = int(rng.choice(FRAME_RATES, p=FRAME_RATE_SHARES))
    duration = round(round(float(rng.uniform(*DURATION)) * rate) / rate, 4)
    low, high = DOMAINS[domain].ranges.crf
    crf = int(rng.integers(low, high + 1))
    plain = bool(rng.random() < PLAIN)
    stage = Stage(rng, subject, split, cast=cast, domain=domain)
    programme = behaviours.draw(label, stage)
    clock = draw_clock(rng, duration, programme.rests)
    record = ClipRecord(
        split=split,
        file=f"{label}_{index:04d}.mp4",
        label=label,
        programme=programme.name,
        seed=seed,
        domain=domain,
        subject=subject.id if programme.person else "",
        body=subject.described if programme.person else "",
        room=room.id,
        camera=camera.id,
        width=camera.width,
        height=camera.height,
        frame_rate=rate,
        duration_s=duration,
        start_s=clock.onset,
        end_s=duration,
    )
    return Clip(record, programme, clock, crf, rng, stage, room, camera, plain)


def write_video(path: Path, frames: Iterator[Image], width: int, height: int, rate: int, crf: int) -> None:
    """Encode RGB frames as H.264 in MP4 (one thread, so that the bytes do not depend on the machine's cores)."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, rate)
        stream.options = {"preset": PRESET, "crf": str(crf), "threads": "1", "x264-params": X264}
        for k, picture in enumerate(frames):
            planes: Image = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420), np.uint8)
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = k, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def render(seed: int, split: str, label: int, index: int, folder: Path, domain: str = "A") -> ClipRecord:
    """Render one clip into `folder` unless it is there, and return its record.

    It is written beside and renamed, so a file of its name is whole.
    """
    ready = clip(seed, split, label, index, domain)
    r = ready.record
    path = folder / r.file
    if not path.exists():
        beside = path.with_suffix(f".{os.getpid()}.part")
        write_video(beside, ready.frames(), r.width, r.height, r.frame_rate, ready.crf)
        beside.replace(path)
    return r
