"""From values to places on the page: straight, logarithmic, named and dated axes, and where their ticks stand."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from readiness.errors import ModelError
from readiness.report.svg.arrays import sequence
from readiness.report.svg.wording import formatted

_DATE = re.compile(r"^\d{4}-\d{2}(-\d{2})?([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?$")
Tick = tuple[float, str]


def day_of(text: object) -> float:
    """A date as days since 1970.

    Examples
    --------
    >>> day_of("1970-02"), day_of("1970-01-01T12:00")
    (31.0, 0.5)
    """
    if isinstance(text, datetime.datetime):
        moment = text.replace(tzinfo=None)
    elif isinstance(text, datetime.date):
        moment = datetime.datetime(text.year, text.month, text.day)
    else:
        words = str(text).rstrip("Z")
        moment = datetime.datetime.fromisoformat(words + "-01" if len(words) == 7 else words)
    return (moment - datetime.datetime(1970, 1, 1)).total_seconds() / 86400


def kind_of(axis: Mapping[str, Any], values: Iterable[Any]) -> str:
    """What an axis is: as it says, or as its values show: ``linear``, ``log``, ``category`` or ``date``."""
    said = axis.get("type")
    if said in ("linear", "log", "category", "date"):
        return str(said)
    if said not in (None, "-"):
        raise ModelError(f'an axis is of the kind "{said}", which charts on paper do not know')
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, int | float) for value in known):
        return "linear"
    dated = all(isinstance(value, datetime.date) or (isinstance(value, str) and _DATE.match(value)) for value in known)
    if known:
        return "date" if dated else "category"
    return "linear"


class Scale:
    """One axis: where its values stand between two places on the page.

    Parameters
    ----------
    axis
        Plotly's settings of the axis.
    values
        All values that are shown on it, names in the order in which they appear.
    from_zero
        Whether bars stand on it, so that zero must be seen.
    padding
        Share of the range left free at each end.
    """

    def __init__(
        self, axis: Mapping[str, Any], values: Sequence[Any], *, from_zero: bool = False, padding: float = 0.0
    ) -> None:
        self.axis = axis
        self.kind = kind_of(axis, values)
        self.names: list[Any] = []
        if self.kind == "category":
            given = sequence(axis.get("categoryarray"))
            self.names = list(dict.fromkeys([*given, *(value for value in values if value is not None)]))
            if axis.get("categoryorder") == "category ascending":
                self.names.sort(key=str)
        self.low, self.high = self._range(values, from_zero, padding)
        self._shown = sorted((self.low, self.high))
        if axis.get("autorange") == "reversed" and self.low < self.high:
            self.low, self.high = self.high, self.low
        self.start, self.end = 0.0, 1.0

    def between(self, start: float, end: float) -> None:
        """Say where the low and the high end of the axis lie on the page."""
        self.start, self.end = start, end

    def measure(self, value: Any) -> float | None:
        """The value as a number along the axis; nothing for a gap and for what a logarithm does not have."""
        if value is None:
            return None
        if self.kind == "category":
            if isinstance(value, int | float) and value not in self.names:
                return float(value)
            return float(self.names.index(value)) if value in self.names else None
        if self.kind == "date":
            return float(value) if isinstance(value, int | float) else day_of(value)
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                raise ModelError(f'"{value}" stands on an axis of numbers') from None
        if self.kind == "log":
            return math.log10(value) if value > 0 else None
        return float(value)

    def along(self, measure: float) -> float:
        """Place on the page of a number along the axis."""
        span = self.high - self.low or 1.0
        return self.start + (measure - self.low) / span * (self.end - self.start)

    def place(self, value: Any) -> float | None:
        """Place on the page of a value."""
        measure = self.measure(value)
        return None if measure is None else self.along(measure)

    def _range(self, values: Sequence[Any], from_zero: bool, padding: float) -> tuple[float, float]:
        given = sequence(self.axis.get("range"))
        if self.kind == "category":
            low, high = -0.5, max(len(self.names), 1) - 0.5
        else:
            measures = [one for one in map(self.measure, values) if one is not None]
            low, high = (min(measures), max(measures)) if measures else (0.0, 1.0)
            if low == high:
                low, high = low - (abs(low) * 0.1 or 1), high + (abs(high) * 0.1 or 1)
                if from_zero or (self.axis.get("rangemode") and low > 0):
                    low = min(low, 0.0)
            margin = (high - low) * padding
            wants_zero = self.kind == "linear" and (
                from_zero or self.axis.get("rangemode") in ("tozero", "nonnegative")
            )
            if wants_zero:
                low, high = min(low, 0.0), max(high, 0.0)
                margin = (high - low) * padding
                low = low - margin if low < 0 else low
                high = high + margin if high > 0 else high
            else:
                low, high = low - margin, high + margin
        if len(given) == 2:
            # On a logarithmic axis plotly gives the range in powers of ten.
            ends = [None if end is None else float(end) if self.kind == "log" else self.measure(end) for end in given]
            low, high = (low if ends[0] is None else ends[0]), (high if ends[1] is None else ends[1])
        return low, high

    def ticks(self, length: float, gap: float) -> list[Tick]:
        """Ticks as pairs of a number along the axis and a label.

        Parameters
        ----------
        length
            Length of the axis in points.
        gap
            Distance that two labels should keep, in points.
        """
        if "tickvals" in self.axis and self.axis["tickvals"] is not None:
            values = sequence(self.axis["tickvals"])
            words = sequence(self.axis.get("ticktext")) or [self._label(value) for value in values]
            pairs = [(self.measure(value), str(word)) for value, word in zip(values, words, strict=True)]
            return [(one, word) for one, word in pairs if one is not None and self._inside(one)]
        if self.kind == "category":
            return [
                (float(place), self._dressed(str(name))) for place, name in enumerate(self.names) if self._inside(place)
            ]
        most = int(self.axis.get("nticks") or max(2, length / gap))
        if self.kind == "log":
            return self._decades(most)
        if self.kind == "date":
            return self._dates(most)
        return self._steps(most)

    def _inside(self, measure: float) -> bool:
        low, high = sorted((self.low, self.high))
        slack = (high - low) * 1e-9
        return low - slack <= measure <= high + slack

    def _dressed(self, label: str) -> str:
        return f"{self.axis.get('tickprefix') or ''}{label}{self.axis.get('ticksuffix') or ''}"

    def _label(self, value: Any, step: float | None = None) -> str:
        return self._dressed(formatted(value, self.axis.get("tickformat") or None, step=step))

    def _steps(self, most: int) -> list[Tick]:
        low, high = sorted((self.low, self.high))
        step = self.axis.get("dtick")
        step = float(step) if isinstance(step, int | float) and step > 0 else nice_step((high - low) / most)
        first = float(self.axis.get("tick0") or 0.0)
        number = math.ceil((low - first) / step - 1e-9)
        ticks: list[Tick] = []
        while first + number * step <= high + step * 1e-9 and len(ticks) < 200:
            value = round(first + number * step, 12)
            ticks.append((value, self._label(value, step)))
            number += 1
        return ticks

    def _decades(self, most: int) -> list[Tick]:
        low, high = sorted((self.low, self.high))
        powers = range(math.floor(low), math.ceil(high) + 1)
        for digits in ((1, 2, 5), (1, 3), (1,)):
            values = [digit * 10.0**power for power in powers for digit in digits]
            shown = [value for value in values if self._inside(math.log10(value))]
            if len(shown) <= max(most, 3):
                break
        if len(shown) < 2 and high - low < 1:  # less than one decade: ticks as on a straight axis
            step = nice_step((10**high - 10**low) / most)
            values = [step * number for number in range(1, int(10**high / step) + 2)]
            shown = [value for value in values if self._inside(math.log10(value))]
        while len(shown) > most > 1:
            shown = shown[::2]
        return [(math.log10(value), self._label(value)) for value in shown]

    def _dates(self, most: int) -> list[Tick]:
        # Bars widen the axis by half a bar; no date is written where there are no values.
        low, high = self._shown
        origin = datetime.date(1970, 1, 1)
        span = max(high - low, 1.0)
        if span / most < 20:
            step = max(1, math.ceil(span / most))
            step = next(size for size in (1, 2, 7, 14, 28) if size >= step)
            days = [day for day in range(math.ceil(low), math.floor(high) + 1) if (day - math.ceil(low)) % step == 0]
            pattern = self.axis.get("tickformat") or "%-d %b"
        else:
            months = next(
                size for size in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if size * 30.44 >= span / most or size == 1200
            )
            start = origin + datetime.timedelta(days=math.floor(low))
            days, count = [], start.year * 12 + start.month - 1
            while True:
                day = (datetime.date(count // 12, count % 12 + 1, 1) - origin).days
                if day > high + 1e-9:
                    break
                if day >= low - 1e-9 and count % months == 0:
                    days.append(day)
                count += 1
            pattern = self.axis.get("tickformat") or ("%Y" if months >= 12 else "%b %Y")
        return [(float(day), self._dressed(_day(origin, day, pattern))) for day in days]


def _day(origin: datetime.date, day: int, pattern: str) -> str:
    """A date as text; the day of the month without a leading zero also where strftime cannot do it."""
    date = origin + datetime.timedelta(days=day)
    return date.strftime(pattern.replace("%-d", str(date.day)))


def nice_step(rough: float) -> float:
    """The smallest of 1, 2, 2.5, 5 and their tenfolds that is at least as large.

    Examples
    --------
    >>> nice_step(0.13), nice_step(3), nice_step(620)
    (0.2, 5.0, 1000.0)
    """
    if rough <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return next((size * power for size in (1, 2, 2.5, 5) if size * power >= rough * (1 - 1e-9)), 10 * power)
