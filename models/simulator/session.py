"""A continuous session: one child in one room, behaviours with ordinary behaviour between them.

In: a seed, a length and labels; out: a video and, beside it, a CSV of the true intervals of the listed behaviours. The
camera is moved between behaviours (a cut), as by a parent who follows the child, unless they share a framing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from models.simulator import behaviours, pools
from models.simulator.camera import CameraStyle
from models.simulator.clip import FRAME_RATE_SHARES, FRAME_RATES, Scene, write_video
from models.simulator.domains import DOMAINS
from models.simulator.motion import Framing, Moment, Programme, Range, Stage, smooth
from models.simulator.pools import RoomStyle
from models.simulator.render import Image
from screening.errors import N_, CannotWrite, WrongUsage

SHORTEST = 10.0  # seconds
BLEND = 0.7  # seconds in which one posture passes into the next
NEAR = 0.4  # metres; from farther away nobody passes into the next posture: the picture jumps
FITS = 0.3  # misfit at which an ordinary programme is played as drawn,
CANDIDATES = 60  # and so many are drawn before the best of them is
# Behaviours of the whole body on one spot share a framing, and what is ordinary between them.
SHARED = {1: ("standing", "floor"), 2: ("floor", "standing"), 3: ("standing",)}  # and the postures they are done in
ORDINARY = ("standing", "looking around", "gesturing", "standing")


@dataclass(frozen=True, slots=True)
class Recording:
    """How a session is recorded: seconds of each behaviour and of what is ordinary beside it, picture size, rate."""

    behaviour: Range = (4.0, 12.0)
    ordinary: Range = (2.0, 6.0)
    size: tuple[int, int] | None = None  # the camera's own
    rate: int | None = None  # as clips draw it


LONG = Recording()
DEMONSTRATION = Recording((4.2, 4.6), (1.8, 2.2), (640, 480), 30)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one behaviour."""

    label: int
    start_s: float
    end_s: float
    programme: Programme


@dataclass(frozen=True)
class Shot:
    """What is recorded without moving the camera."""

    segments: list[Segment]
    framing: Framing
    back: float | None
    stage: Stage
    room: RoomStyle
    camera: CameraStyle

    @cached_property
    def scene(self) -> Scene:
        """The room is painted when it is first asked for."""
        s = self.stage
        return Scene(s.rng, s.split, s.subject, s.cast, self.room, self.camera, self.framing, self.back, s.domain)

    def moment(self, t: float) -> tuple[Moment, Programme]:
        """What is to be seen at t: the segment's own motion, blended with its neighbour's around the change."""
        k = max((i for i, s in enumerate(self.segments) if s.start_s <= t), default=0)
        here = self.segments[k]
        now = here.programme.at(t - here.start_s)
        for other, edge in ((k - 1, here.start_s), (k + 1, here.end_s)):
            distance = abs(t - edge)
            if 0 <= other < len(self.segments) and distance < BLEND / 2:
                there = self.segments[other]
                # A programme begins at zero: what it does just before is what it does then.
                pose = there.programme.at(max(t - there.start_s, 0.0)).pose
                if there.programme.actor != here.programme.actor:
                    pose = None
                if now.pose is not None and pose is not None and np.hypot(*(now.pose.root - pose.root)[::2]) < NEAR:
                    mixed = now.pose.mix(pose, 0.5 - 0.5 * smooth(2 * distance / BLEND))
                    return replace(now, pose=mixed), here.programme
        return now, here.programme


@dataclass(frozen=True, slots=True)
class Session:
    """A session ready to be rendered."""

    seconds: float
    rate: int
    shots: list[Shot]
    crf: int

    @property
    def intervals(self) -> list[tuple[int, float, float]]:
        """(label, start, end) of every listed behaviour, seconds."""
        return [(s.label, s.start_s, s.end_s) for shot in self.shots for s in shot.segments if s.label]

    def frames(self) -> Iterator[Image]:
        """All pictures in order; to be taken once."""
        times = np.arange(round(self.seconds * self.rate)) / self.rate
        ends = [shot.segments[-1].end_s for shot in self.shots]
        for k, shot in enumerate(self.shots):
            for t in times[(times >= (ends[k - 1] if k else 0.0)) & (times < ends[k])].tolist():
                yield shot.scene.picture(*shot.moment(t), t)


def plan(
    rng: np.random.Generator, seconds: float, labels: Sequence[int], recording: Recording, rate: int
) -> list[list[tuple[int, float, float]]]:
    """(label, start, end) of all segments, one list for each shot.

    The labels come in shuffled rounds; ordinary behaviour is first and last in each shot and between two behaviours.
    Times fall on pictures.
    """

    def on_picture(t: float) -> float:
        return round(t * rate) / rate

    def drawn(low: float, high: float) -> float:
        return on_picture(float(rng.uniform(low, high)))

    shots: list[list[tuple[int, float, float]]] = []
    queue: list[int] = []
    clock, before = 0.0, 0
    while True:
        queue = queue or rng.permutation(labels).tolist()
        first, length, last = drawn(*recording.ordinary), drawn(*recording.behaviour), drawn(*recording.ordinary)
        if clock + first + length + last > seconds:
            if shots:
                break
            # Too short a session for what was drawn: one behaviour in the middle of it.
            first = last = on_picture(recording.ordinary[0])
            length = on_picture(min(seconds - first - last, recording.behaviour[1]))
        label = queue.pop(0)
        if label in SHARED and before in SHARED:
            first = 0.0
        else:
            shots.append([(0, clock, on_picture(clock + first))])
        start, end = on_picture(clock + first), on_picture(clock + first + length)
        clock = on_picture(end + last)
        shots[-1] += [(label, start, end), (0, end, clock)]
        before = label
    shots[-1][-1] = (0, shots[-1][-1][1], seconds)
    return shots


