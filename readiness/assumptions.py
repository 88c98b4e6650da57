"""The numbers the workbook reckons with: what each is called, its unit, and how a range of it is held.

The vocabulary below is the one place where a number is defined. `data/`, banks, overrides, answers and bills are checked
against it; a number that is not here cannot be set, and a number that is here is used by a model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

HOURS_PER_YEAR = 8760
HOURS_PER_MONTH = 730
MINUTES_PER_YEAR = HOURS_PER_YEAR * 60
MONTHS_PER_YEAR = 12
DAYS_PER_MONTH = 30.44

Evidence = Literal["published", "measured", "arithmetic", "estimated"]
Kind = Literal["positive", "share"]
UNITS = (
    "minutes", "minutes/month", "minutes/year", "hours", "hours/month", "hours/year", "days", "weeks", "months",
    "1/minute", "1/month", "1/year", "share", "share/year", "factor", "count", "people",
    "money", "money/hour", "money/month", "money/year",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it is known: low, likely and high are its 5th, 50th and 95th percentiles.

    Parameters
    ----------
    low, likely, high
        The range, in ``unit``; equal when the number is a constant.
    unit
        One of `UNITS`.
    source, as_of, evidence
        Where it comes from, when that was so, and what kind of knowledge it is.
    """

    low: float
    likely: float
    high: float
    unit: str
    source: str
    as_of: date | None = None
    evidence: Evidence = "estimated"

    @property
    def is_constant(self) -> bool:
        return self.low == self.likely == self.high

    def scaled(self, factor: float) -> Quantity:
        """The same knowledge in other units, or of ``factor`` times as much."""
        return replace(self, low=self.low * factor, likely=self.likely * factor, high=self.high * factor)


@dataclass(frozen=True, slots=True)
class Number:
    """What a name stands for.

    Parameters
    ----------
    name, unit, meaning
        Units are in the name wherever they are not a share or a count.
    kind
        ``positive`` numbers vary by ratios, ``share`` lies between 0 and 1.
    parts
        Parts that practices may scale; the shares of the parts are numbers too, named ``name/part``.
    scale_complement
        True where more is better (a coverage, a success): scaling by one half halves what is *missed*.
    of_option
        True for numbers that each tier's option has; their address is ``tier.name``.
    """

    name: str
    unit: str
    meaning: str
    kind: Kind = "positive"
    parts: tuple[str, ...] = ()
    scale_complement: bool = False
    of_option: bool = False


def _organisation(name: str, unit: str, meaning: str, *parts: str, complement: bool = False) -> Number:
    kind: Kind = "share" if unit == "share" else "positive"
    return Number(name, unit, meaning, kind, parts, complement)


def _option(name: str, unit: str, meaning: str, *, complement: bool = False) -> Number:
    kind: Kind = "share" if unit == "share" else "positive"
    return Number(name, unit, meaning, kind, (), complement, of_option=True)


