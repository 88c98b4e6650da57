"""The one page that a board reads."""

from __future__ import annotations

import json

import pytest

from readiness.catalog import data_folder
from readiness.exhibits.budget import error_budget
from readiness.exhibits.promise import promises
from readiness.exhibits.summary import summary
from readiness.report.session import session
from readiness.text import Ledger
from readiness.wording import planned_words


@pytest.mark.slow
def test_what_the_plan_buys_is_downtime_in_hours_and_loss_in_money() -> None:
    client = session(data_folder() / "examples" / "cheerly.yaml", as_of="2026-11-23")
    plan = client.plans[0]
    shown = json.dumps(summary(client.assessment, plan).payload(), ensure_ascii=False)
    ledger = Ledger("USD")
    down, loss = (client.assessment.figure(f) for f in ("bad_minutes_per_year", "loss_per_year"))
    assert f"Downtime falls from {ledger.say(down.band.mean, down.unit, id='')} to" in shown
    assert f"expected loss from {ledger.say(loss.band.mean, loss.unit, id='')} to" in shown


@pytest.mark.parametrize("name", ["medirow", "northlight"])
def test_a_journey_has_one_downtime_whatever_page_it_stands_on(name: str) -> None:
    """Medirow's promises do not count planned work; table, error budget and the formula in the manifest leave it out alike."""
    a = session(data_folder() / "examples" / f"{name}.yaml", as_of="2026-11-23").assessment
    number = f"bad_minutes_of_{a.main.journey.name}"
    printed = [p.value for chapter in (promises(a), error_budget(a)) for p in chapter.printed if p.id == number]
    assert len(printed) == 2
    assert printed == pytest.approx([a.figure(number).band.mean] * 2, rel=1e-3)
    said = {p.id: p.text for chapter in (promises(a), summary(a, None)) for p in chapter.printed}
    assert said["unavailability_of_main"] == said[f"availability_{a.main.journey.name}"]
    assert bool(planned_words(a)) is (name == "medirow")
