"""How long from starting the program to a window that can be used, seen on the screen itself. Needs Linux and Xvfb.

Run by hand: `python tests/bench/cold_start.py [PROGRAM …]`; without PROGRAM the one of this source tree is measured,
else for example `/usr/bin/viscreen` or `dist/viscreen/viscreen`. The screen is Xvfb's, whose picture lies in a file:
*shown* is when it is no longer empty, *painted* when the page's chief button is on it and nothing changed any more
for a moment. Each start has a new, empty folder of user data. For cold starts (by the administrator only) the system
forgets before each one every file that it had read.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SCREEN = ":64"
WIDTH, HEIGHT = 1440, 900
POLL_S = 0.005
STILL_S = 0.3
PATIENCE_S = 60.0
BRAND = np.array([0x77, 0x64, 0x0B], np.uint8)  # blue, green, red of the chief button in the light theme
BUTTON = 1500  # its pixels, at the least
DROP = Path("/proc/sys/vm/drop_caches")


@contextmanager
def screen(folder: Path) -> Iterator[NDArray[np.uint8]]:
    """Xvfb's picture, height × width × (blue, green, red, nothing), which follows what is drawn."""
    server = subprocess.Popen(
        ["Xvfb", SCREEN, "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-fbdir", folder], stderr=subprocess.DEVNULL
    )
    try:
        file = folder / "Xvfb_screen0"
        while not file.is_file() or file.stat().st_size < WIDTH * HEIGHT * 4:
            time.sleep(POLL_S)
        time.sleep(0.5)
        whole = np.memmap(file, np.uint8, "r")
        yield whole[-WIDTH * HEIGHT * 4 :].reshape(HEIGHT, WIDTH, 4)  # behind the header of an XWD file
    finally:
        server.terminate()
        server.wait()


def is_painted(picture: NDArray[np.uint8]) -> bool:
    """Whether the chief button of the first page is there."""
    page = picture[200:700:2, 300:1200:2, :3]
    return int((page == BRAND).all(axis=2).sum()) * 4 >= BUTTON


def start(program: list[str], picture: NDArray[np.uint8], data: Path) -> tuple[float, float, float]:
    """Seconds until the window was shown and painted, and CPU seconds until then."""
    environment = {**os.environ, "DISPLAY": SCREEN, "VISCREEN_DATA": str(data), "QT_QPA_PLATFORM": "xcb", "LANG": "C"}
    began = time.perf_counter()
    process = subprocess.Popen(program, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    shown = painted = changed = 0.0
    cpu = 0.0
    before = np.zeros_like(picture[::8, ::8])
    try:
        while not painted or time.perf_counter() - changed < STILL_S:
            time.sleep(POLL_S)
            now = time.perf_counter()
            if now - began > PATIENCE_S or process.poll() is not None:
                raise SystemExit(f"No window of {program[0]} came.")
            if not shown and picture[::8, ::8, :3].any():
                shown = now
            if shown and not painted and is_painted(picture):
                painted, cpu = now, cpu_seconds(process.pid)
            sample = picture[::8, ::8].copy()
            if painted and (sample != before).any():
                changed = now
            before = sample
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()
    return shown - began, painted - began, cpu


def cpu_seconds(pid: int) -> float:
    """What the process has used until now."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def forget() -> None:
    """Let the system forget what it read from the disk."""
    os.sync()
    DROP.write_text("3")


def main() -> None:
    """Print a table: minimum, median and maximum of each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("programs", nargs="*", metavar="PROGRAM")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    if shutil.which("Xvfb") is None:
        raise SystemExit("Xvfb is needed: install the package xvfb.")
    programs = [[name] for name in arguments.programs] or [[sys.executable, "-m", "gui"]]
    print(f"{'':34}{'shown':>18}{'painted':>18}{'CPU':>18}   seconds: min median max of {arguments.runs}")
    with tempfile.TemporaryDirectory() as scratch, screen(Path(scratch)) as picture:
        for program in programs:
            for cold in [True, False] if os.access(DROP, os.W_OK) else [False]:
                rows = []
                for _ in range(arguments.runs):
                    if cold:
                        forget()
                    with tempfile.TemporaryDirectory() as data:
                        rows.append(start(program, picture, Path(data)))
                columns = [f"{min(c):.2f} {statistics.median(c):.2f} {max(c):.2f}" for c in zip(*rows, strict=True)]
                name = f"{'cold' if cold else 'warm'}  {' '.join(program)[-28:]}"
                print(f"{name:34}" + "".join(f"{column:>18}" for column in columns), flush=True)


if __name__ == "__main__":
    main()
