"""Incident lists of every kind are read; what cannot be used is named, and nothing is invented."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from readiness.errors import ImportFileError
from readiness.readers.incidents import Incidents, read_incidents
from readiness.readers.moments import days_in_month, moment


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Incidents]:
    def from_text(content: Any, name: str = "incidents.csv", **options: Any) -> Incidents:
        path = tmp_path / name
        text = content if isinstance(content, (str, bytes)) else json.dumps(content)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_incidents(path, **options)

    return from_text


HEADER = "started,resolved,detected,share of users,cause\n"


def test_a_full_line_is_read_in_full(read: Callable[..., Incidents]) -> None:
    (incident,) = read(HEADER + "2026-03-01 10:00,2026-03-01 11:30,2026-03-01 10:12,0.4,deploy\n").incidents
    assert incident.started == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert (incident.duration_minutes, incident.detect_minutes) == (90.0, 12.0)
    assert (incident.user_share, incident.cause, incident.place) == (0.4, "deploy", "line 2")


def test_gaps_are_gaps_and_not_zeros(read: Callable[..., Incidents]) -> None:
    found = read(HEADER + "2026-03-01 10:00,,,,\n2026-03-02,open,n/a,NULL,-\n")
    assert [incident.resolved for incident in found.incidents] == [None, None]
    assert [incident.user_share for incident in found.incidents] == [None, None]
    assert sum("has no end" in words for words in found.warnings) == 2


@pytest.mark.parametrize(
    "header",
    [
        "Start Time,End Time,Detected At,Users Affected,Root Cause",
        "STARTED_AT,RESOLVED_AT,DETECTED,REACH,CATEGORY",
        "began,ended,noticed,impact share,reason",
        "created_at;closed_at;acknowledged_at;affected;cause",
        "from\tto\talerted\tshare\ttrigger",
        "Started (UTC),Resolved (UTC),Detected (UTC),Share of Users,Cause",
    ],
)
def test_headers_are_read_as_people_write_them(read: Callable[..., Incidents], header: str) -> None:
    separator = next(sign for sign in ";\t," if sign in header)
    cells = ["2026-03-01 10:00", "2026-03-01 11:00", "2026-03-01 10:05", "0.5", "dns"]
    (incident,) = read(header + "\n" + separator.join(cells) + "\n").incidents
    assert (incident.duration_minutes, incident.detect_minutes, incident.user_share) == (60.0, 5.0, 0.5)
    assert incident.cause == "dns"


@pytest.mark.parametrize(
    ("cells", "shares"),
    [
        (["0.5", "1"], [0.5, 1.0]),
        (["50", "1"], [0.5, 0.01]),
        (["1.5", "1"], [0.015, 0.01]),
        (["50%", "100 %"], [0.5, 1.0]),
        (["0.5%", ""], [0.005, None]),
        (["all", "0"], [1.0, 0.0]),
        (["many", "-3"], [None, None]),
        (["500", "40"], [None, 0.4]),
    ],
)
def test_shares_of_users_are_fractions_or_per_cent_for_the_whole_column(
    read: Callable[..., Incidents], cells: list[str], shares: list[float | None]
) -> None:
    lines = [f"2026-03-0{day} 10:00,2026-03-0{day} 11:00,,{cell},x" for day, cell in enumerate(cells, start=1)]
    assert [incident.user_share for incident in read(HEADER + "\n".join(lines)).incidents] == shares


def test_a_duration_in_minutes_stands_for_the_end(read: Callable[..., Incidents]) -> None:
    (incident,) = read("date,duration\n2026-03-01 10:00,45\n").incidents
    assert incident.duration_minutes == 45.0


def test_zones_are_respected_and_the_client_s_zone_is_used_where_none_is_named(read: Callable[..., Incidents]) -> None:
    lines = "2026-03-01T10:00+02:00,2026-03-01T08:30Z,,,\n2026-03-02 10:00,2026-03-02 11:00,,,\n"
    found = read(HEADER + lines, zone=timezone(timedelta(hours=2))).incidents
    assert [incident.started.hour for incident in found] == [8, 8]
    assert [incident.duration_minutes for incident in found] == [30.0, 60.0]


def test_overlapping_incidents_are_kept_and_reported(read: Callable[..., Incidents]) -> None:
    lines = "2026-03-01 10:00,2026-03-01 12:00,,,a\n2026-03-01 11:00,2026-03-01 13:00,,,b\n2026-03-02 10:00,2026-03-02 11:00,,,c\n"
    found = read(HEADER + lines)
    assert len(found.incidents) == 3
    assert [(one.cause, other.cause) for one, other in found.overlaps] == [("a", "b")]
    assert any("1 pair(s) of incidents overlap" in words for words in found.warnings)


@pytest.mark.parametrize(
    ("line", "words", "kept"),
    [
        ("2026-03-02 10:00,2026-03-01 10:00,,,", "ended before it began", 0),
        ("2020-03-02 10:00,2026-03-01 10:00,,,", "lasted more than a year", 0),
        ("soon,2026-03-01 10:00,,,", "is no date", 0),
        (",2026-03-01 10:00,,,", "has no start", 0),
        ("2026-03-01 10:00,2026-03-01 11:00,2026-03-01 09:00,,", "detected before it began", 1),
        ("2026-03-01 10:00,2026-03-01 11:00,2026-03-01 12:00,,", "detected after it ended", 1),
        ("3/4/26 10:00,3/4/26 11:00,,,", "could be two dates", 1),
        ("2026-03-01 10:00 IST,2026-03-01 11:00,,,", "several countries", 0),
        ("2026-02-30 10:00,2026-03-01 11:00,,,", "is no date", 0),
        ("0001-01-01,2026-03-01 11:00,,,", "in the year 1", 0),
    ],
)
def test_a_line_that_cannot_be_is_named(read: Callable[..., Incidents], line: str, words: str, kept: int) -> None:
    found = read(HEADER + line + "\n")
    assert any(warning.startswith("line 2") and words in warning for warning in found.warnings), found.warnings
    assert len(found.incidents) == kept


def test_formula_cells_stay_text(read: Callable[..., Incidents]) -> None:
    (incident,) = read(HEADER + "2026-03-01 10:00,2026-03-01 11:00,,=1/2,'=HYPERLINK(1)\n").incidents
    assert incident.user_share is None
    assert incident.cause == "=HYPERLINK(1)"


# --- status pages ----------------------------------------------------------------------------------------------------

STATUSPAGE = {
    "page": {"id": "x", "time_zone": "Etc/UTC"},
    "incidents": [
        {
            "name": "API errors",
            "impact": "major",
            "started_at": "2026-03-01T10:00:00.000Z",
            "created_at": "2026-03-01T10:09:00.000Z",
            "resolved_at": "2026-03-01T12:00:00.000-01:00",
        },
        {"name": "Open", "impact": "minor", "created_at": "2026-03-05T10:00:00Z", "resolved_at": None},
        {"name": "Upgrade", "impact": "maintenance", "created_at": "2026-03-06T10:00:00Z", "resolved_at": "2026-03-06T11:00:00Z"},
        {"name": "Broken"},
        "nonsense",
    ],
}


def test_a_statuspage_export_is_read_without_planned_maintenance(read: Callable[..., Incidents]) -> None:
    found = read(STATUSPAGE, "incidents.json")
    assert [incident.title for incident in found.incidents] == ["API errors", "Open"]
    assert found.incidents[0].duration_minutes == 180.0
    assert found.incidents[0].detect_minutes == 9.0
    assert found.incidents[1].resolved is None
    assert sum("left out" in words for words in found.warnings) == 3


def test_an_upptime_summary_gives_minutes_by_day(read: Callable[..., Incidents]) -> None:
    summary = [{"name": "Shop", "slug": "shop", "status": "up", "dailyMinutesDown": {"2026-03-01": 12, "2026-03-02": 9999}}]
    found = read(summary, "summary.json")
    (incident,) = found.incidents
    assert (incident.title, incident.duration_minutes, incident.day_known_only) == ("Shop", 12.0, True)
    assert any("9999 minutes a day" in words for words in found.warnings)
    assert any("by day only" in words for words in found.warnings)


@pytest.mark.parametrize(("opened", "closed"), [("created_at", "closed_at"), ("createdAt", "closedAt")])
def test_upptime_s_issues_are_incidents(read: Callable[..., Incidents], opened: str, closed: str) -> None:
    issues = [
        {"number": 7, "title": "Shop is down", "labels": [{"name": "status"}], opened: "2026-03-01T10:00:00Z", closed: "2026-03-01T10:25:00Z"},
        {"number": 8, "title": "Planned", "labels": [{"name": "maintenance"}], opened: "2026-03-02T10:00:00Z", closed: None},
        {"number": 9, "title": "A change", "pull_request": {"url": "x"}, opened: "2026-03-02T10:00:00Z"},
    ]
    (incident,) = read(issues, "issues.json").incidents
    assert (incident.title, incident.duration_minutes, incident.place) == ("Shop is down", 25.0, "issue 7")


def test_a_page_with_front_matter_is_one_incident(read: Callable[..., Incidents]) -> None:
    began, ended = "2026-03-01T08:35:00+01:00", "2026-03-01T09:35:00+01:00"
    page = f'---\ntitle: "Staging"\ndate: "{began}"\nresolvedWhen: {ended}\nseverity: down\n---\nText\n'
    (incident,) = read(page, "2026-03-01.md").incidents
    assert (incident.title, incident.duration_minutes) == ("Staging", 60.0)


def test_upptime_s_present_state_is_an_open_incident_or_a_hint(read: Callable[..., Incidents]) -> None:
    state = "url: https://shop.example\nstatus: {}\ncode: 500\nlastUpdated: 2026-03-01T10:00:00.000Z\nstartTime: 2020-01-01T00:00:00Z\n"
    (incident,) = read(state.format("down"), "shop.yml").incidents
    assert incident.resolved is None
    with pytest.raises(ImportFileError, match=r"summary\.json"):
        read(state.format("up"), "shop.yml")


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        ("", "a.csv", "is empty"),
        ("a,b\n1,2,3\n", "a.csv", "no column that says when"),
        (HEADER + "2026-03-01,2026-03-02,,,x,surplus\n", "a.csv", "6 cells where the header has 5"),
        ({"a": 1}, "a.json", "no incident list"),
        ([], "a.json", "no incident list"),
        ("# no front matter\n", "a.md", "no front matter"),
        ("---\ndate: soon\n---\n", "a.md", "which is no date"),
        ("name\nמחיר\n".encode("cp1255"), "a.csv", "is not in UTF-8"),
    ],
)
def test_what_is_no_incident_list_ends_in_a_sentence(
    read: Callable[..., Incidents], content: Any, name: str, sentence: str
) -> None:
    with pytest.raises(ImportFileError, match=sentence):
        read(content, name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_names_in_other_scripts_come_through_unchanged(read: Callable[..., Incidents], encoding: str) -> None:
    text = HEADER + "2026-03-01 10:00,2026-03-01 11:00,,,מחיר\n"
    assert read(text.encode(encoding)).incidents[0].cause == "מחיר"


# --- moments ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01", "2026-03-01T00:00:00+00:00"),
        ("2026-03-01T10:00:00.123Z", "2026-03-01T10:00:00.123000+00:00"),
        ("2026-03-01 10:00 +0200", "2026-03-01T08:00:00+00:00"),
        ("2026-03-01 10:00 CET", "2026-03-01T09:00:00+00:00"),
        ("1.3.2026 10:00", "2026-03-01T10:00:00+00:00"),
        ("25/3/2026", "2026-03-25T00:00:00+00:00"),
        ("2026/03/01 10:00", "2026-03-01T10:00:00+00:00"),
        ("3/25/26 1:05 PM", "2026-03-25T13:05:00+00:00"),
        ("3/25/26 12:05 am", "2026-03-25T00:05:00+00:00"),
    ],
)
def test_dates_as_people_and_exports_write_them(text: str, expected: str) -> None:
    assert moment(text)[0].isoformat() == expected


def test_the_order_of_day_and_month_can_be_said() -> None:
    assert moment("3/4/26", day_first=True) == (datetime(2026, 4, 3, tzinfo=UTC), "")
    assert moment("3/4/26", day_first=False) == (datetime(2026, 3, 4, tzinfo=UTC), "")


def test_months_have_their_days() -> None:
    assert [days_in_month(2024, 2), days_in_month(2026, 2), days_in_month(2026, 12)] == [29, 28, 31]
