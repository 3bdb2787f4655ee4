"""A guided recording: steps with names and minutes, kept as JSON. In: file time. Out: the step, time left, marks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from screening import files
from screening.errors import N_, CannotWrite, WrongUsage
from screening.recording.writer import Mark

SCHEMA = 1

_MAX_BYTES = 1_000_000
_MAX_STEPS, _MAX_NAME, _MAX_MINUTES, _MAX_COUNTDOWN_S = 50, 80, 240.0, 60.0


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what is done, and for how long."""

    name: str
    minutes: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """Steps one after the other, after a countdown; `afterwards` is the chapter of what follows the last one.

    `WrongUsage` when it is made of values that cannot be used.
    """

    steps: tuple[Step, ...]
    countdown_s: float = 3.0
    afterwards: str = N_("Afterwards")

    def __post_init__(self) -> None:
        if not 1 <= len(self.steps) <= _MAX_STEPS:
            raise WrongUsage(N_("A guided recording has between 1 and {most} steps."), most=_MAX_STEPS)
        for name in (*(step.name for step in self.steps), self.afterwards):
            if not name.strip() or len(name) > _MAX_NAME:
                raise WrongUsage(N_("Each step needs a name of at most {most} letters."), most=_MAX_NAME)
        for step in self.steps:
            if not 0 < step.minutes <= _MAX_MINUTES:
                raise WrongUsage(
                    N_("The step “{name}” must last more than 0 and at most {most:g} minutes."),
                    name=step.name,
                    most=_MAX_MINUTES,
                )
        if not 0 <= self.countdown_s <= _MAX_COUNTDOWN_S:
            raise WrongUsage(N_("The countdown must last between 0 and {most:g} seconds."), most=_MAX_COUNTDOWN_S)


# Whoever shows or records it gives the names in the user's language first, as long as nobody has changed them.
STANDARD = Scenario(
    (
        Step(N_("Free play"), 5.0),
        Step(N_("Name call"), 2.0),
        Step(N_("Shared snack"), 3.0),
        Step(N_("Movement"), 3.0),
    )
)

_FORM = TypeAdapter(Scenario)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a guided recording is: step `number` (from 1) of `count`, its name, and seconds left in it."""

    number: int
    count: int
    name: str
    left_s: float


class Guide:
    """Walks through a scenario by file time, which stands still in a pause; for one thread."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._begins = [0.0]  # of the steps begun so far, and of what comes after the last
        self._told = 0

    def at(self, seconds: float) -> Stage | None:
        """The step at `seconds` of the file; None when all are over."""
        self._advance(seconds)
        number, steps = len(self._begins), self._scenario.steps
        if number > len(steps):
            return None
        step = steps[number - 1]
        return Stage(number, len(steps), step.name, max(0.0, self._begins[-1] + step.minutes * 60 - seconds))

    def skip(self, seconds: float) -> None:
        """End the step at `seconds` now; the next begins here. Nothing happens when all are over."""
        self._advance(seconds)
        if len(self._begins) <= len(self._scenario.steps):
            self._begins.append(seconds)

    def marks(self, seconds: float) -> tuple[Mark, ...]:
        """The marks of the changes up to `seconds` that were not given yet."""
        self._advance(seconds)
        names = [*(step.name for step in self._scenario.steps), self._scenario.afterwards]
        new = [Mark(begin, names[n]) for n, begin in enumerate(self._begins) if n >= self._told]
        self._told = len(self._begins)
        return tuple(new)

    def _advance(self, seconds: float) -> None:
        steps = self._scenario.steps
        while len(self._begins) <= len(steps):
            ends = self._begins[-1] + steps[len(self._begins) - 1].minutes * 60
            if seconds < ends:
                return
            self._begins.append(ends)


def read(path: Path) -> Scenario:
    """The scenario kept at `path`; `WrongUsage`, with one sentence, when it cannot be used."""
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES)
    except OSError as error:
        raise WrongUsage(
            N_("The guided recording “{file}” cannot be read: {why}."), file=path.name, why=error.strerror or "?"
        ) from error
    try:
        content = json.loads(data.decode("utf-8-sig"))
        schema = content.pop("schema", None)
        if schema == SCHEMA:
            return _FORM.validate_json(json.dumps(content), strict=True, extra="forbid")
    except (ValueError, TypeError, AttributeError, RecursionError, ValidationError) as error:
        raise WrongUsage(N_("“{file}” is not a guided recording. Choose another file."), file=path.name) from error
    raise WrongUsage(N_("The guided recording “{file}” was written for another version of ViScreen."), file=path.name)


def write(scenario: Scenario, path: Path) -> None:
    """Keep `scenario` at `path`; what was there stays whole until the new file is safely on disk. `CannotWrite`."""
    text = json.dumps({"schema": SCHEMA} | _FORM.dump_python(scenario, mode="json"), ensure_ascii=False, indent=2)
    try:
        files.replace(path, text + "\n")
    except OSError as error:
        raise CannotWrite(
            N_("The guided recording “{file}” cannot be written: {why}."), file=path.name, why=error.strerror or "?"
        ) from error
