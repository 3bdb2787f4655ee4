"""One clip: a label and a seed in, frames and an H.264 file out, with what is known about them.

The clip's own random generator is derived from (seed, split, label, index), so a clip does not depend on which
process renders it, nor on how many others there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from models.simulator import behaviours, pools
from models.simulator.camera import Camera, CameraStyle, Shake
from models.simulator.figure import person
from models.simulator.motion import Framing, Moment, Programme, Stage
from models.simulator.pools import RoomStyle, Subject
from models.simulator.render import Image, Lens, Light, Painter
from models.simulator.room import Room
from models.simulator.shapes import Shape

FRAME_RATES = (24, 25, 30)
DURATION = (3.0, 4.0)  # seconds
X264 = "bframes=0:rc-lookahead=0:mbtree=0:ref=1"  # as the encoders of phones: no B-frames, no look-ahead
FINE_HAND = 18  # pixels
CRF = (20, 32)  # constant rate factor of x264: about what phones and messengers leave


@dataclass(frozen=True, slots=True)
class ClipRecord:
    """A row of `clips.csv`. The interval is when the behaviour is seen, seconds from the clip's start."""

    split: str
    file: str
    label: int
    programme: str
    seed: int
    subject: str
    room: str
    camera: str
    width: int
    height: int
    frame_rate: int
    duration_s: float
    start_s: float
    end_s: float


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
    ) -> None:
        yaw = framing.yaw[0] + (framing.yaw[1] - framing.yaw[0]) * (style.yaw + 1) / 2
        pitch = framing.pitch[0] + (framing.pitch[1] - framing.pitch[0]) * style.pitch
        self.camera = Camera(style, framing.centre, framing.span, framing.breadth, yaw, pitch)
        self.subject, self.cast = subject, cast
        self.canvas = Room(room, split, back, bare_back=back is not None).paint(self.camera)
        # Fingers that would be thinner than a pixel are not worth drawing.
        self.hand_pixels = 0.088 * subject.body.height * self.camera.focal / self.camera.distance
        self.painter = Painter(self.camera, Light(room))
        self.lens = Lens(rng, self.camera, Shake(rng, style), room)

    def picture(self, moment: Moment, programme: Programme, t: float) -> Image:
        """The picture (height, width, 3) RGB at time t."""
        shapes: list[Shape] = list(moment.props)
        for role, pose in moment.others.items():
            shapes += person(self.cast[role], pose)
        if moment.pose is not None:
            fine = programme.fine and self.hand_pixels > FINE_HAND
            shapes += person(self.subject, moment.pose, fine, programme.layers, programme.crown, programme.face)
        canvas = self.canvas.copy()
        self.painter.paint(canvas, shapes)
        return self.lens.expose(canvas, t)


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip ready to be rendered: `frames()` gives RGB pictures (height, width, 3)."""

    record: ClipRecord
    scene: Scene
    programme: Programme
    crf: int

    def frames(self) -> Iterator[Image]:
        """All pictures in order; to be taken once, for the noise goes on."""
        for k in range(round(self.record.duration_s * self.record.frame_rate)):
            t = k / self.record.frame_rate
            yield self.scene.picture(self.programme.at(t), self.programme, t)


def clip(seed: int, split: str, label: int, index: int) -> Clip:
    """Draw clip `index` of a label for a split."""
    rng = np.random.default_rng([seed, pools.SPLITS.index(split), label, index])
    subjects, rooms, cameras = pools.POOL_SIZES[split]
    subject = pools.subject(split, int(rng.integers(subjects)))
    cast = pools.cast(split, rng)
    room = pools.room(split, int(rng.integers(rooms)))
    camera = pools.camera(split, int(rng.integers(cameras)))
    programme = behaviours.draw(label, Stage(rng, subject, split, cast=cast))
    scene = Scene(rng, split, subject, cast, room, camera, programme.framing, programme.back)
    rate = int(rng.choice(FRAME_RATES))
    duration = round(float(rng.uniform(*DURATION)) * rate) / rate
    record = ClipRecord(
        split,
        f"{label}_{index:04d}.mp4",
        label,
        programme.name,
        seed,
        subject.id if programme.person else "",
        room.id,
        camera.id,
        camera.width,
        camera.height,
        rate,
        round(duration, 4),
        0.0,
        round(duration, 4),
    )
    return Clip(record, scene, programme, int(rng.integers(CRF[0], CRF[1] + 1)))


def write_video(path: Path, frames: Iterator[Image], width: int, height: int, rate: int, crf: int) -> None:
    """Encode RGB frames as H.264 in MP4 (one thread, so that the bytes do not depend on the machine's cores)."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, rate)
        stream.options = {"preset": "veryfast", "crf": str(crf), "threads": "1", "x264-params": X264}
        for k, picture in enumerate(frames):
            planes: Image = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420), np.uint8)
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = k, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def render(seed: int, split: str, label: int, index: int, folder: Path) -> ClipRecord:
    """Render one clip into `folder` and return its record."""
    ready = clip(seed, split, label, index)
    r = ready.record
    write_video(folder / r.file, ready.frames(), r.width, r.height, r.frame_rate, ready.crf)
    return r
