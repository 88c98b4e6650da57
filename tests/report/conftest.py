"""A report of an invented client with every kind of block and every kind of chart, long names included."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from readiness.report.document import Document, make
from readiness.report.make import notebook_for, run_notebook

Blocks = list[dict[str, Any]]

EXAMPLES = Path(__file__).resolve().parents[2] / "data" / "examples"


@pytest.fixture(scope="session")
def executed() -> Callable[[str, str], dict[str, Any]]:
    """The executed notebook of one example client for one audience, each run once."""

    @cache
    def run(name: str, audience: str) -> dict[str, Any]:
        given = {"engagement": str(EXAMPLES / f"{name}.yaml"), "as_of": "2026-11-23", "audience": audience, "interactive": False}
        return run_notebook(notebook_for(audience), given)

    return run


LONG_NAME = "Wirtschaftsprüfungsgesellschaft für Krankenhausinformationssysteme Erdoğan-Łukasiewicz & Söhne mbH"


def causes() -> dict[str, Any]:
    """Bars lying down, each labelled with its number."""
    names = [
        "Self-run Postgres on one machine",
        "Change that fails in production and is rolled back by hand",
        "Region or zone of the provider",
        "Kafka broker out of disk",
        "Outside dependency: payments",
        "Certificate that expired",
    ]
    hours = [11.4, 4.1, 1.6, 0.9, 0.5, 0.2]
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": names,
                "x": hours,
                "marker": {"color": ["#17365d"] + ["#9fb8cf"] * 5},
                "text": [f"{h:.1f} h" for h in hours],
                "textposition": "outside",
                "error_x": {
                    "type": "data",
                    "array": [6.0, 2.2, 2.4, 0.6, 0.3, 0.2],
                    "arrayminus": [5, 2, 1.2, 0.6, 0.3, 0.1],
                },
                "showlegend": False,
            }
        ],
        "layout": {
            "height": 300,
            "xaxis": {"title": {"text": "Hours of downtime in a year (mean, with 90 % range)"}, "rangemode": "tozero"},
            "yaxis": {"autorange": "reversed"},
        },
    }


def frontier() -> dict[str, Any]:
    """A line with a band on a logarithmic axis, points with labels, the promise as a dashed line."""
    cost = [900, 1300, 1900, 2600, 3800, 6200, 9900]
    down = [27, 14, 8.2, 4.9, 2.6, 1.4, 0.8]
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "x": cost,
                "y": [d * 1.9 for d in down],
                "line": {"width": 0},
                "showlegend": False,
            },
            {
                "type": "scatter",
                "mode": "lines",
                "x": cost,
                "y": [d * 0.5 for d in down],
                "line": {"width": 0},
                "fill": "tonexty",
                "fillcolor": "rgba(31,78,121,0.15)",
                "name": "90 % range",
            },
            {
                "type": "scatter",
                "mode": "lines+markers+text",
                "x": cost,
                "y": down,
                "text": ["today", "", "", "second database", "", "two zones", "two regions"],
                "textposition": "top right",
                "name": "Best design at this price",
                "line": {"color": "#17365d", "width": 2},
                "marker": {"size": 7},
            },
        ],
        "layout": {
            "height": 380,
            "xaxis": {"title": {"text": "Cost per month, USD"}, "tickformat": ",.0f"},
            "yaxis": {"type": "log", "title": {"text": "Hours of downtime in a year"}},
            "shapes": [
                {
                    "type": "line",
                    "xref": "paper",
                    "x0": 0,
                    "x1": 1,
                    "yref": "y",
                    "y0": 8.76,
                    "y1": 8.76,
                    "line": {"dash": "dash", "color": "#9b2c1f", "width": 1},
                }
            ],
            "annotations": [
                {
                    "xref": "paper",
                    "x": 1,
                    "yref": "y",
                    "y": 0.9425,
                    "text": "promise: 99.9 % (8.8 h)",
                    "showarrow": False,
                    "xanchor": "right",
                    "yanchor": "bottom",
                }
            ],
            "legend": {"orientation": "h"},
        },
    }


DIMENSIONS = [
    "Deployment",
    "Scalability",
    "Process fit",
    "Security",
    "Traceability",
    "Permissioning",
    "Lifecycle and support",
    "Availability commitments",
    "Extreme situations and recovery",
    "Observability",
    "Service sourcing",
    "Cost and pipeline economics",
]


def heat() -> dict[str, Any]:
    """A heat map with its numbers in the cells."""
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    rows = ["Checkout", "Sign in", "Nightly export to the hospital's own archive"]
    z = [[(7 * i * i + 3 * j * j + 2 * i * j) % 23 for j in range(12)] for i in range(3)]
    return {
        "data": [
            {
                "type": "heatmap",
                "x": months,
                "y": rows,
                "z": z,
                "texttemplate": "%{z}",
                "colorscale": [[0, "#eef3f8"], [1, "#17365d"]],
                "colorbar": {"title": {"text": "minutes"}},
            }
        ],
        "layout": {"height": 260, "yaxis": {"autorange": "reversed"}},
    }


def radar() -> dict[str, Any]:
    """Levels of the twelve dimensions around a circle: today and what the promise needs."""
    now = [2, 1.5, 2.2, 3, 1.2, 2, 0.8, 1.1, 0.5, 1.9, 2.4, 1.4]
    need = [3, 2, 2, 3, 2, 2, 3, 3, 2, 3, 2, 1]
    return {
        "data": [
            {
                "type": "scatterpolar",
                "theta": [*DIMENSIONS, DIMENSIONS[0]],
                "r": [*now, now[0]],
                "fill": "toself",
                "name": "Today",
            },
            {
                "type": "scatterpolar",
                "theta": [*DIMENSIONS, DIMENSIONS[0]],
                "r": [*need, need[0]],
                "name": "Needed for 99.9 %",
                "line": {"dash": "dash"},
            },
        ],
        "layout": {"height": 400, "polar": {"radialaxis": {"range": [0, 4], "dtick": 1}}},
    }


def stacked() -> dict[str, Any]:
    """Bars standing, stacked: cost by month and by kind."""
    months = [f"2027-{m:02d}" for m in range(1, 13)]
    return {
        "data": [
            {"type": "bar", "name": "Cloud bill", "x": months, "y": [4100 + 120 * i for i in range(12)]},
            {"type": "bar", "name": "Hours of the team", "x": months, "y": [5200 - 240 * i for i in range(12)]},
            {"type": "bar", "name": "Expected loss", "x": months, "y": [3900 - 210 * i for i in range(12)]},
        ],
        "layout": {
            "barmode": "stack",
            "height": 330,
            "yaxis": {"title": {"text": "USD per month"}, "tickformat": ",.0f"},
        },
    }


def petals() -> dict[str, Any]:
    """Bars around a circle."""
    return {
        "data": [{"type": "barpolar", "theta": DIMENSIONS[:8], "r": [1, 2, 3, 4, 2, 3, 1, 2], "name": "Coverage"}],
        "layout": {"height": 300, "polar": {"radialaxis": {"range": [0, 4], "dtick": 1}}},
    }


def assumptions(count: int) -> dict[str, Any]:
    """A table longer than a page."""
    names = [
        "engage_minutes",
        "change_failure_share",
        "orders_db.failover_coverage",
        "revenue_per_hour",
        "growth_per_year",
    ]
    sources = [
        "measured at the client, paging log of October 2026",
        "published: State of DevOps 2024, medium cluster, correlation between organisations and therefore capped",
        "estimated in the room by the head of engineering",
    ]
    return {
        "columns": [
            {"key": "name", "label": "Assumption"},
            {"key": "likely", "label": "Likely", "align": "right"},
            {"key": "range", "label": "90 % range", "align": "right"},
            {"key": "unit", "label": "Unit"},
            {"key": "source", "label": "Source"},
            {"key": "as_of", "label": "As of", "align": "right"},
        ],
        "rows": [
            [
                names[i % 5],
                f"{(i * 37) % 100 / 10:.1f}",
                f"{i % 7:.1f} to {(i * 37) % 100 / 5 + 7:,.1f}",
                "minutes" if i % 2 else "share",
                sources[i % 3],
                f"2026-{1 + i % 11:02d}-15",
            ]
            for i in range(count)
        ],
        "emphasis": [],
        "muted": [i for i in range(count) if i % 9 == 8],
    }


def blocks() -> Blocks:
    """The whole report."""
    return [
        {
            "kind": "cover",
            "title": "Production readiness of the ordering platform",
            "client": LONG_NAME,
            "subtitle": "Can the promise of 99.9 % be signed before the first hospital goes live, and what would it take?",
            "as_of": "2026-11-23",
            "status": "draft",
            "facts": [
                ["Promise in question", "99.9 % of minutes in a month, measured at the load balancer"],
                ["Go live", "1 March 2027"],
                ["Signed off by", "Ayşe Erdoğan (engineering), Łukasz Nowak (finance), דנה כהן (product)"],
                ["Answered", "41 of 48 questions, 12 of them verified"],
            ],
            "brand": None,
        },
        {"kind": "heading", "level": 1, "text": "Summary"},
        {
            "kind": "verdict",
            "verdict": "Not yet",
            "promise": "99.9 % from 1 March 2027",
            "sentence": "The promise would be broken in about three months of twelve. 99.5 % could be signed today.",
            "reasons": [
                {
                    "text": "The database runs on one machine and has never been restored from its backup.",
                    "tone": "bad",
                },
                {
                    "text": "Nobody is woken at night; work on an outage begins five hours later than it could.",
                    "tone": "bad",
                },
                {
                    "text": "Deployment takes twelve minutes and is rolled back with one command, "
                    "but tests cover the checkout in part and fail without cause twice a week.",
                    "tone": "warn",
                },
                {"text": "Access is by role, reviewed each quarter.", "tone": "good"},
            ],
        },
        {
            "kind": "figures_panel",
            "figures": [
                {
                    "label": "Expected downtime in a year",
                    "value": "18.7 h",
                    "range": "7.2 to 41 h",
                    "note": "99.79 % available",
                },
                {
                    "label": "Chance to break 99.9 % in a month",
                    "value": "26 %",
                    "range": "14 to 43 %",
                    "note": "credits of 10 % each time",
                },
                {
                    "label": "Expected loss in a year",
                    "value": "$214,000",
                    "range": "$71,000 to $520,000",
                    "note": "cash $96,000, hours $118,000",
                },
                {
                    "label": "Highest promise today",
                    "value": "99.5 %",
                    "range": "with 90 % confidence",
                    "note": "99.9 % after the plan",
                },
            ],
        },
        {
            "kind": "text",
            "paragraphs": [
                (
                    "One machine makes three fifths of the expected downtime. A second copy of the database, "
                    "with failover that is rehearsed, costs 640 USD a month and saves about 11 hours a year."
                ),
                "Budget is $5,000 now and $10,000 with HA.",
            ],
        },
        {
            "kind": "list",
            "title": "Next quarter",
            "points": [
                "Second database with automatic failover, rehearsed twice (40 hours)",
                "Paid rota with a paging tool (30 hours, 900 USD a month)",
                "Restore the backup once a month and write down how long it takes",
            ],
        },
        {"kind": "heading", "level": 1, "text": "Readiness by dimension"},
        {
            "kind": "exhibit",
            "id": "readiness.radar",
            "number_ids": ["n1"],
            "title": "Level of each dimension, 0 to 4, and the level that the promise needs",
            "finding": "Lifecycle, commitments and recovery are furthest from what 99.9 % needs",
            "note": "A level counts only where at least half of the questions were answered.",
            "alt": "Radar chart of twelve dimensions: recovery at 0.5 of 2 needed, lifecycle at 0.8 of 3 needed.",
            "figure": radar(),
            "table": None,
        },
        {
            "kind": "exhibit",
            "id": "readiness.table",
            "number_ids": [],
            "title": "Readiness with coverage and bounds",
            "finding": "Seven questions are open; they could move the result by one level",
            "note": "",
            "alt": "",
            "figure": None,
            "table": {
                "columns": [
                    {"key": "d", "label": "Dimension"},
                    {"key": "l", "label": "Level", "align": "right"},
                    {"key": "w", "label": "Worst", "align": "right"},
                    {"key": "b", "label": "Best", "align": "right"},
                    {"key": "c", "label": "Coverage", "align": "right"},
                    {"key": "x", "label": "What blocks the promise"},
                ],
                "rows": [
                    [
                        d,
                        f"{i % 4}.{i}",
                        "0.5",
                        "3.1",
                        f"{60 + i} %",
                        "nobody is woken at night" if i % 3 == 0 else "\N{EN DASH}",
                    ]
                    for i, d in enumerate(DIMENSIONS)
                ],
                "emphasis": [6],
                "muted": [2, 10],
            },
        },
        {"kind": "heading", "level": 2, "text": "What was not asked"},
        {
            "kind": "missing",
            "text": "Seven questions about permissioning were not asked; ask them with the workshop notebook, chapter 2.",
        },
        {"kind": "heading", "level": 1, "text": "Where the downtime comes from"},
        {
            "kind": "exhibit",
            "id": "downtime.causes",
            "number_ids": [],
            "title": "Expected hours of downtime in a year, by cause",
            "finding": "One database causes 61 % of the expected downtime",
            "note": "Means over 4,000 common draws.",
            "alt": "Bars: Postgres 11.4 hours, failed changes 4.1, region 1.6, Kafka 0.9, payments 0.5, certificate 0.2.",
            "figure": causes(),
            "table": {
                "columns": [
                    {"key": "c", "label": "Cause"},
                    {"key": "h", "label": "Hours a year", "align": "right"},
                    {"key": "s", "label": "Share", "align": "right"},
                ],
                "rows": [
                    ["Self-run Postgres on one machine", "11.4", "61 %"],
                    ["Changes", "4.1", "22 %"],
                    ["Region or zone", "1.6", "9 %"],
                    ["All causes", "18.7", "100 %"],
                ],
                "emphasis": [3],
                "muted": [],
            },
        },
        {
            "kind": "exhibit",
            "id": "downtime.months",
            "number_ids": [],
            "title": "Bad minutes by journey and month",
            "finding": "The checkout was down in eleven months of twelve",
            "note": "",
            "alt": "Heat map of bad minutes by journey and month.",
            "figure": heat(),
            "table": None,
        },
        {"kind": "heading", "level": 1, "text": "What each nine costs"},
        {
            "kind": "exhibit",
            "id": "frontier",
            "number_ids": [],
            "title": "The best design at each price",
            "finding": "A second database buys most of the way; a second region buys little",
            "note": "Designs that cost more and are down longer are not shown.",
            "alt": "Falling curve of downtime against cost, from 27 hours at 900 USD to 0.8 hours at 9,900 USD.",
            "figure": frontier(),
            "table": None,
        },
        {
            "kind": "exhibit",
            "id": "cost.months",
            "number_ids": [],
            "title": "Cost by month and kind",
            "finding": "The whole cost falls although the bill grows",
            "note": "",
            "alt": "Stacked bars by month.",
            "figure": stacked(),
            "table": None,
        },
        {
            "kind": "exhibit",
            "id": "coverage",
            "number_ids": [],
            "title": "Coverage of eight dimensions",
            "finding": "",
            "note": "",
            "alt": "Petals.",
            "figure": petals(),
            "table": None,
        },
        {"kind": "heading", "level": 2, "text": "What we mean"},
        {
            "kind": "definitions",
            "terms": [
                ["SLA credits", "What a promise that was broken gives back to the customer; part of the loss."],
                ["Start-up credits", "Money of the provider that expires; they hide the bill, not the cost."],
                [
                    "DORA",
                    "Either a survey of software teams, or the EU's Digital Operational Resilience Act: here always the survey.",
                ],
            ],
        },
        {"kind": "page_break"},
        {"kind": "heading", "level": 1, "text": "What we assumed"},
        {"kind": "heading", "level": 2, "text": "All numbers with their sources"},
        {
            "kind": "exhibit",
            "id": "assumptions",
            "number_ids": [],
            "title": "",
            "finding": "Nine numbers were measured, forty are published, eleven were estimated in the room",
            "note": "Muted rows moved nothing.",
            "alt": "",
            "figure": None,
            "table": assumptions(60),
        },
        {"kind": "heading", "level": 3, "text": "Provenance"},
        {
            "kind": "text",
            "paragraphs": [
                [
                    {"text": "Version "},
                    {"text": "0.1.0", "code": True},
                    {"text": ", see "},
                    {"text": "the causes", "to": "downtime.causes"},
                    {"text": "; "},
                    {"text": "important", "bold": True},
                    {"text": " and "},
                    {"text": "stressed", "italic": True},
                    {"text": "."},
                ],
                "המערכת (99.95%) יציבה",
                "digest sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" + 60 * "a",
            ],
        },
    ]


@pytest.fixture
def example_blocks() -> Blocks:
    """The blocks of the report, fresh for each test."""
    return blocks()


@pytest.fixture(scope="session")
def example() -> Document:
    """The report as a document."""
    return make(blocks())


@pytest.fixture
def charts() -> dict[str, dict[str, Any]]:
    """The charts by what they are."""
    return {
        "causes": causes(),
        "frontier": frontier(),
        "heat": heat(),
        "radar": radar(),
        "stacked": stacked(),
        "petals": petals(),
    }
