"""One client, as a person writes it: strict, frozen, every field that any part of the workbook reads."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from readiness.assumptions import Evidence, Quantity, number_at
from readiness.catalog.read import credit_tiers
from readiness.catalog.schema import Range, Scenario, Stage, Word, check_bounds
from readiness.language import ENGLISH, N_, is_known

LONGEST_NOTE = 10_000
# Joiners (U+200C, U+200D) stay: emoji, Persian and Indic scripts are spelt with them.
_HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")


def _clean(text: str) -> str:
    """Text in one normal form, without characters that hide or turn round what is written."""
    return _HIDDEN.sub("", unicodedata.normalize("NFC", text)).strip()


Text = Annotated[str, StringConstraints(max_length=LONGEST_NOTE), AfterValidator(_clean)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120), AfterValidator(_clean)]
Identity = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$")]
Share = Annotated[float, Field(ge=0, le=1)]
Money = Annotated[float, Field(ge=0, le=1e12)]
Audience = Literal["internal", "client", "board"]
Rung = Literal["claimed", "observed", "verified"]
Window = Literal["calendar_month", "30_days", "quarter", "year"]
WINDOWS_PER_YEAR: dict[str, float] = {"calendar_month": 12, "30_days": 365 / 30, "quarter": 4, "year": 1}


class Written(BaseModel):
    """Frozen; unknown keys, NaN and infinity refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _figure(given: Any) -> Any:
    if isinstance(given, bool):
        raise ValueError("has to be a number or low, likely and high")
    return {"low": given, "likely": given, "high": given} if isinstance(given, int | float) else given


class FigureFields(Range):
    """A number the client gives: one value, or low, likely and high, with who said so."""

    source: Text = N_("the client")
    on: date | None = None
    evidence: Evidence = "measured"
    rung: Rung = "claimed"

    def quantity(self, unit: str) -> Quantity:
        return Quantity(self.low, self.likely, self.high, unit, self.source, self.on, self.evidence)


Figure = Annotated[FigureFields, BeforeValidator(_figure)]


def _locale(name: str) -> str:
    if not is_known(name):
        raise ValueError(f'no locale is called "{name}"; it is written like en, de or fr_CH')
    return name


class Client(Written):
    id: Identity = Field(description="short name for folders and files: lower-case letters, digits and hyphens")
    name: Name
    industry: Name = "software"
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "USD"
    exchange_rate_from_usd: float = Field(default=1.0, gt=0, description="client's currency for one USD")
    exchange_rate_on: date | None = None
    contact: Name | None = None
    locale: Annotated[str, AfterValidator(_locale)] = Field(default=ENGLISH, description="language and signs of numbers in the report, as in en, de or fr_CH")


def _credit_text(text: str) -> str:
    try:
        tiers = credit_tiers(text)
    except ValueError:
        raise ValueError('credits are written like "<0.999:0.10;<0.99:0.25"') from None
    if any(not 0 < below <= 1 or not 0 <= share <= 1 for below, share in tiers):
        raise ValueError("credits are fractions: below which availability, which share of the fee")
    return text


CreditText = Annotated[str, AfterValidator(_credit_text)]


class CreditTable(Written):
    """SLA credits that one tenant group is promised instead of everybody's."""

    credits: CreditText = Field(min_length=1, description='e.g. "<0.999:0.10;<0.99:0.25" of the monthly fee')
    monthly_fee: Money = Field(description="fee a month of this group, which the credits are reckoned from")

    @property
    def tiers(self) -> tuple[tuple[float, float], ...]:
        return credit_tiers(self.credits)


