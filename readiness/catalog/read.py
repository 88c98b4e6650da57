"""Reads `data/` and banks into one frozen `Catalog`; from a cache keyed by content when nothing has changed."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from readiness.assumptions import NUMBERS, PART_NUMBERS, STAGES, Quantity
from readiness.catalog.schema import (
    Archetype,
    Cause,
    Dimension,
    MoneyLine,
    Practice,
    Profile,
    Scenario,
    Service,
    Way,
    check_bounds,
)
from readiness.errors import DataError, did_you_mean
from readiness.yaml_source import Source, read_yaml, validated

M = TypeVar("M", bound=BaseModel)
CACHE_FORMAT = 1
# Client files and import rules are read by those who know them.
OWN_READERS = ("examples", "bill_rules.yaml", "cross_references.yaml")


@dataclass(frozen=True, slots=True)
class Price:
    """A dated list price."""

    sku: str
    measure: str
    price: float
    currency: str
    region: str
    from_date: date
    to_date: date | None
    source: str
    evidence: str

    def age_months(self, as_of: date) -> float:
        return (as_of - self.from_date).days / 30.44


@dataclass(frozen=True, slots=True)
class Commitment:
    """What a provider promises, and pays when the promise is broken; never an observed availability."""

    id: str
    provider: str
    service: str
    condition: str
    committed: float
    credit_tiers: tuple[tuple[float, float], ...]
    source: str
    seen_on: date
    evidence: str


@dataclass(frozen=True, eq=False)
class Catalog:
    """Everything the workbook knows before it has met the client.

    Equal only to itself: it keys caches, and comparing thousands of numbers takes longer than what the caches save.
    """

    dimensions: tuple[Dimension, ...]
    practices: Mapping[str, Practice]
    services: Mapping[str, Service]
    causes: tuple[Cause, ...]
    lines: tuple[MoneyLine, ...]
    scenarios: Mapping[str, Scenario]
    archetypes: Mapping[str, Archetype]
    profiles: Mapping[str, Profile]
    prices: Mapping[str, tuple[Price, ...]]
    commitments: Mapping[str, Commitment]
    defaults: Mapping[tuple[str, str], Quantity]
    digest: str
    files: Mapping[str, Path] = field(default_factory=dict, repr=False, compare=False)
    concerns: Mapping[str, str] = field(default_factory=dict, repr=False)

    def default(self, name: str, stage: str) -> Quantity | None:
        """The default of a number for a company stage, or None when only the client can know it."""
        return self.defaults.get((name, stage)) or self.defaults.get((name, ""))

    @property
    def ways(self) -> Mapping[str, tuple[Service, Way]]:
        return _ways(self)

    def price(self, sku: str, as_of: date) -> Price | None:
        """The price in force on a day; the newest earlier one when none is."""
        rows = self.prices.get(sku, ())
        in_force = [p for p in rows if p.from_date <= as_of and (p.to_date is None or as_of <= p.to_date)]
        return (in_force or list(rows))[-1] if rows else None


@lru_cache(maxsize=8)
def _ways(catalog: Catalog) -> Mapping[str, tuple[Service, Way]]:
    return {way.id: (service, way) for service in catalog.services.values() for way in service.ways}


def data_folder() -> Path:
    """Where `data/` lies: beside the package in a checkout, inside it in a wheel."""
    checkout = Path(__file__).resolve().parents[2] / "data"
    return checkout if checkout.is_dir() else Path(__file__).resolve().parents[1] / "data"


@lru_cache(maxsize=4)
def load_catalog(folder: Path | None = None, bank: Path | None = None) -> Catalog:
    """The checked catalog of ``folder``, with the practices and profiles of ``bank`` laid over it.

    Raises
    ------
    DataError
        With file, line and rule when something in the folder or the bank is wrong.
    """
    roots = [folder or data_folder()] + ([bank] if bank else [])
    for root in roots:
        if not root.is_dir():
            raise DataError("is not a folder", file=root, hint="name the folder that holds the practices")
    contents = _contents(roots)
    return _build(contents, roots, _digest(contents))


def _contents(roots: list[Path]) -> dict[str, bytes]:
    """Every file by ``root number:relative path``, sorted, so that the digest does not depend on where it lies."""
    found: dict[str, bytes] = {}
    for number, root in enumerate(roots):
        for path in sorted(root.rglob("*")):
            relative = path.relative_to(root)
            if path.suffix in (".yaml", ".csv") and relative.parts[0] not in OWN_READERS and not path.name.startswith("."):
                try:
                    found[f"{number}:{relative.as_posix()}"] = path.read_bytes()
                except OSError as problem:
                    raise DataError(f"cannot be read: {problem.strerror}", file=path) from None
    return found


def _cache_file(digest: str) -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("production-readiness-workbook") / f"catalog-{digest}.json"


def _parsed(contents: dict[str, bytes], roots: list[Path], digest: str) -> dict[str, Source]:
    """The YAML files as plain values; parsing them is what takes the time, so this is what is cached."""
    shipped = data_folder() / "catalog.json"
    for cache in (shipped, _cache_file(digest)):
        try:
            stored = json.loads(cache.read_bytes())
            if stored["digest"] == digest:
                return {k: Source(_path(k, roots), v, {}, DataError) for k, v in stored["files"].items()}
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return _parse(contents, roots)


def _parse(contents: dict[str, bytes], roots: list[Path]) -> dict[str, Source]:
    return {
        key: read_yaml(_path(key, roots), DataError, text=raw.decode("utf-8", "replace")) for key, raw in contents.items() if key.endswith(".yaml")
    }


def _path(key: str, roots: list[Path]) -> Path:
    number, _, relative = key.partition(":")
    return roots[int(number)] / relative


def write_cache(files: Mapping[str, Source], digest: str, cache: Path) -> None:
    """Keep the parsed files; a cache that cannot be written is done without."""
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        aside = cache.with_suffix(f".{os.getpid()}")
        aside.write_text(json.dumps({"digest": digest, "files": {k: s.content for k, s in files.items()}}), "utf-8")
        os.replace(aside, cache)
    except OSError:
        return


def write_shipped_cache(folder: Path, cache: Path) -> None:
    """Check a data folder and keep its parsed files in ``cache``: what a wheel carries."""
    contents = _contents([folder])
    digest = _digest(contents)
    files = _parse(contents, [folder])
    _assemble(contents, files, [folder], digest)
    write_cache(files, digest, cache)


def _digest(contents: dict[str, bytes]) -> str:
    total = hashlib.sha256(str(CACHE_FORMAT).encode())
    for key, raw in contents.items():
        total.update(key.encode() + b"\0" + raw + b"\0")
    return total.hexdigest()[:16]


def _build(contents: dict[str, bytes], roots: list[Path], digest: str) -> Catalog:
    files = _parsed(contents, roots, digest)
    cached = all(not source.lines for source in files.values())
    try:
        catalog = _assemble(contents, files, roots, digest)
    except DataError:
        if not cached:
            raise
        return _assemble(contents, _parse(contents, roots), roots, digest)  # once more, for the line in the message
    if not cached:
        write_cache(files, digest, _cache_file(digest))
    return catalog


def _assemble(contents: dict[str, bytes], files: dict[str, Source], roots: list[Path], digest: str) -> Catalog:
    dimensions = _listed(files, "dimensions.yaml", "dimensions", Dimension)
    practices, paths = _by_id(files, "practices/", Practice, roots)
    order = {d.id: i for i, d in enumerate(dimensions)}
    for practice in practices.values():
        if practice.dimension not in order:
            raise DataError(f'belongs to the dimension "{practice.dimension}", which does not exist',
                            file=paths[practice.id], place="dimension", hint=did_you_mean(practice.dimension, order))  # fmt: skip
    practices = dict(sorted(practices.items(), key=lambda kv: (order[kv[1].dimension], kv[0])))
    prices: dict[str, tuple[Price, ...]] = {}
    commitments: dict[str, Commitment] = {}
    defaults: dict[tuple[str, str], Quantity] = {}
    for key in contents:
        rows = _rows(contents[key], _path(key, roots)) if key.endswith(".csv") else ()
        name = key.partition(":")[2]
        if name == "prices.csv":
            prices = _prices(rows, _path(key, roots))
        elif name == "slas.csv":
            commitments = _commitments(rows, _path(key, roots))
        elif name == "assumptions.csv":
            defaults |= _defaults(rows, _path(key, roots))
    services = {s.need: s for s in _each(files, "services/", Service)}
    concerns = next((dict(s.content or {}) for k, s in files.items() if k.endswith("practices/concerns.yaml")), {})
    return Catalog(
        dimensions=dimensions,
        practices=practices,
        services=services,
        causes=_listed(files, "causes.yaml", "causes", Cause),
        lines=_listed(files, "lines.yaml", "lines", MoneyLine),
        scenarios={s.id: s for s in _each(files, "scenarios/", Scenario)},
        archetypes={a.id: a for a in _each(files, "archetypes/", Archetype)},
        profiles={p.id: p for p in _each(files, "profiles/", Profile)},
        prices=prices,
        commitments=commitments,
        defaults=defaults,
        digest=digest,
        files=paths,
        concerns=concerns,
    )


def _listed(files: dict[str, Source], name: str, key: str, model: type[M]) -> tuple[M, ...]:
    source = next((s for k, s in files.items() if k.partition(":")[2] == name), None)
    if source is None:
        raise DataError(f"holds no {name}", file="data", hint="name a folder with the workbook's data")
    content = source.content.get(key) if isinstance(source.content, dict) else source.content
    prefix: tuple[str, ...] = (key,) if isinstance(source.content, dict) else ()
    if not isinstance(content, list):
        raise DataError(f'has to be a list under "{key}"', file=source.file)
    found = []
    for number, value in enumerate(content):
        lines = {place[len(prefix) + 1 :]: line for place, line in source.lines.items() if place[: len(prefix) + 1] == (*prefix, number)}
        found.append(validated(Source(source.file, value, lines, DataError), model))
    return tuple(found)


def _each(files: dict[str, Source], folder: str, model: type[M]) -> Iterator[M]:
    for key, source in sorted(files.items()):
        name = key.partition(":")[2]
        if name.startswith(folder) and not name.endswith("concerns.yaml"):
            found = validated(source, model)
            identity = getattr(found, "id", None) or getattr(found, "need", "")
            if identity != source.file.stem:
                raise DataError(f'is named "{source.file.stem}" but says "{identity}"', file=source.file, place="id",
                                hint="the file is named as the id")  # fmt: skip
            yield found


def _by_id(files: dict[str, Source], folder: str, model: type[M], roots: list[Path]) -> tuple[dict[str, M], dict[str, Path]]:
    found: dict[str, M] = {}
    paths: dict[str, Path] = {}
    for number in range(len(roots)):
        of_root = {k: s for k, s in files.items() if k.startswith(f"{number}:")}
        stems = {s.file.stem: s.file for s in of_root.values()}
        for practice in _each(of_root, folder, model):
            found[practice.id] = practice  # type: ignore[attr-defined]
            paths[practice.id] = stems[practice.id]  # type: ignore[attr-defined]
    return found, paths


def _rows(raw: bytes, file: Path) -> list[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as problem:
        raise DataError(f"is not valid CSV: {problem}", file=file, place=f"line {reader.line_num}") from None
    for line, row in rows:
        if None in row or None in row.values():
            raise DataError("has more or fewer fields than the first line", file=file, place=f"line {line}")
    return rows


def _cell(adapter: TypeAdapter[Any], row: dict[str, str], column: str, file: Path, line: int) -> Any:
    if column not in row:
        raise DataError(f'has no column "{column}"', file=file, hint=did_you_mean(column, row))
    try:
        return adapter.validate_python(row[column] or None)
    except ValidationError:
        raise DataError(f'"{row[column]}" cannot be a {column}', file=file, place=f"line {line}") from None


_FLOAT, _DAY, _TEXT = TypeAdapter(float), TypeAdapter(date), TypeAdapter(str)
_MAYBE_DAY = TypeAdapter(date | None)


def _prices(rows: Any, file: Path) -> dict[str, tuple[Price, ...]]:
    found: dict[str, list[Price]] = {}
    for line, row in rows:
        sku = f"{row.get('provider', '')}/{row.get('sku', '')}"
        price = Price(
            sku, row.get("measure", ""), _cell(_FLOAT, row, "price", file, line), row.get("currency", ""), row.get("region", ""),
            _cell(_DAY, row, "from_date", file, line), _cell(_MAYBE_DAY, row, "to_date", file, line),
            _cell(_TEXT, row, "source", file, line), row.get("evidence", "published"),
        )  # fmt: skip
        found.setdefault(sku, []).append(price)
    for sku, dated in found.items():
        dated.sort(key=lambda p: p.from_date)
        if sum(p.to_date is None for p in dated) > 1:
            raise DataError(f"two prices of {sku} are both in force", file=file, hint="end the older one with a to_date")
    return {sku: tuple(dated) for sku, dated in found.items()}


def credit_tiers(text: str) -> tuple[tuple[float, float], ...]:
    """SLA credits, best first: below which availability, which share of the month's bill.

    Examples
    --------
    >>> credit_tiers("<0.9995:0.10;<0.99:0.25")
    ((0.9995, 0.1), (0.99, 0.25))
    """
    pairs = (part.strip().lstrip("<").split(":") for part in text.split(";") if part.strip())
    return tuple((float(below), float(share)) for below, share in pairs)


def _commitments(rows: Any, file: Path) -> dict[str, Commitment]:
    found = {}
    for line, row in rows:
        committed = _cell(_FLOAT, row, "committed", file, line)
        if not 0 < committed <= 1:
            raise DataError(f"{committed:g} cannot be a committed availability", file=file, place=f"line {line}", hint="write 0.9995 for 99.95 %")
        try:
            tiers = credit_tiers(row.get("credit_tiers", ""))
        except ValueError:
            raise DataError(
                f'"{row["credit_tiers"]}" are not credit tiers', file=file, place=f"line {line}", hint='write "<0.9995:0.10;<0.99:0.25"'
            ) from None
        found[row["id"]] = Commitment(row["id"], row["provider"], row["service"], row["condition"], committed, tiers,
                                      _cell(_TEXT, row, "source", file, line), _cell(_DAY, row, "seen_on", file, line), row["evidence"])  # fmt: skip
    return found


def _defaults(rows: Any, file: Path) -> dict[tuple[str, str], Quantity]:
    found = {}
    for line, row in rows:
        name, stage = row["name"], row["stage"]
        known = NUMBERS.get(name) or PART_NUMBERS.get(name)
        place = f"line {line}"
        if known is None:
            raise DataError(
                f'"{name}" is not a number the workbook knows', file=file, place=place, hint=did_you_mean(name, [*NUMBERS, *PART_NUMBERS])
            )
        if stage and stage not in STAGES:
            raise DataError(f'"{stage}" is not a stage', file=file, place=place, hint=f"stages are {', '.join(STAGES)}")
        if row["unit"] != known.unit:
            raise DataError(f"{name} is in {known.unit}, not in {row['unit']}", file=file, place=place)
        low, likely, high = (_cell(_FLOAT, row, column, file, line) for column in ("low", "likely", "high"))
        if not low <= likely <= high:
            raise DataError(f"low {low:g}, likely {likely:g}, high {high:g} are not in this order", file=file, place=place)
        try:
            check_bounds(known, low, high)
        except ValueError as problem:
            raise DataError(str(problem), file=file, place=place) from None
        found[name, stage] = Quantity(low, likely, high, known.unit, _cell(_TEXT, row, "source", file, line),
                                      _cell(_DAY, row, "as_of", file, line), row["evidence"])  # fmt: skip
    return found


__all__ = ["Catalog", "Commitment", "Price", "credit_tiers", "data_folder", "load_catalog"]
