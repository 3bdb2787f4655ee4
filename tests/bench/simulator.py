"""How many pictures a second the simulator renders on one core, for each label and over all: run by hand.

    OMP_NUM_THREADS=1 python tests/bench/simulator.py [--clips N] [--domain A] [--labels 1,2]

Rendering is all that makes a picture (pose, props, people, painting, lens), without the set-up of a clip (who, where,
the empty room) and without H.264, which have columns of their own. Processor time is taken, not the clock's; on a
machine that others use as well it still grows, so compare figures of one run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import astuple, dataclass
from pathlib import Path

import cv2

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from models.simulator.behaviours import BEHAVIOURS
from models.simulator.clip import clip, write_video
from models.simulator.domains import DOMAINS


@dataclass
class Cost:
    """Seconds of processor time for so many clips and pictures."""

    clips: int = 0
    pictures: int = 0
    set_up: float = 0.0
    render: float = 0.0
    encode: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        return Cost(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def line(self) -> str:
        """Pictures a second, then milliseconds for each clip."""
        each = 1000 / self.clips
        total = (self.set_up + self.render + self.encode) * each
        return (
            f"{self.pictures / self.render:8.0f} {self.set_up * each:9.1f} {self.render * each:9.1f}"
            f" {self.encode * each:9.1f} {total:9.1f}"
        )


def measure(label: int, index: int, domain: str, folder: Path) -> Cost:
    """One clip of the training split, rendered and encoded."""
    now = time.process_time
    start = now()
    ready = clip(1, "train", label, index, domain)
    size = ready.scene.camera
    set_up = now()
    pictures = list(ready.frames())
    rendered = now()
    path = folder / ready.record.file
    write_video(path, iter(pictures), size.width, size.height, ready.record.frame_rate, ready.crf)
    return Cost(1, len(pictures), set_up - start, rendered - set_up, now() - rendered)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=3, metavar="N", help="clips of each label")
    parser.add_argument("--domain", default="A", choices=sorted(DOMAINS))
    parser.add_argument("--labels", type=lambda text: [int(part) for part in text.split(",")], metavar="1,2")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    whole = Cost()
    print("label  pictures/s    set-up    render    encode     whole   (the last four: ms for each clip)")
    with tempfile.TemporaryDirectory() as folder:
        measure(1, 0, asked.domain, Path(folder))  # what is loaded once is not counted
        for label in asked.labels or sorted(BEHAVIOURS):
            costs = [measure(label, index, asked.domain, Path(folder)) for index in range(1, asked.clips + 1)]
            cost = sum(costs, Cost())
            print(f"{label:5d}  {cost.line()}", flush=True)
            whole += cost
    print(f"  all  {whole.line()}")


if __name__ == "__main__":
    main()
