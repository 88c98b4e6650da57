"""The facts that are asked in the intake and before it: each with its place in the client's file, unit and bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from readiness.assumptions import NUMBERS
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.engagement.store import value_at
from readiness.text import Ledger, per_cent

Kind = Literal["text", "number", "range", "choice", "long", "yes"]
STAGES = (("pre_revenue", "before revenue"), ("early", "early: first customers"), ("growth", "growth"), ("scale", "scale"))
PROMISES = ("0.99", "0.995", "0.999", "0.9995", "0.9999", "0.99999")
WINDOWS = (("calendar_month", "a calendar month"), ("30_days", "30 days"), ("quarter", "a quarter"), ("year", "a year"))


@dataclass(frozen=True, slots=True)
class Field:
    """One fact.

    Parameters
    ----------
    address
        Where it stands in the client's file.
    scale
        What is shown is the stored value times this: 100 shows a share in per cent.
    assumption
        The number of the workbook that is used while nobody knows.
    first
        Whether it belongs to the short intake.
    prework
        Whether nobody knows it on the spot, so that it is asked before.
    """

    address: str
    label: str
    kind: Kind
    unit: str = ""
    group: str = "client"
    hint: str = ""
    scale: float = 1.0
    assumption: str = ""
    first: bool = False
    prework: bool = False
    required: bool = False


FIELDS = (
    Field("client.name", "Client", "text", required=True, first=True),
    Field("client.industry", "Industry", "text", required=True),
    Field("client.currency", "Currency", "text", "three letters", first=True, required=True, hint="all money is in it"),
    Field("client.locale", "Numbers written as in", "text", "such as en, de or fr_CH", required=True, hint="signs of thousands and decimals in the report"),
    Field("stage", "Stage", "choice", first=True, required=True, hint="chooses the defaults of what nobody knows"),
    Field(
        "journeys.0.title", "What users do", "text", group="promise", required=True, hint="the journey the promise is about, such as: Customers buy"
    ),
    Field("journeys.0.promise.slo", "Promise", "choice", group="promise", first=True, required=True, hint="share of the window in which it works"),
    Field("journeys.0.promise.window", "Promised over", "choice", group="promise", required=True),
    Field("journeys.0.promise.counts_as_down", "Counts as down", "text", group="promise", required=True),
    Field(
        "journeys.0.promise.credits",
        "SLA credits",
        "text",
        group="promise",
        hint="such as <0.999:0.10;<0.99:0.25 of the monthly fee; empty for none",
        prework=True,
        required=True,
    ),
    Field(
        "journeys.0.promise.monthly_fee",
        "Fee the credits are reckoned from",
        "number",
        "{currency} a month",
        group="promise",
        prework=True,
        required=True,
    ),
    Field(
        "journeys.0.promise.rto_hours",
        "Back in service within (RTO)",
        "number",
        "hours",
        group="promise",
        prework=True,
        hint="after the worst; what was agreed, not what is hoped",
    ),
    Field("journeys.0.promise.rpo_hours", "Lose at most the last (RPO)", "number", "hours of data", group="promise", prework=True),
    Field(
        "money.revenue_per_year",
        "Revenue",
        "number",
        "{currency} a year",
        group="money",
        first=True,
        prework=True,
        assumption="revenue_per_hour",
        hint="that depends on this product",
    ),
    Field(
        "money.revenue_per_hour",
        "Revenue an hour",
        "range",
        "{currency} an hour",
        group="money",
        hint="instead of revenue a year, when it is known better",
        prework=True,
    ),
    Field("money.lost_share", "Of it lost for good in an outage", "range", "%", group="money", scale=100, assumption="lost_share"),
    Field(
        "money.loaded_rate_per_hour",
        "An engineer's hour, all in",
        "range",
        "{currency}",
        group="money",
        first=True,
        assumption="loaded_rate_per_hour",
    ),
    Field(
        "money.contract_value_at_stake_per_year",
        "Contracts that a broken promise endangers",
        "range",
        "{currency} a year",
        group="money",
        prework=True,
        assumption="contract_value_at_stake_per_year",
    ),
    Field(
        "money.cloud_budget_per_month",
        "Cloud bill",
        "number",
        "{currency} a month",
        group="money",
        first=True,
        prework=True,
        hint="the last full month",
    ),
    Field("money.customers", "Paying customers", "number", "", group="money", prework=True),
    Field("demand.mean_per_second", "Requests on average", "number", "a second", group="demand", prework=True),
    Field(
        "demand.peak_per_second",
        "Requests at the peak",
        "number",
        "a second",
        group="demand",
        first=True,
        prework=True,
        hint="the busiest minute of the last month",
    ),
    Field(
        "demand.growth_per_year", "Growth", "number", "% a year", group="demand", scale=100, first=True, required=True, hint="100 doubles in a year"
    ),
    Field("demand.extreme.story", "The most extreme thing that could happen", "long", group="demand", required=True),
    Field("demand.extreme.factor", "It brings", "number", "times the usual peak", group="demand", required=True),
    Field("demand.extreme.over_minutes", "Within", "number", "minutes", group="demand", required=True),
    Field("team.engineers", "Engineers", "number", "people", group="team", first=True),
    Field("team.on_call_people", "On call", "number", "people", group="team", prework=True),
    Field("team.spare_hours_per_month", "Hours the team can spare", "number", "hours a month", group="team", first=True),
    Field(
        "history.remembered.outages_in_twelve_months",
        "Outages in the last twelve months",
        "number",
        "",
        group="history",
        prework=True,
        hint="these three belong together",
    ),
    Field("history.remembered.typical_minutes", "A typical one lasted", "number", "minutes", group="history", prework=True),
    Field("history.remembered.worst_minutes", "The worst one lasted", "number", "minutes", group="history", prework=True),
)
BY_ADDRESS = {one.address: one for one in FIELDS}
TOGETHER = {"history.remembered": tuple(f.address for f in FIELDS if f.address.startswith("history.remembered."))}
GROUPS = (
    ("client", "The client"),
    ("promise", "The promise"),
    ("money", "Money"),
    ("demand", "Demand"),
    ("team", "Team"),
    ("history", "What happened in the last twelve months"),
)


def options(field: Field, engagement: Engagement) -> list[dict[str, str]]:
    """What can be chosen, and what stands there already."""
    if field.address == "stage":
        return [{"id": word, "text": text} for word, text in STAGES]
    if field.address.endswith(".window"):
        return [{"id": word, "text": text} for word, text in WINDOWS]
    held = f"{engagement.journeys[0].promise.slo:.10g}"
    return [{"id": text, "text": f"{float(text) * 100:.10g} %"} for text in sorted({*PROMISES, held}, key=float)]


def shown(field: Field, raw: Mapping[str, Any], engagement: Engagement) -> Any:
    """The value as a form shows it: scaled, a choice as its id, None when nobody knows."""
    value = value_at(raw, field.address)
    if value is None and field.required:
        value = _from_schema(engagement, field.address)
    if value is None or field.kind in ("text", "long", "yes"):
        return value
    if field.kind == "choice":
        return f"{value:.10g}" if isinstance(value, int | float) else value
    if isinstance(value, Mapping):
        return {part: _plain(value[part] * field.scale) for part in ("low", "likely", "high") if part in value}
    return _plain(float(value) * field.scale) if isinstance(value, int | float) else None


def stored(field: Field, value: Any, *, who: str = "", on: str = "") -> Any:
    """What a form handed back as it stands in the client's file."""
    if value is None or value == "":
        return "" if field.required and field.kind in ("text", "long") else None
    if field.kind == "choice" and field.address.endswith(".slo"):
        return float(value)
    if field.kind == "range":
        parts = value if isinstance(value, Mapping) else {"low": value, "likely": value, "high": value}
        held = {part: _back(parts[part], field) for part in ("low", "likely", "high")}
        return held | {"source": f"said by {who}" if who else "said in the workshop", "evidence": "estimated"} | ({"on": on} if on else {})
    if field.kind == "number":
        return _plain(_back(value, field))
    return value


