"""Two milestones: what moved in answers, numbers, minutes and money, and whether the client, the data or the code moved it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from readiness.assessment import Assessment, assess
from readiness.assessment.history import assess_with_history
from readiness.assessment.yearly import year_of
from readiness.catalog import Catalog
from readiness.catalog.schema import Cause, MoneyLine
from readiness.design import design_of
from readiness.engagement.schema import Engagement, GivenAnswer
from readiness.errors import ImportFileError
from readiness.milestone import HEADLINES, Milestone, code_version
from readiness.moves import apply

MOVED = 0.01
"""A number counts as moved from a hundredth of itself on."""
Who = Literal["client", "time", "data", "code"]
WHO: tuple[Who, ...] = ("client", "time", "data", "code")


@dataclass(frozen=True, slots=True)
class AnswerMoved:
    """One practice whose answer or evidence is another."""

    practice: str
    title: str
    before: str
    after: str
    level_before: float | None
    level_after: float | None
    rung_before: str | None
    rung_after: str | None


@dataclass(frozen=True, slots=True)
class NumberMoved:
    """One number whose average is another, or another source's."""

    address: str
    unit: str
    before: float | None
    after: float | None
    source_before: str
    source_after: str


@dataclass(frozen=True, slots=True)
class HeadlineMoved:
    """One headline before and after, and its way from the one to the other; the parts add up exactly."""

    id: str
    title: str
    unit: str
    before: float
    after: float
    by: Mapping[Who, float]

    @property
    def change(self) -> float:
        return self.after - self.before


@dataclass(frozen=True)
class Comparison:
    """What lies between two milestones."""

    before: Milestone
    after: Milestone
    answers: tuple[AnswerMoved, ...]
    ways: tuple[tuple[str, str, str], ...]
    numbers: tuple[NumberMoved, ...]
    headline: tuple[HeadlineMoved, ...]

    @property
    def same_code(self) -> bool:
        return self.before.code == self.after.code

    @property
    def same_data(self) -> bool:
        return self.before.data == self.after.data


def compare(before: Milestone, after: Milestone, catalog: Catalog) -> Comparison:
    """What moved between two milestones, and who moved it.

    Parameters
    ----------
    catalog
        Today's; what is reckoned again is reckoned with it.

    Raises
    ------
    ImportFileError
        When a milestone names a practice or a way that today's data does not know any more.

    Notes
    -----
    One change at a time, in this order: the numbers that the first milestone kept are reckoned again by today's code (what differs, the
    code did); then the same client with today's data (the data did); on the later day (evidence and prices aged); then the later client
    (the client did). If the second milestone comes from other code or data than today's, its own two steps are added. The parts add up
    to the whole change; with another order they would be cut a little differently.
    """
    start, end = before.client, after.client
    for milestone in (before, after):
        _check(milestone, catalog)
    now = (catalog.digest, code_version())
    stored, goal = _kept(before), _kept(after)
    client = goal if (after.data, after.code) == now else _today(catalog, end, after.as_of, after.with_history)
    by_data = stored if (before.data, before.code) == now else _today(catalog, start, before.as_of, before.with_history)
    later = by_data if after.as_of == before.as_of else _today(catalog, start, after.as_of, before.with_history)
    by_code = _with_code(before, catalog, stored, by_data)
    again = _with_code(after, catalog, goal, client)
    rows = []
    for name in HEADLINES:
        if name not in before.headline or name not in after.headline:
            continue
        by: dict[Who, float] = {
            "client": client[name] - later[name],
            "time": later[name] - by_data[name],
            "data": (by_data[name] - by_code[name]) + (again[name] - client[name]),
            "code": (by_code[name] - stored[name]) + (goal[name] - again[name]),
        }
        known = after.headline[name]
        rows.append(HeadlineMoved(name, str(known["title"]), str(known["unit"]), stored[name], goal[name], by))
    return Comparison(before, after, tuple(_answers(start, end, catalog)), tuple(_ways(before, after)), tuple(_numbers(before, after)), tuple(rows))


