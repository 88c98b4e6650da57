"""Invents clients that could be real: archetypes with figures, answers and names; the same for the same seed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from readiness.catalog import Catalog, load_catalog

_FIRST = (
    "Alder",
    "Birch",
    "Cobalt",
    "Delta",
    "Ember",
    "Fjord",
    "Garnet",
    "Harbour",
    "Indigo",
    "Juniper",
    "Kestrel",
    "Lumen",
    "Marlin",
    "Nimbus",
    "Onyx",
)
_SECOND = ("Analytics", "Books", "Care", "Dispatch", "Energy", "Foods", "Games", "Health", "Insurance", "Jobs", "Kitchens", "Labs", "Mobility")
_INDUSTRIES = ("B2B software", "retail", "health", "logistics", "games", "finance", "media", "education")
_PROMISES = (0.99, 0.995, 0.998, 0.999, 0.9995)
_STAGES = ("pre_revenue", "early", "growth")


def client(seed: int, catalog: Catalog, *, id: str | None = None, note: str = "") -> dict[str, Any]:
    """One client as the content of an engagement file.

    Parameters
    ----------
    seed
        Another client for each; the same for the same.
    id
        Instead of an invented one.
    note
        Stands in the client's name and in a note, for a test to look for.
    """
    dice = random.Random(seed)
    archetype = dice.choice(list(catalog.archetypes.values()))
    name = f"{dice.choice(_FIRST)} {dice.choice(_SECOND)} {seed}"
    tiers = [{"name": t.name, "need": t.need, "way": _way(t.need, t.way, dice, catalog)} for t in archetype.tiers]
    serving = [t["name"] for t in tiers if catalog.services[t["need"]].serves_requests]
    revenue = round(10 ** dice.uniform(5, 7.5), -3)
    return {
        "version": 1,
        "client": {"id": id or f"client-{seed}", "name": f"{name}{f' {note}' if note else ''}", "industry": dice.choice(_INDUSTRIES),
                   "currency": dice.choice(("USD", "EUR", "GBP"))},
        "stage": dice.choice(_STAGES),
        "journeys": [{"name": "main", "title": "Customers use the product", "tiers": serving,
                      "promise": {"slo": dice.choice(_PROMISES), "window": dice.choice(("calendar_month", "quarter"))}}],
        "money": {"revenue_per_year": revenue, "loaded_rate_per_hour": dice.randrange(50, 130), "cloud_budget_per_month": round(revenue / 400)},
        "demand": {"peak_per_second": dice.randrange(5, 900), "growth_per_year": round(dice.uniform(0, 2), 1)},
        "architecture": {"provider": archetype.provider, "region": archetype.region, "departure": archetype.departure, "tiers": tiers,
                         "dependencies": [dict(d) for d in archetype.dependencies]},
        "team": {"engineers": dice.randrange(1, 40), "spare_hours_per_month": dice.randrange(0, 200)},
        "answers": _answers(dice, catalog),
        "notes": [{"text": note, "audience": "internal"}] if note else [],
    }  # fmt: skip


def _way(need: str, usual: str, dice: random.Random, catalog: Catalog) -> str:
    """Mostly the archetype's way, now and then another one of the need."""
    ways = [way.id for way in catalog.services[need].ways if not way.fills]
    return dice.choice(ways) if ways and dice.random() < 0.2 else usual


def _answers(dice: random.Random, catalog: Catalog) -> dict[str, Any]:
    """Answers to most of the questions, as likely as the practices say."""
    found: dict[str, Any] = {}
    for practice in catalog.practices.values():
        if dice.random() < 0.25:
            continue
        answer = dice.choices(practice.answers, [a.share.likely for a in practice.answers])[0]
        given = {"answer": answer.id, "rung": dice.choice(("claimed", "observed", "verified"))}
        found[practice.id] = given | ({"reason": "nobody asks for it yet", "owner": "CTO", "on": "2026-10-01"} if answer.needs_reason else {})
    return found


def written(content: dict[str, Any]) -> str:
    """The YAML of an engagement: one key a line, values as JSON, which YAML 1.2 reads as it is."""
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in content.items())


def write_clients(folder: Path, count: int, *, first: int = 1, note: Callable[[int], str] = lambda seed: "") -> list[Path]:
    """Write so many clients into a folder, half of them as a folder each."""
    catalog = load_catalog()
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for seed in range(first, first + count):
        text = written(client(seed, catalog, note=note(seed)))
        path = folder / f"client-{seed:04}" / "engagement.yaml" if seed % 2 else folder / f"client-{seed:04}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        paths.append(path)
    return paths
