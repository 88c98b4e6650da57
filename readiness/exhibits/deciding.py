"""How sure are we: what decides a headline, and how the inputs that matter most were obtained."""

from __future__ import annotations

from readiness.assessment import Assessment
from readiness.assessment.deciding import Deciding, Input, deciding
from readiness.exhibits.ahead import maybe_ahead
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, missing
from readiness.figures.tornado import tornado
from readiness.text import Ledger
from readiness.wording import EVIDENCE_WORDS, joined

SHOWN = 10
NAMES = {"loss_per_year": "the expected loss", "bad_minutes_per_year": "the expected downtime", "breach_chance_per_year": "the chance to break the promise",
         "cash_per_month": "the cash a month", "hours_per_month": "people's hours", "economic_cost_per_year": "the economic cost"}  # fmt: skip
AXES = {"loss_per_year": "{currency} a year", "bad_minutes_per_year": "Minutes a year", "breach_chance_per_year": "Chance within a year", "cash_per_month": "{currency} a month",
        "hours_per_month": "Hours a month", "economic_cost_per_year": "{currency} a year"}  # fmt: skip


@maybe_ahead
def what_decides(a: Assessment) -> Chapter:
    """For loss and downtime, the inputs they hang on, the three that matter most, and how each was obtained."""
    return Chapter(tuple(_decided(a, deciding(a, headline)) for headline in ("loss_per_year", "bad_minutes_per_year")))


INPUTS = {
    "detect_minutes": "time until an outage is noticed", "engage_minutes": "time until somebody works on it", "repair_minutes": "time to repair",
    "responder_absent_share": "outages for which nobody who knows can be reached", "absent_minutes": "delay when nobody who knows can be reached",
    "repeat_incident_share": "incidents that repeat a known cause", "hours_per_incident": "hours an incident costs", "duration_sigma": "spread of outage durations",
    "deploys_per_month": "changes a month", "change_failure_rate": "changes that harm users", "change_reach": "users harmed by a failed change",
    "partial_harm_share": "users harmed when only a part breaks", "engage_at_work_minutes": "time until somebody works on it by day",
    "change_identify_minutes": "time to find the guilty change", "rollback_minutes": "time to go back to the former version", "release_hours_per_deploy": "hours to release one change",
    "operator_errors_per_year": "mistakes by hand a year", "operator_error_reach": "users harmed by a mistake by hand", "overload_events_per_year": "overloads a year",
    "overload_reach": "users harmed by an overload", "overload_minutes": "length of an overload", "security_incidents_per_year": "security incidents a year",
    "security_outage_minutes": "outage by a security incident", "security_reach": "users harmed by a security incident", "breach_share": "security incidents that expose data",
    "breach_response_hours": "hours to handle exposed data", "breach_cost": "cash for exposed data", "planned_minutes_per_month": "planned downtime",
    "planned_reach": "users harmed by planned work", "data_loss_events_per_year": "losses of data a year", "restore_success_share": "restores that work",
    "restore_hours": "time to restore", "rebuild_hours": "time to rebuild without a backup", "data_lost_hours": "work lost with the data", "lost_data_factor": "cost of lost data",
    "soft_dependency_weight": "users harmed when a dispensable service fails", "dependency_reach": "users harmed when an indispensable service fails",
    "dependency_outage_minutes": "length of outside outages", "dependency_hours_down_per_year": "outage of outside services a year",
    "downtime_per_sla_allowance": "real downtime of outside services against their SLA", "zone_losses_per_year": "losses of a zone a year", "zone_recovery_minutes": "time until a lost zone is back",
    "region_losses_per_year": "losses of a region a year", "region_recovery_hours": "time until a lost region is back", "account_losses_per_year": "losses of an account or domain a year",
    "account_recovery_hours": "time until a lost account is back", "toil_hours_per_month": "manual operations", "forced_upgrade_hours_per_year": "forced upgrades",
    "rework_hours_per_month": "unplanned rework", "audit_hours_per_year": "audits and questionnaires", "onboarding_hours": "hours to train a joiner", "joiners_per_year": "joiners a year",
    "ci_wait_hours_per_month": "waiting for the pipeline", "false_page_hours_per_month": "alarms that needed nobody", "late_option_hours_per_year": "rushed late preparations",
    "provider_exit_chance_per_year": "chance to have to leave a provider", "on_call_pay_per_month": "on-call pay", "tooling_cost_per_month": "tools", "infra_waste_share": "waste in the bill",
    "bill_surprises_per_year": "surprises of the bill a year", "bill_surprise_days": "days until a surprise is noticed", "version_surcharge_share": "surcharge for old versions",
    "revenue_per_hour": "revenue an hour", "peak_factor": "weight of peak hours", "lost_share": "share of revenue lost for good", "churn_factor": "customers who leave",
    "idle_staff": "people who cannot work", "loaded_rate_per_hour": "cost of an hour", "credit_factor": "SLA credits really owed", "contract_value_at_stake_per_year": "contracts at stake a year",
    "contract_block_share": "contracts lost for want of proof", "contract_delay_months": "delay of contracts for want of proof",
    "faults_per_year": "outages of one copy a year", "recovery_minutes": "time to bring one copy back", "common_cause_share": "outages that take all copies", "failover_coverage": "failovers that work",
    "failover_minutes": "time to fail over", "planned_minutes_per_year": "maintenance downtime", "effort_hours_per_month": "hours to run it", "cash_per_month": "its bill", "exit_hours": "hours to leave it",
}  # fmt: skip


