"""`assess`: the one place where the models are put together; pure, the same bits for the same input."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import Any

import numpy as np

from readiness.assessment.causes import causes_of
from readiness.assessment.money import OF_MINUTES, Amount, billed_elsewhere, downtime_loss, line_amounts, tier_amounts, total, unused_commitments
from readiness.assessment.promise import JourneyResult, journey_result
from readiness.assessment.standing import Standing, standing
from readiness.assumptions import MINUTES_PER_YEAR, MONTHS_PER_YEAR
from readiness.catalog import Catalog
from readiness.design import Design, base_numbers, client_moves, design_of
from readiness.engagement.schema import Engagement
from readiness.language import signed, tr
from readiness.models import Array
from readiness.models.uncertainty import Band, band
from readiness.moves import DRAWS, SEED, Choice, Move, Values, apply
from readiness.practices import choices


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that may be printed: its draws, unit, formula, and what it is made from."""

    id: str
    title: str
    unit: str
    drawn: Array | Callable[[], Array] = field(repr=False)
    formula: str
    inputs: tuple[str, ...]

    @property
    def draws(self) -> Array:
        """The figure in each draw; what takes long to make is made when it is first asked for."""
        return self.drawn() if callable(self.drawn) else self.drawn

    @property
    def band(self) -> Band:
        return band(self.draws)


