"""Training: it learns, it repeats, it survives being stopped, and it says what is wrong in one sentence."""

from __future__ import annotations

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keras
import numpy as np
import pytest

from models import dataset, train, vivit
from models.train import Run, Settings, main
from tests.models.conftest import ACROSS, TINY, UP_AND_DOWN, write_clip

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
    assert not list(tmp_path.glob("*.part*"))


def test_labels_without_clips_get_probability_zero(toy_data: Path, tmp_path: Path) -> None:
    # given a model trained on labels 3 and 8 alone; when it answers
    train.train(toy_data, tmp_path, QUICK, config=TINY)
    model = keras.saving.load_model(tmp_path / "best.keras")
    logits = keras.ops.convert_to_numpy(model(np.random.default_rng(0).random((3, 32, 56, 56, 3), dtype=np.float32)))

    # then nothing is left for the other 41
    probability = np.exp(logits - logits.max(1, keepdims=True)).astype(np.float32)
    assert set(np.flatnonzero(probability.any(0))) == {ACROSS, UP_AND_DOWN}


def test_a_stopped_run_resumes_to_the_same_result(
    toy_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a run that went through, and one that was stopped in its third epoch
    whole = train.train(toy_data, tmp_path / "whole", QUICK, config=TINY)
    epoch = Run.train_epoch

    def stop_in_the_third(run: Run, pool: ThreadPoolExecutor) -> tuple[float, float]:
        if run.epoch == 2:
            raise KeyboardInterrupt
        return epoch(run, pool)

    monkeypatch.setattr(Run, "train_epoch", stop_in_the_third)
    with pytest.raises(KeyboardInterrupt):
        train.train(toy_data, tmp_path / "stopped", QUICK, config=TINY)
    monkeypatch.undo()

    # when it is resumed
    resumed = train.train(toy_data, tmp_path / "stopped", QUICK, config=TINY, resume=True)

    # then both are the same to the last bit
    assert same(weights(whole.model), weights(resumed.model))
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "stopped"))
    assert [row["loss"] for row in whole.history] == [row["loss"] for row in resumed.history]


def test_the_seed_decides_and_the_cores_do_not(toy_data: Path, tmp_path: Path) -> None:
    # given three runs, the second on another number of threads, the third with another seed
    splits = dataset.load(toy_data, "train"), dataset.load(toy_data, "valid")
    found = []
    for threads, seed in ((1, 5), (3, 5), (1, 6)):
        run = Run(tmp_path, TINY, Settings(epochs=1, batch=48, seed=seed), *splits)
        with ThreadPoolExecutor(threads) as pool:
            run.train_epoch(pool)
        found.append(weights(run.model))

    # then the first two agree, and the third does not
    assert same(found[0], found[1])
    assert not same(found[0], found[2])


def test_it_goes_on_from_other_weights(toy_data: Path, tmp_path: Path) -> None:
    # given a model whose head likes label 3 and label 20
    other = vivit.build(TINY)
    kernel, bias = other.get_layer("behaviours").get_weights()
    bias[[ACROSS, 20]] = 5.0
    other.get_layer("behaviours").set_weights([kernel, bias])
    other.save(tmp_path / "other.keras")

    # when a run starts from it on data without label 20
    splits = dataset.load(toy_data, "train"), dataset.load(toy_data, "valid")
    run = Run(tmp_path, TINY, QUICK, *splits)
    run.start_from(tmp_path / "other.keras")

    # then it has those weights, but is silent about label 20
    np.testing.assert_array_equal(run.model.get_layer("tubelets").get_weights()[0], other.get_weights()[0])
    started = run.model.get_layer("behaviours").get_weights()[1]
    assert started[ACROSS] == 5.0
    assert started[20] == train.SILENT


def test_the_learning_rate_rises_and_falls() -> None:
    settings = Settings(lr=1.0, warmup=0.1)
    rates = [train.learning_rate(step, 200, settings) for step in range(200)]
    assert np.argmax(rates) in (19, 20)
    assert max(rates) == pytest.approx(1.0)
    assert (np.diff(rates[:20]) > 0).all()
    assert (np.diff(rates[20:]) < 0).all()
    assert rates[-1] < 0.02


def test_every_label_is_drawn_as_often(toy_data: Path, tmp_path: Path) -> None:
    # given eight clips of label 3 and one of label 8
    for i in range(8):
        write_clip(tmp_path / "train" / f"3_{i}.mp4", ACROSS, seed=i)
    write_clip(tmp_path / "train" / "8_0.mp4", UP_AND_DOWN, seed=9)
    split = dataset.load(tmp_path, "train")

    # when 300 views are drawn, then about half are of label 8
    _, drawn = train.draw(split, [ACROSS, UP_AND_DOWN], np.random.default_rng(0), 300)
    assert 110 < int((drawn == 1).sum()) < 190


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


@pytest.mark.parametrize("wrong", [["--batch", "10"], ["--epochs", "0"], ["--keep", "1.5"], ["--lr", "fast"], []])
def test_wrong_usage(toy_data: Path, tmp_path: Path, wrong: list[str]) -> None:
    out = ["--out", str(tmp_path)] if wrong else []
    with pytest.raises(SystemExit) as stopped:
        main([str(toy_data), *out, *wrong])
    assert stopped.value.code == 2
