"""Milestones keep everything, and a comparison says what moved and who moved it; the parts add up."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from readiness.assessment import assess
from readiness.catalog import Catalog
from readiness.catalog.schema import Cause
from readiness.compare import Comparison, _reckoned_again, compare
from readiness.engagement import Engagement
from readiness.errors import ImportFileError, StorageError, UsageError
from readiness.exhibits.milestone import moved
from readiness.milestone import HEADLINES, Milestone, as_text, milestone_of, read_milestone, write_milestone

AS_OF = date(2026, 11, 23)


def kept(catalog: Catalog, client: Engagement, name: str = "start", as_of: date = AS_OF) -> Milestone:
    return milestone_of(assess(catalog, client, as_of=as_of), name, content_digest="c", journal_digest="j")


@pytest.fixture(scope="module")
def start(catalog: Catalog, northlight: Engagement) -> Milestone:
    return kept(catalog, northlight)


def by(comparison: Comparison, headline: str = "loss_per_year") -> dict[str, float]:
    return dict(next(h.by for h in comparison.headline if h.id == headline))


def parts_add_up(comparison: Comparison) -> bool:
    return all(sum(h.by.values()) == pytest.approx(h.change, abs=1e-6) for h in comparison.headline)


# -- keeping ---
@pytest.mark.parametrize("client", ["northlight", "cheerly", "medirow", "quillfield"])
def test_a_milestone_comes_back_as_it_was(catalog: Catalog, clients: dict[str, Engagement], client: str, tmp_path: Path) -> None:
    made = kept(catalog, clients[client])
    back = read_milestone(write_milestone(made, tmp_path / "milestones"))
    assert back == made
    assert back.client == clients[client]
    assert set(back.headline) == set(HEADLINES)
    assert all(n["source"] for n in back.numbers.values())


def test_the_same_client_gives_the_same_bytes(catalog: Catalog, northlight: Engagement, start: Milestone) -> None:
    assert as_text(kept(catalog, northlight)) == as_text(start)


@pytest.mark.parametrize("client", ["northlight", "medirow"])
def test_numbers_kept_are_all_that_the_headlines_need(catalog: Catalog, clients: dict[str, Engagement], client: str) -> None:
    """Reckoned again from what was kept, to the last digit: so a difference later is the code's."""
    made = kept(catalog, clients[client])
    again = _reckoned_again(made, catalog)
    assert again == {name: pytest.approx(row["mean"], rel=1e-12) for name, row in made.headline.items()}


def test_a_milestone_is_never_replaced(start: Milestone, tmp_path: Path) -> None:
    path = write_milestone(start, tmp_path)
    before = path.read_bytes()
    with pytest.raises(UsageError, match="already"):
        write_milestone(start, tmp_path)
    assert path.read_bytes() == before
    assert [f.name for f in tmp_path.iterdir()] == ["start.json"]


@pytest.mark.parametrize("name", ["../out", "a/b", "", "Start", "x" * 80, "a b", "con."])
def test_a_name_that_is_no_file_is_refused(catalog: Catalog, northlight: Engagement, name: str) -> None:
    a = assess(catalog, northlight, as_of=AS_OF, draws=256)
    with pytest.raises(UsageError, match="name of a milestone"):
        milestone_of(a, name)


def test_a_folder_that_is_gone_is_said(start: Milestone, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="could not be saved"):
        write_milestone(start, tmp_path / "gone" / "milestones")


