"""The corridor from end to end: real video files, real packs, real onnxruntime."""

from __future__ import annotations

import csv
import dataclasses
import itertools
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from screening import analysis, pack, paths, profile
from screening.analysis import analyse, evidence
from screening.errors import VideoUnusable, WrongUsage
from screening.records import KeyBox, Progress, Region, Result, Track
from screening.sampling import prepare
from screening.video import open_video
from tests.conftest import ROOT
from tests.screening.packs import tiny_pack
from tests.screening.videos import make_video

# Another frame rate takes other pictures for a tick (up to half a frame away) and encodes them anew: probabilities
# of the shipped pack move by this much at most on average, and an episode's end by one tubelet either way.
MEAN_SCORE_TOLERANCE = 0.03


def run(video: Path, model: pack.Pack | None = None, **options: object) -> Result:
    steps = analyse(video, model or pack.read(paths.reference_pack()), profile.read(paths.default_profile()), **options)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value


@pytest.fixture
def tiny(tmp_path: Path) -> pack.Pack:
    return pack.read(tiny_pack(tmp_path / "pack"))


@pytest.fixture(scope="module")
def sample() -> Result:
    return run(paths.sample_video())


QUARTER_CLOCKWISE = (0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)  # display matrix, ISO/IEC 14496-12


