"""Infracost's ``breakdown --format json``: what the infrastructure code would cost, before any bill exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from readiness.errors import ImportFileError
from readiness.readers.bill import APART, Bill, BillLine, BillRules, Month
from readiness.readers.opening import read_json

DEEPEST_RESOURCE = 20


def read_infracost(path: Path, rules: BillRules) -> Bill:
    """Read an estimate.

    Returns
    -------
    One line per type of resource. What depends on usage that was not given is listed as unknown, never taken as zero;
    so is a project that could not be priced.

    Raises
    ------
    ImportFileError
        When the file is no Infracost breakdown.

    Notes
    -----
    Infracost 0.10, ``"version": "0.2"``: numbers are texts, null is unknown, resources nest. Only ``breakdown`` is read,
    not ``pastBreakdown`` and ``diff``. Our sum over the components is checked against the file's own total.
    """
    path = Path(path)
    document, faults = read_json(path, tolerate=True)
    projects = document.get("projects") if isinstance(document, Mapping) else None
    if not isinstance(projects, list):
        hint = "make it with: infracost breakdown --format json"
        raise ImportFileError("is JSON, but no Infracost breakdown", file=path, hint=hint)
    warnings = list(faults)
    currency = document.get("currency")
    if not isinstance(currency, str) or not currency:
        currency = "USD"
        warnings.append("names no currency; USD is what Infracost assumes")
    unknown: list[str] = []
    sums: dict[str, list[Any]] = {}
    for number, project in enumerate(projects, start=1):
        total = _project(project, f"project {number}", sums, unknown, warnings, path)
        stated = _amount(_within(project, "breakdown").get("totalMonthlyCost"), path)
        if stated is not None and abs(stated - total) > max(Decimal("0.01"), abs(stated) / 1000):
            words = f"the parts add up to {total:,.2f}, the file says {stated:,.2f}"
            warnings.append(f"{_name(project, number)}: {words}")
    for kind, count in _within(_within(document, "summary"), "unsupportedResourceCounts").items():
        unknown.append(f"{kind}: {count} resource(s) that Infracost cannot price")
    return _bill(sums, currency.upper(), rules, unknown, warnings)


def _within(parent: Any, name: str) -> Mapping[str, Any]:
    child = parent.get(name) if isinstance(parent, Mapping) else None
    return child if isinstance(child, Mapping) else {}


def _name(project: Any, number: int) -> str:
    name = project.get("displayName") or project.get("name") if isinstance(project, Mapping) else None
    return str(name)[:120] if name else f"project {number}"


def _amount(value: Any, path: Path) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        amount = Decimal(str(value)[:60])
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount.adjusted() > 14:
        raise ImportFileError(
            f"contains the cost {str(value)[:40]!r}, which is no amount of money", file=path
        )
    return amount


def _project(
    project: Any, place: str, sums: dict[str, list[Any]], unknown: list[str], warnings: list[str], path: Path
) -> Decimal:
    number = int(place.split()[-1])
    name = _name(project, number)
    errors = _within(project, "metadata").get("errors")
    if errors:
        unknown.append(f"{name}: could not be priced, its total of 0 is no zero")
        warnings.append(f"{name}: failed in Infracost")
    resources = _within(project, "breakdown").get("resources")
    total = Decimal(0)
    for resource in resources if isinstance(resources, list) else []:
        if not isinstance(resource, Mapping):
            raise ImportFileError("contains a resource that is none", file=path, place=place)
        kind = str(
            resource.get("resourceType") or str(resource.get("name", "")).rpartition(".")[0] or "unnamed"
        )
        kind = kind.rpartition(".")[2][:120]
        place_of_kind = sums.setdefault(kind, [Decimal(0), 0])
        for label, cost in _components(resource, path, 0):
            if cost is None:
                unknown.append(f"{label[:160]}: depends on usage that was not given")
            else:
                place_of_kind[0] += cost
                total += cost
        place_of_kind[1] += 1
    return total


def _components(resource: Mapping[str, Any], path: Path, depth: int) -> Iterator[tuple[str, Decimal | None]]:
    if depth > DEEPEST_RESOURCE:
        raise ImportFileError(f"nests resources deeper than {DEEPEST_RESOURCE} levels", file=path)
    name = str(resource.get("name", ""))
    for component in resource.get("costComponents") or ():
        if isinstance(component, Mapping):
            yield f"{name}: {component.get('name', '')}", _amount(component.get("monthlyCost"), path)
    for child in resource.get("subresources") or ():
        if isinstance(child, Mapping):
            for label, cost in _components(child, path, depth + 1):
                yield f"{name} / {label}", cost


def _bill(
    sums: Mapping[str, list[Any]], currency: str, rules: BillRules, unknown: list[str], warnings: list[str]
) -> Bill:
    lines: list[BillLine] = []
    unmapped: list[BillLine] = []
    for kind, (cost, count) in sums.items():
        provider = {"aws": "AWS", "azurerm": "Microsoft", "google": "Google Cloud"}.get(
            kind.partition("_")[0], ""
        )
        rule = rules.place(provider, "", kind)
        place = (rule.need, rule.service, rule.kind) if rule else ("", "", "")
        line = BillLine(*place, provider, "", kind, float(cost), float(cost), count)
        (lines if rule else unmapped).append(line)
    lines.sort(key=lambda line: (-abs(line.cost), line.name))
    unmapped.sort(key=lambda line: (-abs(line.cost), line.name))
    total = float(sum((cost for cost, _ in sums.values()), Decimal(0)))
    month = Month("estimate", 30, 30, total, total)
    apart = dict.fromkeys(APART, 0.0)
    return Bill(
        currency,
        "estimate",
        (month,),
        tuple(lines),
        tuple(unmapped),
        apart,
        tuple(dict.fromkeys(unknown)),
        tuple(warnings),
    )
