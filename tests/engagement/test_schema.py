"""A client's file is strict and friendly: what cannot be is one sentence with place, rule and a guess."""


from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from readiness.catalog import Catalog
from readiness.engagement import Engagement, GivenAnswer, open_engagement
from readiness.errors import EngagementError

NORTHLIGHT = Path(__file__).resolve().parents[2] / "data" / "examples" / "northlight.yaml"
Alter = Callable[[dict[str, Any]], object]


def written(folder: Path, alter: Alter) -> Path:
    """Northlight with one thing changed."""
    content = YAML(typ="safe").load(NORTHLIGHT.read_text("utf-8"))
    alter(content)
    buffer = io.StringIO()
    plain = YAML()
    plain.representer.ignore_aliases = lambda data: True
    plain.dump(content, buffer)
    file = folder / "client.yaml"
    file.write_text(buffer.getvalue(), "utf-8")
    return file


def tier(c: dict[str, Any], **update: Any) -> None:
    c["architecture"]["tiers"][2].update(update)


def promise(c: dict[str, Any], **update: Any) -> None:
    c["journeys"][0]["promise"].update(update)


def groups(c: dict[str, Any], *shares: float, **first: Any) -> None:
    c["money"]["groups"] = [{"name": f"g{n}", "title": f"Group {n}", "share_of_revenue": s} for n, s in enumerate(shares)]
    c["money"]["groups"][0].update(first)


