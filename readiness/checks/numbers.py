"""Rules of the data: every answer moves a number, and every number has one owner, a source, a date and a range."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from readiness.assumptions import EVIDENCE, NUMBERS
from readiness.catalog import Catalog
from readiness.catalog.schema import Practice
from readiness.engagement.schema import MoneyFacts
from readiness.errors import DataError

CLIENTS_OWN = frozenset(MoneyFacts.model_fields)
MEASURES = ("hour", "month", "gigabyte_month", "gigabyte", "million", "seat_month", "vcpu_hour")


def practices_move_numbers(catalog: Catalog) -> Iterator[DataError]:
    """A question that moves nothing is not asked."""
    for practice in catalog.practices.values():
        if not any(answer.moves for answer in practice.answers):
            yield DataError("moves no number, whatever is answered", file=catalog.files.get(practice.id), place="answers",
                            hint="a question that moves nothing is not asked")  # fmt: skip


def answers_move_each_number_once(catalog: Catalog) -> Iterator[DataError]:
    """One answer says one thing of a number."""
    for practice in catalog.practices.values():
        for answer in practice.answers:
            moved = [(m.target, m.part) for m in answer.moves]
            for target, part in sorted({m for m in moved if moved.count(m) > 1}, key=str):
                yield DataError(
                    f"moves {target}{f' ({part})' if part else ''} twice", file=catalog.files.get(practice.id), place=f"answers.{answer.id}.moves"
                )


def numbers_have_one_setter(catalog: Catalog) -> Iterator[DataError]:
    """Two practices don't set the same number: one sets it, others scale one named part of it."""
    setters: dict[str, Practice] = {}
    for practice in catalog.practices.values():
        for name in sorted({m.set for answer in practice.answers for m in answer.moves if m.set}):
            first = setters.setdefault(name, practice)
            if first is not practice:
                yield DataError(f"sets {name}, which {first.id} sets already", file=catalog.files.get(practice.id), place="answers",
                                hint="one practice sets a number; others scale one named part of it")  # fmt: skip


def numbers_start_somewhere(catalog: Catalog) -> Iterator[DataError]:
    """Each number of the vocabulary has a default, or is one that only the client can know."""
    for name in NUMBERS:
        if (name, "") not in catalog.defaults and name not in CLIENTS_OWN:
            yield DataError(f"has no row for {name}", file="assumptions.csv", place=name, hint="every number starts somewhere, without a stage")


def parts_add_up(catalog: Catalog) -> Iterator[DataError]:
    """The likely shares of a number's parts add up to one, so that scaling all of them scales the whole."""
    for number in NUMBERS.values():
        shares = [catalog.defaults.get((f"{number.name}/{part}", "")) for part in number.parts]
        for part, share in zip(number.parts, shares, strict=True):
            if share is None:
                yield DataError(f"has no row for {number.name}/{part}", file="assumptions.csv", place=number.name)
        total = sum(share.likely for share in shares if share is not None)
        if number.parts and None not in shares and abs(total - 1) > 0.02:
            yield DataError(
                f"the likely shares of the parts of {number.name} add up to {total:g}, not to 1", file="assumptions.csv", place=number.name
            )


def gates_rise_with_levels(catalog: Catalog) -> Iterator[DataError]:
    """A higher promise never asks for a lower answer."""
    for practice in catalog.practices.values():
        gates = sorted((practice.answer(a).level, slo) for a, slo in practice.required_from.items())
        for (level, slo), (higher, next_slo) in pairwise(gates):
            if higher > level and next_slo < slo:
                yield DataError(f"asks for level {higher} from {next_slo:g}, but for level {level} only from {slo:g}",
                                file=catalog.files.get(practice.id), place="required_from")  # fmt: skip


def practices_can_be_improved(catalog: Catalog) -> Iterator[DataError]:
    """Whoever is at the bottom is told a way up."""
    for practice in catalog.practices.values():
        if not practice.remedies:
            yield DataError(
                "has no remedies", file=catalog.files.get(practice.id), place="remedies", hint="say what it takes to come to a better answer"
            )
        lowest = min(answer.level for answer in practice.answers)
        for remedy in practice.remedies:
            if practice.answer(remedy.to).level <= lowest:
                yield DataError(
                    f"leads to {remedy.to}, which is the lowest level", file=catalog.files.get(practice.id), place=f"remedies.{remedy.to}"
                )


