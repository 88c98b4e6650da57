"""Many clients side by side: a row for each assessment, where it stands among the others, and what most of them lack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from readiness.assessment import Assessment
from readiness.errors import UsageError, did_you_mean

PERCENTILES = (10, 25, 50, 75, 90)


@dataclass(frozen=True, slots=True)
class ClientRow:
    """What a portfolio says of one client.

    Parameters
    ----------
    id, name
        The client's; both are a number only when names are hidden.
    verdict, promise
        Of the journey with the highest promise.
    level
        Mean of the dimensions that were asked about, 0 to 4; None when nothing was.
    coverage
        Share of the questions that apply which were answered.
    bad_minutes_per_year, breach_chance, loss_per_year, cash_per_month, hours_per_month
        Means over the common draws; money in USD, at the rate that the engagement gives.
    lacking
        Practices that stand in the way of the promise, by id: missed, or never asked.
    asked_of
        Practices that apply to this client.
    avoidable_share
        Share of the expected downtime that another design would avoid without costing more cash or hours; None when not looked for.
    """

    id: str
    name: str
    verdict: str
    promise: float
    level: float | None
    coverage: float
    bad_minutes_per_year: float
    breach_chance: float
    loss_per_year: float
    cash_per_month: float
    hours_per_month: float
    lacking: tuple[str, ...]
    asked_of: tuple[str, ...]
    avoidable_share: float | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A practice that stands in the way of promises: of how many clients, among those it applies to."""

    practice: str
    title: str
    clients: int
    of: int

    @property
    def share(self) -> float:
        return self.clients / self.of if self.of else 0.0


@dataclass(frozen=True)
class Portfolio:
    """All clients on one day.

    Parameters
    ----------
    rows
        In order of expected loss, the largest first.
    unread
        Files that could not be assessed, each with the reason.
    titles
        Of the practices, by id.
    hidden
        Whether names are.
    """

    rows: tuple[ClientRow, ...]
    as_of: date
    unread: tuple[tuple[str, str], ...]
    titles: dict[str, str]
    hidden: bool = False

    def percentile(self, row: ClientRow, measure: str) -> float:
        """Share of the clients that have no more of a measure than this one, counting half of the equal ones.

        Parameters
        ----------
        measure
            Name of a number of `ClientRow`.
        """
        values = self.values(measure)
        own = getattr(row, measure)
        return float((np.sum(values < own) + 0.5 * np.sum(values == own)) / len(values))

    def values(self, measure: str) -> np.ndarray:
        """A measure of all clients that have it."""
        return np.array([getattr(r, measure) for r in self.rows if getattr(r, measure) is not None], dtype=float)

    def spread(self, measure: str) -> tuple[float, ...]:
        """The percentiles of a measure over the clients, as in `PERCENTILES`."""
        values = self.values(measure)
        return tuple(float(v) for v in np.percentile(values, PERCENTILES)) if len(values) else tuple(float("nan") for _ in PERCENTILES)

    def gaps(self) -> tuple[Gap, ...]:
        """What most clients lack for their promise, the most common first."""
        lacking = Counter(p for row in self.rows for p in row.lacking)
        asked = Counter(p for row in self.rows for p in row.asked_of)
        found = [Gap(p, self.titles.get(p, p), count, asked[p]) for p, count in lacking.items()]
        return tuple(sorted(found, key=lambda g: (-g.clients, -g.share, g.practice)))

    def without_names(self, *, but: str = "") -> Portfolio:
        """The same portfolio as one client may see it: all names hidden but its own.

        Raises
        ------
        UsageError
            When there is no such client, or so few that the others could be guessed.
        """
        known = [row.id for row in self.rows]
        if but and but not in known:
            raise UsageError(f'"{but}" is not a client of this portfolio', place="for_client", hint=did_you_mean(but, known))
        if len(self.rows) < 5:
            raise UsageError(f"has {len(self.rows)} clients, too few to hide any", hint="show names, or take at least five clients")
        rows = tuple(row if row.id == but else replace(row, id=f"{n}", name=f"Client {n}") for n, row in enumerate(self.rows, start=1))
        unread = tuple((f"File {n}", "could not be read") for n in range(1, len(self.unread) + 1))
        return replace(self, rows=rows, unread=unread, hidden=True)


def row_of(a: Assessment, *, avoidable: Callable[[Assessment], float | None] | None = None) -> ClientRow:
    """One assessment as a row.

    Parameters
    ----------
    avoidable
        Looks for the share of downtime that another design would avoid; not looked for when None, since it takes most of the time.
    """
    rate = a.engagement.client.exchange_rate_from_usd
    scores = [d.score.score for d in a.standing.dimensions if d.score.score is not None]

    def mean(name: str) -> float:
        return float(a.figure(name).draws.mean())

    practices = a.standing.practices
    return ClientRow(
        a.engagement.client.id, a.engagement.client.name, a.standing.verdict.outcome, a.main.journey.promise.slo,
        float(np.mean(scores)) if scores else None, a.standing.coverage, mean("bad_minutes_per_year"), float(a.main.breach.mean()),
        mean("loss_per_year") / rate, mean("cash_per_month") / rate, mean("hours_per_month"),
        tuple(p.practice.id for p in practices if p.gate in ("missed", "unproven")),
        tuple(p.practice.id for p in practices if p.state not in ("does not apply", "not applicable")),
        avoidable(a) if avoidable else None,
    )  # fmt: skip


def avoidable_share(a: Assessment) -> float | None:
    """Share of the expected downtime that a design on the frontier avoids without costing more cash or hours than today's."""
    from readiness.assessment.designs import design_space

    space = design_space(a)
    today = space.sums(space.today)
    if not today.minutes:
        return None
    front = space.front
    affordable = np.asarray(front.cost) <= today.cash + 1e-6
    if front.hours is not None:
        affordable &= np.asarray(front.hours) <= today.hours + 1e-6
    sums = [space.sums(space.plan(int(n))).minutes for n in np.flatnonzero(affordable)]
    return max(0.0, 1 - min([*sums, today.minutes]) / today.minutes)


def portfolio(rows: Sequence[ClientRow], *, as_of: date, titles: dict[str, str], unread: Sequence[tuple[str, str]] = ()) -> Portfolio:
    """Rows as a portfolio, the largest expected loss first."""
    return Portfolio(tuple(sorted(rows, key=lambda r: (-r.loss_per_year, r.id))), as_of, tuple(unread), titles)
