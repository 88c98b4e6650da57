"""Commands about other question banks, and about taking changes back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from readiness.cli.engagements import EngagementPath, Json
from readiness.cli.offering import Who, Yes, offer, short
from readiness.cli.screen import as_json, progress, say, table


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(bank)
    app.command()(undo)


def bank(
    file: Annotated[Path, typer.Argument(help="An AWS custom lens, an Azure review checklist or an OpenSSF Scorecard result (JSON).", metavar="FILE")],
    answers: Annotated[Path | None, typer.Option(help="The answers to the lens (JSON).")] = None,
    into: Annotated[Path | None, typer.Option(help="A client's folder: take what the answers say over as claimed.")] = None,
    who: Who = "consultant",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Read another question bank: score its answers by its own rules, lint it, and map it to ours.

    Example: `readiness bank lens.json --answers answers.json --into acme`
    """
    kind = _kind(file)
    if kind == "lens":
        _lens(file, answers, into, who, yes, json)
        return
    from readiness.cross_reference import hints_from_checklist, hints_from_scorecard
    from readiness.readers.azure import read_checklist
    from readiness.readers.scorecard import read_scorecard

    hints = hints_from_scorecard(read_scorecard(file)) if kind == "scorecard" else hints_from_checklist(read_checklist(file))
    if json:
        as_json([{"practice": h.practice, "said": h.said} for h in hints])
        return
    table(("Practice", "What it says"), [(h.practice or "none of ours", h.said) for h in hints])
    say(f"{sum(h.practice is not None for h in hints)} of {len(hints)} speak about our practices. Scores are evidence to be talked about, not answers.")


def _kind(file: Path) -> str:
    """Which bank a file is, by the keys it holds near its beginning."""
    from readiness.errors import ImportFileError

    try:
        with file.open("rb") as stream:
            start = stream.read(400_000).decode("utf-8", "replace")
    except OSError as problem:
        raise ImportFileError(f"cannot be read: {problem.strerror}", file=file) from None
    if '"pillars"' in start:
        return "lens"
    if '"guid"' in start:
        return "azure"
    if '"scorecard"' in start or '"probes"' in start or '"checks"' in start:
        return "scorecard"
    return "lens"


def _lens(file: Path, answers: Path | None, into: Path | None, who: str, yes: bool, json: bool) -> None:
    from readiness.catalog import load_catalog
    from readiness.cross_reference import map_lens, read_selected
    from readiness.readers.lens import read_lens, score
    from readiness.readers.lens_lint import lint

    with progress("Reading the lens"):
        found = read_lens(file)
        findings = lint(found)
    selected = read_selected(answers) if answers else {}
    risks = score(found, selected)
    mapped = map_lens(found, selected, load_catalog(), name=found.name)
    if json:
        as_json(_lens_data(found, findings, risks, mapped))
    else:
        questions = sum(len(p.questions) for p in found.pillars)
        say(f"{found.name}: {len(found.pillars)} pillars, {questions} questions")
        for fault in found.faults:
            say(f"  tolerated: {fault}")
        for f in findings:
            say(f"  lint: {f.pillar}.{f.question}: {f.message}")
        if answers:
            table(("Risk", "Questions"), [(risk, str(count)) for risk, count in risks.lens.items()], right=(1,))
            table(("Practice", "Answer, as claimed"), [(p, g.answer or "") for p, g in mapped.answers.items()])
            for title in mapped.unmapped:
                say(f"  not mapped: {title}")
    if into is not None:
        from readiness.engagement.store import open_engagement

        opened = open_engagement(into, load_catalog())
        values = {f"answers.{p}": g.model_dump(mode="json", exclude_defaults=True) for p, g in mapped.answers.items() if p not in opened.engagement.answers}
        kept = len(mapped.answers) - len(values)
        if kept:
            say(f"{kept} questions are answered already and stay as they are.")
        offer(into, values, kind="import", who=who, yes=yes)


def _lens_data(found: Any, findings: Any, risks: Any, mapped: Any) -> dict[str, Any]:
    return {
        "name": found.name,
        "faults": list(found.faults),
        "lint": [{"pillar": f.pillar, "question": f.question, "rule": f.rule, "message": f.message} for f in findings],
        "risks": dict(risks.lens),
        "pillars": {p: dict(c) for p, c in risks.pillars.items()},
        "claimed": {p: g.answer for p, g in mapped.answers.items()},
        "unmapped": list(mapped.unmapped),
    }


def undo(engagement: EngagementPath, group: Annotated[str, typer.Argument(help="The group's name, as printed when it was accepted.", metavar="GROUP")], who: Who = "consultant") -> None:
    """Take back an import or another group of changes.

    Example: `readiness undo acme import-1a2b3c4d`
    """
    from readiness.catalog import load_catalog
    from readiness.engagement.changing import undo as take_back

    for d in take_back(engagement, load_catalog(), group, who=who):
        say(f"{d.address}: {short(d.before)} -> {short(d.after)}")
