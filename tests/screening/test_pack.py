from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from screening import pack, paths
from screening.errors import CannotWrite, PackRefused
from tests.screening.packs import tiny_info, tiny_model, tiny_pack, write_tiny

SMALL = {"frames": 4, "height": 16, "width": 16, "stride": 2}
FILES = ("model.onnx", "golden.npz", "CARD.md")


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return tiny_pack(tmp_path / "sound", input=SMALL)


def zipped(folder: Path, prefix: str = "", **extra: bytes) -> Path:
    path = folder.with_suffix(".vspack")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for file in sorted(folder.iterdir()):
            made.write(file, prefix + file.name)
        for file, data in extra.items():
            made.writestr(file, data)
    return path


# ---------------------------------------------------------------------------------------------- what is accepted


def test_a_pack_written_by_the_lab_reads_back_as_it_was_stated(tmp_path: Path) -> None:
    info = tiny_info(input=SMALL)

    made = write_tiny(tmp_path / "made", card="# Thẻ mô hình\n", input=SMALL)
    read = pack.read(tmp_path / "made")

    assert dataclasses.replace(read.info, sha256="") == info
    assert read.card == "# Thẻ mô hình\n"
    assert read.model == made.model == tiny_model(info).SerializeToString()
    assert read.folder == tmp_path / "made"
    np.testing.assert_array_equal(read.golden.frames, made.golden.frames)
    np.testing.assert_array_equal(read.golden.probabilities, made.golden.probabilities)


@pytest.mark.parametrize("prefix", ["", "my pack/"])
def test_a_zip_of_a_pack_is_the_same_pack(sound: Path, prefix: str) -> None:
    from_zip, from_folder = pack.read(zipped(sound, prefix)), pack.read(sound)

    assert from_zip.info == from_folder.info
    assert from_zip.model == from_folder.model


def test_a_pack_can_express_the_conventions_of_the_seed(tmp_path: Path) -> None:
    """DESIGN §4: consecutive frames at the native rate, plain stretch, BGR, 0–1, black padding; 43 classes or 11."""
    spec = {"fps": None, "colour": "BGR", "value_range": (0.0, 1.0), "resize": "stretch", "pad": "black"}
    for count in (43, 11):
        labels = tuple(dataclasses.replace(tiny_info().labels[0], id=i, names={"en": f"L{i}"}) for i in range(count))
        made = write_tiny(tmp_path / str(count), labels=labels, input=spec, label_set=f"set-{count}", age_range=None)

        assert made.info.input.fps is None
        assert made.info.input.colour == "BGR"
        assert len(made.info.labels) == made.golden.probabilities.shape[1] == count


def test_a_label_without_training_clips_is_allowed(sound: Path) -> None:
    assert [label.id for label in pack.read(sound).info.labels if not label.trained] == [10]


def test_the_identity_of_a_pack_follows_its_content(tmp_path: Path) -> None:
    first = write_tiny(tmp_path / "a", input=SMALL)
    again = write_tiny(tmp_path / "b", input=SMALL)
    other = write_tiny(tmp_path / "c", input=SMALL, card="Another card.")

    assert first.info.sha256 == again.info.sha256 != other.info.sha256
    assert first.info.sha256 == hashlib.sha256((tmp_path / "a" / "pack.json").read_bytes()).hexdigest()


def test_files_that_the_manifest_does_not_name_are_never_read(sound: Path) -> None:
    (sound / "notes.txt").write_text("the maker's own")

    assert pack.read(sound).info == pack.read(zipped(sound)).info


# ---------------------------------------------------------------------------------------------- what is refused


