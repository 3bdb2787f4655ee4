"""`viscreen`: the same corridor without a window; an error is one line on stderr.

Exit codes: 0 done, 2 wrong usage, 3 the video cannot be used, 4 the pack is refused, 5 the disk cannot be written,
130 cancelled.
"""

from __future__ import annotations

import argparse
import locale
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, TextIO

from pydantic import TypeAdapter

import screening
from screening import analysis, language, pack, paths, profile, quality, report
from screening.errors import N_, Cancelled, CannotWrite, ScreeningError, WrongUsage
from screening.exports import episodes_csv, regions_csv, result_json, scores_csv
from screening.language import Translator
from screening.pack.install import entries, install, remove
from screening.records import Case, Progress, Region, Result, VideoInfo
from screening.report import words
from screening.scoring import Scorer
from screening.video import probe

OpenWindow = Callable[[argparse.Namespace, Translator], int]
"""Opens the application for these arguments (`video` may be None) and returns its exit status."""
SelfTest = Callable[[str], int]
"""Checks the installation, speaking the language of that code, and returns the exit status."""


def main(
    argv: Sequence[str] | None = None, *, open_window: OpenWindow | None = None, self_test: SelfTest | None = None
) -> int:
    """Run one command; returns the exit status.

    `open_window` and `self_test` are how the room that knows windows is let in.
    """
    arguments = _parser().parse_args(argv)
    code = arguments.lang or _language_of_the_system()
    _ = language.load("en" if arguments.selftest else code)  # the translation may be what is broken
    try:
        if arguments.selftest and self_test is not None:
            status = self_test(code)
        else:
            status = arguments.run(arguments, _) if hasattr(arguments, "run") else _open(arguments, _, open_window)
        print(end="", flush=True)  # a closed pipe is told here, and not when Python ends
        return int(status)
    except ScreeningError as error:
        print("viscreen: " + " ".join(error.sentence(_).split()), file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("viscreen: " + _("Cancelled. Nothing was written."), file=sys.stderr)
        return Cancelled.exit_code
    except BrokenPipeError:  # whoever read our output has enough (`viscreen info VIDEO | head -1`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _terminated(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


# ------------------------------------------------------------------------------------------------- the words


class _Parser(argparse.ArgumentParser):
    """Wrong usage is one line, as every error is."""

    def error(self, message: str) -> NoReturn:
        self.exit(WrongUsage.exit_code, f"viscreen: {message}. See “{self.prog} --help”.\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="viscreen",
        description="Screens a video for autism-related behaviour on this computer. "
        "A screening aid, never a diagnosis. Without a command it opens the application.",
    )
    parser.add_argument("--version", action="version", version=f"viscreen {screening.__version__}")
    parser.add_argument("--selftest", action="store_true", help="check that everything here is whole and works")
    common = _Parser(add_help=False)
    for place, default in ((parser, None), (common, argparse.SUPPRESS)):  # after a command, too, and there it counts
        place.add_argument("--lang", default=default, choices=tuple(language.LANGUAGES), help="default: the system's")
    models = _Parser(add_help=False)
    models.add_argument("--pack", default="reference", metavar="P", help="model pack: a name, a folder or a .vspack")
    models.add_argument("--profile", default="default", metavar="F", help="screening profile: a name or a file")
    parser.set_defaults(pack="reference", profile="default", video=None, demo=False)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands", parser_class=_Parser)

    window = commands.add_parser("open", parents=[common, models], help="open the application, with FILE if given")
    window.add_argument("video", nargs="?", type=Path, metavar="FILE", help="a video, a model pack or a library")

    demo = commands.add_parser("demo", parents=[common, models], help="the sample video through the whole way")
    demo.add_argument("--out", type=Path, default=Path("viscreen-demo"), metavar="DIR", help="where, without a display")
    demo.set_defaults(demo=True)

    info = commands.add_parser("info", parents=[common], help="what can be read of a video, as JSON")
    info.add_argument("video", type=Path, metavar="VIDEO")
    info.set_defaults(run=_info)

    screen = commands.add_parser("screen", parents=[common, models], help="analyse a video and write the report")
    screen.add_argument("video", type=Path, metavar="VIDEO")
    screen.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the result files")
    box = screen.add_mutually_exclusive_group()
    box.add_argument("--region", type=_region, metavar="X,Y,W,H", help="the child's box, in pixels as displayed")
    box.add_argument(
        "--regions",
        type=Path,
        metavar="FILE.csv",
        help="the child's box over time, straight lines between: " + ",".join(regions_csv.COLUMNS),
    )
    screen.add_argument("--start", type=_seconds, metavar="S", help="first second to analyse")
    screen.add_argument("--end", type=_seconds, metavar="S", help="last second to analyse")
    screen.set_defaults(run=_screen)

    packs = commands.add_parser("pack", help="list, verify, install and remove model packs")
    actions = packs.add_subparsers(metavar="ACTION", required=True, parser_class=_Parser)
    listing = actions.add_parser("list", parents=[common], help="the packs on this computer")
    listing.set_defaults(run=_pack_list)
    verify = actions.add_parser("verify", parents=[common], help="check every promise of a pack")
    verify.add_argument("pack", metavar="PACK")
    verify.set_defaults(run=_pack_verify)
    addition = actions.add_parser("install", parents=[common], help="check a pack and keep it on this computer")
    addition.add_argument("file", type=Path, metavar="FILE", help="a .vspack file or a pack's folder")
    addition.set_defaults(run=_pack_install)
    removal = actions.add_parser("remove", parents=[common], help="remove an installed pack")
    removal.add_argument("name", metavar="NAME", help="its name or folder, as “viscreen pack list” shows it")
    removal.set_defaults(run=_pack_remove)
    return parser


def _region(text: str) -> Region:
    try:
        x, y, width, height = (int(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not four whole numbers X,Y,W,H") from None
    if x < 0 or y < 0 or width < 1 or height < 1:
        raise argparse.ArgumentTypeError(f"“{text}” is not a box inside a picture")
    return Region(x, y, width, height)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of seconds")
    return value


def _language_of_the_system() -> str:
    code = locale.getlocale()[0] or os.environ.get("LANG", "")
    return "vi" if code.lower().startswith("vi") else "en"


# ------------------------------------------------------------------------------------------------- commands


def _open(arguments: argparse.Namespace, _: Translator, open_window: OpenWindow | None) -> int:
    if open_window is None:
        raise WrongUsage(N_("The application's window is not part of this installation; use “viscreen screen”."))
    return open_window(arguments, _)


def _info(arguments: argparse.Namespace, _: Translator) -> int:
    print(TypeAdapter(VideoInfo).dump_json(probe(arguments.video), indent=2).decode())
    return 0


def _screen(arguments: argparse.Namespace, _: Translator) -> int:
    signal.signal(signal.SIGTERM, _terminated)  # asked to end is cancelled, as by Ctrl+C
    model = pack.read(pack.find(arguments.pack))
    asked = profile.read(profile_path(arguments.profile))
    region = regions_csv.read(arguments.regions) if arguments.regions is not None else arguments.region
    folder: Path = arguments.out
    make_folder(folder)  # before the work, not after an hour of it
    steps = analysis.analyse(arguments.video, model, asked, region=region, start_s=arguments.start, end_s=arguments.end)
    result = _consume(steps, _, sys.stderr)
    write_results(result, arguments.video, folder, _.code)
    print(summary(result, _))
    print(_("Written to {folder}").format(folder=folder), file=sys.stderr)
    return 0


def _pack_list(arguments: argparse.Namespace, _: Translator) -> int:
    for path in pack.available():
        try:
            info = pack.read(path).info
        except ScreeningError as error:
            print(f"{path.name}\t" + _("refused: {why}").format(why=error.sentence(_)))
            continue
        behaviours = [label for label in info.labels if label.id != info.output.other_id]
        taught = _("{n} of {total} behaviours trained").format(
            n=sum(label.trained for label in behaviours), total=len(behaviours)
        )
        note = _("simulated video only") if info.simulated_only else ""
        print("\t".join([info.name, info.version, taught, note, str(path)]))
    return 0


def _pack_verify(arguments: argparse.Namespace, _: Translator) -> int:
    model = pack.read(pack.find(arguments.pack))
    scorer = Scorer(model)
    print(
        _("{name} {version} keeps its promises: files, labels, shapes and the golden clip ({provider}).").format(
            name=model.info.name, version=model.info.version, provider=scorer.provider
        )
    )
    print(f"sha256 {model.info.sha256}")
    return 0


def _pack_install(arguments: argparse.Namespace, _: Translator) -> int:
    here = {entry.folder for entry in entries() if entry.info is not None}
    folder = install(arguments.file, check=Scorer)
    if folder in here:
        said = _("This very pack is on this computer already; nothing was added. Use it with: --pack {name}")
    else:
        said = _("Installed. Use it with: --pack {name}")
    print(said.format(name=pack.name_of(folder)))
    return 0


def _pack_remove(arguments: argparse.Namespace, _: Translator) -> int:
    remove(arguments.name)
    print(_("Removed: {name}").format(name=arguments.name))
    return 0


# ------------------------------------------------------------------------------------------------- their parts


def profile_path(name_or_path: str) -> Path:
    """The file of the shipped profile of that name, else the path itself."""
    path = Path(name_or_path)
    shipped = paths.resources() / "profiles" / f"{path.name}.json"
    return shipped if not path.exists() and shipped.exists() else path


def make_folder(folder: Path) -> None:
    """Make `folder` if it is not there, and see that it can be written; raises CannotWrite."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial = folder / ".viscreen-trial"
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise CannotWrite(
            N_("The folder “{name}” cannot be written ({why}). Choose another with --out."),
            name=folder,
            why=error.strerror,
        ) from error


def write_results(result: Result, video: Path, folder: Path, code: str, case: Case | None = None) -> None:
    """Write the files of a result, and the boxes if they changed over time; each is put in place whole.

    Raises CannotWrite.
    """
    evidence = analysis.evidence(video, result)
    result_json.write(result, folder / "result.json")
    scores_csv.write(result, folder / "scores.csv")
    episodes_csv.write(result, folder / "episodes.csv", code)
    if result.region is not None and len(result.region.boxes) > 1:
        regions_csv.write(result.region, folder / regions_csv.NAME)
    pdf = folder / "report.pdf"
    report.write(result, pdf, language=code, case=case or Case(), evidence=evidence, reasons=quality.REASONS)


def summary(result: Result, _: Translator) -> str:
    """A few lines: the index with its arithmetic and level, or why there is none; and what the pack is worth."""
    numbers, asked = result.indicators, result.profile
    band = next((band for band in asked.bands if band.code == numbers.level), None)
    if band is None:
        short, reason = words.no_level(numbers, asked, _)
        lines = [_("No level. {short}: {reason}").format(short=short, reason=reason)]
    else:
        lines = [
            _("Index of observed behaviour: {index} of 100. Level: {level}.").format(
                index=words.index(numbers, asked, _), level=band.names.get(_.code) or band.code
            ),
            words.arithmetic(numbers, asked, _),
        ]
    lines.append(_("Screening aid. Not a diagnosis."))
    if result.pack.simulated_only:
        lines.append(_("This model was trained on simulated video only. It has never seen a real child."))
    return "\n".join(lines)


def _consume(steps: analysis.Analysis, _: Translator, out: TextIO) -> Result:
    """Run an analysis to its end, showing how far it is; an interrupt closes it, which stops decoder and model."""
    line = _ProgressLine(_, out)
    try:
        while True:
            line.show(next(steps))
    except StopIteration as stop:
        result: Result = stop.value
        return result
    finally:
        steps.close()
        line.end()


class _ProgressLine:
    """One line that is written over on a terminal; one line for each tenth of the work in a file or a pipe."""

    def __init__(self, _: Translator, out: TextIO) -> None:
        self._ = _
        self._out = out
        self._begun = time.monotonic()
        self._tenth = 0
        self._drawn = False

    def show(self, progress: Progress) -> None:
        terminal, tenth = self._out.isatty(), int(progress.share * 10)
        if not terminal and tenth <= self._tenth:
            return
        self._tenth = tenth
        spent = max(time.monotonic() - self._begun, 1e-3)
        left = spent * (1 / progress.share - 1) if progress.share > 0.01 else None
        text = self._("{percent} · {speed} × real time · {left} left").format(
            percent=self._.percent(progress.share),
            speed=self._.number(progress.position_s / spent, 1),
            left="–" if left is None else self._.clock(left),
        )
        self._out.write(f"\r{text:<60}" if terminal else text + "\n")
        self._out.flush()
        self._drawn = terminal

    def end(self) -> None:
        if self._drawn:
            self._out.write("\n")
