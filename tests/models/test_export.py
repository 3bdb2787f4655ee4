"""From a run to a pack: the same answers in another format, every label accounted for, a card that tells the truth."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import keras
import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch

from models import evaluate, export, sessions, train, vivit
from models.export import main
from models.measuring import metrics
from models.packing import graph
from models.train import Settings
from models.vivit import ViViTConfig
from screening import pack as packs
from screening.scoring import Scorer
from tests.models.conftest import ACROSS, TINY, UP_AND_DOWN, write_clip

SENTENCE = "This pack has never seen a real child."


@pytest.fixture(scope="module")
def run(toy_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that was trained a little."""
    folder = tmp_path_factory.mktemp("export") / "run"
    settings = Settings(epochs=2, batch=16, validate_every=1, seed=11)
    train.train(toy_data, folder, settings, config=TINY, command=["DATA", "--out", "RUN", "--seed", "11"])
    return folder


# ---------------------------------------------------------------------------------------------- the graph


@pytest.mark.parametrize(
    "config", [ViViTConfig(depth=2), ViViTConfig(frames=8, size=16, width=12, depth=3, heads=3, mlp=20, outputs=5)]
)
def test_onnx_is_keras_at_any_batch_size(config: ViViTConfig) -> None:
    # given a model with weights of every size
    model = vivit.build(config)
    rng = np.random.default_rng(3)
    model.set_weights([w + rng.normal(0, 0.05, w.shape) for w in model.get_weights()])

    # when it becomes ONNX
    session = ort.InferenceSession(graph.build(graph.of_keras(model, config)), providers=["CPUExecutionProvider"])

    # then both answer alike to random clips, whatever the batch
    for batch in (1, 2, 5):
        clips = rng.random((batch, config.frames, config.size, config.size, 3), dtype=np.float32)
        with torch.no_grad():
            expected = keras.ops.convert_to_numpy(model(clips))
        (answer,) = session.run(None, {"clip": clips})
        np.testing.assert_allclose(answer, expected, rtol=0, atol=1e-5 * max(1.0, np.abs(expected).max()))


def test_the_graph_is_plain() -> None:
    # given the graph of a model
    content = graph.build(graph.of_keras(vivit.build(TINY), TINY))
    operators = {node.op_type for node in onnx.load_from_string(content).graph.node}

    # then it holds no convolution and no einsum, one Attention for each layer, and is the same every time
    assert operators == {
        *("Reshape", "Transpose", "MatMul", "Add", "Gemm"),
        *("LayerNormalization", "Split", "Attention", "Gelu", "ReduceMean"),
    }
    model = vivit.build(TINY)
    assert graph.build(graph.of_keras(model, TINY)) == graph.build(graph.of_keras(model, TINY))


def test_a_graph_that_differs_is_not_exported(monkeypatch: pytest.MonkeyPatch) -> None:
    # given a graph with another constant in its layer normalisation
    monkeypatch.setattr(graph, "EPSILON", 0.1)
    with pytest.raises(AssertionError, match="differs from Keras"):
        export.onnx_model(vivit.build(TINY), TINY)


# ---------------------------------------------------------------------------------------------- the pack


def test_the_pack_promises_what_the_run_did(run: Path, tmp_path: Path) -> None:
    # when a run is exported
    assert main([str(run), "--out", str(tmp_path / "pack"), "--simulated", "--ages", "2-8"]) == 0
    info = packs.read(tmp_path / "pack").info

    # then the pack has all 43 behaviours, and says which of them had clips
    assert [label.id for label in info.labels] == list(range(43))
    assert [label.id for label in info.labels if label.trained] == [ACROSS, UP_AND_DOWN]
    assert info.labels[1].names == {"vi": "Vỗ tay", "en": "Clapping"}
    assert info.label_set == "viscreen-43"
    assert info.output.other_id == 0
    assert info.simulated_only
    assert SENTENCE in info.training_data
    assert info.age_range == (2, 8)
    assert info.performance == ()
    low, high = metrics.THRESHOLD_BOUNDS
    assert all(low <= label.threshold <= high for label in info.labels)
    assert all(label.threshold == 0.5 for label in info.labels if not label.trained)
    assert (info.input.fps, info.input.stride, info.input.colour, info.input.resize) == (15, 8, "RGB", "stretch")


