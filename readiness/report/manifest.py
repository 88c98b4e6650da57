"""Where every printed number comes from: value, unit, formula, inputs, answers, sources, versions; beside each report."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from readiness.language import NARROW_GAP
from readiness.report.blocks import Block, Exhibit
from readiness.report.document import Document, attachments
from readiness.report.whole import Whole
from readiness.text import numbers_in

VERSION = 1
NAME = "report.manifest.json"
# Numbers in our own fixed sentences, each with the words around it: conventions and titles, not results.
FIXED_NUMBERS: Mapping[str, str] = {
    "90 % range": "the range that is printed: from the 5th to the 95th percentile",
    "90 % ranges": "the same",
    "90 % band": "the same",
    "bands hold 90 % of cases": "the same",
    "90 % of the possible worlds": "the same, in the glossary",
    "90 % of years": "column of a year that nine of ten years are better than",
    "from 0 to 4": "levels of a practice",
    "level, 0 to 4": "the same, on an axis",
    "0 to 4, for what was answered": "the same, in the plan",
    "counts 30 minutes": "an hour for half of the users, as an example",
    "is 30 minutes": "an hour for half of the users, as an example",
    "google, 2018": "year of Google's workbook on site reliability",
    "engineering, 2016": "year of Google's book on site reliability",
    "data centres in 2010": "year of a study that is named in words",
    "a month of 730 hours": "hours of a month by which providers bill",
    "8 people on one site, 5 as a pragmatic floor": "Google's rule for a rota",
    "a 52nd of": "weeks in a year",
    "http 429": "status with which a provider refuses what is above its limit",
}
_SUFFIXES = (".low", ".high", ".year")


def manifest_of(node: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """The manifest of one report.

    Parameters
    ----------
    node
        The executed notebook: it carries the printed numbers and the whole assessment.
    files
        The finished files by name; their digests go in.

    Returns
    -------
    bytes
        JSON, the same for the same report.
    """
    attached = attachments(node)
    whole = attached.get("whole")
    content: dict[str, Any] = {
        "version": VERSION,
        "files": {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)},
        "fixed_numbers": dict(FIXED_NUMBERS),
        "numbers": _numbers(attached["printed"]),
    }
    if whole is not None:
        made = Whole.model_validate(whole)
        content |= {
            "client": made.client.id, "as_of": made.as_of.isoformat(), "audience": made.audience, "status": made.status,
            "currency": made.client.currency, "versions": made.versions.model_dump(mode="json"), **_origins(content["numbers"], made),
        }  # fmt: skip
    if "narrative" in attached:
        content["narrative"] = {"file": attached["narrative"]["file"], "digest": attached["narrative"]["digest"]}
    return (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _numbers(printed: Iterable[list[Any]]) -> list[dict[str, Any]]:
    """Each number once for each way in which it was written, in the order of the report, with the exhibits in which it stands."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for number_id, value, unit, text, place in printed:
        number = found.setdefault((number_id, value, text), {"id": number_id, "value": value, "unit": unit, "text": text, "stands_in": []})
        if place not in number["stands_in"]:
            number["stands_in"].append(place)
    return list(found.values())


def base_id(number_id: str) -> str:
    """The id of what a printed number belongs to.

    Examples
    --------
    >>> base_id("loss_per_year.low"), base_id("cash_per_month.year"), base_id("web.cash_per_month")
    ('loss_per_year', 'cash_per_month', 'web.cash_per_month')
    """
    while number_id.endswith(_SUFFIXES):
        number_id = number_id.rpartition(".")[0]
    return number_id


