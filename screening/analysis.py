"""The corridor: one generator, a video goes in, progress comes out, and the result at the end.

Command line, window, batch and tests all consume `analyse`; whoever consumes it shows progress as it likes and
closes it to cancel. Only this module knows the order of the rooms.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import platform
import shlex
import time
from collections.abc import Collection, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from pathlib import Path

import av
import numpy as np
import onnxruntime
from numpy.typing import NDArray

import screening
from screening import episodes as bouts
from screening import indicators, paths, quality, review
from screening import opencv as cv2
from screening import profile as profiles
from screening.errors import N_, WrongUsage
from screening.exports import regions_csv
from screening.exports.result_json import SCHEMA
from screening.pack import Pack
from screening.records import (
    Decision,
    Episode,
    Evidence,
    Indicators,
    PackInfo,
    Profile,
    Progress,
    Region,
    Result,
    Runtime,
    ScoreTimeline,
    Track,
    VideoInfo,
    Window,
)
from screening.report.reviewed import Agreement as ReportAgreement
from screening.report.reviewed import Figure, Judged
from screening.report.reviewed import Review as ReportReview
from screening.review import agreement
from screening.sampling import Sampler, check_region, prepare, track_of
from screening.scoring import BATCH, Scorer
from screening.video import open_video

Analysis = Generator[Progress, None, Result]

ALIVE_S = 0.1  # at least this often the consumer gets control, to draw, or to cancel


def analyse(
    video: Path,
    pack: Pack,
    profile: Profile,
    *,
    region: Region | Track | None = None,
    start_s: float | None = None,
    end_s: float | None = None,
) -> Analysis:
    """Analyse `video` (or its part from `start_s` to `end_s`, seconds) and return the `Result` at the end.

    `region` is the child's box, one for the whole video or a track of boxes over time; None: the whole picture.
    Yields at least every 0.1 s while a picture can be decoded in that time; `close()` stops decoding and the running
    model. Memory does not grow with the length of the video beyond C probabilities for each window.
    Raises VideoUnusable, PackRefused, WrongUsage.
    """
    start = start_s or 0.0
    if start < 0 or (end_s is not None and end_s <= start):
        raise WrongUsage(N_("The end of the part to analyse must lie after its start."))
    track = track_of(region)
    spec = pack.info.input
    scorer = Scorer(pack)
    scores = _Scores(len(pack.info.labels))
    waiting: list[Window] = []
    newest: Window | None = None
    running: Future[tuple[Sequence[Window], NDArray[np.float32]]] | None = None
    model = ThreadPoolExecutor(1, thread_name_prefix="scoring")

    def score(batch: Sequence[Window]) -> tuple[Sequence[Window], NDArray[np.float32]]:
        return batch, scorer.score(np.stack([window.frames for window in batch]))

    def submit() -> Future[tuple[Sequence[Window], NDArray[np.float32]]]:
        batch = waiting[:BATCH]
        del waiting[:BATCH]
        return model.submit(score, batch)

    try:
        # The receipt names the file, not its folder: a result travels, and folders are named after people.
        with open_video(video, name=video.name) as source:
            if track is not None:  # all of it now, not the last box after an hour of work
                check_region(track, source.width, source.height)
            sampler = Sampler(spec, region=track, start_s=start)
            position, shown = start, time.monotonic()
            total = max(0.0, (end_s or source.duration_hint_s or 0.0) - start)

            def progress() -> Progress:
                nonlocal shown
                shown = time.monotonic()
                return Progress(position - start, total, scores.new(), newest)

            # The model runs beside the decoder, one batch at a time; the decoder waits for it when it is ahead.
            for seconds, picture in source.pictures(start_s=start, end_s=end_s, needed_fps=spec.fps):
                position = seconds
                waiting += sampler.push(seconds, picture)
                newest = waiting[-1] if waiting else newest
                while len(waiting) >= BATCH:
                    if running is not None:
                        wait_for([running], ALIVE_S)
                        if not running.done():
                            yield progress()
                            continue
                        scores.add(*running.result())
                    running = submit()
                if time.monotonic() - shown >= ALIVE_S:
                    yield progress()

            receipt = source.info()
            end = end_s if end_s is not None and end_s < receipt.duration_s else receipt.duration_s
            if end <= start:
                raise WrongUsage(N_("The part to analyse begins after the video's end ({end} s)."), end=f"{end:.1f}")
            waiting += sampler.finish(end)
            newest = waiting[-1] if waiting else newest
            while running is not None or waiting:
                if running is not None:
                    wait_for([running], ALIVE_S)
                    if not running.done():
                        yield progress()
                        continue
                    scores.add(*running.result())
                running = submit() if waiting else None
            position = end
            yield progress()
    finally:
        scorer.stop()
        model.shutdown(wait=True, cancel_futures=True)

    timeline = scores.all()
    found = find_episodes(timeline, pack.info, profile)
    return Result(
        schema=SCHEMA,
        created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        video=receipt,
        region=track,
        pack=pack.info,
        profile=profile,
        scores=timeline,
        episodes=found,
        indicators=evaluate(timeline, found, pack.info, profile, receipt),
        runtime=runtime(scorer),
        command=_command(video, pack, profile, track, start_s, end_s),
    )


class _Scores:
    """Scores as they come in; hands out what is new, and at the end all of it."""

    def __init__(self, labels: int) -> None:
        self._empty = ScoreTimeline(np.empty((0, 2)), np.empty((0, labels), np.float32), np.empty(0, bool), ())
        self._parts: list[ScoreTimeline] = []
        self._told = 0

    def add(self, batch: Sequence[Window], probabilities: NDArray[np.float32]) -> None:
        reasons = tuple(quality.assess(window) for window in batch)
        self._parts.append(
            ScoreTimeline(
                np.array([(window.start_s, window.end_s) for window in batch]),
                probabilities,
                np.array([not codes for codes in reasons]),
                reasons,
            )
        )

    def new(self) -> ScoreTimeline:
        parts, self._told = self._parts[self._told :], len(self._parts)
        return self._join(parts)

    def all(self) -> ScoreTimeline:
        return self._join(self._parts)

    def _join(self, parts: list[ScoreTimeline]) -> ScoreTimeline:
        if not parts:
            return self._empty
        return ScoreTimeline(
            np.concatenate([part.windows for part in parts]),
            np.concatenate([part.probabilities for part in parts]),
            np.concatenate([part.assessable for part in parts]),
            tuple(codes for part in parts for codes in part.reasons),
        )


def thresholds(pack: PackInfo, profile: Profile) -> dict[int, float]:
    """The on-threshold of each label: the profile's where it sets one, else the pack's."""
    asked = {c.label_id: c.threshold for c in profile.criteria} if profile.label_set == pack.label_set else {}
    return {label.id: asked.get(label.id) or label.threshold for label in pack.labels}


def find_episodes(timeline: ScoreTimeline, pack: PackInfo, profile: Profile) -> tuple[Episode, ...]:
    """Episodes of every trained label; needs no run of the model, so a profile can change afterwards."""
    limits = thresholds(pack, profile)
    return bouts.find(timeline, pack.labels, limits, profile.episodes, pack.output.other_id)


def evaluate(
    timeline: ScoreTimeline, found: Sequence[Episode], pack: PackInfo, profile: Profile, video: VideoInfo
) -> Indicators:
    """Index, level and each behaviour's result of `found` episodes; needs no run of the model."""
    assessable_s, excluded = bouts.coverage(timeline, video.start_s, video.end_s)
    return indicators.evaluate(
        found,
        profile,
        pack.labels,
        pack.label_set,
        other_id=pack.output.other_id,
        requested_s=video.end_s - video.start_s,
        assessable_s=assessable_s,
        excluded=excluded,
    )


