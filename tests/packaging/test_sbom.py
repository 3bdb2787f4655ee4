"""The list of what ships: valid CycloneDX, complete, with its texts, and the same in every run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "packaging"))

import sbom  # noqa: E402  (the scripts of packaging/ are no package)
from inside.part import Part  # noqa: E402

MOMENT = 1_790_000_000


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `packaging/sbom.py` writes."""
    out = tmp_path_factory.mktemp("program") / "licences"
    environment = {"SOURCE_DATE_EPOCH": str(MOMENT), "PYTHONHASHSEED": "1", "PATH": ""}
    command = [sys.executable, ROOT / "packaging" / "sbom.py", out]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def listed(written: Path) -> dict[str, Any]:
    return dict(json.loads((written / sbom.NAME).read_text(encoding="utf-8")))


def said(component: dict[str, Any], name: str) -> list[str]:
    return [entry["value"] for entry in component.get("properties", []) if entry["name"] == name]


def test_it_is_cyclonedx(written: Path, listed: dict[str, Any]) -> None:
    text = (written / sbom.NAME).read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert listed["specVersion"] == "1.6"
    assert listed["metadata"]["component"]["name"] == "ViScreen"
    assert listed["metadata"]["timestamp"].startswith("2026-09-2")


def test_every_part_has_a_licence_whose_text_lies_beside_the_list(written: Path, listed: dict[str, Any]) -> None:
    components = [listed["metadata"]["component"], *listed["components"]]
    assert len(components) > 100
    for one in components:
        assert one["licenses"], one["name"]
        texts = said(one, sbom.TEXT)
        assert texts, one["name"]
        for name in texts:
            assert (written / name).read_bytes().strip(), name
    assert "GNU GENERAL PUBLIC LICENSE" in (written / "texts" / "GPL-3.0.txt").read_text(encoding="utf-8")
    # and nothing lies there that no part names.
    named = {name for one in components for name in said(one, sbom.TEXT)} | {sbom.NAME, sbom.SOURCES}
    assert {path.relative_to(written).as_posix() for path in written.rglob("*") if path.is_file()} == named


def test_every_part_is_reached_from_the_program(listed: dict[str, Any]) -> None:
    needs = {entry["ref"]: entry.get("dependsOn", []) for entry in listed["dependencies"]}
    reached, waiting = set(), [listed["metadata"]["component"]["bom-ref"]]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += needs[name]
    assert {one["bom-ref"] for one in listed["components"]} <= reached


def test_the_model_and_what_it_was_taught_with_are_named(listed: dict[str, Any]) -> None:
    model = next(one for one in listed["components"] if one["type"] == "machine-learning-model")
    promise = json.loads((ROOT / "models" / "packs" / "reference" / "pack.json").read_text(encoding="utf-8"))
    assert (model["name"], model["version"]) == (promise["name"], promise["version"])
    assert model["hashes"] == [{"alg": "SHA-256", "content": promise["files"]["model.onnx"]}]
    assert model["description"] == promise["training_data"]


def test_the_source_code_of_what_asks_for_it_has_a_place(written: Path) -> None:
    lines = (written / sbom.SOURCES).read_text(encoding="utf-8").splitlines()
    for name in ("FFmpeg", "x264", "x265", "Qt", "GnuTLS"):
        assert any(line.startswith(f"{name} ") and "https://" in line for line in lines), name
    assert not [line for line in lines if line.startswith(("numpy", "Opus"))]


def test_the_conflicts_are_in_the_list_too(listed: dict[str, Any]) -> None:
    assert [one["name"] for one in listed["components"] if said(one, sbom.CONFLICT)]


def test_two_runs_are_equal_byte_for_byte(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given another run, in another process with another order of its sets, over an older result,
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(MOMENT))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / sbom.NAME).write_text("{}", encoding="utf-8")
    (tmp_path / "out" / "old.txt").write_text("", encoding="utf-8")
    assert sbom.main([str(tmp_path / "out")]) == 0

    # then both wrote the same.
    def content(folder: Path) -> dict[str, bytes]:
        files = (path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    assert content(tmp_path / "out") == content(written)


@pytest.mark.filterwarnings("ignore:The Component this BOM is describing")
def test_another_content_has_another_serial_number() -> None:
    ours = Part("ViScreen", "1.0", "GPL-3.0-or-later", "application")
    numbers = {
        sbom.bill(found, {}, MOMENT).serial_number
        for found in (
            [ours],
            [ours, Part("x", "1", "MIT")],
            [ours, Part("x", "2", "MIT")],
            [ours, Part("x", "1", "ISC")],
        )
    }
    assert len(numbers) == 4
