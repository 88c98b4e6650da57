"""Numbers become sentences here, in one place: plain English, never stronger than the range allows."""

from __future__ import annotations

from collections.abc import Sequence

from readiness.assessment import Assessment
from readiness.language import N_, Words, inside, joined, tr
from readiness.models.levels import Reason
from readiness.models.uncertainty import Band
from readiness.text import Ledger

RUNG_WORDS = Words({"claimed": N_("said, not shown"), "observed": N_("shown to us"), "verified": N_("checked by us"), None: ""})
STATE_WORDS = Words({
    "answered": N_("answered"),
    "disputed": N_("people disagree"),
    "not applicable": N_("not applicable"),
    "not asked": N_("not asked"),
    "does not apply": N_("does not apply"),
})
EVIDENCE_WORDS = Words({"published": N_("published"), "measured": N_("measured at the client"), "arithmetic": N_("arithmetic"), "estimated": N_("estimate")})
GATE_WORDS = Words({"met": N_("met"), "missed": N_("missed"), "unproven": N_("not shown"), "not applicable": ""})
COLUMN_WORDS = Words({"cash": N_("Cash"), "hours": N_("People's hours"), "loss": N_("Expected loss")})
PROVIDER_NAMES = Words({
    "aws": N_("AWS"), "gcp": N_("Google Cloud"), "ovh": N_("OVHcloud"), "mongodb": N_("MongoDB"), "github": N_("GitHub"), "gitlab": N_("GitLab"), "planetscale": N_("PlanetScale"), "paypal": N_("PayPal"),
    "pagerduty": N_("PagerDuty"), "onepassword": N_("1Password"), "launchdarkly": N_("LaunchDarkly"), "clickhouse": N_("ClickHouse"), "betterstack": N_("Better Stack"), "sendgrid": N_("SendGrid"),
    "llm_provider": N_("a model provider"), "gpu_platform": N_("a GPU platform"), "on_premises": N_("your own premises"), "any": N_("any provider"), "several": N_("several providers"),
})  # fmt: skip
WINDOW_WORDS = Words({"calendar_month": N_("a calendar month"), "30_days": N_("30 days"), "quarter": N_("a quarter"), "year": N_("a year")})


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
    return joined(list(words)) if len(words) <= most + 1 else tr("{first} and {further} more", first=', '.join(words[:most]), further=ledger.count(len(words) - most, id='further'))


def with_range(ledger: Ledger, band: Band, unit: str, *, id: str) -> str:
    """A mean with its range in one phrase."""
    return f"{ledger.say(band.mean, unit, id=id)} ({ledger.range(band.low, band.high, unit, id=id)})"


def verdict_sentence(a: Assessment, ledger: Ledger) -> str:
    """What the verdict means for the named promise."""
    journey = a.main.journey
    chance = ledger.say(float(a.main.breach.mean()), "share", id="breach_chance_per_year")
    slo = ledger.say(journey.promise.slo, "promise", id="promise_slo")
    highest = a.standing.highest_promise
    start = tr("For {slo} on “{journey}”, the expected chance to break the promise at least once in a year is {chance}", slo=slo, journey=journey.title, chance=chance)
    tolerated = ledger.say(a.standing.tolerance, "share", id="breach_tolerance_share")
    if highest is None:
        return tr("{start}; at most {tolerated} may be signed. No promise can be signed today: see what stands in the way.", start=start, tolerated=tolerated)
    if highest >= journey.promise.slo:
        return tr("{start}, within the {tolerated} that may be signed.", start=start, tolerated=tolerated)
    return tr("{start}; at most {tolerated} may be signed. The highest promise one could sign today is {highest_promise}.", start=start, tolerated=tolerated, highest_promise=ledger.say(highest, 'promise', id='highest_promise'))


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
            return tr("{title}: missing. {slo} needs at least: {wanted}", title=title, slo=slo, wanted=wanted), tone
        case "gate unproven":
            return tr("{title}: nobody was asked, and {slo} needs it", title=title, slo=slo), tone
        case "breach likely":
            return tr("The chance to break the promise within a year is {value}; at most {limit} may be signed", value=value, limit=limit), tone
        case "breach uncertain":
            return tr("The chance to break the promise may be as high as {value}; at most {limit} may be signed", value=value, limit=limit), tone
        case "too little asked":
            return tr("Only {value} of the questions were answered; a verdict needs {limit}", value=value, limit=limit), tone
        case "breach unknown":
            return tr("The chance to break the promise could not be computed"), tone
        case "risk accepted":
            return tr("Accepted risk: {subject}", subject=reason.subject), tone
    return title, tone


def planned_words(a: Assessment) -> str:
    """A sentence where there is planned work that the promise does not count, and which other pages do."""
    uncounted = not a.main.journey.promise.planned_work_counts and any(c.planned for c in a.main.causes)
    return tr(" Planned work comes on top: the promise does not count it.") if uncounted else ""


def causes_sentence(shares: list[tuple[str, float]], ledger: Ledger) -> str:
    """Which cause leads, or that none does."""
    if not shares:
        return tr("No cause of downtime is known.")
    first, share = shares[0]
    told = ledger.say(share, "share", id=f"share_of_downtime.{first}")
    if share >= 0.4:
        return tr("{first} cause {told} of the expected downtime.", first=first, told=told)
    top = ledger.say(sum(s for _, s in shares[:3]), "share", id="share_of_downtime.first_three")
    return tr("No single cause dominates: the first three together cause {top} of the expected downtime, led by {first}.", top=top, first=inside(first))


def breach_sentence(a: Assessment, ledger: Ledger) -> str:
    """How likely the promise is broken, and whether that can be told."""
    result = a.main
    chance = result.breach
    low, high = sorted((float(_quantile(chance, 0.05)), float(_quantile(chance, 0.95))))
    mean = float(chance.mean())
    slo = ledger.say(result.journey.promise.slo, "promise", id="promise_slo")
    if high - low > 0.6:
        return tr(
            "Whether the promise of {slo} holds cannot be told yet: the chance to break it within a year lies between "
            "{breach_low} and {high}.",
            slo=slo, breach_low=ledger.say(low, 'share', id='breach.low'), high=ledger.say(high, 'share', id='breach.high'),
        )
    return tr("The promise of {slo} is broken at least once within a year with a chance of {breach_chance_per_year}.", slo=slo, breach_chance_per_year=ledger.say(mean, 'share', id='breach_chance_per_year'))


def _quantile(draws, share: float) -> float:  # type: ignore[no-untyped-def]
    import numpy as np

    return float(np.quantile(draws, share))
