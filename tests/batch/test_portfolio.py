"""Many clients side by side: the rows add up, percentiles stand right, and hidden names are nowhere."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from readiness.assessment import assess
from readiness.batch.portfolio import open_portfolio
from readiness.errors import UsageError
from readiness.exhibits import portfolio as exhibits
from readiness.portfolio import ClientRow, Portfolio, avoidable_share, portfolio, row_of
from readiness.report.running import notebook_folder, run_notebook
from readiness.report.session import open_client, session
from readiness.report.soundness import blocks, check_sound
from readiness.text import thousands

AS_OF = date(2026, 11, 23)
EXAMPLES = notebook_folder().parent / "data" / "examples"
PARAMETERS = ("folder", "as_of", "names", "for_client", "designs")


def row(number: int, **facts: object) -> ClientRow:
    made = ClientRow(
        f"c{number}",
        f"Name {number}",
        "Not yet",
        0.999,
        2.0,
        0.5,
        100.0 * number,
        0.5,
        1000.0 * number,
        10.0,
        5.0,
        ("on_call",),
        ("on_call", "rollback"),
    )
    return replace(made, **facts)  # type: ignore[arg-type]


@pytest.fixture
def ten() -> Portfolio:
    return portfolio([row(n) for n in range(1, 11)], as_of=AS_OF, titles={"on_call": "On call"})


def test_the_largest_loss_stands_first(ten: Portfolio) -> None:
    assert [r.id for r in ten.rows][:3] == ["c10", "c9", "c8"]


def test_a_percentile_is_the_share_of_those_below(ten: Portfolio) -> None:
    assert [round(ten.percentile(r, "loss_per_year"), 2) for r in ten.rows] == [0.95, 0.85, 0.75, 0.65, 0.55, 0.45, 0.35, 0.25, 0.15, 0.05]
    equal = portfolio([row(1, id="a"), row(1, id="b")], as_of=AS_OF, titles={})
    assert {equal.percentile(r, "loss_per_year") for r in equal.rows} == {0.5}


def test_the_spread_is_that_of_the_clients(ten: Portfolio) -> None:
    assert ten.spread("loss_per_year") == pytest.approx((1900, 3250, 5500, 7750, 9100))


def test_a_gap_counts_only_clients_that_it_applies_to() -> None:
    found = portfolio([row(1), row(2, lacking=()), row(3, asked_of=("rollback",), lacking=())], as_of=AS_OF, titles={"on_call": "On call"}).gaps()
    assert [(g.title, g.clients, g.of, g.share) for g in found] == [("On call", 1, 2, 0.5)]


def test_hidden_names_are_nowhere_on_the_page_but_for_one(ten: Portfolio) -> None:
    shown = json.dumps(
        [chapter(ten.without_names(but="c3")).payload() for chapter in (exhibits.cover, exhibits.clients, exhibits.spread, exhibits.gaps)]
    )
    assert "Name 3" in shown
    assert not [n for n in range(1, 11) if n != 3 and (f"Name {n}" in shown or f'"c{n}' in shown or f"c{n}." in shown)]


def test_too_few_clients_cannot_be_hidden() -> None:
    with pytest.raises(UsageError, match="too few"):
        portfolio([row(1), row(2)], as_of=AS_OF, titles={}).without_names()


def test_a_client_that_is_not_there_is_guessed(ten: Portfolio) -> None:
    with pytest.raises(UsageError, match="did you mean"):
        ten.without_names(but="c33")


def test_a_row_says_what_the_assessment_says() -> None:
    opened, catalog = open_client(EXAMPLES / "medirow.yaml")
    a = assess(catalog, opened.engagement, as_of=AS_OF)
    found = row_of(a)
    assert found.loss_per_year * opened.engagement.client.exchange_rate_from_usd == pytest.approx(float(a.figure("loss_per_year").draws.mean()))
    assert found.bad_minutes_per_year == pytest.approx(float(a.bad_minutes_weighted.mean()))
    assert set(found.lacking) <= set(found.asked_of)
    levels = [d.score.score for d in a.standing.dimensions if d.score.score is not None]
    assert found.level == pytest.approx(float(np.mean(levels)))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["medirow", "northlight"])
def test_a_client_with_a_history_stands_as_in_its_report(name: str, tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / f"{name}.yaml", tmp_path)
    (row,) = open_portfolio(tmp_path, as_of=AS_OF).rows
    reported = session(EXAMPLES / f"{name}.yaml", as_of=AS_OF).assessment
    assert row.bad_minutes_per_year == pytest.approx(reported.figure("bad_minutes_per_year").band.mean)


def test_what_could_be_avoided_is_a_share() -> None:
    opened, catalog = open_client(EXAMPLES / "northlight.yaml")
    found = avoidable_share(assess(catalog, opened.engagement, as_of=AS_OF))
    assert found is not None
    assert 0 <= found <= 1


def test_a_client_that_cannot_be_read_is_named_and_the_others_stand(tmp_path: Path, synthetic: ModuleType) -> None:
    synthetic.write_clients(tmp_path, 2)
    (tmp_path / "broken.yaml").write_text("client: {id: [}\n")
    found = open_portfolio(tmp_path, as_of="2026-11-23")
    assert len(found.rows) == 2
    assert [name for name, _ in found.unread] == ["broken"]
    assert str(tmp_path) not in found.unread[0][1]


def test_one_client_of_another_locale_does_not_speak_for_all(tmp_path: Path, synthetic: ModuleType) -> None:
    synthetic.write_clients(tmp_path, 3)
    last = max(tmp_path.rglob("*.yaml"))
    text = last.read_text("utf-8")
    assert '"currency":' in text
    last.write_text(text.replace('"currency":', '"locale": "de", "currency":', 1), "utf-8")
    found = open_portfolio(tmp_path, as_of="2026-11-23")
    assert len(found.rows) == 3
    assert thousands(12_500, 3) == "12,500"


def test_nothing_but_broken_clients_is_no_portfolio(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("client: {id: [}\n")
    with pytest.raises(UsageError, match="not one of 1 clients"):
        open_portfolio(tmp_path)


def run(folder: Path, **others: object) -> list[dict[str, object]]:
    node = run_notebook(notebook_folder() / "portfolio.ipynb", {"folder": str(folder), "as_of": "2026-11-23", **others}, known=PARAMETERS)
    check_sound(node)
    return [dict(block) for block in blocks(node)]


def test_the_notebook_runs_on_the_examples() -> None:
    shown = run(EXAMPLES)
    assert [b["id"] for b in shown if b["kind"] == "exhibit"] == ["clients", "spread", "gaps"]


@pytest.mark.slow
def test_the_notebook_runs_on_two_hundred_clients_with_names_hidden(tmp_path: Path, synthetic: ModuleType) -> None:
    synthetic.write_clients(tmp_path, 200, note=lambda seed: f"canary{seed}canary")
    shown = run(tmp_path, names=False)
    table = next(b for b in shown if b.get("id") == "clients")["table"]
    assert len(table["rows"]) == 200  # type: ignore[index]
    assert "canary" not in json.dumps(shown)
