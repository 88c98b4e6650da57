"""Numbers become sentences here, in one place: plain English, never stronger than the range allows."""

from __future__ import annotations

from collections.abc import Sequence

from readiness.assessment import Assessment
from readiness.models.levels import Reason
from readiness.models.uncertainty import Band
from readiness.text import Ledger

RUNG_WORDS = {"claimed": "said, not shown", "observed": "shown to us", "verified": "checked by us", None: ""}
STATE_WORDS = {
    "answered": "answered",
    "disputed": "people disagree",
    "not applicable": "not applicable",
    "not asked": "not asked",
    "does not apply": "does not apply",
}
EVIDENCE_WORDS = {"published": "published", "measured": "measured at the client", "arithmetic": "arithmetic", "estimated": "estimate"}
GATE_WORDS = {"met": "met", "missed": "missed", "unproven": "not shown", "not applicable": ""}
COLUMN_WORDS = {"cash": "Cash", "hours": "People's hours", "loss": "Expected loss"}
PROVIDER_NAMES = {
    "aws": "AWS", "gcp": "Google Cloud", "ovh": "OVHcloud", "mongodb": "MongoDB", "github": "GitHub", "gitlab": "GitLab", "planetscale": "PlanetScale", "paypal": "PayPal",
    "pagerduty": "PagerDuty", "onepassword": "1Password", "launchdarkly": "LaunchDarkly", "clickhouse": "ClickHouse", "betterstack": "Better Stack", "sendgrid": "SendGrid",
    "llm_provider": "a model provider", "gpu_platform": "a GPU platform", "on_premises": "your own premises", "any": "any provider", "several": "several providers",
}  # fmt: skip
WINDOW_WORDS = {"calendar_month": "a calendar month", "30_days": "30 days", "quarter": "a quarter", "year": "a year"}


def joined(words: list[str]) -> str:
    """Words as a list in a sentence.

    Examples
    --------
    >>> joined(["rollback", "restore", "rota"])
    'rollback, restore and rota'
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def provider_name(provider: str) -> str:
    """A provider, or a skill, as it is written in a sentence.

    Examples
    --------
    >>> provider_name("gcp"), provider_name("confluent"), provider_name("on_premises")
    ('Google Cloud', 'Confluent', 'your own premises')
    """
    return PROVIDER_NAMES.get(provider, provider.replace("_", " ").title())


def some(words: Sequence[str], ledger: Ledger, most: int = 3) -> str:
    """The first few of a list, and how many more there are.

    Examples
    --------
    >>> some(["web", "queue", "cache", "files", "mail"], Ledger())
    'web, queue, cache and 2 more'
    """
    return joined(list(words)) if len(words) <= most + 1 else f"{', '.join(words[:most])} and {ledger.count(len(words) - most, id='further')} more"


def with_range(ledger: Ledger, band: Band, unit: str, *, id: str) -> str:
    """A mean with its range in one phrase."""
    return f"{ledger.say(band.mean, unit, id=id)} ({ledger.range(band.low, band.high, unit, id=id)})"


def verdict_sentence(a: Assessment, ledger: Ledger) -> str:
    """What the verdict means for the named promise."""
    journey = a.main.journey
    chance = ledger.say(float(a.main.breach.mean()), "share", id="breach_chance_per_year")
    slo = ledger.say(journey.promise.slo, "promise", id="promise_slo")
    highest = a.standing.highest_promise
    start = f"For {slo} on “{journey.title}”, the expected chance to break the promise at least once in a year is {chance}"
    tolerated = ledger.say(a.standing.tolerance, "share", id="breach_tolerance_share")
    if highest is None:
        return f"{start}; at most {tolerated} may be signed. No promise can be signed today: see what stands in the way."
    if highest >= journey.promise.slo:
        return f"{start}, within the {tolerated} that may be signed."
    return f"{start}; at most {tolerated} may be signed. The highest promise one could sign today is {ledger.say(highest, 'promise', id='highest_promise')}."


def reason_sentence(a: Assessment, reason: Reason, ledger: Ledger | None = None) -> tuple[str, str]:
    """A reason of the verdict in words, and its tone."""
    ledger = ledger or Ledger(a.engagement.client.currency)
    practice = a.catalog.practices.get(reason.subject)
    title = practice.title if practice else reason.subject
    tone = "bad" if reason.blocks else "warn"
    slo = ledger.say(a.main.journey.promise.slo, "promise", id="promise_slo")
    value, limit = (ledger.say(x or 0, "share", id=f"reason.{reason.kind.replace(' ', '_')}.{which}") for x, which in ((reason.value, "value"), (reason.limit, "limit")))
    match reason.kind:
        case "gate missed":
            standing = next(p for p in a.standing.practices if p.practice.id == reason.subject)
            wanted = practice.answer(standing.required).text if practice and standing.required else ""
            return f"{title}: missing. {slo} needs at least: {wanted}", tone
        case "gate unproven":
            return f"{title}: nobody was asked, and {slo} needs it", tone
        case "breach likely":
            return f"The chance to break the promise within a year is {value}; at most {limit} may be signed", tone
        case "breach uncertain":
            return f"The chance to break the promise may be as high as {value}; at most {limit} may be signed", tone
        case "too little asked":
            return f"Only {value} of the questions were answered; a verdict needs {limit}", tone
        case "breach unknown":
            return "The chance to break the promise could not be computed", tone
        case "risk accepted":
            return f"Accepted risk: {reason.subject}", tone
    return title, tone


def causes_sentence(shares: list[tuple[str, float]], ledger: Ledger) -> str:
    """Which cause leads, or that none does."""
    if not shares:
        return "No cause of downtime is known."
    first, share = shares[0]
    told = ledger.say(share, "share", id=f"share_of_downtime.{first}")
    if share >= 0.4:
        return f"{first} cause {told} of the expected downtime."
    top = ledger.say(sum(s for _, s in shares[:3]), "share", id="share_of_downtime.first_three")
    return f"No single cause dominates: the first three together cause {top} of the expected downtime, led by {first[:1].lower()}{first[1:]}."


def breach_sentence(a: Assessment, ledger: Ledger) -> str:
    """How likely the promise is broken, and whether that can be told."""
    result = a.main
    chance = result.breach
    low, high = sorted((float(_quantile(chance, 0.05)), float(_quantile(chance, 0.95))))
    mean = float(chance.mean())
    slo = ledger.say(result.journey.promise.slo, "promise", id="promise_slo")
    if high - low > 0.6:
        return (
            f"Whether the promise of {slo} holds cannot be told yet: the chance to break it within a year lies between "
            f"{ledger.say(low, 'share', id='breach.low')} and {ledger.say(high, 'share', id='breach.high')}."
        )
    return f"The promise of {slo} is broken at least once within a year with a chance of {ledger.say(mean, 'share', id='breach_chance_per_year')}."


def _quantile(draws, share: float) -> float:  # type: ignore[no-untyped-def]
    import numpy as np

    return float(np.quantile(draws, share))
