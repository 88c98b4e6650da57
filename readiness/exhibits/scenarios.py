"""Extreme situations: what each would do to this client, how often, whether it is carried, and what would change it most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from readiness.assessment import Assessment
from readiness.assessment.easing import Easing, easings
from readiness.assessment.incident import PHASE_WORDS
from readiness.assessment.scenarios import scenario_result, scenario_results, scenarios_of
from readiness.assessment.situations import ENDING_SHARE_OF_REVENUE, SURE, WEEK_HOURS, Check, ScenarioResult
from readiness.assumptions import HOURS_PER_YEAR
from readiness.errors import UsageError, did_you_mean
from readiness.exhibits.ahead import maybe_ahead
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, points, text
from readiness.figures.heat import situation_map
from readiness.figures.timeline import timeline
from readiness.language import N_, Words, joined, tr
from readiness.text import Ledger

OFTEN_BANDS = ((0.05, N_("rarer than 1 year in 20")), (0.15, N_("1 year in 20 to 7")), (0.35, N_("1 year in 7 to 3")), (float("inf"), N_("more often")))
REVENUE_BANDS = ((24.0, N_("under a day's revenue")), (WEEK_HOURS, N_("a day to a week")), (730.0, N_("a week to a month")), (HOURS_PER_YEAR / 2, N_("a month to half a year")),
                 (float("inf"), N_("over half a year")))  # fmt: skip
MINUTE_BANDS = ((10.0, N_("under 10 minutes")), (60.0, N_("10 minutes to 1 h")), (480.0, N_("1 to 8 h")), (1440.0, N_("8 h to a day")), (float("inf"), N_("over a day")))
CHECK_WORDS = Words({
    "rto": N_("users are served again within {limit}"),
    "rpo": N_("at most {limit} of data are lost"),
    "budget": N_("it stays within the {limit} that the promise forgives in a window"),
    "money": N_("it costs at most {limit}"),
    "hours": N_("people need at most {limit}"),
})


@maybe_ahead
def scenarios(a: Assessment) -> Chapter:
    """All situations for a client: a map of how often and how bad, and a table with verdicts and what helps most."""
    ledger = Ledger(a.engagement.client.currency)
    every = scenario_results(a)
    found = [r for r in every if r.applies]
    eased = [easings(a, r) for r in found]
    rows: list[tuple[str, ...]] = []
    emphasis: list[int] = []
    muted: list[int] = []
    for number, (r, helped) in enumerate(zip(found, eased, strict=True)):
        rows.append(
            (
                ledger.count(number + 1, id=f"scenario.{r.scenario.id}.place"),
                r.scenario.title,
                tr(r.verdict),
                _down(r, ledger).replace("; ", "\n"),
                _data(r, ledger).replace("; ", "\n"),
                _costs(r, ledger),
                _often(r, ledger),
                _best(helped, ledger),
            )
        )
        (emphasis if r.verdict == "ends the company" else muted if r.verdict == "carried" else []).append(number)
    columns = (Column("", width=0.3), Column(tr("Situation"), width=2), Column(tr("Verdict"), width=0.9), Column(tr("Users down"), width=1.5), Column(tr("Data lost"), "right", 0.9),
               Column(tr("Costs when it happens"), width=1.4), Column(tr("Within a year"), "right", 0.8), Column(tr("What would change it most"), width=2.4))  # fmt: skip
    mapped = Ledger(ledger.currency)
    grid, by_money = _grid(found, mapped)
    held = "; ".join(tr("{text} at {column}, {row}", text=text_, column=tr(column), row=tr(row)) for row, cells in grid.items() for column, text_ in cells.items() if text_)
    chart = Exhibit("scenario_map", tr("How often, and how bad"), _finding(found, mapped), figure=lambda: _map(grid, by_money),
                    alt=tr("A map of situations by chance and cost; numbers as in the table: {held}.", held=held) if by_money else tr("A map of situations by chance and downtime; numbers as in the table: {held}.", held=held),
                    note=tr("Numbers as in the table that follows. Darker cells cost more a year.") + ("" if by_money else tr(" Revenue is not known, so downtime takes its place.")), printed=tuple(mapped.printed))  # fmt: skip
    listed = Exhibit(
        "scenarios",
        tr("Extreme situations"),
        _second_finding(found, eased, ledger),
        Table(columns, tuple(rows), tuple(emphasis), tuple(muted)),
        note=_note(found, ledger),
        printed=tuple(ledger.printed),
    )
    parts: list[Part] = [chart, listed]
    missed = [f"“{r.scenario.title}”" for r in every if not r.applies]
    if missed:
        parts.append(text(tr("Not reckoned, because nothing of yours is hit: {missed}.", missed=joined(missed))))
    return Chapter(tuple(parts))


def worst(a: Assessment, most: int = 5) -> Chapter:
    """The situations that a board has to know: those that end the company first, then those that cost most a year."""
    ledger = Ledger(a.engagement.client.currency)
    found = [r for r in scenario_results(a) if r.applies]
    shown = sorted(found, key=lambda r: r.verdict != "ends the company")[:most]
    rows = tuple((r.scenario.title, tr(r.verdict), _costs(r, ledger), _often(r, ledger), _best(easings(a, r), ledger)) for r in shown)
    ending = tuple(n for n, r in enumerate(shown) if r.verdict == "ends the company")
    columns = (Column(tr("Situation"), width=1.9), Column(tr("Verdict"), width=1), Column(tr("Costs when it happens"), width=1.6), Column(tr("Within a year"), "right", 0.7), Column(tr("What would change it most"), width=2.8))
    return Chapter((Exhibit("worst_situations", tr("The gravest extreme situations"), _finding(found, ledger), Table(columns, rows, ending), printed=tuple(ledger.printed)),))


def one_scenario(a: Assessment, scenario_id: str) -> Chapter:
    """One situation in detail: its story, the time until users are served today and with what helps most, and each check.

    Raises
    ------
    UsageError
        When there is no such situation.
    """
    known = scenarios_of(a)
    if scenario_id not in known:
        raise UsageError(f'"{scenario_id}" is not a situation', hint=did_you_mean(scenario_id, known) or f"there are {', '.join(known)}")
    ledger = Ledger(a.engagement.client.currency)
    r = scenario_result(a, known[scenario_id])
    helped = easings(a, r)
    parts: list[Part] = [text(r.scenario.story)]
    checks = [_check(c, ledger) for c in r.checks]
    what = tr("{scenario}: {verdict}. {down}; {costs}; within a year {often}.", scenario=r.scenario.title, verdict=tr(r.verdict), down=_down(r, ledger) or tr('No user is down'), costs=_costs(r, ledger) or tr('no cost is known'), often=_often(r, ledger))
    if r.phases:
        rows, results = [tr("today")], [r]
        if helped and helped[0].spared_per_year > 0:
            rows.append(tr("with what helps most"))
            results.append(helped[0].then)
        parts.append(_timeline(scenario_id, what, rows, results, ledger))
    else:
        parts.append(Exhibit(f"scenario_{scenario_id}", r.scenario.title, what, printed=tuple(ledger.printed)))
    if checks:
        parts.append(points(checks, title=tr("It counts as carried when")))
    if helped:
        parts.append(points([_easing(e, ledger) for e in helped[:5]], title=tr("What would change it"), printed=ledger.printed))
    return Chapter(tuple(parts))


def _timeline(scenario_id: str, finding: str, rows: list[str], results: list[ScenarioResult], ledger: Ledger) -> Exhibit:
    numbers = list(dict.fromkeys(p.number for r in results for p in r.phases))
    minutes = [[sum(float(p.minutes.mean()) for p in r.phases if p.number == n) for n in numbers] for r in results]
    texts = [[ledger.say(m, "minutes", id=f"scenario.{scenario_id}.{n}") for m, n in zip(row, numbers, strict=True)] for row in minutes]
    totals = [ledger.say(sum(row), "minutes", id=f"scenario.{scenario_id}.minutes") for row in minutes]
    parts = [PHASE_WORDS.get(n, n.replace("_", " ")) for n in numbers]
    alt = "; ".join(f"{row}: {', '.join(f'{p} {t}' for p, t in zip(parts, said, strict=True))}" for row, said in zip(rows, texts, strict=True))
    return Exhibit(f"scenario_{scenario_id}", tr("Until users are served again"), finding, alt=alt, printed=tuple(ledger.printed),
                   figure=lambda: timeline(rows, parts, minutes, texts, totals, axis_title=tr("Time from the first harm")))  # fmt: skip


def _down(r: ScenarioResult, ledger: Ledger) -> str:
    reach = float(r.reach.mean())
    if not r.phases or reach < 0.005:
        after = float(r.aftermath_minutes.mean())
        return tr("{aftermath} more in the year after", aftermath=ledger.say(after, 'minutes', id=f'scenario.{r.scenario.id}.aftermath')) if after >= 1 else ""
    said = tr("{reach} for {minutes}", reach=ledger.say(reach, 'share', id=f'scenario.{r.scenario.id}.reach'), minutes=ledger.say(float(r.minutes.mean()), 'minutes', id=f'scenario.{r.scenario.id}.minutes'))
    late = next((c for c in r.checks if c.kind == "rto"), None)
    return tr("{said}; RTO {promise_rto}", said=said, promise_rto=ledger.say(late.limit * 60, 'minutes', id='promise_rto')) if late else said


def _data(r: ScenarioResult, ledger: Ledger) -> str:
    if r.data_lost_hours is None:
        return ""
    said = ledger.say(float(r.data_lost_hours.mean()) * 60, "minutes", id=f"scenario.{r.scenario.id}.data_lost")
    return tr("{said}; RPO {promise_rpo}", said=said, promise_rpo=ledger.say(r.rpo_hours * 60, 'minutes', id='promise_rpo')) if r.rpo_hours else said


def _costs(r: ScenarioResult, ledger: Ledger) -> str:
    money, hours = float(r.loss.mean()), float(r.hours.mean())
    said = [ledger.say(money, "money", id=f"scenario.{r.scenario.id}.loss")] if money >= 1 else []
    return joined(said + ([ledger.say(hours, "hours", id=f"scenario.{r.scenario.id}.hours")] if hours >= 0.5 else []))


def _often(r: ScenarioResult, ledger: Ledger) -> str:
    return ledger.say(float(r.chance.mean()), "share", id=f"scenario.{r.scenario.id}.chance")


def _best(helped: Sequence[Easing], ledger: Ledger) -> str:
    if not helped or helped[0].spared_per_year <= 0:
        return tr("{partition} (its worth is not in these figures)", partition=helped[0].what.partition(':')[0]) if helped else tr("nothing that is asked here")
    return _easing(helped[0], ledger)


def _easing(e: Easing, ledger: Ledger) -> str:
    what = e.what.partition(":")[0] if e.practice else e.what
    if e.spared_per_year <= 0:
        return tr("{what}: helps, but not in these figures", what=what)
    number = f"easing.{e.then.scenario.id}.{e.practice or 'ways'}"
    return tr("{what}: {spared_per_year} a year less", what=what, spared_per_year=ledger.say(e.spared_per_year, e.unit, id=number))


def _check(c: Check, ledger: Ledger) -> str:
    limit = ledger.say(c.limit, c.unit, id=f"check.{c.kind}")
    return tr("{check}: chance {chance}", check=CHECK_WORDS[c.kind].format(limit=limit), chance=ledger.say(c.chance, 'share', id=f'check.{c.kind}.chance')) + ("" if c.holds else tr(", too little"))


def _finding(found: Sequence[ScenarioResult], ledger: Ledger) -> str:
    ending = [f"“{r.scenario.title}”" for r in found if r.verdict == "ends the company"]
    carried = sum(r.verdict == "carried" for r in found)
    hurting = len(found) - len(ending) - carried
    start = tr("{ending} could end the company; ", ending=joined(ending)) if ending else tr("None would end the company; ")
    hurt, every, held = (ledger.count(n, id=f"scenarios.{what}") for n, what in ((hurting, "hurting"), (len(found), "all"), (carried, "carried")))
    return tr("{start}{hurt} of {every} situations would hurt, and {held} would be carried.", start=start, hurt=hurt, every=every, held=held)


def _second_finding(found: Sequence[ScenarioResult], eased: Sequence[Sequence[Easing]], ledger: Ledger) -> str:
    total: dict[str, int] = {}
    for helped in eased:
        for e in helped:
            if e.practice and e.spared_per_year > 0:
                title = e.what.partition(":")[0]
                total[title] = total.get(title, 0) + 1
    if not total:
        return tr("Most of these situations are eased by nothing that is not in place already.")
    best = max(total, key=lambda t: total[t])
    return tr("“{best}” eases {eased} of them, more than anything else that is not in place.", best=best, eased=ledger.count(total[best], id='scenarios.eased'))


def _note(found: Sequence[ScenarioResult], ledger: Ledger) -> str:
    limit = tr("a week's revenue") if any(float(r.revenue_per_hour.mean()) > 0 for r in found) else tr("a month's cloud budget")
    return tr(
        "Carried means: with a chance of {sure} or more the agreed recovery time and data loss hold, it costs no more than {limit}, and the team's spare hours of a month are "
        "enough. What takes all data, or more than {ending_share} of a year's revenue, can end a company and is never set off against money. These situations are not added "
        "to the expected loss: most of them are already in it, spread over the years. Hours of data lost are hours of work since the last good copy.",
        sure=ledger.say(SURE, 'share', id='scenarios.sure'), limit=limit, ending_share=ledger.say(ENDING_SHARE_OF_REVENUE, 'share', id='scenarios.ending_share'),
    )


def _grid(found: Sequence[ScenarioResult], ledger: Ledger) -> tuple[Mapping[str, dict[str, str]], bool]:
    """Numbers of the situations by band of badness and of chance."""
    revenue = max((float(r.revenue_per_hour.mean()) for r in found), default=0.0)
    bands: Sequence[tuple[float, str]] = REVENUE_BANDS if revenue > 0 else MINUTE_BANDS
    for _, name in (*bands, *OFTEN_BANDS):
        ledger.told(tr(name), id="scenario_map.band")
    grid: dict[str, dict[str, str]] = {name: dict.fromkeys((n for _, n in OFTEN_BANDS), "") for _, name in bands}
    for number, r in enumerate(found, 1):
        cost = float((r.loss + r.hours * r.rate_per_hour).mean()) / revenue if revenue > 0 else float(r.bad_minutes.mean())
        row = next(name for limit, name in bands if cost <= limit)
        column = next(name for limit, name in OFTEN_BANDS if float(r.per_year.mean()) <= limit)
        grid[row][column] = f"{grid[row][column]}, {ledger.count(number, id=f'scenario.{r.scenario.id}.place')}".removeprefix(", ")
    return grid, revenue > 0


def _map(grid: Mapping[str, Mapping[str, str]], by_money: bool) -> dict[str, Any]:
    rows, columns = list(grid), list(next(iter(grid.values())))
    weights = [[float(i + j) for j in range(len(columns))] for i in range(len(rows))]
    return situation_map([tr(c) for c in columns], [tr(r) for r in rows], weights, [[grid[r][c] for c in columns] for r in rows], x_title=tr("How often"),
                         y_title=tr("Costs when it happens") if by_money else tr("Bad minutes when it happens"))  # fmt: skip
