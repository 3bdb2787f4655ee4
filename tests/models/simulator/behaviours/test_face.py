"""Faces seen from near: what the drawing shows, what five labels do, and how ordinary faces differ from them."""

from __future__ import annotations

import copy
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.simulator import pools
from models.simulator.behaviours import BEHAVIOURS, named
from models.simulator.behaviours.portrait import FACE_PITCH, FACE_SPAN, FACE_YAW, Glances, closure, natural_lids
from models.simulator.body import Pose, solve
from models.simulator.camera import Camera, CameraStyle
from models.simulator.face import TEETH, TONGUE, WHITE_OF_EYE
from models.simulator.figure import person
from models.simulator.motion import Programme, Stage, standing
from models.simulator.render import Light, Painter
from models.simulator.shapes import Points

STYLE = CameraStyle("camera", 240, 240, 0.9, 0.0, 0.0, 1.0, (0.0, 0.0), 0.0, 0.5, 0.0)
SUBJECT = pools.subject("train", 12)
WINDOW = 2.13  # seconds that the model sees
SEEN = np.arange(0.0, 6.0, 1 / 60)
SEEDS = range(8)
OWN = {13, 15, 19, 26, 32}


def stage(seed: int) -> Stage:
    return Stage(np.random.default_rng(seed), pools.subject("train", seed), "train")


def portrait(change: Callable[[Pose], None] = lambda pose: None, detailed: bool = True, yaw: float = 0.2) -> np.ndarray:
    """A head of about 150 pixels, painted on black, (240, 240, 3)."""
    body = SUBJECT.body
    pose = standing(Stage(np.random.default_rng(1), SUBJECT, "train"))
    change(pose)
    middle = np.array([0.0, 1.0 - 0.5 * body.head, 0.0]) * body.height
    camera = Camera(STYLE, middle, 1.6 * body.head * body.height, 0.7, yaw, 0.1)
    black = np.zeros((*camera.canvas, 3), np.uint8)
    return Painter(camera, Light(pools.room("train", 0))).paint(black, person(SUBJECT, pose, face=detailed))


def posed(**values: object) -> Callable[[Pose], None]:
    def change(pose: Pose) -> None:
        for name, value in values.items():
            setattr(pose, name, np.array(value, float) if isinstance(value, tuple) else value)

    return change