def _origins(numbers: list[dict[str, Any]], whole: Whole) -> dict[str, Any]:
    """Formulas of the figures that were printed, and the trails of all numbers behind them."""
    figures = {f.id: f for f in whole.figures}
    trails = {n.name: n for n in whole.numbers}
    tiers = {t.name for t in whole.tiers}
    for number in numbers:
        # A number of a comparison (another way, another design) is made from what is known of its tier.
        tier = number["id"].partition(".")[0]
        if base_id(number["id"]) not in figures.keys() | trails.keys() and tier in tiers:
            number["inputs"] = [name for name in trails if name.startswith(f"{tier}.")]
    wanted = [name for n in numbers for name in (base_id(n["id"]), *n.get("inputs", ()))]
    seen: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name not in seen and (name in figures or name in trails):
            seen.add(name)
            wanted += figures[name].inputs if name in figures else ()
    return {
        "formulas": {
            name: {"title": f.title, "unit": f.unit, "formula": f.formula, "inputs": list(f.inputs), "mean": f.value.mean}
            for name in sorted(seen) if (f := figures.get(name)) is not None
        },
        "trails": {
            name: {"meaning": n.meaning, "unit": n.unit, "evidence": n.evidence, "source": n.source, "as_of": n.as_of.isoformat() if n.as_of else None,
                   "steps": [s.model_dump(mode="json") for s in n.trail]}
            for name in sorted(seen) if (n := trails.get(name)) is not None
        },
    }  # fmt: skip


def unaccounted(document: Document, numbers: Iterable[Mapping[str, Any]], quoted: Iterable[str]) -> list[tuple[str, str]]:
    """Numbers in our own sentences that were not printed through the ledger of the exhibit they stand in: each with its text.

    Parameters
    ----------
    document
        The report.
    numbers
        The manifest's numbers: each with its ``text`` and the places that it ``stands_in``.
    quoted
        Texts that are not ours: questions, sources, what the client wrote.

    Notes
    -----
    Names of figures and tables, numbers of pages and the scales of charts are drawn by the renderer and are not looked at.
    """
    known: dict[str, set[str]] = {}
    for number in numbers:
        for place in number["stands_in"]:
            known.setdefault(place, set()).update(numbers_in(number["text"]))
    # A quoted text that is a bare number would excuse any number.
    foreign = sorted({plain_spaces(q).strip(". ") for q in quoted if any(c.isdigit() for c in q) and any(c.isalpha() for c in q)}, key=len, reverse=True)
    excused = (*foreign, *FIXED_NUMBERS)
    found = []
    for block in document.blocks:
        mine = known.get(block.id if isinstance(block, Exhibit) else block.kind, set())
        for text in _texts_of(block):
            rest = plain_spaces(text)
            if not any(c.isdigit() for c in rest):
                continue
            for words in excused:
                if words in rest:
                    rest = re.sub(rf"(?<![\w.,]){re.escape(words)}(?!\w)", " ", rest)
            rest = _NO_NUMBERS.sub(" ", rest)
            found += [(number, text) for number in numbers_in(rest) if number not in mine]
    return found


# Days, quarters, and digits that belong to a name: S3, gp3, EC2.
_NO_NUMBERS = re.compile(r"\b\d{4}-(?:\d\d-\d\d|q[1-4])\b|\b[a-z_]+\d\w*")


_GAPS = re.compile(rf"[^\S{NARROW_GAP}]+")


def plain_spaces(text: str) -> str:
    """The text in small letters, every gap one plain space, but for what stands between thousands."""
    return _GAPS.sub(" ", text.lower()).strip()


def texts_of(document: Document) -> Iterator[str]:
    """Every text of a document, charts' own labels included."""
    for block in document.blocks:
        yield from _texts_of(block)


def _texts_of(block: Block) -> Iterator[str]:
    yield from _texts(block.model_dump(exclude={"figure", "kind", "id", "number_ids", "level", "emphasis", "muted", "brand"}))
    figure = getattr(block, "figure", None)
    for trace in (figure or {}).get("data", ()):
        # Names on an axis are texts; numbers there are its scale.
        yield from _texts([trace.get(part, ()) for part in ("text", "name", "x", "y", "theta")])
    layout = (figure or {}).get("layout") or {}
    for note in (*layout.get("annotations", ()), *(axis.get("title") or {} for name, axis in layout.items() if name.startswith(("xaxis", "yaxis")))):
        yield from _texts(note.get("text", ""))


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for key, value in content.items():
            if key not in ("key", "align", "width", "tone", "to"):
                yield from _texts(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _texts(value)
