"""A continuous session: one child, one room, one camera; behaviours with ordinary behaviour between them.

In: a seed and a length; out: a video and, beside it, a CSV of the true intervals of the listed behaviours.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.simulator import behaviours, pools
from models.simulator.clip import Scene, write_video
from models.simulator.motion import Framing, Moment, Programme, Stage, smooth
from models.simulator.render import Image
from screening.errors import N_, CannotWrite, WrongUsage

SIZE = (640, 480)
FRAME_RATE = 30
CRF = 26
SHORTEST = 10.0  # seconds
CYCLE = (1, 2, 3, 2, 1, 3, 2)  # so that within 48 s the default profile's repetitions are reached
PAUSE = (1.8, 2.2)  # seconds of ordinary behaviour between two behaviours
EPISODE = 4.2  # seconds, at least about so long
BLEND = 0.7  # seconds in which one posture passes into the next
ORDINARY = ("standing", "looking around", "gesturing", "standing")
POSTURES = {1: ("standing", "floor"), 2: ("floor", "standing"), 3: ("standing",)}


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one behaviour."""

    label: int
    start_s: float
    end_s: float
    programme: Programme


@dataclass(frozen=True, slots=True)
class Session:
    """A session ready to be rendered."""

    seconds: float
    segments: list[Segment]
    scene: Scene

    @property
    def intervals(self) -> list[tuple[int, float, float]]:
        """(label, start, end) of every listed behaviour, seconds."""
        return [(s.label, s.start_s, s.end_s) for s in self.segments if s.label]

    def moment(self, t: float) -> Moment:
        """What is to be seen at t: the segment's own motion, blended with its neighbour's around the change."""
        k = max(i for i, s in enumerate(self.segments) if s.start_s <= t)
        here = self.segments[k]
        now = here.programme.at(t - here.start_s)
        for other, edge in ((k - 1, here.start_s), (k + 1, here.end_s)):
            distance = abs(t - edge)
            if 0 <= other < len(self.segments) and distance < BLEND / 2:
                there = self.segments[other]
                pose = there.programme.at(t - there.start_s).pose
                if now.pose is not None and pose is not None:
                    return Moment(now.pose.mix(pose, 0.5 - 0.5 * smooth(2 * distance / BLEND)), now.props)
        return now

    def frames(self) -> Iterator[Image]:
        """All pictures in order; to be taken once."""
        for k in range(round(self.seconds * FRAME_RATE)):
            t = k / FRAME_RATE
            programme = next(s.programme for s in reversed(self.segments) if s.start_s <= t)
            yield self.scene.picture(self.moment(t), programme, t)


def plan(rng: np.random.Generator, seconds: float) -> list[tuple[int, float, float]]:
    """(label, start, end) of all segments: ordinary first and last, and between every two behaviours."""
    count = max(1, int((seconds - PAUSE[1]) / (EPISODE + PAUSE[0])))
    pauses = rng.uniform(*PAUSE, count + 1)
    lengths = rng.uniform(0.95, 1.05, count)
    lengths *= (seconds - pauses.sum()) / lengths.sum()
    segments, clock = [], 0.0
    for k in range(count):
        behaviour_from = clock + pauses[k]
        behaviour_to = behaviour_from + lengths[k]
        segments += [(0, clock, behaviour_from), (CYCLE[k % len(CYCLE)], behaviour_from, behaviour_to)]
        clock = behaviour_to
    segments.append((0, clock, seconds))
    # Intervals begin and end with a frame.
    return [(label, round(a * FRAME_RATE) / FRAME_RATE, round(b * FRAME_RATE) / FRAME_RATE) for label, a, b in segments]


def session(seed: int, seconds: float, split: str = "test") -> Session:
    """Draw a session; by default from the test pools, which no model was trained on."""
    if seconds < SHORTEST:
        raise WrongUsage(N_("A session lasts at least {seconds} seconds."), seconds=int(SHORTEST))
    rng = np.random.default_rng([seed, pools.SPLITS.index(split), 10_000])
    subjects, rooms, cameras = pools.POOL_SIZES[split]
    subject = pools.subject(split, int(rng.integers(subjects)))
    cast = pools.cast(split, rng)
    style = replace(pools.camera(split, int(rng.integers(cameras))), width=SIZE[0], height=SIZE[1])
    room = pools.room(split, int(rng.integers(rooms)))
    segments = []
    for k, (label, start, end) in enumerate(plan(rng, seconds)):
        kinds = POSTURES.get(label, ("standing",))
        stage = Stage(rng, subject, split, kinds[(k // 4) % len(kinds)], cast)
        if label:
            programme = behaviours.draw(label, stage)
        else:
            programme = behaviours.named(0, ORDINARY[(k // 2) % len(ORDINARY)], stage)
        segments.append(Segment(label, start, end, programme))
    h = subject.body.height
    framing = Framing(np.array([0.0, 0.46 * h, 0.0]), 1.25 * h, (-0.5, 0.5), (0.08, 0.35), 0.7)
    return Session(seconds, segments, Scene(rng, split, subject, cast, room, style, framing))


def write_session(path: Path, seed: int, seconds: float) -> list[tuple[int, float, float]]:
    """Write the video and, with the suffix .csv, its true intervals; returns the intervals."""
    sheet = path.with_suffix(".csv")
    if path.exists() or sheet.exists():
        raise CannotWrite(N_("“{path}” is already there. Choose another name for the session."), path=path)
    ready = session(seed, seconds)
    try:
        write_video(path, ready.frames(), *SIZE, FRAME_RATE, CRF)
        with sheet.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(["label_id", "start_s", "end_s"])
            writer.writerows((label, f"{start:.3f}", f"{end:.3f}") for label, start, end in ready.intervals)
    except OSError as error:
        raise CannotWrite(
            N_("“{path}” cannot be written ({reason}). Choose another folder."), path=path, reason=error.strerror
        ) from error
    return ready.intervals
