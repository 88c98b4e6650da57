"""Other draws, the same findings; or it is said that it cannot be told."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from readiness.assessment import assess
from readiness.assessment.stability import TIE, _same_leaders, stable_verdict
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.engagement.schema import GivenAnswer
from readiness.exhibits.steadiness import steadiness

AS_OF = date(2026, 11, 23)


def test_another_seed_draws_other_numbers_of_the_same_distribution(catalog: Catalog, northlight: Engagement) -> None:
    one, other = (assess(catalog, northlight, as_of=AS_OF, seed=seed) for seed in (1, 2))
    assert not np.array_equal(one.values["engage_minutes"], other.values["engage_minutes"])
    assert np.median(one.values["engage_minutes"]) == pytest.approx(np.median(other.values["engage_minutes"]), rel=0.02)


def test_each_example_is_steady_with_every_answer_only_claimed_or_says_that_it_cannot_tell(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    for name, client in clients.items():
        claimed = {k: g.model_copy(update={"rung": "claimed"}) for k, g in client.answers.items()}
        found = stable_verdict(assess(catalog, client.model_copy(update={"answers": claimed}), as_of=AS_OF), seeds=(11, 23))
        said = " ".join(str(p.payload()) for p in steadiness(assess(catalog, client.model_copy(update={"answers": claimed}), as_of=AS_OF)).parts)
        if found.holds:
            assert found.verify == (), name
        else:
            assert len(found.verify) == 3, name
            assert "Cannot tell" in said or "stays" in said, name


def test_near_ties_may_change_places_and_nothing_else_may() -> None:
    means = {"a": 100.0, "b": 50.0, "c": 20.0, "d": 20.0 * (1 - TIE / 2), "e": 5.0}
    swapped = means | {"c": means["d"], "d": means["c"]}
    assert _same_leaders(("a", "b", "c"), ("a", "b", "d"), means, swapped)
    risen = means | {"e": 40.0}
    assert not _same_leaders(("a", "b", "c"), ("a", "b", "e"), means, risen)


def test_what_is_to_be_verified_was_not_verified_yet(catalog: Catalog, northlight: Engagement) -> None:
    from readiness.assessment.stability import most_telling

    verified = {p.id: GivenAnswer(answer=p.answers[-1].id, rung="verified", on=AS_OF) for p in catalog.practices.values()}
    del verified["rollback"]
    found = most_telling(assess(catalog, northlight.model_copy(update={"answers": verified}), as_of=AS_OF))
    assert found == ("rollback",)
