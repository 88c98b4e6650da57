"""Commands around a meeting: workshop, prework, log, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readiness.cli.engagements import AsOf, EngagementPath, Json
from readiness.cli.screen import as_json, progress, say, table, write


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(workshop)
    app.command()(prework)
    app.command("log")(log_command)
    app.command("export")(export_command)


def workshop(
    engagement: EngagementPath,
    app: Annotated[bool, typer.Option("--app", help="Serve the notebooks as an app (Voila), code hidden.")] = False,
    port: Annotated[int, typer.Option(help="Port; any free one when 0.", min=0, max=65535)] = 0,
    address: Annotated[str, typer.Option(help="Only this computer, unless started from a JupyterHub.")] = "127.0.0.1",
    as_of: AsOf = "",
    audience: Annotated[str, typer.Option(help="Who looks at the screen: internal, client or board.")] = "client",
    copies: Annotated[Path | None, typer.Option("--in", help="Where a single file is copied to.")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser window.")] = True,
    copy_only: Annotated[bool, typer.Option("--copy-only", help="Only write the notebooks beside the engagement, to be opened in VS Code.")] = False,
) -> None:
    """Open a workshop with a client in JupyterLab, or with --app as a page.

    Example: `readiness workshop acme`
    """
    import sys
    import webbrowser

    from readiness.report.session import day, open_client
    from readiness.workshop import notebooks, serving
    from readiness.workshop.place import folder_of

    serving.refuse_elsewhere(address)
    if as_of:
        day(as_of)
    open_client(engagement)  # what cannot be read is said here, not in a browser
    folder, note = folder_of(engagement, copies=copies)
    if note:
        say(note)
    root = notebooks.copy_to(folder, as_of=as_of, audience=audience)
    if copy_only:
        say(f"Written: {root}")
        say(f"Open that folder in VS Code, choose the kernel {sys.executable}, then Run All in {notebooks.FIRST}.")
        return
    with progress("Starting") as status:
        server = serving.start(root, app=app, port=port, address=address)
        ready = () if app else serving.run_before(server, [notebooks.FIRST], progress=status)
    try:
        say(f"Open: {server.page()}")
        if browser:
            webbrowser.open(server.page())
        if not app:
            rest = [n for n in notebooks.names() if n != notebooks.FIRST]
            ready += serving.run_before(server, rest)
            late = [n for n in notebooks.names() if n not in ready]
            say(f"In {', '.join(late)} choose Run All once." if late else "All notebooks are ready; nothing has to be run by hand.")
        say("Answers are saved as they are given. End with Ctrl-C.")
        server.process.wait()
    except KeyboardInterrupt:
        say("Closed. Everything that was called Saved is on disk.")
    finally:
        server.stop()


def prework(
    engagement: EngagementPath,
    read: Annotated[Path | None, typer.Option("--read", help="A filled sheet (.xlsx) or page (.json) to take in.", metavar="FILE")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for the files; the client's own when left out.")] = None,
    who: Annotated[str, typer.Option(help="Who filled it in.")] = "",
) -> None:
    """Write what nobody knows on the spot as a spreadsheet and a page to fill in, or read one back.

    Example: `readiness prework acme` and later `readiness prework acme --read prework.xlsx --who CFO`
    """
    from readiness.workshop import Room
    from readiness.workshop.place import folder_of
    from readiness.workshop.prework import take_in, write_prework

    folder, note = folder_of(engagement)
    if note:
        say(note)
    from readiness.report.session import day

    room = Room(folder, as_of=day(""))
    if read is None:
        for made in write_prework(room, out or folder):
            say(f"Written: {made}")
        return
    taken = take_in(room, read, who=who)
    for line in taken.lines():
        say(line)
    if not taken.saved.good or taken.unfit:
        raise typer.Exit(1)


def log_command(engagement: EngagementPath, json: Json = False, last: Annotated[int, typer.Option(help="Only the last so many.", min=0)] = 0) -> None:
    """Print who answered what and when: the audit log.

    Example: `readiness log acme --last 20`
    """
    from readiness.engagement.writing import log_of

    lines, findings = log_of(engagement)
    shown = lines[-last:] if last else lines
    if json:
        as_json({"changes": [one.as_data() for one in shown], "findings": [str(f) for f in findings]})
    else:
        table(("When", "Who", "What", "Before", "After"), [(one.when, one.who, one.what, one.before, one.after) for one in shown])
        for finding in findings:
            say(str(finding))
        say(f"{len(lines)} changes.")
    if any(not f.harmless for f in findings):
        raise typer.Exit(1)


def export_command(
    engagement: Annotated[Path | None, typer.Argument(help="The client's YAML file or folder; left out with --lens.", metavar="[ENGAGEMENT]")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The file to write; printed when left out.")] = None,
    lens: Annotated[bool, typer.Option("--lens", help="Write our own questions as an AWS custom lens instead, within the console's limits.")] = False,
) -> None:
    """Fold the workshop's journal into one YAML file; comments and the order of the hand-written file survive.

    Examples: `readiness export acme --out acme.yaml`, `readiness export --lens --out lens.json`
    """
    from readiness.engagement.writing import exported, write_export
    from readiness.errors import UsageError
    from readiness.report.session import open_client

    if lens:
        text = _lens()
        if out is None:
            print(text, end="")  # noqa: T201
            return
        write(out, text)
        return
    if engagement is None:
        raise UsageError("is missing", place="ENGAGEMENT", hint="name the client to export, or write the questions as a lens with --lens")
    opened, catalog = open_client(engagement)
    if out is None:
        print(exported(opened, catalog), end="")  # noqa: T201
        return
    say(f"Written: {write_export(opened, catalog, out)}")


def _lens() -> str:
    import json

    from readiness.catalog import load_catalog
    from readiness.cross_reference import bank_as_lens
    from readiness.readers.lens_writing import write_lens

    return json.dumps(write_lens(bank_as_lens(load_catalog())), indent=1, ensure_ascii=False) + "\n"
