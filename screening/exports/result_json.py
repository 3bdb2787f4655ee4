"""`result.json`: the whole result, enough to repeat the run. One JSON Schema, versioned; old files stay readable."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from screening import exports
from screening.errors import N_, WrongUsage
from screening.records import Result

SCHEMA = 2  # 1: the region was one box, or null
_ADAPTER = TypeAdapter(Result)


def write(result: Result, path: Path) -> None:
    """Write `result`; raises CannotWrite."""
    text = _ADAPTER.dump_json(result).decode()
    exports.replace(path, lambda file: file.write(text + "\n"))


def read(path: Path) -> Result:
    """Read a result file of this schema version or an older one; raises WrongUsage."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise WrongUsage(N_("“{name}” is not a result file of ViScreen."), name=path.name) from error
    version = data.get("schema") if isinstance(data, dict) else None
    if isinstance(version, int) and version > SCHEMA:
        raise WrongUsage(N_("“{name}” was written by a newer ViScreen. Update this one to read it."), name=path.name)
    try:
        return _ADAPTER.validate_python(_brought_up(data))
    except ValidationError as error:
        raise WrongUsage(
            N_("“{name}” is damaged: {where} is not as a result file has it."),
            name=path.name,
            where=".".join(str(part) for part in error.errors()[0]["loc"]) or "—",
        ) from error


def _brought_up(data: Any) -> Any:
    """`data` in the form of this schema version."""
    if not isinstance(data, dict) or data.get("schema") != 1:
        return data
    box = data.get("region")
    track = {"boxes": [{"time_s": 0.0, "region": box}]} if box is not None else None
    return data | {"schema": SCHEMA, "region": track}


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of what `write` writes."""
    return _ADAPTER.json_schema(mode="serialization")
