"""The summary tells everything once, failed first, and never runs what a client wrote."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.batch.outcome import KIND_WORDS, Kind, Outcome
from readiness.batch.runner import Results, State
from readiness.batch.summary import as_csv, as_html, as_json, in_order, of_others, sentence, totals, write_summary

DONE = Outcome(
    "beta", "beta.yaml", None, headline=(("Verdict", "Go (99 %)"), ("Loss", "USD 1")), outputs={"report.html": "0", "report.pdf": "1"}, seconds=1.5
)
BROKEN = Outcome("zeta", "zeta.yaml", "crashed", "signal SIGSEGV")
HOSTILE = Outcome('<script>alert("x")</script>', "=cmd.yaml", "bad_input", '=HYPERLINK("http://x") <img src=x onerror=y>')


def results(*outcomes: Outcome, state: State = "finished") -> Results:
    return Results(outcomes, state, "2026-11-23")


kinds: st.SearchStrategy[Kind | None] = st.sampled_from((None, *KIND_WORDS))


@given(st.lists(kinds, min_size=1, max_size=50))
def test_totals_add_up(drawn: list[Kind | None]) -> None:
    counted = totals(results(*(Outcome(f"c{n}", "c.yaml", kind) for n, kind in enumerate(drawn))))
    assert counted["clients"] == counted["done"] + counted["failed"] == len(drawn)
    assert counted["failed"] == sum(number for kind, number in counted.items() if kind in KIND_WORDS)


def test_reports_in_two_languages_share_their_columns() -> None:
    german = Outcome("gamma", "gamma.yaml", None, headline=(("Ergebnis", "Ja (99 %)"), ("Verlust", "USD 2")), outputs={"report.pdf": "2"})
    found = results(DONE, BROKEN, german)
    rows = {row["client"]: row for row in csv.DictReader(io.StringIO(as_csv(found)))}
    assert (rows["beta"]["Loss"], rows["gamma"]["Loss"], rows["zeta"]["Loss"]) == ("USD 1", "USD 2", "")
    clients = {row["client"]: row["headline"] for row in json.loads(as_json(found))["clients"]}
    assert clients == {"beta": {"Verdict": "Go (99 %)", "Loss": "USD 1"}, "gamma": {"Verdict": "Ja (99 %)", "Loss": "USD 2"}, "zeta": {}}
    assert as_html(found).count("<th>") == as_html(results(DONE)).count("<th>")


def test_failed_stand_first() -> None:
    assert [o.name for o in in_order(results(DONE, BROKEN, HOSTILE))] == [HOSTILE.name, "zeta", "beta"]


@pytest.mark.parametrize(
    ("outcomes", "state", "status"),
    [
        pytest.param((DONE,), "finished", 0, id="all good"),
        pytest.param((DONE, BROKEN), "finished", 1, id="some failed"),
        pytest.param((Outcome("a", "a", "start_failed"),), "finished", 2, id="nothing ran"),
        pytest.param((DONE, Outcome("a", "a", "not_run")), "aborted", 3, id="aborted"),
        pytest.param((DONE, Outcome("a", "a", "interrupted")), "interrupted", 130, id="interrupted"),
    ],
)
def test_the_exit_status_says_how_it_went(outcomes: tuple[Outcome, ...], state: State, status: int) -> None:
    assert results(*outcomes, state=state).exit_status == status


def test_every_client_has_one_row_in_each_file() -> None:
    found = results(DONE, BROKEN, HOSTILE)
    rows = list(csv.DictReader(io.StringIO(as_csv(found))))
    assert [row["client"] for row in rows] == ['<script>alert("x")</script>', "zeta", "beta"]
    assert rows[2]["Loss"] == "USD 1"
    assert rows[2]["report"] == "beta/report.pdf"
    assert [row["client"] for row in json.loads(as_json(found))["clients"]] == [o.name for o in in_order(found)]
    assert as_html(found).count("<tr class=") == 3


def test_what_a_client_wrote_is_text_everywhere() -> None:
    found = results(HOSTILE)
    for row in csv.reader(io.StringIO(as_csv(found))):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
    tags: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append(tag)

    Tags().feed(as_html(found))
    assert "script" not in tags
    assert "img" not in tags


def test_the_sentence_counts_every_kind() -> None:
    assert sentence(results(DONE, BROKEN, HOSTILE)) == "1 of 3 clients done, 2 failed (1 bad input, 1 crashed)"
    assert sentence(results(DONE, state="aborted")).endswith("stopped after too many failures")


def test_a_report_of_no_client_of_this_batch_is_named(tmp_path: Path) -> None:
    for name in (DONE.name, "gone", "notes"):
        (tmp_path / name).mkdir()
        if name != "notes":
            (tmp_path / name / "record.json").write_text("{}")
    assert of_others(tmp_path, results(DONE)) == ["gone"]


def test_the_clock_stands_in_one_file_only(tmp_path: Path) -> None:
    write_summary(tmp_path, results(DONE))
    slow = Outcome(**{**DONE.__dict__, "seconds": 99.0, "attempts": 2, "kept": True})
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    write_summary(tmp_path, results(slow))
    assert [name for name, content in before.items() if (tmp_path / name).read_bytes() != content] == ["timings.json"]
