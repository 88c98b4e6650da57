"""How sure are we: what decides a headline, and how the inputs that matter most were obtained."""

from __future__ import annotations

from readiness.assessment import Assessment
from readiness.assessment.deciding import Deciding, Input, deciding
from readiness.exhibits.ahead import maybe_ahead
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, missing
from readiness.figures.tornado import tornado
from readiness.language import N_, Words, joined, tr
from readiness.text import Ledger
from readiness.wording import EVIDENCE_WORDS

SHOWN = 10
NAMES = Words({"loss_per_year": N_("the expected loss"), "bad_minutes_per_year": N_("the expected downtime"), "breach_chance_per_year": N_("the chance to break the promise"),
         "cash_per_month": N_("the cash a month"), "hours_per_month": N_("people's hours"), "economic_cost_per_year": N_("the economic cost")})  # fmt: skip
AXES = Words({"loss_per_year": N_("{currency} a year"), "bad_minutes_per_year": N_("Minutes a year"), "breach_chance_per_year": N_("Chance within a year"), "cash_per_month": N_("{currency} a month"),
        "hours_per_month": N_("Hours a month"), "economic_cost_per_year": N_("{currency} a year")})  # fmt: skip


@maybe_ahead
def what_decides(a: Assessment) -> Chapter:
    """For loss and downtime, the inputs they hang on, the three that matter most, and how each was obtained."""
    return Chapter(tuple(_decided(a, deciding(a, headline)) for headline in ("loss_per_year", "bad_minutes_per_year")))


INPUTS = Words({
    "detect_minutes": N_("time until an outage is noticed"), "engage_minutes": N_("time until somebody works on it"), "repair_minutes": N_("time to repair"),
    "responder_absent_share": N_("outages for which nobody who knows can be reached"), "absent_minutes": N_("delay when nobody who knows can be reached"),
    "repeat_incident_share": N_("incidents that repeat a known cause"), "hours_per_incident": N_("hours an incident costs"), "duration_sigma": N_("spread of outage durations"),
    "deploys_per_month": N_("changes a month"), "change_failure_rate": N_("changes that harm users"), "change_reach": N_("users harmed by a failed change"),
    "partial_harm_share": N_("users harmed when only a part breaks"), "engage_at_work_minutes": N_("time until somebody works on it by day"),
    "change_identify_minutes": N_("time to find the guilty change"), "rollback_minutes": N_("time to go back to the former version"), "release_hours_per_deploy": N_("hours to release one change"),
    "operator_errors_per_year": N_("mistakes by hand a year"), "operator_error_reach": N_("users harmed by a mistake by hand"), "overload_events_per_year": N_("overloads a year"),
    "overload_reach": N_("users harmed by an overload"), "overload_minutes": N_("length of an overload"), "security_incidents_per_year": N_("security incidents a year"),
    "security_outage_minutes": N_("outage by a security incident"), "security_reach": N_("users harmed by a security incident"), "breach_share": N_("security incidents that expose data"),
    "breach_response_hours": N_("hours to handle exposed data"), "breach_cost": N_("cash for exposed data"), "planned_minutes_per_month": N_("planned downtime"),
    "planned_reach": N_("users harmed by planned work"), "data_loss_events_per_year": N_("losses of data a year"), "restore_success_share": N_("restores that work"),
    "restore_hours": N_("time to restore"), "rebuild_hours": N_("time to rebuild without a backup"), "data_lost_hours": N_("work lost with the data"), "lost_data_factor": N_("cost of lost data"),
    "soft_dependency_weight": N_("users harmed when a dispensable service fails"), "dependency_reach": N_("users harmed when an indispensable service fails"),
    "dependency_outage_minutes": N_("length of outside outages"), "dependency_hours_down_per_year": N_("outage of outside services a year"),
    "downtime_per_sla_allowance": N_("real downtime of outside services against their SLA"), "zone_losses_per_year": N_("losses of a zone a year"), "zone_recovery_minutes": N_("time until a lost zone is back"),
    "region_losses_per_year": N_("losses of a region a year"), "region_recovery_hours": N_("time until a lost region is back"), "account_losses_per_year": N_("losses of an account or domain a year"),
    "account_recovery_hours": N_("time until a lost account is back"), "toil_hours_per_month": N_("manual operations"), "forced_upgrade_hours_per_year": N_("forced upgrades"),
    "rework_hours_per_month": N_("unplanned rework"), "audit_hours_per_year": N_("audits and questionnaires"), "onboarding_hours": N_("hours to train a joiner"), "joiners_per_year": N_("joiners a year"),
    "ci_wait_hours_per_month": N_("waiting for the pipeline"), "false_page_hours_per_month": N_("alarms that needed nobody"), "late_option_hours_per_year": N_("rushed late preparations"),
    "provider_exit_chance_per_year": N_("chance to have to leave a provider"), "on_call_pay_per_month": N_("on-call pay"), "tooling_cost_per_month": N_("tools"), "infra_waste_share": N_("waste in the bill"),
    "bill_surprises_per_year": N_("surprises of the bill a year"), "bill_surprise_days": N_("days until a surprise is noticed"), "version_surcharge_share": N_("surcharge for old versions"),
    "revenue_per_hour": N_("revenue an hour"), "peak_factor": N_("weight of peak hours"), "lost_share": N_("share of revenue lost for good"), "churn_factor": N_("customers who leave"),
    "idle_staff": N_("people who cannot work"), "loaded_rate_per_hour": N_("cost of an hour"), "credit_factor": N_("SLA credits really owed"), "contract_value_at_stake_per_year": N_("contracts at stake a year"),
    "contract_block_share": N_("contracts lost for want of proof"), "contract_delay_months": N_("delay of contracts for want of proof"),
    "faults_per_year": N_("outages of one copy a year"), "recovery_minutes": N_("time to bring one copy back"), "common_cause_share": N_("outages that take all copies"), "failover_coverage": N_("failovers that work"),
    "failover_minutes": N_("time to fail over"), "planned_minutes_per_year": N_("maintenance downtime"), "effort_hours_per_month": N_("hours to run it"), "cash_per_month": N_("its bill"), "exit_hours": N_("hours to leave it"),
})  # fmt: skip


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
        return tr("nobody was asked about {titles}", titles=joined(titles[:2]))
    return EVIDENCE_WORDS[i.how]


