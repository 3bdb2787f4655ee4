"""`python -m models.simulator`: data sets, contact sheets and sessions from a seed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from models.simulator.domains import DOMAINS
from models.simulator.generate import ORDINARY_TIMES, Order, generate, known
from models.simulator.pools import SPLITS
from models.simulator.preview import contact_sheet
from models.simulator.session import DEMONSTRATION, LONG, write_session
from screening.errors import ScreeningError


def _labels(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; the result is the exit code of DESIGN §7."""
    parser = argparse.ArgumentParser(prog="python -m models.simulator", description=__doc__)
    parser.add_argument(
        "out", nargs="?", type=Path, metavar="OUT", help="a new folder for train/, valid/, test/ and clips.csv"
    )
    parser.add_argument("--clips-per-label", type=int, default=64, metavar="N", help="training clips of each label")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    parser.add_argument("--labels", type=_labels, metavar="0,1,2", help="only these labels")
    parser.add_argument("--workers", type=int, default=0, metavar="K", help="processes (default: one for each core)")
    parser.add_argument("--domain", default="A", choices=sorted(DOMAINS), help="which of the two renderers")
    parser.add_argument("--splits", nargs="+", default=SPLITS, choices=SPLITS, help="only these folders")
    parser.add_argument(
        "--ordinary-times", type=int, default=ORDINARY_TIMES, metavar="K", help="training clips of label 0, times N"
    )
    parser.add_argument("--resume", action="store_true", help="go on in a folder of the same seed and domain")
    parser.add_argument("--preview", type=Path, metavar="FILE.png", help="write a contact sheet instead")
    parser.add_argument("--rows", type=int, default=1, metavar="R", help="rows of the contact sheet for each label")
    parser.add_argument(
        "--session", type=Path, metavar="FILE.mp4", help="write one continuous session and FILE.csv instead"
    )
    parser.add_argument("--seconds", type=float, default=600.0, metavar="T", help="length of the session")
    parser.add_argument(
        "--demonstration", action="store_true", help="a session of short episodes, 640 × 480 at 30 pictures a second"
    )
    parser.add_argument(
        "--split", choices=SPLITS, help="whose pools the contact sheet (train) or the session (test) shows"
    )
    asked = parser.parse_args(arguments)
    try:
        if asked.preview:
            contact_sheet(
                asked.preview, asked.seed, known(asked.labels), asked.split or "train", asked.rows, asked.domain
            )
        elif asked.session:
            write_session(
                asked.session,
                asked.seed,
                asked.seconds,
                asked.split or "test",
                known(asked.labels),
                asked.domain,
                DEMONSTRATION if asked.demonstration else LONG,
            )
        elif asked.out:
            order = Order(
                asked.clips_per_label, asked.seed, asked.labels, asked.domain, asked.splits, asked.ordinary_times
            )
            generate(asked.out, order, asked.workers, asked.resume)
        else:
            parser.error("say where to: OUT, --preview or --session")
    except ScreeningError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