WRONG: list[tuple[str, Alter, str]] = [
    ("an unknown key", lambda c: c.update(jurneys=[]), r'jurneys: "jurneys" is not a key that is known here; did you mean "journeys"\?'),
    ("an unknown key deep inside", lambda c: promise(c, windw="year"), r'journeys\.1\.promise\.windw: "windw" is not a key.*did you mean "window"\?'),
    ("a missing key", lambda c: c["client"].pop("id"), r'client\.id: "id" is missing'),
    ("no journey", lambda c: c.update(journeys=[]), r"journeys: .*at least 1"),
    ("five journeys", lambda c: c.update(journeys=c["journeys"] * 3), r"journeys: .*at most 4"),
    ("no tier", lambda c: c["architecture"].update(tiers=[]), r"architecture\.tiers: .*at least 1"),
    ("per cent for a promise", lambda c: promise(c, slo=99.9), r"line \d+, journeys\.1\.promise\.slo: .*less than 1, not 99\.9; a share is a fraction; did you mean 0\.999\?"),
    ("per cent for a share", lambda c: c["journeys"][0].update(share_of_revenue=70), r"share_of_revenue: .*not 70; a share is a fraction; did you mean 0\.7\?"),
    ("a promise of one", lambda c: promise(c, slo=1), r"slo: .*less than 1"),
    ("a promise of nothing", lambda c: promise(c, slo=0), r"slo: .*greater than 0"),
    ("a word for a number", lambda c: promise(c, slo="three nines"), r"slo: .*valid number.*not 'three nines'"),
    ("less than no money", lambda c: c["money"].update(revenue_per_year=-1), r"revenue_per_year: .*greater than or equal to 0, not -1"),
    ("a range out of order", lambda c: c["money"].update(lost_share={"low": 0.5, "likely": 0.1, "high": 0.9}), r"money\.lost_share.*not in this order"),
    ("an unknown practice", lambda c: c["answers"].update(on_cal="rota"), r'answers\.on_cal: "on_cal" is not a practice the workbook asks about; did you mean "on_call"\?'),
    ("an unknown answer", lambda c: c["answers"].update(on_call="rotta"), r'answers\.on_call: "rotta" is not an answer to on_call \(answers: .*rota.*\); did you mean "rota"\?'),
    ("not applicable without a reason", lambda c: c["answers"].update(on_call={"not_applicable": True}), r"answers\.on_call: is not applicable, but gives no reason"),
    ("an answer and not applicable", lambda c: c["answers"].update(on_call={"answer": "rota", "not_applicable": True, "reason": "odd"}), r"needs either an answer or"),
    ("an answer without an answer", lambda c: c["answers"].update(on_call={"note": "later"}), r"needs either an answer or"),
    ("an unknown rung", lambda c: c["answers"].update(on_call={"answer": "rota", "rung": "sure"}), r"answers\.on_call\.rung: .*'claimed', 'observed' or 'verified'"),
    ("a tier without a way", lambda c: c["architecture"]["tiers"][2].pop("way"), r'architecture\.tiers\.3\.way: "way" is missing'),
    ("an unknown way", lambda c: tier(c, way="postgres_vm_singel"), r'"postgres_vm_singel" is not a way to run a tier; did you mean "postgres_vm_single"\?'),
    ("a way for another need", lambda c: tier(c, way="redis_vm_single"), r'architecture\.tiers\.3\.way: "redis_vm_single" is a way to get cache, not relational_database'),
    ("an unknown need", lambda c: tier(c, need="database"), r'"database" is not a need the workbook knows'),
    ("two tiers of a name", lambda c: tier(c, name="web"), r"two tiers are named web"),
    ("a journey over a tier that is not there", lambda c: c["journeys"][0].update(tiers=["wbe"]), r'needs the tier "wbe", which does not exist; did you mean "web"\?'),
    ("more than all revenue", lambda c: c["journeys"][0].update(share_of_revenue=0.9), r"shares of revenue add up to 1\.2, more than 1"),
    ("no copies", lambda c: tier(c, copies=0), r"copies: .*greater than or equal to 1"),
    ("credits in words", lambda c: promise(c, credits="a tenth"), r"credits are written like"),
    ("credits in per cent", lambda c: promise(c, credits="<99.9:10"), r"credits are fractions"),
    ("an override of nothing known", lambda c: c.update(overrides=[{"number": "engage_minute", "value": 5, "reason": "measured"}]), r'overrides\.1: "engage_minute" is not a number the workbook knows; did you mean "engage_minutes"\?'),
    ("an override of the wrong unit", lambda c: c.update(overrides=[{"number": "change_failure_rate", "value": 13, "reason": "measured"}]), r"overrides\.1: change_failure_rate is a share and lies between 0 and 1, not 13"),
    ("an override of a tier that is not there", lambda c: c.update(overrides=[{"number": "db.recovery_minutes", "value": 13, "reason": "measured"}]), r'overrides\.1\.number: "db" is not a tier'),
    ("an override without a reason", lambda c: c.update(overrides=[{"number": "engage_minutes", "value": 13}]), r'overrides\.1\.reason: "reason" is missing'),
    ("a path for a name", lambda c: c["client"].update(id="../../etc"), r"client\.id: .*pattern"),
    ("a dot for a name", lambda c: c["client"].update(id="."), r"client\.id: .*pattern"),
    ("no currency", lambda c: c["client"].update(currency="dollars"), r"client\.currency: .*pattern"),
    ("no stage", lambda c: c.update(stage="seed"), r"stage: .*'pre_revenue', 'early', 'growth' or 'scale'"),
    ("no date", lambda c: promise(c, from_date="next spring"), r"from_date: .*date"),
    ("a link that runs", lambda c: c["answers"].update(on_call={"answer": "rota", "link": "javascript:alert(1)"}), r"answers\.on_call\.link: .*pattern"),
    ("a link with a password", lambda c: c["answers"].update(on_call={"answer": "rota", "link": "https://user:pw@example.com"}), r"answers\.on_call\.link: .*pattern"),
    ("a link to a file", lambda c: c["answers"].update(on_call={"answer": "rota", "link": "file:///etc/passwd"}), r"answers\.on_call\.link: .*pattern"),
    ("an unknown dependency's SLA", lambda c: c["architecture"]["dependencies"][0].update(sla="auth0_none"), r'"auth0_none" is not an SLA in slas\.csv'),
    ("an endless note", lambda c: c.update(notes=[{"text": "x" * 10_001}]), r"notes\.1\.text: .*at most 10000"),
    ("a true for a number", lambda c: c["money"].update(idle_staff=True), r"idle_staff: has to be a number"),
    ("another version", lambda c: c.update(version=2), r"version: .*1"),
    ("an accepted risk without an owner", lambda c: c.update(accepted_risks=[{"title": "x", "why": "cheap", "review_on": "2027-01-01"}]), r'accepted_risks\.1\.owner: "owner" is missing'),
    ("tenant groups that are not all", lambda c: groups(c, 0.5, 0.3), r"money: .*shares of revenue add up to 0\.8; they have to add up to 1, so name the rest as a group too"),
    ("two tenant groups of a name", lambda c: groups(c, 0.5, 0.5, name="g1"), r"money: .*two tenant groups are named g1"),
    ("a tenant group in per cent", lambda c: groups(c, 70, 30), r"groups\.1\.share_of_revenue: .*not 70; a share is a fraction; did you mean 0\.7\?"),
    ("a tenant group that feels more than all", lambda c: groups(c, 1, hit_share=1.5), r"groups\.1\.hit_share: .*less than or equal to 1"),
    ("a key that no tenant group has", lambda c: groups(c, 1, churn_factor=2), r'groups\.1\.churn_factor: "churn_factor" is not a key'),
    ("credits of no tenant group", lambda c: (groups(c, 1, name="hospitals"), promise(c, credits_of_groups={"hospital": {"credits": "<0.99:0.1", "monthly_fee": 1}})), r'credits of "hospital", which is no tenant group; did you mean "hospitals"\?'),
    ("peak hours that earn more than all", lambda c: c["money"].update(peak_hours={"revenue_times": 6, "share_of_hours": 0.2, "share_of_outages": 0.5}), r"peak_hours: 0\.2 of the hours at 6 times the mean would earn more than all revenue"),
    ("the peak twice", lambda c: c["money"].update(peak_factor=2, peak_hours={"revenue_times": 2, "share_of_hours": 0.2, "share_of_outages": 0.5}), r"money: .*say the same thing twice"),
    ("credits of a group in words", lambda c: (groups(c, 1), promise(c, credits_of_groups={"g0": {"credits": "a tenth", "monthly_fee": 1}})), r"credits are written like"),
    ("a quarter in words", lambda c: c["team"].update(capacity=[{"quarter": "spring", "hours": 3}]), r"team\.capacity\.1\.quarter: .*pattern"),
]


