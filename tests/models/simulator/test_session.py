"""Sessions: long videos with true intervals, and the sample that is shipped."""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.simulator.__main__ import main
from models.simulator.body import solve
from models.simulator.session import DEMONSTRATION, LONG, SHARED, misfit, plan, session

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "resources" / "sample" / "sample.mp4"
SAMPLE_SEED = 19


@given(
    st.integers(0, 10_000),
    st.floats(10, 600),
    st.sets(st.integers(1, 42), min_size=1),
    st.sampled_from([LONG, DEMONSTRATION]),
)
def test_a_session_is_filled_without_gaps_and_behaviours_last(seed, seconds, labels, recording):
    shots = plan(np.random.default_rng(seed), seconds, sorted(labels), recording, 30)
    segments = [segment for shot in shots for segment in shot]
    assert segments[0][1] == 0.0
    assert segments[-1][2] == seconds
    assert all(a[2] == b[1] for a, b in pairwise(segments))
    # Each shot begins and ends with what is ordinary, and only behaviours that share a framing share a shot
    for shot in shots:
        assert [label == 0 for label, _, _ in shot] == [k % 2 == 0 for k in range(len(shot))]
        assert len(shot) == 3 or all(label in SHARED for label, _, _ in shot if label)
    lengths = [end - start for label, start, end in segments if label]
    assert min(lengths) > 3.9
    assert max(lengths) < recording.behaviour[1] + 0.1
    # And no behaviour comes a second time before all have come once
    shown = [label for label, _, _ in segments if label]
    assert len(set(shown[: len(labels)])) == min(len(shown), len(labels))


def test_ten_minutes_show_most_behaviours_each_where_its_camera_sees_it():
    # Given a session of ten minutes of all labels
    ready = session(5, 600.0)
    # Then it holds a few dozen behaviours of one child in one room, each in the framing it asks for
    assert 32 <= len(ready.intervals) <= 45
    assert len({shot.stage.subject.id for shot in ready.shots}) == len({shot.room.id for shot in ready.shots}) == 1
    for shot in ready.shots:
        if shot.segments[1].label not in SHARED:
            assert shot.framing is shot.segments[1].programme.framing
    # And what is ordinary beside it is seen by the same camera, not out of the picture
    beside = [
        misfit(shot.segments[k].programme, shot.segments[1].programme)
        for shot in ready.shots
        for k in (0, 2)
        if shot.segments[1].label not in SHARED
    ]
    assert np.median(beside) < 0.4


def test_a_written_session_has_its_true_intervals_beside_it(tmp_path):
    # When a short session is written
    path = tmp_path / "session.mp4"
    asked = ["--session", str(path), "--seconds", "10", "--seed", "4", "--domain", "B", "--labels", "0,25"]
    assert main([*asked, "--split", "valid"]) == 0
    # Then the sheet says what is shown, and the video is as long as was asked
    with path.with_suffix(".csv").open(newline="", encoding="utf-8") as sheet:
        rows = list(csv.DictReader(sheet))
    assert list(rows[0]) == ["label_id", "start_s", "end_s"]
    assert [int(r["label_id"]) for r in rows] == [25]
    with av.open(str(path)) as video:
        stream = video.streams.video[0]
        frames = sum(1 for _ in video.decode(stream))
        assert frames == round(10 * float(stream.average_rate))
    # And it is not overwritten
    before = path.read_bytes()
    assert main(asked) == 5
    assert path.read_bytes() == before


def test_a_session_too_short_or_without_a_behaviour_is_refused(tmp_path, capsys):
    assert main(["--session", str(tmp_path / "a.mp4"), "--seconds", "5"]) == 2
    assert main(["--session", str(tmp_path / "a.mp4"), "--labels", "0"]) == 2
    assert capsys.readouterr().err.count("\n") == 2
    assert not list(tmp_path.iterdir())


def test_people_do_not_jump_where_one_behaviour_passes_into_the_next():
    # Given a demonstration, which is one shot
    ready = session(SAMPLE_SEED, 48.0, labels=[1, 2, 3], recording=DEMONSTRATION)
    assert len(ready.shots) == 1
    body = ready.shots[0].stage.body
    times = np.arange(0, 48, 1 / ready.rate)
    heads = np.array([solve(body, ready.shots[0].moment(t)[0].pose).head for t in times])
    assert np.linalg.norm(np.diff(heads, axis=0), axis=1).max() < 0.12, "metres from one frame to the next"


def test_the_sample_shows_enough_of_each_behaviour_for_the_default_profile():
    # Given the sample that is shipped and the criteria of the default profile
    with SAMPLE.with_suffix(".csv").open(newline="", encoding="utf-8") as sheet:
        rows = [(int(r["label_id"]), float(r["start_s"]), float(r["end_s"])) for r in csv.DictReader(sheet)]
    profile = json.loads((ROOT / "resources" / "profiles" / "default.json").read_text(encoding="utf-8"))
    criteria = {c["label_id"]: c for c in profile["criteria"]}
    # Then each behaviour shown is shown often and long enough
    assert {label for label, _, _ in rows} == {1, 2, 3}
    for label in (1, 2, 3):
        least = criteria[label]["minimum_duration_s"]
        enough = [end - start for found, start, end in rows if found == label and end - start >= least]
        assert len(enough) >= criteria[label]["repetitions"]
    # And the intervals lie one after the other, with something ordinary around them, within a small file
    with av.open(str(SAMPLE)) as video:
        stream = video.streams.video[0]
        pictures_ = [cv2.resize(f.to_ndarray(format="gray"), (56, 42)).astype(int) for f in video.decode(stream)]
        rate = float(stream.average_rate)
    edges = [0.0, *(edge for _, start, end in rows for edge in (start, end)), len(pictures_) / rate]
    assert len(pictures_) == round(60 * rate)
    assert np.diff(edges).min() > 1.0
    assert SAMPLE.stat().st_size <= 3_000_000
    # And more moves in each of them than in what is ordinary
    change = np.array([np.abs(b - a).mean() for a, b in pairwise(pictures_)])
    listed = np.zeros(len(change), bool)
    for _, start, end in rows:
        listed[round(start * rate) : round(end * rate)] = True
    assert change[listed].mean() > 1.3 * change[~listed].mean()