_ORGANISATION = (
    # From first harm to repair
    _organisation("detect_minutes", "minutes", "from the first harmed user until somebody or something notices", "unmeasured", "noise"),
    _organisation("engage_minutes", "minutes", "from noticing until somebody able works on it", "waking", "finding"),
    _organisation("repair_minutes", "minutes", "from working on it until users are served again", "coordination", "diagnosis", "execution", "decision"),
    _organisation("responder_absent_share", "share", "outages for which nobody who knows the part can be reached"),
    _organisation("absent_minutes", "minutes", "extra minutes when nobody who knows the part can be reached"),
    _organisation("repeat_incident_share", "share", "incidents that repeat a known cause, over and above the first ones"),
    _organisation("hours_per_incident", "hours", "people's hours an incident costs, follow-up included"),
    _organisation("duration_sigma", "factor", "spread of outage durations: the sigma of their logarithm"),
    # Changes and people
    _organisation("deploys_per_month", "1/month", "changes brought to production"),
    _organisation("change_failure_rate", "share", "changes that harm users and need a repair", "code", "configuration", "environment", "delivery", "pace"),
    _organisation("change_reach", "share", "users harmed by a failed change before it is stopped"),
    _organisation("partial_harm_share", "share", "users harmed when a change or a mistake breaks a part, not the whole"),
    _organisation("engage_at_work_minutes", "minutes", "until somebody works on an outage that began while the team was at work"),
    _organisation("change_identify_minutes", "minutes", "from working on it until the guilty change is known"),
    _organisation("rollback_minutes", "minutes", "from knowing the guilty change until the former state serves users"),
    _organisation("release_hours_per_deploy", "hours", "people's hours to bring one change to production"),
    _organisation("operator_errors_per_year", "1/year", "mistakes by hand that harm users", "procedure", "access", "environment"),
    _organisation("operator_error_reach", "share", "users harmed by a mistake by hand"),
    # Load
    _organisation("overload_events_per_year", "1/year", "times that demand exceeds what the product can serve", "unknown_limits", "quotas", "retries", "growth"),
    _organisation("overload_reach", "share", "users harmed while it is overloaded"),
    _organisation("overload_minutes", "minutes", "until capacity has caught up with demand"),
    # Security
    _organisation("security_incidents_per_year", "1/year", "security incidents that need a response", "credentials", "vulnerabilities", "application", "misconfiguration", "insiders"),
    _organisation("security_outage_minutes", "minutes", "service taken down or degraded by a security incident and its response"),
    _organisation("security_reach", "share", "users harmed by that"),
    _organisation("breach_share", "share", "security incidents that expose customer data"),
    _organisation("breach_response_hours", "hours", "people's hours to investigate, contain and notify one exposure"),
    _organisation("breach_cost", "money", "cash for one exposure: lawyers, forensics, notification; the client's own figure where known"),
    # Planned work, data, dependencies, places
    _organisation("planned_minutes_per_month", "minutes/month", "announced downtime for maintenance and migrations"),
    _organisation("planned_reach", "share", "users harmed by planned work"),
    _organisation("data_loss_events_per_year", "1/year", "times that production data is deleted, corrupted or encrypted", "deletion", "corruption", "ransomware"),
    _organisation("restore_success_share", "share", "restores that work when they are needed", complement=True),
    _organisation("restore_hours", "hours", "to bring data back from a backup that works"),
    _organisation("rebuild_hours", "hours", "to rebuild by hand what no backup brings back"),
    _organisation("data_lost_hours", "hours", "of work lost between the last good copy and the event"),
    _organisation("lost_data_factor", "factor", "what an hour of lost data costs, in hours of revenue"),
    _organisation("soft_dependency_weight", "share", "users harmed while a dependency fails that the product could do without"),
    _organisation("dependency_reach", "share", "users harmed while a dependency fails that the product cannot do without"),
    _organisation("dependency_outage_minutes", "minutes", "mean outage of a dependency"),
    _organisation("dependency_hours_down_per_year", "hours/year", "outage of a dependency of which neither history nor SLA is known"),
    _organisation("downtime_per_sla_allowance", "factor", "what a dependency really is down, in multiples of what its SLA forgives"),
    _organisation("zone_losses_per_year", "1/year", "times that one availability zone or data hall is lost"),
    _organisation("zone_recovery_minutes", "minutes", "until a lost zone serves again"),
    _organisation("region_losses_per_year", "1/year", "times that a whole region or site is lost"),
    _organisation("region_recovery_hours", "hours", "until the product serves from elsewhere, or the region is back"),
    _organisation("account_losses_per_year", "1/year", "times that the provider account, a domain or a certificate is lost or locked"),
    _organisation("account_recovery_hours", "hours", "until it serves again"),
    # Hours of people
    _organisation("toil_hours_per_month", "hours/month", "manual, repeated operations work", "scaling", "other"),
    _organisation("forced_upgrade_hours_per_year", "hours/year", "upgrades that a date or an advisory forces"),
    _organisation("rework_hours_per_month", "hours/month", "unplanned work on what users reported late"),
    _organisation("audit_hours_per_year", "hours/year", "to answer audits and security questionnaires"),
    _organisation("onboarding_hours", "hours", "until a joiner works on production, training included"),
    _organisation("joiners_per_year", "1/year", "people who join and need to learn the product's operation"),
    _organisation("ci_wait_hours_per_month", "hours/month", "waiting for and repairing the delivery pipeline"),
    _organisation("false_page_hours_per_month", "hours/month", "alarms that needed nobody"),
    _organisation("late_option_hours_per_year", "hours/year", "rushed work on what could have been prepared"),
    _organisation("second_provider_hours_per_month", "hours/month", "to run on one more cloud or host: accounts, network, identity, bills, security basics"),
    _organisation("further_vendor_hours_per_month", "hours/month", "for one more vendor of a single part: contract, bill, keys, logins, status page"),
    _organisation("new_skill_hours_per_month", "hours/month", "to learn and keep up a skill set that the team does not have today"),
    _organisation("provider_exit_chance_per_year", "share", "chance that a provider has to be left within a year"),
    # Cash
    _organisation("on_call_pay_per_month", "money/month", "paid for being on call, all seats"),
    _organisation("tooling_cost_per_month", "money/month", "paid for tools that the answers bring with them"),
    _organisation("infra_waste_share", "share", "of the cloud bill that buys nothing", "idle", "oversized"),
    _organisation("bill_surprises_per_year", "1/year", "times that the bill multiplies by mistake or abuse"),
    _organisation("bill_surprise_days", "days", "of bill lost before somebody notices"),
    _organisation("version_surcharge_share", "share", "of the bill paid for old versions and unsuitable offers"),
    # Money at stake
    _organisation("revenue_per_hour", "money/hour", "revenue that an hour of full outage touches, on average"),
    _organisation("peak_factor", "factor", "how much more an outage touches because outages follow changes and load"),
    _organisation("lost_share", "share", "of the touched revenue that is lost, not merely postponed"),
    _organisation("churn_factor", "factor", "later loss of customers, in multiples of the touched revenue"),
    _organisation("idle_staff", "people", "people who cannot work while the product is down"),
    _organisation("loaded_rate_per_hour", "money/hour", "what an hour of an engineer costs in full"),
    _organisation("credit_factor", "factor", "SLA credits and penalties really owed, relative to the credit table"),
    _organisation("contract_value_at_stake_per_year", "money/year", "contracts a year that ask for proof of readiness"),
    _organisation("contract_block_share", "share", "of them lost for want of that proof", "compliance", "roles", "audit_log"),
    _organisation("contract_delay_months", "months", "of delay for the others"),
    # Policy of the workbook
    _organisation("claimed_widening", "factor", "how much wider a range is when an answer is only claimed"),
    _organisation("verified_narrowing", "factor", "how much narrower a range is when an answer was verified"),
    _organisation("stale_widening", "factor", "how much wider a range is once its evidence is past its shelf life"),
    _organisation("evidence_shelf_months", "months", "shelf life of evidence"),
    _organisation("breach_tolerance_share", "share", "chance of breaking a promise within a year that may still be signed"),
    _organisation("discount_rate_per_year", "share", "a year's discount on later money"),
    _organisation("residual_effort_share", "share", "of the self-run effort that remains when a service is managed"),
)  # fmt: skip

