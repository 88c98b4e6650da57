"""The shape of every file in `data/` and of a bank; strict, so that a slip of the pen is an error with a guess."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from readiness.assumptions import NUMBERS, OPTION_NUMBERS, Evidence, Number, Quantity

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=48)]
Line = Annotated[str, StringConstraints(min_length=3, max_length=400, strip_whitespace=True)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=110, strip_whitespace=True)]
Share = Annotated[float, Field(ge=0, le=1)]
Stage = Literal["pre_revenue", "early", "growth", "scale"]
Redundancy = Literal["single", "pair", "multi_zone", "multi_region", "serverless"]


class Strict(BaseModel):
    """Frozen, unknown keys refused, no NaN or infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=False)


class Range(Strict):
    """Low, likely and high: the 5th, 50th and 95th percentiles."""

    low: float
    likely: float
    high: float

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.likely <= self.high:
            raise ValueError(f"low {self.low:g}, likely {self.likely:g}, high {self.high:g} are not in this order")
        return self


class Sourced(Range):
    """A range with its source, date and evidence class."""

    source: Line
    as_of: date | None = None
    evidence: Evidence

    def quantity(self, unit: str) -> Quantity:
        return Quantity(self.low, self.likely, self.high, unit, self.source, self.as_of, self.evidence)


class MoveData(Sourced):
    """One change of one number, as data: ``set`` a number, or ``scale`` a named part of it ``by`` a range."""

    set: str | None = None
    scale: str | None = None
    part: Word | None = None
    cap: float | None = Field(default=None, gt=0, le=1, description="the part is never scaled below this, whatever else scales it")
    why: Line | None = None

    @model_validator(mode="before")
    @classmethod
    def _unfold_by(cls, given: Any) -> Any:
        if isinstance(given, dict) and "by" in given:
            if "low" in given:
                raise ValueError('gives both "by" and "low"; a move that scales has "by", one that sets has "low, likely, high"')
            by = given["by"]
            given = {k: v for k, v in given.items() if k != "by"}
            given |= dict(by) if isinstance(by, dict) else {"low": by, "likely": by, "high": by}
        return given

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.set is None) == (self.scale is None):
            raise ValueError('has to name one number: either "set" or "scale"')
        name = self.target
        known = NUMBERS.get(name) or OPTION_NUMBERS.get(name)
        if known is None:
            from readiness.errors import did_you_mean

            guess = did_you_mean(name, [*NUMBERS, *OPTION_NUMBERS])
            raise ValueError(f'"{name}" is not a number the workbook knows' + (f"; {guess}" if guess else ""))
        if self.scale is not None:
            self._check_scale(known)
        elif self.part or self.cap:
            raise ValueError('"part" and "cap" belong to moves that scale')
        else:
            check_bounds(known, self.low, self.high)
        return self

    def _check_scale(self, known: Number) -> None:
        if known.parts and self.part not in known.parts:
            raise ValueError(f"scales {known.name}, so it names one of its parts: {', '.join(known.parts)}")
        if not known.parts and self.part is not None:
            raise ValueError(f'"{known.name}" has no parts')
        if self.cap is None:
            raise ValueError('scales a number, so it needs a "cap": published effects are correlations, never multiplied up without end')
        if self.low <= 0:
            raise ValueError("scales by a factor, which is more than 0")

    @property
    def target(self) -> str:
        return self.set or self.scale or ""


def check_bounds(known: Number, low: float, high: float) -> None:
    """Raise ValueError when a range cannot be a value of this number."""
    if known.kind == "share" and not (0 <= low <= high <= 1):
        raise ValueError(f"{known.name} is a share and lies between 0 and 1, not {low:g} to {high:g}")
    if known.kind == "share" and low != high and (low == 0 or high == 1):
        raise ValueError(f"{known.name} is a share with a range: it may come near 0 or 1 but only a constant reaches them")
    if known.kind == "positive" and (low < 0 or (low == 0 and high > 0)):
        raise ValueError(f"{known.name} varies by ratios, so its low end is more than 0, not {low:g}")


class Incident(Strict):
    """Where it went wrong for somebody, publicly."""

    who: Short
    year: int = Field(ge=1990, le=2100)
    what: Line
    link: str = Field(pattern=r"^https://[^\s@]+$", max_length=300)


