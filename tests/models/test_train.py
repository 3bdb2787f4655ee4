"""Training: it learns, it repeats, it survives being stopped, and it says what is wrong in one sentence."""

from __future__ import annotations

import csv
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keras
import numpy as np
import pytest
import torch

from models import train, vivit
from models.data import dataset
from models.train import Run, Settings, main
from models.training.run import precision
from screening.errors import WrongUsage
from tests.models.conftest import ACROSS, TINY, UP_AND_DOWN

QUICK = Settings(epochs=4, batch=16, validate_every=2)


def weights(run: Path | keras.Model) -> list[np.ndarray]:
    """All weights of a model or of a run's best model."""
    return (keras.saving.load_model(run / "best.keras") if isinstance(run, Path) else run).get_weights()


def same(first: list[np.ndarray], second: list[np.ndarray]) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_it_learns(toy_data: Path, tmp_path: Path) -> None:
    # given bars that move across on red and up and down on blue; when a tiny model sees some hundred of them
    settings = Settings(epochs=6, batch=32, lr=3e-3, keep=0.5, average=0.9, validate_every=3)
    run = train.train(toy_data, tmp_path / "run", settings, config=TINY)

    # then it tells them apart in clips that it has not seen
    assert run.best_f1 == 1.0
    assert run.history[-1]["loss"] < 0.7 * run.history[0]["loss"]


def test_a_run_folder_says_what_was_run(toy_data: Path, tmp_path: Path) -> None:
    # when a run ends
    train.train(toy_data, tmp_path, QUICK, config=TINY, command=["DATA", "--out", "RUN"])

    # then its settings, data, labels and figures are on disk
    run = json.loads((tmp_path / "run.json").read_text())
    assert run["settings"]["seed"] == 0
    assert run["config"] == TINY.as_dict()
    assert run["trained"] == [ACROSS, UP_AND_DOWN]
    assert run["clips"] == {"train": {"3": 8, "8": 8}, "valid": {"3": 2, "8": 2}}
    assert run["epochs_done"] == 4
    assert run["best_valid_macro_f1"] >= 0
    assert len(run["data"]) == 64
    rows = list(csv.DictReader((tmp_path / "metrics.csv").open()))
    assert [row["epoch"] for row in rows] == ["1", "2", "3", "4"]
    assert [bool(row["valid_macro_f1"]) for row in rows] == [False, True, False, True]
    with np.load(tmp_path / "validation.npz") as kept:
        assert kept["logits"].shape == (4, 43)
        assert kept["labels"].tolist() == [ACROSS, ACROSS, UP_AND_DOWN, UP_AND_DOWN]
    assert {"confusion.png", "curves.png", "tensorboard"} <= {path.name for path in tmp_path.iterdir()}
    assert not list(tmp_path.glob("*.part*"))


def test_labels_without_clips_get_probability_zero(toy_data: Path, tmp_path: Path) -> None:
    # given a model trained on labels 3 and 8 alone; when it answers
    train.train(toy_data, tmp_path, QUICK, config=TINY)
    model = keras.saving.load_model(tmp_path / "best.keras")
    logits = keras.ops.convert_to_numpy(model(np.random.default_rng(0).random((3, 32, 56, 56, 3), dtype=np.float32)))

    # then nothing is left for the other 41
    probability = np.exp(logits - logits.max(1, keepdims=True)).astype(np.float32)
    assert set(np.flatnonzero(probability.any(0))) == {ACROSS, UP_AND_DOWN}


EVERYTHING = Settings(
    epochs=4, batch=16, validate_every=1, schedule="plateau", plateau=1, patience=3, mixup=0.5, ordinary=2.0,
    keep=0.25, middle=0.25, finish=0.25, lr=3e-3,
)  # fmt: skip


@pytest.mark.parametrize("settings", [QUICK, EVERYTHING], ids=["plain", "everything"])
def test_a_stopped_run_resumes_to_the_same_result(
    toy_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    # given a run that went through, and one that was stopped in its third epoch
    whole = train.train(toy_data, tmp_path / "whole", settings, config=TINY)
    epoch = Run.train_epoch

    def stop_in_the_third(run: Run, pool: ThreadPoolExecutor) -> tuple[float, float]:
        if run.epoch == 2:
            raise KeyboardInterrupt
        return epoch(run, pool)

    monkeypatch.setattr(Run, "train_epoch", stop_in_the_third)
    with pytest.raises(KeyboardInterrupt):
        train.train(toy_data, tmp_path / "stopped", settings, config=TINY)
    monkeypatch.undo()

    # when it is resumed
    resumed = train.train(toy_data, tmp_path / "stopped", settings, config=TINY, resume=True)

    # then both are the same to the last bit
    assert same(weights(whole.model), weights(resumed.model))
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "stopped"))
    told = [[{**row, "seconds": 0.0} for row in run.history] for run in (whole, resumed)]
    assert told[0] == told[1]


def test_the_seed_decides_and_the_cores_do_not(toy_data: Path, tmp_path: Path) -> None:
    # given three runs, the second on another number of threads, the third with another seed
    splits = dataset.load(toy_data, "train"), dataset.load(toy_data, "valid")
    found = []
    for threads, seed in ((1, 5), (3, 5), (1, 6)):
        run = Run(tmp_path, TINY, Settings(epochs=1, batch=48, seed=seed), *splits)
        run.start()
        with ThreadPoolExecutor(threads) as pool:
            run.train_epoch(pool)
        found.append(weights(run.model))

    # then the first two agree, and the third does not
    assert same(found[0], found[1])
    assert not same(found[0], found[2])


