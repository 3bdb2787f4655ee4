"""What hands do in the air, at the head and on the chest: each label moves as its name says, its look-alikes do not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.simulator import pools
from models.simulator.behaviours import BEHAVIOURS, draw, hands, hands_to_body, named
from models.simulator.behaviours.hands import acting, towards_camera
from models.simulator.behaviours.hands_to_body import touch
from models.simulator.body import Joints, Pose, child, solve
from models.simulator.clip import clip
from models.simulator.motion import Programme, Stage
from models.simulator.shapes import heading_axes

SECONDS = 6.0
TIMES = np.arange(0.0, SECONDS, 1 / 60)
SEEDS = range(8)
ONCE = [
    "goodbye",
    "scratching the head",
    "adjusting the hair",
    "rubbing the hands",
    "stretching the arms",
    "a glance at the hand",
    "hand on the chest",
    "shaking the hands dry",
    "reaching up",
]


class Film:
    """A programme's poses and joints over some seconds; places in body heights in the child's frame."""

    def __init__(self, label: int, seed: int, name: str | None = None, times: np.ndarray = TIMES) -> None:
        stage = Stage(np.random.default_rng(seed), pools.subject("train", seed), "train", cast=cast(seed))
        programme = draw(label, stage) if name is None else named(label, name, stage)
        self.programme: Programme = programme
        self.body = stage.body
        self.poses: list[Pose] = []
        for t in times:
            pose = programme.at(float(t)).pose
            assert pose is not None
            self.poses.append(pose)
        self.joints: list[Joints] = [solve(stage.body, pose) for pose in self.poses]
        axes, root = heading_axes(self.poses[0].heading), self.poses[0].root
        self.wrists = np.array([(j.wrists - root) @ axes.T for j in self.joints]) / stage.body.height
        self.heads = np.array([(j.head - root) @ axes.T for j in self.joints]) / stage.body.height
        self.shoulders = np.array([(j.chest - root) @ axes.T for j in self.joints]) / stage.body.height

    @property
    def acting(self) -> int:
        """The hand that is farther from where hands hang or lie: the higher one."""
        return int(np.argmax(self.wrists[:, :, 1].mean(axis=0)))

    def palm(self, side: int) -> np.ndarray:
        """The middle of a hand over time, (n, 3)."""
        axes = heading_axes(self.poses[0].heading)
        along = np.array([j.hand_axes[side, 2] for j in self.joints]) @ axes.T
        return np.asarray(self.wrists[:, side] + 0.05 * along)


def cast(seed: int) -> dict[str, pools.Subject]:
    return pools.cast("train", np.random.default_rng(seed))


def beats_per_second(signal: np.ndarray) -> float:
    """Crossings of the mean from below, per second."""
    above = signal > signal.mean()
    return float(np.sum(~above[:-1] & above[1:]) / SECONDS)


def within(rate: float, drawn_from: tuple[float, float]) -> bool:
    """Counted over some seconds and never quite regular, so with some room."""
    return bool(drawn_from[0] * 0.75 - 0.2 <= rate <= drawn_from[1] * 1.2 + 0.2)


# --- each label as its name says -----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_flicking_fingers_snap_open_beside_eyes_that_see_them(seed):
    film = Film(14, seed)
    side = film.acting
    # The hand is at the height of the face and stays there
    assert np.ptp(film.wrists[:, side], axis=0).max() < 0.05
    assert np.abs(film.palm(side)[:, 1] - film.heads[:, 1]).max() < 0.13
    # And the middle finger goes from bent to straight and back, at the rate of the label
    curl = np.array([pose.curl[side, 2] for pose in film.poses])
    assert curl.min() < 0.1
    assert curl.max() > 0.7
    assert within(beats_per_second(curl), hands.FLICK_RATE)
    # And it opens faster than it shuts: a flick
    speed = np.diff(curl)
    assert -speed.min() > speed.max()


@pytest.mark.parametrize("seed", SEEDS)
def test_posturing_hands_are_raised_stiff_and_without_a_beat(seed):
    film = Film(23, seed)
    side = film.acting
    # The hand is about shoulder or chest, and keeps its place and the shape of its fingers
    assert (film.wrists[:, side, 1] - film.shoulders[:, 1]).min() > -0.16
    assert np.ptp(film.wrists[:, side], axis=0).max() < 0.06
    assert np.ptp([pose.curl[side] for pose in film.poses], axis=0).max() == 0.0
    # And turns slowly
    pointing = np.array([pose.fingers_to[side] for pose in film.poses])
    assert np.ptp(pointing, axis=0).max() > 0.3
    assert beats_per_second(pointing[:, 0]) < 1.0


@pytest.mark.parametrize("seed", SEEDS)
def test_flapping_is_both_hands_up_and_down_fast(seed):
    film = Film(25, seed)
    tips = np.stack([film.palm(0), film.palm(1)], axis=1) - film.shoulders[:, None]
    for side in (0, 1):
        swing = np.ptp(tips[:, side], axis=0)
        assert swing[1] > 0.1
        assert swing[1] > swing[0]
        assert within(beats_per_second(tips[:, side, 1]), hands.FLAP_RATE)
    # The hands never meet, as they would in clapping
    assert (film.wrists[:, 0, 0] - film.wrists[:, 1, 0]).min() > 0.2


@pytest.mark.parametrize("seed", SEEDS)
def test_waving_is_from_side_to_side_above_the_shoulder(seed):
    film = Film(40, seed)
    palm = film.palm(film.acting)
    swing = np.ptp(palm, axis=0)
    assert swing[0] > 0.1
    assert swing[0] > swing[1]
    assert within(beats_per_second(palm[:, 0]), hands.WAVE_RATE)
    assert np.mean(palm[:, 1] > film.shoulders[:, 1]) > 0.9
    # The palm shows to the front
    assert min(pose.palms_to[film.acting, 2] for pose in film.poses) > 0.9


@pytest.mark.parametrize("seed", SEEDS)
def test_who_stares_at_a_hand_faces_it_and_it_hardly_moves(seed):
    film = Film(33, seed)
    axes = heading_axes(film.poses[0].heading)
    palms = np.stack([film.palm(0), film.palm(1)], axis=1)
    raised = palms[:, :, 1].mean(axis=0) > film.shoulders[:, 1].mean() - 0.05
    target = palms[:, raised].mean(axis=1)
    line = target - film.heads
    far = np.linalg.norm(line, axis=1)
    facing = np.array([j.skull[2] for j in film.joints]) @ axes.T
    angle = np.arccos(np.sum(line * facing, axis=1) / far)
    assert angle.max() < np.radians(50)
    assert 0.1 < far.min() < far.max() < 0.36
    # Slow: nothing of the hand covers a hand's length within a third of a second
    moved = np.linalg.norm(palms[20:, raised] - palms[:-20, raised], axis=-1)
    assert moved.max() < 0.05


@pytest.mark.parametrize("seed", SEEDS)
def test_hands_keep_to_the_head_and_move_on_it_again_and_again(seed):
    film = Film(36, seed)
    palm = film.palm(film.acting)
    away = np.linalg.norm(palm - film.heads, axis=1)
    # The hand is never farther than a hand's breadth off the head or the nape
    assert away.max() < 0.5 * film.body.head + 0.14
    # And is behind the eyes, where it covers none
    assert (palm[:, 2] - film.heads[:, 2]).max() < 0.06
    relative = palm - film.heads
    axis = int(np.argmax(np.ptp(relative, axis=0)))
    assert np.ptp(relative[:, axis]) > 0.02
    assert within(beats_per_second(relative[:, axis]), hands_to_body.TOUCH_RATE)


@pytest.mark.parametrize("seed", SEEDS)
def test_beaten_is_the_own_chest(seed):
    film = Film(41, seed)
    wrist = film.wrists[:, film.acting] - film.shoulders
    # The wrist comes near the breastbone and leaves again, at the rate of the label
    gap = np.linalg.norm(wrist - [0.0, -0.1, 0.05], axis=1)
    assert gap.min() < 0.11
    assert np.ptp(gap) > 0.07
    assert within(beats_per_second(gap), hands_to_body.BEAT_RATE)


# --- what they share ------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.floats(2.0, 8.0), st.floats(0.85, 1.2), st.sampled_from(["nape", "back", "crown", "side"]))
def test_a_hand_laid_on_the_head_lies_on_it_whatever_the_body(age, build, place):
    # Given a child of any age and build with the left hand laid on a place of the head
    body = child(age, build)
    wrist, fingers, palm, along, off = touch(body, place)
    pose = Pose(hands=np.array([wrist, [-0.12, -0.28, 0.03]]))
    pose.fingers_to = np.array([fingers, [0.0, -1.0, 0.0]])
    pose.palms_to = np.array([palm, [1.0, 0.0, 0.0]])
    j = solve(body, pose)
    h = body.height
    # Then the arm reaches it
    reached = (j.wrists[0] - j.chest) @ heading_axes(0.0).T / h
    assert np.allclose(reached, wrist, atol=0.006)
    # And the middle of the hand is about the surface of the head, or of the neck under it
    middle = j.wrists[0] + j.hand_axes[0, 2] * 0.05 * h
    r = 0.5 * body.head * h
    if place == "nape":
        assert np.linalg.norm((middle - j.neck)[[0, 2]]) < 0.9 * r
    else:
        assert 0.6 * r < np.linalg.norm(middle - j.head) < 1.3 * r
    # And rubbing goes along the head while patting leaves it
    outwards = middle - (j.neck if place == "nape" else j.head)
    assert np.dot(off, outwards) > abs(np.dot(along, outwards)) * np.linalg.norm(off) / np.linalg.norm(along) * 0.8


@given(st.integers(0, 10_000), st.floats(0.3, 1.4), st.floats(0.0, 0.3))
def test_the_side_that_acts_is_turned_to_the_camera(seed, most, least):
    stage = Stage(np.random.default_rng(seed), pools.subject("train", 0), "train")
    who = acting(stage, 0.0)
    assert who.sum() == 1
    heading = towards_camera(stage, who, most, least)
    # Left is at world +x for who faces the camera, and comes nearer (+z) with a negative heading
    sign = 1.0 if who[0, 0] else -1.0
    nearer = sign * heading_axes(heading)[0, 2]
    assert nearer >= np.sin(-least) - 1e-9


@pytest.mark.parametrize("label", [14, 23, 25, 33, 36, 40, 41])
def test_the_acting_hand_is_in_the_picture(label):
    seen = []
    for index in range(6):
        ready = clip(11, "train", label, index)
        camera, programme = ready.scene.camera, ready.programme
        poses = [programme.at(k * 0.2).pose for k in range(8)]
        side = int(np.argmax(np.mean([pose.hands[:, 1] for pose in poses if pose is not None], axis=0)))
        for pose in poses:
            assert pose is not None
            place = camera.to_pixels(camera.view(solve(ready.scene.subject.body, pose).wrists[side : side + 1]))[0]
            seen.append(bool((place > 0).all() and place[0] < camera.width and place[1] < camera.height))
    assert np.mean(seen) > 0.9


# --- look-alikes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ONCE)
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_done_once_ends_with_the_hands_at_rest(name, seed):
    film = Film(0, seed, name, np.concatenate([TIMES, 20.0 + TIMES]))
    early, late = film.wrists[: len(TIMES)], film.wrists[len(TIMES) :]
    # The hands moved, and then move no more than breathing does
    assert np.ptp(early, axis=0).max() > 0.12
    assert np.ptp(late, axis=0).max() < 0.08


@pytest.mark.parametrize("seed", SEEDS)
def test_talking_with_the_hands_has_no_beat(seed):
    # Given hands that talk and hands that flap, each as the height of a palm over time
    def share_of_one_rate(film: Film) -> float:
        height = film.palm(film.acting)[:, 1]
        power = np.abs(np.fft.rfft((height - height.mean()) * np.hanning(len(height)))) ** 2
        peak = int(np.argmax(power))
        return float(power[max(peak - 2, 0) : peak + 3].sum() / power.sum())

    talking, flapping = Film(0, seed, "talking with the hands"), Film(25, seed)
    # Then most of what flaps is at one rate, and flaps faster than anybody talks
    assert share_of_one_rate(flapping) > 0.4
    assert beats_per_second(flapping.palm(0)[:, 1]) > beats_per_second(talking.palm(talking.acting)[:, 1])


def test_who_meets_a_high_five_is_met():
    # Given high fives with a grown-up, drawn until some are found
    gaps = []
    for seed in range(12):
        stage = Stage(np.random.default_rng(seed), pools.subject("train", seed), "train", cast=cast(seed))
        programme = named(0, "high five", stage)
        adult = stage.cast["adult"].body
        closest = np.inf
        for t in np.arange(0.0, 4.0, 0.05):
            moment = programme.at(float(t))
            assert moment.pose is not None
            if "adult" not in moment.others:
                break
            one, other = solve(stage.body, moment.pose).wrists, solve(adult, moment.others["adult"]).wrists
            closest = min(closest, float(np.linalg.norm(one[:, None] - other[None], axis=-1).min()))
        if np.isfinite(closest):
            gaps.append(closest)
    # Then the hands come together
    assert len(gaps) >= 3
    assert max(gaps) < 0.2


def test_every_look_alike_is_ordinary_behaviour():
    names = {entry.name for entry in BEHAVIOURS[0]}
    assert set(ONCE) <= names
    assert {"counting on the fingers", "folding the arms", "hands in the lap", "showing a toy", "pointing"} <= names