class Promise(Written):
    """What is promised to users of a journey."""

    slo: float = Field(gt=0, lt=1, description="share of the window in which it works, 0.999 for 99.9 %")
    window: Window = "calendar_month"
    counts_as_down: Text = "requests fail or take longer than the agreed time"
    measured_at: Text = "at the provider's edge, by the minute"
    planned_work_counts: bool = True
    credits: CreditText = Field(default="", description='SLA credits, e.g. "<0.999:0.10;<0.99:0.25" of the monthly fee')
    monthly_fee: Money = Field(default=0, description="fee a month that the credits are reckoned from, without the groups that have their own")
    credits_of_groups: dict[Word, CreditTable] = Field(default={}, description="by name of the tenant group, where it is promised something else")
    rto_hours: float | None = Field(default=None, gt=0)
    rpo_hours: float | None = Field(default=None, gt=0)
    from_date: date | None = None
    signed: bool = False

    @property
    def tiers(self) -> tuple[tuple[float, float], ...]:
        return credit_tiers(self.credits)

    @property
    def credit_tables(self) -> dict[str | None, tuple[tuple[tuple[float, float], ...], float]]:
        """Credit tiers and monthly fee of each table that can cost something; None is everybody's."""
        own: dict[str | None, tuple[tuple[tuple[float, float], ...], float]] = {None: (self.tiers, self.monthly_fee)}
        own |= {name: (table.tiers, table.monthly_fee) for name, table in self.credits_of_groups.items()}
        return {name: (tiers, fee) for name, (tiers, fee) in own.items() if tiers and fee}

    @property
    def credit_levels(self) -> list[float]:
        """Attained shares below which some table owes credits; empty where none does."""
        return [attained for tiers, _ in self.credit_tables.values() for attained, _ in tiers]


class Journey(Written):
    """What users do: log in, buy, send in data."""

    name: Word
    title: Name
    promise: Promise
    tiers: tuple[Word, ...] = Field(default=(), description="tiers it needs; none means all that serve requests")
    share_of_revenue: Share = 1.0


class StartupCredits(Written):
    """A provider's gift: cash is zero until it is used up or expires. Not SLA credits."""

    provider: Word
    balance: Money
    expires: date
    eligible_share: Share = 1.0


class CommitmentDiscount(Written):
    """A negotiated discount or a commitment on list prices, until a day; afterwards the list price holds again.

    Several that cover the same line are taken off one after another, as providers do. A tier with its own bill has it in that bill.
    """

    provider: Word = Field(description="whose list prices: aws, gcp, ...")
    share_off: float = Field(gt=0, lt=1, description="0.25 is a quarter less than the list price")
    until: date = Field(description="last day on which it holds")
    needs: tuple[Word, ...] = Field(default=(), description="needs it covers, such as relational_database; none means all")
    prices: tuple[str, ...] = Field(default=(), description="lines of prices.csv it covers, such as gcp/cloud_sql_2vcpu_zonal; none means all of the provider")
    minimum_per_month: Money = Field(default=0, description="paid for what it covers at least, used or not")
    source: Text = N_("the client's contract")

    @model_validator(mode="after")
    def _of_the_provider(self) -> Self:
        for sku in self.prices:
            if sku.partition("/")[0] != self.provider:
                raise ValueError(f'"{sku}" is not a price of {self.provider}')
        return self

    def covers(self, sku: str, need: str) -> bool:
        """Whether a price line of a tier with this need is covered."""
        return sku.partition("/")[0] == self.provider and (not self.needs or need in self.needs) and (not self.prices or sku in self.prices)


class TenantGroup(Written):
    """Customers who are hit alike: a segment, or one large tenant."""

    name: Word
    title: Name
    share_of_revenue: float = Field(gt=0, le=1)
    hit_share: Share = Field(default=1.0, description="share of the product's bad minutes that reaches them, at the hours in which they use it")
    churn_times: float = Field(default=1.0, ge=0, le=100, description="how readily they leave over an outage, in multiples of churn_factor")


class PeakHours(Written):
    """When the product earns most, and how much of the downtime falls there; gives peak_factor."""

    revenue_times: float = Field(gt=0, description="revenue of a peak hour, in those of a mean hour")
    share_of_hours: float = Field(gt=0, lt=1)
    share_of_outages: Share = Field(description="share of bad minutes that fall into peak hours")

    @model_validator(mode="after")
    def _not_more_than_all(self) -> Self:
        if self.revenue_times * self.share_of_hours > 1:
            raise ValueError(f"{self.share_of_hours:g} of the hours at {self.revenue_times:g} times the mean would earn more than all revenue")
        return self


