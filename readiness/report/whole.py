"""The whole assessment as plain data with a published schema: what JSON, XLSX and the manifest are made from."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Named = Annotated[str, Field(description="name of a number, a figure or a line")]


class Plain(BaseModel):
    """Frozen; unknown keys, NaN and infinity refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Versions(Plain):
    """What the report was made from and with."""

    schema_version: Literal[1] = 1
    workbook: str
    catalog: str = Field(description="digest of the data")
    engagement: str = Field(description="digest of the client's state; empty when it is not from a file")
    journal: str = Field(description="digest of the audit log")
    draws: int


class Range(Plain):
    """The mean over the common draws with its 5th, 50th and 95th percentile."""

    mean: float
    low: float
    median: float
    high: float


class Client(Plain):
    """Whose report it is."""

    id: str
    name: str
    industry: str
    currency: str
    stage: str


class Reason(Plain):
    """One reason of the verdict."""

    kind: str
    blocks: bool
    subject: str
    value: float | None
    limit: float | None
    text: str


class Verdict(Plain):
    """Go, Go with conditions or Not yet, for a named promise."""

    outcome: str
    journey: str
    promise: float
    from_date: date | None
    highest_promise: float | None
    coverage: float
    breach_tolerance_share: float
    reasons: tuple[Reason, ...]


class Figure(Plain):
    """One number that may be printed."""

    id: str
    title: str
    unit: str
    value: Range
    formula: str
    inputs: tuple[Named, ...]


class Journey(Plain):
    """One journey against its promise."""

    name: str
    title: str
    promise: float
    window: str
    share_of_revenue: float
    breach_by_promise: dict[str, float]
    typical_minutes: float
    average_minutes: float
    one_in_ten_minutes: float


class Practice(Plain):
    """One question, what was answered, and whether it stands in the way of the promise."""

    id: str
    title: str
    question: str
    state: str
    answers: tuple[str, ...]
    answer_ids: tuple[str, ...]
    level: float | None
    rung: str | None
    stale: bool
    gate: str
    required: str | None
    not_applicable_because: str = ""
    note: str = ""


class Dimension(Plain):
    """One dimension with its practices."""

    id: str
    title: str
    score: float | None
    coverage: float
    worst: float | None
    best: float | None
    practices: tuple[Practice, ...]


class Cause(Plain):
    """A cause of downtime: rate x reach x minutes x together, counted with weight."""

    id: str
    title: str
    group: str
    journeys: str
    rate_per_year: float
    reach_share: float
    minutes: float
    together: float = Field(description="mean of the product over the product of the means; frozen")
    weight: float
    bad_minutes_per_year: float
    works_on: bool = Field(description="whether people work on it as an incident")


class Line(Plain):
    """One line of a year: times x the product of the factors x together."""

    id: str
    title: str
    column: Literal["cash", "hours", "loss"]
    per_year: Range
    factors: tuple[str, ...]
    times: float
    together: float
    hours_at_rate: float | None = Field(default=None, description="hours weighted by the hourly rate")
    part_of_the_bill: bool
    source: str


class Step(Plain):
    """One move in the trail of a number."""

    text: str
    source: str
    evidence: str
    as_of: date | None
    mean_after: float
    origin: str
    chance: float


class Number(Plain):
    """One number with the trail that made it."""

    name: str
    meaning: str
    unit: str
    value: Range
    evidence: str
    source: str
    as_of: date | None
    trail: tuple[Step, ...]


class Tier(Plain):
    """One tier as it is run today."""

    name: str
    need: str
    way: str
    title: str
    run_by: str
    provider: str
    copies: int
    zones: int
    price_known: bool


class CashByMonth(Plain):
    """A tier's cash by month as its price today times a shape."""

    tier: str
    number: str
    shape: tuple[float, ...]


class Months(Plain):
    """Today's design by month: means."""

    tiers: tuple[CashByMonth, ...]
    other_cash_per_month: float
    credits_used: tuple[float, ...] = Field(description="paid by start-up credits, and what ended commitments no longer cost")
    hours: tuple[float, ...]
    hours_at_rate: tuple[float, ...]
    loss_per_month: float
    loss_shape: tuple[float, ...] = Field(description="expected loss by month in multiples of today's: most of it follows revenue")


class Side(Plain):
    """One of two worlds by month: what follows a price, what follows the hourly rate, and what is frozen."""

    price_per_month: float = Field(description="cash of the tiers concerned in month 0")
    cash_shape: tuple[float, ...] = Field(description="their cash by month in multiples of month 0")
    fixed_cash: tuple[float, ...] = Field(description="other cash by month")
    hours_at_rate: tuple[float, ...] = Field(description="hours by month, lock-in and idle staff included, weighted by the rate")
    loss: tuple[float, ...] = Field(description="expected loss by month without idle staff")


class Option(Plain):
    """Another way of running something, held against today over the months."""

    id: str
    title: str
    tiers: tuple[str, ...]
    run_by: str
    today: Side
    other: Side
    upfront_months_of_today: float = Field(description="double running: months of today's cash paid in month 0")
    hours_today: float
    hours_other: float
    moving_hours: float
    chance_cheaper_cash: float
    chance_cheaper_economic: float
    difference: Range = Field(description="economic, present value: other less today")
    break_even_month: int | None


class Gate(Plain):
    """A gate in front of another way of running a tier: what keeps it out or makes it dearer, and what would change that."""

    tier: str
    way: str
    title: str
    effect: Literal["block", "no price", "surcharge", "rewrite"]
    why: str
    would_change: str


class Point(Plain):
    """One design on the frontier of cost and downtime."""

    title: str
    cost_per_month: float
    unavailability: float
    changes: str = ""


class PlannedStep(Plain):
    """One step of the plan."""

    quarter: str
    id: str
    title: str
    kind: str
    hours: float | None
    cost_per_month: float | None
    owner: str = ""
    why: str = ""


class Risk(Plain):
    """A risk that somebody accepted."""

    title: str
    why: str
    owner: str
    review_on: date


class Whole(Plain):
    """Everything that is said of one client on one day."""

    versions: Versions
    client: Client
    as_of: date
    audience: str
    status: str
    verdict: Verdict
    figures: tuple[Figure, ...]
    journeys: tuple[Journey, ...]
    dimensions: tuple[Dimension, ...]
    tiers: tuple[Tier, ...]
    causes: tuple[Cause, ...]
    causes_capped: float = Field(description="what is left of their sum because a year has only so many minutes")
    lines: tuple[Line, ...]
    derived: dict[str, float] = Field(description="means of the sums that lines use as factors")
    numbers: tuple[Number, ...]
    months: Months
    options: tuple[Option, ...]
    gates: tuple[Gate, ...] = ()
    frontier: tuple[Point, ...] = ()
    plan: tuple[PlannedStep, ...] = ()
    accepted_risks: tuple[Risk, ...] = ()

    def number(self, name: str) -> Number | None:
        """A number by its name."""
        return next((n for n in self.numbers if n.name == name), None)

    def figure(self, figure_id: str) -> Figure:
        """A figure by its id."""
        return next(f for f in self.figures if f.id == figure_id)
