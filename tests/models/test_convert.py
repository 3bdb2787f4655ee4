"""From someone's Keras file to a pack: the same answers, nothing in it is run, and a sentence for what is none."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import onnxruntime as ort
import pytest
import torch
from keras import layers, ops

from models import vivit
from models.convert import main
from models.data import dataset
from models.packing import graph, recognise, weights
from models.packing.recognise import Given
from models.vivit import ViViTConfig
from screening import cli
from screening import pack as packs
from screening.scoring import Scorer
from tests.models.conftest import ACROSS, UP_AND_DOWN
from tests.models.keras_family import Family, build

SMALL = Family()
MODELS = {
    "as the public example": SMALL,
    "GELU once, flat, 43": Family(twice=False, nested=False, outputs=43, activation="sigmoid", dropout=0.0),
    "registered, twelve blocks": Family(registered=True, depth=12, width=8, heads=2, outputs=5, activation=None),
    "flat and deep, as wide as its answer": Family(nested=False, depth=6, width=11, heads=1, key_dim=11),
    "other head size, rest cut off": Family(clip=(9, 20, 28), tubelet=(2, 8, 4), key_dim=7, epsilon=1e-3),
    "two epsilons": Family(epsilon=1e-2, last_epsilon=0.3),
}


def answer(model: keras.Model, clips: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        return np.asarray(keras.ops.convert_to_numpy(model(clips, training=False)))


def agrees(path: Path, model: keras.Model, clip: tuple[int, int, int], given: Given) -> None:
    """Whether what is converted from `path` answers as `model` does to random clips, for two batch sizes."""
    found = graph.build(recognise.recognise(weights.read(path), given))
    session = ort.InferenceSession(found, providers=["CPUExecutionProvider"])
    for batch in (1, 3):
        clips = np.random.default_rng(batch).random((batch, *clip, 3), dtype=np.float32)
        expected = answer(model, clips)
        (said,) = session.run(None, {"clip": clips})
        np.testing.assert_allclose(said, expected, rtol=0, atol=1e-5 * max(1.0, np.abs(expected).max()))
        assert np.ptp(expected, axis=1).min() > 1e-3  # the model does say something


def told(f: Family) -> Given:
    """What has to be said about a file of weights alone."""
    activation: Any = f.activation or "logits"
    return Given(f.clip[0], f.clip[1:], f.epsilon, "twice" if f.twice else "once", "exact", activation)


def label_table(path: Path, count: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "vi", "en", "group"])
        writer.writerows([i, f"hành vi {i}", f"behaviour {i}", f"group {i % 3}"] for i in range(count))
    return path


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return label_table(tmp_path / "labels.csv", 11)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved model of the family; tests copy it before they break it."""
    path = tmp_path_factory.mktemp("family") / "small.keras"
    build(SMALL).save(path)
    return path


# ---------------------------------------------------------------------------------------------- the same answers


@pytest.mark.parametrize("family", MODELS.values(), ids=MODELS)
def test_converted_and_original_agree(family: Family, tmp_path: Path) -> None:
    # given a model of the family, saved whole after a step of training, and its weights alone
    model = build(family)
    model.compile("adam", "mse")
    model.train_on_batch(np.zeros((1, *family.clip, 3), np.float32), np.zeros((1, family.outputs), np.float32))
    model.save(tmp_path / "m.keras")
    model.save_weights(tmp_path / "m.weights.h5")

    # then both files become graphs that answer as the model does
    agrees(tmp_path / "m.keras", model, family.clip, Given())
    one_epsilon = replace(family, last_epsilon=family.epsilon)  # as much as can be said about weights alone
    same = build(one_epsilon)
    same.load_weights(tmp_path / "m.weights.h5")
    agrees(tmp_path / "m.weights.h5", same, family.clip, told(one_epsilon))


@pytest.mark.parametrize("name", ["m.keras", "m.weights.h5"])
def test_the_lab_s_own_models_convert_too(name: str, tmp_path: Path) -> None:
    config = ViViTConfig(frames=8, size=16, width=12, depth=11, heads=3, mlp=20, outputs=5)
    model = vivit.build(config)
    rng = np.random.default_rng(1)
    model.set_weights([w + rng.normal(0, 0.05, w.shape) for w in model.get_weights()])
    (model.save if name == "m.keras" else model.save_weights)(tmp_path / name)
    given = Given() if name == "m.keras" else Given(8, (16, 16), vivit.EPSILON, "once", "exact", "logits")
    agrees(tmp_path / name, model, (8, 16, 16), given)


