"""From a seed to a report: every command of the lab, one after the other, with next to no training."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from models import evaluate, export, inventory, sessions, train
from models.simulator import __main__ as simulator
from models.simulator.session import write_session
from screening import cli


def test_from_a_seed_to_a_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # given simulated clips of three labels, looked through
    data, run, pack, videos, out = (tmp_path / name for name in ("data", "run", "pack", "videos", "out"))
    assert simulator.main([str(data), "--clips-per-label", "2", "--labels", "0,1,3", "--seed", "5"]) == 0
    assert inventory.main([str(data)]) == 0

    # when the real model is trained for a few steps, exported, measured, and exported with its figures
    few = ["--epochs", "2", "--batch", "16", "--validate-every", "1", "--keep", "0.25", "--finish", "0"]
    assert train.main([str(data), "--out", str(run), *few]) == 0
    assert export.main([str(run), "--out", str(pack), "--ages", "2-8"]) == 0
    figures, picture = tmp_path / "figures.json", tmp_path / "confusion.png"
    assert evaluate.main([str(pack), str(data), "--out", str(figures), "--picture", str(picture)]) == 0
    videos.mkdir()
    write_session(videos / "session.mp4", 3, 12.0)
    assert sessions.main([str(pack), str(videos), "--out", str(tmp_path / "sessions.json")]) == 0
    measured = ["--metrics", str(figures), "--sessions", str(tmp_path / "sessions.json")]
    assert export.main([str(run), "--out", str(pack), "--ages", "2-8", *measured]) == 0

    # then the program takes the pack at its word and screens a video with it
    capsys.readouterr()
    assert cli.main(["pack", "verify", str(pack)]) == 0
    assert cli.main(["screen", str(videos / "session.mp4"), "--pack", str(pack), "--out", str(out)]) == 0
    assert {path.name for path in out.iterdir()} == {"report.pdf", "result.json", "scores.csv", "episodes.csv"}
    with (out / "scores.csv").open(encoding="utf-8", newline="") as stream:
        row = next(csv.DictReader(stream))
    assert all(row[f"label_{label}"] for label in (0, 1, 3)), "the labels with clips are scored"
    assert not row["label_2"], "a label without clips is not"

    # and all that was found out on the way is in the card and in the run's folder
    card = (pack / "CARD.md").read_text(encoding="utf-8")
    assert "This pack has never seen a real child." in card
    assert "Episodes in long videos" in card
    assert f"{json.loads(figures.read_text())['clips']['n']} clips" in card
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert {"best.keras", "data.txt", "curves.png", "confusion.png", "metrics.csv", "run.json", "tensorboard"} <= {
        path.name for path in run.iterdir()
    }
