"""The simulator: clips that follow from a seed, pools that do not mix, behaviours that a person would recognise."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.simulator import pools
from models.simulator.__main__ import main
from models.simulator.behaviours import BEHAVIOURS, draw, named, objects
from models.simulator.body import Pose, child, solve
from models.simulator.clip import Clip, clip, render
from models.simulator.generate import generate
from models.simulator.motion import Stage, Transfers
from models.simulator.session import FRAME_RATE, plan, session, write_session

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "resources" / "sample" / "sample.mp4"


def pictures(ready: Clip, times: Sequence[float]) -> np.ndarray:
    """The clip at some times, as the model would see it, float (n, 56, 56, 3)."""
    seen = [ready.scene.picture(ready.programme.at(t), ready.programme, t) for t in times]
    return np.array([cv2.resize(picture, (56, 56), interpolation=cv2.INTER_AREA) for picture in seen], float)


def stage(seed: int) -> Stage:
    return Stage(np.random.default_rng(seed), pools.subject("train", seed), "train")


def turns_per_second(signal: np.ndarray, seconds: float) -> float:
    """Crossings of the mean from below, per second."""
    above = signal > signal.mean()
    return float(np.sum(~above[:-1] & above[1:]) / seconds)


# --- a seed says everything ---------------------------------------------------------------------------------------


def test_same_seed_same_clip_other_index_other_clip():
    # Given one clip drawn twice and its neighbour
    first, again, other = clip(7, "train", 1, 3), clip(7, "train", 1, 3), clip(7, "train", 1, 4)
    # Then the pictures are the same to the last bit, and the neighbour is another clip
    assert first.record == again.record
    seen = pictures(first, (0.0, 0.5))
    assert np.array_equal(seen, pictures(again, (0.0, 0.5)))
    assert not np.array_equal(seen, pictures(other, (0.0, 0.5)))


def test_a_data_set_is_what_its_seed_says_whoever_renders_it(tmp_path):
    # When a small data set is rendered by two processes
    out = tmp_path / "data"
    records = generate(out, 1, 5, [0, 1], workers=2)
    # Then a clip is byte for byte what this process renders by itself
    alone = render(5, "test", 1, 1, tmp_path)
    assert alone in records
    assert (tmp_path / alone.file).read_bytes() == (out / "test" / alone.file).read_bytes()
    # And the folders hold what the command line promises: N, and at least two in valid and test
    assert sorted(p.name for p in (out / "train").iterdir()) == ["0_0000.mp4", "1_0000.mp4"]
    for split in ("valid", "test"):
        names = sorted(p.name for p in (out / split).iterdir())
        assert names == ["0_0000.mp4", "0_0001.mp4", "1_0000.mp4", "1_0001.mp4"]
    # And clips.csv tells of each clip what the file shows
    with (out / "clips.csv").open(newline="", encoding="utf-8") as sheet:
        rows = list(csv.DictReader(sheet))
    assert len(rows) == 10
    for row in rows:
        with av.open(str(out / row["split"] / row["file"])) as video:
            stream = video.streams.video[0]
            frames = sum(1 for _ in video.decode(stream))
            assert stream.codec_context.name == "h264"
            assert (stream.width, stream.height) == (int(row["width"]), int(row["height"]))
        assert min(int(row["width"]), int(row["height"])) >= 200
        assert frames == round(float(row["duration_s"]) * int(row["frame_rate"]))
        assert row["file"].startswith(row["label"] + "_")
        assert 0.0 <= float(row["start_s"]) < float(row["end_s"]) <= float(row["duration_s"]) <= 4.1
        assert row["room"].startswith(row["split"])
        assert row["camera"].startswith(row["split"])


def test_refuses_a_folder_that_is_not_empty(tmp_path, capsys):
    # Given a folder with somebody's work in it
    kept = tmp_path / "out" / "notes.txt"
    kept.parent.mkdir()
    kept.write_text("mine")
    # When clips are asked for there
    status = main([str(kept.parent), "--clips-per-label", "1", "--seed", "1"])
    # Then one sentence says no, and nothing is touched
    said = capsys.readouterr().err.strip()
    assert status == 5
    assert "not an empty folder" in said
    assert "\n" not in said
    assert kept.read_text() == "mine"
    assert [p.name for p in kept.parent.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("words", [["--labels", "0,99"], ["--clips-per-label", "0"]])
def test_refuses_what_it_cannot_render(tmp_path, capsys, words):
    assert main([str(tmp_path / "new"), *words]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


# --- pools --------------------------------------------------------------------------------------------------------


@given(st.integers(0, 2**32), st.floats(-5, 5), st.floats(0.1, 9))
def test_no_value_belongs_to_two_splits(seed, low, width):
    # When a number of one range is drawn for each split
    drawn = {s: pools.between(np.random.default_rng(seed), low, low + width, s) for s in pools.SPLITS}
    # Then each lies in the range, and no two in the same bin
    bins = {int((value - low) / width * pools.BINS + 1e-9) for value in drawn.values()}
    assert all(low <= value <= low + width for value in drawn.values())
    assert len(bins) == len(pools.SPLITS)


def test_bodies_rooms_and_cameras_are_never_shared():
    # Given the continuous traits of the pools (age, build; wall, light; angle), as bins of their ranges
    def bins(values: list[float], low: float, high: float) -> set[int]:
        return {int((v - low) / (high - low) * pools.BINS) for v in values}

    seen = {}
    for split in pools.SPLITS:
        subjects, rooms, cameras = (range(n) for n in pools.POOL_SIZES[split])
        children = [pools.subject(split, k) for k in subjects]
        seen[split] = (
            bins([c.age for c in children], *pools.AGES),
            bins([c.body.girth for c in children], *pools.BUILDS),
            bins([pools.room(split, k).back for k in rooms], 1.0, 2.6),
            bins([pools.camera(split, k).yaw for k in cameras], -1.0, 1.0),
            {c.id for c in children},
        )
        assert all(pools.AGES[0] <= c.age <= pools.AGES[1] for c in children)
    # Then no trait of a test child, room or camera occurs in training or validation
    for a, b in (("train", "test"), ("train", "valid"), ("valid", "test")):
        for mine, theirs in zip(seen[a], seen[b], strict=True):
            assert mine
            assert not mine & theirs, f"{a} and {b} share a trait"


# --- the body -----------------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(
    st.floats(2, 8),
    st.lists(st.floats(-0.4, 0.4), min_size=6, max_size=6),
    st.floats(-0.6, 0.6),
    st.floats(-3, 3),
)
def test_bones_keep_their_length_wherever_the_hands_go(age, targets, lean, heading):
    body = child(age, 1.0)
    pose = Pose(heading=heading, hands=np.array(targets).reshape(2, 3), lean=np.array([lean, 0.1]))
    joints = solve(body, pose)
    upper = np.linalg.norm(joints.elbows - joints.shoulders, axis=1) / body.height
    lower = np.linalg.norm(joints.wrists - joints.elbows, axis=1) / body.height
    assert np.allclose(upper, body.upper_arm, atol=2e-3)
    assert np.allclose(lower, body.forearm, atol=2e-3)


def test_a_small_child_is_short_and_has_a_large_head():
    small, large = child(2.0, 1.0), child(8.0, 1.0)
    assert 0.8 < small.height < 0.95
    assert 1.2 < large.height < 1.35
    assert small.head > large.head
    assert small.hip < large.hip


# --- the behaviours -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", sorted(BEHAVIOURS))
def test_every_label_renders_a_picture_with_content(label):
    # Given a clip of the label
    seen = pictures(clip(3, "test", label, 1), np.arange(0.0, 2.0, 0.2))
    # Then it is neither black, nor white, nor flat
    assert 20 < seen.mean() < 235
    assert seen.std() > 12
    # And whoever does a listed behaviour moves more than the noise of the sensor
    if label:
        change = np.abs(np.diff(seen, axis=0)).max(axis=(1, 2, 3))
        assert np.median(change) > 25, "nothing moves: is the motion programme at a standstill?"


def test_two_clips_of_one_label_differ_in_more_than_noise():
    means = [pictures(clip(3, "train", 2, k), (0.0,))[0] for k in range(4)]
    for a in range(4):
        for b in range(a):
            assert np.abs(means[a] - means[b]).mean() > 10


def test_ordinary_behaviour_is_rich_and_knows_the_empty_room():
    assert len(BEHAVIOURS[0]) >= 10
    # When the empty room is drawn
    empty = named(0, "empty room", stage(1))
    # Then nobody is in it at any time
    assert not empty.person
    assert all(empty.at(t).pose is None and not empty.at(t).props for t in (0.0, 1.0, 3.0))
    # And it comes up among the clips of label 0, without a subject in its record
    records = (clip(2, "train", 0, k).record for k in range(200))
    assert next(r for r in records if r.programme == "empty room").subject == ""
    # And a hundred draws show nearly all of the programmes
    assert len({draw(0, stage(k)).name for k in range(100)}) >= 18


@pytest.mark.parametrize("seed", range(4))
def test_clapping_hands_meet_at_the_midline_in_the_stated_rate(seed):
    who = stage(seed)
    programme = draw(1, who)
    times = np.arange(0, 6, 0.01)
    joints = [solve(who.body, programme.at(t).pose) for t in times]
    gap = np.array([np.linalg.norm(j.wrists[0] - j.wrists[1]) for j in joints]) / who.body.height
    assert gap.min() < 0.06
    assert gap.max() > 0.1
    assert 1.2 < turns_per_second(gap, 6) < 4.6


@pytest.mark.parametrize("seed", range(4))
def test_rocking_swings_the_head_and_spinning_turns_the_whole_body(seed):
    times = np.arange(0, 8, 0.02)
    who = stage(seed)
    rocking = draw(2, who)
    heads = np.array([solve(who.body, rocking.at(t).pose).head for t in times])
    travel = np.ptp(heads, axis=0).max() / who.body.height
    axis = np.ptp(heads, axis=0).argmax()
    assert travel > 0.12
    assert 0.35 < turns_per_second(heads[:, axis], 8) < 1.8
    spinning = draw(3, who)
    turned = abs(spinning.at(8.0).pose.heading - spinning.at(0.0).pose.heading)
    assert turned > 2 * np.pi * 8 * 0.3


def test_lined_up_objects_end_in_a_straight_row_and_sorted_ones_by_colour(monkeypatch):
    # Given the moves that the two programmes plan
    caught = {}
    real = objects.transfer_programme

    def spy(stage, name, place, moves, side, shapes, *rest):
        caught[name] = (moves, shapes)
        return real(stage, name, place, moves, side, shapes, *rest)

    monkeypatch.setattr(objects, "transfer_programme", spy)
    for seed in range(5):
        draw(6, stage(seed))
        draw(10, stage(seed))
        # Then the row is straight and evenly spaced
        row = caught["lining up"][0].targets
        assert np.linalg.matrix_rank(row - row[0], tol=1e-6) == 1
        assert np.ptp(np.linalg.norm(np.diff(row, axis=0), axis=1)) < 1e-9
        # And each sorted item lies nearer to those of its colour than to any other
        moves, shapes = caught["sorting"]
        colours = [tuple(s[2]) for s in shapes]
        assert 2 <= len(set(colours)) <= 3
        middles = {c: moves.targets[[k for k, o in enumerate(colours) if o == c]].mean(axis=0) for c in colours}
        for target, colour in zip(moves.targets, colours, strict=True):
            assert min(middles, key=lambda c: float(np.linalg.norm(target - middles[c]))) == colour


@given(st.integers(2, 6), st.floats(0.6, 1.5), st.floats(0, 3))
def test_the_hand_is_at_what_it_carries_and_everything_arrives(n, period, start):
    rng = np.random.default_rng(n)
    moves = Transfers(rng.uniform(0, 0.3, (n, 3)), rng.uniform(-0.3, 0, (n, 3)), period, start)
    for t in np.linspace(0, n * period, 40):
        hand, items, holding = moves.at(t)
        if holding:
            assert np.linalg.norm(items - hand, axis=1).min() < moves.hover + 1e-9
    assert np.allclose(moves.at((n + 1) * period)[1], moves.targets)


# --- sessions -----------------------------------------------------------------------------------------------------


@given(st.integers(0, 10_000), st.floats(10, 600))
def test_a_session_is_filled_without_gaps_and_behaviours_last(seed, seconds):
    segments = plan(np.random.default_rng(seed), seconds)
    assert segments[0][1] == 0.0
    assert abs(segments[-1][2] - seconds) <= 1 / FRAME_RATE
    assert all(a[2] == b[1] for a, b in pairwise(segments))
    assert all((label == 0) == (k % 2 == 0) for k, (label, _, _) in enumerate(segments))
    assert min(end - start for label, start, end in segments if label) > 3.5


def test_a_written_session_has_its_true_intervals_beside_it(tmp_path):
    # When a short session is written
    path = tmp_path / "session.mp4"
    intervals = write_session(path, 4, 10.0)
    # Then the sheet says what the programme was, and the video is as long as was asked
    with path.with_suffix(".csv").open(newline="", encoding="utf-8") as sheet:
        rows = list(csv.DictReader(sheet))
    assert list(rows[0]) == ["label_id", "start_s", "end_s"]
    assert [int(r["label_id"]) for r in rows] == [label for label, _, _ in intervals]
    with av.open(str(path)) as video:
        assert sum(1 for _ in video.decode(video=0)) == 300
    # And it is not overwritten
    before = path.read_bytes()
    assert main(["--session", str(path), "--seconds", "10"]) == 5
    assert path.read_bytes() == before


def test_people_do_not_jump_where_one_behaviour_passes_into_the_next():
    ready = session(2, 48.0)
    body = ready.scene.subject.body
    times = np.arange(0, 48, 1 / FRAME_RATE)
    heads = np.array([solve(body, ready.moment(t).pose).head for t in times])
    assert np.linalg.norm(np.diff(heads, axis=0), axis=1).max() < 0.12, "metres from one frame to the next"


def test_the_sample_shows_enough_of_each_behaviour_for_the_default_profile():
    # Given the sample that is shipped and the criteria of the default profile
    with SAMPLE.with_suffix(".csv").open(newline="", encoding="utf-8") as sheet:
        rows = [(int(r["label_id"]), float(r["end_s"]) - float(r["start_s"])) for r in csv.DictReader(sheet)]
    profile = json.loads((ROOT / "resources" / "profiles" / "default.json").read_text(encoding="utf-8"))
    criteria = {c["label_id"]: c for c in profile["criteria"]}
    # Then each behaviour shown is shown often and long enough
    assert {label for label, _ in rows} == {1, 2, 3}
    for label in (1, 2, 3):
        enough = [
            length for found, length in rows if found == label and length >= criteria[label]["minimum_duration_s"]
        ]
        assert len(enough) >= criteria[label]["repetitions"]
    # And the file is small, and its pictures are those of the intervals' session
    assert SAMPLE.stat().st_size <= 3_000_000
    with av.open(str(SAMPLE)) as video:
        first = next(video.decode(video=0)).to_ndarray(format="rgb24")
    ready = session(2, 48.0)
    assert [label for label, _, _ in ready.intervals] == [label for label, _ in rows]
    assert [end - start for _, start, end in ready.intervals] == pytest.approx([t for _, t in rows], abs=2e-3)
    drawn = next(ready.frames())
    assert np.abs(cv2.resize(first, (56, 56)).astype(float) - cv2.resize(drawn, (56, 56))).mean() < 6


def test_the_contact_sheet_has_a_row_for_each_label(tmp_path):
    path = tmp_path / "sheet.png"
    assert main(["--preview", str(path), "--seed", "1", "--labels", "1,3"]) == 0
    sheet = cv2.imread(str(path))
    assert sheet.shape == (2 * 176, 8 * 176, 3)
    assert sheet.std() > 20
