"""Why a number is what it is: its formula, what it is made from, and the trail of every move that touched it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from readiness.assessment import Assessment, Figure
from readiness.assumptions import NUMBERS, OPTION_NUMBERS, PART_NUMBERS, number_at
from readiness.errors import UsageError, did_you_mean
from readiness.models.uncertainty import band
from readiness.moves import Step
from readiness.text import Ledger


@dataclass(frozen=True)
class Explanation:
    """One number with what made it; ``parts`` are explained by their own names."""

    number: str
    title: str
    said: str
    formula: str
    parts: tuple[tuple[str, str, str], ...]
    trail: tuple[Step, ...]
    unit: str
    currency: str

    def lines(self) -> list[str]:
        """For a terminal."""
        told = [f"{self.number}: {self.said}", f"  {self.title}"]
        if self.formula:
            told.append(f"  made as: {self.formula}")
        told += [f"    {name}: {value}  ({title})" for name, title, value in self.parts]
        ledger = Ledger(self.currency)
        for step in self.trail:
            chance = f" [holds with a chance of {step.chance:.0%}]" if step.chance < 1 else ""
            dated = f", {step.as_of}" if step.as_of else ""
            told.append(f"  - {step.text}{chance} -> {ledger.say(step.mean_after, self.unit, id='')}")
            told.append(f"      {step.evidence}{dated}: {step.source}")
        return told

    def as_data(self) -> dict[str, Any]:
        """For machines."""
        steps = [
            {
                "text": s.text,
                "source": s.source,
                "evidence": s.evidence,
                "as_of": s.as_of,
                "mean_after": s.mean_after,
                "origin": s.origin,
                "chance": s.chance,
            }
            for s in self.trail
        ]
        return {"number": self.number, "title": self.title, "said": self.said, "formula": self.formula, "unit": self.unit,
                "parts": [{"number": n, "title": t, "said": v} for n, t, v in self.parts], "trail": steps}  # fmt: skip


def explained(a: Assessment, number: str) -> Explanation:
    """Explain a headline, a line or an assumption by its name.

    Raises
    ------
    UsageError
        When there is no such number, with a guess.
    """
    ledger = Ledger(a.engagement.client.currency)
    figure = a.figures.get(number)
    if figure is not None:
        return _figure(a, figure, ledger)
    try:
        known = number_at(number)
        drawn = a.values[number]
    except KeyError:
        words = [*a.figures, *NUMBERS, *PART_NUMBERS, *(f"{p.tier.name}.{n}" for p in a.design.placed for n in OPTION_NUMBERS)]
        raise UsageError(
            f'"{number}" is not a number of this assessment', hint=did_you_mean(number, words) or "readiness assess prints the names"
        ) from None
    said = _said(ledger, band(drawn), known.unit, number)
    return Explanation(number, known.meaning, said, "", (), a.values.trail(number), known.unit, ledger.currency)


def _figure(a: Assessment, figure: Figure, ledger: Ledger) -> Explanation:
    parts = []
    for name in figure.inputs:
        if name in a.figures:
            other = a.figures[name]
            parts.append((float(other.draws.mean()), name, other.title, _said(ledger, other.band, other.unit, name)))
        elif name in a.values:
            known = number_at(name)
            parts.append((0.0, name, known.meaning, _said(ledger, band(a.values[name]), known.unit, name)))
    parts.sort(key=lambda p: -p[0])
    steps: tuple[Step, ...] = ()
    for name in figure.inputs:
        if name in a.values and name not in a.figures:
            steps += a.values.trail(name)
    return Explanation(
        figure.id,
        figure.title,
        _said(ledger, figure.band, figure.unit, figure.id),
        figure.formula,
        tuple(p[1:] for p in parts),
        steps,
        "factor",
        ledger.currency,
    )


def _said(ledger: Ledger, b: Any, unit: str, id: str) -> str:
    return f"{ledger.say(b.mean, unit, id=id)} ({ledger.range(b.low, b.high, unit, id=id)})"
