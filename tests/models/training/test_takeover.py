"""Starting from another model: what both know comes along to the last bit, what is new starts afresh."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
import torch

from models import export, train, vivit
from models.data import dataset
from models.forward import FastViViT
from models.train import Run, main
from models.training import takeover
from models.training.settings import Settings
from screening.errors import WrongUsage
from tests.models.conftest import ACROSS, TINY, UP_AND_DOWN

ONE = Settings(epochs=1, batch=16, validate_every=1)
ROWS = dataset.labels()


@pytest.fixture(scope="module")
def run(toy_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on labels 3 and 8, and its pack."""
    folder = tmp_path_factory.mktemp("takeover")
    train.train(toy_data, folder / "run", ONE, config=TINY)
    export.export(folder / "run", folder / "pack", export.Statement())
    return folder


def head(model: keras.Model) -> tuple[np.ndarray, np.ndarray]:
    return tuple(model.get_layer("behaviours").get_weights())


def logits(model: keras.Model, config: vivit.ViViTConfig) -> np.ndarray:
    shape = (3, config.frames, config.size, config.size, 3)
    clips = torch.from_numpy(np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8))
    with torch.no_grad():
        return FastViViT(model, config, torch.float32)(clips).numpy()


@pytest.mark.parametrize("given", ["pack", "run/best.keras"])
def test_a_model_answers_as_the_one_it_started_from(run: Path, given: str) -> None:
    # given a trained model; when a new one starts from its pack or its file
    old, new = keras.saving.load_model(run / "run" / "best.keras"), vivit.build(TINY)
    taken = takeover.take_over(new, takeover.read(str(run / given)), ROWS, given)

    # then both answer alike about the labels that were trained, and no other row of the head came along
    assert taken == [ACROSS, UP_AND_DOWN]
    np.testing.assert_allclose(logits(new, TINY)[:, taken], logits(old, TINY)[:, taken], atol=1e-5)
    assert (head(new)[1][[i for i in range(43) if i not in taken]] == 0).all()


def test_the_graph_is_read_back_exactly() -> None:
    # given a model of another size with weights of every kind; when its graph is read back
    config = vivit.ViViTConfig(frames=8, size=16, tubelet=4, width=12, depth=2, heads=3, mlp=20, outputs=5)
    model = vivit.build(config)
    rng = np.random.default_rng(3)
    model.set_weights([w + rng.normal(0, 0.1, w.shape) for w in model.get_weights()])
    arrays = takeover.read_graph(export.onnx_model(model, config))

    # then it is the same function
    again = vivit.build(config)
    for name, weights in arrays.items():
        again.get_layer(name).set_weights(weights)
    np.testing.assert_allclose(logits(again, config), logits(model, config), atol=1e-5)


def test_labels_are_known_by_name_and_new_ones_start_afresh(run: Path) -> None:
    # given a set of three labels, of which the pack knows the last one under another number
    rows = [replace(ROWS[0], en="Skipping"), replace(ROWS[20], id=1), replace(ROWS[ACROSS], id=2, group="mine")]
    config = replace(TINY, outputs=3)
    new, fresh = vivit.build(config), None
    fresh = head(new)
    old = head(keras.saving.load_model(run / "run" / "best.keras"))

    # when a model of them starts from the pack
    taken = takeover.take_over(new, takeover.read(str(run / "pack")), rows, "pack")

    # then that label brings its row, the others keep their fresh ones
    assert taken == [2]
    np.testing.assert_array_equal(head(new)[0][:, 2], old[0][:, ACROSS])
    np.testing.assert_array_equal(head(new)[0][:, :2], fresh[0][:, :2])


def test_a_run_goes_on_from_a_pack(run: Path, toy_data: Path, tmp_path: Path) -> None:
    # given a pack that never had a clip of label 5; when a run with clips of it, and none of 8, starts there
    splits = [dataset.load(toy_data, name) for name in ("train", "valid")]
    relabelled = [replace(s, labels=np.where(s.labels == UP_AND_DOWN, 5, s.labels)) for s in splits]
    started = Run(tmp_path, TINY, ONE, *relabelled)
    taken = started.start_from(str(run / "pack"))

    # then 5 is heard, 8 is silent, and the averaged weights are the same
    bias = head(started.model)[1]
    assert ACROSS in taken
    assert bias[5] == 0
    assert bias[UP_AND_DOWN] == takeover.SILENT
    np.testing.assert_array_equal(head(started.averaged)[0], head(started.model)[0])


def test_run_json_tells_where_it_came_from(run: Path, toy_data: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(vivit, "ViViTConfig", lambda: TINY)
    given = [str(toy_data), "--out", str(tmp_path), "--epochs", "1", "--batch", "16", "--init", str(run / "pack")]
    assert main(given) == 0
    described = json.loads((tmp_path / "run.json").read_text())
    assert described["origin"] == {"init": "pack", "labels_taken_over": [ACROSS, UP_AND_DOWN]}


def test_a_bgr_pack_of_another_range_is_turned_round(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given the same pack, said to see BGR from -1 to 1
    plain = takeover.read(str(run / "pack"))
    find = takeover.packs.read

    def other(path: Path):
        pack = find(path)
        clip = replace(pack.info.input, colour="BGR", value_range=(-1.0, 1.0))
        return replace(pack, info=replace(pack.info, input=clip))

    monkeypatch.setattr(takeover.packs, "read", other)
    turned = takeover.read(str(run / "pack"))

    # when both see the same tubelet, each as it wants it; then they find the same
    cube = np.random.default_rng(0).random((8, 8, 8, 3), dtype=np.float32)
    (kernel, bias), (turned_kernel, turned_bias) = plain.arrays["tubelets"], turned.arrays["tubelets"]
    wanted = np.tensordot(cube[..., ::-1] * 2 - 1, kernel, 4) + bias
    np.testing.assert_allclose(np.tensordot(cube, turned_kernel, 4) + turned_bias, wanted, atol=1e-4)


# ---------------------------------------------------------------------------------------------- what goes wrong


def test_a_model_of_another_size(run: Path) -> None:
    wider = vivit.build(replace(TINY, depth=2))
    with pytest.raises(WrongUsage, match="built differently"):
        takeover.take_over(wider, takeover.read(str(run / "pack")), ROWS, "pack")


def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "x.keras").write_text("nothing")
    with pytest.raises(WrongUsage, match="does not hold a model of this lab"):
        takeover.read(str(tmp_path / "x.keras"))
    with pytest.raises(WrongUsage):
        takeover.read(str(tmp_path / "none.keras"))


def test_a_calculation_that_the_lab_does_not_make(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a lab whose graphs have another constant in their norms than the pack's
    monkeypatch.setattr("models.packing.graph.EPSILON", 0.1)
    with pytest.raises(WrongUsage, match="was not built by this lab"):
        takeover.read(str(run / "pack"))
