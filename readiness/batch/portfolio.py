"""A folder of clients as one portfolio: opens and assesses each, and names those that could not be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from readiness.assessment.history import assess_with_history
from readiness.batch.clients import find_clients
from readiness.catalog import load_catalog
from readiness.errors import ReadinessError, UsageError
from readiness.language import use
from readiness.portfolio import Portfolio, avoidable_share, portfolio, row_of
from readiness.report.session import day, open_client


def open_portfolio(
    folder: str | Path, *, as_of: str | date = "", names: bool = True, for_client: str = "", designs: bool = False,
    progress: Callable[[int, int], None] = lambda over, of: None,
) -> Portfolio:  # fmt: skip
    """Every client of a folder, assessed on one day.

    Parameters
    ----------
    folder
        As for `readiness batch`: a folder of clients, or a pattern.
    as_of
        The day, as 2026-11-23; today when empty.
    names
        Whether clients are named.
    for_client
        Id of the one client that is named all the same.
    designs
        Whether to look for designs that would avoid downtime at no more cash or hours; about half a second a client.

    Raises
    ------
    UsageError
        When not one client could be assessed.
    """
    when, catalog = day(as_of), load_catalog()
    rows, unread = [], []
    clients = find_clients([folder])
    for over, client in enumerate(clients, start=1):
        try:
            opened, own = open_client(client.path)
            rows.append(row_of(assess_with_history(own, opened.engagement, as_of=when), avoidable=avoidable_share if designs else None))
        except ReadinessError as problem:
            unread.append((client.name, str(problem).replace(f"{client.path.parent}/", "")))
        progress(over, len(clients))
    use()  # of many clients none has the say
    if not rows:
        raise UsageError(f"not one of {len(clients)} clients could be assessed; the first: {unread[0][1]}", file=folder)
    found = portfolio(rows, as_of=when, titles={p.id: p.title for p in catalog.practices.values()}, unread=unread)
    return found if names else found.without_names(but=for_client)