def painted(picture: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    """Where (y, x) the picture has about that colour, (n, 2)."""
    return np.argwhere(np.abs(picture.astype(int) - colour).max(axis=2) < 12)


def as_seen(picture: np.ndarray) -> np.ndarray:
    return np.asarray(cv2.resize(picture, (56, 56), interpolation=cv2.INTER_AREA), float)


# --- the drawing --------------------------------------------------------------------------------------------------


def test_lids_close_over_the_eyes_by_as_much_as_the_pose_says():
    # Given eyes wide open, half closed and shut
    whites = [len(painted(portrait(posed(eyes=(o, o))), WHITE_OF_EYE)) for o in (1.0, 0.5, 0.0)]
    # Then less and less white is to be seen, in the end none
    assert whites[0] > 1.5 * whites[1] > 0
    assert whites[2] < 0.02 * whites[0]


def test_one_eye_can_close_alone():
    left = painted(portrait(posed(eyes=(1.0, 0.0)), yaw=0.0), WHITE_OF_EYE)
    both = painted(portrait(yaw=0.0), WHITE_OF_EYE)
    # The child faces the camera, so its left is the picture's right
    assert np.isclose(len(left), len(both) / 2, rtol=0.15)
    assert left[:, 1].min() > both[:, 1].mean()


@pytest.mark.parametrize(("gaze", "axis", "sign"), [((1.0, 0.0), 1, 1), ((-1.0, 0.0), 1, -1), ((0.0, 1.0), 0, -1)])
def test_the_iris_goes_where_the_child_looks(gaze: tuple[float, float], axis: int, sign: int):
    # When the gaze leaves the middle, the white of the eye that is left lies on the other side
    straight = painted(portrait(yaw=0.0), WHITE_OF_EYE).mean(axis=0)
    aside = painted(portrait(posed(gaze=gaze), yaw=0.0), WHITE_OF_EYE).mean(axis=0)
    assert sign * (straight - aside)[axis] > 0.5


def test_tongue_and_teeth_are_seen_only_when_shown():
    rest = portrait()
    assert len(painted(rest, TONGUE)) == 0
    short, long = (painted(portrait(posed(tongue=out)), TONGUE) for out in (0.4, 1.0))
    # A tongue far out reaches further down
    assert long[:, 0].max() > short[:, 0].max() + 8
    # And biting shows teeth over the lower lip where there were none
    mouth = slice(150, 200)
    assert len(painted(portrait(posed(bitten=1.0))[mouth], TEETH)) > len(painted(rest[mouth], TEETH)) + 60


def test_from_afar_a_face_stays_simple():
    # Given a programme without face, what eyes and mouth do changes nothing
    busy = posed(eyes=(0.0, 0.0), mouth=1.0, tongue=1.0, brows=-1.0, bitten=1.0)
    assert np.array_equal(portrait(detailed=False), portrait(busy, detailed=False))


@pytest.mark.parametrize("yaw", [0.0, 0.5, -0.5])
def test_open_shut_and_narrowed_eyes_differ_at_the_model_s_size(yaw: float):
    # Given an open, a shut and a squinting face, each as 56 × 56 pixels
    faces = [
        as_seen(portrait(change, yaw=yaw))
        for change in (posed(), posed(eyes=(0.0, 0.0)), posed(eyes=(0.2, 0.2), brows=-1.0))
    ]
    # Then any two differ by much more than noise in a dozen pixels
    for k in range(3):
        change = np.abs(faces[k] - faces[k - 1]).max(axis=2)
        assert np.sum(change > 25) >= 12


def test_nobody_has_a_face_at_the_back_of_the_head():
    shown = portrait(posed(tongue=1.0, mouth=1.0), yaw=np.pi - 0.2)
    for colour in (WHITE_OF_EYE, TONGUE, TEETH):
        assert len(painted(shown, colour)) == 0


# --- the parts ----------------------------------------------------------------------------------------------------


@given(st.floats(-2.0, 3.0))
def test_a_blink_begins_and_ends_open(u: float):
    assert 0.0 <= closure(u) <= 1.0
    if not 0.0 < u < 1.0:
        assert closure(u) == 0.0
    assert closure(0.4) == 1.0


@given(st.integers(0, 10_000), st.floats(0.0, 500.0))
@settings(max_examples=40)
def test_glances_stay_within_reach_and_rest(seed: int, t: float):
    glances = Glances(stage(seed % 50), (0.6, 0.3))
    assert np.all(np.abs(glances(t)) <= np.array([0.6, 0.3]) + 1e-9)
    moving = [not np.array_equal(glances(t + d), glances(t + d + 1e-3)) for d in np.arange(0.0, 3.0, 0.03)]
    assert np.mean(moving) < 0.35


@pytest.mark.parametrize("seed", SEEDS)
def test_ordinary_blinks_are_far_apart(seed: int):
    lids = natural_lids(stage(seed))
    shut = np.array([lids(t) < 0.3 for t in np.arange(0.0, 60.0, 1 / 60)])
    begins = np.flatnonzero(shut[1:] & ~shut[:-1]) / 60
    assert 5 <= len(begins) <= 22
    assert np.diff(begins).min() > 1.5


# --- the five labels ----------------------------------------------------------------------------------------------


def played(label: int, name: str, seed: int) -> tuple[Programme, list[Pose]]:
    programme = named(label, name, stage(seed))
    poses = [programme.at(float(t)).pose for t in SEEN]
    assert all(pose is not None for pose in poses)
    return programme, [copy.copy(pose) for pose in poses if pose is not None]


def windows(signal: Points) -> list[Points]:
    n = round(WINDOW * 60)
    return [signal[k : k + n] for k in range(0, len(signal) - n, 12)]


def strokes(signal: Points, low: float, high: float) -> int:
    """How often a signal goes from below `low` to above `high`."""
    state, count = signal[0] > high, 0
    for value in signal:
        if state and value < low:
            state = False
        elif not state and value > high:
            state, count = True, count + 1
    return count


@pytest.mark.parametrize("seed", SEEDS)
def test_frequent_blinking_closes_the_eyes_wholly_again_and_again(seed: int):
    _, poses = played(19, "frequent blinking", seed)
    shut = np.array([1.0 - pose.eyes.mean() for pose in poses])
    assert min(strokes(w, 0.3, 0.9) for w in windows(shut)) >= 2
    # Between two blinks the eyes are open
    assert all(w.min() < 0.15 for w in windows(shut))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["squinting", "squinting under a hand"])
