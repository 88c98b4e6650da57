"""Numbers and names out of a plotly figure, whichever way plotly wrote them."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from readiness.errors import ModelError

_KINDS = {"i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"}


def sequence(value: Any) -> list[Any]:
    """A plain list, nested when the array has two axes; NaN and infinities are gaps.

    Parameters
    ----------
    value
        A list, a numpy array, or plotly's typed array: a mapping of ``dtype``, ``bdata`` (base64) and ``shape``.

    Raises
    ------
    ModelError
        When it is none of these.

    Examples
    --------
    >>> sequence({"dtype": "f8", "bdata": "AAAAAAAA+D8AAAAAAAAEQA=="})
    [1.5, 2.5]
    """
    if value is None:
        return []
    if isinstance(value, Mapping) and "bdata" in value:
        value = _typed(value)
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, list | tuple):
        raise ModelError(f"a chart needs a list of values, not {type(value).__name__}")
    return [_gap(one) for one in value]


def _gap(one: Any) -> Any:
    """The value, or nothing where there is no finite number."""
    if isinstance(one, list | tuple | np.ndarray):
        return [_gap(inner) for inner in (one.tolist() if isinstance(one, np.ndarray) else one)]
    if isinstance(one, np.generic):
        one = one.item()
    return None if isinstance(one, float) and not math.isfinite(one) else one


def _typed(value: Mapping[str, Any]) -> np.ndarray:
    kind = str(value.get("dtype", ""))
    if kind not in _KINDS:
        raise ModelError(f'a typed array is of the kind "{kind}", which is not known')
    array = np.frombuffer(base64.b64decode(value["bdata"]), dtype=np.dtype(f"<{kind}"))
    shape = value.get("shape")
    if not shape:
        return array
    return array.reshape([int(side) for side in str(shape).split(",")])


def each(value: Any, count: int) -> list[Any]:
    """One value for each point: a list as it is, a single value repeated.

    Examples
    --------
    >>> each("#17365d", 2)
    ['#17365d', '#17365d']
    """
    if isinstance(value, list | tuple | np.ndarray) or (isinstance(value, Mapping) and "bdata" in value):
        values = sequence(value)
        return (values + [None] * count)[:count]
    return [value] * count


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Two nested mappings as one, the second before the first.

    Examples
    --------
    >>> merged({"font": {"size": 12, "color": "black"}}, {"font": {"size": 9}})
    {'font': {'size': 9, 'color': 'black'}}
    """
    whole = dict(under)
    for key, value in over.items():
        below = whole.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping) and "bdata" not in value:
            whole[key] = merged(below, value)
        elif value is not None:
            whole[key] = value
    return whole
