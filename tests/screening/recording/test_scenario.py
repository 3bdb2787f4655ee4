"""A guided recording tells its step, the time left in it, and marks each change once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.errors import CannotWrite, WrongUsage
from screening.recording.scenario import STANDARD, Guide, Scenario, Step, read, write
from screening.recording.writer import Mark

TWO = Scenario((Step("Free play", 0.5), Step("Gọi tên", 0.25)), countdown_s=0)


def test_a_visit_goes_through_its_steps() -> None:
    guide = Guide(TWO)
    assert guide.marks(0.0) == (Mark(0.0, "Free play"),)
    stage = guide.at(20.0)
    assert stage is not None
    assert (stage.number, stage.count, stage.name, stage.left_s) == (1, 2, "Free play", 10.0)
    assert guide.marks(20.0) == ()

    assert guide.marks(31.0) == (Mark(30.0, "Gọi tên"),)
    assert guide.marks(60.0) == (Mark(45.0, "Afterwards"),)
    assert guide.at(60.0) is None


def test_the_next_step_can_begin_early() -> None:
    guide = Guide(TWO)
    guide.skip(12.0)

    stage = guide.at(12.0)
    assert stage is not None
    assert (stage.name, stage.left_s) == ("Gọi tên", 15.0)
    guide.skip(13.0)
    guide.skip(14.0)
    assert guide.at(14.0) is None
    assert [mark.time_s for mark in guide.marks(14.0)] == [0.0, 12.0, 13.0]


@given(
    st.lists(st.floats(0.01, 5.0), min_size=1, max_size=6),
    st.lists(st.floats(0.0, 1800.0), max_size=40).map(sorted),
)
def test_however_often_it_is_asked_each_change_is_marked_once(minutes: list[float], moments: list[float]) -> None:
    guide = Guide(Scenario(tuple(Step(str(n), length) for n, length in enumerate(minutes))))

    given_marks = [mark for moment in [*moments, 1801.0] for mark in guide.marks(moment)]

    assert [mark.name for mark in given_marks] == [*map(str, range(len(minutes))), "Afterwards"]
    starts = [sum(minutes[:n]) * 60 for n in range(len(minutes) + 1)]
    assert [mark.time_s for mark in given_marks] == pytest.approx(starts)


def test_it_is_kept_as_json(tmp_path: Path) -> None:
    for scenario in (STANDARD, TWO):
        write(scenario, tmp_path / "new" / "scenario.json")
        assert read(tmp_path / "new" / "scenario.json") == scenario
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["scenario.json"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"schema": 1, "steps": []}',
        '{"schema": 1, "steps": [{"name": " ", "minutes": 1}]}',
        '{"schema": 1, "steps": [{"name": "a", "minutes": 0}]}',
        '{"schema": 1, "steps": [{"name": "a", "minutes": NaN}]}',
        '{"schema": 1, "steps": [{"name": "a", "minutes": "1"}]}',
        '{"schema": 1, "steps": [{"name": "a", "minutes": 1}], "countdown_s": -1}',
        '{"schema": 1, "steps": [{"name": "a", "minutes": 1}], "countdwon_s": 1}',
        '{"schema": 2, "steps": [{"name": "a", "minutes": 1}]}',
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mine.json"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(WrongUsage):
        read(file)


def test_where_nothing_can_be_written_what_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite):
        write(TWO, tmp_path / "file" / "scenario.json")
    with pytest.raises(WrongUsage):
        read(tmp_path / "none.json")


def test_minutes_may_be_written_without_a_point(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({"schema": 1, "steps": [{"name": "a", "minutes": 2}]}), encoding="utf-8-sig")

    assert read(file).steps == (Step("a", 2.0),)