class Answer(Strict):
    """One observable state."""

    id: Word
    text: Short
    level: int = Field(ge=0, le=4)
    share: Range
    moves: tuple[MoveData, ...] = ()
    needs_reason: bool = Field(default=False, description='for "decided against": reason and owner are asked for')


class Remedy(Strict):
    """What it takes to come from anywhere below to the answer ``to``."""

    to: Word
    hours: Range
    cost_per_month: Range | None = None
    lead_weeks: float = Field(ge=0, le=104)
    needs: tuple[Word, ...] = Field(default=(), description="practices that have to stand first, at least at level 2")
    source: Line


class AppliesWhen(Strict):
    """When to ask: every condition that is given has to hold."""

    any_tier: tuple[Word, ...] = Field(default=(), description="needs of which one tier has to have one")
    run_by_client: bool = Field(default=False, description="at least one such tier (or any tier) is run by the client")
    stages: tuple[Stage, ...] = ()
    redundant: bool = Field(default=False, description="at least one tier has more than one copy")
    profiles: tuple[Word, ...] = ()


class Practice(Strict):
    """One question of the workshop."""

    id: Word
    dimension: Word
    title: Short
    question: Line
    why: Line
    evidence: Line
    answers: tuple[Answer, ...] = Field(min_length=2, max_length=5)
    remedies: tuple[Remedy, ...] = ()
    applies_when: AppliesWhen = AppliesWhen()
    required_from: dict[Word, Share] = Field(default={}, description="below this answer a promise from this SLO up is not credible")
    incidents: tuple[Incident, ...] = ()
    see_also: dict[Word, str] = {}
    weight: float = Field(default=1.0, gt=0, le=5)
    higher_level_costs_more: Line | None = Field(default=None, description="why a better answer may raise the yearly loss")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [answer.id for answer in self.answers]
        if len(set(ids)) < len(ids):
            raise ValueError(f"two answers of {self.id} have the same id")
        total = sum(answer.share.likely for answer in self.answers)
        if abs(total - 1) > 1e-6:
            raise ValueError(f"the likely shares of the answers add up to {total:g}, not to 1")
        for word in [*self.required_from, *(remedy.to for remedy in self.remedies)]:
            if word not in ids:
                raise ValueError(f'"{word}" is not an answer of {self.id}; its answers are {", ".join(ids)}')
        return self

    def answer(self, answer_id: str) -> Answer:
        return next(answer for answer in self.answers if answer.id == answer_id)


class Dimension(Strict):
    """One of the twelve."""

    id: Word
    title: Short
    question: Line
    from_source: Literal["getting started and production ready", "panel of practitioners", "both"]


class Cause(Strict):
    """A cause of bad minutes: rate x reach x duration, from products and sums of numbers."""

    id: Word
    title: Short
    rate: tuple[str, ...] = Field(min_length=1, description="numbers that multiply to a rate")
    per: Literal["month", "year"] = "year"
    reach: tuple[str, ...]
    minutes: tuple[str, ...] = Field(description="numbers that add up to the minutes of one; hours are converted")
    repeats: bool = Field(default=True, description="whether repeat_incident_share adds to its rate")
    planned: bool = False
    woken: bool = Field(default=True, description="whether it costs hours_per_incident")
    source: Line


class MoneyLine(Strict):
    """A line of hours or cash or expected loss: a product of numbers."""

    id: Word
    title: Short
    column: Literal["cash", "hours", "loss"]
    product: tuple[str, ...] = Field(min_length=1)
    per: Literal["month", "year"] = "year"
    source: Line


class Gate(Strict):
    """When a way cannot be taken, or costs a surcharge."""

    on: Literal["residency", "region", "version", "extensions", "latency", "size", "departure", "compliance"]
    effect: Literal["block", "surcharge"]
    when: tuple[Word, ...] = Field(min_length=1, description="constraints of the tier or the client that trigger it")
    reason: Line
    would_change: Line
    surcharge_share: Range | None = None


