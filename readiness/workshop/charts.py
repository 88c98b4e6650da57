"""The charts beside the questions: few marks, short labels, made for a third of a screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from readiness.assessment import Assessment
from readiness.figures.bars import bars
from readiness.figures.levels import levels
from readiness.figures.lines import chance_by_promise
from readiness.text import Ledger, promise

Drawn = Callable[[Assessment], tuple[Mapping[str, Any], str]]
MOST_CAUSES = 6
LONGEST_LABEL = 27


def short(text: str, most: int = LONGEST_LABEL) -> str:
    """A label that leaves room for what it labels.

    Examples
    --------
    >>> short("orders_db: PostgreSQL on one virtual machine")
    'orders_db: PostgreSQL on o…'
    """
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def causes(a: Assessment) -> tuple[Mapping[str, Any], str]:
    """What takes most of the downtime."""
    ledger = Ledger(a.engagement.client.currency)
    found = [(title, float(drawn.mean())) for title, drawn in a.bad_minutes_by_cause.values()]
    found = sorted((one for one in found if one[1] > 0), key=lambda one: -one[1])[:MOST_CAUSES]
    texts = [ledger.say(minutes, "minutes", id="bad_minutes") for _, minutes in found]
    figure = bars(_apart([short(title) for title, _ in found]), [minutes / 60 for _, minutes in found], texts, axis_title="Hours of downtime a year")
    top = max((minutes / 60 for _, minutes in found), default=1.0)
    figure["layout"] |= {"height": 48 + 27 * len(found), "xaxis": {"title": {"text": "Hours of downtime a year"}, "range": [0, 1.22 * top]}}
    return figure, "Downtime a year by cause: " + "; ".join(f"{title} {text}" for (title, _), text in zip(found, texts, strict=True))


def chances(a: Assessment) -> tuple[Mapping[str, Any], str]:
    """What could be promised."""
    ledger = Ledger(a.engagement.client.currency)
    known = sorted(a.main.breach_by_promise.items())
    slo = a.main.journey.promise.slo
    nearest = min(range(len(known)), key=lambda i: abs(known[i][0] - slo))
    # Next to one another, "over 99.9 %" and "100 %" are no news: only the promise itself is labelled there.
    texts = [ledger.say(chance, "share", id="breach") if i == nearest or chance < 0.985 else "" for i, (_, chance) in enumerate(known)]
    figure = chance_by_promise([promise(p) for p, _ in known], [c for _, c in known], texts, tolerance=a.standing.tolerance, chosen=nearest)
    for note in figure["layout"]["annotations"]:
        note |= {"x": 0.99, "xanchor": "right"}  # on the left it would lie on the first label
    words = "; ".join(f"{promise(p)}: {ledger.say(c, 'share', id='breach')}" for p, c in known)
    return figure, f"Chance to break a promise within a year: {words}"


def reached(a: Assessment) -> tuple[Mapping[str, Any], str]:
    """How far each dimension has come, and how far the unanswered could move it."""
    shown = [d for d in a.standing.dimensions if d.score.worst is not None and d.score.best is not None]
    labels = [d.dimension.title for d in shown]
    figure = levels(labels, [d.score.score for d in shown], [float(d.score.worst or 0) for d in shown], [float(d.score.best or 0) for d in shown])
    words = "; ".join(f"{d.dimension.title} {'open' if d.score.score is None else f'{d.score.score:.1f}'}" for d in shown)
    return figure, f"Level by dimension: {words}"


def _apart(labels: list[str]) -> list[str]:
    """Labels that became alike by shortening are kept apart: two bars of one name would lie on each other."""
    seen: dict[str, int] = {}
    told = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        told.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return told


CHARTS: tuple[Drawn, ...] = (causes, chances, reached)