def numbers_are_dated_and_sourced(catalog: Catalog) -> Iterator[DataError]:
    """Every number has a date, a source and one of the four kinds of evidence, and the two do not contradict each other."""
    for file, place, day, source, evidence in sources(catalog):
        if evidence not in EVIDENCE:
            yield DataError(f'"{evidence}" is not a kind of evidence', file=file, place=place, hint=f"kinds are {', '.join(EVIDENCE)}")
        if day is None:
            yield DataError("has no as_of date", file=file, place=place)
        if not source.strip():
            yield DataError("has no source", file=file, place=place)
        if evidence == "published" and source.lower().startswith(("estimate of this workbook", "from memory")):
            yield DataError("is said to be published, but its source says it is an estimate", file=file, place=place)


def sources(catalog: Catalog) -> Iterator[tuple[object, str, date | None, str, str]]:
    """File, place, date, source and evidence of every number in the data."""
    for practice in catalog.practices.values():
        for answer in practice.answers:
            for m in answer.moves:
                yield catalog.files.get(practice.id), f"answers.{answer.id}.{m.target}", m.as_of, m.source, m.evidence
    for service in catalog.services.values():
        file = f"services/{service.need}.yaml"
        reach = service.reach_when_down
        yield file, "reach_when_down", reach.as_of, reach.source, reach.evidence
        for way in service.ways:
            for name, given in way.numbers.items():
                yield file, f"ways.{way.id}.{name}", given.as_of, given.source, given.evidence
    for scenario in catalog.scenarios.values():
        effect, file = scenario.effect, f"scenarios/{scenario.id}.yaml"
        given_by_name = {"chance_per_year": scenario.chance_per_year, "reach": effect.reach, "data_lost_hours": effect.data_lost_hours,
                         "cash": effect.cash, "hours": effect.hours, "people_tickets_per_hour": effect.people_tickets_per_hour}  # fmt: skip
        for name, figure in given_by_name.items():
            if figure is not None:
                yield file, name, figure.as_of, figure.source, figure.evidence
        for m in scenario.moves:
            yield file, f"moves.{m.target}", m.as_of, m.source, m.evidence
    for (name, stage), default in catalog.defaults.items():
        yield "assumptions.csv", f"{name}{f' ({stage})' if stage else ''}", default.as_of, default.source, default.evidence
    for dated in catalog.prices.values():
        for price in dated:
            yield "prices.csv", price.sku, price.from_date, price.source, price.evidence
    for commitment in catalog.commitments.values():
        yield "slas.csv", commitment.id, commitment.seen_on, commitment.source, commitment.evidence


def prices_can_be_reckoned_with(catalog: Catalog) -> Iterator[DataError]:
    """Prices are in USD, not negative, in a known measure, and no two days of one SKU overlap."""
    for sku, dated in catalog.prices.items():
        for price in dated:
            if price.currency != "USD":
                yield DataError(f"is in {price.currency}; the currency of the data is USD", file="prices.csv", place=sku)
            if price.measure not in MEASURES:
                yield DataError(f'"{price.measure}" is not a measure', file="prices.csv", place=sku, hint=f"measures are {', '.join(MEASURES)}")
            if price.price < 0:
                yield DataError(f"{price.price:g} is less than nothing", file="prices.csv", place=sku)
            if price.to_date is not None and price.to_date < price.from_date:
                yield DataError(f"ends on {price.to_date}, before it begins", file="prices.csv", place=sku)
        for earlier, later in pairwise(dated):
            if earlier.to_date is None or earlier.to_date >= later.from_date:
                yield DataError(
                    f"two prices are in force on {later.from_date}", file="prices.csv", place=sku, hint="end the older one with a to_date"
                )


def credits_grow_as_availability_falls(catalog: Catalog) -> Iterator[DataError]:
    """A provider owes more the worse it was, and nothing as long as its commitment holds."""
    for commitment in catalog.commitments.values():
        tiers = commitment.credit_tiers
        for (below, share), (lower, more) in pairwise(tiers):
            if lower >= below or more < share:
                yield DataError("credit tiers are not in order: lower availability, larger share", file="slas.csv", place=commitment.id)
        if tiers and tiers[0][0] > commitment.committed + 1e-12:
            yield DataError(f"owes credits below {tiers[0][0]:g}, but commits only to {commitment.committed:g}", file="slas.csv", place=commitment.id)


RULES = {
    rule.__name__: rule
    for rule in (
        practices_move_numbers, answers_move_each_number_once, numbers_have_one_setter, numbers_start_somewhere, parts_add_up,
        gates_rise_with_levels, practices_can_be_improved, numbers_are_dated_and_sourced, prices_can_be_reckoned_with,
        credits_grow_as_availability_falls,
    )
}  # fmt: skip