def judged(result: Result, found: Iterable[Episode], profile: Profile) -> Indicators:
    """What `found` (the model's episodes, or those that a review leaves) comes to on the video of `result`.

    How much could be assessed depends on neither profile nor review, and takes far longer to find than all else here.
    """
    return indicators.evaluate(
        found,
        profile,
        result.pack.labels,
        result.pack.label_set,
        other_id=result.pack.output.other_id,
        requested_s=result.indicators.requested_s,
        assessable_s=result.indicators.assessable_s,
        excluded=result.indicators.excluded,
    )


def with_profile(result: Result, profile: Profile) -> Result:
    """`result` judged by another profile, from the scores that it holds: what a new analysis would find.

    The model is not run; `created` and `runtime` stay those of the run that made the scores.
    """
    found = find_episodes(result.scores, result.pack, profile)
    words = shlex.split(result.command)
    if "--profile" in words:
        at = words.index("--profile")
        del words[at : at + 2]
    return dataclasses.replace(
        result,
        profile=profile,
        episodes=found,
        indicators=judged(result, found, profile),
        command=shlex.join(words + _profile_words(profile)),
    )


def reviewed(
    result: Result,
    decisions: Sequence[Decision],
    *,
    agreed: agreement.Agreement | None = None,
    finished: str = "",
) -> ReportReview:
    """What the decisions in force make of the model's episodes, as a report tells it. Raises WrongUsage.

    `agreed` compares what was marked before the model's answer was shown (first) with that answer (second), None when
    it was seen from the start. `finished` is ISO 8601, "" while the review goes on.
    """
    labels = (label.id for label in result.pack.labels)
    after = review.begin(result.episodes, labels, result.video.start_s, result.video.end_s).after(decisions)
    told = tuple(
        Judged(
            item.original,
            item.state,
            item.episode,
            item.reviewer,
            item.decisions[-1].made if item.decisions else "",
            item.comments,
        )
        for item in after.reviewed.values()
        if item.original is not None or not item.rejected  # what a clinician added and took back was never there
    )
    figures = _agreement(agreed) if agreed is not None else None
    return ReportReview(told, judged(result, review.episodes(after), result.profile), finished, figures)


