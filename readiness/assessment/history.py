"""The client's own incidents: what they say of rates and lengths, the last twelve months beside the model, and how to go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from readiness.assessment.assess import Assessment, assess
from readiness.assessment.causes import CauseDraws
from readiness.assumptions import MINUTES_PER_YEAR, number_at
from readiness.catalog import Catalog
from readiness.engagement.schema import Engagement, History
from readiness.language import signed, tr
from readiness.models import Array
from readiness.models.downtime import Causes
from readiness.models.incidents import Backcast, Incidents, LengthBelief, RateBelief, backcast, remembered_lengths
from readiness.models.uncertainty import widen
from readiness.moves import Move
from readiness.readers.moments import moment

BREACH_DRAWS = 256
DAYS_PER_YEAR = 365.25
# What is only remembered counts half; the workbook's lengths are worth two incidents of the client's own.
REMEMBERED_WEIGHT = 0.5
PRIOR_WORTH = 2.0
# However clear a year was, the parts of a sum stay less known than the sum.
NARROWEST = 0.5
LEAST_FACTOR = 0.05
LEAST_SHARE = 1e-3
# A single year says nothing of what happens once in ten; these stay as they are.
RATES = ("change_failure_rate", "operator_errors_per_year", "overload_events_per_year")
LENGTHS = ("detect_minutes", "engage_minutes", "repair_minutes", "change_identify_minutes", "rollback_minutes", "overload_minutes")


@dataclass(frozen=True)
class Learned:
    """Prior, data and posterior of one quantity, as the report shows them."""

    prior: tuple[float, float, float]
    seen: float | None
    posterior: tuple[float, float, float]


@dataclass(frozen=True)
class HistoryResult:
    """What the last months say.

    Parameters
    ----------
    kind
        ``incidents`` from a list, ``remembered`` from three figures, ``nothing``.
    years
        Time that it covers.
    rate
        Outages a year that users notice: mean, low, high.
    lengths
        Minutes of the typical one: median, low, high.
    length_factor
        Posterior over prior of the mean length.
    backcast
        The model's last twelve months beside the client's: outages, and their minutes for whoever was hit.
    """

    kind: str
    count: int
    years: float
    rate: Learned
    lengths: Learned
    length_factor: float
    backcast: Backcast | None
    by_cause: tuple[tuple[str, int], ...] = ()
    undated: int = 0

    @property
    def sentence(self) -> str:
        """What it comes to, and what to do before forecasting."""
        if self.kind == "nothing" or self.backcast is None:
            return tr("Nobody has named last year's outages yet. Three figures would do: how many, the usual length, the worst.")
        fits = {
            "fits": tr("Last year fits the model: both can be true."),
            "model says less": tr("Last year was worse than the answers suggest. Either it was an unlucky year, or some answers are kinder than life: "
            "go through them with whoever is called at night."),
            "model says more": tr("Last year was better than the answers suggest. Either it was a lucky year, or outages went unnoticed or were "
            "forgotten: look at tickets and monitoring before believing either."),
        }
        return fits[self.backcast.verdict]


def history(a: Assessment) -> HistoryResult:
    """What a client's incidents, or three remembered figures, say about an assessment that has not seen them yet.

    An assessment that leans on them already is made anew without them: nothing is counted twice.

    Examples
    --------
    Does the model agree with what we remember of last year? ``history(assess(...)).backcast.verdict``
    """
    if "history" not in a.reckoned:
        unseen = assess(a.catalog, a.engagement, as_of=a.as_of, draws=a.values.draws, seed=a.values.seed) if a.measured else a
        a.reckoned["history"] = _history(unseen)
    told: HistoryResult = a.reckoned["history"]
    return told


def _history(a: Assessment) -> HistoryResult:
    found, kind, undated = observed(a.engagement.history, a.as_of)
    stack = _outages(a, remembered=kind != "incidents")
    rate = stack.rate.sum(axis=1)
    prior, prior_lengths = _belief(rate), _length_prior(stack)
    if found is None:
        length = Learned(_typical(prior_lengths), None, _typical(prior_lengths))
        return HistoryResult(kind, 0, 0.0, Learned(_spoken(prior), None, _spoken(prior)), length, 1.0, None)
    weight = REMEMBERED_WEIGHT if kind == "remembered" else 1.0
    posterior = prior.updated(found.count() * weight, years=found.years * weight)
    lengths = prior_lengths.updated(found.lengths(), weight=weight)
    known = found.lengths()
    minutes = float(known.mean()) * found.count() / found.years if len(known) else None
    year = stack.window(MINUTES_PER_YEAR, draws=BREACH_DRAWS)
    seen = backcast(year, rate[:BREACH_DRAWS], minutes=minutes, count=round(found.count() / found.years))
    names = [c for c in found.causes if c]
    by_cause = tuple(sorted(((c, names.count(c)) for c in dict.fromkeys(names)), key=lambda pair: -pair[1]))
    return HistoryResult(
        kind, found.count(), found.years, Learned(_spoken(prior), found.count() / found.years, _spoken(posterior)),
        Learned(_typical(prior_lengths), float(np.median(known)) if len(known) else None, _typical(lengths)),
        lengths.mean_minutes / prior_lengths.mean_minutes, seen, by_cause, undated,
    )  # fmt: skip


def history_moves(a: Assessment) -> tuple[Move, ...]:
    """Moves that bring rates and lengths to what the client's incidents say, for ``assess(..., measured=...)``.

    Notes
    -----
    One factor for all rates that a year can tell anything of, so that their sum (with the rare ones as they were)
    becomes the posterior's; one factor for the parts of an outage's length. Ranges narrow with the posterior, but not
    below half. What the client set by hand goes before these.
    """
    result = history(a)
    if result.kind == "nothing":
        return ()
    stack = _outages(a, remembered=result.kind != "incidents")
    frequent = np.array([_is_frequent(c) for c in _noticed(a)])
    common, rare = float(stack.rate[:, frequent].sum(axis=1).mean()), float(stack.rate[:, ~frequent].sum(axis=1).mean())
    rate = max(LEAST_FACTOR, (result.rate.posterior[0] - rare) / common) if common > 0 else 1.0
    narrowed = max(NARROWEST, min(1.0, _relative_width(result.rate.posterior) / _relative_width(result.rate.prior)))
    months = tr("in {months} months", months=f"{result.years * 12:.0f}") if result.kind == "incidents" else tr("remembered of twelve months")
    what = tr("{count} outages {months}", count=result.count, months=months)
    serving = [p for p in a.design.placed if p.service.serves_requests]
    faults = [f"{p.tier.name}.faults_per_year" for p in serving]
    repairs = [f"{p.tier.name}.recovery_minutes" for p in serving if p.way.run_by == "client"]
    moves = [_scaled(a, name, rate, narrowed, what) for name in (*RATES, *faults)]
    moves += [_scaled(a, name, result.length_factor, 1.0, what) for name in (*LENGTHS, *repairs)]
    return tuple(m for m in moves if m is not None)


def assess_with_history(catalog: Catalog, engagement: Engagement, *, as_of: date) -> Assessment:
    """The assessment with what the client's incidents say taken in; the same as `assess` when there are none."""
    before = assess(catalog, engagement, as_of=as_of)
    moves = history_moves(before)
    if not moves:
        return before
    a = assess(catalog, engagement, as_of=as_of, measured=moves, like=before.values)
    a.reckoned["history"] = history(before)
    return a


