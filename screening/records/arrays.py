"""Arrays that can be written to and read from JSON."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import PlainSerializer, PlainValidator, WithJsonSchema


def _array(dtype: type, schema: dict[str, Any], digits: int | None = None) -> tuple[Any, ...]:
    def read(value: Any) -> NDArray[Any]:
        array: NDArray[Any] = np.asarray(value, dtype=dtype)
        array.flags.writeable = False
        return array

    def write(array: NDArray[Any]) -> list[Any]:
        # Six decimals hold a probability or a time far more finely than anything that is decided from it.
        return list((np.round(array.astype(np.float64), digits) if digits is not None else array).tolist())

    return PlainValidator(read), PlainSerializer(write), WithJsonSchema(schema)


_ROWS = {"type": "array", "items": {"type": "array", "items": {"type": "number"}}}
_FLAGS = {"type": "array", "items": {"type": "boolean"}}

Times = Annotated[NDArray[np.float64], *_array(np.float64, _ROWS, 6)]
Probabilities = Annotated[NDArray[np.float32], *_array(np.float32, _ROWS, 6)]
Flags = Annotated[NDArray[np.bool_], *_array(np.bool_, _FLAGS)]