def _check(milestone: Milestone, catalog: Catalog) -> None:
    client = milestone.client
    gone = [p for p in client.answers if p not in catalog.practices] + [t.way for t in client.architecture.tiers if t.way not in catalog.ways]
    gone += [
        w for p, g in client.answers.items() if p in catalog.practices for w in g.answers if w not in {x.id for x in catalog.practices[p].answers}
    ]
    if gone:
        raise ImportFileError(
            f'milestone "{milestone.name}" speaks of "{gone[0]}", which the data does not know any more',
            hint="compare with the version of the workbook that made it",
        )


def _kept(milestone: Milestone) -> dict[str, float]:
    return {name: float(row["mean"]) for name, row in milestone.headline.items()}


def _means(a: Assessment) -> dict[str, float]:
    return {name: a.figure(name).band.mean for name in HEADLINES}


def _today(catalog: Catalog, client: Engagement, as_of: date, with_history: bool) -> dict[str, float]:
    return _means(assess_with_history(catalog, client, as_of=as_of) if with_history else assess(catalog, client, as_of=as_of))


def _with_code(milestone: Milestone, catalog: Catalog, stored: dict[str, float], today: dict[str, float]) -> dict[str, float]:
    """A milestone's headlines if only the code were today's: where code or data are the same, nothing need be reckoned again."""
    if milestone.code == code_version():
        return stored
    return today if milestone.data == catalog.digest else _reckoned_again(milestone, catalog)


def _reckoned_again(milestone: Milestone, catalog: Catalog) -> dict[str, float]:
    """What today's code makes of the numbers that a milestone kept."""
    old = replace(
        catalog, causes=tuple(Cause.model_validate(c) for c in milestone.causes), lines=tuple(MoneyLine.model_validate(x) for x in milestone.lines)
    )
    client = milestone.client
    values = apply(milestone.given_choices(), milestone.quantities(), overrides=milestone.given_overrides())
    design = design_of(catalog, client, as_of=milestone.as_of)
    # Credits from the windows that an assessment makes, not from a light year's: the same to the last digit.
    owed = float(sum(r.credits_per_year for r in year_of(old, client, design, values, credits=None).journeys))
    year = year_of(old, client, design, values, credits=owed)
    return {name: float(year.headline(name).mean()) for name in HEADLINES}


def _answers(start: Engagement, end: Engagement, catalog: Catalog) -> Iterator[AnswerMoved]:
    for name, practice in catalog.practices.items():
        was, now = start.answers.get(name), end.answers.get(name)
        if (_state(was), was and was.rung) == (_state(now), now and now.rung):
            continue

        def said(given: GivenAnswer | None, practice=practice) -> tuple[str, float | None]:  # type: ignore[no-untyped-def]
            if given is None:
                return "not asked", None
            if given.not_applicable:
                return "not applicable", None
            held = [practice.answer(w) for w in given.answers]
            return " / ".join(x.text for x in held), float(min(x.level for x in held))

        (before, low), (after, high) = said(was), said(now)
        yield AnswerMoved(name, practice.title, before, after, low, high, was.rung if was else None, now.rung if now else None)


def _state(given: GivenAnswer | None) -> tuple[bool, tuple[str, ...]] | None:
    return None if given is None else (given.not_applicable, given.answers)


def _ways(before: Milestone, after: Milestone) -> Iterator[tuple[str, str, str]]:
    for tier in dict.fromkeys([*before.design, *after.design]):
        was, now = before.design.get(tier), after.design.get(tier)
        if (was and was["way"]) != (now and now["way"]):
            yield tier, str(was["title"]) if was else "not there", str(now["title"]) if now else "gone"


def _numbers(before: Milestone, after: Milestone) -> Iterator[NumberMoved]:
    found = []
    for address in dict.fromkeys([*before.numbers, *after.numbers]):
        was, now = before.numbers.get(address), after.numbers.get(address)
        old, new = (float(was["mean"]) if was else None), (float(now["mean"]) if now else None)
        scale = max(abs(old or 0.0), abs(new or 0.0))
        if old is None or new is None or abs(new - old) > MOVED * scale:
            share = 1.0 if old is None or new is None else abs(new - old) / scale
            known = now or was or {}
            found.append(
                (share, NumberMoved(address, str(known["unit"]), old, new, str(was["source"]) if was else "", str(now["source"]) if now else ""))
            )
    for _, moved in sorted(found, key=lambda one: -one[0]):
        yield moved


__all__ = ["WHO", "AnswerMoved", "Comparison", "HeadlineMoved", "NumberMoved", "compare"]
