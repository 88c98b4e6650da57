"""The command that makes the reports of many clients."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from readiness.cli.engagements import AsOf, Json
from readiness.cli.screen import as_json, err, say, table

MOST_ROWS = 40
MOST_OLDER = 5


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(batch)


def batch(
    clients: Annotated[
        list[str], typer.Argument(help="A folder of clients, clients' files or folders, or patterns in quotes.", metavar="FOLDER|GLOB...")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the reports; one folder inside for each client.")],
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="How many clients at once; as many as there are cores when 0.", metavar="N")] = 0,
    formats: Annotated[str, typer.Option(help="Comma-separated; see `readiness report --help`.")] = "pdf,html",
    as_of: AsOf = "",
    audience: Annotated[str, typer.Option(help="Who reads it: internal, client or board.")] = "client",
    paper: Annotated[str, typer.Option(help="a4 or us-letter.")] = "a4",
    resume: Annotated[bool, typer.Option("--resume", help="Leave alone what is done and still right.")] = False,
    only_failed: Annotated[bool, typer.Option("--only-failed", help="Run again what failed or was interrupted, and nothing else.")] = False,
    timeout: Annotated[float, typer.Option(help="Seconds for one client.", metavar="S")] = 300.0,
    memory: Annotated[int, typer.Option(help="Megabytes for one client; 0 for no limit.", metavar="MB")] = 2048,
    max_failures: Annotated[int, typer.Option(help="Stop after so many failures; never when 0.", metavar="N")] = 0,
    scheduler: Annotated[str, typer.Option(help="Address of a dask.distributed scheduler, such as tcp://10.0.0.5:8786.", metavar="ADDRESS")] = "",
    notebook: Annotated[Path | None, typer.Option(help="A report notebook of your own, with the same parameters.")] = None,
    json: Json = False,
) -> None:
    """Make the reports of many clients, each in a process of its own.

    Exit status: 0 all good, 1 some failed, 2 wrong input or nothing ran, 3 stopped by --max-failures, 130 interrupted.

    Example: `readiness batch clients --out reports --resume`
    """
    from readiness.batch.clients import find_clients
    from readiness.batch.progress import Bar, Lines
    from readiness.batch.runner import Options, run_batch
    from readiness.batch.summary import of_others, plain, rows_for_screen, sentence, write_summary
    from readiness.report.session import day

    if resume and only_failed:
        raise typer.BadParameter("--resume and --only-failed cannot go together")
    interrupt_when_ended()
    options = Options(
        day(as_of), tuple(f.strip() for f in formats.split(",") if f.strip()), audience, paper, notebook, jobs, resume, only_failed,
        timeout, memory, max_failures, scheduler,
    )  # fmt: skip
    results = run_batch(find_clients(clients), out, options, Bar(err) if err.is_terminal else Lines(err))
    files = write_summary(out, results)
    if json:
        as_json(plain(results))
    else:
        rows = rows_for_screen(results)
        table(("Client", "State", ""), rows[:MOST_ROWS])
        if len(rows) > MOST_ROWS:
            say(f"and {len(rows) - MOST_ROWS} more in {files[0]}")
        say()
        older = of_others(out, results)
        if older:
            named = f"{', '.join(older[:MOST_OLDER])}{' and more' if len(older) > MOST_OLDER else ''}"
            say(f"Not of this batch, and left as they were: {named}. Take them away if these clients have gone or have another name now.")
        say(f"{sentence(results)}, in {results.seconds:.0f} s. Summary: {files[2]}")
    raise typer.Exit(results.exit_status)


def interrupt_when_ended() -> None:
    """A polite end (SIGTERM, a closed terminal) is an interrupt: children are ended and the summary is written."""
    import signal

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):
        if os.name == "posix" or name == "SIGTERM":
            signal.signal(getattr(signal, name), interrupt)
