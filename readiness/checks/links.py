"""Rules of the data: everything that is named exists, and nothing needs itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pydantic import TypeAdapter, ValidationError

from readiness.assessment.money import DERIVED
from readiness.assumptions import NUMBERS
from readiness.catalog import Catalog
from readiness.engagement.schema import Dependency
from readiness.errors import DataError, did_you_mean

SEE_ALSO: Mapping[str, str] = {
    "aws_lens": r"(OPS|SEC|REL|PERF|COST|SUS)\d{2}-BP\d{2}",
    "samm": r"[GDIVO]-[A-Z]{2}(-[AB])?",
    "cis": r"CIS-\d{1,2}\.\d{1,2}",
    "dsomm": r"[A-Z][A-Za-z ,/()-]{1,79}",
}
_DEPENDENCY = TypeAdapter(Dependency)


def _unknown(word: str, known: object, what: str, *, file: object, place: str) -> Iterator[DataError]:
    if word not in known:  # type: ignore[operator]
        yield DataError(f'"{word}" is not {what}', file=file, place=place, hint=did_you_mean(word, known))  # type: ignore[arg-type]


def practices_resolve(catalog: Catalog) -> Iterator[DataError]:
    """What practices name exists: prerequisites and the needs of tiers."""
    for practice in catalog.practices.values():
        file = catalog.files.get(practice.id)
        for remedy in practice.remedies:
            for need in remedy.needs:
                yield from _unknown(need, catalog.practices, "a practice", file=file, place=f"remedies.{remedy.to}.needs")
        for need in practice.applies_when.any_tier:
            yield from _unknown(need, catalog.services, "a need that a service fills", file=file, place="applies_when.any_tier")
        for profile in practice.applies_when.profiles:
            yield from _unknown(profile, catalog.profiles, "a profile", file=file, place="applies_when.profiles")


def no_cycles(catalog: Catalog) -> Iterator[DataError]:
    """No practice needs itself, directly or by way of others."""
    needs = {p.id: sorted({n for r in p.remedies for n in r.needs}) for p in catalog.practices.values()}
    done: set[str] = set()

    def walk(at: str, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if at in path:
            yield (*path[path.index(at) :], at)
        elif at not in done:
            for nearer in needs.get(at, ()):
                yield from walk(nearer, (*path, at))
            done.add(at)

    for practice in needs:
        for circle in walk(practice, ()):
            yield DataError(
                f"needs itself: {' needs '.join(circle)}", file=catalog.files.get(circle[0]), place="remedies", hint="take one of these away"
            )


def see_also_reads_well(catalog: Catalog) -> Iterator[DataError]:
    """Cross-references are identifiers of the standard they name."""
    for practice in catalog.practices.values():
        for standard, text in practice.see_also.items():
            file = catalog.files.get(practice.id)
            pattern = SEE_ALSO.get(standard)
            if pattern is None:
                yield from _unknown(standard, SEE_ALSO, "a standard that is referred to", file=file, place="see_also")
                continue
            for reference in [text] if standard == "dsomm" else text.split(", "):
                if not re.fullmatch(pattern, reference):
                    yield DataError(f'"{reference}" is not an identifier of {standard}', file=file, place=f"see_also.{standard}")


def causes_resolve(catalog: Catalog) -> Iterator[DataError]:
    """Causes multiply a rate by a reach and add up minutes, from numbers that exist and have fitting units."""
    for cause in catalog.causes:
        place = f"causes.{cause.id}"
        for name in (*cause.rate, *cause.reach, *cause.minutes):
            yield from _number(name, NUMBERS, file="causes.yaml", place=place)
        for name in cause.minutes:
            if name in NUMBERS and NUMBERS[name].unit not in ("minutes", "hours"):
                yield DataError(f"{name} is in {NUMBERS[name].unit}, but minutes add up", file="causes.yaml", place=f"{place}.minutes")
        for name in cause.reach:
            if name in NUMBERS and NUMBERS[name].unit != "share":
                yield DataError(f"{name} is in {NUMBERS[name].unit}, but a reach is a share", file="causes.yaml", place=f"{place}.reach")
        yield from _per(cause.rate, cause.per, file="causes.yaml", place=place)


def lines_resolve(catalog: Catalog) -> Iterator[DataError]:
    """Lines of money and hours are products of numbers that exist and have fitting units."""
    for line in catalog.lines:
        place = f"lines.{line.id}"
        for name in line.product:
            yield from _number(name, [*NUMBERS, *DERIVED], file="lines.yaml", place=place)
        yield from _per(line.product, line.per, file="lines.yaml", place=place)


def _number(name: str, known: object, *, file: str, place: str) -> Iterator[DataError]:
    bare = name.removeprefix("not ")
    yield from _unknown(bare, known, "a number the workbook knows", file=file, place=place)
    if name != bare and bare in NUMBERS and NUMBERS[bare].unit != "share":
        yield DataError(f'"not {bare}" is one minus {bare}, which is no share', file=file, place=place)


def _per(names: tuple[str, ...], per: str, *, file: str, place: str) -> Iterator[DataError]:
    units = [NUMBERS[n].unit if n in NUMBERS else DERIVED.get(n, "") for n in (name.removeprefix("not ") for name in names)]
    monthly = any(unit.endswith("/month") for unit in units)
    if monthly != (per == "month"):
        yield DataError(f"is said per {per}, but its numbers are per {'month' if monthly else 'year'}", file=file, place=f"{place}.per")


def scenarios_resolve(catalog: Catalog) -> Iterator[DataError]:
    """What scenarios name exists: minutes, needs, and the practices that ease them."""
    for scenario in catalog.scenarios.values():
        file = f"scenarios/{scenario.id}.yaml"
        for name in scenario.effect.minutes:
            if isinstance(name, str):
                yield from _unknown(name, NUMBERS, "a number the workbook knows", file=file, place="effect.minutes")
                if name in NUMBERS and NUMBERS[name].unit not in ("minutes", "hours"):
                    yield DataError(f"{name} is in {NUMBERS[name].unit}, but minutes add up", file=file, place="effect.minutes")
        for need in scenario.needs:
            yield from _unknown(need, catalog.services, "a need that a service fills", file=file, place="needs")
        for practice in scenario.eased_by:
            yield from _unknown(practice, catalog.practices, "a practice", file=file, place="eased_by")


def services_resolve(catalog: Catalog) -> Iterator[DataError]:
    """What ways name exists: prices, SLAs, the needs a bundle fills; and each way's id is its own."""
    owner: dict[str, str] = {}
    for service in catalog.services.values():
        file = f"services/{service.need}.yaml"
        for way in service.ways:
            if way.id in owner:
                yield DataError(
                    f'"{way.id}" is also a way to get {owner[way.id]}', file=file, place=f"ways.{way.id}", hint="ids of ways are used once"
                )
            owner.setdefault(way.id, service.need)
            for line in way.price_lines:
                yield from _unknown(line.sku, catalog.prices, "a price in prices.csv", file=file, place=f"ways.{way.id}.price_lines")
            if way.sla:
                yield from _unknown(way.sla, catalog.commitments, "an SLA in slas.csv", file=file, place=f"ways.{way.id}.sla")
            for need in way.fills:
                yield from _unknown(need, catalog.services, "a need that a service fills", file=file, place=f"ways.{way.id}.fills")
            if way.redundancy == "multi_region" and way.regions < 2:
                yield DataError("is multi-region, but stands in one region", file=file, place=f"ways.{way.id}.regions")


