"""The simulator: clips that follow from a seed, pools that do not mix, behaviours that a person would recognise."""

from __future__ import annotations

import csv
from collections.abc import Sequence
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
from models.simulator.clip import ONSET, PAUSE, Clip, Clock, clip, draw_clock, render
from models.simulator.domains import DOMAINS
from models.simulator.generate import ORDINARY_TIMES, Order, generate
from models.simulator.motion import Stage, Transfers
from models.simulator.ranges import RANGES
from models.simulator.shapes import Hull


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
    records = generate(out, Order(1, 5, [0, 1]), workers=2)
    # Then a clip is byte for byte what this process renders by itself
    alone = render(5, "test", 1, 1, tmp_path)
    assert alone in records
    assert (tmp_path / alone.file).read_bytes() == (out / "test" / alone.file).read_bytes()
    # And the folders hold what the command line promises: N (label 0 more), and at least two in valid and test
    ordinary = [f"0_{k:04d}.mp4" for k in range(ORDINARY_TIMES)]
    assert sorted(p.name for p in (out / "train").iterdir()) == [*ordinary, "1_0000.mp4"]
    for split in ("valid", "test"):
        names = sorted(p.name for p in (out / split).iterdir())
        assert names == ["0_0000.mp4", "0_0001.mp4", "1_0000.mp4", "1_0001.mp4"]
    # And clips.csv tells of each clip what the file shows
    with (out / "clips.csv").open(newline="", encoding="utf-8") as sheet:
        rows = list(csv.DictReader(sheet))
    assert len(rows) == 9 + ORDINARY_TIMES
    for row in rows:
        with av.open(str(out / row["split"] / row["file"])) as video:
            stream = video.streams.video[0]
            frames = sum(1 for _ in video.decode(stream))
            assert stream.codec_context.name == "h264"
            assert (stream.width, stream.height) == (int(row["width"]), int(row["height"]))
        assert min(int(row["width"]), int(row["height"])) >= 200
        assert frames == round(float(row["duration_s"]) * int(row["frame_rate"]))
        assert row["file"].startswith(row["label"] + "_")
        assert row["domain"] == "A"
        assert bool(row["subject"]) == (" years, " in row["body"])
        assert 0.0 <= float(row["start_s"]) < float(row["end_s"]) <= float(row["duration_s"]) <= 4.1
        assert row["room"].startswith(row["split"])
        assert row["camera"].startswith(row["split"])


def test_an_interrupted_data_set_is_finished_with_the_same_clips_and_takes_further_labels(tmp_path, capsys):
    # Given a data set, and one like it of which a clip is lost, a stump lies about and the table was never written
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    generate(whole, Order(1, 6, [1]), workers=1)
    generate(stopped, Order(1, 6, [1]), workers=1)
    lost, kept = stopped / "test" / "1_0001.mp4", stopped / "train" / "1_0000.mp4"
    lost.unlink()
    (stopped / "clips.csv").unlink()
    (stopped / "test" / "1_0001.7.part").write_bytes(b"half a film")
    written = kept.stat().st_mtime_ns
    # When it is gone on with, first as it was, then with another label
    again = ["--clips-per-label", "1", "--seed", "6", "--workers", "1", "--resume"]
    assert main([str(stopped), "--labels", "1", *again]) == 0
    assert main([str(stopped), "--labels", "2", *again]) == 0
    # Then what was there stays, what was lost is there again, bit for bit, and nothing half lies about
    assert kept.stat().st_mtime_ns == written
    assert lost.read_bytes() == (whole / "test" / lost.name).read_bytes()
    assert not list(stopped.rglob("*.part"))
    # And the table has the rows of both runs
    before, after = ((folder / "clips.csv").read_text().splitlines() for folder in (whole, stopped))
    assert set(before) < set(after)
    assert len(after) == 2 * len(before) - 1
    # But another seed is another data set
    assert main([str(stopped), "--labels", "1", "--clips-per-label", "1", "--seed", "7", "--resume"]) == 2
    assert "another seed" in capsys.readouterr().err


