"""The gate on licences: what ships may ship, and it really fails when something may not."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "packaging"))

import licences  # noqa: E402  (the scripts of packaging/ are no package)
import parts  # noqa: E402
from inside import distributions, natives  # noqa: E402
from inside.part import Found, Part, table  # noqa: E402


@pytest.fixture(scope="module")
def found() -> Found:
    return parts.everything()


@pytest.fixture(scope="module")
def known() -> dict[str, Any]:
    return table()


def distribution(folder: Path, name: str, **fields: str) -> Distribution:
    """An installed distribution with these metadata, and a licence file where `text` is given."""
    place = folder / f"{name}-1.0.dist-info"
    place.mkdir(parents=True)
    lines = [f"{field.replace('_', '-')}: {value}" for field, value in fields.items()]
    (place / "METADATA").write_text("\n".join(["Metadata-Version: 2.4", f"Name: {name}", "Version: 1.0", *lines, ""]))
    (place / "RECORD").write_text(f"{place.name}/METADATA,,\n")
    return distributions.installed([str(folder)])[name]


def verdict(folder: Path, known: Mapping[str, Any], entry: Mapping[str, str] | None = None, **fields: str) -> list[str]:
    """What the gate says of a program that needs this one distribution."""
    part, problems = distributions.of_distribution("fake", distribution(folder, "fake", **fields), entry or {})
    return licences.judge(Found([part], problems), known)[0]


# ---- what ships


def test_everything_that_ships_has_a_licence_that_fits_ours_and_a_text(
    found: Found, known: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert licences.report(found, known) == 0, capsys.readouterr().err


def test_the_conflicts_that_are_admitted_are_said_aloud(found: Found, known: dict[str, Any]) -> None:
    admitted = licences.judge(found, known)[1]
    for conflict in known["conflict"]:
        assert any(conflict["part"] in line for line in admitted)
    # and none of them is admitted anywhere else.
    for part in found.parts:
        elsewhere = replace(part, inside="numpy")
        if (part.name, part.inside) == ("OpenSSL", "opencv-python-headless"):
            assert licences.judge(Found([elsewhere]), known)[0]


def test_the_parts_that_bind_us_to_the_gpl_are_found_inside_the_wheels(found: Found) -> None:
    inside = {(part.name, part.inside): part for part in found.parts}
    for name in ("FFmpeg", "x264", "x265", "GnuTLS"):
        assert (name, "av") in inside
    assert inside["x264", "av"].licence == "GPL-2.0-or-later"
    assert inside["FFmpeg", "av"].version
    for name, owner in (
        ("OpenBLAS", "numpy"), ("Qt", "pyside6-essentials"), ("PDFium", "pypdfium2"), ("SQLite", "python"),
        ("Noto Sans", "viscreen"), ("ViScreen reference", "viscreen"), ("abseil-cpp", "onnx"), ("RE2", "onnxruntime"),
    ):  # fmt: skip
        assert (name, owner) in inside, f"{name} in {owner}"


def test_nothing_of_the_lab_or_of_the_tests_is_among_the_parts(found: Found) -> None:
    assert {"torch", "keras", "pytest", "scikit-learn", "hypothesis"} & {part.name for part in found.parts} == set()
    assert {"numpy", "av", "pillow", "pydantic-core"} <= {part.name for part in found.parts}


# ---- what the gate refuses: distributions


@pytest.mark.parametrize(
    "fields",
    [
        {"License_Expression": "AGPL-3.0-or-later"},
        {"Classifier": "License :: OSI Approved :: GNU Affero General Public License v3"},
    ],
)
def test_the_agpl_is_refused_wherever_it_is_named(
    tmp_path: Path, known: dict[str, Any], fields: dict[str, str]
) -> None:
    assert any("AGPL" in line for line in verdict(tmp_path, known, **fields))
    # A word in the table cannot hide it.
    said = distributions.says(distribution(tmp_path / "again", "fake", **fields))
    hidden = verdict(tmp_path / "hidden", known, {"says": said, "licence": "MIT"}, **fields)
    assert any("AGPL" in line for line in hidden)


def test_what_is_wrong_is_said_and_fails_the_build(known: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert licences.report(Found([Part("fake", "1.0", "AGPL-3.0-only")], ["unknown part fake.so"]), known) == 1
    told = capsys.readouterr().err
    assert "wrong: unknown part fake.so" in told
    assert "wrong: fake 1.0 is under the AGPL (AGPL-3.0-only): it may not ship" in told


def test_a_distribution_without_a_licence_is_refused(tmp_path: Path, known: dict[str, Any]) -> None:
    assert any("unknown licence of fake" in line for line in verdict(tmp_path, known))


@pytest.mark.parametrize("said", ["GPL-2.0-only", "CDDL-1.0", "SSPL-1.0", "CC-BY-NC-4.0", "MIT AND OpenSSL"])
def test_a_licence_that_does_not_fit_the_gpl_is_refused(tmp_path: Path, known: dict[str, Any], said: str) -> None:
    assert any("does not fit GPL-3.0-or-later" in line for line in verdict(tmp_path, known, License_Expression=said))


@pytest.mark.parametrize(
    "said",
    [
        "MIT", "BSD-3-Clause OR GPL-2.0-only", "Apache-2.0 WITH LLVM-exception", "(MIT OR Apache-2.0) AND Unicode-3.0",
        "OpenSSL OR Apache-2.0",
    ],
)  # fmt: skip
def test_a_licence_that_fits_passes(tmp_path: Path, known: dict[str, Any], said: str) -> None:
    assert verdict(tmp_path, known, License_Expression=said) == []


def test_a_licence_in_words_passes_only_as_long_as_the_words_stay(tmp_path: Path, known: dict[str, Any]) -> None:
    entry = {"says": "Apache 2.0", "licence": "Apache-2.0"}
    assert any("unknown licence" in line for line in verdict(tmp_path / "a", known, License="Apache 2.0"))
    assert verdict(tmp_path / "b", known, entry, License="Apache 2.0") == []
    assert any("look at it again" in line for line in verdict(tmp_path / "c", known, entry, License="Elastic 2.0"))


def test_a_licence_whose_text_is_nowhere_is_refused() -> None:
    assert licences.without_text(Found([Part("fake", "1.0", "HPND-Markus-Kuhn")]))
    assert licences.without_text(Found([Part("fake", "1.0", "MIT")])) == []


def test_a_copyleft_part_without_a_place_for_its_source_is_refused(known: dict[str, Any]) -> None:
    bare = Part("fake", "1.0", "LGPL-2.1-or-later AND MIT")
    assert licences.judge(Found([bare]), known)[0]
    assert licences.judge(Found([replace(bare, source="https://example.org")]), known)[0] == []
    assert licences.judge(Found([replace(bare, licence="MIT OR GPL-2.0-or-later")]), known)[0] == []


# ---- what the gate refuses: files


def native(folder: Path, name: str, owner: str, content: bytes = b"\x7fELF") -> natives.File:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return natives.File(path, name, owner)


@pytest.mark.parametrize("name", ["av.libs/libfdk-aac-0123abcd.so.2.0.3", "cv2/nvidia.dll", "fonts/Arial.ttf"])
def test_a_native_library_or_font_that_nobody_knows_is_refused(
    tmp_path: Path, known: dict[str, Any], name: str
) -> None:
    made = natives.in_files([native(tmp_path, name, "av")], known, [])
    assert made.problems == [f"unknown part {name} (in av): add its licence to parts.toml"]
    assert made.parts == []


def test_a_part_that_a_library_announces_and_nobody_knows_is_refused(tmp_path: Path, known: dict[str, Any]) -> None:
    content = b"\x00--disable-static --enable-libx264 --enable-libfdk-aac\x00FFmpeg version 9.1\x00"
    files = [
        native(tmp_path, "av.libs/libavcodec-0123abcd.so.63", "av", content),
        native(tmp_path, "av.libs/libx264-0123abcd.so.165", "av"),
    ]
    made = natives.in_files(files, known, [])
    assert made.problems == ["unknown part libfdk-aac (announced by av): add it to parts.toml"]
    assert {(part.name, part.version) for part in made.parts} == {("FFmpeg", "9.1"), ("x264", "165")}


def test_the_old_openssl_is_told_from_the_new(tmp_path: Path, known: dict[str, Any]) -> None:
    old = native(tmp_path, "libcrypto-5409cd36.so.1.1.1k", "av", b"\x00OpenSSL 1.1.1k  25 Mar 2021\x00")
    new = native(tmp_path, "libcrypto-3-x64.dll", "python", b"\x00OpenSSL 3.0.19 27 Jan 2026\x00")
    made = natives.in_files([old, new], known, [])
    assert [(part.version, part.licence) for part in made.parts] == [("1.1.1k", "OpenSSL"), ("3.0.19", "Apache-2.0")]
    assert len(licences.judge(made, known)[0]) == 1


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("av.libs/libavcodec-5e6b81c2.so.62.28.102", "avcodec"),
        ("av.libs/avcodec-62-984de33114b7fa384296817dec999c9d.dll", "avcodec-62"),
        ("numpy.libs/libgfortran-040039e1-0352e75f.so.5.0.0", "gfortran"),
        ("libglib-2.0.so.0", "glib-2.0"),
        ("libz.so.1", "z"),
    ],
)
def test_a_library_is_known_by_its_own_name(name: str, stem: str) -> None:
    assert natives.File(Path(name), name, "").stem == stem


def test_files_of_a_built_program_are_given_to_whom_they_came_from(tmp_path: Path) -> None:
    # Given a program with a wheel's library moved to its root, a font of ours, and a library of the system,
    shipped = distributions.closure(["av"], distributions.installed())
    library = next(file for file in shipped["av"].files or [] if "libx264" in file.name or "libx264" in str(file))
    for name in (library.name, "resources/fonts/NotoSans-Bold.ttf", "libz.so.1", "libpython3.11.so.1.0"):
        native(tmp_path / "_internal", name, "")
    # then each has its owner.
    owners = {file.name: file.owner for file in natives.of_program(tmp_path, shipped)}
    assert owners == {
        library.name: "av",
        "resources/fonts/NotoSans-Bold.ttf": "viscreen",
        "libz.so.1": "system",
        "libpython3.11.so.1.0": "python",
    }
