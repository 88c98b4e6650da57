"""Golden figures of the example clients: nothing moves unless somebody meant it. UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from readiness.assessment import Assessment, assess
from readiness.catalog import Catalog
from readiness.engagement import open_engagement
from readiness.text import rounded

HERE = Path(__file__).parent
EXAMPLES = sorted((HERE.parents[1] / "data" / "examples").glob("*.yaml"))
DIGITS = 3


def golden(a: Assessment) -> dict[str, Any]:
    """Mean, 5th and 95th percentile of every figure to three significant digits, and what was concluded from them."""
    figures = {f.id: [rounded(float(x), DIGITS) for x in (f.band.mean, f.band.low, f.band.high)] for f in a.figures.values()}
    return {
        "verdict": a.standing.verdict.outcome,
        "highest_promise": a.standing.highest_promise,
        "coverage": rounded(a.standing.coverage, DIGITS),
        "levels": {d.dimension.id: None if d.score.score is None else rounded(d.score.score, DIGITS) for d in a.standing.dimensions},
        "figures": dict(sorted(figures.items())),
    }


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda file: file.stem)
def test_the_figures_are_what_they_were(example: Path, catalog: Catalog) -> None:
    found = golden(assess(catalog, open_engagement(example, catalog).engagement, as_of=date(2026, 11, 23)))
    kept = HERE / f"{example.stem}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        lines = json.dumps(found, indent=1, sort_keys=True)
        kept.write_text(lines + "\n", "utf-8")
    assert kept.exists(), "no golden figures yet: UPDATE_GOLDEN=1 pytest tests/golden"
    expected = json.loads(kept.read_text("utf-8"))
    assert found["verdict"] == expected["verdict"]
    assert found["highest_promise"] == expected["highest_promise"]
    assert found["levels"] == expected["levels"]
    assert found["figures"].keys() == expected["figures"].keys()
    moved = [f"{name}: {was} -> {found['figures'][name]}" for name, was in expected["figures"].items() if not _near(was, found["figures"][name])]
    hint = "these figures moved; if that was meant, say so in CHANGELOG.md and run UPDATE_GOLDEN=1 pytest tests/golden"
    assert not moved, "\n".join([hint, *moved])


def _near(was: list[float], now: list[float]) -> bool:
    """Equal up to one step of the third digit: another processor may add up in another order."""
    return all(abs(a - b) <= 0.011 * max(abs(a), abs(b), 1e-9) for a, b in zip(was, now, strict=True))


def test_every_golden_file_belongs_to_an_example() -> None:
    assert {file.stem for file in HERE.glob("*.json")} <= {file.stem for file in EXAMPLES}