def test_early_stopping_ends_a_run_that_no_longer_improves(toy_data: Path, tmp_path: Path) -> None:
    # given a run that cannot learn; when it may validate twice without getting better
    settings = Settings(epochs=9, batch=16, validate_every=1, lr=1e-12, patience=2)
    run = train.train(toy_data, tmp_path, settings, config=TINY)

    # then it ends after the third, and has nothing more to do when it is resumed
    assert run.epoch == 3
    resumed = train.train(toy_data, tmp_path, settings, config=TINY, resume=True)
    assert resumed.history == run.history


def test_labels_of_ones_own(toy_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a sheet of nine labels; when a run is made with it
    sheet = tmp_path / "mine.csv"
    sheet.write_text("id,vi,en,group,mirror\n" + "".join(f"{i},t{i},e{i},g,\n" for i in range(9)))
    monkeypatch.setattr(vivit, "ViViTConfig", lambda: TINY)
    given = [str(toy_data), "--out", str(tmp_path / "run"), "--epochs", "1", "--batch", "16", "--labels", str(sheet)]
    assert main(given) == 0

    # then its model has nine outputs, and the run knows them by name
    assert keras.saving.load_model(tmp_path / "run" / "best.keras").output_shape == (None, 9)
    run = json.loads((tmp_path / "run" / "run.json").read_text())
    assert [row["en"] for row in run["labels"]] == [f"e{i}" for i in range(9)]


def test_bfloat16_where_the_processor_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu, gpu = torch.device("cpu"), torch.device("cuda")
    assert precision(Settings(), cpu) == torch.bfloat16
    assert precision(Settings(float32=True), cpu) == torch.float32
    for real, expected in ((True, torch.bfloat16), (False, torch.float32)):
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True, real=real: real)
        assert precision(Settings(), gpu) == expected
        assert precision(Settings(float32=True), gpu) == torch.float32


def test_a_gpu_answers_a_whole_batch_of_the_same_clips(
    toy_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a step with every token that a processor makes, and one that counts as a GPU
    splits = dataset.load(toy_data, "train"), dataset.load(toy_data, "valid")
    run = Run(tmp_path, TINY, Settings(batch=32, keep=1.0, float32=True), *splits)
    run.start()
    with ThreadPoolExecutor(2) as pool:
        slices = run.shares(0, pool)
        monkeypatch.setattr("models.training.run.on_gpu", lambda _: True)
        (whole,) = run.shares(0, pool)

    # then two slices and one batch are the same step
    assert len(slices) == 2
    assert whole.loss == pytest.approx(sum(share.loss for share in slices), rel=1e-5)
    for together, *parts in zip(whole.gradients, *(share.gradients for share in slices), strict=True):
        torch.testing.assert_close(together, sum(parts), rtol=1e-3, atol=1e-6)


# ---------------------------------------------------------------------------------------------- what goes wrong


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    """The last line of stderr, after checking that there is no traceback."""
    error = capsys.readouterr().err
    assert "Traceback" not in error
    return error.strip().splitlines()[-1]


def test_without_clips(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), "--out", str(tmp_path / "run")]) == 2
    assert "There is no readable clip in" in one_line(capsys)
    assert not (tmp_path / "run").exists()


def test_nothing_to_resume(toy_data: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(vivit, "ViViTConfig", lambda: TINY)
    assert main([str(toy_data), "--out", str(tmp_path), "--resume"]) == 2
    assert "no run to resume" in one_line(capsys)


def test_resuming_with_other_settings(toy_data: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(vivit, "ViViTConfig", lambda: TINY)
    quick = [str(toy_data), "--out", str(tmp_path), "--epochs", "1", "--batch", "16"]
    assert main(quick) == 0
    assert main([*quick, "--resume", "--lr", "0.1"]) == 2
    assert "other data or settings" in one_line(capsys)


def test_a_folder_that_cannot_be_written(toy_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    assert main([str(toy_data), "--out", str(tmp_path / "file" / "run")]) == 5
    assert "cannot be written" in one_line(capsys)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a,b\n1,2\n", "is no sheet of labels"),
        ("id,vi,en,group\n1,a,b,c\n", "must number its labels from 0"),
        ("id,vi,en,group,mirror\n0,a,b,c,\n1,l,l,g,2\n2,r,r,g,\n", "do not name each other"),
    ],
)
def test_a_sheet_of_labels_that_is_none(toy_data: Path, tmp_path: Path, capsys, text: str, reason: str) -> None:
    (tmp_path / "labels.csv").write_text(text)
    assert main([str(toy_data), "--out", str(tmp_path / "run"), "--labels", str(tmp_path / "labels.csv")]) == 2
    assert reason in one_line(capsys)


@pytest.mark.parametrize("wrong", [["--batch", "10"], ["--epochs", "0"], ["--keep", "1.5"], ["--lr", "fast"], []])
def test_wrong_usage(toy_data: Path, tmp_path: Path, wrong: list[str]) -> None:
    out = ["--out", str(tmp_path)] if wrong else []
    with pytest.raises(SystemExit) as stopped:
        main([str(toy_data), *out, *wrong])
    assert stopped.value.code == 2


def test_data_that_leaks_is_not_trained_on(toy_data: Path, tmp_path: Path) -> None:
    # given a clip that is in train and in test
    data = tmp_path / "data"
    shutil.copytree(toy_data, data, ignore=shutil.ignore_patterns(".cache"))
    shutil.copy(data / "train" / "3_0000.mp4", data / "test" / "3_77.mp4")

    # when training is asked for, then it says which, and nothing was begun
    with pytest.raises(WrongUsage, match=r"3_0000.mp4.*3_77.mp4"):
        train.train(data, tmp_path / "run", QUICK, config=TINY)
    assert not (tmp_path / "run").exists()