@dataclass(frozen=True)
class Assessment:
    """Everything that is said of one client on one day."""

    catalog: Catalog = field(repr=False)
    engagement: Engagement = field(repr=False)
    as_of: date
    design: Design = field(repr=False)
    values: Values = field(repr=False)
    journeys: tuple[JourneyResult, ...]
    standing: Standing = field(repr=False)
    measured: tuple[Move, ...] = field(default=(), repr=False)
    in_few_draws: dict[int, Values] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Numbers of today in fewer draws, by their count: many years are held against them."""
    reckoned: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What takes long and several chapters ask for, by name: reckoned for the first of them."""

    @cached_property
    def said(self) -> tuple[Choice, ...]:
        """What the client answered, as it moves numbers; what is supposed of it is held against this."""
        return choices(self.catalog, self.engagement, as_of=self.as_of)

    @cached_property
    def amounts(self) -> tuple[Amount, ...]:
        """Lines of cash, hours and loss; whoever asks for the verdict alone does without."""
        design, values = self.design, self.values
        tiers = tier_amounts(design, values)
        causes = {c.id: c for r in self.journeys for c in r.causes}
        lines = line_amounts(self.catalog, design, values, tiers, tuple(causes.values()))
        weighted = np.sum([w * r.total for w, r in zip(self.engagement.revenue_weights, self.journeys, strict=True)], axis=0)
        # Credits are known as an expectation over 256 draws; their spread over the draws is not carried into the total.
        credits = np.full(values.draws, sum(r.credits_per_year for r in self.journeys))
        billed = (*tiers, *billed_elsewhere(self.engagement, values.draws), *unused_commitments(design, values))
        return (*billed, *lines, *downtime_loss(values, weighted, credits))

    @property
    def main(self) -> JourneyResult:
        """The journey with the highest promise: the verdict is about it."""
        return max(self.journeys, key=lambda r: r.journey.promise.slo)

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """Weight of each journey in what is said of all of them: its share of revenue over the sum of the shares."""
        given = self.engagement.revenue_weights
        return tuple(g / sum(given) for g in given)

    @cached_property
    def bad_minutes_weighted(self) -> Array:
        """Bad minutes a year weighted by the journeys' shares of revenue."""
        return np.sum([w * r.total for w, r in zip(self.weights, self.journeys, strict=True)], axis=0)

    @cached_property
    def bad_minutes_by_cause(self) -> Mapping[str, tuple[str, Array]]:
        """Title and weighted bad minutes a year by cause; those of one tier's parts together."""
        found: dict[str, tuple[str, Array]] = {}
        for weight, result in zip(self.weights, self.journeys, strict=True):
            for number, cause in enumerate(result.causes):
                key = cause.id.partition("~")[0]
                title = next((c.title for c in result.causes if c.id == key), cause.title)
                before = found.get(key, (title, np.zeros(self.values.draws)))[1]
                found[key] = (title, before + weight * result.bad_minutes[:, number])
        return found

    @cached_property
    def loss_by_cause(self) -> Mapping[str, Array]:
        """Money a year that each cause's bad minutes cost in revenue, departures and idle staff; the causes of `bad_minutes_by_cause`."""
        down = self.bad_minutes_weighted
        cost = np.sum([x.per_year for x in self.amounts if x.id in OF_MINUTES], axis=0)
        per_minute = np.divide(cost, down, out=np.zeros(self.values.draws), where=down > 0)
        return {key: per_minute * minutes for key, (_, minutes) in self.bad_minutes_by_cause.items()}

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        """Every headline number, and every line of money and hours, by id."""
        rate = self.values["loaded_rate_per_hour"]
        cash, hours, loss = (total(self.amounts, c, self.values.draws) for c in ("cash", "hours", "loss"))
        of = lambda column: tuple(a.id for a in self.amounts if a.column == column and not a.avoidable_only)  # noqa: E731
        found = [
            Figure("bad_minutes_per_year", tr("Expected downtime"), "minutes/year", self.bad_minutes_weighted,
                   tr("sum over causes of rate x reach x duration, weighted by the journeys' shares of revenue"), tuple(f"bad_minutes_{k}" for k in self.bad_minutes_by_cause)),
            Figure("unavailability", tr("Expected unavailability"), "share", self.bad_minutes_weighted / MINUTES_PER_YEAR, tr("bad minutes / 525,600"), ("bad_minutes_per_year",)),
            Figure("breach_chance_per_year", tr("Chance to break {promise_slo} within a year", promise_slo=signed(f"{self.main.journey.promise.slo:.6g}")), "share", lambda: self.main.breach,
                   tr("1 - (1 - chance per window) ^ windows a year, per draw; the chance per window by compound Poisson"), ("bad_minutes_per_year", "duration_sigma")),
            Figure("cash_per_month", tr("Cash"), "money/month", cash / MONTHS_PER_YEAR, tr("sum of the cash lines / 12"), of("cash")),
            Figure("hours_per_month", tr("People's hours"), "hours/month", hours / MONTHS_PER_YEAR, tr("sum of the lines of hours / 12"), of("hours")),
            Figure("loss_per_year", tr("Expected loss"), "money/year", loss, tr("sum of the lines of loss"), of("loss")),
            Figure("economic_cost_per_year", tr("Economic cost"), "money/year", cash + hours * rate + loss, tr("cash + hours x loaded rate + expected loss"), ("cash_per_month", "hours_per_month", "loss_per_year", "loaded_rate_per_hour")),
        ]  # fmt: skip
        found += [Figure(a.id, a.title, "hours/year" if a.column == "hours" else "money/year", a.per_year, a.source, a.inputs) for a in self.amounts]
        inputs = {c.id.partition("~")[0]: c.inputs for r in self.journeys for c in reversed(r.causes)}
        found += [
            Figure(f"bad_minutes_{k}", title, "minutes/year", drawn, tr("rate x reach x duration"), inputs.get(k, ()))
            for k, (title, drawn) in self.bad_minutes_by_cause.items()
        ]
        found += [
            Figure(f"loss_of_{k}", tr("Costs of downtime: {cause}", cause=self.bad_minutes_by_cause[k][0]), "money/year", drawn,
                   tr("(lost revenue + departures + idle staff) x the cause's bad minutes / all bad minutes"), (f"bad_minutes_{k}", "bad_minutes_per_year", *OF_MINUTES))
            for k, drawn in self.loss_by_cause.items()
        ]  # fmt: skip
        for r in self.journeys:
            found.append(
                Figure(
                    f"bad_minutes_of_{r.journey.name}",
                    tr("Expected downtime: {journey}", journey=r.journey.title),
                    "minutes/year",
                    r.counted,
                    tr("sum over the journey's causes, planned work only where the promise counts it"),
                    tuple(f"bad_minutes_{c.id.partition('~')[0]}" for c in r.causes),
                )
            )
            found.append(
                Figure(
                    f"breach_chance_of_{r.journey.name}",
                    tr("Chance to break {promise_slo}: {journey}", promise_slo=signed(f"{r.journey.promise.slo:.6g}"), journey=r.journey.title),
                    "share",
                    partial(getattr, r, "breach"),
                    tr("1 - (1 - chance per window) ^ windows a year"),
                    (f"bad_minutes_of_{r.journey.name}",),
                )
            )
        return {f.id: f for f in found}

    def figure(self, figure_id: str) -> Figure:
        return self.figures[figure_id]


