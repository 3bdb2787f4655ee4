"""People together, cups and thrown toys: what the programmes of labels 18, 20, 22, 35, 37 and 42 promise to show."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.simulator import pools
from models.simulator.behaviours import BEHAVIOURS, draw, named
from models.simulator.body import adult, child, solve
from models.simulator.company import CHILD, Game, heading_to, keyed, reach, to_own
from models.simulator.motion import Pose, Stage, to_world
from models.simulator.shapes import Hull, heading_axes
from models.simulator.throws import Throw
from models.simulator.vessels import GLASS, Cup, Pouring

TIMES = np.arange(0.0, 4.0, 0.05)
SEEDS = range(4)
LOOK_ALIKES = (
    "playing together",
    "one child and a toy",
    "walking with an adult",
    "beside an adult",
    "given a toy",
    "talking face to face",
    "looking at a toy together",
    "carrying one toy",
    "drinking from one of two cups",
    "moving a cup once",
    "throwing to an adult",
)


def stage(seed: int) -> Stage:
    rng = np.random.default_rng(seed)
    return Stage(rng, pools.subject("train", seed), "train", cast=pools.cast("train", rng))


def gaze_error(who: Stage, pose: Pose, target: np.ndarray) -> float:
    """Radians, over the floor, between where a head points and where a point of the room lies."""
    joints = solve(who.body, pose)
    line = target - joints.head
    cosine = joints.skull[2][[0, 2]] @ line[[0, 2]]
    return float(np.arccos(cosine / np.linalg.norm(joints.skull[2][[0, 2]]) / np.linalg.norm(line[[0, 2]])))


# --- alone, or one of them ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_who_plays_alone_is_apart_with_its_back_or_side_to_a_game_that_goes_on(seed):
    # Given a child who plays alone
    programme = draw(18, stage(seed))
    moments = [programme.at(t) for t in TIMES]
    pose, others = moments[0].pose, moments[0].others
    # Then at least two others play, nearer to each other than to the child
    assert len(others) >= 2
    places = np.array([other.root for other in others.values()])
    middle = places.mean(axis=0)
    apart = np.linalg.norm(places - pose.root, axis=1).min()
    assert apart > np.linalg.norm(places - middle, axis=1).max()
    # And they face their game, while the child faces away from it
    ahead = heading_axes(pose.heading)[2]
    assert ahead @ (middle - pose.root) < 0
    for other in others.values():
        assert heading_axes(other.heading)[2] @ (middle - other.root) > 0
    # And their hands move within every two seconds
    for first in (0, 40):
        hands = np.array([[other.hands for other in m.others.values()] for m in moments[first : first + 40]])
        assert np.ptp(hands, axis=0).max() > 0.05


@pytest.mark.parametrize("seed", SEEDS)
def test_who_plays_together_is_one_of_the_ring(seed):
    programme = named(0, "playing together", stage(seed))
    moment = programme.at(1.0)
    everybody = [moment.pose, *moment.others.values()]
    middle = np.mean([pose.root for pose in everybody], axis=0)
    assert CHILD not in moment.others
    for pose in everybody:
        assert heading_axes(pose.heading)[2] @ (middle - pose.root) > 0


def test_the_ball_goes_from_hand_to_hand_and_the_tower_grows():
    # Given games of all kinds
    games = [Game.draw(stage(seed), [CHILD, "peer", "second peer"], np.zeros(3), 0.3) for seed in range(12)]
    assert {game.kind for game in games} == {"rolling", "tossing", "building"}
    for game in games:
        shapes = [game.at(t)[1] for t in np.arange(0.0, 5.0, 0.02)]
        if game.kind == "building":
            # Then the number of blocks changes while it is played
            assert len({len(each) for each in shapes}) > 1
            continue
        balls = np.array([next(s.centres[0] for s in each if isinstance(s, Hull)) for each in shapes])
        # Then the ball never jumps, and each player has it once in a while
        assert np.linalg.norm(np.diff(balls, axis=0), axis=1).max() < 0.12
        for base in game.bases.values():
            assert np.linalg.norm((balls - base.root) * [1, 0, 1], axis=1).min() < 0.45


# --- an adult by the hand -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["leading", "pulling"])
def test_the_adults_hand_is_in_the_childs_and_the_child_goes_before(seed, name):
    who = stage(seed)
    programme = named(20, name, who)
    for t in TIMES[::4]:
        moment = programme.at(t)
        other = moment.others["adult"]
        mine = solve(who.body, moment.pose).wrists
        held = solve(who.cast["adult"].body, other).wrists
        # Then two wrists are as near as two hands that hold each other
        assert np.linalg.norm(mine[:, None] - held[None], axis=2).min() < 0.24
        # And the adult stands behind the child, facing it
        assert heading_axes(other.heading)[2] @ (moment.pose.root - other.root) > 0.2
    if name == "leading":
        way = programme.at(3.0).pose.root - programme.at(0.0).pose.root
        assert heading_axes(moment.pose.heading)[2] @ way > 0.4
        follows = programme.at(3.0).others["adult"].root - programme.at(0.0).others["adult"].root
        assert np.linalg.norm(follows - way) < 0.3


@pytest.mark.parametrize("seed", SEEDS)
def test_an_adult_who_walks_along_holds_nobody(seed):
    who = stage(seed)
    programme = named(0, "walking with an adult", who)
    for t in TIMES[::8]:
        moment = programme.at(t)
        mine = solve(who.body, moment.pose).wrists
        theirs = solve(who.cast["adult"].body, moment.others["adult"]).wrists
        assert np.linalg.norm(mine[:, None] - theirs[None], axis=2).min() > 0.05


@settings(max_examples=40)
@given(st.floats(-3, 3), st.floats(-1, 1), st.floats(0.2, 1.4), st.floats(-1, 1))
def test_a_point_of_the_room_is_the_same_point_in_somebodys_own_frame(heading, x, y, z):
    body, point = adult(1.7, 1.0), np.array([x, y, z])
    pose = Pose(heading=heading, root=np.array([0.3, 0.0, -0.7]))
    assert np.allclose(to_world(pose, body, to_own(pose, body, point)), point)
    # And a hand that is sent there, when it is in reach, arrives
    near = solve(body, pose).shoulders[0] + 0.2 * np.array([x, -abs(y), z])
    reach(pose, body, 0, near)
    if np.linalg.norm(near - solve(body, pose).shoulders[0]) > 0.06:
        assert np.allclose(solve(body, pose).wrists[0], near, atol=2e-3)


# --- eyes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_whoever_avoids_eye_contact_looks_past_the_face_that_seeks_it(seed):
    # Given a child who avoids the eyes of somebody, and one who talks with somebody
    errors = {}
    for label, name in ((37, "avoiding eye contact"), (0, "talking face to face")):
        who = stage(seed)
        programme = named(label, name, who)
        assert programme.face
        seen, sought = [], []
        for t in TIMES:
            moment = programme.at(t)
            role, other = next(iter(moment.others.items()))
            partner = solve(who.cast[role].body, other)
            seen.append(gaze_error(who, moment.pose, partner.head))
            line = solve(who.body, moment.pose).head - partner.head
            sought.append(partner.skull[2] @ line / np.linalg.norm(line))
        # Then the other one looks at the child in both
        assert np.median(sought) > 0.85
        errors[label] = np.array(seen)
    # And the child at the other one only when they talk
    assert np.median(errors[37]) > 0.4
    assert np.median(errors[0]) < 0.35
    # And the head turns away more than once within any two seconds and a half
    programme = named(37, "avoiding eye contact", stage(seed))
    turned = np.array([programme.at(t).pose.head[0] for t in TIMES])
    assert min(np.ptp(turned[first : first + 50]) for first in (0, 15, 30)) > 0.5


# --- armfuls ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("label", "name"), [(22, "armful"), (0, "carrying one toy")])
def test_an_armful_is_many_toys_before_the_chest_and_none_is_let_go(seed, label, name):
    who = stage(seed)
    programme = named(label, name, who)
    for t in (0.0, 1.3, 2.6):
        moment = programme.at(t)
        chest = solve(who.body, moment.pose).chest
        near = [s for s in moment.props if s.layer == 1 and np.linalg.norm(_middle(s) - chest) < 0.4 * who.body.height]
        colours = {s.colour for s in near}
        if label:
            assert len(colours) >= 4
        else:
            assert 1 <= len(near) <= 12
    assert programme.at(0.0).props
    assert len(programme.at(0.0).props) == len(programme.at(3.0).props)


def _middle(shape) -> np.ndarray:
    return (shape.centres if isinstance(shape, Hull) else shape.points).mean(axis=0)


# --- water --------------------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(st.floats(0, 40))
def test_water_goes_from_cup_to_cup_and_none_is_lost(pours):
    plan = Pouring(np.array([[0.09, 0.4, 0.3], [-0.09, 0.4, 0.3]]), 0.045, 0.11, 0.06)
    middles, axes, levels, giver, falls = plan.at(pours)
    assert np.isclose(levels.sum(), 0.9, atol=1e-9)
    assert giver == int(pours) % 2
    if falls and 0.3 < pours % 1 < 0.7:
        # Then the giver is tilted and above, and its lip over the other's mouth
        assert axes[giver][1] < 0.6
        lip = plan.lip(middles[giver], axes[giver])
        assert abs(lip[0] - middles[1 - giver][0]) < plan.radius
        assert lip[1] > middles[1 - giver][1] + plan.height / 2
    # And the next moment begins where this one ends
    after = plan.at(pours + 1e-4)[0]
    assert np.abs(after - middles).max() < 2e-3


@pytest.mark.parametrize("seed", SEEDS)
def test_a_stream_is_seen_within_any_two_seconds(seed):
    programme = draw(35, stage(seed))
    falls = np.array([len(programme.at(t).props) for t in np.arange(0.0, 8.0, 0.05)])
    falls = falls > falls.min() + 2
    for first in range(0, 120, 10):
        assert falls[first : first + 40].sum() >= 8


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.6))
def test_water_stays_below_the_lowest_point_of_the_rim(level, tilt):
    cup = Cup(0.04, 0.1, GLASS, (60, 130, 220), clear=True)
    axis = np.array([np.sin(tilt), np.cos(tilt), 0.0])
    shapes = cup.shapes(np.zeros(3), axis, level, 2)
    lowest = 0.05 * axis[1] - 0.04 * np.sqrt(max(1 - axis[1] ** 2, 0.0))
    for water in (s for s in shapes if isinstance(s, Hull) and s.colour == cup.water):
        assert water.centres[:, 1].max() <= lowest + 0.004


# --- throws -------------------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(st.floats(1.4, 2.2), st.floats(0.34, 0.46), st.floats(0.28, 0.5), st.floats(-0.2, 0.2))
def test_what_is_thrown_flies_lands_lies_and_is_picked_up_without_a_jump(period, flight, z, x):
    body = child(4.0, 1.0)
    spot = np.array([x, 0.05, z])
    ready, back, through = np.array([[0.1, 0.6, 0.17], [0.17, 0.85, 0.0], [0.08, 0.7, 0.3]])
    throw = Throw(ready, back, through, spot[None], period, flight, body.height)
    step = 0.01 / period
    way = [throw.toy(u, spot) for u in np.arange(0.0, 1.0, step)]
    places, held = np.array([place for place, _ in way]), np.array([in_hand for _, in_hand in way])
    # Then it is in the hand first and last, and free in between for a quarter of the round at least
    assert held[0]
    assert held[-1]
    assert (~held).mean() > 0.25
    # And it moves no faster than a child throws (metres per second), falls to the floor and stays above it
    assert np.linalg.norm(np.diff(places, axis=0), axis=1).max() * body.height / 0.01 < 12
    assert places[:, 1].min() > 0.02
    assert np.ptp(places[:, 1]) > 0.4


@pytest.mark.parametrize("seed", SEEDS)
def test_throwing_and_picking_up_go_on_at_the_stated_rate(seed):
    who = stage(seed)
    programme = draw(42, who)
    heads = np.array([solve(who.body, programme.at(t).pose).head for t in np.arange(0.0, 11.0, 0.05)])
    low = heads[:, 1] < heads[:, 1].min() + 0.35 * np.ptp(heads[:, 1])
    times = int(np.sum(~low[:-1] & low[1:]))
    assert 4 <= times <= 9
    assert np.ptp(heads[:, 1]) > 0.1


@given(st.floats(-3, 3))
def test_the_way_through_stations_is_closed_and_smooth(u):
    keys = [(0.1, np.array([0.0, 1.0])), (0.5, np.array([1.0, 0.0])), (0.8, np.array([1.0, 1.0]))]
    here, there = keyed(u, keys), keyed(u + 1e-4, keys)
    assert np.abs(here - there).max() < 1e-3
    assert np.allclose(here, keyed(u + 1.0, keys), atol=1e-9)
    assert np.allclose(keyed(0.5, keys), keys[1][1])


# --- all together -------------------------------------------------------------------------------------------------


def test_heading_to_is_the_heading_that_points_there():
    start, end = np.array([0.2, 0.0, 1.0]), np.array([-0.4, 0.3, 0.1])
    ahead = heading_axes(heading_to(start, end))[2]
    line = (end - start) * [1, 0, 1]
    assert np.allclose(ahead, line / np.linalg.norm(line))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_look_alikes_play_with_a_cast_and_without_one_and_never_jump(seed, name):
    who = stage(seed)
    bare = Stage(np.random.default_rng(seed), who.subject, "train")
    assert named(0, name, bare).at(0.5).pose is not None
    programme = named(0, name, who)
    heads = np.array([solve(who.body, programme.at(t).pose).head for t in TIMES])
    assert np.linalg.norm(np.diff(heads, axis=0), axis=1).max() < 0.15


def test_each_of_the_six_labels_is_there_and_ordinary_life_has_its_look_alikes():
    assert set(BEHAVIOURS) >= {18, 20, 22, 35, 37, 42}
    assert {entry.name for entry in BEHAVIOURS[0]} >= set(LOOK_ALIKES)