@given(st.integers(1, 40), st.sets(st.integers(0, 42), min_size=1))
def test_every_clip_is_asked_for_once_and_ordinary_behaviour_more_often(n, labels):
    asked = Order(n, 1, sorted(labels)).jobs(Path("out"))
    assert len({job[1:4] for job in asked}) == len(asked)
    for label in labels:
        count = {split: sum(job[1:3] == (split, label) for job in asked) for split in pools.SPLITS}
        assert count["train"] == n * (1 if label else ORDINARY_TIMES)
        assert count["valid"] == count["test"] == max(2, n // 8)


def test_one_folder_alone_and_as_many_ordinary_clips_as_others_can_be_asked_for():
    asked = Order(6, labels=[0, 1], splits=("train",), ordinary_times=1).jobs(Path("out"))
    assert [(job[1], job[2]) for job in asked] == [("train", 0), ("train", 1)] * 6


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


# --- time ---------------------------------------------------------------------------------------------------------


@given(st.integers(0, 10_000), st.floats(3, 4), st.booleans())
def test_the_clock_stands_still_before_the_onset_and_in_the_pause_and_never_runs_back(seed, duration, rests):
    # Given a clip's clock
    clock = draw_clock(np.random.default_rng(seed), duration, rests)
    times = np.arange(0.0, duration, 0.01)
    shown = np.array([clock.at(t) for t in times])
    # Then it starts at nothing, never runs back and never faster than time
    steps = np.diff(shown)
    assert shown[0] == 0.0
    assert steps.min() >= -1e-9
    assert steps.max() <= 0.01 + 1e-9
    # And it stands for as long as was drawn, in the stated ranges; not at all for who cannot hold still
    standing = duration - shown[-1]
    if not rests:
        assert clock == Clock()
    assert standing == pytest.approx(clock.onset + clock.pause, abs=0.02)
    assert clock.onset == 0.0 or ONSET[0] <= clock.onset <= ONSET[1]
    assert clock.pause == 0.0 or PAUSE[0] <= clock.pause <= PAUSE[1]


def test_the_true_interval_begins_when_the_child_does():
    # Given clips of behaviours in which a child may hold still
    ready = [clip(3, "train", 1, k) for k in range(60)]
    late = [c for c in ready if c.clock.onset]
    # Then some begin late, and their records say when
    if any(c.programme.rests for c in ready):
        assert 5 <= len(late) <= 40
    assert all(c.record.start_s == c.clock.onset for c in ready)


# --- pools --------------------------------------------------------------------------------------------------------


@given(st.integers(0, 2**32), st.floats(-5, 5), st.floats(0.1, 9))
def test_no_value_belongs_to_two_splits(seed, low, width):
    # When a number of one range is drawn for each split
    drawn = {s: pools.between(np.random.default_rng(seed), low, low + width, s) for s in pools.SPLITS}
    # Then each lies in the range, and no two in the same bin
    bins = {int((value - low) / width * pools.BINS + 1e-9) for value in drawn.values()}
    assert all(low <= value <= low + width for value in drawn.values())
    assert len(bins) == len(pools.SPLITS)


@pytest.mark.parametrize("domain", sorted(DOMAINS))
def test_bodies_rooms_and_cameras_are_never_shared(domain):
    # Given the continuous traits of the pools (age, build; wall, light; angle), as bins of their ranges
    def bins(values: list[float], low: float, high: float) -> set[int]:
        return {int((v - low) / (high - low) * pools.BINS) for v in values}

    ranges = RANGES[domain]
    seen = {}
    for split in pools.SPLITS:
        subjects, rooms, cameras = (range(n) for n in pools.POOL_SIZES[split])
        children = [pools.subject(split, k, domain) for k in subjects]
        seen[split] = (
            bins([c.age for c in children], *ranges.ages),
            bins([c.body.girth for c in children], *ranges.builds),
            bins([pools.room(split, k, domain).back for k in rooms], *ranges.backs),
            bins([pools.camera(split, k, domain).yaw for k in cameras], -1.0, 1.0),
            {c.id for c in children},
        )
        assert all(ranges.ages[0] <= c.age <= ranges.ages[1] for c in children)
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
    # Given clips of the label
    films = [pictures(clip(3, "test", label, index), np.arange(0.0, 2.0, 0.2)) for index in (1, 2, 3)]
    # Then they are neither black, nor white, nor flat
    assert all(20 < seen.mean() < 235 and seen.std() > 12 for seen in films)
    # And whoever does a listed behaviour moves more than the noise of the sensor; only a posture may be held
    if label:
        changes = [np.median(np.abs(np.diff(seen, axis=0)).max(axis=(1, 2, 3))) for seen in films]
        assert max(changes) > 25, "nothing moves: is the motion programme at a standstill?"


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


# --- two domains --------------------------------------------------------------------------------------------------


def test_the_other_domain_is_another_world_with_the_same_movements():
    # Given the same label and index in both domains
    one, other = clip(3, "test", 2, 1, "A"), clip(3, "test", 2, 1, "B")
    # Then who, where and how it is filmed are other pools', and the records say so
    assert (one.record.domain, other.record.domain) == ("A", "B")
    assert one.record.subject.startswith("test-child")
    assert other.record.subject.startswith("test-B-child")
    assert type(one.scene.painter) is not type(other.scene.painter)
    assert type(one.scene.lens) is not type(other.scene.lens)
    # And nothing of domain A depends on there being a second one
    assert RANGES["A"].extras == ("none",)


def test_outlines_of_domain_b_are_dark_and_its_skin_is_flat():
    # Given one ball of one colour before both painters
    shown = {}
    for domain in DOMAINS:
        scene = clip(3, "test", 2, 1, domain).scene
        ahead = scene.camera.eye + scene.camera.rotation[2]
        room = np.full_like(scene.canvas, 255)
        ball_ = Hull(ahead[None], np.array([0.12]), (200, 120, 80), shadow=False)
        picture = scene.painter.paint(room, [ball_]).reshape(-1, 3)
        shown[domain] = picture[picture.min(1) < 250].astype(int)
    # Then B has pixels far darker than the colour, and most are exactly the colour; in A they have three tones
    assert shown["B"].sum(1).min() < 0.4 * 400 < shown["A"].sum(1).min()
    same = {domain: np.mean((pixels == (200, 120, 80)).all(1)) for domain, pixels in shown.items()}
    assert same["B"] > 0.6 > same["A"] + 0.05


@pytest.mark.parametrize("label", [0, 1, 13, 20, 25, 37])
def test_domain_b_renders_pictures_with_content(label):
    seen = pictures(clip(3, "test", label, 1, "B"), (0.0, 0.5))
    assert 15 < seen.mean() < 240
    assert seen.std() > 12


# --- the contact sheet --------------------------------------------------------------------------------------------


def test_the_contact_sheet_has_a_row_for_each_label(tmp_path):
    path = tmp_path / "sheet.png"
    assert main(["--preview", str(path), "--seed", "1", "--labels", "1,3"]) == 0
    sheet = cv2.imread(str(path))
    assert sheet.shape == (2 * 176, 8 * 176, 3)
    assert sheet.std() > 20
