"""What the head does in the simulator, told from the poses and things of each moment."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.simulator import pools
from models.simulator.behaviours import BEHAVIOURS, head, named, ordinary_head
from models.simulator.behaviours.mouthing import mouth_of
from models.simulator.body import solve
from models.simulator.clip import clip
from models.simulator.face import TEETH
from models.simulator.motion import Moment, Programme, Stage
from models.simulator.shapes import Hull, Panel, Points

SECONDS = 6.0
TIMES = np.arange(0.0, SECONDS, 1 / 30)
BANGING = ("head banging on a wall", "head banging sideways", "head banging backwards", "head banging on a table")
seeds = st.integers(0, 10_000)


def stage(seed: int) -> Stage:
    return Stage(np.random.default_rng(seed), pools.subject("train", seed), "train")


def heads(programme: Programme, times: Iterable[float] = TIMES) -> Points:
    """Turn, bow and tilt of the head at each time, (n, 3)."""
    return np.array([pose.head for t in times if (pose := programme.at(t).pose) is not None])


def per_second(signal: Points) -> float:
    """Crossings of the middle of the range from below, per second."""
    above = signal > 0.5 * (signal.max() + signal.min())
    return float(np.sum(~above[:-1] & above[1:]) / SECONDS)


def to_surface(moment: Moment, of: Stage) -> float:
    """From the middle of the head to the nearest face of a board or table, in head heights, 1 at most."""
    assert moment.pose is not None
    at = solve(of.body, moment.pose).head
    gaps = []
    for face in (p for p in moment.props if isinstance(p, Panel) and p.solid):
        first, second = face.points[1] - face.points[0], face.points[-1] - face.points[0]
        normal = np.cross(first, second) / np.linalg.norm(np.cross(first, second))
        gap = float((at - face.points[0]) @ normal)
        flat = at - gap * normal - face.points[0]
        inside = [0.0 <= float(flat @ edge) <= float(edge @ edge) for edge in (first, second)]
        if all(inside):
            gaps.append(abs(gap))
    return min([1.0, *(gap / (of.body.head * of.body.height) for gap in gaps)])


# --- banging ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BANGING)
@settings(max_examples=6, deadline=None)
@given(seed=seeds)
def test_the_head_strikes_a_surface_that_is_seen(name, seed):
    # Given a child who bangs the head
    acting = stage(seed)
    programme = named(12, name, acting)
    moments = [programme.at(t) for t in TIMES]
    gaps = np.array([to_surface(moment, acting) for moment in moments])
    # Then the head touches the surface at each blow, without going through, and leaves it in between
    assert 0.3 < gaps.min() < 0.55
    assert gaps.max() > gaps.min() + 0.25
    # And the blows come at the rate that is stated
    low, high = head.BANG_RATE
    assert low - 0.35 <= per_second(-gaps) <= high + 0.35


# --- shaking, turning, tilting ------------------------------------------------------------------------------------


@settings(max_examples=12, deadline=None)
@given(seed=seeds)
def test_shaking_is_fast_and_turning_is_slow_and_wide(seed):
    shaken = heads(named(24, "head shaking", stage(seed)))[:, 0]
    turned = heads(named(34, "head turning", stage(seed)))[:, 0]
    assert head.SHAKE_RATE[0] - 0.4 <= per_second(shaken) <= head.SHAKE_RATE[1] + 0.4
    assert per_second(turned) <= head.TURN_RATE[1] + 0.2
    assert np.ptp(turned) > 0.8 * head.TURN_ANGLE[0]
    assert abs(turned).max() > head.TURN_ANGLE[0] - 0.1
    # And a turned head is held at the end: it spends more time near its extremes than a sine does
    far = abs(turned - 0.5 * (turned.min() + turned.max())) > 0.35 * np.ptp(turned)
    assert far.mean() > 0.52


@settings(max_examples=12, deadline=None)
@given(seed=seeds)
def test_a_tilted_head_has_its_ear_to_the_shoulder(seed):
    tilted = heads(named(30, "head tilting", stage(seed)))
    assert abs(tilted[:, 2]).max() > 0.9 * head.TILT_ANGLE[0]
    assert abs(tilted[:, 2]).mean() > 0.18
    assert abs(tilted[:, 0]).max() < 0.5  # which is not a turned head


@settings(max_examples=12, deadline=None)
@given(seed=seeds)
def test_an_answer_is_given_once(seed):
    # Given "no" as children say it, and a nod
    said = heads(named(0, "saying no once", stage(seed)))[:, 0]
    nodded = heads(named(0, "nodding once", stage(seed)))[:, 1]
    # Then the last seconds are quiet: no window of a clip holds a series
    assert np.ptp(said[TIMES > 3.2]) < 0.6
    assert np.ptp(nodded[TIMES > 3.2]) < 0.3
    assert per_second(said) < head.SHAKE_RATE[0]


# --- bowed --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["head bowed", "forehead to the floor", "walking bowed"])
@settings(max_examples=8, deadline=None)
@given(seed=seeds)
def test_a_bowed_head_faces_the_floor_all_the_time(name, seed):
    acting = stage(seed)
    programme = named(27, name, acting)
    for t in TIMES[::6]:
        j = solve(acting.body, programme.at(t).pose)
        assert j.skull[2, 1] < -0.75  # the face looks down …
        assert j.head[1] - 0.5 * acting.body.head * j.height > -0.02 * j.height  # … and is not in the floor
        if name == "forehead to the floor":
            assert j.head[1] < 0.16 * j.height


# --- the mouth ----------------------------------------------------------------------------------------------------


def gap(hull: Hull, place: Points) -> float:
    """Metres from a place to the surface of the nearest of a hull's spheres and the lines between them."""
    ends, radii = hull.centres, hull.radii
    gaps = [np.linalg.norm(ends - place, axis=1) - radii]
    for k in range(1, len(ends)):
        line = ends[k] - ends[0]
        share = np.clip((place - ends[0]) @ line / (line @ line), 0.0, 1.0)
        gaps.append(np.atleast_1d(np.linalg.norm(ends[0] + share * line - place) - min(radii[0], radii[k])))
    return float(np.concatenate(gaps).min())


