"""Dates as people and exports write them; a date that could be two days is said to be so."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

_SLASHED = re.compile(
    r"^(\d{1,4})[/.](\d{1,2})[/.](\d{1,4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp]\.?[Mm]\.?)?)?\s*(.*)$"
)
_OFFSETS = {"utc": 0, "gmt": 0, "z": 0, "cet": 60, "cest": 120, "bst": 60, "est": -300, "edt": -240, "cst": -360,
            "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "ist": None}  # fmt: skip
"""Minutes east of Greenwich; IST is Indian, Irish or Israeli time, so it is refused."""
EARLIEST, LATEST = 1990, 2100


def moment(text: str, *, zone: tzinfo = UTC, day_first: bool | None = None) -> tuple[datetime, str]:
    """A moment in UTC and a remark about how it was read (empty when there is nothing to remark).

    Parameters
    ----------
    zone
        The zone of a text that names none.
    day_first
        How to read 3/4/25. Without it: the month first, as FOCUS exports do, with a remark.

    Raises
    ------
    ValueError
        With the reason as its only argument.

    Examples
    --------
    >>> moment("2024-09-18 23:00:00")[0].isoformat()
    '2024-09-18T23:00:00+00:00'
    >>> moment("2024-09-19T01:00+02:00")[0].isoformat()
    '2024-09-18T23:00:00+00:00'
    >>> moment("5/1/25")
    (datetime.datetime(2025, 5, 1, 0, 0, tzinfo=datetime.timezone.utc), 'could be two dates; read as month/day')
    """
    text = text.strip()
    if len(text) > 60:
        raise ValueError("is no date")
    remark = ""
    named: tzinfo | None = None
    base, _, last = text.rpartition(" ")
    if base and last.lower() in _OFFSETS:
        minutes = _OFFSETS[last.lower()]
        if minutes is None:
            raise ValueError(
                f"names the zone {last}, which several countries use; write +05:30, +01:00 or +02:00"
            )
        text, named = base, timezone(timedelta(minutes=minutes))
    match = _SLASHED.match(text)
    try:
        if match:
            found, remark = _slashed(match, day_first)
        else:
            found = datetime.fromisoformat(re.sub(r"\s+([+-]\d{2}:?\d{2})$", r"\1", text))
    except ValueError as error:
        raise ValueError(
            "is no date that can be read; write 2026-11-23 14:02 or 2026-11-23T14:02Z"
        ) from error
    if not EARLIEST <= found.year <= LATEST:
        raise ValueError(f"is in the year {found.year}")
    if found.tzinfo is None:
        found = found.replace(tzinfo=named or zone)
    return found.astimezone(UTC), remark


def _slashed(match: re.Match[str], day_first: bool | None) -> tuple[datetime, str]:
    first, second, third = (int(match[place]) for place in (1, 2, 3))
    remark = ""
    if len(match[1]) == 4:
        year, month, day = first, second, third
    else:
        year = third + 2000 if third < 100 else third
        if "." in match[0][:6] or (day_first and second <= 12) or first > 12:
            day, month = first, second
        else:
            month, day = first, second
            if day_first is None and second <= 12 and first != second:
                remark = "could be two dates; read as month/day"
    hour, minute, second_ = (int(match[place] or 0) for place in (4, 5, 6))
    if match[7]:
        hour = hour % 12 + (12 if match[7][0] in "pP" else 0)
    if match[8].strip().lower() not in ("", "z"):
        raise ValueError("trailing text")
    zone = UTC if match[8].strip() else None
    return datetime(year, month, day, hour, minute, second_, tzinfo=zone), remark


def days_in_month(year: int, month: int) -> int:
    """The number of days of a month."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - date(year, month, 1)).days
