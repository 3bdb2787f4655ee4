"""How fast one video goes through the whole analysis, beside a plain decode of the same file: run by hand.

    python tests/bench/throughput.py [VIDEO] [--pack PACK] [--repeat N]

Without VIDEO it makes its own in a temporary folder: 60 s of 1920 × 1080 at 30 pictures per second, H.264 by libx264
with its defaults (preset medium, CRF 23, three B-frames, adaptive), a panned and textured room with a moving body and
fresh sensor noise in every picture. Everything is measured in one run; each measurement has a process of its own, so
that its peak memory is its own, and plain decode and analysis take turns, so that a busy machine slows both.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from screening import analysis, pack, paths, profile, quality
from screening.sampling import Sampler, prepare
from screening.scoring import Scorer
from screening.video import open_video

SECONDS, FPS, WIDTH, HEIGHT = 60, 30, 1920, 1080


def make_video(path: Path) -> None:
    """The bench's own scene (see the module's docstring)."""
    random = np.random.default_rng(1)
    rows, columns = np.mgrid[0 : 2 * HEIGHT, 0 : 2 * WIDTH].astype(np.float32)
    room = 110 + 50 * np.sin(columns / 97) + 40 * np.cos(rows / 61) + 20 * np.sin((columns + rows) / 23)
    room = np.clip(room + random.normal(0, 12, room.shape), 0, 255).astype(np.uint8)
    noise = random.normal(0, 3, (16, HEIGHT, WIDTH)).astype(np.int8)
    colour = np.clip(128 + 30 * np.sin(columns[:HEIGHT, :WIDTH] / 150), 0, 255).astype(np.uint8)[::2, ::2]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for i in range(SECONDS * FPS):
            t = i / FPS
            x, y = int(WIDTH / 2 * (1 + 0.5 * np.sin(0.7 * t))), int(HEIGHT / 2 * (1 + 0.5 * np.cos(0.5 * t)))
            luma = room[y : y + HEIGHT, x : x + WIDTH].astype(np.int16)
            left, top = int(WIDTH * (0.42 + 0.3 * np.sin(2.1 * t))), int(HEIGHT * (0.35 + 0.25 * np.cos(1.7 * t)))
            luma[top : top + 320, left : left + 320] = room[:320, :320] // 2 + 60
            luma = np.clip(luma + noise[random.integers(16)], 0, 255).astype(np.uint8)
            chroma = np.concatenate([colour.reshape(-1), np.full(colour.size, 120, np.uint8)]).reshape(-1, WIDTH)
            frame = av.VideoFrame.from_ndarray(np.vstack([luma, chroma]), "yuv420p")
            frame.pts = i
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def plain_decode(video: Path) -> dict[str, Any]:
    """Every picture of the best stream, nothing else: the same library, with threads as it likes."""
    with av.open(str(video)) as container:
        stream = container.streams.best("video")
        stream.thread_type = "AUTO"
        start, cpu = time.perf_counter(), time.process_time()
        pictures = sum(1 for _ in container.decode(stream))
        return {"wall": time.perf_counter() - start, "cpu": time.process_time() - cpu, "pictures": pictures}


def whole_analysis(video: Path, pack_path: Path) -> dict[str, Any]:
    """`analysis.analyse` from the file to the result; loading the pack, once for a session, stands apart."""
    model, rules = pack.read(pack_path), profile.read(paths.default_profile())
    start, cpu = time.perf_counter(), time.process_time()
    steps = analysis.analyse(video, model, rules)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result = end.value
            break
    return {
        "wall": time.perf_counter() - start,
        "cpu": time.process_time() - cpu,
        "windows": len(result.scores.probabilities),
        "duration": result.video.duration_s,
        "decoded": result.video.frames_decoded,
        "skipped": result.video.frames_skipped,
        "peak": peak_memory(),
    }


def steps(video: Path, pack_path: Path) -> dict[str, Any]:
    """The rooms one after the other, CPU s each."""
    model = pack.read(pack_path)
    spec = model.info.input
    spent: dict[str, Any] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start, cpu = time.perf_counter(), time.process_time()
        value = work()
        spent[name] = spent.get(name, 0.0) + time.process_time() - cpu
        spent[name + " wall"] = spent.get(name + " wall", 0.0) + time.perf_counter() - start
        return value

    scorer = timed("load the model", lambda: Scorer(model))
    with timed("open the video", lambda: open_video(video)) as source:
        timed("decode, what is needed", lambda: sum(1 for _ in source.pictures(needed_fps=spec.fps)))
        timed("hash", source.info)
        _, picture = source.picture_at(0.5)
        prepare(picture, spec)
        timed("convert, per 100 pictures", lambda: [prepare(picture, spec) for _ in range(100)])
        sampler, windows = Sampler(spec), []
        for seconds, shown in source.pictures(needed_fps=spec.fps, end_s=20.0):
            windows += sampler.push(seconds, shown)
    frames = np.stack([window.frames for window in windows[:32]])
    scorer.score(frames[:8])
    timed("score", lambda: scorer.score(frames))
    timed("quality, per 100 windows", lambda: [quality.assess(windows[i % len(windows)]) for i in range(100)])
    spent["windows"] = len(frames)
    return spent


def peak_memory() -> int:
    """Largest resident memory of this process so far, bytes."""
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def apart(work: Callable[..., Any], *arguments: Any) -> Any:
    """`work(*arguments)` in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def table(rows: list[tuple[str, str]]) -> None:
    """Names and figures, aligned."""
    width = max(len(name) for name, _ in rows)
    for name, figure in rows:
        print(f"  {name:<{width}}  {figure}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("video", nargs="?", type=Path)
    parser.add_argument("--pack", type=Path, default=paths.reference_pack())
    parser.add_argument("--repeat", type=int, default=3, help="measurements of each; the median counts (default 3)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="viscreen-bench-") as folder:
        video = asked.video
        if video is None:
            video = Path(folder) / "bench.mp4"
            print(f"making {SECONDS} s of {WIDTH} × {HEIGHT} at {FPS} pictures per second …", flush=True)
            apart(make_video, video)
        size = video.stat().st_size
        with video.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        decodes, analyses = [], []
        for _ in range(asked.repeat):
            decodes.append(apart(plain_decode, video))
            analyses.append(apart(whole_analysis, video, asked.pack))
        spent = apart(steps, video, asked.pack)

    def median(results: list[dict[str, Any]], key: str) -> float:
        return statistics.median(result[key] for result in results)

    one, duration, windows = analyses[0], analyses[0]["duration"], analyses[0]["windows"]
    decode_wall, decode_cpu = median(decodes, "wall"), median(decodes, "cpu")
    wall, cpu = median(analyses, "wall"), median(analyses, "cpu")
    print(f"\n{video.name}, {duration:.1f} s, sha256 {digest[:16]}…, {size:,} bytes")
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, PyAV {av.__version__}")
    print(f"median of {asked.repeat}\n")
    table(
        [
            ("whole analysis", f"{wall:8.2f} s wall  {cpu:8.2f} s CPU   ({duration / wall:.1f} × real time)"),
            ("plain decode of the whole file", f"{decode_wall:8.2f} s wall  {decode_cpu:8.2f} s CPU"),
            (
                "analysis ÷ decode",
                f"{wall / decode_wall:8.2f}   wall  {cpu / decode_cpu:8.2f}   CPU   (aim: CPU ≤ 1.0)",
            ),
            ("pictures", f"{one['decoded']} decoded, {one['skipped']} passed over; plain {decodes[0]['pictures']}"),
            ("windows", f"{windows}; {spent['score wall'] / spent['windows'] * 1000:.2f} ms each, scored alone"),
            ("peak memory of the analysis", f"{median(analyses, 'peak') / 2**20:.0f} MiB"),
        ]
    )
    print("\nCPU s by step, each step alone:")
    table([(name, f"{value:8.3f}") for name, value in spent.items() if not name.endswith("wall") and name != "windows"])


if __name__ == "__main__":
    main()
