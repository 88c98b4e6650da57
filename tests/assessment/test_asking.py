"""What is worth asking next: laws of the order, and that it reaches the final decision with fewer questions than the order of the file."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from readiness.assessment import Assessment, assess
from readiness.assessment.asking import Asking, Question, asking, order, questions_in, step_costs, stop_after
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.engagement.schema import GivenAnswer
from readiness.errors import ModelError

AS_OF = date(2026, 11, 23)
BATCH = 4


def assessed(catalog: Catalog, client: Engagement, draws: int = 512) -> Assessment:
    return assess(catalog, client, as_of=AS_OF, draws=draws)


def only(client: Engagement, kept: list[str]) -> Engagement:
    """The client when so much has been asked."""
    return client.model_copy(update={"answers": {p: g for p, g in client.answers.items() if p in kept}})


@pytest.fixture(scope="module")
def found(catalog: Catalog, clients: dict[str, Engagement]) -> Asking:
    return asking(assessed(catalog, clients["quillfield"], 1024))


def test_every_open_practice_is_ranked_once(catalog: Catalog, clients: dict[str, Engagement], found: Asking) -> None:
    a = assessed(catalog, clients["quillfield"])
    ranked = [q.practice for q in found.questions]
    open_ = {p.practice.id for p in a.standing.practices if p.state in ("not asked", "disputed")}
    assert len(ranked) == len(set(ranked))
    assert open_ <= set(ranked)
    assert all(a.engagement.answers[p].rung == "claimed" for p in set(ranked) - open_)
    assert set(order(a)) == set(ranked)


def test_what_was_verified_and_is_fresh_is_not_asked_again(catalog: Catalog, clients: dict[str, Engagement], found: Asking) -> None:
    verified = {p for p, g in clients["quillfield"].answers.items() if g.rung == "verified" and g.on}
    assert verified
    assert not verified & {q.practice for q in found.questions}


def test_old_evidence_is_asked_for_again(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    client = clients["quillfield"]
    given = client.answers["rollback"].model_copy(update={"on": date(2023, 1, 1), "rung": "observed"})
    aged = asking(assessed(catalog, client.with_answer("rollback", given)))
    assert next(q.kind for q in aged.questions if q.practice == "rollback") == "out of date"


def test_people_who_disagree_are_asked_again(catalog: Catalog, northlight: Engagement) -> None:
    disputed = asking(assessed(catalog, northlight))
    assert next(q.kind for q in disputed.questions if q.practice == "on_call") == "people disagree"


def test_stopping_later_leaves_no_more_uncertainty(found: Asking) -> None:
    assert found.left[0] == 1.0
    assert np.all(np.diff(found.left) <= 1e-12)
    assert found.left_after(10_000) == found.left[-1]
    assert stop_after(found, 1.0) == 0
    with pytest.raises(ModelError, match="between 0 and 1"):
        stop_after(found, 0.0)


@pytest.mark.parametrize(("minutes", "questions"), [(45, 20), (90, 42)], ids=["a short meeting", "a long one"])
def test_an_agenda_holds_two_minutes_a_question_and_five_to_close(found: Asking, minutes: int, questions: int) -> None:
    assert questions_in(minutes) == questions
    assert found.agenda(minutes) == found.questions[:questions]


def test_worth_within_the_noise_is_not_shown(found: Asking) -> None:
    assert found.noise_per_year > 0
    assert all(q.worth_per_year == 0 or q.worth_per_year > found.noise_per_year / 4 for q in found.questions)


def test_unproven_gates_come_first_while_the_verdict_hangs_on_them(catalog: Catalog, northlight: Engagement) -> None:
    """A promise that is kept as good as surely, and of which no gate was shown yet."""
    journeys = tuple(j.model_copy(update={"promise": j.promise.model_copy(update={"slo": 0.5})}) for j in northlight.journeys)
    profile = catalog.profiles[northlight.profile] if northlight.profile else None
    assert profile is None
    gated = next(p for p in catalog.practices.values() if min(p.required_from.values(), default=1.0) <= 0.99)
    from dataclasses import replace

    always = gated.model_copy(update={"required_from": dict.fromkeys(gated.required_from, 0.1)})
    bank = replace(catalog, practices={**catalog.practices, gated.id: always}, digest="test")
    a = assess(bank, only(northlight.model_copy(update={"journeys": journeys}), []), as_of=AS_OF, draws=512)
    first = asking(a).questions[0]
    assert (first.practice, first.for_verdict) == (gated.id, True)


def test_a_settled_verdict_does_not_put_gates_first(catalog: Catalog, northlight: Engagement) -> None:
    """Northlight misses gates already: an open one more changes no verdict, so money decides the order."""
    ranked = asking(assessed(catalog, northlight)).questions
    worths = [q.worth_per_year for q in ranked]
    assert worths == sorted(worths, reverse=True)


def test_nothing_open_is_nothing_to_ask(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    client = clients["cheerly"]
    best = {p.id: GivenAnswer(answer=p.answers[-1].id, rung="verified", on=AS_OF) for p in catalog.practices.values()}
    done = asking(assessed(catalog, client.model_copy(update={"answers": best})))
    assert done.questions == ()
    assert done.left == (1.0,)
    assert done.agenda(45) == ()


# -- the order against the file's ---
def regret(full: dict[tuple[str, str], float], now: dict[tuple[str, str], float]) -> float:
    """Share of what the right steps save that is missed by choosing with what is known now."""

    def chosen(costs: dict[tuple[str, str], float]) -> dict[str, str]:
        best: dict[str, str] = {}
        for (practice, answer), cost in costs.items():
            if cost < 0 and (practice not in best or cost < costs[practice, best[practice]]):
                best[practice] = answer
        return best

    saved = [-sum(full[step] for step in chosen(costs).items()) for costs in (full, now)]
    return (saved[0] - saved[1]) / saved[0]


def regrets(catalog: Catalog, client: Engagement, *, by_worth: bool) -> list[float]:
    """The regret after 0, 4, 8, ... questions, until all that this client answered has been asked."""
    answered = [p for p in catalog.practices if p in client.answers]
    full = step_costs(assessed(catalog, client))
    kept: list[str] = []
    found = []
    while True:
        a = assessed(catalog, only(client, kept))
        found.append(regret(full, step_costs(a)))
        left = [p for p in answered if p not in kept]
        if not left:
            return found
        kept += [p for p in order(a) if p in left][:BATCH] if by_worth else left[:BATCH]


def reached(found: list[float], share: float) -> int:
    """Questions after which the regret stays at or below a share."""
    return BATCH * next(n for n in range(len(found)) if max(found[n:]) <= share)


def test_the_order_by_worth_decides_with_fewer_questions_than_the_file(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    """Measured with steps of four: 4 questions against 12 until 97 % of what the right steps save is reached."""
    worth, file = (regrets(catalog, clients["quillfield"], by_worth=w) for w in (True, False))
    assert worth[-1] == file[-1] == pytest.approx(0.0, abs=1e-9)
    assert reached(worth, 0.03) < reached(file, 0.03)
    assert np.mean(worth) < np.mean(file)


@pytest.mark.slow
def test_on_all_example_clients_it_decides_earlier(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    """Measured over the four clients: 20 questions against 48 until 90 % of what the right steps save is reached, 60 against 92 until 97 %."""
    found = {n: [regrets(catalog, c, by_worth=w) for w in (True, False)] for n, c in clients.items()}
    for share in (0.1, 0.03):
        assert sum(reached(w, share) for w, _ in found.values()) < sum(reached(f, share) for _, f in found.values())
    assert all(np.mean(worth) < np.mean(file) for worth, file in found.values())


def test_a_question_is_described_by_its_practice(found: Asking, catalog: Catalog) -> None:
    assert all(isinstance(q, Question) and q.practice in catalog.practices for q in found.questions)
    assert all(0 <= q.chance_of_missing <= 1 for q in found.questions)