def test_the_other_formula_of_gelu(tmp_path: Path) -> None:
    # given a model with keras.ops.gelu, which Keras saves under the same word and reads back as the exact formula
    model = build(replace(SMALL, gelu=ops.gelu))
    model.save(tmp_path / "m.keras")

    # then the word of its maker decides
    agrees(tmp_path / "m.keras", model, SMALL.clip, Given(gelu="tanh"))
    with pytest.raises(AssertionError):
        agrees(tmp_path / "m.keras", model, SMALL.clip, Given())


def test_sums_written_with_a_plus(tmp_path: Path) -> None:
    # given a model whose sums are operations, not layers, so that Keras counts them apart
    clip = keras.Input((4, 8, 8, 3))
    tokens = layers.Reshape((4, 6))(layers.Conv3D(6, (1, 8, 8), strides=(1, 8, 8))(clip))
    x = vivit.LearnedPositions()(tokens)
    y = layers.LayerNormalization()(x)
    x = x + layers.MultiHeadAttention(2, 3)(query=y, value=y)
    y = layers.LayerNormalization()(x)
    x = x + layers.Dense(6)(layers.Dense(9, activation="gelu")(y))
    x = layers.GlobalAveragePooling1D()(layers.LayerNormalization()(x))
    model = keras.Model(clip, layers.Dense(3)(x))
    model.save(tmp_path / "m.keras")
    agrees(tmp_path / "m.keras", model, (4, 8, 8), Given())


# ---------------------------------------------------------------------------------------------- the pack


def test_a_converted_pack_verifies_and_answers_as_the_original(tmp_path: Path, labels: Path, capsys) -> None:
    # given someone's model, trained on BGR pictures at the video's own rate, with values from -1 to 1
    model = build(SMALL)
    model.save(tmp_path / "m.keras")
    out = tmp_path / "pack"
    conventions = ["--colour", "BGR", "--fps", "native", "--range=-1,1", "--resize", "letterbox", "--pad", "repeat"]
    line = [str(tmp_path / "m.keras"), "--labels", str(labels), "--out", str(out), *conventions, "--stride", "4"]

    # when it is converted
    assert main([*line, "--training-data", "600 clips from 12 homes", "--other", "0"]) == 0
    said = capsys.readouterr().out
    assert "BGR" in said
    assert "--gelu tanh" in said

    # then the pack verifies, states all of this, and scores RGB pictures as the model does its own
    assert cli.main(["pack", "verify", str(out)]) == 0
    pack = packs.read(out)
    spec = pack.info.input
    assert (spec.colour, spec.fps, spec.value_range, spec.resize, spec.pad, spec.stride) == (
        "BGR", None, (-1, 1), "letterbox", "repeat", 4,
    )  # fmt: skip
    assert (pack.info.output.kind, pack.info.output.other_id, pack.info.performance) == ("softmax", 0, ())
    assert pack.info.labels[1].names == {"vi": "hành vi 1", "en": "behaviour 1"}
    clips = np.random.default_rng(0).integers(0, 256, (3, *SMALL.clip, 3), dtype=np.uint8)
    np.testing.assert_allclose(
        Scorer(pack).score(clips), answer(model, clips[..., ::-1] / np.float32(127.5) - 1), atol=1e-5
    )
    card = (out / "CARD.md").read_text(encoding="utf-8")
    for text in ("Converted", "None supplied.", weights.read(tmp_path / "m.keras").sha256, "600 clips from 12 homes"):
        assert text in card, text
    assert "BGR pictures of 16 × 16 pixels, at the video's own rate" in card


def test_eleven_outputs_can_be_the_groups_of_the_43_labels(small: Path, tmp_path: Path) -> None:
    table = str(dataset.LABELS_FILE)
    assert main([str(small), "--labels", table, "--out", str(tmp_path / "pack"), "--groups"]) == 0
    info = packs.read(tmp_path / "pack").info
    assert [label.group for label in info.labels] == list(dict.fromkeys(row.group for row in dataset.labels()))
    assert info.labels[2].name("vi") == "Rocking spinning"
    assert info.label_set == "labels-11-groups"
    assert info.output.other_id is None


