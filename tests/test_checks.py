"""The rules of the data: the workbook's own data keeps them, and each refuses an example that breaks it."""


from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from readiness.catalog import Catalog
from readiness.catalog.schema import Archetype, ArchetypeTier, Profile, Remedy
from readiness.checks import EFFECTS, RULES, effects, facts, newest_date, problems
from readiness.checks.effects import Tried
from readiness.engagement import Engagement, open_engagement

ROOT = Path(__file__).resolve().parents[1]
Alteration = Callable[[Catalog], Catalog]


def practice(catalog: Catalog, practice_id: str, **update: Any) -> Catalog:
    """The catalogue with one practice altered, unchecked."""
    altered = catalog.practices[practice_id].model_copy(update=update)
    return replace(catalog, practices={**catalog.practices, practice_id: altered}, digest=f"{catalog.digest}-altered")


def answers(catalog: Catalog, practice_id: str, alter: Callable[[Any], Any]) -> Catalog:
    return practice(catalog, practice_id, answers=tuple(alter(a) for a in catalog.practices[practice_id].answers))


def moves(catalog: Catalog, practice_id: str, alter: Callable[[Any], Any]) -> Catalog:
    return answers(catalog, practice_id, lambda a: a.model_copy(update={"moves": tuple(alter(m) for m in a.moves)}))


def remedy(*needs: str, to: str = "rota") -> Remedy:
    return Remedy(to=to, hours={"low": 1, "likely": 2, "high": 3}, lead_weeks=1, needs=needs, source="estimate of this workbook")  # type: ignore[arg-type]


def way(catalog: Catalog, **update: Any) -> Catalog:
    service = catalog.services["cache"]
    altered = service.model_copy(update={"ways": (service.ways[0].model_copy(update=update), *service.ways[1:])})
    return replace(catalog, services={**catalog.services, "cache": altered}, digest=f"{catalog.digest}-way")


def price(catalog: Catalog, **update: Any) -> Catalog:
    sku = next(iter(catalog.prices))
    return replace(catalog, prices={**catalog.prices, sku: (replace(catalog.prices[sku][0], **update),)})


def circle(catalog: Catalog) -> Catalog:
    return practice(practice(catalog, "on_call", remedies=(remedy("rollback"),)), "rollback", remedies=(remedy("on_call"),))


def archetype(catalog: Catalog) -> Catalog:
    wrong = Archetype(id="odd", title="Odd", what="nothing that works", stage="early", provider="aws", region="eu", departure="new",
                      tiers=(ArchetypeTier(name="db", need="cache", way="alb_multi_zone"),))  # fmt: skip
    return replace(catalog, archetypes={"odd": wrong})


def scenario(catalog: Catalog) -> Catalog:
    first = next(iter(catalog.scenarios.values()))
    altered = first.model_copy(update={"effect": first.effect.model_copy(update={"minutes": ("revenue_per_hour",)})})
    return replace(catalog, scenarios={first.id: altered})


def default(catalog: Catalog, name: str, **update: Any) -> Catalog:
    return replace(catalog, defaults={**catalog.defaults, (name, ""): replace(catalog.defaults[name, ""], **update)})


def without_default(catalog: Catalog) -> Catalog:
    return replace(catalog, defaults={k: v for k, v in catalog.defaults.items() if k[0] != "joiners_per_year"})


def credits(catalog: Catalog) -> Catalog:
    first = next(iter(catalog.commitments.values()))
    return replace(catalog, commitments={first.id: replace(first, credit_tiers=((0.99, 0.25), (0.999, 0.1)))})


def cause(catalog: Catalog, **update: Any) -> Catalog:
    return replace(catalog, causes=(catalog.causes[0].model_copy(update=update), *catalog.causes[1:]))


def line(catalog: Catalog, **update: Any) -> Catalog:
    return replace(catalog, lines=(catalog.lines[0].model_copy(update=update), *catalog.lines[1:]))