@pytest.mark.parametrize(
    ("content", "said"),
    [("", "not JSON"), ("{", "not JSON"), ("[]", "not a milestone"), ('{"format": 7}', "not a milestone"), ('{"format": 1}', "not a whole milestone")],
    ids=["empty", "cut short", "a list", "another format", "fields missing"],
)
def test_what_is_no_milestone_is_refused(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(content, "utf-8")
    with pytest.raises(ImportFileError, match=said):
        read_milestone(file)
    with pytest.raises(ImportFileError, match="cannot be read"):
        read_milestone(tmp_path / "none.json")


# -- comparing ---
def test_nothing_moved_between_equals(catalog: Catalog, start: Milestone) -> None:
    same = compare(start, start, catalog)
    assert (same.answers, same.ways, same.numbers) == ((), (), ())
    assert all(h.change == 0 and set(h.by.values()) == {0.0} for h in same.headline)
    assert "hardly any" in moved(same).exhibits[0].finding


def test_an_answer_is_the_clients_doing(catalog: Catalog, northlight: Engagement, start: Milestone) -> None:
    later = kept(catalog, northlight.with_answer("restore_test", "quarterly").with_way("orders_db", "rds_postgres_multi_az"), "later")
    found = compare(start, later, catalog)
    assert parts_add_up(found)
    assert [(x.practice, x.level_before, x.level_after) for x in found.answers] == [("restore_test", 1.0, 3.0)]
    assert [w[0] for w in found.ways] == ["orders_db"]
    assert {"restore_success_share", "orders_db.failover_coverage"} <= {n.address for n in found.numbers}
    assert by(found)["client"] == pytest.approx(next(h.change for h in found.headline if h.id == "loss_per_year"))
    assert {by(found)[w] for w in ("time", "data", "code")} == {0.0}
    assert "the client" in moved(found).exhibits[0].finding


def test_evidence_that_ages_is_the_calendars_doing(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    first, then = (kept(catalog, clients["medirow"], n, d) for n, d in (("start", AS_OF), ("later", date(2027, 12, 1))))
    found = compare(first, then, catalog)
    assert parts_add_up(found)
    assert by(found)["time"] != 0
    assert {by(found)[w] for w in ("client", "data", "code")} == {0.0}
    assert found.answers == ()


def dearer(catalog: Catalog) -> Catalog:
    """The data after somebody found that incidents take twice the hours."""
    key = ("hours_per_incident", "")
    return replace(catalog, defaults={**catalog.defaults, key: catalog.defaults[key].scaled(2.0)}, digest="other data")


def test_another_source_is_the_datas_doing(catalog: Catalog, northlight: Engagement) -> None:
    first, then = kept(dearer(catalog), northlight), kept(catalog, northlight, "later")
    found = compare(first, then, catalog)
    assert parts_add_up(found)
    assert by(found, "hours_per_month")["data"] < 0
    assert {by(found, "hours_per_month")[w] for w in ("client", "time", "code")} == {0.0}
    assert not found.same_data


def test_other_code_is_the_codes_doing(catalog: Catalog, start: Milestone, northlight: Engagement) -> None:
    """A milestone of code that reckoned a tenth too much."""
    wrong = {k: {**v, "mean": v["mean"] * 1.1} for k, v in start.headline.items()}
    found = compare(replace(start, code="0.0.1+old", headline=wrong), kept(catalog, northlight, "later"), catalog)
    assert parts_add_up(found)
    assert by(found)["code"] == pytest.approx(-0.1 * start.headline["loss_per_year"]["mean"])
    assert {by(found)[w] for w in ("client", "time", "data")} == {0.0}


def test_code_data_client_and_calendar_are_told_apart(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    medirow = clients["medirow"]
    old = kept(dearer(catalog), medirow)
    wrong = {k: {**v, "mean": v["mean"] * 1.1} for k, v in old.headline.items()}
    later = kept(catalog, medirow.with_answer("incident_reviews", "tracked"), "later", date(2027, 12, 1))
    found = compare(replace(old, code="0.0.1+old", headline=wrong), later, catalog)
    assert parts_add_up(found)
    parts = by(found, "hours_per_month")
    assert parts["code"] == pytest.approx(-0.1 * old.headline["hours_per_month"]["mean"], rel=1e-9)
    assert parts["data"] < 0
    assert parts["client"] < 0
    rows = moved(found).exhibits[0].table
    assert rows is not None
    assert len(rows.columns) == 7


def test_two_milestones_of_other_versions_than_ours(catalog: Catalog, northlight: Engagement) -> None:
    first, then = kept(dearer(catalog), northlight), kept(dearer(catalog), northlight.with_answer("rollback", "one_command"), "later")
    found = compare(first, then, catalog)
    assert parts_add_up(found)
    assert by(found)["client"] < 0


def test_a_word_the_data_no_longer_knows_is_named(catalog: Catalog, start: Milestone) -> None:
    engagement = json.loads(json.dumps(start.engagement))
    engagement["answers"]["telex"] = {"answer": "yes"}
    with pytest.raises(ImportFileError, match="telex"):
        compare(replace(start, engagement=engagement), start, catalog)


def test_a_cause_that_was_kept_is_reckoned_as_it_was(catalog: Catalog, start: Milestone) -> None:
    """A cause that we have since dropped still counts when old numbers are reckoned again."""
    fewer = replace(catalog, causes=tuple(c for c in catalog.causes if c.id != "changes"), digest="fewer")
    again = _reckoned_again(start, fewer)
    assert again["bad_minutes_per_year"] == pytest.approx(start.headline["bad_minutes_per_year"]["mean"])
    assert [Cause.model_validate(c).id for c in start.causes] == [c.id for c in catalog.causes]
