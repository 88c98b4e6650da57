"""A bill of any kind: looks at the file and hands it to the right reader."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from readiness.readers.bill import Bill, BillRules
from readiness.readers.focus import read_focus
from readiness.readers.handmade import read_handmade
from readiness.readers.infracost import read_infracost
from readiness.readers.opening import open_bytes


def read_bill(
    path: Path,
    rules: BillRules,
    *,
    cost: str = "auto",
    currency: str | None = None,
    rates: Mapping[str, float] | None = None,
) -> Bill:
    """Read a FOCUS file (CSV, gzip, Parquet), an Infracost breakdown or a hand-made CSV, by what stands in it.

    Parameters
    ----------
    rules
        Made by `readiness.readers.bill.read_rules`.
    cost, currency, rates
        For FOCUS: see `read_focus`.
    """
    path = Path(path)
    with open_bytes(path, limit=1 << 62) as stream:
        start = stream.peek(4096)[:4096]
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return read_infracost(path, rules)
    header = start.split(b"\n")[0].lower()
    if b"monthly_cost" in header or b"monthly cost" in header:
        return read_handmade(path, rules)
    return read_focus(path, rules, cost=cost, currency=currency, rates=rates)