def observed(told: History, as_of: date) -> tuple[Incidents | None, str, int]:
    """The client's incidents as the model wants them, what kind of knowledge it is, and how many could not be dated."""
    if told.incidents:
        causes, minutes, reach, starts, undated = [], [], [], [], 0
        for incident in told.incidents:
            begun = _moment(incident.started)
            if begun is None:
                undated += 1
                continue
            ended = _moment(incident.resolved)
            length = (ended - begun).total_seconds() / 60 if ended is not None else np.nan
            causes.append((incident.cause or "").strip())
            minutes.append(length if length > 0 else np.nan)
            reach.append(np.nan if incident.share_of_users is None else incident.share_of_users)
            starts.append(begun)
        if starts:
            first = datetime.combine(told.observed_from, datetime.min.time(), UTC) if told.observed_from else min(starts)
            last = datetime.combine(told.observed_to or as_of, datetime.min.time(), UTC)
            years = max((last - first).days / DAYS_PER_YEAR, 1 / 12)
            return Incidents(tuple(causes), np.array(minutes), np.array(reach), years), "incidents", undated
    if told.remembered is not None:
        said = told.remembered
        lengths = remembered_lengths(said.outages_in_twelve_months, min(said.typical_minutes, said.worst_minutes), said.worst_minutes)
        return Incidents(("",) * len(lengths), lengths, np.full(len(lengths), np.nan), 1.0), "remembered", 0
    return None, "nothing", 0