def reencode(
    path: Path, *, fps: float | None = None, keep: Callable[[int], bool] = lambda _: True, turned: bool = False
) -> Path:
    """The sample's first 20 s again, 320 × 240: at `fps` (nearest frames), only frames that `keep` takes, or turned."""
    with av.open(str(paths.sample_video())) as old:
        decoded = itertools.takewhile(lambda f: f.time < 20, old.decode(video=0))
        frames = [(float(f.time), f.to_ndarray(format="rgb24", width=320, height=240)) for f in decoded]
    if fps is not None:
        times = np.array([t for t, _ in frames])
        frames = [(t, frames[int(np.argmin(abs(times - t)))][1]) for t in np.arange(0, 20, 1 / fps)]
    frames = [frame for i, frame in enumerate(frames) if keep(i)]
    with av.open(str(path), "w") as new:
        stream = new.add_stream("libx264", rate=30, options={"crf": "20", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = (240, 320, "yuv420p") if turned else (320, 240, "yuv420p")
        stream.codec_context.time_base = Fraction(1, 90_000)
        if turned:
            stream.set_display_matrix(QUARTER_CLOCKWISE)
        for t, rgb in frames:
            stored = np.ascontiguousarray(np.rot90(rgb)) if turned else rgb
            frame = av.VideoFrame.from_ndarray(stored, format="rgb24")
            frame.pts, frame.time_base = round(t * 90_000), Fraction(1, 90_000)
            new.mux(stream.encode(frame))
        new.mux(stream.encode())
    return path


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The scene at 30 frames per second, as it was filmed."""
    return run(reencode(tmp_path_factory.mktemp("scene") / "scene.mp4"))


def assert_same_scores(a: Result, b: Result) -> None:
    n = min(len(a.scores.windows), len(b.scores.windows))
    assert abs(len(a.scores.windows) - len(b.scores.windows)) <= 1
    assert np.allclose(a.scores.windows[: n - 1], b.scores.windows[: n - 1], atol=1e-6), "windows are cut by time"
    moved = np.abs(a.scores.probabilities[:n] - b.scores.probabilities[:n])
    assert moved.mean(axis=0).max() < MEAN_SCORE_TOLERANCE
    assert np.corrcoef(a.scores.probabilities[:n].ravel(), b.scores.probabilities[:n].ravel())[0, 1] > 0.97


# ------------------------------------------------------------------------------------------------- what is found


def test_the_sample_shows_what_its_true_intervals_say(sample: Result) -> None:
    """Most of what the simulated child does is found, and the scores really move: no constant result."""
    with paths.sample_video().with_suffix(".csv").open() as file:
        truth = [(int(r["label_id"]), float(r["start_s"]), float(r["end_s"])) for r in csv.DictReader(file)]
    found = [
        any(e.label_id == label and e.start_s < end and e.end_s > start for e in sample.episodes)
        for label, start, end in truth
    ]
    assert sum(found) >= 0.7 * len(truth), list(zip(truth, found, strict=True))
    assert sample.scores.probabilities.std(axis=0).max() > 0.2
    assert sample.indicators.index is not None
    assert sample.indicators.level is not None


def test_another_video_gives_another_result(sample: Result, tmp_path: Path) -> None:
    """The prototype showed the same number for every child."""
    other = run(make_video(tmp_path / "other.mp4", seconds=40))
    assert not np.allclose(other.scores.probabilities.mean(axis=0), sample.scores.probabilities.mean(axis=0), atol=0.01)
    assert other.indicators.index != sample.indicators.index


def test_a_run_repeats_to_the_last_bit(sample: Result) -> None:
    again = run(paths.sample_video())
    assert np.array_equal(again.scores.probabilities, sample.scores.probabilities)
    assert again.episodes == sample.episodes
    assert again.indicators == sample.indicators


@pytest.mark.parametrize("fps", [24, 60])
def test_the_same_scene_at_another_frame_rate_gives_the_same_scores(fps: int, scene: Result, tmp_path: Path) -> None:
    assert_same_scores(run(reencode(tmp_path / "again.mp4", fps=fps)), scene)


def test_the_same_scene_at_a_variable_rate_gives_the_same_scores(scene: Result, tmp_path: Path) -> None:
    chance = random.Random(7)
    result = run(reencode(tmp_path / "vfr.mp4", keep=lambda i: i % 2 == 0 or chance.random() < 0.5))
    assert result.video.variable_rate
    assert_same_scores(result, scene)


def test_a_turned_copy_gives_the_same_scores(scene: Result, tmp_path: Path) -> None:
    result = run(reencode(tmp_path / "turned.mp4", turned=True))
    assert result.video.rotation_deg == 90
    assert (result.video.width, result.video.height) == (320, 240)
    assert_same_scores(result, scene)


def test_labels_that_were_never_trained_are_never_found_and_never_called_not_observed(tmp_path: Path) -> None:
    # given a pack that was taught all but one of its behaviours
    model = pack.read(tiny_pack(tmp_path / "tiny"))
    (untrained,) = (label.id for label in model.info.labels if not label.trained)
    result = run(make_video(tmp_path / "video.mp4", seconds=5), model)
    # then that one is neither found nor said to be absent
    assert untrained not in {episode.label_id for episode in result.episodes}
    (behaviour,) = (b for b in result.indicators.behaviours if b.label_id == untrained)
    assert (behaviour.status, behaviour.reason) == ("not_assessable", "not_trained")


def test_the_shipped_pack_was_taught_every_behaviour(sample: Result) -> None:
    assert all(label.trained for label in sample.pack.labels)


def test_a_short_video_has_no_level(tmp_path: Path) -> None:
    result = run(make_video(tmp_path / "short.mp4", seconds=5))
    assert result.indicators.level is None
    assert result.indicators.no_level_reason == "too_short"


def test_a_part_that_cannot_be_read_is_on_the_receipt(media: Callable[[str], Path]) -> None:
    result = run(media("corrupted.mp4"))
    video = result.video
    assert video.frames_declared is not None
    assert 0 < video.frames_decoded < video.frames_declared
    assert result.scores.windows.size > 0


# ------------------------------------------------------------------------------------------------- how it runs


def test_progress_tells_where_it_is_and_hands_out_each_window_once(tiny: pack.Pack, tmp_path: Path) -> None:
    steps = analyse(make_video(tmp_path / "v.mp4", seconds=20), tiny, profile.read(paths.default_profile()))
    told: list[Progress] = []
    try:
        while True:
            told.append(next(steps))
    except StopIteration as stop:
        result: Result = stop.value
    assert [p.position_s for p in told] == sorted(p.position_s for p in told)
    assert told[-1].share == pytest.approx(1, abs=0.01)
    windows = np.concatenate([p.scores.windows for p in told])
    assert np.array_equal(windows, result.scores.windows)
    assert told[-1].window is not None
    assert told[-1].window.frames.shape == (32, 56, 56, 3)


def test_closing_it_ends_every_thread(tiny: pack.Pack, tmp_path: Path) -> None:
    before = threading.active_count()
    steps = analyse(make_video(tmp_path / "v.mp4", seconds=60), tiny, profile.read(paths.default_profile()))
    next(steps)
    steps.close()
    assert threading.active_count() == before


def test_the_region_is_what_the_model_sees(tiny: pack.Pack, tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=6)
    whole, part = run(video, tiny), run(video, tiny, region=Region(0, 0, 16, 16))
    assert part.region == Track((KeyBox(0.0, Region(0, 0, 16, 16)),))
    assert not np.allclose(whole.scores.probabilities, part.scores.probabilities)
    still = run(video, tiny, region=Track((KeyBox(4.0, Region(0, 0, 16, 16)),)))
    assert np.array_equal(still.scores.probabilities, part.scores.probabilities)
    assert still.command == part.command


def test_a_box_that_moves_is_what_the_model_sees_at_each_time(tiny: pack.Pack, tmp_path: Path) -> None:
    # Given a box that jumps half-way, then the first windows are those of the one box and the last of the other.
    video = make_video(tmp_path / "v.mp4", seconds=12)
    a, b = Region(0, 0, 16, 16), Region(40, 30, 20, 16)
    track = Track((KeyBox(6.0, a), KeyBox(6.01, b)))
    moved, first, last = (run(video, tiny, region=region) for region in (track, a, b))
    assert moved.region == track
    early, late = moved.scores.windows[:, 1] <= 6.0, moved.scores.windows[:, 0] >= 6.1
    assert early.any()
    assert late.any()
    assert np.array_equal(moved.scores.probabilities[early], first.scores.probabilities[early])
    assert np.array_equal(moved.scores.probabilities[late], last.scores.probabilities[late])
    assert not np.allclose(first.scores.probabilities, last.scores.probabilities)


def test_a_later_box_outside_the_picture_is_refused_before_the_work(tiny: pack.Pack, tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=3)
    track = Track((KeyBox(0.0, Region(0, 0, 16, 16)), KeyBox(3600.0, Region(5000, 0, 16, 16))))
    with pytest.raises(WrongUsage, match="5000,0,16,16"):
        run(video, tiny, region=track)


def test_wrong_parts_and_wrong_files_are_sentences(tiny: pack.Pack, tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=3)
    for start, end in ((2.0, 1.0), (-1.0, 2.0), (1.0, 1.0)):
        with pytest.raises(WrongUsage):
            run(video, tiny, start_s=start, end_s=end)
    with pytest.raises((WrongUsage, VideoUnusable)):
        run(video, tiny, start_s=100.0)
    with pytest.raises(VideoUnusable):
        run(tmp_path / "none.mp4", tiny)


def test_evidence_is_what_the_model_saw_at_the_peaks(sample: Result) -> None:
    pictures = evidence(paths.sample_video(), sample, limit=4)
    assert 1 <= len(pictures) <= 4
    for picture in pictures:
        episode = sample.episodes[picture.episode]
        assert episode.start_s - 0.1 <= picture.time_s <= episode.end_s + 0.1
        assert picture.picture.shape == (56, 56, 3)
        assert picture.picture.std() > 5
    assert [p.time_s for p in pictures] == sorted(p.time_s for p in pictures)


def test_evidence_is_cut_to_the_box_of_its_own_time(sample: Result) -> None:
    track = Track((KeyBox(0.0, Region(0, 0, 200, 200)), KeyBox(30.0, Region(100, 40, 120, 160))))
    pictures = evidence(paths.sample_video(), dataclasses.replace(sample, region=track), limit=3)
    assert len({track.at(shown.time_s) for shown in pictures}) > 1
    with open_video(paths.sample_video()) as video:
        for shown in pictures:
            seconds, picture = video.picture_at(shown.time_s)
            assert seconds == shown.time_s
            assert np.array_equal(shown.picture, prepare(picture, sample.pack.input, track.at(seconds)))


def test_a_profile_can_change_afterwards_without_the_model(sample: Result) -> None:
    strict = dataclasses.replace(
        sample.profile, criteria=tuple(dataclasses.replace(c, threshold=1.0) for c in sample.profile.criteria)
    )
    asked = {c.label_id for c in strict.criteria}
    found = analysis.find_episodes(sample.scores, sample.pack, strict)
    assert all(e.label_id not in asked or (e.peak or 0) >= 1.0 for e in found)
    numbers = analysis.evaluate(sample.scores, found, sample.pack, strict, sample.video)
    assert (numbers.index or 0) <= (sample.indicators.index or 0)


# ------------------------------------------------------------------------------------------------- its weight

_PEAK = """
import re, sys
from pathlib import Path
from screening import pack, paths, profile
from screening.analysis import analyse
for _ in analyse(Path(sys.argv[1]), pack.read(Path(sys.argv[2])), profile.read(paths.default_profile())): pass
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read where Linux keeps it")
def test_an_hour_takes_no_more_memory_than_a_minute(tmp_path: Path) -> None:
    model = tiny_pack(tmp_path / "pack")
    peaks = []
    for minutes in (1, 60):
        video = make_video(tmp_path / f"{minutes}.mp4", seconds=60 * minutes, fps=5)
        words = [sys.executable, "-c", _PEAK, str(video), str(model)]
        peaks.append(float(subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout))
    assert peaks[1] < 1.1 * peaks[0], peaks
    assert peaks[1] < 450, peaks
