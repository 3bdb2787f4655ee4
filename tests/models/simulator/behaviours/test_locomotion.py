"""Moving about: what makes toe walking, pacing, running, jumping and climbing what they are; ordinary moving is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.simulator import pools
from models.simulator.behaviours import BEHAVIOURS, named
from models.simulator.behaviours import climbing as up
from models.simulator.behaviours import locomotion as on_foot
from models.simulator.behaviours import ordinary_moving as ordinary
from models.simulator.body import ANKLE, Joints, Pose, child, solve
from models.simulator.motion import Programme, Rhythm, Stage, standing

WINDOW_S = 2.13  # what the model sees at once
STEP_S = 1 / 30
SEEDS = range(6)
MODULES = {module.__name__ for module in (on_foot, up, ordinary)}
MINE = [
    (label, entry.name)
    for label, entries in BEHAVIOURS.items()
    for entry in entries
    if entry.factory.__module__ in MODULES
]


def stage(seed: int) -> Stage:
    rng = np.random.default_rng(seed)
    return Stage(rng, pools.subject("train", seed), "train", cast=pools.cast("train", rng))


def actor(who: Stage, programme: Programme, t: float) -> tuple[Pose, Joints]:
    """Whoever is in the picture: the child, or the grown-up where there is no child."""
    moment = programme.at(t)
    pose, subject = (moment.others["adult"], who.cast["adult"]) if moment.pose is None else (moment.pose, who.subject)
    return pose, solve(subject.body, pose)


def track(label: int, name: str, seed: int, seconds: float = 4.2) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """(roots (n, 3) m, ankles (n, 2, 3) body heights, pelvis heights (n,) body heights, body height m)."""
    who = stage(seed)
    programme = named(label, name, who)
    seen = [actor(who, programme, t) for t in np.arange(0.0, seconds, STEP_S)]
    height = seen[0][1].height
    ankles = np.array([joints.ankles for _, joints in seen]) / height
    pelvis = np.array([joints.pelvis[1] for _, joints in seen]) / height
    return np.array([pose.root for pose, _ in seen]), ankles, pelvis, height


def windows(n: int) -> list[slice]:
    """Every window of the model in n frames."""
    width = int(WINDOW_S / STEP_S)
    return [slice(first, first + width) for first in range(0, n - width, 6)]


def reversals(roots: np.ndarray) -> int:
    """How often somebody turns back along the main direction of the way."""
    flat = roots[:, [0, 2]] - roots[:, [0, 2]].mean(axis=0)
    speed = np.diff(flat @ np.linalg.svd(flat, full_matrices=False)[2][0])
    moving = np.sign(speed[np.abs(speed) > 0.25 * np.abs(speed).max()])
    return int(np.sum(moving[1:] != moving[:-1]))


def flights(ankles: np.ndarray, clear: float = 0.05) -> int:
    """How often both feet leave the floor together."""
    flying = ankles[..., 1].min(axis=1) > ankles[..., 1].min() + clear
    return int(np.sum(flying[1:] & ~flying[:-1]))


# --- the gait -----------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.floats(2, 8), st.floats(0.25, 0.8), st.floats(-3, 3), st.booleans())
def test_a_foot_on_the_floor_stays_where_it_is(age, speed, angle, runs):
    # Given somebody who goes straight on
    body, gait = child(age, 1.0), on_foot.RUNNING if runs else on_foot.WALKING
    who = stage(1)
    rhythm = Rhythm(np.random.default_rng(2), (1.6, 1.6), 0.0)
    place = on_foot.straight(angle, speed * (1.6 if runs else 1.0), 0.0)
    base = standing(Stage(who.rng, who.subject, "train"))
    base.pelvis[1] = body.hip - 0.008
    # When the left foot is in the middle of its stance (a third of it before and after)
    starts = (np.arange(2.0, 4.0) - rhythm.start) / rhythm.rate
    for start in starts:
        times = start + np.linspace(0.15, 0.6, 6) * gait.duty / rhythm.rate
        feet = [on_foot.travel(base, body, gait, rhythm, place, t) for t in times]
        at = np.array([solve(body, pose).ankles[0] for pose in feet])
        roots = np.array([pose.root for pose in feet])
        # Then it hardly moves while the body passes over it
        assert np.linalg.norm(at[-1] - at[0]) < 0.25 * np.linalg.norm(roots[-1] - roots[0]) + 0.004
        assert np.ptp(at[:, 1]) < 0.03 * body.height


@given(st.floats(0.5, 0.65), st.floats(0.05, 0.3), st.floats(0.04, 0.1))
def test_a_jump_leaves_the_floor_once_and_comes_back_to_where_it_began(flight, height, dip):
    base = standing(stage(3))
    poses = [on_foot.jump(base, phase, flight, height, dip) for phase in np.linspace(0.0, 1.0, 41)]
    pelvis = np.array([pose.pelvis[1] for pose in poses])
    assert np.allclose([pelvis[0], pelvis[-1]], base.pelvis[1], atol=1e-6)
    assert pelvis.max() == pytest.approx(base.pelvis[1] + height, rel=0.05)
    assert pelvis.min() == pytest.approx(base.pelvis[1] - dip, rel=0.05)
    feet = np.array([pose.feet[:, 1].min() for pose in poses])
    assert np.all(feet >= ANKLE - 1e-9)
    on_floor = np.linspace(0.0, 1.0, 41) < 1.0 - flight - 1e-6
    assert np.allclose(feet[on_floor], ANKLE)


# --- the behaviours -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_toe_walkers_heels_never_come_down_and_ordinary_ones_do(seed):
    # Given a toe walker and ordinary feet in the same framing
    def heels(label: int, name: str) -> np.ndarray:
        who = stage(seed)
        programme = named(label, name, who)
        return np.array([programme.at(t).pose.toes[:, 1] for t in np.arange(0, 4, 0.05)])

    toes, ordinary_feet, once = heels(11, "toe walking"), heels(0, "walking feet"), heels(0, "on tiptoe once")
    # Then the soles of the one are pitched by more than 40 degrees all the time
    assert toes.max() < -0.7
    # And those of the others come flat to the floor within any second, or all but one
    for first in range(0, 60, 5):
        assert ordinary_feet[first : first + 20].max() > -0.1
        assert once[first : first + 40].max() > -0.1
    # And toe walkers step: each foot is lifted several times in two seconds
    ankles = track(11, "toe walking", seed)[1]
    lifted = ankles[..., 1] - ankles[..., 1].min() > 0.015
    assert np.all(np.sum(lifted[1:64] & ~lifted[:63], axis=0) >= 2)


@pytest.mark.parametrize("seed", SEEDS)
def test_pacing_and_running_back_and_forth_turn_in_every_window_and_only_running_flies(seed):
    pace, pace_feet, _, _ = track(21, "pacing", seed)
    run, run_feet, _, _ = track(17, "running back and forth", seed)
    for part in windows(len(pace)):
        assert reversals(pace[part]) >= 1
        assert reversals(run[part]) >= 1
    assert 0.7 < np.ptp(pace, axis=0).max() < 1.8
    # While one foot rolls off and the other lands both ankles are up a little: that is not flight.
    assert flights(pace_feet, 0.045) == 0
    assert flights(run_feet, 0.045) >= 4
    way = [np.linalg.norm(np.diff(roots, axis=0), axis=1).sum() for roots in (pace, run)]
    assert way[1] > 1.2 * way[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_pacing_round_comes_round_most_of_the_way_in_every_window(seed):
    roots = track(21, "pacing round and round", seed)[0]
    angle = np.unwrap(np.arctan2(roots[:, 0], roots[:, 2]))
    assert all(np.ptp(angle[part]) > 1.4 * np.pi for part in windows(len(roots)))


@pytest.mark.parametrize("seed", SEEDS)
def test_jumping_stays_on_the_spot_and_hyperactivity_does_not(seed):
    spot, spot_feet, _, _ = track(31, "jumping on the spot", seed)
    wild, wild_feet, _, _ = track(16, "running and jumping", seed)
    # Given the jumper: both feet together, in the stated rate, on one spot
    assert np.ptp(spot[:, [0, 2]], axis=0).max() < 0.25
    assert np.abs(np.diff(spot_feet[..., 1], axis=1)).max() < 0.02
    assert 1.0 < flights(spot_feet, 0.03) / 4.2 < 2.7
    # And the other: in any two seconds there is a way of more than a metre, a turn and a hop
    for part in windows(len(wild)):
        assert np.linalg.norm(np.diff(wild[part], axis=0), axis=1).sum() > 0.6
        assert flights(wild_feet[part], 0.07) >= 1


@pytest.mark.parametrize("seed", SEEDS)
def test_climbers_rise_hand_and_foot_in_turn(seed):
    _, ankles, pelvis, _ = track(38, "climbing wall bars or a shelf", seed)
    # Given two seconds on the bars: the body rises, and the feet never go up together
    assert pelvis[63] - pelvis[0] > 0.2
    lifting = np.diff(ankles[:63, :, 1], axis=0) > 0.004
    assert lifting.any(axis=0).all()
    assert np.mean(lifting.all(axis=1)) < 0.1
    # And over furniture: it rises, and ends on top
    _, ankles, pelvis, _ = track(38, "climbing furniture", seed, 8.0)
    assert pelvis[-1] > 0.8
    assert ankles[-1, :, 1].min() > 0.35
    assert np.max(np.diff(pelvis[::15])) > 0.05
    # And whoever is up there already moves, high above the floor
    _, ankles, pelvis, _ = track(38, "up on the furniture", seed)
    assert ankles[..., 1].min() > 0.35
    assert np.ptp(ankles[:, 0, 1]) > 0.02


# --- ordinary moving ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["passing by", "adult passing by", "towards or away", "running across"])
@pytest.mark.parametrize("seed", SEEDS)
def test_who_walks_by_once_never_turns_back(name, seed):
    roots = track(0, name, seed)[0]
    assert reversals(roots) == 0
    assert np.linalg.norm(roots[-1] - roots[0]) > 1.0


@pytest.mark.parametrize("name", ["adult passing by", "busy at a high table"])
def test_a_grown_up_alone_is_in_the_picture_and_no_child_is_recorded(name):
    programme = named(0, name, stage(2))
    moment = programme.at(1.0)
    assert not programme.person
    assert moment.pose is None
    assert set(moment.others) == {"adult"}


@pytest.mark.parametrize("seed", SEEDS)
def test_one_jump_for_joy_is_one(seed):
    assert flights(track(0, "jump for joy", seed)[1]) == 1


@pytest.mark.parametrize(("label", "name"), MINE)
def test_nobody_is_torn_from_one_place_to_another(label, name):
    for seed in range(3):
        who = stage(seed)
        programme = named(label, name, who)
        joints = [actor(who, programme, t)[1] for t in np.arange(0.0, 4.0, STEP_S)]
        for part in ("head", "pelvis", "ankles", "wrists"):
            path = np.array([getattr(j, part) for j in joints])
            assert np.isfinite(path).all()
            moved = np.linalg.norm(np.diff(path, axis=0), axis=-1).max()
            # Ten metres a second is more than a running child's foot or a thrown-up hand.
            assert moved < 10.0 * STEP_S, f"{part}: {moved:.2f} m from one frame to the next"


@pytest.mark.parametrize(("label", "name"), MINE)
def test_programmes_do_without_a_cast(label, name):
    # Given a stage as sessions of one child have it, with nobody else to play
    alone = Stage(np.random.default_rng(4), pools.subject("train", 4), "train")
    # Then there is something to draw all the same
    moment = named(label, name, alone).at(0.5)
    assert moment.pose is not None or moment.others
