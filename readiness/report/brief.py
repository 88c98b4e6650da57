"""The report in a few lines of Markdown, for a ticket or a mail."""

from __future__ import annotations

import re

from readiness.language import N_, tr
from readiness.report.blocks import Definitions, Exhibit, FiguresPanel, Heading, Verdict, plain
from readiness.report.document import Document
from readiness.report.words import WORDS

MOST_FINDINGS = 12
# What stands behind this word is for who looks things up.
APPENDIX = N_("Appendix")
# What begins emphasis, code, a link, a tag, mathematics, a table cell, a character reference or a name to be told.
_MARKS = re.compile(r"([\\`*_\[\]<>#|~$&@!])")
# What GitHub and others turn into a link by themselves.
_LINK = re.compile(r"(?i)\b(https?|ftp|mailto)(:)|\b(www)(\.)")
# What makes a line a heading, a list, a quotation or a rule.
_START = re.compile(r"^(\d+)([.)])(?=\s)|^([-+=])")


def said(text: str) -> str:
    """Text for Markdown as it is read in tickets and mails: nothing in it is a mark, and it stays readable as it is.

    Examples
    --------
    >>> print(said("99.9 % of *all* [links](http://x)"))
    99.9 % of \\*all\\* \\[links\\](http\\://x)
    """
    flat = _MARKS.sub(r"\\\1", " ".join(text.split(" ")).replace("\n", " ").replace("\t", " "))
    flat = _LINK.sub(lambda found: f"{found[1] or found[3]}\\{found[2] or found[4]}", flat)
    return _START.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", flat)


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
    say = said
    lines = [f"# {say(document.title)}: {say(document.client)}" if document.client else f"# {say(document.title)}", ""]
    status = WORDS[document.status]
    lines += [tr("{status}, as of {as_of}. {brand}.", status=status, as_of=say(document.as_of), brand=say(document.brand.name)), ""]
    findings: list[str] = []
    for block in document.blocks:
        if isinstance(block, Verdict):
            lines += [tr("**{verdict}** for {promise}. {sentence}", verdict=say(WORDS[block.verdict]), promise=say(block.promise), sentence=say(block.sentence)), ""]
            lines += [*(f"- {say(reason.text)}" for reason in block.reasons), ""]
        elif isinstance(block, FiguresPanel):
            lines += [tr("| Number | Average | Range |"), "|:--|--:|--:|"]
            lines += [f"| {say(f.label)} | {say(f.value)} | {say(f.range)} |" for f in block.figures]
            lines += [""]
        elif isinstance(block, Definitions) and not findings:
            lines += [*(f"- **{say(term)}**: {say(plain(meaning))}" for term, meaning in block.terms), ""]
        elif isinstance(block, Heading) and block.text.startswith(tr(APPENDIX)):
            break
        elif isinstance(block, Exhibit) and block.finding and not block.id.startswith("answers_"):
            findings.append(block.finding)
    if findings:
        lines += ["**" + tr("Findings") + "**", "", *(f"- {say(finding)}" for finding in findings[:MOST_FINDINGS]), ""]
    if document.brand.legal_note:
        lines += [say(document.brand.legal_note), ""]
    return "\n".join(lines)
