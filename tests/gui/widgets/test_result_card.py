"""The card of the index says what was found and adds nothing to it; nobody takes its table for all that was found."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from gui.widgets.index_pair import IndexPair
from gui.widgets.result_card import NAMED, ResultCard
from screening.records import BehaviourResult, Result
from tests.screening.results import ten_minutes

Card = Callable[[Result], ResultCard]


@pytest.fixture
def card(qtbot: QtBot) -> Card:
    made = ResultCard()
    qtbot.addWidget(made)

    def show(result: Result) -> ResultCard:
        made.show_result(result)
        return made

    return show


def asked_for(result: Result, *, only: int) -> Result:
    """`result` as if the profile had asked for the first `only` of the behaviours that were found."""
    kept = {b.label_id for b in [b for b in result.indicators.behaviours if b.episodes][:only]}

    def of(b: BehaviourResult) -> BehaviourResult:
        return b if b.label_id in kept or not b.episodes else dataclasses.replace(b, criterion=None, status=None)

    behaviours = tuple(of(b) for b in result.indicators.behaviours)
    return dataclasses.replace(result, indicators=dataclasses.replace(result.indicators, behaviours=behaviours))


def outside(result: Result) -> list[BehaviourResult]:
    return [b for b in result.indicators.behaviours if b.criterion is None and b.episodes]


def test_what_the_profile_does_not_ask_for_is_named_with_its_episodes(card: Card) -> None:
    # Given a result in which a behaviour was found that the profile does not ask for,
    result = asked_for(ten_minutes(), only=1)
    found = outside(result)
    assert found
    # then the card names it and how often, and says that it counts nothing.
    said = card(result).text()
    assert "Outside the profile, not counted:" in said
    most = max(found, key=lambda b: b.episodes)
    name = next(label.name("en") for label in result.pack.labels if label.id == most.label_id)
    assert f"not counted: {name} ({most.episodes} episode" in said
    # The review's small card says how many episodes they are.
    pair = IndexPair()
    pair.show_indices(result.indicators, None, result.profile)
    assert f"{sum(b.episodes for b in found)} episode" in pair._note.text()
    pair.deleteLater()


def test_of_many_the_most_frequent_are_named_and_the_rest_are_counted(card: Card) -> None:
    result = asked_for(ten_minutes(), only=0)
    behaviours = list(result.indicators.behaviours)
    for i, b in enumerate(behaviours[: NAMED + 3]):
        behaviours[i] = dataclasses.replace(b, episodes=i + 1, criterion=None, status=None)
    for i, b in enumerate(behaviours[NAMED + 3 :], NAMED + 3):
        behaviours[i] = dataclasses.replace(b, episodes=0)
    many = dataclasses.replace(result, indicators=dataclasses.replace(result.indicators, behaviours=tuple(behaviours)))
    shown = card(many)
    assert f"({NAMED + 3} episodes)" in shown.text()
    assert "and 3 others." in shown.text()
    assert "(1 episode)" not in shown.text()
    assert "(1 episode)" in shown._coverage.toolTip()


def test_where_all_is_asked_for_nothing_is_said_of_it(card: Card) -> None:
    result = ten_minutes(episodes={})
    shown = card(result)
    assert "Outside" not in shown.text()
    # It is no probability of autism: said beside the one index, and once when there are two.
    for reviewed in (None, dataclasses.replace(result.indicators)):
        shown.show_reviewed(reviewed)
        said = [shown._caution.text()] if not shown._caution.isHidden() else []
        said += shown._meaning.text().splitlines() if not shown._meaning.isHidden() else []
        assert sum("probability of autism" in line for line in said) == 1