class MoneyFacts(Written):
    """The client's money; what is not given falls back on a default that the report names as such."""

    revenue_per_hour: Figure | None = None
    revenue_per_year: Money | None = Field(default=None, description="instead of revenue_per_hour: divided by 8,760")
    peak_factor: Figure | None = None
    peak_hours: PeakHours | None = Field(default=None, description="instead of peak_factor")
    lost_share: Figure | None = None
    churn_factor: Figure | None = None
    idle_staff: Figure | None = None
    loaded_rate_per_hour: Figure | None = None
    contract_value_at_stake_per_year: Figure | None = None
    breach_cost: Figure | None = None
    cloud_budget_per_month: Money | None = None
    customers: float | None = Field(default=None, gt=0)
    startup_credits: tuple[StartupCredits, ...] = ()
    commitment_discounts: tuple[CommitmentDiscount, ...] = Field(default=(), max_length=20)
    groups: tuple[TenantGroup, ...] = Field(default=(), max_length=12, description="tenant groups, when an outage costs some more than others")

    @model_validator(mode="after")
    def _once_and_in_all(self) -> Self:
        if self.peak_factor is not None and self.peak_hours is not None:
            raise ValueError("peak_factor and peak_hours say the same thing twice; give one of them")
        names = [group.name for group in self.groups]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two tenant groups are named {', '.join(twice)}")
        total = sum(group.share_of_revenue for group in self.groups)
        if self.groups and abs(total - 1) > 1e-6:
            raise ValueError(f"the tenant groups' shares of revenue add up to {total:.6g}; they have to add up to 1, so name the rest as a group too")
        return self


class Extreme(Written):
    """The most extreme situation that the room can imagine for this product."""

    story: Text = "ten times the usual peak, within five minutes"
    factor: float = Field(default=10, gt=0, le=100_000, description="times the usual peak")
    over_minutes: float = Field(default=5, gt=0, le=100_000)
    lasts_minutes: float = Field(default=120, gt=0)
    tickets_per_hour: float | None = Field(default=None, ge=0)
    on: date | None = None


class Demand(Written):
    mean_per_second: float | None = Field(default=None, ge=0)
    peak_per_second: float | None = Field(default=None, ge=0)
    growth_per_year: float = Field(default=0.5, ge=-0.9, le=50, description="0.5 is half as much again in a year")
    extreme: Extreme = Extreme()


class Blocked(Written):
    way: Word
    why: Text


class Tier(Written):
    """A part of the product and how it is run today."""

    name: Word
    need: Word
    way: Word
    copies: int | None = Field(default=None, ge=1, le=999, description="instead of the way's own number")
    storage_gigabytes: float = Field(default=0, ge=0, le=1e9)
    million_requests_per_month: float = Field(default=0, ge=0, le=1e9)
    egress_gigabytes: float = Field(default=0, ge=0, le=1e9)
    seats: float = Field(default=0, ge=0)
    capacity_per_second: float | None = Field(default=None, gt=0, description="requests per second it serves today in all")
    cost_per_month: Figure | None = Field(default=None, description="the client's own figure; wins over list prices")
    version: Name | None = None
    constraints: tuple[Word, ...] = Field(default=(), description="what may block or surcharge a way: old_version, superuser, ...")
    allowed: tuple[Word, ...] = Field(default=(), description="ways under discussion; none means every one of the need")
    blocked: tuple[Blocked, ...] = ()
    numbers: dict[str, Figure] = {}


class Dependency(Written):
    """Something outside that the product uses: payments, mail, an LLM."""

    name: Word
    what: Name
    hard: bool = True
    journeys: tuple[Word, ...] = ()
    sla: str | None = Field(default=None, description="id in slas.csv: what they pay for, never what happens")
    observed: Share | None = Field(default=None, description="availability the client measured")
    planning: Share | None = Field(default=None, description="availability to plan with")


class Architecture(Written):
    provider: Word = "aws"
    region: Name = "us-east-1"
    regions: int = Field(default=1, ge=1, le=20)
    departure: Literal["new", "cloud", "on_premises"] = "cloud"
    constraints: tuple[Word, ...] = Field(default=(), description="of the whole client: residency_eu, health_data, ...")
    tiers: tuple[Tier, ...] = Field(min_length=1, max_length=30)
    dependencies: tuple[Dependency, ...] = Field(default=(), max_length=40)