def test_the_43_labels_are_known_by_their_table(tmp_path: Path) -> None:
    build(replace(SMALL, outputs=43)).save(tmp_path / "m.keras")
    table = str(dataset.LABELS_FILE)
    assert main([str(tmp_path / "m.keras"), "--labels", table, "--out", str(tmp_path / "pack")]) == 0
    info = packs.read(tmp_path / "pack").info
    assert (info.label_set, info.output.other_id) == ("viscreen-43", 0)


@pytest.mark.parametrize("activation", ["softmax", "sigmoid", None])
def test_validation_clips_calibrate_it(activation: str | None, toy_data: Path, tmp_path: Path, labels: Path) -> None:
    # given a model that knows nothing, very sure of itself; when it is calibrated on clips
    model = build(replace(SMALL, activation=activation))
    head = model.layers[-1]
    head.set_weights([head.get_weights()[0] * 30, head.get_weights()[1]])
    model.save(tmp_path / "m.keras")
    plain = [str(tmp_path / "m.keras"), "--labels", str(labels), "--out", str(tmp_path / "pack")]
    assert main([*plain, "--valid", str(toy_data)]) == 0

    # then it is less sure, and has thresholds for the labels that had clips
    info = packs.read(tmp_path / "pack").info
    assert (info.output.temperature == 1) == (activation == "sigmoid")
    assert info.output.temperature >= 1
    shown = {label.id for label in info.labels if label.threshold != 0.5}
    assert shown <= {ACROSS, UP_AND_DOWN}
    assert "validation clips" in (tmp_path / "pack" / "CARD.md").read_text(encoding="utf-8")


# ---------------------------------------------------------------------------------------------- what is refused


def refuse(path: Path, labels: Path, out: Path, capsys, *options: str) -> str:
    """The one line with which `path` is refused; nothing is written."""
    assert main([str(path), "--labels", str(labels), "--out", str(out), *options]) == 2
    error = capsys.readouterr().err
    assert len(error.strip().splitlines()) == 1, error
    assert not out.exists()
    return error


def change_h5(change: Callable[[h5py.File], object]) -> Callable[[dict[str, bytes]], None]:
    def apply(members: dict[str, bytes]) -> None:
        stream = io.BytesIO(members[weights.WEIGHTS])
        with h5py.File(stream, "r+") as file:
            change(file)
        members[weights.WEIGHTS] = stream.getvalue()

    return apply


def change_config(change: Callable[[dict[str, dict[str, Any]]], object]) -> Callable[[dict[str, bytes]], None]:
    def apply(members: dict[str, bytes]) -> None:
        config = json.loads(members[weights.CONFIG])
        change({layer["name"]: layer for layer in config["config"]["layers"]})
        members[weights.CONFIG] = json.dumps(config).encode()

    return apply


def put(file: h5py.File, path: str, value: Any) -> None:
    del file[path]
    file[path] = value


DENSE = "layers/dense/vars/0"


def first(layers_: dict[str, dict[str, Any]], kind: str) -> dict[str, Any]:
    return next(layer for layer in layers_.values() if layer["class_name"] == kind)


def huge(file: h5py.File) -> None:
    del file[DENSE]
    file.create_dataset(DENSE, (1 << 20, 1 << 12), "f4", chunks=(1024, 1024), compression="gzip")


