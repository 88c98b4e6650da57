"""FOCUS billing files of any version 1.x: CSV, gzip or Parquet, of hundreds of megabytes, in bounded memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from readiness.errors import ImportFileError
from readiness.readers.bill import APART, Bill, BillLine, BillRules, Month
from readiness.readers.focus_charges import RUNNING, charges, kind_of_charge, money, portions, text
from readiness.readers.moments import days_in_month
from readiness.readers.opening import is_null

MOST_SERVICES = 20_000
MOST_MONTHS = 60


@dataclass(slots=True)
class _Sums:
    """Money of one service in one month; exact, because the file's numbers are decimal."""

    effective: Decimal = Decimal(0)
    billed: Decimal = Decimal(0)
    daily_effective: Decimal = Decimal(0)
    daily_billed: Decimal = Decimal(0)
    charges: int = 0


@dataclass(slots=True)
class _Tally:
    """All that is kept of a file while it streams by."""

    sums: dict[tuple[str, str, str, str, str, str], _Sums] = field(default_factory=dict)
    days: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    long_days: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    currencies: dict[str, int] = field(default_factory=dict)
    remarks: dict[str, int] = field(default_factory=dict)
    rows: int = 0

    def remark(self, words: str) -> None:
        if words in self.remarks or len(self.remarks) < 50:
            self.remarks[words] = self.remarks.get(words, 0) + 1


def read_focus(
    path: Path,
    rules: BillRules,
    *,
    cost: str = "auto",
    currency: str | None = None,
    rates: Mapping[str, float] | None = None,
) -> Bill:
    """Read a FOCUS file.

    Parameters
    ----------
    rules
        What the billed services are for us.
    cost
        ``effective``, ``billed``, or ``auto``: effective, but billed for a provider whose effective cost is zero
        throughout while it bills something (anonymised and older exports).
    currency
        The currency to read, or to convert into by ``rates``.
    rates
        How much one unit of another currency is in ``currency``. Without it currencies are never added.

    Raises
    ------
    ImportFileError
        When a needed column is missing, a line is longer than the header, the file has several currencies and none was
        chosen, or it is too large or broken.

    Notes
    -----
    FOCUS Specification 1.0 to 1.3. A month that is not covered in full is completed by days covered, only what is
    charged by the day or hour; a charge that spans the month is already whole. Effective cost spreads purchases over what
    they cover, so purchases with an effective cost of zero stand apart and are never added to it.
    """
    path = Path(path)
    tally = _Tally()
    for place, cells in charges(path):
        _count(tally, cells, place, path)
    if not tally.rows:
        raise ImportFileError("has a header and no charges", file=path)
    chosen, factors = _currency(tally, currency, rates, path)
    return _bill(tally, chosen, factors, cost, rules, path)


# --- one charge ------------------------------------------------------------------------------------------------------


def _count(tally: _Tally, cells: dict[str, str], place: str, path: Path) -> None:
    tally.rows += 1
    get = cells.get
    currency = text(get("BillingCurrency", "")).upper()
    if not (currency.isalpha() and 2 <= len(currency) <= 12):
        words = f"has the currency {currency[:20]!r}" if currency else "has no currency"
        raise ImportFileError(words, file=path, place=place)
    effective, billed = (money(get(name, ""), name, place, path) for name in ("EffectiveCost", "BilledCost"))
    provider = text(get("ProviderName", "")) or text(get("ServiceProviderName", ""))
    category, name = text(get("ServiceCategory", "")), text(get("ServiceName", ""))
    bucket = kind_of_charge(
        text(get("ChargeCategory", "")).lower(),
        text(get("ChargeClass", "")).lower(),
        text(get("CommitmentDiscountStatus", "")).lower(),
        not is_null(get("CommitmentDiscountId", "")),
        effective,
    )
    start = get("ChargePeriodStart", "")
    end = get("ChargePeriodEnd", "")
    if is_null(start):
        start, end = get("BillingPeriodStart", ""), get("BillingPeriodEnd", "")
    try:
        parts, is_daily, remark = portions(start, end)
    except ValueError as error:
        raise ImportFileError(f"the charge period {start[:40]!r} {error}", file=path, place=place) from error
    if remark:
        tally.remark(f"dates such as {start.strip()[:20]} {remark}")
    tally.currencies[currency] = tally.currencies.get(currency, 0) + 1
    shared = (currency, bucket, provider or "", category, name or category or "unnamed")
    for month, share, covered in parts:
        key = (month, *shared)
        sums = tally.sums.get(key)
        if sums is None:
            if len(tally.sums) >= MOST_SERVICES * 3:
                words = f"has more than {MOST_SERVICES:,} different services"
                raise ImportFileError(words, file=path, hint="is the column ServiceName an id?")
            sums = tally.sums[key] = _Sums()
        part_effective = effective if share is None else effective * share
        part_billed = billed if share is None else billed * share
        sums.effective += part_effective
        sums.billed += part_billed
        sums.charges += 1
        if is_daily:
            sums.daily_effective += part_effective
            sums.daily_billed += part_billed
        if bucket == RUNNING:
            days = tally.days if is_daily else tally.long_days
            days.setdefault((currency, month), set()).update(covered)