class View(Written):
    """One person's answer, kept when people disagree."""

    by: Name
    answer: Word


class GivenAnswer(Written):
    """An answer with its evidence; ``not_applicable`` needs a reason."""

    answer: Word | None = None
    views: tuple[View, ...] = ()
    not_applicable: bool = False
    reason: Text = ""
    owner: Name | None = None
    rung: Rung = "claimed"
    on: date | None = None
    by: Name | None = None
    note: Text = ""
    audience: Audience = "client"
    link: str | None = Field(default=None, pattern=r"^https?://[^\s@]+$", max_length=500)

    @model_validator(mode="after")
    def _one_state(self) -> Self:
        if self.not_applicable and not self.reason:
            raise ValueError("is not applicable, but gives no reason")
        if self.not_applicable == bool(self.answer or self.views):
            raise ValueError('needs either an answer or "not_applicable: true" with a reason')
        return self

    @property
    def answers(self) -> tuple[str, ...]:
        """All answers that somebody holds to be true; several when people disagree."""
        held = dict.fromkeys([*([self.answer] if self.answer else []), *(view.answer for view in self.views)])
        return tuple(held)


def _given(answer: Any) -> Any:
    return {"answer": answer} if isinstance(answer, str) else answer


class Override(Written):
    """Any number, set by hand, with a reason."""

    number: str
    low: float
    likely: float
    high: float
    reason: Text = Field(min_length=3)
    source: Text = N_("the client")
    on: date | None = None
    evidence: Evidence = "measured"

    @model_validator(mode="before")
    @classmethod
    def _single_value(cls, given: Any) -> Any:
        if isinstance(given, dict) and "value" in given:
            rest = {k: v for k, v in given.items() if k != "value"}
            return rest | {"low": given["value"], "likely": given["value"], "high": given["value"]}
        return given

    @model_validator(mode="after")
    def _in_bounds(self) -> Self:
        if not self.low <= self.likely <= self.high:
            raise ValueError(f"low {self.low:g}, likely {self.likely:g}, high {self.high:g} are not in this order")
        try:
            known = number_at(self.number)
        except KeyError:
            from readiness.assumptions import NUMBERS, OPTION_NUMBERS
            from readiness.errors import did_you_mean

            guess = did_you_mean(self.number.rsplit(".", 1)[-1], [*NUMBERS, *OPTION_NUMBERS])
            raise ValueError(f'"{self.number}" is not a number the workbook knows' + (f"; {guess}" if guess else "")) from None
        check_bounds(known, self.low, self.high)
        return self


class Quarter(Written):
    quarter: Annotated[str, StringConstraints(pattern=r"^\d{4}-Q[1-4]$")]
    hours: float = Field(ge=0, le=1e6)
    budget: Money = 0


class Team(Written):
    engineers: float | None = Field(default=None, gt=0)
    on_call_people: int | None = Field(default=None, ge=0)
    spare_hours_per_month: float | None = Field(default=None, ge=0)
    support_people: int | None = Field(default=None, ge=0)
    capacity: tuple[Quarter, ...] = Field(default=(), max_length=16)


class Remembered(Written):
    """Three figures people remember when there is no list."""

    outages_in_twelve_months: int = Field(ge=0, le=10_000)
    typical_minutes: float = Field(gt=0)
    worst_minutes: float = Field(gt=0)


class WrittenIncident(Written):
    started: str
    resolved: str | None = None
    detected: str | None = None
    share_of_users: Share | None = None
    cause: str | None = None
    note: Text = ""


class History(Written):
    remembered: Remembered | None = None
    observed_from: date | None = None
    observed_to: date | None = None
    incidents: tuple[WrittenIncident, ...] = Field(default=(), max_length=5000)
    file: Name | None = None


class BillLine(Written):
    tier: Word | None = None
    need: Word | None = None
    service: Name
    cost_per_month: float
    source: Text = N_("the client's bill")


class BillFacts(Written):
    currency: str = "USD"
    month: str | None = None
    file: Name | None = None
    lines: tuple[BillLine, ...] = Field(default=(), max_length=2000)


