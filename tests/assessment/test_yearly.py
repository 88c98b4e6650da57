"""Years under other answers: what is shared with today's year has the same bits as what is drawn anew."""

from __future__ import annotations

from datetime import date

import pytest

from readiness.assessment import assess
from readiness.assessment.design_options import as_run
from readiness.assessment.yearly import supposed, year_of
from readiness.catalog import Catalog
from readiness.catalog.read import data_folder
from readiness.engagement import open_engagement


@pytest.mark.parametrize("client", ["northlight", "cheerly", "medirow", "quillfield"])
def test_a_year_held_against_today_has_the_bits_of_one_drawn_anew(client: str, catalog: Catalog) -> None:
    now = open_engagement(data_folder() / "examples" / f"{client}.yaml", catalog).engagement
    a = assess(catalog, now, as_of=date(2026, 11, 23))
    supposed(a, draws=256)
    tier = a.design.placed[0]
    other = next(way for way in tier.service.ways if way.id != tier.way.id and not way.fills)
    altered = [now.with_answer(p.id, p.answers[-1].id) for p in catalog.practices.values()]
    for then in (*altered, as_run(now, {tier.tier.name: other.id})):
        shared = supposed(a, then, draws=256)
        anew = shared.values.with_numbers({})
        assert all((shared.values[name] == anew[name]).all() for name in shared.values.base)
        again = year_of(catalog, then, shared.design, anew)
        assert (again.economic == shared.economic).all()
        assert (again.bad_minutes == shared.bad_minutes).all()


def test_what_nothing_moved_is_the_same_array(catalog: Catalog) -> None:
    now = open_engagement(data_folder() / "examples" / "northlight.yaml", catalog).engagement
    a = assess(catalog, now, as_of=date(2026, 11, 23))
    today = supposed(a, draws=256)
    then = supposed(a, now.with_answer("on_call", "rota"), draws=256)
    assert then.values["deploys_per_month"] is today.values["deploys_per_month"]
    assert then.values["engage_minutes"] is not today.values["engage_minutes"]
