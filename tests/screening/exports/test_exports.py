"""What other programs read: whole files, one schema, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import dataclasses
import errno
import json
import os
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from pydantic import TypeAdapter

from screening.errors import CannotWrite, WrongUsage
from screening.exports import episodes_csv, result_json, scores_csv
from screening.records import KeyBox, Label, Region, Result, Track
from tests.screening.results import ten_minutes


@pytest.fixture(scope="module")
def result() -> Result:
    return ten_minutes()


def test_a_result_reads_back_as_it_was_written(result: Result, tmp_path: Path) -> None:
    result_json.write(result, tmp_path / "result.json")
    again = result_json.read(tmp_path / "result.json")
    assert np.allclose(again.scores.probabilities, result.scores.probabilities, atol=1e-6)
    assert np.allclose(again.scores.windows, result.scores.windows, atol=1e-6)
    adapter = TypeAdapter(Result)
    assert adapter.dump_json(again) == adapter.dump_json(result)


def test_the_file_keeps_its_schema(result: Result, tmp_path: Path) -> None:
    result_json.write(result, tmp_path / "result.json")
    data = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(result_json.json_schema()).validate(data)
    assert data["schema"] == 2
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(result_json.json_schema()).validate({**data, "pack": None})


MOVING = Track((KeyBox(0.5, Region(1, 2, 30, 40)), KeyBox(9.0, Region(5, 6, 70, 80))))


def test_boxes_over_time_read_back_and_keep_the_schema(result: Result, tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    result_json.write(dataclasses.replace(result, region=MOVING), file)
    assert result_json.read(file).region == MOVING
    data = json.loads(file.read_text(encoding="utf-8"))
    assert data["region"]["boxes"][0] == {"time_s": 0.5, "region": {"x": 1, "y": 2, "width": 30, "height": 40}}
    schema = jsonschema.Draft202012Validator(result_json.json_schema())
    schema.validate(data)
    with pytest.raises(jsonschema.ValidationError):
        schema.validate({**data, "region": {"x": 1, "y": 2, "width": 30, "height": 40}})


@pytest.mark.parametrize(
    ("old", "meant"),
    [
        (None, None),
        ({"x": 1, "y": 2, "width": 30, "height": 40}, Track((KeyBox(0.0, Region(1, 2, 30, 40)),))),
    ],
)
def test_a_file_of_the_first_version_is_read_and_written_again_in_this_one(
    old: object, meant: Track | None, result: Result, tmp_path: Path
) -> None:
    # Given a file as version 1 wrote it, whose region was one box or null, when it is read, then it is a track.
    file = tmp_path / "result.json"
    result_json.write(result, file)
    data = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**data, "schema": 1, "region": old}), encoding="utf-8")

    again = result_json.read(file)

    assert again.region == meant
    assert dataclasses.replace(again, scores=result.scores, region=None) == result
    result_json.write(again, file)
    assert json.loads(file.read_text(encoding="utf-8"))["schema"] == result_json.SCHEMA
    assert result_json.read(file).region == meant


def test_a_file_of_a_newer_program_or_a_broken_one_is_refused_with_a_sentence(result: Result, tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    result_json.write(result, file)
    data = json.loads(file.read_text(encoding="utf-8"))
    sentences = []
    for content in (
        json.dumps({**data, "schema": 99}),
        json.dumps({key: value for key, value in data.items() if key != "video"}),
        json.dumps({**data, "scores": {**data["scores"], "windows": [[0, 1], [2]]}}),
        json.dumps({**data, "region": {"boxes": []}}),
        json.dumps({**data, "region": {"x": 1, "y": 2, "width": 30, "height": 40}}),
        json.dumps({**data, "schema": 1, "region": "left"}),
        "[]",
        "not JSON",
        "",
    ):
        file.write_text(content, encoding="utf-8")
        with pytest.raises(WrongUsage) as refusal:
            result_json.read(file)
        sentences.append(str(refusal.value))
    assert "newer" in sentences[0]
    assert all("result.json" in sentence for sentence in sentences)


def test_scores_have_a_row_for_each_window_and_nothing_for_what_was_not_taught(result: Result, tmp_path: Path) -> None:
    labels = tuple(dataclasses.replace(label, trained=label.id != 7) for label in result.pack.labels)
    taught = dataclasses.replace(result, pack=dataclasses.replace(result.pack, labels=labels))
    scores_csv.write(taught, tmp_path / "scores.csv")
    with (tmp_path / "scores.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(result.scores.windows)
    for row, p, assessable in zip(rows, result.scores.probabilities, result.scores.assessable, strict=True):
        assert row["label_7"] == ""
        assert float(row["label_3"]) == pytest.approx(p[3], abs=1e-6)
        assert row["assessable"] == str(int(assessable))


def test_episodes_name_their_behaviour_in_the_readers_language(result: Result, tmp_path: Path) -> None:
    for language in ("vi", "en"):
        episodes_csv.write(result, tmp_path / f"{language}.csv", language)
        with (tmp_path / f"{language}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == len(result.episodes)
        names = {label.id: label.names[language] for label in result.pack.labels}
        assert [row["label"] for row in rows] == [names[int(row["label_id"])] for row in rows]
        assert {row["verdict"] for row in rows} == {""}, "nobody has reviewed them yet"


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_strangers_label_is_never_a_formula(start: str, result: Result, tmp_path: Path) -> None:
    hostile = tuple(
        Label(label.id, {"en": f'{start}HYPERLINK("http://x")'}, label.group, label.threshold)
        for label in result.pack.labels
    )
    poisoned = dataclasses.replace(result, pack=dataclasses.replace(result.pack, labels=hostile))
    episodes_csv.write(poisoned, tmp_path / "episodes.csv", "en")
    with (tmp_path / "episodes.csv").open(encoding="utf-8", newline="") as file:
        assert all(row["label"].startswith("'") for row in csv.DictReader(file))


def test_a_full_disk_leaves_the_file_that_was_there(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "result.json"
    file.write_text("the older one")

    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite, match="No space left"):
        result_json.write(result, file)
    assert file.read_text() == "the older one"
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]
