"""Resources or a pack from which something was taken, or in which something was changed, fail their check."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gui.selftest import engine
from screening import language, paths
from screening.errors import ScreeningError

ENGLISH = language.load("en")
MO = Path("translations") / "vi" / "LC_MESSAGES" / "viscreen.mo"


@pytest.fixture
def resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the program's resources, in use in place of them."""
    copy = tmp_path / "resources"
    shutil.copytree(paths.resources(), copy, ignore=shutil.ignore_patterns("pictures", "screenshots"))
    monkeypatch.setattr(paths, "resources", lambda: copy)
    language.load.cache_clear()
    return copy


@pytest.fixture(autouse=True)
def fresh_translations() -> None:
    language.load.cache_clear()


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the reference pack, in use in place of it."""
    copy = tmp_path / "packs" / "reference"
    shutil.copytree(paths.reference_pack(), copy)
    monkeypatch.setattr(paths, "shipped_packs", lambda: copy.parent)
    return copy


def change(file: Path) -> None:
    """One byte in the middle of `file` is another."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)


def test_all_is_well_as_it_is(resources: Path, pack: Path) -> None:
    assert "pages of the guide" in engine.translations(ENGLISH)
    assert "differs by" in engine.reference_pack(ENGLISH)
    assert engine.sample(ENGLISH) == "1,800 pictures, 60.0 s, h264"
    assert engine.library_file(ENGLISH) == "made, written, closed, and read again"
    for part in ("ViScreen", "Python", "ONNX Runtime", "Qt", "FFmpeg", "OpenCV", "SQLite"):
        assert part in engine.versions(ENGLISH)


def test_a_missing_or_damaged_translation_is_told_of(resources: Path) -> None:
    whole = (resources / MO).read_bytes()
    (resources / MO).write_bytes(whole[:1000])
    with pytest.raises(ScreeningError, match="Vietnamese translation is"):
        engine.translations(ENGLISH)
    (resources / MO).unlink()
    language.load.cache_clear()
    with pytest.raises(ScreeningError, match="Vietnamese translation is missing"):
        engine.translations(ENGLISH)


def test_a_catalogue_without_its_sentences_is_told_of(resources: Path) -> None:
    content = (resources / MO).read_bytes()
    (resources / MO).write_bytes(content.replace(b"Too dark", b"Too dusk"))
    with pytest.raises(ScreeningError, match=r"not translated: “Too dark” \(1 sentences\)"):
        engine.translations(ENGLISH)


def test_a_page_of_the_guide_in_one_language_only_is_told_of(resources: Path) -> None:
    (resources / "help" / "vi" / "10-privacy.md").unlink()
    with pytest.raises(ScreeningError, match=r"the guide lacks pages: 10-privacy\.md"):
        engine.translations(ENGLISH)


@pytest.mark.parametrize("file", ["model.onnx", "golden.npz", "CARD.md"])
def test_a_changed_pack_is_told_of(pack: Path, file: str) -> None:
    change(pack / file)
    with pytest.raises(ScreeningError, match=f"the file {file} is not the one"):
        engine.reference_pack(ENGLISH)


def test_a_pack_that_is_gone_is_told_of(pack: Path) -> None:
    shutil.rmtree(pack)
    with pytest.raises(ScreeningError, match="reference"):
        engine.reference_pack(ENGLISH)


def test_a_damaged_or_missing_sample_is_told_of(resources: Path) -> None:
    sample = resources / "sample" / "sample.mp4"
    sample.write_bytes(sample.read_bytes()[: sample.stat().st_size * 2 // 3])
    with pytest.raises(ScreeningError):
        engine.sample(ENGLISH)
    sample.unlink()
    with pytest.raises(ScreeningError, match=r"There is no file “sample\.mp4”"):
        engine.sample(ENGLISH)


def test_the_report_is_written_and_read_back(pack: Path) -> None:
    assert engine.report_pdf(ENGLISH).startswith("PDF of ")


def test_a_library_that_forgets_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screening.library.Cases.add", lambda *_: None)
    with pytest.raises(ScreeningError, match="had lost what was in it"):
        engine.library_file(ENGLISH)
