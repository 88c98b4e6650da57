"""The command that takes in a client's bill."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readiness.cli.engagements import AsOf, EngagementPath
from readiness.cli.imports import imports
from readiness.cli.offering import Who, Yes, offer
from readiness.cli.screen import progress, say, table

MOST_UNMAPPED = 12


def register(app: typer.Typer) -> None:
    """Nothing to add to ``app``: the command belongs to the group `import`."""


@imports.command()
def bill(
    engagement: EngagementPath,
    file: Annotated[Path, typer.Argument(help="FOCUS CSV (also .gz or Parquet), Infracost breakdown JSON, or a hand-made CSV.", metavar="FILE")],
    rules: Annotated[Path | None, typer.Option(help="Rules of your own that say which line is what; see data/bill_rules.yaml.")] = None,
    cost: Annotated[str, typer.Option(help="Which cost of a FOCUS file counts: auto, effective or billed.")] = "auto",
    currency: Annotated[str | None, typer.Option(help="Which currency of the file, when it holds several.")] = None,
    who: Who = "consultant",
    yes: Yes = False,
    as_of: AsOf = "",
) -> None:
    """Take in the client's bill: it replaces list prices for what it covers and calibrates the rest.

    Example: `readiness import bill acme focus-2026-10.csv`
    """
    from readiness.billing import lay_bill
    from readiness.catalog import data_folder
    from readiness.readers.bill import read_rules
    from readiness.readers.bills import read_bill
    from readiness.report.session import day, open_client
    from readiness.text import Ledger, per_cent

    with progress("Reading the bill"):
        opened, catalog = open_client(engagement)
        found = read_bill(file, read_rules(rules or data_folder() / "bill_rules.yaml", needs=set(catalog.services)), cost=cost, currency=currency)
        laid = lay_bill(found, catalog, opened.engagement, as_of=day(as_of), file=file.name)
    ledger = Ledger(opened.engagement.client.currency)
    money = lambda amount: ledger.say(amount, "money/month", id="bill")  # noqa: E731
    months = ", ".join(f"{m.month} ({m.days_covered} of {m.days} days)" if m.days else m.month for m in found.months)
    say(f"{file.name}: {money(sum(x.cost_per_month for x in laid.facts.lines))} a month, {found.basis} cost, {months or 'no months'}")
    rows = [(tier, money(billed), money(listed) if listed is not None else "not known") for tier, (billed, listed) in laid.by_tier.items()]
    rows.append(("of no tier", money(laid.rest_per_month), ""))
    table(("Tier", "Billed a month", "By list prices"), rows, right=(1, 2))
    for kind, amount in found.apart.items():
        if amount:
            say(f"kept apart: {kind} {money(amount)} over the whole bill")
    if found.unmapped:
        say(f"No rule knows {per_cent(found.unmapped_share)} of the money; it is kept, of no tier:")
        for line in found.unmapped[:MOST_UNMAPPED]:
            say(f"  {line.name}: {money(line.cost_per_month)}")
    for words in (*found.warnings, *(f"not known: {u}" for u in found.unknown)):
        say(f"! {words}")
    offer(engagement, {"bill": laid.facts.model_dump(mode="json", exclude_defaults=True)}, kind="import", who=who, yes=yes)