def assess(
    catalog: Catalog,
    engagement: Engagement,
    *,
    as_of: date,
    today: Engagement | None = None,
    extra: Sequence[Choice] = (),
    measured: Sequence[Move] = (),
    learned: Engagement | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    like: Values | None = None,
) -> Assessment:
    """Everything that can be said of a client on a day.

    Parameters
    ----------
    catalog
        What the workbook knows.
    engagement
        One client, checked against the catalog.
    as_of
        The day: prices and evidence age against it. Nothing else asks for today.
    today
        The engagement as it stands, when ``engagement`` is one that was altered to see what would happen. What
        was measured today then moves as much as the model does, instead of holding still.
    extra
        Further moves, of a scenario for instance.
    measured
        What the client's own incidents say of single numbers; what the client sets by hand goes before it.
    learned
        The engagement from which ``measured`` was learned, when more has been answered since: the workshop learns anew
        now and then, and between lets each answer move what was measured as it moves the model.
    draws
        How many common draws; a power of two.
    seed
        Of the draws; see `readiness.assessment.stability`.
    like
        Numbers of a client who is much the same: what nothing moved in between is taken from there. The result is the same.

    Returns
    -------
    Assessment
        Immutable; the same bits for the same input.
    """
    design = design_of(catalog, engagement, as_of=as_of)
    given = choices(catalog, engagement, as_of=as_of) + tuple(extra)
    reference = choices(catalog, today, as_of=as_of) if today is not None else None
    known = choices(catalog, learned, as_of=as_of) if learned is not None else None
    overrides = (*measured, *client_moves(engagement))
    values = apply(given, base_numbers(catalog, engagement, design), overrides=overrides, reference=reference, learned=known, draws=draws, seed=seed,
                   like=like)  # fmt: skip
    journeys = tuple(journey_result(journey, causes_of(catalog, engagement, design, journey, values), values) for journey in engagement.journeys)
    main = max(journeys, key=lambda r: r.journey.promise.slo)
    tolerance = float(values["breach_tolerance_share"].mean())
    stands = standing(
        catalog, engagement, promise=main.journey.promise.slo, as_of=as_of, breach=float(main.breach.mean()),
        breach_high=float(np.quantile(main.breach, 0.95)), breach_by_promise=main.breach_by_promise, tolerance=tolerance,
    )  # fmt: skip
    return Assessment(catalog, engagement, as_of, design, values, journeys, stands, tuple(measured))


def assess_if(a: Assessment, engagement: Engagement, *, extra: Sequence[Choice] = ()) -> Assessment:
    """A client as it would be, if it were as ``engagement`` says: on the same draws, and what was measured moves as much as the model does."""
    return assess(a.catalog, engagement, as_of=a.as_of, today=a.engagement, extra=extra, measured=a.measured,
                  draws=a.values.draws, seed=a.values.seed, like=a.values)  # fmt: skip