# --- the bill --------------------------------------------------------------------------------------------------------


def _currency(
    tally: _Tally, currency: str | None, rates: Mapping[str, float] | None, path: Path
) -> tuple[str, dict[str, Decimal]]:
    present = sorted(tally.currencies, key=lambda name: -tally.currencies[name])
    shown = ", ".join(f"{name} ({tally.currencies[name]:,} charges)" for name in present[:8])
    chosen = currency.upper() if currency else present[0]
    if len(present) > 1 and not currency:
        hint = "say which one to read, or give rates"
        raise ImportFileError(f"has several currencies, which are never added: {shown}", file=path, hint=hint)
    factors = {chosen: Decimal(1)}
    for name, rate in (rates or {}).items():
        if not 0 < rate < 1e9:
            raise ImportFileError(f"the rate of {name} is {rate}, not a positive number", file=path)
        factors.setdefault(name.upper(), Decimal(str(rate)))
    read = [name for name in present if name in factors]
    if not read:
        raise ImportFileError(f"has no charges in {chosen}, but {shown}", file=path)
    for name in present:
        if name not in factors:
            tally.remark(f"{tally.currencies[name]:,} charges in {name} are left out, for no rate was given")
        elif name != chosen:
            tally.remark(
                f"{tally.currencies[name]:,} charges in {name} are converted at {factors[name]} {chosen}"
            )
    return chosen, factors


def _bases(tally: _Tally, factors: Mapping[str, Decimal], cost: str) -> dict[str, str]:
    """Provider to the cost that is summed for it."""
    sums: dict[str, list[Decimal]] = {}
    for (_, currency, bucket, provider, *_), part in tally.sums.items():
        if currency in factors and bucket == RUNNING:
            pair = sums.setdefault(provider, [Decimal(0), Decimal(0)])
            pair[0] += part.effective * factors[currency]
            pair[1] += part.billed * factors[currency]
    bases = {}
    for provider, (effective, billed) in sums.items():
        bases[provider] = "effective" if cost == "auto" else cost
        if cost == "auto" and not effective and billed:
            bases[provider] = "billed"
            name = provider or "the provider"
            tally.remark(f"{name} bills {billed:,.2f} with an effective cost of 0: the billed cost is used")
    effective_sum, billed_sum = (sum((pair[place] for pair in sums.values()), Decimal(0)) for place in (0, 1))
    if billed_sum and abs(effective_sum - billed_sum) > abs(billed_sum) / 5:
        words = f"effective cost ({effective_sum:,.2f}) and billed cost ({billed_sum:,.2f}) differ by more than 20 %"
        tally.remark(f"{words}; choose which one is meant")
    return bases