BAD: list[tuple[str, str, Alteration, str]] = [
    ("practices_resolve", "a prerequisite that does not exist", lambda c: practice(c, "on_call", remedies=(remedy("rollbak"),)),
     r'on_call\.yaml: remedies\.rota\.needs: "rollbak" is not a practice; did you mean "rollback"\?'),
    ("practices_resolve", "a need nobody fills", lambda c: practice(c, "on_call", applies_when=c.practices["on_call"].applies_when.model_copy(update={"any_tier": ("caches",)})),
     r'"caches" is not a need'),
    ("no_cycles", "two that need each other", circle, r"needs itself: .*on_call.* needs .*rollback"),
    ("see_also_reads_well", "no identifier", lambda c: practice(c, "on_call", see_also={"aws_lens": "somewhere"}), r'"somewhere" is not an identifier of aws_lens'),
    ("see_also_reads_well", "no such standard", lambda c: practice(c, "on_call", see_also={"sam": "O-IM-B"}), r'"sam" is not a standard.*did you mean "samm"\?'),
    ("causes_resolve", "a number that does not exist", lambda c: cause(c, rate=("deploy_per_month",)), r'causes\.changes: "deploy_per_month" is not a number.*deploys_per_month'),
    ("causes_resolve", "a month for a year", lambda c: cause(c, per="year"), r"is said per year, but its numbers are per month"),
    ("causes_resolve", "hours as a reach", lambda c: cause(c, reach=("restore_hours",)), r"a reach is a share"),
    ("causes_resolve", "one minus a duration", lambda c: cause(c, rate=("deploys_per_month", "not restore_hours")), r"which is no share"),
    ("lines_resolve", "a number that does not exist", lambda c: line(c, product=("toil_hours",)), r'lines\.toil: "toil_hours" is not a number'),
    ("lines_resolve", "a year for a month", lambda c: line(c, per="year"), r"is said per year, but its numbers are per month"),
    ("scenarios_resolve", "money as minutes", scenario, r"revenue_per_hour is in money/hour, but minutes add up"),
    ("services_resolve", "a price nobody knows", lambda c: way(c, price_lines=(c.services["cache"].ways[0].price_lines[0].model_copy(update={"sku": "aws/none"}),)),
     r'services/cache\.yaml: ways\.\w+\.price_lines: "aws/none" is not a price'),
    ("services_resolve", "an SLA nobody gives", lambda c: way(c, sla="aws_none"), r'"aws_none" is not an SLA'),
    ("services_resolve", "a way that exists twice", lambda c: way(c, id="alb_multi_zone"), r'"alb_multi_zone" is also a way to get'),
    ("services_resolve", "many regions in one", lambda c: way(c, redundancy="multi_region", regions=1), r"stands in one region"),
    ("archetypes_resolve", "a way for another need", archetype, r'"alb_multi_zone" is a way to get load_balancer, not cache'),
    ("profiles_resolve", "a practice that does not exist", lambda c: replace(c, profiles={"x": Profile(id="x", title="X", weights={"on_cal": 2})}), r'"on_cal" is not a practice'),
    ("concerns_resolve", "a concern nobody carries", lambda c: replace(c, concerns={"rollback with ease": "rolback"}), r'rollback with ease: "rolback" is not a practice'),
    ("dimensions_are_filled", "an empty dimension", lambda c: replace(c, practices={k: p for k, p in c.practices.items() if p.dimension != "cost"}), r"cost: has no practice"),
    ("practices_move_numbers", "a question for nothing", lambda c: answers(c, "on_call", lambda a: a.model_copy(update={"moves": ()})), r"moves no number"),
    ("answers_move_each_number_once", "the same number twice", lambda c: answers(c, "on_call", lambda a: a.model_copy(update={"moves": a.moves + a.moves})), r"moves engage_minutes twice"),
    ("numbers_have_one_setter", "two owners", lambda c: answers(c, "rollback", lambda a: a.model_copy(update={"moves": c.practices["on_call"].answers[0].moves})),
     r"sets \w+, which \w+ sets already"),
    ("numbers_start_somewhere", "no default", without_default, r"assumptions\.csv: joiners_per_year: has no row"),
    ("parts_add_up", "parts of more than the whole", lambda c: default(c, "engage_minutes/waking", likely=0.75, high=0.8), r"add up to 1\.15, not to 1"),
    ("gates_rise_with_levels", "more for less", lambda c: practice(c, "on_call", required_from={"rota": 0.999, "around_the_clock": 0.99}), r"asks for level \d from 0\.99, but for level \d only from 0\.999"),
    ("practices_can_be_improved", "no way up", lambda c: practice(c, "on_call", remedies=()), r"has no remedies"),
    ("practices_can_be_improved", "a way to the bottom", lambda c: practice(c, "on_call", remedies=(remedy(to="nobody"),)), r"which is the lowest level"),
    ("numbers_are_dated_and_sourced", "no date", lambda c: moves(c, "on_call", lambda m: m.model_copy(update={"as_of": None})), r"has no as_of date"),
    ("numbers_are_dated_and_sourced", "an estimate that says it is published",
     lambda c: moves(c, "on_call", lambda m: m.model_copy(update={"evidence": "published", "source": "estimate of this workbook: a guess"})), r"its source says it is an estimate"),
    ("numbers_are_dated_and_sourced", "a fifth kind of evidence", lambda c: price(c, evidence="heard"), r'"heard" is not a kind of evidence'),
    ("prices_can_be_reckoned_with", "another currency", lambda c: price(c, currency="EUR"), r"is in EUR"),
    ("prices_can_be_reckoned_with", "another measure", lambda c: price(c, measure="fortnight"), r'"fortnight" is not a measure'),
    ("prices_can_be_reckoned_with", "less than nothing", lambda c: price(c, price=-1.0), r"less than nothing"),
    ("prices_can_be_reckoned_with", "an end before the beginning", lambda c: price(c, to_date=date(1999, 1, 1)), r"before it begins"),
    ("credits_grow_as_availability_falls", "less for worse", credits, r"credit tiers are not in order"),
    ("texts_fit", "a question like a letter", lambda c: practice(c, "on_call", question="Who " * 60 + "?"), r"characters long; 170 fit"),
    ("questions_ask", "a statement", lambda c: practice(c, "on_call", question="Somebody is woken."), r"does not end with a question mark"),
    ("answers_stand_in_order", "the best first", lambda c: practice(c, "on_call", answers=tuple(reversed(c.practices["on_call"].answers))), r"in the order of levels"),
    ("nothing_is_left_to_write", "a placeholder", lambda c: practice(c, "on_call", why="TBD: ask somebody"), r'still says "TBD"'),
    ("nothing_is_left_to_write", "a placeholder in a table", lambda c: default(c, "joiners_per_year", source="TODO"), r'assumptions\.csv: joiners_per_year: still says "TODO"'),
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_the_workbooks_own_data_keeps(rule: str, catalog: Catalog) -> None:
    assert [str(problem) for problem in RULES[rule](catalog)] == []


@pytest.mark.parametrize(("rule", "alter", "said"), [(r, a, s) for r, _, a, s in BAD], ids=[f"{r}: {w}" for r, w, _, _ in BAD])
def test_a_rule_refuses(rule: str, alter: Alteration, said: str, catalog: Catalog) -> None:
    found = [str(problem) for problem in RULES[rule](alter(catalog))]
    assert any(re.search(said, text) for text in found), found


def test_every_rule_has_an_example_that_breaks_it() -> None:
    assert {rule for rule, _, _, _ in BAD} == set(RULES)
    tested = {"answers_differ", "better_never_costs_more", "order_changes_nothing"}
    assert tested == set(EFFECTS)


# The rules that try the answers out


def on_northlight(catalog: Catalog, northlight: Engagement, practice_id: str) -> list[Tried]:
    return [effects.tried(catalog, "northlight", northlight, catalog.practices[practice_id], as_of=date(2026, 11, 23))]


def test_two_answers_with_the_same_moves_are_found(catalog: Catalog, northlight: Engagement) -> None:
    same = answers(catalog, "on_call", lambda a: a.model_copy(update={"moves": catalog.practices["on_call"].answers[0].moves}))
    found = list(effects.answers_differ(same, same.practices["on_call"], on_northlight(same, northlight, "on_call")))
    assert found
    assert 'lead to the same assessment' in str(found[0])


def test_an_answer_that_is_better_and_costs_more_is_found(catalog: Catalog, northlight: Engagement) -> None:
    levels = sorted((a.level for a in catalog.practices["rollback"].answers), reverse=True)
    ordered = sorted(catalog.practices["rollback"].answers, key=lambda a: a.level)
    turned = practice(catalog, "rollback", answers=tuple(a.model_copy(update={"level": level}) for a, level in zip(ordered, levels, strict=True)))
    tried = on_northlight(turned, northlight, "rollback")
    found = [str(p) for p in effects.better_never_costs_more(turned, turned.practices["rollback"], tried)]
    assert any("means more downtime than" in text and "northlight" in text for text in found)
    excused = practice(turned, "rollback", higher_level_costs_more="for the sake of this test")
    assert not list(effects.better_never_costs_more(excused, excused.practices["rollback"], tried))


def test_a_practice_that_is_not_asked_of_a_client_is_not_tried(catalog: Catalog, northlight: Engagement) -> None:
    never = practice(catalog, "on_call", applies_when=catalog.practices["on_call"].applies_when.model_copy(update={"stages": ("scale",)}))
    [tried] = on_northlight(never, northlight, "on_call")
    assert tried.means is None
    assert not list(effects.answers_differ(never, never.practices["on_call"], [tried]))


def test_the_order_of_answers_changes_nothing(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    for name, client in clients.items():
        assert not list(effects.order_changes_nothing(catalog, name, client, as_of=date(2026, 11, 23)))


def test_without_an_example_client_nothing_can_be_tried(catalog: Catalog) -> None:
    assert [str(p) for p in problems(catalog, examples=[])] == ["examples: there is no example client to try the answers on"]


def test_an_example_that_cannot_be_opened_is_named(catalog: Catalog, tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("client: {id: broken}")
    [first, *_] = problems(catalog, examples=[file])
    assert "is an example that cannot be opened" in str(first)


@pytest.mark.slow
def test_the_workbooks_own_data_is_good(catalog: Catalog) -> None:
    told: list[str] = []
    assert [str(problem) for problem in problems(catalog, progress=told.append)] == []
    assert len(told) >= len(catalog.practices)


# What the data holds


def test_facts_count_what_is_there(catalog: Catalog) -> None:
    found = facts(catalog)
    assert found["Practices by dimension"]["all"] == len(catalog.practices) == sum(list(found["Practices by dimension"].values())[:12])  # type: ignore[arg-type]
    numbers = found["Numbers by evidence"]
    assert numbers["all"] == sum(v for k, v in numbers.items() if k != "all")  # type: ignore[misc]
    assert found["Services"]["needs"] == len(catalog.services)


def test_prices_age_against_the_day_that_is_named(catalog: Catalog) -> None:
    late = facts(catalog, as_of=date(2040, 1, 1))["Prices"]
    assert late["older than 12 months: look again"] == late["prices"] == len(catalog.prices)
    assert late["reckoned on"] == "2040-01-01"
    assert facts(catalog)["Prices"]["reckoned on"] == newest_date(catalog).isoformat()


def test_every_example_is_good(catalog: Catalog) -> None:
    for file in sorted((ROOT / "data" / "examples").glob("*.yaml")):
        assert open_engagement(file, catalog).engagement.client.id == file.stem