def misfit(programme: Programme, wanted: Programme) -> float:
    """How badly a programme fits the camera of another: 0 not at all, 1 half of it would be out of the picture."""
    a, b = programme.framing, wanted.framing
    beside = float(np.linalg.norm(np.asarray(a.centre) - b.centre)) / b.span
    size = abs(float(np.log(a.span / b.span)))
    detail = 0.3 * (programme.face != wanted.face) + 0.3 * (programme.fine != wanted.fine)
    return beside + size + detail + 1.0 * (programme.actor != wanted.actor)


def session(
    seed: int,
    seconds: float,
    split: str = "test",
    labels: Sequence[int] | None = None,
    domain: str = "A",
    recording: Recording = LONG,
) -> Session:
    """Draw a session; by default of all labels, and from the test pools, which no model was trained on."""
    if seconds < SHORTEST:
        raise WrongUsage(N_("A session lasts at least {seconds} seconds."), seconds=int(SHORTEST))
    shown = [label for label in (labels or sorted(behaviours.BEHAVIOURS)) if label]
    if not shown:
        raise WrongUsage(N_("A session shows at least one behaviour: name a label other than 0."))
    rng = np.random.default_rng([seed, ord(domain), pools.SPLITS.index(split), 10_000])
    subjects, rooms, cameras = pools.POOL_SIZES[split]
    subject = pools.subject(split, int(rng.integers(subjects)), domain)
    stage = Stage(rng, subject, split, cast=pools.cast(split, rng, domain), domain=domain)
    room = pools.room(split, int(rng.integers(rooms)), domain)
    device = pools.camera(split, int(rng.integers(cameras)), domain)
    if recording.size:
        device = replace(device, width=recording.size[0], height=recording.size[1])
    rate = recording.rate or int(rng.choice(FRAME_RATES, p=FRAME_RATE_SHARES))
    low, high = DOMAINS[domain].ranges.crf
    shots = []
    for spans in plan(rng, seconds, shown, recording, rate):
        place = pools.camera(split, int(rng.integers(cameras)), domain)
        camera = replace(device, yaw=place.yaw, pitch=place.pitch, offset=place.offset, tightness=place.tightness)
        shots.append(_shot(spans, stage, room, camera))
    return Session(seconds, rate, shots, int(rng.integers(low, high + 1)))


def _shot(spans: list[tuple[int, float, float]], stage: Stage, room: RoomStyle, camera: CameraStyle) -> Shot:
    own = spans[1][0] not in SHARED
    programmes = _fitting(spans, stage) if own else _on_one_spot(spans, stage)
    h = stage.body.height
    framing = Framing(np.array([0.0, 0.46 * h, 0.0]), 1.25 * h, (-0.5, 0.5), (0.08, 0.35), 0.7)
    segments = [Segment(*span, programme) for span, programme in zip(spans, programmes, strict=True)]
    if own:
        return Shot(segments, programmes[1].framing, programmes[1].back, stage, room, camera)
    return Shot(segments, framing, None, stage, room, camera)


def _fitting(spans: list[tuple[int, float, float]], stage: Stage) -> list[Programme]:
    """A behaviour, and before and after it what is ordinary and fits its camera best."""
    main = behaviours.draw(spans[1][0], stage)
    return [_ordinary(main, stage), main, _ordinary(main, stage)]


def _ordinary(main: Programme, stage: Stage) -> Programme:
    best = behaviours.draw(0, stage)
    for _ in range(CANDIDATES):
        if misfit(best, main) < FITS:
            break
        best = min(best, behaviours.draw(0, stage), key=lambda programme: misfit(programme, main))
    return best


def _on_one_spot(spans: list[tuple[int, float, float]], stage: Stage) -> list[Programme]:
    """Behaviours that share a framing, in the posture of the one before while nothing listed is done."""
    programmes = []
    for k, (label, _, _) in enumerate(spans):
        postures = SHARED[label or spans[max(k - 1, 1)][0]]
        posed = replace(stage, posture=postures[(k // 4) % len(postures)])
        name = ORDINARY[(k // 2) % len(ORDINARY)]
        programmes.append(behaviours.draw(label, posed) if label else behaviours.named(0, name, posed))
    return programmes


def write_session(
    path: Path,
    seed: int,
    seconds: float,
    split: str = "test",
    labels: Sequence[int] | None = None,
    domain: str = "A",
    recording: Recording = LONG,
) -> list[tuple[int, float, float]]:
    """Write the video and, with the suffix .csv, its true intervals; returns the intervals."""
    sheet = path.with_suffix(".csv")
    if path.exists() or sheet.exists():
        raise CannotWrite(N_("“{path}” is already there. Choose another name for the session."), path=path)
    ready = session(seed, seconds, split, labels, domain, recording)
    camera = ready.shots[0].camera
    try:
        write_video(path, ready.frames(), camera.width, camera.height, ready.rate, ready.crf)
        with sheet.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(["label_id", "start_s", "end_s"])
            writer.writerows((label, f"{start:.3f}", f"{end:.3f}") for label, start, end in ready.intervals)
    except OSError as error:
        raise CannotWrite(
            N_("“{path}” cannot be written ({reason}). Choose another folder."), path=path, reason=error.strerror
        ) from error
    return ready.intervals