def test_squinting_is_sustained_and_frowns(name: str, seed: int):
    _, poses = played(32, name, seed)
    assert max(pose.eyes.max() for pose in poses) < 0.4
    assert max(pose.brows for pose in poses) < -0.5
    # Slowly: in a tenth of a second the lids hardly move
    eyes = np.array([pose.eyes.max() for pose in poses])
    assert np.abs(eyes[6:] - eyes[:-6]).max() < 0.1


@pytest.mark.parametrize("seed", SEEDS)
def test_closed_eyes_are_shut_without_a_frown(seed: int):
    _, poses = played(13, "eyes kept closed", seed)
    assert max(pose.eyes.max() for pose in poses) == 0.0
    assert min(pose.brows for pose in poses) >= 0.0


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["hands over the eyes", "one hand over the eyes", "forearm over the eyes"])
def test_hands_cover_the_eyes_most_of_the_time(name: str, seed: int):
    drawn = stage(seed)
    programme, poses = played(13, name, seed)
    covered = []
    for pose in poses[::4]:
        j = solve(drawn.body, pose)
        eyes = j.head + j.skull[2] * 0.35 * drawn.body.head * j.height
        along = np.linspace(-0.12, 0.08, 12)[:, None] * j.height
        arms = [j.wrists[k] + along * j.hand_axes[k, 2] for k in (0, 1)]
        arms += [
            e + (w - e) * s
            for e, w in zip(j.elbows, j.wrists, strict=True)
            for s in np.linspace(0, 1, 8)[:, None, None]
        ]
        near = min(float(np.linalg.norm(np.atleast_2d(np.squeeze(a)) - eyes, axis=-1).min()) for a in arms)
        covered.append(near < 0.075 * j.height)
    assert np.mean(covered) > 0.6
    # And the hands are painted over the face
    assert programme.layers[1] > programme.layers[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_tongue_and_lip_keep_a_beat_in_every_window(seed: int):
    for label, name, part in ((26, "tongue protrusion", "tongue"), (15, "lip biting", "bitten")):
        _, poses = played(label, name, seed)
        signal = np.array([float(getattr(pose, part)) for pose in poses])
        middle = 0.5 * (signal.min() + signal.max())
        assert signal.max() > 0.6
        assert np.ptp(signal) > 0.25
        assert all(strokes(w, middle, middle) >= 1 for w in windows(signal))


# --- ordinary faces -----------------------------------------------------------------------------------------------

LOOK_ALIKES = [entry for entry in BEHAVIOURS[0] if entry.factory.__module__.endswith(".ordinary_face")]
ORDINARY = [entry.name for entry in LOOK_ALIKES]


def test_the_list_of_ordinary_faces_is_long_enough():
    assert len(ORDINARY) >= 9


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_face_has_none_of_the_five(name: str, seed: int):
    programme, poses = played(0, name, seed)
    assert programme.face
    shut = np.array([1.0 - pose.eyes.min() for pose in poses])
    # It does not blink often, nor keep both eyes shut, nor frown
    assert max(strokes(w, 0.3, 0.9) for w in windows(shut)) <= 2
    assert np.mean([pose.eyes.max() < 0.4 for pose in poses]) < 0.4
    assert min(pose.brows for pose in poses) > -0.5
    # The tongue or the teeth come at most once, shortly
    for part in ("tongue", "bitten"):
        signal = np.array([float(getattr(pose, part)) for pose in poses])
        assert strokes(signal, 0.1, 0.12) <= 2
        assert np.mean(signal > 0.1) < 0.3


@pytest.mark.parametrize("seed", SEEDS)
def test_a_yawn_comes_once(seed: int):
    _, poses = played(0, "yawning", seed)
    mouth = np.array([pose.mouth for pose in poses])
    assert mouth.max() > 0.9
    assert strokes(mouth[: 4 * 60], 0.2, 0.8) <= 1


def test_labels_and_look_alikes_share_one_camera():
    # Given all programmes of faces, of the labels and of label 0
    entries = [e for label in OWN for e in BEHAVIOURS[label]] + LOOK_ALIKES
    for entry in entries:
        drawn = stage(3)
        programme = entry.factory(drawn)
        # Then none is told by where its camera stands
        assert (programme.framing.yaw, programme.framing.pitch) == (FACE_YAW, FACE_PITCH)
        span = programme.framing.span / (drawn.body.head * drawn.body.height)
        assert FACE_SPAN[0] <= span <= 1.75