def archetypes_resolve(catalog: Catalog) -> Iterator[DataError]:
    """A starting point names needs, ways, dependencies and answers that exist."""
    for archetype in catalog.archetypes.values():
        file = f"archetypes/{archetype.id}.yaml"
        for tier in archetype.tiers:
            yield from _unknown(tier.need, catalog.services, "a need that a service fills", file=file, place=f"tiers.{tier.name}.need")
            yield from _unknown(tier.way, catalog.ways, "a way to run a tier", file=file, place=f"tiers.{tier.name}.way")
            service, way = catalog.ways.get(tier.way, (None, None))
            if service is not None and way is not None and tier.need not in (service.need, *way.fills):
                yield DataError(f'"{tier.way}" is a way to get {service.need}, not {tier.need}', file=file, place=f"tiers.{tier.name}.way")
        for number, dependency in enumerate(archetype.dependencies):
            try:
                _DEPENDENCY.validate_python(dependency)
            except ValidationError as problem:
                first = problem.errors()[0]
                yield DataError(str(first["msg"]), file=file, place=f"dependencies.{number + 1}.{'.'.join(str(p) for p in first['loc'])}")
        for practice, answer in archetype.answers.items():
            yield from _unknown(practice, catalog.practices, "a practice", file=file, place="answers")
            if practice in catalog.practices:
                yield from _unknown(
                    answer, [a.id for a in catalog.practices[practice].answers], f"an answer to {practice}", file=file, place=f"answers.{practice}"
                )


def profiles_resolve(catalog: Catalog) -> Iterator[DataError]:
    """A profile weighs, gates and leaves out practices that exist."""
    for profile in catalog.profiles.values():
        file = f"profiles/{profile.id}.yaml"
        for practice in (*profile.weights, *profile.required_from, *profile.not_asked):
            yield from _unknown(practice, catalog.practices, "a practice", file=file, place=profile.id)
        for practice, gates in profile.required_from.items():
            if practice in catalog.practices:
                for answer in gates:
                    yield from _unknown(
                        answer,
                        [a.id for a in catalog.practices[practice].answers],
                        f"an answer to {practice}",
                        file=file,
                        place=f"required_from.{practice}",
                    )


def concerns_resolve(catalog: Catalog) -> Iterator[DataError]:
    """Everything the workbook has to ask about is carried by a practice."""
    for concern, practice in catalog.concerns.items():
        yield from _unknown(practice, catalog.practices, "a practice", file="practices/concerns.yaml", place=concern)


def dimensions_are_filled(catalog: Catalog) -> Iterator[DataError]:
    """A dimension without a practice would be a heading without a question."""
    held = {practice.dimension for practice in catalog.practices.values()}
    for dimension in catalog.dimensions:
        if dimension.id not in held:
            yield DataError("has no practice", file="dimensions.yaml", place=dimension.id)


RULES = {
    rule.__name__: rule
    for rule in (
        practices_resolve, no_cycles, see_also_reads_well, causes_resolve, lines_resolve, scenarios_resolve, services_resolve,
        archetypes_resolve, profiles_resolve, concerns_resolve, dimensions_are_filled,
    )
}  # fmt: skip
