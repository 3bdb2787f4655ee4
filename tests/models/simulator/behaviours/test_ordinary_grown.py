"""Grown-ups, hands from outside and plain rooms: what gave false alarms on films of real people."""

from __future__ import annotations

import numpy as np
import pytest

from models.simulator import pools
from models.simulator.behaviours import BEHAVIOURS, named
from models.simulator.behaviours.ordinary_grown import LIKE_CHILDREN, signs
from models.simulator.clip import PLAIN, clip
from models.simulator.domains import DOMAINS
from models.simulator.motion import Stage
from models.simulator.walls import hung, papered, shut_door


def stage_of(seed: int) -> Stage:
    """A child's stage with a cast."""
    rng = np.random.default_rng(seed)
    return Stage(rng, pools.subject("train", seed), "train", cast=pools.cast("train", rng))


def test_grown_ups_do_only_what_is_ordinary():
    ordinary = {entry.name for entry in BEHAVIOURS[0]}
    assert set(LIKE_CHILDREN) <= ordinary


@pytest.mark.parametrize("seed", range(6))
def test_a_grown_up_is_played_by_the_adult_of_the_cast(seed):
    stage = stage_of(seed)
    programme = named(0, "a grown-up at ease", stage)
    # The pose is an adult's: the camera stands where it sees one, and no child is recorded as being in the picture.
    assert programme.actor == "adult"
    assert not programme.person
    assert programme.at(0.5).pose is not None


@pytest.mark.parametrize("seed", range(8))
def test_signs_begin_and_end_with_the_hands_at_rest(seed):
    played = signs(stage_of(seed))
    before, after = played.at(-10.0).pose, played.at(30.0).pose
    assert np.abs(before.hands - after.hands).max() < 0.05
    apart = [np.abs(played.at(t).pose.hands - after.hands).max() for t in np.arange(-1.5, 8.0, 0.1)]
    assert max(apart) > 0.1, "no sign was made"


def test_plain_rooms_are_no_sign_of_any_behaviour():
    shares = [np.mean([clip(1, "train", label, index).plain for index in range(40)]) for label in (0, 1, 8, 30)]
    assert all(abs(share - PLAIN) < 0.25 for share in shares)


@pytest.mark.parametrize("domain", ["A", "B"])
def test_a_plain_room_has_bare_walls_and_nothing_in_it(domain):
    style = pools.room("train", 3, domain)
    room = DOMAINS[domain].room(style, "train", plain=True)
    assert room.furniture == []
    assert room.rug == []
    rng = np.random.default_rng(1)
    full = DOMAINS[domain].room(style, "train")
    assert len(room._wall_plan(5.0, rng, bare=True)) < len(full._wall_plan(5.0, rng, bare=False))


def test_walls_carry_shut_doors_that_nobody_touches():
    style, rng = pools.room("train", 5), np.random.default_rng(2)

    def grey(_rng: np.random.Generator) -> tuple[int, int, int]:
        return (120, 120, 120)

    frame, leaf = shut_door(1.0, style, rng, grey)[:2]
    assert frame[0][0] < leaf[0][0] < leaf[0][1] < frame[0][1]
    assert leaf[0][3] > 1.7
    # Everything that hangs is on the wall, above the floor.
    patches = papered(style, 4.0) + hung(style, 4.0, rng, grey)
    assert all(low >= 0.0 and high <= 2.6 for (_, _, low, high), _ in patches)