def _bill(
    tally: _Tally, currency: str, factors: Mapping[str, Decimal], cost: str, rules: BillRules, path: Path
) -> Bill:
    if cost not in ("auto", "effective", "billed"):
        raise ImportFileError(f'the cost "{cost}" is neither auto, effective nor billed', file=path)
    bases = _bases(tally, factors, cost)
    fallback = "billed" if cost == "billed" or (bases and set(bases.values()) == {"billed"}) else "effective"
    covered, daily_months = _covered(tally, factors)
    if len(covered) > MOST_MONTHS:
        raise ImportFileError(f"covers {len(covered)} months; more than {MOST_MONTHS} are no bill", file=path)
    apart = dict.fromkeys(APART, Decimal(0))
    months: dict[str, list[Decimal]] = {month: [Decimal(0), Decimal(0)] for month in covered}
    services: dict[tuple[str, str, str], list[Any]] = {}
    for (month, name_of_currency, bucket, provider, category, name), part in tally.sums.items():
        if name_of_currency not in factors:
            continue
        factor = factors[name_of_currency]
        billed_basis = bases.get(provider, fallback) == "billed" or bucket in (
            "tax",
            "credit",
            "refund",
            "purchase",
        )
        amount = (part.billed if billed_basis else part.effective) * factor
        if bucket != RUNNING:
            if not amount and bucket != "purchase":
                amount = (part.effective or part.billed) * factor
            apart[bucket] += amount
            continue
        daily = (part.daily_billed if billed_basis else part.daily_effective) * factor
        by_days = daily if month in daily_months else amount
        completed = amount + by_days * (_stretch(month, covered[month]) - 1)
        months[month][0] += amount
        months[month][1] += completed
        service = services.setdefault((provider, category, name), [Decimal(0), Decimal(0), 0])
        service[0] += amount
        service[1] += completed * covered[month]
        service[2] += part.charges
    all_days = sum(covered.values()) or 1
    lines: list[BillLine] = []
    unmapped: list[BillLine] = []
    for (provider, category, name), (amount, weighted, count) in services.items():
        rule = rules.place(provider, category, name)
        place = (rule.need, rule.service, rule.kind) if rule else ("", "", "")
        line = BillLine(*place, provider, category, name, float(amount), float(weighted / all_days), count)
        (lines if rule else unmapped).append(line)
    if apart["purchase"]:
        tally.remark(
            f"purchases of {apart['purchase']:,.2f} stand apart: their cost is spread over what they cover"
        )
    return Bill(
        currency,
        "effective and billed" if len(set(bases.values())) > 1 else fallback,
        tuple(
            Month(month, covered[month], _days(month), float(sums[0]), float(sums[1]))
            for month, sums in sorted(months.items())
        ),
        tuple(sorted(lines, key=_by_size)),
        tuple(sorted(unmapped, key=_by_size)),
        {name: float(amount) for name, amount in apart.items()},
        (),
        tuple(_with_count(words, count) for words, count in tally.remarks.items()),
    )


def _by_size(line: BillLine) -> tuple[float, str, str, str]:
    return (-abs(line.cost), line.name, line.category, line.provider)


def _with_count(words: str, count: int) -> str:
    return words if count == 1 else f"{words} ({count:,} times)"


def _covered(tally: _Tally, factors: Mapping[str, Decimal]) -> tuple[dict[str, int], set[str]]:
    """Month to days covered, and the months in which something is charged by day or hour.

    Notes
    -----
    A day in the middle without charges is a day without charges, so a month counts from its first to its last charged
    day, and from or to its very edge when the file goes on in the month before or after. What is charged for longer
    periods counts only where nothing is charged by the day.
    """
    daily: dict[str, set[int]] = {}
    longer: dict[str, set[int]] = {}
    for source, target in ((tally.days, daily), (tally.long_days, longer)):
        for (currency, month), days in source.items():
            if currency in factors:
                target.setdefault(month, set()).update(days)
    months = {*daily, *longer}
    covered = {}
    for month in sorted(months):
        days = daily.get(month) or longer[month]
        first = 1 if month in daily and _neighbour(month, -1) in daily else min(days)
        last = _days(month) if month in daily and _neighbour(month, 1) in daily else max(days)
        covered[month] = last - first + 1
    return covered, set(daily)


def _neighbour(month: str, step: int) -> str:
    number = int(month[:4]) * 12 + int(month[5:]) - 1 + step
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _days(month: str) -> int:
    return days_in_month(int(month[:4]), int(month[5:]))


def _stretch(month: str, covered: int) -> Decimal:
    return Decimal(_days(month)) / Decimal(covered)
