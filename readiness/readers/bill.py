"""What a bill says, whatever it was read from: money by need and service, and what could not be placed."""

from __future__ import annotations

import fnmatch
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from readiness.errors import DataError, did_you_mean

APART = ("tax", "credit", "refund", "unused", "purchase")
"""Money that is no running cost of a service: taxes, credits, refunds and corrections, commitments that were paid and not
used, and purchases whose cost is already spread over what they cover."""

KINDS = ("managed", "raw")


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the bill.

    Parameters
    ----------
    month
        ``2026-10``, or ``estimate`` for a bill that has no months.
    days_covered, days
        How many of the month's days the bill covers.
    cost
        As billed, without what stands apart.
    cost_completed
        The same over the whole month, by days covered.
    """

    month: str
    days_covered: int
    days: int
    cost: float
    cost_completed: float


@dataclass(frozen=True, slots=True)
class BillLine:
    """What one service cost.

    Parameters
    ----------
    need, service, kind
        What it is for us: ``database``, ``rds``, ``managed``; empty when no rule knows it.
    provider, category, name
        What the bill calls it.
    cost
        The sum over the whole bill, in its currency.
    cost_per_month
        Over whole months: completed by days covered.
    charges
        How many lines of the file.
    """

    need: str
    service: str
    kind: str
    provider: str
    category: str
    name: str
    cost: float
    cost_per_month: float
    charges: int


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill in one currency.

    Parameters
    ----------
    lines, unmapped
        What a rule knows, and what none does, dearest first.
    apart
        Money that is no running cost, by `APART`; the sum over the whole bill.
    basis
        ``effective``, ``billed``, ``estimate`` or ``stated``: which cost was summed.
    unknown
        What costs something that nobody knows yet: usage that was not given, projects that failed.
    """

    currency: str
    basis: str
    months: tuple[Month, ...]
    lines: tuple[BillLine, ...]
    unmapped: tuple[BillLine, ...]
    apart: Mapping[str, float]
    unknown: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def cost_per_month(self) -> float:
        """Running cost of a whole month, mapped or not."""
        return sum(line.cost_per_month for line in (*self.lines, *self.unmapped))

    @property
    def unmapped_share(self) -> float:
        """Share of the money that no rule knows, 0 to 1, by size without sign."""
        known = sum(abs(line.cost) for line in self.lines)
        missed = sum(abs(line.cost) for line in self.unmapped)
        return missed / (known + missed) if known + missed else 0.0

    def cost_per_month_by_need(self) -> dict[str, float]:
        """Need to cost of a whole month, dearest first."""
        return _summed((line.need, line.cost_per_month) for line in self.lines)

    def cost_by_service_name(self) -> dict[str, float]:
        """What the bill calls the service, to its cost over the whole bill; the way to check it against the file."""
        return _summed((line.name, line.cost) for line in (*self.lines, *self.unmapped))


def _summed(parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for name, cost in parts:
        sums[name] = sums.get(name, 0.0) + cost
    return dict(sorted(sums.items(), key=lambda part: -part[1]))


@dataclass(frozen=True, slots=True)
class BillRule:
    """One rule: what is billed so, is this; patterns know ``*`` and ``?`` and no case."""

    need: str
    kind: str
    service: str
    provider: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    name: tuple[str, ...] = ()


class BillRules:
    """Rules in their order; the first that fits counts.

    Examples
    --------
    >>> rules = BillRules([BillRule("database", "managed", "rds", name=("*relational database*",))])
    >>> rules.place("AWS", "Databases", "Amazon Relational Database Service").need
    'database'
    >>> rules.place("AWS", "Other", "Something new") is None
    True
    """

    def __init__(self, rules: Sequence[BillRule]) -> None:
        self.rules = tuple(rules)
        self._tests = [
            (rule, _pattern(rule.provider), _pattern(rule.category), _pattern(rule.name))
            for rule in self.rules
        ]
        self.place = functools.lru_cache(maxsize=8192)(self._place)

    def _place(self, provider: str, category: str, name: str) -> BillRule | None:
        for rule, of_provider, of_category, of_name in self._tests:
            if of_provider.match(provider) and of_category.match(category) and of_name.match(name):
                return rule
        return None


def _pattern(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile(
        "|".join(fnmatch.translate(pattern) for pattern in patterns) or ".*", re.IGNORECASE | re.DOTALL
    )


_RULE_KEYS = ("need", "kind", "service", "provider", "category", "name")


def read_rules(path: Path, *, needs: Iterable[str] | None = None) -> BillRules:
    """The mapping rules of ``bill_rules.yaml``.

    Parameters
    ----------
    needs
        The needs that exist. A rule for another one is an error, unless the file lists it under ``beside``: what costs
        money without being one of our needs.

    Raises
    ------
    DataError
        When the file is no list of rules, a key is unknown, or a rule fits everything.
    """
    from ruamel.yaml import YAML, YAMLError

    try:
        document = YAML(typ="safe", pure=True).load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise DataError(f"cannot be read as YAML: {str(error).splitlines()[0]}", file=path) from error
    if not isinstance(document, Mapping) or not isinstance(document.get("rules"), list):
        raise DataError("has no list called rules", file=path)
    known = None if needs is None else frozenset(needs) | frozenset(_texts(document.get("beside")))
    for key in document:
        if key not in ("rules", "beside"):
            hint = did_you_mean(str(key), ("rules", "beside"))
            raise DataError(f'has the unknown key "{key}"', file=path, hint=hint)
    return BillRules(
        [
            _rule(part, f"rules.{number}", path, known)
            for number, part in enumerate(document["rules"], start=1)
        ]
    )


def _rule(part: Any, place: str, path: Path, needs: frozenset[str] | None) -> BillRule:
    if not isinstance(part, Mapping):
        raise DataError("is not a mapping", file=path, place=place)
    for key in part:
        if key not in _RULE_KEYS:
            raise DataError(
                f'has the unknown key "{key}"',
                file=path,
                place=place,
                hint=did_you_mean(str(key), _RULE_KEYS),
            )
    need, kind = str(part.get("need", "")), str(part.get("kind", ""))
    if not need or (needs is not None and need not in needs):
        raise DataError(
            f'names the need "{need}"', file=path, place=place, hint=did_you_mean(need, needs or ())
        )
    if kind not in KINDS:
        raise DataError(f'is of the kind "{kind}", not managed or raw', file=path, place=place)
    patterns = {key: _texts(part.get(key)) for key in ("provider", "category", "name")}
    if not patterns["category"] and not patterns["name"]:
        raise DataError("fits everything: it has neither a name nor a category", file=path, place=place)
    return BillRule(need, kind, str(part.get("service", "")), **patterns)


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(str(part) for part in value) if isinstance(value, list) else (str(value),)
