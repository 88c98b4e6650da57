"""Opens one client for a notebook: checks the parameters, reads the engagement, assesses it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from readiness.assessment import Assessment
from readiness.assessment.history import assess_with_history
from readiness.assessment.plan import Roadmap, compared
from readiness.assessment.sourcing import Sourcing, shortlists, sourcing
from readiness.catalog import Catalog, load_catalog
from readiness.engagement import Opened, open_engagement
from readiness.errors import UsageError, did_you_mean
from readiness.exhibits import ahead
from readiness.exhibits.asking import worth_asking
from readiness.exhibits.basis import provenance
from readiness.exhibits.deciding import what_decides
from readiness.exhibits.designs import designs
from readiness.exhibits.exhibit import Chapter
from readiness.exhibits.extreme import extreme_event
from readiness.exhibits.frontier import frontier
from readiness.exhibits.history import last_year
from readiness.exhibits.incident import incident
from readiness.exhibits.scenarios import scenarios
from readiness.exhibits.steadiness import steadiness
from readiness.language import ENGLISH, use
from readiness.report.audience import AUDIENCES, checked, reduced_file
from readiness.report.on_screen import show_charts
from readiness.report.workings import best_designs, whole_of

__all__ = ["AUDIENCES", "PARAMETERS", "Session", "day", "open_client", "refuse_unknown", "session"]

_shortlists = ahead.maybe_ahead(shortlists)
PARAMETERS = ("engagement", "as_of", "audience", "interactive")


@dataclass(frozen=True)
class Session:
    """One client, opened, reduced to who will read it, and assessed."""

    assessment: Assessment
    opened: Opened
    audience: str
    interactive: bool

    @cached_property
    def sourcing(self) -> Sourcing:
        """Every way to run what the client runs, held against today; reckoned once for all chapters."""
        return sourcing(self.assessment, shortlisted=_shortlists(self.assessment))

    @cached_property
    def plans(self) -> tuple[Roadmap, ...]:
        """The plan for the greatest avoided loss, and the one that opens the gates of the promise first."""
        return tuple(compared(self.assessment))

    def provenance(self) -> Chapter:
        """Versions and digests of everything the report was made from; with it goes what the other formats are made of."""
        from readiness.report.brand_file import as_plain, beside, load_brand
        from readiness.report.narrative import load_narrative

        engagement, file = self.assessment.engagement, self.opened.file
        attached: dict[str, Any] = {"locale": engagement.client.locale} if engagement.client.locale != ENGLISH else {}
        if engagement.brand:
            attached["brand"] = as_plain(load_brand(beside(file, engagement.brand, "brand")))
        if engagement.narrative:
            attached["narrative"] = load_narrative(beside(file, engagement.narrative, "narrative"), self.audience)
        # What no chapter has asked for is not reckoned for the sake of the spreadsheet alone.
        plans = self.__dict__.get("plans")
        made = whole_of(self.assessment, self.sourcing, audience=self.audience, opened=self.opened, plan=plans[0] if plans else None)
        attached["whole"] = made.model_dump(mode="json")
        shown = provenance(self.assessment, content_digest=self.opened.content_digest, journal_digest=self.opened.journal_digest)
        return replace(shown, attached=attached)


def day(text: str | date | None) -> date:
    """The date a report is as of: the one place that asks for today, when nothing else is said.

    Examples
    --------
    >>> day("2026-11-23")
    datetime.date(2026, 11, 23)
    """
    if isinstance(text, date):
        return text
    if not text:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f'"{text}" is not a date', place="as_of", hint="write it as 2026-11-23") from None


def refuse_unknown(given: Iterable[str], known: Iterable[str] = PARAMETERS) -> None:
    """Say so when a parameter does not exist: stock papermill would report with the default instead.

    Raises
    ------
    UsageError
        Naming the parameter and, where one is near, the right one.
    """
    words = tuple(known)
    for name in given:
        if name not in words:
            raise UsageError(f'"{name}" is not a parameter of this notebook', place="parameters",
                             hint=did_you_mean(name, words) or f"parameters are {', '.join(words)}")  # fmt: skip


def _injected() -> list[str]:
    """Names that papermill wrote into its own cell, when this runs in a notebook that papermill parameterised."""
    import sys

    shell = sys.modules.get("IPython")
    running = shell.get_ipython() if shell else None
    cells = getattr(running, "user_ns", {}).get("In", []) if running else []
    names: list[str] = []
    for cell in cells:
        if str(cell).startswith("# Parameters\n"):
            for node in ast.parse(cell).body:
                if isinstance(node, ast.Assign):
                    names += [t.id for t in node.targets if isinstance(t, ast.Name)]
    return names


def session(
    engagement: str | Path, *, as_of: str | date = "", audience: str = "client", interactive: bool = False,
    catalog: Catalog | None = None, known: Iterable[str] = PARAMETERS,
) -> Session:  # fmt: skip
    """Open and assess a client for a notebook.

    Parameters
    ----------
    engagement
        The client's YAML file or folder.
    as_of
        The day the report is about, as 2026-11-23; today when empty.
    audience
        Who will read it: internal, client or board.
    interactive
        Whether forms and sliders may appear.

    Raises
    ------
    UsageError
        For a parameter or an audience that does not exist.
    EngagementError
        When the client's file says something that cannot be.
    """
    refuse_unknown(_injected(), known)
    checked(audience)
    if not isinstance(interactive, bool):
        raise UsageError(f"is {interactive!r}, but has to be True or False", place="interactive")
    show_charts()
    opened, found = open_client(engagement, catalog=catalog)
    opened = reduced_file(opened, audience)
    a = assess_with_history(found, opened.engagement, as_of=day(as_of))
    of_all = (steadiness, frontier, best_designs, _shortlists)
    ahead.begin(a, of_all if audience == "board" else (*of_all, designs, last_year, incident, scenarios, extreme_event, what_decides, worth_asking))
    return Session(a, opened, audience, interactive)


def open_client(path: str | Path, *, catalog: Catalog | None = None) -> tuple[Opened, Catalog]:
    """A client and the catalog it is checked against, with the bank that it names laid over it; from here on its language is spoken."""
    file = Path(path)
    found = catalog or load_catalog()
    bank = _bank_of(file)
    if bank is not None and catalog is None:
        found = load_catalog(None, bank)
    opened = open_engagement(file, found)
    use(opened.engagement.client.locale)
    return opened, found


def _bank_of(path: Path) -> Path | None:
    """The folder of the bank that an engagement names, relative to its file."""
    from readiness.engagement.store import engagement_file
    from readiness.errors import EngagementError
    from readiness.yaml_source import read_yaml

    file, _ = engagement_file(path)
    # A file in which the word never stands names none; whatever else is wrong with it is said when it is opened.
    if file.is_file() and b"bank" not in file.read_bytes():
        return None
    content: Any = read_yaml(file, EngagementError).content
    named = content.get("bank") if isinstance(content, Mapping) else None
    return (file.parent / named).resolve() if isinstance(named, str) and named else None