def restate(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    manifest = json.loads((folder / "pack.json").read_text("utf-8"))
    change(manifest)
    (folder / "pack.json").write_text(json.dumps(manifest), "utf-8")
    return folder


def state(folder: Path, *where: str | int, to: Any) -> Path:
    """Change one statement of the manifest."""

    def change(manifest: Any) -> None:
        for key in where[:-1]:
            manifest = manifest[key]
        manifest[where[-1]] = to

    return restate(folder, change)


def replaced(folder: Path, file: str, data: bytes) -> Path:
    """Put other content under a hash that fits it, as a stranger would."""
    (folder / file).write_bytes(data)
    return state(folder, "files", file, to=hashlib.sha256(data).hexdigest())


def flipped(folder: Path, file: str) -> Path:
    data = bytearray((folder / file).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / file).write_bytes(data)
    return folder


def linked(folder: Path) -> Path:
    (folder / "model.onnx").rename(folder.parent / "elsewhere.onnx")
    (folder / "model.onnx").symlink_to(folder.parent / "elsewhere.onnx")
    return folder


def fifo(folder: Path) -> Path:
    if not hasattr(os, "mkfifo"):
        return Path(os.devnull)
    os.mkfifo(folder / "pipe.vspack")  # opening it would wait for ever
    return folder / "pipe.vspack"


def with_member(folder: Path, name: str, mode: int = stat.S_IFREG) -> Path:
    path = zipped(folder)
    member = zipfile.ZipInfo("placeholder")
    member.filename = name  # the constructor would tidy the name up
    member.external_attr = (mode | 0o644) << 16
    with zipfile.ZipFile(path, "a") as made:
        made.writestr(member, b"evil")
    return path


def bomb(folder: Path) -> Path:
    (folder / "model.onnx").write_bytes(bytes(64 << 20))
    return zipped(folder)


def lying_bomb(folder: Path) -> Path:
    """A member that declares few bytes and unpacks to many."""
    path = bomb(folder)
    data = path.read_bytes()
    path.write_bytes(data.replace((64 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    return path


def crowd(folder: Path) -> Path:
    return zipped(folder, **{f"{i}.txt": b"" for i in range(300)})


def encrypted(folder: Path) -> Path:
    path = zipped(folder)
    data = bytearray(path.read_bytes())
    entry = data.find(b"PK\1\2")
    while entry >= 0:
        data[entry + 8] |= 1
        entry = data.find(b"PK\1\2", entry + 4)
    path.write_bytes(data)
    return path


def too_large(folder: Path) -> Path:
    with (folder / "CARD.md").open("wb") as card:
        card.truncate(2 << 20)
    return folder


def golden(folder: Path, **changes: Any) -> Path:
    kept = pack.read(folder).golden
    stored = io.BytesIO()
    np.savez_compressed(stored, **{"frames": kept.frames, "probabilities": kept.probabilities, **changes})
    return replaced(folder, "golden.npz", stored.getvalue())


def golden_header(folder: Path, shape: str) -> Path:
    """An array whose header promises far more numbers than follow."""
    npy = io.BytesIO()
    np.lib.format.write_array(npy, np.zeros((1, 11), np.float32))
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as made:
        made.writestr("probabilities.npy", npy.getvalue().replace(b"(1, 11)", shape.encode()))
        made.writestr("frames.npy", b"")
    return replaced(folder, "golden.npz", stored.getvalue())


def graph(folder: Path, change: Callable[[onnx.ModelProto], object]) -> Path:
    model = tiny_model(tiny_info(input=SMALL))
    change(model)
    return replaced(folder, "model.onnx", model.SerializeToString())


def external(tensor: TensorProto) -> None:
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../secret")


def external_in_attribute(model: onnx.ModelProto) -> None:
    constant = helper.make_node("Constant", [], ["bias"], value=model.graph.initializer.pop())
    external(constant.attribute[0].t)
    model.graph.node.insert(0, constant)


def external_in_subgraph(model: onnx.ModelProto) -> None:
    weight = numpy_helper.from_array(np.zeros(1, np.float32), "hidden")
    external(weight)
    value = helper.make_tensor_value_info("hidden", TensorProto.FLOAT, [1])
    branch = helper.make_graph([], "branch", [], [value], [weight])
    inner = helper.make_node("If", ["condition"], ["unused"], then_branch=branch, else_branch=branch)
    deeper = helper.make_graph([inner], "deeper", [], [value])
    model.graph.node.append(helper.make_node("If", ["condition"], ["x"], then_branch=deeper, else_branch=deeper))


def external_sparse(model: onnx.ModelProto) -> None:
    external(model.graph.sparse_initializer.add().values)


def operator(name: str, domain: str = "") -> Callable[[onnx.ModelProto], object]:
    return lambda model: model.graph.node.append(helper.make_node(name, ["logits"], ["more"], domain=domain))


def local_function(model: onnx.ModelProto) -> None:
    model.functions.add(name="Softmax", domain="")


Broken = Callable[[Path], Path]
# Kind of refusal → the ways to provoke it. Every kind has a sentence of its own; one of its words is given.
REFUSED: dict[str, tuple[str, list[Broken]]] = {
    "changed byte": ("not the one", [lambda p, file=file: flipped(p, file) for file in FILES]),  # type: ignore[misc]
    "no such path": ("no model pack at", [lambda p: p / "nowhere"]),
    "not a pack": (
        "not a model pack",
        [
            lambda p: p / "CARD.md",
            lambda p: replaced(p, "golden.npz", b"PK\3\4 no zip"),
            lambda p: Path(os.devnull),
            fifo,
            lying_bomb,
        ],
    ),
    "missing file": (
        "has no file model.onnx",
        [lambda p: ((p / "model.onnx").unlink(), p)[1], lambda p: zipped(((p / "model.onnx").unlink(), p)[1])],
    ),
    "link in a folder or zip": (
        "is a link",
        [linked, lambda p: with_member(p, "more", stat.S_IFLNK)],
    ),
    "path leaves the zip": (
        "whose path leaves the pack",
        [
            lambda p: with_member(p, "../evil"),
            lambda p: with_member(p, "/etc/evil"),
            lambda p: with_member(p, "a\\..\\evil"),
            lambda p: with_member(p, "C:evil"),
            lambda p: with_member(p, "a/../../evil"),
        ],
    ),
    "path in the manifest": (
        "points to a file outside",
        [
            lambda p: state(p, "files", "../model.onnx", to="0" * 64),
            lambda p: state(p, "files", "/etc/passwd", to="0" * 64),
            lambda p: state(p, "files", "..\\model.onnx", to="0" * 64),
        ],
    ),
    "list of files": (
        "must give the SHA-256",
        [
            lambda p: restate(p, lambda m: m["files"].pop("CARD.md")),
            lambda p: state(p, "files", "more.bin", to="0" * 64),
            lambda p: state(p, "files", "CARD.md", to="no hash"),
        ],
    ),
    "zip bomb": ("unpack to far more", [bomb]),
    "too many files": ("more files than", [crowd]),
    "twice in the zip": ("two files of the same name", [lambda p: with_member(p, "PACK.JSON")]),
    "encrypted": ("encrypted", [encrypted]),
    "file too large": (
        "larger than the 1 MB",
        [too_large, lambda p: zipped(too_large(p)), lambda p: golden(p, frames=np.zeros((99, 4, 16, 16, 3), np.uint8))],
    ),
    "broken JSON": (
        "not readable JSON",
        [
            lambda p: ((p / "pack.json").write_text('{"schema": 1,'), p)[1],
            lambda p: ((p / "pack.json").write_bytes(b"\xff\xfe\xff"), p)[1],
            lambda p: ((p / "pack.json").write_text("[1]"), p)[1],
            lambda p: ((p / "pack.json").write_text("[" * 100_000), p)[1],
            lambda p: ((p / "pack.json").write_text('{"schema": ' + "9" * 10_000 + "}"), p)[1],
        ],
    ),
    "other format": (
        "format",
        [
            lambda p: state(p, "schema", to=2),
            lambda p: state(p, "schema", to="1"),
            lambda p: state(p, "schema", to=True),
            lambda p: restate(p, lambda m: m.pop("schema")),
        ],
    ),
    "wrong type": (
        "is missing or wrong",
        [
            lambda p: state(p, "labels", 3, "threshold", to="0.5"),
            lambda p: state(p, "labels", 3, "id", to=3.5),
            lambda p: state(p, "labels", to={}),
            lambda p: state(p, "simulated_only", to="no"),
            lambda p: state(p, "output", "kind", to="argmax"),
            lambda p: state(p, "output", "temperature", to=float("nan")),
            lambda p: state(p, "input", "colour", to="rgb"),
            lambda p: state(p, "input", "value_range", to=[0, 1, 2]),
            lambda p: state(p, "more", to="keys"),
            lambda p: state(p, "labels", 0, "more", to="keys"),
            lambda p: restate(p, lambda m: m.pop("training_data")),
        ],
    ),
    "bad text": (
        "empty, too long or not printable",
        [
            lambda p: state(p, "name", to=" "),
            lambda p: state(p, "author", to="a\x1b[31m"),
            lambda p: state(p, "intended_use", to="x" * 5000),
            lambda p: state(p, "labels", 1, "names", "vi", to=""),
        ],
    ),
    "impossible number": (
        "outside of what is possible",
        [
            lambda p: state(p, "input", "frames", to=0),
            lambda p: state(p, "input", "height", to=10**6),
            lambda p: state(p, "input", "fps", to=0),
            lambda p: state(p, "input", "stride", to=5),
            lambda p: state(p, "input", "value_range", to=[1, 0]),
            lambda p: state(p, "output", "temperature", to=0),
            lambda p: state(p, "labels", 1, "threshold", to=1.5),
            lambda p: state(p, "age_range", to=[6, 2]),
            lambda p: state(p, "performance", to=[dict(metric="m", value=1, dataset="d", n=0, date="2025-01-01")]),
            lambda p: state(p, "performance", to=[dict(metric="m", value=1, dataset="d", n=9, date="last year")]),
        ],
    ),
    "no labels": ("between 2 and 1000", [lambda p: state(p, "labels", to=[])]),
    "duplicate label": ("for two behaviours", [lambda p: state(p, "labels", 4, "id", to=3)]),
    "label without a name": (
        "gives no name or no valid number",
        [lambda p: state(p, "labels", 4, "names", to={}), lambda p: state(p, "labels", 4, "id", to=-1)],
    ),
    "duplicate name": ("the same name", [lambda p: state(p, "labels", 4, "names", "en", to="behaviour 3")]),
    "unknown other": ("has no such label", [lambda p: state(p, "output", "other_id", to=99)]),
    "nothing trained": (
        "none of its behaviours",
        [lambda p: restate(p, lambda m: [label.update(trained=False) for label in m["labels"]])],
    ),
    "missing or extra label": (
        "stored answer is for 11",
        [
            lambda p: restate(p, lambda m: m["labels"].pop()),
            lambda p: restate(p, lambda m: m["labels"].append({**m["labels"][0], "id": 99, "names": {"en": "More"}})),
        ],
    ),
    "golden shape": (
        "stored clip",
        [
            lambda p: state(p, "input", "height", to=24),
            lambda p: golden(p, frames=np.zeros((4, 4, 16, 3, 16), np.uint8)),
            lambda p: golden(p, frames=np.zeros((3, 4, 16, 16, 3), np.uint8)),
            lambda p: golden(p, frames=np.zeros((0, 4, 16, 16, 3), np.uint8), probabilities=np.zeros((0, 11), "f4")),
        ],
    ),
    "golden answer": (
        "not between 0 and 1",
        [
            lambda p: golden(p, probabilities=np.full((4, 11), np.nan, np.float32)),
            lambda p: golden(p, probabilities=np.full((4, 11), 2, np.float32)),
        ],
    ),
    "golden content": (
        "does not hold the numbers",
        [
            lambda p: golden(p, probabilities=np.full((4, 11), {"a": 1}, object)),  # a pickle inside
            lambda p: golden(p, probabilities=np.zeros((4, 11), np.float64)),
            lambda p: golden(p, frames=np.zeros((4, 4, 16, 16, 3), np.int8)),
            lambda p: golden_header(p, "(9999999999, 11)"),
            lambda p: golden_header(p, "(-1, -11)"),
            lambda p: golden_header(p, "(open, 1)"),
        ],
    ),
    "no ONNX": (
        "no readable ONNX model",
        [
            lambda p: replaced(p, "model.onnx", b"garbage"),
            lambda p: replaced(p, "model.onnx", b""),
            lambda p: replaced(p, "model.onnx", (p / "model.onnx").read_bytes()[:200]),
        ],
    ),
    "external data": (
        "outside of its file",
        [
            lambda p: graph(p, lambda model: external(model.graph.initializer[1])),
            lambda p: graph(p, external_in_attribute),
            lambda p: graph(p, external_in_subgraph),
            lambda p: graph(p, external_sparse),
        ],
    ),
    "unknown operator": (
        "ONNX standard does not know",
        [
            lambda p: graph(p, operator("Diagnose")),
            lambda p: graph(p, operator("EPContext", "com.microsoft")),
            lambda p: graph(p, operator("Softmax", "org.stranger")),
            lambda p: graph(p, operator("Upsample")),  # long withdrawn from the standard
        ],
    ),
    "unknown version of ONNX": (
        "of the ONNX standard, which this program does not know",
        [
            lambda p: graph(p, lambda model: model.ClearField("opset_import")),
            lambda p: graph(p, lambda model: setattr(model.opset_import[0], "version", 2**40)),
        ],
    ),
    "random operator": ("draws random numbers", [lambda p: graph(p, operator("RandomNormalLike"))]),
    "own operators": (
        "brings its own operators",
        [lambda p: graph(p, local_function), lambda p: graph(p, lambda model: model.training_info.add())],
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_broken_promise_is_refused_with_a_sentence_that_names_it(tmp_path: Path, kind: str) -> None:
    words, ways = REFUSED[kind]
    for number, broken in enumerate(ways):
        path = broken(tiny_pack(tmp_path / str(number) / "sound", input=SMALL))

        with pytest.raises(PackRefused) as refused:
            pack.read(path)

        assert words in str(refused.value), f"way {number}"
        assert len(str(refused.value)) < 300
        assert refused.value.exit_code == 4


def test_every_kind_of_refusal_has_its_own_sentence(tmp_path: Path) -> None:
    said: dict[str, str] = {}
    for kind, (_, ways) in REFUSED.items():
        path = ways[0](tiny_pack(tmp_path / kind / "sound", input=SMALL))
        with pytest.raises(PackRefused) as refused:
            pack.read(path)
        said[kind] = refused.value.template

    assert len(set(said.values())) == len(REFUSED)


def test_a_bomb_is_refused_without_being_unpacked(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = bomb(sound)
    opened: list[object] = []
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *given, **_: opened.append(given))

    with pytest.raises(PackRefused):
        pack.read(path)

    assert not opened


def test_an_external_file_is_refused_even_where_it_exists(sound: Path) -> None:
    """onnx's own loader would read it: the refusal must come before anything opens it."""
    (sound / "weights").write_bytes(bytes(4 * 33))

    def change(model: onnx.ModelProto) -> None:
        external(model.graph.initializer[1])
        model.graph.initializer[1].external_data[0].value = "weights"

    with pytest.raises(PackRefused, match="outside of its file"):
        pack.read(graph(sound, change))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_change_to_a_zip_gets_past_the_verification_or_ends_in_a_traceback(
    shared_zip: tuple[bytes, pack.Pack], tmp_path: Path, data: st.DataObject
) -> None:
    whole, original = shared_zip
    changed = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        changed[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "changed.vspack"
    path.write_bytes(changed[: data.draw(st.sampled_from([len(whole), len(whole) - 1, len(whole) // 2]))])

    try:
        read = pack.read(path)
    except PackRefused:
        return
    assert (read.model, read.card) == (original.model, original.card)  # a byte that only the zip cares for


@pytest.fixture(scope="module")
def shared_zip(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, pack.Pack]:
    folder = tiny_pack(tmp_path_factory.mktemp("packs") / "shared", input=SMALL)
    path = zipped(folder)
    return path.read_bytes(), pack.read(path)


# ---------------------------------------------------------------------------------------------- writing and finding


def test_writing_over_a_pack_keeps_what_else_lies_in_its_folder(sound: Path) -> None:
    (sound / "notes.txt").write_text("the maker's own")

    tiny_pack(sound, card="Second edition", input=SMALL)

    assert pack.read(sound).card == "Second edition"
    assert (sound / "notes.txt").exists()
    assert list(sound.parent.iterdir()) == [sound], "the files written beside must be gone"


def test_an_unsound_pack_is_not_written_over_a_sound_one(sound: Path) -> None:
    before = {file.name: file.read_bytes() for file in sound.iterdir()}

    with pytest.raises(PackRefused, match="“sound”"):
        tiny_pack(sound, name="", input=SMALL)

    assert {file.name: file.read_bytes() for file in sound.iterdir()} == before


def test_a_place_that_takes_no_files_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(CannotWrite, match="cannot be written"):
        tiny_pack(tmp_path / "file" / "pack", input=SMALL)


def test_packs_are_found_by_name_or_by_path(
    tmp_path: Path, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tmp_path / "shipped"
    monkeypatch.setattr(paths, "shipped_packs", lambda: shipped)
    assert pack.available() == []
    reference = tiny_pack(shipped / "reference", input=SMALL)
    paths.installed_packs().mkdir(parents=True)
    clinic = zipped(sound).rename(paths.installed_packs() / "clinic.vspack")
    (paths.installed_packs() / "not a pack").mkdir()

    assert pack.available() == [reference, clinic]
    assert pack.find("reference") == reference
    assert pack.find("clinic") == clinic
    assert pack.find(str(sound)) == pack.find(sound) == sound
    with pytest.raises(PackRefused, match="clinic, reference"):
        pack.find("referense")


def test_onnx_models_of_the_helper_are_sound() -> None:
    """The helper itself: its models pass ONNX's own checker, so a refusal is never for a reason nobody meant."""
    onnx.checker.check_model(tiny_model(tiny_info()), full_check=True)