BROKEN: dict[str, tuple[str, Callable[[dict[str, bytes]], object]]] = {
    "no weights": ("holds no model.weights.h5", lambda m: m.pop(weights.WEIGHTS)),
    "no config": ("holds no config.json", lambda m: m.pop(weights.CONFIG)),
    "config is no JSON": ("damaged", lambda m: m.update({weights.CONFIG: b"{"})),
    "config is deep": ("damaged", lambda m: m.update({weights.CONFIG: b"[" * 100_000})),
    "config is a list": ("damaged", lambda m: m.update({weights.CONFIG: b"[]"})),
    "config is empty": ("not one that Keras 3 writes", lambda m: m.update({weights.CONFIG: b"{}"})),
    "Keras 2": ("written by Keras “2.15.0”", lambda m: m.update({weights.METADATA: b'{"keras_version": "2.15.0"}'})),
    "weights cut short": ("damaged", lambda m: m.update({weights.WEIGHTS: m[weights.WEIGHTS][:3000]})),
    "weights are no HDF5": ("damaged", lambda m: m.update({weights.WEIGHTS: b"PK" * 500})),
    "grows": ("larger than any model", lambda m: m.update({weights.CONFIG: b" " * (20 << 20)})),
    "zeros": ("larger than any model", lambda m: m.update({weights.WEIGHTS: bytes(40 << 20)})),
    "an array too large": ("larger than any model", change_h5(huge)),
    "a circle": ("larger than any model", change_h5(lambda f: f["layers"].__setitem__("again", f["layers"]))),
    "a link to another file": (
        "damaged",
        change_h5(lambda f: f["layers"].__setitem__("out", h5py.ExternalLink("/etc/passwd", "/"))),
    ),
    "weights in another file": (
        "damaged",
        change_h5(
            lambda f: (
                f.__delitem__(DENSE),
                f["layers/dense/vars"].create_dataset("0", (12, 11), "f4", external=[("/etc/passwd", 0, 528)]),
            )
        ),
    ),
    "text for weights": ("damaged", change_h5(lambda f: put(f, DENSE, "os.system"))),
    "no number": ("no number", change_h5(lambda f: f[DENSE].__setitem__((0, 0), np.nan))),
    "missing layer": ("no weights in the layer", change_h5(lambda f: f["layers"].__delitem__("dense"))),
    "wrong shape": ("12 × 7 in the last layer", change_h5(lambda f: put(f, DENSE, np.zeros((12, 7), np.float32)))),
    "wrong rank": ("in the layer “dense”", change_h5(lambda f: put(f, DENSE, np.zeros(7, np.float32)))),
    "wrong positions": (
        "positions",
        change_h5(
            lambda f: put(f, "layers/positional_encoder/position_embedding/vars/0", np.zeros((9, 12), np.float32))
        ),
    ),
    "class token": (
        "where tubelets and positions are expected",
        change_h5(lambda f: f["layers/positional_encoder/vars"].__setitem__("0", np.zeros((1, 1, 12), np.float32))),
    ),
    "other activation": (
        "the activation “relu”",
        change_config(
            lambda ls: first(ls, "Sequential")["config"]["layers"][1]["config"].update({"activation": "relu"})
        ),
    ),
    "code for an activation": (
        "the activation “someone>f”",
        change_config(lambda ls: first(ls, "Dense")["config"].update({"activation": {"registered_name": "someone>f"}})),
    ),
    "a lambda": ("“Lambda”", change_config(lambda ls: first(ls, "GlobalAveragePooling1D").update(class_name="Lambda"))),
    "other pooling": (
        "“GlobalMaxPooling1D”",
        change_config(lambda ls: first(ls, "GlobalAveragePooling1D").update(class_name="GlobalMaxPooling1D")),
    ),
    "a mask": (
        "a mask",
        change_config(
            lambda ls: first(ls, "MultiHeadAttention")["inbound_nodes"][0]["kwargs"].update(use_causal_mask=True)
        ),
    ),
    "grey pictures": (
        "an input of",
        change_config(lambda ls: first(ls, "InputLayer")["config"].update(batch_shape=[None, 8, 16, 16, 1])),
    ),
    "root mean square": (
        "rms_scaling = True",
        change_config(lambda ls: first(ls, "LayerNormalization")["config"].update(rms_scaling=True)),
    ),
}


@pytest.mark.parametrize(("sentence", "damage"), BROKEN.values(), ids=BROKEN)
def test_a_broken_or_strange_file_is_refused(
    sentence: str, damage: Callable[[dict[str, bytes]], object], small: Path, labels: Path, tmp_path: Path, capsys
) -> None:
    # given a file that was sound before
    with zipfile.ZipFile(small) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    damage(members)
    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)

    # then it is refused with one sentence that says what is wrong
    assert sentence in refuse(path, labels, tmp_path / "pack", capsys)


