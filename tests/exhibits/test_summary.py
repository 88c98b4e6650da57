"""The one page that a board reads."""

from __future__ import annotations

import json

import pytest

from readiness.catalog import data_folder
from readiness.exhibits.summary import summary
from readiness.report.session import session
from readiness.text import Ledger


@pytest.mark.slow
def test_what_the_plan_buys_is_downtime_in_hours_and_loss_in_money() -> None:
    client = session(data_folder() / "examples" / "cheerly.yaml", as_of="2026-11-23")
    plan = client.plans[0]
    shown = json.dumps(summary(client.assessment, plan).payload(), ensure_ascii=False)
    ledger = Ledger("USD")
    down, loss = (client.assessment.figure(f) for f in ("bad_minutes_per_year", "loss_per_year"))
    assert f"Downtime falls from {ledger.say(down.band.mean, down.unit, id='')} to" in shown
    assert f"expected loss from {ledger.say(loss.band.mean, loss.unit, id='')} to" in shown