def input_name(address: str) -> str:
    """An input in words, with its tier where it belongs to one.

    Examples
    --------
    >>> input_name("orders_db.recovery_minutes"), input_name("rollback_minutes")
    ('time to bring one copy back (orders_db)', 'time to go back to the former version')
    """
    tier, _, bare = address.rpartition(".")
    words = INPUTS.get(bare, bare.replace("_", " "))
    return f"{words} ({tier})" if tier else words


def _name(i: Input) -> str:
    return input_name(i.address)


def obtained(a: Assessment, i: Input) -> str:
    """How a number was obtained, in words."""
    if i.how == "not asked":
        titles = [f"“{a.catalog.practices[p].title}”" for p in i.open]
        return f"nobody was asked about {joined(titles[:2])}"
    return EVIDENCE_WORDS[i.how]


def _decided(a: Assessment, d: Deciding) -> Part:
    name = NAMES[d.headline]
    if not d.inputs or not d.bars:
        return missing(f"Nothing that varies moves {name}: within its range it is as good as certain.")
    ledger = Ledger(a.engagement.client.currency)
    figure = a.figure(d.headline)
    told = [f"{_name(i)} ({ledger.say(i.share, 'share', id=f'{d.headline}.share.{i.address}')}; {obtained(a, i)})" for i in d.first]
    first = sum(i.share for i in d.first)
    if first > 0.5:
        finding = f"Most of what is not known of {name} hangs on {_counted(len(d.first))}: {_in_turn(told)}."
    else:
        finding = f"No few inputs decide {name}: the first {_counted(len(d.first)).split()[0]} carry {ledger.say(first, 'share', id=f'{d.headline}.first')} of its spread: {_in_turn(told)}."
    by_address = {i.address: i for i in d.inputs}
    bars = [b for b in d.bars if b.name in by_address][:SHOWN]
    rows = [
        (_name(i), ledger.range(i.band.low, i.band.high, i.unit, id=i.address), ledger.say(i.share, "share", id=f"{d.headline}.share.{i.address}"), obtained(a, i), i.source.removeprefix("estimate of this workbook: "))
        for i in d.inputs[:SHOWN]
    ]
    middle = bars[0].at_median if bars else 0.0
    unit = figure.unit
    ends = [f"{_name(by_address[b.name])} {ledger.range(min(b.at_low, b.at_high), max(b.at_low, b.at_high), unit, id=f'{d.headline}.swing.{b.name}')}" for b in bars[:5]]
    note = (
        "Share: part of the variance that an input carries by itself; what inputs do only together is left over. "
        f"Figure: {name} with one input at the ends of its 90 % range and the rest at their medians, where it stands at {ledger.say(middle, unit, id=f'{d.headline}.at_medians')}; "
        "that is less than its average, since rare and large values pull the average up."
    )
    return Exhibit(
        f"decides_{d.headline}", f"What decides {name}", finding,
        Table((Column("Input", width=2), Column("90 % range", "right", 1.3), Column("Share", "right", 0.7), Column("Obtained", width=1.6), Column("Source", width=3)), tuple(rows)),
        alt=f"{figure.title} as one input runs through its range: " + "; ".join(ends) + ".", note=note, printed=tuple(ledger.printed),
        figure=lambda: tornado([_name(by_address[b.name]) for b in bars], [b.at_low for b in bars], [b.at_high for b in bars], middle=middle,
                               axis_title=AXES[d.headline].format(currency=ledger.currency)),
    )  # fmt: skip


def _counted(count: int) -> str:
    return {1: "one input", 2: "two inputs", 3: "three inputs"}[count]


def _in_turn(told: list[str]) -> str:
    """Phrases that hold brackets and commas of their own."""
    return told[0] if len(told) == 1 else f"{'; '.join(told[:-1])}; and {told[-1]}"