def test_what_is_no_model_is_refused(small: Path, labels: Path, tmp_path: Path, capsys) -> None:
    path, out = tmp_path / "m.keras", tmp_path / "pack"
    assert "cannot be read" in refuse(path, labels, out, capsys)
    for content in (b"", b"\x80\x04\x95 a pickle"):
        path.write_bytes(content)
        assert "neither a .keras nor a .weights.h5" in refuse(path, labels, out, capsys)
    whole = small.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in refuse(path, labels, out, capsys)
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = ["dense"]
    assert "Keras 2" in refuse(path, labels, out, capsys)


def test_another_architecture_is_refused(labels: Path, tmp_path: Path, capsys) -> None:
    # given models that share parts with the family
    clip = keras.Input((4, 8, 8, 3))
    flat = layers.GlobalAveragePooling3D()(layers.Conv3D(6, 2)(clip))
    keras.Model(clip, layers.Dense(11)(flat)).save(tmp_path / "cnn.keras")
    keras.Sequential([clip, layers.Flatten(), layers.Dense(11)]).save(tmp_path / "sequential.keras")
    token = layers.Reshape((4, 6))(layers.Conv3D(6, (1, 8, 8), strides=(1, 8, 8))(clip))
    y = layers.LayerNormalization()(token)
    normed_after = layers.LayerNormalization()(layers.Add()([layers.MultiHeadAttention(2, 3)(y, y), token]))
    out = layers.Dense(11)(layers.GlobalAveragePooling1D()(normed_after))
    keras.Model(clip, out).save(tmp_path / "half.keras")

    # then the sentence says what each has
    for name, sentence in (("cnn", "GlobalAveragePooling3D"), ("sequential", "“Sequential”"), ("half", "a sum of")):
        assert sentence in refuse(tmp_path / f"{name}.keras", labels, tmp_path / "pack", capsys), name


def test_weights_alone_need_words(labels: Path, tmp_path: Path, capsys) -> None:
    # given weights without a config
    path, out = tmp_path / "m.weights.h5", tmp_path / "pack"
    build(SMALL).save_weights(path)

    # then what they do not tell is asked for, all at once
    error = refuse(path, labels, out, capsys, "--frames", "8")
    assert "--size, --epsilon, --mlp-gelu, --gelu, --activation" in error
    words = ["--epsilon", "1e-6", "--mlp-gelu", "twice", "--gelu", "exact", "--activation", "softmax"]
    assert "positions" in refuse(path, labels, out, capsys, "--frames", "8", "--size", "24", *words)
    assert main([str(path), "--labels", str(labels), "--out", str(out), "--frames=8", "--size=16x16", *words]) == 0


def test_words_that_contradict_the_file_are_refused(small: Path, labels: Path, tmp_path: Path, capsys) -> None:
    for option in (["--frames", "9"], ["--size", "24"], ["--epsilon", "0.1"], ["--mlp-gelu", "once"]):
        assert option[0] in refuse(small, labels, tmp_path / "pack", capsys, *option)
    assert "--activation" in refuse(small, labels, tmp_path / "pack", capsys, "--activation", "sigmoid")


def test_a_table_of_labels_that_does_not_fit(small: Path, tmp_path: Path, capsys) -> None:
    wrong = label_table(tmp_path / "wrong.csv", 12)
    error = refuse(small, wrong, tmp_path / "pack", capsys)
    assert "11" in error
    assert "12" in error
    wrong.write_text("name\nclapping\n", encoding="utf-8")
    assert "no sheet of labels" in refuse(small, wrong, tmp_path / "pack", capsys)


def test_nothing_in_the_file_is_run(small: Path, labels: Path, tmp_path: Path, monkeypatch) -> None:
    # given that neither Keras nor pickle may load anything
    def forbidden(*_: Any, **__: Any) -> None:
        raise AssertionError("the file was loaded, not read")

    for module, name in ((keras.saving, "load_model"), (keras.saving, "deserialize_keras_object"), (os, "system")):
        monkeypatch.setattr(module, name, forbidden)
    monkeypatch.setattr("pickle.loads", forbidden)
    copy = shutil.copy(small, tmp_path / "m.keras")
    assert main([str(copy), "--labels", str(labels), "--out", str(tmp_path / "pack")]) == 0