@pytest.mark.parametrize(("alter", "said"), [(a, s) for _, a, s in WRONG], ids=[w for w, _, _ in WRONG])
def test_is_refused_with_place_rule_and_remedy(alter: Alter, said: str, tmp_path: Path, catalog: Catalog) -> None:
    with pytest.raises(EngagementError, match=said) as caught:
        open_engagement(written(tmp_path, alter), catalog)
    sentence = str(caught.value)
    assert sentence.startswith(str(tmp_path / "client.yaml"))
    assert "\n" not in sentence
    assert len(sentence) < 700


def test_an_empty_file_says_how_to_start(tmp_path: Path, catalog: Catalog) -> None:
    for content, said in (("", "is empty"), ("# nothing\n", "is empty"), ("- a\n- b\n", "is not a mapping"), ("just words", "is not a mapping")):
        file = tmp_path / "client.yaml"
        file.write_text(content)
        with pytest.raises(EngagementError, match=f"{said}.*readiness new ID"):
            open_engagement(file, catalog)


def test_several_mistakes_are_counted(tmp_path: Path, catalog: Catalog) -> None:
    def alter(c: dict[str, Any]) -> None:
        promise(c, slo=99.9)
        c["client"].pop("id")

    with pytest.raises(EngagementError, match="1 more to mend after this"):
        open_engagement(written(tmp_path, alter), catalog)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Müller & Söhne $5,000", "Müller & Söhne $5,000"),
        ("مرحبا بالعالم", "مرحبا بالعالم"),
        ("🚀 Rocket 👩‍💻", "🚀 Rocket 👩‍💻"),
        ("acme\u202egpj.exe", "acmegpj.exe"),
        ("a\u200bb", "ab"),
        ("cafe\u0301", "café"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
    ],
    ids=["HTML", "money and umlauts", "right to left", "emoji", "a character that turns text round", "a space without width", "an accent of its own", "a formula"],
)
def test_a_clients_name_is_text_and_nothing_else(name: str, kept: str, tmp_path: Path, catalog: Catalog) -> None:
    opened = open_engagement(written(tmp_path, lambda c: c["client"].update(name=name)), catalog)
    assert opened.engagement.client.name == kept


def test_a_single_number_is_a_range_without_width(tmp_path: Path, catalog: Catalog) -> None:
    opened = open_engagement(written(tmp_path, lambda c: c["money"].update(idle_staff=4)), catalog)
    staff = opened.engagement.money.idle_staff
    assert staff is not None
    assert (staff.low, staff.likely, staff.high, staff.source) == (4, 4, 4, "the client")


def test_a_new_answer_makes_a_new_engagement(northlight: Engagement) -> None:
    before = dict(northlight.answers)
    changed = northlight.with_answer("on_call", "rota")
    assert changed.answers["on_call"] == GivenAnswer(answer="rota")
    assert changed.with_answer("on_call", None).answers.get("on_call") is None
    assert dict(northlight.answers) == before


def test_another_way_leaves_what_was_known_of_the_old_one_behind(northlight: Engagement) -> None:
    moved = northlight.with_way("orders_db", "rds_postgres_multi_az")
    [tier_now] = [t for t in moved.architecture.tiers if t.name == "orders_db"]
    assert (tier_now.way, tier_now.copies, tier_now.cost_per_month, tier_now.numbers) == ("rds_postgres_multi_az", None, None, {})
    assert tier_now.storage_gigabytes == 400
    assert [t.way for t in northlight.architecture.tiers if t.name == "orders_db"] == ["postgres_vm_single"]


def test_an_engagement_cannot_be_changed_in_place(northlight: Engagement) -> None:
    with pytest.raises(Exception, match="frozen"):
        northlight.stage = "scale"  # type: ignore[misc]


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=8))  # fmt: skip
def test_whatever_stands_under_a_key_ends_in_an_engagement_or_in_one_sentence(value: Any) -> None:
    from pydantic import ValidationError

    content = {"client": {"id": "a", "name": "A"}, "journeys": value, "architecture": {"tiers": value}, "answers": value, "money": value}
    with pytest.raises(ValidationError):
        Engagement.model_validate(content)