def _agreement(measured: agreement.Agreement) -> ReportAgreement:
    every = measured.overall
    kappa, f1, first, second = (
        Figure(estimate.value, estimate.low, estimate.high, estimate.reason)
        for estimate in (every.kappa, every.f1, every.first_found, every.second_found)
    )
    return ReportAgreement(
        kappa, f1, first, second, every.first, every.second, every.matched, measured.assessable_s, measured.minimum_iou
    )


def evidence(
    video: Path, result: Result, limit: int = 6, *, without: Collection[int] = (), full_width: int | None = None
) -> tuple[Evidence, ...]:
    """What the model saw at the peak of the strongest episodes: of each behaviour the strongest first.

    `without` are places of episodes to pass over (those that a clinician rejected); with `full_width` it is the whole
    picture, at most so many pixels wide and high.
    The pictures are read from the video again, at the exact time, so that none has to be kept while analysing.
    """
    scores, columns = result.scores, {label.id: i for i, label in enumerate(result.pack.labels)}
    wanted = [i for i in range(len(result.episodes)) if i not in without]
    ranked = sorted(wanted, key=lambda i: -(result.episodes[i].peak or 0.0))
    first: list[int] = []
    later: list[int] = []
    seen: set[int] = set()
    for i in ranked:
        (later if result.episodes[i].label_id in seen else first).append(i)
        seen.add(result.episodes[i].label_id)
    chosen = sorted((first + later)[:limit], key=lambda i: result.episodes[i].start_s)
    pictures = []
    with open_video(video) as source:
        for i in chosen:
            e = result.episodes[i]
            middles = scores.windows.mean(axis=1)
            inside = (middles >= e.start_s) & (middles <= e.end_s) & scores.assessable
            column = np.where(inside, scores.probabilities[:, columns[e.label_id]], -1.0)
            at = float(middles[int(np.argmax(column))]) if inside.any() else (e.start_s + e.end_s) / 2
            seconds, picture = source.picture_at(at)
            if full_width is not None:
                scale = min(1.0, full_width / max(picture.width, picture.height))
                size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
                pictures.append(Evidence(i, seconds, picture.rgb(*size)))
                continue
            box = result.region.at(seconds) if result.region is not None else None
            pictures.append(Evidence(i, seconds, prepare(picture, result.pack.input, box)))
    return tuple(pictures)


def runtime(scorer: Scorer) -> Runtime:
    """The software that computes here and now."""
    return Runtime(
        viscreen=screening.__version__,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        onnxruntime=onnxruntime.__version__,
        provider=scorer.provider,
        threads=scorer.threads,
        opencv=cv2.__version__,
        pyav=av.__version__,
        ffmpeg=".".join(str(part) for part in av.library_versions["libavcodec"]),
    )


def _command(
    video: Path, pack: Pack, profile: Profile, track: Track | None, start_s: float | None, end_s: float | None
) -> str:
    words = ["viscreen", "screen", video.name, "--out", "DIR", "--pack", pack.folder.name]
    if track is not None and len(track.boxes) > 1:
        words += ["--regions", regions_csv.NAME]
    elif track is not None:
        box = track.boxes[0].region
        words += ["--region", f"{box.x},{box.y},{box.width},{box.height}"]
    if start_s is not None:
        words += ["--start", f"{start_s:g}"]
    if end_s is not None:
        words += ["--end", f"{end_s:g}"]
    return shlex.join(words + _profile_words(profile))


def _profile_words(profile: Profile) -> list[str]:
    """Last on the line that repeats a run, where another profile can take their place."""
    return [] if profile == profiles.read(paths.default_profile()) else ["--profile", f"{profile.name}.json"]
