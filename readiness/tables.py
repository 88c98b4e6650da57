"""Assessment to tidy frames and plain data; pandas begins here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readiness.assessment import Assessment

if TYPE_CHECKING:
    import pandas as pd


def summary_json(a: Assessment) -> dict[str, Any]:
    """The headline of an assessment for other programs."""
    return {
        "client": a.engagement.client.id,
        "as_of": a.as_of.isoformat(),
        "currency": a.engagement.client.currency,
        "data": a.catalog.digest,
        "verdict": a.standing.verdict.outcome,
        "promise": a.main.journey.promise.slo,
        "highest_promise": a.standing.highest_promise,
        "coverage": a.standing.coverage,
        "reasons": [
            {"kind": r.kind, "blocks": r.blocks, "subject": r.subject, "value": r.value, "limit": r.limit} for r in a.standing.verdict.reasons
        ],
        "figures": {
            f.id: {"title": f.title, "unit": f.unit, "mean": f.band.mean, "low": f.band.low, "high": f.band.high} for f in a.figures.values()
        },
    }


def figures_frame(a: Assessment) -> pd.DataFrame:
    """One row for each figure: id, title, unit, mean, 5th, 50th and 95th percentile."""
    import pandas as pd

    rows = [(f.id, f.title, f.unit, f.band.mean, f.band.low, f.band.median, f.band.high) for f in a.figures.values()]
    return pd.DataFrame(rows, columns=["id", "title", "unit", "mean", "low", "median", "high"])


def causes_frame(a: Assessment) -> pd.DataFrame:
    """One row for each journey and cause: rate, reach, minutes and bad minutes a year, as means."""
    import pandas as pd

    rows = [
        (r.journey.name, c.id, c.title, float(c.rate.mean()), float(c.reach.mean()), float(c.minutes.mean()), float(r.bad_minutes[:, i].mean()))
        for r in a.journeys
        for i, c in enumerate(r.causes)
    ]
    return pd.DataFrame(rows, columns=["journey", "cause", "title", "rate_per_year", "reach", "minutes", "bad_minutes_per_year"])