def _decided(a: Assessment, d: Deciding) -> Part:
    name = NAMES[d.headline]
    if not d.inputs or not d.bars:
        return missing(tr("Nothing that varies moves {name}: within its range it is as good as certain.", name=name))
    ledger = Ledger(a.engagement.client.currency)
    figure = a.figure(d.headline)
    told = [f"{_name(i)} ({ledger.say(i.share, 'share', id=f'{d.headline}.share.{i.address}')}; {obtained(a, i)})" for i in d.first]
    first = sum(i.share for i in d.first)
    if first > 0.5:
        finding = tr("Most of what is not known of {name} hangs on {counted}: {in_turn}.", name=name, counted=_counted(len(d.first)), in_turn=_in_turn(told))
    else:
        finding = tr("No few inputs decide {name}: the first {split} carry {first} of its spread: {in_turn}.", name=name, split=_counted(len(d.first)).split()[0], first=ledger.say(first, 'share', id=f'{d.headline}.first'), in_turn=_in_turn(told))
    by_address = {i.address: i for i in d.inputs}
    bars = [b for b in d.bars if b.name in by_address][:SHOWN]
    rows = [
        (_name(i), ledger.range(i.band.low, i.band.high, i.unit, id=i.address), ledger.say(i.share, "share", id=f"{d.headline}.share.{i.address}"), obtained(a, i), i.source.removeprefix("estimate of this workbook: "))
        for i in d.inputs[:SHOWN]
    ]
    middle = bars[0].at_median if bars else 0.0
    unit = figure.unit
    ends = [f"{_name(by_address[b.name])} {ledger.range(min(b.at_low, b.at_high), max(b.at_low, b.at_high), unit, id=f'{d.headline}.swing.{b.name}')}" for b in bars[:5]]
    note = tr(
        "Share: part of the variance that an input carries by itself; what inputs do only together is left over. "
        "Figure: {name} with one input at the ends of its 90 % range and the rest at their medians, where it stands at {at_medians}; "
        "that is less than its average, since rare and large values pull the average up.",
        name=name, at_medians=ledger.say(middle, unit, id=f'{d.headline}.at_medians'),
    )
    return Exhibit(
        f"decides_{d.headline}", tr("What decides {name}", name=name), finding,
        Table((Column(tr("Input"), width=2), Column(tr("90 % range"), "right", 1.3), Column(tr("Share"), "right", 0.7), Column(tr("Obtained"), width=1.6), Column(tr("Source"), width=3)), tuple(rows)),
        alt=tr("{figure} as one input runs through its range: ", figure=figure.title) + "; ".join(ends) + ".", note=note, printed=tuple(ledger.printed),
        figure=lambda: tornado([_name(by_address[b.name]) for b in bars], [b.at_low for b in bars], [b.at_high for b in bars], middle=middle,
                               axis_title=AXES[d.headline].format(currency=ledger.currency)),
    )  # fmt: skip


def _counted(count: int) -> str:
    return {1: tr("one input"), 2: tr("two inputs"), 3: tr("three inputs")}[count]


def _in_turn(told: list[str]) -> str:
    """Phrases that hold brackets and commas of their own."""
    return told[0] if len(told) == 1 else tr("{first}; and {last}", first='; '.join(told[:-1]), last=told[-1])
