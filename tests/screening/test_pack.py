from __future__ import annotations

import dataclasses
import hashlib
import shutil
import zipfile
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening import pack, paths
from screening.errors import CannotWrite, PackRefused
from tests.screening.broken_models import BROKEN_GRAPHS, external, graph
from tests.screening.broken_packs import BROKEN_PACKS, SMALL, bomb, flipped, zipped
from tests.screening.packs import tiny_info, tiny_model, tiny_pack, write_tiny


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound pack to copy: writing one costs more than breaking it."""
    return tiny_pack(tmp_path_factory.mktemp("packs") / "sound", input=SMALL)


@pytest.fixture
def sound(made_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made_once, tmp_path / "sound"))


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


def test_the_folder_one_stands_in_is_called_by_its_name(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(flipped(sound, "CARD.md"))

    with pytest.raises(PackRefused, match="“sound”"):
        pack.read(Path())


def test_files_that_the_manifest_does_not_name_are_never_read(sound: Path) -> None:
    (sound / "notes.txt").write_text("the maker's own")

    assert pack.read(sound).info == pack.read(zipped(sound)).info


# ---------------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize("kind", BROKEN_PACKS | BROKEN_GRAPHS)
def test_a_broken_promise_is_refused_with_a_sentence_that_names_it(made_once: Path, tmp_path: Path, kind: str) -> None:
    words, ways = (BROKEN_PACKS | BROKEN_GRAPHS)[kind]
    for number, broken in enumerate(ways):
        path = broken(Path(shutil.copytree(made_once, tmp_path / str(number) / "sound")))

        with pytest.raises(PackRefused) as refused:
            pack.read(path)

        assert words in str(refused.value), f"way {number}"
        assert len(str(refused.value)) < 300
        assert refused.value.exit_code == 4


def test_a_bomb_is_refused_without_being_unpacked(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = bomb(sound)
    opened: list[object] = []
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *given, **_: opened.append(given))

    with pytest.raises(PackRefused):
        pack.read(path)

    assert not opened


def test_an_external_file_is_refused_even_where_it_exists(sound: Path) -> None:
    """The onnx package's own loader would read it: the refusal must come before anything opens it."""
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
def shared_zip(made_once: Path) -> tuple[bytes, pack.Pack]:
    path = zipped(made_once)
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


def test_packs_are_found_by_name_or_by_path(tmp_path: Path, sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
