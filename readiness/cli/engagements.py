"""Commands about one client: new, check, assess, why, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readiness.cli.screen import as_json, complain, progress, say, table

AsOf = Annotated[str, typer.Option("--as-of", help="The day everything is reckoned for, as 2026-11-23; today when left out.", metavar="DATE")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
EngagementPath = Annotated[Path, typer.Argument(help="The client's YAML file or folder.", metavar="ENGAGEMENT")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(check)
    app.command()(new)
    app.command("assess")(assess_command)
    app.command()(why)
    app.command()(doctor)


def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Clients' files or folders; without any, the workbook's own data.", metavar="[FILE]...")
    ] = None,
    bank: Annotated[Path | None, typer.Option(help="Folder with practices of your own, laid over the workbook's.")] = None,
    as_of: AsOf = "",
    json: Json = False,
) -> None:
    """Check clients' files, or the workbook's own data.

    Example: `readiness check acme/engagement.yaml`
    """
    from readiness.catalog import load_catalog
    from readiness.checks import facts, problems
    from readiness.errors import ReadinessError
    from readiness.report.session import day, open_client

    failed = 0
    if files:
        for file in files:
            try:
                opened, _ = open_client(file, catalog=load_catalog(None, bank) if bank else None)
                say(f"{file}: good, {len(opened.engagement.answers)} answers, {len(opened.engagement.architecture.tiers)} tiers")
                for conflict in opened.conflicts:
                    say(f"{file}: {conflict.address} has several values and nobody has decided yet")
            except ReadinessError as problem:
                complain(str(problem))
                failed += 1
        if failed:
            raise typer.Exit(2)
        return
    with progress("Reading the data") as status:
        catalog = load_catalog(None, bank)
        found = problems(catalog, progress=status)
    counted = facts(catalog, as_of=day(as_of))
    if json:
        as_json({"problems": [str(p) for p in found], "facts": counted})
    else:
        for title, rows in counted.items():
            table((title, ""), [(k, str(v)) for k, v in rows.items()], right=(1,))
            say()
        for wrong in found:
            complain(str(wrong))
        say("The data is good." if not found else f"{len(found)} to mend.")
    if found:
        raise typer.Exit(2)


def new(
    id: Annotated[str, typer.Argument(help="Short name: lower-case letters, digits and hyphens.", metavar="ID")],
    start: Annotated[str, typer.Option("--from", help="Archetype to start from; see `readiness new --list`.", metavar="ARCHETYPE")] = "one_vm",
    folder: Annotated[Path, typer.Option("--in", help="Where to make the client's folder.")] = Path(),
    listing: Annotated[bool, typer.Option("--list", help="List the archetypes and stop.", is_eager=True)] = False,
) -> None:
    """Start a client's engagement from an archetype.

    Example: `readiness new acme --from eks_rds`
    """
    from readiness.catalog import load_catalog
    from readiness.engagement.start import start_engagement

    catalog = load_catalog()
    if listing or id == "list":
        table(("Archetype", "What it is"), [(a.id, a.what) for a in catalog.archetypes.values()])
        return
    made = start_engagement(catalog, id, start, folder)
    say(f"Made {made}. Fill in the lines marked with <-- and run: readiness assess {made.parent}")


def assess_command(engagement: EngagementPath, as_of: AsOf = "", json: Json = False) -> None:
    """Reckon one client and print the headline on one screen.

    Example: `readiness assess acme --as-of 2026-11-23`
    """
    from readiness.assessment.history import assess_with_history
    from readiness.report.session import day, open_client
    from readiness.text import Ledger

    with progress("Reckoning"):
        opened, catalog = open_client(engagement)
        a = assess_with_history(catalog, opened.engagement, as_of=day(as_of))
    if json:
        from readiness.tables import summary_json

        as_json(summary_json(a))
        return
    from readiness.wording import reason_sentence, verdict_sentence

    ledger = Ledger(a.engagement.client.currency)
    say(f"{a.engagement.client.name}, as of {a.as_of}: {a.standing.verdict.outcome}")
    say(verdict_sentence(a, ledger))
    say()
    rows = []
    for figure in list(a.figures.values())[:7]:
        b = figure.band
        rows.append((figure.title, ledger.say(b.mean, figure.unit, id=figure.id), ledger.range(b.low, b.high, figure.unit, id=figure.id), figure.id))
    table(("", "Average", "90 % range", "number"), rows, right=(1, 2))
    say()
    for reason in a.standing.verdict.reasons[:8]:
        text, tone = reason_sentence(a, reason)
        say(f"{'x' if tone == 'bad' else '!'} {text}")
    say()
    say("Why a number is what it is: readiness why ENGAGEMENT NUMBER")


def why(engagement: EngagementPath, number: Annotated[str, typer.Argument(help="A number's name, such as engage_minutes or bad_minutes_per_year.", metavar="NUMBER")],
        as_of: AsOf = "", json: Json = False) -> None:  # fmt: skip
    """Say why a number is what it is: the answers, moves and sources that made it.

    Example: `readiness why acme engage_minutes`
    """
    from readiness.assessment.history import assess_with_history
    from readiness.explain import explained
    from readiness.report.session import day, open_client

    with progress("Reckoning"):
        opened, catalog = open_client(engagement)
        explanation = explained(assess_with_history(catalog, opened.engagement, as_of=day(as_of)), number)
    if json:
        as_json(explanation.as_data())
        return
    for line in explanation.lines():
        say(line)


def doctor() -> None:
    """Look whether everything the workbook needs is here and works."""
    import platform
    import shutil
    from importlib.metadata import PackageNotFoundError, version

    from readiness.catalog import load_catalog

    rows = [("Python", platform.python_version(), "good")]
    bad = 0
    for package in ("numpy", "scipy", "pandas", "plotly", "papermill", "nbconvert", "jupyterlab", "ipywidgets", "anywidget", "typst", "xlsxwriter"):
        try:
            rows.append((package, version(package), "good"))
        except PackageNotFoundError:
            rows.append((package, "", "missing: install the workbook again"))
            bad += 1
    try:
        catalog = load_catalog()
        rows.append(("data", catalog.digest, f"good, {len(catalog.practices)} practices"))
    except Exception as problem:
        rows.append(("data", "", str(problem)))
        bad += 1
    for extra, package in (("Voila (readiness workshop --app)", "voila"), ("cluster (readiness batch --scheduler)", "distributed")):
        try:
            rows.append((extra, version(package), "good"))
        except PackageNotFoundError:
            rows.append((extra, "", "not installed; optional"))
    rows.append(("disk", f"{shutil.disk_usage('.').free / 1e9:.0f} GB free", "good"))
    table(("What", "Version", "State"), rows)
    if bad:
        raise typer.Exit(1)
