"""The command line is a contract: other programs rely on its files and exit codes, and an error is one line."""

from __future__ import annotations

import csv
import functools
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from screening import cli
from screening.exports import result_json
from screening.language import load
from screening.records import KeyBox, Region, Track
from tests.conftest import MEDIA, ROOT
from tests.screening.broken_models import BROKEN_GRAPHS, BROKEN_MODELS
from tests.screening.broken_packs import BROKEN_PACKS
from tests.screening.packs import tiny_pack
from tests.screening.videos import make_video

FILES = {"report.pdf", "result.json", "scores.csv", "episodes.csv"}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return tiny_pack(tmp_path / "pack")


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return make_video(tmp_path / "Bé Nhi – lần 2 ✓.mp4", seconds=6)


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    """What an error printed: one sentence, no traceback."""
    text = capsys.readouterr().err
    assert text.startswith("viscreen: ")
    assert text.count("\n") == 1, text
    return text


def test_a_video_goes_in_and_four_files_come_out(
    video: Path, pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "folder"
    assert cli.main(["screen", str(video), "--out", str(out), "--pack", str(pack), "--lang", "en"]) == 0
    assert {path.name for path in out.iterdir()} == FILES
    assert "Screening aid. Not a diagnosis." in capsys.readouterr().out

    result = result_json.read(out / "result.json")
    rows = list(csv.reader((out / "scores.csv").open(encoding="utf-8")))
    assert rows[0] == ["start_s", "end_s", "assessable", *(f"label_{label.id}" for label in result.pack.labels)]
    assert len(rows) - 1 == len(result.scores.windows) > 5
    header = (out / "episodes.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == "label_id,label,start_s,end_s,peak,mean,source,verdict"
    assert (out / "report.pdf").read_bytes().startswith(b"%PDF")


def test_the_line_in_the_result_repeats_the_run_exactly(video: Path, pack: Path, tmp_path: Path) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    options = ["--pack", str(pack), "--region", "8,8,40,40", "--start", "1", "--end", "5"]
    assert cli.main(["screen", str(video), "--out", str(first), *options]) == 0
    command = result_json.read(first / "result.json").command
    assert "--region 8,8,40,40 --start 1 --end 5" in command
    assert cli.main(["screen", str(video), "--out", str(again), *options]) == 0
    for name in ("scores.csv", "episodes.csv"):
        assert (first / name).read_bytes() == (again / name).read_bytes()


def test_boxes_over_time_come_from_a_table_and_are_written_for_the_next_run(
    video: Path, pack: Path, tmp_path: Path
) -> None:
    # Given a table of boxes, when the line in the result is run with the table it wrote, then it gives the same.
    boxes, first, again, still = (tmp_path / name for name in ("boxes.csv", "first", "again", "still"))
    boxes.write_text("time_s,x,y,width,height\n4.5,20,10,30,30\n1,8,8,40,40\n", encoding="utf-8")
    screen = ["screen", str(video), "--pack", str(pack)]
    assert cli.main([*screen, "--out", str(first), "--regions", str(boxes)]) == 0
    result = result_json.read(first / "result.json")
    assert result.region == Track((KeyBox(1.0, Region(8, 8, 40, 40)), KeyBox(4.5, Region(20, 10, 30, 30))))
    assert "--regions regions.csv" in result.command
    assert {path.name for path in first.iterdir()} == FILES | {"regions.csv"}

    assert cli.main([*screen, "--out", str(again), "--regions", str(first / "regions.csv")]) == 0
    assert cli.main([*screen, "--out", str(still), "--region", "8,8,40,40"]) == 0
    scores = [(folder / "scores.csv").read_bytes() for folder in (first, again, still)]
    assert scores[0] == scores[1] != scores[2]
    assert {path.name for path in still.iterdir()} == FILES


def test_only_the_asked_part_is_analysed(video: Path, pack: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert cli.main(["screen", str(video), "--out", str(out), "--pack", str(pack), "--start", "2", "--end", "5"]) == 0
    result = result_json.read(out / "result.json")
    assert (result.video.start_s, result.video.end_s) == pytest.approx((2, 5), abs=0.05)
    assert result.scores.windows[0, 0] == pytest.approx(2, abs=1e-6)
    assert result.indicators.requested_s == pytest.approx(3, abs=0.05)


@pytest.mark.parametrize(
    "arguments",
    [
        ["screen"],
        ["screen", "a.mp4"],
        ["screen", "a.mp4", "--out", "x", "--region", "1,2,3"],
        ["screen", "a.mp4", "--out", "x", "--region", "0,0,0,5"],
        ["screen", "a.mp4", "--out", "x", "--region", "0,0,5,5", "--regions", "boxes.csv"],
        ["screen", "a.mp4", "--out", "x", "--start", "soon"],
        ["screen", "a.mp4", "--out", "x", "--start", "nan"],
        ["screen", "a.mp4", "--out", "x", "--lang", "xx"],
        ["pack"],
        ["sing"],
    ],
)
def test_wrong_words_are_one_line_and_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(arguments)
    assert stop.value.code == 2
    one_line(capsys)


def test_wrong_values_are_one_line_and_status_2(
    video: Path, pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    screen = ["screen", str(video), "--out", str(tmp_path / "out"), "--pack", str(pack)]
    for options in (
        ["--start", "4", "--end", "3"],
        ["--region", "5000,5000,10,10"],
        ["--regions", str(tmp_path / "none.csv")],
        ["--regions", str(video)],
        ["--profile", str(tmp_path / "none.json")],
        ["--profile", str(video)],
    ):
        assert cli.main(screen + options) == 2, options
        one_line(capsys)


@pytest.mark.parametrize("name", ["missing.mp4", "empty.mp4", "text.mp4", "folder.mp4"])
def test_what_is_no_video_is_one_line_and_status_3(
    name: str, pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("not a video at all\n" * 100)
    (tmp_path / "folder.mp4").mkdir()
    for command in (["screen", "--out", str(tmp_path / "out"), "--pack", str(pack)], ["info"]):
        assert cli.main([*command, str(tmp_path / name)]) == 3
        one_line(capsys)


def test_a_refused_pack_is_one_line_and_status_4(
    video: Path, pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (pack / "model.onnx").write_bytes((pack / "model.onnx").read_bytes() + b"\0")
    assert cli.main(["pack", "verify", str(pack)]) == 4
    one_line(capsys)
    assert cli.main(["screen", str(video), "--out", str(tmp_path / "out"), "--pack", str(pack)]) == 4
    one_line(capsys)
    assert cli.main(["pack", "verify", "no such pack"]) == 4
    one_line(capsys)


def test_each_broken_promise_of_a_pack_is_a_sentence_of_its_own_and_status_4(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = set()
    broken = BROKEN_PACKS | BROKEN_GRAPHS | BROKEN_MODELS
    for number, kind in enumerate(broken):
        path = broken[kind][1][0](Path(shutil.copytree(pack, tmp_path / str(number) / "pack")))
        assert cli.main(["pack", "verify", str(path), "--lang", "en"]) == 4, kind
        said.add(one_line(capsys).replace(path.name, "pack"))
    assert len(said) == len(broken)


def test_a_folder_that_cannot_be_written_is_told_before_the_work(
    video: Path, pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert cli.main(["screen", str(video), "--out", str(tmp_path / "file" / "x"), "--pack", str(pack)]) == 5
    assert "--out" in one_line(capsys)


def test_errors_speak_vietnamese_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["info", str(tmp_path / "a.mp4"), "--lang", "en"]) == 3
    english = one_line(capsys)
    assert cli.main(["info", str(tmp_path / "a.mp4"), "--lang", "vi"]) == 3
    assert one_line(capsys) != english


def test_info_is_the_decode_receipt_as_json(video: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["info", str(video)]) == 0
    receipt = json.loads(capsys.readouterr().out)
    assert receipt["frames_decoded"] == 180
    assert receipt["duration_s"] == pytest.approx(6, abs=0.05)
    assert receipt["errors"] == []


def test_packs_are_listed_and_verified(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["pack", "list"]) == 0
    assert "reference" in capsys.readouterr().out
    assert cli.main(["pack", "verify", str(pack)]) == 0
    assert "sha256" in capsys.readouterr().out


def test_without_a_window_the_application_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2
    one_line(capsys)


def test_the_window_is_let_in_by_whoever_has_one() -> None:
    asked = []

    def open_window(arguments: object, _: object) -> int:
        asked.append(arguments)
        return 7

    assert cli.main([], open_window=open_window) == 7
    assert cli.main(["demo", "--lang", "vi"], open_window=open_window) == 7
    assert [(a.demo, a.lang) for a in asked] == [(False, None), (True, "vi")]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise on Windows")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_with_130_and_writes_nothing(number: int, pack: Path, tmp_path: Path) -> None:
    video = make_video(tmp_path / "long.mp4", seconds=600, fps=10)
    out = tmp_path / "out"
    words = ["-m", "gui", "screen", str(video), "--out", str(out), "--pack", str(pack)]
    # Whoever runs the tests in the background ignores SIGINT, and children inherit that.
    heed = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, stderr=subprocess.PIPE, text=True, preexec_fn=heed
    ) as process:
        assert process.stderr is not None
        process.stderr.readline()  # the first line of progress: it is at work
        process.send_signal(number)
        _, rest = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in rest
    assert list(out.iterdir()) == []


def test_the_package_runs_as_a_module_and_ends_quietly_in_a_closed_pipe(video: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "gui", "info", str(video)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_the_summary_never_speaks_of_a_probability_of_autism(video: Path, pack: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert cli.main(["screen", str(video), "--out", str(out), "--pack", str(pack)]) == 0
    text = cli.summary(result_json.read(out / "result.json"), load("en"))
    assert "diagnosis" in text
    assert "probability" not in text


@pytest.mark.skipif(not MEDIA.is_dir(), reason="no real videos here: set VISCREEN_MEDIA")
@pytest.mark.parametrize("name", sorted(p.name for p in MEDIA.iterdir() if p.suffix != ".md") if MEDIA.is_dir() else [])
def test_every_real_video_gives_a_result_or_one_sentence(
    name: str, media: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the shipped pack: exit 0 with all four files, or exit 3 with one sentence."""
    out = tmp_path / "out"
    status = cli.main(["screen", str(media(name)), "--out", str(out), "--lang", "vi"])
    if status == 0:
        assert {path.name for path in out.iterdir()} == FILES
        assert result_json.read(out / "result.json").video.frames_decoded > 0
    else:
        assert (status, name) == (3, "empty.webm")
        one_line(capsys)


def test_progress_is_shown_on_stderr_and_never_on_stdout(
    video: Path, pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["screen", str(video), "--out", str(tmp_path / "o"), "--pack", str(pack), "--lang", "en"]) == 0
    printed = capsys.readouterr()
    assert "× real time" in printed.err
    assert "× real time" not in printed.out
