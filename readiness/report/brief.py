"""The report in a few lines of Markdown, for a ticket or a mail."""

from __future__ import annotations

from readiness.report.blocks import Exhibit, FiguresPanel, Points, Verdict, plain
from readiness.report.document import Document
from readiness.text import escape_markdown

MOST_FINDINGS = 12


def write_brief(document: Document) -> str:
    """A summary of a document as Markdown.

    Parameters
    ----------
    document
        What all formats are made from.

    Returns
    -------
    str
        Verdict with its reasons, headline numbers, the findings of the chapters; every text escaped, so that nothing
        a client wrote becomes a link, a formula or markup.
    """
    say = escape_markdown
    lines = [f"# {say(document.title)}: {say(document.client)}" if document.client else f"# {say(document.title)}", ""]
    status = document.status.capitalize()
    lines += [f"{status}, as of {say(document.as_of)}. {say(document.brand.name)}.", ""]
    findings: list[str] = []
    for block in document.blocks:
        if isinstance(block, Verdict):
            lines += [f"**{say(block.verdict)}** for {say(block.promise)}. {say(block.sentence)}", ""]
            lines += [*(f"- {say(reason.text)}" for reason in block.reasons), ""]
        elif isinstance(block, FiguresPanel):
            lines += ["| Number | Average | Range |", "|:--|--:|--:|"]
            lines += [f"| {say(f.label)} | {say(f.value)} | {say(f.range)} |" for f in block.figures]
            lines += [""]
        elif isinstance(block, Points) and not findings:
            if block.title:
                lines += [f"**{say(block.title)}**", ""]
            lines += [*(f"- {say(plain(point))}" for point in block.points), ""]
        elif isinstance(block, Exhibit) and block.finding and not block.id.startswith("answers_"):
            findings.append(block.finding)
    if findings:
        lines += ["**Findings**", "", *(f"- {say(finding)}" for finding in findings[:MOST_FINDINGS]), ""]
    if document.brand.legal_note:
        lines += [say(document.brand.legal_note), ""]
    return "\n".join(lines)
