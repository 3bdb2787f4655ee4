"""Screening profiles as files: a JSON file a clinician may edit comes in, a checked `Profile` goes out, and back.

In a profile file every number has its unit in its name; `schema` is the version of the file's form, `version` counts
the clinician's own changes. Nothing unchecked is read or written.

The default episode rule fits windows of 2.13 s that start every 0.53 s: neighbouring windows share most of their
frames, so nothing shorter than about half a window, one second, is resolved; neither a bout (`minimum_length_s`) nor a
pause within one (`merge_gap_s`). The shortest bout that a criterion of the default profile counts is one second too.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from screening import files
from screening.errors import N_, CannotWrite, WrongUsage
from screening.records import Profile

SCHEMA = 1
MAX_BYTES = 1_000_000

_FORM = TypeAdapter(Profile)


def read(path: Path) -> Profile:
    """Read the profile at `path`. WrongUsage, with one sentence that names the fault, when it cannot be used."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise WrongUsage(
            N_("The screening profile “{file}” cannot be read: {why}."), file=path.name, why=error.strerror or "?"
        ) from error
    if len(data) > MAX_BYTES:
        raise WrongUsage(N_("“{file}” is far too large for a screening profile. Choose another file."), file=path.name)
    try:
        # Notepad on Windows puts a byte order mark before the text.
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise WrongUsage(N_("“{file}” is not a screening profile: it is not valid JSON."), file=path.name) from error
    if not isinstance(content, dict):
        raise WrongUsage(N_("“{file}” is not a screening profile: it holds no object."), file=path.name)
    schema = content.pop("schema", SCHEMA)
    if schema != SCHEMA:
        raise WrongUsage(
            N_("The screening profile “{file}” was written for another version of ViScreen."), file=path.name
        )
    try:
        profile = _FORM.validate_json(json.dumps(content), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "?"
        if first["type"] == "missing":
            raise WrongUsage(
                N_("The screening profile “{file}” lacks “{field}”."), file=path.name, field=field
            ) from error
        raise WrongUsage(
            N_("The screening profile “{file}” has a wrong value at “{field}”."), file=path.name, field=field
        ) from error
    unknown = next(_unknown(content, _FORM.dump_python(profile, mode="json")), None)
    if unknown:
        raise WrongUsage(
            N_("The screening profile “{file}” has an unknown entry “{field}”."), file=path.name, field=unknown
        )
    check(profile)
    return profile


def _unknown(given: Any, understood: Any, where: str = "") -> Iterator[str]:
    """Yield the names in `given` that nothing in `understood` stands for: a misspelt option must not be ignored."""
    if isinstance(given, dict):
        for key, value in given.items():
            if key not in understood:
                yield where + key
            else:
                yield from _unknown(value, understood[key], f"{where}{key}.")
    elif isinstance(given, list):
        for position, value in enumerate(given):
            yield from _unknown(value, understood[position], f"{where}{position}.")


def check(profile: Profile) -> None:
    """Check what types cannot say. WrongUsage with one sentence for the first fault."""
    _check_criteria(profile)
    _check_bands(profile)
    rule = profile.episodes
    if not (_within(rule.off_ratio, 0, 1) and rule.off_ratio > 0):
        raise WrongUsage(N_("In the screening profile, “off_ratio” must be above 0 and at most 1."))
    for field, value in (
        ("minimum_length_s", rule.minimum_length_s),
        ("merge_gap_s", rule.merge_gap_s),
        ("minimum_assessable_s", profile.minimum_assessable_s),
    ):
        if not _within(value, 0):
            raise WrongUsage(N_("In the screening profile, “{field}” must not be negative."), field=field)
    for field, value in (
        ("minimum_coverage", profile.minimum_coverage),
        ("minimum_weight_share", profile.minimum_weight_share),
    ):
        if not _within(value, 0, 1):
            raise WrongUsage(N_("In the screening profile, “{field}” must lie between 0 and 1."), field=field)


def _check_criteria(profile: Profile) -> None:
    for label_id, count in Counter(criterion.label_id for criterion in profile.criteria).items():
        if count > 1:
            raise WrongUsage(N_("The screening profile has {n} criteria for behaviour {id}."), n=count, id=label_id)
    for criterion in profile.criteria:
        if not _within(criterion.minimum_duration_s, 0):
            raise WrongUsage(
                N_("In the screening profile, the minimum duration of behaviour {id} must not be negative."),
                id=criterion.label_id,
            )
        if criterion.repetitions < 1:
            raise WrongUsage(
                N_("In the screening profile, the repetitions of behaviour {id} must be at least 1."),
                id=criterion.label_id,
            )
        if not _within(criterion.weight, 0):
            raise WrongUsage(
                N_("In the screening profile, the weight of behaviour {id} must not be negative."),
                id=criterion.label_id,
            )
        if criterion.threshold is not None and not (_within(criterion.threshold, 0, 1) and criterion.threshold > 0):
            raise WrongUsage(
                N_("In the screening profile, the threshold of behaviour {id} must be above 0 and at most 1."),
                id=criterion.label_id,
            )
    if not any(criterion.weight > 0 for criterion in profile.criteria):
        raise WrongUsage(N_("The screening profile gives no behaviour a weight. Give at least one a weight above 0."))


def _check_bands(profile: Profile) -> None:
    below = 0.0
    for band in profile.bands:
        if not band.code or not all(band.names.values()) or not band.names:
            raise WrongUsage(N_("Each level of the screening profile needs a code and a name."))
        if not _within(band.upper, 0, 100) or band.upper <= below:
            raise WrongUsage(
                N_("The levels of the screening profile overlap or run backwards at “{code}”."), code=band.code
            )
        below = band.upper
    if below != 100:
        raise WrongUsage(N_("The levels of the screening profile end at {upper:g}; they must reach 100."), upper=below)
    if len({band.code for band in profile.bands}) < len(profile.bands):
        raise WrongUsage(N_("Two levels of the screening profile have the same code."))


def _within(value: float, lowest: float, highest: float = math.inf) -> bool:
    """Whether `value` is a finite number in the closed range."""
    return math.isfinite(value) and lowest <= value <= highest


def write(profile: Profile, path: Path) -> None:
    """Write `profile` to `path`; what was there stays whole until the new file is safely on disk.

    WrongUsage when the profile itself cannot be used, CannotWrite when the disk cannot be written.
    """
    check(profile)
    text = json.dumps({"schema": SCHEMA} | _FORM.dump_python(profile, mode="json"), ensure_ascii=False, indent=2)
    try:
        files.replace(path, text + "\n")
    except OSError as error:
        raise CannotWrite(
            N_("The screening profile “{file}” cannot be written: {why}."), file=path.name, why=error.strerror or "?"
        ) from error