def test_the_pack_answers_as_the_calibrated_model(run: Path, tmp_path: Path) -> None:
    # given the run's best model; when its pack scores clips
    pack = export.export(run, tmp_path / "pack", export.Statement())
    clips = np.random.default_rng(0).integers(0, 256, (3, 32, 56, 56, 3), dtype=np.uint8)
    scored = Scorer(pack).score(clips)

    # then it gives the softmax at its temperature, and exactly nothing to labels without clips
    with torch.no_grad():
        logits = keras.ops.convert_to_numpy(keras.saving.load_model(run / "best.keras")(clips.astype(np.float32) / 255))
    np.testing.assert_allclose(scored, metrics.softmax(logits, pack.info.output.temperature), atol=1e-5)
    assert set(np.flatnonzero(scored.any(0))) == {ACROSS, UP_AND_DOWN}


def test_temperature_comes_from_the_validation(run: Path, tmp_path: Path) -> None:
    # given a run whose validation logits are far too bold
    bold = shutil.copytree(run, tmp_path / "bold")
    truth = np.array([ACROSS, UP_AND_DOWN] * 50)
    logits = np.full((100, 43), train.SILENT, np.float32)
    logits[:, [ACROSS, UP_AND_DOWN]] = -4
    said = np.where(np.arange(100) < 80, truth, ACROSS + UP_AND_DOWN - truth)
    logits[np.arange(100), said] = 4
    np.savez(bold / "validation.npz", logits=logits, labels=truth)

    # when it is exported, then the temperature turns odds of 8 into the odds of being right, 80 to 20
    pack = export.export(bold, tmp_path / "pack", export.Statement())
    assert pack.info.output.temperature == pytest.approx(min(5, 8 / np.log(4)), abs=1e-3)


def test_the_conventions_are_options(run: Path, tmp_path: Path) -> None:
    # when a run is exported for another order of colours, rate, values, resizing and padding
    conventions = ["--colour=BGR", "--fps=25", "--range=-1,1", "--resize=letterbox", "--pad=repeat", "--stride=16"]
    assert main([str(run), "--out", str(tmp_path / "pack"), *conventions]) == 0

    # then the pack says so, and is scored by them
    pack = packs.read(tmp_path / "pack")
    spec = pack.info.input
    assert (spec.colour, spec.fps, spec.value_range, spec.resize, spec.pad, spec.stride) == (
        "BGR", 25, (-1, 1), "letterbox", "repeat", 16,
    )  # fmt: skip
    seen = pack.golden.frames[..., ::-1] / np.float32(127.5) - 1
    with torch.no_grad():
        logits = keras.ops.convert_to_numpy(keras.saving.load_model(run / "best.keras")(seen))
    expected = metrics.softmax(logits, pack.info.output.temperature)
    np.testing.assert_allclose(Scorer(pack).score(pack.golden.frames), expected, atol=1e-5)


def test_golden_clips_make_the_model_speak(run: Path, tmp_path: Path) -> None:
    pack = export.export(run, tmp_path / "pack", export.Statement())
    assert pack.golden.frames.shape == (2, 32, 56, 56, 3)
    assert not np.allclose(pack.golden.probabilities[0], pack.golden.probabilities[1], atol=1e-6)


def test_the_card_tells_what_must_be_told(run: Path, toy_data: Path, tmp_path: Path) -> None:
    # given a pack that was measured and exported again with the figures, as the README says
    pack, figures, line = tmp_path / "pack", tmp_path / "figures.json", "python -m models.simulator DATA --seed 11"
    plain = [str(run), "--out", str(pack), "--simulated"]
    assert main(plain) == 0
    assert "None supplied." in (pack / "CARD.md").read_text()
    assert evaluate.main([str(pack), str(toy_data), "--out", str(figures), "--name", "toy clips"]) == 0
    assert main([*plain, "--metrics", str(figures), "--made-with", line]) == 0

    # then card and manifest carry the figures, the sentence, the limits, and how to do it again
    card, info, found = (pack / "CARD.md").read_text(), packs.read(pack).info, evaluate.read(figures)
    for text in (
        SENTENCE, "not a diagnosis", "GPL-3.0-or-later", "toy clips", "## Limits", "not “not observed”", line,
        "python -m models.train DATA --out RUN --seed 11", "Seed 11",
        f"| top-1 | {found.clips.top1:.3f} (", f"| macro F1 | {found.clips.macro_f1:.3f} (", "ECE before temperature",
        f"| 3 | Spinning | {found.clips.support[3]} |",
    ):  # fmt: skip
        assert text in card, text
    behaviours = [label for label in info.labels if label.id != info.output.other_id]
    assert f"{sum(label.trained for label in behaviours)} of {len(behaviours)} behaviours trained" in card
    stated = {figure.metric: figure for figure in info.performance}
    assert stated["top-1, clips"].value == pytest.approx(found.clips.top1, abs=1e-4)
    assert stated["ECE, windows"].n == found.windows.n
    assert {figure.dataset for figure in info.performance} == {"toy clips"}


