"""Records as JSON text in a column, and the moment that is written beside them."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError


@cache
def _adapter(form: Any) -> TypeAdapter[Any]:
    return TypeAdapter(form)


def encode(form: Any, value: Any) -> str | None:
    """`value`, of the type `form`, as JSON; None stays NULL."""
    return None if value is None else _adapter(form).dump_json(value).decode()


def decode(form: Any, text: str | None) -> Any:
    """What `encode` wrote; ValueError when it cannot be read."""
    if text is None:
        return None
    try:
        return _adapter(form).validate_json(text)
    except ValidationError:
        # Pydantic quotes what it could not read; that may name a child, and this may end in a crash report.
        raise ValueError(f"the library holds what is not a {form}") from None


def now() -> str:
    """ISO 8601 in UTC."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