class Remark(Written):
    """A note, a decision or a parked question, with who may read it."""

    text: Text = Field(min_length=1)
    by: Name | None = None
    on: date | None = None
    audience: Audience = "client"


class AcceptedRisk(Written):
    title: Name
    practice: Word | None = None
    scenario: Word | None = None
    why: Text = Field(min_length=3)
    owner: Name
    review_on: date


class Improvement(Written):
    """A chosen step: a practice raised to an answer, or a tier moved to a way."""

    practice: Word | None = None
    answer: Word | None = None
    tier: Word | None = None
    way: Word | None = None
    quarter: str | None = None


Answers = dict[Word, Annotated[GivenAnswer, BeforeValidator(_given)]]


class Engagement(Written):
    """One client's engagement."""

    version: Literal[1] = 1
    client: Client
    stage: Stage = "early"
    journeys: tuple[Journey, ...] = Field(min_length=1, max_length=4)
    money: MoneyFacts = MoneyFacts()
    demand: Demand = Demand()
    architecture: Architecture
    answers: Answers = {}
    overrides: tuple[Override, ...] = Field(default=(), max_length=500)
    team: Team = Team()
    improvements: tuple[Improvement, ...] = ()
    history: History = History()
    bill: BillFacts = BillFacts()
    scenarios: tuple[Scenario, ...] = Field(default=(), max_length=20)
    parking_lot: tuple[Remark, ...] = ()
    decisions: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()
    accepted_risks: tuple[AcceptedRisk, ...] = ()
    brand: Name | None = None
    narrative: Name | None = None
    bank: Name | None = None
    profile: Word | None = None
    status: Literal["draft", "final"] = "draft"
    consultant: Name | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [tier.name for tier in self.architecture.tiers]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"two tiers are named {', '.join(sorted(twice))}")
        from readiness.errors import did_you_mean

        for journey in self.journeys:
            for tier in journey.tiers:
                if tier not in names:
                    guess = did_you_mean(tier, names)
                    raise ValueError(f'journey "{journey.name}" needs the tier "{tier}", which does not exist' + (f"; {guess}" if guess else ""))
        groups = [group.name for group in self.money.groups]
        for journey in self.journeys:
            for name in journey.promise.credits_of_groups:
                if name not in groups:
                    guess = did_you_mean(name, groups)
                    raise ValueError(f'journey "{journey.name}" has credits of "{name}", which is no tenant group' + (f"; {guess}" if guess else ""))
        total = sum(journey.share_of_revenue for journey in self.journeys)
        if total > 1 + 1e-9:
            raise ValueError(f"the journeys' shares of revenue add up to {total:g}, more than 1")
        return self

    @property
    def revenue_weights(self) -> tuple[float, ...]:
        """Share of revenue of each journey; equal when none is said. No downtime touches what no journey carries, so they may add up to less than one."""
        given = tuple(journey.share_of_revenue for journey in self.journeys)
        return given if sum(given) > 0 else tuple(1 / len(given) for _ in given)

    def with_answer(self, practice: str, given: GivenAnswer | str | None) -> Engagement:
        """A new engagement in which ``practice`` is answered so, or not asked when None."""
        answers = {k: v for k, v in self.answers.items() if k != practice}
        if given is not None:
            answers[practice] = GivenAnswer(answer=given) if isinstance(given, str) else given
        return self.model_copy(update={"answers": answers})

    def with_way(self, tier: str, way: str) -> Engagement:
        """A new engagement in which ``tier`` is run another way; what was known of the old way is left behind."""
        fresh: dict[str, Any] = {"way": way, "copies": None, "cost_per_month": None, "numbers": {}}
        tiers = tuple(t.model_copy(update=fresh) if t.name == tier else t for t in self.architecture.tiers)
        return self.model_copy(
            update={
                "architecture": self.architecture.model_copy(update={"tiers": tiers}),
                "bill": self.bill.model_copy(update={"lines": tuple(x for x in self.bill.lines if x.tier != tier)}),
                "overrides": tuple(o for o in self.overrides if not o.number.startswith(f"{tier}.")),
            }
        )