class PriceLine(Strict):
    """One line of the bill of a way."""

    sku: str = Field(description="provider/sku of prices.csv")
    per: Literal["copy", "gigabyte", "million", "flat", "egress_gigabyte", "seat"]
    quantity: float = Field(default=1, gt=0)
    free: float = Field(default=0, ge=0)
    note: Line | None = None


class Way(Strict):
    """One way to get what a tier needs."""

    id: Word
    title: Short
    run_by: Literal["client", "provider"]
    redundancy: Redundancy
    copies: int = Field(default=1, ge=1, le=99)
    needed: int = Field(default=1, ge=1, le=99)
    zones: int = Field(default=1, ge=1, le=9)
    regions: int = Field(default=1, ge=1, le=9)
    provider: Word
    plan: Short | None = None
    skills: tuple[Word, ...] = Field(default=(), description="skill sets the team needs to run it")
    numbers: dict[str, Sourced]
    price_lines: tuple[PriceLine, ...] = ()
    price_unknown: Line | None = Field(default=None, description="why no price is shown; the client is asked")
    sla: str | None = Field(default=None, description="id in slas.csv")
    capacity_per_copy: float | None = Field(default=None, gt=0, description="requests per second one copy carries")
    capacity_source: Line | None = None
    fills: tuple[Word, ...] = Field(default=(), description="for a bundle: all needs it fills with one bill and one failure")
    gates: tuple[Gate, ...] = ()
    note: Line | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.needed > self.copies:
            raise ValueError(f"needs {self.needed} of {self.copies} copies")
        for name, value in self.numbers.items():
            known = OPTION_NUMBERS.get(name)
            if known is None:
                from readiness.errors import did_you_mean

                guess = did_you_mean(name, OPTION_NUMBERS)
                raise ValueError(f'"{name}" is not a number of an option' + (f"; {guess}" if guess else ""))
            check_bounds(known, value.low, value.high)
        if not self.price_lines and not self.price_unknown and "cash_per_month" not in self.numbers:
            raise ValueError('has neither price_lines nor cash_per_month; say why in "price_unknown"')
        return self


class Service(Strict):
    """A need and the ways to fill it."""

    need: Word
    title: Short
    what: Line
    serves_requests: bool = Field(default=True, description="False for a pipeline, a pager: its loss harms users only indirectly")
    reach_when_down: Sourced = Field(description="share of users harmed while a tier of this need is down")
    ways: tuple[Way, ...] = Field(min_length=1)

    def way(self, way_id: str) -> Way:
        return next(way for way in self.ways if way.id == way_id)


class ScenarioEffect(Strict):
    """What a scenario does when it happens."""

    reach: Sourced
    minutes: tuple[str | float, ...] = Field(description="numbers (or minutes) that add up until users are served")
    data_lost_hours: Sourced | None = None
    cash: Sourced | None = None
    hours: Sourced | None = None
    load_factor: float | None = Field(default=None, gt=0)
    over_minutes: float | None = Field(default=None, gt=0)
    people_tickets_per_hour: Sourced | None = None


class Scenario(Strict):
    """An extreme situation."""

    id: Word
    title: Short
    story: Line
    chance_per_year: Sourced
    needs: tuple[Word, ...] = Field(default=(), description="needs of tiers it hits; none means all")
    effect: ScenarioEffect
    moves: tuple[MoveData, ...] = ()
    eased_by: tuple[Word, ...] = Field(default=(), description="practices that carry it")
    ends_company: bool = False


class ArchetypeTier(Strict):
    name: Word
    need: Word
    way: Word
    copies: int = 1


class Archetype(Strict):
    """A starting point for an intake."""

    id: Word
    title: Short
    what: Line
    stage: Stage
    provider: Word
    region: Short
    departure: Literal["new", "cloud", "on_premises"]
    tiers: tuple[ArchetypeTier, ...] = Field(min_length=1)
    dependencies: tuple[dict[str, Any], ...] = ()
    answers: dict[Word, Word] = Field(default={}, description="answers such a shop usually gives; shown as defaults, not as facts")


class Profile(Strict):
    """A bank's leaning for an industry or a stage."""

    id: Word
    title: Short
    weights: dict[Word, float] = {}
    required_from: dict[Word, dict[Word, Share]] = {}
    not_asked: tuple[Word, ...] = ()