# What only the sums over a horizon read: costs by month, now or later, staffing, delivery. They move no figure of today.
_HORIZON = (
    _organisation("growth_realised_factor", "factor", "growth that comes, in multiples of what the client expects"),
    _organisation("growth_kept_share", "share", "of one year's growth rate that is kept in the next"),
    _organisation("full_machine_share", "share", "of what a machine carries at which the next one is bought"),
    _organisation("unmeasured_headroom_factor", "factor", "load that today's machines carry in multiples of today's peak, where nobody measured it"),
    _organisation("effort_follows_size_share", "share", "of the hours of a self-run service that grows with its machines"),
    _organisation("double_run_months", "months", "that both ways are paid for while the new one proves itself"),
    _organisation("region_asked_chance_per_year", "share", "chance that a contract, a law or a promise asks for a second region within a year"),
    _organisation("rushed_extra_factor", "factor", "what building in a hurry costs on top, in multiples of building in peace"),
    _organisation("rework_extra_factor", "factor", "what work costs on top once the product is live, in multiples of the same before launch"),
    _organisation("toil_growth_exponent", "factor", "power of the load with which the toil of scaling grows"),
    _organisation("working_week_hours", "hours", "a week in which the team is at work: office-hours cover, and what a test environment has to run"),
    _organisation("environment_stopping_share", "share", "of a test environment's cost that ends while it is off: machines stop, disks do not"),
    _organisation("weekly_improvement_hours", "hours", "that an engineer has for improvements a week, where the team's capacity is not known"),
    _organisation("productive_year_hours", "hours", "that a person works in a year, after leave, illness and training"),
    _organisation("around_the_clock_from_share", "share", "promise from which on somebody has to be woken at night"),
    _organisation("billed_over_list_factor", "factor", "what a tier is billed, in multiples of its list price: size, discounts, what was forgotten"),
)  # fmt: skip

