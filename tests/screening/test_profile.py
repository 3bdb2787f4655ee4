"""Screening profiles on disk: the default is the one of the design, edits come back whole, faults are named."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening import paths, profile
from screening.errors import CannotWrite, WrongUsage
from screening.records import Band, Criterion, EpisodeRule, Profile

DEFAULT = profile.read(paths.default_profile())
CONTENT: dict[str, Any] = json.loads(paths.default_profile().read_text(encoding="utf-8"))


def saved(folder: Path, content: object) -> Path:
    path = folder / "profile.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


# ------------------------------------------------------------------------------------------------ the default


@pytest.mark.parametrize(
    ("label_id", "minimum_duration_s", "repetitions", "weight"),
    [
        (1, 1, 2, 5), (2, 2, 3, 6), (3, 2, 2, 6), (4, 3, 1, 2), (5, 2, 2, 2),
        (6, 3, 2, 3), (7, 2, 1, 4), (8, 1, 1, 5), (9, 2, 2, 5), (10, 2, 2, 1),
    ],
)  # fmt: skip
def test_the_default_profile_is_the_designs_table(
    label_id: int, minimum_duration_s: float, repetitions: int, weight: float
) -> None:
    (criterion,) = [c for c in DEFAULT.criteria if c.label_id == label_id]
    assert criterion == Criterion(label_id, minimum_duration_s, repetitions, weight, threshold=None)


def test_the_default_profile_has_these_criteria_levels_and_conditions_and_no_others() -> None:
    assert [criterion.label_id for criterion in DEFAULT.criteria] == list(range(1, 11))
    assert [(band.code, band.upper) for band in DEFAULT.bands] == [
        ("low", 50), ("medium", 70), ("high", 90), ("very_high", 100),
    ]  # fmt: skip
    assert all(set(band.names) == {"en", "vi"} for band in DEFAULT.bands)
    assert DEFAULT.episodes == EpisodeRule(off_ratio=0.7, minimum_length_s=1.0, merge_gap_s=1.0)
    assert (DEFAULT.minimum_coverage, DEFAULT.minimum_assessable_s, DEFAULT.minimum_weight_share) == (0.5, 30, 0.5)
    assert DEFAULT.label_set == "viscreen-43"


def test_the_shortest_bout_that_the_default_profile_counts_is_not_dropped_before() -> None:
    assert DEFAULT.episodes.minimum_length_s <= min(c.minimum_duration_s for c in DEFAULT.criteria)


# ------------------------------------------------------------------------------------------------ there and back

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
amounts = st.floats(0, 1e6)
shares = st.floats(0, 1)
above_zero = st.floats(0, 1, exclude_min=True)


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    ids = draw(st.lists(st.integers(0, 100), unique=True, min_size=1, max_size=8))
    criteria = [
        Criterion(i, draw(amounts), draw(st.integers(1, 50)), draw(amounts), draw(st.none() | above_zero)) for i in ids
    ]
    criteria[0] = dataclasses.replace(criteria[0], weight=draw(st.floats(0.001, 1e6)))
    uppers = [*sorted(draw(st.sets(st.floats(0.001, 99.999), max_size=4))), 100.0]
    bands = tuple(Band(f"level {i}", upper, {"vi": draw(names)}) for i, upper in enumerate(uppers))
    rule = EpisodeRule(draw(above_zero), draw(amounts), draw(amounts))
    return Profile(
        draw(names), draw(st.integers(1, 99)), draw(names), tuple(criteria), bands, rule,
        draw(shares), draw(amounts), draw(shares),
    )  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(profiles())
def test_what_was_written_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, written: Profile) -> None:
    path = tmp_path_factory.mktemp("profiles") / "hồ sơ.json"
    profile.write(written, path)
    assert profile.read(path) == written


def test_writing_makes_the_folder_and_leaves_nothing_else_in_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "mine.json"
    profile.write(DEFAULT, path)
    profile.write(dataclasses.replace(DEFAULT, version=2), path)
    assert profile.read(path).version == 2
    assert [entry.name for entry in path.parent.iterdir()] == ["mine.json"]


def test_the_written_file_can_be_read_by_a_person(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    profile.write(DEFAULT, path)
    text = path.read_text(encoding="utf-8")
    assert "Trung bình" in text
    assert len(text.splitlines()) > 50


def test_a_failed_write_keeps_the_old_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.json"
    profile.write(DEFAULT, path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CannotWrite, match="No space left"):
        profile.write(dataclasses.replace(DEFAULT, version=2), path)
    assert profile.read(path) == DEFAULT
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["mine.json"]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CannotWrite, match="cannot be written"):
        profile.write(DEFAULT, tmp_path / "file" / "mine.json")


def test_a_faulty_profile_is_never_written(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="must reach 100"):
        profile.write(dataclasses.replace(DEFAULT, bands=DEFAULT.bands[:2]), tmp_path / "mine.json")
    assert not (tmp_path / "mine.json").exists()


def test_a_file_saved_by_notepad_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(CONTENT).encode())
    assert profile.read(path) == DEFAULT


# ------------------------------------------------------------------------------------------------ faults

Spoil = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda c: c.pop("bands"), "lacks “bands”"),
        (lambda c: c["criteria"][3].pop("weight"), "lacks “criteria.3.weight”"),
        (lambda c: c["criteria"][2].update(weight="6"), "wrong value at “criteria.2.weight”"),
        (lambda c: c["criteria"][2].update(repetitions=1.5), "wrong value at “criteria.2.repetitions”"),
        (lambda c: c["criteria"][2].update(repetitions=True), "wrong value at “criteria.2.repetitions”"),
        (lambda c: c.update(criteria={}), "wrong value at “criteria”"),
        (lambda c: c["criteria"][0].update(treshold=0.4), "unknown entry “criteria.0.treshold”"),
        (lambda c: c.update(comment="x"), "unknown entry “comment”"),
        (lambda c: c.update(schema=2), "another version"),
        (lambda c: c["criteria"].append(c["criteria"][0]), "2 criteria for behaviour 1"),
        (lambda c: c["criteria"][1].update(weight=-1), "weight of behaviour 2 must not be negative"),
        (lambda c: c["criteria"][1].update(weight=float("nan")), "behaviour 2|criteria.1.weight"),
        (lambda c: c["criteria"][1].update(weight=float("inf")), "behaviour 2|criteria.1.weight"),
        (lambda c: c["criteria"][1].update(minimum_duration_s=-1), "minimum duration of behaviour 2"),
        (lambda c: c["criteria"][1].update(repetitions=0), "repetitions of behaviour 2 must be at least 1"),
        (lambda c: c["criteria"][1].update(threshold=0), "threshold of behaviour 2"),
        (lambda c: c["criteria"][1].update(threshold=1.2), "threshold of behaviour 2"),
        (lambda c: [k.update(weight=0) for k in c["criteria"]], "no behaviour a weight"),
        (lambda c: c.update(criteria=[]), "no behaviour a weight"),
        (lambda c: c["bands"].pop(), "end at 90; they must reach 100"),
        (lambda c: c.update(bands=[]), "must reach 100"),
        (lambda c: c["bands"][1].update(upper=50), "overlap or run backwards at “medium”"),
        (lambda c: c["bands"][2].update(upper=60), "overlap or run backwards at “high”"),
        (lambda c: c["bands"][0].update(upper=0), "overlap or run backwards at “low”"),
        (lambda c: c["bands"][3].update(upper=101), "overlap or run backwards at “very_high”"),
        (lambda c: c["bands"][1].update(code="low"), "same code"),
        (lambda c: c["bands"][1].update(code=""), "needs a code and a name"),
        (lambda c: c["bands"][1].update(names={}), "needs a code and a name"),
        (lambda c: c["bands"][1].update(names={"vi": ""}), "needs a code and a name"),
        (lambda c: c["episodes"].update(off_ratio=0), "off_ratio"),
        (lambda c: c["episodes"].update(off_ratio=1.1), "off_ratio"),
        (lambda c: c["episodes"].update(merge_gap_s=-0.1), "“merge_gap_s” must not be negative"),
        (lambda c: c["episodes"].update(minimum_length_s=-0.1), "“minimum_length_s” must not be negative"),
        (lambda c: c.update(minimum_assessable_s=-1), "“minimum_assessable_s” must not be negative"),
        (lambda c: c.update(minimum_coverage=50), "“minimum_coverage” must lie between 0 and 1"),
        (lambda c: c.update(minimum_weight_share=-0.5), "“minimum_weight_share” must lie between 0 and 1"),
    ],
)
def test_a_fault_is_named_in_one_sentence(tmp_path: Path, spoil: Spoil, sentence: str) -> None:
    content = copy.deepcopy(CONTENT)
    spoil(content)
    with pytest.raises(WrongUsage, match=sentence) as caught:
        profile.read(saved(tmp_path, content))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"\xff\xfe\x00", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[]", "holds no object"),
        (b"3", "holds no object"),
        (b" " * (profile.MAX_BYTES + 1), "far too large"),
    ],
    ids=["empty", "cut off", "not text", "nested without end", "a list", "a number", "huge"],
)
def test_a_file_that_is_no_profile_is_refused(tmp_path: Path, data: bytes, sentence: str) -> None:
    path = tmp_path / "profile.json"
    path.write_bytes(data)
    with pytest.raises(WrongUsage, match=sentence):
        profile.read(path)


def test_a_missing_file_or_a_folder_is_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.json", tmp_path):
        with pytest.raises(WrongUsage, match="cannot be read"):
            profile.read(path)
