"""Measuring a pack: the figures of the pack as an analysis runs it, on the terminal and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from models import evaluate, export, train
from models.data import dataset
from models.evaluate import main
from models.train import Settings
from screening.errors import WrongUsage
from screening.pack import Pack
from screening.records import OutputSpec
from screening.scoring import Scorer, probabilities
from tests.models.conftest import ACROSS, TINY, UP_AND_DOWN, write_clip


@pytest.fixture(scope="module")
def pack(toy_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """A pack of a model that was trained a little."""
    folder = tmp_path_factory.mktemp("evaluate")
    train.train(toy_data, folder / "run", Settings(epochs=2, batch=16, validate_every=1), config=TINY)
    return export.export(folder / "run", folder / "pack", export.Statement())


def test_figures_are_those_of_the_pack_in_an_analysis(pack: Pack, toy_data: Path) -> None:
    # given six test clips; when the pack is measured on them
    found = evaluate.evaluate(pack, toy_data)

    # then the figures follow from what the scorer says about their windows
    frames, clip_of = dataset.load(toy_data, "test").windows(pack.info.input)
    probability = Scorer(pack).score(frames)
    truth = np.array([ACROSS] * 3 + [UP_AND_DOWN] * 3)
    assert (found.clips.n, found.windows.n) == (6, len(frames))
    assert found.windows.top1 == pytest.approx((probability.argmax(1) == truth[clip_of]).mean())
    by_clip = np.stack([probability[clip_of == i].mean(0) for i in range(6)])
    assert found.clips.top1 == pytest.approx((by_clip.argmax(1) == truth).mean())
    assert found.clips.top5 == 1.0, "with two trained labels the right one is always among five"
    assert found.clips.support == {ACROSS: 3, UP_AND_DOWN: 3}
    assert found.data == f"{toy_data.name}/test"


@pytest.mark.parametrize("kind", ["logits", "sigmoid"])
def test_temperature_can_be_undone(kind: Literal["logits", "sigmoid"]) -> None:
    # given answers of a model at temperature 1 and at 2.5
    raw = np.random.default_rng(0).uniform(0.01, 0.99, (20, 6)).astype(np.float32)
    plain, warm = (OutputSpec(kind, temperature, 0) for temperature in (1.0, 2.5))

    # then the second can be turned into the first
    undone = evaluate.without_temperature(probabilities(raw, warm), warm)
    np.testing.assert_allclose(undone, probabilities(raw, plain), atol=1e-5)


def test_the_command_prints_a_table_and_writes_json(pack: Pack, toy_data: Path, tmp_path: Path, capsys) -> None:
    # when the command runs
    out = tmp_path / "figures.json"
    assert main([str(pack.folder), str(toy_data), "--out", str(out), "--name", "toy clips"]) == 0

    # then the table names every figure, and the file holds them all
    table = capsys.readouterr().out
    for text in ("top-1", "top-5", "macro F1", "ECE", "ECE before temperature", "recall", "confusion", "Spinning"):
        assert text in table
    stored = json.loads(out.read_text())
    assert stored["data"] == "toy clips"
    assert sum(map(sum, stored["clips"]["confusion"])) == 6
    assert evaluate.read(out).clips.n == 6
    assert evaluate.read(out).as_dict()["windows"] == evaluate.evaluate(pack, toy_data).as_dict()["windows"]


def test_unreadable_clips_are_named(pack: Pack, tmp_path: Path, capsys) -> None:
    write_clip(tmp_path / "test" / "3_0.mp4", ACROSS, seed=1)
    (tmp_path / "test" / "8_0.mp4").write_bytes(b"")
    assert main([str(pack.folder), str(tmp_path)]) == 0
    assert "test/8_0.mp4" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["PACK", "nowhere"], 2, "no readable clip"),
        (["no-such-pack", "DATA"], 4, "no-such-pack"),
        (["PACK", "DATA", "--split", "absent"], 2, "no readable clip"),
        (["PACK", "DATA", "--out", "absent/figures.json"], 5, "cannot be written"),
    ],
)
def test_what_goes_wrong_is_one_line(
    pack, toy_data, monkeypatch, tmp_path, capsys, arguments, status, sentence
) -> None:
    monkeypatch.chdir(tmp_path)
    given = {"PACK": str(pack.folder), "DATA": str(toy_data)}
    assert main([given.get(argument, argument) for argument in arguments]) == status
    error = capsys.readouterr().err
    assert sentence in error
    assert "Traceback" not in error


@pytest.mark.parametrize("content", [None, "not JSON", "[]", '{"pack": "x"}'])
def test_a_file_without_figures_is_refused(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "figures.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(WrongUsage, match="figures"):
        evaluate.read(path)