def noticed_per_year(a: Assessment, *, remembered: bool = True) -> Array:
    """Outages a year that users notice, over all journeys; see `_outages`."""
    return np.asarray(_outages(a, remembered=remembered).rate.sum(axis=1))


def _noticed(a: Assessment) -> list[CauseDraws]:
    """Neither planned work nor failovers that work."""
    causes = {c.id: c for r in a.journeys for c in r.causes}
    return [c for c in causes.values() if not c.planned and not c.id.endswith("~failover")]


def _is_frequent(cause: CauseDraws) -> bool:
    return cause.group not in ("places", "dependencies") and (cause.group != "organisation" or any(name in RATES for name in cause.inputs))


def _outages(a: Assessment, *, remembered: bool) -> Causes:
    """The noticed causes as outages in the eyes of whoever was hit.

    Notes
    -----
    A list holds each incident, however few it hit. People remember an outage that hit everybody and forget one that
    hit a tenth of the users: it counts as a tenth of an outage.
    """
    causes = _noticed(a)
    shape = (a.values.draws,)
    rates = [c.rate * c.reach if remembered else c.rate for c in causes]
    return Causes(
        ids=tuple(c.id for c in causes),
        rate=np.stack([np.broadcast_to(rate, shape) for rate in rates], axis=1),
        reach=np.ones((a.values.draws, len(causes))),
        minutes=np.stack([np.minimum(np.broadcast_to(c.minutes, shape), MINUTES_PER_YEAR) for c in causes], axis=1),
        sigma=np.full(len(causes), float(a.values["duration_sigma"].mean())),
    )


def _belief(rate: Array) -> RateBelief:
    """The gamma with the width of the draws and their mean."""
    low, high = (float(x) for x in np.quantile(rate, [0.05, 0.95]))
    mean = max(float(rate.mean()), 1e-3)
    shape = RateBelief.from_range(low, high).shape if high > low > 0 else 1.0
    return RateBelief(shape, shape / mean)


def _length_prior(stack: Causes) -> LengthBelief:
    """Lengths of a mixture of causes as one lognormal: its mean of logarithms, and the spread within and between."""
    weight = stack.rate / stack.rate.sum(axis=1, keepdims=True)
    median = np.log(np.maximum(stack.minutes, 0.1)) - stack.sigma**2 / 2
    middle = (weight * median).sum(axis=1)
    between = (weight * (median - middle[:, None]) ** 2).sum(axis=1)
    sigma = float(np.sqrt(between.mean() + float((stack.sigma**2).mean())))
    return LengthBelief(float(np.exp(middle.mean())), sigma, worth=PRIOR_WORTH)


def _spoken(belief: RateBelief) -> tuple[float, float, float]:
    return belief.mean, float(belief.quantile(0.05)), float(belief.quantile(0.95))


def _typical(belief: LengthBelief) -> tuple[float, float, float]:
    return belief.median_minutes, *belief.median_range()


def _relative_width(told: tuple[float, float, float]) -> float:
    return float(np.log(max(told[2], 1e-9) / max(told[1], 1e-9))) or 1.0


def _scaled(a: Assessment, address: str, factor: float, narrowed: float, what: str) -> Move | None:
    """A number's own range times a factor, in the form of something measured; its mean is the old mean times the factor."""
    drawn = a.values[address]
    kind = number_at(address).kind
    low, likely, high = (float(x) * factor for x in np.quantile(drawn, [0.05, 0.5, 0.95]))
    if likely <= 0:
        return None
    for _ in range(4):
        if kind == "share":
            low, likely, high = (min(max(x, LEAST_SHARE), 1 - LEAST_SHARE) for x in (low, likely, high))
        range_ = widen(low, likely, high, narrowed, kind) if low < high else (low, likely, high)
        # Narrowing about the median lowers the mean of a number that is skewed.
        off = float(drawn.mean()) * factor / float(a.values.ranged(f"history:{address}", *range_, kind).mean())
        low, likely, high = low * off, likely * off, high * off
    said = tr("{what}: {factor} times what the answers suggest", what=what, factor=signed(f"{factor:.2g}"))
    return Move(address, "set", *range_, "history", said, tr("the client's incidents"), "measured", a.as_of)


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return moment(text)[0]
    except ValueError:
        return None
