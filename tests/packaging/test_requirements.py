"""The pinned requirements: complete, within pyproject's ranges, free of what must not be installed."""

from __future__ import annotations

import importlib
import importlib.metadata
import itertools
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import cv2
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# The common Linux build of torch names NVIDIA's libraries itself, each in one exact version.
BROUGHT_BY_TORCH = re.compile(r"nvidia-|cuda-|triton$")


def lines(name: str) -> list[str]:
    text = (ROOT / "packaging" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def pins(*names: str) -> dict[str, str]:
    """The pinned version of each distribution in the files, by normalised name."""
    return dict(line.split("==") for name in names for line in lines(name) if not line.startswith("-r "))


APPLICATION = pins("requirements.txt")
EVERYTHING = pins("requirements.txt", "requirements-test.txt")


def unsatisfied(wanted: Iterable[str], pinned: dict[str, str]) -> list[str]:
    requirements = [Requirement(text) for text in wanted]
    return [str(r) for r in requirements if pinned.get(canonicalize_name(r.name), "0") not in r.specifier]


def test_the_files_hold_nothing_but_exact_pins_in_order() -> None:
    """So that two machines get the same program; no address of a registry, no marker, no open range."""
    assert lines("requirements-test.txt")[0] == "-r requirements.txt"
    for names in (lines("requirements.txt"), lines("requirements-test.txt")[1:]):
        assert [n for n in names if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9.]*", n)] == []
        assert names == sorted(set(names), key=lambda line: line.split("==")[0])
    assert len(EVERYTHING) == len(lines("requirements.txt")) + len(lines("requirements-test.txt")) - 1


def test_pins_stay_within_the_ranges_of_pyproject() -> None:
    project = PYPROJECT["project"]
    extras = project["optional-dependencies"]
    assert unsatisfied([*project["dependencies"], *PYPROJECT["build-system"]["requires"]], APPLICATION) == []
    assert unsatisfied([*extras["lab"], *extras["test"]], EVERYTHING) == []


@pytest.mark.parametrize("pinned", [APPLICATION, EVERYTHING], ids=["application", "with tests and lab"])
def test_whatever_a_pinned_package_needs_is_pinned_too_on_every_supported_system(pinned: dict[str, str]) -> None:
    # Given what each installed package says that it needs
    systems = [
        {
            "python_version": version,
            "python_full_version": f"{version}.0",
            "sys_platform": platform,
            "platform_system": system,
        }
        for version, (platform, system) in itertools.product(
            ["3.11", "3.12", "3.13"], [("linux", "Linux"), ("win32", "Windows")]
        )
    ]
    missing = []
    for name in pinned:
        for text in importlib.metadata.requires(name) or []:
            need = Requirement(text)
            if need.marker and not any(need.marker.evaluate({**system, "extra": ""}) for system in systems):
                continue
            # When it is needed on any of them, then its pin is there and is a version that will do
            if name == "torch" and BROUGHT_BY_TORCH.match(need.name):
                continue
            if pinned.get(canonicalize_name(need.name), "0") not in need.specifier:
                missing.append(f"{name} needs {text}")
    assert missing == []


def test_opencv_brings_no_window_system_against_ours() -> None:
    """`opencv-python` brings Qt plugins of its own, which break PySide6."""
    assert re.search(r"GUI:\s+NONE", cv2.getBuildInformation())
    installed = {canonicalize_name(d.name) for d in importlib.metadata.distributions()}
    assert not installed & {"opencv-python", "opencv-contrib-python"}


def test_nothing_under_the_agpl_is_installed() -> None:
    def licence(distribution: importlib.metadata.Distribution) -> str:
        fields = distribution.metadata
        classifiers = [c for c in fields.get_all("Classifier") or [] if c.startswith("License")]
        # A licence field may hold a whole text; GPL 3's own speaks of the AGPL far below its title.
        return " ".join([(fields.get(f) or "")[:200] for f in ("License", "License-Expression")] + classifiers)

    distributions = list(importlib.metadata.distributions())
    assert distributions
    assert [d.name for d in distributions if re.search("AGPL|Affero", licence(d), re.IGNORECASE)] == []


def test_our_folder_does_not_hide_the_package_of_the_same_name() -> None:
    """Many tools import PyPI's `packaging`; an `__init__.py` in our folder would come first."""
    assert not (ROOT / "packaging" / "__init__.py").exists()
    found = importlib.import_module("packaging").__file__
    assert found is not None
    assert not Path(found).is_relative_to(ROOT / "packaging")


def test_the_licence_is_the_gpl_that_pyproject_names() -> None:
    assert PYPROJECT["project"]["license"] == "GPL-3.0-or-later"
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert re.match(r"\s+GNU GENERAL PUBLIC LICENSE\n\s+Version 3, 29 June 2007", text)
    assert "END OF TERMS AND CONDITIONS" in text
