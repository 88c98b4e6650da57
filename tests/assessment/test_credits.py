"""SLA credits received: against Poisson chances added up by hand, against simulated months, and what they never do."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pytest

from readiness.assessment import Assessment, assess
from readiness.assessment.credits import credits_received, provider_caused
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.exhibits.promise import promises

AS_OF = date(2026, 11, 23)


def one_database(catalog: Catalog, northlight: Engagement, way: str, numbers: dict[str, float], **organisation: float) -> Assessment:
    plain: dict[str, Any] = northlight.model_dump(mode="json")
    plain["architecture"]["tiers"] = [{"name": "db", "need": "relational_database", "way": way, "numbers": numbers}]
    for journey in plain["journeys"]:
        journey["tiers"] = []
    plain["improvements"] = []
    plain["overrides"] = [{"number": n, "value": v, "reason": "held still for this test"} for n, v in organisation.items()]
    return assess(catalog, Engagement.model_validate(plain), as_of=AS_OF, draws=256)


def test_credits_are_poisson_chances_of_so_many_faults_a_month_times_the_bill(catalog: Catalog, northlight: Engagement) -> None:
    # RDS, single: 10 % of the bill below 99.5 % of a month (219 minutes), 25 % below 99 % (438), all of it below 95 % (2,190).
    # 36 faults of exactly an hour a year, so 3 a month: 4, 8 and 37 of them in a month pass the three.
    numbers = {"faults_per_year": 36, "recovery_minutes": 60, "planned_minutes_per_year": 5000, "cash_per_month": 1000}
    a = one_database(catalog, northlight, "rds_postgres_single", numbers, duration_sigma=1e-9, zone_losses_per_year=0, region_losses_per_year=0)
    (found,) = credits_received(a)

    def at_least(n: int) -> float:
        return 1 - math.fsum(math.exp(-3) * 3**k / math.factorial(k) for k in range(n))

    by_hand = 12 * 1000 * (0.10 * at_least(4) + 0.15 * at_least(8) + 0.75 * at_least(37))
    assert found.commitment.id == "aws_rds_single"
    assert found.per_year == pytest.approx(by_hand, rel=1e-3)


def test_credits_agree_with_simulated_months(catalog: Catalog, northlight: Engagement) -> None:
    a = one_database(catalog, northlight, "rds_postgres_multi_az", {"faults_per_year": 20, "recovery_minutes": 90, "cash_per_month": 700},
                     region_losses_per_year=0.5)  # fmt: skip
    (found,) = credits_received(a)
    causes = provider_caused(a.design["db"], a.values)
    sigma, month, years = float(a.values["duration_sigma"].mean()), 43_800.0, 4000
    rng = np.random.default_rng(20261123)
    shares = np.zeros((len(found.share), 12 * years))
    for draw in range(len(found.share)):
        bad = np.zeros(12 * years)
        for c in causes:
            rate, mean = float(np.broadcast_to(c.rate, (256,))[draw]), float(np.broadcast_to(c.minutes, (256,))[draw])
            happened = rng.poisson(rate / 12, bad.size)
            lengths = np.minimum(rng.lognormal(math.log(mean) - sigma**2 / 2, sigma, happened.sum()), month)
            bad += np.bincount(np.repeat(np.arange(bad.size), happened), lengths * float(c.reach[draw]), bad.size)
        up = 1 - bad / month
        shares[draw] = np.select([up < 0.95, up < 0.99, up < 0.9995], [1.0, 0.25, 0.10], 0.0)
    error = math.sqrt(float((shares.var(axis=1) / shares.shape[1]).sum())) / len(shares)
    assert abs(float(found.share.mean()) - shares.mean()) < 4.5 * error + 0.005 * shares.mean()


def test_what_the_client_runs_is_no_claim_but_the_zone_it_stands_in_is(catalog: Catalog, northlight: Engagement) -> None:
    a = one_database(catalog, northlight, "postgres_vm_single", {"faults_per_year": 300}, region_losses_per_year=0)
    assert [c.id for c in provider_caused(a.design["db"], a.values)] == ["zone_lost", "region_lost"]
    calm = one_database(catalog, northlight, "postgres_vm_single", {"faults_per_year": 0}, region_losses_per_year=0)
    assert [c.share.tolist() for c in credits_received(a)] == [c.share.tolist() for c in credits_received(calm)]


def test_machines_of_ones_own_have_no_provider_who_owes(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    a = assess(catalog, clients["medirow"], as_of=AS_OF, draws=64)
    assert any(p.way.sla for p in a.design.placed), "ways that name a cloud's SLA, on the client's own machines"
    assert credits_received(a) == ()


def test_credits_are_told_apart_and_change_no_column(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    for name, client in clients.items():
        a = assess(catalog, client, as_of=AS_OF, draws=256)
        found = credits_received(a)
        told = next(p for part in promises(a).parts if part.payload()["kind"] == "list" for p in part.payload()["points"] if p.startswith("Credits received"))
        assert ("once claimed; not netted" in told) == bool(found), name
        tables = [e for e in promises(a).exhibits if e.id == "credits_received"]
        assert [len(e.table.rows) for e in tables if e.table] == [len(found)] * bool(found)
        assert all(float(c.per_year.max()) <= 12 * float(c.bill_per_month.max()) for c in found)
        assert not any("received" in x.id for x in a.amounts)