def test_what_was_measured_elsewhere_is_in_the_card_too(run: Path, toy_data: Path, tmp_path: Path) -> None:
    # given figures on test clips and on others, on long videos with and without truth, and a note
    pack, videos = tmp_path / "pack", tmp_path / "videos"
    assert main([str(run), "--out", str(pack)]) == 0
    for name, split in (("here", "test"), ("another clinic", "valid")):
        options = ["--split", split, "--out", str(tmp_path / f"{name}.json"), "--name", name]
        assert evaluate.main([str(pack), str(toy_data), *options]) == 0
    for name in ("known", "street"):
        write_clip(videos / f"{name}.mp4", ACROSS, seed=8, seconds=6.0)
    (videos / "known.csv").write_text("label_id,start_s,end_s\n3,0,6\n")
    assert sessions.main([str(pack), str(videos), "--out", str(tmp_path / "long.json")]) == 0
    (tmp_path / "notes.md").write_text("### Few clips\n\nNobody tried.\n")

    # when the pack is exported with all of them
    figures = ["--metrics", str(tmp_path / "here.json"), "--metrics", str(tmp_path / "another clinic.json")]
    more = ["--sessions", str(tmp_path / "long.json"), "--notes", str(tmp_path / "notes.md")]
    assert main([str(run), "--out", str(pack), *figures, *more]) == 0

    # then the card tells each, and the manifest only the first
    card = (pack / "CARD.md").read_text()
    for text in ("On other data: another clinic", "Episodes in long videos", "| street.mp4 | 6 |", "Nobody tried."):
        assert text in card, text
    assert {figure.dataset for figure in packs.read(pack).info.performance} == {"here"}

    # and figures of another model are refused
    other = json.loads((tmp_path / "long.json").read_text()) | {"model_sha256": "0" * 64}
    (tmp_path / "other.json").write_text(json.dumps(other))
    assert main([str(run), "--out", str(pack), "--sessions", str(tmp_path / "other.json")]) == 2


def test_a_pack_of_real_clips_says_so(run: Path, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    assert main([str(run), "--out", str(pack), "--training-data", "40 consented home videos"]) == 0
    info = packs.read(pack).info
    assert info.training_data == "40 consented home videos"
    assert not info.simulated_only
    assert SENTENCE not in (pack / "CARD.md").read_text()


def test_a_run_on_rendered_clips_says_so_by_itself(run: Path, tmp_path: Path) -> None:
    for simulated, said in ((True, SENTENCE), (False, export.NOT_STATED)):
        folder = tmp_path / f"run {simulated}"
        shutil.copytree(run, folder)
        told = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        (folder / "run.json").write_text(json.dumps({**told, "simulated": simulated}), encoding="utf-8")
        assert main([str(folder), "--out", str(tmp_path / f"pack {simulated}")]) == 0
        info = packs.read(tmp_path / f"pack {simulated}").info
        assert (info.simulated_only, said in info.training_data) == (simulated, True)


# ---------------------------------------------------------------------------------------------- what goes wrong


def test_figures_of_another_model_are_refused(run: Path, toy_data: Path, tmp_path: Path, capsys) -> None:
    # given figures whose model is not this run's
    pack = export.export(run, tmp_path / "pack", export.Statement())
    stored = evaluate.evaluate(pack, toy_data).as_dict()
    (tmp_path / "figures.json").write_text(json.dumps({**stored, "model_sha256": "0" * 64}))

    # when they are put into the pack
    status = main([str(run), "--out", str(tmp_path / "p"), "--simulated", "--metrics", str(tmp_path / "figures.json")])

    # then nothing is written
    assert status == 2
    assert "another model" in capsys.readouterr().err
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize("damage", ["run.json", "best.keras", "validation.npz", None])
def test_a_folder_without_a_whole_run_is_refused(run: Path, tmp_path: Path, capsys, damage: str | None) -> None:
    folder = tmp_path / "run"
    if damage:
        shutil.copytree(run, folder)
        (folder / damage).write_bytes(b"broken")
    assert main([str(folder), "--out", str(tmp_path / "pack"), "--simulated"]) == 2
    error = capsys.readouterr().err
    assert "does not hold a finished training run" in error
    assert len(error.strip().splitlines()) == 1


@pytest.mark.parametrize("wrong", [["--simulated", "--training-data", "x"], ["--simulated", "--ages", "young"]])
def test_wrong_usage(run: Path, tmp_path: Path, wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([str(run), "--out", str(tmp_path / "pack"), *wrong])
    assert stopped.value.code == 2