def _back(value: Any, field: Field) -> float:
    return round(float(value) / field.scale, 12)


def _plain(value: float) -> float | int:
    tidy = round(value, 9)
    return int(tidy) if float(tidy).is_integer() and abs(tidy) < 1e15 else tidy


def _from_schema(engagement: Engagement, address: str) -> Any:
    place: Any = engagement
    for step in address.split("."):
        place = place[int(step)] if isinstance(place, tuple) else getattr(place, step, None)
    return place


def assumed(field: Field, catalog: Catalog, engagement: Engagement) -> str:
    """What is reckoned with while nobody knows, in words."""
    found = catalog.default(field.assumption, engagement.stage) if field.assumption else None
    if found is None:
        return ""
    if field.address == "money.revenue_per_year":
        return Ledger(engagement.client.currency).range(found.low * 8760, found.high * 8760, "money", id=field.assumption)
    if found.unit == "share":
        return f"{per_cent(found.low)} to {per_cent(found.high)}"
    return Ledger(engagement.client.currency).range(found.low, found.high, NUMBERS[field.assumption].unit, id=field.assumption)


def described(field: Field, catalog: Catalog, engagement: Engagement) -> dict[str, Any]:
    """A field as a sheet shows it."""
    return {
        "key": field.address, "label": field.label, "kind": field.kind, "unit": field.unit.replace("{currency}", engagement.client.currency), "hint": field.hint,
        "may_be_unknown": not field.required, "assumed": assumed(field, catalog, engagement), "options": options(field, engagement) if field.kind == "choice" else [],
    }  # fmt: skip
