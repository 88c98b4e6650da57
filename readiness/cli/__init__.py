"""The command line: parse and call, nothing else. Exit status 0 all good, 1 the answer is no, 2 wrong input."""

from __future__ import annotations

import sys
from importlib import import_module

import typer

from readiness.errors import ReadinessError

app = typer.Typer(
    name="readiness",
    help="Score production readiness with a client, and see what each answer is worth in downtime and money.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
# One module for each group of commands; each has `register(app)`.
COMMANDS = ("engagements", "imports", "reports", "knowledge", "batch", "banks", "bills", "workshop", "deliver", "milestones")


def _register() -> None:
    for name in COMMANDS:
        import_module(f"readiness.cli.{name}").register(app)


def run(arguments: list[str] | None = None) -> None:
    """Run one command; an error that a person can mend is one sentence and status 2."""
    from readiness.cli.screen import complain

    _register()
    try:
        app(args=arguments, standalone_mode=True)
    except ReadinessError as problem:
        complain(str(problem))
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(0)