_OPTION = (
    _option("faults_per_year", "1/year", "outages of one copy"),
    _option("recovery_minutes", "minutes", "to bring one copy back, once it is being worked on (self-run) or in all (provider-run)"),
    _option("common_cause_share", "share", "of one copy's downtime that takes all copies down at once"),
    _option("failover_coverage", "share", "failures of the active copy that the standby takes over by itself", complement=True),
    _option("failover_minutes", "minutes", "until the standby serves, when it takes over by itself"),
    _option("planned_minutes_per_year", "minutes/year", "downtime for maintenance that this way needs"),
    _option("effort_hours_per_month", "hours/month", "people's hours to run it"),
    _option("cash_per_month", "money/month", "what it costs in cash"),
    _option("setup_hours", "hours", "people's hours until it runs"),
    _option("migration_hours", "hours", "people's hours to move here from another way"),
    _option("exit_hours", "hours", "people's hours to leave it again"),
    _option("lead_weeks", "weeks", "from the decision until it serves"),
    _option("scale_out_minutes", "minutes", "until added capacity serves"),
    _option("limit_per_minute", "1/minute", "calls that its provider lets through before it refuses more; 0 where no limit is known"),
    _option("calls_per_request", "factor", "calls of it that one request of the product makes, on average"),
    _option("limit_raise_days", "days", "from asking for a higher limit until it holds"),
)  # fmt: skip

NUMBERS: dict[str, Number] = {number.name: number for number in (*_ORGANISATION, *_HORIZON)}
HORIZON_NUMBERS = frozenset(number.name for number in _HORIZON)
OPTION_NUMBERS: dict[str, Number] = {number.name: number for number in _OPTION}
# Of the extreme event alone; their columns of the common draws come after all others and move nobody's draws.
LIMIT_NUMBERS = ("limit_per_minute", "calls_per_request", "limit_raise_days")
PART_NUMBERS: dict[str, Number] = {
    f"{number.name}/{part}": Number(f"{number.name}/{part}", "share", f"share of {number.name} that is {part}", "share")
    for number in _ORGANISATION
    for part in number.parts
}
STAGES = ("pre_revenue", "early", "growth", "scale")
EVIDENCE: tuple[str, ...] = get_args(Evidence)


def number_at(address: str) -> Number:
    """The definition behind an address: a bare name, ``name/part`` or ``tier.name``.

    Raises
    ------
    KeyError
        When no such number is defined.

    Examples
    --------
    >>> number_at("engage_minutes").unit
    'minutes'
    >>> number_at("orders_db.failover_coverage").kind
    'share'
    """
    if "." in address:
        return OPTION_NUMBERS[address.rsplit(".", 1)[1]]
    return NUMBERS.get(address) or PART_NUMBERS.get(address) or OPTION_NUMBERS[address]
