"""Commands about what the workbook knows: schemas for editors, the reference page, and its sentences for translators."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from readiness.cli.screen import write

SCHEMAS = ("engagement", "practice", "service", "scenario", "archetype", "profile", "report", "brand", "narrative")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(schema)
    app.command()(reference)
    app.command()(messages)


def schema(
    name: Annotated[str, typer.Argument(help=f"Which file: {', '.join(SCHEMAS)}.", metavar="NAME")] = "engagement",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write it to this file instead of the screen.")] = None,
) -> None:
    """Print the JSON Schema of a file that people write, for completion in the editor; or of the report as JSON.

    Example: `readiness schema engagement --out engagement.schema.json`
    """
    from pydantic import BaseModel

    from readiness.catalog import schema as shapes
    from readiness.engagement import Engagement
    from readiness.errors import UsageError, did_you_mean
    from readiness.report.brand import Brand
    from readiness.report.narrative import Narrative
    from readiness.report.whole import Whole

    models: dict[str, type[BaseModel]] = {
        "engagement": Engagement,
        "practice": shapes.Practice,
        "service": shapes.Service,
        "scenario": shapes.Scenario,
        "archetype": shapes.Archetype,
        "profile": shapes.Profile,
        "report": Whole,
        "brand": Brand,
        "narrative": Narrative,
    }
    if name not in models:
        raise UsageError(f'"{name}" has no schema', hint=did_you_mean(name, models) or f"schemas are {', '.join(models)}")
    text = json.dumps(models[name].model_json_schema(), indent=2, sort_keys=True) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        write(out, text, "" if name == "report" else f". First line of your YAML: # yaml-language-server: $schema={out.name}")


def reference(out: Annotated[Path | None, typer.Option("--out", "-o", help="Write it to this file instead of the screen.")] = None) -> None:
    """Write the reference of practices, services, situations and numbers as markdown.

    Example: `readiness reference --out docs/reference.md`
    """
    from readiness.catalog import load_catalog
    from readiness.reference import reference as made

    text = made(load_catalog())
    if out is None:
        typer.echo(text, nl=False)
    else:
        write(out, text)


def messages(out: Annotated[Path | None, typer.Option("--out", "-o", help="Write it to this file instead of the screen.")] = None) -> None:
    """Write every fixed sentence of the reports as a gettext template, for a translation into another language.

    Example: `readiness messages --out readiness.pot`
    """
    from io import BytesIO

    from babel.messages.pofile import write_po

    from readiness.report import messages as collected

    held = BytesIO()
    write_po(held, collected.messages(), width=120, sort_output=False, omit_header=False)
    text = held.getvalue().decode()
    if out is None:
        typer.echo(text, nl=False)
    else:
        write(out, text, "")
