"""The reference of practices and services, made from the data."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.assumptions import NUMBERS, OPTION_NUMBERS
from readiness.catalog import Catalog
from readiness.catalog.schema import MoveData, Practice
from readiness.text import promise


def reference(catalog: Catalog) -> str:
    """The reference page as markdown; the text is ours, so it is not escaped."""
    return "\n".join(_lines(catalog)) + "\n"


def _lines(catalog: Catalog) -> Iterator[str]:
    yield "# Reference"
    yield ""
    yield "Made from `data/` by `readiness reference`; edit the data, not this page."
    yield ""
    yield "## Practices"
    for dimension in catalog.dimensions:
        yield ""
        yield f"### {dimension.title}"
        yield ""
        yield dimension.question
        for practice in catalog.practices.values():
            if practice.dimension == dimension.id:
                yield from _practice(practice)
    yield ""
    yield "## Services"
    yield ""
    yield "| Need | Way | Run by | Provider | Copies | SLA |"
    yield "|---|---|---|---|---|---|"
    for service in catalog.services.values():
        for way in service.ways:
            sla = catalog.commitments.get(way.sla or "")
            copies = f"{way.copies} in {way.zones} zones" if way.zones > 1 else str(way.copies)
            yield f"| {service.title} | `{way.id}` {way.title} | {way.run_by} | {way.provider} | {copies} | {promise(sla.committed) if sla else ''} |"
    yield ""
    yield "## Extreme situations"
    yield ""
    for scenario in catalog.scenarios.values():
        yield f"- `{scenario.id}` **{scenario.title}**: {scenario.story}"
    yield ""
    yield "## Numbers"
    yield ""
    yield "| Number | Unit | Meaning | Parts |"
    yield "|---|---|---|---|"
    for number in (*NUMBERS.values(), *OPTION_NUMBERS.values()):
        name = f"tier.{number.name}" if number.of_option else number.name
        yield f"| `{name}` | {number.unit} | {number.meaning} | {', '.join(number.parts)} |"


def _practice(practice: Practice) -> Iterator[str]:
    yield ""
    yield f"#### {practice.title} (`{practice.id}`)"
    yield ""
    yield f"**{practice.question}** {practice.why} Evidence: {practice.evidence}."
    yield ""
    for answer in practice.answers:
        gate = f" A promise from {promise(practice.required_from[answer.id])} up needs it." if answer.id in practice.required_from else ""
        moved = "; ".join(_move(m) for m in answer.moves) or "the defaults"
        yield f"- `{answer.id}`, level {answer.level}: {answer.text}.{gate} Moves {moved}."
    if practice.incidents:
        yield ""
        yield "Where it went wrong: " + " ".join(f"[{i.who}, {i.year}]({i.link}): {i.what}" for i in practice.incidents)


def _move(move: MoveData) -> str:
    name = f"`{move.target}`" + (f" ({move.part})" if move.part else "")
    how = "to" if move.set else "by"
    return f"{name} {how} {move.low:g}–{move.likely:g}–{move.high:g} ({move.evidence})"