def at_mouth(acting: Stage, moment: Moment) -> set[tuple[int, int, int]]:
    """Colours of the things within 3 % of body height of the mouth, the teeth left out."""
    assert moment.pose is not None
    place, reach = mouth_of(acting.body, moment.pose).at, 0.03 * acting.body.height
    found = set()
    for shape in moment.props:
        if isinstance(shape, Hull):
            near = gap(shape, place) < reach
        else:
            near = float(np.linalg.norm(shape.points.mean(axis=0) - place)) < 2.2 * reach
        if near and shape.colour != TEETH:
            found.add(shape.colour)
    return found


def hand_to_mouth(acting: Stage, moment: Moment) -> float:
    """Body heights between the mouth and the nearest palm or wrist."""
    assert moment.pose is not None
    j = solve(acting.body, moment.pose)
    place = mouth_of(acting.body, moment.pose).at
    along = np.linspace(0.0, 0.08, 9)[:, None, None] * j.height
    palms = j.wrists + along * j.hand_axes[:, 2]
    return float(np.linalg.norm(palms - place, axis=-1).min() / j.height)


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_a_mouthed_object_stays_at_the_lips_and_is_not_skin(seed):
    acting = stage(seed)
    programme = named(28, "mouthing an object", acting)
    opened = []
    for t in TIMES[::5]:
        moment = programme.at(t)
        colours = at_mouth(acting, moment)
        assert colours
        assert all(sum(abs(a - b) for a, b in zip(c, acting.subject.skin, strict=True)) > 45 for c in colours)
        assert hand_to_mouth(acting, moment) < 0.15
        opened.append(moment.pose.mouth)
    # And it is chewed
    assert np.ptp(opened) > 0.2


@pytest.mark.parametrize("name", ["mouthing clothes", "mouthing a sleeve"])
@settings(max_examples=8, deadline=None)
@given(seed=seeds)
def test_cloth_of_the_child_reaches_the_mouth(name, seed):
    acting = stage(seed)
    programme = named(29, name, acting)
    worn = np.array([acting.subject.top, acting.subject.trim])
    for t in TIMES[::10]:
        colours = np.array(list(at_mouth(acting, programme.at(t))))
        assert len(colours)
        assert abs(colours[:, None] - worn).sum(axis=-1).min() < 80


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_a_bitten_hand_is_bare_and_between_the_teeth(seed):
    acting = stage(seed)
    programme = named(39, "biting the hand", acting)
    gape = []
    for t in TIMES[::5]:
        moment = programme.at(t)
        assert not at_mouth(acting, moment)
        assert hand_to_mouth(acting, moment) < 0.04
        gape.append(moment.pose.mouth)
    assert min(gape) > 0.2
    assert np.ptp(gape) > 0.1


@pytest.mark.parametrize("name", ["a drink from a cup", "eating a biscuit", "wiping the mouth"])
@settings(max_examples=8, deadline=None)
@given(seed=seeds)
def test_an_ordinary_hand_leaves_the_mouth_again(name, seed):
    acting = stage(seed)
    programme = named(0, name, acting)
    gaps = np.array([hand_to_mouth(acting, programme.at(t)) for t in TIMES])
    assert gaps.min() < 0.08
    assert gaps.max() > 0.15
    # And it is away for at least as long as it is there
    assert np.mean(gaps > 0.12) > 0.4


# --- as the model sees it -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", [12, 24, 28, 29, 30, 34, 39])
def test_the_movement_is_seen_at_the_size_that_the_model_sees(label):
    ready = clip(7, "valid", label, 2)
    seen = []
    for t in np.arange(0.0, 2.13, 0.133):
        picture = ready.scene.picture(ready.programme.at(t), ready.programme, t)
        seen.append(cv2.resize(picture, (56, 56), interpolation=cv2.INTER_AREA))
    spread = np.array(seen, float).std(axis=0).mean(axis=-1)
    # Several pixels change by far more than the noise of the sensor does.
    assert np.sum(spread > 10.0) > 12


def test_every_way_has_a_name_of_its_own():
    for label in (12, 24, 27, 28, 29, 30, 34, 39):
        assert BEHAVIOURS[label]
    mine = [e for e in BEHAVIOURS[0] if e.factory.__module__ == ordinary_head.__name__]
    assert len(mine) >= 11
    names = [e.name for e in BEHAVIOURS[0]]
    assert len(names) == len(set(names))
