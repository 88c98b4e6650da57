"""Reads a client's engagement: the YAML a person wrote, with the workshop's journal folded over it, checked against the catalog."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from readiness import journal
from readiness.catalog import Catalog
from readiness.engagement.schema import Engagement
from readiness.errors import EngagementError, did_you_mean
from readiness.yaml_source import Place, Source, read_yaml, validated

FILE_NAME = "engagement.yaml"


@dataclass(frozen=True)
class Opened:
    """An engagement as it stands on disk.

    Parameters
    ----------
    engagement
        The state: the file with the journals folded over it.
    file, folder
        The YAML, and the folder that holds its journal; no folder for a single file, which is read-only.
    content_digest
        Of the state: the key of a report that belongs to it.
    journal_digest
        Over the journals' heads; printed in the report.
    conflicts
        Addresses at which two people, or a hand edit and the workshop, disagree and nobody has decided yet.
    findings
        What is wrong with the journals themselves.
    """

    engagement: Engagement
    file: Path
    folder: Path | None
    content_digest: str
    journal_digest: str
    conflicts: tuple[journal.Conflict, ...] = ()
    findings: tuple[journal.Finding, ...] = ()
    last_line: journal.Line | None = None
    raw: dict[str, Any] = field(default_factory=dict, repr=False)


def engagement_file(path: Path) -> tuple[Path, Path | None]:
    """The YAML behind a path, and its folder when the path names one."""
    path = Path(path)
    if path.is_dir():
        if not (path / FILE_NAME).exists():
            raise EngagementError(f"holds no {FILE_NAME}", file=path, hint="name the folder of one client, or its YAML file")
        return path / FILE_NAME, path
    if path.name == FILE_NAME and (path.parent / "journal").is_dir():
        return path, path.parent
    return path, None


def open_engagement(path: Path, catalog: Catalog) -> Opened:
    """Read, fold and check one client.

    Raises
    ------
    EngagementError
        With file, line, key, rule and, where one is near, what was probably meant.
    """
    file, folder = engagement_file(path)
    source = read_yaml(file, EngagementError)
    if source.content is None:
        raise EngagementError("is empty", file=file, hint="start with: readiness new ID")
    if not isinstance(source.content, dict):
        raise EngagementError("is not a mapping of keys to values", file=file, hint="start with: readiness new ID")
    raw = source.content
    conflicts: tuple[journal.Conflict, ...] = ()
    findings: tuple[journal.Finding, ...] = ()
    last, log_digest = None, journal.digest(())
    if folder is not None and (folder / "journal").is_dir():
        reading = journal.read(folder / "journal")
        folded = journal.fold(reading.lines, {a: value_at(raw, a) for a in {line.address for line in reading.lines}})
        try:
            raw = laid_over(raw, folded.values, {line.address for line in reading.lines})
        except (IndexError, ValueError, AttributeError, TypeError):
            raise EngagementError(
                "no longer fits its journal: a list or a section that the journal speaks of was taken out by hand", file=file,
                hint="put it back, or fold the journal in first with: readiness export",
            ) from None
        conflicts, findings, log_digest = folded.conflicts, reading.findings, journal.digest(reading.lines)
        last = reading.lines[-1] if reading.lines else None
    folded_source = Source(file, raw, source.lines, EngagementError)
    engagement = validated(folded_source, Engagement)
    check_against(catalog, engagement, folded_source)
    digest = hashlib.sha256(json.dumps(raw, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return Opened(engagement, file, folder, digest, log_digest, conflicts, findings, last, raw)


def _steps(address: str) -> list[str]:
    return address.split(".")


def value_at(raw: Any, address: str) -> Any:
    """The value at a dotted address, or None."""
    for step in _steps(address):
        if isinstance(raw, list) and step.isdigit() and int(step) < len(raw):
            raw = raw[int(step)]
        elif isinstance(raw, dict):
            raw = raw.get(step)
        else:
            return None
    return raw


def laid_over(raw: dict[str, Any], values: dict[str, Any], touched: set[str]) -> dict[str, Any]:
    """A copy of what was written with other values at some addresses; an address without a value is taken away."""
    result: dict[str, Any] = json.loads(json.dumps(raw))
    for address in sorted(touched):
        *path, last = _steps(address)
        place: Any = result
        for step in path:
            if isinstance(place, list):
                place = place[int(step)]
            else:
                if place.get(step) is None:
                    place[step] = {}
                place = place[step]
        if isinstance(place, list):
            place[int(last)] = values.get(address)
        elif address in values:
            place[last] = values[address]
        else:
            place.pop(last, None)
    return result


def check_against(catalog: Catalog, engagement: Engagement, source: Source) -> None:
    """Every id in an engagement exists in the catalog; the first that does not is named with a guess."""
    for place, word, known, what in _references(catalog, engagement):
        if word not in known:
            raise source.complain(place, f'"{word}" is not {what}', did_you_mean(word, known))
    for number, tier in enumerate(engagement.architecture.tiers):
        service, _ = catalog.ways[tier.way]
        fills = catalog.ways[tier.way][1].fills
        if service.need != tier.need and tier.need not in fills:
            raise source.complain(("architecture", "tiers", number, "way"), f'"{tier.way}" is a way to get {service.need}, not {tier.need}',
                                  did_you_mean(tier.way, [w.id for w in catalog.services[tier.need].ways]))  # fmt: skip
    tiers = {t.name for t in engagement.architecture.tiers}
    for number, override in enumerate(engagement.overrides):
        if "." in override.number and override.number.rsplit(".", 1)[0] not in tiers:
            tier_name = override.number.rsplit(".", 1)[0]
            raise source.complain(("overrides", number, "number"), f'"{tier_name}" is not a tier', did_you_mean(tier_name, tiers))


def _references(catalog: Catalog, engagement: Engagement) -> Iterator[tuple[Place, str, Any, str]]:
    for practice, given in engagement.answers.items():
        yield ("answers", practice), practice, catalog.practices, "a practice the workbook asks about"
        known = [a.id for a in catalog.practices[practice].answers] if practice in catalog.practices else []
        for answer in given.answers:
            yield ("answers", practice), answer, known, f"an answer to {practice} (answers: {', '.join(known)})"
    for number, tier in enumerate(engagement.architecture.tiers):
        place = ("architecture", "tiers", number)
        yield (*place, "need"), tier.need, catalog.services, "a need the workbook knows"
        yield (*place, "way"), tier.way, catalog.ways, "a way to run a tier"
        for way in (*tier.allowed, *(b.way for b in tier.blocked)):
            yield place, way, catalog.ways, "a way to run a tier"
    for number, discount in enumerate(engagement.money.commitment_discounts):
        place = ("money", "commitment_discounts", number)
        yield (*place, "provider"), discount.provider, {sku.partition("/")[0]: sku for sku in catalog.prices}, "a provider whose prices the workbook knows"
        for which, need in enumerate(discount.needs):
            yield (*place, "needs", which), need, catalog.services, "a need the workbook knows"
        for which, sku in enumerate(discount.prices):
            yield (*place, "prices", which), sku, catalog.prices, "a line of prices.csv"
    for number, dependency in enumerate(engagement.architecture.dependencies):
        if dependency.sla:
            yield ("architecture", "dependencies", number, "sla"), dependency.sla, catalog.commitments, "an SLA in slas.csv"
        for journey in dependency.journeys:
            yield ("architecture", "dependencies", number, "journeys"), journey, [j.name for j in engagement.journeys], "a journey"
    for number, risk in enumerate(engagement.accepted_risks):
        if risk.practice:
            yield ("accepted_risks", number, "practice"), risk.practice, catalog.practices, "a practice"
        if risk.scenario:
            yield (
                ("accepted_risks", number, "scenario"),
                risk.scenario,
                {**catalog.scenarios, **{s.id: s for s in engagement.scenarios}},
                "a scenario",
            )
    for number, step in enumerate(engagement.improvements):
        if step.practice:
            yield ("improvements", number, "practice"), step.practice, catalog.practices, "a practice"
        if step.tier:
            yield ("improvements", number, "tier"), step.tier, [t.name for t in engagement.architecture.tiers], "a tier"
        if step.way:
            yield ("improvements", number, "way"), step.way, catalog.ways, "a way to run a tier"
    if engagement.profile:
        yield ("profile",), engagement.profile, catalog.profiles, "a profile"
